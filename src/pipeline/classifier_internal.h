/* What the files of the pipeline know of a classifier. SPDX-License-Identifier: MIT */
#ifndef QS_PIPELINE_CLASSIFIER_INTERNAL_H
#define QS_PIPELINE_CLASSIFIER_INTERNAL_H

#include "features/vocabulary.h"
#include "model/model.h"
#include "quotestance/classifier.h"

struct qs_classifier {
    qs_model *model;          /* owned */
    qs_vocabulary vocabulary; /* its arrays belong to the model, the look-up table is ours */
    bool per_target;
};

/** Wraps a model, which the classifier then owns (also on failure). */
QS_NODISCARD qs_status qs_classifier_wrap(qs_classifier **out, qs_model *model, qs_error *err);

/** Index of the head named `target`, or head_count. */
size_t qs_classifier_find_head(const qs_classifier *classifier, qs_str target);

/** P(favor) - P(against) or P(positive) - P(negative); NaN if the labels are others. */
double qs_polarity(const qs_str *labels, const double *probabilities, size_t count);

/** The bytes of the model inside the library; empty if there is none. */
qs_str qs_bundled_model(void);

#endif
