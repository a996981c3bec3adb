/* Between learner.c and the two solvers' files. SPDX-License-Identifier: MIT */
#ifndef QS_MODEL_LEARNER_IMPL_H
#define QS_MODEL_LEARNER_IMPL_H

#include "base/buf.h"
#include "model/learner.h"

/** What the child is to do; everything is ready before the fork. */
typedef struct qs_task {
    const qs_vectors *vectors;
    size_t feature_count;
    size_t label_count;
    const qs_learner_options *options;
    uint32_t *rows;    /**< grouped by label, ascending within: the solvers number labels by first sight */
    double *targets;   /**< label number + 1 of each row */
    size_t row_count;
    const void *gram_nodes; /**< shared products in libsvm's form, or NULL */
    size_t gram_rows;
} qs_task;

/** libsvm's form of a Gram matrix of `gram`; release with qs_free. NULL if there is no memory. */
void *qs_svm_gram_nodes(const qs_gram *gram);

/** In the child: trains and writes the answer. */
QS_NODISCARD qs_status qs_svm_train(const qs_task *task, qs_buf *answer, qs_error *err);
QS_NODISCARD qs_status qs_linear_train(const qs_task *task, qs_buf *answer, qs_error *err);

/** In the parent: the answer, checked. qs_svm_unpack leaves support vectors, qs_linear_unpack weights. */
QS_NODISCARD qs_status qs_svm_unpack(qs_learned *out, const qs_task *task, qs_str answer, qs_error *err);
QS_NODISCARD qs_status qs_linear_unpack(qs_learned *out, const qs_task *task, qs_str answer,
                                        qs_error *err);

/** Support vectors of a linear kernel become one weight for each feature and output. QS_ENOMEM. */
QS_NODISCARD qs_status qs_learned_collapse(qs_learned *learned, const qs_vectors *vectors, qs_error *err);

/** A solver's pseudo-random seed. */
static inline unsigned qs_solver_seed(uint64_t seed)
{
    return (unsigned)(seed ^ (seed >> 32));
}

/** Column of the pair (a, b), a < b, of `labels` labels in libsvm's order. */
static inline size_t qs_pair_output(size_t a, size_t b, size_t labels)
{
    return a * labels - a * (a + 1) / 2 + (b - a - 1);
}

#endif
