/* quotestance predict, explain and extract: articles to quotes, with scores, with reasons, or without. SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/progress.h"
#include "cli/shared.h"
#include "quotestance/shard.h"

#define NO_INDEX UINT64_MAX

typedef struct predict_options {
    const char *model;
    bool lines;
    const char *format;
    const char *html;
    const char *brat;
    const char *on_error;
    uint64_t max_errors;
    bool no_indirect;
    bool all_marks;
    bool resume;
    uint64_t top;
    double abstain;
} predict_options;

/* A worker's part of a batch. */
typedef struct shard_options {
    const char *manifest;
    uint64_t index;
} shard_options;

typedef struct predict_arguments {
    cli_columns columns;
    cli_work work;
    predict_options predict;
    shard_options shard;
} predict_arguments;

static const predict_arguments defaults = {.shard = {.index = NO_INDEX}};
#define MODEL_OPTIONS                                                                               \
    {"model", 'm', CLI_TEXT, offsetof(predict_options, model), "MODEL", NULL,                        \
     "model file (default the bundled model of stance toward negotiations)"},                        \
    {"abstain", 0, CLI_NUMBER, offsetof(predict_options, abstain), "P", NULL,                         \
     "give no label to what is less probable than P (default 0: label everything)"},                 \
    {"lines", 0, CLI_FLAG, offsetof(predict_options, lines), NULL, NULL,                              \
     "the input holds texts to score, one a line or record, not articles"}

#define EXTRACT_OPTIONS                                                                             \
    {"format", 0, CLI_TEXT, offsetof(predict_options, format), "FORMAT", "table|jsonl|tsv|csv|citron", \
     "how to write (default a table on a terminal, else jsonl)"},                                    \
    {"html", 0, CLI_TEXT, offsetof(predict_options, html), "FILE", NULL,                             \
     "also a page for reading: articles with their quotes marked, speakers, timeline"},              \
    {"brat", 0, CLI_TEXT, offsetof(predict_options, brat), "FOLDER", NULL,                           \
     "also a pair of text and stand-off annotations for each article, as brat and INCEpTION read them"}, \
    {"no-indirect", 0, CLI_FLAG, offsetof(predict_options, no_indirect), NULL, NULL,                  \
     "leave out quotes without marks"},                                                              \
    {"all-marks", 0, CLI_FLAG, offsetof(predict_options, all_marks), NULL, NULL,                      \
     "also show marked words that are no quotes; they are not scored"},                              \
    {"on-error", 0, CLI_TEXT, offsetof(predict_options, on_error), "WHAT", "record|skip|fail",        \
     "what a bad record becomes: a row with the error, nothing, or the end of the run (default record)"}, \
    {"max-errors", 0, CLI_COUNT, offsetof(predict_options, max_errors), "N", NULL,                    \
     "stop after N bad records (default never)"},                                                    \
    {"resume", 0, CLI_FLAG, offsetof(predict_options, resume), NULL, NULL,                            \
     "with -o: go on where an earlier run with the same inputs, model and options was cut short"},    \
    {0}

static const cli_option predict_table[] = {
    MODEL_OPTIONS,
    EXTRACT_OPTIONS,
};
static const cli_option explain_table[] = {
    MODEL_OPTIONS,
    {"top", 0, CLI_COUNT, offsetof(predict_options, top), "N", NULL, "reasons shown for each answer (default 10)"},
    {"format", 0, CLI_TEXT, offsetof(predict_options, format), "FORMAT", "table|jsonl",
     "how to write (default a table on a terminal, else jsonl)"},
    {"no-indirect", 0, CLI_FLAG, offsetof(predict_options, no_indirect), NULL, NULL,
     "leave out quotes without marks"},
    {"on-error", 0, CLI_TEXT, offsetof(predict_options, on_error), "WHAT", "record|skip|fail",
     "what a bad record becomes: a row with the error, nothing, or the end of the run (default record)"},
    {0}};
static const cli_option extract_table[] = {EXTRACT_OPTIONS};

static const cli_option shard_table[] = {
    {"manifest", 0, CLI_TEXT, offsetof(shard_options, manifest), "MANIFEST", NULL,
     "instead of inputs: a shard of what 'quotestance shard' cut; -o is then the folder for the rows"},
    {"index", 0, CLI_COUNT, offsetof(shard_options, index), "I", NULL, "which shard of the manifest, from 0"},
    {0},
};

