/* The search: from the options as given, one change at a time, each kept only if the folds say so.
 * SPDX-License-Identifier: MIT */
#include "pipeline/tune.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/rng.h"
#include "pipeline/train.h"
#include "pipeline/tune_changes.h"

/* Ladders around the best costs of vectors whose blocks have length 1. */
static const double solver_costs[] = {0.03125, 0.0625, 0.125, 0.25, 0.5, 1, 2, 4};
static const double joint_costs[] = {0.03125, 0.125, 0.5}; /* and at the end those beside the best */
#define COSTS_MAX (sizeof solver_costs / sizeof *solver_costs)
#define ROWS_MAX 20000   /* of larger corpora a sample is tuned on */
#define JOINT_ROWS_MAX 8000 /* the joint learner's trials are dear */
#define TRIALS_VERSION UINT64_C(3) /* to be raised when the same trial gets another figure: older logs are then not believed */
#define SHIFT_GAIN 1e-3  /* shifted labels cost calibration: they must earn it */
#define GAIN_MIN 2e-3    /* a change must be worth more than this: many are tried, and one will look good by chance */

/* A set of options, costs, and the figures of both. */
typedef struct stage {
    qs_train_options options;
    double costs[COSTS_MAX];
    size_t cost_count;
    qs_tune_figure *figures;
    size_t count;
} stage;

typedef struct search {
    qs_tune_set set;
    qs_tune_facts facts;
    qs_arena arena;
    qs_train_options best;
    const char *decide_by; /* where shifts do not pay */
    bool decided;          /* by the caller: no shifts are tried */
    double best_figure;
    stage best_stage;
    qs_arena *tuned; /* what the chosen options point to */
    qs_buf *trials;
    qs_tune_log log;
    double start;
} search;

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static bool is_apart(const stage *g)
{
    return g->count != g->cost_count;
}

/* The figure that stands for the stage. */
static size_t chief(const stage *g)
{
    return is_apart(g) ? g->count - 1 : qs_tune_best(g->figures, g->count);
}

/* What figure `number` is of, on one line. */
static void describe(qs_buf *line, const search *s, const stage *g, size_t number)
{
    qs_tune_describe(line, &g->options);
    if (is_apart(g) && number + 1 < g->count) {
        const qs_str name = s->set.heads[number / g->cost_count].name;
        qs_buf_add_text(line, " head ");
        for (size_t i = 0; i < name.len; i++)
            qs_buf_add_char(line, (unsigned char)name.ptr[i] < ' ' ? ' ' : name.ptr[i]);
    }
    if (is_apart(g) && number + 1 == g->count) {
        qs_buf_add_text(line, " C of each head");
        return;
    }
    qs_buf_add_text(line, " C ");
    qs_buf_add_double(line, g->costs[number % g->cost_count]);
}

/* One line about a trial: what was tried and what came of it. */
static void tell(search *s, const char *start, const stage *g, size_t number)
{
    qs_buf line = {0};
    const qs_tune_figure *figure = &g->figures[number];
    qs_buf_add_text(&line, start);
    describe(&line, s, g, number);
    qs_buf_addf(&line, ": %s ", qs_metric_name(s->set.metric));
    qs_buf_add_fixed(&line, figure->plain, 4);
    if (!(figure->shifted < 0)) {
        qs_buf_add_text(&line, ", shifted ");
        qs_buf_add_fixed(&line, figure->shifted, 4);
    }
    qs_remark(&g->options.remarks, "tuning: %.*s", (int)line.len, line.ptr == NULL ? "" : line.ptr);
    qs_buf_add_char(&line, '\n');
    qs_buf_add_str(s->trials, qs_buf_view(&line));
    s->trials->failed |= line.failed; /* the model tells all trials, or there is no model */
    qs_buf_free(&line);
}

static bool shift_pays(const qs_tune_figure *figure)
{
    return figure->shifted > figure->plain + SHIFT_GAIN;
}

double qs_tune_reached(const qs_tune_figure *figure)
{
    return shift_pays(figure) ? figure->shifted : figure->plain;
}

