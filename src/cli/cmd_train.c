/* quotestance train: labelled texts to a model. SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "cli/shared.h"

typedef struct tuning {
    bool tune;
    uint64_t folds;
    const char *metric;
    double seconds;
    const char *log;
} tuning;

typedef struct train_arguments {
    cli_columns columns;
    tuning tuning;
    cli_work work;
    cli_training training;
} train_arguments;

static const cli_option tuning_options[] = {
    {"tune", 0, CLI_FLAG, offsetof(tuning, tune), NULL, NULL,
     "choose features, class weights and cost, of each head that is learnt apart, by cross-validation; every trial is told "
     "and kept in the model"},
    {"folds", 0, CLI_COUNT, offsetof(tuning, folds), "K", NULL, "folds of the cross-validation (default 5)"},
    {"metric", 0, CLI_TEXT, offsetof(tuning, metric), "NAME", "macro_f1|f_avg|accuracy",
     "what to choose by, of all heads pooled (default macro_f1)"},
    {"tune-seconds", 0, CLI_NUMBER, offsetof(tuning, seconds), "S", NULL,
     "begin no new round after so many seconds; the best so far is trained"},
    {"tune-log", 0, CLI_TEXT, offsetof(tuning, log), "FILE", NULL,
     "keep the trials in this file; a run that begins again makes none of them twice"},
    {0},
};

static const cli_group groups[] = {
    {"Tuning", tuning_options, offsetof(train_arguments, tuning)},
    {"Training", qs_cli_training_options, offsetof(train_arguments, training)},
    {"Input", qs_cli_column_options, offsetof(train_arguments, columns)},
    {"General", qs_cli_work_options, offsetof(train_arguments, work)},
};

static const train_arguments defaults = {
    .work = {.seed = 1}, .training = {.degree = 3, .class_weight = "balanced", .calibration_folds = 5, .share = 0.25}};

static int run(const void *options, const cli_list *inputs)
{
    const train_arguments *a = options;
    qs_train_options train;
    qs_classifier *classifier = NULL;
    qs_train_summary summary = {0};
    qs_error error = {0};
    if (a->work.output == NULL || inputs->count == 0) {
        cli_message("train needs -o MODEL and at least one corpus; see 'quotestance help train'");
        return 2;
    }
    qs_status status = cli_train_options(&train, &a->training, &a->columns, &a->work, &error);
    train.tune = a->tuning.tune;
    if (a->tuning.folds > 0)
        train.tune_folds = a->tuning.folds > 100 ? 100 : (uint32_t)a->tuning.folds;
    if (a->tuning.metric != NULL)
        train.tune_metric = a->tuning.metric;
    train.tune_seconds = a->tuning.seconds;
    train.tune_log = a->tuning.log;
    if (status == QS_OK)
        status = qs_train(&classifier, inputs->items, inputs->count, &train, &summary, &error);
    if (status == QS_OK)
        status = qs_classifier_save(classifier, a->work.output, &error);
    qs_classifier_close(classifier);
    if (status != QS_OK)
        return cli_fail(&error);
    if (!a->work.quiet)
        cli_message("%s: %zu rows, %zu n-grams weighed by %s, %zu head%s, trained by %s%s%s%s", a->work.output,
                    summary.rows, summary.features, summary.weights, summary.heads, summary.heads == 1 ? "" : "s",
                    summary.learner, summary.why == NULL ? "" : " (auto: ", summary.why == NULL ? "" : summary.why,
                    summary.why == NULL ? "" : ")");
    if (summary.rejected > 0) {
        cli_message("%zu rows were left out", summary.rejected);
        return qs_status_exit_code(QS_REJECTED);
    }
    return 0;
}

const cli_command qs_cli_train = {
    .name = "train",
    .summary = "labelled texts to a model",
    .synopsis = "-o MODEL [options] CORPUS...",
    .description = "Reads labelled texts, turns them into n-gram vectors, trains a support vector machine and writes "
                   "one model file that holds everything scoring needs. A corpus is TSV, CSV, JSON Lines or fastText "
                   "text; bad rows are reported by line and left out. The same data, options and seed give the same bytes.",
    .examples = "  quotestance train -o my.qsm corpus.tsv\n"
                "  quotestance train -o my.qsm --label-column stance --per-target tweets.csv\n",
    .groups = groups,
    .group_count = CLI_COUNT_OF(groups),
    .options_size = sizeof(train_arguments),
    .defaults = &defaults,
    .run = run,
};
