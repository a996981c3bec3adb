/* Normalised text to tokens. SPDX-License-Identifier: MIT */
#include "text/token.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "text/utf8.h"

static bool is_word_at(qs_str text, size_t at, size_t *length, uint32_t *code_point)
{
    if (at >= text.len)
        return false;
    *length = qs_utf8_decode(text, at, code_point);
    return qs_char_is_word(*code_point) || *code_point == '_';
}

static bool is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

/* Letters, digits and '_' of ASCII. */
static const bool ascii_words[256] = {
    ['0'] = 1, ['1'] = 1, ['2'] = 1, ['3'] = 1, ['4'] = 1, ['5'] = 1, ['6'] = 1, ['7'] = 1, ['8'] = 1, ['9'] = 1,
    ['A'] = 1, ['B'] = 1, ['C'] = 1, ['D'] = 1, ['E'] = 1, ['F'] = 1, ['G'] = 1, ['H'] = 1, ['I'] = 1, ['J'] = 1,
    ['K'] = 1, ['L'] = 1, ['M'] = 1, ['N'] = 1, ['O'] = 1, ['P'] = 1, ['Q'] = 1, ['R'] = 1, ['S'] = 1, ['T'] = 1,
    ['U'] = 1, ['V'] = 1, ['W'] = 1, ['X'] = 1, ['Y'] = 1, ['Z'] = 1, ['a'] = 1, ['b'] = 1, ['c'] = 1, ['d'] = 1,
    ['e'] = 1, ['f'] = 1, ['g'] = 1, ['h'] = 1, ['i'] = 1, ['j'] = 1, ['k'] = 1, ['l'] = 1, ['m'] = 1, ['n'] = 1,
    ['o'] = 1, ['p'] = 1, ['q'] = 1, ['r'] = 1, ['s'] = 1, ['t'] = 1, ['u'] = 1, ['v'] = 1, ['w'] = 1, ['x'] = 1,
    ['y'] = 1, ['z'] = 1, ['_'] = 1};

/* The end of the run of ASCII letters, digits and '_' at `at`. */
static inline size_t ascii_word_end(qs_str text, size_t at)
{
#if defined(__SSE2__)
    while (text.len - at >= 16) { /* bytes compare as signed: what is not ASCII is less than all */
        const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(text.ptr + at));
        const __m128i lower = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
        const __m128i letters = _mm_and_si128(_mm_cmpgt_epi8(lower, _mm_set1_epi8('a' - 1)), _mm_cmplt_epi8(lower, _mm_set1_epi8('z' + 1)));
        const __m128i digits = _mm_and_si128(_mm_cmpgt_epi8(bytes, _mm_set1_epi8('0' - 1)), _mm_cmplt_epi8(bytes, _mm_set1_epi8('9' + 1)));
        const __m128i words = _mm_or_si128(_mm_or_si128(letters, digits), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('_')));
        const uint32_t others = (uint32_t)_mm_movemask_epi8(words) ^ 0xffff;
        if (others != 0)
            return at + (uint32_t)__builtin_ctz(others);
        at += 16;
    }
#endif
    while (at < text.len && ascii_words[(unsigned char)text.ptr[at]])
        at++;
    return at;
}

/* End of the word that starts at `at`. An apostrophe stays inside between word characters, a point or comma between
 * digits. */
static size_t word_end(qs_str text, size_t at)
{
    uint32_t c = 0;
    uint32_t after = 0;
    size_t length = 0;
    size_t next_length = 0;
    bool last_digit = false;
    for (;;) {
        const size_t from = at;
        at = ascii_word_end(text, at);
        if (at > from)
            last_digit = is_digit((unsigned char)text.ptr[at - 1]);
        if (at >= text.len)
            return at;
        const unsigned char end = (unsigned char)text.ptr[at];
        if (end < 0x80 && end != '\'' && !(last_digit && (end == '.' || end == ',')))
            return at;
        if (is_word_at(text, at, &length, &c)) {
            last_digit = false; /* not ASCII */
            at += length;
            continue;
        }
        if (at >= text.len || !is_word_at(text, at + length, &next_length, &after))
            return at;
        if (c == '\'' || ((c == '.' || c == ',') && last_digit && is_digit(after)))
            at += length;
        else
            return at;
    }
}

