/* A cache of windows. The character n-grams that start at one place are settled by the few characters from there on: a window. News
 * repeats itself, so most windows were met before, and one look-up then gives all their n-grams. On 200,000 news texts, n-grams of 2
 * to 5 characters, a model of 911,644 n-grams: of all windows 58, 68, 77, 83, 88 and 92 % were at hand with 2^15 to 2^20 places; beyond
 * 2^19 (8 MB) the slower memory takes back what is won.
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
#define COUNTS_MASK ((UINT32_C(1) << TAG_SHIFT) - 1)
_Static_assert(QS_FIELDS <= 16, "a field takes 4 bits");
_Static_assert(TAG_BITS + TAG_SHIFT < 32, "a tag, two counts and a bit fit");

/* Three bytes for each known n-gram, its feature, then the head: (tag + 1) << TAG_SHIFT | n-grams << 3 | known n-grams, or 0 if nothing
 * is kept here. */
typedef struct window {
    _Alignas(16) uint8_t bytes[16]; /* four in a cache line */
} window;

#define HEAD_AT (3 * NGRAMS_MAX)
#define FEATURES_MAX UINT32_C(0xffffff)
#define NEVER_KEPT UINT32_MAX /* in place of a tag + 1 */

/* Some windows in a row. */
typedef struct chunk {
    size_t start, count;
    uint32_t places[CHUNK], tags[CHUNK];      /* tags + 1 */
    uint32_t features[CHUNK][NGRAMS_MAX];     /* of each window, read at once, as others may push it out before it is counted */
    uint8_t heads[CHUNK];                     /* the counts of it */
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
        model->feature_count > FEATURES_MAX)
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

/* --- windows in memory ----------------------------------------------------------------------------- */

static inline uint32_t load_four(const uint8_t *bytes)
{
    uint32_t four = 0;
    memcpy(&four, bytes, sizeof four);
    return four;
}

/* Features past the known ones are of no meaning. */
static inline void load_features(const window *w, uint32_t *features)
{
#pragma GCC unroll 4
    for (size_t k = 0; k < NGRAMS_MAX; k++)
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        features[k] = load_four(w->bytes + 3 * k) >> 8;
#else
        features[k] = load_four(w->bytes + 3 * k) & FEATURES_MAX;
#endif
}

static inline void store_window(window *w, const uint32_t *features, uint32_t head)
{
#pragma GCC unroll 4
    for (size_t k = 0; k < NGRAMS_MAX; k++) { /* the fourth byte of each is written over by what follows */
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        const uint32_t four = features[k] << 8;
#else
        const uint32_t four = features[k];
#endif
        memcpy(w->bytes + 3 * k, &four, sizeof four);
    }
    memcpy(w->bytes + HEAD_AT, &head, sizeof head);
}

static inline uint32_t head_of(const window *w)
{
    return load_four(w->bytes + HEAD_AT);
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
        const uint64_t product = key * (UINT64_C(0x9e3779b97f4a7c15) << (64 - KEY_BITS)); /* in the upper bits */
        c->places[i] = (uint32_t)(product >> (64 - PLACE_BITS));
        c->tags[i] = ((uint32_t)(product >> (64 - KEY_BITS)) & ((UINT32_C(1) << TAG_BITS) - 1)) + 1;
        if (!ascii && has_other(key))
            c->tags[i] = NEVER_KEPT;
        qs_engine_fetch(windows + c->places[i]);
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

/* The n-grams of those that are not at hand are sent for, */
static void check(const qs_engine *e, const text *t, chunk *c)
{
    const window *windows = e->windows->windows;
    const size_t count = c->count;
    size_t misses = 0;
    for (size_t i = 0; i < count; i++) {
        const window *w = &windows[c->places[i]];
        const uint32_t head = head_of(w);
        load_features(w, c->features[i]);
        c->heads[i] = (uint8_t)(head & COUNTS_MASK);
        c->missed[misses] = (uint8_t)i;
        misses += head >> TAG_SHIFT != c->tags[i];
    }
    c->misses = misses;
    c->asked = 0;
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
static void keep(qs_engine *e, chunk *c)
{
    const size_t known = qs_engine_answer(e->table, c->hashes, c->candidates, c->found);
    uint32_t answers[CHUNK * NGRAMS_MAX];
    for (size_t k = 0; k < c->asked; k++)
        answers[k] = QS_NO_FEATURE;
    for (size_t k = 0; k < known; k++)
        answers[c->candidates[k].place] = c->candidates[k].feature;
    const uint32_t *answer = answers;
    for (size_t m = 0; m < c->misses; m++) {
        const size_t i = c->missed[m];
        uint32_t features[NGRAMS_MAX + 1] = {0};
        uint32_t n = 0;
        for (size_t k = 0; k < c->counts[m]; k++, answer++) {
            features[n] = *answer;
            n += *answer != QS_NO_FEATURE;
        }
        memcpy(c->features[i], features, sizeof c->features[i]);
        c->heads[i] = (uint8_t)((uint32_t)c->counts[m] << 3 | n);
        if (c->tags[i] != NEVER_KEPT)
            store_window(&e->windows->windows[c->places[i]], features, c->tags[i] << TAG_SHIFT | c->heads[i]);
    }
}

/* All n-grams of a chunk are counted. */
static void count_all(qs_engine *e, const chunk *c)
{
    uint32_t features[CHUNK * NGRAMS_MAX + NGRAMS_MAX];
    const size_t count = c->count;
    size_t known = 0;
    size_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        memcpy(features + known, c->features[i], sizeof c->features[i]);
        known += c->heads[i] & 7;
        sum += c->heads[i];
    }
    qs_engine_count(e, features, known);
    e->ngrams += (sum - known) >> 3;
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

static qs_status finish_chunk(qs_engine *e, chunk *c, qs_error *err)
{
    const qs_status status = qs_engine_make_room(e, err);
    if (status != QS_OK)
        return status;
    keep(e, c);
    count_all(e, c);
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
            status = finish_chunk(e, &w->chunks[(turn - LAST_STEP) % UNDER_WAY], err);
    }
    return status;
}
