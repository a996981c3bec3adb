/* Paragraphs to tokens. SPDX-License-Identifier: MIT */
#include "quotes/scan.h"

#include <assert.h>

#include "text/utf8.h"

/* The longest word that is looked up. */
enum { KEY_MAX = 40 };

static bool is_apostrophe(uint32_t c)
{
    return c == '\'' || c == 0x2019 || c == 0x02bc;
}

static bool is_hyphen(uint32_t c)
{
    return c == '-' || c == 0x2010 || c == 0x2011;
}

static qs_family family_of(uint32_t c)
{
    switch (c) {
    case '"':
    case 0xff02:
    case 0x201c:
    case 0x201d:
    case 0x201e:
    case 0x201f:
    case 0x301d:
    case 0x301e:
        return QS_FAMILY_DOUBLE;
    case 0xab:
    case 0xbb:
        return QS_FAMILY_GUILLEMET;
    case 0x2039:
    case 0x203a:
        return QS_FAMILY_SINGLE_GUILLEMET;
    case '\'':
    case '`':
    case 0x2018:
    case 0x2019:
    case 0x201a:
        return QS_FAMILY_SINGLE;
    case 0x300c:
    case 0x300d:
        return QS_FAMILY_CORNER;
    case 0x300e:
    case 0x300f:
        return QS_FAMILY_WHITE_CORNER;
    default:
        return QS_FAMILY_NONE;
    }
}

uint32_t qs_scan_before(const qs_scan *scan, size_t at)
{
    size_t start = 0;
    return at == 0 ? 0 : qs_utf8_before(scan->text, at, &start);
}

uint32_t qs_scan_after(const qs_scan *scan, size_t at)
{
    uint32_t c = 0;
    if (at < scan->text.len)
        qs_utf8_decode(scan->text, at, &c);
    return c;
}

qs_str qs_token_text(const qs_scan *scan, const qs_token *token)
{
    return qs_str_slice(scan->text, token->start, token->core_end);
}

void qs_scan_free(qs_scan *scan)
{
    qs_free(scan->tokens);
    qs_free(scan->paragraphs);
    qs_free(scan->parts);
    qs_free(scan->entities);
    qs_map_free(&scan->surnames);
    qs_free(scan->surname_heads);
}

/* Lower case of text[start, end) with one kind of apostrophe; 0 if it does not fit. */
static size_t make_key(qs_str text, size_t start, size_t end, char *key)
{
    size_t length = 0;
    while (start < end) {
        uint32_t c = 0;
        start += qs_utf8_decode(text, start, &c);
        c = is_apostrophe(c) ? '\'' : is_hyphen(c) ? '-' : qs_char_lower(c);
        if (length + 4 > KEY_MAX || c == QS_REPLACEMENT)
            return 0;
        length += qs_utf8_encode(c, key + length);
    }
    return length;
}

/* "dit-elle", "a-t-il": the verb and its subject are two words. */
static bool splits_at_hyphen(const qs_scan *scan, size_t at, size_t limit)
{
    static const char *const pronouns[] = {"elle", "elles", "il", "ils", "on", "t", "je", "nous"};
    if (strcmp(scan->lexicon->language, "fr") != 0)
        return false;
    const qs_str rest = qs_str_slice(scan->text, at, limit);
    for (size_t i = 0; i < sizeof pronouns / sizeof *pronouns; i++) {
        const size_t length = strlen(pronouns[i]);
        uint32_t next = 0;
        if (rest.len > length)
            qs_utf8_decode(rest, length, &next);
        if (rest.len >= length && memcmp(rest.ptr, pronouns[i], length) == 0 && !qs_char_is_word(next))
            return true;
    }
    return false;
}

/* One past the word that starts at `at`: letters, digits, apostrophes and hyphens between them, stops between
 * digits and after single letters. */
static size_t word_end(const qs_scan *scan, size_t at, size_t limit)
{
    const qs_str text = scan->text;
    size_t letters = 0; /* since the last stop */
    bool dotted = true; /* only single letters with stops so far */
    uint32_t before = 0;
    while (at < limit) {
        uint32_t c = 0;
        uint32_t next = 0;
        const size_t length = qs_utf8_decode(text, at, &c);
        if (at + length < limit)
            qs_utf8_decode(text, at + length, &next);
        if (qs_char_is_word(c)) {
            letters++;
        } else if (c == '.' && letters == 1 && dotted && qs_char_is_upper(before)) {
            letters = 0;
        } else if (!((is_apostrophe(c) || is_hyphen(c) ||
                      ((c == '.' || c == ',') && before >= '0' && before <= '9' && next >= '0' && next <= '9')) &&
                     qs_char_is_word(next) && letters > 0)) {
            break;
        } else if (c == '-' && splits_at_hyphen(scan, at + 1, limit)) {
            break;
        } else {
            dotted = dotted && is_hyphen(c) && letters == 1; /* "R-S.C." */
            letters = 0;
        }
        before = c;
        at += length;
    }
    return at;
}

