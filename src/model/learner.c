/* Options and rows of a training, checked; outputs of what was learned. SPDX-License-Identifier: MIT */
#include "model/learner.h"

#include <math.h>

#include "model/learner_impl.h"

#define SAFE_INT_ROWS 0x7ffffff0u

qs_learner_options qs_learner_defaults(void)
{
    return (qs_learner_options){
        .solver = QS_C_SVC, .kernel = QS_LINEAR, .c = 1, .nu = 0.5, .gamma = 1, .degree = 3, .seed = 1};
}

void qs_learned_free(qs_learned *learned)
{
    qs_free(learned->bias);
    qs_free(learned->weights);
    qs_free(learned->support);
    qs_free(learned->coefficients);
    *learned = (qs_learned){0};
}

size_t qs_set_rows(const qs_training_set *set)
{
    return set->rows == NULL ? set->vectors->rows : set->row_count;
}

uint32_t qs_set_row(const qs_training_set *set, size_t i)
{
    return set->rows == NULL ? (uint32_t)i : set->rows[i];
}

static size_t count_labels(const qs_training_set *set, size_t *counts)
{
    size_t present = 0;
    for (size_t l = 0; l < set->label_count; l++)
        counts[l] = 0;
    for (size_t i = 0; i < qs_set_rows(set); i++)
        present += counts[set->labels[qs_set_row(set, i)]]++ == 0;
    return present;
}

void qs_balanced_weights(const qs_training_set *set, double *weights)
{
    size_t counts[QS_MODEL_MAX_LABELS];
    const size_t present = count_labels(set, counts);
    for (size_t l = 0; l < set->label_count; l++)
        weights[l] =
            counts[l] == 0 ? 1.0 : (double)qs_set_rows(set) / ((double)present * (double)counts[l]);
}

static bool positive(double number)
{
    return isfinite(number) && number > 0;
}

qs_status qs_learner_check_options(const qs_learner_options *options, size_t label_count, qs_error *err)
{
    if (!positive(options->c) && options->solver != QS_NU_SVC)
        return qs_fail(err, QS_EUSAGE, "C must be a number above 0");
    if (options->solver == QS_NU_SVC && !(positive(options->nu) && options->nu <= 1))
        return qs_fail(err, QS_EUSAGE, "nu must be above 0 and at most 1");
    if (options->kernel != QS_LINEAR && options->solver > QS_NU_SVC)
        return qs_fail(err, QS_EUSAGE, "the linear solvers have the linear kernel only");
    if (options->kernel != QS_LINEAR && !positive(options->gamma))
        return qs_fail(err, QS_EUSAGE, "gamma must be a number above 0");
    if (options->kernel == QS_POLYNOMIAL &&
        (options->degree < 1 || options->degree > 16 || !isfinite(options->coef0)))
        return qs_fail(err, QS_EUSAGE, "a polynomial kernel has degree 1 to 16 and a finite constant");
    for (size_t l = 0; options->class_weights != NULL && l < label_count; l++)
        if (!positive(options->class_weights[l]))
            return qs_fail(err, QS_EUSAGE, "a class weight must be a number above 0");
    return QS_OK;
}

qs_status qs_learner_check_set(const qs_training_set *set, qs_error *err)
{
    size_t counts[QS_MODEL_MAX_LABELS];
    if (set->label_count > QS_MODEL_MAX_LABELS)
        return qs_fail(err, QS_EINPUT, "%zu different labels, at most %d are allowed", set->label_count,
                       QS_MODEL_MAX_LABELS);
    if (qs_set_rows(set) == 0)
        return qs_fail(err, QS_EINPUT, "no items to learn from");
    if (qs_set_rows(set) > SAFE_INT_ROWS || set->feature_count > QS_MODEL_MAX_FEATURES)
        return qs_fail(err, QS_ELIMIT, "more items or n-grams than the solvers can count");
    if (set->label_count < 2 || count_labels(set, counts) < 2)
        return qs_fail(err, QS_EINPUT, "all items have the same label; at least two labels are needed");
    for (size_t i = 0; i < qs_set_rows(set); i++) {
        const uint32_t row = qs_set_row(set, i);
        for (uint64_t e = set->vectors->starts[row]; e < set->vectors->starts[row + 1]; e++)
            if (!isfinite(set->vectors->values[e]))
                return qs_fail(err, QS_EINPUT, "item %u has a value that is not a number", row);
    }
    return QS_OK;
}

qs_status qs_learned_collapse(qs_learned *learned, const qs_vectors *vectors, qs_error *err)
{
    const size_t width = learned->output_count;
    size_t cells = 0;
    if (__builtin_mul_overflow(learned->feature_count, width, &cells))
        return qs_fail(err, QS_ENOMEM, "weights of %zu features", learned->feature_count);
    double *sums = qs_alloc_zero(cells, sizeof *sums);
    learned->weights = qs_alloc(cells, sizeof *learned->weights);
    if (sums == NULL || learned->weights == NULL) {
        qs_free(sums);
        return qs_fail(err, QS_ENOMEM, "weights of %zu features", learned->feature_count);
    }
    for (size_t s = 0; s < learned->support_count; s++) {
        const double *coefficients = learned->coefficients + s * width;
        const uint32_t row = learned->support[s];
        for (uint64_t e = vectors->starts[row]; e < vectors->starts[row + 1]; e++)
            for (size_t o = 0; o < width; o++)
                sums[vectors->indices[e] * width + o] += coefficients[o] * (double)vectors->values[e];
    }
    for (size_t i = 0; i < cells; i++)
        learned->weights[i] = (float)sums[i];
    qs_free(sums);
    qs_free(learned->support);
    qs_free(learned->coefficients);
    learned->support = NULL;
    learned->coefficients = NULL;
    learned->support_count = 0;
    return QS_OK;
}

void qs_learned_decide(const qs_learned *learned, const qs_vectors *vectors, size_t row, double *outputs)
{
    const size_t width = learned->output_count;
    for (size_t o = 0; o < width; o++)
        outputs[o] = 0;
    for (uint64_t e = vectors->starts[row]; e < vectors->starts[row + 1]; e++)
        for (size_t o = 0; o < width; o++)
            outputs[o] += (double)vectors->values[e] *
                          (double)learned->weights[vectors->indices[e] * width + o];
    for (size_t o = 0; o < width; o++)
        outputs[o] += learned->bias[o];
}

void qs_learned_decide_gram(const qs_learned *learned, const qs_gram *gram, size_t row, double *outputs)
{
    const size_t width = learned->output_count;
    for (size_t o = 0; o < width; o++)
        outputs[o] = 0;
    for (size_t s = 0; s < learned->support_count; s++)
        for (size_t o = 0; o < width; o++)
            outputs[o] += learned->coefficients[s * width + o] *
                          gram->products[row * gram->rows + learned->support[s]];
    for (size_t o = 0; o < width; o++)
        outputs[o] += learned->bias[o];
}
