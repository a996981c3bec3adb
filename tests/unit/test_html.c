/* Tests of the reader of web pages. SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "quotestance/article.h"
#include "run.h"

static qs_article *parse(qs_str bytes)
{
    qs_article *article = NULL;
    qs_error err = {0};
    ck_assert_msg(qs_article_parse_html(&article, bytes, "page", &err) == QS_OK, "%s", err.message);
    return article;
}

/* All paragraphs as "zone: text" lines. */
static void check_zones(const qs_article *article, const char *expected)
{
    qs_buf lines = {0};
    for (size_t i = 0; i < qs_article_paragraph_count(article); i++) {
        const qs_paragraph p = qs_article_paragraph(article, i);
        qs_buf_add_text(&lines, qs_zone_name(p.zone));
        qs_buf_add_text(&lines, ": ");
        qs_buf_add_str(&lines, qs_str_slice(qs_article_text(article), p.start, p.end));
        qs_buf_add_char(&lines, '\n');
    }
    ck_assert_msg(qs_str_equal(qs_buf_view(&lines), qs_str_of(expected)), "%.*s\nis not\n%s", (int)lines.len,
                  lines.ptr, expected);
    qs_buf_free(&lines);
}

/* Where `text` stands in the article, the source must hold `source`. */
static void check_source(const qs_article *article, const char *text, const char *source)
{
    const qs_str all = qs_article_text(article);
    const size_t length = strlen(text);
    for (size_t at = 0; at + length <= all.len; at++)
        if (memcmp(all.ptr + at, text, length) == 0) {
            const qs_span span = qs_article_source_span(article, at, at + length);
            const qs_str found = qs_str_slice(qs_article_source(article, 0), span.start, span.end);
            ck_assert_msg(qs_str_equal(found, qs_str_of(source)), "'%s' maps to '%.*s'", text, (int)found.len,
                          found.ptr);
            return;
        }
    ck_abort_msg("'%s' is not in the text", text);
}

static const char page[] =
    "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>Talks resume in Arrin | The Daily Post</title>\n"
    "<style>p { color: red }</style><script>if (a < b) { document.write('<p>no text, this is a script at all.</p>') }</script></head>\n"
    "<body><div id=\"site-nav\"><ul><li><a href=\"/\">Home</a></li><li><a href=\"/w\">World news and more of it</a></li></ul></div>\n"
    "<article>\n<h1>Talks resume in&nbsp;Arrin</h1>\n<p class=\"standfirst\">Both sides say a deal is near after weeks of silence.</p>\n"
    "<span class=\"byline\">By Ada Orlin</span> <time>3 May 2031</time>\n"
    "<figure><img src=\"x.png\" alt=\"a picture\"><figcaption>The envoy leaves the hall. Photo: Post</figcaption></figure>\n"
    "<!-- a comment with words in it that nobody should read --><p>&ldquo;We will &amp; must talk,&rdquo; the <b>envoy</b>\n"
    "   said on   Monday, before she left the hall.</p>\n"
    "<div class=\"related-links\"><p>Read also what else we wrote about the long talks in Arrin.</p></div>\n"
    "<h2>No end in sight</h2>\n<p>Caf\xc3\xa9 owner Bo Lind called it &#8220;a farce&#x201D; and <q>a waste</q>.<br><br>He left.</p>\n"
    "<aside><p>Sign up for our letter and never miss a thing that happens anywhere.</p></aside>\n"
    "</article><footer><p>Copyright 2031 The Daily Post, all rights are reserved by the owners.</p></footer></body></html>\n";

