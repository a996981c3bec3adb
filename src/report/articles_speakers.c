/* Who speaks, how often, and which way. SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>

#include "report/articles_internal.h"

#define FIGURE_ROWS 15
#define FIGURE_DOTS 400 /* of one speaker */
#define TABLE_ROWS 500

typedef struct speaker_sum {
    qs_str name, title;
    qs_stance_sum sum;
    const qs_noted_quote **quotes; /* his, in order */
    size_t taken;
} speaker_sum;

void qs_stance_sum_add(qs_stance_sum *sum, const qs_noted_quote *quote)
{
    sum->quotes++;
    if (!quote->scored)
        return;
    sum->leaning[quote->leaning]++;
    if (!isnan(quote->score)) {
        sum->scored++;
        sum->total += quote->score;
    }
}

double qs_stance_sum_mean(const qs_stance_sum *sum)
{
    return sum->scored == 0 ? NAN : sum->total / (double)sum->scored;
}

static int by_quotes(const void *a, const void *b)
{
    const speaker_sum *x = a, *y = b;
    if (x->sum.quotes != y->sum.quotes)
        return x->sum.quotes > y->sum.quotes ? -1 : 1;
    return qs_str_compare(x->name, y->name);
}

static void add_dots(qs_buf *buf, const speaker_sum *speaker)
{
    const double mean = qs_stance_sum_mean(&speaker->sum);
    qs_buf_add_text(buf, "<svg class=\"strip\" width=\"100%\" height=\"22\" aria-hidden=\"true\"><line class=\"axis\" "
                         "x1=\"2%\" x2=\"98%\" y1=\"11\" y2=\"11\"/><line class=\"axis\" x1=\"50%\" x2=\"50%\" "
                         "y1=\"2\" y2=\"20\"/>");
    for (size_t i = 0; i < speaker->taken && i < FIGURE_DOTS; i++) {
        const qs_noted_quote *quote = speaker->quotes[i];
        if (isnan(quote->score))
            continue;
        qs_buf_addf(buf, "<circle class=\"%s\" cy=\"11\" r=\"5\" cx=\"", qs_page_leaning_class(quote->leaning));
        qs_buf_add_fixed(buf, 50 + quote->score * 48, 1);
        qs_buf_add_text(buf, "%\"/>");
    }
    qs_buf_add_text(buf, "<line class=\"mean\" y1=\"1\" y2=\"21\" x1=\"");
    qs_buf_add_fixed(buf, 50 + mean * 48, 1);
    qs_buf_add_text(buf, "%\" x2=\"");
    qs_buf_add_fixed(buf, 50 + mean * 48, 1);
    qs_buf_add_text(buf, "%\"/></svg>");
}

static void add_figure(qs_buf *buf, const speaker_sum *speakers, size_t count, const qs_leaning_words *words)
{
    size_t shown = 0;
    qs_buf_addf(buf, "<figure class=\"full\"><figcaption>%s by speaker</figcaption>\n<p class=\"soft\">One dot a quote, from "
                     "%s (left) to %s (right); the upright line is the mean.</p>\n<ul class=\"strips\">\n",
                words->head[1] == 't' ? "Stance" : "Sentiment", words->word[QS_LEANS_AGAINST],
                words->word[QS_LEANS_FOR]);
    for (size_t i = 0; i < count && shown < FIGURE_ROWS; i++) {
        if (speakers[i].sum.scored == 0)
            continue;
        shown++;
        qs_buf_add_text(buf, "<li><bdi>");
        qs_markup_text(buf, speakers[i].name);
        qs_buf_add_text(buf, "</bdi>");
        add_dots(buf, &speakers[i]);
        qs_buf_add_text(buf, "<span class=\"num\"><span class=\"vh\">mean </span>");
        qs_page_score(buf, qs_stance_sum_mean(&speakers[i].sum));
        qs_buf_add_text(buf, "</span></li>\n");
    }
    qs_buf_add_text(buf, "</ul></figure>\n");
}

static void add_row(qs_buf *buf, const speaker_sum *speaker, int scored)
{
    static const qs_leaning order[] = {QS_LEANS_FOR, QS_LEANS_NOWHERE, QS_LEANS_AGAINST};
    qs_buf_add_text(buf, "<tr><th scope=\"row\"><bdi>");
    qs_markup_text(buf, speaker->name);
    qs_buf_add_text(buf, "</bdi>");
    if (speaker->title.len > 0) {
        qs_buf_add_text(buf, "<span class=\"soft under\"><bdi>");
        qs_markup_text(buf, speaker->title);
        qs_buf_add_text(buf, "</bdi></span>");
    }
    qs_buf_add_text(buf, "</th><td>");
    qs_report_count(buf, speaker->sum.quotes, 0);
    qs_buf_add_text(buf, "</td>");
    for (int i = 0; i < QS_LEANING_COUNT && scored; i++) {
        qs_buf_add_text(buf, "<td>");
        qs_report_count(buf, speaker->sum.leaning[order[i]], 0);
        qs_buf_add_text(buf, "</td>");
    }
    if (scored) {
        qs_buf_add_text(buf, "<td>");
        qs_page_score(buf, qs_stance_sum_mean(&speaker->sum));
        qs_buf_add_text(buf, "</td>");
    }
    qs_buf_add_text(buf, "</tr>\n");
}

