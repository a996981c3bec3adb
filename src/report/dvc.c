/* A tree of numbers and CSV points for DVC. SPDX-License-Identifier: MIT */
#include <math.h>

#include "report/report.h"

static void add_set(qs_buf *buf, const qs_metric_set *set)
{
    qs_buf_addf(buf, "{\"rows\":%llu", (unsigned long long)set->rows);
    for (int i = 0; i < QS_METRIC_COUNT; i++) {
        if (isnan(set->values[i]))
            continue; /* dvc compares numbers only */
        qs_buf_addf(buf, ",\"%s\":", qs_metric_name((qs_metric)i));
        qs_buf_add_double(buf, set->values[i]);
    }
    for (size_t label = 0; label < set->label_count; label++) {
        int first = 1;
        qs_buf_add_char(buf, ',');
        qs_buf_add_json(buf, set->labels[label].label);
        qs_buf_add_text(buf, ":{");
        for (int i = 0; i < QS_LABEL_METRIC_COUNT; i++) {
            if (isnan(set->labels[label].values[i]))
                continue;
            qs_buf_addf(buf, "%s\"%s\":", first ? "" : ",", qs_label_metric_name((qs_label_metric)i));
            qs_buf_add_double(buf, set->labels[label].values[i]);
            first = 0;
        }
        qs_buf_add_char(buf, '}');
    }
    qs_buf_add_char(buf, '}');
}

qs_status qs_report_add_dvc(qs_report *report, const qs_metrics *metrics, qs_error *err)
{
    qs_buf *buf = &report->buf;
    qs_buf_add_text(buf, "{\"overall\":");
    add_set(buf, qs_metrics_overall(metrics));
    qs_buf_add_text(buf, ",\"heads\":{");
    for (size_t i = 0; i < qs_metrics_head_count(metrics); i++) {
        if (i > 0)
            qs_buf_add_char(buf, ',');
        qs_buf_add_json(buf, qs_metrics_head(metrics, i)->name);
        qs_buf_add_char(buf, ':');
        add_set(buf, qs_metrics_head(metrics, i));
    }
    qs_buf_add_text(buf, "}}\n");
    return qs_buf_status(buf, err);
}

/* A CSV field; what a spreadsheet would take for a formula gets an apostrophe. */
static void add_field(qs_buf *buf, qs_str text)
{
    qs_buf_add_char(buf, '"');
    if (text.len > 0 && strchr("=+-@\t\r", text.ptr[0]) != NULL)
        qs_buf_add_char(buf, '\'');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"')
            qs_buf_add_char(buf, '"');
        qs_buf_add_char(buf, text.ptr[i]);
    }
    qs_buf_add_char(buf, '"');
}

static void add_start(qs_buf *buf, const qs_metric_set *set, qs_str label)
{
    add_field(buf, set->name);
    qs_buf_add_char(buf, ',');
    add_field(buf, label);
    qs_buf_add_char(buf, ',');
}

/* One row per judged text, as the confusion template of DVC wants it, would repeat the data: counts do. */
static void add_confusion(qs_buf *buf, const qs_metric_set *set)
{
    const size_t columns = set->label_count + 1;
    for (size_t gold = 0; gold < set->label_count; gold++)
        for (size_t i = 0; i < columns; i++) {
            if (set->confusion[gold * columns + i] == 0)
                continue;
            add_start(buf, set, set->labels[gold].label);
            add_field(buf, i < set->label_count ? set->labels[i].label : qs_str_of(""));
            qs_buf_add_char(buf, ',');
            qs_buf_add_u64(buf, set->confusion[gold * columns + i]);
            qs_buf_add_char(buf, '\n');
        }
}

static void add_point(qs_buf *buf, double x, double y)
{
    qs_buf_add_double(buf, x);
    qs_buf_add_char(buf, ',');
    qs_buf_add_double(buf, y);
    qs_buf_add_char(buf, '\n');
}

static void add_curves(qs_buf *buf, const qs_metric_set *set, qs_plot plot)
{
    for (size_t label = 0; label < set->label_count; label++) {
        const qs_curve *curve = plot == QS_PLOT_ROC ? &set->labels[label].roc : &set->labels[label].precision_recall;
        for (size_t i = 0; i < curve->count; i++) {
            add_start(buf, set, set->labels[label].label);
            add_point(buf, curve->points[i].x, curve->points[i].y);
        }
    }
}

static void add_calibration(qs_buf *buf, const qs_metric_set *set)
{
    for (int i = 0; set->calibration != NULL && i < QS_CALIBRATION_BINS; i++) {
        const qs_calibration_bin *bin = &set->calibration[i];
        if (bin->rows == 0)
            continue;
        add_field(buf, set->name);
        qs_buf_add_char(buf, ',');
        qs_buf_add_u64(buf, bin->rows);
        qs_buf_add_char(buf, ',');
        add_point(buf, bin->mean_confidence, (double)bin->correct / (double)bin->rows);
    }
}

qs_status qs_report_add_plot(qs_report *report, const qs_metrics *metrics, qs_plot plot, qs_error *err)
{
    static const char *const headers[] = {"head,actual,predicted,count\n", "head,label,fpr,tpr\n",
                                          "head,label,recall,precision\n",
                                          "head,rows,mean_confidence,accuracy\n"};
    qs_buf *buf = &report->buf;
    qs_buf_add_text(buf, headers[plot]);
    for (size_t i = 0; i < qs_metrics_head_count(metrics); i++) {
        const qs_metric_set *set = qs_metrics_head(metrics, i);
        if (plot == QS_PLOT_CONFUSION)
            add_confusion(buf, set);
        else if (plot == QS_PLOT_CALIBRATION)
            add_calibration(buf, set);
        else
            add_curves(buf, set, plot);
    }
    return qs_buf_status(buf, err);
}
