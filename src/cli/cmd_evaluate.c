/* quotestance evaluate: a model, or cross-validation, against labelled rows. SPDX-License-Identifier: MIT */
#include <string.h>

#include "cli/evaluate_reports.h"
#include "quotestance/judged.h"
#include "quotestance/trial.h"

typedef struct evaluate_options {
    const char *model;
    uint64_t folds;
    const char *json;
    const char *predictions;
    const char *gold;
    const char *judged;
    const char *format;
    double abstain;
} evaluate_options;

typedef struct evaluate_arguments {
    cli_columns columns;
    cli_work work;
    cli_training training;
    evaluate_options evaluate;
    cli_report_options report;
} evaluate_arguments;

static const cli_option evaluate_table[] = {
    {"model", 'm', CLI_TEXT, offsetof(evaluate_options, model), "MODEL", NULL,
     "model to judge (default the bundled model)"},
    {"folds", 0, CLI_COUNT, offsetof(evaluate_options, folds), "K", NULL,
     "no model: cross-validation, each of K folds judged by a model trained on the others; equal texts stay in one fold"},
    {"json", 0, CLI_TEXT, offsetof(evaluate_options, json), "FILE", NULL, "metrics as JSON"},
    {"save-predictions", 0, CLI_TEXT, offsetof(evaluate_options, predictions), "FILE", NULL,
     "each row with its gold label and scores, as JSON Lines"},
    {"abstain", 0, CLI_NUMBER, offsetof(evaluate_options, abstain), "P", NULL,
     "give no label to what is less probable than P, which counts as wrong (default 0: label everything)"},
    {"gold", 0, CLI_TEXT, offsetof(evaluate_options, gold), "FILE", NULL,
     "no model: gold labels of any origin, joined with --predictions by id or order"},
    {"predictions", 0, CLI_TEXT, offsetof(evaluate_options, judged), "FILE", NULL,
     "no model: predicted labels of any origin (without --gold, with a field \"gold\")"},
    {"format", 0, CLI_TEXT, offsetof(evaluate_options, format), "FORMAT", "table|json",
     "what to print (default table)"},
    {0},
};

static const cli_group groups[] = {
    {"Evaluation", evaluate_table, offsetof(evaluate_arguments, evaluate)},
    {"Intervals, gates and reports", qs_cli_report_options, offsetof(evaluate_arguments, report)},
    {"Training, with --folds", qs_cli_training_options, offsetof(evaluate_arguments, training)},
    {"Input", qs_cli_column_options, offsetof(evaluate_arguments, columns)},
    {"General", qs_cli_work_options, offsetof(evaluate_arguments, work)},
};

static const evaluate_arguments defaults = {
    .work = {.seed = 1}, .training = {.degree = 3, .class_weight = "balanced", .calibration_folds = 5, .share = 0.25},
    .report = {.rounds = 1000, .confidence = 0.95, .worst = 20}};

static qs_status judge_files(qs_evaluation *evaluation, const evaluate_arguments *a, size_t *rejected,
                             qs_error *error)
{
    qs_judged_options options = {.group_column = a->training.group_column,
                                 .slices = a->report.by.items,
                                 .slice_count = a->report.by.count,
                                 .remark = a->work.quiet ? NULL : cli_remark};
    const qs_status status = cli_rows_options(&options.rows, &a->columns, error);
    return status != QS_OK ? status
                           : qs_judged_evaluate(evaluation, a->evaluate.gold, a->evaluate.judged, &options, rejected, error);
}

static qs_status judge(qs_evaluation *evaluation, const evaluate_arguments *a, const cli_list *inputs,
                       size_t *rejected, qs_error *error)
{
    qs_train_options train;
    qs_classifier *classifier = NULL;
    const qs_trial_options trial = {.train = &train, .abstain = a->evaluate.abstain, .folds = (uint32_t)a->evaluate.folds,
                                    .slices = a->report.by.items, .slice_count = a->report.by.count,
                                    .predictions = a->evaluate.predictions};
    qs_status status = cli_train_options(&train, &a->training, &a->columns, &a->work, error);
    if (a->work.quiet)
        train.remarks.line = NULL;
    if (status == QS_OK && a->evaluate.folds > 0)
        return qs_trial_folds(evaluation, inputs->items, inputs->count, &trial, rejected, error);
    if (status == QS_OK)
        status = cli_open_model(&classifier, a->evaluate.model, error);
    if (status == QS_OK)
        status = qs_trial_model(evaluation, classifier, inputs->items, inputs->count, &trial, rejected, error);
    qs_classifier_close(classifier);
    return status;
}

static qs_status create(qs_evaluation **evaluation, const evaluate_arguments *a, qs_error *error)
{
    qs_str columns[64];
    if (a->report.by.count > CLI_COUNT_OF(columns))
        return cli_usage(error, "at most 64 times --%s", "by");
    for (size_t i = 0; i < a->report.by.count; i++)
        columns[i] = qs_str_of(a->report.by.items[i]);
    return qs_evaluation_create(evaluation, columns, a->report.by.count, error);
}

