/* Coordinate search over a grid of shifts of log probabilities, one for each label. SPDX-License-Identifier: MIT */
#include "pipeline/decide.h"

#include <math.h>

#include "base/map.h"
#include "evaluation/tally.h"
#include "model/posterior.h"
#include "model/predict.h"
#include "pipeline/calibrate.h"

#define LABELS_MAX QS_POSTERIOR_LABELS /* corpora with more labels are left as they are */
#define STEPS 12       /* on either side of 0 */
#define STEP 0.1       /* of log probability */
#define ROUNDS 2
#define GAIN_MIN 5e-4  /* smaller gains are noise */
#define ALL_FOLDS UINT32_MAX
#define UNIT 1000000   /* a row, in the tally */

/* All rows of all heads, labels numbered across heads. */
typedef struct sample {
    const qs_decide_set *set;
    qs_arena arena;
    qs_map names;
    uint32_t **numbers; /* per head: number of each of its labels */
    uint32_t *truth;    /* of one head */
    qs_posterior *posteriors; /* per head, fitted without the fold at work */
    double **logs;      /* per head: log probabilities of each row and label by them, or NULL */
    qs_tally tally;
} sample;

static bool is_word(qs_str text, const char *word)
{
    bool same = text.len == strlen(word);
    for (size_t i = 0; same && i < text.len; i++)
        same = (text.ptr[i] | 32) == word[i];
    return same;
}

static void close_sample(sample *s)
{
    qs_tally_free(&s->tally);
    qs_map_free(&s->names);
    qs_arena_free(&s->arena);
}

static qs_status open_head(sample *s, size_t h, qs_error *err)
{
    const qs_head_plan *head = &s->set->heads[h];
    qs_status status = QS_OK;
    s->numbers[h] = qs_arena_alloc(&s->arena, head->label_count, sizeof *s->numbers[h]);
    if (s->set->scores[h] != NULL)
        s->logs[h] = qs_arena_alloc(&s->arena, head->row_count, head->label_count * sizeof **s->logs);
    if (s->numbers[h] == NULL || (s->set->scores[h] != NULL && s->logs[h] == NULL))
        return qs_fail(err, QS_ENOMEM, "out of memory");
    for (size_t l = 0; l < head->label_count && status == QS_OK; l++)
        status = qs_map_intern(&s->names, head->labels[l], &s->numbers[h][l], err);
    return status;
}

