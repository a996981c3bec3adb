/* From rows to figures: one set of rows at a time. SPDX-License-Identifier: MIT */
#include "evaluation/metrics.h"

#include <stdlib.h>

#include "evaluation/set.h"

#define MAX_SLICES 10000

typedef struct named {
    qs_str name;
    uint32_t number;
} named;

typedef struct builder {
    const qs_evaluation *evaluation;
    qs_metrics *metrics;
    uint32_t *label_order; /* all labels in byte order */
    uint32_t *local; /* by label number */
    uint32_t *label_number;
    uint32_t *order; /* row numbers, bucket by bucket */
    size_t *starts;  /* of the buckets */
} builder;

static int by_name(const void *a, const void *b)
{
    return qs_str_compare(((const named *)a)->name, ((const named *)b)->name);
}

static void sort_names(named *out, const qs_map *map)
{
    for (size_t i = 0; i < map->count; i++)
        out[i] = (named){map->keys[i], (uint32_t)i};
    if (map->count > 1)
        qsort(out, map->count, sizeof *out, by_name);
}

static qs_status copy_name(qs_arena *arena, qs_str *name, qs_error *err)
{
    *name = qs_arena_copy(arena, *name);
    return name->ptr == NULL ? qs_fail(err, QS_ENOMEM, "out of memory") : QS_OK;
}

static qs_status measure(builder *build, qs_metric_set *out, const uint32_t *rows, size_t count, qs_error *err)
{
    qs_set set = {.evaluation = build->evaluation,
                  .rows = rows,
                  .count = count,
                  .label_order = build->label_order,
                  .label_number = build->label_number,
                  .local = build->local,
                  .options = &build->metrics->options,
                  .arena = &build->metrics->arena};
    return qs_set_measure(&set, out, err);
}

/* Sorts row numbers into buckets; `column` < 0 for heads, else a slice column. */
static qs_status bucket_rows(builder *build, int column, size_t buckets, qs_error *err)
{
    const qs_evaluation *evaluation = build->evaluation;
    qs_free(build->starts);
    build->starts = qs_alloc_zero(buckets + 2, sizeof *build->starts);
    if (build->starts == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    size_t *starts = build->starts + 2; /* one ahead: filling moves them back into place */
    for (size_t pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < evaluation->count; i++) {
            const uint32_t bucket =
                column < 0 ? evaluation->rows[i].head
                           : evaluation->slices[i * evaluation->slice_count + (size_t)column];
            if (pass == 0)
                starts[bucket]++;
            else
                build->order[build->starts[bucket + 1]++] = (uint32_t)i;
        }
        for (size_t b = 1; b < buckets && pass == 0; b++)
            starts[b] += starts[b - 1];
    }
    return QS_OK;
}

/* The only head has the figures of all rows: no need to compute them twice. */
static void copy_figures(qs_metric_set *out, const qs_metric_set *overall)
{
    const qs_str name = out->name, column = out->column;
    *out = *overall;
    out->name = name;
    out->column = column;
}

