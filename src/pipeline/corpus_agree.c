/* How far raters agree. SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/map.h"
#include "pipeline/corpus_load.h"
#include "report/report.h"

#define NO_LABEL UINT32_MAX

struct qs_agreement {
    qs_map items, names;
    size_t raters;
    uint32_t *given; /* items * raters; label numbers in order of first sight, then in byte order */
    size_t given_capacity;
    qs_label_agreement *labels;
    uint64_t *confusion; /* labels * labels, of the first two raters */
    uint64_t compared;
    double observed, kappa, alpha;
};

/* ---- reading ---- */

static qs_status note_label(qs_agreement *a, qs_str id, size_t rater, qs_str label, qs_error *err)
{
    uint32_t item = 0, number = 0;
    const size_t before = a->items.count;
    qs_status status = qs_map_intern(&a->items, id, &item, err);
    if (status == QS_OK)
        status = qs_grow(&a->given, &a->given_capacity, a->items.count * a->raters, sizeof *a->given, err);
    if (status != QS_OK)
        return status;
    if (item == before)
        for (size_t r = 0; r < a->raters; r++)
            a->given[item * a->raters + r] = NO_LABEL;
    if (label.len == 0)
        return QS_OK;
    if (a->given[item * a->raters + rater] != NO_LABEL)
        return qs_fail(err, QS_EINPUT, "item '%.*s' stands twice", (int)(id.len < 60 ? id.len : 60), id.ptr);
    status = qs_map_intern(&a->names, label, &number, err);
    if (status == QS_OK)
        a->given[item * a->raters + rater] = number;
    return status;
}

/* One row: the label column of a rater's own file, or each rater's column of the one file. */
static qs_status note_row(qs_agreement *a, const qs_row *row, size_t rater, const char *const *columns,
                          size_t column_count, qs_error *err)
{
    qs_buf id = {0};
    qs_status status = QS_OK;
    if ((row->present & QS_COLUMN_BIT(QS_COLUMN_ID)) != 0)
        qs_buf_add_str(&id, row->columns[QS_COLUMN_ID]);
    else
        qs_buf_addf(&id, "#%llu", (unsigned long long)row->number);
    status = qs_buf_status(&id, err);
    if (column_count < 2 && status == QS_OK)
        status = note_label(a, qs_buf_view(&id), rater, row->columns[QS_COLUMN_LABEL], err);
    for (size_t c = 0; column_count >= 2 && c < column_count && status == QS_OK; c++) {
        const qs_field *field = qs_row_field(row, qs_str_of(columns[c]));
        status = note_label(a, qs_buf_view(&id), c, field != NULL ? field->value : qs_str_make(NULL, 0), err);
    }
    qs_buf_free(&id);
    return status;
}

static qs_status read_rater(qs_agreement *a, const char *path, size_t rater, const char *const *columns,
                            size_t column_count, const qs_corpus_options *options, qs_error *err)
{
    qs_rows *rows = NULL;
    const qs_row *row = NULL;
    qs_rows_options how = options->rows;
    how.required = 0;
    if (column_count == 1)
        how.columns[QS_COLUMN_LABEL] = columns[0];
    qs_status status = qs_rows_open(&rows, path, &how, err);
    while (status == QS_OK && (status = qs_rows_next(&row, rows, err)) == QS_OK && row != NULL) {
        if (row->status == QS_ROW_EMPTY)
            continue;
        status = row->status != QS_ROW_OK
                     ? qs_fail_at(err, QS_EINPUT, row->line, QS_NO_OFFSET, "%s", row->message)
                     : note_row(a, row, rater, columns, column_count, err);
        if (status != QS_OK && err != NULL && err->line == 0)
            err->line = row->line;
    }
    qs_rows_close(rows);
    if (status != QS_OK)
        qs_error_set_path(err, path);
    return status;
}

/* ---- figures ---- */

static int compare_labels(const void *a, const void *b)
{
    return qs_str_compare(((const qs_label_agreement *)a)->label, ((const qs_label_agreement *)b)->label);
}

/* Numbers the labels in byte order. */
static qs_status order_labels(qs_agreement *a, qs_error *err)
{
    const size_t count = a->names.count;
    uint32_t *place = qs_alloc(count + 1, sizeof *place);
    a->labels = qs_alloc_zero(count + 1, sizeof *a->labels);
    a->confusion = qs_alloc_zero(count * count + 1, sizeof *a->confusion);
    if (place == NULL || a->labels == NULL || a->confusion == NULL) {
        qs_free(place);
        return qs_fail(err, QS_ENOMEM, "out of memory");
    }
    for (size_t i = 0; i < count; i++)
        a->labels[i].label = a->names.keys[i];
    qsort(a->labels, count, sizeof *a->labels, compare_labels);
    for (size_t i = 0; i < count; i++) {
        uint32_t number = 0;
        if (qs_map_find(&a->names, a->labels[i].label, &number))
            place[number] = (uint32_t)i;
    }
    for (size_t i = 0; i < a->items.count * a->raters; i++)
        if (a->given[i] != NO_LABEL)
            a->given[i] = place[a->given[i]];
    qs_free(place);
    return QS_OK;
}

