/* A Markdown summary for the page of a CI job. SPDX-License-Identifier: MIT */
#include <math.h>

#include "report/markup.h"

#define MAX_BYTES ((size_t)900 << 10)
#define WORST_ROWS 10
#define NOTE_BYTES 40000 /* kept free for the worst rows and the line that says what was left out */

static void add_gates(qs_buf *buf, const qs_gates *gates)
{
    static const char *const words[] = {"met", "**not met**", "**error**"};
    if (gates == NULL || qs_gates_count(gates) == 0)
        return;
    qs_buf_add_text(buf, "| gate | result | |\n| --- | --- | --- |\n");
    for (size_t i = 0; i < qs_gates_count(gates) && buf->len < MAX_BYTES / 4; i++) {
        const qs_gate *gate = qs_gates_get(gates, i);
        qs_buf_add_text(buf, "| ");
        qs_markup_cell(buf, gate->name, 120);
        qs_buf_addf(buf, " | %s | ", words[gate->state]);
        qs_markup_cell(buf, gate->message, 300);
        qs_buf_add_text(buf, " |\n");
    }
    qs_buf_add_char(buf, '\n');
}

/* The path prefix of a set, for looking it up in the baseline. */
static void add_prefix(qs_buf *buf, const qs_metric_set *set)
{
    if (set->column.len > 0) {
        qs_buf_add_str(buf, set->column);
        qs_buf_add_char(buf, '=');
    }
    qs_buf_add_str(buf, set->name);
    qs_buf_add_char(buf, '.');
}

static void add_change(qs_buf *buf, const qs_metric_set *set, qs_metric metric, const qs_baseline *baseline)
{
    qs_buf path = {0};
    double before = NAN;
    add_prefix(&path, set);
    qs_buf_add_text(&path, qs_metric_name(metric));
    if (qs_baseline_lookup(baseline, qs_buf_view(&path), &before, NULL, NULL) == QS_OK && !isnan(before)) {
        qs_buf_add_char(buf, set->values[metric] >= before ? '+' : '-');
        qs_buf_add_fixed(buf, fabs(set->values[metric] - before), 4);
    }
    buf->failed |= path.failed; /* a change that cannot be looked up must not look like none */
    qs_buf_free(&path);
}

static void add_values(qs_buf *buf, const qs_metric_set *set, const qs_baseline *baseline)
{
    qs_buf_add_text(buf, baseline == NULL ? "| metric | value | interval |\n| --- | ---: | --- |\n"
                                          : "| metric | value | interval | change |\n| --- | ---: | --- | ---: |\n");
    for (int i = 0; i < QS_METRIC_COUNT; i++) {
        if (isnan(set->values[i]))
            continue;
        qs_buf_addf(buf, "| %s | ", qs_metric_name((qs_metric)i));
        qs_buf_add_fixed(buf, set->values[i], 4);
        qs_buf_add_text(buf, " |");
        qs_markup_interval(buf, set->intervals[i]);
        if (baseline != NULL) {
            qs_buf_add_text(buf, " | ");
            add_change(buf, set, (qs_metric)i, baseline);
        }
        qs_buf_add_text(buf, " |\n");
    }
    qs_buf_add_char(buf, '\n');
}

static void add_labels(qs_buf *buf, const qs_metric_set *set)
{
    qs_buf_add_text(buf, "| label | precision | recall | F1 | support |\n| --- | ---: | ---: | ---: | ---: |\n");
    for (size_t i = 0; i < set->label_count && i < 200; i++) {
        const qs_label_metrics *label = &set->labels[i];
        qs_buf_add_text(buf, "| ");
        qs_markup_cell(buf, label->label, 60);
        for (int m = QS_LABEL_METRIC_PRECISION; m <= QS_LABEL_METRIC_F1; m++) {
            qs_buf_add_text(buf, " | ");
            qs_markup_number(buf, label->values[m], 3);
        }
        qs_buf_add_text(buf, " | ");
        qs_report_count(buf, label->support, 0);
        qs_buf_add_text(buf, " |\n");
    }
    qs_buf_add_char(buf, '\n');
}

