/* Training by liblinear: the only user of linear.h. One child learns one column: a label against the rest, or the
 * first of two labels against the second. SPDX-License-Identifier: MIT */
#include <limits.h>
#include <linear.h>
#include <math.h>
#include <stdlib.h>

#include "base/workers.h"
#include "model/learner_impl.h"

#define LABEL_WITHOUT_ROWS (-4.0) /* output of a label that the training rows lack */
#define PIECES 64                 /* vectors are converted, and given up, in so many pieces */
#define ROWS_PER_WORK 512

static void keep_silent(const char *text)
{
    (void)text;
}

/* ---- vectors in liblinear's form ---- */

void qs_linear_form_free(qs_linear_form *form)
{
    qs_free(form->nodes);
    qs_free(form->starts);
    qs_free(form->columns);
    *form = (qs_linear_form){0};
}

/* Counting sort of the features by falling frequency; equal ones keep their order. */
static qs_status rank_columns(qs_linear_form *form, const qs_vectors *vectors, qs_error *err)
{
    const size_t features = vectors->features;
    uint32_t *counts = qs_alloc_zero(features, sizeof *counts);
    uint64_t *places = qs_alloc_zero(vectors->rows + 2, sizeof *places);
    form->columns = qs_alloc(features, sizeof *form->columns);
    if (counts == NULL || places == NULL || form->columns == NULL) {
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
        form->columns[f] = (uint32_t)places[vectors->rows - counts[f]]++;
    qs_free(counts);
    qs_free(places);
    return QS_OK;
}

typedef struct conversion {
    qs_linear_form *form;
    const qs_vectors *vectors;
    size_t first, end; /* rows of the piece at work */
} conversion;

static qs_status convert_rows(void *context, size_t index, size_t worker, qs_error *err)
{
    const conversion *c = context;
    const qs_vectors *v = c->vectors;
    const size_t from = c->first + index * ROWS_PER_WORK;
    (void)worker;
    (void)err;
    for (size_t r = from; r < from + ROWS_PER_WORK && r < c->end; r++) {
        struct feature_node *node = (struct feature_node *)c->form->nodes + c->form->starts[r];
        for (uint64_t e = v->starts[r]; e < v->starts[r + 1]; e++)
            *node++ = (struct feature_node){.index = (int)c->form->columns[v->indices[e]] + 1,
                                            .value = (double)v->values[e]};
        *node++ = (struct feature_node){.index = (int)c->form->features + 1, .value = 1}; /* the bias */
        *node = (struct feature_node){.index = -1};
    }
    return QS_OK;
}

/* Gives back what follows the first `entries` entries. */
static void cut(qs_vectors *spent, size_t entries)
{
    uint32_t *indices = qs_realloc(spent->indices, entries + 1, sizeof *indices);
    float *values = qs_realloc(spent->values, entries + 1, sizeof *values);
    spent->indices = indices != NULL ? indices : spent->indices;
    spent->values = values != NULL ? values : spent->values;
    spent->capacity = spent->value_capacity = entries;
}

qs_status qs_linear_form_make(qs_linear_form *out, const qs_vectors *vectors, qs_vectors *spent, size_t jobs,
                              qs_error *err)
{
    const size_t rows = vectors->rows;
    *out = (qs_linear_form){.rows = rows, .features = vectors->features};
    out->starts = qs_alloc(rows + 1, sizeof *out->starts);
    out->nodes = qs_alloc((size_t)vectors->starts[rows] + 2 * rows, sizeof(struct feature_node));
    if (out->starts == NULL || out->nodes == NULL)
        return qs_fail(err, QS_ENOMEM, "vectors for the solver");
    for (size_t r = 0; r <= rows; r++)
        out->starts[r] = vectors->starts[r] + 2 * r;
    qs_status status = rank_columns(out, vectors, err);
    for (size_t piece = PIECES; piece-- > 0 && status == QS_OK;) { /* from the end, which can be given up */
        conversion c = {.form = out, .vectors = vectors, .first = rows * piece / PIECES,
                        .end = rows * (piece + 1) / PIECES};
        status = qs_workers_run(jobs, (c.end - c.first + ROWS_PER_WORK - 1) / ROWS_PER_WORK, convert_rows,
                                &c, err);
        if (spent != NULL)
            cut(spent, (size_t)vectors->starts[c.first]);
    }
    return status;
}

/* ---- in the child ---- */

/* Labels that have rows, ascending: rows stand by label. */
static size_t labels_present(const qs_task *task, uint32_t *labels)
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
    const size_t present = labels_present(task, labels);
    return present == 2 ? 1 : present;
}

