/* Shared options become what the library takes. SPDX-License-Identifier: MIT */
#include "cli/shared.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const cli_option qs_cli_column_options[] = {
    {"input-format", 0, CLI_TEXT, offsetof(cli_columns, input_format), "FORMAT",
     "auto|text|html|jsonl|csv|tsv|lines|fasttext|libsvm",
     "format of the input; told by name and content if auto"},
    {"text-column", 0, CLI_TEXT, offsetof(cli_columns, text_column), "NAME", NULL,
     "column or JSON field of the text (default text)"},
    {"label-column", 0, CLI_TEXT, offsetof(cli_columns, label_column), "NAME", NULL,
     "column or JSON field of the label (default label)"},
    {"target-column", 0, CLI_TEXT, offsetof(cli_columns, target_column), "NAME", NULL,
     "column or JSON field of the target (default target)"},
    {"id-column", 0, CLI_TEXT, offsetof(cli_columns, id_column), "NAME", NULL,
     "column or JSON field of the identifier (default id)"},
    {"context-column", 0, CLI_TEXT, offsetof(cli_columns, context_column), "NAME", NULL,
     "column or JSON field of the sentence around a quote (default context)"},
    {"encoding", 0, CLI_TEXT, offsetof(cli_columns, encoding), "NAME",
     "utf-8|latin1|cp1252|utf-16|gb18030", "encoding of the input (default utf-8)"},
    {"max-record", 0, CLI_SIZE, offsetof(cli_columns, max_record), "BYTES", NULL,
     "longest record that is read (default 1M)"},
    {"utf8", 0, CLI_TEXT, offsetof(cli_columns, utf8), "WHAT", "reject|replace",
     "records with bytes that are not UTF-8 are bad, or have them replaced by U+FFFD (default reject)"},
    {"require-final-newline", 0, CLI_FLAG, offsetof(cli_columns, need_final_newline), NULL, NULL,
     "a last record without a line feed is bad: the input may be torn"},
    {0},
};

const cli_option qs_cli_work_options[] = {
    {"output", 'o', CLI_TEXT, offsetof(cli_work, output), "FILE", NULL,
     "write there, complete or not at all (default standard output)"},
    {"jobs", 'j', CLI_COUNT, offsetof(cli_work, jobs), "N", NULL,
     "threads to use (default all processors); the result is the same for any number"},
    {"seed", 0, CLI_COUNT, offsetof(cli_work, seed), "N", NULL, "seed of every random choice (default 1)"},
    {"quiet", 'q', CLI_FLAG, offsetof(cli_work, quiet), NULL, NULL, "no progress and no remarks"},
    {0},
};

