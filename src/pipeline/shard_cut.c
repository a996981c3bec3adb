/* Cutting an input into shards at ends of records. SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "article/rows_block.h"
#include "base/stream.h"
#include "pipeline/shard.h"

#define STEP_BYTES ((uint64_t)1024 * 1024)
#define COPY_BUFFER ((size_t)256 * 1024)

/* Two readers go in step: `rows` tells where records end, `raw` gives the bytes as they are. */
typedef struct cutting {
    const char *input;
    const char *folder;
    qs_manifest manifest;
    qs_rows *rows;
    qs_row_block block;
    qs_row_place first; /* where the first record stands */
    qs_stream *raw;
    uint64_t raw_at;
    char *buffer;
    qs_buf prefix; /* what stands before the first record: a header line, a byte order mark */
    qs_outfile *out;
    qs_digest *digest;
} cutting;

static qs_status open_rows(cutting *c, const qs_shard_options *options, qs_error *err)
{
    qs_rows_options rows = options->rows;
    rows.required = 0;
    qs_rows_close(c->rows);
    const qs_status status = qs_rows_open(&c->rows, c->input, &rows, err);
    if (status == QS_OK)
        c->first = qs_rows_place(c->rows);
    return status;
}

/* Cuts on to a number of records or bytes from `from`; *more false at the end of the input. */
static qs_status cut_on(cutting *c, uint64_t records, uint64_t bytes, bool *more, qs_error *err)
{
    const qs_row_place from = qs_rows_place(c->rows);
    qs_row_place at = from;
    *more = true;
    while (*more && at.number - from.number < records && at.offset - from.offset < bytes) {
        const uint64_t left = bytes - (at.offset - from.offset);
        const qs_status status = qs_rows_cut(c->rows, &c->block, left < STEP_BYTES ? left : STEP_BYTES,
                                             records - (at.number - from.number), err);
        if (status != QS_OK)
            return status;
        *more = c->block.bytes.len > 0;
        at = c->block.end;
    }
    return QS_OK;
}

/* --- bytes ------------------------------------------------------------------------------------- */

static qs_status put(cutting *c, qs_str bytes, qs_shard *shard, qs_error *err)
{
    shard->bytes += bytes.len;
    qs_digest_add(c->digest, bytes);
    return qs_outfile_write(c->out, bytes, err);
}

/* Bytes of the input up to `until`, or its end: to the shard, or with none to the prefix. */
static qs_status copy_raw(cutting *c, uint64_t until, qs_shard *shard, qs_error *err)
{
    qs_status status = QS_OK;
    for (size_t got = 1; status == QS_OK && got > 0 && c->raw_at < until;) {
        const uint64_t left = until - c->raw_at;
        status = qs_stream_read(c->raw, c->buffer, left < COPY_BUFFER ? (size_t)left : COPY_BUFFER, &got, err);
        if (status != QS_OK)
            break;
        c->raw_at += got;
        if (shard != NULL)
            status = put(c, qs_str_make(c->buffer, got), shard, err);
        else
            qs_buf_add(&c->prefix, c->buffer, got);
    }
    return status;
}

/* A file that is there as it should be is left alone: its time tells workers that nothing has changed. */
static qs_status settle(cutting *c, const qs_shard *shard, const char *path, qs_error *err)
{
    char found[QS_DIGEST_TEXT] = "";
    uint64_t bytes = 0;
    qs_outfile *out = c->out;
    struct stat about;
    c->out = NULL;
    if (lstat(path, &about) == 0 && S_ISREG(about.st_mode) &&
        qs_digest_file(path, found, &bytes, NULL) == QS_OK && strcmp(found, shard->sha256) == 0) {
        qs_outfile_abandon(out);
        return QS_OK;
    }
    return qs_outfile_commit(out, err);
}