/* Where the word's possessive ending starts, or its end. */
static uint32_t core_end_of(qs_str text, uint32_t start, uint32_t end, bool *contraction)
{
    uint32_t c = 0;
    for (uint32_t back = 2; back <= 4 && start + back < end; back++) {
        const uint32_t at = end - back;
        if (((unsigned char)text.ptr[at] & 0xc0) == 0x80)
            continue;
        const size_t length = qs_utf8_decode(text, at, &c);
        if (!is_apostrophe(c))
            continue;
        if (at + length + 1 == end && (text.ptr[end - 1] | 0x20) == 's')
            return at;
        *contraction = true;
        return end;
    }
    return end;
}

static bool that_follows(qs_str text, size_t at)
{
    return text.len > at + 6 && memcmp(text.ptr + at, " that ", 6) == 0;
}

static void finish_word(qs_scan *scan, qs_token *token)
{
    char key[KEY_MAX + 4];
    token->core_end = core_end_of(scan->text, token->start, token->end, &token->contraction);
    size_t letters = 0;
    bool all_upper = true;
    for (size_t at = token->start; at < token->core_end;) {
        uint32_t c = 0;
        at += qs_utf8_decode(scan->text, at, &c);
        letters += qs_char_is_word(c);
        all_upper = all_upper && !qs_char_is_lower(c);
    }
    token->upper = qs_char_is_upper(token->code_point);
    token->all_upper = letters > 1 && all_upper;
    token->dot = token->end > token->start && scan->text.ptr[token->end - 1] == '.';
    if (scan->lexicon == NULL)
        return;
    size_t length = make_key(scan->text, token->start, token->core_end, key);
    if (length > 0) {
        const qs_word_entry *entry = qs_lexicon_find(scan->lexicon, qs_str_make(key, length));
        token->kinds = entry != NULL ? entry->kinds : 0;
        if (entry != NULL && !token->contraction && token->core_end == token->end)
            token->cue = entry->cue;
        if (token->cue != NULL && (token->cue->flags & QS_CUE_I) != 0 && !that_follows(scan->text, token->end))
            token->cue = NULL;
    }
    /* an abbreviation takes its stop with it, if a word goes on after it */
    if (!token->dot && (token->kinds & QS_WORD_ABBREV) != 0 && token->end < scan->text.len &&
        scan->text.ptr[token->end] == '.' && (token->upper || token->kinds == QS_WORD_ABBREV)) {
        const uint32_t next = qs_scan_after(scan, token->end + 1u);
        if (next == ' ' || next == ',' || next == 0xa0) {
            token->end++;
            token->core_end = token->end;
            token->dot = true;
            token->cue = NULL;
        }
    }
}

static size_t mark_length(qs_str text, size_t at, uint32_t c, size_t length, bool space)
{
    /* `` and '' stand for a double mark; of three that close, the first is a single mark inside */
    if (c == '\'' && !space && at + 2 < text.len && text.ptr[at + 1] == '\'' && text.ptr[at + 2] == '\'' &&
        !(at + 3 < text.len && text.ptr[at + 3] == '\''))
        return length;
    if ((c == '`' || c == '\'') && at + 1 < text.len && (uint32_t)text.ptr[at + 1] == c)
        return 2;
    return length;
}

static qs_status add_token(qs_scan *scan, const qs_token *token, qs_error *err)
{
    if (scan->token_count >= scan->token_capacity) {
        const qs_status status =
            qs_grow(&scan->tokens, &scan->token_capacity, scan->token_count + 1, sizeof(qs_token), err);
        if (status != QS_OK)
            return status;
    }
    scan->tokens[scan->token_count++] = *token;
    return QS_OK;
}

