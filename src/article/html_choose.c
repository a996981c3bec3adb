/* Telling an article from what stands around it, by link density, length and neighbours.
 * SPDX-License-Identifier: MIT */
#include <string.h>

#include "article/html_parts.h"

#define LINKS_MANY 33      /* per cent of a block's bytes in links above which it is no running text */
#define WORDS_LONG 15      /* words from which a block is running text whatever its element */
#define WORDS_PARAGRAPH 8  /* the same in a paragraph element */
#define WORDS_BYLINE 25
#define WORDS_DATE 15

static qs_str text_of(const qs_html_blocks *blocks, const qs_html_block *block)
{
    return qs_str_make(blocks->text.ptr + block->text_start, block->text_end - block->text_start);
}

static bool linked(const qs_html_block *block, size_t per_cent)
{
    return block->link_bytes * 100 > per_cent * (block->text_end - block->text_start);
}

static bool ends_sentence(qs_str text)
{
    static const char *const ends[] = {".", "!", "?", "\"", "\xe2\x80\x9d", "\xc2\xbb", "\xe2\x80\xa6", "\xe3\x80\x82"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        const size_t length = strlen(ends[i]);
        if (text.len >= length && memcmp(text.ptr + text.len - length, ends[i], length) == 0)
            return true;
    }
    return false;
}

/* Date, byline and caption are told by element or class, but only if they are as short as such lines are. */
static bool marked_zone(const qs_html_block *block, qs_zone *zone)
{
    if ((block->flags & QS_HTML_CAPTION) != 0)
        *zone = QS_ZONE_CAPTION;
    else if ((block->flags & QS_HTML_BYLINE) != 0 && block->words <= WORDS_BYLINE)
        *zone = QS_ZONE_BYLINE;
    else if ((block->flags & QS_HTML_DATE) != 0 && block->words <= WORDS_DATE)
        *zone = QS_ZONE_DATELINE;
    else
        return false;
    return true;
}

static bool is_running_text(const qs_html_blocks *blocks, const qs_html_block *block)
{
    qs_zone zone = QS_ZONE_BODY;
    if ((block->flags & (QS_HTML_CLUTTER | QS_HTML_TITLE | QS_HTML_HEADING)) != 0 || linked(block, LINKS_MANY) ||
        marked_zone(block, &zone))
        return false;
    if (block->words >= WORDS_LONG ||
        (block->words >= WORDS_PARAGRAPH && block->link_bytes == 0 && ends_sentence(text_of(blocks, block))))
        return true;
    return (block->flags & QS_HTML_PARAGRAPH) != 0 &&
           (block->words >= WORDS_PARAGRAPH || (block->words >= 2 && ends_sentence(text_of(blocks, block))));
}

/* If an article element holds most of the running text, all outside it is clutter. */
static void keep_to_article(qs_html_blocks *blocks)
{
    size_t inside = 0, all = 0;
    for (size_t i = 0; i < blocks->count; i++) {
        const qs_html_block *block = &blocks->items[i];
        if (!is_running_text(blocks, block))
            continue;
        all += block->words;
        inside += (block->flags & QS_HTML_ARTICLE) != 0 ? block->words : 0;
    }
    if (inside * 2 < all || inside == 0)
        return;
    for (size_t i = 0; i < blocks->count; i++)
        if ((blocks->items[i].flags & (QS_HTML_ARTICLE | QS_HTML_TITLE | QS_HTML_TOP)) == 0)
            blocks->items[i].flags |= QS_HTML_CLUTTER;
}

static bool contains(qs_str text, qs_str part)
{
    if (part.len == 0)
        return false;
    for (size_t at = 0; at + part.len <= text.len; at++)
        if (memcmp(text.ptr + at, part.ptr, part.len) == 0)
            return true;
    return false;
}

/* The page's title up to the name of the site. */
static size_t title_end(qs_str title)
{
    static const char *const borders[] = {" | ", " - ", " \xe2\x80\x93 ", " \xe2\x80\x94 ", " \xc2\xb7 "};
    size_t end = title.len;
    for (size_t at = title.len; at-- > 1;)
        for (size_t i = 0; i < sizeof borders / sizeof *borders; i++)
            if (at + strlen(borders[i]) <= title.len && memcmp(title.ptr + at, borders[i], strlen(borders[i])) == 0 &&
                at > title.len / 3)
                return at;
    return end;
}

