/* The switch behind the allocation and I/O seams: lets a test make the Nth call fail.
 * Compiled in only with QS_FAULTS (debug, asan presets); otherwise the questions are constant false.
 * SPDX-License-Identifier: MIT */
#ifndef QS_BASE_FAULT_H
#define QS_BASE_FAULT_H

#include <stdbool.h>

/** What kind of call asks. */
typedef enum qs_fault_kind { QS_FAULT_ALLOC, QS_FAULT_IO, QS_FAULT_KINDS } qs_fault_kind;

#ifdef QS_FAULTS
/** True if this call is to fail. Counts calls; safe from any thread. */
bool qs_fault_now(qs_fault_kind kind);

/** Fails call number `nth` (from 1; 0 = never) of a kind, and all later ones if `persistent`;
 *  restarts the count. Not while other threads run. */
void qs_fault_plan(qs_fault_kind kind, unsigned long nth, bool persistent);

/** Calls counted since the last plan. */
unsigned long qs_fault_count(qs_fault_kind kind);

/* Before main, faults are planned from the environment: QS_FAULT="alloc:17" (once), "io:5+" (from then on) or "io:5k"
 * (the process that makes the call is killed instead). If QS_FAULT_COUNT names a file, the counts are written there at exit. */
#else
static inline bool qs_fault_now(qs_fault_kind kind)
{
    (void)kind;
    return false;
}
#endif

#endif
