/* The look-ups of the scoring engine: hashes of n-grams to rows of weights, a block at a time, since what limits them is how many cache
 * lines can be on their way at once. SPDX-License-Identifier: MIT */
#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "features/slot.h"
#include "pipeline/engine_internal.h"

#define LENGTHS_MAX 8 /* of spec.h: n-grams that start at one place */
#define MARKS_MIN ((size_t)4096) /* with fewer, hits of a usual text collide too often to be foreseen */
#define MARKS_MAX (UINT32_MAX / 4)

/* --- the set of hits --------------------------------------------------------------------------- */

/* Where to begin the search for a feature. The key is secret, see features/slot.h: which features a text has is up to its author. */
static inline size_t first_mark(uint64_t key, uint32_t feature, size_t mask)
{
    return (size_t)(feature * key >> 32) & mask;
}

static qs_status grow_marks(qs_engine *e, size_t count, qs_error *err)
{
    uint32_t *marks = count > MARKS_MAX ? NULL : qs_alloc_zero(count, sizeof *marks);
    if (marks == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    if (e->marks == NULL)
        e->mark_key = qs_slot_key();
    qs_free(e->marks);
    e->marks = marks;
    e->mark_count = count;
    for (size_t i = 0; i < e->hit_count; i++) {
        size_t at = first_mark(e->mark_key, (uint32_t)e->hits[i], count - 1);
        while (marks[at] - e->first < e->hit_count)
            at = (at + 1) & (count - 1);
        marks[at] = e->first + (uint32_t)i;
    }
    return QS_OK;
}

qs_status qs_engine_make_room(qs_engine *e, qs_error *err)
{
    const size_t need = e->hit_count + QS_ENGINE_BLOCK + 1;
    size_t count = e->mark_count == 0 ? MARKS_MIN : e->mark_count;
    qs_status status = QS_OK;
    if (need > e->hit_capacity)
        status = qs_grow(&e->hits, &e->hit_capacity, need, sizeof *e->hits, err);
    while (count < need * 4)
        count *= 2;
    return status != QS_OK || count == e->mark_count ? status : grow_marks(e, count, err);
}

void qs_engine_forget(qs_engine *e)
{
    e->first += (uint32_t)e->hit_count;
    if (e->first > UINT32_MAX / 2) {
        memset(e->marks, 0, e->mark_count * sizeof *e->marks);
        e->first = 1;
    }
    e->hit_count = 0;
    e->ngrams = 0;
    e->block.count = e->block.asked = e->block.found = 0;
}

/* Almost without branches that cannot be foreseen: each is written as if it were new. */
void qs_engine_count(qs_engine *e, const uint32_t *features, size_t count)
{
    qs_engine_hit *const hits = e->hits;
    uint32_t *const marks = e->marks;
    const size_t mask = e->mark_count - 1;
    const uint64_t key = e->mark_key;
    const uint32_t first = e->first;
    const char *const weights = e->table->weights;
    const size_t step = e->table->weight_step;
    const uint32_t *const end = features + count;
    uint32_t new = (uint32_t)e->hit_count;
    for (; features < end; features++) {
        const uint32_t feature = *features;
        size_t at = first_mark(key, feature, mask);
        qs_engine_fetch(weights + feature * step);
        hits[new] = feature;
        uint32_t number = marks[at] - first;
        number = number < new ? number : new;
        while (__builtin_expect((uint32_t)hits[number] != feature, 0)) {
            at = (at + 1) & mask;
            number = marks[at] - first;
            number = number < new ? number : new;
        }
        hits[number] += QS_HIT_ONE;
        marks[at] = first + number;
        new += number == new;
    }
    e->hit_count = new;
}

/* --- the look-up ------------------------------------------------------------------------------- */

/* A bit for each tag of the bucket that is `tag`. */
static inline uint32_t equal_tags(const qs_engine_bucket *bucket, uint16_t tag)
{
#if defined(__SSE2__)
    const __m128i *lines = (const __m128i *)(const void *)bucket;
    const __m128i wanted = _mm_set1_epi16((short)tag);
    const __m128i a = _mm_cmpeq_epi16(_mm_load_si128(lines), wanted);
    const __m128i b = _mm_cmpeq_epi16(_mm_load_si128(lines + 1), wanted);
    const __m128i c = _mm_cmpeq_epi16(_mm_load_si128(lines + 2), wanted);
    const __m128i d = _mm_cmpeq_epi16(_mm_load_si128(lines + 3), wanted);
    const uint32_t low = (uint32_t)_mm_movemask_epi8(_mm_packs_epi16(a, b));
    const uint32_t high = (uint32_t)_mm_movemask_epi8(_mm_packs_epi16(c, d));
    return (low | high << 16) & ((UINT32_C(1) << QS_BUCKET_TAGS) - 1); /* without `base` */
#else
    uint32_t bits = 0;
    for (uint32_t i = 0; i < QS_BUCKET_TAGS; i++)
        bits |= (uint32_t)(bucket->tags[i] == tag) << i;
    return bits;
#endif
}

void qs_engine_want(const qs_engine_table *table, const uint64_t *hashes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        qs_engine_fetch(&table->buckets[qs_engine_bucket_of(table, hashes[i])]);
}

size_t qs_engine_ask(const qs_engine_table *given, const uint64_t *hashes, size_t from, size_t to, qs_engine_candidate *candidates)
{
    const qs_engine_table table = *given; /* in registers: no store of ours may change it */
    size_t found = 0;
    for (size_t i = from; i < to; i++) {
        const qs_engine_bucket *bucket = &table.buckets[qs_engine_bucket_of(&table, hashes[i])];
        const uint32_t equal = equal_tags(bucket, qs_engine_tag(hashes[i]));
        const uint32_t base = bucket->base;
        ptrdiff_t known = -(ptrdiff_t)(equal != 0);
        __asm__("" : "+r"(known)); /* compilers would make a branch of it, and it cannot be foreseen */
        const uint32_t feature = (base & ~QS_BUCKET_FULL) + ((uint32_t)__builtin_ctz(equal | UINT32_C(1) << 31) & (uint32_t)known);
        const char *row = table.hashes + (size_t)feature * table.hash_step;
        candidates[found] = (qs_engine_candidate){(uint32_t)i, feature};
        found += (equal | (base & QS_BUCKET_FULL)) != 0; /* else written over by the next */
        qs_engine_fetch((const char *)bucket + ((row - (const char *)bucket) & known)); /* else what is at hand */
    }
    return found;
}

size_t qs_engine_answer(const qs_engine_table *given, const uint64_t *hashes, qs_engine_candidate *candidates, size_t found)
{
    const qs_engine_table table = *given;
    size_t known = 0;
    for (size_t i = 0; i < found; i++) {
        qs_engine_candidate c = candidates[i];
        const uint64_t hash = hashes[c.place];
        if (__builtin_expect(qs_engine_hash_at(&table, c.feature) != hash, 0))
            c.feature = qs_engine_search(given, hash);
        candidates[known] = c;
        known += c.feature != QS_NO_FEATURE;
    }
    return known;
}

/* --- what is looked up ------------------------------------------------------------------------- */

qs_status qs_engine_settle(qs_engine *e, qs_error *err)
{
    qs_engine_block *b = &e->block;
    uint32_t features[QS_ENGINE_BLOCK];
    const qs_status status = qs_engine_make_room(e, err);
    if (status != QS_OK)
        return status;
    const size_t known = qs_engine_answer(e->table, b->hashes, b->candidates, b->found);
    for (size_t i = 0; i < known; i++)
        features[i] = b->candidates[i].feature;
    qs_engine_count(e, features, known);
    e->ngrams += b->count;
    b->count = b->asked = b->found = 0;
    return QS_OK;
}

void qs_engine_ask_block(qs_engine *e, size_t to)
{
    qs_engine_block *b = &e->block;
    to = to < b->count ? to : b->count;
    b->found += qs_engine_ask(e->table, b->hashes, b->asked, to, b->candidates + b->found);
    b->asked = to;
}

static qs_status settle_now(qs_engine *e, qs_error *err)
{
    qs_engine_want(e->table, e->block.hashes, e->block.count);
    qs_engine_ask_block(e, QS_ENGINE_BLOCK);
    return qs_engine_settle(e, err);
}

qs_status qs_engine_find_words(qs_engine *e, uint32_t field, qs_error *err)
{
    const qs_engine_table table = *e->table;
    const uint64_t salt = qs_ngram_salt(field * 2);
    uint32_t min, max;
    qs_word_lengths(&table.model->spec, field, &min, &max);
    const uint64_t *words = e->bag.words;
    const size_t count = e->bag.token_count;
    uint64_t *const hashes = e->block.hashes;
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t hash = salt;
        for (uint32_t n = 1; n <= max && i + n <= count; n++) {
            hash = qs_ngram_extend(hash, words[i + n - 1]);
            if (n < min)
                continue;
            hashes[used] = qs_ngram_finish(hash, n);
            qs_engine_fetch(&table.buckets[qs_engine_bucket_of(&table, hashes[used++])]);
        }
        if (used <= QS_ENGINE_BLOCK - LENGTHS_MAX)
            continue;
        e->block.count = used;
        used = 0;
        const qs_status status = settle_now(e, err);
        if (status != QS_OK)
            return status;
    }
    e->block.count = used;
    return QS_OK;
}

