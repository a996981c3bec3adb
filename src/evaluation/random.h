/* Draws from distributions, and the normal curve. SPDX-License-Identifier: MIT */
#ifndef QS_EVALUATION_RANDOM_H
#define QS_EVALUATION_RANDOM_H

#include "base/rng.h"

/** Successes in `trials` draws of probability `p` in [0, 1]; exact (inversion, or the transformed rejection
 *  of Hoermann 1993), so its time does not grow with `trials`. */
uint64_t qs_binomial_draw(qs_rng *rng, uint64_t trials, double p);

/** P(Z <= z) of the standard normal. */
double qs_normal_below(double z);
/** The z with P(Z <= z) = p; p in (0, 1). */
double qs_normal_quantile(double p);

/** Logarithm of n!. */
double qs_log_factorial(uint64_t n);

#endif
