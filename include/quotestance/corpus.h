/* Corpora of labelled texts: reading them, checking them, cutting them, carrying them to other tools.
 * SPDX-License-Identifier: MIT */
#ifndef QUOTESTANCE_CORPUS_H
#define QUOTESTANCE_CORPUS_H

#include "quotestance/rows.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What the tools of this header share. Start from qs_corpus_options_default(). Paths given to them may be
 *  files, "-" or folders; of a folder every file with the name of a record format is read (recursive, in byte
 *  order), except tables whose header has no text column. */
typedef struct qs_corpus_options {
    qs_rows_options rows;     /**< how to read */
    const char *group_column; /**< rows that belong together, such as an article or a dispute; "group" */
    const char *split_column; /**< which split a row stands in; "split" */
    double near;              /**< Jaccard similarity of character 5-grams above which texts are near; 0.6 */
    size_t jobs;              /**< threads; the result is the same for any number */
    uint64_t seed;            /**< of every random choice */
} qs_corpus_options;

/** The defaults. Any thread. */
QS_API qs_corpus_options qs_corpus_options_default(void);

/** How a report is written. */
typedef enum qs_report_form {
    QS_REPORT_TABLE, /**< for people */
    QS_REPORT_JSON   /**< JSON Lines, one object a finding or figure */
} qs_report_form;

/* ---- check ---- */

/** value, name, 1 if an error and 0 if a remark, words */
#define QS_FINDING_TABLE(X)                                                                        \
    X(QS_FINDING_MALFORMED, "malformed", 1, "a record that cannot be read")                        \
    X(QS_FINDING_NO_LABEL, "no_label", 1, "a row without a label where others have one")           \
    X(QS_FINDING_DUPLICATE_ID, "duplicate_id", 1, "an id that stood before")                       \
    X(QS_FINDING_DUPLICATE, "duplicate", 1, "a text that stood before, for the same target")       \
    X(QS_FINDING_CONFLICT, "conflicting_labels", 1, "a text that stood before with another label") \
    X(QS_FINDING_NEAR_DUPLICATE, "near_duplicate", 1, "a text nearly the same as one before")      \
    X(QS_FINDING_LEAKAGE, "leakage", 1, "a text that also stands in another split")                \
    X(QS_FINDING_GROUP_LEAKAGE, "group_leakage", 1, "a group that stands in several splits")       \
    X(QS_FINDING_OVERLAP, "overlap", 1, "a text that also stands in the second corpus")            \
    X(QS_FINDING_LABEL_SPELLING, "label_spelling", 1, "a label spelled in several ways")           \
    X(QS_FINDING_RARE_LABEL, "rare_label", 0, "a label with very few rows")                        \
    X(QS_FINDING_MOJIBAKE, "mojibake", 1, "text decoded with the wrong encoding")                  \
    X(QS_FINDING_ENTITY, "entity", 0, "an HTML entity left in the text")                           \
    X(QS_FINDING_CONTROL, "control_character", 1, "a control character in the text")

/** What can be wrong with a corpus. */
typedef enum qs_finding_kind {
#define QS_FINDING_ENUM(value, name, error, words) value,
    QS_FINDING_TABLE(QS_FINDING_ENUM)
#undef QS_FINDING_ENUM
    QS_FINDING_KINDS
} qs_finding_kind;

/** The name of a kind, such as "near_duplicate". [borrowed: static]. Any thread. */
QS_API const char *qs_finding_name(qs_finding_kind kind);

/** One thing that is wrong, and where. */
typedef struct qs_finding {
    qs_finding_kind kind;
    const char *path;       /**< [borrowed: report] */
    uint64_t line;          /**< from 1; 0: the corpus as a whole */
    const char *other_path; /**< the row it is compared with, or NULL. [borrowed: report] */
    uint64_t other_line;
    double similarity;      /**< 1 if the same; 0 if nothing is compared */
    qs_str message;         /**< one line. [borrowed: report] */
} qs_finding;

/** What a check found. Immutable: any number of threads may read it. */
typedef struct qs_corpus_report qs_corpus_report;

/** Reads and checks all paths, and compares them with the corpora `against` (count 0: none). *out [owned]:
 *  qs_corpus_report_destroy; NULL on failure. QS_EIO, QS_EINPUT, QS_ELIMIT, QS_ENOMEM. */
