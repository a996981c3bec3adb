/* Texts to scores: the plain reference path. SPDX-License-Identifier: MIT */
#include "features/target.h"
#include "features/vector.h"
#include "model/predict.h"
#include "pipeline/classifier_internal.h"

struct qs_scorer {
    const qs_classifier *classifier;
    qs_bag bag;
    qs_vectors row;
    double *outputs;
    qs_score *scores;
    double *probabilities; /* of all heads, one after another */
    size_t known, all;
};

static size_t label_total(const qs_model *model)
{
    size_t total = 0;
    for (size_t h = 0; h < model->head_count; h++)
        total += model->heads[h].label_count;
    return total;
}

qs_status qs_scorer_create(qs_scorer **out, const qs_classifier *classifier, qs_error *err)
{
    const qs_model *model = classifier->model;
    *out = NULL;
    qs_scorer *s = qs_alloc_zero(1, sizeof *s);
    if (s == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    s->classifier = classifier;
    s->outputs = qs_alloc_zero(model->output_count, sizeof *s->outputs);
    s->scores = qs_alloc_zero(model->head_count, sizeof *s->scores);
    s->probabilities = qs_alloc_zero(label_total(model), sizeof *s->probabilities);
    if (s->outputs == NULL || s->scores == NULL || s->probabilities == NULL) {
        qs_scorer_destroy(s);
        return qs_fail(err, QS_ENOMEM, "out of memory");
    }
    *out = s;
    return QS_OK;
}

void qs_scorer_destroy(qs_scorer *s)
{
    if (s == NULL)
        return;
    qs_bag_free(&s->bag);
    qs_vectors_free(&s->row);
    qs_free(s->outputs);
    qs_free(s->scores);
    qs_free(s->probabilities);
    qs_free(s);
}

static void answer(qs_scorer *s, const qs_head *head, qs_score *score, double *probabilities)
{
    const size_t label = qs_head_predict(head, s->outputs, probabilities);
    *score = (qs_score){.head = head->name,
                        .label = head->labels[label],
                        .score = qs_polarity(head->labels, probabilities, head->label_count),
                        .label_count = head->label_count,
                        .labels = head->labels,
                        .probabilities = probabilities};
}

qs_status qs_scorer_score(qs_scorer *s, const qs_text *text, const qs_score **scores, size_t *count,
                          qs_error *err)
{
    const qs_classifier *c = s->classifier;
    const qs_model *model = c->model;
    qs_item item = {{text->text, text->context}};
    size_t first = 0;
    size_t end = model->head_count;
    size_t unknown = 0;
    if (c->per_target) {
        first = qs_classifier_find_head(c, text->target);
        if (first == end)
            return qs_fail(err, QS_EINPUT, "the model has no head for target '%.*s'",
                           text->target.len > 80 ? 80 : (int)text->target.len, text->target.ptr);
        end = first + 1;
    }
    if ((model->spec.fields & QS_TARGET_FIELDS) != 0)
        qs_item_locate(&item, text->target);
    qs_status status = qs_bag_fill(&s->bag, &model->spec, &item, err);
    s->row.rows = 0;
    if (status == QS_OK)
        status = qs_vectors_add(&s->row, &c->vocabulary, &model->spec, &s->bag, &unknown, err);
    if (status != QS_OK)
        return status;
    s->all = s->bag.count;
    s->known = s->all - unknown;
    qs_model_decide(model, s->row.indices, s->row.values, (size_t)s->row.starts[1], s->outputs);
    double *probabilities = s->probabilities;
    for (size_t h = first; h < end; h++) {
        answer(s, &model->heads[h], &s->scores[h - first], probabilities);
        probabilities += model->heads[h].label_count;
    }
    *scores = s->scores;
    *count = end - first;
    return QS_OK;
}

void qs_scorer_coverage(const qs_scorer *s, size_t *known, size_t *all)
{
    *known = s->known;
    *all = s->all;
}
