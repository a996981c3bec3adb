/* The table of the scoring engine. SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE
#include <string.h>
#include <sys/mman.h>

#include "pipeline/engine_internal.h"

#define CACHE_LINE ((size_t)64)
#define HUGE_PAGE ((size_t)2 * 1024 * 1024)

/* N-grams a bucket on average: so few have more than QS_BUCKET_TAGS (1 in 300) that the slow search costs nothing. */
#define BUCKET_LOAD 18

/* Rows do not lie across two cache lines where that costs little room. */
static size_t row_stride(size_t bytes)
{
    if (bytes <= 16)
        return 16;
    return bytes <= 32 ? 32 : (bytes + 7) / 8 * 8;
}

static void fill_buckets(qs_engine_table *table)
{
    const qs_model *model = table->model;
    size_t next = 0;
    for (size_t b = 0; b < table->bucket_count; b++) {
        qs_engine_bucket *bucket = &table->buckets[b];
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

static void fill_rows(qs_engine_table *table)
{
    const qs_model *model = table->model;
    const size_t width = model->output_count;
    for (size_t i = 0; i < model->feature_count; i++) {
        char *row = table->rows + i * table->stride;
        const float idf = model->idf == NULL ? 1.0f : model->idf[i];
        memcpy(row, &model->feature_hashes[i], sizeof(uint64_t));
        memcpy(row + QS_ROW_IDF, &idf, sizeof idf);
        memcpy(row + QS_ROW_WEIGHTS, model->weights + i * width, width * sizeof(float));
    }
}

/* Tables beyond the reach of the processor's page cache gain from large pages, if the system has them to give. */
static void ask_for_large_pages(void *memory, size_t bytes)
{
    const uintptr_t start = ((uintptr_t)memory + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
    const uintptr_t end = ((uintptr_t)memory + bytes) / HUGE_PAGE * HUGE_PAGE;
    if (end > start)
        (void)madvise((void *)start, end - start, MADV_HUGEPAGE);
}

qs_status qs_engine_table_create(qs_engine_table **out, const qs_model *model, qs_error *err)
{
    *out = NULL;
    qs_engine_table *table = qs_alloc_zero(1, sizeof *table);
    if (table == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    table->model = model;
    table->stride = row_stride(QS_ROW_WEIGHTS + model->output_count * sizeof(float));
    table->bucket_count = model->feature_count / BUCKET_LOAD + 1;
    const size_t buckets = table->bucket_count * sizeof *table->buckets;
    const size_t bytes = buckets + model->feature_count * table->stride + CACHE_LINE;
    table->memory = qs_alloc(bytes, 1);
    if (table->memory == NULL) {
        qs_engine_table_destroy(table);
        return qs_fail(err, QS_ENOMEM, "out of memory");
    }
    ask_for_large_pages(table->memory, bytes);
    char *start = (char *)table->memory + (CACHE_LINE - (uintptr_t)table->memory % CACHE_LINE) % CACHE_LINE;
    table->buckets = (qs_engine_bucket *)(void *)start;
    table->rows = start + buckets;
    fill_buckets(table);
    fill_rows(table);
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
