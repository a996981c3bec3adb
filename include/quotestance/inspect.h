/* Looking into models, and taking them to other tools. SPDX-License-Identifier: MIT */
#ifndef QUOTESTANCE_INSPECT_H
#define QUOTESTANCE_INSPECT_H

#include "quotestance/classifier.h"
#include "quotestance/report.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Writes what a model is, for people: heads, labels, n-gram settings, provenance, and for each label of a linear head the `top`
 *  n-grams that speak most for it (if the model keeps readable n-grams). `path` "-" or NULL: standard output.
 *  QS_EIO, QS_ENOMEM. Any thread. */
QS_API QS_NODISCARD qs_status qs_inspect_info(const qs_classifier *classifier, size_t top,
                                              const char *path, qs_error *err);

/** Writes a head as the text model that svm-predict (libsvm heads) or liblinear-predict (liblinear heads) reads; labels are
 *  1, 2, ... in byte order. `head` NULL: the only head. QS_EUSAGE (no such head, or a kernel that the
 *  format cannot hold), QS_EIO, QS_ENOMEM. Any thread. */
QS_API QS_NODISCARD qs_status qs_inspect_export_head(const qs_classifier *classifier, const char *head,
                                                     const char *path, qs_error *err);

/** Writes the vectors of labelled corpora as `label index:value ...` lines for svm-train, liblinear-train and scikit-learn: the rows of
 *  one head (per-target models: of its target) in ascending order of label, then as read. `options` says how
 *  to read (rows, heads, remarks). QS_EUSAGE, QS_EINPUT, QS_EIO, QS_ENOMEM. */
QS_API QS_NODISCARD qs_status qs_inspect_export_vectors(const qs_classifier *classifier, const char *head,
                                                        const char *const *paths, size_t path_count,
                                                        const qs_train_options *options, const char *path,
                                                        qs_error *err);

/** What a model card says beside what the model knows of itself; all may be NULL. */
typedef struct qs_card_options {
    const char *name;           /**< of the model */
    const char *licence;        /**< such as "mit" */
    const char *dataset;        /**< what the figures were measured on */
    const qs_baseline *metrics; /**< the figures */
} qs_card_options;

/** Adds a model card: Markdown with the YAML head that model hubs read. QS_ENOMEM. */
QS_API QS_NODISCARD qs_status qs_report_add_card(qs_report *report, const qs_classifier *classifier,
                                                 const qs_card_options *options, qs_error *err);

/** The way back of qs_inspect_export_head: *out [owned] is the model with one head as svm-train or liblinear-train made it from the
 *  exported vectors. The text, which may come from a stranger, is checked whole; labels must be 1, 2, ... in byte order of the head's, indices
 *  n-grams of the model. The head's probabilities are not calibrated any more. *out NULL on failure: QS_EMODEL with line, QS_EUSAGE,
 *  QS_EIO, QS_ENOMEM. Any thread. */
QS_API QS_NODISCARD qs_status qs_inspect_import_head(qs_classifier **out, const qs_classifier *classifier,
                                                     const char *head, const char *path, qs_error *err);

/** Writes what changed from one model to the other, for people: settings, provenance, heads, n-grams, and for each label of linear heads
 *  how alike the weights are and the `top` n-grams whose weights moved most. *same (may be NULL): nothing changed. QS_EIO, QS_ENOMEM.
 *  Any thread. */
QS_API QS_NODISCARD qs_status qs_inspect_diff(const qs_classifier *first, const qs_classifier *second, size_t top,
                                              const char *path, bool *same, qs_error *err);

#ifdef __cplusplus
}
#endif

#endif
