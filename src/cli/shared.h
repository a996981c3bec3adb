/* Options that several commands share, and what they become. SPDX-License-Identifier: MIT */
#ifndef QS_CLI_SHARED_H
#define QS_CLI_SHARED_H

#include "cli/command.h"
#include "quotestance/classifier.h"

/** Options of commands that read rows. */
typedef struct cli_columns {
    const char *input_format;
    const char *text_column;
    const char *label_column;
    const char *target_column;
    const char *id_column;
    const char *context_column;
    const char *encoding;
    uint64_t max_record;
    const char *utf8;
    bool need_final_newline;
} cli_columns;
extern const cli_option qs_cli_column_options[];

/** Options of every command that does work. */
typedef struct cli_work {
    const char *output;
    uint64_t jobs; /**< 0: as many as there are processors */
    uint64_t seed;
    bool quiet;
} cli_work;
extern const cli_option qs_cli_work_options[];

/** Options of commands that train. */
typedef struct cli_training {
    bool per_target;
    cli_list heads;
    const char *word_ngrams;
    const char *char_ngrams;
    const char *weight;
    double evidence;
    uint64_t min_df;
    bool context;
    bool negation;
    bool chars_in_words;
    bool word_parts;
    bool no_word_parts;
    const char *word_classes;
    bool class_presence;
    bool target_fields;
    bool no_target_fields;
    const char *learner;
    const char *kernel;
    double c;
    cli_list head_costs;
    double gamma;
    double nu;
    uint64_t degree;
    const char *class_weight;
    uint64_t calibration_folds;
    double share;
    double char_weight;
    const char *decide_by;
    const char *calibration;
    const char *group_column;
    bool no_ngram_texts;
} cli_training;
extern const cli_option qs_cli_training_options[];

/** How to read rows. QS_EUSAGE. */
qs_status cli_rows_options(qs_rows_options *rows, const cli_columns *columns, qs_error *error);

/** How to train; remarks go to stderr unless quiet. QS_EUSAGE. */
qs_status cli_train_options(qs_train_options *train, const cli_training *training,
                            const cli_columns *columns, const cli_work *work, qs_error *error);

/** Threads to use: as asked, or as many as there are processors. */
size_t cli_jobs(const cli_work *work);

/** Fills the error with a usage message. */
qs_status cli_usage(qs_error *error, const char *format, const char *value);

/** Opens the model at `path`, or the bundled one if it is NULL. */
qs_status cli_open_model(qs_classifier **out, const char *path, qs_error *error);

/** Remarks on stderr. */
void cli_remark(void *context, const char *text);

#endif
