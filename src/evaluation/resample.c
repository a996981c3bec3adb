/* Types of units, and rounds of resampling. SPDX-License-Identifier: MIT */
#include "evaluation/resample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "evaluation/random.h"

#define ROUNDS_AT_ONCE 32

void qs_resample_free(qs_resample *resample)
{
    qs_map_free(&resample->types);
    qs_free(resample->multiplicity);
    qs_free(resample->unit_type);
    *resample = (qs_resample){0};
}

static qs_status add_unit(qs_resample *resample, const qs_cell_count *counts, size_t length, qs_error *err)
{
    uint32_t type = 0;
    const size_t known = resample->types.count;
    qs_status status = qs_map_intern(&resample->types,
                                     qs_str_make((const char *)counts, length * sizeof *counts), &type, err);
    if (status == QS_OK)
        status = qs_grow(&resample->multiplicity, &resample->multiplicity_capacity, (size_t)type + 1,
                         sizeof *resample->multiplicity, err);
    if (status == QS_OK)
        status = qs_grow(&resample->unit_type, &resample->unit_capacity, resample->units + 1,
                         sizeof *resample->unit_type, err);
    if (status != QS_OK)
        return status;
    if (type == known)
        resample->multiplicity[type] = 0;
    resample->multiplicity[type]++;
    resample->unit_type[resample->units++] = type;
    return QS_OK;
}

typedef struct grouped_row {
    uint32_t group;
    uint32_t cell;
} grouped_row;

static int by_group_then_cell(const void *a, const void *b)
{
    const grouped_row *x = a, *y = b;
    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    return x->cell < y->cell ? -1 : x->cell > y->cell;
}

