/* Tables for people, at most 80 columns wide. SPDX-License-Identifier: MIT */
#include <math.h>

#include "report/report.h"

#define NAME_COLUMNS 24

static void add_interval(qs_buf *buf, qs_interval interval)
{
    if (isnan(interval.low))
        return;
    qs_buf_add_text(buf, "  [");
    qs_report_number(buf, interval.low, 0);
    qs_buf_add_text(buf, ", ");
    qs_report_number(buf, interval.high, 0);
    qs_buf_add_char(buf, ']');
}

static void add_title(qs_buf *buf, const qs_metric_set *set)
{
    qs_report_padded(buf, set->name.len == 0 ? qs_str_of("(no name)") : set->name, 66);
    qs_report_count(buf, set->rows, 9);
    qs_buf_add_text(buf, " rows\n");
}

static void add_values(qs_buf *buf, const qs_metric_set *set)
{
    for (int i = 0; i < QS_METRIC_COUNT; i++) {
        /* an undefined metric is named once in the JSON; here it would only be noise */
        if (isnan(set->values[i]) || !qs_report_shows((qs_metric)i, set->abstained > 0))
            continue;
        qs_buf_add_text(buf, "  ");
        qs_report_padded(buf, qs_str_of(qs_metric_name((qs_metric)i)), NAME_COLUMNS);
        qs_report_number(buf, set->values[i], 9);
        add_interval(buf, set->intervals[i]);
        qs_buf_add_char(buf, '\n');
    }
}

static void add_labels(qs_buf *buf, const qs_metric_set *set)
{
    if (set->label_count == 0)
        return;
    qs_buf_add_char(buf, '\n');
    qs_buf_add_text(buf, "  label                   precision   recall       F1    support  predicted\n");
    for (size_t i = 0; i < set->label_count; i++) {
        const qs_label_metrics *label = &set->labels[i];
        qs_buf_add_text(buf, "  ");
        qs_report_padded(buf, label->label, NAME_COLUMNS);
        qs_report_number(buf, label->values[QS_LABEL_METRIC_PRECISION], 9);
        qs_report_number(buf, label->values[QS_LABEL_METRIC_RECALL], 9);
        qs_report_number(buf, label->values[QS_LABEL_METRIC_F1], 9);
        qs_report_count(buf, label->support, 11);
        qs_report_count(buf, label->predicted, 11);
        qs_buf_add_char(buf, '\n');
    }
}

static void add_right(qs_buf *buf, qs_str text, size_t columns)
{
    qs_buf cell = {0};
    const size_t written = qs_report_plain(&cell, text, columns);
    for (size_t i = written; i < columns; i++)
        qs_buf_add_char(buf, ' ');
    qs_buf_add_str(buf, qs_buf_view(&cell));
    buf->failed = buf->failed || cell.failed;
    qs_buf_free(&cell);
}

/* Only where it fits: up to six columns. */
static void add_confusion(qs_buf *buf, const qs_metric_set *set)
{
    const size_t columns = set->label_count + (set->abstained > 0 ? 1 : 0);
    if (set->label_count < 2 || columns > 6)
        return;
    qs_buf_add_text(buf, "\n  gold \\ predicted ");
    for (size_t i = 0; i < columns; i++) {
        qs_buf_add_char(buf, ' ');
        add_right(buf, i < set->label_count ? set->labels[i].label : qs_str_of("(none)"), 9);
    }
    qs_buf_add_char(buf, '\n');
    for (size_t gold = 0; gold < set->label_count; gold++) {
        qs_buf_add_text(buf, "  ");
        qs_report_padded(buf, set->labels[gold].label, 17);
        for (size_t i = 0; i < columns; i++) {
            qs_buf_add_char(buf, ' ');
            qs_report_count(buf, set->confusion[gold * (set->label_count + 1) + i], 9);
        }
        qs_buf_add_char(buf, '\n');
    }
}

static void add_set(qs_buf *buf, const qs_metric_set *set)
{
    add_title(buf, set);
    add_values(buf, set);
    add_labels(buf, set);
    add_confusion(buf, set);
}

/* One line for each value of a column. */
static void add_slices(qs_buf *buf, const qs_metrics *metrics)
{
    qs_str column = {0};
    for (size_t i = 0; i < qs_metrics_slice_count(metrics); i++) {
        const qs_metric_set *set = qs_metrics_slice(metrics, i);
        if (!qs_str_equal(set->column, column)) {
            column = set->column;
            qs_buf_add_text(buf, "\nby ");
            qs_report_padded(buf, column, 23);
            qs_buf_add_text(buf, "      rows  macro_f1  interval             f_avg  accuracy\n");
        }
        qs_buf_add_text(buf, "  ");
        qs_report_padded(buf, set->name.len == 0 ? qs_str_of("(none)") : set->name, NAME_COLUMNS);
        qs_report_count(buf, set->rows, 10);
        qs_report_number(buf, set->values[QS_METRIC_MACRO_F1], 10);
        if (isnan(set->intervals[QS_METRIC_MACRO_F1].low))
            qs_buf_add_text(buf, "                ");
        else
            add_interval(buf, set->intervals[QS_METRIC_MACRO_F1]);
        qs_report_number(buf, set->values[QS_METRIC_F_AVG], 9);
        qs_report_number(buf, set->values[QS_METRIC_ACCURACY], 10);
        qs_buf_add_char(buf, '\n');
    }
}

qs_status qs_report_add_table(qs_report *report, const qs_metrics *metrics, qs_error *err)
{
    qs_buf *buf = &report->buf;
    const size_t heads = qs_metrics_head_count(metrics);
    for (size_t i = 0; i < heads && heads > 1; i++) {
        add_set(buf, qs_metrics_head(metrics, i));
        qs_buf_add_char(buf, '\n');
    }
    /* with one head its name says more than "overall" */
    add_set(buf, heads == 1 ? qs_metrics_head(metrics, 0) : qs_metrics_overall(metrics));
    add_slices(buf, metrics);
    return qs_buf_status(buf, err);
}
