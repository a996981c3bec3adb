/* One form of text for all comparisons. SPDX-License-Identifier: MIT */
#include "text/normalize.h"

#include <utf8proc.h>

#include "text/utf8.h"

#define OUTPUT_MAX ((size_t)64 * 1024 * 1024)

/* Options of NFKC_Casefold. CHARBOUND is never passed: utf8proc before 2.11 reads out of bounds with it. */
#define FOLD_OPTIONS                                                                               \
    (UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE)

/* End of the run at `at` whose bytes all are (or all are not) ASCII. */
static size_t run_end(qs_str text, size_t at, bool ascii)
{
    for (uint64_t eight = 0; ascii && text.len - at >= sizeof eight; at += sizeof eight) {
        memcpy(&eight, text.ptr + at, sizeof eight);
        if ((eight & UINT64_C(0x8080808080808080)) != 0)
            break;
    }
    while (at < text.len && ((unsigned char)text.ptr[at] < 0x80) == ascii)
        at++;
    return at;
}

static qs_status note_origins(qs_normalizer *n, size_t from, size_t origin, size_t step, qs_error *err)
{
    if (!n->with_origins)
        return QS_OK;
    const qs_status status =
        qs_grow(&n->origins, &n->origin_capacity, n->out.len + 1, sizeof *n->origins, err);
    for (size_t i = from; status == QS_OK && i < n->out.len; i++)
        n->origins[i] = (uint32_t)(origin + (i - from) * step);
    return status;
}

/* Eight bytes at a time; all are ASCII. */
static void lower_ascii(char *restrict to, const char *restrict from, size_t length)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    size_t i = 0;
    for (uint64_t eight = 0; length - i >= sizeof eight; i += sizeof eight) {
        memcpy(&eight, from + i, sizeof eight);
        const uint64_t at_least_a = eight + ones * (0x80 - 'A');
        const uint64_t beyond_z = eight + ones * (0x80 - 'Z' - 1);
        eight |= ((at_least_a & ~beyond_z) & (ones * 0x80)) >> 2;
        memcpy(to + i, &eight, sizeof eight);
    }
    for (; i < length; i++)
        to[i] = (char)(from[i] >= 'A' && from[i] <= 'Z' ? from[i] + 32 : from[i]);
}

static qs_status add_ascii(qs_normalizer *n, qs_str text, size_t start, size_t end, qs_error *err)
{
    const size_t from = n->out.len;
    if (!qs_buf_reserve(&n->out, end - start))
        return qs_buf_status(&n->out, err);
    lower_ascii(n->out.ptr + from, text.ptr + start, end - start);
    n->out.len += end - start;
    return note_origins(n, from, start, 1, err);
}

static uint32_t plain_mark(uint32_t c)
{
    switch (c) {
    case 0x2018: case 0x2019: case 0x201a: case 0x201b: case 0x02bc: case 0x00b4: case 0x2032:
        return '\'';
    case 0x201c: case 0x201d: case 0x201e: case 0x201f: case 0x2033: case 0x00ab: case 0x00bb:
        return '"';
    case 0x2010: case 0x2011: case 0x2012: case 0x2013: case 0x2014: case 0x2015: case 0x2212:
        return '-';
    default:
        return c;
    }
}

/* A mark, or a halfwidth sound mark, which folding turns into one. */
static bool ends_as_mark(uint32_t c)
{
    return c == 0xff9e || c == 0xff9f || qs_char_class_of(c) == QS_CHAR_MARK;
}

/* Copies [start, end) with marks beyond the cap dropped and invalid bytes replaced. */
static void cap_marks(qs_normalizer *n, qs_str text, size_t start, size_t end)
{
    size_t marks = 0;
    qs_buf_clear(&n->capped);
    for (size_t at = start; at < end;) {
        uint32_t c = 0;
        char bytes[4];
        at += qs_utf8_decode(text, at, &c);
        const bool mark = ends_as_mark(c);
        if (mark)
            marks++;
        else if (!utf8proc_get_property((utf8proc_int32_t)c)->ignorable) /* what vanishes ends no run of marks */
            marks = 0;
        if (mark && marks > QS_MARKS_PER_BASE)
            n->marks_dropped++;
        else
            qs_buf_add(&n->capped, bytes, qs_utf8_encode(plain_mark(c), bytes));
    }
}