static qs_status find_chars(qs_engine *e, uint32_t field, qs_error *err)
{
    const qs_feature_spec *spec = &e->table->model->spec;
    const bool in_words = qs_chars_in_words(spec, field);
    const uint64_t salt = qs_ngram_salt(field * 2 + 1);
    const uint32_t *chars = e->bag.chars;
    const size_t count = e->bag.char_count;
    qs_engine_block *b = &e->block;
    qs_status status = QS_OK;
    for (size_t i = 0; i < count && status == QS_OK; i++) {
        uint64_t hash = salt;
        for (uint32_t n = 1; n <= spec->char_max && i + n <= count; n++) {
            hash = qs_ngram_extend(hash, chars[i + n - 1]);
            if (n >= spec->char_min)
                b->hashes[b->count++] = qs_ngram_finish(hash, n);
            if (in_words && chars[i + n - 1] == ' ' && n > 1)
                break;
        }
        if (b->count > QS_ENGINE_BLOCK - LENGTHS_MAX)
            status = settle_now(e, err);
    }
    return status == QS_OK ? settle_now(e, err) : status;
}

qs_status qs_engine_find_chars(qs_engine *e, uint32_t field, qs_error *err)
{
    const qs_feature_spec *spec = &e->table->model->spec;
    if (e->windows != NULL && spec->char_max > 0 && !qs_field_of_classes(field))
        return qs_engine_find_windows(e, field, err);
    qs_status status = qs_bag_read_chars(&e->bag, spec, field, err);
    qs_engine_ask_block(e, QS_ENGINE_BLOCK);
    if (status == QS_OK)
        status = qs_engine_settle(e, err);
    e->words_end = e->hit_count;
    return status == QS_OK ? find_chars(e, field, err) : status;
}
