/* A piece to rows. SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/stream.h"
#include "pipeline/predict_internal.h"
#include "text/utf8.h"

#define ARTICLE_BYTES_MAX ((size_t)64 * 1024 * 1024)

/* --- bad records ------------------------------------------------------------------------------- */

static qs_status note_place(qs_piece *piece, const qs_reject *reject, qs_error *err)
{
    const qs_status status = qs_grow(&piece->rejects, &piece->reject_capacity, piece->reject_count + 1,
                                     sizeof *piece->rejects, err);
    if (status == QS_OK)
        piece->rejects[piece->reject_count++] =
            (qs_reject_place){piece->out.len, piece->remarks.len, reject->line, reject->offset};
    return status;
}

static void add_remark(qs_piece *piece, const qs_reject *reject)
{
    qs_buf *out = &piece->remarks;
    qs_buf_add_text(out, reject->path);
    qs_buf_add_char(out, ':');
    qs_buf_add_u64(out, reject->line);
    qs_buf_add_text(out, ": record rejected: ");
    qs_buf_add(out, reject->message, strlen(reject->message) + 1);
}

qs_status qs_prediction_reject(qs_prediction *p, const qs_reject *reject, qs_error *err)
{
    qs_piece *piece = p->piece;
    const qs_predict_options *options = p->options;
    piece->summary.rejected++;
    if (options->remarks.line != NULL)
        add_remark(piece, reject);
    if (options->on_error == QS_ON_ERROR_FAIL)
        return qs_fail_at(err, QS_EINPUT, reject->line, reject->offset, "%s", reject->message);
    if (options->max_errors > 0) {
        const qs_status status = note_place(piece, reject, err);
        if (status != QS_OK)
            return status;
    }
    if (options->on_error == QS_ON_ERROR_SKIP)
        return QS_OK;
    qs_write_reject(&piece->out, options, reject);
    piece->has_rows = true;
    return QS_OK;
}

/* --- records ----------------------------------------------------------------------------------- */

static qs_status score_row(qs_prediction *p, const char *path, const qs_row *row, qs_error *err)
{
    const qs_text text = {row->columns[QS_COLUMN_TEXT], row->columns[QS_COLUMN_CONTEXT],
                          row->columns[QS_COLUMN_TARGET]};
    const qs_score *scores = NULL;
    size_t count = 0;
    size_t known = 0;
    size_t all = 0;
    qs_error why;
    const qs_status status = qs_scorer_score(p->scorer, &text, &scores, &count, &why);
    if (status == QS_OK) {
        qs_scorer_coverage(p->scorer, &known, &all);
        qs_write_text(&p->piece->out, p->options, row, scores, count, known > 0);
        p->piece->has_rows = true;
        return QS_OK;
    }
    if (status != QS_EINPUT && status != QS_ELIMIT) {
        *err = why;
        return status;
    }
    const qs_reject reject = {path, row->columns[QS_COLUMN_ID], row->line, QS_NO_OFFSET, "not_scored", why.message};
    return qs_prediction_reject(p, &reject, err);
}

static qs_status article_row(qs_prediction *p, const char *path, const qs_row *row, qs_error *err)
{
    const qs_field *title = qs_row_field(row, qs_str_of("title"));
    const qs_field *date = qs_row_field(row, qs_str_of("date"));
    qs_article *article = NULL;
    char name[96];
    const qs_str id = row->columns[QS_COLUMN_ID];
    if (id.len > 0)
        (void)snprintf(name, sizeof name, "%.*s", id.len > 80 ? 80 : (int)id.len, id.ptr);
    else
        (void)snprintf(name, sizeof name, "%.60s:%llu", path, (unsigned long long)row->line);
    qs_status status = qs_article_parse_fields(&article, title == NULL ? qs_str_of("") : title->value,
                                               row->columns[QS_COLUMN_TEXT], name, err);
    if (status == QS_OK)
        status = qs_prediction_article(p, article, date == NULL ? qs_str_of("") : date->value, err);
    qs_article_destroy(article);
    return status;
}

static qs_status do_row(qs_prediction *p, const char *path, const qs_row *row, qs_error *err)
{
    p->piece->summary.records++;
    p->piece->summary.replaced += row->replaced;
    if (row->status == QS_ROW_OK)
        return p->options->lines ? score_row(p, path, row, err) : article_row(p, path, row, err);
    const qs_reject reject = {path, row->columns[QS_COLUMN_ID], row->line,
                              row->column == QS_NO_OFFSET ? QS_NO_OFFSET : row->offset + row->column,
                              qs_row_status_name(row->status),
                              row->message[0] != '\0' ? row->message : qs_row_status_name(row->status)};
    return qs_prediction_reject(p, &reject, err);
}

