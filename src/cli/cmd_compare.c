/* quotestance compare: two sets of predictions on the same items. SPDX-License-Identifier: MIT */
#include <string.h>

#include "cli/shared.h"
#include "quotestance/judged.h"
#include "quotestance/report.h"

typedef struct compare_options {
    const char *gold;
    const char *group;
    const char *format;
    const char *json;
    uint64_t rounds;
    double confidence;
} compare_options;

typedef struct compare_arguments {
    cli_columns columns;
    cli_work work;
    compare_options compare;
} compare_arguments;

static const cli_option compare_table[] = {
    {"gold", 0, CLI_TEXT, offsetof(compare_options, gold), "FILE", NULL,
     "gold labels (default the field \"gold\" of the first file)"},
    {"group-column", 0, CLI_TEXT, offsetof(compare_options, group), "NAME", NULL,
     "column of articles or the like: rows of one value are resampled together"},
    {"bootstrap", 0, CLI_COUNT, offsetof(compare_options, rounds), "N", NULL, "rounds of resampling (default 2000)"},
    {"confidence", 0, CLI_NUMBER, offsetof(compare_options, confidence), "P", NULL,
     "confidence of the intervals (default 0.95)"},
    {"format", 0, CLI_TEXT, offsetof(compare_options, format), "FORMAT", "table|json", "what to print (default table)"},
    {"json", 0, CLI_TEXT, offsetof(compare_options, json), "FILE", NULL, "also write the comparison as JSON"},
    {0},
};

static const cli_group groups[] = {
    {"Comparison", compare_table, offsetof(compare_arguments, compare)},
    {"Input", qs_cli_column_options, offsetof(compare_arguments, columns)},
    {"General", qs_cli_work_options, offsetof(compare_arguments, work)},
};

static const compare_arguments defaults = {.work = {.seed = 1}, .compare = {.rounds = 2000, .confidence = 0.95}};

static qs_status write_report(const qs_comparison *comparison, const cli_list *inputs, const char *path, int json,
                              qs_error *error)
{
    qs_report *report = NULL;
    const qs_str a = qs_str_of(inputs->items[0]), b = qs_str_of(inputs->items[1]);
    qs_status status = qs_report_create(&report, error);
    if (status == QS_OK)
        status = json ? qs_report_add_comparison_json(report, comparison, a, b, error)
                      : qs_report_add_comparison(report, comparison, a, b, error);
    if (status == QS_OK)
        status = qs_report_save(report, path, error);
    qs_report_destroy(report);
    return status;
}

static qs_status compare(qs_comparison *comparison, const compare_arguments *a, const cli_list *inputs,
                         size_t *rejected, qs_error *error)
{
    qs_measure_options measure = qs_measure_defaults();
    qs_judged_options options = {.group_column = a->compare.group, .remark = a->work.quiet ? NULL : cli_remark};
    measure.rounds = a->compare.rounds;
    measure.confidence = a->compare.confidence;
    measure.seed = a->work.seed;
    measure.jobs = cli_jobs(&a->work);
    qs_status status = cli_rows_options(&options.rows, &a->columns, error);
    if (status == QS_OK)
        status = qs_judged_compare(comparison, a->compare.gold, inputs->items[0], inputs->items[1], &options, rejected,
                                   error);
    return status == QS_OK ? qs_comparison_run(comparison, &measure, error) : status;
}

static int run(const void *options, const cli_list *inputs)
{
    const compare_arguments *a = options;
    qs_comparison *comparison = NULL;
    qs_error error = {0};
    size_t rejected = 0;
    const int json = a->compare.format != NULL && strcmp(a->compare.format, "json") == 0;
    if (inputs->count != 2) {
        cli_message("compare takes two files of predictions; see 'quotestance help compare'");
        return 2;
    }
    qs_status status = qs_comparison_create(&comparison, &error);
    if (status == QS_OK)
        status = compare(comparison, a, inputs, &rejected, &error);
    if (status == QS_OK)
        status = write_report(comparison, inputs, a->work.output == NULL ? "-" : a->work.output, json, &error);
    if (status == QS_OK && a->compare.json != NULL)
        status = write_report(comparison, inputs, a->compare.json, 1, &error);
    qs_comparison_destroy(comparison);
    if (status != QS_OK)
        return cli_fail(&error);
    if (rejected > 0)
        cli_message("%zu rows were left out", rejected);
    return rejected > 0 ? qs_status_exit_code(QS_REJECTED) : 0;
}

const cli_command qs_cli_compare = {
    .name = "compare",
    .summary = "two sets of predictions on the same items: paired tests",
    .synopsis = "[--gold FILE] [options] A B",
    .description = "Joins both files with the gold labels item by item and asks whether B differs from A by more than chance: McNemar "
                   "(exact and mid-p) for being right, a paired bootstrap for each metric, and Holm's correction over the heads.",
    .examples = "  quotestance compare --gold test.tsv old.jsonl new.jsonl\n",
    .groups = groups,
    .group_count = CLI_COUNT_OF(groups),
    .options_size = sizeof(compare_arguments),
    .defaults = &defaults,
    .run = run,
};
