/* A table from strings to numbers that interns its keys. SPDX-License-Identifier: MIT */
#ifndef QS_BASE_MAP_H
#define QS_BASE_MAP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

/** Numbers 0, 1, 2... in order of first sight. Keys are copied. The order never depends on the hash, whose
 *  seed differs from process to process so that hostile keys cannot be chosen to collide. Zero-initialise;
 *  release with qs_map_free. One thread at a time. */
typedef struct qs_map {
    uint32_t *slots; /* number + 1, or 0 */
    size_t slot_count;
    qs_str *keys;
    uint64_t *hashes;
    size_t count;
    size_t key_capacity;
    size_t hash_capacity;
    uint64_t seed;
    qs_arena arena;
} qs_map;

/** The number of `key`, new if it was not there. QS_ENOMEM, QS_ELIMIT (2^32 - 2 keys). */
QS_NODISCARD qs_status qs_map_intern(qs_map *map, qs_str key, uint32_t *number, qs_error *err);
/** True and *number if `key` is there. */
bool qs_map_find(const qs_map *map, qs_str key, uint32_t *number);
void qs_map_free(qs_map *map);

#endif
