/* Rows of texts and of bad records. SPDX-License-Identifier: MIT */
#include "pipeline/explain.h"
#include "pipeline/predict_internal.h"
#include "pipeline/score_json.h"
#include "pipeline/table.h"

#define SCORED "ok"
#define NO_FEATURES "no_features" /* the model knows no n-gram of the text: its bias decided */

static void add_names(qs_buf *out, const qs_predict_options *options, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        qs_cell_text(out, options->format, qs_str_of(names[i]), i == 0);
    qs_cell_score_names(out, options);
    qs_cell_text(out, options->format, qs_str_of("text"), false);
    qs_buf_add_char(out, '\n');
}

void qs_write_header(qs_buf *out, const qs_predict_options *options)
{
    static const char *const of_texts[] = {"id", "status", "target"};
    static const char *const of_quotes[] = {"doc",   "status",  "id", "type", "start",
                                            "end", "speaker", "speaker_as_written", "cue"};
    if (qs_is_delimited(options->format) && options->lines) {
        add_names(out, options, of_texts, sizeof of_texts / sizeof *of_texts);
    } else if (qs_is_delimited(options->format)) {
        add_names(out, options, of_quotes, sizeof of_quotes / sizeof *of_quotes);
    } else if (options->format == QS_OUTPUT_TABLE && options->lines) {
        qs_table_score_names(out, options);
        qs_buf_add_text(out, "text\n");
    }
}

/* True if the field is shown by another name. */
static bool is_shown(const qs_row *row, const qs_field *field)
{
    return field->value.ptr == row->columns[QS_COLUMN_ID].ptr || field->value.ptr == row->columns[QS_COLUMN_TEXT].ptr ||
           qs_str_equal(field->name, qs_str_of("id")) || qs_str_equal(field->name, qs_str_of("text")) ||
           qs_str_equal(field->name, qs_str_of("heads")) || qs_str_equal(field->name, qs_str_of("status"));
}

static void add_json(qs_buf *out, const qs_row *row, const qs_score *scores, size_t count, size_t reasons,
                     const char *status)
{
    qs_buf_add_text(out, "{\"id\":");
    if (row->columns[QS_COLUMN_ID].ptr != NULL)
        qs_buf_add_json(out, row->columns[QS_COLUMN_ID]);
    else
        qs_buf_add_u64(out, row->number);
    qs_buf_add_text(out, ",\"status\":\"");
    qs_buf_add_text(out, status);
    qs_buf_add_char(out, '"');
    for (size_t i = 0; i < row->field_count; i++) {
        const qs_field *field = &row->fields[i];
        if (is_shown(row, field))
            continue;
        qs_buf_add_char(out, ',');
        qs_buf_add_json(out, field->name);
        qs_buf_add_char(out, ':');
        if (field->is_string)
            qs_buf_add_json(out, field->value);
        else
            qs_buf_add_str(out, field->value);
    }
    if (row->replaced > 0) {
        qs_buf_add_text(out, ",\"replaced\":");
        qs_buf_add_u64(out, row->replaced);
    }
    qs_buf_add_text(out, ",\"text\":");
    qs_buf_add_json(out, row->columns[QS_COLUMN_TEXT]);
    qs_buf_add_char(out, ',');
    qs_add_heads_json(out, scores, count, reasons);
    qs_buf_add_text(out, "}\n");
}

void qs_write_text(qs_buf *out, const qs_predict_options *options, const qs_row *row, const qs_score *scores,
                   size_t count, bool known)
{
    const char *status = known ? SCORED : NO_FEATURES;
    if (options->format == QS_OUTPUT_JSONL) {
        add_json(out, row, scores, count, options->reasons, status);
    } else if (options->format == QS_OUTPUT_TABLE) {
        qs_table_scores(out, options, scores, count);
        qs_add_cell(out, row->columns[QS_COLUMN_TEXT], qs_table_text_width(options, qs_table_score_width(count)));
        qs_buf_add_char(out, '\n');
        qs_add_explanations_table(out, scores, count, options->reasons);
    } else {
        qs_cell_text(out, options->format, row->columns[QS_COLUMN_ID], true);
        qs_cell_text(out, options->format, qs_str_of(status), false);
        qs_cell_text(out, options->format, row->columns[QS_COLUMN_TARGET], false);
        qs_cell_scores(out, options->format, scores, count);
        qs_cell_text(out, options->format, row->columns[QS_COLUMN_TEXT], false);
        qs_buf_add_char(out, '\n');
    }
}

static void add_reject_json(qs_buf *out, const qs_reject *reject)
{
    qs_buf_add_text(out, "{\"id\":");
    if (reject->id.len > 0)
        qs_buf_add_json(out, reject->id);
    else
        qs_buf_add_text(out, "null");
    qs_buf_add_text(out, ",\"line\":");
    qs_buf_add_u64(out, reject->line);
    qs_buf_add_text(out, ",\"error\":{\"code\":");
    qs_buf_add_json(out, qs_str_of(reject->code));
    qs_buf_add_text(out, ",\"message\":");
    qs_buf_add_json(out, qs_str_of(reject->message));
    if (reject->offset != QS_NO_OFFSET) {
        qs_buf_add_text(out, ",\"offset\":");
        qs_buf_add_u64(out, reject->offset);
    }
    qs_buf_add_text(out, "}}\n");
}

void qs_write_reject(qs_buf *out, const qs_predict_options *options, const qs_reject *reject)
{
    const qs_output_format format = options->format;
    if (format == QS_OUTPUT_JSONL)
        add_reject_json(out, reject);
    if (!qs_is_delimited(format))
        return;
    qs_cell_text(out, format, reject->id, true);
    qs_cell_text(out, format, qs_str_of(reject->code), false);
    for (size_t i = 0; i < (options->lines ? 1 : 7); i++)
        qs_cell_text(out, format, qs_str_of(""), false);
    qs_cell_no_scores(out, options);
    qs_cell_text(out, format, qs_str_of(""), false);
    qs_buf_add_char(out, '\n');
}
