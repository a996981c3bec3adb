/* What evaluate writes: tables, reports, gates. SPDX-License-Identifier: MIT */
#ifndef QS_CLI_EVALUATE_REPORTS_H
#define QS_CLI_EVALUATE_REPORTS_H

#include "cli/shared.h"
#include "quotestance/report.h"

/** Options of intervals, gates and reports. */
typedef struct cli_report_options {
    cli_list by;
    uint64_t rounds;
    double confidence;
    const char *method;
    cli_list require;
    const char *baseline;
    cli_list max_drop;
    bool significant;
    const char *junit;
    const char *markdown;
    const char *html;
    const char *dvc;
    const char *plots;
    uint64_t worst;
    const char *annotations;
} cli_report_options;
extern const cli_option qs_cli_report_options[];

/** Where the main output goes, and the JSON. */
typedef struct cli_report_paths {
    const char *output; /**< NULL: standard output */
    bool json_output;   /**< it is JSON, not a table */
    const char *json;   /**< file, or NULL */
} cli_report_paths;

/** The gates that the options name. *gates [owned], also on failure. QS_EUSAGE, QS_ENOMEM. */
qs_status cli_make_gates(qs_gates **gates, const cli_report_options *options, qs_error *error);

/** One message for each gate, and annotations if asked for. */
void cli_tell_gates(const qs_gates *gates, const cli_report_options *options);

/** What the reports are made of; gates and baseline may be NULL. */
typedef struct cli_findings {
    const qs_metrics *metrics;
    const qs_gates *gates;
    const qs_baseline *baseline;
} cli_findings;

/** Writes everything that was asked for. QS_EIO, QS_EUSAGE, QS_ENOMEM. */
qs_status cli_write_reports(const cli_findings *found, const cli_report_options *options, const cli_report_paths *paths,
                            qs_error *error);

#endif
