/* Two predictions on the same rows: McNemar and the paired bootstrap. SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>

#include "evaluation/entries.h"
#include "evaluation/resample.h"

#define FIGURES QS_METRIC_FIRST_PROBABILITY

typedef struct pair {
    uint32_t head, gold, a, b, group;
} pair;

struct qs_comparison {
    qs_map heads, labels, groups;
    pair *rows;
    size_t count, capacity;
    qs_comparison_set *sets;
    size_t set_count;
};

qs_status qs_comparison_create(qs_comparison **out, qs_error *err)
{
    *out = qs_alloc_zero(1, sizeof **out);
    return *out == NULL ? qs_fail(err, QS_ENOMEM, "out of memory") : QS_OK;
}

void qs_comparison_destroy(qs_comparison *comparison)
{
    if (comparison == NULL)
        return;
    qs_map_free(&comparison->heads);
    qs_map_free(&comparison->labels);
    qs_map_free(&comparison->groups);
    qs_free(comparison->rows);
    qs_free(comparison->sets);
    qs_free(comparison);
}

qs_status qs_comparison_add(qs_comparison *comparison, const qs_comparison_row *row, qs_error *err)
{
    pair new = {.a = QS_NO_LABEL, .b = QS_NO_LABEL, .group = QS_NO_GROUP};
    if (comparison->count >= UINT32_MAX - 1)
        return qs_fail(err, QS_ELIMIT, "too many rows");
    qs_status status = qs_grow(&comparison->rows, &comparison->capacity, comparison->count + 1,
                               sizeof *comparison->rows, err);
    if (status == QS_OK)
        status = qs_map_intern(&comparison->heads, row->head, &new.head, err);
    if (status == QS_OK)
        status = qs_map_intern(&comparison->labels, row->gold, &new.gold, err);
    if (status == QS_OK && row->a.ptr != NULL)
        status = qs_map_intern(&comparison->labels, row->a, &new.a, err);
    if (status == QS_OK && row->b.ptr != NULL)
        status = qs_map_intern(&comparison->labels, row->b, &new.b, err);
    if (status == QS_OK && row->group.ptr != NULL)
        status = qs_map_intern(&comparison->groups, row->group, &new.group, err);
    if (status == QS_OK && comparison->labels.count > QS_MAX_LABELS)
        status = qs_fail(err, QS_ELIMIT, "more than %d different labels", QS_MAX_LABELS);
    if (status == QS_OK)
        comparison->rows[comparison->count++] = new;
    return status;
}

/* What one set of rows is computed from. */
typedef struct paired {
    const qs_comparison *comparison;
    qs_map cells; /* key: gold, a, b */
    qs_tally *tallies; /* two per worker */
    size_t workers;
} paired;

static void measure_pair(void *context, size_t worker, const uint64_t *counts, double *values)
{
    const paired *work = context;
    double b[QS_METRIC_COUNT];
    double a[QS_METRIC_COUNT];
    qs_tally *tally = &work->tallies[2 * worker];
    qs_tally_clear(&tally[0]);
    qs_tally_clear(&tally[1]);
    for (size_t i = 0; i < work->cells.count; i++) {
        uint32_t cell[3];
        memcpy(cell, work->cells.keys[i].ptr, sizeof cell);
        if (counts[i] == 0)
            continue;
        qs_tally_add(&tally[0], cell[0], cell[1], counts[i]);
        qs_tally_add(&tally[1], cell[0], cell[2], counts[i]);
    }
    qs_tally_measure(&tally[0], a);
    qs_tally_measure(&tally[1], b);
    for (size_t i = 0; i < FIGURES; i++)
        values[i] = b[i] - a[i];
}

static void paired_free(paired *work)
{
    for (size_t i = 0; i < 2 * work->workers && work->tallies != NULL; i++)
        qs_tally_free(&work->tallies[i]);
    qs_free(work->tallies);
    qs_map_free(&work->cells);
}

static int same_word(qs_str text, const char *word)
{
    size_t i = 0;
    while (i < text.len && word[i] != '\0' && (text.ptr[i] | 0x20) == word[i])
        i++;
    return i == text.len && word[i] == '\0';
}

