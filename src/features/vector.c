/* Sparse vectors: bags weighted, scaled and sorted. SPDX-License-Identifier: MIT */
#include "features/vector.h"

#include <math.h>
#include <stdlib.h>

#include "base/workers.h"

#define ITEMS_PER_TASK 512

typedef struct entry {
    uint32_t index;
    float value;
} entry;

double qs_ngram_weight(const qs_feature_spec *spec, uint32_t count, float idf)
{
    return spec->weighting == QS_WEIGHT_TFIDF ? (1.0 + log((double)count)) * (double)idf : 1.0;
}

static int by_index(const void *a, const void *b)
{
    const uint32_t x = ((const entry *)a)->index;
    const uint32_t y = ((const entry *)b)->index;
    return (x > y) - (x < y);
}

static qs_status reserve(qs_vectors *v, size_t more, qs_error *err)
{
    const size_t need = (v->rows == 0 ? 0 : (size_t)v->starts[v->rows]) + more;
    qs_status status = qs_grow(&v->starts, &v->start_capacity, v->rows + 2, sizeof *v->starts, err);
    if (status == QS_OK)
        status = qs_grow(&v->indices, &v->capacity, need, sizeof *v->indices, err);
    if (status == QS_OK)
        status = qs_grow(&v->values, &v->value_capacity, need, sizeof *v->values, err);
    if (status == QS_OK && v->rows == 0)
        v->starts[0] = 0;
    return status;
}

/* Scales entries [from, to) whose squares add up to `squares`. */
static void scale(entry *entries, size_t from, size_t to, double squares)
{
    if (squares <= 0)
        return;
    const double factor = 1.0 / sqrt(squares);
    for (size_t i = from; i < to; i++)
        entries[i].value = (float)(entries[i].value * factor);
}

static size_t weigh(entry *entries, const qs_vocabulary *vocabulary, const qs_feature_spec *spec,
                    const qs_bag *bag, size_t *unknown)
{
    size_t count = 0;
    double all_squares = 0;
    for (uint32_t block = 0; block < QS_BLOCKS; block++) {
        const size_t from = count;
        double squares = 0;
        for (size_t k = bag->block_start[block]; k < bag->block_start[block + 1]; k++) {
            uint32_t index = 0;
            if (!qs_vocabulary_find(vocabulary, bag->items[k].hash, &index)) {
                *unknown += 1;
                continue;
            }
            const double weight = qs_ngram_weight(spec, bag->items[k].count,
                                                  vocabulary->idf == NULL ? 1.0f : vocabulary->idf[index]);
            entries[count++] = (entry){index, (float)weight};
            squares += weight * weight;
        }
        if (spec->norm == QS_NORM_BLOCKS)
            scale(entries, from, count, squares);
        all_squares += squares;
    }
    if (spec->norm == QS_NORM_L2)
        scale(entries, 0, count, all_squares);
    return count;
}

qs_status qs_vectors_add(qs_vectors *out, const qs_vocabulary *vocabulary, const qs_feature_spec *spec,
                         const qs_bag *bag, size_t *unknown, qs_error *err)
{
    size_t missed = 0;
    qs_status status = reserve(out, bag->count, err);
    entry *entries = qs_alloc(bag->count, sizeof *entries);
    if (status == QS_OK && entries == NULL)
        status = qs_fail(err, QS_ENOMEM, "out of memory");
    if (status == QS_OK) {
        const size_t count = weigh(entries, vocabulary, spec, bag, &missed);
        const size_t start = (size_t)out->starts[out->rows];
        qsort(entries, count, sizeof *entries, by_index);
        for (size_t i = 0; i < count; i++) {
            out->indices[start + i] = entries[i].index;
            out->values[start + i] = entries[i].value;
        }
        out->starts[++out->rows] = start + count;
        out->features = vocabulary->count;
    }
    if (unknown != NULL)
        *unknown = missed;
    qs_free(entries);
    return status;
}

typedef struct building {
    const qs_vocabulary *vocabulary;
    const qs_feature_spec *spec;
    const qs_item *items;
    size_t count;
    qs_bag *bags;      /* one per worker */
    qs_vectors *parts; /* one per task, joined in order */
} building;

