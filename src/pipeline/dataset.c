/* Labelled corpora in memory. SPDX-License-Identifier: MIT */
#include "pipeline/dataset.h"

#include <stdarg.h>
#include <stdio.h>

#define REMARKS_PER_FILE 20 /* beyond that only the count is told */

void qs_remark(const qs_remarks *remarks, const char *format, ...)
{
    char text[512];
    va_list arguments;
    if (remarks == NULL || remarks->line == NULL)
        return;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    remarks->line(remarks->context, text);
}

static qs_str column_value(const qs_row *row, const char *name, qs_column fallback)
{
    if (name == NULL)
        return row->columns[fallback];
    const qs_field *field = qs_row_field(row, qs_str_of(name));
    return field == NULL ? qs_str_make(NULL, 0) : field->value;
}

static bool copy(qs_arena *arena, qs_str from, qs_str *to)
{
    *to = qs_str_make(NULL, 0);
    if (from.len == 0)
        return true;
    *to = qs_arena_copy(arena, from);
    return to->ptr != NULL;
}

static bool copy_slices(qs_dataset *d, const qs_dataset_plan *plan, const qs_row *row, qs_labelled *into)
{
    into->slices = qs_arena_alloc(&d->arena, plan->slice_count, sizeof *into->slices);
    if (into->slices == NULL)
        return false;
    for (size_t i = 0; i < plan->slice_count; i++) {
        const qs_field *field = qs_row_field(row, qs_str_of(plan->slice_columns[i]));
        d->slice_seen[i] |= field != NULL;
        if (!copy(&d->arena, field == NULL ? qs_str_of("") : field->value, &into->slices[i]))
            return false;
    }
    return true;
}

static bool copy_row(qs_dataset *d, const qs_dataset_plan *plan, const qs_row *row, bool *labelled)
{
    qs_labelled *into = &d->rows[d->count];
    qs_item *item = &d->items[d->count];
    *into = (qs_labelled){0};
    *item = (qs_item){0};
    into->labels = qs_arena_alloc(&d->arena, plan->label_column_count, sizeof *into->labels);
    if (into->labels == NULL || !copy_slices(d, plan, row, into))
        return false;
    *labelled = false;
    for (size_t k = 0; k < plan->label_column_count; k++) {
        if (!copy(&d->arena, column_value(row, plan->label_columns[k], QS_COLUMN_LABEL), &into->labels[k]))
            return false;
        *labelled = *labelled || into->labels[k].ptr != NULL;
    }
    const qs_str group = plan->group_column == NULL
                             ? qs_str_make(NULL, 0)
                             : column_value(row, plan->group_column, QS_COLUMN_TARGET);
    return copy(&d->arena, row->columns[QS_COLUMN_TEXT], &item->field[QS_FIELD_TEXT]) &&
           copy(&d->arena, row->columns[QS_COLUMN_CONTEXT], &item->field[QS_FIELD_CONTEXT]) &&
           copy(&d->arena, row->columns[QS_COLUMN_TARGET], &into->target) &&
           copy(&d->arena, row->columns[QS_COLUMN_ID], &into->id) && copy(&d->arena, group, &into->group);
}

static qs_status add_row(qs_dataset *d, const qs_dataset_plan *plan, const qs_row *row, bool *labelled,
                         qs_error *err)
{
    qs_status status = qs_grow(&d->rows, &d->row_capacity, d->count + 1, sizeof *d->rows, err);
    if (status == QS_OK)
        status = qs_grow(&d->items, &d->item_capacity, d->count + 1, sizeof *d->items, err);
    if (status != QS_OK)
        return status;
    if (!copy_row(d, plan, row, labelled))
        return qs_fail(err, QS_ENOMEM, "out of memory for the corpus");
    if (*labelled || plan->allow_unlabelled)
        d->count++;
    return QS_OK;
}

static void reject(qs_dataset *d, const char *path, const qs_row *row, const char *reason,
                   size_t *remarked, const qs_remarks *remarks)
{
    d->rejected++;
    if (++*remarked > REMARKS_PER_FILE)
        return;
    if (row->column != QS_NO_OFFSET)
        qs_remark(remarks, "%s:%llu: row left out: %s (byte %llu of the record, %llu of the file)", path,
                  (unsigned long long)row->line, reason, (unsigned long long)row->column,
                  (unsigned long long)(row->offset + row->column));
    else
        qs_remark(remarks, "%s:%llu: row left out: %s", path, (unsigned long long)row->line, reason);
}

static qs_status read_file(qs_dataset *d, const char *path, const qs_dataset_plan *plan,
                           const qs_remarks *remarks, qs_error *err)
{
    qs_rows *rows = NULL;
    const qs_row *row = NULL;
    size_t remarked = 0;
    qs_rows_options options = *plan->rows;
    options.required = QS_COLUMN_BIT(QS_COLUMN_TEXT) |
                       (plan->need_target ? QS_COLUMN_BIT(QS_COLUMN_TARGET) : 0);
    qs_status status = qs_rows_open(&rows, path, &options, err);
    while (status == QS_OK) {
        bool labelled = true;
        status = qs_rows_next(&row, rows, err);
        if (status != QS_OK || row == NULL)
            break;
        if (row->status != QS_ROW_OK) {
            reject(d, path, row, row->message[0] != '\0' ? row->message : qs_row_status_name(row->status),
                   &remarked, remarks);
            continue;
        }
        status = add_row(d, plan, row, &labelled, err);
        if (status == QS_OK && !labelled && !plan->allow_unlabelled)
            reject(d, path, row, "no label", &remarked, remarks);
    }
    qs_rows_close(rows);
    if (remarked > REMARKS_PER_FILE)
        qs_remark(remarks, "%s: %zu more rows left out", path, remarked - REMARKS_PER_FILE);
    if (status != QS_OK)
        qs_error_set_path(err, path);
    return status;
}

qs_status qs_dataset_read(qs_dataset *out, const char *const *paths, size_t path_count,
                          const qs_dataset_plan *plan, const qs_remarks *remarks, qs_error *err)
{
    qs_status status = QS_OK;
    out->label_columns = plan->label_column_count;
    out->slice_seen = qs_arena_alloc(&out->arena, plan->slice_count, 1);
    if (out->slice_seen == NULL)
        status = qs_fail(err, QS_ENOMEM, "out of memory for the corpus");
    for (size_t i = 0; i < path_count && status == QS_OK; i++)
        status = read_file(out, paths[i], plan, remarks, err);
    if (status == QS_OK && out->count == 0)
        status = qs_fail(err, QS_EINPUT, "no usable row in the corpus (%zu left out)", out->rejected);
    for (size_t i = 0; i < plan->slice_count && status == QS_OK; i++)
        if (!out->slice_seen[i])
            status = qs_fail(err, QS_EUSAGE, "no row of the corpus has a column \"%.100s\"", plan->slice_columns[i]);
    if (status != QS_OK)
        qs_dataset_free(out);
    return status;
}

qs_str qs_dataset_fold_key(const qs_dataset *dataset, size_t row)
{
    const qs_str group = dataset->rows[row].group;
    return group.ptr != NULL ? group : dataset->items[row].field[QS_FIELD_TEXT];
}

void qs_dataset_free(qs_dataset *d)
{
    qs_free(d->items);
    qs_free(d->rows);
    qs_arena_free(&d->arena);
    *d = (qs_dataset){0};
}
