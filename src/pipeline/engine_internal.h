/* What the plain path and the parts of the engine share. SPDX-License-Identifier: MIT */
#ifndef QS_PIPELINE_ENGINE_INTERNAL_H
#define QS_PIPELINE_ENGINE_INTERNAL_H

#include "features/vector.h"
#include "pipeline/engine.h"

/** Outputs that fit the stack; wider models are scored by way of vectors. */
#define QS_ENGINE_WIDTH_MAX 256

/* --- the table --------------------------------------------------------------------------------- */

/** Tags in a bucket, which fills a cache line. */
#define QS_BUCKET_TAGS 30
/** Set in `base` if the bucket has more n-grams than tags. */
#define QS_BUCKET_FULL (UINT32_C(1) << 31)

/** The n-grams whose hashes fall into one of many equal stretches of the 64-bit range. A tag is 16 bits of a hash, never 0; as the
 *  hashes of a model ascend, tag i belongs to feature base + i. */
typedef struct qs_engine_bucket {
    uint16_t tags[QS_BUCKET_TAGS];
    uint32_t base;
} qs_engine_bucket;

_Static_assert(sizeof(qs_engine_bucket) == 64, "a cache line");

/** Buckets say in one cache line, and mostly from a near cache, whether an n-gram may be known and which it is; its hash settles it.
 *  Hash, idf and weights of a feature are where the model has them or, in a wide table, side by side in one cache line. */
struct qs_engine_table {
    const qs_model *model;
    void *memory; /* what was allocated; buckets or rows stand in it aligned to a cache line */
    const qs_engine_bucket *buckets;
    size_t bucket_count;
    const char *hashes, *idfs, *weights; /* of feature 0 */
    size_t hash_step, idf_step, weight_step;
};

/** Sends for a cache line that will be looked at soon, to the second cache only: the first holds what is at work, and so many lines are on
 *  their way that they would push it out, and one another (measured: the engine takes 8 % more time if they go to the first). */
static inline void qs_engine_fetch(const void *line)
{
    __builtin_prefetch(line, 0, 2);
}

/** The bucket of a hash. Ascends with it. */
static inline size_t qs_engine_bucket_of(const qs_engine_table *table, uint64_t hash)
{
    return (size_t)(((hash >> 32) * (uint64_t)table->bucket_count) >> 32);
}

static inline uint16_t qs_engine_tag(uint64_t hash)
{
    return (uint16_t)(hash | 1);
}

static inline uint64_t qs_engine_hash_at(const qs_engine_table *table, uint32_t feature)
{
    uint64_t hash = 0;
    memcpy(&hash, table->hashes + (size_t)feature * table->hash_step, sizeof hash);
    return hash;
}

/** The feature of an n-gram that is unknown. */
#define QS_NO_FEATURE UINT32_MAX

/** Zeroed memory in large pages, if the system has them to give: what is beyond the reach of the processor's page cache gains from them.
 *  *start is aligned to a cache line. To be released with qs_free. NULL if memory lacks. */
void *qs_engine_alloc_large(size_t bytes, void **start);

/** The search that is always right, for what the tags leave open. */
uint32_t qs_engine_search(const qs_engine_table *table, uint64_t hash);

/* --- the engine -------------------------------------------------------------------------------- */

/** An n-gram of the text that the model knows: its feature and, from bit 32 on, how often it occurs. */
typedef uint64_t qs_engine_hit;
#define QS_HIT_ONE (UINT64_C(1) << 32)

/** The blocks of some fields, summed. */
typedef struct qs_engine_sums {
    double *sums; /* model->output_count for each of QS_BLOCKS blocks */
    double squares[QS_BLOCKS];
    qs_coverage coverage;
} qs_engine_sums;

/** Sums kept for the next item with the same text: the quotes of a paragraph share its context, those of an utterance all its words. */
typedef struct qs_engine_kept {
    qs_buf text;
    uint32_t fields;   /* 0: nothing is kept here */
    uint64_t last_use;
    qs_engine_sums of;
} qs_engine_kept;

#define QS_ENGINE_KEPT ((size_t)6)

/** N-grams looked up side by side. */
#define QS_ENGINE_BLOCK ((size_t)256)
/** What may be known: its place among the hashes and its feature, which is most likely that. */
typedef struct qs_engine_candidate {
    uint32_t place;
    uint32_t feature;
} qs_engine_candidate;

/** N-grams in the order of the text, and how far their look-up is. */
typedef struct qs_engine_block {
    uint64_t hashes[QS_ENGINE_BLOCK];
    qs_engine_candidate candidates[QS_ENGINE_BLOCK + 1];
    size_t count, asked, found;
} qs_engine_block;

#define QS_ENGINE_LOGS ((size_t)64) /* counts whose weight is at hand */

typedef struct qs_engine_windows qs_engine_windows;

