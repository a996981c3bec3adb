/* The heads section of a model file. SPDX-License-Identifier: MIT */
#ifndef QS_MODEL_BUNDLE_HEADS_H
#define QS_MODEL_BUNDLE_HEADS_H

#include "model/model.h"

/** Reads the heads into the model's arena and counts outputs and support vectors; `offset` is that of `bytes` in the
 *  file. QS_EMODEL, QS_ENOMEM. */
QS_NODISCARD qs_status qs_bundle_read_heads(qs_model *model, qs_str bytes, uint64_t offset,
                                            qs_error *err);

#endif
