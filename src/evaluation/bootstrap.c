/* Intervals for the figures of one set of rows. SPDX-License-Identifier: MIT */
#include <math.h>

#include "evaluation/resample.h"
#include "evaluation/set.h"

#define LABEL_FIGURES QS_LABEL_METRIC_FIRST_PROBABILITY

/* What the figures are computed from: cells that occur, and a tally per worker. */
typedef struct measuring {
    uint32_t *gold, *predicted; /* by cell */
    size_t cells;
    qs_tally *tallies; /* by worker */
    size_t workers;
} measuring;

static void measure_counts(void *context, size_t worker, const uint64_t *counts, double *values)
{
    const measuring *work = context;
    qs_tally *tally = &work->tallies[worker];
    qs_tally_clear(tally);
    for (size_t i = 0; i < work->cells; i++)
        if (counts[i] > 0)
            qs_tally_add(tally, work->gold[i], work->predicted[i], counts[i]);
    qs_tally_measure(tally, values);
    values += QS_METRIC_FIRST_PROBABILITY;
    for (uint32_t i = 0; i < tally->labels; i++)
        qs_tally_measure_label(tally, i, values + (size_t)i * LABEL_FIGURES);
}

static void measuring_free(measuring *work)
{
    for (size_t i = 0; i < work->workers && work->tallies != NULL; i++)
        qs_tally_free(&work->tallies[i]);
    qs_free(work->tallies);
    qs_free(work->gold);
    qs_free(work->predicted);
}

static qs_status measuring_make(measuring *work, const qs_set *set, size_t workers, qs_error *err)
{
    size_t most = (size_t)set->labels * (set->labels + 1);
    if (most > set->count)
        most = set->count;
    work->gold = qs_alloc(most, sizeof *work->gold);
    work->predicted = qs_alloc(most, sizeof *work->predicted);
    work->tallies = qs_alloc_zero(workers, sizeof *work->tallies);
    if (work->gold == NULL || work->predicted == NULL || work->tallies == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    work->workers = workers;
    for (size_t i = 0; i < workers; i++) {
        const qs_status status = qs_tally_make(&work->tallies[i], set->labels, err);
        if (status != QS_OK)
            return status;
        work->tallies[i].favor = set->tally.favor;
        work->tallies[i].against = set->tally.against;
    }
    return QS_OK;
}

/* Numbers the cells that occur, so that a thousand labels do not cost a million cells a round. */
static qs_status make_units(qs_resample *resample, measuring *work, const qs_set *set, qs_error *err)
{
    const size_t columns = (size_t)set->labels + 1;
    qs_status status = QS_OK;
    uint32_t *number = qs_alloc_zero(set->labels * columns, sizeof *number);
    uint32_t *cells = qs_alloc(set->count, sizeof *cells);
    uint32_t *groups = qs_alloc(set->count, sizeof *groups);
    if (number == NULL || cells == NULL || groups == NULL) {
        status = qs_fail(err, QS_ENOMEM, "out of memory");
        goto done;
    }
    for (size_t i = 0; i < set->count; i++) {
        const qs_entry *row = &set->evaluation->rows[set->rows[i]];
        const uint32_t gold = qs_set_label(set, row->gold);
        const uint32_t predicted = qs_set_label(set, row->predicted);
        const size_t at = gold * columns + (predicted == QS_NO_LABEL ? set->labels : predicted);
        if (number[at] == 0) {
            work->gold[work->cells] = gold;
            work->predicted[work->cells] = predicted;
            number[at] = (uint32_t)++work->cells;
        }
        cells[i] = number[at] - 1;
        groups[i] = row->group;
    }
    status = qs_resample_make(resample, cells, groups, set->count, work->cells, err);
done:
    qs_free(number);
    qs_free(cells);
    qs_free(groups);
    return status;
}

static void keep_intervals(const qs_set *set, const qs_draws *draws, const double *acceleration,
                           qs_metric_set *out, qs_label_metrics *labels)
{
    for (size_t i = 0; i < QS_METRIC_FIRST_PROBABILITY; i++) {
        out->intervals[i] = qs_draws_interval(draws, i, out->values[i], acceleration[i], set->options);
        out->undefined_rounds[i] = draws->rounds - draws->defined[i];
    }
    for (size_t label = 0; label < set->labels; label++)
        for (size_t i = 0; i < LABEL_FIGURES; i++) {
            const size_t index = QS_METRIC_FIRST_PROBABILITY + label * LABEL_FIGURES + i;
            labels[label].intervals[i] = qs_draws_interval(draws, index, labels[label].values[i],
                                                           acceleration[index], set->options);
        }
}

qs_status qs_set_bootstrap(const qs_set *set, qs_metric_set *out, qs_label_metrics *labels, qs_error *err)
{
    measuring work = {0};
    qs_resample resample = {0};
    qs_draws draws = {0};
    const size_t figures = QS_METRIC_FIRST_PROBABILITY + (size_t)set->labels * LABEL_FIGURES;
    double *acceleration = qs_alloc_zero(figures, sizeof *acceleration);
    qs_status status = acceleration == NULL ? qs_fail(err, QS_ENOMEM, "out of memory") : QS_OK;
    if (status != QS_OK || set->count == 0 || set->options->rounds == 0)
        goto done;
    status = measuring_make(&work, set, set->options->jobs < 1 ? 1 : set->options->jobs, err);
    if (status == QS_OK)
        status = make_units(&resample, &work, set, err);
    if (status == QS_OK)
        status = qs_resample_draw(&draws, &resample, figures, measure_counts, &work, set->options, err);
    if (status == QS_OK && set->options->method == QS_INTERVAL_BCA)
        status = qs_resample_acceleration(acceleration, &resample, figures, measure_counts, &work, err);
    if (status != QS_OK)
        goto done;
    out->groups = resample.units;
    keep_intervals(set, &draws, acceleration, out, labels);
done:
    qs_draws_free(&draws);
    qs_resample_free(&resample);
    measuring_free(&work);
    qs_free(acceleration);
    return status;
}
