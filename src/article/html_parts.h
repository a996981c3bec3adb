/* What the files of the HTML reader share. SPDX-License-Identifier: MIT */
#ifndef QS_ARTICLE_HTML_PARTS_H
#define QS_ARTICLE_HTML_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "quotestance/article.h"

/** A page in UTF-8, and where each of its bytes stood before. */
typedef struct qs_html_page {
    qs_str text;
    qs_buf decoded;   /* holds `text` if it differs from the bytes given */
    uint32_t *origin; /* per byte of `text` and one more: offset in the bytes given; NULL: the same */
    size_t origin_capacity;
} qs_html_page;

/** Decodes by byte order mark, else by what the page says of itself, else UTF-8 if it is, else Windows-1252.
 *  Bytes that are none become U+FFFD. QS_ENOMEM. */
QS_NODISCARD qs_status qs_html_decode(qs_html_page *page, qs_str bytes, qs_error *err);
void qs_html_page_free(qs_html_page *page);

/** A piece of text and its place in the page. */
typedef struct qs_html_piece {
    size_t text_start, text_len;
    size_t page_start, page_len;
} qs_html_piece;

/** What an element tells of the text in it, as bits; the text inherits them from all elements around it. */
enum {
    QS_HTML_SKIP = 1,      /* not text: scripts, forms, navigation */
    QS_HTML_CLUTTER = 2,   /* a class or id that names clutter */
    QS_HTML_ARTICLE = 4,   /* inside article, main or articleBody */
    QS_HTML_CAPTION = 8,
    QS_HTML_BYLINE = 16,
    QS_HTML_DATE = 32,
    QS_HTML_DECK = 64,
    QS_HTML_LINK = 128,
    QS_HTML_PARAGRAPH = 256, /* p, blockquote, li and the like */
    QS_HTML_TITLE = 512,     /* the title in the head */
    QS_HTML_HEADING = 1024,
    QS_HTML_TOP = 2048       /* with HEADING: h1 */
};

/** A stretch of text between two borders of block elements. */
typedef struct qs_html_block {
    size_t text_start, text_end;
    size_t first_piece, piece_end;
    size_t link_bytes, words;
    unsigned flags;
    bool chosen;
    qs_zone zone;
} qs_html_block;

/** The text of a page as blocks. Zero-initialise; release with qs_html_blocks_free. */
typedef struct qs_html_blocks {
    qs_buf text;
    qs_html_piece *pieces;
    size_t piece_count, piece_capacity;
    qs_html_block *items;
    size_t count, capacity;
} qs_html_blocks;

/** What the text in an element is, by its name; unknown: 0. `*is_block`: it stands apart from what is around it. */
unsigned qs_html_flags_of_element(const char *name, bool *is_block);
/** What an attribute of an element tells of the text in it. */
unsigned qs_html_flags_of_attribute(const char *name, const char *value);

/** Blocks in the making. Zero-initialise, set `out`, `page` and `err`. */
typedef struct qs_html_text {
    qs_html_blocks *out;
    qs_str page;
    size_t last;    /* page offset up to which text was taken */
    unsigned flags; /* of the text to come: the caller keeps them */
    bool open;      /* the last block can take more text */
    bool space;     /* white space is due before the next word */
    size_t space_start, space_end;
    unsigned breaks;
    qs_status status; /* of the first thing that went wrong */
    qs_error *err;
} qs_html_text;

/** Adds text as the parser hands it out; `here` is where the parser stands in the page, behind the text. */
void qs_html_text_add(qs_html_text *t, qs_str text, size_t here);
/** Adds a quotation mark for the tag that ends at `here`. */
void qs_html_text_add_mark(qs_html_text *t, const char *mark, size_t here);
/** A line break: two of them end a block. */
void qs_html_text_add_break(qs_html_text *t);
void qs_html_text_end_block(qs_html_text *t);

static inline bool qs_html_is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/** Reads a page into blocks. QS_ELIMIT (nesting), QS_ENOMEM. */
QS_NODISCARD qs_status qs_html_read(qs_html_blocks *out, qs_str page, qs_error *err);
void qs_html_blocks_free(qs_html_blocks *blocks);

/** Sets `chosen` and `zone` of the blocks that belong to the article. */
void qs_html_choose(qs_html_blocks *blocks);

#endif
