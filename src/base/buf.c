/* A growing byte buffer. SPDX-License-Identifier: MIT */
#include "base/buf.h"

#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void qs_buf_free(qs_buf *buf)
{
    qs_free(buf->ptr);
    *buf = (qs_buf){0};
}

void qs_buf_clear(qs_buf *buf)
{
    buf->len = 0;
    buf->failed = false;
}

qs_status qs_buf_status(const qs_buf *buf, qs_error *err)
{
    return buf->failed ? qs_fail(err, QS_ENOMEM, "out of memory") : QS_OK;
}

bool qs_buf_reserve(qs_buf *buf, size_t more)
{
    size_t need = 0;
    if (buf->failed || __builtin_add_overflow(buf->len, more, &need) ||
        qs_grow(&buf->ptr, &buf->capacity, need, 1, NULL) != QS_OK) {
        buf->failed = true;
        return false;
    }
    return true;
}

qs_str qs_buf_view(const qs_buf *buf)
{
    return qs_str_make(buf->ptr, buf->len);
}

void qs_buf_add(qs_buf *buf, const void *bytes, size_t len)
{
    if (len == 0 || ((buf->failed || len > buf->capacity - buf->len) && !qs_buf_reserve(buf, len)))
        return;
    memcpy(buf->ptr + buf->len, bytes, len);
    buf->len += len;
}

void qs_buf_add_str(qs_buf *buf, qs_str text)
{
    qs_buf_add(buf, text.ptr, text.len);
}

void qs_buf_addf(qs_buf *buf, const char *format, ...)
{
    char piece[512];
    va_list arguments;
    piece[0] = '\0';
    va_start(arguments, format);
    (void)vsnprintf(piece, sizeof piece, format, arguments);
    va_end(arguments);
    qs_buf_add_text(buf, piece);
}

void qs_buf_add_u64(qs_buf *buf, uint64_t number)
{
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    qs_buf_add(buf, digits + at, sizeof digits - at);
}

void qs_buf_add_double(qs_buf *buf, double number)
{
    char text[40];
    if (!isfinite(number)) {
        qs_buf_add_text(buf, "null");
        return;
    }
    int precision = 15;
    do
        (void)snprintf(text, sizeof text, "%.*g", precision, number);
    while (precision++ < 17 && strtod(text, NULL) != number); /* 17 digits tell any number */
    const char *mark = localeconv()->decimal_point;
    char *point = strstr(text, mark);
    if (point != NULL && strcmp(mark, ".") != 0) {
        const size_t length = strlen(mark);
        *point = '.';
        memmove(point + 1, point + length, strlen(point + length) + 1);
    }
    qs_buf_add_text(buf, text);
}

void qs_buf_add_fixed(qs_buf *buf, double number, int decimals)
{
    static const double powers[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    if (!isfinite(number) || decimals < 0 || decimals > 15 ||
        fabs(number) * powers[decimals] >= 9e18) {
        qs_buf_add_double(buf, number);
        return;
    }
    const uint64_t scaled = (uint64_t)llround(fabs(number) * powers[decimals]);
    const uint64_t unit = (uint64_t)powers[decimals];
    if (number < 0 && scaled != 0)
        qs_buf_add_char(buf, '-');
    qs_buf_add_u64(buf, scaled / unit);
    if (decimals == 0)
        return;
    char digits[16];
    uint64_t rest = scaled % unit;
    for (int i = decimals; i > 0; i--) {
        digits[i] = (char)('0' + rest % 10);
        rest /= 10;
    }
    digits[0] = '.';
    qs_buf_add(buf, digits, (size_t)decimals + 1);
}
