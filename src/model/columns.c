/* What the linear solvers share: a column of weights for each label against the rest, features in the order of their
 * frequency. SPDX-License-Identifier: MIT */
#include <string.h>

#include "model/learner_impl.h"

#define LABEL_WITHOUT_ROWS (-4.0) /* output of a label that the training rows lack */

/* Counting sort of the features by falling frequency; equal ones keep their order. */
qs_status qs_rank_columns(uint32_t **out, const qs_vectors *vectors, qs_error *err)
{
    const size_t features = vectors->features;
    uint32_t *counts = qs_alloc_zero(features, sizeof *counts);
    uint64_t *places = qs_alloc_zero(vectors->rows + 2, sizeof *places);
    uint32_t *columns = qs_alloc(features, sizeof *columns);
    *out = columns;
    if (counts == NULL || places == NULL || columns == NULL) {
        qs_free(counts);
        qs_free(places);
        return qs_fail(err, QS_ENOMEM, "columns of %zu features", features);
    }
    for (uint64_t e = 0; e < vectors->starts[vectors->rows]; e++)
        counts[vectors->indices[e]]++;
    for (size_t f = 0; f < features; f++)
        places[vectors->rows - counts[f] + 1]++;
    for (size_t r = 1; r <= vectors->rows + 1; r++)
        places[r] += places[r - 1];
    for (size_t f = 0; f < features; f++)
        columns[f] = (uint32_t)places[vectors->rows - counts[f]]++;
    qs_free(counts);
    qs_free(places);
    return QS_OK;
}

size_t qs_labels_present(const qs_task *task, uint32_t *labels)
{
    size_t count = 0;
    for (size_t i = 0; i < task->row_count; i++) {
        const uint32_t label = (uint32_t)task->targets[i] - 1;
        if (count == 0 || labels[count - 1] != label)
            labels[count++] = label;
    }
    return count;
}

size_t qs_linear_columns(const qs_task *task)
{
    uint32_t labels[QS_MODEL_MAX_LABELS];
    const size_t present = qs_labels_present(task, labels);
    return present == 2 ? 1 : present;
}

void qs_column_weights(double weights[2], const qs_task *task, const uint32_t *labels, size_t present, size_t column)
{
    const double *given = task->options->class_weights;
    weights[0] = given == NULL ? 1 : given[labels[column]];
    weights[1] = given == NULL || present > 2 ? 1 : given[labels[1]];
}

static void spread(qs_learned *out, size_t output, float sign, double bias, const char *weights)
{
    out->bias[output] = sign < 0 ? -bias : bias;
    for (size_t f = 0; f < out->feature_count; f++) {
        float weight = 0;
        memcpy(&weight, weights + f * sizeof weight, sizeof weight);
        out->weights[f * out->output_count + output] = sign * weight;
    }
}

qs_status qs_linear_open(qs_learned *out, size_t label_count, size_t feature_count, qs_error *err)
{
    size_t cells = 0;
    out->decision = QS_ONE_VS_REST;
    out->kernel = QS_LINEAR;
    out->output_count = qs_output_count(QS_ONE_VS_REST, label_count);
    out->bias = qs_alloc_zero(out->output_count, sizeof *out->bias);
    if (!__builtin_mul_overflow(feature_count, out->output_count, &cells))
        out->weights = qs_alloc_zero(cells, sizeof *out->weights);
    if (out->bias == NULL || out->weights == NULL)
        return qs_fail(err, QS_ENOMEM, "weights of %zu features", feature_count);
    return QS_OK;
}

qs_status qs_linear_unpack(qs_learned *out, const qs_task *task, const qs_buf *answers, size_t count,
                           qs_error *err)
{
    uint32_t labels[QS_MODEL_MAX_LABELS];
    const size_t present = qs_labels_present(task, labels);
    const size_t length = sizeof(double) + task->feature_count * sizeof(float);
    const size_t columns = qs_linear_columns(task);
    size_t column = 0;
    qs_status status = qs_linear_open(out, task->label_count, task->feature_count, err);
    for (size_t o = 0; status == QS_OK && o < out->output_count; o++)
        out->bias[o] = LABEL_WITHOUT_ROWS;
    for (size_t c = 0; status == QS_OK && c < count; c++)
        for (size_t at = 0; at < answers[c].len && column < columns; at += length, column++) {
            double bias = 0;
            if (answers[c].len - at < length)
                break;
            memcpy(&bias, answers[c].ptr + at, sizeof bias);
            const char *weights = answers[c].ptr + at + sizeof bias;
            spread(out, task->label_count == 2 ? 0 : labels[column], 1, bias, weights);
            if (present == 2 && task->label_count > 2) /* two labels present among more need both signs */
                spread(out, labels[1], -1, bias, weights);
        }
    if (status == QS_OK && column != columns)
        status = qs_fail(err, QS_EINPUT, "the solver gave a model of the wrong size");
    return status;
}
