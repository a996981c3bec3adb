/* Reading the records of annotation tools and of plain rows. SPDX-License-Identifier: MIT */
#include <jansson.h>
#include <string.h>

#include "base/stream.h"
#include "pipeline/corpus_record.h"
#include "text/utf8.h"

#define IMPORT_MAX_FILE ((size_t)1 << 30)

static const char *const default_names[QS_COLUMN_COUNT] = {"text", "label", "target", "id", "context"};

const qs_record_field *qs_record_column(const qs_record *record, qs_column column)
{
    for (size_t i = 0; i < record->count; i++)
        if (record->fields[i].column == (int)column)
            return &record->fields[i];
    return NULL;
}

qs_status qs_record_add(qs_record *record, qs_str name, qs_str value, bool is_string, int column, qs_error *err)
{
    const qs_status status =
        qs_grow(&record->fields, &record->capacity, record->count + 1, sizeof *record->fields, err);
    if (status == QS_OK)
        record->fields[record->count++] = (qs_record_field){
            column >= 0 ? qs_str_of(default_names[column]) : name, value, is_string, column};
    return status;
}

void qs_record_reject(const qs_conversion *conversion, const char *path, uint64_t line, const char *code,
                      const char *message)
{
    if (conversion->silent)
        return;
    conversion->counts->rejected++;
    if (conversion->convert->bad != NULL)
        conversion->convert->bad(conversion->convert->context, path, line, code, message);
}

qs_status qs_record_pass(const qs_conversion *conversion, const qs_record *record, qs_error *err)
{
    const char *wrong = NULL;
    const qs_status status = conversion->sink(conversion->context, record, &wrong, err);
    if (status != QS_OK)
        return status;
    if (wrong != NULL)
        qs_record_reject(conversion, record->path, record->line, "not_convertible", wrong);
    else if (!conversion->silent)
        conversion->counts->written++;
    return QS_OK;
}

static int column_of(const qs_corpus_options *options, qs_str name)
{
    for (int i = 0; i < QS_COLUMN_COUNT; i++)
        if (qs_str_equal(name, qs_str_of(options->rows.columns[i] != NULL ? options->rows.columns[i]
                                                                          : default_names[i])))
            return i;
    return -1;
}

static bool is_one_of(qs_str name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (qs_str_equal(name, qs_str_of(names[i])))
            return true;
    return false;
}

/* ---- rows: TSV, CSV, JSON Lines, fastText, libsvm; doccano and Prodigy are JSON Lines ---- */

/* What Prodigy adds for itself. */
static bool is_prodigy_own(qs_str name)
{
    static const char *const own[] = {"answer", "options", "config", "accept"};
    return (name.len > 0 && name.ptr[0] == '_') || is_one_of(name, own, sizeof own / sizeof *own);
}

/* The label of a list field such as "labels" or "accept": what stands in ["..."]. */
static qs_str only_item(const qs_field *field)
{
    if (field == NULL || field->is_string || field->value.len < 4 || field->value.ptr[0] != '[' ||
        field->value.ptr[1] != '"')
        return qs_str_make(NULL, 0);
    const qs_str inner = qs_str_slice(field->value, 2, field->value.len - 2);
    return inner.len > 0 && (memchr(inner.ptr, '"', inner.len) != NULL || memchr(inner.ptr, '\\', inner.len) != NULL)
               ? qs_str_make(NULL, 0)
               : inner;
}

