/* Reading text models strictly. SPDX-License-Identifier: MIT */
#include "model/exchange.h"

#include <math.h>

#include "base/number.h"
#include "model/learner_impl.h"

#define NUMBER_MAX 1e30
#define PAIRS_MAX (QS_MODEL_MAX_LABELS * (QS_MODEL_MAX_LABELS - 1) / 2)

/* The text and what its header said; counts are 0 until read. */
typedef struct text_model {
    qs_str rest;
    uint64_t line;
    size_t label_count;
    size_t feature_count;
    qs_error *err;
    unsigned seen; /* bit per key */
    qs_learner_options options;
    uint64_t support;
    uint64_t features;
    double bias;
    size_t place[QS_MODEL_MAX_LABELS]; /* our number of the text's i-th label */
    uint64_t counts[QS_MODEL_MAX_LABELS];
    double rho[PAIRS_MAX];
} text_model;

typedef enum key {
    KEY_SVM_TYPE,
    KEY_KERNEL,
    KEY_DEGREE,
    KEY_GAMMA,
    KEY_COEF0,
    KEY_CLASSES,
    KEY_SUPPORT,
    KEY_RHO,
    KEY_LABEL,
    KEY_PROB_A,
    KEY_PROB_B,
    KEY_COUNTS,
    KEY_SOLVER,
    KEY_FEATURES,
    KEY_BIAS,
    KEYS
} key;

static qs_status refuse(const text_model *t, const char *what)
{
    return qs_fail_at(t->err, QS_EMODEL, t->line, QS_NO_OFFSET, "not a usable text model: %s", what);
}

/* The next line without its newline; false if there is none that is ended. */
static bool next_line(text_model *t, qs_str *line)
{
    const char *end = t->rest.len == 0 ? NULL : memchr(t->rest.ptr, '\n', t->rest.len);
    t->line++;
    if (end == NULL)
        return false;
    *line = qs_str_make(t->rest.ptr, (size_t)(end - t->rest.ptr));
    t->rest = qs_str_slice(t->rest, line->len + 1, t->rest.len);
    return true;
}

/* The next word; one blank between words, one may end the line. */
static bool next_word(qs_str *line, qs_str *word)
{
    size_t end = 0;
    while (end < line->len && line->ptr[end] != ' ')
        end++;
    *word = qs_str_slice(*line, 0, end);
    *line = qs_str_slice(*line, end + 1, line->len);
    return word->len > 0;
}

static bool next_number(qs_str *line, double *number)
{
    qs_str word;
    return next_word(line, &word) && qs_number_parse(word, number) && fabs(*number) <= NUMBER_MAX;
}

static bool next_whole(qs_str *line, uint64_t *number, uint64_t most)
{
    qs_str word;
    return next_word(line, &word) && qs_number_parse_u64(word, number) && *number <= most;
}

static bool read_labels(text_model *t, qs_str *line)
{
    bool taken[QS_MODEL_MAX_LABELS] = {false};
    for (size_t i = 0; i < t->label_count; i++) {
        uint64_t label = 0;
        if (!next_whole(line, &label, t->label_count) || label == 0 || taken[label - 1])
            return false;
        taken[label - 1] = true;
        t->place[i] = (size_t)label - 1;
    }
    return true;
}

static bool read_numbers(qs_str *line, double *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!next_number(line, &numbers[i]))
            return false;
    return true;
}

static bool read_counts(text_model *t, qs_str *line)
{
    for (size_t i = 0; i < t->label_count; i++)
        if (!next_whole(line, &t->counts[i], QS_MODEL_MAX_SUPPORT))
            return false;
    return true;
}

static bool read_kernel(text_model *t, qs_str *line)
{
    static const char *const names[] = {"linear", "rbf", "polynomial"};
    qs_str word;
    next_word(line, &word);
    for (int i = QS_LINEAR; i <= QS_POLYNOMIAL; i++) {
        if (!qs_str_equal(word, qs_str_of(names[i])))
            continue;
        t->options.kernel = (qs_kernel)i;
        return true;
    }
    return false;
}

static bool read_word_of(qs_str *line, const char *const *names, size_t count)
{
    qs_str word;
    next_word(line, &word);
    for (size_t i = 0; i < count; i++)
        if (qs_str_equal(word, qs_str_of(names[i])))
            return true;
    return false;
}

