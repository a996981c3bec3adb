/* One training at work: shared by the files that do its parts. SPDX-License-Identifier: MIT */
#ifndef QS_PIPELINE_TRAIN_WORK_H
#define QS_PIPELINE_TRAIN_WORK_H

#include "pipeline/fold_vectors.h"
#include "pipeline/train.h"

/* Everything one training holds. */
typedef struct qs_training {
    const qs_dataset *dataset;
    const uint32_t *rows;
    size_t count;
    const qs_train_options *options;
    qs_arena arena;
    qs_item *items;
    qs_feature_spec spec;
    qs_word_classes *classes;
    qs_vocabulary vocabulary;
    qs_vectors vectors;
    qs_head_plan *heads;
    size_t head_count;
    qs_learn_job *jobs; /* head by head: the whole, then each fold */
    size_t job_count;
    uint32_t **folds;   /* per head: fold of each of its rows, or NULL */
    double **weights;   /* per head: class weights or NULL */
    double *costs;      /* per head */
    double **outputs;   /* per head: outputs on rows not trained on, or NULL */
    qs_solver solver;
    bool joint;
    qs_model *model;
    qs_train_options settled;
} qs_training;


/** The vectors, and what rests on them once folds are learnt: weights by odds, readable n-grams. */
QS_NODISCARD qs_status qs_training_vectorise(qs_training *t, qs_error *err);
QS_NODISCARD qs_status qs_training_settle_vectors(qs_training *t, qs_error *err);

/** Deals the rows of heads with enough of them to folds, and makes room for outputs on rows not trained on: all heads `together`,
 *  or each by itself. */
QS_NODISCARD qs_status qs_training_deal(qs_training *t, bool together, qs_error *err);

/** Such room once more, as for t->outputs. */
QS_NODISCARD qs_status qs_training_make_outputs(double ***outputs, qs_training *t, qs_error *err);

/** Starts the model: it takes the vocabulary over. */
QS_NODISCARD qs_status qs_training_start_model(qs_training *t, qs_error *err);

/** Learns by libsvm or liblinear, or by the joint learner: the model with its heads, and outputs on rows not trained on. */
QS_NODISCARD qs_status qs_training_solve(qs_training *t, qs_error *err);
QS_NODISCARD qs_status qs_training_solve_jointly(qs_training *t, qs_error *err);

/** True for the solvers that learn each label against the rest, by a column of weights. */
static inline bool qs_training_by_columns(const qs_training *t)
{
    return t->solver == QS_LINEAR_SVC || t->solver == QS_DESCENT_SVC;
}

/** True if rows of any head are held out. */
static inline bool qs_training_has_folds(const qs_training *t)
{
    bool any = false;
    for (size_t h = 0; h < t->head_count; h++)
        any = any || t->folds[h] != NULL;
    return any;
}

/** How the vectors of folds are made. */
qs_fold_source qs_training_fold_source(const qs_training *t);

#endif
