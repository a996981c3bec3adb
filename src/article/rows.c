/* Reading records: the gate that every record passes. SPDX-License-Identifier: MIT */
#include "quotestance/rows.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "article/rows_parts.h"
#include "text/utf8.h"

static const char *const row_status_names[] = {
#define ROW_STATUS_NAME(value, name, words) name,
    QS_ROW_STATUS_TABLE(ROW_STATUS_NAME)
#undef ROW_STATUS_NAME
};

const char *qs_row_status_name(qs_row_status status)
{
    return (size_t)status < sizeof row_status_names / sizeof *row_status_names
               ? row_status_names[status]
               : "unknown";
}

const qs_field *qs_row_field(const qs_row *row, qs_str name)
{
    for (size_t i = 0; i < row->field_count; i++)
        if (qs_str_equal(row->fields[i].name, name))
            return &row->fields[i];
    return NULL;
}

qs_rows_options qs_rows_options_default(void)
{
    return (qs_rows_options){.required = QS_COLUMN_BIT(QS_COLUMN_TEXT)};
}

void qs_row_reject(qs_row *row, qs_row_status status, uint64_t column, const char *format, ...)
{
    va_list args;
    row->status = status;
    row->column = column;
    va_start(args, format);
    (void)vsnprintf(row->message, sizeof row->message, format, args);
    va_end(args);
    for (char *c = row->message; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = ' ';
}

qs_status qs_row_add_field(qs_rows *rows, qs_str name, qs_str value, bool is_string, qs_error *err)
{
    const size_t count = rows->row.field_count;
    const qs_status status =
        qs_grow(&rows->fields, &rows->field_capacity, count + 1, sizeof *rows->fields, err);
    if (status != QS_OK)
        return status;
    rows->fields[count] = (qs_field){name, value, is_string};
    rows->row.fields = rows->fields;
    rows->row.field_count = count + 1;
    return QS_OK;
}

/* ---- the next record ---- */

/* Copies the record with U+FFFD for each byte that is not UTF-8. */
static qs_status repair(qs_rows *rows, qs_str *record, qs_error *err)
{
    qs_buf *buf = &rows->repaired;
    qs_buf_clear(buf);
    for (size_t at = 0; at < record->len;) {
        uint32_t c = 0;
        const size_t length = qs_utf8_decode(*record, at, &c);
        const bool bad = length == 1 && c == QS_REPLACEMENT;
        if (bad)
            qs_buf_add(buf, "\xef\xbf\xbd", 3);
        else
            qs_buf_add(buf, record->ptr + at, length);
        rows->row.replaced += bad;
        at += length;
    }
    *record = qs_buf_view(buf);
    return qs_buf_status(buf, err);
}

static qs_status parse(qs_rows *rows, qs_str record, qs_error *err)
{
    switch (rows->format) {
    case QS_FORMAT_JSONL:
        return qs_row_parse_json(rows, record, err);
    case QS_FORMAT_CSV:
        return qs_row_parse_csv(rows, record, err);
    case QS_FORMAT_TSV:
        return qs_row_parse_tsv(rows, record, err);
    case QS_FORMAT_FASTTEXT:
        return qs_row_parse_fasttext(rows, record, err);
    case QS_FORMAT_LIBSVM:
        return qs_row_parse_libsvm(rows, record, err);
    default:
        return qs_row_parse_line(rows, record, err);
    }
}

/* What a well-formed record may still lack. */
static void check_columns(qs_rows *rows)
{
    qs_row *row = &rows->row;
    for (int column = 0; column < QS_COLUMN_COUNT && row->status == QS_ROW_OK; column++) {
        const unsigned bit = QS_COLUMN_BIT(column);
        if ((row->present & bit) == 0 && (rows->options.required & bit) != 0)
            qs_row_reject(row, QS_ROW_MISSING_COLUMN, QS_NO_OFFSET, "no '%.60s'", rows->names[column].ptr);
        else if (column != QS_COLUMN_TEXT && (rows->options.required & bit) != 0 &&
                 qs_row_blank(row->columns[column]))
            qs_row_reject(row, QS_ROW_MISSING_COLUMN, QS_NO_OFFSET, "'%.60s' is empty",
                          rows->names[column].ptr);
        else if (column == QS_COLUMN_TEXT && (row->present & bit) != 0 &&
                 rows->format != QS_FORMAT_LIBSVM && qs_row_blank(row->columns[column]))
            qs_row_reject(row, QS_ROW_EMPTY, QS_NO_OFFSET, "'%.60s' is empty", rows->names[column].ptr);
    }
}

/* Of a bad record only the id remains, if it is sound. */
static void strip(qs_row *row)
{
    const qs_str id = row->columns[QS_COLUMN_ID];
    const bool keep = (row->present & QS_COLUMN_BIT(QS_COLUMN_ID)) != 0 && qs_utf8_valid(id, NULL) &&
                      (id.len == 0 || memchr(id.ptr, '\0', id.len) == NULL);
    memset(row->columns, 0, sizeof row->columns);
    row->present = 0;
    row->field_count = 0;
    row->feature_count = 0;
    if (keep) {
        row->columns[QS_COLUMN_ID] = id;
        row->present = QS_COLUMN_BIT(QS_COLUMN_ID);
    }
}

/* A TSV record that is bad for its bytes can still be named by its id. */
static qs_status find_id(qs_rows *rows, qs_str record, qs_error *err)
{
    if (rows->format != QS_FORMAT_TSV)
        return QS_OK;
    qs_row bad = rows->row;
    const qs_status status = qs_row_parse_tsv(rows, record, err);
    bad.columns[QS_COLUMN_ID] = rows->row.columns[QS_COLUMN_ID];
    bad.present = rows->row.present & QS_COLUMN_BIT(QS_COLUMN_ID);
    rows->row = bad;
    return status;
}

static qs_status judge(qs_rows *rows, const qs_row_span *span, qs_error *err)
{
    qs_row *row = &rows->row;
    qs_str record = row->raw;
    size_t bad = 0;
    if (!span->terminated && rows->options.need_final_newline) {
        qs_row_reject(row, QS_ROW_UNTERMINATED, record.len, "the last line has no line feed");
        return QS_OK;
    }
    const char *nul = record.len > 0 ? memchr(record.ptr, '\0', record.len) : NULL;
    if (nul != NULL) {
        qs_row_reject(row, QS_ROW_NUL, (uint64_t)(nul - record.ptr), "NUL at byte %zu",
                      (size_t)(nul - record.ptr));
        return find_id(rows, record, err);
    }
    if (!qs_utf8_valid(record, &bad)) {
        if (!rows->options.replace_invalid) {
            qs_row_reject(row, QS_ROW_INVALID_UTF8, bad, "not UTF-8 at byte %zu", bad);
            return find_id(rows, record, err);
        }
        const qs_status status = repair(rows, &record, err);
        if (status != QS_OK)
            return status;
    }
    if (qs_row_blank(record)) {
        qs_row_reject(row, QS_ROW_EMPTY, QS_NO_OFFSET, "an empty line");
        return QS_OK;
    }
    const qs_status status = parse(rows, record, err);
    if (status == QS_OK && row->status == QS_ROW_OK)
        check_columns(rows);
    return status;
}

void qs_row_start(qs_rows *rows)
{
    const uint64_t number = rows->row.number;
    rows->row = (qs_row){.number = number,
                         .line = rows->lines.line,
                         .offset = rows->lines.offset,
                         .column = QS_NO_OFFSET};
    json_decref(rows->object);
    rows->object = NULL;
    qs_buf_clear(&rows->texts);
    rows->line_now = rows->lines.line;
}

static qs_status consume(qs_rows *rows, const qs_row_span *span, qs_error *err)
{
    qs_row *row = &rows->row;
    row->number++;
    if (span->too_long) {
        qs_row_reject(row, QS_ROW_TOO_LONG, rows->options.max_record, "longer than %zu bytes",
                      rows->options.max_record);
        return qs_row_lines_skip_line(&rows->lines, err);
    }
    row->raw = qs_str_make(rows->lines.bytes + rows->lines.start, span->content);
    const qs_status status = row->status == QS_ROW_OK ? judge(rows, span, err) : QS_OK;
    qs_row_lines_skip(&rows->lines, span->length);
    return status;
}

qs_status qs_rows_next(const qs_row **out, qs_rows *rows, qs_error *err)
{
    qs_row_span span = {0};
    *out = NULL;
    qs_row_start(rows);
    qs_status status = rows->format == QS_FORMAT_CSV ? qs_row_csv_peek(rows, &span, err)
                                                     : qs_row_lines_peek(&rows->lines, &span, err);
    if (status == QS_OK && !span.found)
        return QS_OK;
    if (status == QS_OK)
        status = consume(rows, &span, err);
    if (status != QS_OK) {
        if (err != NULL && err->line == 0)
            err->line = rows->line_now;
        qs_error_set_path(err, rows->path);
        return status;
    }
    if (rows->row.status != QS_ROW_OK)
        strip(&rows->row);
    *out = &rows->row;
    return QS_OK;
}

qs_format qs_rows_format(const qs_rows *rows)
{
    return rows->format;
}

const qs_str *qs_rows_header(const qs_rows *rows, size_t *count)
{
    *count = rows->header_count;
    return rows->header;
}

void qs_rows_close(qs_rows *rows)
{
    if (rows == NULL)
        return;
    if (!rows->is_parser) {
        qs_row_source_close(rows->lines.source);
        qs_free(rows->lines.bytes);
        qs_arena_free(&rows->arena);
        qs_free(rows->header);
    }
    qs_free(rows->fields);
    qs_free(rows->features);
    qs_buf_free(&rows->repaired);
    qs_buf_free(&rows->texts);
    json_decref(rows->object);
    qs_row_csv_free(rows->csv);
    qs_free(rows);
}
