/* Metrics from the margins and the diagonal of a confusion matrix. SPDX-License-Identifier: MIT */
#include "evaluation/tally.h"

#include <math.h>
#include <string.h>

qs_status qs_tally_make(qs_tally *tally, uint32_t labels, qs_error *err)
{
    uint64_t *block = qs_alloc_zero(labels == 0 ? 1 : labels, 4 * sizeof *block);
    if (block == NULL)
        return qs_fail(err, QS_ENOMEM, "counts of %u labels", labels);
    *tally = (qs_tally){.labels = labels,
                        .favor = QS_NO_LABEL,
                        .against = QS_NO_LABEL,
                        .support = block,
                        .predicted = block + labels,
                        .correct = block + 2 * (size_t)labels,
                        .answered_support = block + 3 * (size_t)labels};
    return QS_OK;
}

void qs_tally_free(qs_tally *tally)
{
    qs_free(tally->support);
    *tally = (qs_tally){0};
}

void qs_tally_clear(qs_tally *tally)
{
    tally->rows = 0;
    memset(tally->support, 0, 4 * sizeof *tally->support * tally->labels);
}

void qs_tally_add(qs_tally *tally, uint32_t gold, uint32_t predicted, uint64_t count)
{
    tally->rows += count;
    tally->support[gold] += count;
    if (predicted == QS_NO_LABEL)
        return;
    tally->answered_support[gold] += count;
    tally->predicted[predicted] += count;
    if (gold == predicted)
        tally->correct[gold] += count;
}

static double ratio(double over, double under)
{
    return under > 0 ? over / under : NAN;
}

static double zero_if_undefined(double value)
{
    return isnan(value) ? 0 : value;
}

void qs_tally_measure_label(const qs_tally *tally, uint32_t label, double *values)
{
    const double correct = (double)tally->correct[label];
    const double predicted = (double)tally->predicted[label];
    const double support = (double)tally->support[label];
    values[QS_LABEL_METRIC_PRECISION] = ratio(correct, predicted);
    values[QS_LABEL_METRIC_RECALL] = ratio(correct, support);
    values[QS_LABEL_METRIC_F1] = ratio(2 * correct, predicted + support);
}

static void measure_averages(const qs_tally *tally, double *values)
{
    double precision = 0, recall = 0, f1 = 0, balanced = 0;
    double weighted_precision = 0, weighted_recall = 0, weighted_f1 = 0;
    double present = 0, with_support = 0;
    const double rows = (double)tally->rows;
    for (uint32_t i = 0; i < tally->labels; i++) {
        double one[QS_LABEL_METRIC_COUNT];
        if (tally->support[i] + tally->predicted[i] == 0)
            continue; /* not in this sample: no part of the mean */
        qs_tally_measure_label(tally, i, one);
        const double p = zero_if_undefined(one[QS_LABEL_METRIC_PRECISION]);
        const double r = zero_if_undefined(one[QS_LABEL_METRIC_RECALL]);
        const double f = one[QS_LABEL_METRIC_F1];
        const double weight = (double)tally->support[i];
        present += 1;
        precision += p;
        recall += r;
        f1 += f;
        weighted_precision += weight * p;
        weighted_recall += weight * r;
        weighted_f1 += weight * f;
        if (tally->support[i] > 0) {
            with_support += 1;
            balanced += r;
        }
    }
    values[QS_METRIC_BALANCED_ACCURACY] = ratio(balanced, with_support);
    values[QS_METRIC_MACRO_PRECISION] = ratio(precision, present);
    values[QS_METRIC_MACRO_RECALL] = ratio(recall, present);
    values[QS_METRIC_MACRO_F1] = ratio(f1, present);
    values[QS_METRIC_WEIGHTED_PRECISION] = ratio(weighted_precision, rows);
    values[QS_METRIC_WEIGHTED_RECALL] = ratio(weighted_recall, rows);
    values[QS_METRIC_WEIGHTED_F1] = ratio(weighted_f1, rows);
}

static double f1_or_zero(const qs_tally *tally, uint32_t label)
{
    double values[QS_LABEL_METRIC_COUNT];
    if (label == QS_NO_LABEL)
        return 0;
    qs_tally_measure_label(tally, label, values);
    return zero_if_undefined(values[QS_LABEL_METRIC_F1]);
}

static double f_avg(const qs_tally *tally)
{
    if (tally->rows == 0 || (tally->favor == QS_NO_LABEL && tally->against == QS_NO_LABEL))
        return NAN;
    return (f1_or_zero(tally, tally->favor) + f1_or_zero(tally, tally->against)) / 2;
}

void qs_tally_measure(const qs_tally *tally, double *values)
{
    double correct = 0, answered = 0, cross = 0, gold_squares = 0, answer_squares = 0;
    double answered_cross = 0; /* for alpha: pairs of equal values among all values */
    const double rows = (double)tally->rows;
    for (uint32_t i = 0; i < tally->labels; i++) {
        const double support = (double)tally->support[i];
        const double predicted = (double)tally->predicted[i];
        const double both = (double)tally->answered_support[i] + predicted;
        correct += (double)tally->correct[i];
        answered += predicted;
        cross += support * predicted;
        gold_squares += support * support;
        answer_squares += predicted * predicted;
        answered_cross += both * (both - 1);
    }
    const double abstained = rows - answered;
    answer_squares += abstained * abstained;
    measure_averages(tally, values);
    values[QS_METRIC_ACCURACY] = ratio(correct, rows);
    values[QS_METRIC_MICRO_PRECISION] = ratio(correct, answered);
    values[QS_METRIC_MICRO_RECALL] = ratio(correct, rows);
    values[QS_METRIC_MICRO_F1] = ratio(2 * correct, answered + rows);
    values[QS_METRIC_F_AVG] = f_avg(tally);
    const double square = rows * rows;
    values[QS_METRIC_COHEN_KAPPA] = ratio(correct * rows - cross, square - cross);
    const double spread = (square - gold_squares) * (square - answer_squares);
    values[QS_METRIC_MATTHEWS] = ratio(correct * rows - cross, sqrt(spread));
    /* alpha = 1 - Do / De over the 2 * answered values of the rows with both */
    const double all_pairs = 2 * answered * (2 * answered - 1);
    const double unequal = all_pairs - answered_cross;
    values[QS_METRIC_KRIPPENDORFF_ALPHA] =
        unequal > 0 ? 1 - (answered - correct) * 2 * (2 * answered - 1) / unequal : NAN;
    values[QS_METRIC_COVERAGE] = ratio(answered, rows);
}