static qs_status paired_make(paired *work, const qs_comparison *comparison, size_t workers, const uint8_t *present,
                             qs_error *err)
{
    qs_status status = QS_OK;
    work->comparison = comparison;
    work->tallies = qs_alloc_zero(2 * workers, sizeof *work->tallies);
    if (work->tallies == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    work->workers = workers;
    for (size_t i = 0; i < 2 * workers && status == QS_OK; i++) {
        status = qs_tally_make(&work->tallies[i], (uint32_t)comparison->labels.count, err);
        for (uint32_t label = 0; label < comparison->labels.count && status == QS_OK; label++) {
            if (present[label] && same_word(comparison->labels.keys[label], "favor"))
                work->tallies[i].favor = label;
            if (present[label] && same_word(comparison->labels.keys[label], "against"))
                work->tallies[i].against = label;
        }
    }
    return status;
}

static void note_present(uint8_t *present, const pair *row)
{
    present[row->gold] = 1;
    if (row->a != QS_NO_LABEL)
        present[row->a] = 1;
    if (row->b != QS_NO_LABEL)
        present[row->b] = 1;
}

static void count_right(qs_comparison_set *set, const pair *row)
{
    const int a = row->a == row->gold, b = row->b == row->gold;
    set->rows++;
    set->both_right += a && b;
    set->only_a_right += a && !b;
    set->only_b_right += !a && b;
    set->both_wrong += !a && !b;
}

/* The share of rounds that lie as far from the observed difference as no difference does. */
static double bootstrap_p(const qs_draws *draws, size_t index, double observed)
{
    const double *values = draws->values + index * draws->rounds;
    const size_t count = draws->defined[index];
    double far = 1; /* the observed sample is one of them */
    for (size_t i = 0; i < count; i++)
        far += fabs(values[i] - observed) >= fabs(observed) * (1 - 1e-12);
    return far / (double)(count + 1);
}

static void keep_differences(qs_comparison_set *set, const qs_draws *draws, const qs_measure_options *options)
{
    qs_measure_options plain = *options;
    plain.method = QS_INTERVAL_PERCENTILE;
    for (size_t i = 0; i < FIGURES; i++) {
        qs_difference *one = &set->metrics[i];
        if (isnan(one->difference) || draws->defined[i] == 0)
            continue;
        one->interval = qs_draws_interval(draws, i, one->difference, 0, &plain);
        one->p = bootstrap_p(draws, i, one->difference);
    }
}

static void keep_figures(qs_comparison_set *set, const paired *work, const uint64_t *counts)
{
    double values[QS_METRIC_COUNT], a[QS_METRIC_COUNT], b[QS_METRIC_COUNT];
    measure_pair((void *)(uintptr_t)work, 0, counts, values);
    qs_tally_measure(&work->tallies[0], a);
    qs_tally_measure(&work->tallies[1], b);
    for (size_t i = 0; i < FIGURES; i++)
        set->metrics[i] = (qs_difference){a[i], b[i], values[i], {NAN, NAN}, NAN, NAN};
}

/* `head` QS_NO_LABEL: all rows. */
static qs_status compare_set(const qs_comparison *comparison, uint32_t head, qs_comparison_set *set,
                             const qs_measure_options *options, qs_error *err)
{
    paired work = {0};
    qs_resample resample = {0};
    qs_draws draws = {0};
    qs_status status = QS_OK;
    size_t count = 0;
    uint32_t *cells = qs_alloc(comparison->count, sizeof *cells);
    uint32_t *groups = qs_alloc(comparison->count, sizeof *groups);
    uint8_t *present = qs_alloc_zero(comparison->labels.count, 1);
    uint64_t *counts = qs_alloc_zero(comparison->count, sizeof *counts);
    if (cells == NULL || groups == NULL || present == NULL || counts == NULL) {
        status = qs_fail(err, QS_ENOMEM, "out of memory");
        goto done;
    }
    for (size_t i = 0; i < comparison->count && status == QS_OK; i++) {
        const pair *row = &comparison->rows[i];
        if (head != QS_NO_LABEL && row->head != head)
            continue;
        const uint32_t key[3] = {row->gold, row->a, row->b};
        status = qs_map_intern(&work.cells, qs_str_make((const char *)key, sizeof key), &cells[count], err);
        if (status != QS_OK)
            break;
        counts[cells[count]]++;
        groups[count++] = row->group;
        note_present(present, row);
        count_right(set, row);
    }
    if (status == QS_OK)
        status = paired_make(&work, comparison, options->jobs < 1 ? 1 : options->jobs, present, err);
    if (status == QS_OK)
        status = qs_resample_make(&resample, cells, groups, count, work.cells.count, err);
    if (status != QS_OK)
        goto done;
    set->groups = resample.units;
    qs_mcnemar(set->only_a_right, set->only_b_right, &set->mcnemar_exact, &set->mcnemar_mid);
    keep_figures(set, &work, counts);
    if (count > 0 && options->rounds > 0) {
        status = qs_resample_draw(&draws, &resample, FIGURES, measure_pair, &work, options, err);
        if (status == QS_OK)
            keep_differences(set, &draws, options);
    }
done:
    qs_draws_free(&draws);
    qs_resample_free(&resample);
    paired_free(&work);
    qs_free(cells);
    qs_free(groups);
    qs_free(present);
    qs_free(counts);
    return status;
}

static qs_status correct_heads(qs_comparison *comparison, qs_error *err)
{
    const size_t heads = comparison->set_count - 1;
    qs_status status = QS_OK;
    double *p = qs_alloc(heads, sizeof *p);
    if (p == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    for (size_t figure = 0; figure <= FIGURES && status == QS_OK; figure++) {
        for (size_t i = 0; i < heads; i++)
            p[i] = figure == FIGURES ? comparison->sets[i + 1].mcnemar_mid
                                     : comparison->sets[i + 1].metrics[figure].p;
        status = qs_holm(p, heads, err);
        for (size_t i = 0; i < heads && status == QS_OK; i++)
            *(figure == FIGURES ? &comparison->sets[i + 1].mcnemar_holm
                                : &comparison->sets[i + 1].metrics[figure].holm) = p[i];
    }
    qs_free(p);
    return status;
}

static int by_set_name(const void *a, const void *b)
{
    return qs_str_compare(((const qs_comparison_set *)a)->name, ((const qs_comparison_set *)b)->name);
}

qs_status qs_comparison_run(qs_comparison *comparison, const qs_measure_options *options, qs_error *err)
{
    qs_measure_options used = options == NULL ? qs_measure_defaults() : *options;
    qs_status status = QS_OK;
    if (options == NULL)
        used.rounds = 2000;
    if (!(used.confidence > 0.5 && used.confidence < 1))
        return qs_fail(err, QS_EUSAGE, "the confidence must lie between 0.5 and 1");
    qs_free(comparison->sets);
    comparison->set_count = 1 + comparison->heads.count;
    comparison->sets = qs_alloc_zero(comparison->set_count, sizeof *comparison->sets);
    if (comparison->sets == NULL) {
        comparison->set_count = 0;
        return qs_fail(err, QS_ENOMEM, "out of memory");
    }
    comparison->sets[0].name = qs_str_of("overall");
    comparison->sets[0].mcnemar_holm = NAN;
    status = compare_set(comparison, QS_NO_LABEL, &comparison->sets[0], &used, err);
    for (size_t i = 0; i < comparison->heads.count && status == QS_OK; i++) {
        comparison->sets[i + 1].name = comparison->heads.keys[i];
        status = compare_set(comparison, (uint32_t)i, &comparison->sets[i + 1], &used, err);
    }
    if (status != QS_OK)
        return status;
    qsort(comparison->sets + 1, comparison->heads.count, sizeof *comparison->sets, by_set_name);
    return correct_heads(comparison, err);
}

size_t qs_comparison_set_count(const qs_comparison *comparison)
{
    return comparison->set_count;
}

const qs_comparison_set *qs_comparison_get(const qs_comparison *comparison, size_t index)
{
    return &comparison->sets[index];
}
