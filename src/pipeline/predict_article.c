/* An article's quotes, scored. SPDX-License-Identifier: MIT */
#include "pipeline/predict_internal.h"
#include "quotes/write.h"
#include "quotestance/scored.h"
#include "text/mojibake.h"

static qs_status score_quote(qs_prediction *p, const qs_article *article, const qs_quotes *quotes, size_t index,
                             qs_error *err)
{
    const qs_quote *quote = qs_quotes_at(quotes, index);
    const qs_score *scores = NULL;
    size_t count = 0;
    qs_status status = QS_OK;
    if (p->scorer != NULL)
        status = qs_scorer_score_quote(p->scorer, quotes, index, qs_str_of(""), &scores, &count, err);
    if (status == QS_OK && p->page != NULL)
        status = qs_page_draft_quote(&p->draft, article, quote, scores, count, err);
    if (status != QS_OK)
        return status;
    if (p->options->format != QS_OUTPUT_CITRON)
        qs_write_quote(&p->piece->out, p->options, article, quote, quotes, scores, count);
    p->piece->has_rows = true;
    return QS_OK;
}

/* Says that the article was decoded wrongly before it came here; its marks may be lost. */
static void remark_mojibake(qs_prediction *p, const qs_article *article)
{
    const qs_str text = qs_article_text(article);
    size_t start = 0;
    size_t end = 0;
    if (p->options->remarks.line == NULL || !qs_mojibake_find(text, &start, &end))
        return;
    qs_buf_addf(&p->piece->remarks, "%s: read in the wrong encoding before: \"%.*s\" at byte %zu of the text; --encoding may help",
                qs_article_name(article), (int)(end - start > 24 ? 24 : end - start), text.ptr + start, start);
    qs_buf_add_char(&p->piece->remarks, '\0');
}

qs_status qs_prediction_article(qs_prediction *p, const qs_article *article, qs_str date, qs_error *err)
{
    const qs_extract_options extract = {.no_indirect = p->options->no_indirect,
                                        .all_marks = p->options->all_marks};
    qs_quotes *quotes = NULL;
    remark_mojibake(p, article);
    qs_status status = qs_quotes_extract(&quotes, article, &extract, err);
    for (size_t i = 0; status == QS_OK && i < qs_quotes_count(quotes); i++)
        status = score_quote(p, article, quotes, i, err);
    if (status == QS_OK && p->page != NULL)
        status = qs_page_draft_finish(&p->draft, p->page, p->piece->first + p->piece->summary.records - 1, article, date,
                                      err);
    if (status == QS_OK && p->options->format == QS_OUTPUT_CITRON) {
        qs_quotes_write_citron(&p->piece->out, quotes);
        qs_buf_add_char(&p->piece->out, '\n');
        p->piece->has_rows = true;
    }
    if (status == QS_OK && p->options->brat != NULL)
        status = qs_brat_save(p->options->brat, p->piece->first + p->piece->summary.records, article, quotes, err);
    if (status == QS_OK)
        p->piece->summary.quotes += qs_quotes_count(quotes);
    qs_quotes_destroy(quotes);
    return status;
}