const cli_option qs_cli_training_options[] = {
    {"per-target", 0, CLI_FLAG, offsetof(cli_training, per_target), NULL, NULL,
     "one head for each value of the target column"},
    {"head", 0, CLI_LIST, offsetof(cli_training, heads), "NAME[=COLUMN]", NULL,
     "name of the head and the column of its labels; repeatable (default stance:negotiations of the label column)"},
    {"word-ngrams", 0, CLI_TEXT, offsetof(cli_training, word_ngrams), "A-B", NULL,
     "lengths of word n-grams, or none (default 1-3)"},
    {"char-ngrams", 0, CLI_TEXT, offsetof(cli_training, char_ngrams), "A-B", NULL,
     "lengths of character n-grams, or none (default 2-5)"},
    {"weight", 0, CLI_TEXT, offsetof(cli_training, weight), "KIND", "presence|tfidf|odds",
     "weight of an n-gram; odds: tf-idf times what it tells about the labels (default tfidf; odds where targets are learnt together, and beyond 10,000 texts)"},
    {"evidence", 0, CLI_NUMBER, offsetof(cli_training, evidence), "G", NULL,
     "with --weight odds: leave out n-grams of 16 or more texts that tell less than G of the labels: likelihood ratio for each text "
     "(default 0: none; 0.03 where odds is the default)"},
    {"min-df", 0, CLI_COUNT, offsetof(cli_training, min_df), "N", NULL,
     "leave out n-grams of fewer than N texts (default 2)"},
    {"context", 0, CLI_FLAG, offsetof(cli_training, context), NULL, NULL,
     "use the context column, with n-grams of its own"},
    {"negation", 0, CLI_FLAG, offsetof(cli_training, negation), NULL, NULL,
     "mark words from a negator to the next punctuation"},
    {"chars-in-words", 0, CLI_FLAG, offsetof(cli_training, chars_in_words), NULL, NULL,
     "character n-grams do not cross spaces"},
    {"word-parts", 0, CLI_FLAG, offsetof(cli_training, word_parts), NULL, NULL,
     "character n-grams within words too, beside those that cross spaces"},
    {"no-word-parts", 0, CLI_FLAG, offsetof(cli_training, no_word_parts), NULL, NULL,
     "never so; the default is to do it where the joint learner learns"},
    {"target-fields", 0, CLI_FLAG, offsetof(cli_training, target_fields), NULL, NULL,
     "use the text around the mention of the target, with n-grams of its own"},
    {"no-target-fields", 0, CLI_FLAG, offsetof(cli_training, no_target_fields), NULL, NULL,
     "never do so; the default is to do it where most rows mention their target, and not with --per-target"},
    {"word-classes", 0, CLI_TEXT, offsetof(cli_training, word_classes), "FILE", NULL,
     "rewrite the text as word classes too, with n-grams of their own: a list such as models/classes.en.tsv, or en for "
     "that one"},
    {"class-presence", 0, CLI_FLAG, offsetof(cli_training, class_presence), NULL, NULL,
     "with --word-classes: note for each class whether the text has it and, with --context, whether the context has it"},
    {"learner", 0, CLI_TEXT, offsetof(cli_training, learner), "NAME", "auto|libsvm|liblinear|joint|descent",
     "which solver learns (default auto: joint for several targets, else libsvm up to 10,000 texts, then descent: "
     "the problem of liblinear solved for all labels at once)"},
    {"kernel", 0, CLI_TEXT, offsetof(cli_training, kernel), "NAME", "linear|rbf|poly",
     "kernel of libsvm (default linear)"},
    {"cost", 'C', CLI_NUMBER, offsetof(cli_training, c), "C", NULL, "cost of an error (default 1; joint: 0.125)"},
    {"head-cost", 0, CLI_LIST, offsetof(cli_training, head_costs), "NAME=C", NULL,
     "cost of this head where heads are learnt apart, not with --tune, which chooses it; may be repeated"},
    {"nu", 0, CLI_NUMBER, offsetof(cli_training, nu), "NU", NULL,
     "nu-SVC of libsvm in place of a cost and class weights: at most this share of margin errors, above 0 to 1; not with "
     "--tune"},
    {"gamma", 0, CLI_NUMBER, offsetof(cli_training, gamma), "G", NULL, "gamma of rbf and poly (default 1)"},
    {"degree", 0, CLI_COUNT, offsetof(cli_training, degree), "D", NULL, "degree of poly (default 3)"},
    {"class-weight", 0, CLI_TEXT, offsetof(cli_training, class_weight), "W", NULL,
     "balanced, sqrt (its root), none, or LABEL=NUMBER,... (default balanced)"},
    {"share", 0, CLI_NUMBER, offsetof(cli_training, share), "S", NULL,
     "joint: how much targets share, from 0 to 1 (default 0.25)"},
    {"char-weight", 0, CLI_NUMBER, offsetof(cli_training, char_weight), "W", NULL,
     "joint: how much character n-grams count beside words (default 1, or 0.5 where that is better on rows not trained on)"},
    {"decide-by", 0, CLI_TEXT, offsetof(cli_training, decide_by), "METRIC", "macro_f1|f_avg|accuracy|none",
     "shift the log probabilities so that this metric of the out-of-fold labels is best (default none; "
     "macro_f1 where targets are learnt together)"},
    {"calibration", 0, CLI_TEXT, offsetof(cli_training, calibration), "WAY", "auto|temperature|platt|isotonic",
     "scores to probabilities (default auto: by the Brier score)"},
    {"calibration-folds", 0, CLI_COUNT, offsetof(cli_training, calibration_folds), "N", NULL,
     "folds whose scores calibrate the probabilities, 0 for none (default 5)"},
    {"group-column", 0, CLI_TEXT, offsetof(cli_training, group_column), "NAME", NULL,
     "folds never tear rows with the same value in this column (without: rows of the same text)"},
    {"no-ngram-texts", 0, CLI_FLAG, offsetof(cli_training, no_ngram_texts), NULL, NULL,
     "keep no readable n-grams in the model: smaller, but 'model info' cannot name them"},
    {0},
};

qs_status cli_usage(qs_error *error, const char *format, const char *value)
{
    *error = (qs_error){.status = QS_EUSAGE, .offset = QS_NO_OFFSET};
    (void)snprintf(error->message, sizeof error->message, "%s: %s", format, value);
    return QS_EUSAGE;
}

void cli_remark(void *context, const char *text)
{
    (void)context;
    cli_message("%s", text);
}

size_t cli_jobs(const cli_work *work)
{
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    if (work->jobs > 0)
        return work->jobs > 256 ? 256 : (size_t)work->jobs;
    return processors < 1 ? 1 : (size_t)processors;
}

