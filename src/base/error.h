/* Filling in qs_error from inside the library. SPDX-License-Identifier: MIT */
#ifndef QS_BASE_ERROR_H
#define QS_BASE_ERROR_H

#include "quotestance/status.h"

/** Sets `err` (may be NULL) to `status` with a formatted one-line message; path, line and offset are
 *  cleared. Returns `status`, so that `return qs_fail(...)` reads well. */
qs_status qs_fail(qs_error *err, qs_status status, const char *format, ...) QS_PRINTF(3, 4);

/** As qs_fail, with line (from 1, 0 unknown) and byte offset (QS_NO_OFFSET unknown). */
qs_status qs_fail_at(qs_error *err, qs_status status, uint64_t line, uint64_t offset,
                     const char *format, ...) QS_PRINTF(5, 6);

/** Adds the path to an error that a lower layer set; keeps a path that is already there. */
void qs_error_set_path(qs_error *err, const char *path);

#endif
