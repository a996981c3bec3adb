/* Scores as JSON. SPDX-License-Identifier: MIT */
#ifndef QS_PIPELINE_SCORE_JSON_H
#define QS_PIPELINE_SCORE_JSON_H

#include "base/buf.h"
#include "quotestance/classifier.h"

/** Adds `"heads":{NAME:{"label":..,"score":..,"probabilities":{..}}}`. Probabilities have 12 decimals, so that they still sum
 *  to 1 within 1e-9; score is left out where labels have no polarity. */
void qs_add_heads_json(qs_buf *out, const qs_score *scores, size_t count, size_t reasons);

#endif
