/* Counting in how many items each n-gram stands. SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>

#include "base/workers.h"
#include "features/slot.h"
#include "features/vocabulary.h"

#define ITEMS_PER_TASK 256
#define LOOK_AHEAD 12 /* n-grams counted later whose slots are fetched now */
#define BUCKETS 256 /* by the first byte of the hash; each is sorted on its own */
#define FEATURES_MAX ((size_t)1 << 28)

typedef struct counted {
    uint64_t hash;
    uint32_t df;
    uint32_t block;
} counted;

/* One worker's table: open addressing, df 0 is empty. */
typedef struct table {
    counted *slots;
    size_t slot_count;
    uint64_t key; /* see features/slot.h */
    unsigned shift;
    size_t used;
    qs_bag bag;
} table;

typedef struct counting {
    const qs_feature_spec *spec;
    const qs_item *items;
    size_t item_count;
    table *tables;
    size_t jobs;
    counted *entries; /* all tables, bucket by bucket */
    size_t bucket_start[BUCKETS + 1];
    size_t bucket_kept[BUCKETS];
} counting;

static counted *find_slot(const table *t, uint64_t hash)
{
    size_t slot = qs_slot_home(t->key, t->shift, hash);
    while (t->slots[slot].df != 0 && t->slots[slot].hash != hash)
        slot = (slot + 1) & (t->slot_count - 1);
    return &t->slots[slot];
}

float qs_inverse_document_frequency(size_t items, uint32_t with_it)
{
    return (float)(log((1.0 + (double)items) / (1.0 + with_it)) + 1.0);
}

