/* The page of a run over articles: hooks for the scoring of one article. SPDX-License-Identifier: MIT */
#ifndef QS_PIPELINE_PREDICT_PAGE_H
#define QS_PIPELINE_PREDICT_PAGE_H

#include "base/arena.h"
#include "quotestance/classifier.h"
#include "quotestance/quotes.h"
#include "report/articles.h"

/** One article on its way to the page. Zero-initialise; qs_page_draft_free releases. One thread at a time. */
typedef struct qs_page_draft {
    qs_page_quote *quotes;
    size_t count, capacity;
    qs_arena arena;
} qs_page_draft;

void qs_page_draft_free(qs_page_draft *draft);

/** Notes a quote and what the heads say of it; in the order of the text. The quote's views must live until
 *  qs_page_draft_finish, the scores are copied. QS_ENOMEM. */
QS_NODISCARD qs_status qs_page_draft_quote(qs_page_draft *draft, const qs_article *article, const qs_quote *quote,
                                           const qs_score *scores, size_t count, qs_error *err);

/** Hands the article to the page as number `number` (from 0) and empties the draft. `date` as the record has it; empty: one is
 *  looked for in the dateline. Any thread. QS_ENOMEM. */
QS_NODISCARD qs_status qs_page_draft_finish(qs_page_draft *draft, qs_article_page *page, uint64_t number,
                                            const qs_article *article, qs_str date, qs_error *err);

/** Writes the page to `path`, whole or not at all. QS_EIO, QS_ENOMEM. */
QS_NODISCARD qs_status qs_article_page_save(qs_article_page *page, const char *path, qs_error *err);

#endif
