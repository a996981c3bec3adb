/* The report of a corpus check: its findings, kept and written. SPDX-License-Identifier: MIT */
#include "pipeline/corpus_report.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "report/report.h"

#define CHECK_SHOWN 40 /* bytes of a text shown in a message */

static const struct {
    const char *name;
    int error;
    const char *words;
} kinds[] = {
#define KIND_ROW(value, name, error, words) {name, error, words},
    QS_FINDING_TABLE(KIND_ROW)
#undef KIND_ROW
};

const char *qs_finding_name(qs_finding_kind kind)
{
    return (unsigned)kind < QS_FINDING_KINDS ? kinds[kind].name : "unknown";
}

qs_status qs_corpus_report_add(qs_corpus_report *report, qs_finding finding, qs_error *err, const char *format, ...)
{
    char message[320];
    va_list args;
    qs_status status = qs_grow(&report->findings, &report->capacity, report->count + 1, sizeof finding, err);
    if (status != QS_OK)
        return status;
    va_start(args, format);
    (void)vsnprintf(message, sizeof message, format, args);
    va_end(args);
    finding.message = qs_arena_copy(&report->corpus.arena, qs_str_of(message));
    if (finding.message.ptr == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    report->findings[report->count++] = finding;
    report->counts[finding.kind]++;
    return QS_OK;
}

qs_finding qs_finding_at_row(const qs_corpus_report *report, qs_finding_kind kind, const qs_corpus_row *row,
                             const qs_corpus_row *other)
{
    qs_finding finding = {.kind = kind, .path = report->corpus.files[row->file], .line = row->line};
    if (other != NULL) {
        finding.other_path = report->corpus.files[other->file];
        finding.other_line = other->line;
        finding.similarity = 1;
    }
    return finding;
}

int qs_corpus_shown(qs_str text)
{
    size_t end = text.len < CHECK_SHOWN ? text.len : CHECK_SHOWN;
    while (end > 0 && end < text.len && ((unsigned char)text.ptr[end] & 0xc0) == 0x80)
        end--;
    return (int)end;
}

static int compare_findings(const void *a, const void *b)
{
    const qs_finding *x = a, *y = b;
    const int path = strcmp(x->path, y->path);
    if (path != 0)
        return path;
    if (x->line != y->line)
        return x->line < y->line ? -1 : 1;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    return (x->other_line > y->other_line) - (x->other_line < y->other_line);
}

void qs_corpus_report_sort(qs_corpus_report *report)
{
    if (report->count > 0)
        qsort(report->findings, report->count, sizeof *report->findings, compare_findings);
}

void qs_corpus_report_destroy(qs_corpus_report *report)
{
    if (report == NULL)
        return;
    qs_corpus_free(&report->corpus);
    qs_free(report->findings);
    qs_free(report);
}

uint64_t qs_corpus_report_rows(const qs_corpus_report *report)
{
    uint64_t rows = report->corpus.bad_count;
    for (size_t i = 0; i < report->corpus.count; i++)
        rows += !report->corpus.rows[i].against;
    return rows;
}

size_t qs_corpus_report_count(const qs_corpus_report *report, qs_finding_kind kind)
{
    size_t errors = 0;
    if (kind != QS_FINDING_KINDS)
        return report->counts[kind];
    for (size_t i = 0; i < QS_FINDING_KINDS; i++)
        errors += kinds[i].error ? report->counts[i] : 0;
    return errors;
}

const qs_finding *qs_corpus_report_findings(const qs_corpus_report *report, size_t *count)
{
    *count = report->count;
    return report->findings;
}

static void write_finding(qs_buf *out, const qs_finding *finding, qs_report_form form)
{
    if (form == QS_REPORT_TABLE) {
        (void)qs_report_plain(out, qs_str_of(finding->path), 0);
        qs_buf_addf(out, ":%llu: ", (unsigned long long)finding->line);
        qs_buf_add_text(out, kinds[finding->kind].name);
        if (finding->other_path != NULL) {
            qs_buf_add_text(out, " of ");
            (void)qs_report_plain(out, qs_str_of(finding->other_path), 0);
            qs_buf_addf(out, ":%llu", (unsigned long long)finding->other_line);
            if (finding->similarity > 0 && finding->similarity < 1) {
                qs_buf_add_text(out, " (");
                qs_buf_add_fixed(out, finding->similarity, 2);
                qs_buf_add_text(out, ")");
            }
        }
        qs_buf_add_text(out, ": ");
        (void)qs_report_plain(out, finding->message, 0);
        qs_buf_add_char(out, '\n');
        return;
    }
    qs_buf_add_text(out, "{\"kind\":\"");
    qs_buf_add_text(out, kinds[finding->kind].name);
    qs_buf_add_text(out, kinds[finding->kind].error ? "\",\"level\":\"error\",\"path\":"
                                                    : "\",\"level\":\"remark\",\"path\":");
    qs_buf_add_json(out, qs_str_of(finding->path));
    qs_buf_addf(out, ",\"line\":%llu", (unsigned long long)finding->line);
    if (finding->other_path != NULL) {
        qs_buf_add_text(out, ",\"other\":{\"path\":");
        qs_buf_add_json(out, qs_str_of(finding->other_path));
        qs_buf_addf(out, ",\"line\":%llu},\"similarity\":", (unsigned long long)finding->other_line);
        qs_buf_add_fixed(out, finding->similarity, 4);
    }
    qs_buf_add_text(out, ",\"message\":");
    qs_buf_add_json(out, finding->message);
    qs_buf_add_text(out, "}\n");
}

static void write_summary(qs_buf *out, const qs_corpus_report *report, qs_report_form form)
{
    const uint64_t rows = qs_corpus_report_rows(report);
    if (form == QS_REPORT_TABLE) {
        qs_buf_addf(out, "%llu rows, %zu errors, %zu remarks\n", (unsigned long long)rows,
                    qs_corpus_report_count(report, QS_FINDING_KINDS),
                    report->count - qs_corpus_report_count(report, QS_FINDING_KINDS));
        for (size_t i = 0; i < QS_FINDING_KINDS; i++)
            if (report->counts[i] > 0)
                qs_buf_addf(out, "  %-18s %6zu  %s\n", kinds[i].name, report->counts[i], kinds[i].words);
        return;
    }
    qs_buf_addf(out, "{\"summary\":{\"rows\":%llu,\"errors\":%zu", (unsigned long long)rows,
                qs_corpus_report_count(report, QS_FINDING_KINDS));
    for (size_t i = 0; i < QS_FINDING_KINDS; i++)
        qs_buf_addf(out, ",\"%s\":%zu", kinds[i].name, report->counts[i]);
    qs_buf_add_text(out, "}}\n");
}

qs_status qs_corpus_report_write(const qs_corpus_report *report, const char *path, qs_report_form form, qs_error *err)
{
    qs_outfile *file = NULL;
    qs_buf line = {0};
    qs_status status = qs_outfile_open(&file, path, err);
    for (size_t i = 0; i <= report->count && status == QS_OK; i++) {
        qs_buf_clear(&line);
        if (i < report->count)
            write_finding(&line, &report->findings[i], form);
        else
            write_summary(&line, report, form);
        status = qs_buf_status(&line, err);
        if (status == QS_OK)
            status = qs_outfile_write(file, qs_buf_view(&line), err);
    }
    if (status == QS_OK) {
        status = qs_outfile_commit(file, err);
        file = NULL;
    }
    qs_outfile_abandon(file);
    qs_buf_free(&line);
    return status;
}
