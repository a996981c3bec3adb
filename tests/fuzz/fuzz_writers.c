/* Fuzz target: any bytes through every writer. JSON must parse and give the text back, a table keeps its cells, markup stays
 * markup: the input bears an element of its own, which must never come out as one. SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdlib.h>

#include <jansson.h>

#include "quotes/write.h"
#include "report/articles.h"
#include "report/markup.h"
#include "text/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char intruder[] = "<zq onload=\"zq\">\x1b[2J";

static void demand(bool true_always)
{
    if (!true_always)
        abort();
}

static bool holds(const qs_buf *out, const char *what)
{
    return memmem(out->ptr, out->len, what, strlen(what)) != NULL;
}

static void check_json(qs_buf *out, qs_str text)
{
    qs_buf_clear(out);
    qs_buf_add_json(out, text);
    json_t *value = json_loadb(out->ptr, out->len, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    demand(json_is_string(value));
    if (qs_utf8_valid(text, NULL))
        demand(qs_str_equal(qs_str_make(json_string_value(value), json_string_length(value)), text));
    json_decref(value);
    for (size_t i = 0; i < out->len; i++)
        demand((unsigned char)out->ptr[i] >= 0x20 && out->ptr[i] != 0x7f);
}

static void check_record(qs_buf *out, const qs_quotes *quotes, const qs_quote *q)
{
    qs_buf_clear(out);
    qs_quote_write_json(out, quotes, q, qs_str_make(NULL, 0));
    json_t *value = json_loadb(out->ptr, out->len, JSON_ALLOW_NUL, NULL);
    demand(json_is_object(value));
    const json_t *text = json_object_get(value, "text");
    if (qs_utf8_valid(q->text, NULL))
        demand(qs_str_equal(qs_str_make(json_string_value(text), json_string_length(text)), q->text));
    json_decref(value);
}

static size_t count_of(const qs_buf *out, char c)
{
    size_t count = 0;
    for (size_t i = 0; i < out->len; i++)
        count += out->ptr[i] == c;
    return count;
}

static void check_table_row(qs_buf *out, const qs_quotes *quotes, const qs_quote *q)
{
    qs_buf_clear(out);
    qs_quote_write_tsv_header(out);
    const size_t tabs = count_of(out, '\t');
    demand(count_of(out, '\n') == 1);
    qs_buf_clear(out);
    qs_quote_write_tsv(out, quotes, q);
    demand(count_of(out, '\t') == tabs && count_of(out, '\n') == 1 && count_of(out, '\r') == 0);
}

static void check_markup(qs_buf *out, qs_str text)
{
    qs_buf_clear(out);
    qs_markup_text(out, text);
    demand(qs_utf8_valid(qs_buf_view(out), NULL));
    demand(memchr(out->ptr, '<', out->len) == NULL && memchr(out->ptr, '"', out->len) == NULL &&
           memchr(out->ptr, '\x1b', out->len) == NULL);
    qs_buf_clear(out);
    qs_markup_cell(out, text, 60);
    demand(!holds(out, "<zq") && (out->len == 0 || memchr(out->ptr, '\n', out->len) == NULL));
}

static void check_page(qs_buf *out, const qs_article *article, const qs_quotes *quotes)
{
    enum { QUOTES = 16 };
    qs_page_quote shown[QUOTES];
    qs_article_page *page = NULL;
    const qs_str text = qs_article_text(article);
    const qs_page_paragraph whole = {0, text.len, QS_PLACE_BODY};
    size_t count = 0, end = 0;
    for (size_t i = 0; i < qs_quotes_count(quotes) && count < QUOTES; i++) {
        const qs_quote *q = qs_quotes_at(quotes, i);
        const size_t start = (size_t)(q->text.ptr - text.ptr);
        if (start < end)
            continue;
        end = start + q->text.len;
        shown[count++] = (qs_page_quote){.start = start, .end = end, .speaker = q->speaker.mention.text,
                                         .known = 1, .title = q->speaker.title, .type = "direct"};
    }
    const qs_page_article one = {.name = text, .date = text, .text = text, .paragraphs = &whole,
                                 .paragraph_count = 1, .quotes = shown, .quote_count = count};
    demand(qs_article_page_create(&page, NULL) == QS_OK);
    demand(qs_article_page_add(page, 0, &one, NULL) == QS_OK);
    qs_buf_clear(out);
    demand(qs_article_page_write(page, out, NULL) == QS_OK);
    demand(qs_utf8_valid(qs_buf_view(out), NULL));
    demand(!holds(out, "<zq") && !holds(out, "\"zq\"") && !holds(out, "\x1b") && holds(out, "</html>"));
    qs_article_page_destroy(page);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    qs_article *article = NULL;
    qs_quotes *quotes = NULL;
    qs_buf input = {0}, out = {0};
    qs_buf_add_text(&input, "\"We said ");
    qs_buf_add_text(&input, intruder);
    qs_buf_add_text(&input, "\" said ");
    qs_buf_add(&input, data, size);
    qs_buf_add_text(&input, intruder);
    const qs_str text = qs_buf_view(&input);
    check_json(&out, text);
    check_markup(&out, text);
    if (qs_article_parse_plain(&article, text, "fuzz", NULL) == QS_OK) {
        demand(qs_quotes_extract(&quotes, article, NULL, NULL) == QS_OK);
        for (size_t i = 0; i < qs_quotes_count(quotes); i++) {
            check_record(&out, quotes, qs_quotes_at(quotes, i));
            check_table_row(&out, quotes, qs_quotes_at(quotes, i));
        }
        check_page(&out, article, quotes);
    }
    demand(!out.failed);
    qs_quotes_destroy(quotes);
    qs_article_destroy(article);
    qs_buf_free(&input);
    qs_buf_free(&out);
    return 0;
}
