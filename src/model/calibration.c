/* Temperature, label bias and increasing curve, by maximum likelihood and pooling of violators.
 * SPDX-License-Identifier: MIT */
#include "model/calibration.h"

#include <math.h>
#include <stdlib.h>

#include "model/predict.h"

#define TEMPERATURE_MIN 1e-3
#define TEMPERATURE_MAX 50.0
#define ROUNDS 200
#define BINS_MAX 40
#define BIN_ROWS 25 /* at least so many rows behind each bin of the curve */
#define CURVE_SLOPE 1e-3 /* keeps the curve strictly increasing */

/* The rows that count: scores, winners, labels. */
typedef struct sample {
    size_t rows;
    size_t labels;
    double *scores;
    size_t *winners;
    uint32_t *truth;
} sample;

static void sample_free(sample *s)
{
    qs_free(s->scores);
    qs_free(s->winners);
    qs_free(s->truth);
}

/* Returns the winner of the shifted scores. */
static size_t add_shift(double *scores, const double *shift, size_t labels)
{
    size_t winner = 0;
    for (size_t l = 0; l < labels; l++) {
        scores[l] += shift[l];
        if (scores[l] > scores[winner])
            winner = l;
    }
    return winner;
}

/* The shift, kept in units of the calibrated scores. */
static qs_status keep_shift(qs_head *head, qs_arena *arena, const double *shift, qs_error *err)
{
    double *bias = qs_arena_alloc(arena, head->label_count, sizeof *bias);
    if (bias == NULL)
        return qs_fail(err, QS_ENOMEM, "label biases");
    for (size_t l = 0; l < head->label_count; l++)
        bias[l] = head->calibration.temperature * shift[l];
    head->calibration.label_bias = bias;
    return QS_OK;
}

static qs_status sample_make(sample *s, const qs_head *head, const double *outputs,
                             const uint32_t *labels, size_t rows, const double *shift, qs_error *err)
{
    qs_head own = *head;
    own.first_output = 0;
    s->labels = head->label_count;
    if (rows < SIZE_MAX / s->labels)
        s->scores = qs_alloc(rows * s->labels, sizeof *s->scores);
    s->winners = qs_alloc(rows, sizeof *s->winners);
    s->truth = qs_alloc(rows, sizeof *s->truth);
    if (s->scores == NULL || s->winners == NULL || s->truth == NULL)
        return qs_fail(err, QS_ENOMEM, "calibration of %zu items", rows);
    for (size_t r = 0; r < rows; r++) {
        if (labels[r] >= s->labels)
            continue;
        double *scores = s->scores + s->rows * s->labels;
        s->winners[s->rows] = qs_head_scores(&own, outputs + r * head->output_count, scores);
        if (shift != NULL)
            s->winners[s->rows] = add_shift(scores, shift, s->labels);
        s->truth[s->rows++] = labels[r];
    }
    return s->rows == 0 ? qs_fail(err, QS_EINPUT, "no items to calibrate with") : QS_OK;
}

/* First and second derivative of the mean negative log likelihood by the temperature. */
static void by_temperature(const qs_head *head, const sample *s, double *first, double *second)
{
    double p[QS_MODEL_MAX_LABELS];
    *first = 0;
    *second = 0;
    for (size_t r = 0; r < s->rows; r++) {
        const double *scores = s->scores + r * s->labels;
        double mean = 0;
        double square = 0;
        qs_head_calibrate(head, scores, s->winners[r], p);
        for (size_t l = 0; l < s->labels; l++) {
            mean += p[l] * scores[l];
            square += p[l] * scores[l] * scores[l];
        }
        *first += (mean - scores[s->truth[r]]) / (double)s->rows;
        *second += (square - mean * mean) / (double)s->rows;
    }
}

static void fit_temperature(qs_head *head, const sample *s, size_t rounds)
{
    double *temperature = &head->calibration.temperature;
    for (size_t i = 0; i < rounds; i++) {
        double first = 0;
        double second = 0;
        by_temperature(head, s, &first, &second);
        double next = *temperature - first / (second > 1e-12 ? second : 1e-12);
        next = fmin(fmax(next, *temperature / 4), *temperature * 4);
        next = fmin(fmax(next, TEMPERATURE_MIN), TEMPERATURE_MAX);
        if (fabs(next - *temperature) < 1e-10 * next)
            break;
        *temperature = next;
    }
}

/* One step of each label's bias down a bound of the likelihood's curvature (Boehning 1992). */
static void step_bias(qs_head *head, const sample *s)
{
    double p[QS_MODEL_MAX_LABELS];
    double slope[QS_MODEL_MAX_LABELS] = {0};
    for (size_t r = 0; r < s->rows; r++) {
        qs_head_calibrate(head, s->scores + r * s->labels, s->winners[r], p);
        for (size_t l = 0; l < s->labels; l++)
            slope[l] += p[l] - (l == s->truth[r] ? 1 : 0);
    }
    for (size_t l = 0; l < s->labels; l++)
        head->calibration.label_bias[l] -= 2 * slope[l] / (double)s->rows;
}

static void fit_bias(qs_head *head, const sample *s)
{
    for (size_t i = 0; i < ROUNDS; i++) {
        step_bias(head, s);
        fit_temperature(head, s, 2);
    }
}

