/* Stance over time. SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>

#include "report/articles_internal.h"

#define BUCKETS_MAX 48
#define HEIGHT 200
#define MIDDLE (HEIGHT / 2)

typedef enum stride { STRIDE_DAY, STRIDE_WEEK, STRIDE_MONTH, STRIDE_YEAR, STRIDE_DECADE } stride;

/* Number of the period that a day lies in. */
static int period_of(stride step, int32_t day)
{
    int year = 0, month = 0, day_of_month = 0;
    qs_day_split(day, &year, &month, &day_of_month);
    switch (step) {
    case STRIDE_DAY:
        return day;
    case STRIDE_WEEK:
        return (day + 700003) / 7; /* Mondays; days of the year 1000 are still positive */
    case STRIDE_MONTH:
        return year * 12 + month - 1;
    case STRIDE_YEAR:
        return year;
    default:
        return year / 10;
    }
}

static void add_period(qs_buf *buf, stride step, int period)
{
    switch (step) {
    case STRIDE_DAY:
        qs_day_add(buf, period);
        break;
    case STRIDE_WEEK:
        qs_day_add(buf, period * 7 - 700003);
        break;
    case STRIDE_MONTH:
        qs_buf_addf(buf, "%s %d", qs_day_month_name(period % 12 + 1), period / 12);
        break;
    case STRIDE_YEAR:
        qs_buf_addf(buf, "%d", period);
        break;
    default:
        qs_buf_addf(buf, "%d0s", period);
    }
}

typedef struct timeline {
    stride step;
    int first;
    size_t count;
    qs_stance_sum *periods;
    const qs_leaning_words *words;
} timeline;

static void add_percent(qs_buf *buf, const char *name, double value)
{
    qs_buf_addf(buf, " %s=\"", name);
    qs_buf_add_fixed(buf, value, 2);
    qs_buf_add_text(buf, "%\"");
}

static double middle_of(const timeline *t, size_t i)
{
    return 4 + 94 * ((double)i + 0.5) / (double)t->count;
}

static void add_bar(qs_buf *buf, const timeline *t, size_t i, double from, double height, const char *class)
{
    const double width = 94.0 / (double)t->count * 0.8;
    if (height <= 0)
        return;
    qs_buf_addf(buf, "<rect class=\"bar %s\"", class);
    add_percent(buf, "x", middle_of(t, i) - width / 2);
    add_percent(buf, "width", width);
    qs_buf_add_text(buf, " y=\"");
    qs_buf_add_fixed(buf, from, 1);
    qs_buf_add_text(buf, "\" height=\"");
    qs_buf_add_fixed(buf, height, 1);
    qs_buf_add_text(buf, "\"/>");
}

static void add_mean_line(qs_buf *buf, const timeline *t)
{
    double before = NAN;
    size_t last = 0;
    for (size_t i = 0; i < t->count; i++) {
        const double mean = qs_stance_sum_mean(&t->periods[i]);
        if (isnan(mean))
            continue;
        const double y = MIDDLE - mean * (MIDDLE - 8);
        if (!isnan(before)) {
            qs_buf_add_text(buf, "<line class=\"trend\"");
            add_percent(buf, "x1", middle_of(t, last));
            add_percent(buf, "x2", middle_of(t, i));
            qs_buf_add_text(buf, " y1=\"");
            qs_buf_add_fixed(buf, before, 1);
            qs_buf_add_text(buf, "\" y2=\"");
            qs_buf_add_fixed(buf, y, 1);
            qs_buf_add_text(buf, "\"/>");
        }
        qs_buf_add_text(buf, "<circle class=\"point\" r=\"3.5\"");
        add_percent(buf, "cx", middle_of(t, i));
        qs_buf_add_text(buf, " cy=\"");
        qs_buf_add_fixed(buf, y, 1);
        qs_buf_add_text(buf, "\"/>");
        before = y;
        last = i;
    }
}

static uint64_t highest(const timeline *t)
{
    uint64_t most = 1;
    for (size_t i = 0; i < t->count; i++)
        for (int k = 0; k < QS_LEANING_COUNT; k++)
            if (k != QS_LEANS_NOWHERE && t->periods[i].leaning[k] > most)
                most = t->periods[i].leaning[k];
    return most;
}

