/* What each n-gram did to each label's margin: exact for linear heads, by taking words away for kernels.
 * SPDX-License-Identifier: MIT */
#include "pipeline/explain.h"

#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "features/vector.h"
#include "model/predict.h"
#include "pipeline/engine_internal.h"
#include "text/utf8.h"

struct qs_explainer {
    const qs_classifier *classifier;
    const qs_vocabulary *vocabulary;
    qs_arena arena; /* all that one call gives out */
    /* scratch */
    qs_vectors row;
    qs_bag bag;
    qs_buf shortened;
    double *outputs;
};

qs_status qs_explainer_create(qs_explainer **out, const qs_classifier *classifier, qs_error *err)
{
    *out = NULL;
    qs_explainer *e = qs_alloc_zero(1, sizeof *e);
    if (e != NULL)
        e->outputs = qs_alloc_zero(classifier->model->output_count, sizeof *e->outputs);
    if (e == NULL || e->outputs == NULL) {
        qs_free(e);
        return qs_fail(err, QS_ENOMEM, "out of memory");
    }
    e->classifier = classifier;
    e->vocabulary = qs_classifier_vocabulary(classifier, err);
    if (e->vocabulary == NULL) {
        qs_explainer_destroy(e);
        return QS_ENOMEM;
    }
    *out = e;
    return QS_OK;
}

void qs_explainer_destroy(qs_explainer *e)
{
    if (e == NULL)
        return;
    qs_arena_free(&e->arena);
    qs_vectors_free(&e->row);
    qs_bag_free(&e->bag);
    qs_buf_free(&e->shortened);
    qs_free(e->outputs);
    qs_free(e);
}

/* ---- margins ---- */

/* Adds to each label's margin what the head's outputs say, times `factor`: a linear map, the same for outputs, bias
 * and weights. */
static void add_margins(double *margins, const qs_head *head, const double *outputs, double factor)
{
    const size_t labels = head->label_count;
    if (labels == 2) {
        margins[0] += factor * outputs[0];
        margins[1] -= factor * outputs[0];
        return;
    }
    if (head->decision == QS_ONE_VS_REST) {
        for (size_t l = 0; l < labels; l++)
            margins[l] += factor * outputs[l];
        return;
    }
    const double share = factor / (double)(labels - 1);
    size_t output = 0;
    for (size_t i = 0; i < labels; i++)
        for (size_t j = i + 1; j < labels; j++, output++) {
            margins[i] += share * outputs[output];
            margins[j] -= share * outputs[output];
        }
}

static size_t label_at(const qs_score *score)
{
    for (size_t l = 0; l < score->label_count; l++)
        if (score->labels[l].ptr == score->label.ptr)
            return l;
    size_t best = 0; /* abstained */
    for (size_t l = 1; l < score->label_count; l++)
        best = score->probabilities[l] > score->probabilities[best] ? l : best;
    return best;
}

/* ---- places ---- */

static const char *field_name(uint32_t field)
{
    static const char *const names[] = {
        [QS_FIELD_TEXT] = "text",   [QS_FIELD_CONTEXT] = "context", [QS_FIELD_LEFT] = "left of target",
        [QS_FIELD_RIGHT] = "right of target", [QS_FIELD_NEAR] = "near target",
        [QS_FIELD_CLAUSE] = "clause of target", [QS_FIELD_TARGET] = "target", [QS_FIELD_PARTS] = "parts of words",
        [QS_FIELD_PRESENCE] = "classes of text", [QS_FIELD_CONTEXT_PRESENCE] = "classes of context"};
    const size_t count = sizeof names / sizeof *names;
    return field < count && names[field] != NULL ? names[field] : "classes";
}

/* The bytes of a field that bytes [start, end) of its normalised form come from. */
static qs_str source_of(const qs_normalizer *normal, qs_str field, size_t start, size_t end)
{
    if (field.ptr == NULL || end <= start || end > normal->out.len || normal->origin_capacity < normal->out.len)
        return qs_str_make(NULL, 0);
    const size_t from = normal->origins[start];
    size_t to = end == normal->out.len ? field.len : normal->origins[end];
    if (to <= from) { /* within a character that became several */
        uint32_t c = 0;
        to = from + qs_utf8_decode(field, from, &c);
    }
    return qs_str_slice(field, from, to);
}

/* Fields around the target are parts of the text. */
static size_t place_of(const qs_item *item, uint32_t field, qs_str source)
{
    const bool of_text = field != QS_FIELD_CONTEXT && field != QS_FIELD_TARGET;
    return source.ptr == NULL ? 0 : (size_t)(source.ptr - item->field[of_text ? QS_FIELD_TEXT : field].ptr);
}

