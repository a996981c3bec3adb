/* Text to paragraphs. SPDX-License-Identifier: MIT */
#ifndef QS_TEXT_PARAGRAPH_H
#define QS_TEXT_PARAGRAPH_H

#include <stdbool.h>

#include "base/alloc.h"
#include "quotestance/str.h"

/** [start, end) of a paragraph: no space at either end, never empty. */
typedef struct qs_text_range {
    size_t start;
    size_t end;
    bool after_blank; /* a blank line stands before it, or it is the first */
} qs_text_range;

/** Zero-initialise; release `items` with qs_free. */
typedef struct qs_text_ranges {
    qs_text_range *items;
    size_t count;
    size_t capacity;
} qs_text_ranges;

/** Splits at blank lines; in a text without blank lines at every line end. Lines that a fixed width broke are
 *  joined; lines of the first block that end no sentence stand alone (headline, deck, caption). QS_ENOMEM. */
QS_NODISCARD qs_status qs_paragraphs_split(qs_text_ranges *out, qs_str text, qs_error *err);

#endif