static void add_table(qs_buf *buf, const speaker_sum *speakers, size_t count, int scored,
                      const qs_leaning_words *words, const char *name)
{
    qs_buf_addf(buf, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"%s\"><table>", name);
    qs_buf_add_text(buf, "<thead><tr><th scope=\"col\" class=\"text\">speaker</th><th scope=\"col\">quotes</th>");
    if (scored)
        qs_buf_addf(buf, "<th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th><th "
                         "scope=\"col\">mean</th>",
                    words->word[QS_LEANS_FOR], words->word[QS_LEANS_NOWHERE], words->word[QS_LEANS_AGAINST]);
    qs_buf_add_text(buf, "</tr></thead><tbody>\n");
    for (size_t i = 0; i < count; i++)
        add_row(buf, &speakers[i], scored);
    qs_buf_add_text(buf, "</tbody></table></div>\n");
}

static void add_rest(qs_buf *buf, const speaker_sum *speakers, size_t count, int scored, const qs_leaning_words *words)
{
    const size_t shown = count < TABLE_ROWS ? count : TABLE_ROWS;
    qs_buf_addf(buf, "<details><summary>%zu more speakers</summary>\n", count);
    add_table(buf, speakers, shown, scored, words, "more speakers");
    if (count > shown)
        qs_buf_addf(buf, "<p class=\"soft\">%zu more are not shown.</p>\n", count - shown);
    qs_buf_add_text(buf, "</details>\n");
}

/* Fills the sums and hands each speaker his quotes out of `room` (one place a quote). */
static void gather(speaker_sum *sums, const qs_noted_quote **room, const qs_noted_quote *quotes, size_t count,
                   size_t speakers)
{
    size_t start = 0;
    for (size_t i = 0; i < count; i++)
        if (quotes[i].speaker != QS_NO_SPEAKER)
            qs_stance_sum_add(&sums[quotes[i].speaker].sum, &quotes[i]);
    for (size_t i = 0; i < speakers; i++) {
        sums[i].quotes = room + start;
        start += sums[i].sum.quotes;
    }
    for (size_t i = 0; i < count; i++)
        if (quotes[i].speaker != QS_NO_SPEAKER) {
            speaker_sum *sum = &sums[quotes[i].speaker];
            sum->quotes[sum->taken++] = &quotes[i];
        }
}

qs_status qs_page_add_speakers(qs_buf *buf, const qs_noted_quote *quotes, size_t count, const qs_str *names,
                               const qs_str *titles, size_t speakers, const qs_leaning_words *words, qs_error *err)
{
    int scored = 0;
    if (speakers == 0)
        return QS_OK;
    speaker_sum *sums = qs_alloc_zero(speakers, sizeof *sums);
    const qs_noted_quote **room = qs_alloc(count, sizeof *room);
    if (sums == NULL || room == NULL) {
        qs_free(sums);
        qs_free(room);
        return qs_fail(err, QS_ENOMEM, "table of %zu speakers", speakers);
    }
    gather(sums, room, quotes, count, speakers);
    for (size_t i = 0; i < speakers; i++) {
        sums[i].name = names[i];
        sums[i].title = titles[i];
        scored |= sums[i].sum.scored > 0;
    }
    qsort(sums, speakers, sizeof *sums, by_quotes);
    qs_buf_add_text(buf, "<section aria-labelledby=\"speakers\">\n<h2 id=\"speakers\">Speakers</h2>\n<div class=\"pair\">\n");
    if (scored)
        add_figure(buf, sums, speakers, words);
    add_table(buf, sums, speakers < FIGURE_ROWS ? speakers : FIGURE_ROWS, scored, words, "most quoted speakers");
    qs_buf_add_text(buf, "</div>\n");
    if (speakers > FIGURE_ROWS)
        add_rest(buf, sums + FIGURE_ROWS, speakers - FIGURE_ROWS, scored, words);
    qs_buf_add_text(buf, "</section>\n");
    qs_free(sums);
    qs_free(room);
    return qs_buf_status(buf, err);
}
