/* The window that slides over an input line by line. SPDX-License-Identifier: MIT */
#include <string.h>

#include "article/rows_parts.h"

qs_status qs_row_lines_fill(qs_row_lines *lines, qs_error *err)
{
    size_t got = 0;
    if (lines->start > 0 && lines->end == lines->capacity) {
        memmove(lines->bytes, lines->bytes + lines->start, lines->end - lines->start);
        lines->end -= lines->start;
        lines->start = 0;
    }
    if (lines->at_end || lines->end == lines->capacity)
        return QS_OK;
    const qs_status status = qs_row_source_read(lines->source, lines->bytes + lines->end,
                                                lines->capacity - lines->end, &got, err);
    lines->end += got;
    lines->at_end = status == QS_OK && got == 0;
    return status;
}

/* Length without one carriage return at the end, which belongs to the line feed. */
static size_t without_return(const char *bytes, size_t length)
{
    return length > 0 && bytes[length - 1] == '\r' ? length - 1 : length;
}

qs_status qs_row_lines_peek(qs_row_lines *lines, qs_row_span *span, qs_error *err)
{
    size_t seen = 0;
    *span = (qs_row_span){0};
    for (;;) {
        const size_t ready = lines->end - lines->start;
        const char *from = lines->bytes + lines->start;
        const char *feed = ready > seen ? memchr(from + seen, '\n', ready - seen) : NULL;
        const size_t length = feed != NULL ? (size_t)(feed - from) : ready;
        if (feed != NULL || lines->at_end || length > lines->max_record + 1) {
            span->content = feed != NULL || lines->at_end ? without_return(from, length) : length;
            span->length = feed != NULL ? length + 1 : length;
            span->terminated = feed != NULL;
            span->too_long = span->content > lines->max_record;
            span->found = span->length > 0;
            return QS_OK;
        }
        seen = ready;
        const qs_status status = qs_row_lines_fill(lines, err);
        if (status != QS_OK)
            return status;
    }
}

void qs_row_lines_skip(qs_row_lines *lines, size_t length)
{
    const char *at = lines->bytes + lines->start;
    const char *end = at + length;
    lines->start += length;
    lines->offset += length;
    while (at < end && (at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
        lines->line++;
        at++;
    }
    if (lines->start == lines->end)
        lines->start = lines->end = 0;
}

qs_status qs_row_lines_skip_line(qs_row_lines *lines, qs_error *err)
{
    for (;;) {
        const size_t ready = lines->end - lines->start;
        const char *from = lines->bytes + lines->start;
        const char *feed = ready > 0 ? memchr(from, '\n', ready) : NULL;
        qs_row_lines_skip(lines, feed != NULL ? (size_t)(feed - from) + 1 : ready);
        if (feed != NULL || lines->at_end)
            return QS_OK;
        const qs_status status = qs_row_lines_fill(lines, err);
        if (status != QS_OK)
            return status;
    }
}
