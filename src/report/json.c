/* The metrics as JSON. SPDX-License-Identifier: MIT */
#include <math.h>

#include "report/report.h"

static void key(qs_buf *buf, int *first, qs_str name)
{
    if (!*first)
        qs_buf_add_char(buf, ',');
    *first = 0;
    qs_buf_add_json(buf, name);
    qs_buf_add_char(buf, ':');
}

static void add_count(qs_buf *buf, int *first, const char *name, uint64_t value)
{
    key(buf, first, qs_str_of(name));
    qs_buf_add_u64(buf, value);
}

static void add_number(qs_buf *buf, int *first, const char *name, double value)
{
    key(buf, first, qs_str_of(name));
    qs_buf_add_double(buf, value); /* null if undefined */
}

static void add_interval(qs_buf *buf, int *first, const char *name, qs_interval interval)
{
    if (isnan(interval.low))
        return;
    key(buf, first, qs_str_of(name));
    qs_buf_add_char(buf, '[');
    qs_buf_add_double(buf, interval.low);
    qs_buf_add_char(buf, ',');
    qs_buf_add_double(buf, interval.high);
    qs_buf_add_char(buf, ']');
}

static void add_label(qs_buf *buf, const qs_label_metrics *label)
{
    int first = 1;
    qs_buf_add_char(buf, '{');
    for (int i = 0; i < QS_LABEL_METRIC_COUNT; i++)
        add_number(buf, &first, qs_label_metric_name((qs_label_metric)i), label->values[i]);
    add_count(buf, &first, "support", label->support);
    add_count(buf, &first, "predicted", label->predicted);
    add_count(buf, &first, "tp", label->true_positive);
    add_count(buf, &first, "fp", label->false_positive);
    add_count(buf, &first, "fn", label->false_negative);
    add_count(buf, &first, "tn", label->true_negative);
    key(buf, &first, qs_str_of("intervals"));
    qs_buf_add_char(buf, '{');
    int none = 1;
    for (int i = 0; i < QS_LABEL_METRIC_COUNT; i++)
        add_interval(buf, &none, qs_label_metric_name((qs_label_metric)i), label->intervals[i]);
    qs_buf_add_text(buf, "}}");
}

static void add_counts(qs_buf *buf, const qs_metric_set *set, size_t from, size_t to)
{
    const size_t columns = set->label_count + 1;
    qs_buf_add_char(buf, '[');
    for (size_t gold = 0; gold < set->label_count; gold++) {
        if (gold > 0)
            qs_buf_add_char(buf, ',');
        if (to - from > 1 || from == 0)
            qs_buf_add_char(buf, '[');
        for (size_t i = from; i < to; i++) {
            if (i > from)
                qs_buf_add_char(buf, ',');
            qs_buf_add_u64(buf, set->confusion[gold * columns + i]);
        }
        if (to - from > 1 || from == 0)
            qs_buf_add_char(buf, ']');
    }
    qs_buf_add_char(buf, ']');
}

static void add_confusion(qs_buf *buf, const qs_metric_set *set)
{
    qs_buf_add_text(buf, "{\"labels\":[");
    for (size_t i = 0; i < set->label_count; i++) {
        if (i > 0)
            qs_buf_add_char(buf, ',');
        qs_buf_add_json(buf, set->labels[i].label);
    }
    qs_buf_add_text(buf, "],\"gold_by_predicted\":");
    add_counts(buf, set, 0, set->label_count);
    qs_buf_add_text(buf, ",\"abstained\":");
    add_counts(buf, set, set->label_count, set->label_count + 1);
    qs_buf_add_char(buf, '}');
}

static void add_calibration(qs_buf *buf, const qs_metric_set *set)
{
    qs_buf_add_char(buf, '[');
    for (int i = 0; i < QS_CALIBRATION_BINS; i++) {
        const qs_calibration_bin *bin = &set->calibration[i];
        int first = 1;
        qs_buf_add_text(buf, i > 0 ? ",{" : "{");
        add_count(buf, &first, "rows", bin->rows);
        add_count(buf, &first, "correct", bin->correct);
        add_number(buf, &first, "mean_confidence", bin->mean_confidence);
        qs_buf_add_char(buf, '}');
    }
    qs_buf_add_char(buf, ']');
}

