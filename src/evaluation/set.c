/* All figures of one set of rows. SPDX-License-Identifier: MIT */
#include "evaluation/set.h"

#include <math.h>
#include <string.h>

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
static void find_labels(qs_set *set)
{
    const qs_evaluation *evaluation = set->evaluation;
    for (size_t i = 0; i < evaluation->labels.count; i++)
        set->local[i] = QS_NO_LABEL;
    for (size_t i = 0; i < set->count; i++) {
        const qs_entry *row = &evaluation->rows[set->rows[i]];
        set->local[row->gold] = 0;
        if (row->predicted != QS_NO_LABEL)
            set->local[row->predicted] = 0;
    }
    set->labels = 0;
    for (size_t i = 0; i < evaluation->labels.count; i++) {
        const uint32_t number = set->label_order[i];
        if (set->local[number] == QS_NO_LABEL)
            continue;
        set->label_number[set->labels] = number;
        set->local[number] = set->labels++;
    }
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

static qs_status fill_labels(const qs_set *set, qs_metric_set *out, qs_label_metrics **labels, qs_error *err)
{
    qs_status status = QS_OK;
    *labels = qs_arena_alloc(set->arena, set->labels, sizeof **labels);
    if (*labels == NULL)
        return qs_fail(err, QS_ENOMEM, "figures of %u labels", set->labels);
    for (uint32_t i = 0; i < set->labels && status == QS_OK; i++) {
        fill_label(set, &(*labels)[i], i);
        (*labels)[i].label = qs_arena_copy(set->arena, (*labels)[i].label);
        if ((*labels)[i].label.ptr == NULL)
            status = qs_fail(err, QS_ENOMEM, "out of memory");
        out->correct += (*labels)[i].true_positive;
        out->abstained -= (*labels)[i].predicted;
    }
    out->labels = *labels;
    out->label_count = set->labels;
    return status;
}

qs_status qs_set_measure(qs_set *set, qs_metric_set *out, qs_error *err)
{
    qs_label_metrics *labels = NULL;
    find_labels(set);
    prepare(out, set);
    qs_status status = qs_tally_make(&set->tally, set->labels, err);
    if (status != QS_OK)
        return status;
    for (uint32_t i = 0; i < set->labels; i++) {
        const qs_str name = set->evaluation->labels.keys[set->label_number[i]];
        if (is_word(name, "favor"))
            set->tally.favor = i;
        else if (is_word(name, "against"))
            set->tally.against = i;
    }
    status = count_confusion(set, out, err);
    if (status != QS_OK)
        goto done;
    qs_tally_measure(&set->tally, out->values);
    out->abstained = out->rows;
    status = fill_labels(set, out, &labels, err);
    if (status == QS_OK)
        status = qs_set_measure_probabilities(set, out, labels, err);
    if (status == QS_OK)
        status = qs_set_bootstrap(set, out, labels, err);
    if (status == QS_OK)
        status = qs_set_bootstrap_scores(set, out, err);
    for (int i = 0; i < QS_METRIC_COUNT; i++)
        out->notes[i] = isnan(out->values[i]) ? reason(out, (qs_metric)i) : NULL;
done:
    qs_tally_free(&set->tally);
    return status;
}
