/* Vectors in which nothing is known of the rows of one fold. SPDX-License-Identifier: MIT */
#ifndef QS_PIPELINE_FOLD_VECTORS_H
#define QS_PIPELINE_FOLD_VECTORS_H

#include "features/refit.h"
#include "pipeline/heads.h"

/** What they are made from; everything is [borrowed]. */
typedef struct qs_fold_source {
    const qs_vocabulary *vocabulary; /* as built, not yet weighed by labels */
    const qs_vectors *vectors;
    const qs_feature_spec *spec;
    const qs_head_plan *heads;
    size_t head_count;
    uint32_t *const *folds; /* per head: fold of each of its rows; NULL: no row of the head is ever held out */
    bool odds;
    double evidence;
    double char_weight; /* of character n-grams beside words; 0: as they are */
} qs_fold_source;

/** Fills *out, which is empty, with all rows as the rows outside `fold` would have them: document frequencies, the choice of n-grams
 *  and, for odds, what the labels tell. n-grams are numbered anew. *out [owned]. QS_EINPUT, QS_ELIMIT, QS_ENOMEM. */
QS_NODISCARD qs_status qs_fold_vectors_make(qs_vectors *out, const qs_fold_source *source, uint32_t fold, size_t jobs,
                                            qs_error *err);

#endif
