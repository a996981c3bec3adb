/* Strict, locale-free reading of numbers. SPDX-License-Identifier: MIT */
#include "base/number.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>

static size_t digits_from(qs_str text, size_t at)
{
    while (at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9')
        at++;
    return at;
}

/* True if the whole text is a number; *point is where the decimal point stands, or text.len. */
static bool is_number(qs_str text, size_t *point)
{
    size_t at = 0;
    *point = text.len;
    if (at < text.len && (text.ptr[at] == '+' || text.ptr[at] == '-'))
        at++;
    const size_t whole = digits_from(text, at);
    size_t digits = whole - at;
    at = whole;
    if (at < text.len && text.ptr[at] == '.') {
        *point = at++;
        const size_t end = digits_from(text, at);
        digits += end - at;
        at = end;
    }
    if (digits == 0)
        return false;
    if (at < text.len && (text.ptr[at] == 'e' || text.ptr[at] == 'E')) {
        at++;
        if (at < text.len && (text.ptr[at] == '+' || text.ptr[at] == '-'))
            at++;
        const size_t end = digits_from(text, at);
        if (end == at)
            return false;
        at = end;
    }
    return at == text.len;
}

bool qs_number_parse(qs_str text, double *out)
{
    char copy[128];
    size_t point = 0;
    /* strtod wants the decimal point of the process's locale, which is the caller's business */
    const char *mark = localeconv()->decimal_point;
    const size_t mark_length = strlen(mark);
    if (text.len + mark_length >= sizeof copy || !is_number(text, &point))
        return false;
    size_t length = point;
    memcpy(copy, text.ptr, point);
    if (point < text.len) {
        memcpy(copy + length, mark, mark_length);
        length += mark_length;
        memcpy(copy + length, text.ptr + point + 1, text.len - point - 1);
        length += text.len - point - 1;
    }
    copy[length] = '\0';
    const double value = strtod(copy, NULL);
    if (!isfinite(value))
        return false;
    *out = value;
    return true;
}

bool qs_number_parse_u64(qs_str text, uint64_t *out)
{
    uint64_t value = 0;
    if (text.len == 0 || digits_from(text, 0) != text.len)
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (__builtin_mul_overflow(value, 10u, &value) ||
            __builtin_add_overflow(value, (uint64_t)(text.ptr[i] - '0'), &value))
            return false;
    *out = value;
    return true;
}
