/* Scoring in bulk, and quotes scored as `predict` scores them. SPDX-License-Identifier: MIT */
#ifndef QUOTESTANCE_SCORED_H
#define QUOTESTANCE_SCORED_H

#include "quotestance/classifier.h"
#include "quotestance/quotes.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Number of labels of all heads together: the length of a row of qs_score_many. */
QS_API size_t qs_classifier_label_total(const qs_classifier *classifier);

/** Scores `count` texts with up to `jobs` threads (0: one for each processor); the numbers do not depend on how many.
 *  probabilities[i * qs_classifier_label_total()] is the first of row i: the labels of the heads one after another, in the order of
 *  qs_classifier_head_labels. scores[i * qs_classifier_head_count()] (may be NULL) holds qs_score.score of each head. Heads that a text does not
 *  ask (per-target models), and rows that cannot be scored (qs_scorer_score says why), are NaN. QS_ENOMEM. Any thread. */
QS_API QS_NODISCARD qs_status qs_score_many(const qs_classifier *classifier, const qs_text *texts, size_t count,
                                            size_t jobs, double *probabilities, double *scores,
                                            qs_error *err);

/** Scores quote `index` (< count) as `predict` does: its words without the outer marks, those of all quotes of one
 *  utterance joined, its paragraph as the context. QS_QUOTE_SCARE is never scored (*count 0). `target` is empty but for per-target
 *  models. Otherwise as qs_scorer_score. */
QS_API QS_NODISCARD qs_status qs_scorer_score_quote(qs_scorer *scorer, const qs_quotes *quotes, size_t index,
                                                    qs_str target, const qs_score **scores, size_t *count,
                                                    qs_error *err);

/** The records of the quotes as `predict --format jsonl` writes them, one JSON object a line; without `heads` if `scorer` is NULL. *out
 *  [owned: qs_json_free] is NUL-terminated, *length its bytes; NULL on failure. QS_ENOMEM. */
QS_API QS_NODISCARD qs_status qs_quotes_json(char **out, size_t *length, const qs_quotes *quotes,
                                             qs_scorer *scorer, qs_error *err);

/** The answers for one text as the JSON object `{"heads":...}`, in it the largest `reasons` of each if the scorer explains
 *  (qs_scorer_enable_explanations). *out [owned: qs_json_free] as of qs_quotes_json. Statuses as of qs_scorer_score. */
QS_API QS_NODISCARD qs_status qs_score_json(char **out, size_t *length, qs_scorer *scorer, const qs_text *text,
                                            size_t reasons, qs_error *err);

/** Releases what qs_quotes_json or qs_score_json made; NULL is fine. */
QS_API void qs_json_free(char *json);

#ifdef __cplusplus
}
#endif

#endif
