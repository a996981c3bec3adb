/* What the files of qs_predict share. SPDX-License-Identifier: MIT */
#ifndef QS_PIPELINE_PREDICT_INTERNAL_H
#define QS_PIPELINE_PREDICT_INTERNAL_H

#include "pipeline/piece.h"
#include "pipeline/predict_page.h"
#include "quotestance/article.h"
#include "quotestance/quotes.h"

/** One worker: what it needs to turn a piece into rows. Zero-initialise, set options and scorer. */
typedef struct qs_prediction {
    const qs_predict_options *options;
    qs_scorer *scorer;     /* NULL without a classifier */
    qs_piece *piece;       /* at work */
    qs_piece_input *input; /* that the parser is for, held */
    qs_rows *parser;
    qs_buf bytes;          /* of an article */
    qs_article_page *page; /* shared by all workers; NULL without options->html */
    qs_page_draft draft;
} qs_prediction;

/** What stands in a rejected record. */
typedef struct qs_reject {
    const char *path;
    qs_str id;
    uint64_t line;
    uint64_t offset; /* QS_NO_OFFSET if unknown */
    const char *code;
    const char *message;
} qs_reject;

/** Of all options that shape the rows. *failed: memory was lacking. */
uint64_t qs_predict_options_hash(const qs_predict_options *options, bool *failed);

/** Fills piece->out and what goes with it. What ends the run is in piece->status. */
void qs_prediction_work(qs_prediction *p, qs_piece *piece);
void qs_prediction_release(qs_prediction *p);

/** An article's quotes, scored and written. `date` as its record has it, or empty. */
QS_NODISCARD qs_status qs_prediction_article(qs_prediction *p, const qs_article *article, qs_str date, qs_error *err);
/** Writes FOLDER/NUMBER-NAME.txt and .ann of an article. QS_EIO, QS_ENOMEM. */
QS_NODISCARD qs_status qs_brat_save(const char *folder, uint64_t number, const qs_article *article,
                                    const qs_quotes *quotes, qs_error *err);
/** A bad record, as options->on_error says. QS_EINPUT to stop. */
QS_NODISCARD qs_status qs_prediction_reject(qs_prediction *p, const qs_reject *reject, qs_error *err);

/* --- rows (predict_text.c, predict_quote.c); a lack of memory shows in `out` --- */

/** The line that comes before all rows, if the format has one. */
void qs_write_header(qs_buf *out, const qs_predict_options *options);
/** One text and its answers; `known`: the model knows some n-gram of it. */
void qs_write_text(qs_buf *out, const qs_predict_options *options, const qs_row *row, const qs_score *scores,
                   size_t count, bool known);
/** One quote and its answers (count 0: not scored). */
void qs_write_quote(qs_buf *out, const qs_predict_options *options, const qs_article *article,
                    const qs_quote *quote, const qs_quotes *quotes, const qs_score *scores, size_t count);
/** The row of a bad record; tables have none. */
void qs_write_reject(qs_buf *out, const qs_predict_options *options, const qs_reject *reject);

/* --- cells (predict_cells.c) --- */

bool qs_is_delimited(qs_output_format format);
void qs_cell_text(qs_buf *out, qs_output_format format, qs_str value, bool first);
void qs_cell_number(qs_buf *out, qs_output_format format, double number);
void qs_cell_whole(qs_buf *out, qs_output_format format, uint64_t number);
/** Label, score and probability of the label, for each head. */
void qs_cell_scores(qs_buf *out, qs_output_format format, const qs_score *scores, size_t count);
/** As many empty cells as qs_cell_scores fills. */
void qs_cell_no_scores(qs_buf *out, const qs_predict_options *options);
void qs_cell_score_names(qs_buf *out, const qs_predict_options *options);
/** The same for tables of people. */
void qs_table_scores(qs_buf *out, const qs_predict_options *options, const qs_score *scores, size_t count);
void qs_table_score_names(qs_buf *out, const qs_predict_options *options);
size_t qs_table_score_width(size_t count);
/** Columns that are left for a text behind `used`. */
size_t qs_table_text_width(const qs_predict_options *options, size_t used);

#endif
