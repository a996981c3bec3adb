/* The characters of a text as letters: a byte each. SPDX-License-Identifier: MIT */
#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "pipeline/engine_internal.h"

#define SIXTEEN ((size_t)16)

void qs_engine_letters_start(qs_engine_letters *letters)
{
    for (uint32_t c = 0; c < QS_LETTER_FIRST; c++)
        letters->points[c] = c;
    letters->letter_count = QS_LETTER_FIRST;
}

static inline bool is_space(uint8_t c)
{
    return c <= 0x20 || c == 0x7f;
}

/* Sixteen bytes without two spaces in a row, as most are, at once; false leaves them to be done one by one. */
static inline bool add_sixteen(const char *from, uint8_t *to, bool after_space)
{
#if defined(__SSE2__)
    const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)from);
    const __m128i spaces = _mm_or_si128(_mm_cmplt_epi8(bytes, _mm_set1_epi8(0x21)), _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7f)));
    const uint32_t where = (uint32_t)_mm_movemask_epi8(spaces);
    if ((where & (where << 1 | after_space)) != 0 || _mm_movemask_epi8(bytes) != 0)
        return false;
    const __m128i blanks = _mm_and_si128(spaces, _mm_set1_epi8(' '));
    _mm_storeu_si128((__m128i *)(void *)to, _mm_or_si128(blanks, _mm_andnot_si128(spaces, bytes)));
    return true;
#else
    (void)from, (void)to, (void)after_space;
    return false;
#endif
}

/* The letters of an ASCII text as qs_bag_read_chars has them; false: it is not one. */
static bool read_ascii(qs_engine_letters *letters, qs_str text)
{
    uint8_t *const to = letters->at;
    size_t count = 0;
    size_t at = 0;
    to[count++] = ' ';
    while (at < text.len) {
        if (text.len - at >= SIXTEEN && add_sixteen(text.ptr + at, to + count, to[count - 1] == ' ')) {
            at += SIXTEEN;
            count += SIXTEEN;
            continue;
        }
        const size_t end = text.len - at < SIXTEEN ? text.len : at + SIXTEEN;
        for (; at < end; at++) {
            const uint8_t c = (uint8_t)text.ptr[at];
            if (c >= 0x80)
                return false;
            to[count] = is_space(c) ? ' ' : c;
            count += !is_space(c) || to[count - 1] != ' ';
        }
    }
    if (to[count - 1] != ' ')
        to[count++] = ' ';
    letters->count = count == 1 ? 0 : count;
    return true;
}

static uint8_t letter_of(qs_engine_letters *letters, uint32_t c)
{
    if (c < QS_LETTER_FIRST)
        return (uint8_t)c;
    if (c >= QS_LETTER_POINTS)
        return QS_LETTER_OTHER;
    if (letters->letter_of[c] == 0 && letters->letter_count < QS_LETTER_OTHER) {
        letters->points[letters->letter_count] = c;
        letters->letter_of[c] = (uint8_t)letters->letter_count++;
    }
    return letters->letter_of[c] == 0 ? QS_LETTER_OTHER : letters->letter_of[c];
}

qs_status qs_engine_read_letters(qs_engine_letters *letters, qs_bag *bag, const qs_feature_spec *spec, uint32_t field, size_t beyond,
                                 bool *ascii, qs_error *err)
{
    const qs_str text = qs_buf_view(&bag->normal[field].out);
    qs_status status = qs_grow(&letters->at, &letters->capacity, text.len + 2 + SIXTEEN + beyond, 1, err);
    letters->count = 0;
    if (status != QS_OK)
        return status;
    *ascii = read_ascii(letters, text);
    if (!*ascii) {
        status = qs_bag_read_chars(bag, spec, field, err);
        if (status != QS_OK)
            return status;
        letters->count = bag->char_count;
        for (size_t i = 0; i < letters->count; i++)
            letters->at[i] = letter_of(letters, bag->chars[i]);
    }
    memset(letters->at + letters->count, QS_LETTER_END, SIXTEEN + beyond);
    return QS_OK;
}
