/* Taking in rows. SPDX-License-Identifier: MIT */
#include "evaluation/entries.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

qs_status qs_evaluation_create(qs_evaluation **out, const qs_str *slice_columns, size_t count,
                               qs_error *err)
{
    qs_status status = QS_OK;
    uint32_t number = 0;
    qs_evaluation *evaluation = qs_alloc_zero(1, sizeof *evaluation);

    *out = NULL;
    if (evaluation == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    evaluation->slice_values = qs_alloc_zero(count, sizeof *evaluation->slice_values);
    evaluation->slice_columns = qs_alloc_zero(count, sizeof *evaluation->slice_columns);
    if (evaluation->slice_values == NULL || evaluation->slice_columns == NULL) {
        status = qs_fail(err, QS_ENOMEM, "out of memory");
        goto done;
    }
    evaluation->slice_count = count;
    for (size_t i = 0; i < count; i++) {
        evaluation->slice_columns[i] = qs_arena_copy(&evaluation->arena, slice_columns[i]);
        if (evaluation->slice_columns[i].ptr == NULL) {
            status = qs_fail(err, QS_ENOMEM, "out of memory");
            goto done;
        }
    }
    status = qs_map_intern(&evaluation->shapes, qs_str_of(""), &number, err);
    if (status != QS_OK)
        goto done;
    *out = evaluation;
    evaluation = NULL;
done:
    qs_evaluation_destroy(evaluation);
    return status;
}

void qs_evaluation_destroy(qs_evaluation *evaluation)
{
    if (evaluation == NULL)
        return;
    for (size_t i = 0; i < evaluation->slice_count; i++)
        qs_map_free(&evaluation->slice_values[i]);
    qs_map_free(&evaluation->heads);
    qs_map_free(&evaluation->labels);
    qs_map_free(&evaluation->groups);
    qs_map_free(&evaluation->shapes);
    qs_free(evaluation->slice_values);
    qs_free(evaluation->slice_columns);
    qs_free(evaluation->rows);
    qs_free(evaluation->first_probability);
    qs_free(evaluation->probabilities);
    qs_free(evaluation->slices);
    qs_worst_free(&evaluation->worst);
    qs_arena_free(&evaluation->arena);
    qs_free(evaluation);
}

void qs_evaluation_set_items(qs_evaluation *evaluation, uint64_t items)
{
    evaluation->items = items;
    evaluation->items_set = 1;
}

size_t qs_evaluation_rows(const qs_evaluation *evaluation)
{
    return evaluation->count;
}

static qs_status intern_label(qs_evaluation *evaluation, qs_str label, uint32_t *number, qs_error *err)
{
    if (evaluation->labels.count >= QS_MAX_LABELS && !qs_map_find(&evaluation->labels, label, number))
        return qs_fail(err, QS_ELIMIT, "more than %d different labels", QS_MAX_LABELS);
    return qs_map_intern(&evaluation->labels, label, number, err);
}

/* Room for one more row in every column, so that what follows cannot fail half-way. */
static qs_status reserve(qs_evaluation *evaluation, size_t probabilities, qs_error *err)
{
    const size_t row = evaluation->count + 1;
    if (row >= UINT32_MAX)
        return qs_fail(err, QS_ELIMIT, "too many rows");
    qs_status status = qs_grow(&evaluation->rows, &evaluation->capacity, row,
                               sizeof *evaluation->rows, err);
    if (status == QS_OK)
        status = qs_grow(&evaluation->first_probability, &evaluation->first_capacity, row,
                         sizeof *evaluation->first_probability, err);
    if (status == QS_OK)
        status = qs_grow(&evaluation->probabilities, &evaluation->probability_capacity,
                         evaluation->probability_count + probabilities,
                         sizeof *evaluation->probabilities, err);
    if (status == QS_OK)
        status = qs_grow(&evaluation->slices, &evaluation->slice_capacity,
                         row * evaluation->slice_count, sizeof *evaluation->slices, err);
    return status;
}

/* The shape is the list of label numbers; rows of one head nearly always share it. */
static qs_status intern_shape(qs_evaluation *evaluation, const qs_evaluation_row *row, uint32_t *shape,
                              qs_error *err)
{
    uint32_t numbers[QS_MAX_LABELS];
    const size_t count = row->probability_count;
    if (count > QS_MAX_LABELS)
        return qs_fail(err, QS_ELIMIT, "more than %d different labels", QS_MAX_LABELS);
    for (size_t i = 0; i < count; i++) {
        const double p = row->probabilities[i];
        if (!(p >= 0 && p <= 1))
            return qs_fail(err, QS_EINPUT, "the probability of label \"%.*s\" is not in [0, 1]",
                           (int)(row->probability_labels[i].len > 60 ? 60 : row->probability_labels[i].len),
                           row->probability_labels[i].ptr);
        const qs_status status = intern_label(evaluation, row->probability_labels[i], &numbers[i], err);
        if (status != QS_OK)
            return status;
    }
    const qs_str key = qs_str_make(count == 0 ? "" : (const char *)numbers, count * sizeof *numbers);
    if (qs_map_find(&evaluation->shapes, key, shape))
        return QS_OK;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < i; j++)
            if (numbers[j] == numbers[i])
                return qs_fail(err, QS_EINPUT, "two probabilities for one label");
    return qs_map_intern(&evaluation->shapes, key, shape, err);
}