static qs_status lex_paragraph(qs_scan *scan, size_t start, size_t end, qs_error *err)
{
    bool space = true;
    qs_status status = QS_OK;
    for (size_t at = start; at < end && status == QS_OK;) {
        uint32_t c = 0;
        size_t length = qs_utf8_decode(scan->text, at, &c);
        const qs_char_class class = qs_char_class_of(c);
        if (c == '-' && !space && splits_at_hyphen(scan, at + 1, end)) {
            at++;
            continue;
        }
        if (class == QS_CHAR_SPACE || c == 0x200b || c == 0xfeff || c == 0xad) {
            space = space || class == QS_CHAR_SPACE;
            at += length;
            continue;
        }
        qs_token token = {0};
        token.start = (uint32_t)at;
        token.code_point = c;
        token.space_before = space;
        token.family = (uint8_t)family_of(c);
        if (qs_char_is_word(c)) {
            token.end = (uint32_t)word_end(scan, at, end);
            token.type = class == QS_CHAR_NUMBER ? QS_TOKEN_NUMBER : QS_TOKEN_WORD;
            finish_word(scan, &token);
            if (token.end > end)
                token.end = token.core_end = (uint32_t)end;
        } else {
            if (token.family == QS_FAMILY_SINGLE) {
                length = mark_length(scan->text, at, c, length, space);
                token.family = length == 2 && c < 0x80 ? QS_FAMILY_DOUBLE : QS_FAMILY_SINGLE;
            }
            token.type = token.family != QS_FAMILY_NONE ? QS_TOKEN_MARK : QS_TOKEN_PUNCT;
            token.end = token.core_end = (uint32_t)(at + length);
        }
        at = token.end;
        space = false;
        status = add_token(scan, &token, err);
    }
    return status;
}

/* The language whose function words are the most among the first words; English if none is. */
static const qs_lexicon *guess_language(const qs_scan *scan)
{
    enum { LOOK = 240, LANGUAGES_MAX = 32 };
    size_t hits[LANGUAGES_MAX] = {0};
    size_t best = 0;
    char key[KEY_MAX + 4];
    assert(qs_lexicon_count <= LANGUAGES_MAX);
    for (size_t i = 0; i < scan->token_count && i < LOOK; i++) {
        const qs_token *token = &scan->tokens[i];
        const size_t length =
            token->type == QS_TOKEN_WORD ? make_key(scan->text, token->start, token->core_end, key) : 0;
        for (size_t k = 0; k < qs_lexicon_count && length > 0; k++) {
            const qs_word_entry *entry = qs_lexicon_find(&qs_lexicons[k], qs_str_make(key, length));
            if (entry != NULL)
                hits[k] += ((entry->kinds & QS_WORD_FUNCTION) != 0 ? 2u : 0u) + (entry->cue != NULL);
        }
    }
    for (size_t k = 1; k < qs_lexicon_count; k++)
        if (hits[k] > hits[best])
            best = k;
    return &qs_lexicons[best];
}

/* "May said", "Mark Will": a name though the word is a modal or a month as well. */
static void settle_names(qs_scan *scan)
{
    const uint32_t given = QS_WORD_GIVEN_M | QS_WORD_GIVEN_F | QS_WORD_HONORIFIC | QS_WORD_TITLE;
    for (size_t i = 0; i < scan->token_count; i++) {
        qs_token *token = &scan->tokens[i];
        if (token->type != QS_TOKEN_WORD || !token->upper || (token->kinds & QS_WORD_MODAL) == 0)
            continue;
        const qs_token *next = i + 1 < scan->token_count ? token + 1 : NULL;
        const bool speaks = next != NULL && next->cue != NULL && !next->upper && strcmp(next->cue->form, next->cue->lemma) != 0;
        const bool named = i > 0 && token[-1].upper && (token[-1].kinds & given) != 0;
        if (speaks || named || token->core_end < token->end)
            token->kinds = 0;
    }
}

static qs_status lex_all(qs_scan *scan, qs_error *err)
{
    qs_status status = QS_OK;
    scan->token_count = 0;
    for (size_t i = 0; i < scan->paragraph_count && status == QS_OK; i++) {
        const qs_paragraph p = qs_article_paragraph(scan->article, i);
        scan->paragraphs[i].first = scan->token_count;
        if (p.zone != QS_ZONE_OTHER)
            status = lex_paragraph(scan, p.start, p.end, err);
        scan->paragraphs[i].last = scan->token_count;
    }
    settle_names(scan);
    return status;
}

qs_status qs_scan_lex(qs_scan *scan, qs_error *err)
{
    scan->text = qs_article_text(scan->article);
    scan->paragraph_count = qs_article_paragraph_count(scan->article);
    scan->paragraphs = qs_alloc_zero(scan->paragraph_count, sizeof *scan->paragraphs);
    if (scan->paragraphs == NULL)
        return qs_fail(err, QS_ENOMEM, "paragraph table");
    if (scan->options->language != NULL) {
        scan->lexicon = qs_lexicon_of(scan->options->language);
        if (scan->lexicon == NULL)
            return qs_fail(err, QS_EUSAGE, "language %.20s, there are word lists for en, de, fr, es, ru, uk, it, pl, sv, da",
                           scan->options->language);
        return lex_all(scan, err);
    }
    scan->lexicon = &qs_lexicons[0];
    const qs_status status = lex_all(scan, err);
    if (status != QS_OK)
        return status;
    const qs_lexicon *found = guess_language(scan);
    if (found == scan->lexicon)
        return QS_OK;
    scan->lexicon = found;
    return lex_all(scan, err);
}
