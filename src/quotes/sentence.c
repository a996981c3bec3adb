/* A paragraph as sentences of items. SPDX-License-Identifier: MIT */
#include "quotes/clause.h"
#include "text/utf8.h"

/* The longest sentence in items; what is longer is cut, so that all work stays linear. */
enum { SENTENCE_MAX = 256 };

void qs_clause_free(qs_clause *clause)
{
    qs_free(clause->items);
    qs_free(clause->sentences);
    qs_free(clause->reports);
}

bool qs_item_word_is(const qs_clause *c, size_t i, const char *word)
{
    if (!qs_item_is_word(c, i))
        return false;
    const qs_token *token = qs_item_token(c, i);
    const char *text = c->scan->text.ptr + token->start;
    const size_t length = token->core_end - token->start;
    for (size_t k = 0; k < length; k++) {
        const char letter = text[k] >= 'A' && text[k] <= 'Z' ? (char)(text[k] + 32) : text[k];
        if (letter != word[k]) /* no letter is NUL: the end of `word` too */
            return false;
    }
    return word[length] == '\0';
}

bool qs_item_word_in(const qs_clause *c, size_t i, const char *const *words, size_t count)
{
    for (size_t k = 0; k < count; k++)
        if (qs_item_word_is(c, i, words[k]))
            return true;
    return false;
}

bool qs_item_ends(const qs_clause *c, size_t i, const char *ending)
{
    const qs_str word = qs_item_is_word(c, i) ? qs_token_text(c->scan, qs_item_token(c, i)) : qs_str_make(NULL, 0);
    const size_t length = strlen(ending);
    return word.len > length + 2 && memcmp(word.ptr + word.len - length, ending, length) == 0;
}

size_t qs_item_start(const qs_clause *c, size_t i)
{
    return qs_item_is_part(c, i) ? c->scan->parts[c->items[i].part].start : qs_item_token(c, i)->start;
}

size_t qs_item_end(const qs_clause *c, size_t i)
{
    return qs_item_is_part(c, i) ? c->scan->parts[c->items[i].part].end : qs_item_token(c, i)->end;
}

uint32_t qs_part_last_char(const qs_scan *scan, const qs_part *part)
{
    size_t at = part->inner_end;
    uint32_t c = 0;
    while (at > part->inner_start) {
        c = qs_utf8_before(scan->text, at, &at);
        if (qs_char_class_of(c) != QS_CHAR_SPACE && c != '\'' && c != 0x2019 && c != '"' && c != 0x201d)
            break;
    }
    return c;
}

static bool is_stop(uint32_t c)
{
    return c == '.' || c == '!' || c == '?' || c == 0x2026 || c == 0x3002 || c == 0xff01 || c == 0xff1f;
}

/* True if items from `at` on read like "Lavrov added" or "asked the mayor": a cue within a few words.
 * `whole`: and nothing after it. */
static bool attribution_follows(const qs_clause *c, size_t at, bool whole)
{
    size_t window = 8;
    for (size_t i = at; i < c->item_count && i < at + window; i++) {
        if (qs_item_is_part(c, i))
            return false;
        if (qs_item_is(c, i, ',') && i > at && i < at + 6) /* "Rao, a retired worker from the old plant, said" */
            window = 24;
        const qs_token *token = qs_item_token(c, i);
        if (token->type == QS_TOKEN_PUNCT && token->code_point != ',' && token->code_point != '(' &&
            token->code_point != ')')
            return false;
        if (token->cue != NULL && !token->upper) {
            if (i + 1 >= c->item_count)
                return true;
            const qs_token *next = qs_item_token(c, i + 1);
            if (qs_item_is_part(c, i + 1))
                return false;
            if (whole)
                return next->type == QS_TOKEN_PUNCT && next->code_point == '.';
            /* "Go!" Lavrov said he would: a new sentence with its own content */
            return !(i > at && (next->kinds & (QS_WORD_THAT | QS_WORD_HE | QS_WORD_SHE | QS_WORD_THEY)) != 0);
        }
    }
    return false;
}

/* An abbreviation's stop ends the sentence too if the next word can only start one. */
static bool abbreviation_ends(const qs_clause *c, size_t i)
{
    const qs_token *token = qs_item_token(c, i);
    if (!token->dot || (token->kinds & (QS_WORD_HONORIFIC | QS_WORD_TITLE)) != 0 || !qs_item_is_word(c, i + 1))
        return false;
    const qs_token *next = qs_item_token(c, i + 1);
    return next->upper && (next->kinds & (QS_WORD_DET | QS_WORD_HE | QS_WORD_SHE | QS_WORD_THEY | QS_WORD_IT |
                                          QS_WORD_CONJ | QS_WORD_SUBORD | QS_WORD_PREP | QS_WORD_FIRST)) != 0 &&
           next->end - next->start > 1;
}

