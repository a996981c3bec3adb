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
    QS_OUTPUT_CSV,   /**< header line, RFC 4180 */
    QS_OUTPUT_CITRON /**< of articles: one JSON object an article, in the shape of Citron's output, without scores */
} qs_output_format;

/** What a bad record costs. */
typedef enum qs_on_error {
    QS_ON_ERROR_RECORD, /**< a row with the error in its place */
    QS_ON_ERROR_SKIP,   /**< no row; only counted */
    QS_ON_ERROR_FAIL    /**< the whole run */
} qs_on_error;

/** How far a run is. */
typedef struct qs_progress {
    uint64_t records;     /**< texts or articles done */
    uint64_t quotes;
    uint64_t rejected;
    uint64_t bytes;       /**< read of the inputs as they lie */
    uint64_t bytes_total; /**< of all inputs; 0 if that cannot be told */
} qs_progress;

/** Where progress goes: `report` is called after each piece of work, some hundred times a second, by one thread at a time. It may
 *  be NULL. */
typedef struct qs_progress_sink {
    void (*report)(void *context, const qs_progress *progress);
    void *context;
} qs_progress_sink;

/** How to predict. Start from qs_predict_options_default(). */
typedef struct qs_predict_options {
    const qs_classifier *classifier; /**< NULL: quotes without scores */
    qs_rows_options rows;            /**< how to read records; format AUTO, TEXT or HTML: articles, one a file */
    bool lines;                      /**< every record is a text to score, not an article */
    bool no_indirect;                /**< quotes without marks are left out */
    bool all_marks;                  /**< marked words that are no quotes are shown, never scored */
    size_t reasons;                  /**< explain each answer by so many n-grams, in tables and JSON Lines; 0: do not explain */
    double abstain;                  /**< answers less probable than this get no label; 0: all get one */
    qs_output_format format;
    const char *name;                /**< what rows and messages call an input of records; NULL: its path */
    const char *output;              /**< file, complete or not at all; NULL or "-": standard output. While the run lasts, the
                                          file grows as output.partial beside output.journal */
    bool resume;                     /**< take up the run that left output.partial and output.journal behind, if there is one */
    const volatile int *stop;        /**< NULL, or: once it is not 0 (a signal handler may set it), the records at work are finished
                                          and the run ends with QS_EINTERRUPTED */
    const char *html;                /**< also a page with the articles, their marked quotes and figures; NULL: none */
    const char *brat;                /**< also a folder (made if absent) with a pair NUMBER-NAME.txt and .ann for each article, as brat
                                          and INCEpTION read them; NULL: none */
    qs_on_error on_error;
    uint64_t max_errors;             /**< stop after this many bad records; 0: never */
    bool colour;                     /**< tables with colours */
    size_t width;                    /**< columns of a table; 0: 80 */
    size_t jobs;                     /**< threads; the output does not depend on it */
    qs_remarks remarks;              /**< called by one thread at a time, in the order of the records */
    qs_progress_sink progress;
} qs_predict_options;

/** JSON Lines to standard output, bad records become rows, one job. */
QS_API qs_predict_options qs_predict_options_default(void);

/** What a run did. */
typedef struct qs_predict_summary {
    uint64_t records;  /**< texts or articles read */
    uint64_t quotes;   /**< quotes found in articles */
    uint64_t rejected; /**< bad records */
    uint64_t replaced; /**< bad sequences that became U+FFFD (rows.replace_invalid) */
    bool resumed;      /**< the run took up an earlier one; the counts are those of both */
    bool resumable;    /**< the run was cut short, and one with `resume` goes on where it ended */
} qs_predict_summary;

/** Reads every input ("-": standard input; folders: all files below, in byte order) and writes the records in order, the same bytes
 *  for any number of jobs. Memory is bounded by jobs and rows.max_record, not by the inputs. QS_REJECTED if some records were bad;
 *  QS_EINPUT, QS_EIO, QS_ENOMEM, QS_ELIMIT (max_errors), QS_EINTERRUPTED; QS_EUSAGE (html with lines or resume; a resume whose options
 *  differ), QS_EMODEL, QS_EINPUT (whose model or inputs differ). Nothing is left at `output` unless it is complete. */
QS_API QS_NODISCARD qs_status qs_predict(const char *const *inputs, size_t input_count,
                                         const qs_predict_options *options,
                                         qs_predict_summary *summary, qs_error *err);

#ifdef __cplusplus
}
#endif

#endif
