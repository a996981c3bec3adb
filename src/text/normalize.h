/* One form of text for all comparisons: NFKC, case folded, quotes and dashes made plain.
 * SPDX-License-Identifier: MIT */
#ifndef QS_TEXT_NORMALIZE_H
#define QS_TEXT_NORMALIZE_H

#include "base/buf.h"

/** Combining marks kept after one base character. utf8proc 2.8 orders marks in quadratic time, so the cap stands
 *  before it; 30 is the limit of Unicode's Stream-Safe Text Format (UAX #15, section 13). */
#define QS_MARKS_PER_BASE 30

/** Scratch memory and the result; zero-initialise, release with qs_normalizer_free. One thread at a time. */
typedef struct qs_normalizer {
    qs_buf out;        /* the normalised text */
    qs_buf capped;     /* input of one run with its marks capped */
    int32_t *points;   /* decomposed code points of one run */
    size_t point_capacity;
    uint32_t *origins; /* with_origins: for each byte of `out` the input offset it comes from */
    size_t origin_capacity;
    size_t marks_dropped;
    bool with_origins; /* set by the caller before the call */
} qs_normalizer;

/** Normalises valid or invalid UTF-8 (bad bytes become U+FFFD): NFKC with full case folding and default-ignorable
 *  code points removed (UAX #15, #44: NFKC_Casefold), then typographic quotes, apostrophes and dashes made ASCII.
 *  The result is in n->out until the next call. QS_ENOMEM, QS_ELIMIT (over 64 MiB of output). */
QS_NODISCARD qs_status qs_normalize(qs_normalizer *n, qs_str text, qs_error *err);

void qs_normalizer_free(qs_normalizer *n);

#endif
