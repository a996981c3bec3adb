/* Reading, working and writing at once, the results in the order of reading. SPDX-License-Identifier: MIT */
#ifndef QS_BASE_CONVEYOR_H
#define QS_BASE_CONVEYOR_H

#include <stdbool.h>

#include "base/alloc.h"

/** The three stages of a run over pieces. A piece lives in a slot from the moment it is read until it is written; the
 *  caller keeps what each slot holds. */
typedef struct qs_conveyor_stages {
    /** Fills a slot; *more false: there was nothing left. One call at a time, in order. */
    qs_status (*read)(void *context, size_t slot, bool *more, qs_error *err);
    /** Works on a slot, at the same time as others; what goes wrong is kept in the slot for `write`. */
    void (*work)(void *context, size_t slot, size_t worker);
    /** Writes a slot. One call at a time, in the order of reading. */
    qs_status (*write)(void *context, size_t slot, qs_error *err);
    void *context;
} qs_conveyor_stages;

/** Runs until nothing is left or a stage fails, on `jobs` threads (1: the calling one alone), each of which does whatever is
 *  due: so memory is bounded by the slots, and one job runs read, work, write in turn. What was read before a failure of
 *  `read` is still written. Returns the first failure. */
QS_NODISCARD qs_status qs_conveyor_run(const qs_conveyor_stages *stages, size_t slots, size_t jobs,
                                       qs_error *err);

#endif