START_TEST(a_page_is_told_from_its_clutter)
{
    qs_article *article = parse(qs_str_of(page));
    check_zones(article, "headline: Talks resume in\xc2\xa0" "Arrin\n"
                         "deck: Both sides say a deal is near after weeks of silence.\n"
                         "byline: By Ada Orlin 3 May 2031\n"
                         "caption: The envoy leaves the hall. Photo: Post\n"
                         "body: \xe2\x80\x9cWe will & must talk,\xe2\x80\x9d the envoy said on Monday, before she left the hall.\n"
                         "subheading: No end in sight\n"
                         "body: Caf\xc3\xa9 owner Bo Lind called it \xe2\x80\x9c" "a farce\xe2\x80\x9d and \xe2\x80\x9c" "a waste\xe2\x80\x9d.\n"
                         "body: He left.\n");
    check_source(article, "We will & must talk,\xe2\x80\x9d", "We will &amp; must talk,&rdquo;");
    check_source(article, "envoy said on Monday", "envoy</b>\n   said on   Monday");
    check_source(article, "&", "&amp;");
    check_source(article, "Caf\xc3\xa9 owner", "Caf\xc3\xa9 owner");
    check_source(article, "\xe2\x80\x9c" "a farce\xe2\x80\x9d", "&#8220;a farce&#x201D;");
    check_source(article, "\xe2\x80\x9c" "a waste\xe2\x80\x9d", "<q>a waste</q>");
    check_source(article, "Talks resume", "Talks resume");
    qs_article_destroy(article);
}
END_TEST

START_TEST(control_characters_are_left_out)
{
    qs_article *article = parse(qs_str_of("<p>One\x01two \x19three four, five six seven eight nine ten.</p>"));
    check_zones(article, "body: Onetwo three four, five six seven eight nine ten.\n");
    check_source(article, "three four", "three four");
    check_source(article, "Onetwo", "One\x01two");
    qs_article_destroy(article);
}
END_TEST

START_TEST(every_byte_of_long_text_maps)
{
    qs_buf bytes = {0};
    qs_buf_add_text(&bytes, "<html><body><p>");
    for (int i = 0; i < 5000; i++)
        qs_buf_addf(&bytes, "w\xc3\xb6rd%d %s", i, i % 7 == 0 ? "&eacute; " : i % 11 == 0 ? "\r\n" : "");
    qs_buf_add_text(&bytes, "the end.</p></body></html>");
    qs_article *article = parse(qs_buf_view(&bytes));
    for (int i = 0; i < 5000; i += 13) {
        char word[32];
        (void)snprintf(word, sizeof word, "w\xc3\xb6rd%d ", i);
        if (i % 7 != 0 && i % 11 == 0)
            word[strlen(word) - 1] = '\0';
        check_source(article, word, word);
    }
    qs_article_destroy(article);
    qs_buf_free(&bytes);
}
END_TEST

START_TEST(other_encodings_map_to_their_own_bytes)
{
    static const char latin[] = "<html><head><meta charset=iso-8859-1></head><body><p>Le pr\xe9sident a dit \x93oui\x94 hier "
                                "\xe0 la radio publique du pays.</p></body></html>";
    qs_article *article = parse(qs_str_of(latin));
    check_zones(article, "body: Le pr\xc3\xa9sident a dit \xe2\x80\x9coui\xe2\x80\x9d hier \xc3\xa0 la radio publique du pays.\n");
    check_source(article, "\xe2\x80\x9coui\xe2\x80\x9d hier", "\x93oui\x94 hier");
    check_source(article, "sident", "sident");
    qs_article_destroy(article);
    static const char declared[] = "<meta charset=utf-8><body><p>A bad \xff byte stands in the middle of this one sentence.</p>";
    article = parse(qs_str_of(declared));
    check_source(article, "\xef\xbf\xbd byte", "\xff byte");
    qs_article_destroy(article);
    static const char wide[] = "\xff\xfe<\0p\0>\0S\0h\0e\0 \0s\0a\0i\0""d\0 \0\x1c\x20y\0e\0s\0\x1d\x20.\0<\0/\0p\0>\0";
    article = parse(qs_str_make(wide, sizeof wide - 1));
    check_zones(article, "body: She said \xe2\x80\x9cyes\xe2\x80\x9d.\n");
    qs_article_destroy(article);
}
END_TEST

