/* McNemar's test, and Holm's correction. SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "evaluation/random.h"
#include "quotestance/evaluation.h"

void qs_mcnemar(uint64_t only_a_right, uint64_t only_b_right, double *exact, double *mid)
{
    const uint64_t n = only_a_right + only_b_right;
    const uint64_t less = only_a_right < only_b_right ? only_a_right : only_b_right;
    double tail = 0, point = 1;
    *exact = 1;
    *mid = 1;
    if (n == 0)
        return; /* they never differ: half the mass of a single point would be no evidence */
    for (uint64_t i = 0; i <= less; i++) {
        point = exp(qs_log_factorial(n) - qs_log_factorial(i) - qs_log_factorial(n - i) -
                    (double)n * 0.69314718055994530942);
        tail += point;
    }
    *exact = fmin(1, 2 * tail);
    *mid = only_a_right == only_b_right ? 1 - point / 2 : 2 * tail - point;
}

typedef struct ranked_p {
    double p;
    size_t index;
} ranked_p;

static int by_p(const void *a, const void *b)
{
    const ranked_p *x = a, *y = b;
    if (x->p < y->p || x->p > y->p)
        return x->p < y->p ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

qs_status qs_holm(double *p, size_t count, qs_error *err)
{
    size_t known = 0;
    double highest = 0;
    ranked_p *ranked = qs_alloc(count, sizeof *ranked);
    if (ranked == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    for (size_t i = 0; i < count; i++)
        if (!isnan(p[i]))
            ranked[known++] = (ranked_p){p[i], i};
    if (known > 1)
        qsort(ranked, known, sizeof *ranked, by_p);
    for (size_t i = 0; i < known; i++) {
        highest = fmax(highest, fmin(1, (double)(known - i) * ranked[i].p));
        p[ranked[i].index] = highest;
    }
    qs_free(ranked);
    return QS_OK;
}
