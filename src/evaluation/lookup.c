/* Names of metrics, and finding a figure by its path. SPDX-License-Identifier: MIT */
#include <math.h>

#include "base/error.h"
#include "evaluation/metrics.h"

typedef struct metric_row {
    const char *name;
    const char *words;
    int better;
} metric_row;

static const metric_row metric_rows[] = {
#define METRIC_ROW(id, name, better, words) {name, words, better},
    QS_METRIC_TABLE(METRIC_ROW)
#undef METRIC_ROW
};

static const metric_row label_metric_rows[] = {
#define LABEL_METRIC_ROW(id, name, better) {name, "", better},
    QS_LABEL_METRIC_TABLE(LABEL_METRIC_ROW)
#undef LABEL_METRIC_ROW
};

const char *qs_metric_name(qs_metric metric)
{
    return metric_rows[metric].name;
}

const char *qs_metric_words(qs_metric metric)
{
    return metric_rows[metric].words;
}

int qs_metric_better(qs_metric metric)
{
    return metric_rows[metric].better;
}

const char *qs_label_metric_name(qs_label_metric metric)
{
    return label_metric_rows[metric].name;
}

int qs_label_metric_better(qs_label_metric metric)
{
    return label_metric_rows[metric].better;
}

qs_metric qs_metric_find(qs_str name)
{
    int i = 0;
    while (i < QS_METRIC_COUNT && !qs_str_equal(name, qs_str_of(metric_rows[i].name)))
        i++;
    return (qs_metric)i;
}

qs_label_metric qs_label_metric_find(qs_str name)
{
    int i = 0;
    while (i < QS_LABEL_METRIC_COUNT && !qs_str_equal(name, qs_str_of(label_metric_rows[i].name)))
        i++;
    return (qs_label_metric)i;
}

uint64_t qs_metrics_items(const qs_metrics *metrics)
{
    return metrics->items;
}

size_t qs_metrics_head_count(const qs_metrics *metrics)
{
    return metrics->heads;
}

const qs_metric_set *qs_metrics_head(const qs_metrics *metrics, size_t index)
{
    return &metrics->sets[1 + index];
}

const qs_metric_set *qs_metrics_overall(const qs_metrics *metrics)
{
    return &metrics->sets[0];
}

size_t qs_metrics_slice_count(const qs_metrics *metrics)
{
    return metrics->slices;
}

const qs_metric_set *qs_metrics_slice(const qs_metrics *metrics, size_t index)
{
    return &metrics->sets[1 + metrics->heads + index];
}

const qs_wrong_row *qs_metrics_worst(const qs_metrics *metrics, size_t *count)
{
    *count = metrics->worst_count;
    return metrics->worst;
}

const qs_measure_options *qs_metrics_options(const qs_metrics *metrics)
{
    return &metrics->options;
}

/* If `path` starts with `name` and a dot, moves past both. */
static int skip(qs_str *path, qs_str name)
{
    if (path->len <= name.len || path->ptr[name.len] != '.' ||
        !qs_str_equal(qs_str_slice(*path, 0, name.len), name))
        return 0;
    *path = qs_str_slice(*path, name.len + 1, path->len);
    return 1;
}

static int skip_set(qs_str *path, const qs_metric_set *set)
{
    qs_str rest = *path;
    if (set->column.len != 0) {
        if (rest.len <= set->column.len || rest.ptr[set->column.len] != '=' ||
            !qs_str_equal(qs_str_slice(rest, 0, set->column.len), set->column))
            return 0;
        rest = qs_str_slice(rest, set->column.len + 1, rest.len);
    }
    if (!skip(&rest, set->name))
        return 0;
    *path = rest;
    return 1;
}

typedef struct figure {
    double value;
    qs_interval interval;
    int better;
} figure;

/* METRIC or [labels.]LABEL.METRIC within one set. */
static int find_in_set(const qs_metric_set *set, qs_str path, figure *found)
{
    const qs_metric metric = qs_metric_find(path);
    if (metric != QS_METRIC_COUNT) {
        *found = (figure){set->values[metric], set->intervals[metric], qs_metric_better(metric)};
        return 1;
    }
    (void)skip(&path, qs_str_of("labels"));
    for (size_t i = 0; i < set->label_count; i++) {
        qs_str rest = path;
        if (!skip(&rest, set->labels[i].label))
            continue;
        const qs_label_metric one = qs_label_metric_find(rest);
        if (one == QS_LABEL_METRIC_COUNT)
            continue;
        *found = (figure){set->labels[i].values[one], set->labels[i].intervals[one],
                          qs_label_metric_better(one)};
        return 1;
    }
    return 0;
}

qs_status qs_metrics_lookup(const qs_metrics *metrics, qs_str path, double *value, qs_interval *interval,
                            int *better, qs_error *err)
{
    figure found = {NAN, {NAN, NAN}, 1};
    const size_t sets = 1 + metrics->heads + metrics->slices;
    int done = find_in_set(&metrics->sets[0], path, &found);
    for (size_t i = 0; i < sets && !done; i++) {
        qs_str rest = path;
        done = skip_set(&rest, &metrics->sets[i]) && find_in_set(&metrics->sets[i], rest, &found);
    }
    if (!done)
        return qs_fail(err, QS_EUSAGE, "there is no metric \"%.*s\"",
                       (int)(path.len > 180 ? 180 : path.len), path.ptr);
    *value = found.value;
    if (interval != NULL)
        *interval = found.interval;
    if (better != NULL)
        *better = found.better;
    return QS_OK;
}
