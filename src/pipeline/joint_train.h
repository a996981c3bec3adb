/* All heads of a corpus learnt together, with their outputs on rows they have not seen. SPDX-License-Identifier: MIT */
#ifndef QS_PIPELINE_JOINT_TRAIN_H
#define QS_PIPELINE_JOINT_TRAIN_H

#include "model/learner.h"
#include "pipeline/fold_vectors.h"

/** What to learn from; everything is [borrowed]. */
typedef struct qs_joint_plan {
    const qs_vectors *vectors;
    size_t feature_count;
    const qs_head_plan *heads; /* rows are vector rows */
    size_t head_count;
    const qs_fold_source *source; /* makes the vectors of each fold; its folds are dealt together */
    uint32_t fold_count;
    const char *class_weight;
    double c; /* of qs_joint_train */
    double share; /* among heads that have the same labels; 0: each head by itself */
    uint64_t seed;
    size_t jobs;
} qs_joint_plan;

/** Learns each label against the rest on all rows: learned[h] is head h (release with qs_learned_free). The result does not depend
 *  on `jobs`. QS_EUSAGE, QS_ENOMEM. */
QS_NODISCARD qs_status qs_joint_train(qs_learned *learned, const qs_joint_plan *plan, qs_error *err);

/** The same without each fold in turn, by each of the costs: outputs[k][h], where it is not NULL, gets row_count x
 *  qs_output_count(QS_ONE_VS_REST, labels) outputs by costs[k], each by what was learnt, and by vectors made, without the row's
 *  fold. Heads that share learn from the rows of all of them outside the fold. */
QS_NODISCARD qs_status qs_joint_hold_out(double *const *const *outputs, const double *costs, size_t cost_count,
                                         const qs_joint_plan *plan, qs_error *err);

#endif
