/* Fitting probabilities to out-of-fold outputs. SPDX-License-Identifier: MIT */
#ifndef QS_MODEL_CALIBRATION_H
#define QS_MODEL_CALIBRATION_H

#include "model/model.h"

typedef enum qs_calibration_kind {
    QS_CALIBRATE_TEMPERATURE = 0, /**< one factor; never moves a label */
    QS_CALIBRATE_PLATT = 1,       /**< factor and a bias for each label; may move labels */
    QS_CALIBRATE_ISOTONIC = 2     /**< factor and an increasing curve; never moves a label */
} qs_calibration_kind;

/** Fits head->calibration (memory from `arena`, which must be the model's) to outputs[rows][head->output_count] (the head's
 *  columns alone) of rows the head's like was not trained on, with labels[rows]. A row whose label is >= label_count is
 *  passed over. `shift` (one per label, or NULL) is added to the scores first and kept in the calibration; with it the
 *  Platt way fits the factor alone. Deterministic. QS_EINPUT if no row is left; QS_ENOMEM. */
QS_NODISCARD qs_status qs_calibration_fit(qs_head *head, qs_arena *arena, qs_calibration_kind kind,
                                          const double *outputs, const uint32_t *labels, size_t rows,
                                          const double *shift, qs_error *err);

/** Mean over rows of the squared distance between probabilities and the true label, by the head's present
 *  calibration; 0 (best) to 2. */
double qs_calibration_brier(const qs_head *head, const double *outputs, const uint32_t *labels,
                            size_t rows);

#endif
