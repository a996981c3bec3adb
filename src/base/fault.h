/* The switch behind the allocation and I/O seams: lets a test make the Nth call fail.
 * Compiled in only with QS_FAULTS (debug, asan presets); otherwise the questions are constant false.
 * SPDX-License-Identifier: MIT */
#ifndef QS_BASE_FAULT_H
#define QS_BASE_FAULT_H

#include <stdbool.h>
#include <stddef.h>

/** What kind of call asks. */
typedef enum qs_fault_kind { QS_FAULT_ALLOC, QS_FAULT_IO, QS_FAULT_KINDS } qs_fault_kind;

/** What is to become of a call. */
typedef enum qs_fault_effect {
    QS_FAULT_NONE,
    QS_FAULT_FAIL,
    QS_FAULT_CUT,      /**< it moves a byte or a few of what it was asked to */
    QS_FAULT_INTERRUPT /**< a signal comes before it has done anything */
} qs_fault_effect;

#ifdef QS_FAULTS
/** The effect on this call. Counts calls; safe from any thread. `*most`, if not NULL, becomes how many bytes it may move. */
qs_fault_effect qs_fault_next(qs_fault_kind kind, size_t *most);

/** True if this call is to fail. Counts calls; safe from any thread. */
bool qs_fault_now(qs_fault_kind kind);

/** Fails call number `nth` (from 1; 0 = never) of a kind, and all later ones if `persistent`;
 *  restarts the count. Not while other threads run. */
void qs_fault_plan(qs_fault_kind kind, unsigned long nth, bool persistent);
/** The same with another effect than failure, on calls of I/O. */
void qs_fault_plan_effect(unsigned long nth, bool persistent, qs_fault_effect effect);

/** Calls of I/O are made as ever, but before them `then` is called: another process does something meanwhile. */
void qs_fault_plan_meanwhile(unsigned long nth, bool persistent, void (*then)(void));

/** Calls counted since the last plan. */
unsigned long qs_fault_count(qs_fault_kind kind);

/* Before main, faults are planned from the environment: QS_FAULT="alloc:17" (once), "io:5+" (from then on); with a letter
 * behind the number the call does not fail: k the process that makes it is killed, s it is cut short, i it is interrupted ("io:1s+": all
 * of them). If QS_FAULT_COUNT names a file, the counts are written there at exit. */
#else
static inline bool qs_fault_now(qs_fault_kind kind)
{
    (void)kind;
    return false;
}
static inline qs_fault_effect qs_fault_next(qs_fault_kind kind, size_t *most)
{
    (void)kind;
    (void)most;
    return QS_FAULT_NONE;
}
#endif

#endif