static bool read_value(text_model *t, key k, qs_str *line)
{
    static const char *const types[] = {"c_svc", "nu_svc"};
    static const char *const solvers[] = {"L2R_LR",           "L2R_L2LOSS_SVC_DUAL", "L2R_L2LOSS_SVC",
                                          "L2R_L1LOSS_SVC_DUAL", "L1R_L2LOSS_SVC",   "L1R_LR",
                                          "L2R_LR_DUAL"};
    const size_t pairs = t->label_count * (t->label_count - 1) / 2;
    double ignored[PAIRS_MAX];
    uint64_t whole = 0;
    switch (k) {
    case KEY_SVM_TYPE:
        return read_word_of(line, types, 2);
    case KEY_KERNEL:
        return read_kernel(t, line);
    case KEY_DEGREE:
        if (!next_whole(line, &whole, 16) || whole == 0)
            return false;
        t->options.degree = (uint32_t)whole;
        return true;
    case KEY_GAMMA:
        return next_number(line, &t->options.gamma) && t->options.gamma > 0;
    case KEY_COEF0:
        return next_number(line, &t->options.coef0);
    case KEY_CLASSES:
        return next_whole(line, &whole, t->label_count) && whole == t->label_count;
    case KEY_SUPPORT:
        return next_whole(line, &t->support, QS_MODEL_MAX_SUPPORT) && t->support > 0;
    case KEY_RHO:
        return read_numbers(line, t->rho, pairs);
    case KEY_LABEL:
        return read_labels(t, line);
    case KEY_PROB_A:
    case KEY_PROB_B:
        return read_numbers(line, ignored, pairs);
    case KEY_COUNTS:
        return read_counts(t, line);
    case KEY_SOLVER:
        return read_word_of(line, solvers, sizeof solvers / sizeof *solvers);
    case KEY_FEATURES:
        return next_whole(line, &t->features, t->feature_count) && t->features > 0;
    case KEY_BIAS:
        return next_number(line, &t->bias);
    case KEYS:
        break;
    }
    return false;
}

/* Lines "key value ..." up to the one that is `last`. */
static qs_status read_header(text_model *t, qs_str line, const char *last)
{
    static const char *const names[KEYS] = {"svm_type", "kernel_type", "degree", "gamma",      "coef0",
                                            "nr_class", "total_sv",    "rho",    "label",      "probA",
                                            "probB",    "nr_sv",       "solver_type", "nr_feature", "bias"};
    for (; !qs_str_equal(line, qs_str_of(last));) {
        qs_str word;
        key k = KEY_SVM_TYPE;
        next_word(&line, &word);
        while (k < KEYS && !qs_str_equal(word, qs_str_of(names[k])))
            k++;
        if (k == KEYS)
            return refuse(t, "a line of the header that is not known");
        if ((t->seen & 1u << k) != 0)
            return refuse(t, "a line of the header that comes twice");
        t->seen |= 1u << k;
        if (!read_value(t, k, &line) || line.len > 0)
            return refuse(t, "a value of the header that is wrong");
        if (!next_line(t, &line))
            return refuse(t, "the header does not end");
    }
    return QS_OK;
}

static qs_status need(const text_model *t, unsigned keys, unsigned allowed)
{
    if ((t->seen & keys) != keys)
        return refuse(t, "a line of the header is missing");
    return (t->seen & ~(keys | allowed)) == 0 ? QS_OK : refuse(t, "a line that belongs to another kind of model");
}

/* Output and sign by which a coefficient between the text's labels i < j counts for us. */
static size_t output_of(const text_model *t, size_t i, size_t j, double *sign)
{
    const size_t a = t->place[i];
    const size_t b = t->place[j];
    *sign = a < b ? 1 : -1;
    return qs_pair_output(a < b ? a : b, a < b ? b : a, t->label_count);
}

