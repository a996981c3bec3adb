/* The text of a model, line by line, and what its header said. SPDX-License-Identifier: MIT */
#ifndef QS_MODEL_EXCHANGE_TEXT_H
#define QS_MODEL_EXCHANGE_TEXT_H

#include "model/exchange.h"

#define QS_TEXT_NUMBER_MAX 1e30
#define QS_PAIRS_MAX (QS_MODEL_MAX_LABELS * (QS_MODEL_MAX_LABELS - 1) / 2)

/* The text and what its header said; counts are 0 until read. */
typedef struct qs_text_model {
    qs_str rest;
    uint64_t line;
    size_t label_count;
    size_t feature_count;
    qs_error *err;
    unsigned seen; /* bit per key */
    qs_learner_options options;
    uint64_t support;
    uint64_t features;
    double bias;
    size_t place[QS_MODEL_MAX_LABELS]; /* our number of the text's i-th label */
    uint64_t counts[QS_MODEL_MAX_LABELS];
    double rho[QS_PAIRS_MAX];
} qs_text_model;

typedef enum qs_text_key {
    KEY_SVM_TYPE,
    KEY_KERNEL,
    KEY_DEGREE,
    KEY_GAMMA,
    KEY_COEF0,
    KEY_CLASSES,
    KEY_SUPPORT,
    KEY_RHO,
    KEY_LABEL,
    KEY_PROB_A,
    KEY_PROB_B,
    KEY_COUNTS,
    KEY_SOLVER,
    KEY_FEATURES,
    KEY_BIAS,
    KEYS
} qs_text_key;

/** QS_EMODEL with the line. */
QS_NODISCARD qs_status qs_text_refuse(const qs_text_model *t, const char *what);
/** The next line without its newline; false if there is none that is ended. */
bool qs_text_line(qs_text_model *t, qs_str *line);
/** The next word; one blank between words, one may end the line. False if it is empty. */
bool qs_text_word(qs_str *line, qs_str *word);
/** The next word as a number that is finite and not huge. */
bool qs_text_number(qs_str *line, double *number);
/** Lines "key value ..." from `line` up to the one that is `last`. */
QS_NODISCARD qs_status qs_text_header(qs_text_model *t, qs_str line, const char *last);
/** All of `keys` must have been there, and none but them and `allowed`. */
QS_NODISCARD qs_status qs_text_need(const qs_text_model *t, unsigned keys, unsigned allowed);

#endif
