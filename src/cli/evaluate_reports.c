/* What evaluate writes: tables, reports, gates. SPDX-License-Identifier: MIT */
#include "cli/evaluate_reports.h"

#include <stdio.h>

#define ANNOTATIONS_MAX 10 /* as many as GitHub shows of one step */

const cli_option qs_cli_report_options[] = {
    {"bootstrap", 0, CLI_COUNT, offsetof(cli_report_options, rounds), "N", NULL,
     "rounds of resampling for intervals; rows of one --group-column value stay together (default 1000, 0 for none)"},
    {"confidence", 0, CLI_NUMBER, offsetof(cli_report_options, confidence), "P", NULL,
     "confidence of the intervals (default 0.95)"},
    {"interval", 0, CLI_TEXT, offsetof(cli_report_options, method), "METHOD", "bca|percentile",
     "how intervals are made (default bca)"},
    {"by", 0, CLI_LIST, offsetof(cli_report_options, by), "COLUMN", NULL,
     "figures for each value of a column of the gold labels' file too, such as target; repeatable"},
    {"require", 0, CLI_LIST, offsetof(cli_report_options, require), "CONDITION", NULL,
     "a gate such as 'macro_f1>=0.60', 'favor.f1>=0.5' or 'HEAD.accuracy>0.7'; repeatable"},
    {"baseline", 0, CLI_TEXT, offsetof(cli_report_options, baseline), "FILE", NULL,
     "metrics JSON of an earlier run, for --max-drop and for the reports"},
    {"max-drop", 0, CLI_LIST, offsetof(cli_report_options, max_drop), "METRIC=X", NULL,
     "a gate: at most so much worse than the baseline; repeatable"},
    {"significant", 0, CLI_FLAG, offsetof(cli_report_options, significant), NULL, NULL,
     "a drop misses its gate only if it is significant too"},
    {"annotations", 0, CLI_TEXT, offsetof(cli_report_options, annotations), "SYSTEM", "github",
     "gates that are not met also as annotations in the log of a CI job (at most 10)"},
    {"junit", 0, CLI_TEXT, offsetof(cli_report_options, junit), "FILE", NULL, "gates as JUnit XML"},
    {"markdown", 0, CLI_TEXT, offsetof(cli_report_options, markdown), "FILE", NULL, "summary for the page of a CI job"},
    {"html", 0, CLI_TEXT, offsetof(cli_report_options, html), "FILE", NULL, "one page with figures and plots"},
    {"worst", 0, CLI_COUNT, offsetof(cli_report_options, worst), "N", NULL,
     "wrong rows in the JSON and on the page, the surest first (default 20)"},
    {"dvc", 0, CLI_TEXT, offsetof(cli_report_options, dvc), "FILE", NULL, "a tree of numbers for dvc metrics"},
    {"plots", 0, CLI_TEXT, offsetof(cli_report_options, plots), "PREFIX", NULL,
     "points of curves for dvc plots: PREFIXconfusion.csv, roc.csv, pr.csv, calibration.csv"},
    {0},
};

typedef qs_status (*report_writer)(qs_report *report, const cli_findings *found, qs_error *error);

static qs_status write_table(qs_report *report, const cli_findings *found, qs_error *error)
{
    return qs_report_add_table(report, found->metrics, error);
}

static qs_status write_json(qs_report *report, const cli_findings *found, qs_error *error)
{
    return qs_report_add_json(report, found->metrics, error);
}

static qs_status write_junit(qs_report *report, const cli_findings *found, qs_error *error)
{
    return qs_report_add_junit(report, found->metrics, found->gates, error);
}

static qs_status write_markdown(qs_report *report, const cli_findings *found, qs_error *error)
{
    return qs_report_add_markdown(report, found->metrics, found->gates, found->baseline, error);
}

static qs_status write_dvc(qs_report *report, const cli_findings *found, qs_error *error)
{
    return qs_report_add_dvc(report, found->metrics, error);
}

