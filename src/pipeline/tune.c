/* The search: from the options as given, one change at a time, each kept only if the folds say so.
 * SPDX-License-Identifier: MIT */
#include "pipeline/tune.h"

#include <time.h>

#include "features/target.h"

/* A ladder of factors of two around the best costs of vectors whose blocks have length 1. */
static const double costs[] = {0.03125, 0.0625, 0.125, 0.25, 0.5, 1, 2, 4};
#define COSTS (sizeof costs / sizeof *costs)

typedef struct search {
    qs_tune_set set;
    qs_arena arena;
    qs_train_options best;
    double best_figure;
    bool mentions; /* at least half the rows mention their target */
    qs_buf *trials;
} search;

/* A change of the options that may help: true if it changes anything here. */
typedef bool (*change)(const search *s, qs_train_options *o);

static bool change_nothing(const search *s, qs_train_options *o)
{
    (void)s;
    (void)o;
    return true;
}

static bool keep_chars_in_words(const search *s, qs_train_options *o)
{
    (void)s;
    if (o->chars_in_words || o->char_max == 0)
        return false;
    o->chars_in_words = true;
    return true;
}

static bool shorten_word_ngrams(const search *s, qs_train_options *o)
{
    (void)s;
    if (o->word_max < 3 || o->word_min > 2)
        return false;
    o->word_max = 2;
    return true;
}

static bool look_around_target(const search *s, qs_train_options *o)
{
    if (o->target_fields || !s->mentions)
        return false;
    o->target_fields = true;
    return true;
}

static bool switch_weighting(const search *s, qs_train_options *o)
{
    (void)s;
    o->presence = !o->presence;
    return true;
}

static bool keep_rare_ngrams(const search *s, qs_train_options *o)
{
    (void)s;
    if (o->min_df < 2)
        return false;
    o->min_df = 1;
    return true;
}

static bool mark_negation(const search *s, qs_train_options *o)
{
    (void)s;
    if (o->negation)
        return false;
    o->negation = true;
    return true;
}

static bool switch_class_weights(const search *s, qs_train_options *o)
{
    (void)s;
    const bool none = o->class_weight == NULL || strcmp(o->class_weight, "none") == 0;
    o->class_weight = none ? "balanced" : "none";
    return true;
}

static const change changes[] = {change_nothing,     keep_chars_in_words, shorten_word_ngrams,
                                 look_around_target, switch_weighting,    keep_rare_ngrams,
                                 mark_negation,      switch_class_weights};

/* One line about a trial: what was tried and what came of it. */
static void tell(search *s, const qs_train_options *o, double cost, double figure)
{
    qs_buf line = {0};
    qs_buf_addf(&line, "words %u-%u chars %u-%u%s%s%s%s min_df %u class weights %s C ", o->word_min,
                o->word_max, o->char_min, o->char_max, o->chars_in_words ? " in words" : "",
                o->presence ? " presence" : " tfidf", o->target_fields ? " target fields" : "",
                o->negation ? " negation" : "", o->min_df,
                o->class_weight == NULL ? "none" : o->class_weight);
    qs_buf_add_double(&line, cost);
    qs_buf_addf(&line, ": %s ", qs_metric_name(s->set.metric));
    qs_buf_add_fixed(&line, figure, 4);
    qs_remark(&o->remarks, "tuning: %.*s", (int)line.len, line.ptr == NULL ? "" : line.ptr);
    qs_buf_add_char(&line, '\n');
    qs_buf_add_str(s->trials, qs_buf_view(&line));
    qs_buf_free(&line);
}

static qs_status try_change(search *s, change make, qs_error *err)
{
    qs_train_options trial = s->best;
    double figures[COSTS];
    if (!make(s, &trial))
        return QS_OK;
    const qs_status status = qs_tune_round(figures, costs, COSTS, &s->set, &trial, err);
    for (size_t k = 0; status == QS_OK && k < COSTS; k++) {
        if (!(figures[k] < 0))
            tell(s, &trial, costs[k], figures[k]);
        if (!(figures[k] > s->best_figure))
            continue;
        s->best_figure = figures[k];
        s->best = trial;
        s->best.c = costs[k];
    }
    return status;
}

