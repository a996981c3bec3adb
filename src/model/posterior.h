/* Scores to log probabilities, by maximum likelihood. SPDX-License-Identifier: MIT */
#ifndef QS_MODEL_POSTERIOR_H
#define QS_MODEL_POSTERIOR_H

#include "base/error.h"

#define QS_POSTERIOR_LABELS 8

/** P(label) ~ exp(temperature * score[label] + bias[label]). */
typedef struct qs_posterior {
    size_t labels; /**< at most QS_POSTERIOR_LABELS */
    double temperature;
    double bias[QS_POSTERIOR_LABELS];
} qs_posterior;

/** Fits to scores[rows][labels] of rows whose labels are truth[rows]; rows with a label >= labels are passed over. Biases are held
 *  near 0 by the weight of one row. Without rows: temperature 1, no bias. Deterministic. */
qs_posterior qs_posterior_fit(const double *scores, const uint32_t *truth, size_t rows, size_t labels);

/** Log probability of each label. */
void qs_posterior_logs(const qs_posterior *posterior, const double *scores, double *logs);

#endif
