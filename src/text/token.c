/* Normalised text to tokens. SPDX-License-Identifier: MIT */
#include "text/token.h"

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

static bool is_ascii_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
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
        while (at < text.len && is_ascii_word(text.ptr[at]))
            at++;
        if (at > from)
            last_digit = is_digit((unsigned char)text.ptr[at - 1]);
        if (at < text.len && (unsigned char)text.ptr[at] <= ' ')
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
    return starts_with(text, at, "http://") || starts_with(text, at, "https://") ||
           starts_with(text, at, "www.");
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
        *length = qs_utf8_decode(text, *at, c);
        const qs_char_class class = *c > 0x20 && *c < 0x7f ? QS_CHAR_PUNCT : qs_char_class_of(*c);
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
