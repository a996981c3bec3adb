/* Splitting work over threads so that the result never depends on how many there are.
 * SPDX-License-Identifier: MIT */
#ifndef QS_BASE_WORKERS_H
#define QS_BASE_WORKERS_H

#include "base/alloc.h"

/** Does item `index`; `worker` (0..jobs-1) tells which thread asks, for scratch memory of its own.
 *  A failure stops the hand-out of further items. */
typedef qs_status (*qs_work)(void *context, size_t index, size_t worker, qs_error *err);

/** Runs `work` for each index 0..count-1 on up to `jobs` threads (1: the calling thread alone) and waits. If several
 *  items fail, the error of the lowest index that was run is reported. QS_ENOMEM if no thread starts
 *  and none can be done without. */
QS_NODISCARD qs_status qs_workers_run(size_t jobs, size_t count, qs_work work, void *context,
                                      qs_error *err);

/** The number of processors this process may use, at least 1. */
size_t qs_workers_default(void);

#endif
