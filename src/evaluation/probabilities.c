/* Figures that need probabilities. SPDX-License-Identifier: MIT */
#include <float.h>
#include <math.h>
#include <string.h>

#include "evaluation/ranking.h"
#include "evaluation/set.h"

/* A sum that does not lose small terms among a million (Neumaier 1974). */
typedef struct exact_sum {
    double sum, lost;
} exact_sum;

static void sum_add(exact_sum *total, double term)
{
    const double sum = total->sum + term;
    total->lost += fabs(total->sum) >= fabs(term) ? (total->sum - sum) + term : (term - sum) + total->sum;
    total->sum = sum;
}

static double sum_mean(const exact_sum *total, size_t count)
{
    return (total->sum + total->lost) / (double)count;
}

qs_row_scores qs_set_row_scores(const qs_set *set, size_t number)
{
    const uint32_t *labels = NULL;
    const double *p = NULL;
    const qs_entry *row = &set->evaluation->rows[number];
    const size_t count = qs_entry_probabilities(set->evaluation, number, &labels, &p);
    qs_row_scores figures = {0};
    double total = 0, gold = DBL_EPSILON, gold_error = 1;
    uint32_t best = QS_NO_LABEL;
    for (size_t i = 0; i < count; i++) {
        /* of equal probabilities, the label that was predicted counts */
        if (best == QS_NO_LABEL || p[i] > figures.confidence ||
            (p[i] >= figures.confidence && labels[i] == row->predicted)) {
            figures.confidence = p[i];
            best = labels[i];
        }
        const double clipped = fmin(fmax(p[i], DBL_EPSILON), 1 - DBL_EPSILON);
        total += clipped;
        if (labels[i] == row->gold) {
            gold = clipped;
            gold_error = (1 - p[i]) * (1 - p[i]);
        } else {
            figures.brier += p[i] * p[i];
        }
    }
    figures.right = best == row->gold;
    figures.brier += gold_error;
    figures.log_loss = -log(gold / (total > 0 ? total : 1));
    return figures;
}

static int has_probabilities(const qs_set *set, size_t index)
{
    return set->evaluation->rows[set->rows[index]].shape != 0;
}

/* Brier, log loss, calibration and risk against coverage. */
static qs_status measure_rows(const qs_set *set, qs_metric_set *out, qs_ranking *ranking, qs_error *err)
{
    exact_sum brier = {0}, log_loss = {0}, confidence[QS_CALIBRATION_BINS] = {{0}};
    qs_calibration_bin *bins = qs_arena_alloc(set->arena, QS_CALIBRATION_BINS, sizeof *bins);
    if (bins == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    qs_ranking_clear(ranking);
    for (size_t i = 0; i < set->count; i++) {
        if (!has_probabilities(set, i))
            continue;
        const qs_row_scores row = qs_set_row_scores(set, set->rows[i]);
        const int bin = qs_calibration_bin_of(row.confidence);
        sum_add(&brier, row.brier);
        sum_add(&log_loss, row.log_loss);
        sum_add(&confidence[bin], row.confidence);
        bins[bin].rows++;
        bins[bin].correct += (uint64_t)row.right;
        qs_ranking_add(ranking, row.confidence, row.right);
    }
    double error = 0;
    const double rows = (double)out->rows_with_probabilities;
    for (int i = 0; i < QS_CALIBRATION_BINS; i++) {
        bins[i].mean_confidence = bins[i].rows == 0 ? NAN : sum_mean(&confidence[i], bins[i].rows);
        if (bins[i].rows > 0)
            error += fabs((double)bins[i].correct - (double)bins[i].rows * bins[i].mean_confidence) / rows;
    }
    out->calibration = bins;
    out->values[QS_METRIC_BRIER] = sum_mean(&brier, out->rows_with_probabilities);
    out->values[QS_METRIC_LOG_LOSS] = sum_mean(&log_loss, out->rows_with_probabilities);
    out->values[QS_METRIC_CALIBRATION_ERROR] = error;
    return qs_ranking_risk(ranking, set->arena, &out->values[QS_METRIC_RISK_COVERAGE_AREA],
                           out->column.len == 0 ? &out->risk_coverage : NULL, err);
}

static qs_status measure_label(const qs_set *set, const qs_metric_set *out, qs_label_metrics *label, uint32_t index,
                               qs_ranking *ranking, qs_error *err)
{
    const uint32_t number = set->label_number[index];
    const int curves = out->column.len == 0;
    exact_sum brier = {0};
    qs_ranking_clear(ranking);
    for (size_t i = 0; i < set->count; i++) {
        if (!has_probabilities(set, i))
            continue;
        const double p = qs_entry_probability(set->evaluation, set->rows[i], number);
        const int positive = set->evaluation->rows[set->rows[i]].gold == number;
        sum_add(&brier, (p - positive) * (p - positive));
        qs_ranking_add(ranking, p, positive);
    }
    label->values[QS_LABEL_METRIC_BRIER] = sum_mean(&brier, out->rows_with_probabilities);
    return qs_ranking_areas(ranking, set->arena, &label->values[QS_LABEL_METRIC_ROC_AUC],
                            &label->values[QS_LABEL_METRIC_AVERAGE_PRECISION], curves ? &label->roc : NULL,
                            curves ? &label->precision_recall : NULL, err);
}

static double mean_defined(const qs_label_metrics *labels, size_t count, qs_label_metric metric)
{
    double sum = 0, defined = 0;
    for (size_t i = 0; i < count; i++) {
        if (isnan(labels[i].values[metric]))
            continue;
        sum += labels[i].values[metric];
        defined += 1;
    }
    return defined > 0 ? sum / defined : NAN;
}

qs_status qs_set_measure_probabilities(const qs_set *set, qs_metric_set *out, qs_label_metrics *labels,
                                       qs_error *err)
{
    qs_ranking ranking = {0};
    for (size_t i = 0; i < set->count; i++)
        out->rows_with_probabilities += (uint64_t)has_probabilities(set, i);
    if (out->rows_with_probabilities == 0)
        return QS_OK;
    qs_status status = qs_ranking_make(&ranking, out->rows_with_probabilities, err);
    if (status == QS_OK)
        status = measure_rows(set, out, &ranking, err);
    for (uint32_t i = 0; i < set->labels && status == QS_OK; i++)
        status = measure_label(set, out, &labels[i], i, &ranking, err);
    out->values[QS_METRIC_ROC_AUC] = mean_defined(labels, set->labels, QS_LABEL_METRIC_ROC_AUC);
    out->values[QS_METRIC_AVERAGE_PRECISION] =
        mean_defined(labels, set->labels, QS_LABEL_METRIC_AVERAGE_PRECISION);
    qs_ranking_free(&ranking);
    return status;
}
