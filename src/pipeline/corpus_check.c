/* What is wrong with a corpus. SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/map.h"
#include "pipeline/corpus_load.h"
#include "text/mojibake.h"
#include "text/utf8.h"

#define CHECK_RARE 10    /* rows under which a label is rare, ... */
#define CHECK_MANY 200   /* ...if the corpus has this many */
#define CHECK_SHOWN 40   /* bytes of a text shown in a message */

struct qs_corpus_report {
    qs_corpus corpus;
    qs_finding *findings;
    size_t count, capacity;
    size_t counts[QS_FINDING_KINDS];
};

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

static qs_status add_finding(qs_corpus_report *report, qs_finding finding, qs_error *err, const char *format, ...)
    QS_PRINTF(4, 5);
static qs_status add_finding(qs_corpus_report *report, qs_finding finding, qs_error *err, const char *format, ...)
{
    char message[320];
    va_list args;
    qs_status status =
        qs_grow(&report->findings, &report->capacity, report->count + 1, sizeof finding, err);
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

static qs_finding at_row(const qs_corpus_report *report, qs_finding_kind kind, const qs_corpus_row *row,
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

/* As much of a text as fits in a message, cut between characters. */
static int shown(qs_str text)
{
    size_t end = text.len < CHECK_SHOWN ? text.len : CHECK_SHOWN;
    while (end > 0 && end < text.len && ((unsigned char)text.ptr[end] & 0xc0) == 0x80)
        end--;
    return (int)end;
}

/* ---- each row by itself ---- */

static qs_status check_text(qs_corpus_report *report, const qs_corpus_row *row, qs_error *err)
{
    static const char *const entities[] = {"&amp;", "&quot;", "&lt;", "&gt;", "&nbsp;", "&#"};
    size_t start = 0, end = 0;
    qs_status status = QS_OK;
    if (qs_mojibake_find(row->text, &start, &end))
        status = add_finding(report, at_row(report, QS_FINDING_MOJIBAKE, row, NULL), err,
                             "'%.*s' at byte %zu looks like UTF-8 read as Windows-1252", (int)(end - start),
                             row->text.ptr + start, start);
    for (size_t i = 0; i < sizeof entities / sizeof *entities && status == QS_OK; i++)
        if (strstr(row->text.ptr, entities[i]) != NULL) { /* arena copies end in NUL, texts hold none */
            status = add_finding(report, at_row(report, QS_FINDING_ENTITY, row, NULL), err,
                                 "'%s' in the text", entities[i]);
            break;
        }
    for (size_t i = 0; i < row->text.len && status == QS_OK; i++) {
        const unsigned char c = (unsigned char)row->text.ptr[i];
        if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f) {
            status = add_finding(report, at_row(report, QS_FINDING_CONTROL, row, NULL), err,
                                 "control character %02X at byte %zu", c, i);
            break;
        }
    }
    if (status == QS_OK && report->corpus.any_label && !row->has_label)
        status = add_finding(report, at_row(report, QS_FINDING_NO_LABEL, row, NULL), err, "no label");
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
        status = add_finding(report, finding, err, "%s: %s", qs_row_status_name(bad->status), bad->message.ptr);
    }
    for (size_t i = 0; i < corpus->count && status == QS_OK; i++)
        if (!corpus->rows[i].against)
            status = check_text(report, &corpus->rows[i], err);
    return status;
}

/* ---- rows against rows ---- */

/* Numbers rows by a key; first[number] is the first row that has it. */
typedef struct row_index {
    qs_map map;
    uint32_t *first;
    size_t capacity;
} row_index;

/* *first gets the row that had the key before, or `row` itself. */
static qs_status look_up(row_index *index, qs_str key, uint32_t row, uint32_t *first, qs_error *err)
{
    uint32_t number = 0;
    const size_t before = index->map.count;
    qs_status status = qs_map_intern(&index->map, key, &number, err);
    if (status == QS_OK && number == before) {
        status = qs_grow(&index->first, &index->capacity, before + 1, sizeof *index->first, err);
        if (status == QS_OK)
            index->first[number] = row;
    }
    if (status == QS_OK)
        *first = index->first[number];
    return status;
}

static void free_index(row_index *index)
{
    qs_map_free(&index->map);
    qs_free(index->first);
}

