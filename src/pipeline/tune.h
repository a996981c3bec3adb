/* Choosing features, cost and class weights by cross-validation. SPDX-License-Identifier: MIT */
#ifndef QS_PIPELINE_TUNE_H
#define QS_PIPELINE_TUNE_H

#include "base/buf.h"
#include "pipeline/heads.h"
#include "quotestance/evaluation.h"

/** Fills *tuned with `options` and the best choices found, and adds a line for each trial to `trials`; each
 *  is remarked on too. Folds are stratified, keep groups whole and depend on the seed alone. QS_EUSAGE: a kernel
 *  other than the linear one, an unknown metric; QS_EINPUT: too few rows for the folds; else as training. */
QS_NODISCARD qs_status qs_tune(qs_train_options *tuned, qs_buf *trials, const qs_dataset *dataset,
                               const uint32_t *rows, size_t count, const qs_train_options *options,
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

/** Cross-validates all costs with the features and class weights of `options`: figures[k] is the metric, all heads
 *  pooled, for costs[k], or -1 if that cost was left out (large corpora). n-grams and their weights are those of all rows: vectors and inner products are made
 *  once and shared by folds and costs. */
QS_NODISCARD qs_status qs_tune_round(double *figures, const double *costs, size_t cost_count,
                                     const qs_tune_set *set, const qs_train_options *options,
                                     qs_error *err);

#endif
