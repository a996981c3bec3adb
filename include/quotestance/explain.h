/* Why a text got its scores: the n-grams that moved them. SPDX-License-Identifier: MIT */
#ifndef QUOTESTANCE_EXPLAIN_H
#define QUOTESTANCE_EXPLAIN_H

#include "quotestance/classifier.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A part of the text and what it did to the margins of a head. */
typedef struct qs_reason {
    qs_str text;       /**< the n-gram as it was compared: case folded and normalised */
    const char *kind;  /**< "word" or "char" n-gram; "occlusion": a word, taken away */
    const char *field; /**< "text", "context", or the part around the target that it stands in */
    qs_str source;     /**< its first occurrence in the text as given: a view of qs_text.text, .context or .target; ptr NULL if it
                            is not written there as such */
    size_t start;      /**< where `source` begins in that view */
    uint32_t count;    /**< occurrences */
    const double *contributions; /**< one per label of the head */
} qs_reason;

/** Why one head answered so. A margin is what a label scores before calibration; the higher it is above the others, the more
 *  probable the label. */
struct qs_explanation {
    bool additive;         /**< linear heads: base and all contributions add up to the margins. Else (kernels) a contribution is what
                                the margin loses without the word, and there is no sum */
    const double *margins; /**< one per label */
    const double *base;    /**< one per label: the margin of a text without known n-grams; zeros if not additive */
    const qs_reason *reasons; /**< all, by falling size of the contribution to the answer's label */
    size_t count;
};

/** From now on each answer of the scorer has its explanation (qs_score.explanation, [borrowed: scorer, until its next call]). Scoring is
 *  then some times slower; labels and probabilities stay the same. QS_ENOMEM. */
QS_API QS_NODISCARD qs_status qs_scorer_enable_explanations(qs_scorer *scorer, qs_error *err);

#ifdef __cplusplus
}
#endif

#endif
