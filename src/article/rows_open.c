/* Opening records: options, byte order marks, format, header line. SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "article/rows_parts.h"
#include "text/utf8.h"

#define ROWS_MAX_RECORD ((size_t)1024 * 1024)
#define ROWS_READ ((size_t)128 * 1024)
#define ROWS_DETECT ((size_t)64 * 1024)

static qs_status take_options(qs_rows *rows, const char *path, const qs_rows_options *options, qs_error *err)
{
    static const char *const defaults[QS_COLUMN_COUNT] = {"text", "label", "target", "id", "context"};
    rows->options = *options;
    const qs_str path_copy = qs_arena_copy(&rows->arena, qs_str_of(path));
    bool failed = path_copy.ptr == NULL;
    for (int i = 0; i < QS_COLUMN_COUNT; i++) {
        const char *name = options->columns[i] != NULL ? options->columns[i] : defaults[i];
        rows->names[i] = qs_arena_copy(&rows->arena, qs_str_of(name));
        failed = failed || rows->names[i].ptr == NULL;
    }
    if (failed)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    rows->path = path_copy.ptr;
    rows->options.max_record = options->max_record != 0 ? options->max_record : ROWS_MAX_RECORD;
    if (rows->options.max_record > SIZE_MAX / 2)
        return qs_fail(err, QS_EUSAGE, "the limit for a record is too large");
    return QS_OK;
}

static qs_status start_window(qs_rows *rows, qs_error *err)
{
    qs_row_lines *lines = &rows->lines;
    lines->max_record = rows->options.max_record;
    lines->capacity = lines->max_record + ROWS_READ;
    lines->line = 1;
    lines->bytes = qs_alloc(lines->capacity, 1);
    if (lines->bytes == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    while (!lines->at_end && lines->end < ROWS_DETECT && lines->end < lines->capacity) {
        const qs_status status = qs_row_lines_fill(lines, err);
        if (status != QS_OK)
            return status;
        if (lines->end >= 4 && memchr(lines->bytes, '\n', lines->end) != NULL)
            break;
    }
    return QS_OK;
}

/* Drops a byte order mark of UTF-8; names the encoding of any other. */
static qs_status check_mark(qs_rows *rows, qs_error *err)
{
    static const struct {
        const char *bytes;
        size_t len;
        const char *name;
    } marks[] = {{"\xff\xfe\0\0", 4, "UTF-32LE"},
                 {"\0\0\xfe\xff", 4, "UTF-32BE"},
                 {"\xff\xfe", 2, "UTF-16LE"},
                 {"\xfe\xff", 2, "UTF-16BE"}};
    qs_row_lines *lines = &rows->lines;
    if (lines->end >= 3 && memcmp(lines->bytes, "\xef\xbb\xbf", 3) == 0)
        qs_row_lines_skip(lines, 3);
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (lines->end >= marks[i].len && memcmp(lines->bytes, marks[i].bytes, marks[i].len) == 0)
            return qs_fail_at(err, QS_EINPUT, 1, 0, "%s text; UTF-8 is expected unless told otherwise",
                              marks[i].name);
    return QS_OK;
}

