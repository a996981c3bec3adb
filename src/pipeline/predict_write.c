/* Scored records to the output, in every format. SPDX-License-Identifier: MIT */
#include <math.h>

#include "pipeline/dataset.h"
#include "pipeline/predict_internal.h"
#include "pipeline/score_json.h"
#include "pipeline/table.h"
#include "quotes/write.h"

#define LABEL_WIDTH 9
#define SPEAKER_WIDTH 20
#define QUOTE_LINES 3
#define SCORE_DECIMALS 6

static qs_status put(qs_prediction *p, qs_error *err)
{
    const qs_status status = qs_buf_status(&p->line, err);
    return status != QS_OK ? status : qs_outfile_write(p->out, qs_buf_view(&p->line), err);
}

static bool is_delimited(const qs_prediction *p)
{
    return p->options->format == QS_OUTPUT_TSV || p->options->format == QS_OUTPUT_CSV;
}

static void add_value(qs_prediction *p, qs_str value, bool first)
{
    const bool tsv = p->options->format == QS_OUTPUT_TSV;
    if (!first)
        qs_buf_add_char(&p->line, tsv ? '\t' : ',');
    if (tsv)
        qs_add_tsv(&p->line, value);
    else
        qs_add_csv(&p->line, value);
}

static void add_number(qs_prediction *p, double number)
{
    qs_buf_add_char(&p->line, p->options->format == QS_OUTPUT_TSV ? '\t' : ',');
    if (!isnan(number))
        qs_buf_add_fixed(&p->line, number, SCORE_DECIMALS);
}

static void add_whole(qs_prediction *p, uint64_t number)
{
    qs_buf_add_char(&p->line, p->options->format == QS_OUTPUT_TSV ? '\t' : ',');
    qs_buf_add_u64(&p->line, number);
}

/* Columns of one head in delimited output: label, score, and a probability for each label. */
static void add_head_names(qs_prediction *p)
{
    const qs_classifier *c = p->options->classifier;
    const size_t heads = c == NULL ? 0 : qs_classifier_is_per_target(c) ? 1 : qs_classifier_head_count(c);
    for (size_t h = 0; h < heads; h++) {
        qs_buf name = {0};
        const qs_str head = qs_classifier_is_per_target(c) ? qs_str_of("target") : qs_classifier_head_name(c, h);
        static const char *const parts[] = {"", ".score", ".probability"};
        for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) {
            qs_buf_clear(&name);
            qs_buf_add_str(&name, head);
            qs_buf_add_text(&name, parts[k]);
            add_value(p, qs_buf_view(&name), false);
            p->line.failed = p->line.failed || name.failed; /* before the next clears it */
        }
        qs_buf_free(&name);
    }
}

static double best_probability(const qs_score *score)
{
    double best = 0;
    for (size_t k = 0; k < score->label_count; k++)
        best = score->probabilities[k] > best ? score->probabilities[k] : best;
    return best;
}

static void add_scores(qs_prediction *p, const qs_score *scores, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        add_value(p, scores[i].label, false);
        add_number(p, scores[i].score);
        add_number(p, best_probability(&scores[i]));
    }
}

/* Tables show the heads in falling order of name, so that stance comes before sentiment. */
static void add_table_scores(qs_prediction *p, const qs_score *scores, size_t count)
{
    for (size_t i = count; i-- > 0;) {
        const char *colour = isnan(scores[i].score) || fabs(scores[i].score) < 0.2 ? ""
                             : scores[i].score > 0                                 ? "\033[32m"
                                                                                   : "\033[31m";
        if (p->options->colour)
            qs_buf_add_text(&p->line, colour);
        qs_add_cell(&p->line, scores[i].label, LABEL_WIDTH);
        if (!isnan(scores[i].score)) {
            qs_buf_add_text(&p->line, scores[i].score < 0 ? "-" : "+");
            qs_buf_add_fixed(&p->line, fabs(scores[i].score), 2);
        } else {
            qs_buf_add_char(&p->line, ' ');
            qs_buf_add_fixed(&p->line, best_probability(&scores[i]), 2);
        }
        if (p->options->colour && colour[0] != '\0')
            qs_buf_add_text(&p->line, "\033[0m");
        qs_buf_add_text(&p->line, "  ");
    }
}

static size_t score_width(size_t count)
{
    return count * (LABEL_WIDTH + 7);
}

static size_t text_width(const qs_prediction *p, size_t used)
{
    const size_t width = p->options->width == 0 ? 80 : p->options->width;
    return width > used + 20 ? width - used : 20;
}

