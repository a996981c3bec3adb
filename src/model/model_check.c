/* The rules a model obeys, whether it was trained here or read from a stranger's file.
 * SPDX-License-Identifier: MIT */
#include <math.h>

#include "model/bundle_format.h"
#include "text/utf8.h"

#define NUMBER_MAX 1e30     /* keeps sums and powers of them finite */
#define TEMPERATURE_MAX 1e6

static bool sane(double number)
{
    return isfinite(number) && fabs(number) <= NUMBER_MAX;
}

static bool sane_all(const double *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!sane(numbers[i]))
            return false;
    return true;
}

static bool finite_all(const float *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!isfinite(numbers[i]))
            return false;
    return true;
}

/* UTF-8 without control characters, not empty. */
static bool printable(qs_str text, size_t most)
{
    if (text.len == 0 || text.len > most || !qs_utf8_valid(text, NULL))
        return false;
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] < 0x20 || text.ptr[i] == 0x7f)
            return false;
    return true;
}

static bool rising(const double *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!(numbers[i] >= 0 && numbers[i] <= 1) || (i > 0 && !(numbers[i] > numbers[i - 1])))
            return false;
    return true;
}

static const char *calibration_flaw(const qs_head *head)
{
    const qs_calibration *c = &head->calibration;
    if (!(c->temperature > 0 && c->temperature <= TEMPERATURE_MAX))
        return "a calibration temperature out of range";
    if (c->label_bias != NULL && !sane_all(c->label_bias, head->label_count))
        return "a label bias out of range";
    if (c->knot_count == 0)
        return NULL;
    if (c->knot_count == 1 || !rising(c->knot_in, c->knot_count) ||
        !rising(c->knot_out, c->knot_count) || !(c->knot_in[0] <= 0) ||
        !(c->knot_in[c->knot_count - 1] >= 1))
        return "a calibration curve that does not rise from 0 to 1";
    return NULL;
}

static const char *kernel_flaw(const qs_head *head)
{
    if (head->kernel == QS_LINEAR)
        return head->degree == 0 && head->support_count == 0 && !(fabs(head->gamma) > 0) &&
                       !(fabs(head->coef0) > 0)
                   ? NULL
                   : "kernel numbers in a linear head";
    if (head->kernel != QS_RBF && head->kernel != QS_POLYNOMIAL)
        return "an unknown kernel";
    if (!(sane(head->gamma) && head->gamma > 0))
        return "a kernel's gamma that is not above 0";
    if (head->kernel == QS_POLYNOMIAL ? head->degree < 1 || head->degree > 16 || !sane(head->coef0)
                                      : head->degree != 0 || fabs(head->coef0) > 0)
        return "a kernel's degree or constant out of range";
    if (head->support_count == 0)
        return "a kernel head without support vectors";
    if (!sane_all(head->coefficients, head->support_count * head->output_count))
        return "a coefficient out of range";
    return NULL;
}

static const char *head_flaw(const qs_head *head)
{
    if (!printable(head->name, QS_MODEL_MAX_NAME))
        return "a head's name that is empty, too long or not printable";
    if (head->label_count < 2 || head->label_count > QS_MODEL_MAX_LABELS)
        return "a head with fewer than 2 or more than 256 labels";
    for (size_t l = 0; l < head->label_count; l++) {
        if (!printable(head->labels[l], QS_MODEL_MAX_LABEL))
            return "a label that is empty, longer than 64 bytes or not printable";
        if (l > 0 && qs_str_compare(head->labels[l - 1], head->labels[l]) >= 0)
            return "labels that are not in ascending order";
    }
    if (head->decision != QS_ONE_VS_ONE && head->decision != QS_ONE_VS_REST)
        return "an unknown decision rule";
    if (head->output_count != qs_output_count(head->decision, head->label_count))
        return "a head with the wrong number of outputs";
    if (!sane_all(head->bias, head->output_count))
        return "a bias out of range";
    const char *flaw = calibration_flaw(head);
    return flaw != NULL ? flaw : kernel_flaw(head);
}

static const char *heads_flaw(const qs_model *model)
{
    size_t outputs = 0;
    size_t support = 0;
    bool linear = false;
    if (model->head_count == 0 || model->head_count > QS_MODEL_MAX_HEADS)
        return "no head, or too many";
    for (size_t h = 0; h < model->head_count; h++) {
        const qs_head *head = &model->heads[h];
        const char *flaw = head_flaw(head);
        if (flaw != NULL)
            return flaw;
        if (h > 0 && qs_str_compare(model->heads[h - 1].name, head->name) >= 0)
            return "heads that are not in ascending order";
        if (head->first_output != outputs || head->first_support != support)
            return "heads whose columns do not follow one another";
        outputs += head->output_count;
        support += head->support_count;
        linear = linear || head->kernel == QS_LINEAR;
    }
    if (outputs != model->output_count || outputs > QS_MODEL_MAX_OUTPUTS)
        return "too many outputs";
    if (support != model->support_count || support > QS_MODEL_MAX_SUPPORT)
        return "more or fewer support vectors than the heads have";
    if (linear != (model->weights != NULL))
        return "weights without a linear head, or the other way round";
    return NULL;
}

