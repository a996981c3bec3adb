/* Probabilities of all heads from outputs on rows they were not trained on. SPDX-License-Identifier: MIT */
#ifndef QS_PIPELINE_CALIBRATE_H
#define QS_PIPELINE_CALIBRATE_H

#include "model/calibration.h"
#include "pipeline/heads.h"

/** Fits the calibration of model->heads[h], planned as heads[h], to outputs[h] (row_count x its output_count; NULL: the head is
 *  left as it is). With options->decide_by the labels of all heads are first shifted so that this metric is best. Of the ways
 *  that options->calibration allows the one with the best Brier score across folds is taken, a curve for joint outputs only if it is
 *  clearly better. QS_EUSAGE: unknown metric or way; QS_ENOMEM. */
QS_NODISCARD qs_status qs_heads_calibrate(qs_model *model, const qs_head_plan *heads, size_t head_count,
                                          double *const *outputs, uint32_t *const *folds, uint32_t fold_count,
                                          const qs_train_options *options, qs_error *err);

/** Scores of each label from the outputs of a head: scores[row_count x label_count], from `arena`; NULL without memory. */
double *qs_heads_scores(const qs_head *head, const qs_head_plan *plan, const double *outputs, qs_arena *arena);

#endif
