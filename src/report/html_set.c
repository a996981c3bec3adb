/* The figures of one head on the page: cards and tables. SPDX-License-Identifier: MIT */
#include <math.h>

#include "report/html_parts.h"

void qs_html_count_cell(qs_buf *buf, uint64_t count)
{
    qs_buf_add_text(buf, "<td>");
    qs_report_count(buf, count, 0);
    qs_buf_add_text(buf, "</td>");
}

void qs_html_number_cell(qs_buf *buf, double value, qs_interval interval)
{
    qs_buf_add_text(buf, "<td>");
    qs_markup_number(buf, value, 3);
    if (!isnan(interval.low)) {
        qs_buf_add_text(buf, "<span class=\"soft under\">");
        qs_markup_interval(buf, interval);
        qs_buf_add_text(buf, "</span>");
    }
    qs_buf_add_text(buf, "</td>");
}

void qs_html_start_table(qs_buf *buf, const char *caption, qs_str about)
{
    qs_buf_add_text(buf, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"");
    qs_markup_words(buf, caption);
    if (about.len > 0) {
        qs_buf_add_text(buf, ", ");
        qs_markup_text(buf, about);
    }
    qs_buf_add_text(buf, "\"><table><caption>");
    qs_markup_words(buf, caption);
    qs_buf_add_text(buf, "</caption>");
}

void qs_html_end_table(qs_buf *buf)
{
    qs_buf_add_text(buf, "</tbody></table></div>\n");
}

void qs_html_metric_words(qs_buf *buf, const char *name)
{
    for (; *name != '\0'; name++) {
        if (name[0] == 'f' && (name[1] == '1' || strcmp(name, "f_avg") == 0))
            qs_buf_add_char(buf, 'F'); /* as it is written everywhere */
        else
            qs_buf_add_char(buf, name[0] == '_' ? ' ' : name[0]);
    }
}

static void add_cards(qs_buf *buf, const qs_metric_set *set)
{
    static const qs_metric shown[] = {QS_METRIC_MACRO_F1, QS_METRIC_F_AVG, QS_METRIC_ACCURACY,
                                      QS_METRIC_BALANCED_ACCURACY, QS_METRIC_MATTHEWS, QS_METRIC_CALIBRATION_ERROR};
    qs_buf_add_text(buf, "<ul class=\"cards\">\n");
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
        if (isnan(set->values[shown[i]]))
            continue;
        qs_buf_add_text(buf, "<li><span>");
        qs_html_metric_words(buf, qs_metric_name(shown[i]));
        qs_buf_add_text(buf, "</span><b>");
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

double qs_html_value_before(qs_buf *buf, const qs_metric_set *set, qs_metric metric, const qs_baseline *baseline)
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
    buf->failed |= path.failed; /* a page must not leave out what there is */
    qs_buf_free(&path);
    return before;
}

static void add_change_cells(qs_buf *buf, const qs_metric_set *set, qs_metric metric, const qs_baseline *baseline)
{
    const double before = qs_html_value_before(buf, set, metric, baseline);
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
    qs_buf_add_text(buf, "<details><summary>All figures</summary>\n");
    qs_html_start_table(buf, "what each figure means", set->name);
    qs_buf_add_text(buf, "<thead><tr><th scope=\"col\" class=\"text\">metric</th><th scope=\"col\">value</th>");
    if (baseline != NULL)
        qs_buf_add_text(buf, "<th scope=\"col\">baseline</th><th scope=\"col\">change</th>");
    qs_buf_add_text(buf, "<th scope=\"col\" class=\"text\">meaning</th></tr></thead><tbody>");
    for (int i = 0; i < QS_METRIC_COUNT; i++) {
        qs_buf_addf(buf, "<tr><th scope=\"row\">%s</th>", qs_metric_name((qs_metric)i));
        qs_html_number_cell(buf, set->values[i], set->intervals[i]);
        if (baseline != NULL)
            add_change_cells(buf, set, (qs_metric)i, baseline);
        qs_buf_add_text(buf, "<td class=\"text\">");
        qs_markup_words(buf, set->notes[i] != NULL ? set->notes[i] : qs_metric_words((qs_metric)i));
        qs_buf_add_text(buf, "</td></tr>");
    }
    qs_html_end_table(buf);
    qs_buf_add_text(buf, "</details>\n");
}

static void add_labels(qs_buf *buf, const qs_metric_set *set)
{
    qs_html_start_table(buf, "each label", set->name);
    qs_buf_add_text(buf, "<thead><tr><th scope=\"col\" class=\"text\">label</th><th scope=\"col\">precision</th><th "
                         "scope=\"col\">recall</th><th scope=\"col\">F1</th><th scope=\"col\">ROC area</th><th "
                         "scope=\"col\">support</th><th scope=\"col\">predicted</th></tr></thead><tbody>");
    for (size_t i = 0; i < set->label_count; i++) {
        const qs_label_metrics *label = &set->labels[i];
        qs_buf_add_text(buf, "<tr><th scope=\"row\">");
        qs_markup_text(buf, label->label);
        qs_buf_add_text(buf, "</th>");
        for (int m = QS_LABEL_METRIC_PRECISION; m <= QS_LABEL_METRIC_ROC_AUC; m++)
            qs_html_number_cell(buf, label->values[m], label->intervals[m]);
        qs_html_count_cell(buf, label->support);
        qs_html_count_cell(buf, label->predicted);
        qs_buf_add_text(buf, "</tr>");
    }
    qs_html_end_table(buf);
}

static void add_confusion(qs_buf *buf, const qs_metric_set *set)
{
    const size_t columns = set->label_count + (set->abstained > 0 ? 1 : 0);
    if (set->label_count == 0 || columns > 60)
        return;
    qs_html_start_table(buf, "confusion: gold labels down, predicted labels across; darker is a larger share of the row", set->name);
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
    qs_html_end_table(buf);
}

void qs_html_add_set(qs_buf *buf, const qs_metric_set *set, const qs_baseline *baseline)
{
    add_cards(buf, set);
    qs_buf_add_text(buf, "<div class=\"pair\">\n<div>\n");
    add_labels(buf, set);
    qs_buf_add_text(buf, "</div>\n<div>\n");
    add_confusion(buf, set);
    qs_buf_add_text(buf, "</div>\n</div>\n<div class=\"plots\">\n");
    qs_html_add_intervals(buf, set, baseline);
    qs_html_add_plots(buf, set);
    qs_buf_add_text(buf, "</div>\n");
    add_values(buf, set, baseline);
}
