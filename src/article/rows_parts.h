/* What the files of the row reader share. SPDX-License-Identifier: MIT */
#ifndef QS_ARTICLE_ROWS_PARTS_H
#define QS_ARTICLE_ROWS_PARTS_H

#include <jansson.h>

#include "base/arena.h"
#include "base/buf.h"
#include "quotestance/rows.h"

/* ---- bytes in UTF-8 (rows_source.c) ---- */

/** A file, standard input or memory, unpacked and converted to UTF-8. */
typedef struct qs_row_source qs_row_source;

/** `memory` NULL: opens `path`. QS_EIO, QS_EUSAGE (encoding), QS_ENOMEM. */
QS_NODISCARD qs_status qs_row_source_open(qs_row_source **out, const char *path, const qs_str *memory,
                                          const char *encoding, uint64_t max_bytes, qs_error *err);
/** As qs_stream_read. Bytes that the encoding does not know come out as FF, which UTF-8 does not know. */
QS_NODISCARD qs_status qs_row_source_read(qs_row_source *source, void *bytes, size_t len, size_t *got,
                                          qs_error *err);
void qs_row_source_close(qs_row_source *source);
/** False if reading would wait for another process. */
bool qs_row_source_ready(const qs_row_source *source);
/** Bytes read of the file as it lies, packed or not. */
uint64_t qs_row_source_progress(const qs_row_source *source);
/** Once *stop is not 0, a read that would wait fails with QS_EINTERRUPTED. */
void qs_row_source_set_stop(qs_row_source *source, const volatile int *stop);

/* ---- lines (rows_lines.c) ---- */

/** A window on the source that slides over it line by line. */
typedef struct qs_row_lines {
    qs_row_source *source;
    char *bytes;
    size_t capacity;   /* max_record and one read more */
    size_t start, end; /* what has been read and not yet consumed */
    size_t max_record;
    uint64_t line;     /* of bytes[start], from 1 */
    uint64_t offset;   /* of bytes[start] in the source */
    bool at_end;       /* the source has no more bytes */
} qs_row_lines;

/** What lies ahead. */
typedef struct qs_row_span {
    size_t content;  /* bytes of the record from `start`, without its line end */
    size_t length;   /* bytes with its line end */
    bool terminated; /* a line feed ends it */
    bool too_long;
    bool found; /* false: the input is at its end */
} qs_row_span;

/** Reads at least one more byte unless the window is full or the source at its end. */
QS_NODISCARD qs_status qs_row_lines_fill(qs_row_lines *lines, qs_error *err);
/** Measures the next line without consuming it. */
QS_NODISCARD qs_status qs_row_lines_peek(qs_row_lines *lines, qs_row_span *span, qs_error *err);
/** Consumes `length` bytes and counts their lines. */
void qs_row_lines_skip(qs_row_lines *lines, size_t length);
/** Consumes up to and with the next line feed, however far it is. */
QS_NODISCARD qs_status qs_row_lines_skip_line(qs_row_lines *lines, qs_error *err);

/* ---- the reader ---- */

typedef struct qs_row_csv qs_row_csv;

struct qs_rows {
    qs_format format;
    qs_rows_options options;
    const char *path;
    qs_str names[QS_COLUMN_COUNT];
    qs_row_lines lines;
    qs_row row;
    uint64_t line_now;  /* for errors of the input as a whole */
    qs_arena arena;     /* path, names, header */
    qs_str *header;
    size_t header_count;
    qs_field *fields;
    size_t field_capacity;
    qs_row_feature *features;
    size_t feature_capacity;
    qs_buf repaired;    /* the record with U+FFFD for bad bytes */
    qs_buf texts;       /* strings that qs_row_scan_json unescaped */
    json_t *object;
    qs_row_csv *csv;
    bool is_parser; /* works on blocks; names, header and bytes are borrowed */
};

/** Forgets the last record; the next begins where the window stands. */
void qs_row_start(qs_rows *rows);

/** Marks the row bad with a message about byte `column` (QS_NO_OFFSET: none). */
void qs_row_reject(qs_row *row, qs_row_status status, uint64_t column, const char *format, ...)
    QS_PRINTF(4, 5);
/** Adds a field; QS_ENOMEM. */
QS_NODISCARD qs_status qs_row_add_field(qs_rows *rows, qs_str name, qs_str value, bool is_string,
                                        qs_error *err);

/* Each parser reads row.raw, already valid UTF-8, into fields or marks the row bad. */
QS_NODISCARD qs_status qs_row_parse_json(qs_rows *rows, qs_str record, qs_error *err);
QS_NODISCARD qs_status qs_row_parse_csv(qs_rows *rows, qs_str record, qs_error *err);
QS_NODISCARD qs_status qs_row_parse_tsv(qs_rows *rows, qs_str record, qs_error *err);
QS_NODISCARD qs_status qs_row_parse_line(qs_rows *rows, qs_str record, qs_error *err);
QS_NODISCARD qs_status qs_row_parse_fasttext(qs_rows *rows, qs_str record, qs_error *err);
QS_NODISCARD qs_status qs_row_parse_libsvm(qs_rows *rows, qs_str record, qs_error *err);

/** Reads the usual record without a parser; *done false: the row is as it was, and qs_row_parse_json_any must read it. QS_ENOMEM. */
QS_NODISCARD qs_status qs_row_scan_json(qs_rows *rows, qs_str record, bool *done, qs_error *err);
/** Reads any record; of one that qs_row_scan_json reads it makes the same. QS_ENOMEM. */
QS_NODISCARD qs_status qs_row_parse_json_any(qs_rows *rows, qs_str record, qs_error *err);

/** As qs_row_lines_peek for CSV, where line feeds may stand in quoted fields. If the quotes are wrong the span
 *  is the first line and row is marked bad. */
QS_NODISCARD qs_status qs_row_csv_peek(qs_rows *rows, qs_row_span *span, qs_error *err);
/** Splits one CSV record; the views last until the next call. *bad gets the byte where it breaks the rules, or
 *  QS_NO_OFFSET. */
QS_NODISCARD qs_status qs_row_csv_split(qs_rows *rows, qs_str record, uint64_t *bad, qs_error *err);
void qs_row_csv_free(qs_row_csv *csv);
size_t qs_row_csv_count(const qs_row_csv *csv);
qs_str qs_row_csv_cell(const qs_row_csv *csv, size_t index);

/** Gives the fields of CSV and TSV their names, or marks the row bad if there are too many or too few. */
QS_NODISCARD qs_status qs_row_name_cells(qs_rows *rows, size_t count, qs_str (*cell)(void *, size_t),
                                         void *cells, qs_error *err);

/** The format that the first bytes tell; never QS_FORMAT_AUTO. */
qs_format qs_row_detect(qs_str first_bytes, const qs_str names[QS_COLUMN_COUNT]);
/** True if a record holds white space only. */
bool qs_row_blank(qs_str text);

#endif
