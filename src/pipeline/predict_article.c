/* An article's quotes, scored. SPDX-License-Identifier: MIT */
#include "pipeline/predict_internal.h"

/* What is scored for a quote: its words without marks; those of all quotes of one utterance joined. */
static void join_group(qs_buf *out, const qs_quotes *quotes, const qs_quote *quote)
{
    qs_buf_clear(out);
    for (size_t i = 0; i < qs_quotes_count(quotes); i++) {
        const qs_quote *other = qs_quotes_at(quotes, i);
        if (other != quote && (other->group != quote->group || quote->group == 0 || other->nested_in != quote->nested_in))
            continue;
        if (out->len > 0)
            qs_buf_add_char(out, ' ');
        qs_buf_add_str(out, other->content);
    }
}

/* The index of the first quote of each group makes the join linear in the common case of one quote a group. */
static bool stands_alone(const qs_quotes *quotes, size_t index)
{
    const qs_quote *quote = qs_quotes_at(quotes, index);
    const bool before = index > 0 && qs_quotes_at(quotes, index - 1)->group == quote->group;
    const bool after = index + 1 < qs_quotes_count(quotes) && qs_quotes_at(quotes, index + 1)->group == quote->group;
    return !before && !after;
}

static qs_str context_of(const qs_article *article, const qs_quote *quote)
{
    const qs_paragraph paragraph = qs_article_paragraph(article, quote->paragraph);
    return qs_str_slice(qs_article_text(article), paragraph.start, paragraph.end);
}

static qs_status score_quote(qs_prediction *p, const qs_article *article, const qs_quotes *quotes, size_t index,
                             qs_error *err)
{
    const qs_quote *quote = qs_quotes_at(quotes, index);
    const qs_score *scores = NULL;
    size_t count = 0;
    qs_status status = QS_OK;
    if (p->scorer != NULL && quote->type != QS_QUOTE_SCARE) {
        qs_text text = {quote->content, context_of(article, quote), qs_str_of("")};
        if (!stands_alone(quotes, index)) {
            join_group(&p->joined, quotes, quote);
            status = qs_buf_status(&p->joined, err);
            text.text = qs_buf_view(&p->joined);
        }
        if (status == QS_OK)
            status = qs_scorer_score(p->scorer, &text, &scores, &count, err);
    }
    if (status == QS_OK && p->page != NULL)
        status = qs_page_draft_quote(&p->draft, article, quote, scores, count, err);
    if (status != QS_OK)
        return status;
    qs_write_quote(&p->piece->out, p->options, article, quote, quotes, scores, count);
    p->piece->has_rows = true;
    return QS_OK;
}

qs_status qs_prediction_article(qs_prediction *p, const qs_article *article, qs_str date, qs_error *err)
{
    const qs_extract_options extract = {.no_indirect = p->options->no_indirect,
                                        .all_marks = p->options->all_marks};
    qs_quotes *quotes = NULL;
    qs_status status = qs_quotes_extract(&quotes, article, &extract, err);
    for (size_t i = 0; status == QS_OK && i < qs_quotes_count(quotes); i++)
        status = score_quote(p, article, quotes, i, err);
    if (status == QS_OK && p->page != NULL)
        status = qs_page_draft_finish(&p->draft, p->page, p->piece->first + p->piece->summary.records - 1, article, date,
                                      err);
    if (status == QS_OK)
        p->piece->summary.quotes += qs_quotes_count(quotes);
    qs_quotes_destroy(quotes);
    return status;
}
