/* From rows to figures: one set of rows at a time. SPDX-License-Identifier: MIT */
#include "evaluation/metrics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "evaluation/set.h"

#define MAX_SLICES 10000

typedef struct named {
    qs_str name;
    uint32_t number;
} named;

typedef struct builder {
    const qs_evaluation *evaluation;
    qs_metrics *metrics;
    named *labels;   /* all labels in byte order */
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

static int is_word(qs_str text, const char *word)
{
    const size_t length = strlen(word);
    if (text.len != length)
        return 0;
    for (size_t i = 0; i < length; i++) {
        const char c = text.ptr[i];
        if ((c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c) != word[i])
            return 0;
    }
    return 1;
}

/* Numbers the labels that occur in the rows, in byte order. */
static void find_labels(builder *build, qs_set *set)
{
    const qs_evaluation *evaluation = build->evaluation;
    for (size_t i = 0; i < evaluation->labels.count; i++)
        build->local[i] = QS_NO_LABEL;
    for (size_t i = 0; i < set->count; i++) {
        const qs_entry *row = &evaluation->rows[set->rows[i]];
        build->local[row->gold] = 0;
        if (row->predicted != QS_NO_LABEL)
            build->local[row->predicted] = 0;
    }
    set->labels = 0;
    for (size_t i = 0; i < evaluation->labels.count; i++) {
        const uint32_t number = build->labels[i].number;
        if (build->local[number] == QS_NO_LABEL)
            continue;
        build->label_number[set->labels] = number;
        build->local[number] = set->labels++;
    }
    set->local = build->local;
    set->label_number = build->label_number;
}

static qs_status count_confusion(qs_set *set, qs_metric_set *out, qs_error *err)
{
    const size_t columns = (size_t)set->labels + 1;
    if (set->labels == 0)
        return QS_OK;
    uint64_t *cells = qs_arena_alloc(set->arena, set->labels * columns, sizeof *cells);
    if (cells == NULL)
        return qs_fail(err, QS_ENOMEM, "confusion of %u labels", set->labels);
    for (size_t i = 0; i < set->count; i++) {
        const qs_entry *row = &set->evaluation->rows[set->rows[i]];
        const uint32_t gold = qs_set_label(set, row->gold);
        const uint32_t predicted = qs_set_label(set, row->predicted);
        cells[gold * columns + (predicted == QS_NO_LABEL ? set->labels : predicted)]++;
    }
    for (uint32_t gold = 0; gold < set->labels; gold++)
        for (uint32_t column = 0; column <= set->labels; column++)
            qs_tally_add(&set->tally, gold, column == set->labels ? QS_NO_LABEL : column,
                         cells[gold * columns + column]);
    out->confusion = cells;
    return QS_OK;
}

static void fill_label(const qs_set *set, qs_label_metrics *label, uint32_t number)
{
    const qs_tally *tally = &set->tally;
    *label = (qs_label_metrics){
        .label = set->evaluation->labels.keys[set->label_number[number]],
        .support = tally->support[number],
        .predicted = tally->predicted[number],
        .true_positive = tally->correct[number],
        .false_positive = tally->predicted[number] - tally->correct[number],
        .false_negative = tally->support[number] - tally->correct[number],
    };
    label->true_negative = tally->rows - label->true_positive - label->false_positive - label->false_negative;
    for (int i = 0; i < QS_LABEL_METRIC_COUNT; i++) {
        label->values[i] = NAN;
        label->intervals[i] = (qs_interval){NAN, NAN};
    }
    qs_tally_measure_label(tally, number, label->values);
}

static const char *reason(const qs_metric_set *set, qs_metric metric)
{
    if (set->rows == 0)
        return "no rows";
    switch (metric) {
    case QS_METRIC_F_AVG:
        return "no label favor or against";
    case QS_METRIC_COHEN_KAPPA:
    case QS_METRIC_KRIPPENDORFF_ALPHA:
        return set->abstained == set->rows ? "no row got an answer" : "only one label";
    case QS_METRIC_MATTHEWS:
        return "gold or predicted labels are all the same";
    case QS_METRIC_MICRO_PRECISION:
        return "no row got an answer";
    case QS_METRIC_ROC_AUC:
    case QS_METRIC_AVERAGE_PRECISION:
        return set->rows_with_probabilities == 0 ? "no probabilities"
                                                 : "no label is gold in some rows and not in others";
    default:
        return metric >= QS_METRIC_FIRST_PROBABILITY ? "no probabilities" : "not defined for these rows";
    }
}

static void prepare(qs_metric_set *out, const qs_set *set)
{
    out->rows = set->count;
    for (int i = 0; i < QS_METRIC_COUNT; i++) {
        out->values[i] = NAN;
        out->intervals[i] = (qs_interval){NAN, NAN};
    }
}

static qs_status copy_name(qs_arena *arena, qs_str *name, qs_error *err)
{
    *name = qs_arena_copy(arena, *name);
    return name->ptr == NULL ? qs_fail(err, QS_ENOMEM, "out of memory") : QS_OK;
}

static qs_status fill_labels(const qs_set *set, qs_metric_set *out, qs_label_metrics **labels, qs_error *err)
{
    qs_status status = QS_OK;
    *labels = qs_arena_alloc(set->arena, set->labels, sizeof **labels);
    if (*labels == NULL)
        return qs_fail(err, QS_ENOMEM, "figures of %u labels", set->labels);
    for (uint32_t i = 0; i < set->labels && status == QS_OK; i++) {
        fill_label(set, &(*labels)[i], i);
        status = copy_name(set->arena, &(*labels)[i].label, err);
        out->correct += (*labels)[i].true_positive;
        out->abstained -= (*labels)[i].predicted;
    }
    out->labels = *labels;
    out->label_count = set->labels;
    return status;
}

static qs_status measure(builder *build, qs_metric_set *out, const uint32_t *rows, size_t count, qs_error *err)
{
    qs_label_metrics *labels = NULL;
    qs_set set = {.evaluation = build->evaluation,
                  .rows = rows,
                  .count = count,
                  .options = &build->metrics->options,
                  .arena = &build->metrics->arena};
    find_labels(build, &set);
    prepare(out, &set);
    qs_status status = qs_tally_make(&set.tally, set.labels, err);
    if (status != QS_OK)
        return status;
    for (uint32_t i = 0; i < set.labels; i++) {
        const qs_str name = build->evaluation->labels.keys[set.label_number[i]];
        if (is_word(name, "favor"))
            set.tally.favor = i;
        else if (is_word(name, "against"))
            set.tally.against = i;
    }
    status = count_confusion(&set, out, err);
    if (status != QS_OK)
        goto done;
    qs_tally_measure(&set.tally, out->values);
    out->abstained = out->rows;
    status = fill_labels(&set, out, &labels, err);
    if (status == QS_OK)
        status = qs_set_measure_probabilities(&set, out, labels, err);
    if (status == QS_OK)
        status = qs_set_bootstrap(&set, out, labels, err);
    for (int i = 0; i < QS_METRIC_COUNT; i++)
        out->notes[i] = isnan(out->values[i]) ? reason(out, (qs_metric)i) : NULL;
done:
    qs_tally_free(&set.tally);
    return status;
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
        if (status == QS_OK)
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
    build->labels = qs_alloc(evaluation->labels.count, sizeof *build->labels);
    build->local = qs_alloc(evaluation->labels.count, sizeof *build->local);
    build->label_number = qs_alloc(evaluation->labels.count, sizeof *build->label_number);
    build->order = qs_alloc(evaluation->count, sizeof *build->order);
    if (metrics->sets == NULL || build->labels == NULL || build->local == NULL ||
        build->label_number == NULL || build->order == NULL)
        return qs_fail(err, QS_ENOMEM, "figures of %zu sets", sets);
    sort_names(build->labels, &evaluation->labels);
    return QS_OK;
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
    if (status == QS_OK) {
        *out = metrics;
        metrics = NULL;
    }
    qs_metrics_destroy(metrics);
    qs_free(build.labels);
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
