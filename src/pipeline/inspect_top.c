/* What n-grams say for labels, and what the looks into models share. SPDX-License-Identifier: MIT */
#include "pipeline/inspect_top.h"

#include <stdlib.h>

#include "base/io.h"

qs_status qs_inspect_save(const qs_buf *text, const char *path, qs_error *err)
{
    const qs_status status = qs_buf_status(text, err);
    return status != QS_OK ? status : qs_file_write(path, qs_buf_view(text), err);
}

qs_status qs_inspect_head(const qs_model *model, const char *name, const qs_head **head, qs_error *err)
{
    *head = name == NULL ? NULL : qs_model_head(model, qs_str_of(name));
    if (name == NULL && model->head_count == 1)
        *head = &model->heads[0];
    if (*head != NULL)
        return QS_OK;
    return name == NULL ? qs_fail(err, QS_EUSAGE, "the model has %zu heads; name one", model->head_count)
                        : qs_fail(err, QS_EUSAGE, "the model has no head '%s'", name);
}

static int by_weight(const void *a, const void *b)
{
    const qs_ranked *x = a;
    const qs_ranked *y = b;
    if (x->weight != y->weight)
        return x->weight < y->weight ? 1 : -1;
    return (x->feature > y->feature) - (x->feature < y->feature);
}

void qs_rank(qs_ranked *items, size_t count)
{
    if (count > 0)
        qsort(items, count, sizeof *items, by_weight);
}

double qs_evidence(const qs_model *model, const qs_head *head, uint32_t feature, size_t label)
{
    const float *row = model->weights + (size_t)feature * model->output_count + head->first_output;
    const double idf = model->idf == NULL ? 1 : (double)model->idf[feature];
    double sum = 0;
    size_t output = 0;
    if (head->label_count == 2)
        return idf * (label == 0 ? (double)row[0] : -(double)row[0]);
    if (head->decision == QS_ONE_VS_REST)
        return idf * (double)row[label];
    for (size_t i = 0; i < head->label_count; i++)
        for (size_t j = i + 1; j < head->label_count; j++, output++)
            sum += i == label ? (double)row[output] : j == label ? -(double)row[output] : 0;
    return idf * sum / (double)(head->label_count - 1);
}
