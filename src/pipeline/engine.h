/* The scoring engine: bytes to the outputs of a linear model in one pass, with no allocation per text once its
 * scratch memory has grown to the longest. SPDX-License-Identifier: MIT */
#ifndef QS_PIPELINE_ENGINE_H
#define QS_PIPELINE_ENGINE_H

#include "features/vocabulary.h"
#include "model/model.h"

/** The outputs of a linear model for one item, defined by the plain path below: for each block, the n-grams the
 *  model knows in order of first occurrence, sum of weight * row in double; each sum times the block's scale;
 *  blocks added in order; bias added. */

/** What the model made of an item. */
typedef struct qs_coverage {
    size_t known; /**< distinct n-grams that the model knows */
    size_t all;   /**< n-grams, repeated ones as often as they occur */
} qs_coverage;

/** The plain path, which says what the engine must compute: outputs[model->output_count]. All heads are linear. */
void qs_plain_outputs(const qs_model *model, const qs_vocabulary *vocabulary, const qs_bag *bag,
                      double *outputs, qs_coverage *coverage);

/** True if the engine can score this model: every head linear. */
bool qs_engine_can(const qs_model *model);

/** Where each n-gram of the model is found, with its weights of all outputs side by side. Read-only once built: any thread. */
typedef struct qs_engine_table qs_engine_table;

/** Builds in one sweep over the hashes of the model, which must outlive the table and be fit for it (qs_engine_can). *out NULL on failure:
 *  QS_ENOMEM. */
QS_NODISCARD qs_status qs_engine_table_create(qs_engine_table **out, const qs_model *model, qs_error *err);
/** The same with all that belongs to an n-gram side by side: takes a sweep over the model, scores faster. `narrow` must outlive it.
 *  *out NULL on failure: QS_ENOMEM. */
QS_NODISCARD qs_status qs_engine_table_widen(qs_engine_table **out, const qs_engine_table *narrow, qs_error *err);
/** NULL is fine. */
void qs_engine_table_destroy(qs_engine_table *table);

/** What the texts met so far have left behind, and scratch memory. One thread at a time. */
typedef struct qs_engine qs_engine;

/** `table` must outlive the engine. *out NULL on failure: QS_ENOMEM. */
QS_NODISCARD qs_status qs_engine_create(qs_engine **out, const qs_engine_table *table, qs_error *err);
/** NULL is fine. */
void qs_engine_destroy(qs_engine *engine);
/** Goes on with the wide table of the same model and some MB of memory for what was met, if it can: pays after some hundred kB of text. */
void qs_engine_expect_many(qs_engine *engine, const qs_engine_table *wide);

/** As qs_plain_outputs, to the last bit. QS_ENOMEM, QS_ELIMIT. */
QS_NODISCARD qs_status qs_engine_outputs(qs_engine *engine, const qs_item *item, double *outputs,
                                         qs_coverage *coverage, qs_error *err);

#endif