static bool starts_with(qs_str text, size_t at, const char *prefix)
{
    const size_t length = strlen(prefix);
    return text.len - at > length && memcmp(text.ptr + at, prefix, length) == 0;
}

static bool is_address(qs_str text, size_t at)
{
    if (at + 1 >= text.len || (text.ptr[at + 1] != 't' && text.ptr[at + 1] != 'w'))
        return false; /* most words */
    return starts_with(text, at, "http://") || starts_with(text, at, "https://") ||
           starts_with(text, at, "www.");
}

/* Most words: of ASCII, with a blank or a mark behind them that cannot be part of it. False leaves the word to be looked at closely. */
static inline bool plain_word(qs_str text, size_t at, size_t *end)
{
    const unsigned char first = (unsigned char)text.ptr[at];
    if (!ascii_words[first] || ((first == 'h' || first == 'w') && is_address(text, at)))
        return false;
    *end = ascii_word_end(text, at);
    if (*end == text.len)
        return true;
    const unsigned char next = (unsigned char)text.ptr[*end];
    return next < 0x80 && next != '\'' && next != '.' && next != ',';
}

static size_t address_end(qs_str text, size_t at)
{
    while (at < text.len) {
        uint32_t c = 0;
        const size_t length = qs_utf8_decode(text, at, &c);
        if (qs_char_class_of(c) == QS_CHAR_SPACE || c == '"' || c == '<' || c == '>')
            break;
        at += length;
    }
    return at;
}

static size_t punct_end(qs_str text, size_t at, uint32_t mark)
{
    uint32_t c = mark;
    size_t end = at;
    while (end < text.len) {
        const size_t length = qs_utf8_decode(text, end, &c);
        if (c != mark)
            break;
        end += length;
    }
    return end;
}

/* Skips what separates tokens; false at the end. */
static bool skip_space(qs_str text, size_t *at, uint32_t *c, size_t *length)
{
    while (*at < text.len) {
        if ((unsigned char)text.ptr[*at] <= ' ') {
            ++*at;
            continue;
        }
        *c = (unsigned char)text.ptr[*at];
        *length = 1;
        if (*c < 0x7f)
            return true;
        *length = qs_utf8_decode(text, *at, c);
        const qs_char_class class = qs_char_class_of(*c);
        if (class != QS_CHAR_SPACE && class != QS_CHAR_OTHER)
            return true;
        *at += *length;
    }
    return false;
}

bool qs_token_next(qs_str text, size_t at, qs_token *token)
{
    uint32_t c = 0;
    uint32_t after = 0;
    size_t length = 0;
    size_t next_length = 0;
    while (at < text.len && (unsigned char)text.ptr[at] <= ' ')
        at++;
    if (at < text.len && plain_word(text, at, &next_length)) {
        *token = (qs_token){.start = (uint32_t)at, .end = (uint32_t)next_length, .kind = QS_TOKEN_WORD};
        return true;
    }
    if (!skip_space(text, &at, &c, &length))
        return false;
    token->start = (uint32_t)at;
    if ((c == 'h' || c == 'w') && is_address(text, at)) {
        token->kind = QS_TOKEN_ADDRESS;
        token->end = (uint32_t)address_end(text, at);
    } else if (qs_char_is_word(c) || c == '_') {
        token->kind = QS_TOKEN_WORD;
        token->end = (uint32_t)word_end(text, at);
    } else if ((c == '#' || c == '@') && is_word_at(text, at + length, &next_length, &after)) {
        token->kind = c == '#' ? QS_TOKEN_HASHTAG : QS_TOKEN_MENTION;
        token->end = (uint32_t)word_end(text, at + length);
    } else {
        token->kind = QS_TOKEN_PUNCT;
        token->end = (uint32_t)punct_end(text, at, c);
    }
    return true;
}
