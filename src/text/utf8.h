/* UTF-8 and the properties of code points. Only this layer knows utf8proc. SPDX-License-Identifier: MIT */
#ifndef QS_TEXT_UTF8_H
#define QS_TEXT_UTF8_H

#include <stdbool.h>
#include <stdint.h>

#include "quotestance/str.h"

/** Stands for a byte that is no UTF-8. */
#define QS_REPLACEMENT 0xFFFDu

/** What kind of character a code point is. */
typedef enum qs_char_class {
    QS_CHAR_LETTER,  /* L* */
    QS_CHAR_MARK,    /* M* */
    QS_CHAR_NUMBER,  /* N* */
    QS_CHAR_PUNCT,   /* P* */
    QS_CHAR_SYMBOL,  /* S* */
    QS_CHAR_SPACE,   /* Z*, tab, line feed, carriage return and the like */
    QS_CHAR_OTHER    /* C*: controls, format characters, unassigned */
} qs_char_class;

/** Decodes the code point that starts at `at` (< text.len) into *code_point and returns its bytes, 1 to 4.
 *  An invalid byte gives QS_REPLACEMENT and 1. Strict: no overlong forms, surrogates or > U+10FFFF. */
static inline size_t qs_utf8_decode(qs_str text, size_t at, uint32_t *code_point);

/** The code point that ends before `at` (> 0); *start gets where it begins. Invalid bytes as above. */
uint32_t qs_utf8_before(qs_str text, size_t at, size_t *start);

/** Writes 1 to 4 bytes; returns how many. The code point must be a Unicode scalar value. */
size_t qs_utf8_encode(uint32_t code_point, char out[4]);

/** True if the whole text is valid UTF-8; else *bad (may be NULL) is the offset of the first bad byte. */
bool qs_utf8_valid(qs_str text, size_t *bad);

/** Code points in [0, end); invalid bytes count one each. */
size_t qs_utf8_count(qs_str text, size_t end);

/** The class of a code point (Unicode general category). */
qs_char_class qs_char_class_of(uint32_t code_point);
/** Letter or number, or a mark that goes with them. */
bool qs_char_is_word(uint32_t code_point);
/** Upper- or titlecase letter. */
bool qs_char_is_upper(uint32_t code_point);
/** Lowercase letter. */
bool qs_char_is_lower(uint32_t code_point);
/** Simple lower case of one code point. */
uint32_t qs_char_lower(uint32_t code_point);

/** As qs_utf8_decode, not inline. */
size_t qs_utf8_decode_any(qs_str text, size_t at, uint32_t *code_point);

static inline size_t qs_utf8_decode(qs_str text, size_t at, uint32_t *code_point)
{
    const unsigned char byte = (unsigned char)text.ptr[at];
    if (byte >= 0x80)
        return qs_utf8_decode_any(text, at, code_point);
    *code_point = byte;
    return 1;
}

#endif