static qs_status measure(qs_metrics **metrics, const evaluate_arguments *a, const cli_list *inputs, size_t *rejected,
                         qs_error *error)
{
    qs_evaluation *evaluation = NULL;
    qs_measure_options options = qs_measure_defaults();
    options.rounds = a->report.rounds;
    options.confidence = a->report.confidence;
    options.seed = a->work.seed;
    options.jobs = cli_jobs(&a->work);
    if (a->report.method != NULL && strcmp(a->report.method, "percentile") == 0)
        options.method = QS_INTERVAL_PERCENTILE;
    qs_status status = create(&evaluation, a, error);
    if (status == QS_OK)
        qs_evaluation_keep_worst(evaluation, (size_t)a->report.worst);
    if (status == QS_OK)
        status = a->evaluate.judged != NULL ? judge_files(evaluation, a, rejected, error)
                                            : judge(evaluation, a, inputs, rejected, error);
    if (status == QS_OK)
        status = qs_metrics_create(metrics, evaluation, &options, error);
    qs_evaluation_destroy(evaluation);
    return status;
}

static const char *misuse(const evaluate_arguments *a, const cli_list *inputs)
{
    if (a->evaluate.folds == 1 || a->evaluate.folds > 1000)
        return "--folds takes 2 to 1000";
    if (a->evaluate.gold != NULL && a->evaluate.judged == NULL)
        return "--gold needs --predictions";
    if (a->evaluate.judged != NULL && (inputs->count > 0 || a->evaluate.model != NULL || a->evaluate.folds > 0))
        return "--predictions takes neither a model nor a corpus";
    if (a->evaluate.judged == NULL && inputs->count == 0)
        return "evaluate needs a labelled corpus, or --gold and --predictions";
    if (a->report.max_drop.count > 0 && a->report.baseline == NULL)
        return "--max-drop needs --baseline";
    return NULL;
}

static int run(const void *options, const cli_list *inputs)
{
    const evaluate_arguments *a = options;
    qs_metrics *metrics = NULL;
    qs_gates *gates = NULL;
    qs_baseline *baseline = NULL;
    qs_error error = {0};
    size_t rejected = 0;
    if (misuse(a, inputs) != NULL) {
        cli_message("%s; see 'quotestance help evaluate'", misuse(a, inputs));
        return 2;
    }
    /* gates and baseline first: a slip there should not cost a training run */
    qs_status status = cli_make_gates(&gates, &a->report, &error);
    if (status == QS_OK && a->report.baseline != NULL)
        status = qs_baseline_read(&baseline, a->report.baseline, &error);
    if (status == QS_OK)
        status = measure(&metrics, a, inputs, &rejected, &error);
    if (status == QS_OK) {
        const cli_findings found = {metrics, gates, baseline};
        const cli_report_paths paths = {a->work.output,
                                        a->evaluate.format != NULL && strcmp(a->evaluate.format, "json") == 0,
                                        a->evaluate.json};
        const qs_status judged = qs_gates_judge(gates, metrics, baseline, &error);
        status = judged == QS_ENOMEM ? judged : QS_OK;
        if (status == QS_OK) {
            cli_tell_gates(gates, &a->report);
            status = cli_write_reports(&found, &a->report, &paths, &error); /* also when gates are missed: that is when they are read */
        }
        if (status == QS_OK)
            status = judged;
    }
    qs_metrics_destroy(metrics);
    qs_gates_destroy(gates);
    qs_baseline_destroy(baseline);
    if (rejected > 0)
        cli_message("%zu rows were left out", rejected);
    if (status == QS_EGATE)
        return qs_status_exit_code(QS_EGATE);
    if (status != QS_OK)
        return cli_fail(&error);
    return rejected > 0 ? qs_status_exit_code(QS_REJECTED) : 0;
}

const cli_command qs_cli_evaluate = {
    .name = "evaluate",
    .summary = "metrics of a model on labelled texts, or of cross-validation",
    .synopsis = "[-m MODEL | --folds K] [options] CORPUS...\n  quotestance evaluate [--gold FILE] --predictions FILE [options]",
    .description = "Compares predicted with gold labels and prints precision, recall, F1 and support of each label, macro F1, "
                   "F_avg(favor, against), accuracy and the confusion matrix, for each head and for all pooled.",
    .examples = "  quotestance evaluate -m my.qsm test.tsv --json metrics.json\n"
                "  quotestance evaluate --folds 5 --per-target corpus.tsv\n"
                "  quotestance evaluate --gold gold.tsv --predictions scored.jsonl --require 'macro_f1>=0.60' --junit gates.xml\n"
                "  quotestance evaluate test.tsv --baseline old.json --max-drop macro_f1=0.01 --significant\n",
    .groups = groups,
    .group_count = CLI_COUNT_OF(groups),
    .options_size = sizeof(evaluate_arguments),
    .defaults = &defaults,
    .run = run,
};