struct qs_engine {
    const qs_engine_table *table;
    qs_bag bag; /* for its tokens and characters only */
    qs_engine_windows *windows; /* NULL: not wanted, or of no use */
    qs_engine_hit *hits;        /* in order of first occurrence */
    size_t hit_count, hit_capacity;
    uint32_t *marks;   /* the set of hits: `first` + number of a hit; less is left from an earlier text */
    size_t mark_count; /* a power of two */
    uint64_t mark_key;
    uint32_t first;
    size_t ngrams;
    size_t words_end; /* hits before the characters of the field at work */
    qs_engine_block block;
    double count_factors[QS_ENGINE_LOGS]; /* weight of a count before idf */
    qs_engine_kept kept[QS_ENGINE_KEPT];
    double *kept_sums; /* NULL: nothing to keep so far */
    uint64_t uses;
};

/** Fills in the blocks of these fields as kept for this text; false if nothing is. */
bool qs_engine_recall(qs_engine *engine, uint32_t fields, qs_str text, qs_engine_sums *out);
/** Keeps the blocks of these fields, if memory allows, in place of what has not been of use for longest. `share` is their part of the
 *  coverage. */
void qs_engine_keep(qs_engine *engine, uint32_t fields, qs_str text, const qs_engine_sums *sums, qs_coverage share);
void qs_engine_release_kept(qs_engine *engine);

/** Forgets the last text. */
void qs_engine_forget(qs_engine *engine);
/** Finds the known n-grams of the field that was read last. QS_ENOMEM, QS_ELIMIT. */
QS_NODISCARD qs_status qs_engine_find_words(qs_engine *engine, uint32_t field, qs_error *err);
QS_NODISCARD qs_status qs_engine_find_chars(qs_engine *engine, uint32_t field, qs_error *err);

/** The last words of a field are only wanted when qs_engine_find_words returns, so that they come while its characters are read: then
 *  they are asked for and settled. QS_ENOMEM, QS_ELIMIT. */
void qs_engine_ask_block(qs_engine *engine, size_t to);
QS_NODISCARD qs_status qs_engine_settle(qs_engine *engine, qs_error *err);

/** Room for a block of hits. QS_ENOMEM. */
QS_NODISCARD qs_status qs_engine_make_room(qs_engine *engine, qs_error *err);
/** A look-up in three steps, between which other work may be done while memory answers: the buckets are sent for; */
void qs_engine_want(const qs_engine_table *table, const uint64_t *hashes, size_t count);
/** tags are compared and rows sent for: returns how many candidates, of which there is room for one more than hashes; */
size_t qs_engine_ask(const qs_engine_table *table, const uint64_t *hashes, size_t from, size_t to, qs_engine_candidate *candidates);
/** hashes are compared: what is unknown is taken out, returns how many candidates are left. */
size_t qs_engine_answer(const qs_engine_table *table, const uint64_t *hashes, qs_engine_candidate *candidates, size_t found);
/** Counts known n-grams in the order of the text, at most a block. There must be room. */
void qs_engine_count(qs_engine *engine, const uint32_t *features, size_t count);

/* --- letters and windows ----------------------------------------------------------------------- */

#define QS_LETTER_END 0     /* behind the text */
#define QS_LETTER_FIRST 128 /* of those beyond ASCII, which are numbered as they are met */
#define QS_LETTER_OTHER 255 /* a character that has no number */
#define QS_LETTER_POINTS 0x2100 /* code points that may have one: alphabets, but no ideographs */

/** The characters of a field, a byte each. Zero-initialise, start; release `at`. */
typedef struct qs_engine_letters {
    uint8_t *at;
    size_t count, capacity;
    uint8_t letter_of[QS_LETTER_POINTS]; /* 0: none yet */
    uint32_t points[QS_LETTER_OTHER];    /* code points of letters */
    uint32_t letter_count;
} qs_engine_letters;

void qs_engine_letters_start(qs_engine_letters *letters);
/** The letters of the field that was read last, and at least `beyond` and a word of QS_LETTER_END behind them. *ascii tells that all are
 *  ASCII; else bag->chars has been read as well. QS_ENOMEM. */
QS_NODISCARD qs_status qs_engine_read_letters(qs_engine_letters *letters, qs_bag *bag, const qs_feature_spec *spec, uint32_t field,
                                              size_t beyond, bool *ascii, qs_error *err);

/** The cache of windows, see engine_windows.c. NULL if memory lacks or it is of no use to the model. */
qs_engine_windows *qs_engine_windows_create(const qs_model *model);
/** NULL is fine. */
void qs_engine_windows_destroy(qs_engine_windows *windows);
/** As qs_engine_find_chars. */
QS_NODISCARD qs_status qs_engine_find_windows(qs_engine *engine, uint32_t field, qs_error *err);

/* --- what the plain path shares ---------------------------------------------------------------- */

/** 1 / sqrt(squares), or 1 for a block without n-grams. */
double qs_block_scale(double squares);
/** Adds each head's bias. */
void qs_add_bias(const qs_model *model, double *outputs);
/** Sums and squares of the blocks to outputs. */
void qs_join_blocks(const qs_model *model, const double *sums, const double *squares, double *outputs);

#endif
