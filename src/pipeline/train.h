/* Training on rows that are already in memory. SPDX-License-Identifier: MIT */
#ifndef QS_PIPELINE_TRAIN_H
#define QS_PIPELINE_TRAIN_H

#include "features/vector.h"
#include "model/model.h"
#include "model/learner.h"
#include "pipeline/heads.h"

/** The feature specification that the options ask for, and the list of word classes it points to: *classes [owned], NULL
 *  on failure or if there is none. QS_EUSAGE, QS_EIO, QS_EINPUT, QS_ENOMEM. */
QS_NODISCARD qs_status qs_train_spec(qs_feature_spec *spec, qs_word_classes **classes,
                                     const qs_train_options *options, qs_error *err);

/** Rows beyond which the dual of libsvm costs more than it gives. There our own descent learns: with one passage over the vectors
 *  for all labels, training takes two thirds of what it takes with liblinear, at 22,500 rows as at 180,000. */
#define QS_LIBSVM_ROWS_MAX 10000

/** The options with what they leave to the corpus decided: fields of the target, learner, weighting. */
qs_train_options qs_train_settle(const qs_train_options *options, const qs_dataset *dataset, const uint32_t *rows,
                                 size_t count);

/** Only what depends on the number of rows: the weighting, and with it the cost. */
qs_train_options qs_train_settle_weighting(const qs_train_options *options, size_t count);

/** The cost that the options ask for, or the learner's usual one. */
double qs_train_cost(const qs_train_options *options);

/** True if the rows have more than one target and at least half of them mention theirs. */
bool qs_train_targets_mentioned(const qs_dataset *dataset, const uint32_t *rows, size_t count);

/** The cost of each head: costs[head_count]. QS_EUSAGE: a cost for a head that is not there, or that is no number above 0. */
QS_NODISCARD qs_status qs_train_head_costs(double *costs, const qs_head_plan *heads, size_t head_count,
                                           const qs_train_options *options, qs_error *err);

/** How to read corpora for these options; the arrays live in `arena`. QS_ENOMEM. */
QS_NODISCARD qs_status qs_train_plan(qs_dataset_plan *plan, qs_arena *arena,
                                     const qs_train_options *options, qs_error *err);

/** Trains a model on rows `rows[0..count)` of the dataset. The heads and labels are those found in these rows. *out
 *  [owned], NULL on failure. */
QS_NODISCARD qs_status qs_train_rows(qs_model **out, const qs_dataset *dataset, const uint32_t *rows,
                                     size_t count, const qs_train_options *options,
                                     qs_train_summary *summary, qs_error *err);

/** Weighs n-grams by what they tell about the labels of the heads, whose rows are vector rows. QS_EUSAGE, QS_ENOMEM, QS_ELIMIT. */
QS_NODISCARD qs_status qs_train_odds(qs_vocabulary *vocabulary, qs_vectors *vectors, const qs_feature_spec *spec,
                                     const qs_head_plan *heads, size_t head_count, const qs_train_options *options,
                                     qs_error *err);

#endif
