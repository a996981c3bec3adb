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

/* --- gates ----------------------------------------------------------------------------------- */

/** Figures of an earlier run, read from its metrics JSON. Immutable. */
typedef struct qs_baseline qs_baseline;

/** Reads `path` (.gz and .zst too; at most 64 MiB). *out [owned] is NULL on failure. QS_EINPUT (not there, not
 *  readable, not a metrics JSON), QS_ENOMEM. */
QS_API QS_NODISCARD qs_status qs_baseline_read(qs_baseline **out, const char *path, qs_error *err);
/** NULL is fine. */
QS_API void qs_baseline_destroy(qs_baseline *baseline);
/** As qs_metrics_lookup; *value is NaN where the file says null. QS_EUSAGE if it does not say. Any thread. */
QS_API QS_NODISCARD qs_status qs_baseline_lookup(const qs_baseline *baseline, qs_str path, double *value,
                                                 qs_interval *interval, qs_error *err);

/** What became of a gate. */
typedef enum qs_gate_state {
    QS_GATE_MET,
    QS_GATE_MISSED,
    QS_GATE_ERROR /**< the metric is not there or has no value */
} qs_gate_state;

/** One gate after judging. */
typedef struct qs_gate {
    qs_str name;    /**< as the user wrote it; [borrowed: gates] */
    qs_str metric;  /**< path of the figure; [borrowed: gates] */
    qs_str message; /**< one line, for example "macro_f1 0.612 < 0.640 (95 % 0.588 to 0.635)" */
    qs_gate_state state;
    double value, limit; /**< NaN if not known */
    qs_interval interval;
} qs_gate;

/** Conditions that a run must meet. One thread at a time. */
typedef struct qs_gates qs_gates;

/** No gates. *out [owned] is NULL on failure. QS_ENOMEM. */
QS_API QS_NODISCARD qs_status qs_gates_create(qs_gates **out, qs_error *err);
/** NULL is fine. */
QS_API void qs_gates_destroy(qs_gates *gates);
/** Adds PATH OP NUMBER, OP one of >= > <= < == (spaces allowed). QS_EUSAGE, QS_ENOMEM. */
QS_API QS_NODISCARD qs_status qs_gates_require(qs_gates *gates, qs_str condition, qs_error *err);
/** Adds PATH=NUMBER: the figure may be at most so much worse than the baseline's. QS_EUSAGE, QS_ENOMEM. */
QS_API QS_NODISCARD qs_status qs_gates_max_drop(qs_gates *gates, qs_str condition, qs_error *err);
/** If not 0, a larger drop misses its gate only if it is also significant: the drop, over the standard error
 *  that the intervals of both runs tell (as if the rows were different ones), lies beyond the one-sided
 *  bound of the run's confidence. */
QS_API void qs_gates_only_significant(qs_gates *gates, int only);
/** Judges all. `baseline` may be NULL without drop gates. QS_OK: all met; QS_EGATE: some missed; QS_EUSAGE: some
 *  could not be judged (first reason in `err`); QS_ENOMEM. */
QS_API QS_NODISCARD qs_status qs_gates_judge(qs_gates *gates, const qs_metrics *metrics,
                                             const qs_baseline *baseline, qs_error *err);
/** Number of gates. */
QS_API size_t qs_gates_count(const qs_gates *gates);
/** One of them, after judging. [borrowed: gates] */
QS_API const qs_gate *qs_gates_get(const qs_gates *gates, size_t index);

/** Adds one line per gate. QS_ENOMEM. */
QS_API QS_NODISCARD qs_status qs_report_add_gates(qs_report *report, const qs_gates *gates, qs_error *err);

/* --- what CI systems read -------------------------------------------------------------------- */

/** Adds a JUnit XML document: a test suite with one test case per gate, figures as properties. `gates` may be
 *  NULL. QS_ENOMEM. */
QS_API QS_NODISCARD qs_status qs_report_add_junit(qs_report *report, const qs_metrics *metrics,
                                                  const qs_gates *gates, qs_error *err);
/** Adds a Markdown summary for a job page, under 900 KiB: what does not fit is left out and said so. `gates`,
 *  `baseline` may be NULL. QS_ENOMEM. */
QS_API QS_NODISCARD qs_status qs_report_add_markdown(qs_report *report, const qs_metrics *metrics,
                                                     const qs_gates *gates, const qs_baseline *baseline,
                                                     qs_error *err);
/** Adds a tree of numbers for `dvc metrics`. QS_ENOMEM. */
QS_API QS_NODISCARD qs_status qs_report_add_dvc(qs_report *report, const qs_metrics *metrics, qs_error *err);

/** The plots that DVC draws from CSV. */
typedef enum qs_plot { QS_PLOT_CONFUSION, QS_PLOT_ROC, QS_PLOT_PRECISION_RECALL, QS_PLOT_CALIBRATION } qs_plot;

/** Adds a plot's points as CSV with a header line; the heads one after another in a column `head`. QS_ENOMEM. */
QS_API QS_NODISCARD qs_status qs_report_add_plot(qs_report *report, const qs_metrics *metrics, qs_plot plot,
                                                 qs_error *err);

/** Adds one self-contained HTML page with figures, plots (SVG) and tables; no script, nothing from outside.
 *  `gates`, `baseline` may be NULL. QS_ENOMEM. */
QS_API QS_NODISCARD qs_status qs_report_add_html(qs_report *report, const qs_metrics *metrics,
                                                 const qs_gates *gates, const qs_baseline *baseline,
                                                 qs_error *err);

/** Adds a comparison as a table for people. QS_ENOMEM. */
QS_API QS_NODISCARD qs_status qs_report_add_comparison(qs_report *report, const qs_comparison *comparison,
                                                       qs_str a, qs_str b, qs_error *err);
/** Adds a comparison as one JSON document. QS_ENOMEM. */
QS_API QS_NODISCARD qs_status qs_report_add_comparison_json(qs_report *report, const qs_comparison *comparison,
                                                            qs_str a, qs_str b, qs_error *err);

#ifdef __cplusplus
}
#endif

#endif
