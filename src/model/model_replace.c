/* A model with one head taken from another tool. SPDX-License-Identifier: MIT */
#include "model/bundle.h"
#include "model/exchange.h"

/* Copies an array, if there is one; `to` is the address of a pointer to elements. False if memory lacks. */
static bool copy_array(void *to, const void *from, size_t count, size_t size)
{
    void *array = from == NULL ? NULL : qs_alloc(count, size);
    if (array != NULL && count > 0)
        memcpy(array, from, count * size);
    memcpy(to, &array, sizeof array);
    return from == NULL || array != NULL;
}

/* `to` gets the features of `from`, whose arrays lie in its file. */
static qs_status take_features(qs_model *to, qs_model *from, qs_error *err)
{
    const size_t count = from->feature_count;
    to->spec = from->spec;
    to->classes = from->classes;
    from->classes = NULL;
    to->feature_count = count;
    const bool done = copy_array(&to->feature_hashes, from->feature_hashes, count, sizeof *to->feature_hashes) &&
                      copy_array(&to->idf, from->idf, count, sizeof *to->idf) &&
                      copy_array(&to->ngram_starts, from->ngram_starts, count + 1, sizeof *to->ngram_starts) &&
                      copy_array(&to->ngrams, from->ngrams, from->ngrams == NULL ? 0 : (size_t)from->ngram_starts[count], 1);
    return done ? QS_OK : qs_fail(err, QS_ENOMEM, "the features of the model");
}

static void *copy(qs_arena *arena, const double *from, size_t count)
{
    double *to = qs_arena_alloc(arena, count, sizeof *to);
    if (to != NULL)
        memcpy(to, from, count * sizeof *to);
    return to;
}

static qs_status copy_calibration(qs_model *model, const qs_head *from, qs_error *err)
{
    const qs_calibration *old = &from->calibration;
    qs_calibration *new = &model->heads[model->head_count - 1].calibration;
    *new = *old;
    if (old->label_bias != NULL)
        new->label_bias = copy(&model->arena, old->label_bias, from->label_count);
    if (old->knot_count > 0) {
        new->knot_in = copy(&model->arena, old->knot_in, old->knot_count);
        new->knot_out = copy(&model->arena, old->knot_out, old->knot_count);
    }
    if ((old->label_bias != NULL && new->label_bias == NULL) ||
        (old->knot_count > 0 && (new->knot_in == NULL || new->knot_out == NULL)))
        return qs_fail(err, QS_ENOMEM, "a calibration");
    return QS_OK;
}

/* What a head was learned as: its columns of the weights, or its support vectors, which are rows of the model's. */
static qs_status learned_of(qs_learned *out, const qs_model *model, size_t feature_count, const qs_head *head,
                            qs_error *err)
{
    *out = (qs_learned){.decision = head->decision, .kernel = head->kernel, .label_count = head->label_count,
                        .output_count = head->output_count, .feature_count = feature_count,
                        .bias = head->bias, .coefficients = head->coefficients};
    if (head->kernel != QS_LINEAR) {
        out->support_count = head->support_count;
        out->support = qs_alloc(head->support_count, sizeof *out->support);
        for (size_t s = 0; out->support != NULL && s < head->support_count; s++)
            out->support[s] = (uint32_t)(head->first_support + s);
        return out->support == NULL ? qs_fail(err, QS_ENOMEM, "support vectors") : QS_OK;
    }
    if (feature_count <= SIZE_MAX / head->output_count)
        out->weights = qs_alloc(feature_count * head->output_count, sizeof *out->weights);
    if (out->weights == NULL)
        return qs_fail(err, QS_ENOMEM, "weights of %zu features", feature_count);
    for (size_t f = 0; f < feature_count; f++)
        memcpy(out->weights + f * head->output_count, model->weights + f * model->output_count + head->first_output,
               head->output_count * sizeof *out->weights);
    return QS_OK;
}

static qs_status copy_head(qs_model *to, const qs_model *from, const qs_head *head, qs_error *err)
{
    const qs_vectors support = {.rows = from->support_count, .features = to->feature_count,
                                .starts = from->support_starts, .indices = from->support_indices,
                                .values = from->support_values};
    qs_learner_options options = qs_learner_defaults();
    qs_learned learned;
    options.gamma = head->gamma;
    options.coef0 = head->coef0;
    options.degree = head->degree;
    qs_status status = learned_of(&learned, from, to->feature_count, head, err);
    if (status == QS_OK)
        status = qs_model_add_head(to, head->name, head->labels, &learned, &support, &options, err);
    if (status == QS_OK)
        status = copy_calibration(to, head, err);
    qs_free(learned.weights); /* bias and coefficients are the head's */
    qs_free(learned.support);
    return status;
}

qs_status qs_model_replace_head(qs_model **out, const qs_model *model, const qs_head *replaced,
                                const qs_imported *imported, qs_error *err)
{
    qs_buf bytes = {0};
    qs_model *old = NULL;
    qs_model *fresh = NULL;
    *out = NULL;
    qs_status status = qs_model_write(&bytes, model, err);
    if (status == QS_OK)
        status = qs_model_read(&old, qs_buf_view(&bytes), err);
    qs_buf_free(&bytes);
    if (status == QS_OK)
        status = qs_model_create(&fresh, err);
    if (status == QS_OK)
        status = take_features(fresh, old, err);
    if (status != QS_OK)
        goto done;
    for (size_t h = 0; h < old->head_count && status == QS_OK; h++) {
        const qs_head *head = &old->heads[h];
        status = qs_str_equal(head->name, replaced->name)
                     ? qs_model_add_head(fresh, head->name, head->labels, &imported->learned, &imported->support,
                                         &imported->options, err)
                     : copy_head(fresh, old, head, err);
    }
    for (size_t m = 0; m < old->meta_count && status == QS_OK; m++)
        status = qs_model_set_meta(fresh, old->metas[m].key, old->metas[m].value, err);
    if (status == QS_OK)
        status = qs_model_set_meta(fresh, qs_str_of("imported_head"), replaced->name, err);
    if (status == QS_OK) {
        *out = fresh;
        fresh = NULL;
    }
done:
    qs_model_destroy(old);
    qs_model_destroy(fresh);
    return status;
}
