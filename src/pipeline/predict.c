/* Inputs to scored records, one after another. SPDX-License-Identifier: MIT */
#include "pipeline/predict_internal.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/stream.h"
#include "pipeline/dataset.h"
#include "text/utf8.h"

#define FOLDER_DEPTH_MAX 32
#define ARTICLE_BYTES_MAX ((size_t)64 * 1024 * 1024)

qs_predict_options qs_predict_options_default(void)
{
    return (qs_predict_options){.rows = qs_rows_options_default(), .format = QS_OUTPUT_JSONL, .jobs = 1};
}

/* --- texts ------------------------------------------------------------------------------------- */

static qs_status score_row(qs_prediction *p, const char *path, const qs_row *row, qs_error *err)
{
    const qs_text text = {row->columns[QS_COLUMN_TEXT], row->columns[QS_COLUMN_CONTEXT],
                          row->columns[QS_COLUMN_TARGET]};
    const qs_score *scores = NULL;
    size_t count = 0;
    qs_error why;
    const qs_status status = qs_scorer_score(p->scorer, &text, &scores, &count, &why);
    if (status == QS_OK)
        return qs_prediction_write_text(p, row, scores, count, err);
    if (status != QS_EINPUT && status != QS_ELIMIT) {
        if (err != NULL)
            *err = why;
        return status;
    }
    const qs_reject reject = {path, row->columns[QS_COLUMN_ID], row->line, QS_NO_OFFSET, "not_scored",
                              why.message};
    return qs_prediction_reject(p, &reject, err);
}

static qs_status article_row(qs_prediction *p, const char *path, const qs_row *row, qs_error *err)
{
    const qs_field *title = qs_row_field(row, qs_str_of("title"));
    const qs_field *date = qs_row_field(row, qs_str_of("date"));
    qs_article *article = NULL;
    char name[96];
    const qs_str id = row->columns[QS_COLUMN_ID];
    if (id.len > 0)
        (void)snprintf(name, sizeof name, "%.*s", id.len > 80 ? 80 : (int)id.len, id.ptr);
    else
        (void)snprintf(name, sizeof name, "%.60s:%llu", path, (unsigned long long)row->line);
    qs_status status = qs_article_parse_fields(&article, title == NULL ? qs_str_of("") : title->value,
                                               row->columns[QS_COLUMN_TEXT], name, err);
    if (status == QS_OK)
        status = qs_prediction_article(p, article, date == NULL ? qs_str_of("") : date->value, err);
    qs_article_destroy(article);
    return status;
}

static qs_status read_records(qs_prediction *p, const char *path, const qs_rows_options *options,
                              qs_error *err)
{
    qs_rows *rows = NULL;
    const qs_row *row = NULL;
    qs_status status = qs_rows_open(&rows, path, options, err);
    while (status == QS_OK) {
        status = qs_rows_next(&row, rows, err);
        if (status != QS_OK || row == NULL)
            break;
        p->summary.records++;
        if (row->status != QS_ROW_OK) {
            const qs_reject reject = {path, row->columns[QS_COLUMN_ID], row->line,
                                      row->column == QS_NO_OFFSET ? QS_NO_OFFSET : row->offset + row->column,
                                      qs_row_status_name(row->status),
                                      row->message[0] != '\0' ? row->message : qs_row_status_name(row->status)};
            status = qs_prediction_reject(p, &reject, err);
        } else if (p->options->lines) {
            status = score_row(p, path, row, err);
        } else {
            status = article_row(p, path, row, err);
        }
    }
    qs_rows_close(rows);
    if (status != QS_OK)
        qs_error_set_path(err, path);
    return status;
}

/* --- articles ---------------------------------------------------------------------------------- */

/* A page that cannot be read costs one record, as any other. */
static qs_status read_page(qs_prediction *p, const char *path, qs_str bytes, qs_error *err)
{
    qs_article *article = NULL;
    qs_error why = {0};
    const char *slash = strrchr(path, '/');
    qs_status status = qs_article_parse_html(&article, bytes, slash == NULL ? path : slash + 1, &why);
    if (status == QS_EINPUT || status == QS_ELIMIT) {
        const qs_reject reject = {path, qs_str_of(path), 0, QS_NO_OFFSET, "malformed", why.message};
        return qs_prediction_reject(p, &reject, err);
    }
    if (status == QS_OK)
        status = qs_prediction_article(p, article, qs_str_of(""), err);
    else if (err != NULL)
        *err = why;
    qs_article_destroy(article);
    return status;
}

