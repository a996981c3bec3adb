/* Training by libsvm: the only user of svm.h. SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <libsvm/svm.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>

#include "model/learner_impl.h"

#define DIRECT_GRAM_ROWS 6000 /* up to here a lone linear training computes its own Gram matrix */
#define CACHE_MEGABYTES 512

static void keep_silent(const char *text)
{
    (void)text;
}

void *qs_svm_gram_nodes(const qs_gram *gram)
{
    const size_t width = gram->rows + 1;
    size_t cells = 0;
    if (gram->rows >= INT_MAX || __builtin_mul_overflow(gram->rows, width, &cells))
        return NULL;
    struct svm_node *nodes = qs_alloc(cells, sizeof *nodes);
    for (size_t i = 0; nodes != NULL && i < gram->rows; i++) {
        nodes[i * width] = (struct svm_node){.index = 0, .value = (double)(i + 1)};
        for (size_t j = 0; j < gram->rows; j++)
            nodes[i * width + 1 + j] =
                (struct svm_node){.index = (int)(j + 1), .value = gram->products[i * gram->rows + j]};
    }
    return nodes;
}

/* Rows in libsvm's sparse form, each ended by index -1. */
static qs_status sparse_rows(const qs_task *task, struct svm_node **rows, qs_error *err)
{
    const uint64_t *starts = task->vectors->starts;
    uint64_t cells = task->row_count;
    for (size_t i = 0; i < task->row_count; i++)
        cells += starts[task->rows[i] + 1] - starts[task->rows[i]];
    struct svm_node *next = qs_alloc((size_t)cells, sizeof *next);
    if (next == NULL)
        return qs_fail(err, QS_ENOMEM, "vectors for the solver");
    for (size_t i = 0; i < task->row_count; i++) {
        rows[i] = next;
        for (uint64_t e = starts[task->rows[i]]; e < starts[task->rows[i] + 1]; e++)
            *next++ = (struct svm_node){.index = (int)task->vectors->indices[e] + 1,
                                        .value = (double)task->vectors->values[e]};
        *next++ = (struct svm_node){.index = -1};
    }
    return QS_OK;
}

/* Points the problem's rows at Gram rows: shared ones, or those of a matrix of this training's own. */
static qs_status gram_rows(const qs_task *task, struct svm_node **rows, qs_error *err)
{
    const struct svm_node *nodes = task->gram_nodes;
    qs_gram own = {0};
    if (nodes != NULL) {
        for (size_t i = 0; i < task->row_count; i++)
            rows[i] = (struct svm_node *)(uintptr_t)&nodes[task->rows[i] * (task->gram_rows + 1)];
        return QS_OK;
    }
    const qs_status status = qs_gram_compute(&own, task->vectors, task->rows, task->row_count, 1, err);
    if (status != QS_OK)
        return status;
    struct svm_node *fresh = qs_svm_gram_nodes(&own);
    qs_gram_free(&own);
    if (fresh == NULL)
        return qs_fail(err, QS_ENOMEM, "inner products for the solver");
    for (size_t i = 0; i < task->row_count; i++)
        rows[i] = &fresh[i * (task->row_count + 1)];
    return QS_OK;
}

static struct svm_parameter parameters(const qs_task *task, int *labels)
{
    const qs_learner_options *options = task->options;
    struct svm_parameter parameter = {
        .svm_type = options->solver == QS_NU_SVC ? NU_SVC : C_SVC,
        .kernel_type = options->kernel == QS_RBF ? RBF : options->kernel == QS_POLYNOMIAL ? POLY : LINEAR,
        .degree = (int)options->degree,
        .gamma = options->gamma,
        .coef0 = options->coef0,
        .cache_size = CACHE_MEGABYTES,
        .eps = options->tolerance > 0 ? options->tolerance : 0.001,
        .C = options->c,
        .nu = options->nu,
        .shrinking = 1,
    };
    if (options->class_weights != NULL && parameter.svm_type == C_SVC) {
        for (size_t l = 0; l < task->label_count; l++)
            labels[l] = (int)l + 1;
        parameter.nr_weight = (int)task->label_count;
        parameter.weight_label = labels;
        parameter.weight = (double *)(uintptr_t)options->class_weights;
    }
    return parameter;
}

/* The answer: classes, support vectors, labels, counts, rho, rows, coefficients. */
static void pack(const struct svm_model *model, qs_buf *answer)
{
    const uint64_t classes = (uint64_t)model->nr_class;
    const uint64_t support = (uint64_t)model->l;
    qs_buf_add(answer, &classes, sizeof classes);
    qs_buf_add(answer, &support, sizeof support);
    qs_buf_add(answer, model->label, (size_t)classes * sizeof *model->label);
    qs_buf_add(answer, model->nSV, (size_t)classes * sizeof *model->nSV);
    qs_buf_add(answer, model->rho, (size_t)(classes * (classes - 1) / 2) * sizeof *model->rho);
    qs_buf_add(answer, model->sv_indices, (size_t)support * sizeof *model->sv_indices);
    for (size_t c = 0; c + 1 < classes; c++)
        qs_buf_add(answer, model->sv_coef[c], (size_t)support * sizeof **model->sv_coef);
}

