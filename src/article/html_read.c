/* A page to blocks of text, each piece with its place. Only this file knows libxml2.
 * SPDX-License-Identifier: MIT */
#include <libxml/HTMLparser.h>
#include <string.h>

#include "article/html_parts.h"
#include "text/utf8.h"

#define DEPTH_MAX 1000
#define FULL_BUFFER 990 /* libxml2 hands out longer text in pieces of about 1,000 bytes */
#define ATTRIBUTES_MAX 5000 /* in one tag: libxml2 compares each with all others */

typedef struct element {
    const xmlChar *name; /* in the parser's dictionary */
    unsigned flags;      /* of this element and all around it */
    bool is_block;
} element;

typedef struct reader {
    htmlParserCtxtPtr parser;
    qs_html_blocks *out;
    qs_str page;
    size_t last; /* page offset up to which text was taken */
    element stack[DEPTH_MAX];
    size_t depth;
    bool open;   /* the last block can take more text */
    bool space;  /* white space is due before the next word */
    size_t space_start, space_end;
    unsigned breaks;
    qs_status status;
    qs_error *err;
} reader;

/* ---- what elements and classes mean ---- */

typedef struct meaning {
    const char *name;
    unsigned flags;
    bool is_block;
} meaning;

static const meaning elements[] = {
    {"script", QS_HTML_SKIP, false},   {"style", QS_HTML_SKIP, false},    {"noscript", QS_HTML_SKIP, false},
    {"template", QS_HTML_SKIP, true},  {"svg", QS_HTML_SKIP, false},      {"math", QS_HTML_SKIP, false},
    {"iframe", QS_HTML_SKIP, true},    {"object", QS_HTML_SKIP, true},    {"select", QS_HTML_SKIP, false},
    {"button", QS_HTML_SKIP, false},   {"textarea", QS_HTML_SKIP, false}, {"form", QS_HTML_CLUTTER, true},
    {"nav", QS_HTML_SKIP, true},       {"aside", QS_HTML_CLUTTER, true},  {"footer", QS_HTML_CLUTTER, true},
    {"title", QS_HTML_TITLE, true},    {"article", QS_HTML_ARTICLE, true}, {"main", QS_HTML_ARTICLE, true},
    {"figcaption", QS_HTML_CAPTION, true}, {"caption", QS_HTML_CAPTION, true}, {"time", QS_HTML_DATE, false},
    {"a", QS_HTML_LINK, false},        {"p", QS_HTML_PARAGRAPH, true},    {"blockquote", QS_HTML_PARAGRAPH, true},
    {"li", QS_HTML_PARAGRAPH, true},   {"dd", QS_HTML_PARAGRAPH, true},   {"pre", QS_HTML_PARAGRAPH, true},
    {"h1", QS_HTML_HEADING | QS_HTML_TOP, true}, {"h2", QS_HTML_HEADING, true}, {"h3", QS_HTML_HEADING, true},
    {"h4", QS_HTML_HEADING, true},     {"h5", QS_HTML_HEADING, true},     {"h6", QS_HTML_HEADING, true},
    {"div", 0, true},                  {"section", 0, true},              {"header", 0, true},
    {"figure", 0, true},               {"ul", 0, true},                   {"ol", 0, true},
    {"dl", 0, true},                   {"dt", 0, true},                   {"table", 0, true},
    {"tr", 0, true},                   {"td", 0, true},                   {"th", 0, true},
    {"body", 0, true},                 {"head", 0, true},                 {"html", 0, true},
    {"center", 0, true},               {"address", 0, true},              {"hr", 0, true},
    {"address", 0, true},              {"option", QS_HTML_SKIP, false}};