static qs_status check_ids(qs_corpus_report *report, qs_error *err)
{
    const qs_corpus *corpus = &report->corpus;
    row_index index = {0};
    qs_status status = QS_OK;
    for (uint32_t i = 0; i < corpus->count && status == QS_OK; i++) {
        const qs_corpus_row *row = &corpus->rows[i];
        uint32_t first = i;
        if (row->against || row->id.len == 0)
            continue;
        status = look_up(&index, row->id, i, &first, err);
        if (status == QS_OK && first != i)
            status = add_finding(report, at_row(report, QS_FINDING_DUPLICATE_ID, row, &corpus->rows[first]), err,
                                 "id '%.*s' stands again", shown(row->id), row->id.ptr);
    }
    free_index(&index);
    return status;
}

/* The kind of a finding about two rows with the same or nearly the same text. */
static qs_finding_kind kind_of_pair(const qs_corpus_row *row, const qs_corpus_row *other, bool same)
{
    if (row->against != other->against)
        return QS_FINDING_OVERLAP;
    if (!qs_str_equal(row->split, other->split))
        return QS_FINDING_LEAKAGE;
    if (!same)
        return QS_FINDING_NEAR_DUPLICATE;
    return row->has_label && other->has_label && !qs_str_equal(row->label, other->label) ? QS_FINDING_CONFLICT
                                                                                         : QS_FINDING_DUPLICATE;
}

static qs_status report_pair(qs_corpus_report *report, const qs_corpus_row *row, const qs_corpus_row *other,
                             double similarity, qs_error *err)
{
    if (row->against && other->against)
        return QS_OK;
    if (row->against) {
        const qs_corpus_row *swap = row;
        row = other;
        other = swap;
    }
    qs_finding finding = at_row(report, kind_of_pair(row, other, similarity >= 1), row, other);
    finding.similarity = similarity;
    if (finding.kind == QS_FINDING_CONFLICT)
        return add_finding(report, finding, err, "label '%.*s', but '%.*s' there: '%.*s'", shown(row->label),
                           row->label.ptr, shown(other->label), other->label.ptr, shown(row->text), row->text.ptr);
    if (finding.kind == QS_FINDING_LEAKAGE)
        return add_finding(report, finding, err, "in split '%.*s', but also in '%.*s': '%.*s'", shown(row->split),
                           row->split.ptr, shown(other->split), other->split.ptr, shown(row->text),
                           row->text.ptr);
    return add_finding(report, finding, err, "'%.*s'", shown(row->text), row->text.ptr);
}

/* Same texts by look-up; *distinct gets the first row of each text, for the search for near ones. */
static qs_status check_same(qs_corpus_report *report, uint32_t *distinct, size_t *distinct_count, qs_error *err)
{
    const qs_corpus *corpus = &report->corpus;
    row_index index = {0};
    qs_buf key = {0};
    qs_status status = QS_OK;
    for (uint32_t i = 0; i < corpus->count && status == QS_OK; i++) {
        const qs_corpus_row *row = &corpus->rows[i];
        uint32_t first = i;
        qs_buf_clear(&key);
        qs_buf_add_str(&key, row->target);
        qs_buf_add_char(&key, '\0');
        qs_buf_add_str(&key, row->key);
        status = qs_buf_status(&key, err);
        if (status == QS_OK)
            status = look_up(&index, qs_buf_view(&key), i, &first, err);
        if (status == QS_OK && first == i)
            distinct[(*distinct_count)++] = i;
        else if (status == QS_OK)
            status = report_pair(report, row, &corpus->rows[first], 1, err);
    }
    qs_buf_free(&key);
    free_index(&index);
    return status;
}

