/* The rows of an evaluation, column by column. SPDX-License-Identifier: MIT */
#ifndef QS_EVALUATION_ENTRIES_H
#define QS_EVALUATION_ENTRIES_H

#include "base/map.h"
#include "evaluation/tally.h"
#include "evaluation/worst.h"

#define QS_MAX_LABELS 1000
#define QS_NO_GROUP UINT32_MAX

typedef struct qs_entry {
    uint32_t head;
    uint32_t gold;
    uint32_t predicted;    /* QS_NO_LABEL: abstained */
    uint32_t group;        /* QS_NO_GROUP: alone */
    uint32_t shape;        /* which labels its probabilities belong to; shape 0: no probabilities */
} qs_entry;

struct qs_evaluation {
    qs_map heads, labels, groups;
    qs_map shapes; /* keys: arrays of label numbers; number 0 is the empty array */
    qs_map *slice_values; /* one table per column */
    qs_str *slice_columns;
    size_t slice_count;
    qs_entry *rows;
    size_t count, capacity;
    size_t *first_probability; /* per row, into probabilities */
    size_t first_capacity;
    double *probabilities;
    size_t probability_count, probability_capacity;
    uint32_t *slices; /* count * slice_count value numbers */
    size_t slice_capacity;
    uint64_t items;
    int items_set;
    qs_worst worst;
    qs_arena arena;
};

/** Label numbers and probabilities of a row; the count is 0 if it has none. */
size_t qs_entry_probabilities(const qs_evaluation *evaluation, size_t row, const uint32_t **labels,
                            const double **probabilities);

/** Probability that the row gives to label `label` (0 if it does not name it). */
double qs_entry_probability(const qs_evaluation *evaluation, size_t row, uint32_t label);

#endif