static void add_plot(qs_buf *buf, const timeline *t)
{
    const double unit = (double)(MIDDLE - 8) / (double)highest(t);
    qs_buf_addf(buf, "<svg class=\"time\" width=\"100%%\" height=\"%d\" role=\"img\" aria-label=\"timeline; the table below "
                     "says the same\"><line class=\"axis\" x1=\"4%%\" x2=\"98%%\" y1=\"%d\" y2=\"%d\"/>",
                HEIGHT + 22, MIDDLE, MIDDLE);
    qs_buf_addf(buf, "<text x=\"0\" y=\"14\">+1</text><text x=\"0\" y=\"%d\">0</text><text x=\"0\" y=\"%d\">"
                     "\xe2\x88\x92" "1</text>", MIDDLE + 4, HEIGHT - 4);
    for (size_t i = 0; i < t->count; i++) {
        const double up = (double)t->periods[i].leaning[QS_LEANS_FOR] * unit;
        add_bar(buf, t, i, MIDDLE - up, up, "favor");
        add_bar(buf, t, i, MIDDLE, (double)t->periods[i].leaning[QS_LEANS_AGAINST] * unit, "against");
    }
    add_mean_line(buf, t);
    const size_t labelled[3] = {0, t->count / 2, t->count - 1};
    static const char *const anchors[3] = {"start", "middle", "end"};
    for (size_t i = 0; i < 3; i++) {
        if (i == 1 && t->count < 5)
            continue;
        qs_buf_addf(buf, "<text y=\"%d\" text-anchor=\"%s\"", HEIGHT + 16, anchors[i]);
        add_percent(buf, "x", i == 0 ? 4 : i == 2 ? 98 : middle_of(t, labelled[i]));
        qs_buf_add_char(buf, '>');
        add_period(buf, t->step, t->first + (int)labelled[i]);
        qs_buf_add_text(buf, "</text>");
    }
    qs_buf_add_text(buf, "</svg>\n");
}

static void add_table(qs_buf *buf, const timeline *t)
{
    static const char *const columns[] = {"day", "week from", "month", "year", "decade"};
    qs_buf_addf(buf, "<details><summary>Timeline as a table</summary><div class=\"scroll\" tabindex=\"0\" role=\"region\" "
                     "aria-label=\"table of the timeline\"><table><thead><tr><th scope=\"col\" class=\"text\">%s</th><th "
                     "scope=\"col\">quotes</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s"
                     "</th><th scope=\"col\">mean</th></tr></thead><tbody>\n",
                columns[t->step], t->words->word[QS_LEANS_FOR], t->words->word[QS_LEANS_NOWHERE],
                t->words->word[QS_LEANS_AGAINST]);
    for (size_t i = 0; i < t->count; i++) {
        const qs_stance_sum *sum = &t->periods[i];
        if (sum->quotes == 0)
            continue;
        qs_buf_add_text(buf, "<tr><th scope=\"row\">");
        add_period(buf, t->step, t->first + (int)i);
        qs_buf_add_text(buf, "</th><td>");
        qs_report_count(buf, sum->quotes, 0);
        for (int k = QS_LEANING_COUNT - 1; k >= 0; k--) {
            qs_buf_add_text(buf, "</td><td>");
            qs_report_count(buf, sum->leaning[k], 0);
        }
        qs_buf_add_text(buf, "</td><td>");
        qs_page_score(buf, qs_stance_sum_mean(sum));
        qs_buf_add_text(buf, "</td></tr>\n");
    }
    qs_buf_add_text(buf, "</tbody></table></div></details>\n");
}

static void add_section(qs_buf *buf, const timeline *t)
{
    static const char *const names[] = {"day", "week", "month", "year", "decade"};
    qs_buf_addf(buf, "<section aria-labelledby=\"timeline\">\n<h2 id=\"timeline\">Timeline</h2>\n<figure class=\"full\">"
                     "<figcaption>%s by %s</figcaption>\n<p class=\"soft\">Bars: quotes %s (up, at most ",
                t->words->head[1] == 't' ? "Stance" : "Sentiment", names[t->step], t->words->word[QS_LEANS_FOR]);
    qs_report_count(buf, highest(t), 0);
    qs_buf_addf(buf, ") and %s (down). Line: mean score of all quotes, from \xe2\x88\x92" "1 to +1.</p>\n",
                t->words->word[QS_LEANS_AGAINST]);
    add_plot(buf, t);
    add_table(buf, t);
    qs_buf_add_text(buf, "</figure>\n</section>\n");
}

qs_status qs_page_add_timeline(qs_buf *buf, const qs_noted_quote *quotes, size_t count, const qs_leaning_words *words,
                               qs_error *err)
{
    int32_t first = INT32_MAX, last = INT32_MIN;
    timeline t = {.words = words};
    for (size_t i = 0; i < count; i++) {
        if (quotes[i].day == QS_NO_DAY || !quotes[i].scored)
            continue;
        first = quotes[i].day < first ? quotes[i].day : first;
        last = quotes[i].day > last ? quotes[i].day : last;
    }
    if (first >= last)
        return QS_OK;
    while (t.step < STRIDE_DECADE && period_of(t.step, last) - period_of(t.step, first) >= BUCKETS_MAX)
        t.step = (stride)(t.step + 1);
    t.first = period_of(t.step, first);
    t.count = (size_t)(period_of(t.step, last) - t.first) + 1;
    t.periods = qs_alloc_zero(t.count, sizeof *t.periods);
    if (t.periods == NULL)
        return qs_fail(err, QS_ENOMEM, "timeline of %zu periods", t.count);
    for (size_t i = 0; i < count; i++)
        if (quotes[i].day != QS_NO_DAY && quotes[i].scored)
            qs_stance_sum_add(&t.periods[period_of(t.step, quotes[i].day) - t.first], &quotes[i]);
    add_section(buf, &t);
    qs_free(t.periods);
    return qs_buf_status(buf, err);
}
