/* A page to its elements and their text. Only this file knows libxml2. SPDX-License-Identifier: MIT */
#include <libxml/HTMLparser.h>
#include <string.h>

#include "article/html_parts.h"

#define DEPTH_MAX 1000
#define ATTRIBUTES_MAX 5000 /* in one tag: libxml2 compares each with all others */

typedef struct element {
    const xmlChar *name; /* in the parser's dictionary */
    unsigned flags;      /* of this element and all around it */
    bool is_block;
} element;

typedef struct reader {
    htmlParserCtxtPtr parser;
    qs_html_text text;
    element stack[DEPTH_MAX];
    size_t depth;
} reader;

/* Where the parser stands in the page. */
static size_t position(const reader *r)
{
    const xmlParserInputPtr input = r->parser->input;
    const size_t page = r->text.page.len;
    const size_t at = input == NULL ? page : (size_t)input->consumed + (size_t)(input->cur - input->base);
    return at < page ? at : page;
}

static void stop_if_failed(reader *r)
{
    if (r->text.status != QS_OK)
        xmlStopParser(r->parser);
}

static void on_text(void *context, const xmlChar *text, int length)
{
    reader *r = context;
    if (length <= 0 || r->text.status != QS_OK)
        return;
    qs_html_text_add(&r->text, qs_str_make((const char *)text, (size_t)length), position(r));
    stop_if_failed(r);
}

static unsigned flags_of_attributes(const xmlChar **attributes)
{
    unsigned flags = 0;
    for (size_t i = 0; attributes != NULL && attributes[i] != NULL; i += 2)
        flags |= qs_html_flags_of_attribute((const char *)attributes[i],
                                            attributes[i + 1] != NULL ? (const char *)attributes[i + 1] : "");
    return flags;
}

static void on_start(void *context, const xmlChar *name, const xmlChar **attributes)
{
    reader *r = context;
    bool is_block = false;
    const unsigned own = qs_html_flags_of_element((const char *)name, &is_block);
    unsigned flags = r->text.flags | own;
    const bool whole_page = strcmp((const char *)name, "html") == 0 || strcmp((const char *)name, "body") == 0;
    if (r->text.status != QS_OK)
        return;
    if (r->depth == DEPTH_MAX) {
        r->text.status = qs_fail(r->text.err, QS_ELIMIT, "elements nested more than %d deep", DEPTH_MAX);
        xmlStopParser(r->parser);
        return;
    }
    if (!whole_page)
        flags |= flags_of_attributes(attributes);
    if ((own & QS_HTML_ARTICLE) != 0)
        flags &= ~(unsigned)QS_HTML_CLUTTER;
    if (is_block)
        qs_html_text_end_block(&r->text);
    r->stack[r->depth++] = (element){name, flags, is_block};
    r->text.flags = flags;
    if (strcmp((const char *)name, "br") == 0)
        qs_html_text_add_break(&r->text);
    else if (strcmp((const char *)name, "q") == 0)
        qs_html_text_add_mark(&r->text, "\xe2\x80\x9c", position(r));
    stop_if_failed(r);
}

static void on_end(void *context, const xmlChar *name)
{
    reader *r = context;
    size_t depth = r->depth;
    if (strcmp((const char *)name, "q") == 0 && r->text.status == QS_OK) {
        qs_html_text_add_mark(&r->text, "\xe2\x80\x9d", position(r));
        stop_if_failed(r);
    }
    while (depth > 0 && strcmp((const char *)r->stack[depth - 1].name, (const char *)name) != 0)
        depth--;
    if (depth == 0)
        return;
    bool is_block = false;
    for (size_t i = depth - 1; i < r->depth; i++)
        is_block = is_block || r->stack[i].is_block;
    if (is_block)
        qs_html_text_end_block(&r->text);
    r->depth = depth - 1;
    r->text.flags = r->depth > 0 ? r->stack[r->depth - 1].flags : 0;
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
        } else if (inside && (qs_html_is_space(c) || c == '/' || c == '"' || c == '\'') && ++spaces > 2 * ATTRIBUTES_MAX) {
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
    r->text = (qs_html_text){.out = out, .page = page, .err = err};
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
    qs_html_text_end_block(&r->text);
    qs_status status = r->text.status;
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