/* ---- linear heads ---- */

/* The value of each n-gram that the model knows, as it was scored: values[i] of bag item i, indices[i] or UINT32_MAX. */
static qs_status find_values(qs_explainer *e, const qs_bag *bag, double *values, uint32_t *indices, qs_error *err)
{
    const qs_classifier *c = e->classifier;
    const qs_feature_spec *spec = &c->model->spec;
    double squares[QS_BLOCKS] = {0};
    double all = 0;
    for (size_t b = 0; b < QS_BLOCKS; b++) {
        for (size_t k = bag->block_start[b]; k < bag->block_start[b + 1]; k++) {
            const qs_vocabulary_slot *slot = qs_vocabulary_slot_of(e->vocabulary, bag->items[k].hash);
            indices[k] = slot == NULL ? UINT32_MAX : slot->place - 1;
            values[k] = slot == NULL ? 0 : qs_ngram_weight(spec, bag->items[k].count, slot->idf);
            squares[b] += values[k] * values[k];
        }
        all += squares[b];
    }
    if (!qs_engine_can(c->model)) { /* scored by its vector, in single precision */
        e->row.rows = 0;
        const qs_status status = qs_vectors_add(&e->row, e->vocabulary, spec, bag, NULL, err);
        if (status != QS_OK)
            return status;
    }
    for (size_t b = 0; b < QS_BLOCKS; b++) {
        const double scale = spec->norm == QS_NORM_NONE
                                 ? 1
                                 : qs_block_scale(spec->norm == QS_NORM_BLOCKS ? squares[b] : all);
        for (size_t k = bag->block_start[b]; k < bag->block_start[b + 1]; k++)
            values[k] = qs_engine_can(c->model)
                            ? values[k] * scale
                            : (double)(spec->norm == QS_NORM_NONE ? (float)values[k]
                                                                  : (float)((float)values[k] * scale));
    }
    return QS_OK;
}

