/* The counts from which every label metric follows, and the metrics. SPDX-License-Identifier: MIT */
#ifndef QS_EVALUATION_TALLY_H
#define QS_EVALUATION_TALLY_H

#include "base/alloc.h"
#include "quotestance/evaluation.h"

/** "No such label". */
#define QS_NO_LABEL UINT32_MAX

/** Margins and diagonal of a confusion matrix. The arrays have `labels` entries and belong to the owner of
 *  the struct. */
typedef struct qs_tally {
    uint32_t labels;
    uint32_t favor, against; /* label numbers for F_avg, or QS_NO_LABEL */
    uint64_t rows;
    uint64_t *support;          /* gold */
    uint64_t *predicted;        /* answers */
    uint64_t *correct;          /* both */
    uint64_t *answered_support; /* gold of the rows that got an answer */
} qs_tally;

/** Arrays in one heap block; qs_tally_free releases it. QS_ENOMEM. */
QS_NODISCARD qs_status qs_tally_make(qs_tally *tally, uint32_t labels, qs_error *err);
void qs_tally_free(qs_tally *tally);
/** Sets all counts to 0. */
void qs_tally_clear(qs_tally *tally);
/** Adds `count` rows; `predicted` may be QS_NO_LABEL. */
void qs_tally_add(qs_tally *tally, uint32_t gold, uint32_t predicted, uint64_t count);

/** Fills values[0 .. QS_METRIC_FIRST_PROBABILITY); NaN where undefined. */
void qs_tally_measure(const qs_tally *tally, double *values);
/** Fills values[0 .. QS_LABEL_METRIC_FIRST_PROBABILITY); NaN where undefined. */
void qs_tally_measure_label(const qs_tally *tally, uint32_t label, double *values);

#endif
