/* Counting and failing calls at the seams, for tests. SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* MAP_ANONYMOUS */
#include "base/fault.h"

#ifdef QS_FAULTS

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define CUT_BYTES ((size_t)61) /* of each call, if all of them are cut short */

typedef struct fault_plan {
    atomic_ulong count;
    unsigned long nth;
    bool persistent;
    bool kills;
    qs_fault_effect effect;
    void (*then)(void);
} fault_plan;

/* The one deliberate global of the library: it exists only in builds made to break. */
static fault_plan own_plans[QS_FAULT_KINDS];
static fault_plan *plans = own_plans;

qs_fault_effect qs_fault_next(qs_fault_kind kind, size_t *most)
{
    const fault_plan *plan = &plans[kind];
    const unsigned long call = atomic_fetch_add(&plans[kind].count, 1) + 1;
    if (plan->nth == 0 || (plan->persistent ? call < plan->nth : call != plan->nth))
        return QS_FAULT_NONE;
    if (plan->kills)
        (void)raise(SIGKILL);
    if (plan->then != NULL)
        plan->then();
    const size_t bytes = plan->persistent ? CUT_BYTES : 1;
    if (plan->effect == QS_FAULT_CUT && most != NULL && *most > bytes)
        *most = bytes;
    return plan->effect;
}

bool qs_fault_now(qs_fault_kind kind)
{
    return qs_fault_next(kind, NULL) == QS_FAULT_FAIL;
}

void qs_fault_plan(qs_fault_kind kind, unsigned long nth, bool persistent)
{
    atomic_store(&plans[kind].count, 0);
    plans[kind].nth = nth;
    plans[kind].persistent = persistent;
    plans[kind].effect = QS_FAULT_FAIL;
    plans[kind].then = NULL;
}

void qs_fault_plan_effect(unsigned long nth, bool persistent, qs_fault_effect effect)
{
    qs_fault_plan(QS_FAULT_IO, nth, persistent);
    plans[QS_FAULT_IO].effect = effect;
}

void qs_fault_plan_meanwhile(unsigned long nth, bool persistent, void (*then)(void))
{
    qs_fault_plan_effect(nth, persistent, QS_FAULT_NONE);
    plans[QS_FAULT_IO].then = then;
}

unsigned long qs_fault_count(qs_fault_kind kind)
{
    return atomic_load(&plans[kind].count);
}

static void write_counts(void)
{
    FILE *file = fopen(getenv("QS_FAULT_COUNT"), "w");
    if (file == NULL)
        return;
    fprintf(file, "alloc %lu\nio %lu\n", qs_fault_count(QS_FAULT_ALLOC),
            qs_fault_count(QS_FAULT_IO));
    fclose(file);
}

/* Before main, so that no program has to know. Counts are shared with child processes: their calls fail as well. */
__attribute__((constructor)) static void plan_from_environment(void)
{
    const char *plan = getenv("QS_FAULT");
    if (plan == NULL && getenv("QS_FAULT_COUNT") == NULL)
        return;
    void *shared = mmap(NULL, sizeof own_plans, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared != MAP_FAILED)
        plans = shared;
    if (getenv("QS_FAULT_COUNT") != NULL)
        atexit(write_counts);
    if (plan == NULL)
        return;
    const qs_fault_kind kind = strncmp(plan, "io:", 3) == 0 ? QS_FAULT_IO : QS_FAULT_ALLOC;
    const char *number = strchr(plan, ':');
    if (number != NULL)
        qs_fault_plan(kind, strtoul(number + 1, NULL, 10), strchr(number, '+') != NULL);
    if (number == NULL)
        return;
    plans[kind].kills = strchr(number, 'k') != NULL;
    if (kind == QS_FAULT_IO && strpbrk(number, "si") != NULL)
        plans[kind].effect = strchr(number, 's') != NULL ? QS_FAULT_CUT : QS_FAULT_INTERRUPT;
}

#else
typedef int qs_fault_not_compiled_in;
#endif
