/* Reading text models strictly. SPDX-License-Identifier: MIT */
#include <math.h>

#include "base/number.h"
#include "model/exchange_text.h"
#include "model/learner_impl.h"

/* Output and sign by which a coefficient between the text's labels i < j counts for us. */
static size_t output_of(const qs_text_model *t, size_t i, size_t j, double *sign)
{
    const size_t a = t->place[i];
    const size_t b = t->place[j];
    *sign = a < b ? 1 : -1;
    return qs_pair_output(a < b ? a : b, a < b ? b : a, t->label_count);
}

static qs_status read_entries(qs_text_model *t, qs_str *line, qs_vectors *support)
{
    uint64_t before = 0;
    while (line->len > 0) {
        qs_str word;
        uint64_t index = 0;
        double value = 0;
        qs_text_word(line, &word);
        const char *colon = word.len == 0 ? NULL : memchr(word.ptr, ':', word.len);
        const size_t at = colon == NULL ? word.len : (size_t)(colon - word.ptr);
        if (!qs_number_parse_u64(qs_str_slice(word, 0, at), &index) ||
            !qs_number_parse(qs_str_slice(word, at + 1, word.len), &value) || index <= before ||
            index > t->feature_count || fabs(value) > QS_TEXT_NUMBER_MAX)
            return qs_text_refuse(t, "an entry that is not index:value, or not ascending");
        const size_t end = (size_t)support->starts[support->rows + 1];
        qs_status status = qs_grow(&support->indices, &support->capacity, end + 1,
                                   sizeof *support->indices, t->err);
        if (status == QS_OK)
            status = qs_grow(&support->values, &support->value_capacity, end + 1,
                             sizeof *support->values, t->err);
        if (status != QS_OK)
            return status;
        support->indices[end] = (uint32_t)(index - 1);
        support->values[end] = (float)value;
        support->starts[support->rows + 1]++;
        before = index;
    }
    return QS_OK;
}

static qs_status read_support(qs_text_model *t, qs_imported *out)
{
    qs_learned *learned = &out->learned;
    size_t s = 0;
    for (size_t own = 0; own < t->label_count; own++) {
        for (uint64_t i = 0; i < t->counts[own]; i++, s++) {
            qs_str line;
            if (!qs_text_line(t, &line))
                return qs_text_refuse(t, "fewer support vectors than it says, or the last line is cut");
            for (size_t slot = 0; slot + 1 < t->label_count; slot++) {
                const size_t other = slot < own ? slot : slot + 1;
                double value = 0;
                double sign = 0;
                const size_t output = output_of(t, own < other ? own : other, own < other ? other : own, &sign);
                if (!qs_text_number(&line, &value))
                    return qs_text_refuse(t, "a coefficient that is not a number");
                learned->coefficients[s * learned->output_count + output] = sign * value;
            }
            learned->support[s] = (uint32_t)s;
            out->support.starts[s + 1] = out->support.starts[s];
            const qs_status status = read_entries(t, &line, &out->support);
            if (status != QS_OK)
                return status;
            out->support.rows++;
        }
    }
    return t->rest.len == 0 ? QS_OK : qs_text_refuse(t, "lines after the last support vector");
}

