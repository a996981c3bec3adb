/* Dual coordinate descent over tasks that share weights. SPDX-License-Identifier: MIT */
#include "model/joint.h"

#include <math.h>

#include "base/rng.h"

#define PASSES_MAX 100
#define TOLERANCE 0.05 /* between the largest and the smallest projected gradient */
#define AHEAD 24       /* entries; weights are far apart, and asked for before they are needed */

static qs_status prepare(qs_joint *j, const qs_joint_set *set, size_t count, qs_error *err)
{
    size_t cells = 0;
    j->width = 1 + set->task_count;
    j->share = set->share;
    if (__builtin_mul_overflow(set->feature_count + 1, j->width, &cells))
        return qs_fail(err, QS_ENOMEM, "weights of %zu features and %zu tasks", set->feature_count,
                       set->task_count);
    qs_status status = qs_grow(&j->weights, &j->weight_capacity, cells, sizeof *j->weights, err);
    if (status == QS_OK)
        status = qs_grow(&j->alphas, &j->alpha_capacity, count, sizeof *j->alphas, err);
    if (status == QS_OK)
        status = qs_grow(&j->order, &j->order_capacity, count, sizeof *j->order, err);
    if (status == QS_OK)
        status = qs_grow(&j->lengths, &j->length_capacity, count, sizeof *j->lengths, err);
    for (size_t i = 0; status == QS_OK && i < cells; i++)
        j->weights[i] = 0;
    for (size_t i = 0; status == QS_OK && i < count; i++) {
        j->alphas[i] = 0;
        j->order[i] = (uint32_t)i;
    }
    return status;
}

double qs_joint_output(const qs_joint *j, const qs_joint_set *set, size_t entry)
{
    const qs_vectors *v = set->vectors;
    const uint64_t start = v->starts[set->rows[entry]];
    const uint64_t end = v->starts[set->rows[entry] + 1];
    const size_t own = 1 + set->tasks[entry];
    const float *bias = j->weights + set->feature_count * j->width;
    double shared = (double)bias[0];
    double single = (double)bias[own];
    for (uint64_t e = start; e < end; e++) {
        if (e + AHEAD < end)
            __builtin_prefetch(j->weights + v->indices[e + AHEAD] * j->width);
        const float *row = j->weights + v->indices[e] * j->width;
        shared += (double)v->values[e] * (double)row[0];
        single += (double)v->values[e] * (double)row[own];
    }
    return j->share * shared + (1 - j->share) * single;
}

static void move(qs_joint *j, const qs_joint_set *set, size_t entry, double step)
{
    const qs_vectors *v = set->vectors;
    const uint64_t start = v->starts[set->rows[entry]];
    const uint64_t end = v->starts[set->rows[entry] + 1];
    const size_t own = 1 + set->tasks[entry];
    const float by = (float)step;
    float *bias = j->weights + set->feature_count * j->width;
    bias[0] += by;
    bias[own] += by;
    for (uint64_t e = start; e < end; e++) {
        float *row = j->weights + v->indices[e] * j->width;
        const float change = by * v->values[e];
        row[0] += change;
        row[own] += change;
    }
}

static double squared_length(const qs_vectors *v, uint32_t row)
{
    double sum = 1; /* the bias */
    for (uint64_t e = v->starts[row]; e < v->starts[row + 1]; e++)
        sum += (double)v->values[e] * (double)v->values[e];
    return sum;
}

qs_status qs_joint_learn(qs_joint *j, const qs_joint_set *set, const uint32_t *entries, size_t count,
                         const signed char *signs, double c, uint64_t seed, qs_error *err)
{
    qs_rng rng = qs_rng_make(seed);
    const qs_status status = prepare(j, set, count, err);
    for (size_t i = 0; status == QS_OK && i < count; i++)
        j->lengths[i] = squared_length(set->vectors, set->rows[entries[i]]);
    for (int pass = 0; status == QS_OK && pass < PASSES_MAX; pass++) {
        double highest = -HUGE_VAL;
        double lowest = HUGE_VAL;
        qs_rng_shuffle(&rng, j->order, count);
        for (size_t k = 0; k < count; k++) {
            const size_t i = j->order[k];
            const size_t entry = entries[i];
            const double sign = signs[entry];
            const double soft = 0.5 / (c * set->costs[entry]);
            const double old = j->alphas[i];
            const double slope = sign * qs_joint_output(j, set, entry) - 1 + soft * old;
            const double projected = old > 0 ? slope : fmin(slope, 0);
            highest = fmax(highest, projected);
            lowest = fmin(lowest, projected);
            if (fabs(projected) < 1e-12)
                continue;
            j->alphas[i] = fmax(0, old - slope / (j->lengths[i] + soft));
            move(j, set, entry, (j->alphas[i] - old) * sign);
        }
        if (highest - lowest < TOLERANCE)
            break;
    }
    return status;
}

void qs_joint_free(qs_joint *j)
{
    qs_free(j->weights);
    qs_free(j->alphas);
    qs_free(j->lengths);
    qs_free(j->order);
    *j = (qs_joint){0};
}