/* The heading that the title repeats, else the first h1 of some length, else the title without the site. */
static qs_html_block *find_headline(qs_html_blocks *blocks)
{
    qs_html_block *title = NULL, *top = NULL;
    for (size_t i = 0; i < blocks->count; i++) {
        qs_html_block *block = &blocks->items[i];
        if ((block->flags & QS_HTML_TITLE) != 0) {
            if (title == NULL)
                title = block;
            continue;
        }
        if ((block->flags & QS_HTML_HEADING) == 0 || block->words < 2)
            continue;
        if (title != NULL && block->words >= 3 && contains(text_of(blocks, title), text_of(blocks, block)))
            return block;
        if ((block->flags & QS_HTML_TOP) != 0 && (block->flags & QS_HTML_CLUTTER) == 0 && top == NULL)
            top = block;
    }
    if (top == NULL && title != NULL)
        title->text_end = title->text_start + title_end(text_of(blocks, title));
    return top != NULL ? top : title;
}

static void choose(qs_html_block *block, qs_zone zone)
{
    block->chosen = true;
    block->zone = zone;
}

/* A block between the first and the last of the running text. */
static void choose_inside(const qs_html_blocks *blocks, qs_html_block *block)
{
    qs_zone zone = QS_ZONE_BODY;
    if ((block->flags & (QS_HTML_CLUTTER | QS_HTML_TITLE)) != 0)
        return;
    if (marked_zone(block, &zone))
        choose(block, zone);
    else if ((block->flags & QS_HTML_HEADING) != 0 && !linked(block, 50))
        choose(block, QS_ZONE_SUBHEADING);
    else if (is_running_text(blocks, block) ||
             ((block->flags & QS_HTML_PARAGRAPH) != 0 && !linked(block, LINKS_MANY)) ||
             (block->words >= 2 && block->link_bytes == 0 && ends_sentence(text_of(blocks, block))))
        choose(block, QS_ZONE_BODY);
}

/* A block between the headline and the running text. */
static void choose_before(qs_html_block *block)
{
    qs_zone zone = QS_ZONE_BODY;
    if ((block->flags & (QS_HTML_CLUTTER | QS_HTML_TITLE)) != 0)
        return;
    if (marked_zone(block, &zone))
        choose(block, zone);
    else if (!linked(block, LINKS_MANY) && block->words >= 3 &&
             (block->flags & (QS_HTML_DECK | QS_HTML_HEADING)) != 0)
        choose(block, QS_ZONE_DECK);
}

void qs_html_choose(qs_html_blocks *blocks)
{
    size_t first = blocks->count, last = 0;
    keep_to_article(blocks);
    qs_html_block *headline = find_headline(blocks);
    const size_t head = headline != NULL ? (size_t)(headline - blocks->items) : 0;
    for (size_t i = 0; i < blocks->count; i++)
        if (is_running_text(blocks, &blocks->items[i])) {
            first = first == blocks->count ? i : first;
            last = i;
        }
    for (size_t i = 0; i < blocks->count; i++) {
        qs_html_block *block = &blocks->items[i];
        if (block == headline)
            choose(block, QS_ZONE_HEADLINE);
        else if (first < blocks->count && i >= first && i <= last)
            choose_inside(blocks, block);
        else if (first < blocks->count && i > head && i < first)
            choose_before(block);
        else if (first == blocks->count && (block->flags & (QS_HTML_CLUTTER | QS_HTML_TITLE)) == 0 &&
                 !linked(block, 50)) /* nothing looks like running text: better too much than nothing */
            choose(block, QS_ZONE_BODY);
        if (block->chosen && block->zone == QS_ZONE_BODY && (block->flags & QS_HTML_DECK) != 0 && i == first &&
            first < last)
            block->zone = QS_ZONE_DECK;
    }
}
