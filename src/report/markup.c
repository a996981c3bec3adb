/* Text inside XML, HTML and Markdown. SPDX-License-Identifier: MIT */
#include "report/markup.h"

#include <math.h>

static const char *entity(uint32_t code)
{
    switch (code) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void qs_markup_text(qs_buf *buf, qs_str text)
{
    size_t kept = 0, at = 0; /* runs that need nothing are copied at once: articles are long */
    while (at < text.len) {
        uint32_t code = 0;
        const size_t length = qs_report_character(qs_str_slice(text, at, text.len), &code);
        const char *escaped = entity(code);
        if (escaped == NULL && code != '\n' && code != '\t' &&
            (qs_report_unsafe(code) || (code & 0xFFFE) == 0xFFFE))
            escaped = "\xef\xbf\xbd";
        if (escaped != NULL) {
            qs_buf_add(buf, text.ptr + kept, at - kept);
            qs_buf_add_text(buf, escaped);
            kept = at + length;
        }
        at += length;
    }
    qs_buf_add(buf, text.len == 0 ? "" : text.ptr + kept, text.len - kept);
}

void qs_markup_words(qs_buf *buf, const char *text)
{
    qs_markup_text(buf, qs_str_of(text));
}

void qs_markup_cell(qs_buf *buf, qs_str text, size_t columns)
{
    qs_buf plain = {0};
    (void)qs_report_plain(&plain, text, columns);
    for (size_t i = 0; i < plain.len; i++) {
        const char *escaped = entity((unsigned char)plain.ptr[i]);
        if (escaped != NULL)
            qs_buf_add_text(buf, escaped);
        else {
            if (strchr("\\`*_{}[]()#+-.!|~@:", plain.ptr[i]) != NULL)
                qs_buf_add_char(buf, '\\');
            qs_buf_add_char(buf, plain.ptr[i]);
        }
    }
    buf->failed = buf->failed || plain.failed;
    qs_buf_free(&plain);
}

void qs_markup_number(qs_buf *buf, double value, int decimals)
{
    if (isnan(value))
        qs_buf_add_text(buf, "n/a");
    else
        qs_buf_add_fixed(buf, value, decimals);
}

void qs_markup_interval(qs_buf *buf, qs_interval interval)
{
    if (isnan(interval.low))
        return;
    qs_buf_add_text(buf, " [");
    qs_buf_add_fixed(buf, interval.low, 3);
    qs_buf_add_text(buf, ", ");
    qs_buf_add_fixed(buf, interval.high, 3);
    qs_buf_add_char(buf, ']');
}
