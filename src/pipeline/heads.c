/* Which questions a corpus asks. SPDX-License-Identifier: MIT */
#include "pipeline/heads.h"

#include <stdlib.h>

#include "base/map.h"
#include "model/model.h"

qs_str qs_head_option_name(const char *option)
{
    const char *equals = strrchr(option, '=');
    return equals == NULL ? qs_str_of(option) : qs_str_make(option, (size_t)(equals - option));
}

const char *qs_head_option_column(const char *option)
{
    const char *equals = strrchr(option, '=');
    return equals == NULL || equals[1] == '\0' ? NULL : equals + 1;
}

static int by_bytes(const void *a, const void *b)
{
    return qs_str_compare(*(const qs_str *)a, *(const qs_str *)b);
}

static int by_name(const void *a, const void *b)
{
    return qs_str_compare(((const qs_head_plan *)a)->name, ((const qs_head_plan *)b)->name);
}

static uint32_t label_number(const qs_head_plan *head, qs_str label)
{
    const qs_str *found = bsearch(&label, head->labels, head->label_count, sizeof label, by_bytes);
    return (uint32_t)(found - head->labels);
}

/* Gathers the rows and labels of one head: label column `column`, of rows with `target` if it is given. */
static qs_status fill_head(qs_head_plan *head, qs_arena *arena, const qs_dataset *d,
                           const uint32_t *rows, size_t count, size_t column, const qs_str *target,
                           qs_error *err)
{
    qs_map seen = {0};
    qs_status status = QS_OK;
    head->rows = qs_arena_alloc(arena, count + 1, sizeof *head->rows);
    head->row_labels = qs_arena_alloc(arena, count + 1, sizeof *head->row_labels);
    if (head->rows == NULL || head->row_labels == NULL)
        status = qs_fail(err, QS_ENOMEM, "out of memory");
    for (size_t i = 0; i < count && status == QS_OK; i++) {
        const qs_labelled *row = &d->rows[rows[i]];
        uint32_t number = 0;
        if (row->labels[column].ptr == NULL || (target != NULL && !qs_str_equal(row->target, *target)))
            continue;
        if (row->labels[column].len > QS_MODEL_MAX_LABEL)
            status = qs_fail(err, QS_EINPUT, "label of %zu bytes, the limit is %d: '%.40s...'",
                             row->labels[column].len, QS_MODEL_MAX_LABEL, row->labels[column].ptr);
        else
            status = qs_map_intern(&seen, row->labels[column], &number, err);
        head->rows[head->row_count++] = (uint32_t)i;
    }
    if (status == QS_OK && head->row_count > 0 && (seen.count < 2 || seen.count > QS_MODEL_MAX_LABELS))
        status = qs_fail(err, QS_EINPUT, seen.count < 2
                             ? "head '%.*s' has one label only; at least two are needed (labels: %zu)"
                             : "head '%.*s' has too many labels (%zu); is it the right column?",
                         (int)head->name.len, head->name.ptr, seen.count);
    if (status == QS_OK && head->row_count > 0) {
        head->labels = qs_arena_alloc(arena, seen.count, sizeof *head->labels);
        if (head->labels == NULL)
            status = qs_fail(err, QS_ENOMEM, "out of memory");
    }
    for (size_t k = 0; k < seen.count && status == QS_OK && head->row_count > 0; k++) {
        head->labels[k] = qs_arena_copy(arena, seen.keys[k]);
        if (head->labels[k].ptr == NULL)
            status = qs_fail(err, QS_ENOMEM, "out of memory");
    }
    if (status == QS_OK && head->row_count > 0) {
        head->label_count = seen.count;
        qsort(head->labels, head->label_count, sizeof *head->labels, by_bytes);
        for (size_t i = 0; i < head->row_count; i++)
            head->row_labels[i] = label_number(head, d->rows[rows[head->rows[i]]].labels[column]);
    }
    qs_map_free(&seen);
    return status;
}

/* One name for each head: the targets, or the names of the options. */
static qs_status name_heads(qs_map *names, const qs_dataset *d, const uint32_t *rows, size_t count,
                            const qs_train_options *options, qs_error *err)
{
    qs_status status = QS_OK;
    uint32_t number = 0;
    if (options->per_target) {
        for (size_t i = 0; i < count && status == QS_OK; i++)
            if (d->rows[rows[i]].labels[0].ptr != NULL)
                status = qs_map_intern(names, d->rows[rows[i]].target, &number, err);
        return status;
    }
    if (options->head_count == 0)
        return qs_map_intern(names, qs_str_of(QS_DEFAULT_HEAD), &number, err);
    for (size_t i = 0; i < options->head_count && status == QS_OK; i++) {
        status = qs_map_intern(names, qs_head_option_name(options->heads[i]), &number, err);
        if (status == QS_OK && number != i)
            status = qs_fail(err, QS_EUSAGE, "head '%s' is named twice", options->heads[i]);
    }
    return status;
}

qs_status qs_heads_find(qs_head_plan **heads, size_t *head_count, qs_arena *arena,
                        const qs_dataset *d, const uint32_t *rows, size_t count,
                        const qs_train_options *options, qs_error *err)
{
    qs_map names = {0};
    qs_status status = name_heads(&names, d, rows, count, options, err);
    qs_head_plan *all = NULL;
    size_t kept = 0;
    if (status == QS_OK) {
        all = qs_arena_alloc(arena, names.count + 1, sizeof *all);
        if (all == NULL)
            status = qs_fail(err, QS_ENOMEM, "out of memory");
    }
    if (status == QS_OK && names.count > QS_MODEL_MAX_HEADS)
        status = qs_fail(err, QS_EINPUT, "%zu targets, the limit is %d; is it the right column?",
                         names.count, QS_MODEL_MAX_HEADS);
    for (size_t h = 0; h < names.count && status == QS_OK; h++) {
        qs_head_plan *head = &all[kept];
        head->name = qs_arena_copy(arena, names.keys[h]);
        status = head->name.ptr == NULL
                     ? qs_fail(err, QS_ENOMEM, "out of memory")
                     : fill_head(head, arena, d, rows, count, options->per_target ? 0 : h,
                                 options->per_target ? &head->name : NULL, err);
        if (head->row_count > 0)
            kept++;
    }
    if (status == QS_OK && kept == 0)
        status = qs_fail(err, QS_EINPUT, "no row has a label");
    if (status == QS_OK)
        qsort(all, kept, sizeof *all, by_name);
    *heads = all;
    *head_count = kept;
    qs_map_free(&names);
    return status;
}
