/* Inputs to pieces, in order. SPDX-License-Identifier: MIT */
#include "pipeline/source.h"

#include <string.h>
#include <sys/stat.h>
#include <xxhash.h>

#include "pipeline/walk.h"

/* A piece is some milliseconds of work: enough that handing it on costs nothing, little enough that memory stays
 * small and all threads end together. */
#define PIECE_BYTES ((uint64_t)256 * 1024)
#define PIECE_RECORDS 4096

struct qs_source {
    const qs_predict_options *options;
    qs_walk walk;
    qs_piece_input *input; /* at work, or NULL */
    uint64_t input_number; /* of the input at work, from 1 */
    XXH3_state_t *hash;    /* of all inputs so far */
    uint64_t bytes_before; /* of the inputs that are done */
    uint64_t records;      /* and articles handed out */
    qs_status failed;      /* what comes after the piece that was cut last */
    qs_error error;
};

static qs_format format_of(const qs_predict_options *options, const char *path)
{
    qs_format format = options->rows.format;
    if (format == QS_FORMAT_AUTO && strcmp(path, "-") != 0)
        format = qs_format_from_path(path);
    if (options->lines && format == QS_FORMAT_AUTO)
        format = QS_FORMAT_LINES;
    return format;
}

static bool holds_records(qs_format format)
{
    return format != QS_FORMAT_AUTO && format != QS_FORMAT_TEXT && format != QS_FORMAT_HTML;
}