static const meaning words[] = {
    {"nav", QS_HTML_CLUTTER, false},        {"navigation", QS_HTML_CLUTTER, false}, {"menu", QS_HTML_CLUTTER, false},
    {"footer", QS_HTML_CLUTTER, false},     {"sidebar", QS_HTML_CLUTTER, false},    {"related", QS_HTML_CLUTTER, false},
    {"recommended", QS_HTML_CLUTTER, false}, {"share", QS_HTML_CLUTTER, false},     {"sharing", QS_HTML_CLUTTER, false},
    {"social", QS_HTML_CLUTTER, false},     {"comments", QS_HTML_CLUTTER, false},   {"promo", QS_HTML_CLUTTER, false},
    {"advert", QS_HTML_CLUTTER, false},     {"advertisement", QS_HTML_CLUTTER, false}, {"ad", QS_HTML_CLUTTER, false},
    {"ads", QS_HTML_CLUTTER, false},        {"sponsored", QS_HTML_CLUTTER, false},  {"newsletter", QS_HTML_CLUTTER, false},
    {"subscribe", QS_HTML_CLUTTER, false},  {"signup", QS_HTML_CLUTTER, false},     {"cookie", QS_HTML_CLUTTER, false},
    {"cookies", QS_HTML_CLUTTER, false},    {"breadcrumb", QS_HTML_CLUTTER, false}, {"breadcrumbs", QS_HTML_CLUTTER, false},
    {"pagination", QS_HTML_CLUTTER, false}, {"popup", QS_HTML_CLUTTER, false},      {"modal", QS_HTML_CLUTTER, false},
    {"trending", QS_HTML_CLUTTER, false},   {"copyright", QS_HTML_CLUTTER, false},  {"disclaimer", QS_HTML_CLUTTER, false},
    {"tags", QS_HTML_CLUTTER, false},       {"caption", QS_HTML_CAPTION, false},    {"figcaption", QS_HTML_CAPTION, false},
    {"byline", QS_HTML_BYLINE, false},      {"author", QS_HTML_BYLINE, false},      {"authors", QS_HTML_BYLINE, false},
    {"date", QS_HTML_DATE, false},          {"dateline", QS_HTML_DATE, false},      {"timestamp", QS_HTML_DATE, false},
    {"published", QS_HTML_DATE, false},     {"datepublished", QS_HTML_DATE, false}, {"deck", QS_HTML_DECK, false},
    {"dek", QS_HTML_DECK, false},           {"standfirst", QS_HTML_DECK, false},    {"subtitle", QS_HTML_DECK, false},
    {"subheadline", QS_HTML_DECK, false},   {"summary", QS_HTML_DECK, false},       {"articlebody", QS_HTML_ARTICLE, false}};

static const meaning *find_meaning(const meaning *table, size_t count, const char *name, size_t length)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(table[i].name) == length && strncmp(table[i].name, name, length) == 0)
            return &table[i];
    return NULL;
}

/* The meanings of the words of a class, id or itemprop. */
static unsigned flags_of_value(const char *value)
{
    unsigned flags = 0;
    char word[24];
    size_t length = 0;
    for (const char *c = value;; c++) {
        const bool letter = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z');
        if (letter) {
            if (length < sizeof word)
                word[length] = (char)(*c | 0x20);
            length++;
            continue;
        }
        const meaning *found = length > 0 && length < sizeof word
                                   ? find_meaning(words, sizeof words / sizeof *words, word, length)
                                   : NULL;
        flags |= found != NULL ? found->flags : 0;
        length = 0;
        if (*c == '\0')
            return flags;
    }
}

static unsigned flags_of_attributes(const xmlChar **attributes)
{
    unsigned flags = 0;
    for (size_t i = 0; attributes != NULL && attributes[i] != NULL; i += 2) {
        const char *name = (const char *)attributes[i];
        const char *value = attributes[i + 1] != NULL ? (const char *)attributes[i + 1] : "";
        if (strcmp(name, "class") == 0 || strcmp(name, "id") == 0 || strcmp(name, "itemprop") == 0 ||
            strcmp(name, "rel") == 0)
            flags |= flags_of_value(value);
        else if (strcmp(name, "hidden") == 0 || (strcmp(name, "aria-hidden") == 0 && strcmp(value, "true") == 0))
            flags |= QS_HTML_SKIP;
        else if (strcmp(name, "style") == 0 && (strstr(value, "display:none") != NULL || strstr(value, "display: none") != NULL))
            flags |= QS_HTML_SKIP;
        else if (strcmp(name, "role") == 0 && (strcmp(value, "navigation") == 0 || strcmp(value, "complementary") == 0 ||
                                               strcmp(value, "contentinfo") == 0))
            flags |= QS_HTML_CLUTTER;
    }
    return flags;
}

/* ---- text ---- */

static void stop(reader *r, qs_status status)
{
    if (r->status == QS_OK)
        r->status = status;
    xmlStopParser(r->parser);
}

static void end_block(reader *r)
{
    if (r->open && r->out->count > 0) {
        qs_html_block *block = &r->out->items[r->out->count - 1];
        block->text_end = r->out->text.len;
        block->piece_end = r->out->piece_count;
    }
    r->open = false;
    r->space = false;
    r->breaks = 0;
}

static unsigned flags_now(const reader *r)
{
    return r->depth > 0 ? r->stack[r->depth - 1].flags : 0;
}

static qs_html_block *current_block(reader *r)
{
    qs_html_blocks *out = r->out;
    if (r->open)
        return &out->items[out->count - 1];
    const qs_status status = qs_grow(&out->items, &out->capacity, out->count + 1, sizeof *out->items, r->err);
    if (status != QS_OK) {
        stop(r, status);
        return NULL;
    }
    out->items[out->count] = (qs_html_block){.text_start = out->text.len,
                                             .text_end = out->text.len,
                                             .first_piece = out->piece_count,
                                             .piece_end = out->piece_count,
                                             .flags = flags_now(r) & ~(unsigned)QS_HTML_LINK};
    r->open = true;
    return &out->items[out->count++];
}

