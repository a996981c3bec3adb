/* The allocation seam: every heap allocation of the library goes through here.
 * SPDX-License-Identifier: MIT */
#ifndef QS_BASE_ALLOC_H
#define QS_BASE_ALLOC_H

#include <stddef.h>

#include "base/error.h"

/** `count * size` bytes, uninitialised, or NULL (also on overflow). 0 bytes give a valid pointer.
 *  [owned], release with qs_free. */
void *qs_alloc(size_t count, size_t size);

/** As qs_alloc, zeroed. */
void *qs_alloc_zero(size_t count, size_t size);

/** Resizes a block from qs_alloc to `count * size` bytes; NULL on failure, the old block stays. */
void *qs_realloc(void *block, size_t count, size_t size);

/** Releases a block; NULL is fine. */
void qs_free(void *block);

/** Gives memory that is free but kept for later back to the system, where the C library can. */
void qs_alloc_trim(void);

/** Makes room for at least `need` elements in a growing array: *items (elements of `size` bytes,
 *  NULL at first) and its *capacity. Doubles. QS_ENOMEM leaves both as they were. */
QS_NODISCARD qs_status qs_grow(void *items, size_t *capacity, size_t need, size_t size,
                               qs_error *err);

#endif
