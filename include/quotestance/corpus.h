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
 *  order). */
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

#ifdef __cplusplus
}
#endif

#endif