qs_status qs_source_open(qs_source **out, const char *const *inputs, size_t count,
                         const qs_predict_options *options, qs_error *err)
{
    qs_source *s = qs_alloc_zero(1, sizeof *s);
    *out = s;
    if (s == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    s->options = options;
    s->walk.inputs = inputs;
    s->walk.input_count = count;
    s->hash = XXH3_createState();
    if (s->hash != NULL && XXH3_64bits_reset(s->hash) != XXH_ERROR)
        return QS_OK;
    qs_source_close(s);
    *out = NULL;
    return qs_fail(err, QS_ENOMEM, "out of memory");
}

static bool stopped(const qs_source *s)
{
    return s->options->stop != NULL && __atomic_load_n(s->options->stop, __ATOMIC_RELAXED) != 0;
}

/* An input counts by its name, its size and the time it was last changed. */
static void hash_file(qs_source *s, const char *path, uint64_t *size)
{
    struct stat about;
    uint64_t facts[3] = {0};
    *size = 0;
    if (strcmp(path, "-") != 0 && stat(path, &about) == 0 && S_ISREG(about.st_mode)) {
        facts[0] = *size = (uint64_t)about.st_size;
        facts[1] = (uint64_t)about.st_mtim.tv_sec;
        facts[2] = (uint64_t)about.st_mtim.tv_nsec;
    }
    (void)XXH3_64bits_update(s->hash, path, strlen(path) + 1);
    (void)XXH3_64bits_update(s->hash, facts, sizeof facts);
}

static qs_status open_records(qs_source *s, const char *path, qs_format format, qs_error *err)
{
    qs_rows_options rows = s->options->rows;
    const size_t length = strlen(path) + 1;
    qs_piece_input *input = qs_alloc_zero(1, sizeof *input);
    if (input == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    atomic_init(&input->holders, 1);
    rows.format = format;
    input->path = qs_alloc(length, 1);
    qs_status status = input->path == NULL ? qs_fail(err, QS_ENOMEM, "out of memory") : QS_OK;
    if (status == QS_OK) {
        memcpy(input->path, path, length);
        status = qs_rows_open(&input->rows, path, &rows, err);
    }
    if (status != QS_OK) {
        qs_piece_input_release(input);
        return status;
    }
    qs_rows_set_stop(input->rows, s->options->stop);
    s->input = input;
    return QS_OK;
}

static void end_input(qs_source *s)
{
    s->bytes_before += qs_rows_progress(s->input->rows);
    qs_piece_input_release(s->input);
    s->input = NULL;
}

static qs_status cut(qs_source *s, qs_row_block *block, uint64_t bytes, qs_error *err)
{
    const qs_status status = qs_rows_cut(s->input->rows, block, bytes, PIECE_RECORDS, err);
    (void)XXH3_64bits_update(s->hash, block->bytes.ptr, block->bytes.len);
    return status;
}

/* The next piece of the input at work; *more false if it is at its end. */
static qs_status next_records(qs_source *s, qs_piece *piece, bool *more, qs_error *err)
{
    const qs_status status = cut(s, &piece->block, PIECE_BYTES, err);
    *more = piece->block.bytes.len > 0;
    if (status != QS_OK && *more) { /* what was read before the failure is of use */
        s->failed = status;
        s->error = err != NULL ? *err : (qs_error){.status = status};
    } else if (status != QS_OK || !*more) {
        end_input(s);
        return status;
    }
    piece->first = s->records;
    s->records += piece->block.end.number - piece->block.start.number;
    piece->input = s->input;
    (void)atomic_fetch_add(&s->input->holders, 1);
    piece->end = (qs_progress_mark){.input = s->input_number,
                                    .number = piece->block.end.number,
                                    .line = piece->block.end.line,
                                    .offset = piece->block.end.offset,
                                    .input_hash = XXH3_64bits_digest(s->hash)};
    piece->bytes_read = s->bytes_before + qs_rows_progress(s->input->rows);
    return QS_OK;
}

/* Opens the next input: records, or an article, which is a piece. *path NULL: there is none. */
static qs_status next_input(qs_source *s, const char **path, qs_format *format, qs_error *err)
{
    uint64_t size = 0;
    const qs_status status = qs_walk_next(&s->walk, path, err);
    if (status != QS_OK || *path == NULL)
        return status;
    s->input_number++;
    hash_file(s, *path, &size);
    *format = format_of(s->options, *path);
    if (holds_records(*format))
        return open_records(s, *path, *format, err);
    s->bytes_before += size;
    return QS_OK;
}

qs_status qs_source_next(qs_source *s, qs_piece *piece, bool *more, qs_error *err)
{
    qs_piece_clear(piece);
    *more = false;
    while (s->failed == QS_OK && !stopped(s)) {
        const char *path = NULL;
        qs_status status = QS_OK;
        if (s->input != NULL) {
            status = next_records(s, piece, more, err);
            if (status != QS_OK || *more)
                return status;
        }
        status = next_input(s, &path, &piece->format, err);
        if (status != QS_OK || path == NULL)
            return status;
        if (s->input != NULL)
            continue;
        qs_buf_add(&piece->path, path, strlen(path) + 1);
        piece->in_folder = s->walk.depth > 0;
        piece->first = s->records++;
        piece->end = (qs_progress_mark){.input = s->input_number, .input_hash = XXH3_64bits_digest(s->hash)};
        piece->bytes_read = s->bytes_before;
        *more = true;
        return qs_buf_status(&piece->path, err);
    }
    if (s->failed != QS_OK && err != NULL)
        *err = s->error;
    return s->failed;
}

qs_status qs_source_skip(qs_source *s, const qs_progress_mark *mark, qs_error *err)
{
    qs_row_block block = {0};
    qs_status status = QS_OK;
    const char *path = "";
    while (status == QS_OK && path != NULL && s->input_number < mark->input) {
        qs_format format = QS_FORMAT_AUTO;
        if (s->input != NULL)
            end_input(s);
        status = next_input(s, &path, &format, err);
        /* inputs before the last one were read whole */
        uint64_t offset = s->input == NULL ? 0 : qs_rows_place(s->input->rows).offset;
        const uint64_t until = s->input_number < mark->input ? UINT64_MAX : mark->offset;
        while (status == QS_OK && s->input != NULL && offset < until && !stopped(s)) {
            const uint64_t left = until - offset;
            status = cut(s, &block, left < PIECE_BYTES ? left : PIECE_BYTES, err);
            offset = block.end.offset;
            if (block.bytes.len == 0)
                break;
        }
    }
    qs_buf_free(&block.bytes);
    if (status == QS_OK && stopped(s))
        return qs_fail(err, QS_EINTERRUPTED, "interrupted");
    if (status == QS_OK && (path == NULL || XXH3_64bits_digest(s->hash) != mark->input_hash))
        status = qs_fail(err, QS_EINPUT, "cannot resume: the inputs have changed since this output was begun");
    return status;
}

void qs_source_close(qs_source *s)
{
    if (s == NULL)
        return;
    qs_piece_input_release(s->input);
    qs_walk_free(&s->walk);
    XXH3_freeState(s->hash);
    qs_free(s);
}

uint64_t qs_source_total(const char *const *inputs, size_t count)
{
    qs_walk walk = {.inputs = inputs, .input_count = count};
    uint64_t total = 0;
    const char *path = NULL;
    while (qs_walk_next(&walk, &path, NULL) == QS_OK && path != NULL) {
        struct stat about;
        if (strcmp(path, "-") == 0 || stat(path, &about) != 0 || !S_ISREG(about.st_mode)) {
            total = 0;
            break;
        }
        total += (uint64_t)about.st_size;
    }
    qs_walk_free(&walk);
    return total;
}
