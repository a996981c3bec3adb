/* Draws from distributions, and the normal curve. SPDX-License-Identifier: MIT */
#include "evaluation/random.h"

#include <math.h>

double qs_log_factorial(uint64_t n)
{
    /* lgamma would write the global signgam, and threads draw at the same time */
    const double x = (double)n;
    if (n < 16) {
        double product = 1;
        for (uint64_t i = 2; i <= n; i++)
            product *= (double)i;
        return log(product);
    }
    const double half_log_two_pi = 0.91893853320467274178;
    const double square = x * x;
    return (x + 0.5) * log(x) - x + half_log_two_pi +
           (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - 1.0 / (1680 * square)) / square) / square) / x;
}

/* Walks up the distribution function; trials * p is below 10, so that the start is not 0. */
static uint64_t draw_by_inversion(qs_rng *rng, uint64_t trials, double p)
{
    const double odds = p / (1 - p);
    const double start = exp((double)trials * log1p(-p));
    for (;;) {
        double left = qs_rng_unit(rng), mass = start;
        for (uint64_t k = 0; k <= trials && k < 200; k++) {
            if (left < mass)
                return k;
            left -= mass;
            mass *= odds * (double)(trials - k) / (double)(k + 1);
        }
        /* rounding left a crumb beyond the last value: draw again */
    }
}

static uint64_t draw_by_rejection(qs_rng *rng, uint64_t trials, double p)
{
    const double n = (double)trials;
    const double deviation = sqrt(n * p * (1 - p));
    const double b = 1.15 + 2.53 * deviation;
    const double a = -0.0873 + 0.0248 * b + 0.01 * p;
    const double centre = n * p + 0.5;
    const double quick = 0.92 - 4.2 / b;
    const double alpha = (2.83 + 5.1 / b) * deviation;
    const double mode = floor((n + 1) * p);
    const double log_odds = log(p / (1 - p));
    const double at_mode = qs_log_factorial((uint64_t)mode) + qs_log_factorial((uint64_t)(n - mode));
    for (;;) {
        const double u = qs_rng_unit(rng) - 0.5;
        const double v = 1 - qs_rng_unit(rng); /* never 0 */
        const double side = 0.5 - fabs(u);
        if (side <= 0)
            continue;
        const double k = floor((2 * a / side + b) * u + centre);
        if (k < 0 || k > n)
            continue;
        if (side >= 0.07 && v <= quick)
            return (uint64_t)k;
        const double bound = at_mode - qs_log_factorial((uint64_t)k) - qs_log_factorial((uint64_t)(n - k)) +
                             (k - mode) * log_odds;
        if (log(v * alpha / (a / (side * side) + b)) <= bound)
            return (uint64_t)k;
    }
}

uint64_t qs_binomial_draw(qs_rng *rng, uint64_t trials, double p)
{
    if (trials == 0 || p <= 0)
        return 0;
    if (p >= 1)
        return trials;
    if (p > 0.5)
        return trials - qs_binomial_draw(rng, trials, 1 - p);
    return (double)trials * p < 10 ? draw_by_inversion(rng, trials, p) : draw_by_rejection(rng, trials, p);
}

double qs_normal_below(double z)
{
    return 0.5 * erfc(-z * 0.70710678118654752440);
}

double qs_normal_quantile(double p)
{
    double low = -40, high = 40;
    /* halving is slow but short; asked a few times per figure */
    for (int i = 0; i < 80; i++) {
        const double middle = (low + high) / 2;
        if (qs_normal_below(middle) < p)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}