/* Weights of the two sides, as liblinear has them: against the rest, the rest weighs 1. */
static struct parameter parameters(const qs_task *task, const uint32_t *labels, size_t present,
                                   double weights[2], int sides[2])
{
    const qs_learner_options *options = task->options;
    struct parameter parameter = {
        .solver_type = options->solver == QS_LINEAR_LOGISTIC     ? L2R_LR_DUAL
                       : options->solver == QS_LINEAR_SVC_L1LOSS ? L2R_L1LOSS_SVC_DUAL
                                                                 : L2R_L2LOSS_SVC_DUAL,
        .eps = options->tolerance > 0 ? options->tolerance : 0.1,
        .C = options->c,
    };
    sides[0] = 1;
    sides[1] = -1;
    weights[0] = options->class_weights == NULL ? 1 : options->class_weights[labels[task->column]];
    weights[1] = options->class_weights == NULL || present > 2 ? 1 : options->class_weights[labels[1]];
    parameter.nr_weight = 2;
    parameter.weight_label = sides;
    parameter.weight = weights;
    return parameter;
}

qs_status qs_linear_train(const qs_task *task, qs_buf *answer, qs_error *err)
{
    /* What is allocated here goes with the child. */
    const qs_linear_form *form = task->linear;
    struct feature_node **rows = qs_alloc(task->row_count, sizeof(struct feature_node *));
    double *targets = qs_alloc(task->row_count, sizeof *targets);
    uint32_t labels[QS_MODEL_MAX_LABELS];
    double weights[2];
    int sides[2];
    if (rows == NULL || targets == NULL)
        return qs_fail(err, QS_ENOMEM, "rows for the solver");
    const size_t present = labels_present(task, labels);
    for (size_t i = 0; i < task->row_count; i++) {
        rows[i] = (struct feature_node *)form->nodes + form->starts[task->rows[i]];
        targets[i] = (uint32_t)task->targets[i] - 1 == labels[task->column] ? 1 : -1;
    }
    const struct parameter parameter = parameters(task, labels, present, weights, sides);
    const struct problem problem = {.l = (int)task->row_count,
                                    .n = (int)form->features + 1,
                                    .y = targets,
                                    .x = rows,
                                    .bias = 1};
    const char *complaint = check_parameter(&problem, &parameter);
    if (complaint != NULL)
        return qs_fail(err, QS_EUSAGE, "liblinear: %s", complaint);
    set_print_string_function(keep_silent);
    srand(qs_solver_seed(task->options->seed));
    const struct model *model = train(&problem, &parameter);
    if (model == NULL || model->nr_class != 2 || model->label[0] != 1)
        return qs_fail(err, QS_ENOMEM, "liblinear gave no model");
    qs_buf_add(answer, model->w + form->features, sizeof *model->w);
    for (size_t f = 0; f < task->feature_count; f++) {
        const float weight = (float)model->w[form->columns[f]];
        qs_buf_add(answer, &weight, sizeof weight);
    }
    return QS_OK;
}

/* ---- in the parent ---- */

static void spread(qs_learned *out, size_t output, float sign, double bias, const char *weights)
{
    out->bias[output] = sign < 0 ? -bias : bias;
    for (size_t f = 0; f < out->feature_count; f++) {
        float weight = 0;
        memcpy(&weight, weights + f * sizeof weight, sizeof weight);
        out->weights[f * out->output_count + output] = sign * weight;
    }
}

qs_status qs_linear_unpack(qs_learned *out, const qs_task *task, const qs_buf *answers, size_t count,
                           qs_error *err)
{
    uint32_t labels[QS_MODEL_MAX_LABELS];
    size_t cells = 0;
    const size_t present = labels_present(task, labels);
    out->decision = QS_ONE_VS_REST;
    out->kernel = QS_LINEAR;
    out->output_count = qs_output_count(QS_ONE_VS_REST, task->label_count);
    out->bias = qs_alloc(out->output_count, sizeof *out->bias);
    if (!__builtin_mul_overflow(task->feature_count, out->output_count, &cells))
        out->weights = qs_alloc_zero(cells, sizeof *out->weights);
    if (out->bias == NULL || out->weights == NULL)
        return qs_fail(err, QS_ENOMEM, "weights of %zu features", task->feature_count);
    for (size_t o = 0; o < out->output_count; o++)
        out->bias[o] = LABEL_WITHOUT_ROWS;
    for (size_t c = 0; c < count; c++) {
        double bias = 0;
        if (answers[c].len != sizeof bias + task->feature_count * sizeof(float))
            return qs_fail(err, QS_EINPUT, "liblinear gave a model of the wrong size");
        memcpy(&bias, answers[c].ptr, sizeof bias);
        const char *weights = answers[c].ptr + sizeof bias;
        spread(out, task->label_count == 2 ? 0 : labels[c], 1, bias, weights);
        if (present == 2 && task->label_count > 2) /* two labels present among more need both signs */
            spread(out, labels[1], -1, bias, weights);
    }
    return QS_OK;
}
