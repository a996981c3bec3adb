/* Running work in child processes and getting bytes back. SPDX-License-Identifier: MIT */
#ifndef QS_MODEL_CHILD_H
#define QS_MODEL_CHILD_H

#include "base/buf.h"

/** Done in the child: adds its result to `result`. What it changes in memory is gone afterwards. */
typedef qs_status (*qs_child_work)(void *context, size_t index, qs_buf *result, qs_error *err);

/** Runs `work` for 0..count-1, each in a child of its own, up to `processes` at a time; results[count]
 *  (zeroed by the caller, released by it) receive the bytes. A child is silent, leaves no core file, dies with its
 *  parent, and is always waited for. The error of the lowest index that failed is reported; a child
 *  that crashed or was killed gives QS_ENOMEM, since the solvers crash when memory runs out, or
 *  QS_EINTERRUPTED if the signal asked it to end. Not while the process has other threads running. */
QS_NODISCARD qs_status qs_children_run(size_t processes, size_t count, qs_child_work work,
                                       void *context, qs_buf *results, qs_error *err);

#endif
