/* brat's standoff files: NNNNNN.txt with the text, NNNNNN.ann with its label and a note of all other fields.
 * SPDX-License-Identifier: MIT */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/io.h"
#include "base/stream.h"
#include "pipeline/corpus_load.h"
#include "pipeline/corpus_record.h"
#include "text/utf8.h"

#define BRAT_NONE "Unlabelled"

static qs_status write_file(const char *folder, uint64_t number, const char *ending, qs_str bytes, qs_error *err)
{
    qs_buf path = {0};
    char name[40];
    (void)snprintf(name, sizeof name, "/%06llu%s", (unsigned long long)number + 1, ending);
    qs_buf_add_text(&path, folder);
    qs_buf_add(&path, name, strlen(name) + 1);
    qs_status status = qs_buf_status(&path, err);
    if (status == QS_OK)
        status = qs_file_write(path.ptr, bytes, err); /* names the path; without memory it may have no end */
    qs_buf_free(&path);
    return status;
}

/* "T1<tab>label 0 5;6 10<tab>words": offsets count characters, and no fragment may hold a line end. */
static void add_span(qs_buf *out, qs_str label, qs_str text)
{
    size_t chars = 0, start = 0;
    bool first = true;
    qs_buf_add_text(out, "T1\t");
    qs_buf_add_str(out, label);
    for (size_t at = 0; at <= text.len;) {
        uint32_t c = '\n';
        const size_t step = at < text.len ? qs_utf8_decode(text, at, &c) : 1;
        if (c == '\n' || c == '\r') {
            if (chars > start) {
                qs_buf_addf(out, "%c%zu %zu", first ? ' ' : ';', start, chars);
                first = false;
            }
            start = chars + 1;
        }
        chars++;
        at += step;
    }
    qs_buf_add_char(out, '\t');
    for (size_t i = 0; i < text.len; i++) {
        const bool end = text.ptr[i] == '\n' || text.ptr[i] == '\r';
        if (!end)
            qs_buf_add_char(out, text.ptr[i]);
        else if (out->ptr != NULL && out->ptr[out->len - 1] != ' ' && out->ptr[out->len - 1] != '\t')
            qs_buf_add_char(out, ' ');
    }
    qs_buf_add_char(out, '\n');
}

static const char *make_type(qs_buf *out, qs_str label, bool flatten)
{
    for (size_t i = 0; i < label.len; i++) {
        const char c = label.ptr[i];
        const bool fits = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
                          c == '_';
        if (!fits && !flatten)
            return "a label with characters that brat cannot hold";
        qs_buf_add_char(out, fits ? c : '_');
    }
    return NULL;
}

qs_status qs_brat_write(const char *folder, uint64_t number, const qs_record *record, bool flatten,
                        const char **wrong, qs_error *err)
{
    const qs_str text = qs_record_column(record, QS_COLUMN_TEXT)->value;
    const qs_record_field *label = qs_record_column(record, QS_COLUMN_LABEL);
    qs_buf type = {0}, notes = {0};
    if (label == NULL || label->value.len == 0)
        qs_buf_add_text(&type, BRAT_NONE);
    else
        *wrong = make_type(&type, label->value, flatten);
    add_span(&notes, qs_buf_view(&type), text);
    qs_buf_add_text(&notes, "#1\tAnnotatorNotes T1\t");
    qs_record_json(&notes, record, false, false);
    qs_buf_add_char(&notes, '\n');
    qs_status status = qs_buf_status(&type, err);
    if (status == QS_OK)
        status = qs_buf_status(&notes, err);
    if (status == QS_OK && *wrong == NULL)
        status = write_file(folder, number, ".txt", text, err);
    if (status == QS_OK && *wrong == NULL)
        status = write_file(folder, number, ".ann", qs_buf_view(&notes), err);
    qs_buf_free(&type);
    qs_buf_free(&notes);
    return status;
}

/* ---- reading ---- */

/* What an .ann file says: the type of its one span, and the note. */
typedef struct brat_notes {
    qs_str label;
    qs_str note;
    size_t spans;
} brat_notes;

static void read_notes(brat_notes *out, qs_str bytes)
{
    for (size_t start = 0; start < bytes.len;) {
        const char *feed = memchr(bytes.ptr + start, '\n', bytes.len - start);
        const size_t end = feed != NULL ? (size_t)(feed - bytes.ptr) : bytes.len;
        const qs_str line = qs_str_slice(bytes, start, end);
        const char *tab = line.len > 0 ? memchr(line.ptr, '\t', line.len) : NULL;
        start = end + 1;
        if (tab == NULL)
            continue;
        const qs_str rest = qs_str_slice(line, (size_t)(tab - line.ptr) + 1, line.len);
        if (line.ptr[0] == 'T') {
            const char *space = rest.len > 0 ? memchr(rest.ptr, ' ', rest.len) : NULL;
            out->label = qs_str_make(rest.ptr, space != NULL ? (size_t)(space - rest.ptr) : rest.len);
            out->spans++;
        } else if (line.ptr[0] == '#') {
            const char *second = rest.len > 0 ? memchr(rest.ptr, '\t', rest.len) : NULL;
            if (second != NULL && out->note.len == 0)
                out->note = qs_str_slice(rest, (size_t)(second - rest.ptr) + 1, rest.len);
        }
    }
    if (qs_str_equal(out->label, qs_str_of(BRAT_NONE)))
        out->label.len = 0;
}

