/* Why a wrong row is wrong. SPDX-License-Identifier: MIT */
#ifndef QS_PIPELINE_TRIAL_CAUSES_H
#define QS_PIPELINE_TRIAL_CAUSES_H

#include "quotestance/classifier.h"
#include "quotestance/evaluation.h"

/** If the row that `evaluation` got last is among its worst, gives it its causes: the n-grams that spoke most for the wrong label
 *  against the gold one. `scorer` is made on the first call and explains `classifier`; the caller destroys it. `head` is the place of
 *  the answer among those of the text. QS_ENOMEM. */
QS_NODISCARD qs_status qs_trial_explain_last(qs_evaluation *evaluation, qs_scorer **scorer,
                                             const qs_classifier *classifier, const qs_text *text, size_t head,
                                             qs_str gold, qs_error *err);

#endif
