/* Models at work: opening, scoring, training. SPDX-License-Identifier: MIT */
#ifndef QUOTESTANCE_CLASSIFIER_H
#define QUOTESTANCE_CLASSIFIER_H

#include <stdbool.h>

#include "quotestance/rows.h"
#include "quotestance/status.h"
#include "quotestance/str.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Where remarks go (rejected rows, choices made): one line each, no newline. `line` may be NULL. */
typedef struct qs_remarks {
    void (*line)(void *context, const char *text);
    void *context;
} qs_remarks;

/* --- models ------------------------------------------------------------------------------------ */

/** A model ready to score. Immutable: any number of threads may share it. */
typedef struct qs_classifier qs_classifier;

/** Opens a model file. *out [owned], NULL on failure. QS_EMODEL with offset and reason; QS_EIO, QS_ELIMIT, QS_ENOMEM. */
QS_API QS_NODISCARD qs_status qs_classifier_open(qs_classifier **out, const char *path, qs_error *err);

/** As qs_classifier_open from bytes in memory, which are not kept. */
QS_API QS_NODISCARD qs_status qs_classifier_open_bytes(qs_classifier **out, qs_str bytes, qs_error *err);

/** Opens the model inside the library: stance toward negotiations, and sentiment. QS_EMODEL if the library was built
 *  without one. */
QS_API QS_NODISCARD qs_status qs_classifier_open_bundled(qs_classifier **out, qs_error *err);

/** Closes; NULL is fine. */
QS_API void qs_classifier_close(qs_classifier *classifier);

/** Writes the model to a file, complete or not at all. QS_EIO, QS_ENOMEM. */
QS_API QS_NODISCARD qs_status qs_classifier_save(const qs_classifier *classifier, const char *path,
                                                 qs_error *err);

/** Number of heads (questions the model answers). */
QS_API size_t qs_classifier_head_count(const qs_classifier *classifier);
/** Name of a head, such as "stance:negotiations". [borrowed: classifier] */
QS_API qs_str qs_classifier_head_name(const qs_classifier *classifier, size_t head);
/** Labels of a head, in byte order. [borrowed: classifier] */
QS_API const qs_str *qs_classifier_head_labels(const qs_classifier *classifier, size_t head,
                                               size_t *count);
/** Number of n-grams the model knows. */
QS_API size_t qs_classifier_feature_count(const qs_classifier *classifier);
/** True if the heads stand for the targets of a multi-target corpus: each row asks one of them. */
QS_API bool qs_classifier_is_per_target(const qs_classifier *classifier);

/* --- scoring ----------------------------------------------------------------------------------- */

/** A text to score. Fields that do not exist are empty views. */
typedef struct qs_text {
    qs_str text;    /**< the quote or text; UTF-8 */
    qs_str context; /**< the sentence around it */
    qs_str target;  /**< names the head of a per-target model */
} qs_text;

/** Why; see quotestance/explain.h. */
typedef struct qs_explanation qs_explanation;

/** The answer of one head. Views are [borrowed: scorer, until its next call]. */
typedef struct qs_score {
    qs_str head;
    qs_str label;                /**< always the most probable one; ptr NULL if abstained */
    double score;                /**< P(favor) - P(against), or P(positive) - P(negative); NaN without such labels */
    size_t label_count;
    const qs_str *labels;        /**< in byte order */
    const double *probabilities; /**< one per label, sum 1 */
    const qs_explanation *explanation; /**< NULL unless qs_scorer_enable_explanations was called */
} qs_score;

/** Scratch memory for scoring. One thread at a time. */
typedef struct qs_scorer qs_scorer;

/** `classifier` must outlive the scorer. *out [owned], NULL on failure. QS_ENOMEM. */
QS_API QS_NODISCARD qs_status qs_scorer_create(qs_scorer **out, const qs_classifier *classifier,
                                               qs_error *err);
/** NULL is fine. */
QS_API void qs_scorer_destroy(qs_scorer *scorer);

/** Scores one text by every head, or by the head named `text->target` of a per-target model. *scores are *count answers in
 *  head order. QS_EINPUT if no head has the target's name; QS_ENOMEM. */
QS_API QS_NODISCARD qs_status qs_scorer_score(qs_scorer *scorer, const qs_text *text,
                                              const qs_score **scores, size_t *count, qs_error *err);

/** From now on a text whose most probable label of a head is less probable than `least` gets no label from that head (label.ptr
 *  NULL); probabilities and score stay. 0, the default: every text is labelled. */
QS_API void qs_scorer_set_abstain(qs_scorer *scorer, double least);

/** Distinct n-grams of the last text that the model knows, and how many n-grams it has, repeated ones counted as often
 *  as they occur. */
QS_API void qs_scorer_coverage(const qs_scorer *scorer, size_t *known, size_t *all);

/* --- training ---------------------------------------------------------------------------------- */

/** Which solver learns. */
typedef enum qs_learner_choice {
    QS_LEARNER_AUTO, /**< joint for corpora of several targets up to 50,000 rows; else libsvm up to 10,000 rows and for
                          kernels, descent beyond */
    QS_LEARNER_LIBSVM,
    QS_LEARNER_LIBLINEAR,
    QS_LEARNER_JOINT, /**< L2-loss SVM, each label against the rest; targets share a part of what they learn */
    QS_LEARNER_DESCENT /**< the problem of liblinear, solved for all labels in one passage over the vectors */
} qs_learner_choice;

/** Which kernel. */
typedef enum qs_kernel_choice { QS_KERNEL_LINEAR, QS_KERNEL_RBF, QS_KERNEL_POLY } qs_kernel_choice;

