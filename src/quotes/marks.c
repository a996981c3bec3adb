/* Pairing of quotation marks, one paragraph at a time. SPDX-License-Identifier: MIT */
#include "quotes/scan.h"

#include <stdlib.h>

#include "text/utf8.h"

/* Marks nest this deep. A text has at most PARTS_MAX marked parts and one more for each BYTES_A_PART bytes: no prose has
 * that many, and hostile text must not cost more than it is long. */
enum { DEPTH_MAX = 4, PARTS_MAX = 4096, BYTES_A_PART = 64 };

/* Which way a mark can face, told from its neighbours and its shape. */
typedef enum facing { OPENS, CLOSES, EITHER } facing;

typedef struct open_mark {
    size_t token;
    uint8_t family;
    uint32_t code_point;
} open_mark;

typedef struct pairing {
    qs_scan *scan;
    size_t paragraph;
    open_mark stack[DEPTH_MAX];
    size_t depth;
    size_t *closers; /* directed closing marks of the double families from token i on, by index in paragraph */
} pairing;

static bool is_opening_punctuation(uint32_t c)
{
    return c == '(' || c == '[' || c == '{' || c == 0xbf || c == 0xa1 || c == '$' || c == 0x20ac || c == 0xa3 ||
           c == 0x2026 || c == '#' || c == '@' || c == '&' || c == '<' || c == '*';
}

static bool is_dash(uint32_t c)
{
    return c == '-' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212;
}

static bool is_mark_character(uint32_t c)
{
    return c == '"' || c == '\'' || (c >= 0x2018 && c <= 0x201f) || c == 0xab || c == 0xbb || c == '`';
}