static bool starts_sentence(const qs_clause *c, size_t i)
{
    if (qs_item_is_part(c, i))
        return true;
    const qs_token *token = qs_item_token(c, i);
    return token->type == QS_TOKEN_MARK || token->type == QS_TOKEN_NUMBER ||
           (token->type == QS_TOKEN_WORD && !qs_char_is_lower(token->code_point)) ||
           (token->type == QS_TOKEN_PUNCT && token->code_point != ',' && token->code_point != ';');
}

/* A sentence ends after item i (i + 1 exists). */
static bool ends_after(const qs_clause *c, size_t i)
{
    const bool space = qs_item_is_part(c, i + 1) ? c->scan->tokens[c->items[i + 1].token].space_before
                                                 : qs_item_token(c, i + 1)->space_before;
    if (qs_item_is_part(c, i)) {
        const qs_part *part = &c->scan->parts[c->items[i].part];
        const uint32_t last = qs_part_last_char(c->scan, part);
        if (!is_stop(last) || !starts_sentence(c, i + 1) || qs_item_is_dash(c, i + 1) ||
            qs_item_is(c, i + 1, '.') || qs_item_is(c, i + 1, ')'))
            return false;
        if (qs_item_is_part(c, i + 1))
            return true;
        return !attribution_follows(c, i + 1, last == '.');
    }
    const qs_token *token = qs_item_token(c, i);
    if (token->type == QS_TOKEN_WORD)
        return abbreviation_ends(c, i);
    if (token->type != QS_TOKEN_PUNCT)
        return false;
    if (token->code_point == 0x3002 || token->code_point == 0xff01 || token->code_point == 0xff1f)
        return true;
    if (token->code_point == ')' || token->code_point == ']')
        return i > 0 && !qs_item_is_part(c, i - 1) && is_stop(qs_item_token(c, i - 1)->code_point) && space &&
               qs_item_token(c, i - 1)->type == QS_TOKEN_PUNCT && starts_sentence(c, i + 1);
    return is_stop(token->code_point) && (space || qs_item_is_part(c, i + 1)) && starts_sentence(c, i + 1) &&
           !qs_item_is_dash(c, i + 1);
}

static qs_status add_sentence(qs_clause *c, size_t first, size_t last, qs_error *err)
{
    const qs_status status =
        qs_grow(&c->sentences, &c->sentence_capacity, c->sentence_count + 1, sizeof(qs_sentence), err);
    if (status == QS_OK)
        c->sentences[c->sentence_count++] = (qs_sentence){first, last};
    return status;
}

/* William "Billy" Holt: marks between two parts of a name. */
static bool is_nickname(const qs_scan *scan, const qs_part *part, qs_paragraph_tokens range)
{
    if (part->words > 2 || !part->closed || part->first_token <= range.first || part->last_token >= range.last)
        return false;
    const qs_token *before = &scan->tokens[part->first_token - 1];
    const qs_token *after = &scan->tokens[part->last_token];
    return before->type == QS_TOKEN_WORD && after->type == QS_TOKEN_WORD && before->upper && after->upper &&
           before->core_end == before->end && scan->tokens[part->first_token + 1].upper &&
           (before->kinds & (QS_WORD_DET | QS_WORD_PREP | QS_WORD_HE | QS_WORD_SHE | QS_WORD_CONJ)) == 0 &&
           before->cue == NULL && after->cue == NULL;
}

qs_status qs_clause_load(qs_clause *c, size_t paragraph, qs_error *err)
{
    const qs_scan *scan = c->scan;
    const qs_paragraph_tokens range = scan->paragraphs[paragraph];
    qs_status status = qs_grow(&c->items, &c->item_capacity, range.last - range.first + 1, sizeof(qs_item), err);
    if (status != QS_OK)
        return status;
    c->paragraph = paragraph;
    c->item_count = c->sentence_count = 0;
    for (size_t i = range.first; i < range.last;) {
        while (c->next_part < scan->part_count &&
               (scan->parts[c->next_part].first_token < i || scan->parts[c->next_part].parent != QS_NONE))
            c->next_part++;
        const bool part_here = c->next_part < scan->part_count && scan->parts[c->next_part].first_token == i;
        if (part_here && is_nickname(scan, &scan->parts[c->next_part], range)) {
            for (size_t k = i + 1; k + 1 < scan->parts[c->next_part].last_token; k++) /* the words, not the marks */
                c->items[c->item_count++] = (qs_item){k, QS_NONE};
            i = scan->parts[c->next_part].last_token;
        } else if (part_here) {
            c->items[c->item_count++] = (qs_item){i, c->next_part};
            i = scan->parts[c->next_part].last_token;
        } else {
            c->items[c->item_count++] = (qs_item){i, QS_NONE};
            i++;
        }
    }
    size_t first = 0;
    for (size_t i = 0; i < c->item_count && status == QS_OK; i++)
        if (i + 1 == c->item_count || i + 1 - first >= SENTENCE_MAX || ends_after(c, i)) {
            status = add_sentence(c, first, i + 1, err);
            first = i + 1;
        }
    return status;
}
