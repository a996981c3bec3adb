/* A cache of windows. The character n-grams that start at one place are settled by the few characters from there on: a window. News
 * repeats itself, so most windows were met before, and one look-up then gives all their n-grams. On 200,000 news texts, n-grams of 2
 * to 5 characters, a model of 911,644 n-grams: of all windows 58, 68, 77, 83, 88 and 92 % were at hand with 2^15 to 2^20 places; beyond
 * 2^19 (8 MB) the slower memory takes back what is won. Without the cache the engine scored 13.5 MB/s on one core, with it 18.9.
 * Chunks of windows go through their steps side by side, so that memory answers one while others are at work.
 * SPDX-License-Identifier: MIT */
#include <string.h>

#include "pipeline/engine_internal.h"

#define WIDTH 5      /* characters in a window, at most */
#define NGRAMS_MAX 4 /* n-grams that start at its first */
#define CHUNK 16     /* windows */
#define UNDER_WAY 8  /* chunks: a power of two greater than LAST_STEP */

#define WORDS_AT_ONCE 40

/* A key: the letters of a window, a byte each, and the field. Its product with an odd number, a bijection, is cut into place and tag. */
#define FIELD_SHIFT (8 * WIDTH)
#define KEY_BITS (FIELD_SHIFT + 4)
#define PLACE_BITS 19
#define TAG_BITS (KEY_BITS - PLACE_BITS)
#define TAG_SHIFT 6
_Static_assert(QS_FIELDS <= 16, "a field takes 4 bits");
_Static_assert(TAG_BITS + TAG_SHIFT <= 32, "a tag and two counts fit");

/* Head: tag << TAG_SHIFT | n-grams << 3 | known n-grams. The features of those, 24 bits each, from the lowest of `low` to the highest of
 * `high`. Tag 0 is that of an empty place; a window whose tag it would be is never kept. */
typedef struct window {
    uint32_t head, high;
    uint64_t low;
} window;

#define FEATURE_MASK UINT32_C(0xffffff)

_Static_assert(sizeof(window) == 16, "four in a cache line");

/* Some windows in a row. */
typedef struct chunk {
    size_t start, count;
    uint32_t places[CHUNK], tags[CHUNK];
    uint8_t missed[CHUNK + 1], counts[CHUNK]; /* windows that are not at hand, and how many n-grams they have */
    size_t misses, asked, found;
    uint64_t hashes[CHUNK * NGRAMS_MAX];
    qs_engine_candidate candidates[CHUNK * NGRAMS_MAX + 1];
} chunk;

struct qs_engine_windows {
    void *memory;
    window *windows;
    qs_engine_letters letters;
    chunk chunks[UNDER_WAY];
};

qs_engine_windows *qs_engine_windows_create(const qs_model *model)
{
    const qs_feature_spec *spec = &model->spec;
    if (spec->char_max == 0 || spec->char_max > WIDTH || spec->char_max - spec->char_min >= NGRAMS_MAX ||
        model->feature_count > FEATURE_MASK)
        return NULL;
    qs_engine_windows *w = qs_alloc_zero(1, sizeof *w);
    if (w == NULL)
        return NULL;
    void *start = NULL;
    w->memory = qs_engine_alloc_large(((size_t)1 << PLACE_BITS) * sizeof *w->windows, &start);
    if (w->memory == NULL) {
        qs_free(w);
        return NULL;
    }
    w->windows = start;
    qs_engine_letters_start(&w->letters);
    return w;
}

void qs_engine_windows_destroy(qs_engine_windows *w)
{
    if (w == NULL)
        return;
    qs_free(w->memory);
    qs_free(w->letters.at);
    qs_free(w);
}

/* --- a window that is not at hand ---------------------------------------------------------------- */

/* What all windows of a text have in common. */
typedef struct text {
    uint32_t min, max;
    uint64_t salt;
    uint64_t mask;  /* of the letters of a key */
    uint64_t field; /* as part of a key */
    bool in_words;
    bool ascii;
} text;

