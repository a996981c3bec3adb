/* Rows in order of a score, and the areas that follow from the order. SPDX-License-Identifier: MIT */
#ifndef QS_EVALUATION_RANKING_H
#define QS_EVALUATION_RANKING_H

#include "base/arena.h"
#include "quotestance/evaluation.h"

/** Scores of the hits and of the misses, apart: two plain arrays sort much faster than pairs.
 *  Zero-initialise; qs_ranking_free releases. */
typedef struct qs_ranking {
    uint64_t *hits, *misses; /* bit patterns of scores; those are not negative, so they sort as numbers */
    uint64_t *scratch;
    size_t hit_count, miss_count;
} qs_ranking;

/** Room for `count` rows. QS_ENOMEM. */
QS_NODISCARD qs_status qs_ranking_make(qs_ranking *ranking, size_t count, qs_error *err);
void qs_ranking_free(qs_ranking *ranking);
void qs_ranking_clear(qs_ranking *ranking);
/** Adds a row with a score in [0, 1]. */
void qs_ranking_add(qs_ranking *ranking, double score, int hit);

/** Areas under ROC and (step-wise) precision-recall, NaN where undefined; curves of at most 201 points in
 *  the arena unless NULL. QS_ENOMEM. */
QS_NODISCARD qs_status qs_ranking_areas(qs_ranking *ranking, qs_arena *arena, double *roc_auc,
                                        double *average_precision, qs_curve *roc,
                                        qs_curve *precision_recall, qs_error *err);

/** Mean share of misses among the first i rows, over all i; rows of equal score share their misses evenly.
 *  The curve as above. QS_ENOMEM. */
QS_NODISCARD qs_status qs_ranking_risk(qs_ranking *ranking, qs_arena *arena, double *area, qs_curve *curve,
                                       qs_error *err);

#endif