/** How to train. qs_train_options_default() fills it. */
typedef struct qs_train_options {
    qs_rows_options rows;      /**< how to read the corpora */
    bool per_target;           /**< one head for each value of the target column */
    const char *const *heads;  /**< "NAME" or "NAME=COLUMN"; NULL: one head, "stance:negotiations", of the label column */
    size_t head_count;
    uint32_t word_min, word_max; /**< word n-grams; 0, 0 for none */
    uint32_t char_min, char_max; /**< character n-grams; 0, 0 for none */
    bool presence;             /**< weigh by presence instead of tf-idf */
    bool odds;                 /**< weigh by tf-idf times what an n-gram tells about the labels (root mean square log odds ratio) */
    bool weight_given;         /**< false: by odds for the joint learner; for liblinear and descent beyond 10,000 rows by odds with evidence 0.03 and C 0.3 */
    double evidence;           /**< with odds: leave out n-grams of 16 or more items whose likelihood ratio for each item is below; 0: none */
    uint32_t min_df;           /**< leave out n-grams of fewer items */
    bool use_context;          /**< the context column as its own field */
    bool negation;             /**< mark words in the scope of a negator */
    bool chars_in_words;       /**< character n-grams do not cross spaces */
    bool word_parts;           /**< character n-grams that do not cross spaces as a field of their own, beside the others */
    bool keep_word_parts;      /**< take word_parts as it is; else it is set for the joint learner, unless chars_in_words is */
    const char *word_classes;  /**< file of word classes, which become a field of their own, or "en" for the built-in ones of
                                    English; NULL: none */
    bool class_presence;       /**< with word_classes: which classes the text has and which it lacks, as a field of its own, and one for
                                    the context with use_context */
    bool target_fields;        /**< the text around the mention of the row's target as fields of their own */
    bool keep_target_fields;   /**< take target_fields as it is; else it is set for rows of several targets, not per target, at least
                                    half of which mention theirs */
    qs_learner_choice learner;
    qs_kernel_choice kernel;
    double c;                  /**< cost; 0: 1, or 0.125 for joint */
    double nu;                 /**< libsvm's nu-SVC (Schölkopf et al. 2000): at most this share of margin errors, at least this share of
                                    support vectors, above 0 to 1, in place of c and class_weight; only learner auto and libsvm, not
                                    with tune; 0: C-SVC */
    const char *const *head_costs; /**< "NAME=COST" for heads that are learnt apart, in place of c: not for joint, not with tune; NULL: none */
    size_t head_cost_count;
    double gamma;              /**< RBF, polynomial; 0: 1 */
    uint32_t degree;           /**< polynomial */
    const char *class_weight;  /**< "balanced", "sqrt" (its root), "none" or "LABEL=W,LABEL=W" */
    uint32_t calibration_folds; /**< out-of-fold scores for the probabilities; 0: none */
    double share;              /**< joint: how much targets with the same labels share, 0 (nothing) to 1 (all) */
    double char_weight;        /**< joint: how much character n-grams count beside words; 0: 1, or 0.5 where that is better on rows not
                                    trained on */
    const char *decide_by;     /**< shift the log probabilities, alike for all heads, so that this metric of the out-of-fold labels is best:
                                    "macro_f1", "f_avg" or "accuracy"; "none": labels are as the scores have them; NULL:
                                    "macro_f1" for targets learnt jointly with calibration "auto", else "none" */
    const char *calibration;   /**< "auto" (best Brier score, default), "temperature", "platt" or "isotonic" */
    const char *group_column;  /**< folds never tear rows of one group; NULL: rows of the same text */
    bool ngram_texts;          /**< keep readable n-grams in the model */
    bool tune;                 /**< choose features, class weights and cost (of each head that is learnt apart) by cross-validation first */
    uint32_t tune_folds;       /**< default 5 */
    const char *tune_metric;   /**< "macro_f1" (default), "f_avg" or "accuracy", of all heads pooled */
    const char *tune_log;      /**< trials are added to this file and not made again if they stand there; NULL: none */
    double tune_seconds;       /**< no new round begins after so long; 0: all are made */
    uint64_t seed;
    size_t jobs;               /**< threads and processes; the model does not depend on it */
    qs_remarks remarks;
} qs_train_options;

/** Defaults: word 1-3, character 2-5, tf-idf, min_df 2, C 1, balanced, 5 calibration folds, seed 1, one job. */
QS_API qs_train_options qs_train_options_default(void);

/** What training saw. */
typedef struct qs_train_summary {
    size_t rows;     /**< used */
    size_t rejected; /**< bad records, reported as remarks */
    size_t features;
    size_t heads;
    const char *learner; /**< what trained, in words; [borrowed: static] */
    const char *why;     /**< why, if the choice was automatic, else NULL; [borrowed: static] */
    const char *weights; /**< how n-grams were weighed; [borrowed: static] */
} qs_train_summary;

/** Trains on the corpora `paths`. Bad rows are remarked on, counted and left out. *out [owned], NULL on
 *  failure. Starts child processes: not while the program has other threads running. QS_EINPUT (no rows, one class
 *  only), QS_EUSAGE, QS_EIO, QS_ENOMEM. */
QS_API QS_NODISCARD qs_status qs_train(qs_classifier **out, const char *const *paths, size_t path_count,
                                       const qs_train_options *options, qs_train_summary *summary,
                                       qs_error *err);

#ifdef __cplusplus
}
#endif

#endif
