/* Vectors to outputs, scores, probabilities and the label. SPDX-License-Identifier: MIT */
#ifndef QS_MODEL_PREDICT_H
#define QS_MODEL_PREDICT_H

#include "model/model.h"

/** All outputs of all heads for one vector (indices strictly ascending; those >= feature_count are passed
 *  over): outputs[model->output_count]. Sums run in double in ascending feature order, so that every caller
 *  gets the same bits. Any thread. */
void qs_model_decide(const qs_model *model, const uint32_t *indices, const float *values, size_t count,
                     double *outputs);

/** Label scores of a head from the model's outputs; returns the label that wins by the decision rule (votes as
 *  in libsvm, ties to the earlier label), which also has the highest score. scores[label_count]. */
size_t qs_head_scores(const qs_head *head, const double *outputs, double *scores);

/** Probabilities from scores by the head's calibration; they sum to 1. Returns the label, which is always the
 *  argmax (first of equals); without label_bias it is `winner` as qs_head_scores returned it. */
size_t qs_head_calibrate(const qs_head *head, const double *scores, size_t winner,
                         double *probabilities);

/** Both steps: outputs (of the whole model) to probabilities[label_count]; returns the label. */
size_t qs_head_predict(const qs_head *head, const double *outputs, double *probabilities);

#endif
