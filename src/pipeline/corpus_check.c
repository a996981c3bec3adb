/* What is wrong with a corpus: each row by itself, and the whole check. SPDX-License-Identifier: MIT */
#include <string.h>

#include "pipeline/corpus_report.h"
#include "text/mojibake.h"

static qs_status check_text(qs_corpus_report *report, const qs_corpus_row *row, qs_error *err)
{
    static const char *const entities[] = {"&amp;", "&quot;", "&lt;", "&gt;", "&nbsp;", "&#"};
    size_t start = 0, end = 0;
    qs_status status = QS_OK;
    if (qs_mojibake_find(row->text, &start, &end))
        status = qs_corpus_report_add(report, qs_finding_at_row(report, QS_FINDING_MOJIBAKE, row, NULL), err,
                                      "'%.*s' at byte %zu looks like UTF-8 read as Windows-1252", (int)(end - start),
                                      row->text.ptr + start, start);
    for (size_t i = 0; i < sizeof entities / sizeof *entities && status == QS_OK; i++)
        if (strstr(row->text.ptr, entities[i]) != NULL) { /* arena copies end in NUL, texts hold none */
            status = qs_corpus_report_add(report, qs_finding_at_row(report, QS_FINDING_ENTITY, row, NULL), err,
                                          "'%s' in the text", entities[i]);
            break;
        }
    for (size_t i = 0; i < row->text.len && status == QS_OK; i++) {
        const unsigned char c = (unsigned char)row->text.ptr[i];
        if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f) {
            status = qs_corpus_report_add(report, qs_finding_at_row(report, QS_FINDING_CONTROL, row, NULL), err,
                                          "control character %02X at byte %zu", c, i);
            break;
        }
    }
    if (status == QS_OK && report->corpus.any_label && !row->has_label)
        status =
            qs_corpus_report_add(report, qs_finding_at_row(report, QS_FINDING_NO_LABEL, row, NULL), err, "no label");
    return status;
}

static qs_status check_rows(qs_corpus_report *report, qs_error *err)
{
    const qs_corpus *corpus = &report->corpus;
    qs_status status = QS_OK;
    for (size_t i = 0; i < corpus->bad_count && status == QS_OK; i++) {
        const qs_corpus_bad *bad = &corpus->bad[i];
        const qs_finding finding = {
            .kind = QS_FINDING_MALFORMED, .path = corpus->files[bad->file], .line = bad->line};
        status =
            qs_corpus_report_add(report, finding, err, "%s: %s", qs_row_status_name(bad->status), bad->message.ptr);
    }
    for (size_t i = 0; i < corpus->count && status == QS_OK; i++)
        if (!corpus->rows[i].against)
            status = check_text(report, &corpus->rows[i], err);
    return status;
}

qs_status qs_corpus_check(qs_corpus_report **out, const char *const *paths, size_t path_count,
                          const char *const *against, size_t against_count, const qs_corpus_options *options,
                          qs_error *err)
{
    *out = NULL;
    qs_corpus_report *report = qs_alloc_zero(1, sizeof *report);
    if (report == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    qs_status status = qs_corpus_load(&report->corpus, paths, path_count, options, false, err);
    if (status == QS_OK)
        status = qs_corpus_load(&report->corpus, against, against_count, options, true, err);
    if (status == QS_OK)
        status = check_rows(report, err);
    if (status == QS_OK)
        status = qs_corpus_check_ids(report, err);
    if (status == QS_OK)
        status = qs_corpus_check_texts(report, options, err);
    if (status == QS_OK && report->corpus.any_group && report->corpus.any_split)
        status = qs_corpus_check_groups(report, err);
    if (status == QS_OK)
        status = qs_corpus_check_labels(report, err);
    if (status != QS_OK) {
        qs_corpus_report_destroy(report);
        return status;
    }
    qs_corpus_report_sort(report);
    *out = report;
    return QS_OK;
}
