/* quotestance evaluate: a model, or cross-validation, against labelled rows. SPDX-License-Identifier: MIT */
#include <string.h>

#include "cli/shared.h"
#include "quotestance/report.h"
#include "quotestance/trial.h"

typedef struct evaluate_options {
    const char *model;
    uint64_t folds;
    const char *json;
    const char *predictions;
} evaluate_options;

typedef struct evaluate_arguments {
    cli_columns columns;
    cli_work work;
    cli_training training;
    evaluate_options evaluate;
} evaluate_arguments;

static const cli_option evaluate_table[] = {
    {"model", 'm', CLI_TEXT, offsetof(evaluate_options, model), "MODEL", NULL,
     "model to judge (default the bundled model)"},
    {"folds", 0, CLI_COUNT, offsetof(evaluate_options, folds), "K", NULL,
     "no model: cross-validation, each of K folds judged by a model trained on the others"},
    {"json", 0, CLI_TEXT, offsetof(evaluate_options, json), "FILE", NULL, "metrics as JSON"},
    {"save-predictions", 0, CLI_TEXT, offsetof(evaluate_options, predictions), "FILE", NULL,
     "each row with its gold label and scores, as JSON Lines"},
    {0},
};

static const cli_group groups[] = {
    {"Evaluation", evaluate_table, offsetof(evaluate_arguments, evaluate)},
    {"Training, with --folds", qs_cli_training_options, offsetof(evaluate_arguments, training)},
    {"Input", qs_cli_column_options, offsetof(evaluate_arguments, columns)},
    {"General", qs_cli_work_options, offsetof(evaluate_arguments, work)},
};

static const evaluate_arguments defaults = {
    .work = {.seed = 1}, .training = {.c = 1, .degree = 3, .class_weight = "balanced", .calibration_folds = 5}};

static qs_status write_reports(const qs_metrics *metrics, const evaluate_arguments *a, qs_error *error)
{
    qs_report *table = NULL;
    qs_report *json = NULL;
    qs_status status = qs_report_create(&table, error);
    if (status == QS_OK)
        status = qs_report_create(&json, error);
    if (status == QS_OK)
        status = qs_report_add_table(table, metrics, error);
    if (status == QS_OK)
        status = qs_report_save(table, a->work.output == NULL ? "-" : a->work.output, error);
    if (status == QS_OK && a->evaluate.json != NULL)
        status = qs_report_add_json(json, metrics, error);
    if (status == QS_OK && a->evaluate.json != NULL)
        status = qs_report_save(json, a->evaluate.json, error);
    qs_report_destroy(table);
    qs_report_destroy(json);
    return status;
}

static qs_status judge(qs_evaluation *evaluation, const evaluate_arguments *a, const cli_list *inputs,
                       size_t *rejected, qs_error *error)
{
    qs_train_options train;
    qs_classifier *classifier = NULL;
    const qs_trial_options trial = {&train, (uint32_t)a->evaluate.folds, a->evaluate.predictions};
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

static int run(const void *options, const cli_list *inputs)
{
    const evaluate_arguments *a = options;
    qs_evaluation *evaluation = NULL;
    qs_metrics *metrics = NULL;
    qs_error error = {0};
    size_t rejected = 0;
    if (inputs->count == 0 || a->evaluate.folds == 1 || a->evaluate.folds > 1000) {
        cli_message("evaluate needs a labelled corpus (and --folds between 2 and 1000, if any); see 'quotestance help evaluate'");
        return 2;
    }
    qs_status status = qs_evaluation_create(&evaluation, NULL, 0, &error);
    if (status == QS_OK)
        status = judge(evaluation, a, inputs, &rejected, &error);
    if (status == QS_OK)
        status = qs_metrics_create(&metrics, evaluation, NULL, &error);
    if (status == QS_OK)
        status = write_reports(metrics, a, &error);
    qs_metrics_destroy(metrics);
    qs_evaluation_destroy(evaluation);
    if (status != QS_OK)
        return cli_fail(&error);
    if (rejected > 0)
        cli_message("%zu rows were left out", rejected);
    return rejected > 0 ? qs_status_exit_code(QS_REJECTED) : 0;
}

const cli_command qs_cli_evaluate = {
    .name = "evaluate",
    .summary = "metrics of a model on labelled texts, or of cross-validation",
    .synopsis = "[-m MODEL | --folds K] [options] CORPUS...",
    .description = "Compares predicted with gold labels and prints precision, recall, F1 and support of each label, macro F1, "
                   "F_avg(favor, against), accuracy and the confusion matrix, for each head and for all pooled.",
    .examples = "  quotestance evaluate -m my.qsm test.tsv --json metrics.json\n"
                "  quotestance evaluate --folds 5 --per-target corpus.tsv\n",
    .groups = groups,
    .group_count = CLI_COUNT_OF(groups),
    .options_size = sizeof(evaluate_arguments),
    .defaults = &defaults,
    .run = run,
};
