/* Scores as JSON. SPDX-License-Identifier: MIT */
#include "pipeline/score_json.h"

#include <math.h>

#include "pipeline/explain.h"

#define PROBABILITY_DECIMALS 12
#define SCORE_DECIMALS 6

static void add_head(qs_buf *out, const qs_score *score, size_t reasons)
{
    qs_buf_add_json(out, score->head);
    qs_buf_add_text(out, ":{\"label\":");
    if (score->label.ptr == NULL)
        qs_buf_add_text(out, "null");
    else
        qs_buf_add_json(out, score->label);
    if (!isnan(score->score)) {
        qs_buf_add_text(out, ",\"score\":");
        qs_buf_add_fixed(out, score->score, SCORE_DECIMALS);
    }
    qs_buf_add_text(out, ",\"probabilities\":{");
    for (size_t k = 0; k < score->label_count; k++) {
        if (k > 0)
            qs_buf_add_char(out, ',');
        qs_buf_add_json(out, score->labels[k]);
        qs_buf_add_char(out, ':');
        qs_buf_add_fixed(out, score->probabilities[k], PROBABILITY_DECIMALS);
    }
    qs_buf_add_char(out, '}');
    if (score->explanation != NULL) {
        qs_buf_add_char(out, ',');
        qs_add_explanation_json(out, score, reasons);
    }
    qs_buf_add_char(out, '}');
}

void qs_add_heads_json(qs_buf *out, const qs_score *scores, size_t count, size_t reasons)
{
    qs_buf_add_text(out, "\"heads\":{");
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            qs_buf_add_char(out, ',');
        add_head(out, &scores[i], reasons);
    }
    qs_buf_add_char(out, '}');
}
