/* Training by liblinear: the only user of linear.h. One child learns one column: a label against the rest, or the
 * first of two labels against the second. SPDX-License-Identifier: MIT */
#include <limits.h>
#include <linear.h>
#include <math.h>
#include <stdlib.h>

#include "base/workers.h"
#include "model/learner_impl.h"

#define PIECES 64 /* vectors are converted, and given up, in so many pieces */
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
    qs_status status = qs_rank_columns(&out->columns, vectors, err);
    for (size_t piece = PIECES; piece-- > 0 && status == QS_OK;) { /* from the end, which can be given up */
        conversion c = {.form = out, .vectors = vectors, .first = rows * piece / PIECES,
                        .end = rows * (piece + 1) / PIECES};
        status = qs_workers_run(jobs, (c.end - c.first + ROWS_PER_WORK - 1) / ROWS_PER_WORK, convert_rows,
                                &c, err);
        if (spent != NULL)
            qs_vectors_cut(spent, (size_t)vectors->starts[c.first]);
    }
    return status;
}

/* ---- in the child ---- */

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
    qs_column_weights(weights, task, labels, present, task->column);
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
    const size_t present = qs_labels_present(task, labels);
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
