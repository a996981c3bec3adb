/* Answers from the records of one file. SPDX-License-Identifier: MIT */
#include "pipeline/judged_read.h"

#include <jansson.h>
#include <stdio.h>

#include "article/rows_json.h"
#include "base/number.h"

#define REMARKS 20

void qs_answers_free(qs_answers *answers)
{
    qs_free(answers->list);
    qs_arena_free(&answers->arena);
    *answers = (qs_answers){0};
}

static qs_status keep(qs_answers *answers, qs_str *text, qs_error *err)
{
    if (text->ptr == NULL)
        return QS_OK;
    *text = qs_arena_copy(&answers->arena, *text);
    return text->ptr == NULL ? qs_fail(err, QS_ENOMEM, "out of memory for %s", answers->path) : QS_OK;
}

static qs_status add(qs_answers *answers, const qs_answer *answer, qs_error *err)
{
    qs_answer new = *answer;
    qs_status status = qs_grow(&answers->list, &answers->capacity, answers->count + 1, sizeof *answers->list, err);
    if (status == QS_OK)
        status = keep(answers, &new.head, err);
    if (status == QS_OK)
        status = keep(answers, &new.label, err);
    if (status == QS_OK)
        status = keep(answers, &new.gold, err);
    if (status == QS_OK)
        answers->list[answers->count++] = new;
    return status;
}

static qs_str value_of(const qs_row *row, const char *name)
{
    const qs_field *field = name == NULL ? NULL : qs_row_field(row, qs_str_of(name));
    if (field == NULL || (!field->is_string && qs_str_equal(field->value, qs_str_of("null"))))
        return qs_str_make(NULL, 0);
    return field->value;
}

static const json_t *object_of(const qs_rows *rows, const char *name)
{
    const json_t *value = qs_rows_json(rows, qs_str_of(name));
    return json_is_object(value) ? value : NULL;
}

static qs_str text_of(const json_t *value)
{
    return json_is_string(value) ? qs_str_make(json_string_value(value), json_string_length(value))
                                 : qs_str_make(NULL, 0);
}

