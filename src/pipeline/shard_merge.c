/* Rows of all shards in order. SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"
#include "pipeline/shard.h"
#include "pipeline/walk.h"

#define COPY_BUFFER ((size_t)256 * 1024)

/* What was found of a shard. */
typedef struct part {
    const char *note; /* NULL: nothing */
    const char *rows;
    qs_shard_done done;
} part;

typedef struct merging {
    qs_manifest manifest;
    qs_arena arena;
    part *parts;
    const part *first; /* that was found */
    char *buffer;
    bool has_header; /* in the output */
} merging;

static qs_status refuse(const char *path, qs_error *err, const char *why, const char *other)
{
    const qs_status status = qs_fail(err, QS_EINPUT, "%s%.150s", why, other);
    qs_error_set_path(err, path);
    return status;
}

static qs_status take_note(merging *m, const char *path, qs_error *err)
{
    qs_shard_done done;
    const qs_status status = qs_shard_done_read(&done, path, err);
    if (status != QS_OK)
        return status;
    if (done.index >= m->manifest.count || strcmp(done.shard, m->manifest.shards[done.index].sha256) != 0 ||
        done.records != m->manifest.shards[done.index].records)
        return refuse(path, err, "is of a foreign shard: not one of the input that the manifest is of", "");
    part *p = &m->parts[done.index];
    if (p->note != NULL)
        return refuse(path, err, "is there twice: the same shard as ", p->note);
    if (m->first != NULL && strcmp(done.run, m->first->done.run) != 0)
        return refuse(path, err, "is of a foreign run: another model, version, input or other options than ",
                      m->first->note);
    const char *folder = qs_shard_folder(&m->arena, path);
    p->note = qs_arena_copy(&m->arena, qs_str_of(path)).ptr;
    p->rows = folder == NULL ? NULL : qs_shard_path(&m->arena, folder, done.file);
    p->done = done;
    if (p->note == NULL || p->rows == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    m->first = m->first == NULL ? p : m->first;
    return QS_OK;
}

static bool ends_with(const char *text, const char *end)
{
    const size_t length = strlen(text);
    return length >= strlen(end) && strcmp(text + length - strlen(end), end) == 0;
}

static qs_status open_merging(merging *m, const char *manifest, const char *const *folders, size_t folder_count,
                              qs_error *err)
{
    qs_walk walk = {.inputs = folders, .input_count = folder_count};
    const char *path = NULL;
    qs_status status = qs_manifest_read(&m->manifest, manifest, err);
    if (status == QS_OK) {
        m->parts = qs_alloc_zero(m->manifest.count, sizeof *m->parts);
        m->buffer = qs_alloc(COPY_BUFFER, 1);
        if (m->parts == NULL || m->buffer == NULL)
            status = qs_fail(err, QS_ENOMEM, "out of memory");
    }
    while (status == QS_OK && (status = qs_walk_next(&walk, &path, err)) == QS_OK && path != NULL)
        if (ends_with(path, ".done"))
            status = take_note(m, path, err);
    qs_walk_free(&walk);
    return status;
}

static void close_merging(merging *m)
{
    qs_manifest_free(&m->manifest);
    qs_arena_free(&m->arena);
    qs_free(m->parts);
    qs_free(m->buffer);
}

/* --- what is missing --------------------------------------------------------------------------- */

/* What is not there or damaged is forgotten; what cannot be read for another reason is no news about the shard. */
static qs_status check_rows(part *p, qs_error *err)
{
    char found[QS_DIGEST_TEXT];
    uint64_t bytes = 0;
    struct stat about;
    if (p->note == NULL)
        return QS_OK;
    if (stat(p->rows, &about) != 0 && errno == ENOENT) {
        p->note = NULL;
        return QS_OK;
    }
    const qs_status status = qs_digest_file(p->rows, found, &bytes, err);
    if (status == QS_OK && (bytes != p->done.bytes || strcmp(found, p->done.sha256) != 0))
        p->note = NULL;
    return status;
}

/* "3,7-9" to `out`; the number of indices. */
static uint64_t list_missing(const merging *m, qs_buf *out)
{
    uint64_t missing = 0;
    size_t i = 0;
    while (i < m->manifest.count) {
        const size_t start = i;
        while (i < m->manifest.count && m->parts[i].note == NULL)
            i++;
        if (i > start)
            qs_buf_addf(out, missing > 0 ? ",%zu" : "%zu", start);
        if (i > start + 1)
            qs_buf_addf(out, "-%zu", i - 1);
        missing += i - start;
        i++;
    }
    return missing;
}

qs_status qs_shard_missing(const char *manifest, const char *const *folders, size_t folder_count, const char *output,
                           uint64_t *missing, qs_error *err)
{
    merging m = {0};
    qs_buf list = {0};
    qs_outfile *out = NULL;
    qs_status status = open_merging(&m, manifest, folders, folder_count, err);
    for (size_t i = 0; status == QS_OK && i < m.manifest.count; i++)
        status = check_rows(&m.parts[i], err);
    if (status == QS_OK) {
        *missing = list_missing(&m, &list);
        qs_buf_add_char(&list, '\n');
        status = qs_buf_status(&list, err);
    }
    if (status == QS_OK)
        status = qs_outfile_open(&out, output, err);
    if (status == QS_OK)
        status = qs_outfile_write(out, qs_buf_view(&list), err);
    if (status == QS_OK)
        status = qs_outfile_commit(out, err);
    else
        qs_outfile_abandon(out);
    qs_buf_free(&list);
    close_merging(&m);
    return status;
}

/* --- joining ----------------------------------------------------------------------------------- */

/* Bytes of a part to the output. The header line of tables is kept of the first part that has one. */
static qs_status pass_on(merging *m, qs_outfile *out, qs_str bytes, bool *at_header, qs_error *err)
{
    if (*at_header) {
        const char *end = memchr(bytes.ptr, '\n', bytes.len);
        *at_header = end == NULL;
        if (m->has_header) /* an earlier part has told it */
            bytes = qs_str_slice(bytes, end == NULL ? bytes.len : (size_t)(end - bytes.ptr) + 1, bytes.len);
    }
    return qs_outfile_write(out, bytes, err);
}

static qs_status join_part(merging *m, qs_outfile *out, const part *p, qs_digest *digest, qs_error *err)
{
    char found[QS_DIGEST_TEXT];
    uint64_t bytes = 0;
    bool at_header = !ends_with(p->rows, ".jsonl");
    qs_status status = QS_OK;
    const int fd = qs_io_open(p->rows, O_RDONLY, 0);
    if (fd < 0)
        return qs_fail(err, errno == ENOENT ? QS_EINPUT : QS_EIO, "cannot open: %s", strerror(errno));
    for (ssize_t got = 1; status == QS_OK && got > 0;) {
        got = qs_io_read(fd, m->buffer, COPY_BUFFER);
        if (got < 0)
            status = qs_fail(err, QS_EIO, "cannot read: %s", strerror(errno));
        if (got > 0) {
            const qs_str piece = qs_str_make(m->buffer, (size_t)got);
            bytes += piece.len;
            qs_digest_add(digest, piece);
            status = pass_on(m, out, piece, &at_header, err);
        }
    }
    (void)qs_io_close(fd);
    qs_digest_take(digest, found);
    if (status == QS_OK && (bytes != p->done.bytes || strcmp(found, p->done.sha256) != 0))
        status = qs_fail(err, QS_EINPUT, "is damaged; run its shard again");
    m->has_header = m->has_header || bytes > 0;
    return status;
}

static qs_status check_whole(const merging *m, qs_error *err)
{
    qs_buf list = {0};
    const uint64_t missing = list_missing(m, &list);
    qs_status status = qs_buf_status(&list, err);
    if (status == QS_OK && missing > 0)
        status = qs_fail(err, QS_EINPUT, "%llu of %zu shards are missing: %.*s", (unsigned long long)missing,
                         m->manifest.count, list.len > 150 ? 150 : (int)list.len, list.ptr);
    qs_buf_free(&list);
    return status;
}

static qs_status join(merging *m, const char *output, qs_shard_summary *summary, qs_error *err)
{
    qs_outfile *out = NULL;
    qs_digest *digest = NULL;
    qs_status status = qs_digest_create(&digest, err);
    if (status == QS_OK)
        status = qs_outfile_open(&out, output, err);
    for (size_t i = 0; i < m->manifest.count && status == QS_OK; i++) {
        status = join_part(m, out, &m->parts[i], digest, err);
        if (status != QS_OK)
            qs_error_set_path(err, m->parts[i].rows);
        summary->records += m->parts[i].done.records;
        summary->rejected += m->parts[i].done.rejected;
    }
    if (status == QS_OK)
        status = qs_outfile_commit(out, err);
    else
        qs_outfile_abandon(out);
    qs_digest_destroy(digest);
    return status;
}

qs_status qs_shard_merge(const char *manifest, const char *const *folders, size_t folder_count, const char *output,
                         qs_shard_summary *summary, qs_error *err)
{
    merging m = {0};
    qs_shard_summary counts = {0};
    qs_status status = open_merging(&m, manifest, folders, folder_count, err);
    counts.shards = m.manifest.count;
    if (status == QS_OK)
        status = check_whole(&m, err);
    if (status == QS_OK)
        status = join(&m, output, &counts, err);
    if (summary != NULL)
        *summary = counts;
    close_merging(&m);
    return status == QS_OK && counts.rejected > 0 ? QS_REJECTED : status;
}
