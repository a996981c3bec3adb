/* Writing records for other tools. SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"
#include "pipeline/corpus_record.h"
#include "text/utf8.h"

static const char label_mark[] = "__label__";

struct qs_exporter {
    qs_convert_options convert;
    const char *path;
    const qs_map *names;
    qs_outfile *file;
    uint64_t written;
    qs_buf line, scratch;
    qs_map words, labels; /* libsvm */
    uint32_t *numbers;
    size_t number_capacity;
    bool numbered; /* libsvm: words and labels were given numbers */
};

void qs_record_json(qs_buf *out, const qs_record *record, bool with_text, bool with_label)
{
    bool first = true;
    qs_buf_add_char(out, '{');
    for (size_t i = 0; i < record->count; i++) {
        const qs_record_field *field = &record->fields[i];
        if ((!with_text && field->column == QS_COLUMN_TEXT) || (!with_label && field->column == QS_COLUMN_LABEL))
            continue;
        if (!first)
            qs_buf_add_char(out, ',');
        first = false;
        qs_buf_add_json(out, field->name);
        qs_buf_add_char(out, ':');
        if (field->is_string)
            qs_buf_add_json(out, field->value);
        else
            qs_buf_add_str(out, field->value);
    }
    qs_buf_add_char(out, '}');
}

/* An object without its closing brace, and a comma if more can follow. */
static void open_object(qs_buf *out, const qs_record *record, bool with_label)
{
    qs_record_json(out, record, true, with_label);
    if (out->len < 2)
        return;
    out->len--;
    if (out->ptr[out->len - 1] != '{')
        qs_buf_add_char(out, ',');
}

static bool breaks_line(qs_str value)
{
    return value.len > 0 && (memchr(value.ptr, '\n', value.len) != NULL || memchr(value.ptr, '\r', value.len) != NULL ||
                             memchr(value.ptr, '\t', value.len) != NULL);
}

static void add_flat(qs_buf *out, qs_str value)
{
    for (size_t i = 0; i < value.len; i++) {
        const char c = value.ptr[i];
        if (c == '\r' && i + 1 < value.len && value.ptr[i + 1] == '\n')
            continue;
        qs_buf_add_char(out, c == '\n' || c == '\r' || c == '\t' ? ' ' : c);
    }
}

static void add_csv(qs_buf *out, qs_str value)
{
    bool quote = value.len == 0 || value.ptr[0] == ' ' || value.ptr[value.len - 1] == ' ';
    for (size_t i = 0; i < value.len && !quote; i++)
        quote = strchr(",\"\n\r", value.ptr[i]) != NULL;
    if (!quote) {
        qs_buf_add_str(out, value);
        return;
    }
    qs_buf_add_char(out, '"');
    for (size_t i = 0; i < value.len; i++) {
        if (value.ptr[i] == '"')
            qs_buf_add_char(out, '"');
        qs_buf_add_char(out, value.ptr[i]);
    }
    qs_buf_add_char(out, '"');
}

/* ---- one record in each format ---- */

static const char *write_cells(qs_exporter *e, const qs_record *record)
{
    const bool tabs = e->convert.to == QS_EXCHANGE_TSV;
    for (size_t i = 0; i < e->names->count; i++) {
        qs_str value = {NULL, 0};
        for (size_t j = 0; j < record->count; j++)
            if (qs_str_equal(record->fields[j].name, e->names->keys[i]))
                value = record->fields[j].value;
        if (i > 0)
            qs_buf_add_char(&e->line, tabs ? '\t' : ',');
        if (!tabs)
            add_csv(&e->line, value);
        else if (breaks_line(value) && !e->convert.flatten)
            return "a tab or line end in a field, which TSV cannot hold";
        else
            add_flat(&e->line, value);
    }
    qs_buf_add_char(&e->line, '\n');
    return NULL;
}

static const char *write_fasttext(qs_exporter *e, const qs_record *record)
{
    const qs_record_field *label = qs_record_column(record, QS_COLUMN_LABEL);
    const qs_record_field *text = qs_record_column(record, QS_COLUMN_TEXT);
    const qs_str words = text->value;
    const bool blank_start = words.len > 0 && (words.ptr[0] == ' ' || words.ptr[0] == '\t');
    if (words.len >= sizeof label_mark - 1 && memcmp(words.ptr, label_mark, sizeof label_mark - 1) == 0)
        return "a text that starts like a label";
    if ((breaks_line(words) || blank_start) && !e->convert.flatten)
        return "a tab, line end or leading space in the text, which fastText cannot hold";
    if (label != NULL && label->value.len > 0) {
        qs_buf_add_text(&e->line, label_mark);
        for (size_t i = 0; i < label->value.len; i++) {
            const char c = label->value.ptr[i];
            const bool space = c == ' ' || (c >= '\t' && c <= '\r');
            if (space && !e->convert.flatten)
                return "a space in the label, which fastText cannot hold";
            qs_buf_add_char(&e->line, space ? '_' : c);
        }
        qs_buf_add_char(&e->line, ' ');
    }
    add_flat(&e->line, words);
    qs_buf_add_char(&e->line, '\n');
    return NULL;
}

