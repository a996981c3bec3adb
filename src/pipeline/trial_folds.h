/* Which fold tests which row. SPDX-License-Identifier: MIT */
#ifndef QS_PIPELINE_TRIAL_FOLDS_H
#define QS_PIPELINE_TRIAL_FOLDS_H

#include "pipeline/dataset.h"
#include "quotestance/trial.h"

/** Deals the rows of a dataset to options->folds folds: each label (per target: of each target) spread evenly, rows of one group,
 *  or without groups of one text, never torn, which is remarked on. Depends on the rows and the seed alone. QS_EUSAGE: too few rows;
 *  QS_ENOMEM. */
QS_NODISCARD qs_status qs_trial_deal(uint32_t *folds, const qs_dataset *d, const qs_trial_options *options, qs_error *err);

#endif
