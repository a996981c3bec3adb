/* The changes that tuning tries. SPDX-License-Identifier: MIT */
#ifndef QS_PIPELINE_TUNE_CHANGES_H
#define QS_PIPELINE_TUNE_CHANGES_H

#include <stdbool.h>

#include "base/buf.h"
#include "quotestance/classifier.h"

/** What the corpus is like. */
typedef struct qs_tune_facts {
    bool mentions; /**< at least half the rows mention their target */
    bool targets;  /**< more than one head that may share */
} qs_tune_facts;

/** Number of changes; change 0 changes nothing. */
size_t qs_tune_change_count(void);

/** Makes change `number` to the options: false if it changes nothing here. */
bool qs_tune_change(size_t number, const qs_tune_facts *facts, qs_train_options *options);

/** True if change `number` makes vectors so much shorter that another cost may be best. */
bool qs_tune_moves_cost(size_t number);

/** The options in words, without the cost. */
void qs_tune_describe(qs_buf *line, const qs_train_options *options);

#endif