static bool is_space(uint32_t c)
{
    const bool invisible = (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
    return c == 0 || invisible || (c != QS_REPLACEMENT && qs_char_class_of(c) == QS_CHAR_SPACE);
}

static bool looks_opening(uint32_t before, uint32_t after)
{
    const bool before_fits = is_space(before) || is_dash(before) || before == '(' || before == '[' ||
                             before == '/' || before == ':' || before == 0x2026 || before == 0x200b ||
                             is_mark_character(before);
    const bool after_fits = qs_char_is_word(after) || is_opening_punctuation(after) || is_mark_character(after) ||
                            is_dash(after) || after == '.';
    return before_fits && after_fits;
}

static bool looks_closing(uint32_t before, uint32_t after)
{
    return !is_space(before) && before != '(' && before != '[' && !qs_char_is_word(after);
}

static facing facing_of(const pairing *p, const qs_token *token)
{
    const uint32_t before = qs_scan_before(p->scan, token->start);
    const uint32_t after = qs_scan_after(p->scan, token->end);
    const bool opening = looks_opening(before, after);
    const bool closing = looks_closing(before, after);
    switch (token->code_point) {
    case 0x201e: /* „ */
    case 0x300c:
    case 0x300e:
    case 0x301d:
        return OPENS;
    case 0x300d:
    case 0x300f:
    case 0x301e:
        return CLOSES;
    case 0x201c: /* “ opens, unless it can only close */
    case 0x201f:
    case '`':
        return !opening && closing && !is_dash(after) ? CLOSES : OPENS;
    case 0x201d: /* ” closes, unless it can only open */
        return opening && !closing && is_space(before) && !is_mark_character(after) ? OPENS : CLOSES;
    default:
        return opening == closing ? EITHER : opening ? OPENS : CLOSES;
    }
}

/* Words in [start, end): runs of letters and digits. */
static uint32_t count_words(const qs_scan *scan, size_t first, size_t last)
{
    uint32_t words = 0;
    for (size_t i = first; i < last; i++)
        words += scan->tokens[i].type == QS_TOKEN_WORD || scan->tokens[i].type == QS_TOKEN_NUMBER;
    return words;
}

qs_status qs_scan_add_part(qs_scan *scan, size_t paragraph, size_t open, size_t close, size_t end, qs_error *err)
{
    const qs_token *first = &scan->tokens[open];
    qs_part part = {0};
    part.start = first->start;
    part.inner_start = first->end;
    part.family = first->family;
    part.first_token = (uint32_t)open;
    part.paragraph = (uint32_t)paragraph;
    part.parent = part.continues = QS_NONE;
    part.opened = true;
    if (close != QS_NONE) {
        part.closed = true;
        part.end = scan->tokens[close].end;
        part.inner_end = scan->tokens[close].start;
        part.last_token = (uint32_t)close + 1;
    } else {
        part.end = part.inner_end = (uint32_t)end;
        size_t last = open + 1;
        while (last < scan->paragraphs[paragraph].last && scan->tokens[last].end <= end)
            last++;
        part.last_token = (uint32_t)last;
    }
    part.words = count_words(scan, open, part.last_token);
    if (part.words == 0 || scan->part_count >= PARTS_MAX + scan->text.len / BYTES_A_PART)
        return QS_OK;
    const qs_status status =
        qs_grow(&scan->parts, &scan->part_capacity, scan->part_count + 1, sizeof(qs_part), err);
    if (status == QS_OK)
        scan->parts[scan->part_count++] = part;
    return status;
}

/* Index in the stack of the innermost open mark of a family, or DEPTH_MAX. */
static size_t find_open(const pairing *p, uint8_t family)
{
    for (size_t i = p->depth; i > 0; i--)
        if (p->stack[i - 1].family == family)
            return i - 1;
    return DEPTH_MAX;
}

/* The end of the last sentence of tokens (open, before), or of the last token. */
static size_t cut_before(const qs_scan *scan, size_t open, size_t before)
{
    size_t end = scan->tokens[before - 1].end;
    for (size_t i = before; i > open + 1; i--) {
        const qs_token *token = &scan->tokens[i - 1];
        if (qs_token_is(token, '.') || qs_token_is(token, '!') || qs_token_is(token, '?'))
            return token->end;
    }
    return end;
}

static void push(pairing *p, size_t index)
{
    if (p->depth < DEPTH_MAX) {
        const qs_token *token = &p->scan->tokens[index];
        p->stack[p->depth++] = (open_mark){index, token->family, token->code_point};
    }
}

/* An opening mark stands where one is open already: a quote in the quote, or the open one was never closed. */
static qs_status open_again(pairing *p, size_t index, size_t at, qs_error *err)
{
    const qs_token *token = &p->scan->tokens[index];
    const bool directed = token->code_point != '"' && token->code_point != 0xff02;
    const size_t base = p->scan->paragraphs[p->paragraph].first;
    const size_t open = p->stack[at].token;
    if (directed && p->depth < DEPTH_MAX && p->closers[index - base] >= 2 + (p->depth - 1 - at)) {
        push(p, index);
        return QS_OK;
    }
    p->depth = at;
    push(p, index);
    return qs_scan_add_part(p->scan, p->paragraph, open, QS_NONE, cut_before(p->scan, open, index), err);
}

static facing turn(const pairing *p, const qs_token *token, facing way, size_t at)
{
    const uint32_t opened_by = at < DEPTH_MAX ? p->stack[at].code_point : 0;
    if (token->family == QS_FAMILY_GUILLEMET || token->family == QS_FAMILY_SINGLE_GUILLEMET) {
        const bool left = token->code_point == 0xab || token->code_point == 0x2039;
        if (at == DEPTH_MAX)
            return left || way == OPENS ? OPENS : CLOSES;
        const bool reversed = opened_by == 0xbb || opened_by == 0x203a;
        return left == reversed ? CLOSES : OPENS;
    }
    if (opened_by == 0x201e && (token->code_point == 0x201c || token->code_point == 0x201d))
        return CLOSES;
    if (way == EITHER)
        return at < DEPTH_MAX ? CLOSES : OPENS;
    return way;
}

static bool is_measure(const pairing *p, const qs_token *token)
{
    /* 2" pipe: an ASCII mark after a digit with nothing open */
    const uint32_t before = qs_scan_before(p->scan, token->start);
    return token->code_point == '"' && before >= '0' && before <= '9';
}

static qs_status add_lost(pairing *p, size_t start, size_t index, qs_error *err)
{
    qs_scan *scan = p->scan;
    const size_t count = scan->part_count;
    const qs_status status = qs_scan_add_part(scan, p->paragraph, start, index, 0, err);
    if (status == QS_OK && scan->part_count > count) {
        scan->parts[count].opened = false;
        scan->parts[count].inner_start = scan->parts[count].start;
        scan->parts[count].family = scan->tokens[index].family;
    }
    return status;
}

static qs_status take_mark(pairing *p, size_t index, qs_error *err)
{
    const qs_token *token = &p->scan->tokens[index];
    const size_t at = find_open(p, token->family);
    const facing way = turn(p, token, facing_of(p, token), at);
    if (qs_mark_is_height(p->scan, p->paragraph, index))
        return QS_OK;
    if (at == DEPTH_MAX) {
        const size_t start = way == CLOSES && p->depth == 0 ? qs_mark_lost_start(p->scan, p->paragraph, index) : QS_NONE;
        if (start != QS_NONE)
            return add_lost(p, start, index, err);
        if (way == OPENS && !is_measure(p, token))
            push(p, index);
        return QS_OK;
    }
    if (way == OPENS)
        return open_again(p, index, at, err);
    const size_t open = p->stack[at].token;
    p->depth = at;
    return qs_scan_add_part(p->scan, p->paragraph, open, index, 0, err);
}

const qs_token *qs_scan_next_opener(const qs_scan *scan, size_t paragraph, bool *skipped)
{
    *skipped = false;
    for (size_t i = paragraph + 1; i < scan->paragraph_count; i++) {
        const qs_paragraph_tokens *next = &scan->paragraphs[i];
        const qs_paragraph info = qs_article_paragraph(scan->article, i);
        if (info.field != qs_article_paragraph(scan->article, paragraph).field)
            return NULL;
        if (info.zone == QS_ZONE_SUBHEADING && !*skipped &&
            !(next->last > next->first && scan->tokens[next->first].type == QS_TOKEN_MARK)) {
            *skipped = true;
            continue;
        }
        if (next->first == next->last)
            return NULL;
        const qs_token *token = &scan->tokens[next->first];
        return token->type == QS_TOKEN_MARK ? token : NULL;
    }
    return NULL;
}

/* What is still open at the paragraph's end goes on in the next one or was never closed. */
static qs_status end_paragraph(pairing *p, qs_error *err)
{
    qs_scan *scan = p->scan;
    const size_t last = scan->paragraphs[p->paragraph].last;
    qs_status status = QS_OK;
    for (size_t i = 0; i < p->depth && status == QS_OK; i++) {
        const open_mark *open = &p->stack[i];
        const size_t count = scan->part_count;
        bool skipped = false;
        const qs_token *next = qs_scan_next_opener(scan, p->paragraph, &skipped);
        const bool goes_on = next != NULL && next->family == open->family && i == 0;
        size_t end = scan->tokens[last - 1].end;
        if (!goes_on)
            end = qs_mark_cut_attribution(scan, open->token, last, end);
        status = qs_scan_add_part(scan, p->paragraph, open->token, QS_NONE, end, err);
        if (status == QS_OK && scan->part_count > count) {
            qs_part *part = &scan->parts[count];
            part->continued = goes_on;
            part->weak_link = skipped;
            part->missing_close = !goes_on;
        }
    }
    p->depth = 0;
    return status;
}

static bool pairs_here(const qs_token *token)
{
    return token->type == QS_TOKEN_MARK && token->family != QS_FAMILY_SINGLE;
}

static qs_status pair_paragraph(pairing *p, qs_error *err)
{
    const qs_scan *scan = p->scan;
    const qs_paragraph_tokens range = scan->paragraphs[p->paragraph];
    qs_status status = QS_OK;
    size_t closing = 0;
    for (size_t i = range.last; i > range.first; i--) {
        closing += pairs_here(&scan->tokens[i - 1]) && scan->tokens[i - 1].family == QS_FAMILY_DOUBLE &&
                   facing_of(p, &scan->tokens[i - 1]) != OPENS;
        p->closers[i - 1 - range.first] = closing;
    }
    for (size_t i = range.first; i < range.last && status == QS_OK; i++)
        if (pairs_here(&scan->tokens[i]))
            status = take_mark(p, i, err);
    return status == QS_OK ? end_paragraph(p, err) : status;
}

/* Insertion keeps order for the few parts of a paragraph that came out of order; parts arrive by their end. */
static int by_start(const void *a, const void *b)
{
    const qs_part *x = a;
    const qs_part *y = b;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return (x->end < y->end) - (x->end > y->end);
}

/* Sorts the parts, finds what each is nested in and links those that go on over a paragraph break. */
static void link_parts(qs_scan *scan)
{
    size_t stack[64];
    size_t depth = 0;
    size_t going_on = QS_NONE;
    if (scan->part_count > 1)
        qsort(scan->parts, scan->part_count, sizeof *scan->parts, by_start);
    for (size_t i = 0; i < scan->part_count; i++) {
        qs_part *part = &scan->parts[i];
        while (depth > 0 && scan->parts[stack[depth - 1]].end < part->end)
            depth--;
        part->parent = depth > 0 ? stack[depth - 1] : QS_NONE;
        if (depth < 64)
            stack[depth++] = i;
        if (part->parent != QS_NONE)
            continue;
        if (going_on != QS_NONE && scan->parts[going_on].paragraph < part->paragraph) {
            const qs_paragraph p = qs_article_paragraph(scan->article, part->paragraph);
            if (scan->parts[going_on].family == part->family && part->start == p.start)
                part->continues = going_on;
            going_on = QS_NONE;
        }
        if (part->continued)
            going_on = i;
    }
}

qs_status qs_scan_marks(qs_scan *scan, qs_error *err)
{
    pairing p = {.scan = scan};
    size_t longest = 0;
    for (size_t i = 0; i < scan->paragraph_count; i++)
        if (scan->paragraphs[i].last - scan->paragraphs[i].first > longest)
            longest = scan->paragraphs[i].last - scan->paragraphs[i].first;
    p.closers = qs_alloc(longest + 1, sizeof *p.closers);
    if (p.closers == NULL)
        return qs_fail(err, QS_ENOMEM, "mark table");
    qs_status status = QS_OK;
    for (size_t i = 0; i < scan->paragraph_count && status == QS_OK; i++) {
        p.paragraph = i;
        if (scan->paragraphs[i].last > scan->paragraphs[i].first)
            status = pair_paragraph(&p, err);
    }
    qs_free(p.closers);
    if (status == QS_OK)
        status = qs_scan_singles(scan, err);
    if (status == QS_OK)
        link_parts(scan);
    return status;
}
