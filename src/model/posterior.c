/* Newton's method on the likelihood of a factor and a bias for each label. SPDX-License-Identifier: MIT */
#include "model/posterior.h"

#include <math.h>

#define ROUNDS 30
#define HALVINGS 10
#define RIDGE 1.0
#define TEMPERATURE_MIN 1e-3
#define ENOUGH 1e-7
#define SIZE (QS_POSTERIOR_LABELS + 1) /* the temperature, then the biases */

typedef struct rows_of {
    const double *scores;
    const uint32_t *truth;
    size_t rows, labels;
} rows_of;

/* Loss with its slope and curvature, of which the lower triangle is filled. */
typedef struct bend {
    double loss;
    double slope[SIZE];
    double curve[SIZE][SIZE];
} bend;

void qs_posterior_logs(const qs_posterior *posterior, const double *scores, double *logs)
{
    double highest = -HUGE_VAL;
    double sum = 0;
    for (size_t l = 0; l < posterior->labels; l++) {
        logs[l] = posterior->temperature * scores[l] + posterior->bias[l];
        highest = fmax(highest, logs[l]);
    }
    for (size_t l = 0; l < posterior->labels; l++)
        sum += exp(logs[l] - highest);
    for (size_t l = 0; l < posterior->labels; l++)
        logs[l] -= highest + log(sum);
}

static void add_row(bend *at, const double *logs, const double *scores, uint32_t truth, size_t labels)
{
    double p[QS_POSTERIOR_LABELS];
    double mean = 0;
    double square = 0;
    for (size_t l = 0; l < labels; l++) {
        p[l] = exp(logs[l]);
        mean += p[l] * scores[l];
        square += p[l] * scores[l] * scores[l];
    }
    at->loss -= logs[truth];
    at->slope[0] += mean - scores[truth];
    at->curve[0][0] += square - mean * mean;
    for (size_t l = 0; l < labels; l++) {
        at->slope[1 + l] += p[l] - (l == truth);
        at->curve[1 + l][0] += p[l] * (scores[l] - mean);
        for (size_t k = 0; k <= l; k++)
            at->curve[1 + l][1 + k] += (k == l ? p[l] : 0) - p[l] * p[k];
    }
}

static bend measure(const qs_posterior *posterior, const rows_of *r)
{
    double logs[QS_POSTERIOR_LABELS];
    bend at = {0};
    for (size_t i = 0; i < r->rows; i++) {
        if (r->truth[i] >= r->labels)
            continue;
        qs_posterior_logs(posterior, r->scores + i * r->labels, logs);
        add_row(&at, logs, r->scores + i * r->labels, r->truth[i], r->labels);
    }
    at.curve[0][0] += ENOUGH;
    for (size_t l = 0; l < r->labels; l++) {
        at.loss += RIDGE / 2 * posterior->bias[l] * posterior->bias[l];
        at.slope[1 + l] += RIDGE * posterior->bias[l];
        at.curve[1 + l][1 + l] += RIDGE;
    }
    return at;
}

/* The step curve^-1 slope, by Cholesky's method; the slope becomes the step. */
static void solve(bend *at, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        for (size_t j = 0; j <= i; j++) {
            double rest = at->curve[i][j];
            for (size_t k = 0; k < j; k++)
                rest -= at->curve[i][k] * at->curve[j][k];
            at->curve[i][j] = i == j ? sqrt(fmax(rest, ENOUGH)) : rest / at->curve[j][j];
        }
        for (size_t k = 0; k < i; k++)
            at->slope[i] -= at->curve[i][k] * at->slope[k];
        at->slope[i] /= at->curve[i][i];
    }
    for (size_t i = size; i-- > 0;) {
        for (size_t k = i + 1; k < size; k++)
            at->slope[i] -= at->curve[k][i] * at->slope[k];
        at->slope[i] /= at->curve[i][i];
    }
}

/* Goes as much of the step as lowers the loss; returns how far the farthest number went. */
static double go(qs_posterior *posterior, const double *step, double loss, const rows_of *r)
{
    double part = 1;
    for (int i = 0; i < HALVINGS; i++, part /= 2) {
        qs_posterior trial = *posterior;
        double farthest = fabs(part * step[0]);
        trial.temperature -= part * step[0];
        for (size_t l = 0; l < r->labels; l++) {
            trial.bias[l] -= part * step[1 + l];
            farthest = fmax(farthest, fabs(part * step[1 + l]));
        }
        if (trial.temperature >= TEMPERATURE_MIN && measure(&trial, r).loss <= loss) {
            *posterior = trial;
            return farthest;
        }
    }
    return 0;
}

qs_posterior qs_posterior_fit(const double *scores, const uint32_t *truth, size_t rows, size_t labels)
{
    const rows_of r = {scores, truth, rows, labels};
    qs_posterior posterior = {.labels = labels, .temperature = 1};
    for (int i = 0; i < ROUNDS; i++) {
        bend at = measure(&posterior, &r);
        solve(&at, 1 + labels);
        if (!(go(&posterior, at.slope, at.loss, &r) > ENOUGH))
            break;
    }
    return posterior;
}
