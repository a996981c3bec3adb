/* Gold labels and predictions from files of any origin, joined item by item. SPDX-License-Identifier: MIT */
#ifndef QUOTESTANCE_JUDGED_H
#define QUOTESTANCE_JUDGED_H

#include "quotestance/evaluation.h"
#include "quotestance/rows.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How to read and join. Zeros are the defaults for all but `rows`. */
typedef struct qs_judged_options {
    qs_rows_options rows;       /**< of every file; `required` is not looked at */
    const char *group_column;   /**< rows that belong together; NULL: each row stands alone */
    const char *const *slices;  /**< slice columns, as given to qs_evaluation_create */
    size_t slice_count;
    void (*remark)(void *context, const char *text); /**< told of rows left out; may be NULL */
    void *context;
} qs_judged_options;

/* A file holds one item a record. Its labels are read from `heads` ({HEAD: {"label": L, "probabilities": {L: P}}},
 * as predict writes it), from `labels` ({HEAD: L}), or from the label column, with probabilities from a
 * `probabilities` object or columns `probability_LABEL`. Gold labels may stand in the same file as `gold` (a label or
 * {HEAD: L}). Items are joined by id (and target or head where an item has several), by order if a file has no ids. */

/** Adds every gold label with its prediction to `evaluation`. `gold` NULL: the predictions hold the gold labels too.
 *  *rejected (may be NULL) counts records left out. QS_EUSAGE (a slice column that no record has), QS_EINPUT (a gold item without a prediction or with two, damaged
 *  input), QS_EIO, QS_ENOMEM. */
QS_API QS_NODISCARD qs_status qs_judged_evaluate(qs_evaluation *evaluation, const char *gold,
                                                 const char *predictions, const qs_judged_options *options,
                                                 size_t *rejected, qs_error *err);

/** Adds every gold label with both predictions to `comparison`; otherwise as qs_judged_evaluate (`gold` NULL: file
 *  `a` holds the gold labels too). */
QS_API QS_NODISCARD qs_status qs_judged_compare(qs_comparison *comparison, const char *gold, const char *a,
                                                const char *b, const qs_judged_options *options,
                                                size_t *rejected, qs_error *err);

#ifdef __cplusplus
}
#endif

#endif
