/* The worst wrong rows so far, with their words. SPDX-License-Identifier: MIT */
#ifndef QS_EVALUATION_WORST_H
#define QS_EVALUATION_WORST_H

#include "base/arena.h"
#include "quotestance/evaluation.h"

/** Zero-initialise and set `max`; qs_worst_free releases. Texts of rows that fell out stay in the arena: of N rows in
 *  random order about max * ln(N) ever come in. */
typedef struct qs_worst {
    qs_wrong_row *rows; /* worst first */
    size_t count, max;
    size_t newest; /* index of the row that was added last, or SIZE_MAX */
    qs_arena arena;
} qs_worst;

/** Takes a wrong row in if it is among the worst. QS_ENOMEM. */
QS_NODISCARD qs_status qs_worst_offer(qs_worst *worst, const qs_wrong_row *row, qs_error *err);
/** Gives the newest row its causes. QS_ENOMEM. */
QS_NODISCARD qs_status qs_worst_explain(qs_worst *worst, const qs_cause *causes, size_t count, qs_error *err);
/** Copies all rows into `arena`. QS_ENOMEM. */
QS_NODISCARD qs_status qs_worst_copy(const qs_worst *worst, qs_arena *arena, qs_wrong_row **rows, qs_error *err);
void qs_worst_free(qs_worst *worst);

#endif
