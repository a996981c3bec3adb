/* Heads from bytes: every count is held against the bytes left before memory is asked for.
 * SPDX-License-Identifier: MIT */
#include "model/bundle_heads.h"

#include "model/bundle_format.h"

typedef struct cursor {
    const char *at;
    size_t left;
    uint64_t offset;
    qs_arena *arena;
    qs_error *err;
} cursor;

static qs_status refuse(const cursor *in, const char *what)
{
    return qs_fail_at(in->err, QS_EMODEL, 0, in->offset, "not a usable model: %s", what);
}

static qs_status no_memory(const cursor *in)
{
    return qs_fail(in->err, QS_ENOMEM, "the heads of the model");
}

static bool take(cursor *in, void *out, size_t bytes)
{
    if (in->left < bytes)
        return false;
    memcpy(out, in->at, bytes);
    in->at += bytes;
    in->left -= bytes;
    in->offset += bytes;
    return true;
}

static qs_status take_text(cursor *in, qs_str *out, uint32_t length, size_t most)
{
    if (length > most || length > in->left)
        return refuse(in, "a name or label that is too long");
    *out = qs_arena_copy(in->arena, qs_str_make(in->at, length));
    in->at += length;
    in->left -= length;
    in->offset += length;
    return out->ptr == NULL ? no_memory(in) : QS_OK;
}

static qs_status take_doubles(cursor *in, double **out, uint64_t count)
{
    if (count > in->left / sizeof **out)
        return refuse(in, "numbers of a head that are cut short");
    *out = qs_arena_alloc(in->arena, (size_t)count, sizeof **out);
    if (*out == NULL)
        return no_memory(in);
    (void)take(in, *out, (size_t)count * sizeof **out);
    return QS_OK;
}

static qs_status take_labels(cursor *in, qs_head *head)
{
    if (head->label_count < 2 || head->label_count > QS_MODEL_MAX_LABELS)
        return refuse(in, "a head with fewer than 2 or more than 256 labels");
    head->labels = qs_arena_alloc(in->arena, head->label_count, sizeof *head->labels);
    if (head->labels == NULL)
        return no_memory(in);
    for (size_t l = 0; l < head->label_count; l++) {
        uint32_t length = 0;
        if (!take(in, &length, sizeof length))
            return refuse(in, "labels that are cut short");
        const qs_status status = take_text(in, &head->labels[l], length, QS_MODEL_MAX_LABEL);
        if (status != QS_OK)
            return status;
    }
    return QS_OK;
}

static qs_status take_numbers(cursor *in, qs_head *head, const qs_bundle_head *fixed)
{
    qs_calibration *calibration = &head->calibration;
    uint64_t coefficients = 0;
    head->output_count = qs_output_count(head->decision, head->label_count);
    if (__builtin_mul_overflow(fixed->support_count, (uint64_t)head->output_count, &coefficients))
        return refuse(in, "too many support vectors");
    qs_status status = take_doubles(in, &head->bias, head->output_count);
    if (status == QS_OK && fixed->has_label_bias != 0)
        status = take_doubles(in, &calibration->label_bias, head->label_count);
    if (status == QS_OK)
        status = take_doubles(in, &calibration->knot_in, fixed->knot_count);
    if (status == QS_OK)
        status = take_doubles(in, &calibration->knot_out, fixed->knot_count);
    if (status == QS_OK)
        status = take_doubles(in, &head->coefficients, coefficients);
    calibration->knot_count = (size_t)fixed->knot_count;
    head->support_count = (size_t)fixed->support_count;
    return status;
}

static qs_status take_head(cursor *in, qs_head *head)
{
    qs_bundle_head fixed;
    if (!take(in, &fixed, sizeof fixed))
        return refuse(in, "a head cut short");
    if (fixed.decision > QS_ONE_VS_REST || fixed.kernel > QS_POLYNOMIAL || fixed.has_label_bias > 1)
        return refuse(in, "a head with an unknown decision, kernel or bias");
    *head = (qs_head){.label_count = fixed.label_count,
                      .decision = (qs_decision)fixed.decision,
                      .kernel = (qs_kernel)fixed.kernel,
                      .calibration.temperature = fixed.temperature,
                      .degree = fixed.degree,
                      .gamma = fixed.gamma,
                      .coef0 = fixed.coef0};
    qs_status status = take_text(in, &head->name, fixed.name_length, QS_MODEL_MAX_NAME);
    if (status == QS_OK)
        status = take_labels(in, head);
    if (status == QS_OK)
        status = take_numbers(in, head, &fixed);
    return status;
}

qs_status qs_bundle_read_heads(qs_model *model, qs_str bytes, uint64_t offset, qs_error *err)
{
    cursor in = {bytes.ptr, bytes.len, offset, &model->arena, err};
    uint32_t count = 0;
    if (!take(&in, &count, sizeof count) || count == 0 || count > QS_MODEL_MAX_HEADS ||
        count > in.left / sizeof(qs_bundle_head))
        return refuse(&in, "no heads, or fewer than it says");
    model->heads = qs_arena_alloc(&model->arena, count, sizeof *model->heads);
    if (model->heads == NULL)
        return no_memory(&in);
    for (size_t h = 0; h < count; h++) {
        qs_head *head = &model->heads[h];
        const qs_status status = take_head(&in, head);
        if (status != QS_OK)
            return status;
        head->first_output = model->output_count;
        head->first_support = model->support_count;
        model->output_count += head->output_count;
        model->support_count += head->support_count;
        model->head_count++;
    }
    return in.left == 0 ? QS_OK : refuse(&in, "bytes after the last head");
}
