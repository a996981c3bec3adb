/* quotestance model: look into a model, check it, take it to other tools. SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "cli/shared.h"
#include "quotestance/inspect.h"

typedef struct model_options {
    uint64_t top;
    const char *head;
    cli_list vectors;
    const char *text;
    const char *metrics;
    const char *name;
    const char *licence;
    const char *dataset;
} model_options;

typedef struct model_arguments {
    cli_columns columns;
    cli_work work;
    model_options model;
} model_arguments;

static const cli_option model_table[] = {
    {"top", 0, CLI_COUNT, offsetof(model_options, top), "N", NULL,
     "info, diff: n-grams shown for each label (default 10)"},
    {"head", 0, CLI_TEXT, offsetof(model_options, head), "NAME", NULL,
     "export, import: which head (default the only one)"},
    {"vectors", 0, CLI_LIST, offsetof(model_options, vectors), "CORPUS", NULL,
     "export: instead of the head, the vectors of this labelled corpus; repeatable"},
    {"text", 0, CLI_TEXT, offsetof(model_options, text), "FILE", NULL,
     "import: the text model that svm-train or liblinear-train made from exported vectors"},
    {"metrics", 0, CLI_TEXT, offsetof(model_options, metrics), "FILE", NULL, "card: metrics JSON of evaluate"},
    {"name", 0, CLI_TEXT, offsetof(model_options, name), "NAME", NULL, "card: what the model is called (default its file)"},
    {"licence", 0, CLI_TEXT, offsetof(model_options, licence), "NAME", NULL, "card: licence, such as mit"},
    {"dataset", 0, CLI_TEXT, offsetof(model_options, dataset), "NAME", NULL, "card: what the metrics were measured on"},
    {0},
};

static const cli_group groups[] = {
    {"Model", model_table, offsetof(model_arguments, model)},
    {"Input, with --vectors", qs_cli_column_options, offsetof(model_arguments, columns)},
    {"General", qs_cli_work_options, offsetof(model_arguments, work)},
};

static const model_arguments defaults = {.work = {.seed = 1}, .model = {.top = 10}};

static qs_status export(const qs_classifier *classifier, const model_arguments *a, qs_error *error)
{
    qs_train_options train = qs_train_options_default();
    if (a->model.vectors.count == 0)
        return qs_inspect_export_head(classifier, a->model.head, a->work.output, error);
    const qs_status status = cli_rows_options(&train.rows, &a->columns, error);
    if (status != QS_OK)
        return status;
    train.jobs = cli_jobs(&a->work);
    if (!a->work.quiet)
        train.remarks.line = cli_remark;
    return qs_inspect_export_vectors(classifier, a->model.head, a->model.vectors.items,
                                     a->model.vectors.count, &train, a->work.output, error);
}

static qs_status write_card(const qs_classifier *classifier, const model_arguments *a, const char *path, qs_error *error)
{
    qs_baseline *metrics = NULL;
    qs_report *report = NULL;
    const char *slash = path == NULL ? NULL : strrchr(path, '/');
    qs_card_options options = {a->model.name, a->model.licence, a->model.dataset, NULL};
    if (options.name == NULL)
        options.name = path == NULL ? "bundled model" : slash == NULL ? path : slash + 1;
    qs_status status = a->model.metrics == NULL ? QS_OK : qs_baseline_read(&metrics, a->model.metrics, error);
    options.metrics = metrics;
    if (status == QS_OK)
        status = qs_report_create(&report, error);
    if (status == QS_OK)
        status = qs_report_add_card(report, classifier, &options, error);
    if (status == QS_OK)
        status = qs_report_save(report, a->work.output == NULL ? "-" : a->work.output, error);
    qs_report_destroy(report);
    qs_baseline_destroy(metrics);
    return status;
}

/* What the model files are for: all actions take one, diff takes two. */
typedef struct model_files {
    const char *first;  /* NULL: the bundled one */
    const char *second;
} model_files;

static qs_status verify(const qs_classifier *classifier, const model_files *files)
{
    cli_say("%s: sound; %zu n-grams, %zu heads", files->first != NULL ? files->first : "bundled model",
           qs_classifier_feature_count(classifier), qs_classifier_head_count(classifier));
    return QS_OK;
}

