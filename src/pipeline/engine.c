/* The scoring engine: n-grams looked up in blocks, then summed in order. SPDX-License-Identifier: MIT */
#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "features/vector.h"
#include "pipeline/engine_internal.h"

#define BATCH ((size_t)128)      /* look-ups under way at once */
#define SLACK ((size_t)8)       /* n-grams that start at one place: at most spec.h's 8 */
#define KNOWN_LOGS ((size_t)64) /* counts whose weight is at hand */

/* An n-gram of the text that the model knows. */
typedef struct hit {
    uint32_t feature;
    uint32_t count;
} hit;

struct qs_engine {
    const qs_engine_table *table;
    qs_bag bag; /* for its tokens and characters only */
    hit *hits;  /* in order of first occurrence */
    size_t hit_count, hit_capacity;
    uint32_t *marks; /* the set of hits: number of a hit + 1, or 0 */
    size_t mark_count; /* a power of two */
    unsigned shift;
    size_t ngrams;
    size_t pending_count;
    uint64_t pending[BATCH + SLACK];
    double count_factors[KNOWN_LOGS]; /* weight of a count before idf */
};

qs_status qs_engine_create(qs_engine **out, const qs_engine_table *table, qs_error *err)
{
    *out = NULL;
    qs_engine *e = qs_alloc_zero(1, sizeof *e);
    if (e == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    e->table = table;
    for (uint32_t count = 1; count < KNOWN_LOGS; count++)
        e->count_factors[count] = qs_ngram_weight(&table->model->spec, count, 1.0f);
    *out = e;
    return QS_OK;
}

void qs_engine_set_table(qs_engine *e, const qs_engine_table *table)
{
    e->table = table;
}

void qs_engine_destroy(qs_engine *e)
{
    if (e == NULL)
        return;
    qs_bag_free(&e->bag);
    qs_free(e->hits);
    qs_free(e->marks);
    qs_free(e);
}

/* --- the set of hits --------------------------------------------------------------------------- */

static inline size_t first_mark(const qs_engine *e, uint32_t feature)
{
    return (uint32_t)(feature * UINT32_C(0x9e3779b1)) >> e->shift;
}

static inline void add_hit(qs_engine *e, uint32_t feature)
{
    size_t at = first_mark(e, feature);
    for (uint32_t mark = e->marks[at]; mark != 0; mark = e->marks[at]) {
        if (e->hits[mark - 1].feature == feature) {
            e->hits[mark - 1].count++;
            return;
        }
        at = (at + 1) & (e->mark_count - 1);
    }
    e->hits[e->hit_count++] = (hit){feature, 1};
    e->marks[at] = (uint32_t)e->hit_count;
}

static qs_status grow_marks(qs_engine *e, size_t need, qs_error *err)
{
    size_t count = e->mark_count == 0 ? 1024 : e->mark_count;
    while (count < need)
        count *= 2;
    uint32_t *marks = count > UINT32_MAX / 2 ? NULL : qs_alloc_zero(count, sizeof *marks);
    if (marks == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    qs_free(e->marks);
    e->marks = marks;
    e->mark_count = count;
    e->shift = (unsigned)__builtin_clz((uint32_t)count) + 1;
    for (size_t i = 0; i < e->hit_count; i++) {
        size_t at = first_mark(e, e->hits[i].feature);
        while (marks[at] != 0)
            at = (at + 1) & (count - 1);
        marks[at] = (uint32_t)i + 1;
    }
    return QS_OK;
}

/* Room for the hits of one more batch, so that look-ups need not ask. */
static qs_status make_room(qs_engine *e, qs_error *err)
{
    const size_t need = e->hit_count + e->pending_count;
    qs_status status = QS_OK;
    if (need > e->hit_capacity)
        status = qs_grow(&e->hits, &e->hit_capacity, need, sizeof *e->hits, err);
    if (status == QS_OK && need * 2 > e->mark_count)
        status = grow_marks(e, need * 2, err);
    return status;
}

/* Forgets the last text in time proportional to it. */
static void forget(qs_engine *e)
{
    if (e->hit_count * 16 > e->mark_count)
        memset(e->marks, 0, e->mark_count * sizeof *e->marks);
    else
        for (size_t i = 0; i < e->hit_count; i++) {
            size_t at = first_mark(e, e->hits[i].feature);
            for (; e->marks[at] != 0; at = (at + 1) & (e->mark_count - 1))
                e->marks[at] = 0;
        }
    e->hit_count = 0;
    e->ngrams = 0;
    e->pending_count = 0;
}

/* --- look-ups ---------------------------------------------------------------------------------- */

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

static inline const char *hash_at(const qs_engine_table *table, uint32_t feature)
{
    return table->hashes + (size_t)feature * table->hash_step;
}

/* What the tags say of each pending n-gram: the feature it may be, in order, with its row on the way; n-grams whose bucket has no
 * such tag are left out. Returns how many remain. */
static size_t ask_tags(const qs_engine *e, uint32_t *features, uint64_t *hashes)
{
    const qs_engine_table *table = e->table;
    size_t count = 0;
    for (size_t i = 0; i < e->pending_count; i++) {
        const uint64_t hash = e->pending[i];
        const qs_engine_bucket *bucket = &table->buckets[qs_engine_bucket_of(table, hash)];
        const uint32_t equal = equal_tags(bucket, qs_engine_tag(hash));
        const uint32_t base = bucket->base;
        /* no branch on what cannot be foreseen: what is not wanted is written over by the next */
        const uint32_t feature = (base & ~QS_BUCKET_FULL) + (equal == 0 ? 0 : (uint32_t)__builtin_ctz(equal));
        features[count] = feature;
        hashes[count] = hash;
        count += (equal != 0) | (base >> 31);
        __builtin_prefetch(hash_at(table, feature));
    }
    return count;
}

static qs_status look_up(qs_engine *e, qs_error *err)
{
    const qs_engine_table *table = e->table;
    uint32_t features[BATCH + SLACK];
    uint64_t hashes[BATCH + SLACK];
    const qs_status status = make_room(e, err);
    if (status != QS_OK)
        return status;
    const size_t count = ask_tags(e, features, hashes);
    for (size_t i = 0; i < count; i++) {
        uint32_t feature = features[i];
        uint64_t hash = 0;
        memcpy(&hash, hash_at(table, feature), sizeof hash);
        if (hash != hashes[i])
            feature = qs_engine_search(table, hashes[i]);
        if (feature != QS_NO_FEATURE)
            add_hit(e, feature);
    }
    e->ngrams += e->pending_count;
    e->pending_count = 0;
    return QS_OK;
}

/* There is room for SLACK of these between two calls of look_up_full. */
static inline void want(qs_engine *e, uint64_t hash)
{
    const qs_engine_table *table = e->table;
    __builtin_prefetch(&table->buckets[qs_engine_bucket_of(table, hash)]);
    e->pending[e->pending_count++] = hash;
}

static inline qs_status look_up_full(qs_engine *e, qs_error *err)
{
    return e->pending_count < BATCH ? QS_OK : look_up(e, err);
}

static qs_status want_words(qs_engine *e, uint32_t field, qs_error *err)
{
    const qs_feature_spec *spec = &e->table->model->spec;
    const uint64_t salt = qs_ngram_salt(field * 2);
    const uint64_t *words = e->bag.words;
    const size_t count = e->bag.token_count;
    qs_status status = QS_OK;
    for (size_t i = 0; i < count && status == QS_OK; i++) {
        uint64_t hash = salt;
        for (uint32_t n = 1; n <= spec->word_max && i + n <= count; n++) {
            hash = qs_ngram_extend(hash, words[i + n - 1]);
            if (n >= spec->word_min)
                want(e, qs_ngram_finish(hash, n));
        }
        status = look_up_full(e, err);
    }
    return status;
}

/* The n-grams that start at one character; inlined with constant lengths for the common ones. */
static inline __attribute__((always_inline)) void want_chars_at(qs_engine *e, const uint32_t *chars, uint64_t salt,
                                                                uint32_t min, uint32_t max, bool in_words)
{
    uint64_t hash = salt;
    for (uint32_t n = 1; n <= max; n++) {
        hash = qs_ngram_extend(hash, chars[n - 1]);
        if (n >= min)
            want(e, qs_ngram_finish(hash, n));
        if (in_words && chars[n - 1] == ' ' && n > 1)
            break;
    }
}

static qs_status want_chars(qs_engine *e, uint32_t field, qs_error *err)
{
    const qs_feature_spec *spec = &e->table->model->spec;
    const bool in_words = (spec->flags & QS_FEATURE_CHARS_IN_WORDS) != 0;
    const uint64_t salt = qs_ngram_salt(field * 2 + 1);
    const uint32_t *chars = e->bag.chars;
    const size_t count = e->bag.char_count;
    const bool usual = spec->char_min == 2 && spec->char_max == 5 && !in_words;
    size_t i = 0;
    qs_status status = QS_OK;
    for (; usual && i + 5 <= count && status == QS_OK; i++) {
        want_chars_at(e, chars + i, salt, 2, 5, false);
        status = look_up_full(e, err);
    }
    for (; i < count && status == QS_OK; i++) {
        const size_t left = count - i;
        const uint32_t max = left < spec->char_max ? (uint32_t)left : spec->char_max;
        want_chars_at(e, chars + i, salt, spec->char_min, max, in_words);
        status = look_up_full(e, err);
    }
    return status;
}

/* --- sums -------------------------------------------------------------------------------------- */

/* Inlined with a constant width for the common ones. */
static inline __attribute__((always_inline)) double add_rows(const qs_engine *e, size_t from, size_t to,
                                                             size_t width, double *sum)
{
    const qs_engine_table *table = e->table;
    const qs_feature_spec *spec = &table->model->spec;
    const bool tfidf = spec->weighting == QS_WEIGHT_TFIDF;
    double squares = 0;
    for (size_t k = from; k < to; k++) {
        const size_t feature = e->hits[k].feature;
        const char *weights = table->weights + feature * table->weight_step;
        const uint32_t count = e->hits[k].count;
        float row = 0;
        double weight = 1;
        if (tfidf) {
            float idf = 0;
            memcpy(&idf, table->idfs + feature * table->idf_step, sizeof idf);
            weight = count < KNOWN_LOGS ? e->count_factors[count] * (double)idf
                                        : qs_ngram_weight(spec, count, idf);
        }
        squares += weight * weight;
        for (size_t o = 0; o < width; o++) {
            memcpy(&row, weights + o * sizeof row, sizeof row);
            sum[o] += weight * (double)row;
        }
    }
    return squares;
}

static double sum_block(const qs_engine *e, size_t from, size_t to, double *sum)
{
    switch (e->table->model->output_count) {
    case 1:
        return add_rows(e, from, to, 1, sum);
    case 3:
        return add_rows(e, from, to, 3, sum);
    case 6:
        return add_rows(e, from, to, 6, sum);
    default:
        return add_rows(e, from, to, e->table->model->output_count, sum);
    }
}

qs_status qs_engine_outputs(qs_engine *e, const qs_item *item, double *outputs, qs_coverage *coverage,
                            qs_error *err)
{
    const qs_model *model = e->table->model;
    double sums[QS_BLOCKS * QS_ENGINE_WIDTH_MAX];
    double squares[QS_BLOCKS] = {0};
    size_t starts[QS_BLOCKS + 1] = {0};
    qs_status status = QS_OK;
    forget(e);
    for (uint32_t block = 0; block < QS_BLOCKS && status == QS_OK; block++) {
        const uint32_t field = block / 2;
        const bool used = (model->spec.fields >> field & 1) != 0;
        if (used && block % 2 == 0)
            status = qs_bag_read_field(&e->bag, &model->spec, field, item->field[field], err);
        if (used && status == QS_OK)
            status = block % 2 == 0 ? want_words(e, field, err) : want_chars(e, field, err);
        if (status == QS_OK)
            status = look_up(e, err);
        starts[block + 1] = e->hit_count;
    }
    if (status != QS_OK)
        return status;
    memset(sums, 0, QS_BLOCKS * model->output_count * sizeof *sums);
    for (size_t b = 0; b < QS_BLOCKS; b++)
        squares[b] = sum_block(e, starts[b], starts[b + 1], sums + b * model->output_count);
    qs_join_blocks(model, sums, squares, outputs);
    *coverage = (qs_coverage){.known = e->hit_count, .all = e->ngrams};
    return QS_OK;
}
