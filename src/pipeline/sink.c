/* Where the rows of a run go. SPDX-License-Identifier: MIT */
#include "pipeline/sink.h"

#include <string.h>
#include <time.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/partfile.h"
#include "pipeline/journal.h"

#define ENTRY_BYTES ((uint64_t)256 * 1024)      /* output between entries of the journal, unless */
#define ENTRY_SECONDS 1                         /* so long has passed */
#define SYNC_BYTES ((uint64_t)64 * 1024 * 1024) /* output between syncs, unless */
#define SYNC_SECONDS 10
#define VERIFY_BUFFER ((size_t)256 * 1024)

struct qs_sink {
    qs_outfile *plain; /* standard output, a device, a pipe; else NULL */
    qs_partfile *file;
    char *journal_path;
    int journal; /* -1: not needed so far */
    qs_identity identity;
    XXH3_state_t *hash; /* of the output so far */
    uint64_t length;
    uint64_t entry_length, sync_length; /* output at the last entry, at the last sync */
    time_t entry_time, sync_time;
    qs_progress_mark mark; /* of what has been written, not yet in the journal if `pending` */
    bool pending;
    bool resumable; /* the journal holds an entry */
};

static time_t seconds_now(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

/* --- taking up a run --------------------------------------------------------------------------- */

/* Hashes what the partial file holds and finds the last entry whose output is there as it was written. */
static qs_status find_last_good(qs_sink *s, const qs_journal_entry *entries, size_t count, size_t *good, qs_error *err)
{
    char *bytes = qs_alloc(VERIFY_BUFFER, 1);
    qs_status status = bytes == NULL ? qs_fail(err, QS_ENOMEM, "out of memory") : QS_OK;
    *good = 0;
    for (size_t i = 0; status == QS_OK && i < count; i++) {
        if (entries[i].out_length < s->length)
            break;
        while (s->length < entries[i].out_length) {
            const uint64_t left = entries[i].out_length - s->length;
            size_t got = 0;
            status = qs_partfile_read(s->file, s->length, bytes, left < VERIFY_BUFFER ? (size_t)left : VERIFY_BUFFER,
                                      &got, err);
            if (got == 0)
                break;
            (void)XXH3_64bits_update(s->hash, bytes, got);
            s->length += got;
        }
        if (s->length != entries[i].out_length || XXH3_64bits_digest(s->hash) != entries[i].out_hash)
            break;
        *good = i + 1;
    }
    qs_free(bytes);
    return status;
}

/* The hash must be that of the output up to the entry; what was hashed beyond is hashed again. */
static qs_status rewind_to(qs_sink *s, const qs_journal_entry *entries, size_t good, qs_error *err)
{
    size_t found = 0;
    (void)XXH3_64bits_reset(s->hash);
    s->length = 0;
    const qs_status status = find_last_good(s, entries, good, &found, err);
    return status == QS_OK && found != good ? qs_fail(err, QS_EIO, "the partial output changes while it is read") : status;
}

static qs_status take_up(qs_sink *s, qs_progress_mark *from, qs_error *err)
{
    qs_journal_entry *entries = NULL;
    size_t count = 0;
    size_t good = 0;
    qs_status status = qs_journal_read(&entries, &count, s->journal_path, &s->identity, err);
    if (status == QS_OK)
        status = find_last_good(s, entries, count, &good, err);
    if (status == QS_OK && good < count)
        status = rewind_to(s, entries, good, err);
    if (status == QS_OK && good > 0) {
        *from = entries[good - 1].mark;
        s->resumable = true;
        s->mark = *from;
        status = qs_journal_open(&s->journal, s->journal_path, &s->identity, good, err);
    }
    s->entry_length = s->sync_length = s->length;
    qs_free(entries);
    return status;
}

/* --- opening ----------------------------------------------------------------------------------- */

static qs_status open_file(qs_sink *s, const char *path, bool resume, qs_progress_mark *from, qs_error *err)
{
    const size_t length = strlen(path);
    s->journal_path = qs_alloc(length + sizeof ".journal", 1);
    if (s->journal_path == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    memcpy(s->journal_path, path, length);
    memcpy(s->journal_path + length, ".journal", sizeof ".journal");
    qs_status status = qs_partfile_open(&s->file, path, err);
    if (status == QS_OK && resume)
        status = take_up(s, from, err);
    if (status == QS_OK && !s->resumable)
        (void)unlink(s->journal_path); /* before the output that it belongs to */
    if (status == QS_OK)
        status = qs_partfile_cut(s->file, s->length, err);
    if (status != QS_OK)
        qs_error_set_path(err, path);
    return status;
}

static void release(qs_sink *s)
{
    if (s->journal >= 0)
        (void)qs_io_close(s->journal);
    XXH3_freeState(s->hash);
    qs_free(s->journal_path);
    qs_free(s);
}

qs_status qs_sink_open(qs_sink **out, const char *path, bool resume, const qs_identity *identity,
                       qs_progress_mark *from, qs_error *err)
{
    qs_status status = QS_OK;
    *out = NULL;
    *from = (qs_progress_mark){0};
    if (resume && !qs_partfile_fits(path))
        return qs_fail(err, QS_EUSAGE, "only an output that is a regular file can be resumed");
    qs_sink *s = qs_alloc_zero(1, sizeof *s);
    if (s == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    s->journal = -1;
    s->identity = *identity;
    s->entry_time = s->sync_time = seconds_now();
    s->hash = XXH3_createState();
    if (s->hash != NULL)
        (void)XXH3_64bits_reset(s->hash); /* fails only if there is none */
    if (s->hash == NULL)
        status = qs_fail(err, QS_ENOMEM, "out of memory");
    else if (qs_partfile_fits(path))
        status = open_file(s, path, resume, from, err);
    else
        status = qs_outfile_open(&s->plain, path, err);
    if (status != QS_OK) {
        qs_partfile_close(s->file, resume); /* a run that may be resumed otherwise is left as it is */
        release(s);
        return status;
    }
    *out = s;
    return QS_OK;
}

bool qs_sink_is_empty(const qs_sink *sink)
{
    return sink->length == 0;
}

/* --- writing ----------------------------------------------------------------------------------- */

/* Notes the pending mark in the journal. */
static qs_status note(qs_sink *s, time_t now, qs_error *err)
{
    qs_status status = QS_OK;
    if (s->journal < 0)
        status = qs_journal_open(&s->journal, s->journal_path, &s->identity, 0, err);
    const bool sync = s->length - s->sync_length >= SYNC_BYTES || now - s->sync_time >= SYNC_SECONDS;
    if (status == QS_OK && sync)
        status = qs_partfile_sync(s->file, err);
    qs_journal_entry entry = {.mark = s->mark, .out_length = s->length, .out_hash = XXH3_64bits_digest(s->hash)};
    if (status == QS_OK)
        status = qs_journal_append(s->journal, &entry, err);
    if (status != QS_OK)
        return status;
    if (sync) {
        (void)qs_io_sync(s->journal); /* at worst the entry is lost */
        s->sync_length = s->length;
        s->sync_time = now;
    }
    s->entry_length = s->length;
    s->entry_time = now;
    s->pending = false;
    s->resumable = true;
    return QS_OK;
}

qs_status qs_sink_write(qs_sink *s, qs_str rows, const qs_progress_mark *mark, qs_error *err)
{
    qs_status status = QS_OK;
    if (s->plain != NULL) {
        s->length += rows.len;
        status = qs_outfile_write(s->plain, rows, err);
        return status == QS_OK ? qs_outfile_flush(s->plain, err) : status;
    }
    const time_t now = seconds_now();
    /* only now it is known that the run goes on behind the mark: short runs need no journal */
    if (s->pending && (s->length - s->entry_length >= ENTRY_BYTES || now - s->entry_time >= ENTRY_SECONDS))
        status = note(s, now, err);
    if (status == QS_OK)
        status = qs_partfile_write(s->file, rows, err);
    if (status != QS_OK)
        return status;
    (void)XXH3_64bits_update(s->hash, rows.ptr, rows.len);
    s->length += rows.len;
    s->mark = *mark;
    s->pending = true;
    return QS_OK;
}

qs_status qs_sink_commit(qs_sink *s, qs_error *err)
{
    bool renamed = false;
    if (s->plain != NULL) {
        const qs_status status = qs_outfile_commit(s->plain, err);
        release(s);
        return status;
    }
    const qs_status status = qs_partfile_commit(s->file, &renamed, err);
    if (!renamed)
        qs_partfile_close(s->file, s->resumable);
    else if (s->resumable)
        (void)unlink(s->journal_path);
    release(s);
    return status;
}

bool qs_sink_abandon(qs_sink *s, qs_sink_fate fate)
{
    if (s == NULL)
        return false;
    qs_outfile_abandon(s->plain);
    if (s->file != NULL && s->pending && (fate == QS_SINK_NOTE || (fate == QS_SINK_KEEP && s->resumable)))
        (void)!note(s, seconds_now(), NULL); /* at worst some of the work is done again */
    const bool kept = s->file != NULL && fate != QS_SINK_REMOVE && s->resumable;
    qs_partfile_close(s->file, kept);
    if (s->file != NULL && !kept)
        (void)unlink(s->journal_path);
    release(s);
    return kept;
}
