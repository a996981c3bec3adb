/* The text of a page as blocks: words, the spaces between them, and where each stood. SPDX-License-Identifier: MIT */
#include "article/html_parts.h"

#define FULL_BUFFER 990 /* libxml2 hands out longer text in pieces of about 1,000 bytes */

void qs_html_text_end_block(qs_html_text *t)
{
    if (t->open) {
        qs_html_block *block = &t->out->items[t->out->count - 1];
        block->text_end = t->out->text.len;
        block->piece_end = t->out->piece_count;
    }
    t->open = false;
    t->space = false;
    t->breaks = 0;
}

static qs_html_block *current_block(qs_html_text *t)
{
    qs_html_blocks *out = t->out;
    if (t->open)
        return &out->items[out->count - 1];
    const qs_status status = qs_grow(&out->items, &out->capacity, out->count + 1, sizeof *out->items, t->err);
    if (status != QS_OK) {
        t->status = status;
        return NULL;
    }
    out->items[out->count] = (qs_html_block){.text_start = out->text.len,
                                             .text_end = out->text.len,
                                             .first_piece = out->piece_count,
                                             .piece_end = out->piece_count,
                                             .flags = t->flags & ~(unsigned)QS_HTML_LINK};
    t->open = true;
    return &out->items[out->count++];
}

static void add_piece(qs_html_text *t, qs_str text, size_t start, size_t length)
{
    qs_html_blocks *out = t->out;
    qs_html_block *block = current_block(t);
    if (block == NULL)
        return;
    const qs_status status =
        qs_grow(&out->pieces, &out->piece_capacity, out->piece_count + 1, sizeof *out->pieces, t->err);
    if (status != QS_OK) {
        t->status = status;
        return;
    }
    out->pieces[out->piece_count++] = (qs_html_piece){out->text.len, text.len, start, length};
    qs_buf_add_str(&out->text, text);
    if ((t->flags & QS_HTML_LINK) != 0)
        block->link_bytes += text.len;
    block->flags |= t->flags & (QS_HTML_BYLINE | QS_HTML_DATE | QS_HTML_CAPTION | QS_HTML_DECK);
}

/* Adds a word, and before it the one space that any white space becomes. */
static void add_word(qs_html_text *t, qs_str word, size_t start, size_t length)
{
    if (t->open && t->space)
        add_piece(t, qs_str_of(" "), t->space_start, t->space_end - t->space_start);
    const bool starts = !t->open || t->space;
    t->space = false;
    t->breaks = 0;
    qs_html_block *block = current_block(t);
    if (block == NULL)
        return;
    block->words += starts;
    add_piece(t, word, start, length);
}

static void note_space(qs_html_text *t, size_t start, size_t end)
{
    if (!t->space)
        t->space_start = start;
    t->space = true;
    t->space_end = end;
}

/* Text that stands in the page as it is. */
static void add_verbatim(qs_html_text *t, size_t start, size_t end)
{
    const char *page = t->page.ptr;
    for (size_t at = start; at < end && t->status == QS_OK;) {
        size_t to = at;
        const bool space = qs_html_is_space(page[at]);
        while (to < end && qs_html_is_space(page[to]) == space)
            to++;
        if (space)
            note_space(t, at, to);
        else
            add_word(t, qs_str_make(page + at, to - at), at, to - at);
        at = to;
    }
}

static bool is_dropped(char c)
{
    return (unsigned char)c < 0x20 && !qs_html_is_space(c);
}

/* libxml2 hands out text without saying where it stood, but stands right behind it, or one character before its
 * end when it empties a full buffer. It leaves out control characters. True if the text is found there. */
static bool locate(const qs_html_text *t, const char *text, size_t length, size_t here, size_t *start, size_t *end)
{
    for (size_t beyond = 0; beyond <= (length >= FULL_BUFFER ? 4 : 0); beyond++) {
        size_t at = here + beyond;
        size_t left = length;
        if (at > t->page.len)
            break;
        *end = at;
        while (left > 0 && at > t->last) {
            const char c = t->page.ptr[at - 1];
            if (c == text[left - 1])
                left--;
            else if (!is_dropped(c))
                break;
            at--;
        }
        *start = at;
        if (left == 0)
            return true;
    }
    return false;
}

/* Text between `start` and `end` of the page, without control characters. */
static void add_found(qs_html_text *t, size_t start, size_t end)
{
    while (start < end) {
        size_t to = start;
        while (to < end && !is_dropped(t->page.ptr[to]))
            to++;
        add_verbatim(t, start, to);
        start = to + 1;
    }
}

/* An entity: from its ampersand to where the parser stands. */
static void add_entity(qs_html_text *t, qs_str text, size_t here)
{
    here = here > t->last ? here : t->last;
    size_t start = here;
    while (start > t->last && t->page.ptr[start - 1] != '&')
        start--;
    if (start > t->last)
        start--;
    t->last = here;
    if (text.len == 1 && qs_html_is_space(text.ptr[0]))
        note_space(t, start, here);
    else
        add_word(t, text, start, here - start);
}


void qs_html_text_add(qs_html_text *t, qs_str text, size_t here)
{
    size_t start = 0, end = 0;
    const bool counts = (t->flags & QS_HTML_SKIP) == 0;
    if (locate(t, text.ptr, text.len, here, &start, &end)) {
        if (counts)
            add_found(t, start, end);
        t->last = end;
    } else if (counts) {
        add_entity(t, text, here);
    }
}

void qs_html_text_add_mark(qs_html_text *t, const char *mark, size_t here)
{
    size_t start = here;
    while (start > t->last && t->page.ptr[start - 1] != '<')
        start--;
    start -= start > t->last;
    if (here > start && (t->flags & QS_HTML_SKIP) == 0) {
        add_word(t, qs_str_of(mark), start, here - start);
        t->last = here;
    }
}

void qs_html_text_add_break(qs_html_text *t)
{
    if (++t->breaks >= 2)
        qs_html_text_end_block(t);
    else if (t->open)
        note_space(t, t->last, t->last);
}