static void head_row(qs_prediction *p, bool quotes)
{
    const qs_classifier *c = p->options->classifier;
    const size_t heads = c == NULL ? 0 : qs_classifier_is_per_target(c) ? 1 : qs_classifier_head_count(c);
    for (size_t h = heads; h-- > 0;) {
        const qs_str name = qs_classifier_is_per_target(c) ? qs_str_of("stance") : qs_classifier_head_name(c, h);
        const char *colon = memchr(name.ptr, ':', name.len);
        qs_add_cell(&p->line, colon == NULL ? name : qs_str_make(name.ptr, (size_t)(colon - name.ptr)),
                    LABEL_WIDTH + 6);
        qs_buf_add_char(&p->line, ' ');
    }
    if (quotes)
        qs_add_cell(&p->line, qs_str_of("speaker"), SPEAKER_WIDTH);
    qs_buf_add_text(&p->line, quotes ? "  quote\n" : "text\n");
}

/* --- texts ------------------------------------------------------------------------------------- */

static void add_text_json(qs_prediction *p, const qs_row *row, const qs_score *scores, size_t count)
{
    qs_buf_add_text(&p->line, "{\"id\":");
    if (row->columns[QS_COLUMN_ID].ptr != NULL)
        qs_buf_add_json(&p->line, row->columns[QS_COLUMN_ID]);
    else
        qs_buf_add_u64(&p->line, row->number);
    for (size_t i = 0; i < row->field_count; i++) {
        const qs_field *field = &row->fields[i];
        if (field->value.ptr == row->columns[QS_COLUMN_ID].ptr ||
            field->value.ptr == row->columns[QS_COLUMN_TEXT].ptr || qs_str_equal(field->name, qs_str_of("id")) ||
            qs_str_equal(field->name, qs_str_of("text")) || qs_str_equal(field->name, qs_str_of("heads")))
            continue;
        qs_buf_add_char(&p->line, ',');
        qs_buf_add_json(&p->line, field->name);
        qs_buf_add_char(&p->line, ':');
        if (field->is_string)
            qs_buf_add_json(&p->line, field->value);
        else
            qs_buf_add_str(&p->line, field->value);
    }
    qs_buf_add_text(&p->line, ",\"text\":");
    qs_buf_add_json(&p->line, row->columns[QS_COLUMN_TEXT]);
    qs_buf_add_char(&p->line, ',');
    qs_add_heads_json(&p->line, scores, count);
    qs_buf_add_text(&p->line, "}\n");
}

static void add_text_header(qs_prediction *p)
{
    if (p->options->format == QS_OUTPUT_TABLE)
        head_row(p, false);
    if (is_delimited(p)) {
        add_value(p, qs_str_of("id"), true);
        add_value(p, qs_str_of("target"), false);
        add_head_names(p);
        add_value(p, qs_str_of("text"), false);
        qs_buf_add_char(&p->line, '\n');
    }
    p->header_written = true;
}

qs_status qs_prediction_write_text(qs_prediction *p, const qs_row *row, const qs_score *scores,
                                   size_t count, qs_error *err)
{
    qs_buf_clear(&p->line);
    if (!p->header_written)
        add_text_header(p);
    if (p->options->format == QS_OUTPUT_JSONL) {
        add_text_json(p, row, scores, count);
    } else if (p->options->format == QS_OUTPUT_TABLE) {
        add_table_scores(p, scores, count);
        qs_add_cell(&p->line, row->columns[QS_COLUMN_TEXT], text_width(p, score_width(count)));
        qs_buf_add_char(&p->line, '\n');
    } else {
        add_value(p, row->columns[QS_COLUMN_ID], true);
        add_value(p, row->columns[QS_COLUMN_TARGET], false);
        add_scores(p, scores, count);
        add_value(p, row->columns[QS_COLUMN_TEXT], false);
        qs_buf_add_char(&p->line, '\n');
    }
    return put(p, err);
}

/* --- quotes ------------------------------------------------------------------------------------ */

static void add_quote_header(qs_prediction *p, const qs_article *article)
{
    if (p->options->format == QS_OUTPUT_TABLE) {
        const qs_str headline = qs_article_headline(article);
        qs_add_cell(&p->line, headline.len > 0 ? headline : qs_str_of(qs_article_name(article)), 0);
        qs_buf_add_text(&p->line, "\n\n");
        head_row(p, true);
    } else if (is_delimited(p) && !p->header_written) {
        static const char *const names[] = {"id", "type", "start", "end", "speaker", "speaker_as_written", "cue"};
        add_value(p, qs_str_of("doc"), true);
        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
            add_value(p, qs_str_of(names[i]), false);
        add_head_names(p);
        add_value(p, qs_str_of("text"), false);
        qs_buf_add_char(&p->line, '\n');
    }
    p->header_written = true;
}