/* Measures every value of a column (or every head) in byte order into sets[]. */
static qs_status measure_buckets(builder *build, int column, const qs_map *values, qs_metric_set *sets,
                                 qs_error *err)
{
    named *names = NULL;
    qs_status status = bucket_rows(build, column, values->count, err);
    if (status != QS_OK)
        return status;
    names = qs_alloc(values->count, sizeof *names);
    if (names == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    sort_names(names, values);
    for (size_t i = 0; i < values->count && status == QS_OK; i++) {
        const size_t start = build->starts[names[i].number];
        const size_t end = build->starts[names[i].number + 1];
        sets[i].name = names[i].name;
        sets[i].column = column < 0 ? qs_str_of("") : build->evaluation->slice_columns[column];
        status = copy_name(&build->metrics->arena, &sets[i].name, err);
        if (status == QS_OK)
            status = copy_name(&build->metrics->arena, &sets[i].column, err);
        if (status == QS_OK && column < 0 && values->count == 1)
            copy_figures(&sets[i], &build->metrics->sets[0]);
        else if (status == QS_OK)
            status = measure(build, &sets[i], build->order + start, end - start, err);
    }
    qs_free(names);
    return status;
}

static qs_status measure_all(builder *build, qs_error *err)
{
    const qs_evaluation *evaluation = build->evaluation;
    qs_metrics *metrics = build->metrics;
    for (size_t i = 0; i < evaluation->count; i++)
        build->order[i] = (uint32_t)i;
    metrics->sets[0].name = qs_str_of("overall");
    metrics->sets[0].column = qs_str_of("");
    qs_status status = measure(build, &metrics->sets[0], build->order, evaluation->count, err);
    if (status == QS_OK)
        status = measure_buckets(build, -1, &evaluation->heads, metrics->sets + 1, err);
    qs_metric_set *next = metrics->sets + 1 + metrics->heads;
    for (size_t i = 0; i < evaluation->slice_count && status == QS_OK; i++) {
        status = measure_buckets(build, (int)i, &evaluation->slice_values[i], next, err);
        next += evaluation->slice_values[i].count;
    }
    return status;
}

static qs_status check_options(const qs_measure_options *options, qs_error *err)
{
    if (!(options->confidence > 0.5 && options->confidence < 1))
        return qs_fail(err, QS_EUSAGE, "the confidence must lie between 0.5 and 1");
    if (options->rounds > 10000000)
        return qs_fail(err, QS_EUSAGE, "at most 10,000,000 bootstrap rounds");
    return QS_OK;
}

static qs_status order_labels(builder *build, qs_error *err)
{
    const qs_map *labels = &build->evaluation->labels;
    named *names = qs_alloc(labels->count, sizeof *names);
    if (names == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    sort_names(names, labels);
    for (size_t i = 0; i < labels->count; i++)
        build->label_order[i] = names[i].number;
    qs_free(names);
    return QS_OK;
}

static qs_status make_room(builder *build, qs_error *err)
{
    const qs_evaluation *evaluation = build->evaluation;
    qs_metrics *metrics = build->metrics;
    metrics->heads = evaluation->heads.count;
    for (size_t i = 0; i < evaluation->slice_count; i++)
        metrics->slices += evaluation->slice_values[i].count;
    if (metrics->slices > MAX_SLICES)
        return qs_fail(err, QS_ELIMIT, "more than %d slices", MAX_SLICES);
    const size_t sets = 1 + metrics->heads + metrics->slices;
    metrics->sets = qs_arena_alloc(&metrics->arena, sets, sizeof *metrics->sets);
    build->label_order = qs_alloc(evaluation->labels.count, sizeof *build->label_order);
    build->local = qs_alloc(evaluation->labels.count, sizeof *build->local);
    build->label_number = qs_alloc(evaluation->labels.count, sizeof *build->label_number);
    build->order = qs_alloc(evaluation->count, sizeof *build->order);
    if (metrics->sets == NULL || build->label_order == NULL || build->local == NULL ||
        build->label_number == NULL || build->order == NULL)
        return qs_fail(err, QS_ENOMEM, "figures of %zu sets", sets);
    return order_labels(build, err);
}

qs_measure_options qs_measure_defaults(void)
{
    return (qs_measure_options){.seed = 1, .confidence = 0.95, .method = QS_INTERVAL_BCA, .jobs = 1};
}

qs_status qs_metrics_create(qs_metrics **out, const qs_evaluation *evaluation,
                            const qs_measure_options *options, qs_error *err)
{
    builder build = {.evaluation = evaluation};
    qs_status status = QS_OK;

    *out = NULL;
    qs_metrics *metrics = qs_alloc_zero(1, sizeof *metrics);
    if (metrics == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    build.metrics = metrics;
    metrics->options = options == NULL ? qs_measure_defaults() : *options;
    metrics->items = evaluation->items_set ? evaluation->items : evaluation->count;
    status = check_options(&metrics->options, err);
    if (status == QS_OK)
        status = make_room(&build, err);
    if (status == QS_OK)
        status = measure_all(&build, err);
    if (status == QS_OK)
        status = qs_worst_copy(&evaluation->worst, &metrics->arena, &metrics->worst, err);
    metrics->worst_count = evaluation->worst.count;
    if (status == QS_OK) {
        *out = metrics;
        metrics = NULL;
    }
    qs_metrics_destroy(metrics);
    qs_free(build.label_order);
    qs_free(build.local);
    qs_free(build.label_number);
    qs_free(build.order);
    qs_free(build.starts);
    return status;
}

void qs_metrics_destroy(qs_metrics *metrics)
{
    if (metrics == NULL)
        return;
    qs_arena_free(&metrics->arena);
    qs_free(metrics);
}
