/* The table of the scoring engine. SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE
#include <string.h>
#include <sys/mman.h>

#include "pipeline/engine_internal.h"

#define CACHE_LINE ((size_t)64)
#define HUGE_PAGE ((size_t)2 * 1024 * 1024)

/* N-grams a bucket on average: so few have more than QS_BUCKET_TAGS (1 in 20,000) that the slow search costs nothing. With 18 (1 in 300)
 * the engine took 3 % more time, with 21 a tenth; with 10 or 12 no less. */
#define BUCKET_LOAD 14

/* A row of a wide table: uint64_t hash, float idf, float weights[width]. */
#define ROW_IDF sizeof(uint64_t)
#define ROW_WEIGHTS (sizeof(uint64_t) + sizeof(float))

/* Rows do not lie across two cache lines where that costs little room. */
static size_t row_stride(size_t bytes)
{
    if (bytes <= 16)
        return 16;
    return bytes <= 32 ? 32 : (bytes + 7) / 8 * 8;
}

static void fill_buckets(const qs_engine_table *table, qs_engine_bucket *buckets)
{
    const qs_model *model = table->model;
    size_t next = 0;
    for (size_t b = 0; b < table->bucket_count; b++) {
        qs_engine_bucket *bucket = &buckets[b];
        size_t count = 0;
        *bucket = (qs_engine_bucket){.base = (uint32_t)next};
        for (; next < model->feature_count && qs_engine_bucket_of(table, model->feature_hashes[next]) == b; next++) {
            if (count < QS_BUCKET_TAGS)
                bucket->tags[count++] = qs_engine_tag(model->feature_hashes[next]);
            else
                bucket->base |= QS_BUCKET_FULL;
        }
    }
}

static void fill_rows(const qs_engine_table *table, char *rows, size_t stride)
{
    for (size_t i = 0; i < table->model->feature_count; i++) {
        char *row = rows + i * stride;
        memcpy(row, table->hashes + i * table->hash_step, sizeof(uint64_t));
        memcpy(row + ROW_IDF, table->idfs + i * table->idf_step, sizeof(float));
        memcpy(row + ROW_WEIGHTS, table->weights + i * table->weight_step, table->model->output_count * sizeof(float));
    }
}

void *qs_engine_alloc_large(size_t bytes, void **start)
{
    const size_t align = bytes < HUGE_PAGE ? CACHE_LINE : HUGE_PAGE;
    if (bytes > SIZE_MAX - 2 * align)
        return NULL;
    bytes = (bytes + align - 1) / align * align; /* small pages at the end would cost 2 % of the time */
    void *memory = qs_alloc_zero(bytes + align, 1);
    if (memory == NULL)
        return NULL;
    const uintptr_t first = ((uintptr_t)memory + align - 1) / align * align;
    if (align == HUGE_PAGE)
        (void)madvise((void *)first, bytes, MADV_HUGEPAGE);
    *start = (void *)first;
    return memory;
}

/* Memory for `bytes` from a cache line on. */
static qs_status allocate(qs_engine_table *table, size_t bytes, void **start, qs_error *err)
{
    table->memory = qs_engine_alloc_large(bytes, start);
    return table->memory == NULL ? qs_fail(err, QS_ENOMEM, "out of memory") : QS_OK;
}

qs_status qs_engine_table_create(qs_engine_table **out, const qs_model *model, qs_error *err)
{
    static const float one = 1.0f;
    void *start = NULL;
    *out = NULL;
    qs_engine_table *table = qs_alloc_zero(1, sizeof *table);
    if (table == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    table->model = model;
    table->hashes = (const char *)model->feature_hashes;
    table->hash_step = sizeof *model->feature_hashes;
    table->idfs = (const char *)(model->idf == NULL ? &one : model->idf);
    table->idf_step = model->idf == NULL ? 0 : sizeof *model->idf;
    table->weights = (const char *)model->weights;
    table->weight_step = model->output_count * sizeof *model->weights;
    table->bucket_count = model->feature_count / BUCKET_LOAD + 1;
    const qs_status status = allocate(table, table->bucket_count * sizeof *table->buckets, &start, err);
    if (status != QS_OK) {
        qs_engine_table_destroy(table);
        return status;
    }
    fill_buckets(table, start);
    table->buckets = start;
    *out = table;
    return QS_OK;
}

qs_status qs_engine_table_widen(qs_engine_table **out, const qs_engine_table *narrow, qs_error *err)
{
    void *start = NULL;
    const size_t stride = row_stride(ROW_WEIGHTS + narrow->model->output_count * sizeof(float));
    *out = NULL;
    qs_engine_table *table = qs_alloc_zero(1, sizeof *table);
    if (table == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    *table = *narrow;
    const qs_status status = allocate(table, narrow->model->feature_count * stride, &start, err);
    if (status != QS_OK) {
        qs_free(table);
        return status;
    }
    fill_rows(narrow, start, stride);
    table->hashes = start;
    table->idfs = table->hashes + ROW_IDF;
    table->weights = table->hashes + ROW_WEIGHTS;
    table->hash_step = table->idf_step = table->weight_step = stride;
    *out = table;
    return QS_OK;
}

uint32_t qs_engine_search(const qs_engine_table *table, uint64_t hash)
{
    const qs_model *model = table->model;
    const size_t b = qs_engine_bucket_of(table, hash);
    size_t low = table->buckets[b].base & ~QS_BUCKET_FULL;
    size_t high = b + 1 < table->bucket_count ? table->buckets[b + 1].base & ~QS_BUCKET_FULL : model->feature_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (model->feature_hashes[middle] == hash)
            return (uint32_t)middle;
        if (model->feature_hashes[middle] < hash)
            low = middle + 1;
        else
            high = middle;
    }
    return QS_NO_FEATURE;
}

void qs_engine_table_destroy(qs_engine_table *table)
{
    if (table == NULL)
        return;
    qs_free(table->memory);
    qs_free(table);
}
