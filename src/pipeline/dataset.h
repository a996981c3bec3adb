/* Labelled corpora in memory. SPDX-License-Identifier: MIT */
#ifndef QS_PIPELINE_DATASET_H
#define QS_PIPELINE_DATASET_H

#include "base/arena.h"
#include "features/spec.h"
#include "quotestance/classifier.h"

/** One labelled text; all views are in the dataset's arena. */
typedef struct qs_labelled {
    qs_str id;
    qs_str target;
    qs_str group;   /* ptr NULL: stands alone */
    qs_str *labels; /* one per label column; ptr NULL: not labelled */
    qs_str *slices; /* one per slice column; empty where the row has none */
} qs_labelled;

/** Zero-initialise; release with qs_dataset_free. */
typedef struct qs_dataset {
    qs_item *items;       /* fields of each row, ready to vectorise */
    qs_labelled *rows;
    size_t count, item_capacity, row_capacity;
    size_t label_columns;
    size_t rejected;
    uint8_t *slice_seen; /* by slice column: some row has it */
    qs_arena arena;
} qs_dataset;

/** What to read. */
typedef struct qs_dataset_plan {
    const qs_rows_options *rows;
    const char *const *label_columns; /* names beside the label column's; NULL entries: that column */
    size_t label_column_count;
    const char *group_column;         /* or NULL */
    const char *const *slice_columns; /* further columns to keep */
    size_t slice_count;
    bool need_target;
    bool allow_unlabelled; /* keep rows without any label */
} qs_dataset_plan;

/** Reads all corpora. Bad rows are remarked on as path:line: reason, counted in `rejected` and left out; rows without any
 *  label likewise. QS_EIO, QS_EINPUT, QS_EUSAGE (a slice column that no row has), QS_ENOMEM. */
QS_NODISCARD qs_status qs_dataset_read(qs_dataset *out, const char *const *paths, size_t path_count,
                                       const qs_dataset_plan *plan, const qs_remarks *remarks,
                                       qs_error *err);

void qs_dataset_free(qs_dataset *dataset);

/** What keeps rows in one fold: the row's group, or where it has none its text, which no other fold may know.
 *  [borrowed: dataset] */
qs_str qs_dataset_fold_key(const qs_dataset *dataset, size_t row);

/** Passes a formatted line to the remarks, if anybody listens. */
void qs_remark(const qs_remarks *remarks, const char *format, ...) QS_PRINTF(2, 3);

#endif