static void add_confusion(qs_buf *buf, const qs_metric_set *set)
{
    const size_t columns = set->label_count + (set->abstained > 0 ? 1 : 0);
    if (set->label_count < 2 || columns > 20)
        return;
    qs_buf_add_text(buf, "| gold \\\\ predicted |");
    for (size_t i = 0; i < columns; i++) {
        qs_buf_add_char(buf, ' ');
        qs_markup_cell(buf, i < set->label_count ? set->labels[i].label : qs_str_of("no answer"), 40);
        qs_buf_add_text(buf, " |");
    }
    qs_buf_add_text(buf, "\n| --- |");
    for (size_t i = 0; i < columns; i++)
        qs_buf_add_text(buf, " ---: |");
    for (size_t gold = 0; gold < set->label_count; gold++) {
        qs_buf_add_text(buf, "\n| ");
        qs_markup_cell(buf, set->labels[gold].label, 40);
        for (size_t i = 0; i < columns; i++) {
            qs_buf_add_text(buf, " | ");
            qs_report_count(buf, set->confusion[gold * (set->label_count + 1) + i], 0);
        }
        qs_buf_add_text(buf, " |");
    }
    qs_buf_add_text(buf, "\n\n");
}

static void add_title(qs_buf *buf, const qs_metric_set *set)
{
    qs_buf_add_text(buf, "### ");
    if (set->column.len > 0) {
        qs_markup_cell(buf, set->column, 60);
        qs_buf_add_text(buf, " = ");
    }
    qs_markup_cell(buf, set->name.len == 0 ? qs_str_of("all") : set->name, 80);
    qs_buf_add_text(buf, " (");
    qs_report_count(buf, set->rows, 0);
    qs_buf_add_text(buf, " rows)\n\n");
}

/* A set goes in whole or not at all. */
static int add_set(qs_buf *buf, const qs_metric_set *set, const qs_baseline *baseline)
{
    const size_t start = buf->len;
    add_title(buf, set);
    add_values(buf, set, baseline);
    add_labels(buf, set);
    add_confusion(buf, set);
    if (buf->len <= MAX_BYTES - NOTE_BYTES)
        return 1;
    buf->len = start;
    return 0;
}

static void add_worst(qs_buf *buf, const qs_metrics *metrics)
{
    size_t count = 0;
    const qs_wrong_row *rows = qs_metrics_worst(metrics, &count);
    if (count == 0)
        return;
    qs_buf_add_text(buf, "### Worst errors\n\n| gold | predicted | probability | text |\n| --- | --- | ---: | --- |\n");
    for (size_t i = 0; i < count && i < WORST_ROWS; i++) {
        qs_buf_add_text(buf, "| ");
        qs_markup_cell(buf, rows[i].gold, 40);
        qs_buf_add_text(buf, " | ");
        qs_markup_cell(buf, rows[i].predicted, 40);
        qs_buf_add_text(buf, " | ");
        qs_markup_number(buf, rows[i].confidence > 0 ? rows[i].confidence : NAN, 2);
        qs_buf_add_text(buf, " | ");
        qs_markup_cell(buf, rows[i].text.len > 0 ? rows[i].text : rows[i].id, 200);
        qs_buf_add_text(buf, " |\n");
    }
    qs_buf_add_char(buf, '\n');
}

qs_status qs_report_add_markdown(qs_report *report, const qs_metrics *metrics, const qs_gates *gates,
                                 const qs_baseline *baseline, qs_error *err)
{
    qs_buf own = {0}; /* the limit is of this document, whatever stood in the report before */
    size_t left_out = 0;
    const size_t heads = qs_metrics_head_count(metrics);
    qs_buf_add_text(&own, "## quotestance evaluation\n\n");
    add_gates(&own, gates);
    left_out += !add_set(&own, qs_metrics_overall(metrics), baseline);
    for (size_t i = 0; i < heads && heads > 1; i++)
        left_out += !add_set(&own, qs_metrics_head(metrics, i), baseline);
    for (size_t i = 0; i < qs_metrics_slice_count(metrics); i++)
        left_out += !add_set(&own, qs_metrics_slice(metrics, i), baseline);
    add_worst(&own, metrics);
    if (left_out > 0)
        qs_buf_addf(&own, "%zu more tables did not fit here; the metrics JSON has them all.\n", left_out);
    qs_buf_add_str(&report->buf, qs_buf_view(&own));
    report->buf.failed = report->buf.failed || own.failed;
    qs_buf_free(&own);
    return qs_buf_status(&report->buf, err);
}