/* The hashes of the n-grams of a window; returns how many. */
static inline size_t hash_window(const qs_engine *e, const text *t, size_t at, uint64_t *hashes)
{
    const qs_engine_letters *letters = &e->windows->letters;
    uint64_t hash = t->salt;
    size_t count = 0;
    for (uint32_t n = 1; n <= t->max; n++) {
        const uint8_t letter = letters->at[at + n - 1];
        if (letter == QS_LETTER_END)
            break;
        hash = qs_ngram_extend(hash, letter == QS_LETTER_OTHER ? e->bag.chars[at + n - 1] : letters->points[letter]);
        if (n >= t->min)
            hashes[count++] = qs_ngram_finish(hash, n);
        if (t->in_words && letter == ' ' && n > 1)
            break;
    }
    return count;
}

static window make_window(uint32_t tag, const uint32_t *features, size_t count)
{
    uint32_t known[NGRAMS_MAX + 1] = {0};
    uint32_t n = 0;
    for (size_t k = 0; k < count; k++) {
        known[n] = features[k];
        n += features[k] != QS_NO_FEATURE;
    }
    known[n] = 0; /* one that is unknown */
    return (window){.head = tag << TAG_SHIFT | (uint32_t)count << 3 | n,
                    .high = known[2] >> 16 | known[3] << 8,
                    .low = known[0] | (uint64_t)known[1] << 24 | (uint64_t)known[2] << 48};
}

/* One that another has pushed out, or that is never kept. */
static __attribute__((noinline)) window settle_one(qs_engine *e, const text *t, size_t at)
{
    uint64_t hashes[NGRAMS_MAX];
    uint32_t features[NGRAMS_MAX];
    const size_t count = hash_window(e, t, at, hashes);
    qs_engine_look_up(e->table, hashes, count, features);
    return make_window(0, features, count);
}

/* --- the steps of a chunk ------------------------------------------------------------------------ */

/* True if one of the lower five bytes is QS_LETTER_OTHER. */
static inline bool has_other(uint64_t key)
{
    const uint64_t zero = ~key & ((UINT64_C(1) << FIELD_SHIFT) - 1);
    return ((zero - UINT64_C(0x0101010101)) & ~zero & UINT64_C(0x8080808080)) != 0;
}

/* The first is the lowest byte. */
static inline uint64_t eight_letters(const uint8_t *letters)
{
    uint64_t eight = 0;
    memcpy(&eight, letters, sizeof eight);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    eight = __builtin_bswap64(eight);
#endif
    return eight;
}

static inline __attribute__((always_inline)) void send_for(qs_engine_windows *w, const text *t, chunk *c, bool ascii)
{
    const uint8_t *letters = w->letters.at + c->start;
    const window *windows = w->windows;
    for (size_t i = 0; i < CHUNK; i++) {
        const uint64_t key = (eight_letters(letters + i) & t->mask) | t->field;
        const uint64_t product = (key * UINT64_C(0x9e3779b97f4a7c15)) & ((UINT64_C(1) << KEY_BITS) - 1);
        c->places[i] = (uint32_t)(product >> TAG_BITS);
        c->tags[i] = (uint32_t)product & ((UINT32_C(1) << TAG_BITS) - 1);
        if (!ascii && has_other(key))
            c->tags[i] = 0;
        __builtin_prefetch(windows + c->places[i]);
    }
}

/* Where its windows are kept is sent for. */
static void place(qs_engine_windows *w, const text *t, chunk *c, size_t start)
{
    c->start = start;
    c->count = w->letters.count - start < CHUNK ? w->letters.count - start : CHUNK;
    if (t->ascii)
        send_for(w, t, c, true);
    else
        send_for(w, t, c, false);
}

static inline bool is_of(const window *kept, uint32_t tag)
{
    return (kept->head >> TAG_SHIFT == tag) & (tag != 0);
}

/* The n-grams of those that are not at hand are sent for, */
static void check(const qs_engine *e, const text *t, chunk *c)
{
    const window *windows = e->windows->windows;
    c->misses = c->asked = 0;
    for (size_t i = 0; i < c->count; i++) {
        c->missed[c->misses] = (uint8_t)i;
        c->misses += !is_of(&windows[c->places[i]], c->tags[i]);
    }
    for (size_t m = 0; m < c->misses; m++) {
        c->counts[m] = (uint8_t)hash_window(e, t, c->start + c->missed[m], c->hashes + c->asked);
        c->asked += c->counts[m];
    }
    qs_engine_want(e->table, c->hashes, c->asked);
}

/* asked for */
static void ask(const qs_engine *e, chunk *c)
{
    c->found = qs_engine_ask(e->table, c->hashes, 0, c->asked, c->candidates);
}

