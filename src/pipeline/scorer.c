/* Texts to scores: by the engine, by the plain path for explanations, by vectors for kernels. SPDX-License-Identifier: MIT */
#include "features/target.h"
#include "features/vector.h"
#include "model/predict.h"
#include "pipeline/classifier_internal.h"
#include "pipeline/explain.h"
#include "pipeline/scorer_internal.h"
#include "quotestance/scored.h"

/* Bytes after which the wide table of the engine, a sweep over the whole model, pays, and its memory for what was met. */
#define WIDE_FROM ((size_t)256 * 1024)

struct qs_scorer {
    const qs_classifier *classifier;
    qs_bag bag;
    qs_vectors row;
    double *outputs;
    qs_score *scores;
    double *probabilities; /* of all heads, one after another */
    qs_engine *engine; /* NULL: kernels, and models too wide for the engine */
    size_t bytes_seen;
    bool widened; /* or tried in vain */
    qs_coverage coverage;
    qs_buf joined;
    qs_explainer *explainer; /* NULL: no explanations */
    double abstain_below;
};

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
    s->probabilities = qs_alloc_zero(qs_classifier_label_total(classifier), sizeof *s->probabilities);
    if (s->outputs == NULL || s->scores == NULL || s->probabilities == NULL) {
        qs_scorer_destroy(s);
        return qs_fail(err, QS_ENOMEM, "out of memory");
    }
    if (qs_engine_can(model)) {
        const qs_engine_table *table = qs_classifier_table(classifier, false);
        const qs_status status = table == NULL ? qs_fail(err, QS_ENOMEM, "out of memory") : qs_engine_create(&s->engine, table, err);
        if (status != QS_OK) {
            qs_scorer_destroy(s);
            return status;
        }
    }
    *out = s;
    return QS_OK;
}

void qs_scorer_destroy(qs_scorer *s)
{
    if (s == NULL)
        return;
    qs_engine_destroy(s->engine);
    qs_explainer_destroy(s->explainer);
    qs_bag_free(&s->bag);
    qs_buf_free(&s->joined);
    qs_vectors_free(&s->row);
    qs_free(s->outputs);
    qs_free(s->scores);
    qs_free(s->probabilities);
    qs_free(s);
}

void qs_scorer_set_abstain(qs_scorer *s, double least)
{
    s->abstain_below = least;
}

static void answer(qs_scorer *s, const qs_head *head, qs_score *score, double *probabilities)
{
    const size_t label = qs_head_predict(head, s->outputs, probabilities);
    *score = (qs_score){.head = head->name,
                        .label = probabilities[label] < s->abstain_below ? qs_str_make(NULL, 0) : head->labels[label],
                        .score = qs_polarity(head->labels, probabilities, head->label_count),
                        .label_count = head->label_count,
                        .labels = head->labels,
                        .probabilities = probabilities};
}

/* Kernels, and models too wide for the engine. */
static qs_status score_vector(qs_scorer *s, qs_error *err)
{
    const qs_model *model = s->classifier->model;
    const qs_vocabulary *vocabulary = qs_classifier_vocabulary(s->classifier, err);
    size_t unknown = 0;
    if (vocabulary == NULL)
        return QS_ENOMEM;
    s->row.rows = 0;
    const qs_status status = qs_vectors_add(&s->row, vocabulary, &model->spec, &s->bag, &unknown, err);
    if (status != QS_OK)
        return status;
    s->coverage = (qs_coverage){.known = s->bag.count - unknown, .all = 0};
    for (size_t i = 0; i < s->bag.count; i++)
        s->coverage.all += s->bag.items[i].count;
    qs_model_decide(model, s->row.indices, s->row.values, (size_t)s->row.starts[1], s->outputs);
    return QS_OK;
}

/* With the same bits as the engine, but with the bag, which explanations want. */
static qs_status score_plain(qs_scorer *s, qs_error *err)
{
    const qs_vocabulary *vocabulary = qs_classifier_vocabulary(s->classifier, err);
    if (vocabulary == NULL)
        return QS_ENOMEM;
    qs_plain_outputs(s->classifier->model, vocabulary, &s->bag, s->outputs, &s->coverage);
    return QS_OK;
}

static qs_status find_outputs(qs_scorer *s, const qs_item *item, qs_error *err)
{
    const qs_classifier *c = s->classifier;
    if (s->engine == NULL || s->explainer != NULL) {
        const qs_status status = qs_bag_fill(&s->bag, &c->model->spec, item, err);
        return status != QS_OK ? status : s->engine == NULL ? score_vector(s, err) : score_plain(s, err);
    }
    s->bytes_seen += item->field[QS_FIELD_TEXT].len;
    if (!s->widened && s->bytes_seen > WIDE_FROM) {
        const qs_engine_table *wide = qs_classifier_table(c, true);
        s->widened = true;
        if (wide != NULL)
            qs_engine_expect_many(s->engine, wide);
    }
    return qs_engine_outputs(s->engine, item, s->outputs, &s->coverage, err);
}

qs_status qs_scorer_score(qs_scorer *s, const qs_text *text, const qs_score **scores, size_t *count,
                          qs_error *err)
{
    const qs_classifier *c = s->classifier;
    const qs_model *model = c->model;
    qs_item item = {{text->text, text->context}};
    size_t first = 0;
    size_t end = model->head_count;
    if (c->per_target) {
        first = qs_classifier_find_head(c, text->target);
        if (first == end)
            return qs_fail(err, QS_EINPUT, "the model has no head for target '%.*s'",
                           text->target.len > 80 ? 80 : (int)text->target.len, text->target.ptr);
        end = first + 1;
    }
    if ((model->spec.fields & QS_TARGET_FIELDS) != 0)
        qs_item_locate(&item, text->target);
    const qs_status status = find_outputs(s, &item, err);
    if (status != QS_OK)
        return status;
    double *probabilities = s->probabilities;
    for (size_t h = first; h < end; h++) {
        answer(s, &model->heads[h], &s->scores[h - first], probabilities);
        probabilities += model->heads[h].label_count;
    }
    *scores = s->scores;
    *count = end - first;
    if (s->explainer == NULL)
        return QS_OK;
    const qs_explain_input input = {&item, &s->bag, s->outputs, first};
    return qs_explain(s->explainer, &input, s->scores, end - first, err);
}

qs_status qs_scorer_enable_explanations(qs_scorer *s, qs_error *err)
{
    for (uint32_t field = 0; field < QS_FIELDS; field++)
        s->bag.normal[field].with_origins = true;
    s->bag.keeps = true;
    return s->explainer != NULL ? QS_OK : qs_explainer_create(&s->explainer, s->classifier, err);
}

void qs_scorer_coverage(const qs_scorer *s, size_t *known, size_t *all)
{
    *known = s->coverage.known;
    *all = s->coverage.all;
}

qs_buf *qs_scorer_joined(qs_scorer *s)
{
    return &s->joined;
}
