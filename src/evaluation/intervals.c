/* From resampled figures to intervals. SPDX-License-Identifier: MIT */
#include <math.h>
#include <string.h>

#include "evaluation/random.h"
#include "evaluation/resample.h"

/* Beyond this much work the jackknife is left out and BCa becomes BC. */
#define JACKKNIFE_WORK 400000000u


static void leave_out(const qs_resample *resample, size_t type, uint64_t *counts, int back)
{
    const qs_str key = resample->types.keys[type];
    for (size_t i = 0; i < key.len / sizeof(qs_cell_count); i++) {
        qs_cell_count one;
        memcpy(&one, key.ptr + i * sizeof one, sizeof one);
        counts[one.cell] = back ? counts[one.cell] + one.count : counts[one.cell] - one.count;
    }
}

/* Third and second moment of the leave-one-out figures around their mean. */
static double accelerate(const double *left_out, const qs_resample *resample, size_t figures, size_t index)
{
    double sum = 0, squares = 0, cubes = 0;
    const size_t types = resample->types.count;
    for (size_t t = 0; t < types; t++) {
        if (isnan(left_out[t * figures + index]))
            return 0;
        sum += (double)resample->multiplicity[t] * left_out[t * figures + index];
    }
    const double mean = sum / (double)resample->units;
    for (size_t t = 0; t < types; t++) {
        const double away = mean - left_out[t * figures + index];
        const double times = (double)resample->multiplicity[t];
        squares += times * away * away;
        cubes += times * away * away * away;
    }
    return squares > 0 ? cubes / (6 * squares * sqrt(squares)) : 0;
}

qs_status qs_resample_acceleration(double *acceleration, const qs_resample *resample, size_t figures,
                                   qs_figure figure, void *context, qs_error *err)
{
    const size_t types = resample->types.count;
    uint64_t *counts = NULL;
    double *left_out = NULL;
    qs_status status = QS_OK;
    for (size_t i = 0; i < figures; i++)
        acceleration[i] = 0;
    if (resample->units < 2 || (double)types * (double)(resample->cells + figures) > JACKKNIFE_WORK)
        return QS_OK;
    counts = qs_alloc_zero(resample->cells, sizeof *counts);
    left_out = qs_alloc(types, figures * sizeof *left_out);
    if (counts == NULL || left_out == NULL) {
        status = qs_fail(err, QS_ENOMEM, "out of memory");
        goto done;
    }
    for (size_t t = 0; t < types; t++)
        for (uint64_t m = 0; m < resample->multiplicity[t]; m++)
            leave_out(resample, t, counts, 1);
    for (size_t t = 0; t < types; t++) {
        leave_out(resample, t, counts, 0);
        figure(context, 0, counts, left_out + t * figures);
        leave_out(resample, t, counts, 1);
    }
    for (size_t i = 0; i < figures; i++)
        acceleration[i] = accelerate(left_out, resample, figures, i);
done:
    qs_free(counts);
    qs_free(left_out);
    return status;
}

/* Quantile of sorted values with linear interpolation. */
static double quantile(const double *sorted, size_t count, double p)
{
    const double at = p * (double)(count - 1);
    const size_t below = (size_t)at;
    if (below + 1 >= count)
        return sorted[count - 1];
    return sorted[below] + (at - (double)below) * (sorted[below + 1] - sorted[below]);
}

/* Where BCa looks instead of at p. */
static double corrected(double p, double bias, double acceleration)
{
    const double z = bias + qs_normal_quantile(p);
    return qs_normal_below(bias + z / (1 - acceleration * z));
}

qs_interval qs_draws_interval(const qs_draws *draws, size_t index, double observed, double acceleration,
                              const qs_measure_options *options)
{
    const double *sorted = draws->values + index * draws->rounds;
    const size_t count = draws->defined[index];
    double low = (1 - options->confidence) / 2, high = 1 - low;
    if (count == 0 || count * 2 <= draws->rounds || isnan(observed))
        return (qs_interval){NAN, NAN};
    if (options->method == QS_INTERVAL_BCA) {
        double below = 0;
        for (size_t i = 0; i < count && sorted[i] <= observed; i++)
            below += sorted[i] < observed ? 1 : 0.5; /* ties are common: figures of counts */
        const double share = below / (double)count;
        if (share > 0 && share < 1) {
            const double bias = qs_normal_quantile(share);
            low = corrected(low, bias, acceleration);
            high = corrected(high, bias, acceleration);
        }
    }
    return (qs_interval){quantile(sorted, count, low), quantile(sorted, count, high)};
}