/* Krippendorff's alpha, nominal. `label` NO_LABEL: all labels apart; else that label against the rest. Also gives
 * the share of agreeing pairs and the items with two labels or more. */
static double alpha_of(const qs_agreement *a, uint32_t label, uint64_t *totals, double *observed, uint64_t *items)
{
    const size_t classes = label == NO_LABEL ? a->names.count : 2;
    double disagree = 0, pairs = 0, agree_pairs = 0, expected = 0, n = 0;
    *items = 0;
    memset(totals, 0, classes * sizeof *totals);
    for (size_t i = 0; i < a->items.count; i++) {
        const uint32_t *given = a->given + i * a->raters;
        size_t m = 0, agree = 0;
        for (size_t r = 0; r < a->raters; r++)
            m += given[r] != NO_LABEL;
        if (m < 2)
            continue;
        ++*items;
        for (size_t r = 0; r < a->raters; r++) {
            if (given[r] == NO_LABEL)
                continue;
            const uint32_t mine = label == NO_LABEL ? given[r] : given[r] == label;
            totals[mine]++;
            for (size_t s = 0; s < a->raters; s++)
                if (s != r && given[s] != NO_LABEL)
                    agree += mine == (label == NO_LABEL ? given[s] : given[s] == label);
        }
        const double all = (double)m * (double)(m - 1);
        disagree += (all - (double)agree) / (double)(m - 1);
        agree_pairs += (double)agree;
        pairs += all;
    }
    for (size_t c = 0; c < classes; c++)
        n += (double)totals[c];
    for (size_t c = 0; c < classes; c++)
        expected += (double)totals[c] * (n - (double)totals[c]);
    *observed = pairs > 0 ? agree_pairs / pairs : NAN;
    return expected > 0 ? 1 - (n - 1) * disagree / expected : NAN;
}

/* Cohen's kappa from a 2x2 or larger table given as diagonal and margins. */
static double kappa_of(double n, double diagonal, double by_chance)
{
    return n > 0 && by_chance < n * n ? (diagonal / n - by_chance / (n * n)) / (1 - by_chance / (n * n)) : NAN;
}

static void measure_pair(qs_agreement *a)
{
    const size_t count = a->names.count;
    double n = 0, diagonal = 0, by_chance = 0;
    for (size_t i = 0; i < a->items.count; i++) {
        const uint32_t *given = a->given + i * a->raters;
        if (given[0] == NO_LABEL || given[1] == NO_LABEL)
            continue;
        a->confusion[given[0] * count + given[1]]++;
        a->labels[given[0]].first++;
        a->labels[given[1]].second++;
        n++;
        diagonal += given[0] == given[1];
    }
    for (size_t l = 0; l < count; l++) {
        const double x = (double)a->labels[l].first, y = (double)a->labels[l].second;
        const double both = (double)a->confusion[l * count + l];
        by_chance += x * y;
        a->labels[l].kappa = kappa_of(n, n - x - y + 2 * both, x * y + (n - x) * (n - y));
    }
    a->kappa = kappa_of(n, diagonal, by_chance);
}

static qs_status measure(qs_agreement *a, qs_error *err)
{
    double observed = 0;
    uint64_t items = 0;
    qs_status status = order_labels(a, err);
    uint64_t *totals = qs_alloc_zero(a->names.count + 2, sizeof *totals);
    if (status == QS_OK && totals == NULL)
        status = qs_fail(err, QS_ENOMEM, "out of memory");
    if (status == QS_OK) {
        a->alpha = alpha_of(a, NO_LABEL, totals, &a->observed, &a->compared);
        for (uint32_t l = 0; l < a->names.count; l++)
            a->labels[l].alpha = alpha_of(a, l, totals, &observed, &items);
        measure_pair(a);
        if (a->compared == 0)
            status = qs_fail(err, QS_EINPUT, "no item was labelled by two raters; do the ids match?");
    }
    qs_free(totals);
    return status;
}