/* A parser for the piece's input; it holds the input as it borrows from it. */
static qs_status take_parser(qs_prediction *p, qs_error *err)
{
    if (p->input == p->piece->input)
        return QS_OK;
    qs_rows_close(p->parser);
    p->parser = NULL;
    qs_piece_input_release(p->input);
    p->input = p->piece->input;
    (void)atomic_fetch_add(&p->input->holders, 1);
    return qs_rows_create_parser(&p->parser, p->input->rows, err);
}

static qs_status do_records(qs_prediction *p, qs_error *err)
{
    const qs_row *row = NULL;
    const char *path = p->options->name != NULL ? p->options->name : p->piece->input->path;
    qs_status status = take_parser(p, err);
    if (status == QS_OK)
        qs_rows_feed(p->parser, &p->piece->block);
    while (status == QS_OK) {
        status = qs_rows_next(&row, p->parser, err);
        if (status != QS_OK || row == NULL)
            break;
        status = do_row(p, path, row, err);
    }
    if (status != QS_OK)
        qs_error_set_path(err, path);
    return status;
}

/* --- articles ---------------------------------------------------------------------------------- */

static qs_status reject_file(qs_prediction *p, const char *path, uint64_t offset, const char *code, const char *message,
                             qs_error *err)
{
    const qs_reject reject = {path, qs_str_of(path), 0, offset, code, message};
    return qs_prediction_reject(p, &reject, err);
}

/* The name of the encoding that a byte order mark tells, unless it is UTF-8; or NULL. */
static const char *other_encoding(qs_str bytes)
{
    if (bytes.len >= 2 && memcmp(bytes.ptr, "\xff\xfe", 2) == 0)
        return "UTF-16LE";
    return bytes.len >= 2 && memcmp(bytes.ptr, "\xfe\xff", 2) == 0 ? "UTF-16BE" : NULL;
}

/* A file that was named is refused, one among others of a folder is one bad record. */
static qs_status refuse_encoding(qs_prediction *p, const char *path, const char *encoding, qs_error *err)
{
    char message[64];
    (void)snprintf(message, sizeof message, "%s text; UTF-8 is expected", encoding);
    if (!p->piece->in_folder)
        return qs_fail(err, QS_EINPUT, "%s", message);
    return reject_file(p, path, 0, "invalid_utf8", message, err);
}

static qs_status parse_article(qs_prediction *p, const char *path, qs_format format, qs_error *err)
{
    const qs_str bytes = qs_buf_view(&p->bytes);
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    qs_article *article = NULL;
    qs_error why = {0};
    size_t bad = 0;
    qs_status status = QS_OK;
    const char *encoding = format == QS_FORMAT_HTML ? NULL : other_encoding(bytes);
    if (encoding != NULL)
        return refuse_encoding(p, path, encoding, err);
    if (format == QS_FORMAT_HTML)
        status = qs_article_parse_html(&article, bytes, name, &why);
    else if (bytes.len > 0 && memchr(bytes.ptr, 0, bytes.len) != NULL)
        return reject_file(p, path, QS_NO_OFFSET, "nul", "a NUL character: not a text", err);
    else if (!qs_utf8_valid(bytes, &bad))
        return reject_file(p, path, bad, "invalid_utf8", "bytes that are not UTF-8", err);
    else
        status = qs_article_parse_plain(&article, bytes, name, &why);
    /* a page that cannot be read costs one record, as any other */
    if (format == QS_FORMAT_HTML && (status == QS_EINPUT || status == QS_ELIMIT))
        return reject_file(p, path, QS_NO_OFFSET, "malformed", why.message, err);
    if (status == QS_OK)
        status = qs_prediction_article(p, article, qs_str_of(""), err);
    else
        *err = why;
    qs_article_destroy(article);
    return status;
}

static qs_status do_article(qs_prediction *p, qs_error *err)
{
    const char *path = p->piece->path.ptr;
    qs_format format = p->piece->format;
    qs_buf_clear(&p->bytes);
    p->piece->summary.records++;
    qs_status status = qs_stream_read_all(&p->bytes, path, ARTICLE_BYTES_MAX, err);
    if (status == QS_OK && format == QS_FORMAT_AUTO)
        format = qs_article_format(qs_buf_view(&p->bytes), path);
    if (status == QS_OK)
        status = parse_article(p, path, format, err);
    if (status != QS_OK)
        qs_error_set_path(err, path);
    return status;
}

void qs_prediction_work(qs_prediction *p, qs_piece *piece)
{
    qs_error error = {0};
    p->piece = piece;
    qs_status status = piece->input != NULL ? do_records(p, &error) : do_article(p, &error);
    if (status == QS_OK)
        status = qs_buf_status(&piece->out, &error);
    if (status == QS_OK)
        status = qs_buf_status(&piece->remarks, &error);
    piece->status = status;
    piece->error = error;
    p->piece = NULL;
}

void qs_prediction_release(qs_prediction *p)
{
    qs_rows_close(p->parser);
    qs_piece_input_release(p->input);
    qs_scorer_destroy(p->scorer);
    qs_page_draft_free(&p->draft);
    qs_buf_free(&p->bytes);
}
