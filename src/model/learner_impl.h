/* Between learner.c and the solvers' files. SPDX-License-Identifier: MIT */
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
    const struct qs_linear_form *linear;   /**< shared vectors in liblinear's form */
    const struct qs_descent_form *descent; /**< or in that of our own descent */
    size_t column;          /**< linear solvers: the first of the head's columns that this child learns */
} qs_task;

/** All rows of a set of vectors as liblinear reads them, made once before the children start. Columns stand by falling
 *  frequency, so that the weights that are touched most lie together. */
typedef struct qs_linear_form {
    void *nodes;
    uint64_t *starts;  /**< of each row in nodes */
    uint32_t *columns; /**< of each feature, from 0 */
    size_t rows;
    size_t features;
} qs_linear_form;

/** Converts on up to `jobs` threads. With `spent` (the same vectors) indices and values are given up piece by piece, so
 *  that never both forms are in memory whole: only starts are left. Release with qs_linear_form_free, also after a
 *  failure. QS_ENOMEM. */
QS_NODISCARD qs_status qs_linear_form_make(qs_linear_form *out, const qs_vectors *vectors, qs_vectors *spent,
                                           size_t jobs, qs_error *err);
void qs_linear_form_free(qs_linear_form *form);

/** Labels that our own descent learns at once. */
#define QS_DESCENT_LANES 4

/** All rows of a set of vectors as our own descent reads them: values as they are, columns as above for indices. */
typedef struct qs_descent_form {
    uint32_t *indices; /**< of each entry */
    uint32_t *columns; /**< of each feature, from 0 */
    qs_vectors *spent; /**< whose indices these are, or NULL */
} qs_descent_form;

/** As qs_linear_form_make; `spent` gets other indices, and is given up with the form. */
QS_NODISCARD qs_status qs_descent_form_make(qs_descent_form *out, const qs_vectors *vectors, qs_vectors *spent,
                                            size_t jobs, qs_error *err);
void qs_descent_form_free(qs_descent_form *form);

/** A column for each feature, from 0, by falling frequency: *out [owned]. QS_ENOMEM. */
QS_NODISCARD qs_status qs_rank_columns(uint32_t **out, const qs_vectors *vectors, qs_error *err);

/** Labels that have rows, ascending, into labels[QS_MODEL_MAX_LABELS]; how many. */
size_t qs_labels_present(const qs_task *task, uint32_t *labels);

/** Columns that linear solvers learn for the task: one for two labels present, else one for each label present. */
size_t qs_linear_columns(const qs_task *task);

/** Class weights of the rows of a column's label, and of the rest (which weighs 1 if it is more than one label). */
void qs_column_weights(double weights[2], const qs_task *task, const uint32_t *labels, size_t present, size_t column);

/** The rows of a set and how many. */
size_t qs_set_rows(const qs_training_set *set);
uint32_t qs_set_row(const qs_training_set *set, size_t i);

/** Checks before any work. QS_EUSAGE, QS_EINPUT, QS_ELIMIT. */
QS_NODISCARD qs_status qs_learner_check_options(const qs_learner_options *options, size_t label_count,
                                                qs_error *err);
QS_NODISCARD qs_status qs_learner_check_set(const qs_training_set *set, qs_error *err);

/** libsvm's form of a Gram matrix of `gram`; release with qs_free. NULL if there is no memory. */
void *qs_svm_gram_nodes(const qs_gram *gram);

/** In the child: trains and writes the answer; for liblinear the task's column alone, for our own descent that one and those
 *  that go with it. */
QS_NODISCARD qs_status qs_svm_train(const qs_task *task, qs_buf *answer, qs_error *err);
QS_NODISCARD qs_status qs_linear_train(const qs_task *task, qs_buf *answer, qs_error *err);
QS_NODISCARD qs_status qs_descent_train(const qs_task *task, qs_buf *answer, qs_error *err);

/** Linear outputs, one label against the rest, all 0; on failure too released with qs_learned_free. QS_ENOMEM. */
QS_NODISCARD qs_status qs_linear_open(qs_learned *out, size_t label_count, size_t feature_count, qs_error *err);

/** In the parent: the answer, checked. qs_svm_unpack leaves support vectors, qs_linear_unpack weights, from the answers of
 *  all columns of the task. */
QS_NODISCARD qs_status qs_svm_unpack(qs_learned *out, const qs_task *task, qs_str answer, qs_error *err);
QS_NODISCARD qs_status qs_linear_unpack(qs_learned *out, const qs_task *task, const qs_buf *answers,
                                        size_t count, qs_error *err);

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
