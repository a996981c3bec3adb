/* Weights of n-grams by what they tell about the labels. SPDX-License-Identifier: MIT */
#ifndef QS_FEATURES_ODDS_H
#define QS_FEATURES_ODDS_H

#include "features/vector.h"

/** One question's labels: labels[i] of vector row rows[i], below label_count. */
typedef struct qs_labelling {
    const uint32_t *rows;
    const uint32_t *labels;
    size_t count;
    size_t label_count;
} qs_labelling;

/** Multiplies each n-gram's idf by a constant plus the root mean square, over labels and questions, of its smoothed log odds ratio:
 *  the scaling of naive-Bayes SVMs (Wang and Manning 2012) made the same for all labels, so that it is part of the
 *  idf and nothing else changes. Rows are rescaled to match. With `evidence` > 0, n-grams of 16 or more items whose likelihood
 *  ratio (G2) for each of these items is below it, for every question, are dropped from vocabulary and rows. The spec must weigh by tf-idf. Needs the
 *  blocks that qs_vocabulary_build notes, and leaves the look-up table to be made anew. The result depends on neither `jobs` nor the
 *  order of features. QS_ENOMEM, QS_ELIMIT. */
QS_NODISCARD qs_status qs_odds_apply(qs_vocabulary *vocabulary, qs_vectors *vectors, const qs_feature_spec *spec,
                                     const qs_labelling *labellings, size_t count, double evidence, size_t jobs,
                                     qs_error *err);

#endif
