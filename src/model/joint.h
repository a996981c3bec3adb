/* Linear support vector machines of several tasks that share a part of their weights, with a cost for each row: what neither
 * libsvm nor liblinear takes. SPDX-License-Identifier: MIT */
#ifndef QS_MODEL_JOINT_H
#define QS_MODEL_JOINT_H

#include "features/vector.h"

/** Rows to learn one two-way decision from. All arrays are numbered by entry. */
typedef struct qs_joint_set {
    const qs_vectors *vectors;
    size_t feature_count;
    const uint32_t *rows;   /**< the vector of each entry */
    const uint32_t *tasks;  /**< below task_count */
    const double *costs;    /**< > 0 */
    size_t entry_count;
    size_t task_count;
    double share; /**< 0: each task learns by itself; 1: they are one */
} qs_joint_set;

/** A solution, and scratch memory for the next. Zero-initialise, release with qs_joint_free. One thread at a time. */
typedef struct qs_joint {
    float *weights; /* (feature_count + 1) x (1 + task_count): the shared part, then each task's own; the bias last */
    size_t weight_capacity;
    double *alphas;
    size_t alpha_capacity;
    uint32_t *order;
    size_t order_capacity;
    double *lengths; /* squared, of the entries */
    size_t length_capacity;
    size_t width;
    double share;
} qs_joint;

/** Learns to tell entries with signs[i] > 0 from those with signs[i] < 0 among `entries[0..count)`: L2-regularised, L2-loss, by
 *  dual coordinate descent (Hsieh et al. 2008) over the kernel (share + (1 - share) * [same task]) * (<x, y> + 1).
 *  Deterministic. QS_ENOMEM. */
QS_NODISCARD qs_status qs_joint_learn(qs_joint *joint, const qs_joint_set *set, const uint32_t *entries,
                                      size_t count, const signed char *signs, double c, uint64_t seed,
                                      qs_error *err);

/** The output for an entry of the set. */
double qs_joint_output(const qs_joint *joint, const qs_joint_set *set, size_t entry);

/** The weight of a feature (feature_count: the bias) in a task. */
static inline double qs_joint_weight(const qs_joint *joint, size_t feature, size_t task)
{
    const float *row = joint->weights + feature * joint->width;
    return joint->share * (double)row[0] + (1 - joint->share) * (double)row[1 + task];
}

void qs_joint_free(qs_joint *joint);

#endif