qs_status qs_corpus_agree(qs_agreement **out, const char *const *paths, size_t path_count,
                          const char *const *label_columns, size_t label_column_count,
                          const qs_corpus_options *options, qs_error *err)
{
    qs_status status = QS_OK;
    *out = NULL;
    if (path_count == 0 || (path_count == 1 ? label_column_count < 2 : label_column_count > 1))
        return qs_fail(err, QS_EUSAGE, "two files, or one file and two label columns, are needed");
    qs_agreement *a = qs_alloc_zero(1, sizeof *a);
    if (a == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    a->raters = path_count == 1 ? label_column_count : path_count;
    for (size_t i = 0; i < path_count && status == QS_OK; i++)
        status = read_rater(a, paths[i], i, label_columns, label_column_count, options, err);
    if (status == QS_OK)
        status = measure(a, err);
    if (status != QS_OK) {
        qs_agreement_destroy(a);
        return status;
    }
    *out = a;
    return QS_OK;
}

void qs_agreement_destroy(qs_agreement *a)
{
    if (a == NULL)
        return;
    qs_map_free(&a->items);
    qs_map_free(&a->names);
    qs_free(a->given);
    qs_free(a->labels);
    qs_free(a->confusion);
    qs_free(a);
}

uint64_t qs_agreement_items(const qs_agreement *a)
{
    return a->compared;
}

double qs_agreement_observed(const qs_agreement *a)
{
    return a->observed;
}

double qs_agreement_kappa(const qs_agreement *a)
{
    return a->kappa;
}

double qs_agreement_alpha(const qs_agreement *a)
{
    return a->alpha;
}

const qs_label_agreement *qs_agreement_labels(const qs_agreement *a, size_t *count)
{
    *count = a->names.count;
    return a->labels;
}

uint64_t qs_agreement_confusion(const qs_agreement *a, size_t first, size_t second)
{
    return a->confusion[first * a->names.count + second];
}

/* ---- writing ---- */

static void add_figure(qs_buf *out, double value)
{
    if (isfinite(value))
        qs_buf_add_fixed(out, value, 4);
    else
        qs_buf_add_text(out, "null");
}

static void write_json(qs_buf *out, const qs_agreement *a)
{
    qs_buf_addf(out, "{\"items\":%llu,\"raters\":%zu,\"observed\":", (unsigned long long)a->compared, a->raters);
    add_figure(out, a->observed);
    qs_buf_add_text(out, ",\"kappa\":");
    add_figure(out, a->kappa);
    qs_buf_add_text(out, ",\"alpha\":");
    add_figure(out, a->alpha);
    qs_buf_add_text(out, ",\"labels\":{");
    for (size_t l = 0; l < a->names.count; l++) {
        qs_buf_add_text(out, l > 0 ? "," : "");
        qs_buf_add_json(out, a->labels[l].label);
        qs_buf_addf(out, ":{\"first\":%llu,\"second\":%llu,\"kappa\":", (unsigned long long)a->labels[l].first,
                    (unsigned long long)a->labels[l].second);
        add_figure(out, a->labels[l].kappa);
        qs_buf_add_text(out, ",\"alpha\":");
        add_figure(out, a->labels[l].alpha);
        qs_buf_add_text(out, ",\"confusion\":{");
        for (size_t k = 0; k < a->names.count; k++) {
            qs_buf_add_text(out, k > 0 ? "," : "");
            qs_buf_add_json(out, a->labels[k].label);
            qs_buf_addf(out, ":%llu", (unsigned long long)qs_agreement_confusion(a, l, k));
        }
        qs_buf_add_text(out, "}}");
    }
    qs_buf_add_text(out, "}}\n");
}

static void write_table(qs_buf *out, const qs_agreement *a)
{
    qs_buf_addf(out, "%llu items, %zu raters\nagreement ", (unsigned long long)a->compared, a->raters);
    add_figure(out, a->observed);
    qs_buf_add_text(out, "   Cohen's kappa (first two) ");
    add_figure(out, a->kappa);
    qs_buf_add_text(out, "   Krippendorff's alpha ");
    add_figure(out, a->alpha);
    qs_buf_add_text(out, "\n\nlabel              first  second     kappa     alpha   rows: first rater, columns: second\n");
    for (size_t l = 0; l < a->names.count; l++) {
        qs_report_padded(out, a->labels[l].label, 16);
        qs_buf_addf(out, " %7llu %7llu    ", (unsigned long long)a->labels[l].first,
                    (unsigned long long)a->labels[l].second);
        add_figure(out, a->labels[l].kappa);
        qs_buf_add_text(out, "    ");
        add_figure(out, a->labels[l].alpha);
        qs_buf_add_text(out, "  ");
        for (size_t k = 0; k < a->names.count; k++)
            qs_buf_addf(out, " %7llu", (unsigned long long)qs_agreement_confusion(a, l, k));
        qs_buf_add_char(out, '\n');
    }
}

qs_status qs_agreement_write(const qs_agreement *a, const char *path, qs_report_form form, qs_error *err)
{
    qs_buf text = {0};
    if (form == QS_REPORT_JSON)
        write_json(&text, a);
    else
        write_table(&text, a);
    qs_status status = qs_buf_status(&text, err);
    if (status == QS_OK)
        status = qs_file_write(path, qs_buf_view(&text), err);
    qs_buf_free(&text);
    return status;
}
