/* The allocation seam. SPDX-License-Identifier: MIT */
#include "base/alloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "base/fault.h"

static int overflows(size_t count, size_t size, size_t *bytes)
{
    if (__builtin_mul_overflow(count, size, bytes) || *bytes > PTRDIFF_MAX)
        return 1;
    if (*bytes == 0)
        *bytes = 1;
    return 0;
}

void *qs_alloc(size_t count, size_t size)
{
    size_t bytes = 0;
    if (overflows(count, size, &bytes) || qs_fault_now(QS_FAULT_ALLOC))
        return NULL;
    return malloc(bytes);
}

void *qs_alloc_zero(size_t count, size_t size)
{
    size_t bytes = 0;
    if (overflows(count, size, &bytes) || qs_fault_now(QS_FAULT_ALLOC))
        return NULL;
    return calloc(1, bytes);
}

void qs_alloc_trim(void)
{
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__)
    malloc_trim(0);
#endif
}

void *qs_realloc(void *block, size_t count, size_t size)
{
    size_t bytes = 0;
    if (overflows(count, size, &bytes) || qs_fault_now(QS_FAULT_ALLOC))
        return NULL;
    return realloc(block, bytes);
}

void qs_free(void *block)
{
    free(block);
}

qs_status qs_grow(void *items, size_t *capacity, size_t need, size_t size, qs_error *err)
{
    void *old = NULL;
    if (need <= *capacity)
        return QS_OK;
    size_t wanted = *capacity < 8 ? 8 : *capacity;
    while (wanted < need)
        wanted = wanted > SIZE_MAX / 2 ? need : wanted * 2;
    memcpy(&old, items, sizeof old); /* items is the address of a pointer of any type */
    void *grown = qs_realloc(old, wanted, size);
    if (grown == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory (%zu elements of %zu bytes)", wanted, size);
    memcpy(items, &grown, sizeof grown);
    *capacity = wanted;
    return QS_OK;
}