/* Each row is reported once, with the nearest row before it. */
static qs_status check_near(qs_corpus_report *report, const uint32_t *distinct, size_t count,
                            const qs_corpus_options *options, qs_error *err)
{
    const qs_corpus *corpus = &report->corpus;
    qs_near_pairs pairs = {0};
    qs_str *keys = qs_alloc(count, sizeof *keys);
    if (keys == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    for (size_t i = 0; i < count; i++)
        keys[i] = corpus->rows[distinct[i]].key;
    qs_status status = qs_near_find(&pairs, keys, count, options->near, options->jobs, err);
    for (size_t i = 0; i < pairs.count && status == QS_OK;) {
        const qs_near_pair *best = NULL;
        const uint32_t row = pairs.items[i].b;
        for (; i < pairs.count && pairs.items[i].b == row; i++) {
            const qs_near_pair *pair = &pairs.items[i];
            if (qs_str_equal(corpus->rows[distinct[pair->a]].target, corpus->rows[distinct[row]].target) &&
                (best == NULL || pair->similarity > best->similarity))
                best = pair;
        }
        if (best != NULL)
            status = report_pair(report, &corpus->rows[distinct[row]], &corpus->rows[distinct[best->a]],
                                 best->similarity < 1 ? best->similarity : 0.9999, err);
    }
    qs_free(pairs.items);
    qs_free(keys);
    return status;
}

static qs_status check_texts(qs_corpus_report *report, const qs_corpus_options *options, qs_error *err)
{
    size_t count = 0;
    uint32_t *distinct = qs_alloc(report->corpus.count, sizeof *distinct);
    if (distinct == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    qs_status status = check_same(report, distinct, &count, err);
    if (status == QS_OK)
        status = check_near(report, distinct, count, options, err);
    qs_free(distinct);
    return status;
}

/* A group must stay within one split. */
static qs_status check_groups(qs_corpus_report *report, qs_error *err)
{
    const qs_corpus *corpus = &report->corpus;
    row_index groups = {0}, told = {0};
    qs_buf key = {0};
    qs_status status = QS_OK;
    for (uint32_t i = 0; i < corpus->count && status == QS_OK; i++) {
        const qs_corpus_row *row = &corpus->rows[i];
        uint32_t first = i, told_first = i;
        if (row->against || row->group.len == 0)
            continue;
        status = look_up(&groups, row->group, i, &first, err);
        if (status != QS_OK || qs_str_equal(corpus->rows[first].split, row->split))
            continue;
        qs_buf_clear(&key);
        qs_buf_add_str(&key, row->split);
        qs_buf_add_char(&key, '\0');
        qs_buf_add_str(&key, row->group);
        status = qs_buf_status(&key, err);
        if (status == QS_OK)
            status = look_up(&told, qs_buf_view(&key), i, &told_first, err);
        if (status == QS_OK && told_first == i)
            status = add_finding(report, at_row(report, QS_FINDING_GROUP_LEAKAGE, row, &corpus->rows[first]), err,
                                 "group '%.*s' stands in split '%.*s' and in '%.*s'", shown(row->group),
                                 row->group.ptr, shown(row->split), row->split.ptr,
                                 shown(corpus->rows[first].split), corpus->rows[first].split.ptr);
    }
    qs_buf_free(&key);
    free_index(&groups);
    free_index(&told);
    return status;
}

/* ---- labels ---- */

/* Labels that mean the same under other names. */
static const char *const synonyms[][7] = {
    {"favor", "favour", "pro", "support", "for", "infavor", "infavour"},
    {"against", "con", "anti", "oppose", "opposed", NULL, NULL},
    {"none", "neither", "nostance", "nostand", NULL, NULL, NULL},
    {"positive", "pos", NULL, NULL, NULL, NULL, NULL},
    {"negative", "neg", NULL, NULL, NULL, NULL, NULL},
    {"neutral", "neu", NULL, NULL, NULL, NULL, NULL},
};

/* What is left of a label without case, space and punctuation, and under its first name. */
static void label_root(qs_buf *out, qs_str label)
{
    const size_t start = out->len;
    for (size_t at = 0; at < label.len;) {
        uint32_t c = 0;
        char bytes[4];
        at += qs_utf8_decode(label, at, &c);
        if (qs_char_is_word(c))
            qs_buf_add(out, bytes, qs_utf8_encode(qs_char_lower(c), bytes));
    }
    if (out->len == start) { /* "+" and "-" are labels too */
        qs_buf_add_str(out, label);
        return;
    }
    const qs_str root = qs_str_make(out->ptr + start, out->len - start);
    for (size_t i = 0; i < sizeof synonyms / sizeof *synonyms; i++)
        for (size_t j = 1; j < 7 && synonyms[i][j] != NULL; j++)
            if (qs_str_equal(root, qs_str_of(synonyms[i][j]))) {
                out->len = start;
                qs_buf_add_text(out, synonyms[i][0]);
                return;
            }
}

typedef struct label_count {
    size_t rows;
    uint32_t first;
} label_count;

/* Counts the labels of the checked rows; label numbers are those of the map. */
static qs_status count_labels(const qs_corpus *corpus, qs_map *map, label_count **counts, qs_error *err)
{
    size_t capacity = 0;
    qs_status status = QS_OK;
    for (uint32_t i = 0; i < corpus->count && status == QS_OK; i++) {
        const qs_corpus_row *row = &corpus->rows[i];
        uint32_t number = 0;
        const size_t before = map->count;
        if (row->against || !row->has_label)
            continue;
        status = qs_map_intern(map, row->label, &number, err);
        if (status == QS_OK)
            status = qs_grow(counts, &capacity, map->count, sizeof **counts, err);
        if (status != QS_OK)
            break;
        if (number == before)
            (*counts)[number] = (label_count){0, i};
        (*counts)[number].rows++;
    }
    return status;
}

static qs_status check_label(qs_corpus_report *report, const qs_map *labels, const label_count *counts,
                             uint32_t number, row_index *roots, qs_buf *root, qs_error *err)
{
    const qs_corpus_row *row = &report->corpus.rows[counts[number].first];
    uint32_t first = number;
    qs_buf_clear(root);
    label_root(root, labels->keys[number]);
    qs_status status = qs_buf_status(root, err);
    if (status == QS_OK)
        status = look_up(roots, qs_buf_view(root), number, &first, err);
    if (status == QS_OK && first != number) {
        const qs_corpus_row *other = &report->corpus.rows[counts[first].first];
        status = add_finding(report, at_row(report, QS_FINDING_LABEL_SPELLING, row, other), err,
                             "label '%.*s' (%zu rows) beside '%.*s' (%zu rows)", shown(row->label),
                             row->label.ptr, counts[number].rows, shown(other->label), other->label.ptr,
                             counts[first].rows);
    }
    if (status == QS_OK && counts[number].rows < CHECK_RARE && report->corpus.count >= CHECK_MANY)
        status = add_finding(report, at_row(report, QS_FINDING_RARE_LABEL, row, NULL), err,
                             "label '%.*s' has %zu rows", shown(row->label), row->label.ptr, counts[number].rows);
    return status;
}

static qs_status check_labels(qs_corpus_report *report, qs_error *err)
{
    qs_map labels = {0};
    label_count *counts = NULL;
    row_index roots = {0};
    qs_buf root = {0};
    qs_status status = count_labels(&report->corpus, &labels, &counts, err);
    for (uint32_t i = 0; i < labels.count && status == QS_OK; i++)
        status = check_label(report, &labels, counts, i, &roots, &root, err);
    qs_buf_free(&root);
    free_index(&roots);
    qs_map_free(&labels);
    qs_free(counts);
    return status;
}

/* ---- the report ---- */

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
        status = check_ids(report, err);
    if (status == QS_OK)
        status = check_texts(report, options, err);
    if (status == QS_OK && report->corpus.any_group && report->corpus.any_split)
        status = check_groups(report, err);
    if (status == QS_OK)
        status = check_labels(report, err);
    if (status != QS_OK) {
        qs_corpus_report_destroy(report);
        return status;
    }
    if (report->count > 0)
        qsort(report->findings, report->count, sizeof *report->findings, compare_findings);
    *out = report;
    return QS_OK;
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
        qs_buf_add_text(out, finding->path);
        qs_buf_addf(out, ":%llu: ", (unsigned long long)finding->line);
        qs_buf_add_text(out, kinds[finding->kind].name);
        if (finding->other_path != NULL) {
            qs_buf_add_text(out, " of ");
            qs_buf_add_text(out, finding->other_path);
            qs_buf_addf(out, ":%llu", (unsigned long long)finding->other_line);
            if (finding->similarity > 0 && finding->similarity < 1) {
                qs_buf_add_text(out, " (");
                qs_buf_add_fixed(out, finding->similarity, 2);
                qs_buf_add_text(out, ")");
            }
        }
        qs_buf_add_text(out, ": ");
        for (size_t i = 0; i < finding->message.len; i++) { /* no control character reaches a terminal */
            const char c = finding->message.ptr[i];
            qs_buf_add_char(out, (unsigned char)c < 0x20 || c == 0x7f ? ' ' : c);
        }
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

qs_status qs_corpus_report_write(const qs_corpus_report *report, const char *path, qs_report_form form,
                                 qs_error *err)
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
