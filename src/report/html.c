/* One self-contained page with the figures of an evaluation. SPDX-License-Identifier: MIT */
#include <math.h>

#include "report/html_parts.h"

static void add_gates(qs_buf *buf, const qs_gates *gates)
{
    static const char *const cells[] = {"<td class=\"text met\">met</td>", "<td class=\"text missed\">not met</td>",
                                        "<td class=\"text missed\">error</td>"};
    if (gates == NULL || qs_gates_count(gates) == 0)
        return;
    qs_buf_add_text(buf, "<section aria-labelledby=\"gates\">\n<h2 id=\"gates\">Gates</h2>\n");
    qs_html_start_table(buf, "what this run had to meet", qs_str_of(""));
    qs_buf_add_text(buf, "<thead><tr><th scope=\"col\" class=\"text\">gate</th><th scope=\"col\" class=\"text\">result"
                         "</th><th scope=\"col\" class=\"text\">found</th></tr></thead><tbody>");
    for (size_t i = 0; i < qs_gates_count(gates); i++) {
        const qs_gate *gate = qs_gates_get(gates, i);
        qs_buf_add_text(buf, "<tr><th scope=\"row\">");
        qs_markup_text(buf, gate->name);
        qs_buf_add_text(buf, "</th>");
        qs_buf_add_text(buf, cells[gate->state]);
        qs_buf_add_text(buf, "<td class=\"text\">");
        qs_markup_text(buf, gate->message);
        qs_buf_add_text(buf, "</td></tr>");
    }
    qs_html_end_table(buf);
    qs_buf_add_text(buf, "</section>\n");
}

static qs_str name_of(const qs_metric_set *set)
{
    return set->name.len == 0 ? qs_str_of("all rows") : set->name;
}

static void add_section(qs_buf *buf, const qs_metric_set *set, size_t number, const qs_baseline *baseline)
{
    qs_buf_addf(buf, "<section aria-labelledby=\"h%zu\">\n<h2 id=\"h%zu\"><bdi>", number, number);
    qs_markup_text(buf, name_of(set));
    qs_buf_add_text(buf, "</bdi></h2>\n<p class=\"soft\">");
    qs_report_count(buf, set->rows, 0);
    qs_buf_add_text(buf, " rows</p>\n");
    qs_html_add_set(buf, set, baseline);
    qs_buf_add_text(buf, "</section>\n");
}

static void add_link(qs_buf *buf, const char *anchor, size_t number, qs_str name)
{
    qs_buf_addf(buf, "<li><a href=\"#%s", anchor);
    if (number > 0)
        qs_buf_add_u64(buf, number - 1);
    qs_buf_add_text(buf, "\"><bdi>");
    qs_markup_text(buf, name);
    qs_buf_add_text(buf, "</bdi></a></li>\n");
}

static void add_contents(qs_buf *buf, const qs_metrics *metrics)
{
    size_t worst = 0;
    const size_t heads = qs_metrics_head_count(metrics);
    (void)qs_metrics_worst(metrics, &worst);
    if (heads < 2 && qs_metrics_slice_count(metrics) == 0 && worst == 0)
        return;
    qs_buf_add_text(buf, "<nav aria-label=\"sections\"><ul class=\"sections\">\n");
    add_link(buf, "h", 1, name_of(heads == 1 ? qs_metrics_head(metrics, 0) : qs_metrics_overall(metrics)));
    for (size_t i = 0; i < heads && heads > 1; i++)
        add_link(buf, "h", i + 2, name_of(qs_metrics_head(metrics, i)));
    if (qs_metrics_slice_count(metrics) > 0)
        add_link(buf, "slices", 0, qs_str_of("parts of the rows"));
    if (worst > 0)
        add_link(buf, "worst", 0, qs_str_of("worst errors"));
    qs_buf_add_text(buf, "</ul></nav>\n");
}

static void add_method(qs_buf *buf, const qs_metrics *metrics)
{
    const qs_measure_options *options = qs_metrics_options(metrics);
    qs_buf_add_text(buf, "<p class=\"soft\">");
    qs_report_count(buf, qs_metrics_items(metrics), 0);
    qs_buf_add_text(buf, " items. ");
    if (options->rounds == 0) {
        qs_buf_add_text(buf, "No intervals were asked for.</p>\n");
        return;
    }
    qs_buf_add_text(buf, "Intervals hold ");
    qs_buf_add_double(buf, round(options->confidence * 1000) / 10);
    qs_buf_add_text(buf, " % (bootstrap of ");
    qs_report_count(buf, qs_metrics_overall(metrics)->groups, 0);
    qs_buf_add_text(buf, " units, ");
    qs_report_count(buf, options->rounds, 0);
    qs_buf_add_text(buf, " rounds, ");
    qs_buf_add_text(buf, options->method == QS_INTERVAL_BCA ? "BCa" : "percentile");
    qs_buf_addf(buf, ", seed %llu).</p>\n", (unsigned long long)options->seed);
}

qs_status qs_report_add_html(qs_report *report, const qs_metrics *metrics, const qs_gates *gates,
                             const qs_baseline *baseline, qs_error *err)
{
    qs_buf *buf = &report->buf;
    const size_t heads = qs_metrics_head_count(metrics);
    qs_page_start(buf, qs_str_of("Evaluation"), "Evaluation");
    add_method(buf, metrics);
    add_contents(buf, metrics);
    add_gates(buf, gates);
    add_section(buf, heads == 1 ? qs_metrics_head(metrics, 0) : qs_metrics_overall(metrics), 0, baseline);
    for (size_t i = 0; i < heads && heads > 1; i++)
        add_section(buf, qs_metrics_head(metrics, i), i + 1, baseline);
    qs_html_add_slices(buf, metrics, baseline);
    qs_html_add_worst(buf, metrics);
    qs_page_end(buf);
    return qs_buf_status(buf, err);
}
