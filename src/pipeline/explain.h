/* Explanations of scores, for the scorer and the writers of rows. SPDX-License-Identifier: MIT */
#ifndef QS_PIPELINE_EXPLAIN_H
#define QS_PIPELINE_EXPLAIN_H

#include "base/buf.h"
#include "pipeline/classifier_internal.h"
#include "quotestance/explain.h"

/** Scratch memory and the explanations of one text. One thread at a time. */
typedef struct qs_explainer qs_explainer;

/** *out [owned], NULL on failure. QS_ENOMEM. */
QS_NODISCARD qs_status qs_explainer_create(qs_explainer **out, const qs_classifier *classifier, qs_error *err);
void qs_explainer_destroy(qs_explainer *explainer);

/** What was scored: the bag was filled from the item with origins. */
typedef struct qs_explain_input {
    const qs_item *item;
    const qs_bag *bag;
    const double *outputs; /**< of the whole model */
    size_t first_head;     /**< head of the first answer */
} qs_explain_input;

/** Gives each of the `count` answers its explanation. QS_ENOMEM. */
QS_NODISCARD qs_status qs_explain(qs_explainer *explainer, const qs_explain_input *input, qs_score *scores,
                                  size_t count, qs_error *err);

/** Adds `"explanation":{...}` with the `top` strongest reasons and, if it is additive, the rest as one sum. */
void qs_add_explanation_json(qs_buf *out, const qs_score *score, size_t top);

/** Adds the `top` strongest reasons of each answer as lines for people. */
void qs_add_explanations_table(qs_buf *out, const qs_score *scores, size_t count, size_t top);

#endif