static qs_status fill_from_row(qs_record *record, const qs_conversion *conversion, const qs_row *row, qs_error *err)
{
    static const qs_row_feature none = {0, 0};
    const qs_exchange from = conversion->convert->from;
    qs_status status = QS_OK;
    record->count = 0;
    record->line = row->line;
    record->features = row->features != NULL || !record->is_libsvm ? row->features : &none;
    record->feature_count = row->feature_count;
    for (size_t i = 0; i < row->field_count && status == QS_OK; i++) {
        const qs_field *field = &row->fields[i];
        const int column = column_of(conversion->options, field->name);
        const bool label_list = column == QS_COLUMN_LABEL && !field->is_string && field->value.ptr[0] == '[';
        if (from == QS_EXCHANGE_PRODIGY && is_prodigy_own(field->name))
            continue;
        if (from == QS_EXCHANGE_DOCCANO && qs_str_equal(field->name, qs_str_of("labels")))
            continue;
        if (label_list && (row->present & QS_COLUMN_BIT(QS_COLUMN_LABEL)) == 0)
            continue;
        status = label_list ? qs_record_add(record, field->name, row->columns[column], true, column, err)
                            : qs_record_add(record, field->name, field->value, field->is_string, column, err);
    }
    if (status == QS_OK && (row->present & QS_COLUMN_BIT(QS_COLUMN_LABEL)) == 0) {
        const qs_str label =
            only_item(from == QS_EXCHANGE_DOCCANO   ? qs_row_field(row, qs_str_of("labels"))
                      : from == QS_EXCHANGE_PRODIGY ? qs_row_field(row, qs_str_of("accept"))
                                                    : NULL);
        if (label.len > 0)
            status = qs_record_add(record, label, label, true, QS_COLUMN_LABEL, err);
    }
    return status;
}

/* Prodigy keeps what the annotator refused; such rows carry no label. */
static bool is_refused(const qs_conversion *conversion, const qs_row *row)
{
    const qs_field *answer = qs_row_field(row, qs_str_of("answer"));
    return conversion->convert->from == QS_EXCHANGE_PRODIGY && answer != NULL && answer->is_string &&
           !qs_str_equal(answer->value, qs_str_of("accept"));
}

static qs_status pass_row(const qs_conversion *conversion, qs_record *record, const qs_row *row, qs_error *err)
{
    if (row->status != QS_ROW_OK) {
        qs_record_reject(conversion, record->path, row->line, qs_row_status_name(row->status), row->message);
        return QS_OK;
    }
    if (is_refused(conversion, row)) {
        conversion->counts->skipped += !conversion->silent;
        return QS_OK;
    }
    const qs_status status = fill_from_row(record, conversion, row, err);
    return status == QS_OK ? qs_record_pass(conversion, record, err) : status;
}

static qs_status read_rows(const qs_conversion *conversion, const char *path, qs_error *err)
{
    static const qs_format formats[] = {QS_FORMAT_AUTO,  QS_FORMAT_TSV,      QS_FORMAT_CSV,
                                        QS_FORMAT_JSONL, QS_FORMAT_FASTTEXT, QS_FORMAT_LIBSVM,
                                        QS_FORMAT_JSONL, QS_FORMAT_JSONL,    QS_FORMAT_AUTO,
                                        QS_FORMAT_JSONL};
    qs_rows *rows = NULL;
    const qs_row *row = NULL;
    qs_record record = {.path = path};
    qs_rows_options options = conversion->options->rows;
    if (formats[conversion->convert->from] != QS_FORMAT_AUTO)
        options.format = formats[conversion->convert->from];
    qs_status status = qs_rows_open(&rows, path, &options, err);
    record.is_libsvm = status == QS_OK && qs_rows_format(rows) == QS_FORMAT_LIBSVM;
    while (status == QS_OK && (status = qs_rows_next(&row, rows, err)) == QS_OK && row != NULL)
        status = pass_row(conversion, &record, row, err);
    qs_free(record.fields);
    qs_rows_close(rows);
    return status;
}

/* ---- Label Studio: a list of tasks ---- */

/* The first choice (or span label) of the first annotation that was not cancelled. */
static const json_t *find_choice(const json_t *task)
{
    const json_t *annotations = json_object_get(task, "annotations");
    if (annotations == NULL)
        annotations = json_object_get(task, "completions");
    for (size_t i = 0; i < json_array_size(annotations); i++) {
        const json_t *annotation = json_array_get(annotations, i);
        const json_t *results = json_object_get(annotation, "result");
        if (json_is_true(json_object_get(annotation, "was_cancelled")))
            continue;
        for (size_t j = 0; j < json_array_size(results); j++) {
            const json_t *value = json_object_get(json_array_get(results, j), "value");
            const json_t *choice = json_array_get(json_object_get(value, "choices"), 0);
            if (choice == NULL)
                choice = json_array_get(json_object_get(value, "labels"), 0);
            if (json_is_string(choice))
                return choice;
        }
    }
    return NULL;
}