/* Typographic marks that become ASCII, after an ASCII base or none, need no folding: neither composes. */
static bool add_plain_marks(qs_normalizer *n, qs_str text, size_t start, size_t end)
{
    char bytes[16];
    size_t count = 0;
    if (end - start > sizeof bytes)
        return false;
    for (size_t at = start; at < end;) {
        uint32_t c = 0;
        at += qs_utf8_decode(text, at, &c);
        c = plain_mark(c);
        if (c >= 0x80)
            return false;
        bytes[count++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
    qs_buf_add(&n->out, bytes, count);
    return true;
}

/* One piece that neither composes nor reorders with what is around it. */
static qs_status fold_piece(qs_normalizer *n, qs_str text, size_t start, size_t end, qs_error *err)
{
    const size_t from = n->out.len;
    qs_status status = QS_OK;
    if (add_plain_marks(n, text, start, end)) {
        status = qs_buf_status(&n->out, err);
        return status != QS_OK ? status : note_origins(n, from, start, 0, err);
    }
    cap_marks(n, text, start, end);
    status = qs_buf_status(&n->capped, err);
    if (status != QS_OK)
        return status;
    const utf8proc_uint8_t *bytes = (const utf8proc_uint8_t *)n->capped.ptr;
    const utf8proc_ssize_t length = (utf8proc_ssize_t)n->capped.len;
    utf8proc_ssize_t count = utf8proc_decompose(bytes, length, n->points,
                                                (utf8proc_ssize_t)n->point_capacity, FOLD_OPTIONS);
    if (count > 0 && (size_t)count >= n->point_capacity) {
        /* one more than needed: re-encoding ends the buffer with a NUL */
        status = qs_grow(&n->points, &n->point_capacity, (size_t)count + 1, sizeof *n->points, err);
        if (status != QS_OK)
            return status;
        count = utf8proc_decompose(bytes, length, n->points, (utf8proc_ssize_t)n->point_capacity,
                                   FOLD_OPTIONS);
    }
    for (utf8proc_ssize_t i = 0; i < count; i++) /* a subscript minus, say, has become a minus by now */
        n->points[i] = (int32_t)plain_mark((uint32_t)n->points[i]);
    count = count <= 0 ? count : utf8proc_reencode(n->points, count, FOLD_OPTIONS);
    if (count < 0)
        return qs_fail(err, QS_EINPUT, "cannot normalise: %s", utf8proc_errmsg(count));
    qs_buf_add(&n->out, n->points, (size_t)count);
    status = qs_buf_status(&n->out, err);
    return status != QS_OK ? status : note_origins(n, from, start, 0, err);
}

/* A run of non-ASCII bytes (with the ASCII base before it). Cut where a letter starts, so that origins are fine
 * enough to point at words; marks and Hangul vowels stay with what they may combine with, and so do characters that
 * vanish, such as soft hyphens and Hangul fillers, for a mark may follow them. */
static qs_status fold_run(qs_normalizer *n, qs_str text, size_t start, size_t end, qs_error *err)
{
    size_t piece = start;
    for (size_t at = start; n->with_origins && at < end;) {
        uint32_t c = 0;
        const size_t length = qs_utf8_decode(text, at, &c);
        const qs_char_class class = qs_char_class_of(c);
        const bool joins = class == QS_CHAR_MARK || class == QS_CHAR_OTHER || (c >= 0x1100 && c <= 0x11ff) ||
                           c == 0x3164 || (c >= 0xac00 && c <= 0xd7ff) || (c >= 0xff9e && c <= 0xffa0) ||
                           c >= 0x10000;
        if (!joins && at > piece) {
            const qs_status status = fold_piece(n, text, piece, at, err);
            if (status != QS_OK)
                return status;
            piece = at;
        }
        at += length;
    }
    return fold_piece(n, text, piece, end, err);
}

qs_status qs_normalize(qs_normalizer *n, qs_str text, qs_error *err)
{
    qs_status status = QS_OK;
    size_t at = 0;
    qs_buf_clear(&n->out);
    while (status == QS_OK && at < text.len) {
        size_t end = run_end(text, at, true);
        if (end < text.len && end > at)
            end--; /* the last ASCII character may be the base of what follows */
        if (end > at) {
            status = add_ascii(n, text, at, end, err);
            at = end;
            continue;
        }
        end = run_end(text, at + ((unsigned char)text.ptr[at] < 0x80), false);
        status = fold_run(n, text, at, end, err);
        at = end;
        if (status == QS_OK && n->out.len > OUTPUT_MAX)
            status = qs_fail(err, QS_ELIMIT, "text grows beyond %zu bytes when normalised", OUTPUT_MAX);
    }
    return status;
}

void qs_normalizer_free(qs_normalizer *n)
{
    qs_buf_free(&n->out);
    qs_buf_free(&n->capped);
    qs_free(n->points);
    qs_free(n->origins);
    *n = (qs_normalizer){0};
}
