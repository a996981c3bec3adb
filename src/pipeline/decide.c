/* Coordinate search over a grid of shifts, one for each label. SPDX-License-Identifier: MIT */
#include "pipeline/decide.h"

#include "base/map.h"
#include "evaluation/tally.h"

#define LABELS_MAX 8   /* corpora with more labels are left as they are */
#define STEPS 10       /* on either side of 0 */
#define STEP 0.05      /* in units of the margin */
#define ROUNDS 2
#define GAIN_MIN 5e-4  /* smaller gains are noise */
#define ALL_FOLDS UINT32_MAX

/* All rows of all heads, labels numbered across heads. */
typedef struct sample {
    const qs_decide_set *set;
    qs_arena arena;
    qs_map names;
    uint32_t **numbers; /* per head: number of each of its labels */
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

static qs_status open_sample(sample *s, const qs_decide_set *set, qs_error *err)
{
    qs_status status = QS_OK;
    *s = (sample){.set = set};
    s->numbers = qs_arena_alloc(&s->arena, set->head_count, sizeof *s->numbers);
    for (size_t h = 0; h < set->head_count && status == QS_OK; h++) {
        if (s->numbers != NULL)
            s->numbers[h] = qs_arena_alloc(&s->arena, set->heads[h].label_count, sizeof *s->numbers[h]);
        if (s->numbers == NULL || s->numbers[h] == NULL)
            status = qs_fail(err, QS_ENOMEM, "out of memory");
        for (size_t l = 0; l < set->heads[h].label_count && status == QS_OK; l++)
            status = qs_map_intern(&s->names, set->heads[h].labels[l], &s->numbers[h][l], err);
    }
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

/* Adds the rows of fold `fold`, or with `others` those of all other folds, labelled by shifted scores. */
static void add_rows(sample *s, uint32_t fold, bool others, const double *shifts)
{
    for (size_t h = 0; h < s->set->head_count; h++) {
        const qs_head_plan *head = &s->set->heads[h];
        for (size_t i = 0; i < head->row_count && s->set->scores[h] != NULL; i++) {
            const double *scores = s->set->scores[h] + i * head->label_count;
            size_t best = 0;
            if (fold != ALL_FOLDS && (s->set->folds[h][i] == fold) == others)
                continue;
            for (size_t l = 1; l < head->label_count; l++)
                if (scores[l] + shifts[s->numbers[h][l]] > scores[best] + shifts[s->numbers[h][best]])
                    best = l;
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

/* The best shifts for all folds but `fold`. */
static void search(sample *s, uint32_t fold, double *shifts)
{
    for (size_t l = 0; l < s->names.count; l++)
        shifts[l] = 0;
    qs_tally_clear(&s->tally);
    add_rows(s, fold, true, shifts);
    double best = figure(s);
    for (int round = 0; round < ROUNDS; round++) {
        for (size_t l = 0; l < s->names.count; l++) {
            double chosen = shifts[l];
            for (int step = -STEPS; step <= STEPS; step++) {
                shifts[l] = step * STEP;
                qs_tally_clear(&s->tally);
                add_rows(s, fold, true, shifts);
                const double now = figure(s);
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
    add_rows(&s, ALL_FOLDS, true, none);
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
        add_rows(&s, f, false, shifts);
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

qs_status qs_decide_fit(double ***shifts, qs_arena *arena, const qs_decide_set *set, qs_error *err)
{
    sample s;
    double best[LABELS_MAX] = {0};
    qs_status status = open_sample(&s, set, err);
    *shifts = qs_arena_alloc(arena, set->head_count, sizeof **shifts);
    if (status == QS_OK && s.names.count <= LABELS_MAX)
        search(&s, ALL_FOLDS, best);
    for (size_t h = 0; h < set->head_count && status == QS_OK; h++) {
        if (*shifts != NULL)
            (*shifts)[h] = qs_arena_alloc(arena, set->heads[h].label_count, sizeof(double));
        if (*shifts == NULL || (*shifts)[h] == NULL)
            status = qs_fail(err, QS_ENOMEM, "out of memory");
        for (size_t l = 0; l < set->heads[h].label_count && status == QS_OK && s.names.count <= LABELS_MAX; l++)
            (*shifts)[h][l] = best[s.numbers[h][l]];
    }
    close_sample(&s);
    return status;
}
