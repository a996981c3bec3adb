/* One self-contained page with the figures of an evaluation. SPDX-License-Identifier: MIT */
#include <math.h>

#include "report/page.h"

static void add_count_cell(qs_buf *buf, uint64_t count)
{
    qs_buf_add_text(buf, "<td>");
    qs_report_count(buf, count, 0);
    qs_buf_add_text(buf, "</td>");
}

static void add_number_cell(qs_buf *buf, double value, qs_interval interval)
{
    qs_buf_add_text(buf, "<td>");
    qs_markup_number(buf, value, 3);
    if (!isnan(interval.low)) {
        qs_buf_add_text(buf, "<span class=\"soft\">");
        qs_markup_interval(buf, interval);
        qs_buf_add_text(buf, "</span>");
    }
    qs_buf_add_text(buf, "</td>");
}

/* A table that may be wider than a phone: scrolls by itself, with the keyboard too. */
static void start_table(qs_buf *buf, const char *caption)
{
    qs_buf_add_text(buf, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"");
    qs_markup_words(buf, caption);
    qs_buf_add_text(buf, "\"><table><caption>");
    qs_markup_words(buf, caption);
    qs_buf_add_text(buf, "</caption>");
}

static void add_cards(qs_buf *buf, const qs_metric_set *set)
{
    static const qs_metric shown[] = {QS_METRIC_MACRO_F1, QS_METRIC_F_AVG, QS_METRIC_ACCURACY,
                                      QS_METRIC_BALANCED_ACCURACY, QS_METRIC_MATTHEWS, QS_METRIC_CALIBRATION_ERROR};
    qs_buf_add_text(buf, "<ul class=\"cards\">\n");
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
        if (isnan(set->values[shown[i]]))
            continue;
        qs_buf_addf(buf, "<li><span>%s</span><b>", qs_metric_name(shown[i]));
        qs_buf_add_fixed(buf, set->values[shown[i]], 3);
        qs_buf_add_text(buf, "</b><span>");
        if (isnan(set->intervals[shown[i]].low))
            qs_buf_add_text(buf, "no interval");
        else
            qs_markup_interval(buf, set->intervals[shown[i]]);
        qs_buf_add_text(buf, "</span></li>\n");
    }
    qs_buf_add_text(buf, "</ul>\n");
}

static void add_gates(qs_buf *buf, const qs_gates *gates)
{
    static const char *const cells[] = {"<td class=\"text met\">met</td>", "<td class=\"text missed\">not met</td>",
                                        "<td class=\"text missed\">error</td>"};
    if (gates == NULL || qs_gates_count(gates) == 0)
        return;
    qs_buf_add_text(buf, "<h2>Gates</h2>\n");
    start_table(buf, "what this run had to meet");
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
    qs_buf_add_text(buf, "</tbody></table></div>\n");
}

static double value_before(const qs_metric_set *set, qs_metric metric, const qs_baseline *baseline)
{
    qs_buf path = {0};
    double before = NAN;
    if (baseline == NULL)
        return NAN;
    if (set->column.len > 0) {
        qs_buf_add_str(&path, set->column);
        qs_buf_add_char(&path, '=');
    }
    qs_buf_add_str(&path, set->name);
    qs_buf_addf(&path, ".%s", qs_metric_name(metric));
    if (qs_baseline_lookup(baseline, qs_buf_view(&path), &before, NULL, NULL) != QS_OK)
        before = NAN;
    qs_buf_free(&path);
    return before;
}

static void add_change_cells(qs_buf *buf, const qs_metric_set *set, qs_metric metric, const qs_baseline *baseline)
{
    const double before = value_before(set, metric, baseline);
    const double change = set->values[metric] - before;
    qs_buf_add_text(buf, "<td>");
    qs_markup_number(buf, before, 3);
    qs_buf_addf(buf, "</td><td class=\"%s\">", isnan(change) || fabs(change) < 0.0005          ? "soft"
                                               : change * qs_metric_better(metric) > 0 ? "met"
                                                                                       : "missed");
    if (!isnan(change) && change >= 0.0005)
        qs_buf_add_char(buf, '+');
    qs_markup_number(buf, change, 3);
    qs_buf_add_text(buf, "</td>");
}

