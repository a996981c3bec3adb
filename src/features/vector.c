/* Sparse vectors: bags weighted, scaled and sorted. SPDX-License-Identifier: MIT */
#include "features/vector.h"

#include <math.h>

#include "base/workers.h"

#define ITEMS_PER_TASK 64
#define TASKS_PER_WAVE 16
#define LOOK_AHEAD 12 /* n-grams looked up later whose slots are fetched now */

typedef struct entry {
    uint32_t index;
    float value;
} entry;

double qs_ngram_weight(const qs_feature_spec *spec, uint32_t count, float idf)
{
    if (spec->weighting != QS_WEIGHT_TFIDF)
        return 1.0;
    return count == 1 ? (double)idf : (1.0 + log((double)count)) * (double)idf;
}

/* Ascending by index: a few by insertion, more by counting bytes from the lowest up. `spare` has room for all. */
static void sort_entries(entry *entries, entry *spare, size_t count, size_t features)
{
    if (count < 24) {
        for (size_t i = 1; i < count; i++) {
            const entry moved = entries[i];
            size_t to = i;
            for (; to > 0 && entries[to - 1].index > moved.index; to--)
                entries[to] = entries[to - 1];
            entries[to] = moved;
        }
        return;
    }
    entry *from = entries;
    for (unsigned shift = 0; shift < 32 && (features - 1) >> shift != 0; shift += 8) {
        uint32_t place[257] = {0};
        for (size_t i = 0; i < count; i++)
            place[(from[i].index >> shift & 255) + 1]++;
        for (size_t byte = 1; byte < 256; byte++)
            place[byte] += place[byte - 1];
        for (size_t i = 0; i < count; i++)
            spare[place[from[i].index >> shift & 255]++] = from[i];
        entry *const sorted = spare;
        spare = from;
        from = sorted;
    }
    if (from != entries)
        memcpy(entries, from, count * sizeof *entries);
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
            if (k + LOOK_AHEAD < bag->count)
                qs_vocabulary_expect(vocabulary, bag->items[k + LOOK_AHEAD].hash);
            const qs_vocabulary_slot *slot = qs_vocabulary_slot_of(vocabulary, bag->items[k].hash);
            if (slot == NULL) {
                *unknown += 1;
                continue;
            }
            const double weight = qs_ngram_weight(spec, bag->items[k].count, slot->idf);
            entries[count++] = (entry){slot->place - 1, (float)weight};
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
    entry *entries = qs_alloc(bag->count * 2, sizeof *entries); /* half of it for sorting */
    if (status == QS_OK && entries == NULL)
        status = qs_fail(err, QS_ENOMEM, "out of memory");
    if (status == QS_OK) {
        const size_t count = weigh(entries, vocabulary, spec, bag, &missed);
        const size_t start = (size_t)out->starts[out->rows];
        sort_entries(entries, entries + bag->count, count, vocabulary->count);
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
    size_t first;      /* item of the wave */
    qs_bag *bags;      /* one per worker */
    qs_vectors *parts; /* one per task of the wave */
} building;

static qs_status build_part(void *context, size_t index, size_t worker, qs_error *err)
{
    building *b = context;
    const size_t from = b->first + index * ITEMS_PER_TASK;
    qs_status status = QS_OK;
    for (size_t i = from; status == QS_OK && i < from + ITEMS_PER_TASK && i < b->count; i++) {
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

/* Rows are made in waves, and each wave's parts are joined in order before the next: little stands in memory twice. */
qs_status qs_vectors_build(qs_vectors *out, const qs_vocabulary *vocabulary,
                           const qs_feature_spec *spec, const qs_item *items, size_t count,
                           size_t jobs, qs_error *err)
{
    const size_t threads = jobs == 0 ? 1 : jobs;
    const size_t wave = threads * TASKS_PER_WAVE;
    building b = {.vocabulary = vocabulary, .spec = spec, .items = items, .count = count};
    qs_status status = reserve(out, 0, err);
    b.bags = qs_alloc_zero(threads, sizeof *b.bags);
    b.parts = qs_alloc_zero(wave, sizeof *b.parts);
    if (status == QS_OK && (b.bags == NULL || b.parts == NULL))
        status = qs_fail(err, QS_ENOMEM, "out of memory");
    for (; status == QS_OK && b.first < count; b.first += wave * ITEMS_PER_TASK) {
        const size_t left = (count - b.first + ITEMS_PER_TASK - 1) / ITEMS_PER_TASK;
        const size_t parts = left < wave ? left : wave;
        status = qs_workers_run(threads, parts, build_part, &b, err);
        for (size_t p = 0; p < parts && status == QS_OK; p++) {
            status = append(out, &b.parts[p], 0, b.parts[p].rows, err);
            b.parts[p].rows = 0;
        }
    }
    out->features = vocabulary->count;
    for (size_t i = 0; b.bags != NULL && i < threads; i++)
        qs_bag_free(&b.bags[i]);
    for (size_t p = 0; b.parts != NULL && p < wave; p++)
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

void qs_vectors_cut(qs_vectors *v, size_t entries)
{
    uint32_t *indices = qs_realloc(v->indices, entries + 1, sizeof *indices);
    float *values = qs_realloc(v->values, entries + 1, sizeof *values);
    v->indices = indices != NULL ? indices : v->indices;
    v->values = values != NULL ? values : v->values;
    v->capacity = v->value_capacity = entries;
}

void qs_vectors_free(qs_vectors *v)
{
    qs_free(v->starts);
    qs_free(v->indices);
    qs_free(v->values);
    *v = (qs_vectors){0};
}
