/* UTF-8 and the properties of code points. SPDX-License-Identifier: MIT */
#include "text/utf8.h"

#include <utf8proc.h>

/* Bytes of the valid sequence that starts at s[0], or 0. */
static size_t sequence_length(const unsigned char *s, size_t left)
{
    const unsigned char c = s[0];
    if (c < 0x80)
        return 1;
    if (c < 0xc2 || c > 0xf4)
        return 0;
    const size_t length = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
    if (left < length)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    if ((c == 0xe0 && s[1] < 0xa0) || (c == 0xed && s[1] > 0x9f) || (c == 0xf0 && s[1] < 0x90) ||
        (c == 0xf4 && s[1] > 0x8f))
        return 0;
    return length;
}

size_t qs_utf8_decode_any(qs_str text, size_t at, uint32_t *code_point)
{
    const unsigned char *s = (const unsigned char *)text.ptr + at;
    const size_t length = sequence_length(s, text.len - at);
    switch (length) {
    case 1:
        *code_point = s[0];
        return 1;
    case 2:
        *code_point = (uint32_t)(s[0] & 0x1f) << 6 | (s[1] & 0x3f);
        return 2;
    case 3:
        *code_point = (uint32_t)(s[0] & 0x0f) << 12 | (uint32_t)(s[1] & 0x3f) << 6 | (s[2] & 0x3f);
        return 3;
    case 4:
        *code_point = (uint32_t)(s[0] & 0x07) << 18 | (uint32_t)(s[1] & 0x3f) << 12 |
                      (uint32_t)(s[2] & 0x3f) << 6 | (s[3] & 0x3f);
        return 4;
    default:
        *code_point = QS_REPLACEMENT;
        return 1;
    }
}

uint32_t qs_utf8_before(qs_str text, size_t at, size_t *start)
{
    uint32_t code_point = QS_REPLACEMENT;
    for (size_t back = 1; back <= 4 && back <= at; back++) {
        if (((unsigned char)text.ptr[at - back] & 0xc0) == 0x80)
            continue;
        if (qs_utf8_decode(qs_str_make(text.ptr, at), at - back, &code_point) == back) {
            *start = at - back;
            return code_point;
        }
        break;
    }
    *start = at - 1;
    return QS_REPLACEMENT;
}

size_t qs_utf8_encode(uint32_t c, char out[4])
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xc0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xe0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3f));
        out[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3f));
    out[2] = (char)(0x80 | (c >> 6 & 0x3f));
    out[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

bool qs_utf8_valid(qs_str text, size_t *bad)
{
    size_t at = 0;
    while (at < text.len) {
        uint64_t eight = 0;
        if (text.len - at >= 8 && (memcpy(&eight, text.ptr + at, 8), (eight & 0x8080808080808080u) == 0)) {
            at += 8;
            continue;
        }
        const size_t length = sequence_length((const unsigned char *)text.ptr + at, text.len - at);
        if (length == 0) {
            if (bad != NULL)
                *bad = at;
            return false;
        }
        at += length;
    }
    return true;
}

size_t qs_utf8_count(qs_str text, size_t end)
{
    size_t count = 0;
    uint32_t code_point = 0;
    for (size_t at = 0; at < end && at < text.len; count++)
        at += qs_utf8_decode(text, at, &code_point);
    return count;
}

qs_char_class qs_char_class_of(uint32_t c)
{
    if (c >= 0x09 && c <= 0x0d)
        return QS_CHAR_SPACE;
    switch (utf8proc_category((utf8proc_int32_t)c)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
        return QS_CHAR_LETTER;
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
        return QS_CHAR_MARK;
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
        return QS_CHAR_NUMBER;
    case UTF8PROC_CATEGORY_PC:
    case UTF8PROC_CATEGORY_PD:
    case UTF8PROC_CATEGORY_PS:
    case UTF8PROC_CATEGORY_PE:
    case UTF8PROC_CATEGORY_PI:
    case UTF8PROC_CATEGORY_PF:
    case UTF8PROC_CATEGORY_PO:
        return QS_CHAR_PUNCT;
    case UTF8PROC_CATEGORY_SM:
    case UTF8PROC_CATEGORY_SC:
    case UTF8PROC_CATEGORY_SK:
    case UTF8PROC_CATEGORY_SO:
        return QS_CHAR_SYMBOL;
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
        return QS_CHAR_SPACE;
    default:
        return QS_CHAR_OTHER;
    }
}

bool qs_char_is_word(uint32_t c)
{
    if (c < 0x80)
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    const qs_char_class class = qs_char_class_of(c);
    return class == QS_CHAR_LETTER || class == QS_CHAR_NUMBER || class == QS_CHAR_MARK;
}

bool qs_char_is_upper(uint32_t c)
{
    if (c < 0x80)
        return c >= 'A' && c <= 'Z';
    const utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)c);
    return category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LT;
}

bool qs_char_is_lower(uint32_t c)
{
    if (c < 0x80)
        return c >= 'a' && c <= 'z';
    return utf8proc_category((utf8proc_int32_t)c) == UTF8PROC_CATEGORY_LL;
}

uint32_t qs_char_lower(uint32_t c)
{
    if (c < 0x80)
        return c >= 'A' && c <= 'Z' ? c + 32 : c;
    return (uint32_t)utf8proc_tolower((utf8proc_int32_t)c);
}
