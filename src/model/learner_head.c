/* What was learned becomes a head of a model. SPDX-License-Identifier: MIT */
#include "model/learner.h"

/* One more group of columns in the weights; a kernel head's stay 0. */
static qs_status widen(qs_model *model, const qs_learned *learned, qs_error *err)
{
    const size_t old_width = model->output_count;
    const size_t width = old_width + learned->output_count;
    size_t cells = 0;
    float *wide = NULL;
    if (model->weights == NULL && learned->weights == NULL)
        return QS_OK;
    if (!__builtin_mul_overflow(model->feature_count, width, &cells))
        wide = qs_alloc_zero(cells, sizeof *wide);
    if (wide == NULL)
        return qs_fail(err, QS_ENOMEM, "weights of %zu features", model->feature_count);
    for (size_t f = 0; f < model->feature_count; f++) {
        float *row = wide + f * width;
        if (model->weights != NULL)
            memcpy(row, model->weights + f * old_width, old_width * sizeof *row);
        if (learned->weights != NULL)
            memcpy(row + old_width, learned->weights + f * learned->output_count,
                   learned->output_count * sizeof *row);
    }
    qs_free(model->weights);
    model->weights = wide;
    return QS_OK;
}

static qs_status add_support(qs_model *model, const qs_learned *learned, const qs_vectors *vectors,
                             qs_error *err)
{
    const size_t rows = model->support_count + learned->support_count;
    uint64_t end = model->support_starts == NULL ? 0 : model->support_starts[model->support_count];
    uint64_t nonzeros = end;
    for (size_t s = 0; s < learned->support_count; s++)
        nonzeros += vectors->starts[learned->support[s] + 1] - vectors->starts[learned->support[s]];
    uint64_t *starts = qs_realloc(model->support_starts, rows + 1, sizeof *starts);
    if (starts != NULL)
        model->support_starts = starts;
    uint32_t *indices = qs_realloc(model->support_indices, (size_t)nonzeros, sizeof *indices);
    if (indices != NULL)
        model->support_indices = indices;
    float *values = qs_realloc(model->support_values, (size_t)nonzeros, sizeof *values);
    if (values != NULL)
        model->support_values = values;
    if (starts == NULL || indices == NULL || values == NULL)
        return qs_fail(err, QS_ENOMEM, "support vectors");
    for (size_t s = 0; s < learned->support_count; s++) {
        const uint64_t from = vectors->starts[learned->support[s]];
        const size_t length = (size_t)(vectors->starts[learned->support[s] + 1] - from);
        starts[model->support_count + s] = end;
        memcpy(indices + end, vectors->indices + from, length * sizeof *indices);
        memcpy(values + end, vectors->values + from, length * sizeof *values);
        end += length;
    }
    starts[rows] = end;
    model->support_count = rows;
    return QS_OK;
}

static void *copy(qs_arena *arena, const void *from, size_t count, size_t size)
{
    void *to = qs_arena_alloc(arena, count, size);
    if (to != NULL && count > 0)
        memcpy(to, from, count * size);
    return to;
}

static qs_status fill_head(qs_model *model, qs_head *head, qs_str name, const qs_str *labels,
                           const qs_learned *learned, qs_error *err)
{
    head->name = qs_arena_copy(&model->arena, name);
    head->labels = qs_arena_alloc(&model->arena, learned->label_count, sizeof *head->labels);
    head->bias = copy(&model->arena, learned->bias, learned->output_count, sizeof *head->bias);
    if (head->name.ptr == NULL || head->labels == NULL || head->bias == NULL)
        return qs_fail(err, QS_ENOMEM, "a head");
    for (size_t l = 0; l < learned->label_count; l++) {
        head->labels[l] = qs_arena_copy(&model->arena, labels[l]);
        if (head->labels[l].ptr == NULL)
            return qs_fail(err, QS_ENOMEM, "a label");
    }
    if (learned->kernel == QS_LINEAR)
        return QS_OK;
    head->coefficients = copy(&model->arena, learned->coefficients,
                              learned->support_count * learned->output_count, sizeof(double));
    return head->coefficients == NULL ? qs_fail(err, QS_ENOMEM, "coefficients") : QS_OK;
}

qs_status qs_model_add_head(qs_model *model, qs_str name, const qs_str *labels,
                            const qs_learned *learned, const qs_vectors *vectors,
                            const qs_learner_options *options, qs_error *err)
{
    const bool linear = learned->kernel == QS_LINEAR;
    qs_head head = {.label_count = learned->label_count,
                    .decision = learned->decision,
                    .kernel = learned->kernel,
                    .first_output = model->output_count,
                    .output_count = learned->output_count,
                    .calibration.temperature = 1,
                    .degree = learned->kernel == QS_POLYNOMIAL ? options->degree : 0,
                    .gamma = linear ? 0 : options->gamma,
                    .coef0 = learned->kernel == QS_POLYNOMIAL ? options->coef0 : 0,
                    .first_support = model->support_count,
                    .support_count = linear ? 0 : learned->support_count};
    if (learned->feature_count != model->feature_count || (linear && learned->weights == NULL))
        return qs_fail(err, QS_EUSAGE, "a head of other features than the model's");
    if (model->head_count > 0 &&
        qs_str_compare(model->heads[model->head_count - 1].name, name) >= 0)
        return qs_fail(err, QS_EUSAGE, "heads are added in ascending order of name");
    qs_head *heads = qs_arena_alloc(&model->arena, model->head_count + 1, sizeof *heads);
    if (heads == NULL)
        return qs_fail(err, QS_ENOMEM, "a head");
    qs_status status = fill_head(model, &head, name, labels, learned, err);
    if (status == QS_OK)
        status = widen(model, learned, err);
    if (status == QS_OK && !linear)
        status = add_support(model, learned, vectors, err);
    if (status != QS_OK)
        return status;
    if (model->head_count > 0)
        memcpy(heads, model->heads, model->head_count * sizeof *heads);
    heads[model->head_count++] = head;
    model->heads = heads;
    model->output_count += learned->output_count;
    return QS_OK;
}
