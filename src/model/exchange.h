/* Vectors and models as the text that libsvm, liblinear and scikit-learn read, and back, safely.
 * SPDX-License-Identifier: MIT */
#ifndef QS_MODEL_EXCHANGE_H
#define QS_MODEL_EXCHANGE_H

#include "base/buf.h"
#include "model/learner.h"

/** Appends rows[0..count) as "label index:value ...", labels and indices from 1, values so that they read back to the
 *  same number. Rows grouped by ascending label make the solvers number labels as this program does. QS_ENOMEM. */
QS_NODISCARD qs_status qs_vectors_export(qs_buf *out, const qs_vectors *vectors, const uint32_t *rows,
                                         const uint32_t *labels, size_t count, qs_error *err);

/** Appends a head as the text model of svm-predict (one-vs-one) or liblinear-predict (one-vs-rest), labels
 *  1, 2, ... A linear head's weights stand as one support vector for each pair. QS_EUSAGE for
 *  a one-vs-rest head with a kernel; QS_ENOMEM. */
QS_NODISCARD qs_status qs_head_export(qs_buf *out, const qs_model *model, const qs_head *head,
                                      qs_error *err);

/** A model that came as text. Release with qs_imported_free. */
typedef struct qs_imported {
    qs_learned learned;         /**< label l is the text's label l + 1; support vectors are rows of `support` */
    qs_vectors support;         /**< for kernels */
    qs_learner_options options; /**< kernel, gamma, coef0, degree */
} qs_imported;

void qs_imported_free(qs_imported *imported);

/** Reads a text model of libsvm (C-SVC, nu-SVC; linear, polynomial, RBF) or liblinear (one-vs-rest) whose labels
 *  are 1..label_count and whose indices are within feature_count. Every line must be as the tools write
 *  it, the last newline too, which tells a file that was cut. QS_EMODEL with line; QS_ENOMEM. */
QS_NODISCARD qs_status qs_model_import(qs_imported *out, qs_str text, size_t label_count,
                                       size_t feature_count, qs_error *err);

/** *out [owned] is a copy of the model with the head of `replaced`'s name learned as imported: its labels and features stay,
 *  its calibration is gone (temperature 1). QS_EUSAGE, QS_ENOMEM. */
QS_NODISCARD qs_status qs_model_replace_head(qs_model **out, const qs_model *model, const qs_head *replaced,
                                             const qs_imported *imported, qs_error *err);

#endif