static qs_status read_entries(text_model *t, qs_str *line, qs_vectors *support)
{
    uint64_t before = 0;
    while (line->len > 0) {
        qs_str word;
        uint64_t index = 0;
        double value = 0;
        next_word(line, &word);
        const char *colon = word.len == 0 ? NULL : memchr(word.ptr, ':', word.len);
        const size_t at = colon == NULL ? word.len : (size_t)(colon - word.ptr);
        if (!qs_number_parse_u64(qs_str_slice(word, 0, at), &index) ||
            !qs_number_parse(qs_str_slice(word, at + 1, word.len), &value) || index <= before ||
            index > t->feature_count || fabs(value) > NUMBER_MAX)
            return refuse(t, "an entry that is not index:value, or not ascending");
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

static qs_status read_support(text_model *t, qs_imported *out)
{
    qs_learned *learned = &out->learned;
    size_t s = 0;
    for (size_t own = 0; own < t->label_count; own++) {
        for (uint64_t i = 0; i < t->counts[own]; i++, s++) {
            qs_str line;
            if (!next_line(t, &line))
                return refuse(t, "fewer support vectors than it says, or the last line is cut");
            for (size_t slot = 0; slot + 1 < t->label_count; slot++) {
                const size_t other = slot < own ? slot : slot + 1;
                double value = 0;
                double sign = 0;
                const size_t output = output_of(t, own < other ? own : other, own < other ? other : own, &sign);
                if (!next_number(&line, &value))
                    return refuse(t, "a coefficient that is not a number");
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
    return t->rest.len == 0 ? QS_OK : refuse(t, "lines after the last support vector");
}

static qs_status read_libsvm(text_model *t, qs_imported *out, qs_str line)
{
    qs_learned *learned = &out->learned;
    const unsigned svm = 1u << KEY_SVM_TYPE | 1u << KEY_KERNEL | 1u << KEY_CLASSES | 1u << KEY_SUPPORT |
                         1u << KEY_RHO | 1u << KEY_LABEL | 1u << KEY_COUNTS;
    uint64_t sum = 0;
    qs_status status = read_header(t, line, "SV");
    if (status != QS_OK)
        return status;
    unsigned keys = svm;
    if (t->options.kernel != QS_LINEAR)
        keys |= 1u << KEY_GAMMA;
    if (t->options.kernel == QS_POLYNOMIAL)
        keys |= 1u << KEY_DEGREE | 1u << KEY_COEF0;
    status = need(t, keys, 1u << KEY_PROB_A | 1u << KEY_PROB_B);
    for (size_t i = 0; i < t->label_count; i++)
        sum += t->counts[i];
    if (status == QS_OK && (sum != t->support || sum > t->rest.len))
        status = refuse(t, "numbers of support vectors that do not add up");
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

static qs_status read_weights(text_model *t, qs_learned *learned)
{
    const bool single = t->label_count == 2;
    const uint64_t rows = t->features + (t->bias >= 0 ? 1 : 0);
    for (uint64_t f = 0; f < rows; f++) {
        qs_str line;
        if (!next_line(t, &line))
            return refuse(t, "fewer weights than it says, or the last line is cut");
        for (size_t c = 0; c < learned->output_count; c++) {
            const size_t output = single ? 0 : t->place[c];
            double weight = 0;
            if (!next_number(&line, &weight))
                return refuse(t, "a weight that is not a number");
            if (single && t->place[0] == 1)
                weight = -weight;
            if (f < t->features)
                learned->weights[f * learned->output_count + output] = (float)weight;
            else
                learned->bias[output] = weight * t->bias;
        }
        if (line.len > 0)
            return refuse(t, "more weights on a line than labels");
    }
    return t->rest.len == 0 ? QS_OK : refuse(t, "lines after the last weight");
}

static qs_status read_liblinear(text_model *t, qs_imported *out, qs_str line)
{
    qs_learned *learned = &out->learned;
    size_t cells = 0;
    qs_status status = read_header(t, line, "w");
    if (status == QS_OK)
        status = need(t, 1u << KEY_SOLVER | 1u << KEY_CLASSES | 1u << KEY_LABEL | 1u << KEY_FEATURES | 1u << KEY_BIAS,
                      0);
    if (status != QS_OK)
        return status;
    learned->decision = QS_ONE_VS_REST;
    learned->kernel = QS_LINEAR;
    learned->output_count = qs_output_count(QS_ONE_VS_REST, t->label_count);
    learned->bias = qs_alloc_zero(learned->output_count, sizeof *learned->bias);
    if (!__builtin_mul_overflow(t->feature_count, learned->output_count, &cells))
        learned->weights = qs_alloc_zero(cells, sizeof *learned->weights);
    if (learned->bias == NULL || learned->weights == NULL)
        return qs_fail(t->err, QS_ENOMEM, "weights of %zu features", t->feature_count);
    return read_weights(t, learned);
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
    text_model *t = qs_alloc_zero(1, sizeof *t);
    if (t == NULL)
        return qs_fail(err, QS_ENOMEM, "a text model");
    *t = (text_model){.rest = text, .label_count = label_count, .feature_count = feature_count, .err = err,
                      .options = qs_learner_defaults(), .bias = -1};
    out->learned.label_count = label_count;
    out->learned.feature_count = feature_count;
    qs_status status = QS_OK;
    if (!next_line(t, &line))
        status = refuse(t, "it has no line");
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
