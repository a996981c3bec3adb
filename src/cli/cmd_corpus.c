/* quotestance corpus: check, stats, split, convert, agree. SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/shared.h"
#include "quotestance/corpus.h"

#define CORPUS_PARTS_MAX 64

typedef struct corpus_arguments {
    cli_columns columns;
    cli_work work;
    const char *format;
    const char *group_column;
    const char *split_column;
    double near_limit;
    cli_list against;
    cli_list parts;
    uint64_t folds;
    const char *from;
    const char *to;
    bool flatten;
    cli_list label_columns;
} corpus_arguments;

static const cli_option report_table[] = {
    {"format", 0, CLI_TEXT, offsetof(corpus_arguments, format), "FORM", "table|jsonl",
     "how to write the report (default table)"},
    {"group-column", 0, CLI_TEXT, offsetof(corpus_arguments, group_column), "NAME", NULL,
     "column whose rows belong together, such as the article (default group)"},
    {"split-column", 0, CLI_TEXT, offsetof(corpus_arguments, split_column), "NAME", NULL,
     "check: column that names the split of a row (default split)"},
    {"near", 0, CLI_NUMBER, offsetof(corpus_arguments, near_limit), "X", NULL,
     "similarity of character 5-grams (Jaccard) above which two texts are nearly the same (default 0.6)"},
    {"against", 0, CLI_LIST, offsetof(corpus_arguments, against), "CORPUS", NULL,
     "check: a second corpus no text may stand in"},
    {"label-columns", 0, CLI_LIST, offsetof(corpus_arguments, label_columns), "NAME", NULL,
     "agree: a label column of one rater (repeat it for each, all in one file)"},
    {0},
};

static const cli_option split_table[] = {
    {"part", 0, CLI_LIST, offsetof(corpus_arguments, parts), "NAME=SHARE", NULL,
     "split: one part and its share of the rows (repeat it; default train=0.8 and test=0.2)"},
    {"folds", 0, CLI_COUNT, offsetof(corpus_arguments, folds), "K", NULL, "split: K equal parts fold1 to foldK instead"},
    {0},
};

static const cli_option convert_table[] = {
    {"from", 0, CLI_TEXT, offsetof(corpus_arguments, from), "FORMAT",
     "auto|tsv|csv|jsonl|fasttext|libsvm|doccano|label-studio|brat|prodigy",
     "convert: format of the input (default: told by name and content)"},
    {"to", 0, CLI_TEXT, offsetof(corpus_arguments, to), "FORMAT",
     "tsv|csv|jsonl|fasttext|libsvm|doccano|label-studio|brat|prodigy", "convert: format of the output"},
    {"flatten", 0, CLI_FLAG, offsetof(corpus_arguments, flatten), NULL, NULL,
     "convert: line ends and tabs become spaces where the format cannot hold them (default: such rows are left out)"},
    {0},
};

static const cli_group groups[] = {
    {"Check, stats and agree", report_table, 0},
    {"Split", split_table, 0},
    {"Convert", convert_table, 0},
    {"Input", qs_cli_column_options, offsetof(corpus_arguments, columns)},
    {"General", qs_cli_work_options, offsetof(corpus_arguments, work)},
};

static const corpus_arguments defaults = {
    .work = {.seed = 1}, .group_column = "group", .split_column = "split", .near_limit = 0.6};

/* What an action works with. */
typedef struct corpus_job {
    const corpus_arguments *a;
    const char *const *paths;
    size_t count;
    qs_corpus_options options;
    qs_report_form form;
    const char *output;
} corpus_job;

static void hear_bad(void *context, const char *path, uint64_t line, const char *code, const char *message)
{
    (void)context;
    cli_message("%s:%llu: %s: %s", path, (unsigned long long)line, code, message);
}

static int end(qs_status status, const qs_error *error, uint64_t rejected)
{
    if (status != QS_OK)
        return cli_fail(error);
    return rejected > 0 ? qs_status_exit_code(QS_REJECTED) : 0;
}

