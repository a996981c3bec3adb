/* Scoring one vector: outputs, label scores, probabilities. SPDX-License-Identifier: MIT */
#include "model/predict.h"

#include <assert.h>
#include <math.h>

#define OUTPUT_MAX 1e100

static void add_linear(const qs_model *model, const uint32_t *indices, const float *values, size_t count,
                       double *outputs)
{
    const size_t width = model->output_count;
    for (size_t i = 0; i < count && indices[i] < model->feature_count; i++) {
        const float *row = model->weights + (size_t)indices[i] * width;
        const double value = (double)values[i];
        for (size_t o = 0; o < width; o++)
            outputs[o] += value * (double)row[o];
    }
}

static double square_norm(const float *values, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += (double)values[i] * (double)values[i];
    return sum;
}

static double sparse_dot(const uint32_t *a, const float *av, size_t an, const uint32_t *b,
                         const float *bv, size_t bn)
{
    double sum = 0;
    for (size_t i = 0, j = 0; i < an && j < bn;) {
        if (a[i] == b[j])
            sum += (double)av[i++] * (double)bv[j++];
        else if (a[i] < b[j])
            i++;
        else
            j++;
    }
    return sum;
}

static double power(double base, uint32_t exponent)
{
    double product = 1;
    for (; exponent > 0; exponent /= 2, base *= base)
        if (exponent % 2 == 1)
            product *= base;
    return product;
}

static void add_kernel(const qs_model *model, const qs_head *head, const uint32_t *indices,
                       const float *values, size_t count, double *outputs)
{
    const double own = square_norm(values, count);
    for (size_t s = 0; s < head->support_count; s++) {
        const size_t row = head->first_support + s;
        const uint64_t start = model->support_starts[row];
        const size_t length = (size_t)(model->support_starts[row + 1] - start);
        const float *other = model->support_values + start;
        const double dot = sparse_dot(indices, values, count, model->support_indices + start, other, length);
        const double product =
            head->kernel == QS_RBF
                ? exp(-head->gamma * (own + square_norm(other, length) - 2 * dot))
                : power(head->gamma * dot + head->coef0, head->degree);
        const double *coefficients = head->coefficients + s * head->output_count;
        for (size_t o = 0; o < head->output_count; o++)
            outputs[head->first_output + o] += product * coefficients[o];
    }
}

void qs_model_decide(const qs_model *model, const uint32_t *indices, const float *values, size_t count,
                     double *outputs)
{
    for (size_t o = 0; o < model->output_count; o++)
        outputs[o] = 0;
    if (model->weights != NULL)
        add_linear(model, indices, values, count, outputs);
    for (size_t h = 0; h < model->head_count; h++) {
        const qs_head *head = &model->heads[h];
        if (head->kernel != QS_LINEAR)
            add_kernel(model, head, indices, values, count, outputs);
        for (size_t o = 0; o < head->output_count; o++)
            outputs[head->first_output + o] += head->bias[o];
    }
}

static size_t argmax(const double *values, size_t count)
{
    size_t best = 0;
    for (size_t i = 1; i < count; i++)
        if (values[i] > values[best])
            best = i;
    return best;
}

/* Numbers of a hostile model may overflow; what follows must not. */
static double bounded(double output)
{
    return output > OUTPUT_MAX ? OUTPUT_MAX : output < -OUTPUT_MAX ? -OUTPUT_MAX : output == output ? output : 0;
}

/* Score: mean margin against the other labels. Winner: most votes, as in libsvm. */
static size_t scores_one_vs_one(const double *outputs, size_t labels, double *scores)
{
    unsigned votes[QS_MODEL_MAX_LABELS] = {0};
    size_t winner = 0;
    size_t output = 0;
    for (size_t l = 0; l < labels; l++)
        scores[l] = 0;
    for (size_t i = 0; i < labels; i++) {
        for (size_t j = i + 1; j < labels; j++, output++) {
            const double margin = bounded(outputs[output]);
            votes[margin > 0 ? i : j]++;
            scores[i] += margin;
            scores[j] -= margin;
        }
    }
    for (size_t l = 0; l < labels; l++) {
        scores[l] /= (double)(labels - 1);
        if (votes[l] > votes[winner])
            winner = l;
    }
    return winner;
}

size_t qs_head_scores(const qs_head *head, const double *outputs, double *scores)
{
    const double *own = outputs + head->first_output;
    assert(head->label_count >= 2 && head->label_count <= QS_MODEL_MAX_LABELS);
    if (head->label_count == 2) {
        scores[0] = bounded(own[0]);
        scores[1] = -scores[0];
        return scores[0] > 0 ? 0 : 1;
    }
    if (head->decision == QS_ONE_VS_REST) {
        for (size_t l = 0; l < head->label_count; l++)
            scores[l] = bounded(own[l]);
        return argmax(scores, head->label_count);
    }
    const size_t winner = scores_one_vs_one(own, head->label_count, scores);
    const size_t top = argmax(scores, head->label_count);
    /* Where votes and margins disagree the votes decide, and the scores say so. */
    const double highest = scores[top];
    scores[top] = scores[winner];
    scores[winner] = highest;
    return winner;
}

static double curve(const qs_calibration *calibration, double p)
{
    size_t low = 0;
    size_t high = calibration->knot_count - 1;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (calibration->knot_in[middle] <= p)
            low = middle;
        else
            high = middle;
    }
    const double x0 = calibration->knot_in[low];
    const double y0 = calibration->knot_out[low];
    const double share = (p - x0) / (calibration->knot_in[high] - x0);
    return y0 + share * (calibration->knot_out[high] - y0);
}

static void divide_by_sum(double *values, size_t count)
{
    double sum = 0;
    for (size_t l = 0; l < count; l++)
        sum += values[l];
    for (size_t l = 0; l < count; l++)
        values[l] /= sum;
}

size_t qs_head_calibrate(const qs_head *head, const double *scores, size_t winner, double *probabilities)
{
    const qs_calibration *calibration = &head->calibration;
    const size_t labels = head->label_count;
    for (size_t l = 0; l < labels; l++) {
        probabilities[l] = calibration->temperature * scores[l];
        if (calibration->label_bias != NULL)
            probabilities[l] += calibration->label_bias[l];
    }
    if (calibration->label_bias != NULL)
        winner = argmax(probabilities, labels);
    const double highest = probabilities[argmax(probabilities, labels)];
    for (size_t l = 0; l < labels; l++)
        probabilities[l] = exp(probabilities[l] - highest);
    divide_by_sum(probabilities, labels);
    if (calibration->knot_count > 0) {
        for (size_t l = 0; l < labels; l++)
            probabilities[l] = curve(calibration, probabilities[l]);
        divide_by_sum(probabilities, labels);
    }
    /* Rounding can make an earlier label equal; the winner stays the argmax. */
    const size_t top = argmax(probabilities, labels);
    if (top != winner)
        probabilities[winner] = nextafter(probabilities[top], 2);
    return winner;
}

size_t qs_head_predict(const qs_head *head, const double *outputs, double *probabilities)
{
    double scores[QS_MODEL_MAX_LABELS];
    const size_t winner = qs_head_scores(head, outputs, scores);
    return qs_head_calibrate(head, scores, winner, probabilities);
}