static void add_set(qs_buf *buf, const qs_metric_set *set)
{
    int first = 1;
    qs_buf_add_char(buf, '{');
    add_count(buf, &first, "rows", set->rows);
    add_count(buf, &first, "correct", set->correct);
    add_count(buf, &first, "abstained", set->abstained);
    add_count(buf, &first, "groups", set->groups);
    for (int i = 0; i < QS_METRIC_COUNT; i++)
        add_number(buf, &first, qs_metric_name((qs_metric)i), set->values[i]);
    key(buf, &first, qs_str_of("intervals"));
    int none = 1;
    qs_buf_add_char(buf, '{');
    for (int i = 0; i < QS_METRIC_COUNT; i++)
        add_interval(buf, &none, qs_metric_name((qs_metric)i), set->intervals[i]);
    qs_buf_add_char(buf, '}');
    key(buf, &first, qs_str_of("notes"));
    none = 1;
    qs_buf_add_char(buf, '{');
    for (int i = 0; i < QS_METRIC_COUNT; i++) {
        if (set->notes[i] == NULL)
            continue;
        key(buf, &none, qs_str_of(qs_metric_name((qs_metric)i)));
        qs_buf_add_json(buf, qs_str_of(set->notes[i]));
    }
    qs_buf_add_char(buf, '}');
    key(buf, &first, qs_str_of("labels"));
    none = 1;
    qs_buf_add_char(buf, '{');
    for (size_t i = 0; i < set->label_count; i++) {
        key(buf, &none, set->labels[i].label);
        add_label(buf, &set->labels[i]);
    }
    qs_buf_add_char(buf, '}');
    key(buf, &first, qs_str_of("confusion"));
    add_confusion(buf, set);
    if (set->calibration != NULL) {
        key(buf, &first, qs_str_of("calibration"));
        add_calibration(buf, set);
    }
    qs_buf_add_char(buf, '}');
}

static void add_bootstrap(qs_buf *buf, const qs_measure_options *options)
{
    int first = 1;
    qs_buf_add_char(buf, '{');
    add_count(buf, &first, "rounds", options->rounds);
    add_count(buf, &first, "seed", options->seed);
    add_number(buf, &first, "confidence", options->confidence);
    key(buf, &first, qs_str_of("method"));
    qs_buf_add_text(buf, options->method == QS_INTERVAL_BCA ? "\"bca\"}" : "\"percentile\"}");
}

static void add_wrong_row(qs_buf *buf, const qs_wrong_row *row)
{
    int first = 1;
    const struct {
        const char *name;
        qs_str value;
    } texts[] = {{"head", row->head}, {"gold", row->gold}, {"predicted", row->predicted}, {"id", row->id},
                 {"text", row->text}};
    qs_buf_add_char(buf, '{');
    add_count(buf, &first, "row", row->row);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        key(buf, &first, qs_str_of(texts[i].name));
        qs_buf_add_json(buf, texts[i].value);
    }
    add_number(buf, &first, "confidence", row->confidence);
    key(buf, &first, qs_str_of("causes"));
    qs_buf_add_char(buf, '[');
    for (size_t i = 0; i < row->cause_count; i++) {
        int start = 1;
        qs_buf_add_text(buf, i > 0 ? ",{" : "{");
        key(buf, &start, qs_str_of("ngram"));
        qs_buf_add_json(buf, row->causes[i].ngram);
        add_number(buf, &start, "weight", row->causes[i].weight);
        qs_buf_add_char(buf, '}');
    }
    qs_buf_add_text(buf, "]}");
}

static void add_worst(qs_buf *buf, const qs_metrics *metrics)
{
    size_t count = 0;
    const qs_wrong_row *rows = qs_metrics_worst(metrics, &count);
    qs_buf_add_char(buf, '[');
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            qs_buf_add_char(buf, ',');
        add_wrong_row(buf, &rows[i]);
    }
    qs_buf_add_char(buf, ']');
}

static void add_slices(qs_buf *buf, const qs_metrics *metrics)
{
    int first_column = 1;
    const size_t count = qs_metrics_slice_count(metrics);
    qs_buf_add_char(buf, '{');
    for (size_t i = 0; i < count;) {
        const qs_str column = qs_metrics_slice(metrics, i)->column;
        int first = 1;
        key(buf, &first_column, column);
        qs_buf_add_char(buf, '{');
        for (; i < count && qs_str_equal(qs_metrics_slice(metrics, i)->column, column); i++) {
            key(buf, &first, qs_metrics_slice(metrics, i)->name);
            add_set(buf, qs_metrics_slice(metrics, i));
        }
        qs_buf_add_char(buf, '}');
    }
    qs_buf_add_char(buf, '}');
}

qs_status qs_report_add_json(qs_report *report, const qs_metrics *metrics, qs_error *err)
{
    qs_buf *buf = &report->buf;
    int first = 1, none = 1;
    qs_buf_add_text(buf, "{\"format\":\"quotestance-metrics-1\",");
    add_count(buf, &first, "items", qs_metrics_items(metrics));
    if (qs_metrics_options(metrics)->rounds > 0) {
        key(buf, &first, qs_str_of("bootstrap"));
        add_bootstrap(buf, qs_metrics_options(metrics));
    }
    key(buf, &first, qs_str_of("heads"));
    qs_buf_add_char(buf, '{');
    for (size_t i = 0; i < qs_metrics_head_count(metrics); i++) {
        key(buf, &none, qs_metrics_head(metrics, i)->name);
        add_set(buf, qs_metrics_head(metrics, i));
    }
    qs_buf_add_char(buf, '}');
    key(buf, &first, qs_str_of("overall"));
    add_set(buf, qs_metrics_overall(metrics));
    if (qs_metrics_slice_count(metrics) > 0) {
        key(buf, &first, qs_str_of("by"));
        add_slices(buf, metrics);
    }
    key(buf, &first, qs_str_of("worst"));
    add_worst(buf, metrics);
    qs_buf_add_text(buf, "}\n");
    return qs_buf_status(buf, err);
}
