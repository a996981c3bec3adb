/* Records on their way from one corpus format to another. SPDX-License-Identifier: MIT */
#ifndef QS_PIPELINE_CORPUS_RECORD_H
#define QS_PIPELINE_CORPUS_RECORD_H

#include "base/buf.h"
#include "base/map.h"
#include "quotestance/corpus.h"

/** A field and the meaning it has. */
typedef struct qs_record_field {
    qs_str name; /* the default name if it has a meaning */
    qs_str value;
    bool is_string;
    int column; /* qs_column, or -1 */
} qs_record_field;

/** One record; the views last while it is handed over. */
typedef struct qs_record {
    const char *path;
    uint64_t line;
    qs_record_field *fields;
    size_t count, capacity;
    bool is_libsvm;
    const qs_row_feature *features; /* of libsvm rows, else NULL */
    size_t feature_count;
} qs_record;

/** The first field with a meaning, or NULL. */
const qs_record_field *qs_record_column(const qs_record *record, qs_column column);
/** Adds a field. QS_ENOMEM. */
QS_NODISCARD qs_status qs_record_add(qs_record *record, qs_str name, qs_str value, bool is_string, int column,
                                     qs_error *err);

/** Takes one record, or rejects it with *wrong (a string constant) set. */
typedef qs_status (*qs_record_sink)(void *context, const qs_record *record, const char **wrong, qs_error *err);

/** The whole of one conversion. */
typedef struct qs_conversion {
    const qs_convert_options *convert;
    const qs_corpus_options *options;
    qs_convert_counts *counts;
    qs_record_sink sink;
    void *context;
    bool silent; /* the first of two passes: nothing is counted or reported */
} qs_conversion;

/** Reads one path and hands its records to the sink. */
QS_NODISCARD qs_status qs_record_read(const qs_conversion *conversion, const char *path, qs_error *err);
/** Reports one record that is left out. */
void qs_record_reject(const qs_conversion *conversion, const char *path, uint64_t line, const char *code,
                      const char *message);
/** Hands a record over, counts it or reports why not. */
QS_NODISCARD qs_status qs_record_pass(const qs_conversion *conversion, const qs_record *record, qs_error *err);

/** Writes records in one format. */
typedef struct qs_exporter qs_exporter;
/** `names`: the columns of TSV and CSV. [borrowed]. QS_EIO, QS_EUSAGE, QS_ENOMEM. */
QS_NODISCARD qs_status qs_exporter_open(qs_exporter **out, const char *path, const qs_convert_options *convert,
                                        const qs_map *names, qs_error *err);
/** A qs_record_sink. */
qs_status qs_exporter_put(void *exporter, const qs_record *record, const char **wrong, qs_error *err);
/** Ends the file; the exporter must still be closed. */
QS_NODISCARD qs_status qs_exporter_commit(qs_exporter *exporter, qs_error *err);
/** Releases; what was not committed is gone. NULL is fine. */
void qs_exporter_close(qs_exporter *exporter);

/* brat (corpus_brat.c) */
QS_NODISCARD qs_status qs_brat_read(const qs_conversion *conversion, const char *folder, qs_error *err);
QS_NODISCARD qs_status qs_brat_write(const char *folder, uint64_t number, const qs_record *record, bool flatten,
                                     const char **wrong, qs_error *err);
/** Adds {"name":value,...} of the fields that `keep` lets through. */
void qs_record_json(qs_buf *out, const qs_record *record, bool with_text, bool with_label);

#endif