/* A pooled group of probabilities and how many of them were right. */
typedef struct bin {
    double in;
    double right;
    double weight;
} bin;

typedef struct point {
    double p;
    double right;
} point;

static int by_probability(const void *a, const void *b)
{
    const point *x = a;
    const point *y = b;
    if (x->p != y->p)
        return x->p < y->p ? -1 : 1;
    return (x->right > y->right) - (x->right < y->right);
}

static point *sorted_points(const qs_head *head, const sample *s)
{
    double p[QS_MODEL_MAX_LABELS];
    point *points = qs_alloc(s->rows * s->labels, sizeof *points);
    for (size_t r = 0; points != NULL && r < s->rows; r++) {
        qs_head_calibrate(head, s->scores + r * s->labels, s->winners[r], p);
        for (size_t l = 0; l < s->labels; l++)
            points[r * s->labels + l] = (point){p[l], l == s->truth[r] ? 1 : 0};
    }
    if (points != NULL)
        qsort(points, s->rows * s->labels, sizeof *points, by_probability);
    return points;
}

/* Groups of equal size, then adjacent violators pooled; returns how many are left. */
static size_t pool(const point *points, size_t count, bin *bins)
{
    size_t wanted = count / BIN_ROWS;
    size_t used = 0;
    wanted = wanted > BINS_MAX ? BINS_MAX : wanted < 1 ? 1 : wanted;
    for (size_t b = 0; b < wanted; b++) {
        bin next = {0};
        for (size_t i = count * b / wanted; i < count * (b + 1) / wanted; i++) {
            next.in += points[i].p;
            next.right += points[i].right;
            next.weight += 1;
        }
        bins[used++] = next;
        while (used > 1 && bins[used - 2].right * bins[used - 1].weight >=
                               bins[used - 1].right * bins[used - 2].weight) {
            bins[used - 2].in += bins[used - 1].in;
            bins[used - 2].right += bins[used - 1].right;
            bins[used - 2].weight += bins[used - 1].weight;
            used--;
        }
    }
    return used;
}

static qs_status fit_curve(qs_head *head, qs_arena *arena, const sample *s, qs_error *err)
{
    bin bins[BINS_MAX];
    qs_calibration *calibration = &head->calibration;
    point *points = sorted_points(head, s);
    double *in = qs_arena_alloc(arena, BINS_MAX + 2, sizeof *in);
    double *out = qs_arena_alloc(arena, BINS_MAX + 2, sizeof *out);
    if (points == NULL || in == NULL || out == NULL) {
        qs_free(points);
        return qs_fail(err, QS_ENOMEM, "calibration of %zu items", s->rows);
    }
    const size_t used = pool(points, s->rows * s->labels, bins);
    size_t knots = 1; /* the first is (0, 0) */
    for (size_t b = 0; b < used; b++) {
        const double mean = bins[b].in / bins[b].weight;
        /* One more observation at the bin's own mean keeps the rates off 0 and 1. */
        const double rate = (bins[b].right + mean) / (bins[b].weight + 1);
        const double smooth = (1 - CURVE_SLOPE) * rate + CURVE_SLOPE * mean;
        if (mean > in[knots - 1] && mean < 1 && smooth > out[knots - 1] && smooth < 1) {
            in[knots] = mean;
            out[knots++] = smooth;
        }
    }
    in[knots] = 1;
    out[knots++] = 1;
    calibration->knot_in = in;
    calibration->knot_out = out;
    calibration->knot_count = knots;
    qs_free(points);
    return QS_OK;
}

qs_status qs_calibration_fit(qs_head *head, qs_arena *arena, qs_calibration_kind kind,
                             const double *outputs, const uint32_t *labels, size_t rows, const double *shift,
                             qs_error *err)
{
    sample s = {0};
    qs_status status = sample_make(&s, head, outputs, labels, rows, shift, err);
    if (status != QS_OK)
        goto done;
    head->calibration = (qs_calibration){.temperature = 1};
    fit_temperature(head, &s, ROUNDS);
    if (kind == QS_CALIBRATE_PLATT && shift == NULL) {
        head->calibration.label_bias = qs_arena_alloc(arena, s.labels, sizeof(double));
        if (head->calibration.label_bias == NULL)
            status = qs_fail(err, QS_ENOMEM, "label biases");
        else
            fit_bias(head, &s);
    }
    if (kind == QS_CALIBRATE_ISOTONIC)
        status = fit_curve(head, arena, &s, err);
    if (status == QS_OK && shift != NULL)
        status = keep_shift(head, arena, shift, err);
done:
    sample_free(&s);
    return status;
}

double qs_calibration_brier(const qs_head *head, const double *outputs, const uint32_t *labels,
                            size_t rows)
{
    double p[QS_MODEL_MAX_LABELS];
    double sum = 0;
    size_t counted = 0;
    qs_head own = *head;
    own.first_output = 0;
    for (size_t r = 0; r < rows; r++) {
        if (labels[r] >= head->label_count)
            continue;
        qs_head_predict(&own, outputs + r * head->output_count, p);
        for (size_t l = 0; l < head->label_count; l++) {
            const double miss = p[l] - (l == labels[r] ? 1 : 0);
            sum += miss * miss;
        }
        counted++;
    }
    return counted == 0 ? 0 : sum / (double)counted;
}
