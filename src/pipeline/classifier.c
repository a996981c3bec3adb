/* Opening, wrapping and saving models. SPDX-License-Identifier: MIT */
#include <math.h>

#include "base/io.h"
#include "model/bundle.h"
#include "pipeline/classifier_internal.h"

qs_status qs_classifier_wrap(qs_classifier **out, qs_model *model, qs_error *err)
{
    *out = NULL;
    qs_classifier *c = qs_alloc_zero(1, sizeof *c);
    if (c == NULL) {
        qs_model_destroy(model);
        return qs_fail(err, QS_ENOMEM, "out of memory");
    }
    c->model = model;
    c->cache = qs_alloc_zero(1, sizeof *c->cache);
    if (c->cache == NULL) {
        qs_classifier_close(c);
        return qs_fail(err, QS_ENOMEM, "out of memory");
    }
    pthread_mutex_init(&c->cache->lock, NULL);
    c->per_target = qs_str_equal(qs_model_meta(model, qs_str_of("per_target")), qs_str_of("yes"));
    c->cache->vocabulary = (qs_vocabulary){.hashes = model->feature_hashes, .count = model->feature_count, .idf = model->idf};
    *out = c;
    return QS_OK;
}

qs_status qs_classifier_open(qs_classifier **out, const char *path, qs_error *err)
{
    qs_model *model = NULL;
    *out = NULL;
    const qs_status status = qs_model_load(&model, path, 0, err);
    return status != QS_OK ? status : qs_classifier_wrap(out, model, err);
}

qs_status qs_classifier_open_bytes(qs_classifier **out, qs_str bytes, qs_error *err)
{
    qs_model *model = NULL;
    *out = NULL;
    const qs_status status = qs_model_read(&model, bytes, err);
    return status != QS_OK ? status : qs_classifier_wrap(out, model, err);
}

qs_status qs_classifier_open_bundled(qs_classifier **out, qs_error *err)
{
    const qs_str bytes = qs_bundled_model();
    *out = NULL;
    if (bytes.len == 0)
        return qs_fail(err, QS_EMODEL, "this build has no bundled model; name one with -m");
    qs_model *model = NULL;
    const qs_status status = qs_model_read_trusted(&model, bytes, err);
    return status != QS_OK ? status : qs_classifier_wrap(out, model, err);
}

void qs_classifier_close(qs_classifier *c)
{
    if (c == NULL)
        return;
    if (c->cache != NULL) {
        qs_engine_table_destroy(c->cache->wide);
        qs_engine_table_destroy(c->cache->narrow);
        qs_free(c->cache->vocabulary.slots);
        pthread_mutex_destroy(&c->cache->lock);
        qs_free(c->cache);
    }
    qs_model_destroy(c->model);
    qs_free(c);
}

const qs_vocabulary *qs_classifier_vocabulary(const qs_classifier *c, qs_error *err)
{
    qs_vocabulary *vocabulary = &c->cache->vocabulary;
    qs_status status = QS_OK;
    pthread_mutex_lock(&c->cache->lock);
    if (vocabulary->slots == NULL)
        status = qs_vocabulary_index(vocabulary, err);
    pthread_mutex_unlock(&c->cache->lock);
    return status == QS_OK ? vocabulary : NULL;
}

const qs_engine_table *qs_classifier_table(const qs_classifier *c, bool wide)
{
    qs_classifier_cache *cache = c->cache;
    pthread_mutex_lock(&cache->lock);
    if (cache->narrow == NULL && qs_engine_can(c->model))
        (void)!qs_engine_table_create(&cache->narrow, c->model, NULL);
    if (wide && cache->wide == NULL && cache->narrow != NULL)
        (void)!qs_engine_table_widen(&cache->wide, cache->narrow, NULL);
    const qs_engine_table *table = wide ? cache->wide : cache->narrow;
    pthread_mutex_unlock(&cache->lock);
    return table;
}

qs_status qs_classifier_fingerprint(const qs_classifier *c, uint64_t *out, qs_error *err)
{
    qs_buf bytes = {0};
    *out = c->model->fingerprint;
    if (*out != 0)
        return QS_OK;
    const qs_status status = qs_model_write(&bytes, c->model, err);
    if (status == QS_OK)
        *out = qs_model_fingerprint(qs_buf_view(&bytes));
    qs_buf_free(&bytes);
    return status;
}

qs_status qs_classifier_save(const qs_classifier *c, const char *path, qs_error *err)
{
    qs_buf bytes = {0};
    qs_status status = qs_model_write(&bytes, c->model, err);
    if (status == QS_OK)
        status = qs_file_write(path, qs_buf_view(&bytes), err);
    qs_buf_free(&bytes);
    return status;
}

size_t qs_classifier_head_count(const qs_classifier *c)
{
    return c->model->head_count;
}

qs_str qs_classifier_head_name(const qs_classifier *c, size_t head)
{
    return c->model->heads[head].name;
}

const qs_str *qs_classifier_head_labels(const qs_classifier *c, size_t head, size_t *count)
{
    *count = c->model->heads[head].label_count;
    return c->model->heads[head].labels;
}

size_t qs_classifier_feature_count(const qs_classifier *c)
{
    return c->model->feature_count;
}

bool qs_classifier_is_per_target(const qs_classifier *c)
{
    return c->per_target;
}

size_t qs_classifier_find_head(const qs_classifier *c, qs_str target)
{
    const qs_head *head = qs_model_head(c->model, target);
    return head == NULL ? c->model->head_count : (size_t)(head - c->model->heads);
}

static bool same_word(qs_str label, const char *word)
{
    if (label.len != strlen(word))
        return false;
    for (size_t i = 0; i < label.len; i++) {
        const char c = label.ptr[i];
        if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != word[i])
            return false;
    }
    return true;
}

double qs_polarity(const qs_str *labels, const double *probabilities, size_t count)
{
    static const char *const up[] = {"favor", "favour", "positive", "pos"};
    static const char *const down[] = {"against", "negative", "neg"};
    double score = 0;
    int found = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < sizeof up / sizeof *up; k++)
            if (same_word(labels[i], up[k])) {
                score += probabilities[i];
                found |= 1;
            }
        for (size_t k = 0; k < sizeof down / sizeof *down; k++)
            if (same_word(labels[i], down[k])) {
                score -= probabilities[i];
                found |= 2;
            }
    }
    return found == 3 ? score : NAN;
}