static void add_quote_row(qs_prediction *p, const qs_article *article, const qs_quote *quote,
                          const qs_score *scores, size_t count)
{
    add_value(p, qs_str_of(qs_article_name(article)), true);
    add_whole(p, quote->id);
    add_value(p, qs_str_of(qs_quote_type_name(quote->type)), false);
    add_whole(p, quote->span.start);
    add_whole(p, quote->span.end);
    add_value(p, quote->speaker.canonical, false);
    add_value(p, quote->speaker.mention.text, false);
    add_value(p, quote->cue.text, false);
    add_scores(p, scores, count);
    add_value(p, quote->text, false);
    qs_buf_add_char(&p->line, '\n');
}

static void add_quote_line(qs_prediction *p, const qs_quote *quote, const qs_score *scores, size_t count)
{
    const qs_str speaker = quote->speaker.canonical.len > 0 ? quote->speaker.canonical
                                                            : quote->speaker.mention.text;
    add_table_scores(p, scores, count);
    qs_add_cell(&p->line, speaker.len > 0 ? speaker : qs_str_of("?"), SPEAKER_WIDTH);
    qs_buf_add_text(&p->line, "  ");
    const size_t indent = score_width(count) + SPEAKER_WIDTH + 2;
    qs_add_wrapped(&p->line, quote->text, text_width(p, indent), indent, QUOTE_LINES);
    qs_buf_add_char(&p->line, '\n');
}

qs_status qs_prediction_write_quote(qs_prediction *p, const qs_article *article, const qs_quote *quote,
                                    const qs_quotes *quotes, const qs_score *scores, size_t count,
                                    qs_error *err)
{
    qs_buf_clear(&p->line);
    if (p->options->format == QS_OUTPUT_JSONL) {
        qs_buf heads = {0};
        if (p->options->classifier != NULL) {
            qs_buf_add_char(&heads, ',');
            qs_add_heads_json(&heads, scores, count);
        }
        qs_quote_write_json(&p->line, quotes, quote, qs_buf_view(&heads));
        qs_buf_add_char(&p->line, '\n');
        p->line.failed = p->line.failed || heads.failed;
        qs_buf_free(&heads);
        return put(p, err);
    }
    if (quote == qs_quotes_at(quotes, 0))
        add_quote_header(p, article);
    if (p->options->format == QS_OUTPUT_TABLE)
        add_quote_line(p, quote, scores, count);
    else
        add_quote_row(p, article, quote, scores, count);
    return put(p, err);
}

/* --- rejects ----------------------------------------------------------------------------------- */

static void add_reject_json(qs_prediction *p, const qs_reject *reject)
{
    qs_buf_add_text(&p->line, "{\"id\":");
    if (reject->id.len > 0)
        qs_buf_add_json(&p->line, reject->id);
    else
        qs_buf_add_text(&p->line, "null");
    qs_buf_add_text(&p->line, ",\"line\":");
    qs_buf_add_u64(&p->line, reject->line);
    qs_buf_add_text(&p->line, ",\"error\":{\"code\":");
    qs_buf_add_json(&p->line, qs_str_of(reject->code));
    qs_buf_add_text(&p->line, ",\"message\":");
    qs_buf_add_json(&p->line, qs_str_of(reject->message));
    if (reject->offset != QS_NO_OFFSET) {
        qs_buf_add_text(&p->line, ",\"offset\":");
        qs_buf_add_u64(&p->line, reject->offset);
    }
    qs_buf_add_text(&p->line, "}}\n");
}

qs_status qs_prediction_reject(qs_prediction *p, const qs_reject *reject, qs_error *err)
{
    p->summary.rejected++;
    qs_remark(&p->options->remarks, "%s:%llu: record rejected: %s", reject->path,
              (unsigned long long)reject->line, reject->message);
    if (p->options->on_error == QS_ON_ERROR_FAIL)
        return qs_fail_at(err, QS_EINPUT, reject->line, reject->offset, "%s", reject->message);
    if (p->options->max_errors > 0 && p->summary.rejected >= p->options->max_errors)
        return qs_fail_at(err, QS_ELIMIT, reject->line, reject->offset, "%llu bad records, as many as --max-errors allows",
                          (unsigned long long)p->summary.rejected);
    if (p->options->on_error == QS_ON_ERROR_SKIP || p->options->format != QS_OUTPUT_JSONL)
        return QS_OK;
    qs_buf_clear(&p->line);
    add_reject_json(p, reject);
    return put(p, err);
}
