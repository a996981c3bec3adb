/* What the plain path and the engine share. SPDX-License-Identifier: MIT */
#ifndef QS_PIPELINE_ENGINE_INTERNAL_H
#define QS_PIPELINE_ENGINE_INTERNAL_H

#include "pipeline/engine.h"

/** Outputs that fit the stack; wider models are scored by way of vectors. */
#define QS_ENGINE_WIDTH_MAX 256

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

/** Room for no feature: an n-gram that is unknown. */
#define QS_NO_FEATURE UINT32_MAX

/** The search that is always right, for what the tags leave open. */
uint32_t qs_engine_search(const qs_engine_table *table, uint64_t hash);

/** 1 / sqrt(squares), or 1 for a block without n-grams. */
double qs_block_scale(double squares);
/** Adds each head's bias. */
void qs_add_bias(const qs_model *model, double *outputs);
/** Sums and squares of the blocks to outputs. */
void qs_join_blocks(const qs_model *model, const double *sums, const double *squares, double *outputs);

#endif