static qs_status write_html(qs_report *report, const cli_findings *found, qs_error *error)
{
    return qs_report_add_html(report, found->metrics, found->gates, found->baseline, error);
}

static qs_status save(report_writer writer, const cli_findings *found, const char *path, qs_error *error)
{
    qs_report *report = NULL;
    if (path == NULL)
        return QS_OK;
    qs_status status = qs_report_create(&report, error);
    if (status == QS_OK)
        status = writer(report, found, error);
    if (status == QS_OK)
        status = qs_report_save(report, path, error);
    qs_report_destroy(report);
    return status;
}

static qs_status save_plots(const qs_metrics *metrics, const char *prefix, qs_error *error)
{
    static const char *const names[] = {"confusion.csv", "roc.csv", "pr.csv", "calibration.csv"};
    qs_status status = QS_OK;
    for (int i = 0; i < 4 && prefix != NULL && status == QS_OK; i++) {
        char path[4096];
        qs_report *report = NULL;
        if ((size_t)snprintf(path, sizeof path, "%s%s", prefix, names[i]) >= sizeof path)
            return cli_usage(error, "the path \"%s\" is too long", prefix);
        status = qs_report_create(&report, error);
        if (status == QS_OK)
            status = qs_report_add_plot(report, metrics, (qs_plot)i, error);
        if (status == QS_OK)
            status = qs_report_save(report, path, error);
        qs_report_destroy(report);
    }
    return status;
}

qs_status cli_write_reports(const cli_findings *found, const cli_report_options *options, const cli_report_paths *paths,
                            qs_error *error)
{
    const struct {
        report_writer writer;
        const char *path;
    } outputs[] = {
        {paths->json_output ? write_json : write_table, paths->output == NULL ? "-" : paths->output},
        {write_json, paths->json},         {write_junit, options->junit}, {write_markdown, options->markdown},
        {write_html, options->html},       {write_dvc, options->dvc},
    };
    qs_status status = QS_OK;
    for (size_t i = 0; i < CLI_COUNT_OF(outputs) && status == QS_OK; i++)
        status = save(outputs[i].writer, found, outputs[i].path, error);
    return status == QS_OK ? save_plots(found->metrics, options->plots, error) : status;
}

qs_status cli_make_gates(qs_gates **gates, const cli_report_options *options, qs_error *error)
{
    qs_status status = qs_gates_create(gates, error);
    for (size_t i = 0; i < options->require.count && status == QS_OK; i++)
        status = qs_gates_require(*gates, qs_str_of(options->require.items[i]), error);
    for (size_t i = 0; i < options->max_drop.count && status == QS_OK; i++)
        status = qs_gates_max_drop(*gates, qs_str_of(options->max_drop.items[i]), error);
    if (status == QS_OK)
        qs_gates_only_significant(*gates, options->significant);
    return status;
}

/* One line of a log that GitHub turns into an annotation; in messages % and line ends have other meanings. */
static void annotate(const qs_gate *gate)
{
    fputs("::error title=quotestance gate::", stderr);
    for (size_t i = 0; i < gate->message.len; i++) {
        const char c = gate->message.ptr[i];
        if (c == '%')
            fputs("%25", stderr);
        else
            fputc((unsigned char)c < 0x20 || c == 0x7F ? ' ' : c, stderr);
    }
    fputc('\n', stderr);
}

void cli_tell_gates(const qs_gates *gates, const cli_report_options *options)
{
    static const char *const words[] = {"met", "not met", "error"};
    int annotated = 0;
    for (size_t i = 0; i < qs_gates_count(gates); i++) {
        const qs_gate *gate = qs_gates_get(gates, i);
        cli_message("gate %s: %.*s", words[gate->state], (int)gate->message.len, gate->message.ptr);
        if (options->annotations != NULL && gate->state != QS_GATE_MET && annotated++ < ANNOTATIONS_MAX)
            annotate(gate);
    }
}