qs_status qs_svm_train(const qs_task *task, qs_buf *answer, qs_error *err)
{
    /* What is allocated here goes with the child. */
    struct svm_node **rows = qs_alloc(task->row_count, sizeof(struct svm_node *));
    int *labels = qs_alloc(task->label_count, sizeof *labels);
    if (rows == NULL || labels == NULL)
        return qs_fail(err, QS_ENOMEM, "rows for the solver");
    struct svm_parameter parameter = parameters(task, labels);
    const bool by_gram = parameter.kernel_type == LINEAR &&
                         (task->gram_nodes != NULL || task->row_count <= DIRECT_GRAM_ROWS);
    if (by_gram)
        parameter.kernel_type = PRECOMPUTED;
    const qs_status status = by_gram ? gram_rows(task, rows, err) : sparse_rows(task, rows, err);
    if (status != QS_OK)
        return status;
    const struct svm_problem problem = {.l = (int)task->row_count, .y = task->targets, .x = rows};
    const char *complaint = svm_check_parameter(&problem, &parameter);
    if (complaint != NULL)
        return qs_fail(err, QS_EUSAGE, "libsvm: %s", complaint);
    svm_set_print_string_function(keep_silent);
    srand(qs_solver_seed(task->options->seed));
    const struct svm_model *model = svm_train(&problem, &parameter);
    if (model == NULL)
        return qs_fail(err, QS_ENOMEM, "libsvm gave no model");
    pack(model, answer);
    return QS_OK;
}

/* A cursor over the answer. */
typedef struct reader {
    const char *ptr;
    size_t left;
} reader;

static bool take(reader *in, void *out, size_t bytes)
{
    if (in->left < bytes)
        return false;
    memcpy(out, in->ptr, bytes);
    in->ptr += bytes;
    in->left -= bytes;
    return true;
}

/* Labels and counts of the answer: labels in ascending order (rows were grouped so), counts that add up. */
static bool classes_are_right(const int *labels, const int *counts, uint64_t classes, uint64_t support,
                              size_t label_count)
{
    uint64_t sum = 0;
    for (size_t c = 0; c < classes; c++) {
        if (labels[c] < 1 || (size_t)labels[c] > label_count || (c > 0 && labels[c] <= labels[c - 1]) ||
            counts[c] < 0)
            return false;
        sum += (uint64_t)counts[c];
    }
    return sum == support;
}

static bool take_support(reader *in, qs_learned *out, const qs_task *task)
{
    for (size_t s = 0; s < out->support_count; s++) {
        int place = 0;
        if (!take(in, &place, sizeof place) || place < 1 || (size_t)place > task->row_count)
            return false;
        out->support[s] = task->rows[place - 1];
    }
    return true;
}

/* libsvm keeps, for a support vector of class i, its coefficient against class j in row j - 1 if j > i,
 * else in row j. */
static bool take_coefficients(reader *in, qs_learned *out, const int *labels, const int *counts,
                              size_t classes)
{
    for (size_t slot = 0; slot + 1 < classes; slot++) {
        size_t s = 0;
        for (size_t own = 0; own < classes; own++) {
            const size_t other = slot < own ? slot : slot + 1;
            const size_t a = (size_t)labels[own < other ? own : other] - 1;
            const size_t b = (size_t)labels[own < other ? other : own] - 1;
            const size_t output = qs_pair_output(a, b, out->label_count);
            for (int i = 0; i < counts[own]; i++, s++) {
                double value = 0;
                if (!take(in, &value, sizeof value) || !isfinite(value))
                    return false;
                out->coefficients[s * out->output_count + output] = value;
            }
        }
    }
    return true;
}

/* A label without rows loses against those that have some. */
static bool take_bias(reader *in, qs_learned *out, const int *labels, size_t classes)
{
    bool present[QS_MODEL_MAX_LABELS] = {false};
    for (size_t c = 0; c < classes; c++)
        present[labels[c] - 1] = true;
    for (size_t a = 0; a < out->label_count; a++) {
        for (size_t b = a + 1; b < out->label_count; b++) {
            double rho = (present[b] ? 1.0 : 0.0) - (present[a] ? 1.0 : 0.0);
            if (present[a] && present[b] && (!take(in, &rho, sizeof rho) || !isfinite(rho)))
                return false;
            out->bias[qs_pair_output(a, b, out->label_count)] = -rho;
        }
    }
    return true;
}

qs_status qs_svm_unpack(qs_learned *out, const qs_task *task, qs_str answer, qs_error *err)
{
    reader in = {answer.ptr, answer.len};
    int labels[QS_MODEL_MAX_LABELS];
    int counts[QS_MODEL_MAX_LABELS];
    uint64_t classes = 0;
    uint64_t support = 0;

    out->decision = QS_ONE_VS_ONE;
    out->kernel = task->options->kernel;
    out->output_count = qs_output_count(QS_ONE_VS_ONE, task->label_count);
    if (!take(&in, &classes, sizeof classes) || !take(&in, &support, sizeof support) || classes < 2 ||
        classes > task->label_count || support > task->row_count ||
        !take(&in, labels, (size_t)classes * sizeof *labels) ||
        !take(&in, counts, (size_t)classes * sizeof *counts) ||
        !classes_are_right(labels, counts, classes, support, task->label_count))
        return qs_fail(err, QS_EINPUT, "libsvm gave a model that makes no sense");
    out->support_count = (size_t)support;
    out->bias = qs_alloc_zero(out->output_count, sizeof *out->bias);
    out->support = qs_alloc(out->support_count, sizeof *out->support);
    if (out->support_count <= SIZE_MAX / out->output_count)
        out->coefficients =
            qs_alloc_zero(out->support_count * out->output_count, sizeof *out->coefficients);
    if (out->bias == NULL || out->support == NULL || out->coefficients == NULL)
        return qs_fail(err, QS_ENOMEM, "support vectors");
    if (!take_bias(&in, out, labels, (size_t)classes) || !take_support(&in, out, task) ||
        !take_coefficients(&in, out, labels, counts, (size_t)classes) || in.left != 0)
        return qs_fail(err, QS_EINPUT, "libsvm gave a model that is not finite or not whole");
    return QS_OK;
}
