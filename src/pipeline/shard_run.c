/* A worker: one shard to its rows. SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"
#include "pipeline/classifier_internal.h"
#include "pipeline/predict_internal.h"
#include "pipeline/shard.h"
#include "quotestance/version.h"

typedef struct working {
    qs_manifest manifest;
    const qs_shard *shard;
    const char *input; /* the file of the shard */
    const char *rows;  /* where its rows go */
    const char *note;
    const char *journal;
    qs_predict_options options;
    qs_shard_done done;
} working;

static qs_status find_shard(working *w, const char *manifest, uint64_t index, qs_error *err)
{
    char found[QS_DIGEST_TEXT];
    uint64_t bytes = 0;
    qs_status status = qs_manifest_read(&w->manifest, manifest, err);
    if (status != QS_OK)
        return status;
    if (index >= w->manifest.count)
        return qs_fail(err, QS_EUSAGE, "there is no shard %llu; the last one is %zu", (unsigned long long)index,
                       w->manifest.count - 1);
    w->shard = &w->manifest.shards[index];
    const char *folder = qs_shard_folder(&w->manifest.arena, manifest);
    w->input = folder == NULL ? NULL : qs_shard_path(&w->manifest.arena, folder, w->shard->file);
    if (w->input == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    status = qs_digest_file(w->input, found, &bytes, err);
    if (status == QS_OK && (bytes != w->shard->bytes || strcmp(found, w->shard->sha256) != 0)) {
        status = qs_fail(err, QS_EINPUT, "is not what the manifest says; cut the input again");
        qs_error_set_path(err, w->input);
    }
    return status;
}

static void sixteen(qs_digest *digest, char out[17])
{
    char text[QS_DIGEST_TEXT];
    qs_digest_take(digest, text);
    memcpy(out, text, 16);
    out[16] = '\0';
}

/* Names what all shards of a run share, and what shapes the rows of this one. */
static qs_status name_run(working *w, qs_error *err)
{
    qs_digest *digest = NULL;
    qs_buf text = {0};
    uint64_t model = 0;
    bool failed = false;
    qs_status status = qs_digest_create(&digest, err);
    if (status == QS_OK && w->options.classifier != NULL)
        status = qs_classifier_fingerprint(w->options.classifier, &model, err);
    const uint64_t options = qs_predict_options_hash(&w->options, &failed);
    qs_buf_addf(&text, QS_VERSION "\n%llx\n%llx\n", (unsigned long long)model, (unsigned long long)options);
    qs_buf_add_text(&text, w->manifest.input);
    text.failed = text.failed || failed;
    if (status == QS_OK)
        status = qs_buf_status(&text, err);
    if (status == QS_OK) {
        qs_digest_add(digest, qs_buf_view(&text));
        sixteen(digest, w->done.run);
        const qs_rows_before *before = &w->shard->before;
        qs_buf_addf(&text, "\n%llu %llu %llu %s\n", (unsigned long long)before->records,
                    (unsigned long long)before->lines, (unsigned long long)before->bytes, w->shard->sha256);
        status = qs_buf_status(&text, err);
        qs_digest_add(digest, qs_buf_view(&text));
        sixteen(digest, w->done.key);
    }
    qs_digest_destroy(digest);
    qs_buf_free(&text);
    return status;
}

static qs_status name_files(working *w, uint64_t index, const char *folder, qs_error *err)
{
    static const char *const ends[] = {[QS_OUTPUT_JSONL] = "jsonl", [QS_OUTPUT_TSV] = "tsv", [QS_OUTPUT_CSV] = "csv"};
    char name[80];
    qs_arena *arena = &w->manifest.arena;
    (void)snprintf(w->done.file, sizeof w->done.file, "%05u-%s.%s", (unsigned)index, w->done.key, ends[w->options.format]);
    w->rows = qs_shard_path(arena, folder, w->done.file);
    (void)snprintf(name, sizeof name, "%s.journal", w->done.file);
    w->journal = qs_shard_path(arena, folder, name);
    (void)snprintf(name, sizeof name, "%05u-%s.done", (unsigned)index, w->done.key);
    w->note = qs_shard_path(arena, folder, name);
    if (w->rows == NULL || w->journal == NULL || w->note == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    return qs_shard_make_folder(folder, err);
}

/* True if the rows are there as the note says. */
static bool is_done(working *w)
{
    qs_shard_done done;
    char found[QS_DIGEST_TEXT];
    uint64_t bytes = 0;
    if (qs_shard_done_read(&done, w->note, NULL) != QS_OK || strcmp(done.key, w->done.key) != 0 ||
        strcmp(done.file, w->done.file) != 0 || qs_digest_file(w->rows, found, &bytes, NULL) != QS_OK ||
        bytes != done.bytes || strcmp(found, done.sha256) != 0)
        return false;
    w->done = done;
    return true;
}

static qs_status predict(working *w, qs_predict_summary *summary, qs_error *err)
{
    struct stat about;
    const char *const inputs[] = {w->input};
    w->options.output = w->rows;
    w->options.resume = lstat(w->journal, &about) == 0;
    qs_status status = qs_predict(inputs, 1, &w->options, summary, err);
    if (w->options.resume && (status == QS_EINPUT || status == QS_EUSAGE || status == QS_EMODEL)) {
        w->options.resume = false; /* what was begun does not fit: begin anew */
        status = qs_predict(inputs, 1, &w->options, summary, err);
    }
    return status == QS_REJECTED ? QS_OK : status;
}

static qs_status work(working *w, uint64_t index, qs_predict_summary *summary, qs_error *err)
{
    qs_status status = predict(w, summary, err);
    if (status == QS_OK)
        status = qs_digest_file(w->rows, w->done.sha256, &w->done.bytes, err);
    if (status != QS_OK)
        return status;
    w->done.index = index;
    w->done.records = summary->records;
    w->done.rejected = summary->rejected;
    memcpy(w->done.shard, w->shard->sha256, sizeof w->done.shard);
    return qs_shard_done_write(&w->done, w->note, err);
}

qs_status qs_shard_run(const char *manifest, uint64_t index, const char *folder, const qs_predict_options *options,
                       qs_shard_summary *summary, qs_error *err)
{
    working w = {.options = *options};
    qs_predict_summary counts = {0};
    bool before = false;
    if (options->format == QS_OUTPUT_TABLE || options->format == QS_OUTPUT_CITRON || options->html != NULL ||
        options->brat != NULL)
        return qs_fail(err, QS_EUSAGE, "the rows of shards are jsonl, tsv or csv");
    qs_status status = find_shard(&w, manifest, index, err);
    if (status == QS_OK) {
        w.options.name = w.manifest.input;
        w.options.rows.format = w.manifest.format;
        w.options.rows.max_record = (size_t)w.manifest.max_record;
        w.options.rows.before = w.shard->before;
        status = name_run(&w, err);
    }
    if (status == QS_OK)
        status = name_files(&w, index, folder, err);
    if (status == QS_OK) {
        before = is_done(&w);
        if (!before)
            status = work(&w, index, &counts, err);
    }
    if (summary != NULL)
        *summary = (qs_shard_summary){.shards = w.manifest.count,
                                      .records = w.done.records,
                                      .rejected = w.done.rejected,
                                      .done_before = before,
                                      .resumable = counts.resumable};
    qs_manifest_free(&w.manifest);
    return status;
}
