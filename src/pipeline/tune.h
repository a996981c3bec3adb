/* Choosing features, cost and class weights by cross-validation. SPDX-License-Identifier: MIT */
#ifndef QS_PIPELINE_TUNE_H
#define QS_PIPELINE_TUNE_H

#include "base/buf.h"
#include "features/vector.h"
#include "pipeline/fold_vectors.h"
#include "quotestance/evaluation.h"

/** Fills *tuned with `options` and the best choices found (in `arena`), and adds a line for each trial to `trials`; each
 *  is remarked on too. Heads that are learnt apart share features and have a cost each; the joint learner has one cost. Folds are
 *  stratified, keep groups whole and depend on the seed alone. Labels are shifted only if `options` leaves open what decides
 *  them. QS_EUSAGE: a kernel other than the linear one, an unknown metric, costs of heads given by hand; QS_EINPUT: too few rows for the folds; else as training. */
QS_NODISCARD qs_status qs_tune(qs_train_options *tuned, qs_arena *arena, qs_buf *trials,
                               const qs_dataset *dataset, const uint32_t *rows, size_t count, const qs_train_options *options,
                               qs_error *err);

/** What stays the same over all trials. */
typedef struct qs_tune_set {
    const qs_dataset *dataset;
    const uint32_t *rows;
    size_t count;
    const qs_head_plan *heads;
    size_t head_count;
    uint32_t *const *folds; /**< per head: fold of each of its rows */
    uint32_t fold_count;
    qs_metric metric;
} qs_tune_set;

/** What came of one trial: the metric, all heads pooled or of one head. */
typedef struct qs_tune_figure {
    double plain;   /**< of the labels as the scores have them; below 0: not tried */
    double shifted; /**< with the scores shifted by what is best for the other folds; below 0: not tried */
} qs_tune_figure;

/** What is best of a figure: shifted labels cost calibration, so they must earn it. */
double qs_tune_reached(const qs_tune_figure *figure);
/** The first of the best. */
size_t qs_tune_best(const qs_tune_figure *figures, size_t count);

/** Figures of a round: one for each cost; or, where several heads are learnt apart, one for each head and cost, head by head,
 *  and one of all heads pooled, each by its best cost. */
size_t qs_tune_figure_count(const qs_tune_set *set, const qs_train_options *options, size_t cost_count);

/** Cross-validates all costs with the features, class weights and learner of `options`. By the joint
 *  learner, and where odds weigh n-grams, vectors are made anew without each fold; else they look at no label, are made once and
 *  shared by folds and costs, as are the inner products for libsvm. */
QS_NODISCARD qs_status qs_tune_round(qs_tune_figure *figures, const double *costs, size_t cost_count,
                                     const qs_tune_set *set, const qs_train_options *options,
                                     qs_error *err);

/** The same by the joint learner, on vectors that are there. */
QS_NODISCARD qs_status qs_tune_joint(qs_tune_figure *figures, const double *costs, size_t cost_count,
                                     const qs_tune_set *set, const qs_train_options *options,
                                     const qs_fold_source *source, qs_error *err);

/** The trials of earlier runs and of this one, in a file. Zero-initialise; release with qs_tune_log_close. */
typedef struct qs_tune_log {
    const char *path; /* NULL: there is none */
    uint64_t run;     /* stands for corpus, folds, metric and seed */
    qs_buf text;
} qs_tune_log;

/** Reads the log at `path`, if it is there. QS_EIO, QS_ENOMEM. */
QS_NODISCARD qs_status qs_tune_log_open(qs_tune_log *log, const char *path, uint64_t run, qs_error *err);
/** True and *figure if an earlier run has made the trial that `line` describes. */
bool qs_tune_log_find(const qs_tune_log *log, qs_str line, qs_tune_figure *figure);
/** Adds a trial; the file is whole at any time. QS_EIO, QS_ENOMEM. */
QS_NODISCARD qs_status qs_tune_log_add(qs_tune_log *log, qs_str line, const qs_tune_figure *figure, qs_error *err);
void qs_tune_log_close(qs_tune_log *log);

#endif
