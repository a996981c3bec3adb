/* Fuzz target: any bytes as records of any format. The first byte chooses the format and the options. The
 * stream must end, lines and offsets must ascend, and views must lie within what they claim.
 * SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "quotestance/rows.h"
#include "text/utf8.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void demand(bool true_always)
{
    if (!true_always)
        abort();
}

static void check_row(const qs_row *row, uint64_t *offset, uint64_t *line)
{
    demand(row->line >= *line && (row->number == 1 || row->offset > *offset));
    *offset = row->offset;
    *line = row->line;
    demand((row->status == QS_ROW_OK) == (row->message[0] == '\0'));
    for (size_t i = 0; i < row->field_count; i++)
        demand(qs_utf8_valid(row->fields[i].value, NULL));
    if (row->status == QS_ROW_OK)
        demand((row->present & QS_COLUMN_BIT(QS_COLUMN_TEXT)) != 0);
    for (size_t i = 1; i < row->feature_count; i++)
        demand(row->features[i - 1].index < row->features[i].index);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static const qs_format formats[] = {QS_FORMAT_AUTO, QS_FORMAT_JSONL,    QS_FORMAT_CSV,    QS_FORMAT_TSV,
                                        QS_FORMAT_LINES, QS_FORMAT_FASTTEXT, QS_FORMAT_LIBSVM, QS_FORMAT_AUTO};
    static const char *const encodings[] = {NULL, "latin1", "utf-16", "gb18030"};
    qs_rows_options options = qs_rows_options_default();
    qs_rows *rows = NULL;
    const qs_row *row = NULL;
    uint64_t offset = 0, line = 0;
    if (size == 0)
        return 0;
    options.format = formats[data[0] & 7];
    options.encoding = encodings[data[0] >> 3 & 3];
    options.replace_invalid = (data[0] & 32) != 0;
    options.max_record = (data[0] & 64) != 0 ? 16 : 4096;
    options.need_final_newline = (data[0] & 128) != 0;
    const qs_str bytes = qs_str_make((const char *)data + 1, size - 1);
    if (qs_rows_open_bytes(&rows, bytes, "fuzz", &options, NULL) != QS_OK)
        return 0;
    while (qs_rows_next(&row, rows, NULL) == QS_OK && row != NULL)
        check_row(row, &offset, &line);
    qs_rows_close(rows);
    return 0;
}
