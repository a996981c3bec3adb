/* Vocabulary and vectors as a part of the rows alone would have made them. SPDX-License-Identifier: MIT */
#ifndef QS_FEATURES_REFIT_H
#define QS_FEATURES_REFIT_H

#include "features/vector.h"

/** Counts n-grams anew in the rows r with seen[r] != 0: those in fewer than spec->min_df of them are left out, the rest numbered
 *  anew and weighed by these rows, and all rows, seen or not, scaled to match. The result is that of qs_vocabulary_build and
 *  qs_vectors_build on the seen rows (up to the rounding of floats), without hashes and look-up table, so that nothing
 *  known of a row that is to be judged goes into the judgement. `vocabulary` must be as qs_vocabulary_build left it. *out_vocabulary
 *  and *out are [owned], empty on failure. QS_EINPUT if no n-gram is left; QS_ENOMEM. */
QS_NODISCARD qs_status qs_vectors_refit(qs_vocabulary *out_vocabulary, qs_vectors *out, const qs_vocabulary *vocabulary,
                                        const qs_vectors *vectors, const qs_feature_spec *spec,
                                        const unsigned char *seen, qs_error *err);

/** Scales the values of one row as spec.norm asks for. `blocks` are those of the features. */
void qs_row_scale(float *values, const uint32_t *indices, const unsigned char *blocks, size_t count, uint32_t norm);

/** True for a block of character n-grams. */
static inline bool qs_block_has_chars(unsigned char block)
{
    return block % 2 == 1;
}

/** Multiplies the values of character n-grams; `blocks` as above. */
void qs_chars_weigh(qs_vectors *vectors, const unsigned char *blocks, double weight);

#endif
