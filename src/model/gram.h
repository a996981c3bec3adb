/* All inner products of a set of vectors, computed once and shared by folds and costs.
 * SPDX-License-Identifier: MIT */
#ifndef QS_MODEL_GRAM_H
#define QS_MODEL_GRAM_H

#include "features/vector.h"

/** products[i * rows + j] = <row i, row j>, symmetric to the bit. */
typedef struct qs_gram {
    size_t rows;
    double *products;
} qs_gram;

/** Bytes that a Gram matrix of so many rows takes in training. */
size_t qs_gram_bytes(size_t rows);

/** Computes all products through an inverted index on up to `jobs` threads; sums run in ascending feature
 *  order in double, so that the bits depend on the vectors alone. QS_ENOMEM. */
QS_NODISCARD qs_status qs_gram_compute(qs_gram *out, const qs_vectors *vectors, size_t feature_count,
                                       size_t jobs, qs_error *err);
void qs_gram_free(qs_gram *gram);

#endif
