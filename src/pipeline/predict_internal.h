/* What the files of qs_predict share. SPDX-License-Identifier: MIT */
#ifndef QS_PIPELINE_PREDICT_INTERNAL_H
#define QS_PIPELINE_PREDICT_INTERNAL_H

#include "base/io.h"
#include "pipeline/predict_page.h"
#include "quotestance/article.h"
#include "quotestance/predict.h"
#include "quotestance/quotes.h"

/** A run: one input after another into one output. */
typedef struct qs_prediction {
    const qs_predict_options *options;
    qs_predict_summary summary;
    qs_scorer *scorer; /* NULL without a classifier */
    qs_outfile *out;
    qs_buf line;
    bool header_written;
    qs_article_page *page; /* NULL without options->html */
    qs_page_draft draft;
    uint64_t page_articles;
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

/** One text and its answers to the output. */
QS_NODISCARD qs_status qs_prediction_write_text(qs_prediction *p, const qs_row *row, const qs_score *scores,
                                                size_t count, qs_error *err);
/** One quote and its answers (count 0: not scored). `record` is the article's own record, or NULL. */
QS_NODISCARD qs_status qs_prediction_write_quote(qs_prediction *p, const qs_article *article,
                                                 const qs_quote *quote, const qs_quotes *quotes,
                                                 const qs_score *scores, size_t count, qs_error *err);
/** A bad record, as options->on_error says. QS_EINPUT, QS_ELIMIT to stop. */
QS_NODISCARD qs_status qs_prediction_reject(qs_prediction *p, const qs_reject *reject, qs_error *err);
/** An article's quotes, scored and written. `date` as its record has it, or empty. */
QS_NODISCARD qs_status qs_prediction_article(qs_prediction *p, const qs_article *article, qs_str date, qs_error *err);

#endif