/* `rows` are those that have a group, sorted. */
static qs_status add_groups(qs_resample *resample, const grouped_row *rows, size_t count, qs_error *err)
{
    qs_status status = QS_OK;
    qs_cell_count *cells = qs_alloc(count, sizeof *cells);
    if (cells == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    for (size_t i = 0; i < count && status == QS_OK;) {
        size_t length = 0;
        const uint32_t group = rows[i].group;
        for (; i < count && rows[i].group == group; i++) {
            if (length > 0 && cells[length - 1].cell == rows[i].cell)
                cells[length - 1].count++;
            else
                cells[length++] = (qs_cell_count){rows[i].cell, 1};
        }
        status = add_unit(resample, cells, length, err);
    }
    qs_free(cells);
    return status;
}

qs_status qs_resample_make(qs_resample *resample, const uint32_t *cells, const uint32_t *groups, size_t count,
                           size_t cell_count, qs_error *err)
{
    qs_status status = QS_OK;
    size_t grouped = 0;
    grouped_row *rows = NULL;
    resample->cells = cell_count;
    for (size_t i = 0; i < count; i++)
        grouped += groups[i] != UINT32_MAX;
    rows = qs_alloc(grouped, sizeof *rows);
    if (rows == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    grouped = 0;
    for (size_t i = 0; i < count && status == QS_OK; i++) {
        const qs_cell_count alone = {cells[i], 1};
        if (groups[i] == UINT32_MAX)
            status = add_unit(resample, &alone, 1, err);
        else
            rows[grouped++] = (grouped_row){groups[i], cells[i]};
    }
    if (grouped > 1)
        qsort(rows, grouped, sizeof *rows, by_group_then_cell);
    if (status == QS_OK)
        status = add_groups(resample, rows, grouped, err);
    qs_free(rows);
    return status;
}

static void add_type(const qs_resample *resample, size_t type, uint64_t times, uint64_t *counts)
{
    const qs_str key = resample->types.keys[type];
    const size_t length = key.len / sizeof(qs_cell_count);
    for (size_t i = 0; i < length; i++) {
        qs_cell_count one;
        memcpy(&one, key.ptr + i * sizeof one, sizeof one);
        counts[one.cell] += times * one.count;
    }
}

/* One resample of as many units as there are. With few types their numbers are drawn at once (multinomial, as
 * a chain of binomials), with many types unit by unit; both are the same distribution. */
static void draw_round(const qs_resample *resample, qs_rng *rng, uint64_t *counts)
{
    memset(counts, 0, resample->cells * sizeof *counts);
    if (resample->types.count * 16 >= resample->units) {
        for (uint64_t i = 0; i < resample->units; i++)
            add_type(resample, resample->unit_type[qs_rng_below(rng, resample->units)], 1, counts);
        return;
    }
    uint64_t left = resample->units, rest = resample->units;
    for (size_t type = 0; type < resample->types.count && left > 0; type++) {
        const uint64_t times = qs_binomial_draw(
            rng, left, (double)resample->multiplicity[type] / (double)rest);
        add_type(resample, type, times, counts);
        left -= times;
        rest -= resample->multiplicity[type];
    }
}

typedef struct drawing {
    qs_draws *draws;
    const qs_resample *resample;
    qs_figure figure;
    void *context;
    uint64_t seed;
    uint64_t *counts; /* cells per worker */
    double *values;   /* figures per worker */
} drawing;

static qs_status draw_batch(void *context, size_t index, size_t worker, qs_error *err)
{
    const drawing *work = context;
    qs_draws *draws = work->draws;
    uint64_t *counts = work->counts + worker * work->resample->cells;
    double *values = work->values + worker * draws->figures;
    size_t end = (index + 1) * ROUNDS_AT_ONCE;
    (void)err;
    if (end > draws->rounds)
        end = draws->rounds;
    for (size_t round = index * ROUNDS_AT_ONCE; round < end; round++) {
        /* each round has its own stream of numbers, whichever thread runs it */
        qs_rng rng = qs_rng_make(work->seed ^ ((uint64_t)round + 1) * 0xd1342543de82ef95u);
        draw_round(work->resample, &rng, counts);
        work->figure(work->context, worker, counts, values);
        for (size_t i = 0; i < draws->figures; i++)
            draws->values[i * draws->rounds + round] = values[i];
    }
    return QS_OK;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void sort_draws(qs_draws *draws)
{
    for (size_t i = 0; i < draws->figures; i++) {
        double *values = draws->values + i * draws->rounds;
        size_t kept = 0;
        for (size_t round = 0; round < draws->rounds; round++)
            if (!isnan(values[round]))
                values[kept++] = values[round];
        draws->defined[i] = kept;
        if (kept > 1)
            qsort(values, kept, sizeof *values, ascending);
    }
}

qs_status qs_resample_draw(qs_draws *draws, const qs_resample *resample, size_t figures, qs_figure figure,
                           void *context, const qs_measure_options *options, qs_error *err)
{
    const size_t jobs = options->jobs < 1 ? 1 : options->jobs;
    const size_t rounds = (size_t)options->rounds;
    qs_status status = QS_OK;
    drawing work = {.draws = draws, .resample = resample, .figure = figure, .context = context,
                    .seed = options->seed};
    *draws = (qs_draws){.figures = figures, .rounds = rounds};
    draws->values = qs_alloc(figures == 0 ? 1 : figures, rounds * sizeof *draws->values);
    draws->defined = qs_alloc_zero(figures, sizeof *draws->defined);
    work.counts = qs_alloc(jobs, (resample->cells + 1) * sizeof *work.counts);
    work.values = qs_alloc(jobs, (figures + 1) * sizeof *work.values);
    if (draws->values == NULL || draws->defined == NULL || work.counts == NULL || work.values == NULL)
        status = qs_fail(err, QS_ENOMEM, "%zu bootstrap rounds of %zu figures", rounds, figures);
    if (status == QS_OK)
        status = qs_workers_run(jobs, (rounds + ROUNDS_AT_ONCE - 1) / ROUNDS_AT_ONCE, draw_batch, &work, err);
    if (status == QS_OK)
        sort_draws(draws);
    qs_free(work.counts);
    qs_free(work.values);
    return status;
}

void qs_draws_free(qs_draws *draws)
{
    qs_free(draws->values);
    qs_free(draws->defined);
    *draws = (qs_draws){0};
}
