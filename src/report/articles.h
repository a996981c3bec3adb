/* A page of articles with their quotes, for people. SPDX-License-Identifier: MIT */
#ifndef QS_REPORT_ARTICLES_H
#define QS_REPORT_ARTICLES_H

#include "report/report.h"

/** What one head says of a quote. */
typedef struct qs_page_answer {
    qs_str head;
    qs_str label;       /**< ptr NULL: abstained */
    double score;       /**< -1 to 1, NaN without such labels */
    double probability; /**< of the label */
} qs_page_answer;

/** A quote of an article. */
typedef struct qs_page_quote {
    size_t start, end; /**< in the article's text */
    qs_str speaker;    /**< to show; empty if nobody was found */
    int known;         /**< `speaker` is more than a pronoun: counts in tables of speakers */
    qs_str title;      /**< of the speaker; may be empty */
    const char *type;  /**< "direct", ... */
    const qs_page_answer *answers;
    size_t answer_count; /**< 0: not scored */
} qs_page_quote;

/** How a paragraph is shown. */
typedef enum qs_page_place {
    QS_PLACE_HEADLINE, /**< the first is the title of the section */
    QS_PLACE_DECK,
    QS_PLACE_SUBHEADING,
    QS_PLACE_BODY,
    QS_PLACE_SMALL /**< captions, datelines, bylines */
} qs_page_place;

typedef struct qs_page_paragraph {
    size_t start, end; /**< in the article's text; ascending, not overlapping */
    qs_page_place place;
} qs_page_paragraph;

/** An article; everything is borrowed during the call that takes it. */
typedef struct qs_page_article {
    qs_str name;
    qs_str date; /**< as written; empty: none */
    qs_str text;
    const qs_page_paragraph *paragraphs;
    size_t paragraph_count;
    const qs_page_quote *quotes; /**< in the order of the text */
    size_t quote_count;
} qs_page_article;

/** Articles on their way to a page. */
typedef struct qs_article_page qs_article_page;

/** How many articles are shown in full; the figures speak of all. */
#define QS_PAGE_ARTICLES 200

/** No articles. *out [owned] is NULL on failure. QS_ENOMEM. */
QS_NODISCARD qs_status qs_article_page_create(qs_article_page **out, qs_error *err);
/** NULL is fine. */
void qs_article_page_destroy(qs_article_page *page);
/** Adds an article. `number` is its place among all (from 0, each once): the page does not depend on the order of the calls.
 *  Any thread, also at the same time. QS_ENOMEM. */
QS_NODISCARD qs_status qs_article_page_add(qs_article_page *page, uint64_t number, const qs_page_article *article,
                                           qs_error *err);
/** Writes the page. QS_ENOMEM. */
QS_NODISCARD qs_status qs_article_page_write(qs_article_page *page, qs_buf *out, qs_error *err);

#endif
