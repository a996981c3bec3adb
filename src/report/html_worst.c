/* What went wrong, and where: slices and the worst rows. SPDX-License-Identifier: MIT */
#include <math.h>

#include "report/html_parts.h"

#define TEXT_CHARACTERS 600

static void start_slices(qs_buf *buf, qs_str column, const qs_baseline *baseline)
{
    qs_buf_add_text(buf, "<h3>By <bdi>");
    qs_markup_text(buf, column);
    qs_buf_add_text(buf, "</bdi></h3>\n");
    qs_html_start_table(buf, "the same figures for parts of the rows", column);
    qs_buf_add_text(buf, "<thead><tr><th scope=\"col\" class=\"text\">value</th><th scope=\"col\">rows</th><th "
                         "scope=\"col\">macro F1</th>");
    if (baseline != NULL)
        qs_buf_add_text(buf, "<th scope=\"col\">baseline</th>");
    qs_buf_add_text(buf, "<th scope=\"col\">F avg</th><th scope=\"col\">accuracy</th></tr></thead><tbody>\n");
}

static void add_slice(qs_buf *buf, const qs_metric_set *set, const qs_baseline *baseline)
{
    static const qs_metric shown[] = {QS_METRIC_MACRO_F1, QS_METRIC_F_AVG, QS_METRIC_ACCURACY};
    qs_buf_add_text(buf, "<tr><th scope=\"row\"><bdi>");
    qs_markup_text(buf, set->name.len == 0 ? qs_str_of("(none)") : set->name);
    qs_buf_add_text(buf, "</bdi></th>");
    qs_html_count_cell(buf, set->rows);
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
        qs_html_number_cell(buf, set->values[shown[i]], set->intervals[shown[i]]);
        if (i > 0 || baseline == NULL)
            continue;
        qs_buf_add_text(buf, "<td>");
        qs_markup_number(buf, qs_html_value_before(buf, set, shown[i], baseline), 3);
        qs_buf_add_text(buf, "</td>");
    }
    qs_buf_add_text(buf, "</tr>\n");
}

void qs_html_add_slices(qs_buf *buf, const qs_metrics *metrics, const qs_baseline *baseline)
{
    const size_t count = qs_metrics_slice_count(metrics);
    if (count == 0)
        return;
    qs_buf_add_text(buf, "<section aria-labelledby=\"slices\">\n<h2 id=\"slices\">Parts of the rows</h2>\n");
    for (size_t i = 0; i < count;) {
        const qs_str column = qs_metrics_slice(metrics, i)->column;
        start_slices(buf, column, baseline);
        for (; i < count && qs_str_equal(qs_metrics_slice(metrics, i)->column, column); i++)
            add_slice(buf, qs_metrics_slice(metrics, i), baseline);
        qs_html_end_table(buf);
    }
    qs_buf_add_text(buf, "</section>\n");
}

static void add_short_text(qs_buf *buf, qs_str text)
{
    qs_buf plain = {0};
    (void)qs_report_plain(&plain, text, TEXT_CHARACTERS);
    qs_markup_text(buf, qs_buf_view(&plain));
    buf->failed = buf->failed || plain.failed;
    qs_buf_free(&plain);
}

static void add_causes(qs_buf *buf, const qs_wrong_row *row)
{
    qs_buf_add_text(buf, "<p class=\"causes\"><span class=\"soft\">spoke for <bdi>");
    qs_markup_text(buf, row->predicted);
    qs_buf_add_text(buf, "</bdi>:</span>");
    for (size_t i = 0; i < row->cause_count; i++) {
        qs_buf_addf(buf, " <span class=\"cause%s\"><bdi>", row->causes[i].weight < 0 ? " against" : "");
        qs_markup_text(buf, row->causes[i].ngram);
        qs_buf_add_text(buf, row->causes[i].weight < 0 ? "</bdi> \xe2\x88\x92" : "</bdi> +");
        qs_buf_add_fixed(buf, fabs(row->causes[i].weight), 2);
        qs_buf_add_text(buf, "</span>");
    }
    qs_buf_add_text(buf, "</p>");
}

static void add_row(qs_buf *buf, const qs_wrong_row *row, int with_head)
{
    qs_buf_add_text(buf, "<li><p class=\"verdict\">");
    if (with_head && row->head.len > 0) {
        qs_buf_add_text(buf, "<span class=\"soft\"><bdi>");
        qs_markup_text(buf, row->head);
        qs_buf_add_text(buf, "</bdi>: </span>");
    }
    qs_buf_add_text(buf, "<b><bdi>");
    qs_markup_text(buf, row->gold);
    qs_buf_add_text(buf, "</bdi></b> taken for <b class=\"missed\"><bdi>");
    qs_markup_text(buf, row->predicted);
    qs_buf_add_text(buf, "</bdi></b>");
    if (row->confidence > 0) {
        qs_buf_add_text(buf, " <span class=\"soft\">with probability ");
        qs_buf_add_fixed(buf, row->confidence, 2);
        qs_buf_add_text(buf, "</span>");
    }
    if (row->id.len > 0) {
        qs_buf_add_text(buf, " <span class=\"soft\">\xc2\xb7 <bdi>");
        add_short_text(buf, row->id);
        qs_buf_add_text(buf, "</bdi></span>");
    }
    qs_buf_add_text(buf, "</p>");
    if (row->text.len > 0) {
        qs_buf_add_text(buf, "<blockquote dir=\"auto\">");
        add_short_text(buf, row->text);
        qs_buf_add_text(buf, "</blockquote>");
    }
    if (row->cause_count > 0)
        add_causes(buf, row);
    qs_buf_add_text(buf, "</li>\n");
}

void qs_html_add_worst(qs_buf *buf, const qs_metrics *metrics)
{
    size_t count = 0;
    const qs_wrong_row *rows = qs_metrics_worst(metrics, &count);
    if (count == 0)
        return;
    qs_buf_add_text(buf, "<section aria-labelledby=\"worst\">\n<h2 id=\"worst\">Worst errors</h2>\n<ol class=\"worst\">\n");
    for (size_t i = 0; i < count; i++)
        add_row(buf, &rows[i], qs_metrics_head_count(metrics) > 1);
    qs_buf_add_text(buf, "</ol>\n</section>\n");
}