static void add_values(qs_buf *buf, const qs_metric_set *set, const qs_baseline *baseline)
{
    start_table(buf, "all figures");
    qs_buf_add_text(buf, "<thead><tr><th scope=\"col\" class=\"text\">metric</th><th scope=\"col\">value</th>");
    if (baseline != NULL)
        qs_buf_add_text(buf, "<th scope=\"col\">baseline</th><th scope=\"col\">change</th>");
    qs_buf_add_text(buf, "<th scope=\"col\" class=\"text\">meaning</th></tr></thead><tbody>");
    for (int i = 0; i < QS_METRIC_COUNT; i++) {
        qs_buf_addf(buf, "<tr><th scope=\"row\">%s</th>", qs_metric_name((qs_metric)i));
        add_number_cell(buf, set->values[i], set->intervals[i]);
        if (baseline != NULL)
            add_change_cells(buf, set, (qs_metric)i, baseline);
        qs_buf_add_text(buf, "<td class=\"text\">");
        qs_markup_words(buf, set->notes[i] != NULL ? set->notes[i] : qs_metric_words((qs_metric)i));
        qs_buf_add_text(buf, "</td></tr>");
    }
    qs_buf_add_text(buf, "</tbody></table></div>\n");
}

static void add_labels(qs_buf *buf, const qs_metric_set *set)
{
    start_table(buf, "each label");
    qs_buf_add_text(buf, "<thead><tr><th scope=\"col\" class=\"text\">label</th><th scope=\"col\">precision</th><th "
                         "scope=\"col\">recall</th><th scope=\"col\">F1</th><th scope=\"col\">ROC area</th><th "
                         "scope=\"col\">support</th><th scope=\"col\">predicted</th></tr></thead><tbody>");
    for (size_t i = 0; i < set->label_count; i++) {
        const qs_label_metrics *label = &set->labels[i];
        qs_buf_add_text(buf, "<tr><th scope=\"row\">");
        qs_markup_text(buf, label->label);
        qs_buf_add_text(buf, "</th>");
        for (int m = QS_LABEL_METRIC_PRECISION; m <= QS_LABEL_METRIC_ROC_AUC; m++)
            add_number_cell(buf, label->values[m], label->intervals[m]);
        add_count_cell(buf, label->support);
        add_count_cell(buf, label->predicted);
        qs_buf_add_text(buf, "</tr>");
    }
    qs_buf_add_text(buf, "</tbody></table></div>\n");
}

static void add_confusion(qs_buf *buf, const qs_metric_set *set)
{
    const size_t columns = set->label_count + (set->abstained > 0 ? 1 : 0);
    if (set->label_count == 0 || columns > 60)
        return;
    start_table(buf, "confusion: gold labels down, predicted labels across; darker is a larger share of the row");
    qs_buf_add_text(buf, "<thead><tr><th scope=\"col\" class=\"text\">gold</th>");
    for (size_t i = 0; i < columns; i++) {
        qs_buf_add_text(buf, "<th scope=\"col\">");
        qs_markup_text(buf, i < set->label_count ? set->labels[i].label : qs_str_of("no answer"));
        qs_buf_add_text(buf, "</th>");
    }
    qs_buf_add_text(buf, "</tr></thead><tbody>");
    for (size_t gold = 0; gold < set->label_count; gold++) {
        const uint64_t support = set->labels[gold].support;
        qs_buf_add_text(buf, "<tr><th scope=\"row\">");
        qs_markup_text(buf, set->labels[gold].label);
        qs_buf_add_text(buf, "</th>");
        for (size_t i = 0; i < columns; i++) {
            const uint64_t count = set->confusion[gold * (set->label_count + 1) + i];
            qs_buf_add_text(buf, "<td class=\"heat\" style=\"--share:");
            qs_buf_add_fixed(buf, support == 0 ? 0 : (double)count / (double)support, 3);
            qs_buf_add_text(buf, "\">");
            qs_report_count(buf, count, 0);
            qs_buf_add_text(buf, "</td>");
        }
        qs_buf_add_text(buf, "</tr>");
    }
    qs_buf_add_text(buf, "</tbody></table></div>\n");
}

