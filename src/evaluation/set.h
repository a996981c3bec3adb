/* One set of rows on its way to figures. SPDX-License-Identifier: MIT */
#ifndef QS_EVALUATION_SET_H
#define QS_EVALUATION_SET_H

#include "evaluation/entries.h"

/** The rows of a head, a slice or all, and their labels numbered in byte order. */
typedef struct qs_set {
    const qs_evaluation *evaluation;
    const uint32_t *rows; /* row numbers, `count` of them */
    size_t count;
    const uint32_t *label_order; /* all labels of the evaluation in byte order */
    uint32_t labels;             /* labels in gold or predicted */
    uint32_t *label_number;      /* of each, in the evaluation; room for all */
    uint32_t *local;             /* by number in the evaluation, QS_NO_LABEL if not in the set; room for all */
    qs_tally tally;
    const qs_measure_options *options;
    qs_arena *arena; /* of the metrics, for what is kept */
} qs_set;

/** The label number within the set. */
static inline uint32_t qs_set_label(const qs_set *set, uint32_t number)
{
    return number == QS_NO_LABEL ? QS_NO_LABEL : set->local[number];
}

/** What the probabilities of one row are worth. */
typedef struct qs_row_scores {
    double confidence; /* highest probability */
    int right;         /* its label is the gold label */
    double brier;
    double log_loss;
} qs_row_scores;

/** Of row `number` of the evaluation; it has probabilities. */
qs_row_scores qs_set_row_scores(const qs_set *set, size_t number);

/** The bin of the reliability figure that a confidence lies in. */
static inline int qs_calibration_bin_of(double confidence)
{
    return confidence >= 1 ? QS_CALIBRATION_BINS - 1 : (int)(confidence * QS_CALIBRATION_BINS);
}

/** Fills in everything but name and column; `set` needs the rows, the label order, room and where to. QS_ENOMEM. */
QS_NODISCARD qs_status qs_set_measure(qs_set *set, qs_metric_set *out, qs_error *err);

/** Fills in the figures that need probabilities, curves and notes. */
QS_NODISCARD qs_status qs_set_measure_probabilities(const qs_set *set, qs_metric_set *out,
                                                    qs_label_metrics *labels, qs_error *err);

/** Fills in the intervals of the figures that need probabilities; none where that would take billions of steps.
 *  QS_ENOMEM. */
QS_NODISCARD qs_status qs_set_bootstrap_scores(const qs_set *set, qs_metric_set *out, qs_error *err);

/** Fills in the other intervals, groups and undefined rounds. */
QS_NODISCARD qs_status qs_set_bootstrap(const qs_set *set, qs_metric_set *out,
                                        qs_label_metrics *labels, qs_error *err);

#endif
