/* What n-grams say for labels, for people. SPDX-License-Identifier: MIT */
#ifndef QS_PIPELINE_INSPECT_TOP_H
#define QS_PIPELINE_INSPECT_TOP_H

#include "base/buf.h"
#include "model/model.h"

/** A feature and a number to rank it by. */
typedef struct qs_ranked {
    double weight;
    uint32_t feature;
} qs_ranked;

/** Falling weight, then rising feature. */
void qs_rank(qs_ranked *items, size_t count);

/** How much a feature speaks for a label of a linear head: what one occurrence adds to its margin, before scaling. */
double qs_evidence(const qs_model *model, const qs_head *head, uint32_t feature, size_t label);

/** Writes text to a file, whole or not at all. QS_EIO, QS_ENOMEM. */
QS_NODISCARD qs_status qs_inspect_save(const qs_buf *text, const char *path, qs_error *err);

/** The head of that name, or the only one if `name` is NULL. QS_EUSAGE. */
QS_NODISCARD qs_status qs_inspect_head(const qs_model *model, const char *name, const qs_head **head, qs_error *err);

#endif