static int add_bytes(const char *bytes, size_t len, void *buf)
{
    qs_buf_add(buf, bytes, len);
    return ((qs_buf *)buf)->failed ? -1 : 0;
}

/* Adds all fields of an object; values that are no strings are dumped into `texts`, one after another. */
static qs_status add_object(qs_record *record, const qs_conversion *conversion, json_t *object, qs_arena *texts,
                            qs_error *err)
{
    const char *key = NULL;
    json_t *value = NULL;
    qs_status status = QS_OK;
    json_object_foreach(object, key, value) {
        qs_str text = qs_str_make(json_string_value(value), json_string_length(value));
        if (!json_is_string(value)) {
            qs_buf dump = {0};
            (void)json_dump_callback(value, add_bytes, &dump, JSON_COMPACT | JSON_ENCODE_ANY);
            text = dump.failed ? qs_str_make(NULL, 0) : qs_arena_copy(texts, qs_buf_view(&dump));
            qs_buf_free(&dump);
        }
        if (text.ptr == NULL)
            return qs_fail(err, QS_ENOMEM, "out of memory");
        status = qs_record_add(record, qs_str_of(key), text, json_is_string(value),
                               column_of(conversion->options, qs_str_of(key)), err);
        if (status != QS_OK)
            return status;
    }
    return QS_OK;
}

static qs_status pass_task(const qs_conversion *conversion, qs_record *record, json_t *task, qs_error *err)
{
    qs_arena texts = {0};
    json_t *data = json_object_get(task, "data");
    const json_t *choice = find_choice(task);
    qs_status status = QS_OK;
    record->count = 0;
    if (!json_is_object(task)) {
        qs_record_reject(conversion, record->path, record->line, "malformed", "a task must be an object");
        return QS_OK;
    }
    status = add_object(record, conversion, json_is_object(data) ? data : task, &texts, err);
    if (status == QS_OK && choice != NULL && qs_record_column(record, QS_COLUMN_LABEL) == NULL)
        status = qs_record_add(record, qs_str_of("label"),
                               qs_str_make(json_string_value(choice), json_string_length(choice)), true,
                               QS_COLUMN_LABEL, err);
    const qs_record_field *text = qs_record_column(record, QS_COLUMN_TEXT);
    if (status == QS_OK && (text == NULL || !text->is_string || text->value.len == 0))
        qs_record_reject(conversion, record->path, record->line, "missing_column", "a task without text");
    else if (status == QS_OK)
        status = qs_record_pass(conversion, record, err);
    qs_arena_free(&texts);
    return status;
}

/* Tasks have no lines of their own: `line` is the task's number. */
static qs_status read_tasks(const qs_conversion *conversion, const char *path, qs_error *err)
{
    json_error_t why;
    qs_buf bytes = {0};
    qs_record record = {.path = path};
    qs_status status = qs_stream_read_all(&bytes, path, IMPORT_MAX_FILE, err);
    if (status != QS_OK) {
        qs_buf_free(&bytes);
        return status;
    }
    json_t *root = json_loadb(bytes.ptr, bytes.len, JSON_REJECT_DUPLICATES, &why);
    qs_buf_free(&bytes);
    if (root == NULL)
        return qs_fail_at(err, QS_EINPUT, why.line > 0 ? (uint64_t)why.line : 0, QS_NO_OFFSET, "%s", why.text);
    if (!json_is_array(root))
        status = qs_fail(err, QS_EINPUT, "a list of tasks is expected");
    for (size_t i = 0; i < json_array_size(root) && status == QS_OK; i++) {
        record.line = i + 1;
        status = pass_task(conversion, &record, json_array_get(root, i), err);
    }
    json_decref(root);
    qs_free(record.fields);
    return status;
}

qs_status qs_record_read(const qs_conversion *conversion, const char *path, qs_error *err)
{
    qs_status status = QS_OK;
    if (conversion->convert->from == QS_EXCHANGE_LABEL_STUDIO)
        status = read_tasks(conversion, path, err);
    else if (conversion->convert->from == QS_EXCHANGE_BRAT)
        status = qs_brat_read(conversion, path, err);
    else
        status = read_rows(conversion, path, err);
    if (status != QS_OK)
        qs_error_set_path(err, path);
    return status;
}
