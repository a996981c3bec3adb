/* What an error on each label costs. SPDX-License-Identifier: MIT */
#include <math.h>

#include "base/number.h"
#include "pipeline/heads.h"

static qs_status read_weights(double *weights, const qs_head_plan *head, const char *text, qs_error *err)
{
    for (size_t k = 0; k < head->label_count; k++)
        weights[k] = 1;
    while (*text != '\0') {
        const size_t length = strcspn(text, ",");
        const qs_str pair = qs_str_make(text, length);
        const char *equals = memchr(text, '=', length);
        double value = 0;
        if (equals == NULL ||
            !qs_number_parse(qs_str_slice(pair, (size_t)(equals - text) + 1, length), &value) || value <= 0)
            return qs_fail(err, QS_EUSAGE, "class weight '%.*s' is not LABEL=NUMBER", (int)length, text);
        for (size_t k = 0; k < head->label_count; k++)
            if (qs_str_equal(head->labels[k], qs_str_make(text, (size_t)(equals - text))))
                weights[k] = value;
        text += length;
        text += *text == ',';
    }
    return QS_OK;
}

/* Each label counts as much as any other. */
static void balance(double *weights, const qs_head_plan *head)
{
    size_t present = 0;
    for (size_t k = 0; k < head->label_count; k++)
        weights[k] = 0;
    for (size_t i = 0; i < head->row_count; i++)
        weights[head->row_labels[i]] += 1;
    for (size_t k = 0; k < head->label_count; k++)
        present += weights[k] > 0;
    for (size_t k = 0; k < head->label_count; k++)
        weights[k] = weights[k] > 0 ? (double)head->row_count / ((double)present * weights[k]) : 1;
}

qs_status qs_head_class_weights(double *weights, bool *weighted, const qs_head_plan *head, const char *mode,
                                qs_error *err)
{
    const bool root = mode != NULL && strcmp(mode, "sqrt") == 0;
    *weighted = mode != NULL && strcmp(mode, "none") != 0;
    if (!*weighted)
        return QS_OK;
    if (!root && strcmp(mode, "balanced") != 0)
        return read_weights(weights, head, mode, err);
    balance(weights, head);
    for (size_t k = 0; root && k < head->label_count; k++)
        weights[k] = sqrt(weights[k]);
    return QS_OK;
}
