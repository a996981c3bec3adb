/* Cells of text tables. SPDX-License-Identifier: MIT */
#include "pipeline/table.h"

#include <string.h>

#include "text/utf8.h"

static bool is_wide(uint32_t c)
{
    return (c >= 0x1100 && c <= 0x115f) || (c >= 0x2e80 && c <= 0xa4cf) || (c >= 0xac00 && c <= 0xd7a3) ||
           (c >= 0xf900 && c <= 0xfaff) || (c >= 0xfe30 && c <= 0xfe6f) || (c >= 0xff00 && c <= 0xff60) ||
           (c >= 0x1f300 && c <= 0x1faff) || (c >= 0x20000 && c <= 0x3fffd);
}

static size_t columns_of(uint32_t c)
{
    const qs_char_class class = c < 0x80 ? (c < 0x20 || c == 0x7f ? QS_CHAR_OTHER : QS_CHAR_PUNCT)
                                         : qs_char_class_of(c);
    return class == QS_CHAR_MARK || class == QS_CHAR_OTHER ? 0 : is_wide(c) ? 2 : 1;
}

static bool is_blank(uint32_t c)
{
    return c == ' ' || (c >= 9 && c <= 13) || (c >= 0x80 && qs_char_class_of(c) == QS_CHAR_SPACE);
}

/* Columns of the cleaned text, counted no further than beyond `limit`. */
static size_t width_of(qs_str text, size_t limit)
{
    size_t width = 0;
    uint32_t c = 0;
    for (size_t at = 0; at < text.len && width <= limit;) {
        at += qs_utf8_decode(text, at, &c);
        width += is_blank(c) ? 1 : columns_of(c);
    }
    return width;
}

void qs_add_cell(qs_buf *out, qs_str text, size_t width)
{
    const bool cut = width > 0 && width_of(text, width) > width;
    const size_t room = cut ? (width > 3 ? width - 3 : 0) : SIZE_MAX;
    size_t used = 0;
    bool blank = false;
    uint32_t c = 0;
    for (size_t at = 0; at < text.len;) {
        const size_t start = at;
        at += qs_utf8_decode(text, at, &c);
        const bool space = is_blank(c);
        const size_t columns = space ? 1 : columns_of(c);
        if ((space && blank) || (columns == 0 && qs_char_class_of(c) != QS_CHAR_MARK))
            continue;
        if (used + columns > room)
            break;
        if (space)
            qs_buf_add_char(out, ' ');
        else
            qs_buf_add(out, text.ptr + start, at - start);
        used += columns;
        blank = space;
    }
    if (cut) {
        qs_buf_add(out, "...", width < 3 ? width : 3);
        used += width < 3 ? width : 3;
    }
    for (; used < width; used++)
        qs_buf_add_char(out, ' ');
}

/* End of the longest run of whole words from `start` that fits into `width`; at least one character. */
static size_t line_end(qs_str text, size_t start, size_t width)
{
    size_t used = 0;
    size_t last_space = 0;
    uint32_t c = 0;
    for (size_t at = start; at < text.len;) {
        const size_t here = at;
        at += qs_utf8_decode(text, at, &c);
        const bool space = is_blank(c);
        if (space)
            last_space = here;
        used += space ? 1 : columns_of(c);
        if (used > width && here > start)
            return last_space > start ? last_space : here;
    }
    return text.len;
}

void qs_add_wrapped(qs_buf *out, qs_str text, size_t width, size_t indent, size_t lines)
{
    size_t start = 0;
    for (size_t line = 1; start < text.len; line++) {
        const size_t end = line == lines ? text.len : line_end(text, start, width);
        const size_t before = out->len;
        qs_add_cell(out, qs_str_slice(text, start, end), line_end(text, start, width) < end ? width : 0);
        while (out->len > before && out->ptr[out->len - 1] == ' ')
            out->len--;
        start = end;
        while (start < text.len && text.ptr[start] == ' ')
            start++;
        if (start < text.len) {
            qs_buf_add_char(out, '\n');
            for (size_t i = 0; i < indent; i++)
                qs_buf_add_char(out, ' ');
        }
    }
}

/* Blanks in place of a character, which is rare. */
static void blank_out(char *text, size_t length, char c)
{
    for (char *at = memchr(text, c, length); at != NULL; at = memchr(at, c, length - (size_t)(at - text)))
        *at = ' ';
}

void qs_add_tsv(qs_buf *out, qs_str text)
{
    const size_t start = out->len;
    qs_buf_add_str(out, text);
    const size_t length = out->len - start; /* 0 if memory lacks */
    if (length == 0)
        return;
    blank_out(out->ptr + start, length, '\t');
    blank_out(out->ptr + start, length, '\n');
    blank_out(out->ptr + start, length, '\r');
}

void qs_add_csv(qs_buf *out, qs_str text)
{
    bool quoted = false;
    for (size_t i = 0; i < text.len; i++) {
        const char c = text.ptr[i];
        quoted |= c == ',' || c == '"' || c == '\r' || c == '\n' || c == '\0';
    }
    if (!quoted) {
        qs_buf_add_str(out, text);
        return;
    }
    qs_buf_add_char(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"')
            qs_buf_add_char(out, '"');
        qs_buf_add_char(out, text.ptr[i]);
    }
    qs_buf_add_char(out, '"');
}
