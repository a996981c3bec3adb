/* Text to paragraphs. SPDX-License-Identifier: MIT */
#include "text/paragraph.h"

#include <assert.h>

#include "text/utf8.h"

typedef struct line {
    size_t start; /* trimmed */
    size_t end;
} line;

/* Line feed, carriage return, vertical tab, form feed, NEL, line and paragraph separator: bytes, or 0. */
static size_t line_break_at(qs_str text, size_t at)
{
    const unsigned char *s = (const unsigned char *)text.ptr + at;
    const size_t left = text.len - at;
    if (s[0] == '\r')
        return left > 1 && s[1] == '\n' ? 2 : 1;
    if (s[0] == '\n' || s[0] == '\v' || s[0] == '\f')
        return 1;
    if (left > 1 && s[0] == 0xc2 && s[1] == 0x85)
        return 2;
    return left > 2 && s[0] == 0xe2 && s[1] == 0x80 && (s[2] == 0xa8 || s[2] == 0xa9) ? 3 : 0;
}

/* The next line from *at on, trimmed; *at moves past its break. */
static line next_line(qs_str text, size_t *at)
{
    size_t end = *at;
    size_t gap = 0;
    while (end < text.len && (gap = line_break_at(text, end)) == 0)
        end++;
    line found = {*at, end};
    *at = end + gap;
    uint32_t c = 0;
    while (found.start < found.end) {
        const size_t length = qs_utf8_decode(text, found.start, &c);
        if (qs_char_class_of(c) != QS_CHAR_SPACE && c != 0xfeff)
            break;
        found.start += length;
    }
    while (found.end > found.start) {
        size_t start = 0;
        c = qs_utf8_before(text, found.end, &start);
        if (qs_char_class_of(c) != QS_CHAR_SPACE || start < found.start)
            break;
        found.end = start;
    }
    return found;
}

static bool starts_lower(qs_str text, line l)
{
    uint32_t c = 0;
    qs_utf8_decode(text, l.start, &c);
    return qs_char_is_lower(c);
}

/* The line ends like a sentence: a stop, perhaps with marks or brackets after it. */
static bool ends_sentence(qs_str text, size_t start, size_t end)
{
    while (end > start) {
        uint32_t c = qs_utf8_before(text, end, &end);
        if (c == '.' || c == '!' || c == '?' || c == 0x2026 || c == 0x3002 || c == ':' || c == 0xff01 ||
            c == 0xff1f)
            return true;
        if (c != '"' && c != '\'' && c != ')' && c != ']' && c != 0x201d && c != 0x2019 && c != 0xbb &&
            c != 0x201c && c != 0x300d)
            return false;
    }
    return false;
}

/* What the whole text looks like. */
typedef struct layout {
    size_t lines;       /* lines with something in them */
    size_t blank_gaps;  /* blank lines between such lines */
    size_t long_breaks; /* line ends in mid-sentence, next line in lower case, after a long line */
} layout;

static layout survey(qs_str text)
{
    layout seen = {0, 0, 0};
    line before = {0, 0};
    bool blank = false;
    for (size_t at = 0; at < text.len;) {
        const line now = next_line(text, &at);
        if (now.start == now.end) {
            blank = seen.lines > 0;
            continue;
        }
        if (blank)
            seen.blank_gaps++;
        else if (seen.lines > 0 && before.end - before.start >= 50 && starts_lower(text, now) &&
                 !ends_sentence(text, before.start, before.end))
            seen.long_breaks++;
        blank = false;
        before = now;
        seen.lines++;
    }
    return seen;
}

static qs_status add_range(qs_text_ranges *out, line l, bool after_blank, qs_error *err)
{
    const qs_status status = qs_grow(&out->items, &out->capacity, out->count + 1, sizeof *out->items, err);
    if (status == QS_OK)
        out->items[out->count++] = (qs_text_range){l.start, l.end, after_blank};
    return status;
}

/* True if `now` goes on the paragraph whose last line is `last`: the text is broken at a fixed width. */
static bool joins(qs_str text, const layout *seen, line last, line now, bool first_block)
{
    const bool wrapped = seen->long_breaks > 2 && last.end - last.start >= 60 && !first_block;
    if (ends_sentence(text, last.start, last.end))
        return wrapped && seen->blank_gaps > 0;
    return seen->long_breaks > 0 && (starts_lower(text, now) || wrapped);
}

qs_status qs_paragraphs_split(qs_text_ranges *out, qs_str text, qs_error *err)
{
    assert(out != NULL);
    const layout seen = survey(text);
    line open = {0, 0};
    line last = {0, 0};
    bool blank = true;
    bool open_blank = true;
    bool first_block = true;
    qs_status status = QS_OK;
    for (size_t at = 0; at < text.len && status == QS_OK;) {
        const line now = next_line(text, &at);
        if (now.start == now.end) {
            blank = true;
            continue;
        }
        if (open.end == open.start || blank || !joins(text, &seen, last, now, first_block)) {
            if (open.end > open.start) {
                status = add_range(out, open, open_blank, err);
                first_block = first_block && !blank;
            }
            open = now;
            open_blank = blank;
        } else {
            open.end = now.end;
        }
        last = now;
        blank = false;
    }
    if (status == QS_OK && open.end > open.start)
        status = add_range(out, open, open_blank, err);
    return status;
}
