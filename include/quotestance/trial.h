/* Models against labelled corpora: a model on new rows, or cross-validation. SPDX-License-Identifier: MIT */
#ifndef QUOTESTANCE_TRIAL_H
#define QUOTESTANCE_TRIAL_H

#include "quotestance/classifier.h"
#include "quotestance/evaluation.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How to try a model. */
typedef struct qs_trial_options {
    const qs_train_options *train; /**< rows, heads, group_column, jobs and remarks are read by both functions; the rest
                                        by qs_trial_folds */
    uint32_t folds;                /**< qs_trial_folds: at least 2 */
    const char *const *slices;     /**< columns of the corpora, as given to qs_evaluation_create */
    size_t slice_count;
    double abstain;                /**< answers less probable than this get no label, which counts as wrong; 0: all get one */
    const char *predictions;       /**< also write one JSON line for each row there; NULL: none */
} qs_trial_options;

/** Scores the labelled rows of the corpora and adds gold and predicted labels to `evaluation`. The gold label of a head comes from
 *  the column that train->heads names for it ("NAME=COLUMN"), else from the label column for the only head or
 *  "stance:negotiations", else from the column with the head's name. Rows of a target that a per-target model does not know
 *  are remarked on and counted as rejected. *rejected (may be NULL) counts these and bad records. QS_EUSAGE (a slice column that no
 *  row has), QS_EINPUT, QS_EIO, QS_ENOMEM. */
QS_API QS_NODISCARD qs_status qs_trial_model(qs_evaluation *evaluation, const qs_classifier *classifier,
                                             const char *const *paths, size_t path_count,
                                             const qs_trial_options *options, size_t *rejected,
                                             qs_error *err);

/** Cross-validation: each fold is judged by a model trained on the others, vocabulary and all. Folds are stratified by label,
 *  never tear a group, and depend on train->seed alone. Statuses as qs_trial_model and qs_train. */
QS_API QS_NODISCARD qs_status qs_trial_folds(qs_evaluation *evaluation, const char *const *paths,
                                             size_t path_count, const qs_trial_options *options,
                                             size_t *rejected, qs_error *err);

#ifdef __cplusplus
}
#endif

#endif