static int compare_u32(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* The words of a text as ascending numbers, each once. */
static qs_status number_words(qs_exporter *e, qs_str text, size_t *count, qs_error *err)
{
    qs_status status = QS_OK;
    qs_buf_clear(&e->scratch);
    for (size_t at = 0; at <= text.len && status == QS_OK;) {
        uint32_t c = 0;
        char bytes[4];
        at += at < text.len ? qs_utf8_decode(text, at, &c) : 1;
        if (c != 0 && qs_char_is_word(c)) {
            qs_buf_add(&e->scratch, bytes, qs_utf8_encode(qs_char_lower(c), bytes));
            continue;
        }
        if (e->scratch.len == 0)
            continue;
        status = qs_grow(&e->numbers, &e->number_capacity, *count + 1, sizeof *e->numbers, err);
        if (status == QS_OK)
            status = qs_map_intern(&e->words, qs_buf_view(&e->scratch), &e->numbers[(*count)++], err);
        qs_buf_clear(&e->scratch);
    }
    if (status == QS_OK && *count > 0)
        qsort(e->numbers, *count, sizeof *e->numbers, compare_u32);
    return status;
}

static qs_status write_libsvm(qs_exporter *e, const qs_record *record, const char **wrong, qs_error *err)
{
    const qs_record_field *label = qs_record_column(record, QS_COLUMN_LABEL);
    const qs_str text = qs_record_column(record, QS_COLUMN_TEXT)->value;
    uint32_t number = 0;
    size_t count = 0;
    if (label == NULL || label->value.len == 0) {
        *wrong = "no label, which libsvm needs";
        return QS_OK;
    }
    if (record->features != NULL) {
        qs_buf_add_str(&e->line, label->value);
        for (size_t i = 0; i < record->feature_count; i++) {
            qs_buf_addf(&e->line, " %lu:", (unsigned long)record->features[i].index);
            qs_buf_add_double(&e->line, record->features[i].value);
        }
        qs_buf_add_char(&e->line, '\n');
        return QS_OK;
    }
    e->numbered = true;
    qs_status status = qs_map_intern(&e->labels, label->value, &number, err);
    if (status == QS_OK)
        status = number_words(e, text, &count, err);
    qs_buf_addf(&e->line, "%lu", (unsigned long)number);
    for (size_t i = 0; i < count && status == QS_OK; i++)
        if (i == 0 || e->numbers[i] != e->numbers[i - 1])
            qs_buf_addf(&e->line, " %lu:1", (unsigned long)e->numbers[i] + 1);
    qs_buf_add_char(&e->line, '\n');
    return status;
}

static void write_doccano(qs_buf *out, const qs_record *record)
{
    const qs_record_field *label = qs_record_column(record, QS_COLUMN_LABEL);
    open_object(out, record, false);
    qs_buf_add_text(out, "\"label\":[");
    if (label != NULL)
        qs_buf_add_json(out, label->value);
    qs_buf_add_text(out, "]}\n");
}

static void write_prodigy(qs_buf *out, const qs_record *record)
{
    open_object(out, record, true);
    qs_buf_add_text(out, "\"answer\":\"accept\"}\n");
}

static void write_task(qs_buf *out, const qs_record *record, uint64_t number)
{
    const qs_record_field *label = qs_record_column(record, QS_COLUMN_LABEL);
    qs_buf_addf(out, "%s{\"id\":%llu,\"data\":", number == 0 ? "[\n" : ",\n", (unsigned long long)number + 1);
    qs_record_json(out, record, true, false);
    qs_buf_add_text(out, ",\"annotations\":[");
    if (label != NULL) {
        qs_buf_add_text(out, "{\"result\":[{\"from_name\":\"label\",\"to_name\":\"text\",\"type\":\"choices\","
                             "\"value\":{\"choices\":[");
        qs_buf_add_json(out, label->value);
        qs_buf_add_text(out, "]}}]}");
    }
    qs_buf_add_text(out, "]}");
}

qs_status qs_exporter_put(void *context, const qs_record *record, const char **wrong, qs_error *err)
{
    qs_exporter *e = context;
    qs_status status = QS_OK;
    qs_buf_clear(&e->line);
    switch (e->convert.to) {
    case QS_EXCHANGE_TSV:
    case QS_EXCHANGE_CSV:
        *wrong = write_cells(e, record);
        break;
    case QS_EXCHANGE_FASTTEXT:
        *wrong = write_fasttext(e, record);
        break;
    case QS_EXCHANGE_LIBSVM:
        status = write_libsvm(e, record, wrong, err);
        break;
    case QS_EXCHANGE_DOCCANO:
        write_doccano(&e->line, record);
        break;
    case QS_EXCHANGE_PRODIGY:
        write_prodigy(&e->line, record);
        break;
    case QS_EXCHANGE_LABEL_STUDIO:
        write_task(&e->line, record, e->written);
        break;
    case QS_EXCHANGE_BRAT:
        status = qs_brat_write(e->path, e->written, record, e->convert.flatten, wrong, err);
        break;
    default:
        qs_record_json(&e->line, record, true, true);
        qs_buf_add_char(&e->line, '\n');
    }
    if (status != QS_OK || *wrong != NULL)
        return status;
    e->written++;
    status = qs_buf_status(&e->line, err);
    return status == QS_OK && e->file != NULL ? qs_outfile_write(e->file, qs_buf_view(&e->line), err) : status;
}

/* ---- start and end ---- */

static qs_status write_header(qs_exporter *e, qs_error *err)
{
    const bool tabs = e->convert.to == QS_EXCHANGE_TSV;
    if (!tabs && e->convert.to != QS_EXCHANGE_CSV)
        return QS_OK;
    for (size_t i = 0; i < e->names->count; i++) {
        if (i > 0)
            qs_buf_add_char(&e->line, tabs ? '\t' : ',');
        if (tabs)
            add_flat(&e->line, e->names->keys[i]);
        else
            add_csv(&e->line, e->names->keys[i]);
    }
    qs_buf_add_char(&e->line, '\n');
    const qs_status status = qs_buf_status(&e->line, err);
    return status == QS_OK ? qs_outfile_write(e->file, qs_buf_view(&e->line), err) : status;
}

qs_status qs_exporter_open(qs_exporter **out, const char *path, const qs_convert_options *convert,
                           const qs_map *names, qs_error *err)
{
    qs_status status = QS_OK;
    *out = NULL;
    qs_exporter *e = qs_alloc_zero(1, sizeof *e);
    if (e == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    e->convert = *convert;
    e->path = path;
    e->names = names;
    if (convert->to == QS_EXCHANGE_BRAT) {
        if (mkdir(path, 0777) != 0 && errno != EEXIST)
            status = qs_fail(err, QS_EIO, "cannot make the folder: %s", strerror(errno));
    } else {
        status = qs_outfile_open(&e->file, path, err);
        if (status == QS_OK)
            status = write_header(e, err);
    }
    if (status != QS_OK) {
        qs_error_set_path(err, path);
        qs_exporter_close(e);
        return status;
    }
    *out = e;
    return QS_OK;
}

/* One key a line; labels with their number before them, words on the line that is their number. */
static qs_status write_keys(const qs_exporter *e, const char *ending, const qs_map *map, bool with_number,
                            qs_error *err)
{
    qs_buf name = {0}, text = {0};
    qs_buf_add_text(&name, e->path);
    qs_buf_add(&name, ending, strlen(ending) + 1);
    for (size_t i = 0; i < map->count; i++) {
        if (with_number)
            qs_buf_addf(&text, "%zu\t", i);
        add_flat(&text, map->keys[i]);
        qs_buf_add_char(&text, '\n');
    }
    qs_status status = qs_buf_status(&name, err);
    if (status == QS_OK)
        status = qs_buf_status(&text, err);
    if (status == QS_OK)
        status = qs_file_write(name.ptr, qs_buf_view(&text), err);
    qs_buf_free(&name);
    qs_buf_free(&text);
    return status;
}

qs_status qs_exporter_commit(qs_exporter *e, qs_error *err)
{
    qs_status status = QS_OK;
    if (e->convert.to == QS_EXCHANGE_LABEL_STUDIO)
        status = qs_outfile_write(e->file, qs_str_of(e->written == 0 ? "[]\n" : "\n]\n"), err);
    if (status == QS_OK && e->numbered)
        status = write_keys(e, ".vocabulary", &e->words, false, err);
    if (status == QS_OK && e->numbered)
        status = write_keys(e, ".labels", &e->labels, true, err);
    if (status == QS_OK && e->file != NULL) {
        status = qs_outfile_commit(e->file, err);
        e->file = NULL;
    }
    return status;
}

void qs_exporter_close(qs_exporter *e)
{
    if (e == NULL)
        return;
    qs_outfile_abandon(e->file);
    qs_buf_free(&e->line);
    qs_buf_free(&e->scratch);
    qs_map_free(&e->words);
    qs_map_free(&e->labels);
    qs_free(e->numbers);
    qs_free(e);
}
