/* Training options by name, for bindings and settings files. SPDX-License-Identifier: MIT */
#ifndef QUOTESTANCE_SETTINGS_H
#define QUOTESTANCE_SETTINGS_H

#include "quotestance/classifier.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Sets one option by the name it has in qs_train_options, such as "c", "word_max" or "tune"; also "word_ngrams" and
 *  "char_ngrams" ("1-3", "2" or "none"), "format", "encoding", and "text_column", "label_column", "target_column", "id_column",
 *  "context_column" of options->rows. Truth values are "true" and "false". Text is [borrowed: `value`, while the options are in use].
 *  QS_EUSAGE: no such name, or a value that does not fit. Any thread. */
QS_API QS_NODISCARD qs_status qs_train_options_set(qs_train_options *options, const char *name,
                                                   const char *value, qs_error *err);

/** qs_train with the default options changed by settings[0..setting_count), "NAME=VALUE" each: no struct has to be known. `heads` as
 *  qs_train_options.heads. Statuses as qs_train and qs_train_options_set. */
QS_API QS_NODISCARD qs_status qs_train_with(qs_classifier **out, const char *const *paths, size_t path_count,
                                            const char *const *heads, size_t head_count,
                                            const char *const *settings, size_t setting_count,
                                            qs_train_summary *summary, qs_error *err);

#ifdef __cplusplus
}
#endif

#endif
