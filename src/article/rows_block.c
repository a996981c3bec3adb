/* Records cut out of an input in blocks by one thread and parsed by others. SPDX-License-Identifier: MIT */
#include "article/rows_block.h"

#include <string.h>

#include "article/rows_parts.h"

qs_row_place qs_rows_place(const qs_rows *rows)
{
    return (qs_row_place){rows->row.number, rows->lines.line, rows->lines.offset};
}

/* True if the next line lies in the window. */
static bool has_line(const qs_row_lines *lines)
{
    return lines->end > lines->start &&
           memchr(lines->bytes + lines->start, '\n', lines->end - lines->start) != NULL;
}

/* Takes one record into the block; *last: the block must end behind it, as what follows would be read otherwise without
 * the rest of the input. */
static qs_status take_record(qs_rows *rows, qs_row_block *block, bool *last, qs_error *err)
{
    qs_row_span span = {0};
    qs_row_lines *lines = &rows->lines;
    qs_row_start(rows);
    qs_status status = rows->format == QS_FORMAT_CSV ? qs_row_csv_peek(rows, &span, err)
                                                     : qs_row_lines_peek(lines, &span, err);
    if (status != QS_OK)
        return status;
    *last = !span.found || span.too_long || rows->row.status != QS_ROW_OK;
    if (!span.found)
        return QS_OK;
    rows->row.number++;
    const size_t length = span.too_long ? lines->max_record + 2 : span.length;
    qs_buf_add(&block->bytes, lines->bytes + lines->start, length < span.length ? length : span.length);
    if (span.too_long)
        return qs_row_lines_skip_line(lines, err);
    qs_row_lines_skip(lines, span.length);
    return QS_OK;
}

qs_status qs_rows_cut(qs_rows *rows, qs_row_block *block, uint64_t bytes, uint64_t records, qs_error *err)
{
    qs_status status = QS_OK;
    bool last = false;
    qs_buf_clear(&block->bytes);
    block->start = qs_rows_place(rows);
    rows->line_now = rows->lines.line;
    while (status == QS_OK && !last && rows->lines.offset - block->start.offset < bytes &&
           rows->row.number - block->start.number < records) {
        if (block->bytes.len > 0 && !has_line(&rows->lines) && !qs_row_source_ready(rows->lines.source))
            break;
        status = take_record(rows, block, &last, err);
    }
    block->end = qs_rows_place(rows);
    if (status == QS_OK)
        status = qs_buf_status(&block->bytes, err);
    if (status != QS_OK) {
        if (err != NULL && err->line == 0 && status != QS_EINTERRUPTED)
            err->line = rows->line_now;
        qs_error_set_path(err, rows->path);
    }
    return status;
}

void qs_rows_set_stop(qs_rows *rows, const volatile int *stop)
{
    qs_row_source_set_stop(rows->lines.source, stop);
}

uint64_t qs_rows_progress(const qs_rows *rows)
{
    return qs_row_source_progress(rows->lines.source);
}

qs_status qs_rows_create_parser(qs_rows **out, const qs_rows *like, qs_error *err)
{
    qs_rows *rows = qs_alloc_zero(1, sizeof *rows);
    *out = rows;
    if (rows == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    rows->is_parser = true;
    rows->format = like->format;
    rows->options = like->options;
    rows->path = like->path;
    memcpy(rows->names, like->names, sizeof rows->names);
    rows->header = like->header;
    rows->header_count = like->header_count;
    rows->lines.max_record = like->lines.max_record;
    rows->lines.at_end = true;
    return QS_OK;
}

void qs_rows_feed(qs_rows *parser, const qs_row_block *block)
{
    qs_row_lines *lines = &parser->lines;
    lines->bytes = block->bytes.ptr;
    lines->capacity = block->bytes.len;
    lines->start = 0;
    lines->end = block->bytes.len;
    lines->line = block->start.line;
    lines->offset = block->start.offset;
    parser->row.number = block->start.number;
}
