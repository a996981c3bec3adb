/* The answers of one file. SPDX-License-Identifier: MIT */
#ifndef QS_PIPELINE_JUDGED_READ_H
#define QS_PIPELINE_JUDGED_READ_H

#include "base/map.h"
#include "quotestance/judged.h"

/** One label of one item. */
typedef struct qs_answer {
    qs_str id;     /* empty: the file gives none */
    qs_str target;
    qs_str head;   /* empty: not told */
    qs_str label;  /* ptr NULL: none */
    qs_str gold;   /* ptr NULL: none */
    qs_str group;  /* ptr NULL: none */
    qs_str text;   /* ptr NULL: none */
    const qs_str *slices;
    const qs_str *names; /* of the probabilities */
    const double *probabilities;
    size_t probability_count;
    uint64_t line;
    uint64_t item; /* record, from 0 */
} qs_answer;

/** All answers of a file. Zero-initialise; qs_answers_free releases. */
typedef struct qs_answers {
    const char *path;
    qs_answer *list;
    size_t count, capacity;
    uint64_t items;
    uint64_t without_id;
    size_t rejected;
    uint8_t *slice_seen; /* by slice column: some record has it */
    qs_arena arena;
} qs_answers;

/** Reads a file. QS_EINPUT, QS_EIO, QS_ENOMEM. */
QS_NODISCARD qs_status qs_answers_read(qs_answers *answers, const char *path, const qs_judged_options *options,
                                       qs_error *err);
void qs_answers_free(qs_answers *answers);

#endif
