/* Rows of quotes. SPDX-License-Identifier: MIT */
#include "pipeline/explain.h"
#include "pipeline/predict_internal.h"
#include "pipeline/score_json.h"
#include "pipeline/table.h"
#include "quotes/write.h"

#define SPEAKER_WIDTH 20
#define QUOTE_LINES 3

/* In tables each article has a head of its own. */
static void add_title(qs_buf *out, const qs_predict_options *options, const qs_article *article)
{
    const qs_str headline = qs_article_headline(article);
    qs_add_cell(out, headline.len > 0 ? headline : qs_str_of(qs_article_name(article)), 0);
    qs_buf_add_text(out, "\n\n");
    qs_table_score_names(out, options);
    qs_add_cell(out, qs_str_of("speaker"), SPEAKER_WIDTH);
    qs_buf_add_text(out, "  quote\n");
}

static void add_line(qs_buf *out, const qs_predict_options *options, const qs_quote *quote, const qs_score *scores,
                     size_t count)
{
    const qs_str speaker = quote->speaker.canonical.len > 0 ? quote->speaker.canonical
                                                            : quote->speaker.mention.text;
    qs_table_scores(out, options, scores, count);
    qs_add_cell(out, speaker.len > 0 ? speaker : qs_str_of("?"), SPEAKER_WIDTH);
    qs_buf_add_text(out, "  ");
    const size_t indent = qs_table_score_width(count) + SPEAKER_WIDTH + 2;
    qs_add_wrapped(out, quote->text, qs_table_text_width(options, indent), indent, QUOTE_LINES);
    qs_buf_add_char(out, '\n');
    qs_add_explanations_table(out, scores, count, options->reasons);
}

static void add_cells(qs_buf *out, const qs_predict_options *options, const qs_article *article,
                      const qs_quote *quote, const qs_score *scores, size_t count)
{
    const qs_output_format format = options->format;
    qs_cell_text(out, format, qs_str_of(qs_article_name(article)), true);
    qs_cell_text(out, format, qs_str_of("ok"), false);
    qs_cell_whole(out, format, quote->id);
    qs_cell_text(out, format, qs_str_of(qs_quote_type_name(quote->type)), false);
    qs_cell_whole(out, format, quote->span.start);
    qs_cell_whole(out, format, quote->span.end);
    qs_cell_text(out, format, quote->speaker.canonical, false);
    qs_cell_text(out, format, quote->speaker.mention.text, false);
    qs_cell_text(out, format, quote->cue.text, false);
    if (count > 0)
        qs_cell_scores(out, format, scores, count);
    else
        qs_cell_no_scores(out, options);
    qs_cell_text(out, format, quote->text, false);
    qs_buf_add_char(out, '\n');
}

static void add_json(qs_buf *out, const qs_predict_options *options, const qs_quote *quote, const qs_quotes *quotes,
                     const qs_score *scores, size_t count)
{
    qs_buf heads = {0};
    if (options->classifier != NULL) {
        qs_buf_add_char(&heads, ',');
        qs_add_heads_json(&heads, scores, count, options->reasons);
    }
    qs_quote_write_json(out, quotes, quote, qs_buf_view(&heads));
    qs_buf_add_char(out, '\n');
    out->failed = out->failed || heads.failed;
    qs_buf_free(&heads);
}

void qs_write_quote(qs_buf *out, const qs_predict_options *options, const qs_article *article,
                    const qs_quote *quote, const qs_quotes *quotes, const qs_score *scores, size_t count)
{
    if (options->format == QS_OUTPUT_JSONL) {
        add_json(out, options, quote, quotes, scores, count);
    } else if (options->format == QS_OUTPUT_TABLE) {
        if (quote == qs_quotes_at(quotes, 0))
            add_title(out, options, article);
        add_line(out, options, quote, scores, count);
    } else {
        add_cells(out, options, article, quote, scores, count);
    }
}
