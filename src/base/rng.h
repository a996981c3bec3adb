/* Random numbers that are the same on every machine. SPDX-License-Identifier: MIT */
#ifndef QS_BASE_RNG_H
#define QS_BASE_RNG_H

#include <stddef.h>
#include <stdint.h>

/** xoshiro256** of Blackman and Vigna (2018), seeded through splitmix64. One thread at a time. */
typedef struct qs_rng {
    uint64_t state[4];
} qs_rng;

/** A generator for `seed`; the same seed gives the same numbers for ever. */
qs_rng qs_rng_make(uint64_t seed);
/** 64 random bits. */
uint64_t qs_rng_next(qs_rng *rng);
/** A whole number in [0, bound), without bias (Lemire 2019); bound > 0. */
uint64_t qs_rng_below(qs_rng *rng, uint64_t bound);
/** A number in [0, 1). */
double qs_rng_unit(qs_rng *rng);
/** Shuffles indices in place (Fisher-Yates). */
void qs_rng_shuffle(qs_rng *rng, uint32_t *items, size_t count);

#endif
