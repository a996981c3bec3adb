/* Records of TSV, plain lines, fastText and libsvm. SPDX-License-Identifier: MIT */
#include <string.h>

#include "article/rows_parts.h"
#include "base/number.h"

static void set_column(qs_rows *rows, qs_column column, qs_str value)
{
    rows->row.columns[column] = value;
    rows->row.present |= QS_COLUMN_BIT(column);
}

qs_status qs_row_name_cells(qs_rows *rows, size_t count, qs_str (*cell)(void *, size_t), void *cells,
                            qs_error *err)
{
    qs_status status = QS_OK;
    for (size_t i = 0; i < count && i < rows->header_count && status == QS_OK; i++) {
        const qs_str value = cell(cells, i);
        status = qs_row_add_field(rows, rows->header[i], value, true, err);
        for (int column = 0; column < QS_COLUMN_COUNT; column++)
            if (qs_str_equal(rows->header[i], rows->names[column]))
                set_column(rows, (qs_column)column, value);
    }
    if (status == QS_OK && count != rows->header_count)
        qs_row_reject(&rows->row, count < rows->header_count ? QS_ROW_MISSING_COLUMN : QS_ROW_MALFORMED,
                      QS_NO_OFFSET, "%zu fields, the header has %zu", count, rows->header_count);
    return status;
}

/* Hands out the cells of a TSV record one after another. */
typedef struct tab_cells {
    qs_str record;
    size_t at;
} tab_cells;

static qs_str next_cell(void *context, size_t index)
{
    tab_cells *cells = context;
    (void)index;
    const qs_str rest = qs_str_slice(cells->record, cells->at, cells->record.len);
    const char *tab = rest.len > 0 ? memchr(rest.ptr, '\t', rest.len) : NULL;
    const size_t len = tab != NULL ? (size_t)(tab - rest.ptr) : rest.len;
    cells->at += len + 1;
    return qs_str_make(rest.ptr, len);
}

qs_status qs_row_parse_tsv(qs_rows *rows, qs_str record, qs_error *err)
{
    tab_cells cells = {record, 0};
    size_t count = 1;
    for (size_t i = 0; i < record.len; i++)
        count += record.ptr[i] == '\t';
    return qs_row_name_cells(rows, count, next_cell, &cells, err);
}

qs_status qs_row_parse_line(qs_rows *rows, qs_str record, qs_error *err)
{
    set_column(rows, QS_COLUMN_TEXT, record);
    return qs_row_add_field(rows, rows->names[QS_COLUMN_TEXT], record, true, err);
}

/* "__label__X text"; only the first word is ever taken for a label. */
qs_status qs_row_parse_fasttext(qs_rows *rows, qs_str record, qs_error *err)
{
    static const char mark[] = "__label__";
    const size_t mark_length = sizeof mark - 1;
    if (record.len < mark_length || memcmp(record.ptr, mark, mark_length) != 0)
        return qs_row_parse_line(rows, record, err);
    size_t end = mark_length;
    while (end < record.len && record.ptr[end] != ' ' && record.ptr[end] != '\t')
        end++;
    const qs_str label = qs_str_slice(record, mark_length, end);
    while (end < record.len && (record.ptr[end] == ' ' || record.ptr[end] == '\t'))
        end++;
    const qs_str text = qs_str_slice(record, end, record.len);
    if (label.len == 0) {
        qs_row_reject(&rows->row, QS_ROW_MALFORMED, 0, "a label without a name");
        return QS_OK;
    }
    if (text.len >= mark_length && memcmp(text.ptr, mark, mark_length) == 0) {
        qs_row_reject(&rows->row, QS_ROW_MALFORMED, end, "a second label; one is expected");
        return QS_OK;
    }
    set_column(rows, QS_COLUMN_LABEL, label);
    set_column(rows, QS_COLUMN_TEXT, text);
    qs_status status = qs_row_add_field(rows, rows->names[QS_COLUMN_LABEL], label, true, err);
    if (status == QS_OK)
        status = qs_row_add_field(rows, rows->names[QS_COLUMN_TEXT], text, true, err);
    return status;
}

/* One "index:value"; says what is wrong with it, or NULL. */
static const char *read_pair(qs_str token, uint64_t last, qs_row_feature *out)
{
    const char *colon = memchr(token.ptr, ':', token.len);
    uint64_t index = 0;
    if (colon == NULL)
        return "an index:value pair is expected";
    const size_t split = (size_t)(colon - token.ptr);
    if (!qs_number_parse_u64(qs_str_slice(token, 0, split), &index) || index == 0 || index > INT32_MAX)
        return "an index must be a whole number from 1 to 2147483647";
    if (index == last)
        return "an index stands twice";
    if (index < last)
        return "indices must ascend";
    if (!qs_number_parse(qs_str_slice(token, split + 1, token.len), &out->value))
        return "a value must be a finite decimal number";
    out->index = (uint32_t)index;
    return NULL;
}

static qs_str next_word(qs_str record, size_t *at)
{
    while (*at < record.len && (record.ptr[*at] == ' ' || record.ptr[*at] == '\t'))
        ++*at;
    const size_t start = *at;
    while (*at < record.len && record.ptr[*at] != ' ' && record.ptr[*at] != '\t')
        ++*at;
    return qs_str_slice(record, start, *at);
}

qs_status qs_row_parse_libsvm(qs_rows *rows, qs_str record, qs_error *err)
{
    qs_row *row = &rows->row;
    size_t at = 0;
    const qs_str label = next_word(record, &at);
    if (label.len > 0 && memchr(label.ptr, ':', label.len) != NULL) {
        qs_row_reject(row, QS_ROW_MALFORMED, 0, "a label is expected first");
        return QS_OK;
    }
    size_t start = at;
    while (start < record.len && (record.ptr[start] == ' ' || record.ptr[start] == '\t'))
        start++;
    size_t count = 0;
    uint64_t last = 0;
    for (qs_str word = next_word(record, &at); word.len > 0; word = next_word(record, &at)) {
        qs_row_feature pair = {0, 0};
        const char *wrong = read_pair(word, last, &pair);
        if (wrong != NULL) {
            qs_row_reject(row, QS_ROW_MALFORMED, (uint64_t)(word.ptr - record.ptr), "%s", wrong);
            return QS_OK;
        }
        const qs_status status =
            qs_grow(&rows->features, &rows->feature_capacity, count + 1, sizeof pair, err);
        if (status != QS_OK)
            return status;
        rows->features[count++] = pair;
        last = pair.index;
    }
    row->features = rows->features;
    row->feature_count = count;
    set_column(rows, QS_COLUMN_LABEL, label);
    set_column(rows, QS_COLUMN_TEXT, qs_str_slice(record, start, record.len));
    qs_status status = qs_row_add_field(rows, rows->names[QS_COLUMN_LABEL], label, true, err);
    if (status == QS_OK)
        status = qs_row_add_field(rows, rows->names[QS_COLUMN_TEXT], row->columns[QS_COLUMN_TEXT], true, err);
    return status;
}
