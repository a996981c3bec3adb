/* Random numbers that are the same on every machine. SPDX-License-Identifier: MIT */
#include "base/rng.h"

static uint64_t rotate_left(uint64_t x, int by)
{
    return (x << by) | (x >> (64 - by));
}

qs_rng qs_rng_make(uint64_t seed)
{
    qs_rng rng;
    for (int i = 0; i < 4; i++) {
        seed += 0x9e3779b97f4a7c15u;
        uint64_t z = seed;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        rng.state[i] = z ^ (z >> 31);
    }
    return rng;
}

uint64_t qs_rng_next(qs_rng *rng)
{
    uint64_t *s = rng->state;
    const uint64_t result = rotate_left(s[1] * 5, 7) * 9;
    const uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate_left(s[3], 45);
    return result;
}

uint64_t qs_rng_below(qs_rng *rng, uint64_t bound)
{
    const uint64_t threshold = -bound % bound;
    for (;;) {
        __extension__ const unsigned __int128 product =
            (unsigned __int128)qs_rng_next(rng) * bound;
        if ((uint64_t)product >= threshold)
            return (uint64_t)(product >> 64);
    }
}

double qs_rng_unit(qs_rng *rng)
{
    return (double)(qs_rng_next(rng) >> 11) * 0x1.0p-53;
}

void qs_rng_shuffle(qs_rng *rng, uint32_t *items, size_t count)
{
    for (size_t i = count; i > 1; i--) {
        const size_t j = (size_t)qs_rng_below(rng, i);
        const uint32_t kept = items[i - 1];
        items[i - 1] = items[j];
        items[j] = kept;
    }
}
