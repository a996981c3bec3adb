/* Inputs to scored records: texts, or the quotes of articles. SPDX-License-Identifier: MIT */
#ifndef QUOTESTANCE_PREDICT_H
#define QUOTESTANCE_PREDICT_H

#include "quotestance/classifier.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How records are written. */
typedef enum qs_output_format {
    QS_OUTPUT_TABLE, /**< for people */
    QS_OUTPUT_JSONL, /**< one JSON object a line */
    QS_OUTPUT_TSV,   /**< header line, tab separated; tabs and line ends in values become spaces */
    QS_OUTPUT_CSV    /**< header line, RFC 4180 */
} qs_output_format;

/** What a bad record costs. */
typedef enum qs_on_error {
    QS_ON_ERROR_RECORD, /**< a row with the error in its place */
    QS_ON_ERROR_SKIP,   /**< no row; only counted */
    QS_ON_ERROR_FAIL    /**< the whole run */
} qs_on_error;

/** How to predict. Start from qs_predict_options_default(). */
typedef struct qs_predict_options {
    const qs_classifier *classifier; /**< NULL: quotes without scores */
    qs_rows_options rows;            /**< how to read records; format AUTO, TEXT or HTML: articles, one a file */
    bool lines;                      /**< every record is a text to score, not an article */
    bool no_indirect;                /**< quotes without marks are left out */
    bool all_marks;                  /**< marked words that are no quotes are shown, never scored */
    qs_output_format format;
    const char *output;              /**< file, complete or not at all; NULL or "-": standard output */
    const char *html;                /**< also a page with the articles, their marked quotes and figures; NULL: none */
    qs_on_error on_error;
    uint64_t max_errors;             /**< stop after this many bad records; 0: never */
    bool colour;                     /**< tables with colours */
    size_t width;                    /**< columns of a table; 0: 80 */
    size_t jobs;
    qs_remarks remarks;
} qs_predict_options;

/** JSON Lines to standard output, bad records become rows, one job. */
QS_API qs_predict_options qs_predict_options_default(void);

/** What a run did. */
typedef struct qs_predict_summary {
    uint64_t records;  /**< texts or articles read */
    uint64_t quotes;   /**< quotes found in articles */
    uint64_t rejected; /**< bad records */
} qs_predict_summary;

/** Reads every input ("-": standard input; folders: all files below, in byte order), writes the records in order. QS_REJECTED if some
 *  records were bad; QS_EINPUT, QS_EIO, QS_ENOMEM, QS_ELIMIT (max_errors), QS_EUSAGE (html with lines). Nothing is left at `output` unless it
 *  is complete. */
QS_API QS_NODISCARD qs_status qs_predict(const char *const *inputs, size_t input_count,
                                         const qs_predict_options *options,
                                         qs_predict_summary *summary, qs_error *err);

#ifdef __cplusplus
}
#endif

#endif