static qs_status read_probabilities(qs_answers *answers, qs_answer *answer, const json_t *object, qs_error *err)
{
    const size_t count = json_object_size(object);
    const char *name = NULL;
    json_t *value = NULL;
    size_t at = 0;
    qs_str *names = qs_arena_alloc(&answers->arena, count, sizeof *names);
    double *probabilities = qs_arena_alloc(&answers->arena, count, sizeof *probabilities);
    if (names == NULL || probabilities == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory for %s", answers->path);
    json_object_foreach((json_t *)(uintptr_t)object, name, value) {
        if (!json_is_number(value))
            continue;
        names[at] = qs_str_of(name);
        const qs_status status = keep(answers, &names[at], err);
        if (status != QS_OK)
            return status;
        probabilities[at++] = json_number_value(value);
    }
    answer->names = names;
    answer->probabilities = probabilities;
    answer->probability_count = at;
    return QS_OK;
}

/* Columns probability_LABEL of CSV and TSV, or JSON keys of that name. */
static qs_status read_probability_columns(qs_answers *answers, qs_answer *answer, const qs_row *row, qs_error *err)
{
    static const char prefix[] = "probability_";
    const size_t length = sizeof prefix - 1;
    size_t count = 0, at = 0;
    for (size_t i = 0; i < row->field_count; i++)
        count += row->fields[i].name.len > length && memcmp(row->fields[i].name.ptr, prefix, length) == 0;
    if (count == 0)
        return QS_OK;
    qs_str *names = qs_arena_alloc(&answers->arena, count, sizeof *names);
    double *probabilities = qs_arena_alloc(&answers->arena, count, sizeof *probabilities);
    if (names == NULL || probabilities == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory for %s", answers->path);
    for (size_t i = 0; i < row->field_count; i++) {
        const qs_field *field = &row->fields[i];
        if (field->name.len <= length || memcmp(field->name.ptr, prefix, length) != 0 ||
            !qs_number_parse(field->value, &probabilities[at]))
            continue;
        names[at] = qs_str_slice(field->name, length, field->name.len);
        const qs_status status = keep(answers, &names[at++], err);
        if (status != QS_OK)
            return status;
    }
    answer->names = names;
    answer->probabilities = probabilities;
    answer->probability_count = at;
    return QS_OK;
}

/* {HEAD: {"label": L, "probabilities": {...}}} as predict writes it; gold labels by head beside it. */
static qs_status read_heads(qs_answers *answers, qs_answer *answer, const json_t *heads, const json_t *gold,
                            qs_error *err)
{
    const char *name = NULL;
    json_t *head = NULL;
    qs_status status = QS_OK;
    const qs_str only_gold = answer->gold;
    json_object_foreach((json_t *)(uintptr_t)heads, name, head) {
        answer->head = qs_str_of(name);
        answer->label = text_of(json_is_object(head) ? json_object_get(head, "label") : head);
        answer->gold = gold == NULL ? only_gold : text_of(json_object_get(gold, name));
        answer->probability_count = 0;
        if (json_is_object(json_object_get(head, "probabilities")))
            status = read_probabilities(answers, answer, json_object_get(head, "probabilities"), err);
        if (status == QS_OK)
            status = add(answers, answer, err);
        if (status != QS_OK)
            break;
    }
    return status;
}

static qs_status read_plain(qs_answers *answers, qs_answer *answer, const qs_rows *rows, const qs_row *row,
                            qs_error *err)
{
    const json_t *probabilities = object_of(rows, "probabilities");
    qs_status status = QS_OK;
    if ((row->present & QS_COLUMN_BIT(QS_COLUMN_LABEL)) != 0)
        answer->label = row->columns[QS_COLUMN_LABEL];
    if (probabilities != NULL)
        status = read_probabilities(answers, answer, probabilities, err);
    else
        status = read_probability_columns(answers, answer, row, err);
    if (status == QS_OK)
        status = add(answers, answer, err);
    return status;
}

static qs_status read_common(qs_answers *answers, qs_answer *answer, const qs_row *row,
                             const qs_judged_options *options, qs_error *err)
{
    qs_status status = QS_OK;
    *answer = (qs_answer){.id = row->columns[QS_COLUMN_ID], .target = row->columns[QS_COLUMN_TARGET],
                          .gold = value_of(row, "gold"), .group = value_of(row, options->group_column),
                          .text = row->columns[QS_COLUMN_TEXT], .line = row->line, .item = answers->items++};
    answers->without_id += answer->id.len == 0;
    if (options->slice_count > 0) {
        qs_str *slices = qs_arena_alloc(&answers->arena, options->slice_count, sizeof *slices);
        if (slices == NULL)
            return qs_fail(err, QS_ENOMEM, "out of memory for %s", answers->path);
        for (size_t i = 0; i < options->slice_count && status == QS_OK; i++) {
            answers->slice_seen[i] |= qs_row_field(row, qs_str_of(options->slices[i])) != NULL;
            slices[i] = value_of(row, options->slices[i]);
            status = keep(answers, &slices[i], err);
        }
        answer->slices = slices;
    }
    if (status == QS_OK)
        status = keep(answers, &answer->id, err);
    if (status == QS_OK)
        status = keep(answers, &answer->target, err);
    if (status == QS_OK && answer->text.len > 0)
        status = keep(answers, &answer->text, err);
    return status == QS_OK ? keep(answers, &answer->group, err) : status;
}

static qs_status read_row(qs_answers *answers, const qs_rows *rows, const qs_row *row, const qs_judged_options *options,
                          qs_error *err)
{
    qs_answer answer;
    const json_t *heads = object_of(rows, "heads");
    if (heads == NULL)
        heads = object_of(rows, "labels");
    qs_status status = read_common(answers, &answer, row, options, err);
    if (status == QS_OK)
        status = heads == NULL ? read_plain(answers, &answer, rows, row, err)
                                : read_heads(answers, &answer, heads, object_of(rows, "gold"), err);
    return status;
}

static void reject(qs_answers *answers, const qs_row *row, const qs_judged_options *options)
{
    char text[512];
    if (++answers->rejected > REMARKS || options->remark == NULL)
        return;
    (void)snprintf(text, sizeof text, "%s:%llu: row left out: %s", answers->path, (unsigned long long)row->line,
                   row->message[0] != '\0' ? row->message : qs_row_status_name(row->status));
    options->remark(options->context, text);
}

qs_status qs_answers_read(qs_answers *answers, const char *path, const qs_judged_options *options, qs_error *err)
{
    qs_rows *rows = NULL;
    const qs_row *row = NULL;
    qs_rows_options reading = options->rows;
    reading.required = 0;
    answers->path = path;
    answers->slice_seen = qs_arena_alloc(&answers->arena, options->slice_count, 1);
    if (answers->slice_seen == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory for %s", path);
    qs_status status = qs_rows_open(&rows, path, &reading, err);
    while (status == QS_OK) {
        status = qs_rows_next(&row, rows, err);
        if (status != QS_OK || row == NULL)
            break;
        if (row->status != QS_ROW_OK)
            reject(answers, row, options);
        else
            status = read_row(answers, rows, row, options, err);
    }
    qs_rows_close(rows);
    if (status != QS_OK)
        qs_error_set_path(err, path);
    return status;
}