static void add_piece(reader *r, qs_str text, size_t start, size_t length)
{
    qs_html_blocks *out = r->out;
    qs_html_block *block = current_block(r);
    if (block == NULL || text.len == 0)
        return;
    const qs_status status =
        qs_grow(&out->pieces, &out->piece_capacity, out->piece_count + 1, sizeof *out->pieces, r->err);
    if (status != QS_OK) {
        stop(r, status);
        return;
    }
    out->pieces[out->piece_count++] = (qs_html_piece){out->text.len, text.len, start, length};
    qs_buf_add_str(&out->text, text);
    if ((flags_now(r) & QS_HTML_LINK) != 0)
        block->link_bytes += text.len;
    block->flags |= flags_now(r) & (QS_HTML_BYLINE | QS_HTML_DATE | QS_HTML_CAPTION | QS_HTML_DECK);
}

/* Adds a word, and before it the one space that any white space becomes. */
static void add_word(reader *r, qs_str word, size_t start, size_t length)
{
    if (r->open && r->space)
        add_piece(r, qs_str_of(" "), r->space_start, r->space_end - r->space_start);
    const bool starts = !r->open || r->space;
    r->space = false;
    r->breaks = 0;
    qs_html_block *block = current_block(r);
    if (block != NULL)
        block->words += starts;
    add_piece(r, word, start, length);
}

