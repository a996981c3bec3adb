/* Training by liblinear: the only user of linear.h. SPDX-License-Identifier: MIT */
#include <limits.h>
#include <linear.h>
#include <math.h>
#include <stdlib.h>

#include "model/learner_impl.h"

#define LABEL_WITHOUT_ROWS (-4.0) /* output of a label that the training rows lack */

static void keep_silent(const char *text)
{
    (void)text;
}

/* Rows in liblinear's form: features from 1, then the constant one of the bias, then index -1. */
static qs_status sparse_rows(const qs_task *task, struct feature_node **rows, qs_error *err)
{
    const uint64_t *starts = task->vectors->starts;
    uint64_t cells = 2 * (uint64_t)task->row_count;
    for (size_t i = 0; i < task->row_count; i++)
        cells += starts[task->rows[i] + 1] - starts[task->rows[i]];
    struct feature_node *next = qs_alloc((size_t)cells, sizeof *next);
    if (next == NULL)
        return qs_fail(err, QS_ENOMEM, "vectors for the solver");
    for (size_t i = 0; i < task->row_count; i++) {
        rows[i] = next;
        for (uint64_t e = starts[task->rows[i]]; e < starts[task->rows[i] + 1]; e++)
            *next++ = (struct feature_node){.index = (int)task->vectors->indices[e] + 1,
                                            .value = (double)task->vectors->values[e]};
        *next++ = (struct feature_node){.index = (int)task->feature_count + 1, .value = 1};
        *next++ = (struct feature_node){.index = -1};
    }
    return QS_OK;
}

static struct parameter parameters(const qs_task *task, int *labels)
{
    const qs_learner_options *options = task->options;
    struct parameter parameter = {
        .solver_type = options->solver == QS_LINEAR_LOGISTIC     ? L2R_LR_DUAL
                       : options->solver == QS_LINEAR_SVC_L1LOSS ? L2R_L1LOSS_SVC_DUAL
                                                                 : L2R_L2LOSS_SVC_DUAL,
        .eps = options->tolerance > 0 ? options->tolerance : 0.1,
        .C = options->c,
    };
    if (options->class_weights != NULL) {
        for (size_t l = 0; l < task->label_count; l++)
            labels[l] = (int)l + 1;
        parameter.nr_weight = (int)task->label_count;
        parameter.weight_label = labels;
        parameter.weight = (double *)(uintptr_t)options->class_weights;
    }
    return parameter;
}

/* The answer: classes, labels, then per feature (bias last) one float for each column. */
static void pack(const struct model *model, size_t features, qs_buf *answer)
{
    const uint64_t classes = (uint64_t)model->nr_class;
    const size_t columns = classes == 2 ? 1 : (size_t)classes;
    qs_buf_add(answer, &classes, sizeof classes);
    qs_buf_add(answer, model->label, (size_t)classes * sizeof *model->label);
    qs_buf_add(answer, model->w + features * columns, columns * sizeof *model->w);
    for (size_t i = 0; i < features * columns; i++) {
        const float weight = (float)model->w[i];
        qs_buf_add(answer, &weight, sizeof weight);
    }
}

qs_status qs_linear_train(const qs_task *task, qs_buf *answer, qs_error *err)
{
    /* What is allocated here goes with the child. */
    struct feature_node **rows = qs_alloc(task->row_count, sizeof(struct feature_node *));
    int *labels = qs_alloc(task->label_count, sizeof *labels);
    if (rows == NULL || labels == NULL)
        return qs_fail(err, QS_ENOMEM, "rows for the solver");
    const struct parameter parameter = parameters(task, labels);
    const qs_status status = sparse_rows(task, rows, err);
    if (status != QS_OK)
        return status;
    const struct problem problem = {.l = (int)task->row_count,
                                    .n = (int)task->feature_count + 1,
                                    .y = task->targets,
                                    .x = rows,
                                    .bias = 1};
    const char *complaint = check_parameter(&problem, &parameter);
    if (complaint != NULL)
        return qs_fail(err, QS_EUSAGE, "liblinear: %s", complaint);
    set_print_string_function(keep_silent);
    srand(qs_solver_seed(task->options->seed));
    const struct model *model = train(&problem, &parameter);
    if (model == NULL)
        return qs_fail(err, QS_ENOMEM, "liblinear gave no model");
    pack(model, task->feature_count, answer);
    return QS_OK;
}

/* Where a column of the answer goes: output and sign. Two labels present among more need both signs. */
static bool labels_are_right(const int *labels, uint64_t classes, size_t label_count)
{
    for (size_t c = 0; c < classes; c++)
        if (labels[c] < 1 || (size_t)labels[c] > label_count || (c > 0 && labels[c] <= labels[c - 1]))
            return false;
    return true;
}

static void spread(qs_learned *out, const int *labels, uint64_t classes, const double *bias,
                   const char *weights)
{
    const size_t columns = classes == 2 ? 1 : (size_t)classes;
    const bool both_signs = classes == 2 && out->label_count > 2;
    const bool single = out->label_count == 2;
    for (size_t o = 0; o < out->output_count; o++)
        out->bias[o] = LABEL_WITHOUT_ROWS;
    for (size_t c = 0; c < columns; c++) {
        const size_t output = single ? 0 : (size_t)labels[c] - 1;
        out->bias[output] = bias[c];
        if (both_signs)
            out->bias[labels[1] - 1] = -bias[c];
        for (size_t f = 0; f < out->feature_count; f++) {
            float weight = 0;
            memcpy(&weight, weights + (f * columns + c) * sizeof weight, sizeof weight);
            out->weights[f * out->output_count + output] = weight;
            if (both_signs)
                out->weights[f * out->output_count + (size_t)labels[1] - 1] = -weight;
        }
    }
}

qs_status qs_linear_unpack(qs_learned *out, const qs_task *task, qs_str answer, qs_error *err)
{
    int labels[QS_MODEL_MAX_LABELS];
    double bias[QS_MODEL_MAX_LABELS];
    uint64_t classes = 0;
    size_t cells = 0;
    const char *at = answer.ptr + sizeof classes;

    out->decision = QS_ONE_VS_REST;
    out->kernel = QS_LINEAR;
    out->output_count = qs_output_count(QS_ONE_VS_REST, task->label_count);
    if (answer.len >= sizeof classes)
        memcpy(&classes, answer.ptr, sizeof classes);
    if (classes < 2 || classes > task->label_count)
        return qs_fail(err, QS_EINPUT, "liblinear gave a model of %u labels", (unsigned)classes);
    const size_t columns = classes == 2 ? 1 : (size_t)classes;
    if (answer.len != sizeof classes + (size_t)classes * sizeof *labels + columns * sizeof *bias +
                          task->feature_count * columns * sizeof(float))
        return qs_fail(err, QS_EINPUT, "liblinear gave a model of the wrong size");
    memcpy(labels, at, (size_t)classes * sizeof *labels);
    at += (size_t)classes * sizeof *labels;
    memcpy(bias, at, columns * sizeof *bias);
    at += columns * sizeof *bias;
    if (!labels_are_right(labels, classes, task->label_count))
        return qs_fail(err, QS_EINPUT, "liblinear gave labels that were not asked for");
    out->bias = qs_alloc(out->output_count, sizeof *out->bias);
    if (!__builtin_mul_overflow(task->feature_count, out->output_count, &cells))
        out->weights = qs_alloc_zero(cells, sizeof *out->weights);
    if (out->bias == NULL || out->weights == NULL)
        return qs_fail(err, QS_ENOMEM, "weights of %zu features", task->feature_count);
    spread(out, labels, classes, bias, at);
    return QS_OK;
}
