/* Which questions a corpus asks: the heads, their labels and their rows. SPDX-License-Identifier: MIT */
#ifndef QS_PIPELINE_HEADS_H
#define QS_PIPELINE_HEADS_H

#include "pipeline/dataset.h"

/** The default head when none is named. */
#define QS_DEFAULT_HEAD "stance:negotiations"

/** One head to train: rows are positions in the list given to qs_heads_find. */
typedef struct qs_head_plan {
    qs_str name;
    qs_str *labels; /* byte order */
    size_t label_count;
    uint32_t *rows;       /* ascending */
    uint32_t *row_labels; /* label number of each row in `rows` */
    size_t row_count;
} qs_head_plan;

/** Heads in byte order of their names, everything in `arena`. Per target: one for each target; else one for each of
 *  options->heads that has labelled rows. QS_EINPUT: one label only, too many labels; QS_ENOMEM. */
QS_NODISCARD qs_status qs_heads_find(qs_head_plan **heads, size_t *head_count, qs_arena *arena,
                                     const qs_dataset *dataset, const uint32_t *rows, size_t count,
                                     const qs_train_options *options, qs_error *err);

/** Class weights of a head by mode: "balanced" (rows / (labels * rows of the label)), "sqrt" (the root of that), "none" or NULL,
 *  "LABEL=W,...": weights[label_count], or *weighted false. QS_EUSAGE. */
QS_NODISCARD qs_status qs_head_class_weights(double *weights, bool *weighted, const qs_head_plan *head,
                                             const char *mode, qs_error *err);

/** Deals the rows of all heads to folds: each label of each head spread evenly, rows of one group (without groups: of one
 *  text) never torn. folds[h][i] is the fold of row i of head h, in `arena`. `rows` are those given to qs_heads_find. Depends on
 *  the seed alone. QS_EINPUT or QS_EUSAGE: too few rows; QS_ENOMEM. */
QS_NODISCARD qs_status qs_heads_fold(uint32_t ***folds, qs_arena *arena, const qs_head_plan *heads, size_t head_count,
                                     const qs_dataset *dataset, const uint32_t *rows, uint32_t fold_count,
                                     uint64_t seed, qs_error *err);

/** The name part of "NAME=COLUMN". */
qs_str qs_head_option_name(const char *option);
/** The column part, or NULL for the label column. */
const char *qs_head_option_column(const char *option);

#endif