static void note_space(reader *r, size_t start, size_t end)
{
    if (!r->space)
        r->space_start = start;
    r->space = true;
    r->space_end = end;
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Text that stands in the page as it is. */
static void add_verbatim(reader *r, size_t start, size_t end)
{
    const char *page = r->page.ptr;
    for (size_t at = start; at < end && r->status == QS_OK;) {
        size_t to = at;
        const bool space = is_space(page[at]);
        while (to < end && is_space(page[to]) == space)
            to++;
        if (space)
            note_space(r, at, to);
        else
            add_word(r, qs_str_make(page + at, to - at), at, to - at);
        at = to;
    }
}

/* Where the parser stands in the page. */
static size_t position(const reader *r)
{
    const xmlParserInputPtr input = r->parser->input;
    const size_t at = input == NULL ? r->page.len : (size_t)input->consumed + (size_t)(input->cur - input->base);
    return at < r->page.len ? at : r->page.len;
}

static bool is_dropped(char c)
{
    return (unsigned char)c < 0x20 && !is_space(c);
}

/* libxml2 hands out text without saying where it stood, but stands right behind it, or one character before its
 * end when it empties a full buffer. It leaves out control characters. True if the text is found there. */
static bool locate(const reader *r, const char *text, size_t length, size_t here, size_t *start, size_t *end)
{
    for (size_t beyond = 0; beyond <= (length >= FULL_BUFFER ? 4 : 0); beyond++) {
        size_t at = here + beyond;
        size_t left = length;
        if (at > r->page.len)
            break;
        *end = at;
        while (left > 0 && at > r->last) {
            const char c = r->page.ptr[at - 1];
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
static void add_found(reader *r, size_t start, size_t end)
{
    while (start < end) {
        size_t to = start;
        while (to < end && !is_dropped(r->page.ptr[to]))
            to++;
        add_verbatim(r, start, to);
        start = to + 1;
    }
}

/* An entity: from its ampersand to where the parser stands. */
static void add_entity(reader *r, qs_str text, size_t here)
{
    here = here > r->last ? here : r->last;
    size_t start = here;
    while (start > r->last && r->page.ptr[start - 1] != '&')
        start--;
    if (start > r->last)
        start--;
    r->last = here;
    if (text.len == 1 && is_space(text.ptr[0]))
        note_space(r, start, here);
    else
        add_word(r, text, start, here - start);
}

static void on_text(void *context, const xmlChar *text, int length)
{
    reader *r = context;
    size_t start = 0, end = 0;
    const size_t here = position(r);
    if (length <= 0 || r->status != QS_OK)
        return;
    if (locate(r, (const char *)text, (size_t)length, here, &start, &end)) {
        if ((flags_now(r) & QS_HTML_SKIP) == 0)
            add_found(r, start, end);
        r->last = end;
    } else if ((flags_now(r) & QS_HTML_SKIP) == 0) {
        add_entity(r, qs_str_make((const char *)text, (size_t)length), here);
    }
}

/* ---- elements ---- */

static void add_mark(reader *r, const char *mark)
{
    const size_t here = position(r);
    size_t start = here;
    while (start > r->last && r->page.ptr[start - 1] != '<')
        start--;
    start -= start > r->last;
    if (here > start && (flags_now(r) & QS_HTML_SKIP) == 0) {
        add_word(r, qs_str_of(mark), start, here - start);
        r->last = here;
    }
}

static void on_break(reader *r)
{
    if (++r->breaks >= 2)
        end_block(r);
    else if (r->open)
        note_space(r, r->last, r->last);
}

static void on_start(void *context, const xmlChar *name, const xmlChar **attributes)
{
    reader *r = context;
    const meaning *found =
        find_meaning(elements, sizeof elements / sizeof *elements, (const char *)name, strlen((const char *)name));
    unsigned flags = flags_now(r) | (found != NULL ? found->flags : 0);
    const bool whole_page = strcmp((const char *)name, "html") == 0 || strcmp((const char *)name, "body") == 0;
    if (r->status != QS_OK)
        return;
    if (r->depth == DEPTH_MAX) {
        stop(r, qs_fail(r->err, QS_ELIMIT, "elements nested more than %d deep", DEPTH_MAX));
        return;
    }
    if (!whole_page)
        flags |= flags_of_attributes(attributes);
    if (found != NULL && (found->flags & QS_HTML_ARTICLE) != 0)
        flags &= ~(unsigned)QS_HTML_CLUTTER;
    if (found != NULL && found->is_block)
        end_block(r);
    r->stack[r->depth++] = (element){name, flags, found != NULL && found->is_block};
    if (strcmp((const char *)name, "br") == 0)
        on_break(r);
    else if (strcmp((const char *)name, "q") == 0)
        add_mark(r, "\xe2\x80\x9c");
}

static void on_end(void *context, const xmlChar *name)
{
    reader *r = context;
    size_t depth = r->depth;
    if (strcmp((const char *)name, "q") == 0 && r->status == QS_OK)
        add_mark(r, "\xe2\x80\x9d");
    while (depth > 0 && strcmp((const char *)r->stack[depth - 1].name, (const char *)name) != 0)
        depth--;
    if (depth == 0)
        return;
    for (size_t i = depth - 1; i < r->depth; i++)
        if (r->stack[i].is_block) {
            end_block(r);
            break;
        }
    r->depth = depth - 1;
}

/* libxml2 takes time squared in the attributes of one tag: refuse what no honest page has. */
static bool has_endless_tag(qs_str page)
{
    size_t spaces = 0;
    bool inside = false;
    for (size_t i = 0; i + 1 < page.len; i++) {
        const char c = page.ptr[i], next = (char)(page.ptr[i + 1] | 0x20);
        if (c == '<' && next >= 'a' && next <= 'z') {
            inside = true;
            spaces = 0;
        } else if (c == '>') {
            inside = false;
        } else if (inside && (is_space(c) || c == '/' || c == '"' || c == '\'') && ++spaces > 2 * ATTRIBUTES_MAX) {
            return true;
        }
    }
    return false;
}

qs_status qs_html_read(qs_html_blocks *out, qs_str page, qs_error *err)
{
    if (page.len > INT32_MAX / 2 || has_endless_tag(page))
        return qs_fail(err, QS_ELIMIT, page.len > INT32_MAX / 2 ? "a page of more than 1 GiB"
                                                                : "a tag with more attributes than can be");
    reader *r = qs_alloc_zero(1, sizeof *r);
    htmlParserCtxtPtr parser = r == NULL ? NULL : htmlNewParserCtxt();
    if (parser == NULL) {
        qs_free(r);
        return qs_fail(err, QS_ENOMEM, "out of memory");
    }
    r->parser = parser;
    r->out = out;
    r->page = page;
    r->err = err;
    memset(parser->sax, 0, sizeof *parser->sax);
    parser->sax->startElement = on_start;
    parser->sax->endElement = on_end;
    parser->sax->characters = on_text;
    parser->sax->ignorableWhitespace = on_text;
    parser->userData = r;
    if (page.len > 0)
        (void)htmlCtxtReadMemory(parser, page.ptr, (int)page.len, NULL, "UTF-8",
                                 HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
                                     HTML_PARSE_IGNORE_ENC);
    end_block(r);
    qs_status status = r->status;
    if (status == QS_OK)
        status = qs_buf_status(&out->text, err);
    if (parser->myDoc != NULL)
        xmlFreeDoc(parser->myDoc);
    htmlFreeParserCtxt(parser);
    qs_free(r);
    return status;
}

void qs_html_blocks_free(qs_html_blocks *blocks)
{
    qs_buf_free(&blocks->text);
    qs_free(blocks->pieces);
    qs_free(blocks->items);
    *blocks = (qs_html_blocks){0};
}
