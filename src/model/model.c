/* The model in memory: creation, release, lookup. SPDX-License-Identifier: MIT */
#include "model/model.h"

#include <assert.h>


qs_status qs_model_create(qs_model **out, qs_error *err)
{
    *out = qs_alloc_zero(1, sizeof **out);
    return *out == NULL ? qs_fail(err, QS_ENOMEM, "a model") : QS_OK;
}

void qs_model_destroy(qs_model *model)
{
    if (model == NULL)
        return;
    if (!model->borrowed) {
        qs_free(model->feature_hashes);
        qs_free(model->idf);
        qs_free(model->ngram_starts);
        qs_free(model->ngrams);
        qs_free(model->weights);
        qs_free(model->support_starts);
        qs_free(model->support_indices);
        qs_free(model->support_values);
    }
    qs_word_classes_destroy(model->classes);
    qs_free(model->backing);
    qs_arena_free(&model->arena);
    qs_free(model);
}

size_t qs_output_count(qs_decision decision, size_t labels)
{
    if (labels == 2)
        return 1;
    return decision == QS_ONE_VS_ONE ? labels * (labels - 1) / 2 : labels;
}

/* The place of a key, or where it belongs. */
static size_t meta_place(const qs_model *model, qs_str key, bool *found)
{
    size_t place = 0;
    while (place < model->meta_count && qs_str_compare(model->metas[place].key, key) < 0)
        place++;
    *found = place < model->meta_count && qs_str_equal(model->metas[place].key, key);
    return place;
}

qs_status qs_model_set_meta(qs_model *model, qs_str key, qs_str value, qs_error *err)
{
    bool found = false;
    if (key.len == 0 || key.len > QS_MODEL_MAX_NAME)
        return qs_fail(err, QS_EUSAGE, "a provenance key has 1 to %d bytes", QS_MODEL_MAX_NAME);
    for (size_t i = 0; i < key.len; i++)
        if (key.ptr[i] <= ' ' || key.ptr[i] > '~')
            return qs_fail(err, QS_EUSAGE, "a provenance key holds a byte that is not printable");
    if (value.len > QS_MODEL_MAX_META || memchr(value.ptr == NULL ? "" : value.ptr, '\0', value.len))
        return qs_fail(err, QS_EUSAGE, "the provenance value of %.*s is too long or holds NUL",
                       (int)key.len, key.ptr);
    const size_t place = meta_place(model, key, &found);
    const qs_str copy = qs_arena_copy(&model->arena, value);
    if (copy.ptr == NULL)
        return qs_fail(err, QS_ENOMEM, "provenance");
    if (found) {
        model->metas[place].value = copy;
        return QS_OK;
    }
    qs_meta *grown = qs_arena_alloc(&model->arena, model->meta_count + 1, sizeof *grown);
    const qs_str name = qs_arena_copy(&model->arena, key);
    if (grown == NULL || name.ptr == NULL)
        return qs_fail(err, QS_ENOMEM, "provenance");
    for (size_t i = 0; i < model->meta_count; i++)
        grown[i + (i >= place)] = model->metas[i];
    grown[place] = (qs_meta){.key = name, .value = copy};
    model->metas = grown;
    model->meta_count++;
    return QS_OK;
}

qs_str qs_model_meta(const qs_model *model, qs_str key)
{
    bool found = false;
    const size_t place = meta_place(model, key, &found);
    return found ? model->metas[place].value : qs_str_make(NULL, 0);
}

const qs_head *qs_model_head(const qs_model *model, qs_str name)
{
    for (size_t i = 0; i < model->head_count; i++)
        if (qs_str_equal(model->heads[i].name, name))
            return &model->heads[i];
    return NULL;
}

size_t qs_head_label_number(const qs_head *head, qs_str label)
{
    size_t i = 0;
    while (i < head->label_count && !qs_str_equal(head->labels[i], label))
        i++;
    return i;
}

qs_str qs_model_ngram(const qs_model *model, size_t feature)
{
    assert(feature < model->feature_count);
    if (model->ngram_starts == NULL)
        return qs_str_make(NULL, 0);
    const uint64_t start = model->ngram_starts[feature];
    return qs_str_make(model->ngrams + start, (size_t)(model->ngram_starts[feature + 1] - start));
}
