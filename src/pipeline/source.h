/* Inputs to pieces, in order. SPDX-License-Identifier: MIT */
#ifndef QS_PIPELINE_SOURCE_H
#define QS_PIPELINE_SOURCE_H

#include "pipeline/piece.h"

/** Cuts the inputs of a run into pieces. One thread at a time. */
typedef struct qs_source qs_source;

/** *out NULL on failure: QS_ENOMEM. Inputs and options are [borrowed]. */
QS_NODISCARD qs_status qs_source_open(qs_source **out, const char *const *inputs, size_t count,
                                      const qs_predict_options *options, qs_error *err);
/** Goes to where an earlier run stood, reading what it read. QS_EINPUT if that is no longer the same. */
QS_NODISCARD qs_status qs_source_skip(qs_source *source, const qs_progress_mark *mark, qs_error *err);
/** The next piece; *more false at the end or once the run is asked to stop. */
QS_NODISCARD qs_status qs_source_next(qs_source *source, qs_piece *piece, bool *more, qs_error *err);
void qs_source_close(qs_source *source);

/** Bytes of all inputs as they lie, 0 if that cannot be told. */
uint64_t qs_source_total(const char *const *inputs, size_t count);

#endif
