/* Records of CSV (RFC 4180), where a quoted field may hold line feeds. SPDX-License-Identifier: MIT */
#include <csv.h>
#include <string.h>

#include "article/rows_parts.h"

/* Cells of one record: their bytes one after another, and where each ends. */
struct qs_row_csv {
    struct csv_parser parser;
    bool started;
    bool failed;
    qs_buf bytes;
    size_t *ends;
    size_t count;
    size_t capacity;
};

static int is_feed(unsigned char c)
{
    return c == '\n';
}

/* libcsv would strip spaces around cells; we keep every byte. */
static int is_nothing(unsigned char c)
{
    (void)c;
    return 0;
}

static void *resize(void *block, size_t size)
{
    return qs_realloc(block, size, 1);
}

static void take_cell(void *bytes, size_t len, void *context)
{
    qs_row_csv *csv = context;
    if (qs_grow(&csv->ends, &csv->capacity, csv->count + 1, sizeof *csv->ends, NULL) != QS_OK) {
        csv->failed = true;
        return;
    }
    qs_buf_add(&csv->bytes, bytes, len);
    csv->ends[csv->count++] = csv->bytes.len;
}

static qs_status start(qs_rows *rows, qs_error *err)
{
    if (rows->csv == NULL)
        rows->csv = qs_alloc_zero(1, sizeof *rows->csv);
    if (rows->csv == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    qs_row_csv *csv = rows->csv;
    if (csv->started)
        csv_free(&csv->parser);
    csv->started = csv_init(&csv->parser, CSV_STRICT | CSV_STRICT_FINI) == 0;
    csv_set_realloc_func(&csv->parser, resize);
    csv_set_free_func(&csv->parser, qs_free);
    csv_set_space_func(&csv->parser, is_nothing);
    csv_set_term_func(&csv->parser, is_feed);
    qs_buf_clear(&csv->bytes);
    csv->count = 0;
    csv->failed = false;
    return QS_OK;
}

qs_status qs_row_csv_split(qs_rows *rows, qs_str record, uint64_t *bad, qs_error *err)
{
    *bad = QS_NO_OFFSET;
    const qs_status status = start(rows, err);
    if (status != QS_OK)
        return status;
    qs_row_csv *csv = rows->csv;
    const size_t done = csv_parse(&csv->parser, record.ptr, record.len, take_cell, NULL, csv);
    bool parsed = done == record.len;
    if (parsed)
        parsed = csv_fini(&csv->parser, take_cell, NULL, csv) == 0;
    if (csv->failed || csv->bytes.failed || (!parsed && csv_error(&csv->parser) != CSV_EPARSE))
        return qs_fail(err, QS_ENOMEM, "out of memory");
    if (!parsed)
        *bad = done < record.len ? done : record.len;
    return QS_OK;
}

size_t qs_row_csv_count(const qs_row_csv *csv)
{
    return csv->count;
}

qs_str qs_row_csv_cell(const qs_row_csv *csv, size_t index)
{
    const size_t from = index == 0 ? 0 : csv->ends[index - 1];
    return qs_str_slice(qs_buf_view(&csv->bytes), from, csv->ends[index]);
}

void qs_row_csv_free(qs_row_csv *csv)
{
    if (csv == NULL)
        return;
    if (csv->started)
        csv_free(&csv->parser);
    qs_buf_free(&csv->bytes);
    qs_free(csv->ends);
    qs_free(csv);
}

/* Where a scan for the end of a record stands. */
typedef enum csv_place { CELL_START, CELL_PLAIN, CELL_QUOTED, CELL_AFTER_QUOTE } csv_place;

typedef struct csv_scan {
    csv_place place;
    size_t at;
    size_t opened; /* where the quote that is open stands */
} csv_scan;

/* Goes on until the record ends (true, at = its line feed), breaks the rules (true, place CELL_AFTER_QUOTE,
 * at = the culprit) or the bytes run out (false). */
static bool scan_on(csv_scan *scan, const char *bytes, size_t ready)
{
    while (scan->at < ready) {
        const char c = bytes[scan->at];
        if (scan->place == CELL_QUOTED) {
            const char *quote = memchr(bytes + scan->at, '"', ready - scan->at);
            if (quote == NULL) {
                scan->at = ready;
                return false;
            }
            scan->at = (size_t)(quote - bytes) + 1;
            scan->place = CELL_AFTER_QUOTE;
            continue;
        }
        if (c == '\n')
            return true;
        if (c == '"' && scan->place != CELL_PLAIN) {
            if (scan->place == CELL_START)
                scan->opened = scan->at;
            scan->place = CELL_QUOTED;
        } else if (c == ',') {
            scan->place = CELL_START;
        } else if (scan->place == CELL_AFTER_QUOTE && c != '\r') {
            return true;
        } else if (scan->place != CELL_AFTER_QUOTE) {
            scan->place = CELL_PLAIN;
        }
        scan->at++;
    }
    return false;
}

/* The record cannot be told from what follows: give up its first line only, so that one stray quote costs one
 * line and not the rest of the file. */
static qs_status give_up(qs_rows *rows, qs_row_span *span, const csv_scan *scan, bool broken, qs_error *err)
{
    const qs_status status = qs_row_lines_peek(&rows->lines, span, err);
    if (status != QS_OK)
        return status;
    if (broken && scan->at < span->content)
        qs_row_reject(&rows->row, QS_ROW_MALFORMED, scan->at, "text after a closing quote");
    else
        qs_row_reject(&rows->row, QS_ROW_MALFORMED, scan->opened, "a quote that is never closed");
    return QS_OK;
}

qs_status qs_row_csv_peek(qs_rows *rows, qs_row_span *span, qs_error *err)
{
    qs_row_lines *lines = &rows->lines;
    csv_scan scan = {0};
    for (;;) {
        const char *from = lines->bytes + lines->start;
        const size_t ready = lines->end - lines->start;
        const bool stopped = scan_on(&scan, from, ready);
        if (stopped && from[scan.at] != '\n')
            return give_up(rows, span, &scan, true, err);
        if (stopped || lines->at_end || scan.at > lines->max_record + 1) {
            if (!stopped && scan.place == CELL_QUOTED)
                return give_up(rows, span, &scan, false, err);
            const bool whole = stopped || lines->at_end;
            span->length = stopped ? scan.at + 1 : ready;
            span->content = whole && scan.at > 0 && from[scan.at - 1] == '\r' ? scan.at - 1 : scan.at;
            span->terminated = stopped;
            span->too_long = span->content > lines->max_record;
            span->found = span->length > 0;
            return QS_OK;
        }
        const qs_status status = qs_row_lines_fill(lines, err);
        if (status != QS_OK)
            return status;
    }
}

static qs_str cell_of(void *cells, size_t index)
{
    return qs_row_csv_cell(cells, index);
}

qs_status qs_row_parse_csv(qs_rows *rows, qs_str record, qs_error *err)
{
    uint64_t bad = QS_NO_OFFSET;
    const qs_status status = qs_row_csv_split(rows, record, &bad, err);
    if (status != QS_OK)
        return status;
    if (bad != QS_NO_OFFSET) {
        qs_row_reject(&rows->row, QS_ROW_MALFORMED, bad, "a quote inside an unquoted cell");
        return QS_OK;
    }
    return qs_row_name_cells(rows, qs_row_csv_count(rows->csv), cell_of, rows->csv, err);
}
