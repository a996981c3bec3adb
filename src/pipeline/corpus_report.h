/* Inside corpus check: the report its checks fill in. SPDX-License-Identifier: MIT */
#ifndef QS_PIPELINE_CORPUS_REPORT_H
#define QS_PIPELINE_CORPUS_REPORT_H

#include "base/map.h"
#include "pipeline/corpus_load.h"

struct qs_corpus_report {
    qs_corpus corpus;
    qs_finding *findings;
    size_t count, capacity;
    size_t counts[QS_FINDING_KINDS];
};

/* Adds a finding with a message. */
qs_status qs_corpus_report_add(qs_corpus_report *report, qs_finding finding, qs_error *err, const char *format, ...)
    QS_PRINTF(4, 5);
/* A finding at a row, beside another row or NULL. */
qs_finding qs_finding_at_row(const qs_corpus_report *report, qs_finding_kind kind, const qs_corpus_row *row,
                             const qs_corpus_row *other);
/* As many bytes of a text as fit in a message, cut between characters. */
int qs_corpus_shown(qs_str text);
/* By path, line and kind. */
void qs_corpus_report_sort(qs_corpus_report *report);

/* Numbers rows by a key; first[number] is the first row that has it. */
typedef struct qs_row_index {
    qs_map map;
    uint32_t *first;
    size_t capacity;
} qs_row_index;

/* *first gets the row that had the key before, or `row` itself. */
qs_status qs_row_index_look_up(qs_row_index *index, qs_str key, uint32_t row, uint32_t *first, qs_error *err);
void qs_row_index_free(qs_row_index *index);

/* The checks that see more than one row. */
qs_status qs_corpus_check_ids(qs_corpus_report *report, qs_error *err);
qs_status qs_corpus_check_texts(qs_corpus_report *report, const qs_corpus_options *options, qs_error *err);
qs_status qs_corpus_check_groups(qs_corpus_report *report, qs_error *err);
qs_status qs_corpus_check_labels(qs_corpus_report *report, qs_error *err);

#endif