QS_API QS_NODISCARD qs_status qs_corpus_check(qs_corpus_report **out, const char *const *paths,
                                              size_t path_count, const char *const *against,
                                              size_t against_count, const qs_corpus_options *options,
                                              qs_error *err);
/** Releases a report; NULL is fine. */
QS_API void qs_corpus_report_destroy(qs_corpus_report *report);
/** Records read, bad ones too. */
QS_API uint64_t qs_corpus_report_rows(const qs_corpus_report *report);
/** Number of findings of a kind; QS_FINDING_KINDS: of all that are errors. */
QS_API size_t qs_corpus_report_count(const qs_corpus_report *report, qs_finding_kind kind);
/** All findings, by file and line. [borrowed: report] */
QS_API const qs_finding *qs_corpus_report_findings(const qs_corpus_report *report, size_t *count);
/** Writes the findings and a summary to `path` ("-" or NULL: standard output). QS_EIO, QS_ENOMEM. */
QS_API QS_NODISCARD qs_status qs_corpus_report_write(const qs_corpus_report *report, const char *path,
                                                     qs_report_form form, qs_error *err);

/* ---- convert ---- */

/** value, name. AUTO (only to read): whatever qs_rows_options.format tells. */
#define QS_EXCHANGE_TABLE(X)                                                                       \
    X(QS_EXCHANGE_AUTO, "auto")                                                                    \
    X(QS_EXCHANGE_TSV, "tsv")                                                                      \
    X(QS_EXCHANGE_CSV, "csv")                                                                      \
    X(QS_EXCHANGE_JSONL, "jsonl")                                                                  \
    X(QS_EXCHANGE_FASTTEXT, "fasttext")                                                            \
    X(QS_EXCHANGE_LIBSVM, "libsvm")                                                                \
    X(QS_EXCHANGE_DOCCANO, "doccano")                                                              \
    X(QS_EXCHANGE_LABEL_STUDIO, "label-studio")                                                    \
    X(QS_EXCHANGE_BRAT, "brat")                                                                    \
    X(QS_EXCHANGE_PRODIGY, "prodigy")

/** The formats a corpus can be read from and written to. */
typedef enum qs_exchange {
#define QS_EXCHANGE_ENUM(value, name) value,
    QS_EXCHANGE_TABLE(QS_EXCHANGE_ENUM)
#undef QS_EXCHANGE_ENUM
} qs_exchange;

/** The exchange format called `name`; false leaves *out alone. Any thread. */
QS_API bool qs_exchange_from_name(const char *name, qs_exchange *out);

/** Hears of each record that is left out: where, the code (as qs_row_status_name) and why. */
typedef void (*qs_bad_record)(void *context, const char *path, uint64_t line, const char *code,
                              const char *message);

/** How to convert. */
typedef struct qs_convert_options {
    qs_exchange from; /**< QS_EXCHANGE_AUTO: rows as the other options tell */
    qs_exchange to;   /**< not AUTO */
    bool flatten;     /**< line ends and tabs become spaces where the format cannot hold them; else the record is
                           left out and reported */
    qs_bad_record bad; /**< NULL: nobody listens */
    void *context;     /**< passed to `bad` */
} qs_convert_options;

/** What a conversion did. */
typedef struct qs_convert_counts {
    uint64_t written;
    uint64_t rejected; /**< could not be read or not be held by the format */
    uint64_t skipped;  /**< answers that an annotator rejected or ignored */
} qs_convert_counts;

/** Converts all paths into one file `out` ("-": standard output; brat: a folder, made if it is not there). The
 *  text, label, target, id and context columns get their default names; all other fields are kept, except in
 *  fastText and libsvm, which hold label and text alone. libsvm is written as the presence of words, numbered in
 *  OUT.vocabulary, with labels numbered in OUT.labels; a libsvm input keeps its own numbers. TSV and CSV need two
 *  passes, so that standard input cannot be converted to them. QS_EUSAGE, QS_EINPUT, QS_EIO, QS_ELIMIT,
 *  QS_ENOMEM. */
