/* The look-ups of the scoring engine. What limits them is how many cache lines can be on their way at once, so three steps run side by
 * side, each some n-grams behind the one before: an n-gram is wanted (its bucket is sent for), asked for (its tag is compared, the
 * row sent for) and settled (the hash in the row compared, the hit counted). SPDX-License-Identifier: MIT */
#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "pipeline/engine_internal.h"

#define ASK_BEHIND 32 /* n-grams between want and ask */
#define ASK_AT_ONCE 16
#define SETTLE_BEHIND 24 /* between ask and settle */
#define SETTLE_AT_ONCE 8
#define ROOM_EVERY 32 /* places, of at most spec.h's LENGTHS_MAX n-grams */
#define LENGTHS_MAX 8

#define INLINE static inline __attribute__((always_inline))

/* --- the set of hits --------------------------------------------------------------------------- */

static inline size_t first_mark(unsigned shift, uint32_t feature)
{
    return (uint32_t)(feature * UINT32_C(0x9e3779b1)) >> shift;
}

/* Without a branch that cannot be foreseen: new or not, the hit is written. */
static inline void add_hit(qs_engine *e, uint32_t feature)
{
    qs_engine_hit *const hits = e->hits;
    const uint32_t new = (uint32_t)e->hit_count;
    size_t at = first_mark(e->shift, feature);
    uint32_t number = e->marks[at] - e->first;
    while (__builtin_expect(number < new && hits[number].feature != feature, 0)) {
        at = (at + 1) & (e->mark_count - 1);
        number = e->marks[at] - e->first;
    }
    const bool is_new = number >= new;
    number = is_new ? new : number;
    const uint32_t before = is_new ? 0 : hits[number].count;
    hits[number] = (qs_engine_hit){feature, before + 1};
    e->marks[at] = e->first + number;
    e->hit_count = new + is_new;
}

static qs_status grow_marks(qs_engine *e, size_t count, qs_error *err)
{
    uint32_t *marks = count > UINT32_MAX / 4 ? NULL : qs_alloc_zero(count, sizeof *marks);
    if (marks == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    qs_free(e->marks);
    e->marks = marks;
    e->mark_count = count;
    e->shift = (unsigned)__builtin_clz((uint32_t)count) + 1;
    for (size_t i = 0; i < e->hit_count; i++) {
        size_t at = first_mark(e->shift, e->hits[i].feature);
        while (marks[at] - e->first < e->hit_count)
            at = (at + 1) & (count - 1);
        marks[at] = e->first + (uint32_t)i;
    }
    return QS_OK;
}

/* Before each place: room for the hits until the next call that does anything, so that the steps need not ask. */
INLINE qs_status make_room(qs_engine *e, size_t place, qs_error *err)
{
    if (place % ROOM_EVERY != 0)
        return QS_OK;
    const size_t need = e->hit_count + ASK_BEHIND + ASK_AT_ONCE + SETTLE_BEHIND + SETTLE_AT_ONCE + ROOM_EVERY * LENGTHS_MAX;
    size_t count = e->mark_count == 0 ? 2048 : e->mark_count;
    qs_status status = QS_OK;
    if (need > e->hit_capacity)
        status = qs_grow(&e->hits, &e->hit_capacity, need, sizeof *e->hits, err);
    while (count < need * 2)
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
    e->wanted = e->asked = e->found = e->settled = 0;
}

/* --- the steps --------------------------------------------------------------------------------- */

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

INLINE void want(qs_engine *e, const qs_engine_table *table, uint64_t hash)
{
    e->hashes[e->wanted++ % QS_ENGINE_RING] = hash;
    __builtin_prefetch(&table->buckets[qs_engine_bucket_of(table, hash)]);
}

INLINE void ask(qs_engine *e, const qs_engine_table *table, size_t count)
{
    size_t found = e->found;
    for (size_t i = 0; i < count; i++) {
        const uint64_t hash = e->hashes[(e->asked + i) % QS_ENGINE_RING];
        const qs_engine_bucket *bucket = &table->buckets[qs_engine_bucket_of(table, hash)];
        const uint32_t equal = equal_tags(bucket, qs_engine_tag(hash));
        const uint32_t base = bucket->base;
        ptrdiff_t known = -(ptrdiff_t)(equal != 0);
        __asm__("" : "+r"(known)); /* compilers would make a branch of it, and it cannot be foreseen */
        const uint32_t feature = (base & ~QS_BUCKET_FULL) + ((uint32_t)__builtin_ctz(equal | UINT32_C(1) << 31) & (uint32_t)known);
        const char *row = table->hashes + (size_t)feature * table->hash_step;
        e->found_features[found % QS_ENGINE_RING] = feature;
        e->found_hashes[found % QS_ENGINE_RING] = hash;
        found += (equal != 0) | (base >> 31); /* else written over by the next */
        __builtin_prefetch((const char *)bucket + ((row - (const char *)bucket) & known)); /* else what is at hand */
    }
    e->found = found;
    e->asked += count;
}

INLINE void settle(qs_engine *e, const qs_engine_table *table, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const uint64_t hash = e->found_hashes[(e->settled + i) % QS_ENGINE_RING];
        uint32_t feature = e->found_features[(e->settled + i) % QS_ENGINE_RING];
        if (__builtin_expect(qs_engine_hash_at(table, feature) != hash, 0)) {
            feature = qs_engine_search(table, hash);
            if (feature == QS_NO_FEATURE)
                continue;
        }
        add_hit(e, feature);
    }
    e->settled += count;
}

