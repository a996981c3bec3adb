/* Ten layouts of one article: the same quotes as in plain text, and spans that select the same characters in the
 * bytes of the page. SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "quotestance/quotes.h"
#include "run.h"

#define PAGES QS_SOURCE_DIR "/tests/golden/pages/"

static const char *const pages[] = {"01-plain.html",   "02-clutter.html", "03-table.html",  "04-breaks.html",
                                    "05-divs.html",    "06-inline.html",  "07-cp1252.html", "08-utf16.html",
                                    "09-figures.html", "10-sections.html"};

static void load(const char *name, qs_buf *bytes, qs_article **article, qs_quotes **quotes)
{
    char path[512];
    qs_error err = {0};
    snprintf(path, sizeof path, "%s%s", PAGES, name);
    ck_assert_msg(qs_file_read(bytes, path, 1 << 20, &err) == QS_OK, "%s", err.message);
    ck_assert_int_eq(strstr(name, ".html") != NULL ? qs_article_parse_html(article, qs_buf_view(bytes), name, &err)
                                                   : qs_article_parse_plain(article, qs_buf_view(bytes), name, &err),
                     QS_OK);
    ck_assert_int_eq(qs_quotes_extract(quotes, *article, NULL, &err), QS_OK);
}

/* Adds text with runs of white space as one blank and curly marks as straight ones. */
static void squeeze(qs_buf *out, qs_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        const unsigned char c = (unsigned char)text.ptr[i];
        if (c == ' ' || c == '\n' || (c == 0xc2 && i + 1 < text.len && (unsigned char)text.ptr[i + 1] == 0xa0)) {
            i += c == 0xc2;
            if (out->len == 0 || out->ptr[out->len - 1] != ' ')
                qs_buf_add_char(out, ' ');
        } else if (c == 0xe2 && i + 2 < text.len && (unsigned char)text.ptr[i + 1] == 0x80) {
            qs_buf_add_char(out, '"');
            i += 2;
        } else {
            qs_buf_add_char(out, (char)c);
        }
    }
}

/* UTF-16 to what the other pages hold: no zero bytes, marks in Windows-1252. */
static qs_str narrow(qs_buf *out, qs_str bytes)
{
    if (bytes.len == 0 || memchr(bytes.ptr, 0, bytes.len) == NULL)
        return bytes;
    for (size_t i = 0; i + 1 < bytes.len; i += 2)
        qs_buf_add_char(out, bytes.ptr[i + 1] == 0x20 ? (char)0x93 : bytes.ptr[i]);
    return qs_buf_view(out);
}

/* What a piece of a page's bytes shows: without tags, entities resolved, of any of the pages' encodings. */
static void show(qs_buf *out, qs_str bytes)
{
    static const char *const entities[][2] = {{"&ldquo;", "\""}, {"&rdquo;", "\""}, {"&#8220;", "\""},
                                              {"&#x201D;", "\""}, {"&amp;", "&"},   {"&nbsp;", " "}, {"&#160;", " "}};
    qs_buf plain = {0};
    qs_buf narrowed = {0};
    bytes = narrow(&narrowed, bytes);
    for (size_t i = 0; i < bytes.len; i++) {
        const unsigned char c = (unsigned char)bytes.ptr[i];
        bool entity = false;
        for (size_t k = 0; k < sizeof entities / sizeof *entities && !entity; k++) {
            const size_t length = strlen(entities[k][0]);
            if (i + length <= bytes.len && memcmp(bytes.ptr + i, entities[k][0], length) == 0) {
                qs_buf_add_text(&plain, entities[k][1]);
                i += length - 1;
                entity = true;
            }
        }
        if (entity)
            continue;
        if (c == '<')
            while (i < bytes.len && bytes.ptr[i] != '>')
                i++;
        else if (c == 0x93 || c == 0x94) /* Windows-1252 */
            qs_buf_add_char(&plain, '"');
        else
            qs_buf_add_char(&plain, (char)c);
    }
    squeeze(out, qs_buf_view(&plain));
    qs_buf_free(&plain);
    qs_buf_free(&narrowed);
}

static void check_same(qs_str wanted, qs_str found, bool page, const char *name)
{
    qs_buf a = {0};
    qs_buf b = {0};
    squeeze(&a, wanted);
    if (page)
        show(&b, found);
    else
        squeeze(&b, found);
    ck_assert_msg(qs_str_equal(qs_buf_view(&a), qs_buf_view(&b)), "%s: wanted '%.*s', found '%.*s'", name, (int)a.len,
                  a.ptr, (int)b.len, b.ptr);
    qs_buf_free(&a);
    qs_buf_free(&b);
}

START_TEST(layouts_give_the_same_quotes)
{
    qs_buf plain_bytes = {0};
    qs_buf bytes = {0};
    qs_article *plain_article = NULL;
    qs_article *article = NULL;
    qs_quotes *plain = NULL;
    qs_quotes *quotes = NULL;
    const char *name = pages[_i];
    load("article.txt", &plain_bytes, &plain_article, &plain);
    load(name, &bytes, &article, &quotes);
    ck_assert_uint_eq(qs_quotes_count(plain), 7);
    ck_assert_uint_eq(qs_quotes_count(quotes), qs_quotes_count(plain));
    for (size_t i = 0; i < qs_quotes_count(plain); i++) {
        const qs_quote *p = qs_quotes_at(plain, i);
        const qs_quote *q = qs_quotes_at(quotes, i);
        const qs_str source = qs_article_source(article, q->field);
        ck_assert_int_eq(p->type, q->type);
        ck_assert_uint_eq(p->group, q->group);
        ck_assert_uint_eq(p->fragment_count, q->fragment_count);
        check_same(p->text, q->text, false, name);
        check_same(p->speaker.canonical, q->speaker.canonical, false, name);
        check_same(p->text, qs_str_slice(source, q->span.start, q->span.end), true, name);
        check_same(p->speaker.mention.text,
                   qs_str_slice(source, q->speaker.mention.span.start, q->speaker.mention.span.end), true, name);
    }
    qs_quotes_destroy(quotes);
    qs_quotes_destroy(plain);
    qs_article_destroy(article);
    qs_article_destroy(plain_article);
    qs_buf_free(&bytes);
    qs_buf_free(&plain_bytes);
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("pages");
    tcase_add_loop_test(tests, layouts_give_the_same_quotes, 0, (int)(sizeof pages / sizeof *pages));
    return run_case("pages", tests);
}
