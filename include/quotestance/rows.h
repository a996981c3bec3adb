/* Labelled or plain texts, one record at a time: JSON Lines, CSV, TSV, lines, fastText, libsvm.
 * SPDX-License-Identifier: MIT */
#ifndef QUOTESTANCE_ROWS_H
#define QUOTESTANCE_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "quotestance/status.h"
#include "quotestance/str.h"

#ifdef __cplusplus
extern "C" {
#endif

/** value, name as on the command line */
#define QS_FORMAT_TABLE(X)                                                                         \
    X(QS_FORMAT_AUTO, "auto")                                                                      \
    X(QS_FORMAT_TEXT, "text")                                                                      \
    X(QS_FORMAT_HTML, "html")                                                                      \
    X(QS_FORMAT_JSONL, "jsonl")                                                                    \
    X(QS_FORMAT_CSV, "csv")                                                                        \
    X(QS_FORMAT_TSV, "tsv")                                                                        \
    X(QS_FORMAT_LINES, "lines")                                                                    \
    X(QS_FORMAT_FASTTEXT, "fasttext")                                                              \
    X(QS_FORMAT_LIBSVM, "libsvm")

/** How the bytes of an input are laid out. TEXT and HTML are articles, one a file; the others hold one
 *  record a line. */
typedef enum qs_format {
#define QS_FORMAT_ENUM(value, name) value,
    QS_FORMAT_TABLE(QS_FORMAT_ENUM)
#undef QS_FORMAT_ENUM
} qs_format;

/** The format called `name`; false leaves *out alone. Any thread. */
QS_API bool qs_format_from_name(const char *name, qs_format *out);

/** The name of a format. [borrowed: static]. Any thread. */
QS_API const char *qs_format_name(qs_format format);

/** The format that the end of a path tells (.tsv .tab .csv .jsonl .ndjson .json .html .htm .libsvm .svm
 *  .fasttext, also before .gz and .zst, any case); QS_FORMAT_AUTO if it tells nothing. Any thread. */
QS_API qs_format qs_format_from_path(const char *path);

/** The columns that have a meaning. Their default names: text, label, target, id, context. */
typedef enum qs_column {
    QS_COLUMN_TEXT,
    QS_COLUMN_LABEL,
    QS_COLUMN_TARGET,
    QS_COLUMN_ID,
    QS_COLUMN_CONTEXT,
    QS_COLUMN_COUNT
} qs_column;

/** The bit of a column in qs_rows_options.required and qs_row.present. */
#define QS_COLUMN_BIT(column) (1u << (column))

/** value, name in records, words */
#define QS_ROW_STATUS_TABLE(X)                                                                     \
    X(QS_ROW_OK, "ok", "read")                                                                     \
    X(QS_ROW_EMPTY, "empty", "no text")                                                            \
    X(QS_ROW_INVALID_UTF8, "invalid_utf8", "bytes that are not UTF-8")                             \
    X(QS_ROW_NUL, "nul", "a NUL character")                                                        \
    X(QS_ROW_TOO_LONG, "too_long", "longer than the limit")                                        \
    X(QS_ROW_MISSING_COLUMN, "missing_column", "a needed column is not there")                     \
    X(QS_ROW_MALFORMED, "malformed", "breaks the rules of its format")                             \
    X(QS_ROW_UNTERMINATED, "unterminated", "no final line feed")

/** What became of one record. */
typedef enum qs_row_status {
#define QS_ROW_STATUS_ENUM(value, name, words) value,
    QS_ROW_STATUS_TABLE(QS_ROW_STATUS_ENUM)
#undef QS_ROW_STATUS_ENUM
} qs_row_status;

/** The name of a row status, such as "invalid_utf8": the error code of a rejected record. [borrowed:
 *  static]. Any thread. */
QS_API const char *qs_row_status_name(qs_row_status status);

/** One field of a record. A value that is no string in JSON is its JSON text. */
typedef struct qs_field {
    qs_str name;    /**< column or key; [borrowed: rows, until the next record] */
    qs_str value;   /**< [borrowed: rows, until the next record] */
    bool is_string; /**< false: `value` is the JSON text of a number, boolean, null, array or object */
} qs_field;

/** One index:value pair of a libsvm row. */
typedef struct qs_row_feature {
    uint32_t index; /**< from 1 */
    double value;   /**< finite */
} qs_row_feature;

/** One record. All views are [borrowed: rows, until the next record]. */
typedef struct qs_row {
    qs_row_status status;               /**< QS_ROW_OK: use it; all else: report it and go on */
    char message[192];                  /**< why it is bad, one line; empty if it is not */
    uint64_t number;                    /**< which record of the input, from 1; the header does not count */
    uint64_t line;                      /**< line it starts on, from 1 */
    uint64_t offset;                    /**< byte it starts at, in the unpacked (and converted) input */
    uint64_t column;                    /**< byte in the record the message is about, or QS_NO_OFFSET */
    unsigned present;                   /**< QS_COLUMN_BIT of each column that has a value */
    qs_str columns[QS_COLUMN_COUNT];    /**< values by qs_column; of a bad record at most the id */
    const qs_field *fields;             /**< all fields in order, those of `columns` too */
    size_t field_count;                 /**< 0 for a bad record */
    const qs_row_feature *features;     /**< libsvm: the pairs, ascending */
    size_t feature_count;
    qs_str raw;                         /**< the record as read, no line end; empty if it was too long */
    uint64_t replaced;                  /**< bad sequences that became U+FFFD (replace_invalid) */
} qs_row;

/** The value of a field by name, or NULL. [borrowed: row]. Any thread. */
QS_API const qs_field *qs_row_field(const qs_row *row, qs_str name);

/** What stood before an input in the one that it was cut from; added to the number, line and offset of its records. */
typedef struct qs_rows_before {
    uint64_t records;
    uint64_t lines;
    uint64_t bytes;
} qs_rows_before;

/** How to read. Start from qs_rows_options_default(). */
typedef struct qs_rows_options {
    qs_format format;                     /**< QS_FORMAT_AUTO: by the path, else by the first bytes */
    const char *columns[QS_COLUMN_COUNT]; /**< names of columns or JSON keys; NULL: the default */
    unsigned required;                    /**< bits of columns without which a record is bad */
    const char *header;    /**< comma-separated names for CSV and TSV without a header line; else NULL */
    const char *encoding;  /**< NULL: UTF-8; else a name that iconv knows: latin1, cp1252, utf-16... */
    size_t max_record;     /**< bytes of one record; 0: 1 MiB */
    uint64_t max_bytes;    /**< bytes of the whole unpacked input; 0: no cap */
    bool replace_invalid;  /**< bytes that are not UTF-8 become U+FFFD; else the record is bad */
    bool need_final_newline; /**< a last record without line feed is bad (a torn file) */
    qs_rows_before before;   /**< for parts of an input that count as the whole would */
} qs_rows_options;

/** The defaults: format by itself, text required. Any thread. */
QS_API qs_rows_options qs_rows_options_default(void);

/** Reads records in order with memory that does not grow with the input. One thread at a time. */
typedef struct qs_rows qs_rows;

/** Opens `path` ("-": standard input; .gz and .zst unpacked). [owned] *out, NULL on failure; the options
 *  are [copied]. QS_EUSAGE (format that has no records, encoding unknown), QS_EINPUT (UTF-16 without being
 *  told, a header line without a required column), QS_EIO, QS_ENOMEM. */
QS_API QS_NODISCARD qs_status qs_rows_open(qs_rows **out, const char *path,
                                           const qs_rows_options *options, qs_error *err);

/** As qs_rows_open, over bytes in memory [borrowed until close]; `name` stands for the path in messages and
 *  tells the format. */
QS_API QS_NODISCARD qs_status qs_rows_open_bytes(qs_rows **out, qs_str bytes, const char *name,
                                                 const qs_rows_options *options, qs_error *err);

/** The next record, good or bad; *row is NULL at the end. A bad record does not stop the stream: look at
 *  row->status. Failures are of the input as a whole: QS_EIO, QS_EINPUT (damaged archive), QS_ELIMIT,
 *  QS_ENOMEM. */
QS_API QS_NODISCARD qs_status qs_rows_next(const qs_row **row, qs_rows *rows, qs_error *err);

/** The format that is read, never QS_FORMAT_AUTO. */
QS_API qs_format qs_rows_format(const qs_rows *rows);

/** Names of the columns of CSV and TSV, in order; NULL and 0 for other formats. [borrowed: rows] */
QS_API const qs_str *qs_rows_header(const qs_rows *rows, size_t *count);

/** Closes; NULL is fine. */
QS_API void qs_rows_close(qs_rows *rows);

#ifdef __cplusplus
}
#endif

#endif