static int run_check(const corpus_job *job)
{
    qs_corpus_report *report = NULL;
    qs_error error = {0};
    size_t errors = 0;
    qs_status status = qs_corpus_check(&report, job->paths, job->count, job->a->against.items,
                                       job->a->against.count, &job->options, &error);
    if (status == QS_OK) {
        errors = qs_corpus_report_count(report, QS_FINDING_KINDS);
        status = qs_corpus_report_write(report, job->output, job->form, &error);
    }
    qs_corpus_report_destroy(report);
    return end(status, &error, errors);
}

static int run_stats(const corpus_job *job)
{
    qs_error error = {0};
    uint64_t rejected = 0;
    const qs_status status =
        qs_corpus_stats(job->paths, job->count, job->output, job->form, &rejected, &job->options, &error);
    return end(status, &error, rejected);
}

/* "train=0.8"; the name is cut out of `text`, which is ours. */
static bool read_part(qs_split_part *part, char *text)
{
    char *equal = strchr(text, '=');
    char *rest = NULL;
    if (equal == NULL)
        return false;
    *equal = '\0';
    part->name = text;
    part->share = strtod(equal + 1, &rest);
    return rest != equal + 1 && *rest == '\0';
}

/* Parts and the texts their names stand in. Returns their number, or 0 with a message. */
static size_t read_parts(qs_split_part *parts, char (*names)[64], const corpus_arguments *a)
{
    static const char *const usual[] = {"train=0.8", "test=0.2"};
    const char *const *given = a->parts.count > 0 ? a->parts.items : usual;
    const size_t count = a->folds > 0 ? (size_t)a->folds : a->parts.count > 0 ? a->parts.count : 2;
    if (count > CORPUS_PARTS_MAX || a->folds > CORPUS_PARTS_MAX) {
        cli_message("at most %d parts", CORPUS_PARTS_MAX);
        return 0;
    }
    for (size_t i = 0; i < count; i++) {
        if (a->folds > 0)
            (void)snprintf(names[i], sizeof names[i], "fold%zu=1", i + 1);
        else
            (void)snprintf(names[i], sizeof names[i], "%s", given[i]);
        if (!read_part(&parts[i], names[i])) {
            cli_message("--part takes NAME=SHARE, not '%s'", given[i]);
            return 0;
        }
    }
    return count;
}

static int run_split(const corpus_job *job)
{
    qs_split_part parts[CORPUS_PARTS_MAX];
    char names[CORPUS_PARTS_MAX][64];
    qs_error error = {0};
    uint64_t rejected = 0;
    const size_t count = read_parts(parts, names, job->a);
    if (count == 0)
        return 2;
    if (job->a->work.output == NULL) {
        cli_message("corpus split needs -o PREFIX; it writes PREFIX.train.tsv and so on");
        return 2;
    }
    const qs_status status = qs_corpus_split(parts, count, job->paths, job->count, job->output, hear_bad, NULL,
                                             &rejected, &job->options, &error);
    for (size_t i = 0; status == QS_OK && !job->a->work.quiet && i < count; i++)
        cli_message("%s.%s: %llu rows", job->output, parts[i].name, (unsigned long long)parts[i].rows);
    return end(status, &error, rejected);
}

static int run_convert(const corpus_job *job)
{
    qs_convert_options convert = {.flatten = job->a->flatten, .bad = hear_bad};
    qs_convert_counts counts = {0, 0, 0};
    qs_error error = {0};
    if (job->a->to == NULL || !qs_exchange_from_name(job->a->to, &convert.to)) {
        cli_message("corpus convert needs --to FORMAT");
        return 2;
    }
    if (job->a->from != NULL)
        (void)qs_exchange_from_name(job->a->from, &convert.from);
    const qs_status status =
        qs_corpus_convert(&counts, job->paths, job->count, job->output, &convert, &job->options, &error);
    if (status == QS_OK && !job->a->work.quiet && (counts.rejected > 0 || counts.skipped > 0))
        cli_message("%llu rows written, %llu left out, %llu answers not accepted",
                    (unsigned long long)counts.written, (unsigned long long)counts.rejected,
                    (unsigned long long)counts.skipped);
    return end(status, &error, counts.rejected);
}

