/* Quotes with the scores they get. SPDX-License-Identifier: MIT */
#include "base/buf.h"
#include "pipeline/classifier_internal.h"
#include "pipeline/score_json.h"
#include "pipeline/scorer_internal.h"
#include "quotes/write.h"
#include "quotestance/scored.h"

/* Paragraphs and utterances that go on and on are scored in part, so that time stays in proportion to the article. */
#define JOINED_MAX ((size_t)16 * 1024)
#define JOINED_APART 256 /* other quotes between two of one utterance */
#define CONTEXT_MAX ((size_t)16 * 1024)
#define CONTEXT_SIDE ((size_t)4 * 1024)
#define CONTEXT_STEP ((size_t)8 * 1024) /* the parts of a very long paragraph begin so far apart: near quotes have the same */

/* The words without marks of all quotes of one utterance, whose number, from 1, is that of its first quote. */
static void join_group(qs_buf *out, const qs_quotes *quotes, const qs_quote *quote)
{
    size_t apart = 0;
    bool met = false;
    qs_buf_clear(out);
    for (size_t i = quote->group - 1; i < qs_quotes_count(quotes) && out->len < JOINED_MAX && apart < JOINED_APART; i++) {
        const qs_quote *other = qs_quotes_at(quotes, i);
        apart++;
        if (other != quote && (other->group != quote->group || other->nested_in != quote->nested_in))
            continue;
        apart = 0;
        met = met || other == quote;
        if (out->len > 0)
            qs_buf_add_char(out, ' ');
        qs_buf_add_str(out, other->content);
    }
    if (!met) { /* too far from the first: alone */
        qs_buf_clear(out);
        qs_buf_add_str(out, quote->content);
    }
}

/* A look at the neighbours makes the join linear in the common case of one quote a group. */
static bool stands_alone(const qs_quotes *quotes, size_t index)
{
    const qs_quote *quote = qs_quotes_at(quotes, index);
    const bool before = index > 0 && qs_quotes_at(quotes, index - 1)->group == quote->group;
    const bool after = index + 1 < qs_quotes_count(quotes) && qs_quotes_at(quotes, index + 1)->group == quote->group;
    return !before && !after;
}

static size_t character_border(qs_str text, size_t at)
{
    while (at > 0 && ((unsigned char)text.ptr[at] & 0xc0) == 0x80)
        at--;
    return at;
}

/* The paragraph around the quote, or what is near of a very long one. */
static qs_str context_of(const qs_article *article, const qs_quote *quote)
{
    const qs_str text = qs_article_text(article);
    const qs_paragraph paragraph = qs_article_paragraph(article, quote->paragraph);
    size_t start = paragraph.start;
    size_t end = paragraph.end;
    if (end - start > CONTEXT_MAX) {
        if (quote->span.start > start + CONTEXT_SIDE)
            start = character_border(text, start + (quote->span.start - start - CONTEXT_SIDE) / CONTEXT_STEP * CONTEXT_STEP);
        if (end - start > CONTEXT_MAX)
            end = character_border(text, start + CONTEXT_MAX);
    }
    return qs_str_slice(text, start, end);
}

qs_status qs_scorer_score_quote(qs_scorer *scorer, const qs_quotes *quotes, size_t index, qs_str target,
                                const qs_score **scores, size_t *count, qs_error *err)
{
    const qs_quote *quote = qs_quotes_at(quotes, index);
    const qs_article *article = qs_quotes_article(quotes);
    qs_text text = {quote->content, context_of(article, quote), target};
    *scores = NULL;
    *count = 0;
    if (quote->type == QS_QUOTE_SCARE)
        return QS_OK;
    if (!stands_alone(quotes, index)) {
        qs_buf *joined = qs_scorer_joined(scorer);
        join_group(joined, quotes, quote);
        const qs_status status = qs_buf_status(joined, err);
        if (status != QS_OK)
            return status;
        text.text = qs_buf_view(joined);
    }
    return qs_scorer_score(scorer, &text, scores, count, err);
}

/* A per-target model has no answer for a quote, which names no target: its heads are empty. */
static qs_status add_heads(qs_buf *out, const qs_quotes *quotes, size_t index, qs_scorer *scorer, qs_error *err)
{
    const qs_score *scores = NULL;
    size_t count = 0;
    qs_buf_clear(out);
    const qs_status status = qs_scorer_score_quote(scorer, quotes, index, qs_str_of(""), &scores, &count, err);
    if (status != QS_OK && status != QS_EINPUT)
        return status;
    qs_buf_add_char(out, ',');
    qs_add_heads_json(out, scores, status == QS_OK ? count : 0, SIZE_MAX);
    return qs_buf_status(out, err);
}

/* Hands the bytes over, with a NUL behind them. */
static qs_status hand_over(qs_buf *from, qs_status status, char **out, size_t *length, qs_error *err)
{
    qs_buf_add_char(from, '\0');
    if (status == QS_OK)
        status = qs_buf_status(from, err);
    if (status != QS_OK) {
        qs_buf_free(from);
        return status;
    }
    *out = from->ptr;
    *length = from->len - 1;
    return QS_OK;
}

qs_status qs_score_json(char **out, size_t *length, qs_scorer *scorer, const qs_text *text, size_t reasons,
                        qs_error *err)
{
    qs_buf object = {0};
    const qs_score *scores = NULL;
    size_t count = 0;
    *out = NULL;
    *length = 0;
    const qs_status status = qs_scorer_score(scorer, text, &scores, &count, err);
    qs_buf_add_char(&object, '{');
    qs_add_heads_json(&object, scores, status == QS_OK ? count : 0, reasons);
    qs_buf_add_char(&object, '}');
    return hand_over(&object, status, out, length, err);
}

qs_status qs_quotes_json(char **out, size_t *length, const qs_quotes *quotes, qs_scorer *scorer, qs_error *err)
{
    qs_buf lines = {0};
    qs_buf heads = {0};
    qs_status status = QS_OK;
    *out = NULL;
    *length = 0;
    for (size_t i = 0; i < qs_quotes_count(quotes) && status == QS_OK; i++) {
        if (scorer != NULL)
            status = add_heads(&heads, quotes, i, scorer, err);
        qs_quote_write_json(&lines, quotes, qs_quotes_at(quotes, i), qs_buf_view(&heads));
        qs_buf_add_char(&lines, '\n');
    }
    qs_buf_free(&heads);
    return hand_over(&lines, status, out, length, err);
}

void qs_json_free(char *json)
{
    qs_free(json);
}