/* Notes the best cost of each head as the options have it: "NAME=C". */
static qs_status note_costs(search *s, const stage *g, qs_train_options *o, qs_error *err)
{
    const size_t heads = s->set.head_count;
    const char **costs = qs_arena_alloc(s->tuned, heads, sizeof *costs);
    qs_status status = costs == NULL ? qs_fail(err, QS_ENOMEM, "out of memory") : QS_OK;
    for (size_t h = 0; h < heads && status == QS_OK; h++) {
        qs_buf text = {0};
        const size_t best = qs_tune_best(g->figures + h * g->cost_count, g->cost_count);
        qs_buf_add_str(&text, s->set.heads[h].name);
        qs_buf_add_char(&text, '=');
        qs_buf_add_double(&text, g->costs[best]);
        status = qs_buf_status(&text, err);
        costs[h] = status == QS_OK ? qs_arena_copy(s->tuned, qs_buf_view(&text)).ptr : NULL;
        if (status == QS_OK && costs[h] == NULL)
            status = qs_fail(err, QS_ENOMEM, "out of memory");
        qs_buf_free(&text);
    }
    o->head_costs = costs;
    o->head_cost_count = heads;
    return status;
}

/* The stage becomes the best one if it is. */
static qs_status consider(search *s, const stage *g, qs_error *err)
{
    const size_t number = chief(g);
    const qs_tune_figure *figure = &g->figures[number];
    if (!(qs_tune_reached(figure) > s->best_figure + GAIN_MIN))
        return QS_OK;
    s->best_figure = qs_tune_reached(figure);
    s->best = g->options;
    s->best.decide_by = shift_pays(figure) ? qs_metric_name(s->set.metric) : s->decide_by;
    s->best_stage = *g;
    if (is_apart(g))
        return note_costs(s, g, &s->best, err);
    s->best.c = g->costs[number];
    return QS_OK;
}

/* Trials that the log knows are taken from there, the others made. */
static qs_status run_trials(search *s, stage *g, qs_error *err)
{
    bool known = s->log.path != NULL;
    qs_buf *lines = qs_alloc_zero(g->count, sizeof *lines);
    qs_status status = lines == NULL ? qs_fail(err, QS_ENOMEM, "out of memory") : QS_OK;
    for (size_t k = 0; k < g->count && status == QS_OK; k++) {
        describe(&lines[k], s, g, k);
        status = qs_buf_status(&lines[k], err);
        known = known && status == QS_OK && qs_tune_log_find(&s->log, qs_buf_view(&lines[k]), &g->figures[k]);
    }
    if (!known && status == QS_OK)
        status = qs_tune_round(g->figures, g->costs, g->cost_count, &s->set, &g->options, err);
    for (size_t k = 0; k < g->count && status == QS_OK && !known; k++)
        status = qs_tune_log_add(&s->log, qs_buf_view(&lines[k]), &g->figures[k], err);
    for (size_t k = 0; k < g->count && s->decided; k++)
        g->figures[k].shifted = -1;
    for (size_t k = 0; lines != NULL && k < g->count; k++)
        qs_buf_free(&lines[k]);
    qs_free(lines);
    return status;
}

/* Which costs of the joint learner a round tries; those of the other learners are all tried in each. */
typedef enum cost_reach { REACH_LADDER, REACH_BEST, REACH_AROUND, REACH_BESIDE } cost_reach;

static size_t plan_costs(double *costs, const search *s, const qs_train_options *trial, cost_reach reach)
{
    const bool joint = trial->learner == QS_LEARNER_JOINT;
    const double *ladder = joint ? joint_costs : solver_costs;
    const size_t steps = joint ? sizeof joint_costs / sizeof *joint_costs : COSTS_MAX;
    size_t count = 0;
    for (size_t k = 0; k < steps && (!joint || reach == REACH_LADDER); k++)
        costs[count++] = ladder[k];
    if (count > 0)
        return count;
    if (reach != REACH_BEST)
        costs[count++] = s->best.c / 2;
    if (reach != REACH_BESIDE)
        costs[count++] = s->best.c;
    if (reach != REACH_BEST)
        costs[count++] = s->best.c * 2;
    return count;
}

