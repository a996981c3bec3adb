/* Scores as cells of delimited rows and of tables. SPDX-License-Identifier: MIT */
#include <math.h>

#include "pipeline/predict_internal.h"
#include "pipeline/table.h"

#define LABEL_WIDTH 9
#define SCORE_DECIMALS 6

bool qs_is_delimited(qs_output_format format)
{
    return format == QS_OUTPUT_TSV || format == QS_OUTPUT_CSV;
}

static void add_delimiter(qs_buf *out, qs_output_format format)
{
    qs_buf_add_char(out, format == QS_OUTPUT_TSV ? '\t' : ',');
}

void qs_cell_text(qs_buf *out, qs_output_format format, qs_str value, bool first)
{
    if (!first)
        add_delimiter(out, format);
    if (format == QS_OUTPUT_TSV)
        qs_add_tsv(out, value);
    else
        qs_add_csv(out, value);
}

void qs_cell_number(qs_buf *out, qs_output_format format, double number)
{
    add_delimiter(out, format);
    if (!isnan(number))
        qs_buf_add_fixed(out, number, SCORE_DECIMALS);
}

void qs_cell_whole(qs_buf *out, qs_output_format format, uint64_t number)
{
    add_delimiter(out, format);
    qs_buf_add_u64(out, number);
}

/* A model with one head for each target answers by one of them. */
static size_t answers(const qs_classifier *c)
{
    return c == NULL ? 0 : qs_classifier_is_per_target(c) ? 1 : qs_classifier_head_count(c);
}

void qs_cell_score_names(qs_buf *out, const qs_predict_options *options)
{
    static const char *const parts[] = {"", ".score", ".probability"};
    const qs_classifier *c = options->classifier;
    for (size_t h = 0; h < answers(c); h++) {
        qs_buf name = {0};
        const qs_str head = qs_classifier_is_per_target(c) ? qs_str_of("target") : qs_classifier_head_name(c, h);
        for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) {
            qs_buf_clear(&name);
            qs_buf_add_str(&name, head);
            qs_buf_add_text(&name, parts[k]);
            qs_cell_text(out, options->format, qs_buf_view(&name), false);
            out->failed = out->failed || name.failed; /* before the next clears it */
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

void qs_cell_scores(qs_buf *out, qs_output_format format, const qs_score *scores, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        qs_cell_text(out, format, scores[i].label, false);
        qs_cell_number(out, format, scores[i].score);
        qs_cell_number(out, format, best_probability(&scores[i]));
    }
}

void qs_cell_no_scores(qs_buf *out, const qs_predict_options *options)
{
    for (size_t i = 0; i < 3 * answers(options->classifier); i++)
        add_delimiter(out, options->format);
}

/* Tables show the heads in falling order of name, so that stance comes before sentiment. */
void qs_table_scores(qs_buf *out, const qs_predict_options *options, const qs_score *scores, size_t count)
{
    for (size_t i = count; i-- > 0;) {
        const char *colour = isnan(scores[i].score) || fabs(scores[i].score) < 0.2 ? ""
                             : scores[i].score > 0                                 ? "\033[32m"
                                                                                   : "\033[31m";
        if (options->colour)
            qs_buf_add_text(out, colour);
        qs_add_cell(out, scores[i].label, LABEL_WIDTH);
        if (!isnan(scores[i].score)) {
            qs_buf_add_text(out, scores[i].score < 0 ? "-" : "+");
            qs_buf_add_fixed(out, fabs(scores[i].score), 2);
        } else {
            qs_buf_add_char(out, ' ');
            qs_buf_add_fixed(out, best_probability(&scores[i]), 2);
        }
        if (options->colour && colour[0] != '\0')
            qs_buf_add_text(out, "\033[0m");
        qs_buf_add_text(out, "  ");
    }
}

void qs_table_score_names(qs_buf *out, const qs_predict_options *options)
{
    const qs_classifier *c = options->classifier;
    for (size_t h = answers(c); h-- > 0;) {
        const qs_str name = qs_classifier_is_per_target(c) ? qs_str_of("stance") : qs_classifier_head_name(c, h);
        const char *colon = memchr(name.ptr, ':', name.len);
        qs_add_cell(out, colon == NULL ? name : qs_str_make(name.ptr, (size_t)(colon - name.ptr)), LABEL_WIDTH + 6);
        qs_buf_add_char(out, ' ');
    }
}

size_t qs_table_score_width(size_t count)
{
    return count * (LABEL_WIDTH + 7);
}

size_t qs_table_text_width(const qs_predict_options *options, size_t used)
{
    const size_t width = options->width == 0 ? 80 : options->width;
    return width > used + 20 ? width - used : 20;
}
