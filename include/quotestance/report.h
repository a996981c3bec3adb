/* Figures as text: table, JSON, and what CI systems and people read. SPDX-License-Identifier: MIT */
#ifndef QUOTESTANCE_REPORT_H
#define QUOTESTANCE_REPORT_H

#include "quotestance/evaluation.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A document being written. One thread at a time. */
typedef struct qs_report qs_report;

/** An empty document. *out [owned] is NULL on failure. QS_ENOMEM. */
QS_API QS_NODISCARD qs_status qs_report_create(qs_report **out, qs_error *err);
/** NULL is fine. */
QS_API void qs_report_destroy(qs_report *report);
/** The bytes so far. [borrowed: report], until the next addition. */
QS_API qs_str qs_report_text(const qs_report *report);
/** Writes the document whole to `path` ("-": standard output), or nothing. QS_EIO, QS_ENOMEM. */
QS_API QS_NODISCARD qs_status qs_report_save(const qs_report *report, const char *path, qs_error *err);

/** Adds tables for people, at most 80 columns wide. QS_ENOMEM. */
QS_API QS_NODISCARD qs_status qs_report_add_table(qs_report *report, const qs_metrics *metrics,
                                                  qs_error *err);

/** Adds the metrics as one JSON document. QS_ENOMEM. */
QS_API QS_NODISCARD qs_status qs_report_add_json(qs_report *report, const qs_metrics *metrics,
                                                 qs_error *err);

#ifdef __cplusplus
}
#endif

#endif
