/* Plots of one head: intervals, curves, reliability. SPDX-License-Identifier: MIT */
#include <math.h>

#include "report/html_parts.h"

static void add_percent(qs_buf *buf, const char *name, double value)
{
    qs_buf_addf(buf, " %s=\"", name);
    qs_buf_add_fixed(buf, 100 * fmin(fmax(value, 0), 1), 2);
    qs_buf_add_text(buf, "%\"");
}

static void add_range(qs_buf *buf, double value, qs_interval interval, double before)
{
    qs_buf_add_text(buf, "<svg class=\"strip\" width=\"100%\" height=\"18\" aria-hidden=\"true\"><line class=\"axis\" "
                         "x1=\"0%\" x2=\"100%\" y1=\"9\" y2=\"9\"/>");
    if (!isnan(before)) {
        qs_buf_add_text(buf, "<line class=\"before\" y1=\"1\" y2=\"17\"");
        add_percent(buf, "x1", before);
        add_percent(buf, "x2", before);
        qs_buf_add_text(buf, "/>");
    }
    if (!isnan(interval.low)) {
        qs_buf_add_text(buf, "<line class=\"range\" y1=\"9\" y2=\"9\"");
        add_percent(buf, "x1", interval.low);
        add_percent(buf, "x2", interval.high);
        qs_buf_add_text(buf, "/>");
    }
    qs_buf_add_text(buf, "<circle class=\"dot\" cy=\"9\" r=\"3\"");
    add_percent(buf, "cx", value);
    qs_buf_add_text(buf, "/></svg>");
}

void qs_html_add_intervals(qs_buf *buf, const qs_metric_set *set, const qs_baseline *baseline)
{
    static const qs_metric shown[] = {QS_METRIC_MACRO_F1, QS_METRIC_F_AVG, QS_METRIC_ACCURACY,
                                      QS_METRIC_BALANCED_ACCURACY, QS_METRIC_WEIGHTED_F1, QS_METRIC_COHEN_KAPPA,
                                      QS_METRIC_MATTHEWS, QS_METRIC_KRIPPENDORFF_ALPHA, QS_METRIC_ROC_AUC,
                                      QS_METRIC_AVERAGE_PRECISION};
    int marked = 0;
    qs_buf_add_text(buf, "<figure><figcaption>Figures and intervals</figcaption>\n<ul class=\"strips figures\">\n");
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
        const double before = qs_html_value_before(buf, set, shown[i], baseline);
        if (isnan(set->values[shown[i]]))
            continue;
        marked |= !isnan(before);
        qs_buf_add_text(buf, "<li><span>");
        qs_html_metric_words(buf, qs_metric_name(shown[i]));
        qs_buf_add_text(buf, "</span>");
        add_range(buf, set->values[shown[i]], set->intervals[shown[i]], before);
        qs_buf_add_text(buf, "<span class=\"num\">");
        qs_buf_add_fixed(buf, set->values[shown[i]], 3);
        qs_buf_add_text(buf, "</span></li>\n");
    }
    qs_buf_addf(buf, "</ul><p class=\"soft\">from 0 to 1; the line is the interval%s</p></figure>\n",
                marked ? ", the upright line the baseline" : "");
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

void qs_html_add_plots(qs_buf *buf, const qs_metric_set *set)
{
    qs_plot_line roc[7] = {0}, precision[7] = {0};
    const size_t count = set->label_count;
    if (set->calibration == NULL || set->column.len > 0)
        return;
    for (size_t i = 0; i < count && i < 6; i++) {
        const qs_label_metrics *label = &set->labels[i];
        roc[i] = (qs_plot_line){label->label, label->roc.points, label->roc.count};
        precision[i] = (qs_plot_line){label->label, label->precision_recall.points, label->precision_recall.count};
    }
    qs_page_plot(buf, "Precision and recall", "recall", "precision", precision, count, 0);
    qs_page_plot(buf, "ROC", "false positive rate", "true positive rate", roc, count, 1);
    add_calibration(buf, set);
}

