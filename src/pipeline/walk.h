/* The files that a list of inputs names: folders stand for all files below. SPDX-License-Identifier: MIT */
#ifndef QS_PIPELINE_WALK_H
#define QS_PIPELINE_WALK_H

#include <stdbool.h>

#include "base/arena.h"

#define QS_WALK_DEPTH_MAX 32

/** The entries of one folder, in byte order. */
typedef struct qs_walk_level {
    char **names;
    size_t count, next;
    qs_arena arena;
} qs_walk_level;

/** Set inputs and input_count, the rest zero; release with qs_walk_free. Memory grows with the largest folders, not with all of
 *  them. One thread at a time. */
typedef struct qs_walk {
    const char *const *inputs;
    size_t input_count, next;
    qs_walk_level levels[QS_WALK_DEPTH_MAX];
    size_t depth;
} qs_walk;

/** The next file, in order; NULL at the end. [borrowed: walk, until the next call]. Names that begin with a dot are passed over in
 *  folders. QS_EIO, QS_ELIMIT (too deep), QS_ENOMEM. */
QS_NODISCARD qs_status qs_walk_next(qs_walk *walk, const char **path, qs_error *err);

void qs_walk_free(qs_walk *walk);

#endif
