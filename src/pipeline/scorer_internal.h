/* What the files of the pipeline know of a scorer. SPDX-License-Identifier: MIT */
#ifndef QS_PIPELINE_SCORER_INTERNAL_H
#define QS_PIPELINE_SCORER_INTERNAL_H

#include "base/buf.h"
#include "quotestance/classifier.h"

/** Scratch memory for the words of an utterance in several quotes. [borrowed: scorer] */
qs_buf *qs_scorer_joined(qs_scorer *scorer);

#endif