/* and kept. */
static void keep(qs_engine *e, const chunk *c)
{
    uint32_t features[CHUNK * NGRAMS_MAX];
    qs_engine_answer(e->table, c->hashes, c->asked, c->candidates, c->found, features);
    for (size_t m = 0, from = 0; m < c->misses; from += c->counts[m++])
        if (c->tags[c->missed[m]] != 0)
            e->windows->windows[c->places[c->missed[m]]] = make_window(c->tags[c->missed[m]], features + from, c->counts[m]);
}

/* Appends the features of a window; returns how many. */
static inline size_t add_features(const window *w, uint32_t *features)
{
    features[0] = (uint32_t)w->low & FEATURE_MASK;
    features[1] = (uint32_t)(w->low >> 24) & FEATURE_MASK;
    features[2] = (uint32_t)(w->low >> 48 | w->high << 16) & FEATURE_MASK;
    features[3] = w->high >> 8;
    return w->head & 7;
}

/* All n-grams of a chunk are counted. */
static void count_all(qs_engine *e, const text *t, const chunk *c)
{
    uint32_t features[CHUNK * NGRAMS_MAX + NGRAMS_MAX];
    size_t known = 0;
    size_t all = 0;
    for (size_t i = 0; i < c->count; i++) {
        const window *kept = &e->windows->windows[c->places[i]];
        window own;
        if (__builtin_expect(!is_of(kept, c->tags[i]), 0)) {
            own = settle_one(e, t, c->start + i);
            kept = &own;
        }
        known += add_features(kept, features + known);
        all += kept->head >> 3 & 7;
    }
    qs_engine_count(e, features, known);
    e->ngrams += all;
}

/* The steps take turns: each is this many chunks behind the first. */
#define CHECK_STEP 1
#define ASK_STEP 2
#define LAST_STEP 4
_Static_assert(LAST_STEP < UNDER_WAY, "a chunk is not begun anew before it is done");

/* The words of the field, which were sent for before its letters were read, are answered before the first window is counted; not at
 * once, as memory would not keep up. */
static qs_status advance_words(qs_engine *e, size_t turn, qs_error *err)
{
    if (turn + 2 == LAST_STEP)
        qs_engine_ask_block(e, WORDS_AT_ONCE);
    if (turn + 1 == LAST_STEP)
        qs_engine_ask_block(e, QS_ENGINE_BLOCK);
    if (turn != LAST_STEP)
        return QS_OK;
    const qs_status status = qs_engine_settle(e, err);
    e->words_end = e->hit_count;
    return status;
}

static qs_status finish_chunk(qs_engine *e, const text *t, const chunk *c, qs_error *err)
{
    const qs_status status = qs_engine_make_room(e, err);
    if (status != QS_OK)
        return status;
    keep(e, c);
    count_all(e, t, c);
    return QS_OK;
}

qs_status qs_engine_find_windows(qs_engine *e, uint32_t field, qs_error *err)
{
    const qs_feature_spec *spec = &e->table->model->spec;
    qs_engine_windows *w = e->windows;
    text t = {.min = spec->char_min, .max = spec->char_max, .salt = qs_ngram_salt(field * 2 + 1),
              .mask = (UINT64_C(1) << (8 * spec->char_max)) - 1, .field = (uint64_t)field << FIELD_SHIFT,
              .in_words = qs_chars_in_words(spec, field)};
    qs_status status = qs_engine_read_letters(&w->letters, &e->bag, spec, field, CHUNK, &t.ascii, err);
    const size_t chunks = (w->letters.count + CHUNK - 1) / CHUNK;
    for (size_t turn = 0; turn < chunks + LAST_STEP + 1 && status == QS_OK; turn++) {
        if (turn < chunks)
            place(w, &t, &w->chunks[turn % UNDER_WAY], turn * CHUNK);
        status = advance_words(e, turn, err);
        if (turn >= CHECK_STEP && turn < chunks + CHECK_STEP)
            check(e, &t, &w->chunks[(turn - CHECK_STEP) % UNDER_WAY]);
        if (turn >= ASK_STEP && turn < chunks + ASK_STEP)
            ask(e, &w->chunks[(turn - ASK_STEP) % UNDER_WAY]);
        if (turn >= LAST_STEP && turn < chunks + LAST_STEP && status == QS_OK)
            status = finish_chunk(e, &t, &w->chunks[(turn - LAST_STEP) % UNDER_WAY], err);
    }
    return status;
}