START_TEST(damaged_pages_are_read_as_far_as_they_go)
{
    static const char *const pages[] = {"", "<", "<p", "<!--", "<p>&", "<p>&#", "<p>&#xD800;", "<p>&#0;", "<script>",
                                        "</p></p></q>", "<a href='", "plain words without any element in them",
                                        "<p>a<b>c</p>d</b>", "<title>x</title>", "<q><q><q></q>", "<br><br><br>a",
                                        "<![CDATA[x]]>", "<?php echo ?>text here", "<table><p>x</table>y", "<p>\xff\xfe</p>"};
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        qs_article *article = parse(qs_str_of(pages[i]));
        const size_t source = strlen(pages[i]);
        for (size_t p = 0; p < qs_article_paragraph_count(article); p++) {
            const qs_paragraph paragraph = qs_article_paragraph(article, p);
            const qs_span span = qs_article_source_span(article, paragraph.start, paragraph.end);
            ck_assert_msg(span.start <= span.end && span.end <= source, "page %zu", i);
        }
        qs_article_destroy(article);
    }
    qs_article *article = NULL;
    ck_assert_int_eq(qs_article_parse_html(&article, qs_str_make("<p>a\0b", 6), NULL, NULL), QS_EINPUT);
}
END_TEST

START_TEST(hostile_pages_take_bounded_time)
{
    qs_buf bytes = {0};
    qs_article *article = NULL;
    for (int i = 0; i < 100000; i++)
        qs_buf_add_text(&bytes, "<div>");
    for (int i = 0; i < 100000; i++)
        qs_buf_add_text(&bytes, "</b>");
    ck_assert_int_eq(qs_article_parse_html(&article, qs_buf_view(&bytes), NULL, NULL), QS_ELIMIT);
    ck_assert_ptr_null(article);
    qs_buf_clear(&bytes);
    qs_buf_add_text(&bytes, "<p");
    for (int i = 0; i < 150000; i++)
        qs_buf_addf(&bytes, " a%d", i);
    qs_buf_add_text(&bytes, ">x</p>");
    ck_assert_int_eq(qs_article_parse_html(&article, qs_buf_view(&bytes), NULL, NULL), QS_ELIMIT);
    qs_buf_clear(&bytes);
    for (int i = 0; i < 200000; i++)
        qs_buf_add_text(&bytes, "&");
    for (int i = 0; i < 100000; i++)
        qs_buf_add_text(&bytes, "<q>");
    ck_assert_int_eq(qs_article_parse_html(&article, qs_buf_view(&bytes), NULL, NULL), QS_ELIMIT);
    bytes.len = 200000; /* the ampersands alone */
    ck_assert_int_eq(qs_article_parse_html(&article, qs_buf_view(&bytes), NULL, NULL), QS_OK);
    qs_article_destroy(article);
    qs_buf_free(&bytes);
}
END_TEST

START_TEST(pages_are_told_from_text)
{
    ck_assert_int_eq(qs_article_format(qs_str_of("\n<!-- x --> <!DOCTYPE HTML><p>"), NULL), QS_FORMAT_HTML);
    ck_assert_int_eq(qs_article_format(qs_str_of("<HTML>"), "a.txt"), QS_FORMAT_HTML);
    ck_assert_int_eq(qs_article_format(qs_str_of("a"), "a.html.gz"), QS_FORMAT_HTML);
    ck_assert_int_eq(qs_article_format(qs_str_of("<3 html"), NULL), QS_FORMAT_TEXT);
    ck_assert_int_eq(qs_article_format(qs_str_of("<!--"), NULL), QS_FORMAT_TEXT);
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("html");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_page_is_told_from_its_clutter);
    tcase_add_test(tests, control_characters_are_left_out);
    tcase_add_test(tests, every_byte_of_long_text_maps);
    tcase_add_test(tests, other_encodings_map_to_their_own_bytes);
    tcase_add_test(tests, damaged_pages_are_read_as_far_as_they_go);
    tcase_add_test(tests, hostile_pages_take_bounded_time);
    tcase_add_test(tests, pages_are_told_from_text);
    return run_case("html", tests);
}