static qs_status read_article(qs_prediction *p, const char *path, qs_format format, qs_error *err)
{
    qs_buf bytes = {0};
    qs_article *article = NULL;
    size_t bad = 0;
    qs_status status = qs_stream_read_all(&bytes, path, ARTICLE_BYTES_MAX, err);
    p->summary.records++;
    if (status == QS_OK && format == QS_FORMAT_AUTO)
        format = qs_article_format(qs_buf_view(&bytes), path);
    if (status == QS_OK && format == QS_FORMAT_HTML) {
        status = read_page(p, path, qs_buf_view(&bytes), err);
    } else if (status == QS_OK && bytes.len > 0 && memchr(bytes.ptr, 0, bytes.len) != NULL) {
        const qs_reject reject = {path, qs_str_of(path), 0, QS_NO_OFFSET, "nul",
                                  "a NUL character: not a text (UTF-16 wants --encoding)"};
        status = qs_prediction_reject(p, &reject, err);
    } else if (status == QS_OK && !qs_utf8_valid(qs_buf_view(&bytes), &bad)) {
        const qs_reject reject = {path, qs_str_of(path), 0, bad, "invalid_utf8", "bytes that are not UTF-8"};
        status = qs_prediction_reject(p, &reject, err);
    } else if (status == QS_OK) {
        const char *slash = strrchr(path, '/');
        status = qs_article_parse_plain(&article, qs_buf_view(&bytes), slash == NULL ? path : slash + 1, err);
        if (status == QS_OK)
            status = qs_prediction_article(p, article, qs_str_of(""), err);
    }
    qs_article_destroy(article);
    qs_buf_free(&bytes);
    if (status != QS_OK)
        qs_error_set_path(err, path);
    return status;
}

static bool holds_records(qs_format format)
{
    return format != QS_FORMAT_AUTO && format != QS_FORMAT_TEXT && format != QS_FORMAT_HTML;
}

static qs_status read_file(qs_prediction *p, const char *path, qs_error *err)
{
    qs_rows_options options = p->options->rows;
    qs_format format = options.format;
    if (format == QS_FORMAT_AUTO && strcmp(path, "-") != 0)
        format = qs_format_from_path(path);
    if (p->options->lines && !holds_records(format))
        format = options.format == QS_FORMAT_AUTO && format == QS_FORMAT_AUTO ? QS_FORMAT_LINES : format;
    if (holds_records(format)) {
        options.format = format;
        return read_records(p, path, &options, err);
    }
    return read_article(p, path, format, err);
}

/* --- folders ----------------------------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static qs_status list_folder(const char *path, qs_arena *arena, char ***names, size_t *count, qs_error *err)
{
    DIR *folder = opendir(path);
    size_t capacity = 0;
    qs_status status = QS_OK;
    *names = NULL;
    *count = 0;
    if (folder == NULL)
        return qs_fail(err, QS_EIO, "cannot open the folder: %s", strerror(errno));
    for (struct dirent *entry = readdir(folder); entry != NULL && status == QS_OK; entry = readdir(folder)) {
        if (entry->d_name[0] == '.')
            continue;
        status = qs_grow(names, &capacity, *count + 1, sizeof **names, err);
        if (status != QS_OK)
            break;
        const size_t length = strlen(path) + strlen(entry->d_name) + 2;
        char *full = qs_arena_alloc(arena, length, 1);
        if (full == NULL) {
            status = qs_fail(err, QS_ENOMEM, "out of memory");
            break;
        }
        (void)snprintf(full, length, "%s/%s", path, entry->d_name);
        (*names)[(*count)++] = full;
    }
    closedir(folder);
    if (*count > 0)
        qsort(*names, *count, sizeof **names, by_name);
    return status;
}

static qs_status read_input(qs_prediction *p, const char *path, unsigned depth, qs_error *err)
{
    struct stat about;
    qs_arena arena = {0};
    char **names = NULL;
    size_t count = 0;
    if (strcmp(path, "-") == 0 || stat(path, &about) != 0 || !S_ISDIR(about.st_mode))
        return read_file(p, path, err);
    if (depth >= FOLDER_DEPTH_MAX)
        return qs_fail(err, QS_ELIMIT, "folders more than %d deep", FOLDER_DEPTH_MAX);
    qs_status status = list_folder(path, &arena, &names, &count, err);
    for (size_t i = 0; i < count && status == QS_OK; i++)
        status = read_input(p, names[i], depth + 1, err);
    qs_free(names);
    qs_arena_free(&arena);
    if (status != QS_OK)
        qs_error_set_path(err, path);
    return status;
}

qs_status qs_predict(const char *const *inputs, size_t input_count, const qs_predict_options *options,
                     qs_predict_summary *summary, qs_error *err)
{
    qs_prediction p = {.options = options};
    if (options->html != NULL && options->lines)
        return qs_fail(err, QS_EUSAGE, "the page shows articles, not texts: no html with lines");
    qs_status status = qs_outfile_open(&p.out, options->output, err);
    if (status == QS_OK && options->classifier != NULL)
        status = qs_scorer_create(&p.scorer, options->classifier, err);
    if (status == QS_OK && options->html != NULL)
        status = qs_article_page_create(&p.page, err);
    for (size_t i = 0; i < input_count && status == QS_OK; i++)
        status = read_input(&p, inputs[i], 0, err);
    if (status == QS_OK && p.page != NULL)
        status = qs_article_page_save(p.page, options->html, err);
    if (status == QS_OK) {
        status = qs_outfile_commit(p.out, err);
    } else {
        qs_outfile_abandon(p.out);
    }
    qs_article_page_destroy(p.page);
    qs_page_draft_free(&p.draft);
    qs_scorer_destroy(p.scorer);
    qs_buf_free(&p.line);
    if (summary != NULL)
        *summary = p.summary;
    if (status == QS_OK && p.summary.rejected > 0)
        return QS_REJECTED;
    return status;
}
