/* A bump allocator. SPDX-License-Identifier: MIT */
#include "base/arena.h"

#include <stdalign.h>
#include <stddef.h>
#include <string.h>

/* Where memory is watched or made to fail, each piece is an allocation of its own. */
#if defined(__SANITIZE_ADDRESS__) || defined(QS_FAULTS)
#define ARENA_BLOCK 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_BLOCK 1
#endif
#endif
#ifndef ARENA_BLOCK
#define ARENA_BLOCK ((size_t)64 * 1024)
#endif

struct qs_arena_block {
    qs_arena_block *next;
    size_t size;
    alignas(max_align_t) unsigned char bytes[];
};

void *qs_arena_alloc(qs_arena *arena, size_t count, size_t size)
{
    const size_t alignment = alignof(max_align_t);
    size_t bytes = 0;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > PTRDIFF_MAX - alignment)
        return NULL;
    bytes = (bytes + alignment - 1) / alignment * alignment;
    if (arena->first == NULL || arena->first->size - arena->used < bytes) {
        const size_t room = bytes > ARENA_BLOCK ? bytes : ARENA_BLOCK;
        qs_arena_block *block = qs_alloc(1, sizeof *block + room);
        if (block == NULL)
            return NULL;
        block->next = arena->first;
        block->size = room;
        arena->first = block;
        arena->used = 0;
    }
    void *piece = arena->first->bytes + arena->used;
    arena->used += bytes;
    memset(piece, 0, bytes);
    return piece;
}

qs_str qs_arena_copy(qs_arena *arena, qs_str text)
{
    char *copy = qs_arena_alloc(arena, text.len + 1, 1);
    if (copy == NULL)
        return qs_str_make(NULL, 0);
    if (text.len > 0)
        memcpy(copy, text.ptr, text.len);
    return qs_str_make(copy, text.len);
}

static void release(qs_arena_block *block)
{
    while (block != NULL) {
        qs_arena_block *next = block->next;
        qs_free(block);
        block = next;
    }
}

void qs_arena_reset(qs_arena *arena)
{
    if (arena->first != NULL && arena->first->size == ARENA_BLOCK && ARENA_BLOCK > 1) {
        release(arena->first->next);
        arena->first->next = NULL;
        arena->used = 0;
    } else {
        qs_arena_free(arena);
    }
}

void qs_arena_free(qs_arena *arena)
{
    release(arena->first);
    arena->first = NULL;
    arena->used = 0;
}