static qs_status try_costs(search *s, stage *g, qs_error *err)
{
    g->count = qs_tune_figure_count(&s->set, &g->options, g->cost_count);
    g->figures = qs_arena_alloc(&s->arena, g->count, sizeof *g->figures);
    if (g->figures == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    const qs_status status = run_trials(s, g, err);
    for (size_t k = 0; status == QS_OK && k < g->count; k++)
        if (!(g->figures[k].plain < 0))
            tell(s, "", g, k);
    return status == QS_OK ? consider(s, g, err) : status;
}

/* One change to the best so far. */
static qs_status try_change(search *s, size_t number, qs_error *err)
{
    stage g = {.options = s->best};
    if (!qs_tune_change(number, &s->facts, &g.options))
        return QS_OK;
    g.cost_count = plan_costs(g.costs, s, &g.options, number == 0                  ? REACH_LADDER
                                                      : qs_tune_moves_cost(number) ? REACH_AROUND
                                                                                   : REACH_BEST);
    return try_costs(s, &g, err);
}

/* The joint learner's costs beside the best. */
static qs_status refine_cost(search *s, qs_error *err)
{
    stage g = {.options = s->best};
    if (s->best.learner != QS_LEARNER_JOINT)
        return QS_OK;
    g.cost_count = plan_costs(g.costs, s, &g.options, REACH_BESIDE);
    return try_costs(s, &g, err);
}

/* What was chosen; of heads that were learnt apart, head by head first. */
static void tell_best(search *s)
{
    stage *g = &s->best_stage;
    if (g->figures == NULL)
        return;
    for (size_t h = 0; is_apart(g) && h < s->set.head_count; h++)
        tell(s, "chosen: ", g, h * g->cost_count + qs_tune_best(g->figures + h * g->cost_count, g->cost_count));
    const size_t number = chief(g);
    const bool shifted = shift_pays(&g->figures[number]);
    g->figures[number] = (qs_tune_figure){s->best_figure, -1};
    tell(s, shifted ? "chosen: shifted " : "chosen: ", g, number);
}

static qs_status check(search *s, const qs_train_options *options, qs_error *err)
{
    s->set.metric = qs_metric_find(qs_str_of(options->tune_metric));
    if (s->set.metric != QS_METRIC_MACRO_F1 && s->set.metric != QS_METRIC_F_AVG &&
        s->set.metric != QS_METRIC_ACCURACY)
        return qs_fail(err, QS_EUSAGE, "tuning goes by macro_f1, f_avg or accuracy");
    if (options->kernel != QS_KERNEL_LINEAR)
        return qs_fail(err, QS_EUSAGE, "tuning is for the linear kernel");
    if (options->nu > 0)
        return qs_fail(err, QS_EUSAGE, "tuning chooses a cost, so it has no use for nu");
    if (options->tune_folds < 2)
        return qs_fail(err, QS_EUSAGE, "tuning needs at least 2 folds");
    if (options->head_cost_count > 0)
        return qs_fail(err, QS_EUSAGE, "tuning chooses the cost of each head itself: leave out the costs by hand");
    return QS_OK;
}

/* Stands for everything that the figures depend on beside the options of a trial. */
static uint64_t identify(const qs_tune_set *set, const qs_train_options *options)
{
    const double others[] = {options->use_context, options->evidence, options->class_presence};
    uint64_t hash = options->seed ^ TRIALS_VERSION;
    hash = XXH3_64bits_withSeed(others, sizeof others, hash);
    if (options->word_classes != NULL)
        hash = XXH3_64bits_withSeed(options->word_classes, strlen(options->word_classes), hash);
    hash = XXH3_64bits_withSeed(&set->fold_count, sizeof set->fold_count, hash);
    hash = XXH3_64bits_withSeed(&set->metric, sizeof set->metric, hash);
    for (size_t h = 0; h < set->head_count; h++) {
        const qs_head_plan *head = &set->heads[h];
        hash = XXH3_64bits_withSeed(head->name.ptr, head->name.len, hash);
        hash = XXH3_64bits_withSeed(head->row_labels, head->row_count * sizeof *head->row_labels, hash);
        hash = XXH3_64bits_withSeed(set->folds[h], head->row_count * sizeof **set->folds, hash);
    }
    for (size_t i = 0; i < set->count; i++) {
        const qs_item *item = &set->dataset->items[set->rows[i]];
        for (size_t f = 0; f < QS_FIELDS; f++)
            if (item->field[f].len > 0)
                hash = XXH3_64bits_withSeed(item->field[f].ptr, item->field[f].len, hash + f);
    }
    return hash;
}

/* Of a large corpus every so many rows, drawn by the seed. */
static qs_status take_sample(search *s, const uint32_t *rows, size_t count, const qs_train_options *options,
                             qs_error *err)
{
    qs_rng rng = qs_rng_make(options->seed);
    uint32_t *sample = qs_arena_alloc(&s->arena, count, sizeof *sample);
    size_t taken = 0;
    if (sample == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    const size_t most = s->best.learner == QS_LEARNER_JOINT ? JOINT_ROWS_MAX : ROWS_MAX;
    for (size_t i = 0; i < count; i++)
        if (count <= most || qs_rng_below(&rng, count - i) < most - taken)
            sample[taken++] = rows[i];
    if (taken < count)
        qs_remark(&options->remarks, "tuning: by a sample of %zu of the %zu rows", taken, count);
    s->set.rows = sample;
    s->set.count = taken;
    return QS_OK;
}

static qs_status prepare(search *s, const uint32_t *rows, size_t count, const qs_train_options *options, qs_error *err)
{
    qs_head_plan *heads = NULL;
    uint32_t **folds = NULL;
    qs_status status = check(s, options, err);
    if (status == QS_OK)
        status = take_sample(s, rows, count, options, err);
    if (status == QS_OK)
        status = qs_heads_find(&heads, &s->set.head_count, &s->arena, s->set.dataset, s->set.rows, s->set.count,
                               options, err);
    s->set.heads = heads;
    if (status == QS_OK)
        status = qs_heads_fold(&folds, &s->arena, heads, s->set.head_count, s->set.dataset, s->set.rows,
                               options->tune_folds, options->seed, err);
    s->set.folds = folds;
    if (status != QS_OK)
        return status;
    s->facts.mentions = qs_train_targets_mentioned(s->set.dataset, s->set.rows, s->set.count);
    s->best.target_fields = s->best.target_fields ||
                            (!options->keep_target_fields && !options->per_target && s->facts.mentions);
    s->best.keep_target_fields = true;
    s->best.word_parts = s->best.word_parts || (s->best.learner == QS_LEARNER_JOINT && !options->keep_word_parts &&
                                                !options->chars_in_words && options->char_max > 0);
    s->best.keep_word_parts = true;
    if (s->best.learner == QS_LEARNER_JOINT && !(s->best.char_weight > 0))
        s->best.char_weight = 1;
    s->best.odds = s->best.odds || (s->best.learner == QS_LEARNER_JOINT && !options->weight_given && !options->presence);
    s->facts.targets = options->per_target && s->set.head_count > 1;
    return qs_tune_log_open(&s->log, options->tune_log, identify(&s->set, options), err);
}

qs_status qs_tune(qs_train_options *tuned, qs_arena *arena, qs_buf *trials, const qs_dataset *dataset, const uint32_t *rows,
                  size_t count, const qs_train_options *options, qs_error *err)
{
    search s = {.set = {.dataset = dataset, .fold_count = options->tune_folds},
                .best = *options,
                .decide_by = options->decide_by == NULL ? "none" : options->decide_by,
                .decided = options->decide_by != NULL,
                .best_figure = -1,
                .tuned = arena,
                .trials = trials,
                .start = seconds_now()};
    if (s.best.learner == QS_LEARNER_AUTO)
        s.best.learner = QS_LEARNER_JOINT;
    qs_status status = prepare(&s, rows, count, options, err);
    for (size_t i = 0; status == QS_OK && i < qs_tune_change_count(); i++) {
        if (i > 0 && options->tune_seconds > 0 && seconds_now() - s.start > options->tune_seconds) {
            qs_remark(&options->remarks, "tuning: stopped for lack of time after %zu of %zu rounds", i,
                      qs_tune_change_count());
            break;
        }
        status = try_change(&s, i, err);
    }
    if (status == QS_OK && !(options->tune_seconds > 0 && seconds_now() - s.start > options->tune_seconds))
        status = refine_cost(&s, err);
    if (status == QS_OK) {
        tell_best(&s);
        status = qs_buf_status(trials, err);
    }
    *tuned = s.best;
    tuned->weight_given = true;
    tuned->tune = false;
    qs_tune_log_close(&s.log);
    qs_arena_free(&s.arena);
    return status;
}