static qs_status add_header_cell(qs_rows *rows, qs_str cell, size_t *capacity, qs_error *err)
{
    const qs_status status =
        qs_grow(&rows->header, capacity, rows->header_count + 1, sizeof *rows->header, err);
    if (status != QS_OK)
        return status;
    const qs_str copy = qs_arena_copy(&rows->arena, cell);
    if (copy.ptr == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    for (size_t i = 0; i < rows->header_count; i++)
        if (qs_str_equal(rows->header[i], copy))
            return qs_fail_at(err, QS_EINPUT, 1, 0, "the header line names '%.60s' twice", copy.ptr);
    rows->header[rows->header_count++] = copy;
    return QS_OK;
}

static qs_status split_header(qs_rows *rows, qs_str line, char between, qs_error *err)
{
    qs_status status = QS_OK;
    size_t capacity = 0;
    size_t start = 0;
    for (size_t at = 0; at <= line.len && status == QS_OK; at++)
        if (at == line.len || line.ptr[at] == between) {
            status = add_header_cell(rows, qs_str_slice(line, start, at), &capacity, err);
            start = at + 1;
        }
    return status;
}

static qs_status split_csv_header(qs_rows *rows, qs_str line, qs_error *err)
{
    uint64_t bad = QS_NO_OFFSET;
    size_t capacity = 0;
    qs_status status = qs_row_csv_split(rows, line, &bad, err);
    if (status == QS_OK && bad != QS_NO_OFFSET)
        status = qs_fail_at(err, QS_EINPUT, 1, bad, "the header line breaks the rules of CSV");
    for (size_t i = 0; status == QS_OK && i < qs_row_csv_count(rows->csv); i++)
        status = add_header_cell(rows, qs_row_csv_cell(rows->csv, i), &capacity, err);
    return status;
}

/* All required columns must stand in the header; the message shows what does. */
static qs_status check_header(const qs_rows *rows, qs_error *err)
{
    char found[160] = "";
    size_t used = 0;
    for (size_t i = 0; i < rows->header_count && used < sizeof found; i++)
        used += (size_t)snprintf(found + used, sizeof found - used, "%s%.*s", i > 0 ? ", " : "",
                                 (int)(rows->header[i].len < 40 ? rows->header[i].len : 40),
                                 rows->header[i].ptr);
    for (int column = 0; column < QS_COLUMN_COUNT; column++) {
        bool there = (rows->options.required & QS_COLUMN_BIT(column)) == 0;
        for (size_t i = 0; i < rows->header_count; i++)
            there = there || qs_str_equal(rows->header[i], rows->names[column]);
        if (!there)
            return qs_fail_at(err, QS_EINPUT, 1, 0, "no column '%.40s' in the header line; it has: %s",
                              rows->names[column].ptr, found);
    }
    return QS_OK;
}

static qs_status read_header(qs_rows *rows, qs_error *err)
{
    qs_row_span span;
    size_t bad = 0;
    if (rows->options.header != NULL) {
        const qs_status status = split_header(rows, qs_str_of(rows->options.header), ',', err);
        return status == QS_OK ? check_header(rows, err) : status;
    }
    qs_status status = rows->format == QS_FORMAT_CSV ? qs_row_csv_peek(rows, &span, err)
                                                     : qs_row_lines_peek(&rows->lines, &span, err);
    if (status != QS_OK || !span.found)
        return status;
    const qs_str line = qs_str_make(rows->lines.bytes + rows->lines.start, span.content);
    if (span.too_long || rows->row.status != QS_ROW_OK)
        return qs_fail_at(err, QS_EINPUT, 1, 0, "the header line does not end");
    if (memchr(line.ptr, '\0', line.len) != NULL || !qs_utf8_valid(line, &bad))
        return qs_fail_at(err, QS_EINPUT, 1, bad, "the header line is not UTF-8");
    if (memchr(line.ptr, '\r', line.len) != NULL)
        return qs_fail_at(err, QS_EINPUT, 1, 0, "lines end in a lone carriage return; a line feed is expected");
    status = rows->format == QS_FORMAT_CSV ? split_csv_header(rows, line, err)
                                           : split_header(rows, line, '\t', err);
    if (status == QS_OK)
        status = check_header(rows, err);
    if (status == QS_OK)
        qs_row_lines_skip(&rows->lines, span.length);
    return status;
}

static qs_status choose_format(qs_rows *rows, qs_error *err)
{
    const qs_row_lines *lines = &rows->lines;
    rows->format = rows->options.format;
    if (rows->format == QS_FORMAT_AUTO)
        rows->format = qs_format_from_path(rows->path);
    if (rows->format == QS_FORMAT_AUTO)
        rows->format = qs_row_detect(qs_str_make(lines->bytes + lines->start, lines->end - lines->start),
                                     rows->names);
    if (rows->format == QS_FORMAT_TEXT || rows->format == QS_FORMAT_HTML)
        return qs_fail(err, QS_EUSAGE, "%s is a format of articles, not of records",
                       qs_format_name(rows->format));
    const unsigned can = rows->format == QS_FORMAT_LINES
                             ? QS_COLUMN_BIT(QS_COLUMN_TEXT)
                             : QS_COLUMN_BIT(QS_COLUMN_TEXT) | QS_COLUMN_BIT(QS_COLUMN_LABEL);
    if ((rows->format == QS_FORMAT_LINES || rows->format == QS_FORMAT_FASTTEXT ||
         rows->format == QS_FORMAT_LIBSVM) &&
        (rows->options.required & ~can) != 0 && lines->end > lines->start)
        return qs_fail(err, QS_EINPUT,
                       "read as %s, which has no column for every need; name the format or the columns",
                       qs_format_name(rows->format));
    return QS_OK;
}

static qs_status open_any(qs_rows **out, const char *path, const qs_str *memory,
                          const qs_rows_options *options, qs_error *err)
{
    *out = NULL;
    qs_rows *rows = qs_alloc_zero(1, sizeof *rows);
    if (rows == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    qs_status status = take_options(rows, path, options, err);
    if (status == QS_OK)
        status = qs_row_source_open(&rows->lines.source, path, memory, options->encoding,
                                    options->max_bytes, err);
    if (status == QS_OK)
        status = start_window(rows, err);
    if (status == QS_OK)
        status = check_mark(rows, err);
    if (status == QS_OK)
        status = choose_format(rows, err);
    if (status == QS_OK && (rows->format == QS_FORMAT_CSV || rows->format == QS_FORMAT_TSV))
        status = read_header(rows, err);
    rows->row.number = options->before.records;
    rows->lines.line += options->before.lines;
    rows->lines.offset += options->before.bytes;
    if (status != QS_OK) {
        qs_error_set_path(err, path);
        qs_rows_close(rows);
        return status;
    }
    *out = rows;
    return QS_OK;
}

qs_status qs_rows_open(qs_rows **out, const char *path, const qs_rows_options *options, qs_error *err)
{
    return open_any(out, path, NULL, options, err);
}

qs_status qs_rows_open_bytes(qs_rows **out, qs_str bytes, const char *name,
                             const qs_rows_options *options, qs_error *err)
{
    return open_any(out, name, &bytes, options, err);
}