/* Adds the fields of a note that is one of ours; any other note is kept as the field "note". */
static qs_status add_note(qs_record *record, qs_str note, qs_rows **rows, qs_error *err)
{
    qs_rows_options options = qs_rows_options_default();
    const qs_row *row = NULL;
    qs_status status = QS_OK;
    options.format = QS_FORMAT_JSONL;
    options.required = 0;
    if (note.len == 0)
        return QS_OK;
    status = qs_rows_open_bytes(rows, note, "note", &options, err);
    if (status == QS_OK)
        status = qs_rows_next(&row, *rows, err);
    if (status != QS_OK)
        return status;
    if (row == NULL || row->status != QS_ROW_OK)
        return qs_record_add(record, qs_str_of("note"), note, true, -1, err);
    static const char *const meanings[] = {"target", "id", "context"};
    static const int columns[] = {QS_COLUMN_TARGET, QS_COLUMN_ID, QS_COLUMN_CONTEXT};
    for (size_t i = 0; i < row->field_count && status == QS_OK; i++) {
        int column = -1;
        for (size_t j = 0; j < 3; j++)
            if (qs_str_equal(row->fields[i].name, qs_str_of(meanings[j])))
                column = columns[j];
        status = qs_record_add(record, row->fields[i].name, row->fields[i].value, row->fields[i].is_string, column,
                               err);
    }
    return status;
}

static qs_status pass_document(const qs_conversion *conversion, qs_record *record, qs_str text, qs_str notes,
                               qs_error *err)
{
    brat_notes found = {{NULL, 0}, {NULL, 0}, 0};
    qs_rows *rows = NULL;
    size_t bad = 0;
    read_notes(&found, notes);
    record->count = 0;
    if (!qs_utf8_valid(text, &bad) || !qs_utf8_valid(notes, &bad) ||
        (text.len > 0 && memchr(text.ptr, '\0', text.len) != NULL)) {
        qs_record_reject(conversion, record->path, 1, "invalid_utf8", "not UTF-8");
        return QS_OK;
    }
    if (found.spans > 1 || text.len == 0) {
        qs_record_reject(conversion, record->path, 1, "malformed",
                         text.len == 0 ? "no text" : "several spans; one label for the whole text is expected");
        return QS_OK;
    }
    qs_status status = qs_record_add(record, text, text, true, QS_COLUMN_TEXT, err);
    if (status == QS_OK && found.label.len > 0)
        status = qs_record_add(record, text, found.label, true, QS_COLUMN_LABEL, err);
    if (status == QS_OK)
        status = add_note(record, found.note, &rows, err);
    if (status == QS_OK)
        status = qs_record_pass(conversion, record, err);
    qs_rows_close(rows);
    return status;
}

static qs_status read_document(const qs_conversion *conversion, const char *folder, const char *name, qs_error *err)
{
    qs_buf path = {0}, text = {0}, notes = {0};
    qs_record record = {0};
    const size_t max = conversion->options->rows.max_record != 0 ? conversion->options->rows.max_record
                                                                 : (size_t)1024 * 1024;
    qs_buf_add_text(&path, folder);
    qs_buf_add_char(&path, '/');
    qs_buf_add(&path, name, strlen(name) + 1);
    qs_status status = qs_buf_status(&path, err);
    if (status == QS_OK)
        status = qs_stream_read_all(&text, path.ptr, max, err);
    if (status == QS_OK) {
        memcpy(path.ptr + path.len - sizeof "txt", "ann", 3);
        status = qs_stream_read_all(&notes, path.ptr, max, err);
    }
    if (status == QS_OK) {
        record.path = path.ptr;
        record.line = 1;
        status = pass_document(conversion, &record, qs_buf_view(&text), qs_buf_view(&notes), err);
    }
    qs_free(record.fields);
    qs_buf_free(&path);
    qs_buf_free(&text);
    qs_buf_free(&notes);
    return status;
}

qs_status qs_brat_read(const qs_conversion *conversion, const char *folder, qs_error *err)
{
    char **names = NULL;
    size_t count = 0;
    qs_status status = qs_folder_list(folder, &names, &count, err);
    for (size_t i = 0; i < count; i++) {
        const size_t length = strlen(names[i]);
        if (status == QS_OK && length > 4 && strcmp(names[i] + length - 4, ".txt") == 0)
            status = read_document(conversion, folder, names[i], err);
        qs_free(names[i]);
    }
    qs_free(names);
    return status;
}