static qs_status assign_folds(search *s, const qs_train_options *options, qs_error *err)
{
    uint32_t **folds = qs_arena_alloc(&s->arena, s->set.head_count, sizeof *folds);
    qs_status status = folds == NULL ? qs_fail(err, QS_ENOMEM, "out of memory") : QS_OK;
    for (size_t h = 0; status == QS_OK && h < s->set.head_count; h++) {
        const qs_head_plan *head = &s->set.heads[h];
        qs_str *labels = qs_arena_alloc(&s->arena, head->row_count, sizeof *labels);
        qs_str *groups = qs_arena_alloc(&s->arena, head->row_count, sizeof *groups);
        folds[h] = qs_arena_alloc(&s->arena, head->row_count, sizeof *folds[h]);
        if (labels == NULL || groups == NULL || folds[h] == NULL)
            return qs_fail(err, QS_ENOMEM, "out of memory");
        for (size_t i = 0; i < head->row_count; i++) {
            labels[i] = head->labels[head->row_labels[i]];
            groups[i] = s->set.dataset->rows[s->set.rows[head->rows[i]]].group;
        }
        status = qs_folds_assign(folds[h], labels, groups, head->row_count, options->tune_folds,
                                 options->seed, err);
    }
    s->set.folds = folds;
    return status;
}

static bool targets_are_mentioned(const qs_tune_set *set)
{
    size_t mentions = 0;
    for (size_t i = 0; i < set->count; i++) {
        qs_item item = set->dataset->items[set->rows[i]];
        mentions += qs_item_locate(&item, set->dataset->rows[set->rows[i]].target);
    }
    return mentions * 2 >= set->count;
}

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static qs_status check(search *s, const qs_train_options *options, qs_error *err)
{
    s->set.metric = qs_metric_find(qs_str_of(options->tune_metric));
    if (s->set.metric != QS_METRIC_MACRO_F1 && s->set.metric != QS_METRIC_F_AVG &&
        s->set.metric != QS_METRIC_ACCURACY)
        return qs_fail(err, QS_EUSAGE, "tuning goes by macro_f1, f_avg or accuracy");
    if (options->kernel != QS_KERNEL_LINEAR)
        return qs_fail(err, QS_EUSAGE, "tuning is for the linear kernel");
    if (options->tune_folds < 2)
        return qs_fail(err, QS_EUSAGE, "tuning needs at least 2 folds");
    return QS_OK;
}

qs_status qs_tune(qs_train_options *tuned, qs_buf *trials, const qs_dataset *dataset,
                  const uint32_t *rows, size_t count, const qs_train_options *options, qs_error *err)
{
    search s = {.set = {.dataset = dataset, .rows = rows, .count = count, .fold_count = options->tune_folds},
                .best = *options,
                .best_figure = -1,
                .trials = trials};
    const double start = seconds_now();
    qs_head_plan *heads = NULL;
    qs_status status = check(&s, options, err);
    if (status == QS_OK)
        status = qs_heads_find(&heads, &s.set.head_count, &s.arena, dataset, rows, count, options, err);
    s.set.heads = heads;
    if (status == QS_OK)
        status = assign_folds(&s, options, err);
    s.mentions = targets_are_mentioned(&s.set);
    for (size_t i = 0; status == QS_OK && i < sizeof changes / sizeof *changes; i++) {
        if (i > 0 && options->tune_seconds > 0 && seconds_now() - start > options->tune_seconds) {
            qs_remark(&options->remarks, "tuning: stopped for lack of time after %zu of %zu rounds", i,
                      sizeof changes / sizeof *changes);
            break;
        }
        status = try_change(&s, changes[i], err);
    }
    if (status == QS_OK)
        status = qs_buf_status(trials, err);
    if (status == QS_OK) {
        qs_buf_add_text(trials, "chosen: ");
        tell(&s, &s.best, s.best.c, s.best_figure);
    }
    *tuned = s.best;
    tuned->tune = false;
    qs_arena_free(&s.arena);
    return status;
}
