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

/** Bytes that a Gram matrix of so many rows takes while a solver works with it. */
size_t qs_gram_bytes(size_t rows);

/** Computes the products of rows[0..count) of `vectors` (NULL: of all) through an inverted index on up to `jobs`
 *  threads; sums run in ascending feature order in double, so that the bits depend on the vectors
 *  alone. QS_ENOMEM. */
QS_NODISCARD qs_status qs_gram_compute(qs_gram *out, const qs_vectors *vectors, const uint32_t *rows,
                                       size_t count, size_t jobs, qs_error *err);
void qs_gram_free(qs_gram *gram);

#endif