static void add_calibration(qs_buf *buf, const qs_metric_set *set)
{
    qs_curve_point points[QS_CALIBRATION_BINS];
    uint64_t rows[QS_CALIBRATION_BINS], correct[QS_CALIBRATION_BINS];
    qs_plot_line line = {qs_str_of("share that is right"), points, 0};
    const qs_plot_line risk = {qs_str_of("error, surest rows first"), set->risk_coverage.points,
                               set->risk_coverage.count};
    for (int i = 0; i < QS_CALIBRATION_BINS; i++) {
        const qs_calibration_bin *bin = &set->calibration[i];
        rows[i] = bin->rows;
        correct[i] = bin->correct;
        if (bin->rows > 0)
            points[line.count++] = (qs_curve_point){bin->mean_confidence, (double)bin->correct / (double)bin->rows};
    }
    qs_page_plot(buf, "Reliability", "highest probability", "share right", &line, 1, 1);
    qs_page_bars(buf, "How sure it is", "highest probability", "right answers", rows, correct);
    qs_page_plot(buf, "Risk against coverage", "rows answered, surest first", "error", &risk, 1, 0);
}

static void add_plots(qs_buf *buf, const qs_metric_set *set)
{
    qs_plot_line roc[7] = {0}, precision[7] = {0};
    const size_t count = set->label_count;
    if (set->calibration == NULL || set->column.len > 0)
        return;
    qs_buf_add_text(buf, "<div class=\"plots\">\n");
    for (size_t i = 0; i < count && i < 6; i++) {
        const qs_label_metrics *label = &set->labels[i];
        roc[i] = (qs_plot_line){label->label, label->roc.points, label->roc.count};
        precision[i] = (qs_plot_line){label->label, label->precision_recall.points, label->precision_recall.count};
    }
    qs_page_plot(buf, "Precision and recall", "recall", "precision", precision, count, 0);
    qs_page_plot(buf, "ROC", "false positive rate", "true positive rate", roc, count, 1);
    add_calibration(buf, set);
    qs_buf_add_text(buf, "</div>\n");
}

static void add_set(qs_buf *buf, const qs_metric_set *set, const qs_baseline *baseline)
{
    qs_buf_add_text(buf, "<h2>");
    if (set->column.len > 0) {
        qs_markup_text(buf, set->column);
        qs_buf_add_text(buf, " = ");
    }
    qs_markup_text(buf, set->name.len == 0 ? qs_str_of("all rows") : set->name);
    qs_buf_add_text(buf, "</h2>\n<p class=\"soft\">");
    qs_report_count(buf, set->rows, 0);
    qs_buf_add_text(buf, " rows</p>\n");
    add_cards(buf, set);
    add_labels(buf, set);
    add_confusion(buf, set);
    add_plots(buf, set);
    add_values(buf, set, baseline);
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
    add_gates(buf, gates);
    add_set(buf, heads == 1 ? qs_metrics_head(metrics, 0) : qs_metrics_overall(metrics), baseline);
    for (size_t i = 0; i < heads && heads > 1; i++)
        add_set(buf, qs_metrics_head(metrics, i), baseline);
    for (size_t i = 0; i < qs_metrics_slice_count(metrics); i++)
        add_set(buf, qs_metrics_slice(metrics, i), baseline);
    qs_page_end(buf);
    return qs_buf_status(buf, err);
}
