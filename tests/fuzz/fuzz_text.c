/* Fuzz target: any bytes as UTF-8, in normal form and as tokens. The decoder must agree with a slow one written from the
 * table of RFC 3629; the normal form must be valid, bounded, its own normal form (unless marks were dropped), and the same with origins.
 * SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdlib.h>

#include "text/normalize.h"
#include "text/token.h"
#include "text/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define GROWTH_MAX 18 /* code points that one may become (U+FDFA), and with 3 bytes each more than enough */

static void demand(bool true_always)
{
    if (!true_always)
        abort();
}

/* RFC 3629, section 4, row by row: bytes of the well-formed sequence at `at`, or 0. */
static size_t slow_length(qs_str text, size_t at)
{
    static const struct { unsigned char first[2], second[2]; size_t length; } rows[] = {
        {{0x00, 0x7f}, {0, 0}, 1},       {{0xc2, 0xdf}, {0x80, 0xbf}, 2}, {{0xe0, 0xe0}, {0xa0, 0xbf}, 3},
        {{0xe1, 0xec}, {0x80, 0xbf}, 3}, {{0xed, 0xed}, {0x80, 0x9f}, 3}, {{0xee, 0xef}, {0x80, 0xbf}, 3},
        {{0xf0, 0xf0}, {0x90, 0xbf}, 4}, {{0xf1, 0xf3}, {0x80, 0xbf}, 4}, {{0xf4, 0xf4}, {0x80, 0x8f}, 4}};
    const unsigned char *bytes = (const unsigned char *)text.ptr + at;
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        if (bytes[0] < rows[r].first[0] || bytes[0] > rows[r].first[1] || rows[r].length > text.len - at)
            continue;
        bool good = rows[r].length == 1 || (bytes[1] >= rows[r].second[0] && bytes[1] <= rows[r].second[1]);
        for (size_t i = 2; i < rows[r].length; i++)
            good = good && bytes[i] >= 0x80 && bytes[i] <= 0xbf;
        return good ? rows[r].length : 0;
    }
    return 0;
}

static void check_decoder(qs_str text)
{
    size_t bad = text.len, first_bad = text.len;
    for (size_t at = 0; at < text.len;) {
        uint32_t c = 0, before = 0;
        size_t start = 0;
        char again[4];
        const size_t slow = slow_length(text, at);
        const size_t fast = qs_utf8_decode(text, at, &c);
        demand(fast == (slow == 0 ? 1 : slow));
        if (slow == 0) {
            demand(c == QS_REPLACEMENT);
            first_bad = at < first_bad ? at : first_bad;
        } else {
            demand(qs_utf8_encode(c, again) == fast && memcmp(again, text.ptr + at, fast) == 0);
            before = qs_utf8_before(text, at + fast, &start);
            demand(before == c && start == at);
        }
        at += fast;
    }
    demand(qs_utf8_valid(text, &bad) == (first_bad == text.len));
    demand(first_bad == text.len || bad == first_bad);
}

static void check_tokens(qs_str text)
{
    qs_token token;
    size_t last = 0;
    for (size_t at = 0; qs_token_next(text, at, &token); at = token.end) {
        demand(token.start >= last && token.end > token.start && token.end <= text.len);
        demand(qs_utf8_valid(qs_str_slice(text, token.start, token.end), NULL));
        last = token.end;
    }
}

/* Time depends on it: the order of a run of marks is found in the square of its length. */
static void check_marks(qs_str text)
{
    size_t marks = 0;
    for (size_t at = 0; at < text.len;) {
        uint32_t c = 0;
        at += qs_utf8_decode(text, at, &c);
        marks = qs_char_class_of(c) == QS_CHAR_MARK ? marks + 1 : 0;
        demand(marks <= (QS_MARKS_PER_BASE + 1) * 3); /* a mark or a base may become three */
    }
}

static void check_origins(const qs_normalizer *n, size_t size)
{
    for (size_t i = 0; i < n->out.len; i++)
        demand(n->origins[i] <= size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const qs_str text = qs_str_make((const char *)data, size);
    qs_normalizer once = {0}, twice = {0}, traced = {.with_origins = true};
    check_decoder(text);
    demand(qs_normalize(&once, text, NULL) == QS_OK);
    const qs_str normal = qs_buf_view(&once.out);
    demand(qs_utf8_valid(normal, NULL));
    demand(normal.len <= size * GROWTH_MAX * 3 + 4);
    check_tokens(normal);
    demand(qs_normalize(&twice, normal, NULL) == QS_OK);
    check_marks(normal);
    /* the cap falls on marks in the order of the text, not in the canonical one, and before bases give up theirs */
    if (once.marks_dropped == 0 && twice.marks_dropped == 0)
        demand(qs_str_equal(normal, qs_buf_view(&twice.out)));
    demand(qs_normalize(&traced, text, NULL) == QS_OK);
    demand(qs_str_equal(normal, qs_buf_view(&traced.out)));
    check_origins(&traced, size);
    qs_normalizer_free(&once);
    qs_normalizer_free(&twice);
    qs_normalizer_free(&traced);
    return 0;
}
