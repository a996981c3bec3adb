/* Loading whole corpora. SPDX-License-Identifier: MIT */
#include "pipeline/corpus_load.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "text/utf8.h"

#define CORPUS_MAX_DEPTH 32

qs_corpus_options qs_corpus_options_default(void)
{
    return (qs_corpus_options){.rows = qs_rows_options_default(),
                               .group_column = "group",
                               .split_column = "split",
                               .near = 0.6,
                               .jobs = 1,
                               .seed = 1};
}

void qs_corpus_key(qs_buf *out, qs_str text)
{
    bool space = false;
    const size_t start = out->len;
    for (size_t at = 0; at < text.len;) {
        uint32_t c = 0;
        char bytes[4];
        at += qs_utf8_decode(text, at, &c);
        if (qs_char_class_of(c) == QS_CHAR_SPACE) {
            space = true;
            continue;
        }
        if (space && out->len > start)
            qs_buf_add_char(out, ' ');
        space = false;
        qs_buf_add(out, bytes, qs_utf8_encode(qs_char_lower(c), bytes));
    }
}

/* ---- folders ---- */

static qs_status add_file(qs_corpus *corpus, qs_str path, qs_error *err)
{
    const qs_status status =
        qs_grow(&corpus->files, &corpus->file_capacity, corpus->file_count + 1, sizeof *corpus->files, err);
    if (status != QS_OK)
        return status;
    const qs_str copy = qs_arena_copy(&corpus->arena, path);
    if (copy.ptr == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    corpus->files[corpus->file_count++] = copy.ptr;
    return QS_OK;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

qs_status qs_folder_list(const char *path, char ***names, size_t *count, qs_error *err)
{
    size_t capacity = 0;
    qs_status status = QS_OK;
    DIR *folder = opendir(path);
    if (folder == NULL)
        return qs_fail(err, QS_EIO, "cannot open the folder: %s", strerror(errno));
    for (struct dirent *entry = readdir(folder); entry != NULL && status == QS_OK; entry = readdir(folder)) {
        if (entry->d_name[0] == '.')
            continue;
        const size_t length = strlen(entry->d_name) + 1;
        char *copy = qs_alloc(length, 1);
        status = copy == NULL ? qs_fail(err, QS_ENOMEM, "out of memory")
                              : qs_grow(names, &capacity, *count + 1, sizeof **names, err);
        if (status != QS_OK) {
            qs_free(copy);
            break;
        }
        memcpy(copy, entry->d_name, length);
        (*names)[(*count)++] = copy;
    }
    (void)closedir(folder);
    if (status == QS_OK && *count > 0)
        qsort(*names, *count, sizeof **names, compare_names);
    return status;
}

static bool is_record_format(const char *path)
{
    const qs_format format = qs_format_from_path(path);
    return format != QS_FORMAT_AUTO && format != QS_FORMAT_HTML;
}

/* A folder may hold other tables beside its corpora. */
static bool lacks_text(const qs_corpus *corpus, const char *path)
{
    qs_rows *rows = NULL;
    size_t count = 0;
    bool there = false;
    qs_rows_options options = qs_rows_options_default();
    options.required = 0;
    if (qs_rows_open(&rows, path, &options, NULL) != QS_OK)
        return false; /* the reader will say why */
    const qs_str *names = qs_rows_header(rows, &count);
    for (size_t i = 0; i < count; i++)
        there = there || qs_str_equal(names[i], qs_str_of(corpus->text_column != NULL ? corpus->text_column : "text"));
    qs_rows_close(rows);
    return count > 0 && !there;
}

static qs_status add_path(qs_corpus *corpus, const char *path, int depth, qs_error *err)
{
    struct stat about;
    if (strcmp(path, "-") == 0 || stat(path, &about) != 0 || !S_ISDIR(about.st_mode))
        return depth == 0 || (is_record_format(path) && !lacks_text(corpus, path))
                   ? add_file(corpus, qs_str_of(path), err)
                   : QS_OK;
    if (depth > CORPUS_MAX_DEPTH)
        return qs_fail(err, QS_ELIMIT, "folders more than %d deep", CORPUS_MAX_DEPTH);
    char **names = NULL;
    size_t count = 0;
    qs_status status = qs_folder_list(path, &names, &count, err);
    for (size_t i = 0; i < count; i++) {
        qs_buf whole = {0};
        qs_buf_add_text(&whole, path);
        if (whole.len > 0 && whole.ptr[whole.len - 1] != '/')
            qs_buf_add_char(&whole, '/');
        qs_buf_add(&whole, names[i], strlen(names[i]) + 1);
        if (status == QS_OK)
            status = qs_buf_status(&whole, err);
        if (status == QS_OK)
            status = add_path(corpus, whole.ptr, depth + 1, err);
        qs_buf_free(&whole);
        qs_free(names[i]);
    }
    qs_free(names);
    if (status != QS_OK)
        qs_error_set_path(err, path);
    return status;
}

/* ---- rows ---- */

static qs_status keep(qs_corpus *corpus, qs_str from, qs_str *to, qs_error *err)
{
    *to = qs_arena_copy(&corpus->arena, from);
    return to->ptr == NULL ? qs_fail(err, QS_ENOMEM, "out of memory") : QS_OK;
}

static qs_status add_bad(qs_corpus *corpus, const qs_row *row, qs_error *err)
{
    const qs_status status =
        qs_grow(&corpus->bad, &corpus->bad_capacity, corpus->bad_count + 1, sizeof *corpus->bad, err);
    if (status != QS_OK)
        return status;
    qs_corpus_bad *bad = &corpus->bad[corpus->bad_count++];
    *bad = (qs_corpus_bad){(uint32_t)(corpus->file_count - 1), row->line, row->status, {NULL, 0}};
    return keep(corpus, qs_str_of(row->message), &bad->message, err);
}

static qs_str field_value(const qs_row *row, const char *name)
{
    const qs_field *field = name == NULL ? NULL : qs_row_field(row, qs_str_of(name));
    return field == NULL ? qs_str_make(NULL, 0) : field->value;
}

static qs_status add_row(qs_corpus *corpus, const qs_row *row, const qs_corpus_options *options, uint32_t file,
                         bool against, qs_buf *scratch, qs_error *err)
{
    qs_status status =
        qs_grow(&corpus->rows, &corpus->row_capacity, corpus->count + 1, sizeof *corpus->rows, err);
    if (status != QS_OK)
        return status;
    if (corpus->count >= UINT32_MAX / 2)
        return qs_fail(err, QS_ELIMIT, "more rows than can be compared");
    qs_corpus_row *out = &corpus->rows[corpus->count++];
    *out = (qs_corpus_row){.file = file, .line = row->line, .against = against};
    out->has_label = (row->present & QS_COLUMN_BIT(QS_COLUMN_LABEL)) != 0 &&
                     row->columns[QS_COLUMN_LABEL].len > 0;
    const qs_str group = field_value(row, options->group_column);
    const qs_str split = field_value(row, options->split_column);
    corpus->any_label = corpus->any_label || (out->has_label && !against);
    corpus->any_group = corpus->any_group || group.len > 0;
    corpus->any_split = corpus->any_split || split.len > 0;
    qs_buf_clear(scratch);
    qs_corpus_key(scratch, row->columns[QS_COLUMN_TEXT]);
    status = qs_buf_status(scratch, err);
    const qs_str from[] = {row->columns[QS_COLUMN_TEXT],   row->columns[QS_COLUMN_LABEL],
                           row->columns[QS_COLUMN_TARGET], row->columns[QS_COLUMN_ID],
                           group,                          split,
                           qs_buf_view(scratch)};
    qs_str *to[] = {&out->text, &out->label, &out->target, &out->id, &out->group, &out->split, &out->key};
    for (size_t i = 0; i < sizeof to / sizeof *to && status == QS_OK; i++)
        status = keep(corpus, from[i], to[i], err);
    return status;
}

static qs_status load_file(qs_corpus *corpus, uint32_t file, const qs_corpus_options *options, bool against,
                           qs_error *err)
{
    qs_rows *rows = NULL;
    const qs_row *row = NULL;
    qs_buf scratch = {0};
    qs_status status = qs_rows_open(&rows, corpus->files[file], &options->rows, err);
    while (status == QS_OK) {
        status = qs_rows_next(&row, rows, err);
        if (status != QS_OK || row == NULL)
            break;
        if (row->status != QS_ROW_OK)
            status = against ? QS_OK : add_bad(corpus, row, err);
        else
            status = add_row(corpus, row, options, file, against, &scratch, err);
        if (row->status != QS_ROW_OK && !against && status == QS_OK)
            corpus->bad[corpus->bad_count - 1].file = file;
    }
    qs_buf_free(&scratch);
    qs_rows_close(rows);
    if (status != QS_OK)
        qs_error_set_path(err, corpus->files[file]);
    return status;
}

qs_status qs_corpus_list(qs_corpus *corpus, const char *const *paths, size_t path_count, qs_error *err)
{
    qs_status status = QS_OK;
    for (size_t i = 0; i < path_count && status == QS_OK; i++)
        status = add_path(corpus, paths[i], 0, err);
    return status;
}

qs_status qs_corpus_load(qs_corpus *corpus, const char *const *paths, size_t path_count,
                         const qs_corpus_options *options, bool against, qs_error *err)
{
    const size_t first = corpus->file_count;
    corpus->text_column = options->rows.columns[QS_COLUMN_TEXT];
    qs_status status = qs_corpus_list(corpus, paths, path_count, err);
    for (size_t i = first; i < corpus->file_count && status == QS_OK; i++)
        status = load_file(corpus, (uint32_t)i, options, against, err);
    return status;
}

void qs_corpus_free(qs_corpus *corpus)
{
    qs_free(corpus->files);
    qs_free(corpus->rows);
    qs_free(corpus->bad);
    qs_arena_free(&corpus->arena);
    *corpus = (qs_corpus){0};
}