QS_API QS_NODISCARD qs_status qs_corpus_convert(qs_convert_counts *counts, const char *const *paths,
                                                size_t path_count, const char *out,
                                                const qs_convert_options *convert,
                                                const qs_corpus_options *options, qs_error *err);

/* ---- split ---- */

/** One part of a split. */
typedef struct qs_split_part {
    const char *name; /**< such as "train" */
    double share;     /**< of the rows, > 0; shares need not add up to 1 */
    uint64_t rows;    /**< out: rows written */
} qs_split_part;

/** Cuts corpora of one format into parts, each written to PREFIX.NAME.EXTENSION with its records byte for byte as
 *  they were (bad ones are left out and reported). Labels, within each target, are spread by the shares; rows of
 *  one group (group column) stay together, and so do texts that are the same or near. The same seed gives the
 *  same parts. QS_EUSAGE, QS_EINPUT, QS_EIO, QS_ENOMEM. */
QS_API QS_NODISCARD qs_status qs_corpus_split(qs_split_part *parts, size_t part_count,
                                              const char *const *paths, size_t path_count,
                                              const char *prefix, qs_bad_record bad, void *context,
                                              uint64_t *rejected, const qs_corpus_options *options,
                                              qs_error *err);

/* ---- stats ---- */

/** Writes counts, label and target tables, lengths, vocabulary, the share of distinct word trigrams and of near
 *  duplicates to `out`. *rejected gets the bad rows. QS_EIO, QS_EINPUT, QS_ENOMEM. */
QS_API QS_NODISCARD qs_status qs_corpus_stats(const char *const *paths, size_t path_count, const char *out,
                                              qs_report_form form, uint64_t *rejected,
                                              const qs_corpus_options *options, qs_error *err);

/* ---- agree ---- */

/** Agreement of one label against all others. */
typedef struct qs_label_agreement {
    qs_str label;    /**< [borrowed: agreement] */
    uint64_t first;  /**< times the first rater gave it */
    uint64_t second; /**< times the second did */
    double kappa;    /**< Cohen's kappa of "this label or not"; NaN where undefined */
    double alpha;    /**< Krippendorff's alpha, nominal, likewise over all raters */
} qs_label_agreement;

/** How far raters agree. */
typedef struct qs_agreement qs_agreement;

/** Compares labels given to the same items: one path per rater, items matched by id (by record number where no
 *  rater has ids), or one path and several label columns. Items that only one rater labelled count as missing.
 *  `label_columns` (count 0: the label column of the options) names the raters' columns. *out [owned]:
 *  qs_agreement_destroy; NULL on failure. QS_EUSAGE (one rater), QS_EINPUT (an id twice, no common item), QS_EIO,
 *  QS_ENOMEM. */
QS_API QS_NODISCARD qs_status qs_corpus_agree(qs_agreement **out, const char *const *paths, size_t path_count,
                                              const char *const *label_columns, size_t label_column_count,
                                              const qs_corpus_options *options, qs_error *err);
/** Releases; NULL is fine. */
QS_API void qs_agreement_destroy(qs_agreement *agreement);
/** Items that at least two raters labelled. */
QS_API uint64_t qs_agreement_items(const qs_agreement *agreement);
/** Share of pairs of labels that agree. */
QS_API double qs_agreement_observed(const qs_agreement *agreement);
/** Cohen's kappa of the first two raters; NaN where undefined. */
QS_API double qs_agreement_kappa(const qs_agreement *agreement);
/** Krippendorff's alpha, nominal, all raters, missing labels allowed; NaN where undefined. */
QS_API double qs_agreement_alpha(const qs_agreement *agreement);
/** Labels in byte order. [borrowed: agreement] */
QS_API const qs_label_agreement *qs_agreement_labels(const qs_agreement *agreement, size_t *count);
/** Items that the first rater gave label `first` and the second `second` (indices of qs_agreement_labels). */
QS_API uint64_t qs_agreement_confusion(const qs_agreement *agreement, size_t first, size_t second);
/** Writes all of it to `path` ("-" or NULL: standard output). QS_EIO, QS_ENOMEM. */
QS_API QS_NODISCARD qs_status qs_agreement_write(const qs_agreement *agreement, const char *path,
                                                 qs_report_form form, qs_error *err);

#ifdef __cplusplus
}
#endif

#endif