static const cli_group predict_groups[] = {
    {"Scoring", predict_table, offsetof(predict_arguments, predict)},
    {"Shards", shard_table, offsetof(predict_arguments, shard)},
    {"Input", qs_cli_column_options, offsetof(predict_arguments, columns)},
    {"General", qs_cli_work_options, offsetof(predict_arguments, work)},
};
static const cli_group explain_groups[] = {
    {"Explaining", explain_table, offsetof(predict_arguments, predict)},
    {"Input", qs_cli_column_options, offsetof(predict_arguments, columns)},
    {"General", qs_cli_work_options, offsetof(predict_arguments, work)},
};
static const predict_arguments explain_defaults = {.predict = {.top = 10}, .shard = {.index = NO_INDEX}};
static const cli_group extract_groups[] = {
    {"Quotes", extract_table, offsetof(predict_arguments, predict)},
    {"Shards", shard_table, offsetof(predict_arguments, shard)},
    {"Input", qs_cli_column_options, offsetof(predict_arguments, columns)},
    {"General", qs_cli_work_options, offsetof(predict_arguments, work)},
};

static size_t terminal_width(void)
{
    struct winsize size = {0};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40)
        return size.ws_col > 160 ? 160 : size.ws_col;
    return 80;
}

static qs_output_format output_format(const char *name, bool on_terminal)
{
    if (name == NULL)
        return on_terminal ? QS_OUTPUT_TABLE : QS_OUTPUT_JSONL;
    return strcmp(name, "table") == 0 ? QS_OUTPUT_TABLE
           : strcmp(name, "tsv") == 0 ? QS_OUTPUT_TSV
           : strcmp(name, "csv") == 0 ? QS_OUTPUT_CSV
           : strcmp(name, "citron") == 0 ? QS_OUTPUT_CITRON
                                      : QS_OUTPUT_JSONL;
}

static int finish(qs_status status, const qs_error *error, const qs_predict_summary *summary, int signal, bool quiet)
{
    int exit_code = qs_status_exit_code(status);
    if (status != QS_OK && status != QS_REJECTED)
        exit_code = cli_fail(error);
    if (status == QS_EINTERRUPTED)
        exit_code = 128 + signal;
    if (summary->resumable)
        cli_message("%llu records are done; the same command with --resume goes on from there",
                    (unsigned long long)summary->records);
    if (status == QS_REJECTED && !quiet)
        cli_message("%llu of %llu records were rejected", (unsigned long long)summary->rejected,
                    (unsigned long long)summary->records);
    return exit_code;
}

static qs_on_error on_error(const char *word)
{
    if (word == NULL || strcmp(word, "record") == 0)
        return QS_ON_ERROR_RECORD;
    return strcmp(word, "skip") == 0 ? QS_ON_ERROR_SKIP : QS_ON_ERROR_FAIL;
}

/* Remarks must not run into the progress line. */
typedef struct voices {
    cli_progress progress;
} voices;

static void remark(void *context, const char *text)
{
    voices *v = context;
    cli_progress_end(&v->progress);
    cli_remark(NULL, text);
}

static void fill_options(qs_predict_options *options, const predict_arguments *a, voices *v)
{
    const bool on_terminal = a->work.output == NULL && cli_is_terminal();
    options->lines = a->predict.lines;
    options->no_indirect = a->predict.no_indirect;
    options->all_marks = a->predict.all_marks;
    options->html = a->predict.html;
    options->brat = a->predict.brat;
    options->reasons = (size_t)a->predict.top;
    options->format = output_format(a->predict.format, on_terminal);
    options->width = on_terminal ? terminal_width() : 80;
    options->colour = on_terminal && getenv("NO_COLOR") == NULL;
    options->output = a->work.output;
    options->max_errors = a->predict.max_errors;
    options->abstain = a->predict.abstain;
    options->jobs = cli_jobs(&a->work);
    options->on_error = on_error(a->predict.on_error);
    options->resume = a->predict.resume;
    options->stop = cli_catch_signals();
    options->remarks = (qs_remarks){a->work.quiet ? NULL : remark, v};
}

static int predict_inputs(const qs_predict_options *options, const cli_list *inputs, bool quiet, voices *v)
{
    static const char *const standard_input[] = {"-"};
    qs_predict_summary summary = {0};
    qs_error error = {0};
    const qs_status status = qs_predict(inputs->count == 0 ? standard_input : inputs->items,
                                        inputs->count == 0 ? 1 : inputs->count, options, &summary, &error);
    cli_progress_end(&v->progress);
    return finish(status, &error, &summary, *options->stop, quiet);
}