static qs_status open_sample(sample *s, const qs_decide_set *set, qs_error *err)
{
    qs_status status = QS_OK;
    size_t longest = 0;
    *s = (sample){.set = set};
    for (size_t h = 0; h < set->head_count; h++)
        longest = set->heads[h].row_count > longest ? set->heads[h].row_count : longest;
    s->numbers = qs_arena_alloc(&s->arena, set->head_count, sizeof *s->numbers);
    s->logs = qs_arena_alloc(&s->arena, set->head_count, sizeof *s->logs);
    s->posteriors = qs_arena_alloc(&s->arena, set->head_count, sizeof *s->posteriors);
    s->truth = qs_arena_alloc(&s->arena, longest, sizeof *s->truth);
    if (s->numbers == NULL || s->logs == NULL || s->posteriors == NULL || s->truth == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    for (size_t h = 0; h < set->head_count && status == QS_OK; h++)
        status = open_head(s, h, err);
    if (status == QS_OK)
        status = qs_tally_make(&s->tally, (uint32_t)s->names.count, err);
    for (uint32_t l = 0; l < s->names.count && status == QS_OK; l++) {
        if (is_word(s->names.keys[l], "favor"))
            s->tally.favor = l;
        else if (is_word(s->names.keys[l], "against"))
            s->tally.against = l;
    }
    return status;
}

/* Log probabilities of all rows by what the rows outside `fold` say. The targets of a corpus have labels at rates of their own:
 * on this scale one shift serves them all. */
static void weigh_rows(sample *s, uint32_t fold)
{
    for (size_t h = 0; h < s->set->head_count; h++) {
        const qs_head_plan *head = &s->set->heads[h];
        const size_t labels = head->label_count;
        if (s->logs[h] == NULL)
            continue;
        for (size_t i = 0; i < head->row_count; i++)
            s->truth[i] = fold != ALL_FOLDS && s->set->folds[h][i] == fold ? UINT32_MAX : head->row_labels[i];
        s->posteriors[h] = qs_posterior_fit(s->set->scores[h], s->truth, head->row_count, labels);
        for (size_t i = 0; i < head->row_count; i++)
            qs_posterior_logs(&s->posteriors[h], s->set->scores[h] + i * labels, s->logs[h] + i * labels);
    }
}

static size_t choose(const double *scores, const double *shifts, const uint32_t *numbers, size_t labels)
{
    size_t best = 0;
    for (size_t l = 1; l < labels; l++)
        if (scores[l] + shifts[numbers[l]] > scores[best] + shifts[numbers[best]])
            best = l;
    return best;
}

/* Adds the rows outside `fold`, labelled by shifted log probabilities. Half of each row counts as its label, half as its
 * probabilities say: what is best for these is far less a matter of chance. */
static void add_seen(sample *s, uint32_t fold, const double *shifts)
{
    for (size_t h = 0; h < s->set->head_count; h++) {
        const qs_head_plan *head = &s->set->heads[h];
        const uint32_t *numbers = s->numbers[h];
        for (size_t i = 0; i < head->row_count && s->logs[h] != NULL; i++) {
            const double *logs = s->logs[h] + i * head->label_count;
            if (fold != ALL_FOLDS && s->set->folds[h][i] == fold)
                continue;
            const uint32_t best = numbers[choose(logs, shifts, numbers, head->label_count)];
            qs_tally_add(&s->tally, numbers[head->row_labels[i]], best, UNIT / 2);
            for (size_t l = 0; l < head->label_count; l++)
                qs_tally_add(&s->tally, numbers[l], best, (uint64_t)(exp(logs[l]) * (UNIT / 2)));
        }
    }
}

/* Adds the rows of `fold` as they are labelled by shifted log probabilities, or all rows by plain scores (shifts all 0). */
static void add_held(sample *s, uint32_t fold, double *const *scores, const double *shifts)
{
    for (size_t h = 0; h < s->set->head_count; h++) {
        const qs_head_plan *head = &s->set->heads[h];
        for (size_t i = 0; i < head->row_count && scores[h] != NULL; i++) {
            if (fold != ALL_FOLDS && s->set->folds[h][i] != fold)
                continue;
            const size_t best = choose(scores[h] + i * head->label_count, shifts, s->numbers[h], head->label_count);
            qs_tally_add(&s->tally, s->numbers[h][head->row_labels[i]], s->numbers[h][best], 1);
        }
    }
}

static double figure(const sample *s)
{
    double values[QS_METRIC_COUNT];
    qs_tally_measure(&s->tally, values);
    return values[s->set->metric] == values[s->set->metric] ? values[s->set->metric] : 0;
}

static double try_shifts(sample *s, uint32_t fold, const double *shifts)
{
    qs_tally_clear(&s->tally);
    add_seen(s, fold, shifts);
    return figure(s);
}

/* The best shifts for all folds but `fold`. */
static void search(sample *s, uint32_t fold, double *shifts)
{
    for (size_t l = 0; l < s->names.count; l++)
        shifts[l] = 0;
    weigh_rows(s, fold);
    double best = try_shifts(s, fold, shifts);
    for (int round = 0; round < ROUNDS; round++) {
        for (size_t l = 0; l < s->names.count; l++) {
            double chosen = shifts[l];
            for (int step = -STEPS; step <= STEPS; step++) {
                shifts[l] = step * STEP;
                const double now = try_shifts(s, fold, shifts);
                if (now > best + GAIN_MIN) {
                    best = now;
                    chosen = shifts[l];
                }
            }
            shifts[l] = chosen;
        }
    }
}

qs_status qs_decide_measure(double *plain, double *shifted, const qs_decide_set *set, qs_error *err)
{
    sample s;
    double shifts[LABELS_MAX] = {0};
    qs_tally sum = {0};
    qs_status status = open_sample(&s, set, err);
    if (status != QS_OK)
        goto done;
    double *none = qs_arena_alloc(&s.arena, s.names.count, sizeof *none);
    if (none == NULL) {
        status = qs_fail(err, QS_ENOMEM, "out of memory");
        goto done;
    }
    add_held(&s, ALL_FOLDS, set->scores, none);
    *plain = figure(&s);
    *shifted = *plain;
    if (s.names.count > LABELS_MAX)
        goto done;
    status = qs_tally_make(&sum, (uint32_t)s.names.count, err);
    if (status != QS_OK)
        goto done;
    sum.favor = s.tally.favor;
    sum.against = s.tally.against;
    for (uint32_t f = 0; f < set->fold_count; f++) {
        search(&s, f, shifts);
        const qs_tally own = s.tally;
        s.tally = sum; /* the answers of all folds are counted together */
        add_held(&s, f, s.logs, shifts);
        sum = s.tally;
        s.tally = own;
    }
    const qs_tally own = s.tally;
    s.tally = sum;
    *shifted = figure(&s);
    s.tally = own;
done:
    qs_tally_free(&sum);
    close_sample(&s);
    return status;
}

qs_status qs_decide_measure_outputs(double *plain, double *shifted, const qs_decide_set *set, double *const *outputs,
                                    qs_error *err)
{
    qs_arena arena = {0};
    double **scores = qs_arena_alloc(&arena, set->head_count, sizeof *scores);
    qs_status status = scores == NULL ? qs_fail(err, QS_ENOMEM, "out of memory") : QS_OK;
    for (size_t h = 0; h < set->head_count && status == QS_OK; h++) {
        const size_t labels = set->heads[h].label_count;
        const qs_head head = {.label_count = labels, .decision = QS_ONE_VS_REST,
                              .output_count = qs_output_count(QS_ONE_VS_REST, labels)};
        scores[h] = outputs[h] == NULL ? NULL : qs_heads_scores(&head, &set->heads[h], outputs[h], &arena);
        if (outputs[h] != NULL && scores[h] == NULL)
            status = qs_fail(err, QS_ENOMEM, "out of memory");
    }
    qs_decide_set scored = *set;
    scored.scores = scores;
    if (status == QS_OK)
        status = qs_decide_measure(plain, shifted, &scored, err);
    qs_arena_free(&arena);
    return status;
}

/* A shift of log probabilities as one of the scores, with the head's own biases. */
static void keep_shifts(const sample *s, size_t h, const double *best, double *shifts)
{
    const qs_posterior *posterior = &s->posteriors[h];
    for (size_t l = 0; l < posterior->labels; l++)
        shifts[l] = (posterior->bias[l] + best[s->numbers[h][l]]) / posterior->temperature;
}

qs_status qs_decide_fit(double ***shifts, qs_arena *arena, const qs_decide_set *set, qs_error *err)
{
    sample s;
    double best[LABELS_MAX] = {0};
    qs_status status = open_sample(&s, set, err);
    const bool few = status == QS_OK && s.names.count <= LABELS_MAX;
    *shifts = few ? qs_arena_alloc(arena, set->head_count, sizeof **shifts) : NULL;
    if (few)
        search(&s, ALL_FOLDS, best);
    for (size_t h = 0; h < set->head_count && few && status == QS_OK; h++) {
        if (*shifts != NULL)
            (*shifts)[h] = qs_arena_alloc(arena, set->heads[h].label_count, sizeof(double));
        if (*shifts == NULL || (*shifts)[h] == NULL)
            status = qs_fail(err, QS_ENOMEM, "out of memory");
        else if (s.logs[h] != NULL)
            keep_shifts(&s, h, best, (*shifts)[h]);
    }
    close_sample(&s);
    return status;
}