static qs_status grow_table(table *t, qs_error *err)
{
    const size_t slot_count = t->slot_count == 0 ? 4096 : t->slot_count * 2;
    size_t bytes = 0;
    counted *slots = __builtin_mul_overflow(slot_count, sizeof *slots, &bytes) ? NULL : qs_alloc(slot_count, sizeof *slots);
    if (slots == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory counting n-grams");
    memset(slots, 0, bytes); /* written here: a page that is read first is met by two faults, the second stops all threads */
    counted *const old = t->slots;
    const size_t old_count = t->slot_count;
    if (old_count == 0)
        t->key = qs_slot_key();
    t->slots = slots;
    t->slot_count = slot_count;
    t->shift = qs_slot_shift(slot_count);
    for (size_t i = 0; i < old_count; i++)
        if (old[i].df != 0)
            *find_slot(t, old[i].hash) = old[i];
    qs_free(old);
    return QS_OK;
}

static qs_status count_items(void *context, size_t index, size_t worker, qs_error *err)
{
    counting *c = context;
    table *t = &c->tables[worker];
    const size_t end = (index + 1) * ITEMS_PER_TASK;
    for (size_t i = index * ITEMS_PER_TASK; i < end && i < c->item_count; i++) {
        qs_status status = qs_bag_fill(&t->bag, c->spec, &c->items[i], err);
        uint32_t block = 0;
        for (size_t k = 0; status == QS_OK && k < t->bag.count; k++) {
            if ((t->used + 1) * 10 > t->slot_count * 7)
                status = grow_table(t, err);
            if (status != QS_OK)
                break;
            if (k + LOOK_AHEAD < t->bag.count)
                __builtin_prefetch(
                    &t->slots[qs_slot_home(t->key, t->shift, t->bag.items[k + LOOK_AHEAD].hash)]);
            counted *slot = find_slot(t, t->bag.items[k].hash);
            t->used += slot->df == 0;
            while (t->bag.block_start[block + 1] <= k)
                block++;
            slot->hash = t->bag.items[k].hash;
            slot->block = block;
            slot->df++;
        }
        if (status != QS_OK)
            return status;
    }
    return QS_OK;
}

static qs_status scatter(counting *c, qs_error *err)
{
    size_t fill[BUCKETS];
    size_t total = 0;
    for (size_t j = 0; j < c->jobs; j++)
        for (size_t i = 0; i < c->tables[j].slot_count; i++)
            if (c->tables[j].slots[i].df != 0) {
                c->bucket_start[(c->tables[j].slots[i].hash >> 56) + 1]++;
                total++;
            }
    for (size_t b = 0; b < BUCKETS; b++) {
        c->bucket_start[b + 1] += c->bucket_start[b];
        fill[b] = c->bucket_start[b];
    }
    c->entries = qs_alloc(total, sizeof *c->entries);
    if (c->entries == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory counting n-grams");
    for (size_t j = 0; j < c->jobs; j++) {
        for (size_t i = 0; i < c->tables[j].slot_count; i++)
            if (c->tables[j].slots[i].df != 0)
                c->entries[fill[c->tables[j].slots[i].hash >> 56]++] = c->tables[j].slots[i];
        qs_free(c->tables[j].slots);
        c->tables[j].slots = NULL;
        c->tables[j].slot_count = 0;
    }
    return QS_OK;
}

static int by_hash(const void *a, const void *b)
{
    const uint64_t x = ((const counted *)a)->hash;
    const uint64_t y = ((const counted *)b)->hash;
    return (x > y) - (x < y);
}

/* Sorts one bucket, adds up what several workers counted, and keeps what is frequent enough. */
static qs_status settle_bucket(void *context, size_t bucket, size_t worker, qs_error *err)
{
    counting *c = context;
    counted *entries = c->entries + c->bucket_start[bucket];
    const size_t count = c->bucket_start[bucket + 1] - c->bucket_start[bucket];
    size_t kept = 0;
    (void)worker;
    (void)err;
    if (count > 0)
        qsort(entries, count, sizeof *entries, by_hash);
    for (size_t i = 0; i < count;) {
        counted sum = entries[i++];
        while (i < count && entries[i].hash == sum.hash)
            sum.df += entries[i++].df;
        if (sum.df >= c->spec->min_df)
            entries[kept++] = sum;
    }
    c->bucket_kept[bucket] = kept;
    return QS_OK;
}

static qs_status keep(qs_vocabulary *out, const counting *c, qs_error *err)
{
    size_t count = 0;
    for (size_t b = 0; b < BUCKETS; b++)
        count += c->bucket_kept[b];
    if (count == 0)
        return qs_fail(err, QS_EINPUT, "no n-gram stands in %u or more items", c->spec->min_df);
    if (count > FEATURES_MAX)
        return qs_fail(err, QS_ELIMIT, "%zu different n-grams, the limit is %zu", count, FEATURES_MAX);
    out->hashes = qs_alloc(count, sizeof *out->hashes);
    out->blocks = qs_alloc(count, 1);
    if (c->spec->weighting == QS_WEIGHT_TFIDF)
        out->idf = qs_alloc(count, sizeof *out->idf);
    if (out->hashes == NULL || out->blocks == NULL || (c->spec->weighting == QS_WEIGHT_TFIDF && out->idf == NULL))
        return qs_fail(err, QS_ENOMEM, "out of memory for %zu n-grams", count);
    for (size_t b = 0; b < BUCKETS; b++)
        for (size_t i = 0; i < c->bucket_kept[b]; i++) {
            const counted *entry = &c->entries[c->bucket_start[b] + i];
            if (out->idf != NULL)
                out->idf[out->count] = qs_inverse_document_frequency(c->item_count, entry->df);
            out->blocks[out->count] = (unsigned char)entry->block;
            out->hashes[out->count++] = entry->hash;
        }
    return QS_OK;
}

qs_status qs_vocabulary_build(qs_vocabulary *out, const qs_feature_spec *spec, const qs_item *items,
                              size_t count, size_t jobs, qs_error *err)
{
    counting c = {.spec = spec, .items = items, .item_count = count, .jobs = jobs == 0 ? 1 : jobs};
    qs_status status = QS_OK;
    c.tables = qs_alloc_zero(c.jobs, sizeof *c.tables);
    if (c.tables == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    status = qs_workers_run(c.jobs, (count + ITEMS_PER_TASK - 1) / ITEMS_PER_TASK, count_items, &c, err);
    if (status == QS_OK)
        status = scatter(&c, err);
    if (status == QS_OK)
        status = qs_workers_run(c.jobs, BUCKETS, settle_bucket, &c, err);
    if (status == QS_OK)
        status = keep(out, &c, err);
    for (size_t j = 0; j < c.jobs; j++) {
        qs_free(c.tables[j].slots);
        qs_bag_free(&c.tables[j].bag);
    }
    qs_free(c.tables);
    qs_free(c.entries);
    if (status == QS_OK)
        status = qs_vocabulary_index(out, err);
    if (status != QS_OK)
        qs_vocabulary_free(out);
    return status;
}