static qs_status import(const qs_classifier *classifier, const model_arguments *a, qs_error *error)
{
    qs_classifier *imported = NULL;
    qs_status status = qs_inspect_import_head(&imported, classifier, a->model.head, a->model.text, error);
    if (status == QS_OK)
        status = qs_classifier_save(imported, a->work.output, error);
    qs_classifier_close(imported);
    return status;
}

static qs_status diff(const qs_classifier *classifier, const model_files *files, const model_arguments *a,
                      qs_error *error)
{
    qs_classifier *second = NULL;
    qs_status status = qs_classifier_open(&second, files->second, error);
    if (status == QS_OK)
        status = qs_inspect_diff(classifier, second, (size_t)a->model.top, a->work.output, NULL, error);
    qs_classifier_close(second);
    return status;
}

static qs_status act(const char *action, const qs_classifier *classifier, const model_files *files,
                     const model_arguments *a, qs_error *error)
{
    if (strcmp(action, "info") == 0)
        return qs_inspect_info(classifier, (size_t)a->model.top, a->work.output, error);
    if (strcmp(action, "export") == 0)
        return export(classifier, a, error);
    if (strcmp(action, "import") == 0)
        return import(classifier, a, error);
    if (strcmp(action, "diff") == 0)
        return diff(classifier, files, a, error);
    if (strcmp(action, "card") == 0)
        return write_card(classifier, a, files->first, error);
    return a->work.quiet ? QS_OK : verify(classifier, files);
}

/* What is wrong with the call, or NULL. */
static const char *complaint(const char *action, const cli_list *inputs, const model_arguments *a)
{
    static const char *const actions[] = {"info", "verify", "export", "import", "card", "diff"};
    bool known = false;
    for (size_t i = 0; i < CLI_COUNT_OF(actions); i++)
        known = known || strcmp(action, actions[i]) == 0;
    if (!known)
        return "model takes info, verify, export, import, card or diff";
    if (strcmp(action, "diff") == 0)
        return inputs->count == 3 ? NULL : "model diff takes two model files";
    if (strcmp(action, "import") == 0 && (a->model.text == NULL || a->work.output == NULL))
        return "model import takes --text FILE, -o MODEL and the model that the vectors were exported with";
    if (strcmp(action, "verify") == 0 && a->work.output != NULL)
        return "model verify writes no file";
    return inputs->count > 2 ? "name one model file" : NULL;
}

static int run(const void *options, const cli_list *inputs)
{
    const model_arguments *a = options;
    qs_classifier *classifier = NULL;
    qs_error error = {0};
    const char *action = inputs->count > 0 ? inputs->items[0] : "";
    const model_files files = {inputs->count > 1 ? inputs->items[1] : NULL, inputs->count > 2 ? inputs->items[2] : NULL};
    const char *wrong = complaint(action, inputs, a);
    if (wrong != NULL) {
        cli_message("%s; see 'quotestance help model'", wrong);
        return 2;
    }
    qs_status status = cli_open_model(&classifier, files.first, &error);
    if (status == QS_OK)
        status = act(action, classifier, &files, a, &error);
    qs_classifier_close(classifier);
    return status == QS_OK ? 0 : cli_fail(&error);
}

const cli_command qs_cli_model = {
    .name = "model",
    .summary = "look into a model, check it, take it to other tools",
    .synopsis = "info|verify|export|import|card|diff [options] [MODEL...]",
    .description = "info: heads, labels, settings, provenance and the n-grams that speak most for each label. "
                   "verify: every check that loading makes, and nothing else. "
                   "export: a head as a text model for svm-predict or liblinear-predict, or the vectors of a corpus "
                   "for svm-train and liblinear-train. "
                   "import: a model with one head as these tools trained it. "
                   "diff: what changed from one model to another. "
                   "card: a model card in Markdown, with the figures of a metrics JSON. Without MODEL: the bundled one.",
    .examples = "  quotestance model info my.qsm\n"
                "  quotestance model export --head Atheism --vectors tweets.tsv -o atheism.svm my.qsm\n"
                "  quotestance model import --text atheism.model --head Atheism -o back.qsm my.qsm\n"
                "  quotestance model diff old.qsm new.qsm\n"
                "  quotestance model card --metrics metrics.json --dataset test.tsv -o README.md my.qsm\n",
    .groups = groups,
    .group_count = CLI_COUNT_OF(groups),
    .options_size = sizeof(model_arguments),
    .defaults = &defaults,
    .run = run,
};
