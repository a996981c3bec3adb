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

/** The bucket of a hash. Ascends with it. */
static inline size_t qs_engine_bucket_of(const qs_engine_table *table, uint64_t hash)
{
    return (size_t)(((hash >> 32) * (uint64_t)table->bucket_count) >> 32);
}

static inline uint16_t qs_engine_tag(uint64_t hash)
{
    const uint16_t tag = (uint16_t)hash;
    return tag == 0 ? 1 : tag;
}

static inline uint64_t qs_engine_hash_at(const qs_engine_table *table, uint32_t feature)
{
    uint64_t hash = 0;
    memcpy(&hash, table->hashes + (size_t)feature * table->hash_step, sizeof hash);
    return hash;
}

/** The feature of an n-gram that is unknown. */
#define QS_NO_FEATURE UINT32_MAX

/** The search that is always right, for what the tags leave open. */
uint32_t qs_engine_search(const qs_engine_table *table, uint64_t hash);

/* --- the engine -------------------------------------------------------------------------------- */

/** An n-gram of the text that the model knows. */
typedef struct qs_engine_hit {
    uint32_t feature;
    uint32_t count;
} qs_engine_hit;

/** Fields that depend on one text of the item only; the rest depends on its target as well. */
#define QS_TEXT_FIELDS (1u << QS_FIELD_TEXT | 1u << QS_FIELD_CLASSES | 1u << QS_FIELD_PARTS)
#define QS_CONTEXT_FIELDS (1u << QS_FIELD_CONTEXT)

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

#define QS_ENGINE_RING ((size_t)256) /* n-grams under way */
#define QS_ENGINE_LOGS ((size_t)64)  /* counts whose weight is at hand */

struct qs_engine {
    const qs_engine_table *table;
    qs_bag bag; /* for its tokens and characters only */
    qs_engine_hit *hits; /* in order of first occurrence */
    size_t hit_count, hit_capacity;
    uint32_t *marks; /* the set of hits: `first` + number of a hit; less is left from an earlier text */
    size_t mark_count; /* a power of two */
    unsigned shift;
    uint32_t first;
    size_t ngrams;
    size_t wanted, asked, found, settled; /* how far each step is, see engine_find.c */
    uint64_t hashes[QS_ENGINE_RING];       /* wanted and not asked for */
    uint64_t found_hashes[QS_ENGINE_RING]; /* found and not settled */
    uint32_t found_features[QS_ENGINE_RING];
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

/* --- what the plain path shares ---------------------------------------------------------------- */

/** 1 / sqrt(squares), or 1 for a block without n-grams. */
double qs_block_scale(double squares);
/** Adds each head's bias. */
void qs_add_bias(const qs_model *model, double *outputs);
/** Sums and squares of the blocks to outputs. */
void qs_join_blocks(const qs_model *model, const double *sums, const double *squares, double *outputs);

#endif
