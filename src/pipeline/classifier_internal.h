/* What the files of the pipeline know of a classifier. SPDX-License-Identifier: MIT */
#ifndef QS_PIPELINE_CLASSIFIER_INTERNAL_H
#define QS_PIPELINE_CLASSIFIER_INTERNAL_H

#include <pthread.h>

#include "pipeline/engine.h"
#include "quotestance/classifier.h"

/** What is made of the model when it is first needed. */
typedef struct qs_classifier_cache {
    pthread_mutex_t lock;
    qs_vocabulary vocabulary; /* its arrays belong to the model, the look-up table is ours */
    qs_engine_table *narrow;  /* NULL: not yet, or in vain */
    qs_engine_table *wide;
} qs_classifier_cache;

struct qs_classifier {
    qs_model *model;          /* owned */
    qs_classifier_cache *cache; /* owned; the only part that changes, under its lock */
    bool per_target;
};

/** Wraps a model, which the classifier then owns (also on failure). */
QS_NODISCARD qs_status qs_classifier_wrap(qs_classifier **out, qs_model *model, qs_error *err);

/** The vocabulary with its look-up table; NULL if memory lacks. [borrowed: classifier]. Any thread. */
const qs_vocabulary *qs_classifier_vocabulary(const qs_classifier *classifier, qs_error *err);

/** The engine's table, shared by all scorers: narrow, at once, or wide, which pays after some hundred kB of text. NULL if the model is
 *  not for the engine or memory lacks. [borrowed: classifier]. Any thread. */
const qs_engine_table *qs_classifier_table(const qs_classifier *classifier, bool wide);

/** A hash of all that the model is: equal for equal models, whether from a file or just trained. QS_ENOMEM. */
QS_NODISCARD qs_status qs_classifier_fingerprint(const qs_classifier *classifier, uint64_t *out, qs_error *err);

/** Index of the head named `target`, or head_count. */
size_t qs_classifier_find_head(const qs_classifier *classifier, qs_str target);

/** P(favor) - P(against) or P(positive) - P(negative); NaN if the labels are others. */
double qs_polarity(const qs_str *labels, const double *probabilities, size_t count);

/** The bytes of the model inside the library; empty if there is none. */
qs_str qs_bundled_model(void);

#endif
