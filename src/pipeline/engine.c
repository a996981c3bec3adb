/* The scoring engine: n-grams looked up in blocks, then summed in order. SPDX-License-Identifier: MIT */
#include <string.h>

#include "features/vector.h"
#include "pipeline/engine_internal.h"

#define BATCH ((size_t)128)   /* look-ups under way at once */
#define KNOWN_LOGS ((size_t)64) /* counts whose weight is at hand */

/* An n-gram of the text that the model knows. */
typedef struct hit {
    uint32_t slot;
    uint32_t count;
} hit;

/* A place of the set of hits, in use if it bears the epoch of the text at work. */
typedef struct mark {
    uint32_t epoch;
    uint32_t hit;
} mark;

struct qs_engine {
    const qs_engine_table *table;
    qs_bag bag; /* for its tokens and characters only */
    hit *hits;  /* in order of first occurrence */
    size_t hit_count, hit_capacity;
    mark *marks;
    size_t mark_count; /* a power of two */
    unsigned shift;
    uint32_t epoch;
    size_t ngrams;
    size_t pending_count;
    uint64_t pending[BATCH];
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

static size_t first_mark(const qs_engine *e, uint32_t slot)
{
    return (uint32_t)(slot * UINT32_C(0x9e3779b1)) >> e->shift;
}

static void add_hit(qs_engine *e, uint32_t slot)
{
    size_t at = first_mark(e, slot);
    for (; e->marks[at].epoch == e->epoch; at = (at + 1) & (e->mark_count - 1)) {
        hit *known = &e->hits[e->marks[at].hit];
        if (known->slot == slot) {
            known->count++;
            return;
        }
    }
    e->marks[at] = (mark){e->epoch, (uint32_t)e->hit_count};
    e->hits[e->hit_count++] = (hit){slot, 1};
}

static qs_status grow_marks(qs_engine *e, size_t need, qs_error *err)
{
    size_t count = e->mark_count == 0 ? 1024 : e->mark_count;
    while (count < need)
        count *= 2;
    mark *marks = count > UINT32_MAX ? NULL : qs_alloc_zero(count, sizeof *marks);
    if (marks == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    qs_free(e->marks);
    e->marks = marks;
    e->mark_count = count;
    e->shift = (unsigned)__builtin_clz((uint32_t)count) + 1;
    for (size_t i = 0; i < e->hit_count; i++) {
        size_t at = first_mark(e, e->hits[i].slot);
        while (marks[at].epoch == e->epoch)
            at = (at + 1) & (count - 1);
        marks[at] = (mark){e->epoch, (uint32_t)i};
    }
    return QS_OK;
}

/* Room for the hits of one more batch, so that look-ups need not ask. */
static qs_status make_room(qs_engine *e, qs_error *err)
{
    const size_t need = e->hit_count + BATCH;
    qs_status status = QS_OK;
    if (need > e->hit_capacity)
        status = qs_grow(&e->hits, &e->hit_capacity, need, sizeof *e->hits, err);
    if (status == QS_OK && need * 2 > e->mark_count)
        status = grow_marks(e, need * 2, err);
    return status;
}

static void next_epoch(qs_engine *e)
{
    e->hit_count = 0;
    e->ngrams = 0;
    e->pending_count = 0;
    if (++e->epoch == 0) {
        memset(e->marks, 0, e->mark_count * sizeof *e->marks);
        e->epoch = 1;
    }
}

/* --- look-ups ---------------------------------------------------------------------------------- */

static uint64_t slot_hash(const qs_engine_table *table, size_t slot)
{
    uint64_t hash = 0;
    memcpy(&hash, table->slots + slot * table->stride, sizeof hash);
    return hash;
}

static qs_status look_up(qs_engine *e, qs_error *err)
{
    const qs_engine_table *table = e->table;
    const qs_status status = make_room(e, err);
    if (status != QS_OK)
        return status;
    for (size_t i = 0; i < e->pending_count; i++) {
        const uint64_t hash = e->pending[i];
        size_t slot = qs_engine_home(table, hash);
        while (slot_hash(table, slot) < hash)
            slot++;
        if (slot_hash(table, slot) == hash && hash != UINT64_MAX)
            add_hit(e, (uint32_t)slot);
    }
    e->ngrams += e->pending_count;
    e->pending_count = 0;
    return QS_OK;
}

static inline qs_status want(qs_engine *e, uint64_t hash, qs_error *err)
{
    const qs_engine_table *table = e->table;
    __builtin_prefetch(table->slots + qs_engine_home(table, hash) * table->stride);
    e->pending[e->pending_count++] = hash;
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
        for (uint32_t n = 1; n <= spec->word_max && i + n <= count && status == QS_OK; n++) {
            hash = qs_ngram_extend(hash, words[i + n - 1]);
            if (n >= spec->word_min)
                status = want(e, qs_ngram_finish(hash, n), err);
        }
    }
    return status;
}

static qs_status want_chars(qs_engine *e, uint32_t field, qs_error *err)
{
    const qs_feature_spec *spec = &e->table->model->spec;
    const bool in_words = (spec->flags & QS_FEATURE_CHARS_IN_WORDS) != 0;
    const uint64_t salt = qs_ngram_salt(field * 2 + 1);
    const uint32_t *chars = e->bag.chars;
    const size_t count = e->bag.char_count;
    qs_status status = QS_OK;
    for (size_t i = 0; i < count && status == QS_OK; i++) {
        uint64_t hash = salt;
        for (uint32_t n = 1; n <= spec->char_max && i + n <= count && status == QS_OK; n++) {
            hash = qs_ngram_extend(hash, chars[i + n - 1]);
            if (n >= spec->char_min)
                status = want(e, qs_ngram_finish(hash, n), err);
            if (in_words && chars[i + n - 1] == ' ' && n > 1)
                break;
        }
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
        const char *slot = table->slots + (size_t)e->hits[k].slot * table->stride;
        const uint32_t count = e->hits[k].count;
        float row = 0;
        double weight = 1;
        if (tfidf) {
            float idf = 0;
            memcpy(&idf, slot + sizeof(uint64_t), sizeof idf);
            weight = count < KNOWN_LOGS ? e->count_factors[count] * (double)idf
                                        : qs_ngram_weight(spec, count, idf);
        }
        squares += weight * weight;
        for (size_t o = 0; o < width; o++) {
            memcpy(&row, slot + table->row_at + o * sizeof row, sizeof row);
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
    next_epoch(e);
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
