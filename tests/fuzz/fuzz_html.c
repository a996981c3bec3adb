/* Fuzz target: any bytes as a web page. Paragraphs must ascend within the text and map into the source.
 * SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "quotestance/article.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void demand(int true_always)
{
    if (!true_always)
        abort();
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    qs_article *article = NULL;
    size_t last = 0, last_source = 0;
    if (qs_article_parse_html(&article, qs_str_make((const char *)data, size), NULL, NULL) != QS_OK)
        return 0;
    for (size_t i = 0; i < qs_article_paragraph_count(article); i++) {
        const qs_paragraph p = qs_article_paragraph(article, i);
        demand(p.start >= last && p.end > p.start && p.end <= qs_article_text(article).len);
        const qs_span span = qs_article_source_span(article, p.start, p.end);
        demand(span.start >= last_source && span.start <= span.end && span.end <= size);
        demand(span.char_start <= span.char_end && span.char_end <= span.end);
        last = p.end;
        last_source = span.start;
    }
    qs_article_destroy(article);
    return 0;
}
