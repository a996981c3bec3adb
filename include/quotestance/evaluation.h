/* Labels against labels: metrics, intervals, folds, paired tests and gates. Knows nothing of models.
 * SPDX-License-Identifier: MIT */
#ifndef QUOTESTANCE_EVALUATION_H
#define QUOTESTANCE_EVALUATION_H

#include <stddef.h>
#include <stdint.h>

#include "quotestance/status.h"
#include "quotestance/str.h"

#ifdef __cplusplus
extern "C" {
#endif

/** id, name in every output, 1 if more is better (-1 if less is), words.
 *  Those from BRIER on need probabilities, the others labels only. */
#define QS_METRIC_TABLE(X)                                                                         \
    X(ACCURACY, "accuracy", 1, "rows with the right label, of all rows")                           \
    X(BALANCED_ACCURACY, "balanced_accuracy", 1, "mean recall of the gold labels")                 \
    X(MACRO_PRECISION, "macro_precision", 1, "mean precision of the labels (0 where undefined)")   \
    X(MACRO_RECALL, "macro_recall", 1, "mean recall of the labels (0 where undefined)")            \
    X(MACRO_F1, "macro_f1", 1, "mean F1 of the labels")                                            \
    X(MICRO_PRECISION, "micro_precision", 1, "right answers, of all answers")                      \
    X(MICRO_RECALL, "micro_recall", 1, "right answers, of all rows")                               \
    X(MICRO_F1, "micro_f1", 1, "harmonic mean of the two")                                         \
    X(WEIGHTED_PRECISION, "weighted_precision", 1, "precision, labels weighted by support")        \
    X(WEIGHTED_RECALL, "weighted_recall", 1, "recall, labels weighted by support")                 \
    X(WEIGHTED_F1, "weighted_f1", 1, "F1, labels weighted by support")                             \
    X(F_AVG, "f_avg", 1, "mean F1 of favor and against, SemEval-2016 task 6 (0/0 = 0)")            \
    X(COHEN_KAPPA, "cohen_kappa", 1, "agreement beyond chance")                                    \
    X(MATTHEWS, "matthews", 1, "Matthews correlation, many classes")                               \
    X(KRIPPENDORFF_ALPHA, "krippendorff_alpha", 1, "nominal alpha of gold and predicted labels")   \
    X(COVERAGE, "coverage", 1, "rows that got an answer, of all rows")                             \
    X(BRIER, "brier", -1, "mean squared error of the probabilities, summed over labels (0 to 2)")  \
    X(LOG_LOSS, "log_loss", -1, "mean negative log of the gold label's probability")               \
    X(CALIBRATION_ERROR, "calibration_error", -1, "expected calibration error, 10 equal bins")     \
    X(ROC_AUC, "roc_auc", 1, "mean area under ROC, one label against the rest")                    \
    X(AVERAGE_PRECISION, "average_precision", 1, "mean area under precision-recall, one against rest") \
    X(RISK_COVERAGE_AREA, "risk_coverage_area", -1, "mean error over all coverages, surest first")

/** The figures that one number tells. */
typedef enum qs_metric {
#define QS_METRIC_ENUM(id, name, better, words) QS_METRIC_##id,
    QS_METRIC_TABLE(QS_METRIC_ENUM)
#undef QS_METRIC_ENUM
    QS_METRIC_COUNT
} qs_metric;

/** The first metric that needs probabilities. */
#define QS_METRIC_FIRST_PROBABILITY QS_METRIC_BRIER

/** As QS_METRIC_TABLE, for one label against the rest. */
#define QS_LABEL_METRIC_TABLE(X)                                                                   \
    X(PRECISION, "precision", 1)                                                                   \
    X(RECALL, "recall", 1)                                                                         \
    X(F1, "f1", 1)                                                                                 \
    X(ROC_AUC, "roc_auc", 1)                                                                       \
    X(AVERAGE_PRECISION, "average_precision", 1)                                                   \
    X(BRIER, "brier", -1)

/** The figures of one label. */
typedef enum qs_label_metric {
#define QS_LABEL_METRIC_ENUM(id, name, better) QS_LABEL_METRIC_##id,
    QS_LABEL_METRIC_TABLE(QS_LABEL_METRIC_ENUM)
#undef QS_LABEL_METRIC_ENUM
    QS_LABEL_METRIC_COUNT
} qs_label_metric;

/** The first label metric that needs probabilities. */
#define QS_LABEL_METRIC_FIRST_PROBABILITY QS_LABEL_METRIC_ROC_AUC

/** Name as in every output, for example "macro_f1". [borrowed: static]. Any thread. */
QS_API const char *qs_metric_name(qs_metric metric);
/** One line of words. [borrowed: static]. Any thread. */
QS_API const char *qs_metric_words(qs_metric metric);
/** 1 if more is better, -1 if less is. Any thread. */
QS_API int qs_metric_better(qs_metric metric);
/** The metric called `name`, or QS_METRIC_COUNT. Any thread. */
QS_API qs_metric qs_metric_find(qs_str name);
/** Name as in every output. [borrowed: static]. Any thread. */
QS_API const char *qs_label_metric_name(qs_label_metric metric);
/** 1 if more is better, -1 if less is. Any thread. */
QS_API int qs_label_metric_better(qs_label_metric metric);
/** The label metric called `name`, or QS_LABEL_METRIC_COUNT. Any thread. */
QS_API qs_label_metric qs_label_metric_find(qs_str name);

/* --- rows ------------------------------------------------------------------------------------ */

/** Gold and predicted labels, row by row. One thread at a time. */
typedef struct qs_evaluation qs_evaluation;

/** One judged text under one head. Everything is copied. */
typedef struct qs_evaluation_row {
    qs_str head;      /**< head, for example "stance:negotiations"; may be empty */
    qs_str gold;      /**< the true label */
    qs_str predicted; /**< the predicted label; ptr NULL: the model abstained (counts as wrong) */
    qs_str group;     /**< rows of one article belong together; ptr NULL: the row stands alone */
    const qs_str *probability_labels; /**< names for `probabilities` */
    const double *probabilities;      /**< each in [0, 1]; may be NULL if there are none */
    size_t probability_count;         /**< 0: no probabilities */
    const qs_str *slices; /**< one value per slice column (empty: none); may be NULL without columns */
    qs_str id;            /**< looked at only if the worst rows are kept; may be empty */
    qs_str text;          /**< likewise: the judged text */
} qs_evaluation_row;

/** An n-gram, and how much more it spoke for the predicted label than for the gold one. */
typedef struct qs_cause {
    qs_str ngram;
    double weight;
} qs_cause;

/** A wrong row. Views are [borrowed: what it was got from]. */
typedef struct qs_wrong_row {
    size_t row;           /**< its number, from 0, in the order of adding */
    qs_str head, gold, predicted;
    double confidence;    /**< probability given to the wrong label; 0 without probabilities */
    qs_str id, text;      /**< empty if not told */
    const qs_cause *causes;
    size_t cause_count;   /**< 0: not explained */
} qs_wrong_row;

/** An empty evaluation. `slice_columns` [copied] name the columns of `--by`; may be NULL if `count` is 0.
 *  *out [owned] is NULL on failure. QS_ENOMEM. */
QS_API QS_NODISCARD qs_status qs_evaluation_create(qs_evaluation **out, const qs_str *slice_columns,
                                                   size_t count, qs_error *err);
/** NULL is fine. */
QS_API void qs_evaluation_destroy(qs_evaluation *evaluation);

/** Adds a row. A failure leaves the evaluation as it was. QS_EINPUT (a probability outside [0, 1], a label
 *  with two probabilities), QS_ELIMIT (over 1,000 labels, over 2^32 - 2 rows), QS_ENOMEM. */
QS_API QS_NODISCARD qs_status qs_evaluation_add(qs_evaluation *evaluation,
                                                const qs_evaluation_row *row, qs_error *err);

/** Sets the number of texts behind the rows (several heads can judge one text); unless set, the rows. */
QS_API void qs_evaluation_set_items(qs_evaluation *evaluation, uint64_t items);

/** Rows added so far. */
QS_API size_t qs_evaluation_rows(const qs_evaluation *evaluation);

/** From now on the `max` (at most 10,000) worst wrong rows are kept with their texts: most probability on the wrong
 *  label first, then in the order of adding. Not after the first row. */
QS_API void qs_evaluation_keep_worst(qs_evaluation *evaluation, size_t max);

/** 1 if the row added last is among the worst so far: time to explain it. */
QS_API int qs_evaluation_last_is_worst(const qs_evaluation *evaluation);

/** Gives that row its causes [copied], the strongest first. Nothing happens if it is not among the worst. QS_ENOMEM. */
QS_API QS_NODISCARD qs_status qs_evaluation_explain_last(qs_evaluation *evaluation, const qs_cause *causes,
                                                         size_t count, qs_error *err);

/* --- figures --------------------------------------------------------------------------------- */

/** Where a figure lies with the asked confidence; both NaN if not known. */
typedef struct qs_interval {
    double low;
    double high;
} qs_interval;

/** A point of a curve. */
typedef struct qs_curve_point {
    double x;
    double y;
} qs_curve_point;

/** A curve of at most 201 points. */
typedef struct qs_curve {
    const qs_curve_point *points; /**< [borrowed: metrics]; NULL if there is no curve */
    size_t count;
} qs_curve;

/** Rows whose highest probability lies in one tenth of [0, 1]. */
typedef struct qs_calibration_bin {
    uint64_t rows;
    uint64_t correct;
    double mean_confidence; /**< NaN if empty */
} qs_calibration_bin;

/** Number of bins of the reliability figure. */
#define QS_CALIBRATION_BINS 10

/** Figures of one label against the rest. Undefined figures are NaN (null in every output). */
typedef struct qs_label_metrics {
    qs_str label;       /**< [borrowed: metrics] */
    uint64_t support;   /**< rows with this gold label */
    uint64_t predicted; /**< rows with this predicted label */
    uint64_t true_positive, false_positive, false_negative, true_negative;
    double values[QS_LABEL_METRIC_COUNT];
    qs_interval intervals[QS_LABEL_METRIC_COUNT];
    qs_curve roc;              /**< false positive rate, true positive rate */
    qs_curve precision_recall; /**< recall, precision */
} qs_label_metrics;

/** Figures of one set of rows: a head, a slice, or all. Undefined figures are NaN and have a note. */
typedef struct qs_metric_set {
    qs_str name;   /**< head or value of the slice column, "overall" for all; [borrowed: metrics] */
    qs_str column; /**< slice column; empty for heads and overall */
    uint64_t rows, correct, abstained;
    uint64_t groups;                  /**< units of resampling: groups and rows without a group */
    uint64_t rows_with_probabilities;
    size_t label_count;               /**< labels in gold or predicted, in byte order */
    const qs_label_metrics *labels;   /**< [borrowed: metrics] */
    /** label_count rows (gold) by label_count + 1 columns (predicted, last: abstained); NULL if no labels.
     *  [borrowed: metrics] */
    const uint64_t *confusion;
    double values[QS_METRIC_COUNT];
    const char *notes[QS_METRIC_COUNT]; /**< why a value is NaN, or NULL. [borrowed: static] */
    qs_interval intervals[QS_METRIC_COUNT];
    uint64_t undefined_rounds[QS_METRIC_COUNT]; /**< bootstrap rounds in which the metric had no value */
    const qs_calibration_bin *calibration; /**< QS_CALIBRATION_BINS, or NULL. [borrowed: metrics] */
    qs_curve risk_coverage;                /**< coverage, error among the covered */
} qs_metric_set;

/** How intervals are made from the resampled figures. */
typedef enum qs_interval_method {
    QS_INTERVAL_PERCENTILE, /**< the quantiles themselves */
    QS_INTERVAL_BCA         /**< bias-corrected and accelerated (Efron 1987) */
} qs_interval_method;

/** What to compute. qs_measure_defaults fills it. */
typedef struct qs_measure_options {
    uint64_t rounds;           /**< bootstrap rounds, 0: no intervals; default 0 */
    uint64_t seed;             /**< default 1 */
    double confidence;         /**< in (0.5, 1), default 0.95 */
    qs_interval_method method; /**< default QS_INTERVAL_BCA */
    size_t jobs;               /**< threads, default 1; the result does not depend on it */
} qs_measure_options;

/** The defaults. Any thread. */
QS_API qs_measure_options qs_measure_defaults(void);

/** All figures of an evaluation: each head, each slice, and overall (all heads pooled). Immutable. */
typedef struct qs_metrics qs_metrics;

/** Computes them. `options` NULL: the defaults. *out [owned] is NULL on failure; it does not need the
 *  evaluation any longer. QS_EUSAGE (options), QS_ELIMIT (over 10,000 slices), QS_ENOMEM. */
QS_API QS_NODISCARD qs_status qs_metrics_create(qs_metrics **out, const qs_evaluation *evaluation,
                                                const qs_measure_options *options, qs_error *err);
/** NULL is fine. */
QS_API void qs_metrics_destroy(qs_metrics *metrics);

/** Texts behind the rows. Any thread. */
QS_API uint64_t qs_metrics_items(const qs_metrics *metrics);
/** Number of heads. Any thread. */
QS_API size_t qs_metrics_head_count(const qs_metrics *metrics);
/** Head `index`, in byte order of the names. [borrowed: metrics]. Any thread. */
QS_API const qs_metric_set *qs_metrics_head(const qs_metrics *metrics, size_t index);
/** All rows. [borrowed: metrics]. Any thread. */
QS_API const qs_metric_set *qs_metrics_overall(const qs_metrics *metrics);
/** Number of slices. Any thread. */
QS_API size_t qs_metrics_slice_count(const qs_metrics *metrics);
/** Slice `index`: by column as declared, then by value in byte order. [borrowed: metrics]. Any thread. */
QS_API const qs_metric_set *qs_metrics_slice(const qs_metrics *metrics, size_t index);
/** The worst wrong rows that the evaluation kept, the worst first. [borrowed: metrics]. Any thread. */
QS_API const qs_wrong_row *qs_metrics_worst(const qs_metrics *metrics, size_t *count);
/** The options they were computed with. [borrowed: metrics]. Any thread. */
QS_API const qs_measure_options *qs_metrics_options(const qs_metrics *metrics);

/** Finds a figure by its path: SET.METRIC or SET.labels.LABEL.METRIC, where SET is a head,
 *  COLUMN=VALUE, or overall (the default, with its dot left out, as "labels." may be). *value may be NaN (undefined). `interval` may be NULL.
 *  QS_EUSAGE if there is no such figure. Any thread. */
QS_API QS_NODISCARD qs_status qs_metrics_lookup(const qs_metrics *metrics, qs_str path, double *value,
                                                qs_interval *interval, int *better, qs_error *err);

/* --- two predictions compared ------------------------------------------------------------------ */

/** The labels of two models, A and B, on the same rows. One thread at a time. */
typedef struct qs_comparison qs_comparison;

/** One row judged by both. Everything is copied. */
typedef struct qs_comparison_row {
    qs_str head, gold;
    qs_str a, b;  /**< predicted labels; ptr NULL: abstained */
    qs_str group; /**< as in qs_evaluation_row */
} qs_comparison_row;

/** One figure of both. */
typedef struct qs_difference {
    double a, b;          /**< NaN if undefined */
    double difference;    /**< b - a */
    qs_interval interval; /**< of the difference, percentile */
    double p;             /**< two-sided, paired bootstrap centred on no difference; NaN if not known */
    double holm;          /**< p of a head after Holm's correction over all heads; NaN for overall */
} qs_difference;

/** Two models on one head, or on all. */
typedef struct qs_comparison_set {
    qs_str name; /**< head, or "overall"; [borrowed: comparison] */
    uint64_t rows, groups;
    uint64_t both_right, only_a_right, only_b_right, both_wrong;
    double mcnemar_exact; /**< two-sided, exact conditional */
    double mcnemar_mid;   /**< two-sided mid-p */
    double mcnemar_holm;  /**< mid-p of a head after Holm's correction over all heads; NaN for overall */
    qs_difference metrics[QS_METRIC_FIRST_PROBABILITY];
} qs_comparison_set;

/** Two-sided McNemar from the rows only one of two got right: exact conditional p in *exact, mid-p in *mid.
 *  Any thread. */
QS_API void qs_mcnemar(uint64_t only_a_right, uint64_t only_b_right, double *exact, double *mid);

/** Holm's step-down correction in place; NaN entries are left alone. QS_ENOMEM. Any thread. */
QS_API QS_NODISCARD qs_status qs_holm(double *p, size_t count, qs_error *err);

/** An empty comparison. *out [owned] is NULL on failure. QS_ENOMEM. */
QS_API QS_NODISCARD qs_status qs_comparison_create(qs_comparison **out, qs_error *err);
/** NULL is fine. */
QS_API void qs_comparison_destroy(qs_comparison *comparison);
/** Adds a row. QS_ELIMIT, QS_ENOMEM. */
QS_API QS_NODISCARD qs_status qs_comparison_add(qs_comparison *comparison, const qs_comparison_row *row,
                                                qs_error *err);
/** Computes everything for the rows so far; `options` NULL: the defaults with 2,000 rounds.
 *  QS_EUSAGE, QS_ENOMEM. */
QS_API QS_NODISCARD qs_status qs_comparison_run(qs_comparison *comparison,
                                                const qs_measure_options *options, qs_error *err);
/** Number of sets after a run: overall first, then the heads in byte order. */
QS_API size_t qs_comparison_set_count(const qs_comparison *comparison);
/** One of them. [borrowed: comparison] */
QS_API const qs_comparison_set *qs_comparison_get(const qs_comparison *comparison, size_t index);

/* --- folds ----------------------------------------------------------------------------------- */

/** Deals items into folds 0..fold_count-1, each label spread evenly, groups never torn. Depends only on
 *  the arguments. `labels` and `folds` have `count` entries; `groups` too, or is NULL (an entry with ptr
 *  NULL stands alone). QS_EUSAGE (fold_count under 2, more folds than items or groups), QS_ENOMEM.
 *  Any thread. */
QS_API QS_NODISCARD qs_status qs_folds_assign(uint32_t *folds, const qs_str *labels,
                                              const qs_str *groups, size_t count,
                                              uint32_t fold_count, uint64_t seed, qs_error *err);

#ifdef __cplusplus
}
#endif

#endif
