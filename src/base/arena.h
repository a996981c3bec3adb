/* A bump allocator: many small pieces, released at once. SPDX-License-Identifier: MIT */
#ifndef QS_BASE_ARENA_H
#define QS_BASE_ARENA_H

#include "base/alloc.h"
#include "quotestance/str.h"

typedef struct qs_arena_block qs_arena_block;

/** Zero-initialise; release with qs_arena_free. One thread at a time. */
typedef struct qs_arena {
    qs_arena_block *first;   /* newest block */
    size_t used;             /* bytes used of the newest block */
} qs_arena;

/** `count * size` zeroed bytes aligned for any type, or NULL. [arena: A]. Under AddressSanitizer each
 *  piece is its own allocation, so that overruns show. */
void *qs_arena_alloc(qs_arena *arena, size_t count, size_t size);

/** A NUL-terminated copy of `text` in the arena, or a view with ptr NULL if memory is out. */
qs_str qs_arena_copy(qs_arena *arena, qs_str text);

/** Forgets all pieces but keeps one block for the next use. */
void qs_arena_reset(qs_arena *arena);

/** Releases everything; the arena is empty and usable again. */
void qs_arena_free(qs_arena *arena);

#endif