static int predict_shard(const qs_predict_options *options, const predict_arguments *a, voices *v)
{
    qs_shard_summary summary = {0};
    qs_error error = {0};
    const qs_status status =
        qs_shard_run(a->shard.manifest, a->shard.index, a->work.output, options, &summary, &error);
    cli_progress_end(&v->progress);
    if (status == QS_OK && !a->work.quiet)
        cli_message("shard %llu: %llu records, %llu rejected%s", (unsigned long long)a->shard.index,
                    (unsigned long long)summary.records, (unsigned long long)summary.rejected,
                    summary.done_before ? "; done before" : "");
    if (status == QS_OK)
        return 0;
    const int exit_code = cli_fail(&error);
    if (summary.resumable)
        cli_message("the same command goes on from there");
    return status == QS_EINTERRUPTED ? 128 + *options->stop : exit_code;
}

/* What is wrong with the arguments, or NULL. */
static const char *complaint(const predict_arguments *a, const cli_list *inputs)
{
    if (a->shard.manifest == NULL && a->shard.index != NO_INDEX)
        return "--index goes with --manifest";
    if (a->shard.manifest == NULL)
        return inputs->count == 0 && isatty(STDIN_FILENO) ? "name a file, a folder, or - for standard input" : NULL;
    if (a->shard.index == NO_INDEX || a->work.output == NULL || inputs->count > 0)
        return "--manifest takes --index and -o FOLDER, and no inputs";
    return a->columns.input_format != NULL || a->columns.max_record != 0
               ? "with --manifest, --input-format and --max-record are those of 'quotestance shard'"
               : NULL;
}

static int run(const predict_arguments *a, const cli_list *inputs, bool scored)
{
    qs_predict_options options = qs_predict_options_default();
    qs_classifier *classifier = NULL;
    qs_error error = {0};
    voices v = {0};
    const char *wrong = complaint(a, inputs);
    if (wrong != NULL) {
        cli_message("%s; see 'quotestance help %s'", wrong, scored ? "predict" : "extract");
        return 2;
    }
    qs_status status = cli_rows_options(&options.rows, &a->columns, &error);
    if (status == QS_OK && scored)
        status = cli_open_model(&classifier, a->predict.model, &error);
    if (status != QS_OK)
        return cli_fail(&error);
    options.classifier = classifier;
    fill_options(&options, a, &v);
    cli_progress_start(&v.progress, &options.progress, a->work.quiet);
    const int exit_code = a->shard.manifest != NULL ? predict_shard(&options, a, &v)
                                                    : predict_inputs(&options, inputs, a->work.quiet, &v);
    qs_classifier_close(classifier);
    return exit_code;
}

static int run_predict(const void *options, const cli_list *inputs)
{
    return run(options, inputs, true);
}

static int run_extract(const void *options, const cli_list *inputs)
{
    return run(options, inputs, false);
}

const cli_command qs_cli_predict = {
    .name = "predict",
    .summary = "articles to scored quotes; with --lines, one text a line",
    .synopsis = "[-m MODEL] [options] [inputs...]",
    .description = "Reads news articles (files, folders, or - for standard input; .gz and .zst as they are), finds "
                   "every quote with its speaker, and scores each. Without -m the model inside the program is used. "
                   "Results go to standard output, messages to standard error.",
    .examples = "  quotestance predict article.txt\n"
                "  quotestance predict --format jsonl -o quotes.jsonl articles/\n"
                "  cut -f2 tweets.tsv | quotestance predict --lines -m my.qsm -\n",
    .groups = predict_groups,
    .group_count = CLI_COUNT_OF(predict_groups),
    .options_size = sizeof(predict_arguments),
    .defaults = &defaults,
    .run = run_predict,
};

const cli_command qs_cli_explain = {
    .name = "explain",
    .summary = "the n-grams behind each score",
    .synopsis = "[-m MODEL] [options] [inputs...]",
    .description = "Scores as predict does and says why. Every answer is shown with the n-grams that moved it most. For linear "
                   "models their contributions, the rest and the bias add up to the margin that decides; "
                   "in JSON Lines each n-gram has a contribution to every label and its place in the text. For kernels, "
                   "each word is taken away in turn, and its contribution is what the margin loses.",
    .examples = "  quotestance explain article.txt\n"
                "  quotestance explain --lines --top 5 --format table texts.txt\n",
    .groups = explain_groups,
    .group_count = CLI_COUNT_OF(explain_groups),
    .options_size = sizeof(predict_arguments),
    .defaults = &explain_defaults,
    .run = run_predict,
};

const cli_command qs_cli_extract = {
    .name = "extract",
    .summary = "articles to quotes with their speakers, no model",
    .synopsis = "[options] [inputs...]",
    .description = "As predict, without scores: who said what, and exactly where it stands.",
    .examples = "  quotestance extract article.txt\n",
    .groups = extract_groups,
    .group_count = CLI_COUNT_OF(extract_groups),
    .options_size = sizeof(predict_arguments),
    .defaults = &defaults,
    .run = run_extract,
};