static qs_status read_libsvm(qs_text_model *t, qs_imported *out, qs_str line)
{
    qs_learned *learned = &out->learned;
    const unsigned svm = 1u << KEY_SVM_TYPE | 1u << KEY_KERNEL | 1u << KEY_CLASSES | 1u << KEY_SUPPORT |
                         1u << KEY_RHO | 1u << KEY_LABEL | 1u << KEY_COUNTS;
    uint64_t sum = 0;
    qs_status status = qs_text_header(t, line, "SV");
    if (status != QS_OK)
        return status;
    unsigned keys = svm;
    if (t->options.kernel != QS_LINEAR)
        keys |= 1u << KEY_GAMMA;
    if (t->options.kernel == QS_POLYNOMIAL)
        keys |= 1u << KEY_DEGREE | 1u << KEY_COEF0;
    status = qs_text_need(t, keys, 1u << KEY_PROB_A | 1u << KEY_PROB_B);
    for (size_t i = 0; i < t->label_count; i++)
        sum += t->counts[i];
    if (status == QS_OK && (sum != t->support || sum > t->rest.len))
        status = qs_text_refuse(t, "numbers of support vectors that do not add up");
    if (status != QS_OK)
        return status;
    learned->decision = QS_ONE_VS_ONE;
    learned->kernel = t->options.kernel;
    learned->output_count = qs_output_count(QS_ONE_VS_ONE, t->label_count);
    learned->support_count = (size_t)sum;
    learned->bias = qs_alloc_zero(learned->output_count, sizeof *learned->bias);
    learned->support = qs_alloc((size_t)sum, sizeof *learned->support);
    learned->coefficients = qs_alloc_zero((size_t)sum * learned->output_count, sizeof(double));
    out->support.starts = qs_alloc_zero((size_t)sum + 1, sizeof *out->support.starts);
    out->support.start_capacity = (size_t)sum + 1;
    out->support.features = t->feature_count;
    if (learned->bias == NULL || learned->support == NULL || learned->coefficients == NULL ||
        out->support.starts == NULL)
        return qs_fail(t->err, QS_ENOMEM, "%zu support vectors", (size_t)sum);
    for (size_t i = 0, pair = 0; i < t->label_count; i++) {
        for (size_t j = i + 1; j < t->label_count; j++, pair++) {
            double sign = 0;
            const size_t output = output_of(t, i, j, &sign);
            learned->bias[output] = -sign * t->rho[pair];
        }
    }
    status = read_support(t, out);
    if (status == QS_OK && learned->kernel == QS_LINEAR)
        status = qs_learned_collapse(learned, &out->support, t->err);
    return status;
}

static qs_status read_weights(qs_text_model *t, qs_learned *learned)
{
    const bool single = t->label_count == 2;
    const uint64_t rows = t->features + (t->bias >= 0 ? 1 : 0);
    for (uint64_t f = 0; f < rows; f++) {
        qs_str line;
        if (!qs_text_line(t, &line))
            return qs_text_refuse(t, "fewer weights than it says, or the last line is cut");
        for (size_t c = 0; c < learned->output_count; c++) {
            const size_t output = single ? 0 : t->place[c];
            double weight = 0;
            if (!qs_text_number(&line, &weight))
                return qs_text_refuse(t, "a weight that is not a number");
            if (single && t->place[0] == 1)
                weight = -weight;
            if (f < t->features)
                learned->weights[f * learned->output_count + output] = (float)weight;
            else
                learned->bias[output] = weight * t->bias;
        }
        if (line.len > 0)
            return qs_text_refuse(t, "more weights on a line than labels");
    }
    return t->rest.len == 0 ? QS_OK : qs_text_refuse(t, "lines after the last weight");
}

static qs_status read_liblinear(qs_text_model *t, qs_imported *out, qs_str line)
{
    qs_learned *learned = &out->learned;
    qs_status status = qs_text_header(t, line, "w");
    if (status == QS_OK)
        status = qs_text_need(t, 1u << KEY_SOLVER | 1u << KEY_CLASSES | 1u << KEY_LABEL | 1u << KEY_FEATURES | 1u << KEY_BIAS,
                      0);
    if (status == QS_OK)
        status = qs_linear_open(learned, t->label_count, t->feature_count, t->err);
    return status == QS_OK ? read_weights(t, learned) : status;
}

void qs_imported_free(qs_imported *imported)
{
    qs_learned_free(&imported->learned);
    qs_vectors_free(&imported->support);
    *imported = (qs_imported){0};
}

qs_status qs_model_import(qs_imported *out, qs_str text, size_t label_count, size_t feature_count,
                          qs_error *err)
{
    qs_str line;
    *out = (qs_imported){0};
    if (label_count < 2 || label_count > QS_MODEL_MAX_LABELS)
        return qs_fail(err, QS_EUSAGE, "a model has 2 to %d labels", QS_MODEL_MAX_LABELS);
    qs_text_model *t = qs_alloc_zero(1, sizeof *t);
    if (t == NULL)
        return qs_fail(err, QS_ENOMEM, "a text model");
    *t = (qs_text_model){.rest = text, .label_count = label_count, .feature_count = feature_count, .err = err,
                      .options = qs_learner_defaults(), .bias = -1};
    out->learned.label_count = label_count;
    out->learned.feature_count = feature_count;
    qs_status status = QS_OK;
    if (!qs_text_line(t, &line))
        status = qs_text_refuse(t, "it has no line");
    else if (line.len > 11 && memcmp(line.ptr, "solver_type", 11) == 0)
        status = read_liblinear(t, out, line);
    else
        status = read_libsvm(t, out, line);
    out->options = t->options;
    qs_free(t);
    if (status != QS_OK)
        qs_imported_free(out);
    return status;
}
