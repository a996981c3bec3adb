/* Records that are JSON objects, one a line. SPDX-License-Identifier: MIT */
#include <string.h>

#include "article/rows_json.h"
#include "article/rows_parts.h"

static const char *kind_of(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return "an object";
    case JSON_ARRAY:
        return "an array";
    case JSON_STRING:
        return "a string";
    case JSON_NULL:
        return "null";
    case JSON_TRUE:
    case JSON_FALSE:
        return "a boolean";
    default:
        return "a number";
    }
}

/* Passes white space, and whatever is in `also`. */
static size_t skip(qs_str record, size_t at, char also)
{
    while (at < record.len && (record.ptr[at] == ' ' || record.ptr[at] == '\t' || record.ptr[at] == '\n' ||
                               record.ptr[at] == '\r' || record.ptr[at] == also))
        at++;
    return at;
}

/* The end of the string that begins at `at`. */
static size_t skip_string(qs_str record, size_t at)
{
    for (at++; at < record.len && record.ptr[at] != '"'; at++)
        if (record.ptr[at] == '\\')
            at++;
    return at + 1;
}

/* The end of the value that begins at `at`; the record is known to be sound JSON. */
static size_t skip_value(qs_str record, size_t at)
{
    size_t depth = 0;
    while (at < record.len) {
        const char c = record.ptr[at];
        if (c == '"') {
            at = skip_string(record, at);
            if (depth == 0)
                return at;
            continue;
        }
        if (c == '{' || c == '[')
            depth++;
        else if (depth == 0 && (c == ',' || c == '}' || c == ' ' || c == '\t' || c == '\n' || c == '\r'))
            return at;
        else if ((c == '}' || c == ']') && --depth == 0)
            return at + 1;
        at++;
    }
    return at;
}

/* Fields in the order of the record. Values other than strings are shown as they are written, so that no number
 * changes on its way through. */
static qs_status add_fields(qs_rows *rows, qs_str record, qs_error *err)
{
    const char *key = NULL;
    json_t *value = NULL;
    size_t at = skip(record, 0, '{');
    json_object_foreach(rows->object, key, value) {
        const qs_str name = qs_str_make(key, strlen(key));
        const size_t start = skip(record, skip_string(record, skip(record, at, ',')), ':');
        const size_t end = skip_value(record, start);
        const qs_str written = json_is_string(value)
                                   ? qs_str_make(json_string_value(value), json_string_length(value))
                                   : qs_str_slice(record, start, end);
        const qs_status status = qs_row_add_field(rows, name, written, json_is_string(value), err);
        if (status != QS_OK)
            return status;
        at = end;
    }
    return QS_OK;
}

const json_t *qs_rows_json(const qs_rows *rows, qs_str name)
{
    return rows->object == NULL ? NULL : json_object_getn(rows->object, name.ptr == NULL ? "" : name.ptr, name.len);
}

/* Annotation tools write labels as lists: ["favor"], or [[0, 12, "favor"]] for a stretch of the text. One label
 * is taken as it is, an empty list as none; *many tells that there are several. */
static const json_t *unpack_label(const json_t *value, bool *many)
{
    if (!json_is_array(value))
        return value;
    *many = json_array_size(value) > 1;
    const json_t *one = json_array_get(value, 0);
    return json_is_array(one) && json_array_size(one) == 3 ? json_array_get(one, 2) : one;
}

/* A column may hold a string, a number or a boolean; null counts as absent. */
static void take_column(qs_rows *rows, qs_column column)
{
    qs_row *row = &rows->row;
    bool many = false;
    const json_t *value = json_object_getn(rows->object, rows->names[column].ptr, rows->names[column].len);
    if (column == QS_COLUMN_LABEL)
        value = unpack_label(value, &many);
    if (value == NULL || json_is_null(value))
        return;
    if (many) {
        qs_row_reject(row, QS_ROW_MALFORMED, QS_NO_OFFSET, "'%.60s' lists several labels; one is expected",
                      rows->names[column].ptr);
        return;
    }
    if (json_is_string(value)) {
        row->columns[column] = qs_str_make(json_string_value(value), json_string_length(value));
    } else if (column != QS_COLUMN_TEXT && (json_is_number(value) || json_is_boolean(value))) {
        row->columns[column] = qs_row_field(row, rows->names[column])->value;
    } else if ((rows->options.required & QS_COLUMN_BIT(column)) != 0 || column == QS_COLUMN_TEXT) {
        qs_row_reject(row, QS_ROW_MALFORMED, QS_NO_OFFSET, "'%.60s' is %s", rows->names[column].ptr,
                      kind_of(value));
        return;
    } else {
        return;
    }
    row->present |= QS_COLUMN_BIT(column);
}

qs_status qs_row_parse_json(qs_rows *rows, qs_str record, qs_error *err)
{
    bool done = false;
    if (!rows->is_parser)
        return qs_row_parse_json_any(rows, record, err); /* qs_rows_json wants the parsed record */
    const qs_status status = qs_row_scan_json(rows, record, &done, err);
    return status != QS_OK || done ? status : qs_row_parse_json_any(rows, record, err);
}

qs_status qs_row_parse_json_any(qs_rows *rows, qs_str record, qs_error *err)
{
    json_error_t why;
    rows->object = json_loadb(record.ptr, record.len, JSON_REJECT_DUPLICATES, &why);
    if (rows->object == NULL) {
        const enum json_error_code code = json_error_code(&why);
        const bool is_nul =
            code == json_error_null_character || code == json_error_null_byte_in_key;
        if (code == json_error_out_of_memory)
            return qs_fail(err, QS_ENOMEM, "out of memory");
        qs_row_reject(&rows->row, is_nul ? QS_ROW_NUL : QS_ROW_MALFORMED,
                      why.position > 0 ? (uint64_t)why.position - 1 : 0, "%s", why.text);
        return QS_OK;
    }
    if (!json_is_object(rows->object)) {
        qs_row_reject(&rows->row, QS_ROW_MALFORMED, 0, "an object is expected, found %s",
                      kind_of(rows->object));
        return QS_OK;
    }
    const qs_status status = add_fields(rows, record, err);
    if (status != QS_OK)
        return status;
    /* the id first, so that a bad record can still be named */
    take_column(rows, QS_COLUMN_ID);
    for (int column = 0; column < QS_COLUMN_COUNT && rows->row.status == QS_ROW_OK; column++)
        if (column != QS_COLUMN_ID)
            take_column(rows, (qs_column)column);
    return QS_OK;
}
