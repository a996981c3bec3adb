/* quotestance shard and merge: cut a batch for a cluster, put it together again. SPDX-License-Identifier: MIT */
#include "cli/shared.h"
#include "quotestance/shard.h"

typedef struct shard_arguments {
    uint64_t number;
    uint64_t bytes;
    const char *input_format;
    uint64_t max_record;
    const char *output;
    bool quiet;
} shard_arguments;

static const cli_option shard_table[] = {
    {"number", 'n', CLI_COUNT, offsetof(shard_arguments, number), "N", NULL,
     "cut into N shards of nearly as many records each"},
    {"by-bytes", 0, CLI_SIZE, offsetof(shard_arguments, bytes), "BYTES", NULL,
     "cut into shards of about so many bytes (default 64M)"},
    {"output", 'o', CLI_TEXT, offsetof(shard_arguments, output), "FOLDER", NULL,
     "where the shards and manifest.json go"},
    {"input-format", 0, CLI_TEXT, offsetof(shard_arguments, input_format), "FORMAT",
     "auto|jsonl|csv|tsv|lines|fasttext|libsvm", "format of the input; told by name and content if auto"},
    {"max-record", 0, CLI_SIZE, offsetof(shard_arguments, max_record), "BYTES", NULL,
     "longest record that is read (default 1M)"},
    {"quiet", 'q', CLI_FLAG, offsetof(shard_arguments, quiet), NULL, NULL, "no progress and no remarks"},
    {0},
};

static const cli_group shard_groups[] = {{"Cutting", shard_table, 0}};
static const shard_arguments shard_defaults = {0};

static int run_shard(const void *options, const cli_list *inputs)
{
    const shard_arguments *a = options;
    qs_shard_options cut = {.rows = qs_rows_options_default(), .shards = a->number, .bytes = a->bytes};
    qs_shard_summary summary = {0};
    qs_error error = {0};
    if (inputs->count != 1 || a->output == NULL) {
        cli_message("shard needs one file of records and -o FOLDER; see 'quotestance help shard'");
        return 2;
    }
    if (a->number == 0 && a->bytes == 0)
        cut.bytes = (uint64_t)64 * 1024 * 1024;
    cut.rows.max_record = (size_t)a->max_record;
    if (a->input_format != NULL)
        (void)qs_format_from_name(a->input_format, &cut.rows.format); /* one of the choices */
    const qs_status status = qs_shard_cut(inputs->items[0], a->output, &cut, &summary, &error);
    if (status != QS_OK)
        return cli_fail(&error);
    if (!a->quiet)
        cli_message("%s: %llu records in %llu shards", a->output, (unsigned long long)summary.records,
                    (unsigned long long)summary.shards);
    return 0;
}

const cli_command qs_cli_shard = {
    .name = "shard",
    .summary = "cut a large input into shards for a cluster",
    .synopsis = "-o FOLDER [-n N | --by-bytes BYTES] FILE",
    .description =
        "Cuts a file of records (JSON Lines, CSV, TSV, lines; .gz and .zst as they are) at ends of records into FOLDER, and writes "
        "manifest.json with the records and the SHA-256 of each shard. A worker is "
        "'quotestance predict --manifest FOLDER/manifest.json --index I -o OUT'; 'quotestance merge' joins what they leave.\n\n"
        "The same command again gives the same files and repairs damaged ones.\n\n"
        "For schedulers, the exit code of a worker means: 0 the shard is done, also if it was done before or some of its records were "
        "rejected; 2 or 3 stop the whole job, as options or model are wrong; 4 do not retry, the shard is damaged or cannot be "
        "read; 5 or 6 retry, on another node if need be; 128+n killed, retry.",
    .examples = "  quotestance shard -n 64 -o in news.jsonl.gz\n"
                "  quotestance predict --manifest in/manifest.json --index 0 -o out\n"
                "  quotestance merge -o quotes.jsonl in/manifest.json out\n",
    .groups = shard_groups,
    .group_count = CLI_COUNT_OF(shard_groups),
    .options_size = sizeof(shard_arguments),
    .defaults = &shard_defaults,
    .run = run_shard,
};

/* --- merge ------------------------------------------------------------------------------------- */

typedef struct merge_arguments {
    bool missing;
    const char *output;
    bool quiet;
} merge_arguments;

static const cli_option merge_table[] = {
    {"missing", 0, CLI_FLAG, offsetof(merge_arguments, missing), NULL, NULL,
     "write the numbers of the shards that are not done, such as 3,7-9, and join nothing"},
    {"output", 'o', CLI_TEXT, offsetof(merge_arguments, output), "FILE", NULL,
     "write there, complete or not at all (default standard output)"},
    {"quiet", 'q', CLI_FLAG, offsetof(merge_arguments, quiet), NULL, NULL, "no progress and no remarks"},
    {0},
};

static const cli_group merge_groups[] = {{"Joining", merge_table, 0}};

static int list_missing(const merge_arguments *a, const cli_list *inputs)
{
    uint64_t missing = 0;
    qs_error error = {0};
    const qs_status status = qs_shard_missing(inputs->items[0], inputs->items + 1, inputs->count - 1, a->output, &missing, &error);
    return status == QS_OK ? 0 : cli_fail(&error);
}

static int run_merge(const void *options, const cli_list *inputs)
{
    const merge_arguments *a = options;
    qs_shard_summary summary = {0};
    qs_error error = {0};
    if (inputs->count < 2) {
        cli_message("merge needs a manifest and at least one folder; see 'quotestance help merge'");
        return 2;
    }
    if (a->missing)
        return list_missing(a, inputs);
    const qs_status status =
        qs_shard_merge(inputs->items[0], inputs->items + 1, inputs->count - 1, a->output, &summary, &error);
    if (status != QS_OK && status != QS_REJECTED)
        return cli_fail(&error);
    if (!a->quiet)
        cli_message("%llu records of %llu shards, %llu rejected", (unsigned long long)summary.records,
                    (unsigned long long)summary.shards, (unsigned long long)summary.rejected);
    return qs_status_exit_code(status);
}

const cli_command qs_cli_merge = {
    .name = "merge",
    .summary = "put the results of shards together again",
    .synopsis = "[-o FILE | --missing] MANIFEST FOLDER...",
    .description =
        "Joins what workers left in the folders, in order: the bytes that 'quotestance predict' would have written for the whole input. "
        "Refuses (exit code 4) if a shard is missing, damaged, there twice, or foreign: of another input, model, version or other options. "
        "Exit code 1 if records were rejected, as on one machine.",
    .examples = "  quotestance merge -o quotes.jsonl in/manifest.json out\n"
                "  quotestance merge --missing in/manifest.json out\n",
    .groups = merge_groups,
    .group_count = CLI_COUNT_OF(merge_groups),
    .options_size = sizeof(merge_arguments),
    .run = run_merge,
};