qs_status cli_rows_options(qs_rows_options *rows, const cli_columns *c, qs_error *error)
{
    *rows = qs_rows_options_default();
    rows->columns[QS_COLUMN_TEXT] = c->text_column;
    rows->columns[QS_COLUMN_LABEL] = c->label_column;
    rows->columns[QS_COLUMN_TARGET] = c->target_column;
    rows->columns[QS_COLUMN_ID] = c->id_column;
    rows->columns[QS_COLUMN_CONTEXT] = c->context_column;
    rows->encoding = c->encoding;
    rows->max_record = (size_t)c->max_record;
    rows->replace_invalid = c->utf8 != NULL && strcmp(c->utf8, "replace") == 0;
    rows->need_final_newline = c->need_final_newline;
    if (c->input_format != NULL && !qs_format_from_name(c->input_format, &rows->format))
        return cli_usage(error, "unknown input format", c->input_format);
    return QS_OK;
}

/* "1-3", "2" or "none". */
static bool read_range(const char *text, uint32_t *min, uint32_t *max)
{
    char *end = NULL;
    if (strcmp(text, "none") == 0) {
        *min = *max = 0;
        return true;
    }
    if (text[0] < '1' || text[0] > '9')
        return false;
    const unsigned long from = strtoul(text, &end, 10);
    unsigned long to = from;
    if (*end == '-' && end[1] >= '1' && end[1] <= '9')
        to = strtoul(end + 1, &end, 10);
    if (*end != '\0' || from > to || to > 8)
        return false;
    *min = (uint32_t)from;
    *max = (uint32_t)to;
    return true;
}

static bool is(const char *value, const char *word)
{
    return value != NULL && strcmp(value, word) == 0;
}

qs_status cli_train_options(qs_train_options *t, const cli_training *a, const cli_columns *columns,
                            const cli_work *work, qs_error *error)
{
    *t = qs_train_options_default();
    if (a->word_ngrams != NULL && !read_range(a->word_ngrams, &t->word_min, &t->word_max))
        return cli_usage(error, "--word-ngrams takes A-B with 1 <= A <= B <= 8, or none, not", a->word_ngrams);
    if (a->char_ngrams != NULL && !read_range(a->char_ngrams, &t->char_min, &t->char_max))
        return cli_usage(error, "--char-ngrams takes A-B with 1 <= A <= B <= 8, or none, not", a->char_ngrams);
    t->per_target = a->per_target;
    t->heads = a->heads.items;
    t->head_count = a->heads.count;
    t->presence = is(a->weight, "presence");
    t->odds = is(a->weight, "odds");
    t->weight_given = a->weight != NULL;
    t->evidence = a->evidence;
    t->min_df = a->min_df == 0 ? t->min_df : a->min_df > UINT32_MAX ? UINT32_MAX : (uint32_t)a->min_df;
    t->use_context = a->context;
    t->negation = a->negation;
    t->chars_in_words = a->chars_in_words;
    t->word_parts = a->word_parts && !a->no_word_parts;
    t->keep_word_parts = a->no_word_parts;
    t->word_classes = a->word_classes;
    t->class_presence = a->class_presence;
    t->target_fields = a->target_fields && !a->no_target_fields;
    t->keep_target_fields = a->no_target_fields;
    t->learner = is(a->learner, "libsvm")      ? QS_LEARNER_LIBSVM
                 : is(a->learner, "liblinear") ? QS_LEARNER_LIBLINEAR
                 : is(a->learner, "joint")     ? QS_LEARNER_JOINT
                 : is(a->learner, "descent")   ? QS_LEARNER_DESCENT
                                               : QS_LEARNER_AUTO;
    t->kernel = is(a->kernel, "rbf") ? QS_KERNEL_RBF : is(a->kernel, "poly") ? QS_KERNEL_POLY : QS_KERNEL_LINEAR;
    t->c = a->c;
    if (!(a->c >= 0))
        return cli_usage(error, "the cost C must be above 0", "");
    t->head_costs = a->head_costs.items;
    t->head_cost_count = a->head_costs.count;
    t->gamma = a->gamma;
    t->nu = a->nu;
    t->degree = (uint32_t)(a->degree > 16 ? 17 : a->degree);
    t->class_weight = a->class_weight;
    t->calibration_folds = (uint32_t)(a->calibration_folds > 100 ? 100 : a->calibration_folds);
    t->share = a->share;
    t->char_weight = a->char_weight;
    t->decide_by = a->decide_by;
    t->calibration = a->calibration;
    t->group_column = a->group_column;
    if (!(a->share >= 0 && a->share <= 1))
        return cli_usage(error, "--share takes a number from 0 to 1", "");
    if (!(a->char_weight >= 0 && a->char_weight <= 100))
        return cli_usage(error, "--char-weight takes a number from 0 to 100", "");
    t->ngram_texts = !a->no_ngram_texts;
    t->seed = work->seed;
    t->jobs = cli_jobs(work);
    t->remarks.line = work->quiet ? NULL : cli_remark;
    return cli_rows_options(&t->rows, columns, error);
}

qs_status cli_open_model(qs_classifier **out, const char *path, qs_error *error)
{
    return path == NULL ? qs_classifier_open_bundled(out, error) : qs_classifier_open(out, path, error);
}