static int run_agree(const corpus_job *job)
{
    qs_agreement *agreement = NULL;
    qs_error error = {0};
    qs_status status =
        qs_corpus_agree(&agreement, job->paths, job->count, job->a->label_columns.items,
                        job->a->label_columns.count, &job->options, &error);
    if (status == QS_OK)
        status = qs_agreement_write(agreement, job->output, job->form, &error);
    qs_agreement_destroy(agreement);
    return end(status, &error, 0);
}

static const struct {
    const char *name;
    int (*run)(const corpus_job *job);
} actions[] = {{"check", run_check}, {"stats", run_stats}, {"split", run_split}, {"convert", run_convert},
               {"agree", run_agree}};

static int run(const void *options, const cli_list *inputs)
{
    const corpus_arguments *a = options;
    corpus_job job = {.a = a, .options = qs_corpus_options_default()};
    qs_error error = {0};
    if (inputs->count < 2) {
        cli_message("corpus needs an action (check, stats, split, convert, agree) and a corpus; see 'quotestance help corpus'");
        return 2;
    }
    if (cli_rows_options(&job.options.rows, &a->columns, &error) != QS_OK)
        return cli_fail(&error);
    job.options.group_column = a->group_column;
    job.options.split_column = a->split_column;
    job.options.near = a->near_limit;
    job.options.jobs = cli_jobs(&a->work);
    job.options.seed = a->work.seed;
    job.form = a->format != NULL && strcmp(a->format, "jsonl") == 0 ? QS_REPORT_JSON : QS_REPORT_TABLE;
    job.output = a->work.output != NULL ? a->work.output : "-";
    job.paths = inputs->items + 1;
    job.count = inputs->count - 1;
    for (size_t i = 0; i < CLI_COUNT_OF(actions); i++)
        if (strcmp(inputs->items[0], actions[i].name) == 0)
            return actions[i].run(&job);
    cli_message("unknown action 'corpus %s'; see 'quotestance help corpus'", inputs->items[0]);
    return 2;
}

const cli_command qs_cli_corpus = {
    .name = "corpus",
    .summary = "check, measure, cut and convert labelled corpora; agreement of raters",
    .synopsis = "check|stats|split|convert|agree [options] CORPUS...",
    .description =
        "check reports malformed rows, duplicates and near-duplicates (within, across splits and against a second "
        "corpus), conflicting labels, label spellings, groups on both sides of a split and damaged text, by file and "
        "line; it exits with 1 if there is any error. stats prints counts, lengths and tables. split cuts a corpus into "
        "parts with the same share of each label; rows of one group and nearly equal texts stay together. convert "
        "carries a corpus between tools. agree compares two or more labellings of the same items: Cohen's kappa, "
        "Krippendorff's alpha, each label by itself and the confusion. A folder stands for all files of records in it.",
    .examples = "  quotestance corpus check corpora/negotiations\n"
                "  quotestance corpus check train.tsv --against test.tsv\n"
                "  quotestance corpus split --part train=0.8 --part dev=0.1 --part test=0.1 --group-column dispute -o out/c all.jsonl\n"
                "  quotestance corpus convert --to label-studio -o tasks.json all.jsonl\n"
                "  quotestance corpus agree pass1.jsonl pass2.jsonl\n",
    .groups = groups,
    .group_count = CLI_COUNT_OF(groups),
    .options_size = sizeof(corpus_arguments),
    .defaults = &defaults,
    .run = run,
};
