/* A model in memory: what turns a vector into label probabilities, and where it came from.
 * SPDX-License-Identifier: MIT */
#ifndef QS_MODEL_MODEL_H
#define QS_MODEL_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "features/spec.h"

/** Caps on what a model may hold; a file beyond them is refused. */
#define QS_MODEL_MAX_HEADS 4096
#define QS_MODEL_MAX_LABELS 256
#define QS_MODEL_MAX_FEATURES (UINT64_C(1) << 28)
#define QS_MODEL_MAX_OUTPUTS (UINT64_C(1) << 20)
#define QS_MODEL_MAX_SUPPORT (UINT64_C(1) << 24)
#define QS_MODEL_MAX_NONZEROS (UINT64_C(1) << 31)
#define QS_MODEL_MAX_NAME 256    /* bytes of a head's name, of a provenance key */
#define QS_MODEL_MAX_NGRAM 65536 /* bytes of an n-gram */
#define QS_MODEL_MAX_LABEL 64   /* bytes of a label */
#define QS_MODEL_MAX_META 65536 /* bytes of a provenance value */

/** How outputs become a label. With two labels both have one output, positive for label 0. */
typedef enum qs_decision {
    QS_ONE_VS_ONE = 0, /**< an output for each pair (0,1) (0,2) ... (1,2) ...; positive votes for the first */
    QS_ONE_VS_REST = 1 /**< an output for each label */
} qs_decision;

typedef enum qs_kernel { QS_LINEAR = 0, QS_RBF = 1, QS_POLYNOMIAL = 2 } qs_kernel;

/** Scores to probabilities: softmax(temperature * score + label_bias), then, if there are knots, each
 *  probability through one increasing curve (linear between knots), then the sum brought back to 1. */
typedef struct qs_calibration {
    double temperature; /**< > 0 */
    double *label_bias; /**< one per label, or NULL for zeros; moves labels, the rest does not */
    size_t knot_count;  /**< 0, or at least 2 */
    double *knot_in;    /**< strictly increasing from 0 to 1 */
    double *knot_out;   /**< strictly increasing within [0, 1] */
} qs_calibration;

/** One question the model answers, such as stance:negotiations. */
typedef struct qs_head {
    qs_str name;
    qs_str *labels; /**< strictly ascending bytewise */
    size_t label_count; /**< 2..QS_MODEL_MAX_LABELS */
    qs_decision decision;
    qs_kernel kernel;    /**< QS_LINEAR: scored by weights; else by support vectors */
    size_t first_output; /**< column of the head's first output */
    size_t output_count; /**< qs_output_count(decision, label_count) */
    double *bias;        /**< one per output, added */
    qs_calibration calibration;
    /* Kernels other than linear. */
    uint32_t degree;
    double gamma;
    double coef0;
    size_t first_support; /**< first row of the model's support vectors that is this head's */
    size_t support_count;
    double *coefficients; /**< support_count x output_count */
} qs_head;

/** A line of provenance. */
typedef struct qs_meta {
    qs_str key;
    qs_str value;
} qs_meta;

/** Read-only once built; any number of threads may score with it. Heads, strings, labels, biases and
 *  calibration live in the arena, the large arrays on the heap, all released by qs_model_destroy. */
typedef struct qs_model {
    qs_feature_spec spec;
    uint64_t fingerprint; /**< qs_model_fingerprint of the file it was read from; 0 if it was not */
    size_t feature_count;
    uint64_t *feature_hashes; /**< strictly ascending; a feature's index is its rank */
    float *idf;               /**< per feature, or NULL */
    uint64_t *ngram_starts;   /**< feature_count + 1 offsets into ngrams, or NULL without strings */
    char *ngrams;             /**< the n-grams one after another */
    size_t output_count;      /**< columns over all heads, those of kernel heads included */
    float *weights;           /**< feature_count x output_count; NULL if no head is linear */
    qs_head *heads;           /**< in order of name */
    size_t head_count;
    size_t support_count;     /**< support vectors over all heads */
    uint64_t *support_starts; /**< support_count + 1, or NULL */
    uint32_t *support_indices;
    float *support_values;
    qs_word_classes *classes; /**< [owned], spec.classes points to it; NULL without QS_FIELD_CLASSES */
    qs_meta *metas; /**< strictly ascending keys */
    size_t meta_count;
    bool borrowed;  /**< the large arrays lie in `backing`, or in memory of others */
    void *backing;  /**< the file as it was read, or NULL */
    qs_arena arena;
} qs_model;

/** An empty model. [owned]. QS_ENOMEM. */
QS_NODISCARD qs_status qs_model_create(qs_model **out, qs_error *err);
/** Releases everything; NULL is fine. */
void qs_model_destroy(qs_model *model);

/** Outputs of a head with `labels` labels: 1 for two, else labels or labels * (labels - 1) / 2. */
size_t qs_output_count(qs_decision decision, size_t labels);

/** Sets a line of provenance; key and value [copied]. The key must be printable and without control
 *  characters, the value UTF-8 of at most QS_MODEL_MAX_META bytes. QS_EUSAGE, QS_ENOMEM. */
QS_NODISCARD qs_status qs_model_set_meta(qs_model *model, qs_str key, qs_str value, qs_error *err);
/** The value of a key, or a view with ptr NULL. [borrowed: model] */
qs_str qs_model_meta(const qs_model *model, qs_str key);

/** The head of that name, or NULL. [borrowed: model] */
const qs_head *qs_model_head(const qs_model *model, qs_str name);
/** The number of a head's label, or label_count if it has no such label. */
size_t qs_head_label_number(const qs_head *head, qs_str label);
/** The n-gram of a feature, empty if the model keeps none. [borrowed: model] */
qs_str qs_model_ngram(const qs_model *model, size_t feature);

#endif
