/* Vectors and labels to the outputs of one head. The solvers run in a child process, so that their failures,
 * their random numbers and their printing stay there. SPDX-License-Identifier: MIT */
#ifndef QS_MODEL_LEARNER_H
#define QS_MODEL_LEARNER_H

#include "features/vector.h"
#include "model/gram.h"
#include "model/model.h"

typedef enum qs_solver {
    QS_C_SVC = 0,           /**< libsvm */
    QS_NU_SVC = 1,          /**< libsvm */
    QS_LINEAR_SVC = 2,      /**< liblinear, L2-regularised L2-loss, dual */
    QS_LINEAR_LOGISTIC = 3, /**< liblinear, L2-regularised logistic regression, dual */
    QS_LINEAR_SVC_L1LOSS = 4, /**< liblinear, L2-regularised hinge loss, dual */
    QS_DESCENT_SVC = 5        /**< the problem of QS_LINEAR_SVC by our own descent, several labels at once */
} qs_solver;

/** Fill with qs_learner_defaults, then change. */
typedef struct qs_learner_options {
    qs_solver solver;
    qs_kernel kernel; /**< libsvm only */
    double c;         /**< cost, > 0 */
    double nu;        /**< QS_NU_SVC, in (0, 1] */
    double gamma;     /**< RBF, polynomial; > 0 */
    double coef0;     /**< polynomial */
    uint32_t degree;  /**< polynomial, 1..16 */
    double tolerance; /**< stopping criterion; 0: the solver's usual one */
    const double *class_weights; /**< one per label, or NULL; [borrowed] */
    uint64_t seed;
} qs_learner_options;

/** C-SVC, linear, C 1, no class weights. */
qs_learner_options qs_learner_defaults(void);

/** What to learn from. Labels are numbers below label_count, one for each row of `vectors`. */
typedef struct qs_training_set {
    const qs_vectors *vectors;
    size_t feature_count;
    const uint32_t *labels;
    size_t label_count;
    const uint32_t *rows; /**< the rows to use, ascending; NULL: all */
    size_t row_count;     /**< used only with rows */
} qs_training_set;

/** The outputs of one head, by weights or by support vectors. Release with qs_learned_free. */
typedef struct qs_learned {
    qs_decision decision;
    qs_kernel kernel;
    size_t label_count;
    size_t output_count;
    size_t feature_count;
    double *bias;          /**< output_count */
    float *weights;        /**< linear: feature_count x output_count; else NULL */
    uint32_t *support;     /**< no weights: rows of `vectors`, by label, then row */
    size_t support_count;
    double *coefficients;  /**< no weights: support_count x output_count */
} qs_learned;

void qs_learned_free(qs_learned *learned);

/** Weights by the mode "balanced": rows / (labels present * rows of the label); 1 for a label without rows. */
void qs_balanced_weights(const qs_training_set *set, double *weights);

/** Outputs of what was learned for a row: outputs[learned->output_count]. With weights; any thread. */
void qs_learned_decide(const qs_learned *learned, const qs_vectors *vectors, size_t row, double *outputs);
/** The same from support vectors of a linear kernel and the products of all rows. Any thread. */
void qs_learned_decide_gram(const qs_learned *learned, const qs_gram *gram, size_t row, double *outputs);

/** Learns. Not while the process has other threads running. QS_EINPUT: no rows, one class only, a value that is not finite; QS_EUSAGE: an option
 *  out of range; QS_ENOMEM: memory, also when the child died for lack of it; QS_EINTERRUPTED. */
QS_NODISCARD qs_status qs_learn(qs_learned *out, const qs_training_set *set,
                                const qs_learner_options *options, qs_error *err);

/** One of many trainings: a set of rows and options, and where the result goes. */
typedef struct qs_learn_job {
    qs_training_set set;
    qs_learner_options options;
    const qs_gram *gram; /**< for a linear kernel in libsvm: products of all rows of the vectors, or NULL */
    bool keep_support;   /**< leave a linear kernel as support vectors, for qs_learned_decide_gram */
    qs_learned learned;  /**< filled */
} qs_learn_job;

/** Runs all jobs in up to `processes` children at once; results do not depend on how many. On failure
 *  what was learned is released. Statuses as qs_learn. */
QS_NODISCARD qs_status qs_learn_many(qs_learn_job *jobs, size_t count, size_t processes,
                                     qs_error *err);

/** As qs_learn_many; `spent` (NULL: none) are vectors of the jobs that are not needed any more: if all their jobs are
 *  liblinear's, indices and values are given up while they are converted, and only `starts` is left. */
QS_NODISCARD qs_status qs_learn_all(qs_learn_job *jobs, size_t count, size_t processes, qs_vectors *spent,
                                    qs_error *err);

/** Moves what was learned into a new head of the model: name and labels are [copied], labels strictly ascending;
 *  model->feature_count must be set before. Linear heads add columns to the weights. Calibration starts as
 *  temperature 1. Heads must be added in ascending order of name. The vectors are those that `learned`
 *  came from. QS_EUSAGE, QS_ENOMEM. */
QS_NODISCARD qs_status qs_model_add_head(qs_model *model, qs_str name, const qs_str *labels,
                                         const qs_learned *learned, const qs_vectors *vectors,
                                         const qs_learner_options *options, qs_error *err);

#endif
