/* Writing JSON strings. SPDX-License-Identifier: MIT */
#include "base/buf.h"

#include <string.h>


static bool plain(unsigned char c)
{
    return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

/* The high bit of each byte that is zero; others may have theirs set too if a byte below them is zero. */
static uint64_t zero_bytes(uint64_t eight)
{
    return (eight - UINT64_C(0x0101010101010101)) & ~eight & UINT64_C(0x8080808080808080);
}

/* End of the run of plain characters at `at`, eight at a time while that goes. */
static size_t plain_end(const unsigned char *s, size_t at, size_t end)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    for (uint64_t eight = 0; end - at >= sizeof eight; at += sizeof eight) {
        memcpy(&eight, s + at, sizeof eight);
        const uint64_t below_space = (eight - ones * 0x20) & ~eight;
        const uint64_t beyond_tilde = (eight + ones) | eight;
        if (((below_space | beyond_tilde) & (ones * 0x80)) != 0 || zero_bytes(eight ^ ones * '"') != 0 ||
            zero_bytes(eight ^ ones * '\\') != 0)
            break;
    }
    while (at < end && plain(s[at]))
        at++;
    return at;
}

/* Length of the valid UTF-8 sequence of more than one byte at `s`, or 0. */
static size_t sequence(const unsigned char *s, size_t left)
{
    const unsigned char c = s[0];
    const size_t n = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
    if (c < 0xc2 || c > 0xf4 || left < n)
        return 0;
    if ((c == 0xe0 && s[1] < 0xa0) || (c == 0xed && s[1] > 0x9f) || (c == 0xf0 && s[1] < 0x90) ||
        (c == 0xf4 && s[1] > 0x8f))
        return 0;
    for (size_t i = 1; i < n; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    return n;
}

static void add_escape(qs_buf *buf, unsigned char c)
{
    switch (c) {
    case '"':
        qs_buf_add_text(buf, "\\\"");
        break;
    case '\\':
        qs_buf_add_text(buf, "\\\\");
        break;
    case '\n':
        qs_buf_add_text(buf, "\\n");
        break;
    case '\r':
        qs_buf_add_text(buf, "\\r");
        break;
    case '\t':
        qs_buf_add_text(buf, "\\t");
        break;
    default:
        qs_buf_addf(buf, "\\u%04x", c);
    }
}

void qs_buf_add_json(qs_buf *buf, qs_str text)
{
    const unsigned char *s = (const unsigned char *)text.ptr;
    size_t at = 0;
    qs_buf_add_char(buf, '"');
    while (at < text.len) {
        const size_t run = plain_end(s, at, text.len);
        qs_buf_add(buf, s + at, run - at);
        at = run;
        if (at == text.len)
            break;
        if (s[at] < 0x80) {
            add_escape(buf, s[at++]);
            continue;
        }
        const size_t n = sequence(s + at, text.len - at);
        if (n == 0) {
            qs_buf_add_text(buf, "\\ufffd");
            at++;
        } else if (n == 3 && s[at] == 0xe2 && s[at + 1] == 0x80 && (s[at + 2] & 0xfe) == 0xa8) {
            qs_buf_addf(buf, "\\u20%02x", 0x28 + (s[at + 2] & 1)); /* line separators end lines in JS */
            at += n;
        } else {
            qs_buf_add(buf, s + at, n);
            at += n;
        }
    }
    qs_buf_add_char(buf, '"');
}
