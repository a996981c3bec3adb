/* Explanations as JSON and as lines for people. SPDX-License-Identifier: MIT */
#include <math.h>

#include "pipeline/explain.h"
#include "pipeline/table.h"

#define DECIMALS 12
#define TABLE_DECIMALS 3
#define NGRAM_WIDTH 28

static void add_numbers(qs_buf *out, const qs_score *score, const double *numbers)
{
    for (size_t l = 0; l < score->label_count; l++) {
        qs_buf_add_char(out, l == 0 ? '{' : ',');
        qs_buf_add_json(out, score->labels[l]);
        qs_buf_add_char(out, ':');
        qs_buf_add_fixed(out, numbers[l], DECIMALS);
    }
    qs_buf_add_char(out, '}');
}

static void add_reason(qs_buf *out, const qs_score *score, const qs_reason *reason)
{
    qs_buf_add_text(out, "{\"text\":");
    qs_buf_add_json(out, reason->text);
    qs_buf_addf(out, ",\"kind\":\"%s\",\"field\":\"%s\",\"count\":%u", reason->kind, reason->field, reason->count);
    if (reason->source.ptr != NULL) {
        qs_buf_addf(out, ",\"start\":%zu,\"end\":%zu,\"source\":", reason->start, reason->start + reason->source.len);
        qs_buf_add_json(out, reason->source);
    }
    qs_buf_add_text(out, ",\"contributions\":");
    add_numbers(out, score, reason->contributions);
    qs_buf_add_char(out, '}');
}

/* What the reasons after the first `top` add up to for a label. */
static double rest(const qs_explanation *why, size_t top, size_t label)
{
    double sum = 0;
    for (size_t i = top; i < why->count; i++)
        sum += why->reasons[i].contributions[label];
    return sum;
}

void qs_add_explanation_json(qs_buf *out, const qs_score *score, size_t top)
{
    const qs_explanation *why = score->explanation;
    const size_t shown = why->count < top ? why->count : top;
    qs_buf_addf(out, "\"explanation\":{\"additive\":%s,\"margins\":", why->additive ? "true" : "false");
    add_numbers(out, score, why->margins);
    if (why->additive) {
        qs_buf_add_text(out, ",\"base\":");
        add_numbers(out, score, why->base);
    }
    qs_buf_add_text(out, ",\"reasons\":[");
    for (size_t i = 0; i < shown; i++) {
        if (i > 0)
            qs_buf_add_char(out, ',');
        add_reason(out, score, &why->reasons[i]);
    }
    qs_buf_add_char(out, ']');
    if (why->additive) {
        qs_buf_addf(out, ",\"rest\":{\"count\":%zu,\"contributions\":{", why->count - shown);
        for (size_t l = 0; l < score->label_count; l++) {
            qs_buf_add_text(out, l == 0 ? "" : ",");
            qs_buf_add_json(out, score->labels[l]);
            qs_buf_add_char(out, ':');
            qs_buf_add_fixed(out, rest(why, shown, l), DECIMALS);
        }
        qs_buf_add_text(out, "}}");
    }
    qs_buf_add_char(out, '}');
}

static void add_signed(qs_buf *out, double number)
{
    qs_buf_add_text(out, number < 0 ? "-" : "+");
    qs_buf_add_fixed(out, fabs(number), TABLE_DECIMALS);
}

static size_t label_number(const qs_score *score)
{
    size_t best = 0;
    for (size_t l = 0; l < score->label_count; l++) {
        if (score->labels[l].ptr == score->label.ptr)
            return l;
        best = score->probabilities[l] > score->probabilities[best] ? l : best;
    }
    return best;
}

static void add_table(qs_buf *out, const qs_score *score, size_t top)
{
    const qs_explanation *why = score->explanation;
    const size_t label = label_number(score);
    const size_t shown = why->count < top ? why->count : top;
    qs_buf_add_text(out, "    ");
    qs_add_cell(out, score->head, 0);
    qs_buf_add_text(out, ", margin of ");
    qs_add_cell(out, score->labels[label], 0);
    qs_buf_add_char(out, ' ');
    add_signed(out, why->margins[label]);
    qs_buf_add_text(out, why->additive ? ":\n" : "; without the word it would lose:\n");
    for (size_t i = 0; i < shown; i++) {
        const qs_reason *reason = &why->reasons[i];
        qs_buf_add_text(out, "      ");
        add_signed(out, reason->contributions[label]);
        qs_buf_add_text(out, "  ");
        qs_add_cell(out, reason->text, NGRAM_WIDTH);
        qs_buf_addf(out, "  %s%s%s\n", reason->kind, strcmp(reason->field, "text") == 0 ? "" : ", ",
                    strcmp(reason->field, "text") == 0 ? "" : reason->field);
    }
    if (!why->additive)
        return;
    qs_buf_add_text(out, "      ");
    add_signed(out, rest(why, shown, label));
    qs_buf_addf(out, "  %zu more\n      ", why->count - shown);
    add_signed(out, why->base[label]);
    qs_buf_add_text(out, "  bias\n");
}

void qs_add_explanations_table(qs_buf *out, const qs_score *scores, size_t count, size_t top)
{
    for (size_t i = count; i-- > 0;) /* as the columns stand: stance before sentiment */
        if (scores[i].explanation != NULL)
            add_table(out, &scores[i], top);
}
