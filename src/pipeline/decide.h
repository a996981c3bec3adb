/* Shifting scores so that a metric of the labels is best. SPDX-License-Identifier: MIT */
#ifndef QS_PIPELINE_DECIDE_H
#define QS_PIPELINE_DECIDE_H

#include "model/model.h"
#include "pipeline/heads.h"
#include "quotestance/evaluation.h"

/** Scores of rows by models that have not seen them. */
typedef struct qs_decide_set {
    const qs_head_plan *heads;
    size_t head_count;
    double *const *scores;    /**< per head: row_count x label_count, or NULL: the head does not count */
    uint32_t *const *folds;   /**< per head: fold of each row */
    uint32_t fold_count;
    qs_metric metric;         /**< macro F1, F_avg or accuracy, all heads pooled */
} qs_decide_set;

/** The metric of the labels as the scores have them; and of the labels that they give when each fold's scores are made log
 *  probabilities and shifted by what is best for the other folds. QS_ENOMEM. */
QS_NODISCARD qs_status qs_decide_measure(double *plain, double *shifted, const qs_decide_set *set, qs_error *err);

/** The same by outputs, one for each label (QS_ONE_VS_REST; a head with NULL does not count), in place of set->scores. QS_ENOMEM. */
QS_NODISCARD qs_status qs_decide_measure_outputs(double *plain, double *shifted, const qs_decide_set *set,
                                                 double *const *outputs, qs_error *err);

/** What to add to the scores of each label so that the metric is best on all rows: the head's own biases, which make log
 *  probabilities of them, and a shift, by name of the label the same for all heads. shifts[h][l], from `arena`;
 *  *shifts is NULL if there are too many names of labels to search. QS_ENOMEM. */
QS_NODISCARD qs_status qs_decide_fit(double ***shifts, qs_arena *arena, const qs_decide_set *set, qs_error *err);

#endif
