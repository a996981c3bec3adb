/* Intervals for the figures that need probabilities. SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>

#include "evaluation/resample.h"
#include "evaluation/set.h"

#define FIGURES (QS_METRIC_COUNT - QS_METRIC_FIRST_PROBABILITY)

/* A round passes over all rows once for each label: beyond so many steps there are no intervals. */
#define STEPS_MAX 2e9

/* A row in the order of one score; `end` closes a block of equal scores. */
typedef struct ranked_row {
    double score;
    uint32_t row;
    uint8_t hit;
    uint8_t end;
} ranked_row;

/* What the figures are computed from; read-only while threads draw. */
typedef struct scores {
    size_t rows, units;
    uint32_t labels;
    uint32_t *unit;       /* by row */
    qs_row_scores *of;    /* by row */
    ranked_row *sure;     /* by confidence, falling */
    ranked_row *by_label; /* `labels` runs of `rows`, each by the label's probability, falling */
} scores;

static int falling(const void *a, const void *b)
{
    const ranked_row *x = a, *y = b;
    if (x->score < y->score || x->score > y->score)
        return x->score > y->score ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

static void rank(ranked_row *ranked, size_t count)
{
    qsort(ranked, count, sizeof *ranked, falling);
    for (size_t i = 0; i < count; i++)
        ranked[i].end = i + 1 == count || ranked[i + 1].score < ranked[i].score;
}

static void measure_areas(const scores *s, const ranked_row *ranked, const uint64_t *counts, double *roc, double *precision)
{
    double hit = 0, miss = 0, roc_area = 0, precision_area = 0, hits = 0, misses = 0;
    for (size_t i = 0; i < s->rows; i++) {
        const double weight = (double)counts[s->unit[ranked[i].row]];
        if (ranked[i].hit)
            hits += weight;
        else
            misses += weight;
        if (!ranked[i].end)
            continue;
        roc_area += misses * (hit + hits / 2);
        hit += hits;
        miss += misses;
        if (hits > 0)
            precision_area += hits * (hit / (hit + miss));
        hits = 0;
        misses = 0;
    }
    *roc = hit > 0 && miss > 0 ? roc_area / (hit * miss) : NAN;
    *precision = hit > 0 ? precision_area / hit : NAN;
}

static double measure_risk(const scores *s, const uint64_t *counts)
{
    double seen = 0, wrong = 0, sum = 0, block = 0, misses = 0;
    for (size_t i = 0; i < s->rows; i++) {
        const double weight = (double)counts[s->unit[s->sure[i].row]];
        block += weight;
        misses += s->sure[i].hit ? 0 : weight;
        if (!s->sure[i].end || block <= 0)
            continue;
        for (double k = 1; k <= block; k++)
            sum += (wrong + misses / block * k) / (seen + k);
        seen += block;
        wrong += misses;
        block = 0;
        misses = 0;
    }
    return seen > 0 ? sum / seen : NAN;
}

/* Brier, log loss and calibration error: values[0], [1] and [2]. */
static void measure_means(const scores *s, const uint64_t *counts, double *values)
{
    double total = 0, brier = 0, log_loss = 0, error = 0;
    double excess[QS_CALIBRATION_BINS] = {0}; /* right answers less confidence */
    for (size_t i = 0; i < s->rows; i++) {
        const double weight = (double)counts[s->unit[i]];
        const qs_row_scores *row = &s->of[i];
        total += weight;
        brier += weight * row->brier;
        log_loss += weight * row->log_loss;
        excess[qs_calibration_bin_of(row->confidence)] += weight * (row->right - row->confidence);
    }
    for (int i = 0; i < QS_CALIBRATION_BINS; i++)
        error += fabs(excess[i]);
    values[0] = total > 0 ? brier / total : NAN;
    values[1] = total > 0 ? log_loss / total : NAN;
    values[2] = total > 0 ? error / total : NAN;
}

static void add_defined(double value, double *sum, double *defined)
{
    if (isnan(value))
        return;
    *sum += value;
    *defined += 1;
}

static void measure(void *context, size_t worker, const uint64_t *counts, double *values)
{
    const scores *s = context;
    double roc = 0, roc_labels = 0, precision = 0, precision_labels = 0;
    (void)worker;
    measure_means(s, counts, values);
    for (uint32_t label = 0; label < s->labels; label++) {
        double one_roc = NAN, one_precision = NAN;
        measure_areas(s, s->by_label + (size_t)label * s->rows, counts, &one_roc, &one_precision);
        add_defined(one_roc, &roc, &roc_labels);
        add_defined(one_precision, &precision, &precision_labels);
    }
    values[QS_METRIC_ROC_AUC - QS_METRIC_FIRST_PROBABILITY] = roc_labels > 0 ? roc / roc_labels : NAN;
    values[QS_METRIC_AVERAGE_PRECISION - QS_METRIC_FIRST_PROBABILITY] =
        precision_labels > 0 ? precision / precision_labels : NAN;
    values[QS_METRIC_RISK_COVERAGE_AREA - QS_METRIC_FIRST_PROBABILITY] = measure_risk(s, counts);
}

static void scores_free(scores *s)
{
    qs_free(s->unit);
    qs_free(s->of);
    qs_free(s->sure);
    qs_free(s->by_label);
}

/* Rows of one group are one unit, the others stand alone. */
static qs_status number_units(scores *s, const qs_set *set, const uint32_t *rows, qs_error *err)
{
    const qs_evaluation *evaluation = set->evaluation;
    uint32_t *of_group = qs_alloc_zero(evaluation->groups.count, sizeof *of_group); /* number + 1 */
    if (of_group == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    for (size_t i = 0; i < s->rows; i++) {
        const uint32_t group = evaluation->rows[rows[i]].group;
        if (group == QS_NO_GROUP)
            s->unit[i] = (uint32_t)s->units++;
        else if (of_group[group] > 0)
            s->unit[i] = of_group[group] - 1;
        else {
            s->unit[i] = (uint32_t)s->units++;
            of_group[group] = (uint32_t)s->units;
        }
    }
    qs_free(of_group);
    return QS_OK;
}

static void fill(scores *s, const qs_set *set, const uint32_t *rows)
{
    for (size_t i = 0; i < s->rows; i++) {
        s->of[i] = qs_set_row_scores(set, rows[i]);
        s->sure[i] = (ranked_row){s->of[i].confidence, (uint32_t)i, (uint8_t)s->of[i].right, 0};
        for (uint32_t label = 0; label < s->labels; label++) {
            const uint32_t number = set->label_number[label];
            s->by_label[(size_t)label * s->rows + i] =
                (ranked_row){qs_entry_probability(set->evaluation, rows[i], number), (uint32_t)i,
                             set->evaluation->rows[rows[i]].gold == number, 0};
        }
    }
    rank(s->sure, s->rows);
    for (uint32_t label = 0; label < s->labels; label++)
        rank(s->by_label + (size_t)label * s->rows, s->rows);
}

static qs_status scores_make(scores *s, const qs_set *set, size_t count, qs_error *err)
{
    qs_status status = QS_OK;
    uint32_t *rows = qs_alloc(count, sizeof *rows);
    s->labels = set->labels;
    s->unit = qs_alloc(count, sizeof *s->unit);
    s->of = qs_alloc(count, sizeof *s->of);
    s->sure = qs_alloc(count, sizeof *s->sure);
    s->by_label = qs_alloc(count, (s->labels + (size_t)1) * sizeof *s->by_label);
    if (rows == NULL || s->unit == NULL || s->of == NULL || s->sure == NULL || s->by_label == NULL)
        status = qs_fail(err, QS_ENOMEM, "out of memory");
    for (size_t i = 0; i < set->count && status == QS_OK; i++)
        if (set->evaluation->rows[set->rows[i]].shape != 0)
            rows[s->rows++] = set->rows[i];
    if (status == QS_OK)
        status = number_units(s, set, rows, err);
    if (status == QS_OK)
        fill(s, set, rows);
    qs_free(rows);
    return status;
}

/* Each unit is a cell of its own: the counts of cells are the weights of units. */
static qs_status make_units(qs_resample *resample, size_t units, qs_error *err)
{
    uint32_t *cells = qs_alloc(units, sizeof *cells);
    uint32_t *alone = qs_alloc(units, sizeof *alone);
    qs_status status = cells == NULL || alone == NULL ? qs_fail(err, QS_ENOMEM, "out of memory") : QS_OK;
    for (size_t i = 0; i < units && status == QS_OK; i++) {
        cells[i] = (uint32_t)i;
        alone[i] = UINT32_MAX;
    }
    if (status == QS_OK)
        status = qs_resample_make(resample, cells, alone, units, units, err);
    qs_free(cells);
    qs_free(alone);
    return status;
}

qs_status qs_set_bootstrap_scores(const qs_set *set, qs_metric_set *out, qs_error *err)
{
    scores s = {0};
    qs_resample resample = {0};
    qs_draws draws = {0};
    double acceleration[FIGURES] = {0};
    const double rows = (double)out->rows_with_probabilities, passes = (double)set->labels + 2;
    if (rows < 1 || set->options->rounds == 0 || rows * passes * (double)set->options->rounds > STEPS_MAX)
        return QS_OK;
    qs_status status = scores_make(&s, set, out->rows_with_probabilities, err);
    if (status == QS_OK)
        status = make_units(&resample, s.units, err);
    if (status == QS_OK)
        status = qs_resample_draw(&draws, &resample, FIGURES, measure, &s, set->options, err);
    /* leaving out one unit after another costs as much as so many rounds */
    if (status == QS_OK && set->options->method == QS_INTERVAL_BCA && rows * passes * (double)s.units <= STEPS_MAX)
        status = qs_resample_acceleration(acceleration, &resample, FIGURES, measure, &s, err);
    for (size_t i = 0; i < FIGURES && status == QS_OK; i++) {
        const size_t metric = QS_METRIC_FIRST_PROBABILITY + i;
        out->intervals[metric] = qs_draws_interval(&draws, i, out->values[metric], acceleration[i], set->options);
        out->undefined_rounds[metric] = draws.rounds - draws.defined[i];
    }
    qs_draws_free(&draws);
    qs_resample_free(&resample);
    scores_free(&s);
    return status;
}
