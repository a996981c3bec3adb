/* What the plain path and the engine share. SPDX-License-Identifier: MIT */
#ifndef QS_PIPELINE_ENGINE_INTERNAL_H
#define QS_PIPELINE_ENGINE_INTERNAL_H

#include "pipeline/engine.h"

/** Outputs that fit the stack; wider models are scored by way of vectors. */
#define QS_ENGINE_WIDTH_MAX 256

/** A table: slots of `stride` bytes in ascending order of hash: uint64_t hash, float idf (tf-idf only), float
 *  row[width]. An n-gram stands at its home, hash * homes / 2^64, or as soon after as there is room, so that a
 *  search goes on only while the hash is lower: empty slots hold UINT64_MAX. */
struct qs_engine_table {
    const qs_model *model;
    char *memory; /* what was allocated; slots stand in it aligned to a cache line */
    char *slots;
    size_t homes;
    size_t stride;
    size_t row_at; /* byte of a slot where the row starts */
};

/** The home of a hash. */
static inline size_t qs_engine_home(const qs_engine_table *table, uint64_t hash)
{
    return (size_t)(((hash >> 32) * (uint64_t)table->homes) >> 32);
}

/** 1 / sqrt(squares), or 1 for a block without n-grams. */
double qs_block_scale(double squares);
/** Adds each head's bias. */
void qs_add_bias(const qs_model *model, double *outputs);
/** Sums and squares of the blocks to outputs. */
void qs_join_blocks(const qs_model *model, const double *sums, const double *squares, double *outputs);

#endif