static qs_status explain_linear(qs_explainer *e, const qs_explain_input *in, const qs_head *head, qs_reason *reasons,
                                size_t *count, qs_error *err)
{
    const qs_model *model = e->classifier->model;
    const qs_bag *bag = in->bag;
    double *values = qs_arena_alloc(&e->arena, bag->count + 1, sizeof *values);
    uint32_t *indices = qs_arena_alloc(&e->arena, bag->count + 1, sizeof *indices);
    double *row = qs_arena_alloc(&e->arena, head->output_count, sizeof *row);
    double *parts = qs_arena_alloc(&e->arena, (bag->count + 1) * head->label_count, sizeof *parts);
    if (values == NULL || indices == NULL || row == NULL || parts == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    const qs_status status = find_values(e, bag, values, indices, err);
    *count = 0;
    for (size_t k = 0; status == QS_OK && k < bag->count; k++) {
        const qs_ngram *ngram = &bag->items[k];
        if (indices[k] == UINT32_MAX)
            continue;
        const float *weights = model->weights + (size_t)indices[k] * model->output_count + head->first_output;
        for (size_t o = 0; o < head->output_count; o++)
            row[o] = (double)weights[o];
        double *own = parts + k * head->label_count;
        add_margins(own, head, row, values[k]);
        const uint32_t from = ngram->field == QS_FIELD_PARTS ? QS_FIELD_TEXT : ngram->field;
        const qs_str source = source_of(&bag->normal[from], in->item->field[from], ngram->start, ngram->end);
        size_t block = 0;
        while (bag->block_start[block + 1] <= k)
            block++;
        reasons[(*count)++] = (qs_reason){
            .text = qs_bag_text(bag, ngram),
            .kind = block % 2 == 0 ? "word" : "char",
            .field = field_name(ngram->field),
            .source = source,
            .start = place_of(in->item, ngram->field, source),
            .count = ngram->count,
            .contributions = own};
    }
    return status;
}

/* ---- kernels ---- */

static qs_status margins_of(qs_explainer *e, const qs_item *item, const qs_head *head, double *margins, qs_error *err)
{
    const qs_classifier *c = e->classifier;
    e->row.rows = 0;
    qs_status status = qs_bag_fill(&e->bag, &c->model->spec, item, err);
    if (status == QS_OK)
        status = qs_vectors_add(&e->row, e->vocabulary, &c->model->spec, &e->bag, NULL, err);
    if (status != QS_OK)
        return status;
    qs_model_decide(c->model, e->row.indices, e->row.values, (size_t)e->row.starts[1], e->outputs);
    add_margins(margins, head, e->outputs + head->first_output, 1);
    return QS_OK;
}

/* One word of the text taken away at a time. */
static qs_status explain_kernel(qs_explainer *e, const qs_explain_input *in, const qs_head *head, const double *margins,
                                qs_reason *reasons, size_t room, size_t *count, qs_error *err)
{
    const qs_normalizer *normal = &in->bag->normal[QS_FIELD_TEXT];
    const qs_str field = in->item->field[QS_FIELD_TEXT];
    const qs_str text = qs_buf_view(&normal->out);
    qs_token token;
    qs_status status = QS_OK;
    *count = 0;
    for (size_t at = 0; status == QS_OK && *count < room && qs_token_next(text, at, &token); at = token.end) {
        const qs_str source = source_of(normal, field, token.start, token.end);
        double *own = qs_arena_alloc(&e->arena, head->label_count, sizeof *own);
        if (own == NULL)
            return qs_fail(err, QS_ENOMEM, "out of memory");
        if (source.ptr == NULL || token.kind == QS_TOKEN_PUNCT)
            continue;
        qs_item item = *in->item;
        qs_buf_clear(&e->shortened);
        qs_buf_add(&e->shortened, field.ptr, (size_t)(source.ptr - field.ptr));
        qs_buf_add_str(&e->shortened, qs_str_slice(field, (size_t)(source.ptr - field.ptr) + source.len, field.len));
        status = qs_buf_status(&e->shortened, err);
        item.field[QS_FIELD_TEXT] = qs_buf_view(&e->shortened);
        if (status == QS_OK)
            status = margins_of(e, &item, head, own, err);
        for (size_t l = 0; l < head->label_count; l++)
            own[l] = margins[l] - own[l];
        reasons[(*count)++] = (qs_reason){.text = qs_str_slice(text, token.start, token.end), .kind = "occlusion",
                                          .field = "text", .source = source, .count = 1,
                                          .start = (size_t)(source.ptr - field.ptr), .contributions = own};
    }
    return status;
}

/* ---- all ---- */

typedef struct ranked {
    double size;
    size_t place;
} ranked;

static int by_size(const void *a, const void *b)
{
    const ranked *x = a;
    const ranked *y = b;
    if (x->size != y->size)
        return x->size < y->size ? 1 : -1;
    return (x->place > y->place) - (x->place < y->place);
}

static qs_status sort_reasons(qs_explainer *e, qs_reason **reasons, size_t count, size_t label, qs_error *err)
{
    ranked *order = qs_arena_alloc(&e->arena, count + 1, sizeof *order);
    qs_reason *sorted = qs_arena_alloc(&e->arena, count + 1, sizeof *sorted);
    if (order == NULL || sorted == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    for (size_t i = 0; i < count; i++)
        order[i] = (ranked){fabs((*reasons)[i].contributions[label]), i};
    qsort(order, count, sizeof *order, by_size);
    for (size_t i = 0; i < count; i++)
        sorted[i] = (*reasons)[order[i].place];
    *reasons = sorted;
    return QS_OK;
}

static qs_status explain_head(qs_explainer *e, const qs_explain_input *in, const qs_head *head, qs_score *score,
                              qs_error *err)
{
    const size_t room = in->bag->count + in->bag->normal[QS_FIELD_TEXT].out.len + 1;
    qs_explanation *out = qs_arena_alloc(&e->arena, 1, sizeof *out);
    qs_reason *reasons = qs_arena_alloc(&e->arena, room, sizeof *reasons);
    double *margins = qs_arena_alloc(&e->arena, head->label_count, sizeof *margins);
    double *base = qs_arena_alloc(&e->arena, head->label_count, sizeof *base);
    size_t count = 0;
    if (out == NULL || reasons == NULL || margins == NULL || base == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    add_margins(margins, head, in->outputs + head->first_output, 1);
    const bool linear = head->kernel == QS_LINEAR;
    if (linear)
        add_margins(base, head, head->bias, 1);
    qs_status status = linear ? explain_linear(e, in, head, reasons, &count, err)
                              : explain_kernel(e, in, head, margins, reasons, room, &count, err);
    if (status == QS_OK)
        status = sort_reasons(e, &reasons, count, label_at(score), err);
    *out = (qs_explanation){.additive = linear, .margins = margins, .base = base, .reasons = reasons, .count = count};
    score->explanation = out;
    return status;
}

qs_status qs_explain(qs_explainer *e, const qs_explain_input *in, qs_score *scores, size_t count, qs_error *err)
{
    qs_status status = QS_OK;
    qs_arena_reset(&e->arena);
    for (size_t i = 0; i < count && status == QS_OK; i++)
        status = explain_head(e, in, &e->classifier->model->heads[in->first_head + i], &scores[i], err);
    return status;
}
