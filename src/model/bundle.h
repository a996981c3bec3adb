/* The model file (.qsm): writing and safe reading. SPDX-License-Identifier: MIT */
#ifndef QS_MODEL_BUNDLE_H
#define QS_MODEL_BUNDLE_H

#include "base/buf.h"
#include "model/model.h"

/** The most bytes of a model file unless the caller says otherwise. */
#define QS_MODEL_MAX_FILE (UINT64_C(1) << 30)

/** Appends the model's canonical bytes: one model, one byte string. QS_EUSAGE if the model breaks a rule that
 *  reading would refuse; QS_ENOMEM. */
QS_NODISCARD qs_status qs_model_write(qs_buf *out, const qs_model *model, qs_error *err);

/** Reads a model from bytes, which may come from a stranger: everything is checked before use, and nothing of
 *  `bytes` is kept. *out is NULL on failure, [owned] else. QS_EMODEL with offset and reason; QS_ENOMEM. */
QS_NODISCARD qs_status qs_model_read(qs_model **out, qs_str bytes, qs_error *err);

/** A hash of a model's bytes as qs_model_write gives them, never 0; cheap, as it takes the hashes in the table of sections. */
uint64_t qs_model_fingerprint(qs_str bytes);

/** As qs_model_read for bytes that are known to be good and stay as they are as long as the model: neither checked nor copied, so that
 *  only what is used is ever read. They begin at a multiple of 16. */
QS_NODISCARD qs_status qs_model_read_trusted(qs_model **out, qs_str bytes, qs_error *err);

/** Reads a model file of at most `max_bytes` (0: QS_MODEL_MAX_FILE). QS_EIO, QS_ELIMIT and as
 *  qs_model_read, with the path set. */
QS_NODISCARD qs_status qs_model_load(qs_model **out, const char *path, uint64_t max_bytes,
                                     qs_error *err);

#endif
