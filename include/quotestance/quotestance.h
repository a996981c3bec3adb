/* The whole public API in one include. A complete program, which the test suite takes from here and runs:

#include <quotestance/quotestance.h>
#include <stdio.h>

static const char page[] = "Talks in Doubt\n\n\"We reject these talks; there is nothing to negotiate with "
                           "murderers,\" General Pavel Orlov said on Monday.\n";

int main(void)
{
    qs_error error;
    qs_article *article = NULL;
    qs_quotes *quotes = NULL;
    qs_classifier *model = NULL;
    qs_scorer *scorer = NULL;
    qs_status status = qs_article_parse_plain(&article, qs_str_of(page), "page", &error);
    if (status == QS_OK)
        status = qs_quotes_extract(&quotes, article, NULL, &error);
    if (status == QS_OK)
        status = qs_classifier_open_bundled(&model, &error);
    if (status == QS_OK)
        status = qs_scorer_create(&scorer, model, &error);
    for (size_t i = 0; status == QS_OK && i < qs_quotes_count(quotes); i++) {
        const qs_quote *quote = qs_quotes_at(quotes, i);
        const qs_text text = {quote->content, {NULL, 0}, {NULL, 0}};
        const qs_score *scores = NULL;
        size_t heads = 0;
        status = qs_scorer_score(scorer, &text, &scores, &heads, &error);
        for (size_t h = 0; h < heads; h++)
            printf("%.*s: %.*s %.*s\n", (int)quote->speaker.mention.text.len, quote->speaker.mention.text.ptr,
                   (int)scores[h].head.len, scores[h].head.ptr, (int)scores[h].label.len, scores[h].label.ptr);
    }
    if (status != QS_OK)
        fprintf(stderr, "%s: %s\n", qs_status_words(status), error.message);
    qs_scorer_destroy(scorer);
    qs_classifier_close(model);
    qs_quotes_destroy(quotes);
    qs_article_destroy(article);
    return qs_status_exit_code(status);
}

 * Build it with: cc program.c $(pkg-config --cflags --libs quotestance)
 * SPDX-License-Identifier: MIT */
#ifndef QUOTESTANCE_H
#define QUOTESTANCE_H

#include "quotestance/article.h"
#include "quotestance/classifier.h"
#include "quotestance/corpus.h"
#include "quotestance/evaluation.h"
#include "quotestance/explain.h"
#include "quotestance/inspect.h"
#include "quotestance/judged.h"
#include "quotestance/predict.h"
#include "quotestance/quotes.h"
#include "quotestance/report.h"
#include "quotestance/rows.h"
#include "quotestance/scored.h"
#include "quotestance/settings.h"
#include "quotestance/shard.h"
#include "quotestance/status.h"
#include "quotestance/str.h"
#include "quotestance/trial.h"
#include "quotestance/version.h"

#endif
