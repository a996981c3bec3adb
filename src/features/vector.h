/* Sparse vectors in one contiguous array. SPDX-License-Identifier: MIT */
#ifndef QS_FEATURES_VECTOR_H
#define QS_FEATURES_VECTOR_H

#include "features/vocabulary.h"

/** Rows of (index, value), compressed: row r is entries [starts[r], starts[r + 1]), indices from 0 strictly
 *  ascending. Zero-initialise, release with qs_vectors_free. */
typedef struct qs_vectors {
    size_t rows;
    size_t features;   /**< width: every index is below */
    uint64_t *starts;  /**< rows + 1 */
    uint32_t *indices;
    float *values;
    size_t capacity;       /* of indices and values */
    size_t value_capacity;
    size_t start_capacity;
} qs_vectors;

/** The value of each n-gram of `bag` in row form: scaled per spec and sorted by index; appended to `out`. n-grams not in
 *  the vocabulary are left out (*unknown, may be NULL, counts them) and do not count toward the length.
 *  QS_ENOMEM. */
QS_NODISCARD qs_status qs_vectors_add(qs_vectors *out, const qs_vocabulary *vocabulary,
                                      const qs_feature_spec *spec, const qs_bag *bag,
                                      size_t *unknown, qs_error *err);

/** The vectors of many items, on `jobs` threads; the result does not depend on how many. QS_ENOMEM. */
QS_NODISCARD qs_status qs_vectors_build(qs_vectors *out, const qs_vocabulary *vocabulary,
                                        const qs_feature_spec *spec, const qs_item *items, size_t count,
                                        size_t jobs, qs_error *err);

/** The rows `rows[0..count)` of `from`, copied. QS_ENOMEM. */
QS_NODISCARD qs_status qs_vectors_select(qs_vectors *out, const qs_vectors *from, const uint32_t *rows,
                                         size_t count, qs_error *err);

/** Gives back the memory of what follows the first `entries` entries; `starts` stays as it is. */
void qs_vectors_cut(qs_vectors *vectors, size_t entries);

void qs_vectors_free(qs_vectors *vectors);

/** Weight of an n-gram before scaling: 1, or (1 + ln count) * idf. */
double qs_ngram_weight(const qs_feature_spec *spec, uint32_t count, float idf);

#endif
