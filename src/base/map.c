/* A table from strings to numbers: open addressing over interned keys. SPDX-License-Identifier: MIT */
#include "base/map.h"

#include <sys/random.h>
#include <xxhash.h>

static uint64_t hash_of(const qs_map *map, qs_str key)
{
    return XXH3_64bits_withSeed(key.len == 0 ? "" : key.ptr, key.len, map->seed);
}

static size_t slot_of(const qs_map *map, qs_str key, uint64_t hash)
{
    size_t slot = (size_t)hash & (map->slot_count - 1);
    while (map->slots[slot] != 0) {
        const uint32_t number = map->slots[slot] - 1;
        if (map->hashes[number] == hash && qs_str_equal(map->keys[number], key))
            break;
        slot = (slot + 1) & (map->slot_count - 1);
    }
    return slot;
}

static qs_status rehash(qs_map *map, size_t slot_count, qs_error *err)
{
    uint32_t *slots = qs_alloc_zero(slot_count, sizeof *slots);
    if (slots == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    for (size_t i = 0; i < map->count; i++) {
        size_t slot = (size_t)map->hashes[i] & (slot_count - 1);
        while (slots[slot] != 0)
            slot = (slot + 1) & (slot_count - 1);
        slots[slot] = (uint32_t)i + 1;
    }
    qs_free(map->slots);
    map->slots = slots;
    map->slot_count = slot_count;
    return QS_OK;
}

qs_status qs_map_intern(qs_map *map, qs_str key, uint32_t *number, qs_error *err)
{
    qs_status status = QS_OK;
    if (map->slot_count == 0 && getrandom(&map->seed, sizeof map->seed, GRND_NONBLOCK) < 0)
        map->seed = (uint64_t)(uintptr_t)map; /* early boot: an address is better than nothing */
    if ((map->count + 1) * 2 > map->slot_count) {
        status = rehash(map, map->slot_count == 0 ? 64 : map->slot_count * 2, err);
        if (status != QS_OK)
            return status;
    }
    const uint64_t hash = hash_of(map, key);
    const size_t slot = slot_of(map, key, hash);
    if (map->slots[slot] != 0) {
        *number = map->slots[slot] - 1;
        return QS_OK;
    }
    if (map->count >= UINT32_MAX - 1)
        return qs_fail(err, QS_ELIMIT, "too many different strings");
    status = qs_grow(&map->keys, &map->key_capacity, map->count + 1, sizeof *map->keys, err);
    if (status == QS_OK)
        status = qs_grow(&map->hashes, &map->hash_capacity, map->count + 1, sizeof *map->hashes, err);
    if (status != QS_OK)
        return status;
    const qs_str copy = qs_arena_copy(&map->arena, key);
    if (copy.ptr == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    map->keys[map->count] = copy;
    map->hashes[map->count] = hash;
    *number = (uint32_t)map->count++;
    map->slots[slot] = *number + 1;
    return QS_OK;
}

bool qs_map_find(const qs_map *map, qs_str key, uint32_t *number)
{
    if (map->slot_count == 0)
        return false;
    const size_t slot = slot_of(map, key, hash_of(map, key));
    if (map->slots[slot] == 0)
        return false;
    *number = map->slots[slot] - 1;
    return true;
}

void qs_map_free(qs_map *map)
{
    qs_free(map->slots);
    qs_free(map->keys);
    qs_free(map->hashes);
    qs_arena_free(&map->arena);
    *map = (qs_map){0};
}
