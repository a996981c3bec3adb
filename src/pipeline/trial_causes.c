/* The n-grams behind a wrong answer. SPDX-License-Identifier: MIT */
#include "pipeline/trial_causes.h"

#include <string.h>

#include "base/error.h"
#include "quotestance/explain.h"

#define CAUSES 6

static size_t label_number(const qs_score *score, qs_str label)
{
    size_t i = 0;
    while (i < score->label_count && !qs_str_equal(score->labels[i], label))
        i++;
    return i;
}

/* What it said for the answer rather than for the gold label (which the model may not know). */
static double weight_of(const qs_reason *reason, size_t answer, size_t gold, size_t labels)
{
    return reason->contributions[answer] - (gold < labels ? reason->contributions[gold] : 0);
}

static bool within(qs_str part, qs_str whole)
{
    for (size_t i = 0; i + part.len <= whole.len; i++)
        if (memcmp(part.ptr, whole.ptr + i, part.len) == 0)
            return true;
    return false;
}

/* An n-gram inside one that is shown already, or around it, would say the same again. */
static bool says_again(qs_str ngram, const qs_cause *causes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (within(ngram, causes[i].ngram) || within(causes[i].ngram, ngram))
            return true;
    return false;
}

static size_t choose(const qs_score *score, qs_str gold, qs_cause causes[CAUSES])
{
    const qs_explanation *why = score->explanation;
    const size_t answer = label_number(score, score->label), right = label_number(score, gold);
    size_t count = 0;
    while (count < CAUSES) {
        qs_cause best = {{NULL, 0}, 0};
        for (size_t i = 0; i < why->count; i++) {
            const double weight = weight_of(&why->reasons[i], answer, right, score->label_count);
            if (weight > best.weight && why->reasons[i].text.len > 0 &&
                !says_again(why->reasons[i].text, causes, count))
                best = (qs_cause){why->reasons[i].text, weight};
        }
        if (best.ngram.ptr == NULL)
            break;
        causes[count++] = best;
    }
    return count;
}

qs_status qs_trial_explain_last(qs_evaluation *evaluation, qs_scorer **scorer, const qs_classifier *classifier,
                                const qs_text *text, size_t head, qs_str gold, qs_error *err)
{
    qs_cause causes[CAUSES];
    const qs_score *scores = NULL;
    size_t count = 0;
    qs_status status = QS_OK;
    if (!qs_evaluation_last_is_worst(evaluation))
        return QS_OK;
    if (*scorer == NULL) {
        status = qs_scorer_create(scorer, classifier, err);
        if (status == QS_OK)
            status = qs_scorer_enable_explanations(*scorer, err);
    }
    if (status == QS_OK)
        status = qs_scorer_score(*scorer, text, &scores, &count, err);
    if (status != QS_OK || head >= count || scores[head].label.ptr == NULL || scores[head].explanation == NULL)
        return status;
    count = choose(&scores[head], gold, causes);
    return qs_evaluation_explain_last(evaluation, causes, count, err);
}
