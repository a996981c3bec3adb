/* Texts that are nearly the same: min-hash signatures, bands, then the exact measure.
 * SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/workers.h"
#include "pipeline/corpus_load.h"
#include "text/utf8.h"

/* 40 bands of 3 rows: a pair with similarity 0.6 is missed once in 16,000 times. */
enum { BANDS = 40, BAND_ROWS = 3, HASHES = BANDS * BAND_ROWS, GRAM = 5, NEIGHBOURS = 64, CHUNK = 256 };

/* The distinct 5-grams of one text, ascending. */
typedef struct gram_set {
    uint64_t *grams;
    size_t count;
} gram_set;

typedef struct near_work {
    const qs_str *texts;
    size_t count;
    gram_set *sets;
    uint32_t *signatures; /* count * HASHES */
    uint64_t multiply[HASHES], add[HASHES];
    qs_near_pair *pairs;
    size_t pair_count;
    double threshold;
} near_work;

static uint64_t mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

static int compare_u64(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* A gram is five code points of 21 bits, mixed into 64. */
static uint64_t gram_of(const uint32_t *window)
{
    uint64_t hash = 0;
    for (size_t i = 0; i < GRAM; i++)
        hash = mix(hash * 0x9e3779b97f4a7c15u + window[i] + 1);
    return hash;
}

static qs_status make_set(near_work *work, size_t index, qs_error *err)
{
    const qs_str text = work->texts[index];
    gram_set *set = &work->sets[index];
    uint32_t window[GRAM] = {0};
    size_t seen = 0;
    set->grams = qs_alloc(text.len + 1, sizeof *set->grams);
    if (set->grams == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    size_t count = 0;
    for (size_t at = 0; at < text.len; seen++) {
        memmove(window, window + 1, (GRAM - 1) * sizeof *window);
        at += qs_utf8_decode(text, at, &window[GRAM - 1]);
        if (seen + 1 >= GRAM)
            set->grams[count++] = gram_of(window);
    }
    if (count == 0)
        set->grams[count++] = gram_of(window);
    qsort(set->grams, count, sizeof *set->grams, compare_u64);
    for (size_t i = 0; i < count; i++)
        if (set->count == 0 || set->grams[set->count - 1] != set->grams[i])
            set->grams[set->count++] = set->grams[i];
    return QS_OK;
}

static qs_status sign(void *context, size_t chunk, size_t worker, qs_error *err)
{
    near_work *work = context;
    (void)worker;
    for (size_t i = chunk * CHUNK; i < work->count && i < (chunk + 1) * CHUNK; i++) {
        const qs_status status = make_set(work, i, err);
        if (status != QS_OK)
            return status;
        uint32_t *signature = work->signatures + i * HASHES;
        for (size_t h = 0; h < HASHES; h++)
            signature[h] = UINT32_MAX;
        for (size_t g = 0; g < work->sets[i].count; g++)
            for (size_t h = 0; h < HASHES; h++) {
                const uint32_t value =
                    (uint32_t)((work->sets[i].grams[g] * work->multiply[h] + work->add[h]) >> 32);
                if (value < signature[h])
                    signature[h] = value;
            }
    }
    return QS_OK;
}

static double jaccard(const gram_set *a, const gram_set *b)
{
    size_t i = 0, j = 0, both = 0;
    while (i < a->count && j < b->count) {
        const uint64_t x = a->grams[i], y = b->grams[j];
        both += x == y;
        i += x <= y;
        j += y <= x;
    }
    return (double)both / (double)(a->count + b->count - both);
}

static qs_status measure(void *context, size_t chunk, size_t worker, qs_error *err)
{
    near_work *work = context;
    (void)worker;
    (void)err;
    for (size_t i = chunk * CHUNK; i < work->pair_count && i < (chunk + 1) * CHUNK; i++) {
        const gram_set *a = &work->sets[work->pairs[i].a], *b = &work->sets[work->pairs[i].b];
        const double most = (double)(a->count < b->count ? a->count : b->count) /
                            (double)(a->count > b->count ? a->count : b->count);
        work->pairs[i].similarity = most > work->threshold ? jaccard(a, b) : 0;
    }
    return QS_OK;
}

typedef struct bucket_entry {
    uint64_t hash;
    uint32_t row;
} bucket_entry;

static int compare_entries(const void *a, const void *b)
{
    const bucket_entry *x = a, *y = b;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static int compare_pairs(const void *a, const void *b)
{
    const qs_near_pair *x = a, *y = b;
    if (x->b != y->b)
        return x->b < y->b ? -1 : 1;
    return (x->a > y->a) - (x->a < y->a);
}

static void unique_pairs(qs_near_pairs *pairs)
{
    size_t kept = 0;
    if (pairs->count > 0)
        qsort(pairs->items, pairs->count, sizeof *pairs->items, compare_pairs);
    for (size_t i = 0; i < pairs->count; i++)
        if (kept == 0 || compare_pairs(&pairs->items[kept - 1], &pairs->items[i]) != 0)
            pairs->items[kept++] = pairs->items[i];
    pairs->count = kept;
}

static qs_status pair_band(const near_work *work, size_t band, bucket_entry *entries, qs_near_pairs *out,
                           qs_error *err)
{
    for (size_t i = 0; i < work->count; i++) {
        uint64_t hash = band;
        for (size_t r = 0; r < BAND_ROWS; r++)
            hash = mix(hash + work->signatures[i * HASHES + band * BAND_ROWS + r]);
        entries[i] = (bucket_entry){hash, (uint32_t)i};
    }
    qsort(entries, work->count, sizeof *entries, compare_entries);
    for (size_t i = 1; i < work->count; i++)
        for (size_t back = 1; back <= NEIGHBOURS && back <= i; back++) {
            if (entries[i - back].hash != entries[i].hash)
                break;
            const qs_status status = qs_grow(&out->items, &out->capacity, out->count + 1, sizeof *out->items, err);
            if (status != QS_OK)
                return status;
            out->items[out->count++] = (qs_near_pair){entries[i - back].row, entries[i].row, 0};
        }
    return QS_OK;
}

static qs_status find_pairs(near_work *work, qs_near_pairs *out, size_t jobs, qs_error *err)
{
    bucket_entry *entries = qs_alloc(work->count, sizeof *entries);
    if (entries == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    qs_status status = QS_OK;
    size_t sorted = 0;
    for (size_t band = 0; band < BANDS && status == QS_OK; band++) {
        status = pair_band(work, band, entries, out, err);
        if (out->count > 2 * sorted + 100000) {
            unique_pairs(out);
            sorted = out->count;
        }
    }
    qs_free(entries);
    if (status != QS_OK)
        return status;
    unique_pairs(out);
    work->pairs = out->items;
    work->pair_count = out->count;
    status = qs_workers_run(jobs, (out->count + CHUNK - 1) / CHUNK, measure, work, err);
    size_t kept = 0;
    for (size_t i = 0; i < out->count; i++)
        if (out->items[i].similarity > work->threshold)
            out->items[kept++] = out->items[i];
    out->count = kept;
    return status;
}

qs_status qs_near_find(qs_near_pairs *out, const qs_str *texts, size_t count, double threshold, size_t jobs,
                       qs_error *err)
{
    near_work work = {.texts = texts, .count = count, .threshold = threshold};
    if (count < 2)
        return QS_OK;
    uint64_t seed = 20160605;
    for (size_t h = 0; h < HASHES; h++) {
        work.multiply[h] = mix(seed++) | 1;
        work.add[h] = mix(seed++);
    }
    work.sets = qs_alloc_zero(count, sizeof *work.sets);
    work.signatures = qs_alloc(count, HASHES * sizeof *work.signatures);
    qs_status status = work.sets == NULL || work.signatures == NULL
                           ? qs_fail(err, QS_ENOMEM, "out of memory")
                           : qs_workers_run(jobs, (count + CHUNK - 1) / CHUNK, sign, &work, err);
    if (status == QS_OK)
        status = find_pairs(&work, out, jobs, err);
    for (size_t i = 0; work.sets != NULL && i < count; i++)
        qs_free(work.sets[i].grams);
    qs_free(work.sets);
    qs_free(work.signatures);
    return status;
}
