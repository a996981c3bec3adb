/* Secret multipliers of hash tables. SPDX-License-Identifier: MIT */
#include "features/slot.h"

#include <sys/random.h>

uint64_t qs_slot_key(void)
{
    uint64_t key = 0;
    if (getrandom(&key, sizeof key, GRND_NONBLOCK) != (ssize_t)sizeof key)
        key = (uint64_t)(uintptr_t)&key * UINT64_C(0x9e3779b97f4a7c15); /* early boot: an address beats nothing */
    return key | 1;
}
