/* Where a hash stands in a table. SPDX-License-Identifier: MIT */
#ifndef QS_FEATURES_SLOT_H
#define QS_FEATURES_SLOT_H

#include <stddef.h>
#include <stdint.h>

/** A random odd number. The hash of an n-gram is the same everywhere, as models hold it, so its author can make many
 *  that agree in any bits; a secret multiplier for each table keeps them from agreeing in their slots. No result may
 *  depend on it. Any thread. */
uint64_t qs_slot_key(void);

/** The shift for a table of `slot_count` slots, a power of two greater than 1. */
static inline unsigned qs_slot_shift(size_t slot_count)
{
    return (unsigned)__builtin_clzll((unsigned long long)slot_count) + 1;
}

/** Where to begin the search for `hash`: below the slot count that `shift` stands for. */
static inline size_t qs_slot_home(uint64_t key, unsigned shift, uint64_t hash)
{
    return (size_t)((hash * key) >> shift);
}

#endif