static const char *vocabulary_flaw(const qs_model *model)
{
    if (model->feature_count == 0 || model->feature_count > QS_MODEL_MAX_FEATURES)
        return "no n-grams, or too many";
    for (size_t f = 1; f < model->feature_count; f++)
        if (model->feature_hashes[f - 1] >= model->feature_hashes[f])
            return "n-gram hashes that are not in ascending order";
    if (model->idf != NULL)
        for (size_t f = 0; f < model->feature_count; f++)
            if (!isfinite(model->idf[f]) || model->idf[f] < 0)
                return "an idf that is negative or not finite";
    if (model->ngram_starts == NULL)
        return NULL;
    if (model->ngram_starts[0] != 0)
        return "n-gram offsets that do not start at 0";
    for (size_t f = 0; f < model->feature_count; f++)
        if (model->ngram_starts[f] > model->ngram_starts[f + 1] ||
            model->ngram_starts[f + 1] - model->ngram_starts[f] > QS_MODEL_MAX_NGRAM)
            return "n-gram offsets that run backwards or too far";
    return NULL;
}

/* After the offsets are known to lie within the text. */
static const char *ngrams_flaw(const qs_model *model)
{
    for (size_t f = 0; model->ngram_starts != NULL && f < model->feature_count; f++) {
        const qs_str ngram = qs_model_ngram(model, f);
        if (!qs_utf8_valid(ngram, NULL) || (ngram.len > 0 && memchr(ngram.ptr, '\0', ngram.len) != NULL))
            return "an n-gram that is not UTF-8";
    }
    return NULL;
}

static const char *support_flaw(const qs_model *model)
{
    if (model->support_count == 0)
        return NULL;
    if (model->support_starts[0] != 0)
        return "support vector offsets that do not start at 0";
    for (size_t s = 0; s < model->support_count; s++) {
        const uint64_t start = model->support_starts[s];
        const uint64_t end = model->support_starts[s + 1];
        if (start > end || end > QS_MODEL_MAX_NONZEROS)
            return "support vector offsets that run backwards or too far";
    }
    for (size_t s = 0; s < model->support_count; s++) {
        for (uint64_t e = model->support_starts[s]; e < model->support_starts[s + 1]; e++)
            if (model->support_indices[e] >= model->feature_count ||
                (e > model->support_starts[s] &&
                 model->support_indices[e - 1] >= model->support_indices[e]))
                return "support vector indices that do not ascend";
    }
    return finite_all(model->support_values, (size_t)model->support_starts[model->support_count])
               ? NULL
               : "a support vector value that is not finite";
}

static const char *metas_flaw(const qs_model *model)
{
    for (size_t m = 0; m < model->meta_count; m++) {
        const qs_meta *meta = &model->metas[m];
        if (!printable(meta->key, QS_MODEL_MAX_NAME) ||
            (m > 0 && qs_str_compare(model->metas[m - 1].key, meta->key) >= 0))
            return "provenance keys that are not printable or not in ascending order";
        if (meta->value.len > QS_MODEL_MAX_META || !qs_utf8_valid(meta->value, NULL) ||
            (meta->value.len > 0 && memchr(meta->value.ptr, '\0', meta->value.len) != NULL))
            return "a provenance value that is too long or not UTF-8";
    }
    return NULL;
}

static const char *classes_flaw(const qs_model *model)
{
    const bool wanted = (model->spec.fields >> QS_FIELD_CLASSES & 1) != 0;
    if (wanted != (model->classes != NULL) || model->spec.classes != model->classes)
        return wanted ? "no list of word classes" : "word classes that nothing uses";
    return NULL;
}

const char *qs_model_flaw(const qs_model *model)
{
    static const char *(*const rules[])(const qs_model *) = {heads_flaw, vocabulary_flaw, ngrams_flaw,
                                                             support_flaw, metas_flaw, classes_flaw};
    for (size_t r = 0; r < sizeof rules / sizeof *rules; r++) {
        const char *flaw = rules[r](model);
        if (flaw != NULL)
            return flaw;
    }
    if (model->weights != NULL &&
        !finite_all(model->weights, model->feature_count * model->output_count))
        return "a weight that is not finite";
    return NULL;
}