static qs_status build_part(void *context, size_t index, size_t worker, qs_error *err)
{
    building *b = context;
    const size_t end = (index + 1) * ITEMS_PER_TASK;
    qs_status status = QS_OK;
    for (size_t i = index * ITEMS_PER_TASK; status == QS_OK && i < end && i < b->count; i++) {
        status = qs_bag_fill(&b->bags[worker], b->spec, &b->items[i], err);
        if (status == QS_OK)
            status = qs_vectors_add(&b->parts[index], b->vocabulary, b->spec, &b->bags[worker], NULL, err);
    }
    return status;
}

static qs_status append(qs_vectors *out, const qs_vectors *from, size_t first, size_t end, qs_error *err)
{
    const size_t start = (size_t)from->starts[first];
    const size_t entries = (size_t)from->starts[end] - start;
    const size_t base = out->rows == 0 ? 0 : (size_t)out->starts[out->rows];
    qs_status status = qs_grow(&out->starts, &out->start_capacity, out->rows + end - first + 1,
                               sizeof *out->starts, err);
    if (status == QS_OK)
        status = reserve(out, entries, err);
    if (status != QS_OK)
        return status;
    if (entries > 0) {
        memcpy(out->indices + base, from->indices + start, entries * sizeof *out->indices);
        memcpy(out->values + base, from->values + start, entries * sizeof *out->values);
    }
    for (size_t r = first; r < end; r++)
        out->starts[++out->rows] = base + ((size_t)from->starts[r + 1] - start);
    return QS_OK;
}

/* Joins the parts in order, giving each back as soon as it is copied. */
static qs_status join(qs_vectors *out, qs_vectors *parts, size_t part_count, qs_error *err)
{
    size_t rows = 0;
    size_t entries = 0;
    for (size_t p = 0; p < part_count; p++) {
        rows += parts[p].rows;
        entries += parts[p].rows == 0 ? 0 : (size_t)parts[p].starts[parts[p].rows];
    }
    out->indices = qs_alloc(entries, sizeof *out->indices);
    out->values = qs_alloc(entries, sizeof *out->values);
    out->starts = qs_alloc_zero(rows + 2, sizeof *out->starts);
    if (out->indices == NULL || out->values == NULL || out->starts == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory for %zu vector entries", entries);
    out->capacity = entries;
    out->value_capacity = entries;
    out->start_capacity = rows + 2;
    for (size_t p = 0; p < part_count; p++) {
        const qs_status status =
            parts[p].rows == 0 ? QS_OK : append(out, &parts[p], 0, parts[p].rows, err);
        if (status != QS_OK)
            return status;
        qs_vectors_free(&parts[p]);
    }
    return QS_OK;
}

qs_status qs_vectors_build(qs_vectors *out, const qs_vocabulary *vocabulary,
                           const qs_feature_spec *spec, const qs_item *items, size_t count,
                           size_t jobs, qs_error *err)
{
    const size_t part_count = (count + ITEMS_PER_TASK - 1) / ITEMS_PER_TASK;
    const size_t threads = jobs == 0 ? 1 : jobs;
    building b = {.vocabulary = vocabulary, .spec = spec, .items = items, .count = count};
    qs_status status = QS_OK;
    b.bags = qs_alloc_zero(threads, sizeof *b.bags);
    b.parts = qs_alloc_zero(part_count, sizeof *b.parts);
    if (b.bags == NULL || b.parts == NULL)
        status = qs_fail(err, QS_ENOMEM, "out of memory");
    if (status == QS_OK)
        status = qs_workers_run(threads, part_count, build_part, &b, err);
    if (status == QS_OK)
        status = join(out, b.parts, part_count, err);
    out->features = vocabulary->count;
    for (size_t i = 0; b.bags != NULL && i < threads; i++)
        qs_bag_free(&b.bags[i]);
    for (size_t p = 0; b.parts != NULL && p < part_count; p++)
        qs_vectors_free(&b.parts[p]);
    qs_free(b.bags);
    qs_free(b.parts);
    if (status != QS_OK)
        qs_vectors_free(out);
    return status;
}

qs_status qs_vectors_select(qs_vectors *out, const qs_vectors *from, const uint32_t *rows, size_t count,
                            qs_error *err)
{
    qs_status status = reserve(out, 0, err);
    for (size_t i = 0; i < count && status == QS_OK; i++)
        status = append(out, from, rows[i], rows[i] + 1, err);
    out->features = from->features;
    if (status != QS_OK)
        qs_vectors_free(out);
    return status;
}

void qs_vectors_free(qs_vectors *v)
{
    qs_free(v->starts);
    qs_free(v->indices);
    qs_free(v->values);
    *v = (qs_vectors){0};
}