static qs_status note_worst(qs_evaluation *evaluation, const qs_evaluation_row *row, qs_error *err)
{
    qs_wrong_row wrong = {.row = evaluation->count, .head = row->head, .gold = row->gold, .predicted = row->predicted,
                          .id = row->id, .text = row->text};
    evaluation->worst.newest = SIZE_MAX;
    if (row->predicted.ptr == NULL || qs_str_equal(row->gold, row->predicted))
        return QS_OK;
    for (size_t i = 0; i < row->probability_count; i++)
        if (qs_str_equal(row->probability_labels[i], row->predicted))
            wrong.confidence = row->probabilities[i];
    return qs_worst_offer(&evaluation->worst, &wrong, err);
}

qs_status qs_evaluation_add(qs_evaluation *evaluation, const qs_evaluation_row *row, qs_error *err)
{
    qs_entry new = {.predicted = QS_NO_LABEL, .group = QS_NO_GROUP};
    qs_status status = reserve(evaluation, row->probability_count, err);
    if (status == QS_OK)
        status = qs_map_intern(&evaluation->heads, row->head, &new.head, err);
    if (status == QS_OK)
        status = intern_label(evaluation, row->gold, &new.gold, err);
    if (status == QS_OK && row->predicted.ptr != NULL)
        status = intern_label(evaluation, row->predicted, &new.predicted, err);
    if (status == QS_OK && row->group.ptr != NULL)
        status = qs_map_intern(&evaluation->groups, row->group, &new.group, err);
    if (status == QS_OK)
        status = intern_shape(evaluation, row, &new.shape, err);
    uint32_t *slices = evaluation->slices + evaluation->count * evaluation->slice_count;
    for (size_t i = 0; i < evaluation->slice_count && status == QS_OK; i++)
        status = qs_map_intern(&evaluation->slice_values[i],
                               row->slices == NULL ? qs_str_of("") : row->slices[i], &slices[i], err);
    if (status == QS_OK && evaluation->worst.max > 0)
        status = note_worst(evaluation, row, err);
    if (status != QS_OK)
        return status;
    evaluation->first_probability[evaluation->count] = evaluation->probability_count;
    for (size_t i = 0; i < row->probability_count; i++)
        evaluation->probabilities[evaluation->probability_count++] = row->probabilities[i];
    evaluation->rows[evaluation->count++] = new;
    return QS_OK;
}

size_t qs_entry_probabilities(const qs_evaluation *evaluation, size_t row, const uint32_t **labels,
                            const double **probabilities)
{
    const qs_str shape = evaluation->shapes.keys[evaluation->rows[row].shape];
    *labels = (const uint32_t *)(const void *)shape.ptr;
    *probabilities = evaluation->probabilities + evaluation->first_probability[row];
    return shape.len / sizeof **labels;
}

double qs_entry_probability(const qs_evaluation *evaluation, size_t row, uint32_t label)
{
    const uint32_t *labels = NULL;
    const double *probabilities = NULL;
    const size_t count = qs_entry_probabilities(evaluation, row, &labels, &probabilities);
    for (size_t i = 0; i < count; i++)
        if (labels[i] == label)
            return probabilities[i];
    return 0;
}

void qs_evaluation_keep_worst(qs_evaluation *evaluation, size_t max)
{
    assert(evaluation->count == 0);
    evaluation->worst.max = max > 10000 ? 10000 : max;
    evaluation->worst.newest = SIZE_MAX;
}

int qs_evaluation_last_is_worst(const qs_evaluation *evaluation)
{
    return evaluation->worst.max > 0 && evaluation->worst.newest != SIZE_MAX;
}

qs_status qs_evaluation_explain_last(qs_evaluation *evaluation, const qs_cause *causes, size_t count, qs_error *err)
{
    return qs_evaluation_last_is_worst(evaluation) ? qs_worst_explain(&evaluation->worst, causes, count, err) : QS_OK;
}