/* After some are wanted; the loops end where they are expected to. */
INLINE void advance(qs_engine *e, const qs_engine_table *table)
{
    while (e->wanted - e->asked >= ASK_BEHIND + ASK_AT_ONCE)
        ask(e, table, ASK_AT_ONCE);
    while (e->found - e->settled >= SETTLE_BEHIND + SETTLE_AT_ONCE)
        settle(e, table, SETTLE_AT_ONCE);
}

static void finish(qs_engine *e)
{
    ask(e, e->table, e->wanted - e->asked);
    settle(e, e->table, e->found - e->settled);
    e->ngrams += e->wanted;
    e->wanted = e->asked = e->found = e->settled = 0;
}

/* --- what is looked up ------------------------------------------------------------------------- */

qs_status qs_engine_find_words(qs_engine *e, uint32_t field, qs_error *err)
{
    const qs_feature_spec *spec = &e->table->model->spec;
    const qs_engine_table table = *e->table; /* in registers: no store of ours may change it */
    const uint64_t salt = qs_ngram_salt(field * 2);
    const uint64_t *words = e->bag.words;
    const size_t count = e->bag.token_count;
    qs_status status = QS_OK;
    for (size_t i = 0; i < count && (status = make_room(e, i, err)) == QS_OK; i++) {
        uint64_t hash = salt;
        for (uint32_t n = 1; n <= spec->word_max && i + n <= count; n++) {
            hash = qs_ngram_extend(hash, words[i + n - 1]);
            if (n >= spec->word_min)
                want(e, &table, qs_ngram_finish(hash, n));
        }
        advance(e, &table);
    }
    if (status == QS_OK)
        finish(e);
    return status;
}

/* The n-grams that start at one character. */
INLINE void want_at(qs_engine *e, const qs_engine_table *table, const uint32_t *chars, uint64_t salt, uint32_t min,
                    uint32_t max, bool in_words)
{
    uint64_t hash = salt;
#pragma GCC unroll 8
    for (uint32_t n = 1; n <= max; n++) {
        hash = qs_ngram_extend(hash, chars[n - 1]);
        if (n >= min)
            want(e, table, qs_ngram_finish(hash, n));
        if (in_words && chars[n - 1] == ' ' && n > 1)
            break;
    }
}

qs_status qs_engine_find_chars(qs_engine *e, uint32_t field, qs_error *err)
{
    const qs_feature_spec *spec = &e->table->model->spec;
    const qs_engine_table table = *e->table;
    const bool in_words = qs_chars_in_words(spec, field);
    const uint64_t salt = qs_ngram_salt(field * 2 + 1);
    const uint32_t *chars = e->bag.chars;
    const size_t count = e->bag.char_count;
    const bool usual = spec->char_min == 2 && spec->char_max == 5 && !in_words;
    qs_status status = QS_OK;
    size_t i = 0;
    for (; usual && i + 4 + 4 <= count && (status = make_room(e, i, err)) == QS_OK; i += 4) {
        for (size_t k = 0; k < 4; k++) /* four places at once, with constant lengths */
            want_at(e, &table, chars + i + k, salt, 2, 5, false);
        advance(e, &table);
    }
    for (; i < count && status == QS_OK; i++) {
        const size_t left = count - i;
        status = make_room(e, i, err);
        if (status == QS_OK)
            want_at(e, &table, chars + i, salt, spec->char_min, left < spec->char_max ? (uint32_t)left : spec->char_max, in_words);
        advance(e, &table);
    }
    if (status == QS_OK)
        finish(e);
    return status;
}