static qs_status cut_shard(cutting *c, uint64_t records, uint64_t bytes, bool *more, qs_error *err)
{
    qs_manifest *m = &c->manifest;
    const qs_row_place from = qs_rows_place(c->rows);
    if (m->count == QS_SHARDS_MAX)
        return qs_fail(err, QS_ELIMIT, "more than %d shards", QS_SHARDS_MAX);
    qs_status status = qs_grow(&m->shards, &m->capacity, m->count + 1, sizeof *m->shards, err);
    if (status != QS_OK)
        return status;
    qs_shard *shard = &m->shards[m->count];
    *shard = (qs_shard){.before = {from.number, from.line - c->first.line, from.offset - c->first.offset}};
    (void)snprintf(shard->file, sizeof shard->file, "%05zu.%.12s", m->count, qs_format_name(m->format));
    const char *path = qs_shard_path(&m->arena, c->folder, shard->file);
    if (path == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    status = cut_on(c, records, bytes, more, err);
    const qs_row_place end = qs_rows_place(c->rows);
    shard->records = end.number - from.number;
    if (status == QS_OK)
        status = qs_outfile_open(&c->out, path, err);
    if (status == QS_OK)
        status = put(c, qs_buf_view(&c->prefix), shard, err);
    if (status == QS_OK)
        status = copy_raw(c, end.offset, shard, err);
    if (status == QS_OK) {
        qs_digest_take(c->digest, shard->sha256);
        status = settle(c, shard, path, err);
    }
    m->records += shard->records;
    m->count++;
    return status;
}

/* --- the whole --------------------------------------------------------------------------------- */

static qs_status cut_by_number(cutting *c, const qs_shard_options *options, qs_error *err)
{
    bool more = true;
    qs_status status = cut_on(c, UINT64_MAX, UINT64_MAX, &more, err);
    const uint64_t records = status == QS_OK ? qs_rows_place(c->rows).number : 0;
    if (status == QS_OK)
        status = open_rows(c, options, err);
    const uint64_t n = options->shards;
    uint64_t end = 0;
    for (uint64_t i = 0; i < n && status == QS_OK; i++) {
        const uint64_t start = end;
        end = start + (records - start) / (n - i); /* the rest is shared out evenly */
        status = cut_shard(c, end - start, UINT64_MAX, &more, err);
    }
    return status;
}

static qs_status cut_by_bytes(cutting *c, uint64_t bytes, qs_error *err)
{
    bool more = true;
    qs_status status = QS_OK;
    do {
        status = cut_shard(c, UINT64_MAX, bytes, &more, err);
    } while (status == QS_OK && more);
    const qs_manifest *m = &c->manifest;
    if (status == QS_OK && m->count > 1 && m->shards[m->count - 1].records == 0) { /* the input ended with the shard before */
        const char *path = qs_shard_path(&c->manifest.arena, c->folder, m->shards[m->count - 1].file);
        c->manifest.count--;
        if (path != NULL)
            (void)remove(path);
    }
    return status;
}

static qs_status start(cutting *c, const qs_shard_options *options, qs_error *err)
{
    struct stat about;
    if ((options->shards == 0) == (options->bytes == 0) || options->shards > QS_SHARDS_MAX)
        return qs_fail(err, QS_EUSAGE, "name a number of shards, 1 to %d, or their size", QS_SHARDS_MAX);
    if (strcmp(c->input, "-") == 0 || (stat(c->input, &about) == 0 && !S_ISREG(about.st_mode)))
        return qs_fail(err, QS_EUSAGE, "only a file can be cut; it is read twice");
    if (options->rows.encoding != NULL)
        return qs_fail(err, QS_EUSAGE, "only UTF-8 can be cut");
    c->buffer = qs_alloc(COPY_BUFFER, 1);
    if (c->buffer == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    qs_status status = qs_digest_create(&c->digest, err);
    if (status == QS_OK)
        status = open_rows(c, options, err);
    if (status == QS_OK)
        status = qs_stream_open(&c->raw, c->input, 0, err);
    if (status == QS_OK)
        status = copy_raw(c, c->first.offset, NULL, err);
    if (status == QS_OK)
        status = qs_buf_status(&c->prefix, err);
    if (status == QS_OK)
        status = qs_shard_make_folder(c->folder, err);
    if (status == QS_OK) {
        c->manifest.input = c->input;
        c->manifest.format = qs_rows_format(c->rows);
        c->manifest.max_record = options->rows.max_record;
    }
    return status;
}

qs_status qs_shard_cut(const char *input, const char *folder, const qs_shard_options *options, qs_shard_summary *summary,
                       qs_error *err)
{
    cutting c = {.input = input, .folder = folder};
    qs_status status = start(&c, options, err);
    if (status == QS_OK)
        status = options->shards > 0 ? cut_by_number(&c, options, err) : cut_by_bytes(&c, options->bytes, err);
    if (status == QS_OK) {
        const char *path = qs_shard_path(&c.manifest.arena, folder, "manifest.json");
        status = path == NULL ? qs_fail(err, QS_ENOMEM, "out of memory") : qs_manifest_write(&c.manifest, path, err);
    }
    if (status != QS_OK)
        qs_error_set_path(err, input);
    if (summary != NULL)
        *summary = (qs_shard_summary){.shards = c.manifest.count, .records = c.manifest.records};
    qs_rows_close(c.rows);
    qs_buf_free(&c.block.bytes);
    qs_stream_close(c.raw);
    qs_free(c.buffer);
    qs_buf_free(&c.prefix);
    qs_outfile_abandon(c.out);
    qs_digest_destroy(c.digest);
    qs_manifest_free(&c.manifest);
    return status;
}
