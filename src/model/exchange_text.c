/* The header of a text model, read strictly. SPDX-License-Identifier: MIT */
#include "model/exchange_text.h"

#include <math.h>

#include "base/number.h"

qs_status qs_text_refuse(const qs_text_model *t, const char *what)
{
    return qs_fail_at(t->err, QS_EMODEL, t->line, QS_NO_OFFSET, "not a usable text model: %s", what);
}

bool qs_text_line(qs_text_model *t, qs_str *line)
{
    const char *end = t->rest.len == 0 ? NULL : memchr(t->rest.ptr, '\n', t->rest.len);
    t->line++;
    if (end == NULL)
        return false;
    *line = qs_str_make(t->rest.ptr, (size_t)(end - t->rest.ptr));
    t->rest = qs_str_slice(t->rest, line->len + 1, t->rest.len);
    return true;
}

bool qs_text_word(qs_str *line, qs_str *word)
{
    size_t end = 0;
    while (end < line->len && line->ptr[end] != ' ')
        end++;
    *word = qs_str_slice(*line, 0, end);
    *line = qs_str_slice(*line, end + 1, line->len);
    return word->len > 0;
}

bool qs_text_number(qs_str *line, double *number)
{
    qs_str word;
    return qs_text_word(line, &word) && qs_number_parse(word, number) && fabs(*number) <= QS_TEXT_NUMBER_MAX;
}

static bool next_whole(qs_str *line, uint64_t *number, uint64_t most)
{
    qs_str word;
    return qs_text_word(line, &word) && qs_number_parse_u64(word, number) && *number <= most;
}

static bool read_labels(qs_text_model *t, qs_str *line)
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
        if (!qs_text_number(line, &numbers[i]))
            return false;
    return true;
}

static bool read_counts(qs_text_model *t, qs_str *line)
{
    for (size_t i = 0; i < t->label_count; i++)
        if (!next_whole(line, &t->counts[i], QS_MODEL_MAX_SUPPORT))
            return false;
    return true;
}

static bool read_kernel(qs_text_model *t, qs_str *line)
{
    static const char *const names[] = {"linear", "rbf", "polynomial"};
    qs_str word;
    qs_text_word(line, &word);
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
    qs_text_word(line, &word);
    for (size_t i = 0; i < count; i++)
        if (qs_str_equal(word, qs_str_of(names[i])))
            return true;
    return false;
}

static bool read_value(qs_text_model *t, qs_text_key k, qs_str *line)
{
    static const char *const types[] = {"c_svc", "nu_svc"};
    static const char *const solvers[] = {"L2R_LR",           "L2R_L2LOSS_SVC_DUAL", "L2R_L2LOSS_SVC",
                                          "L2R_L1LOSS_SVC_DUAL", "L1R_L2LOSS_SVC",   "L1R_LR",
                                          "L2R_LR_DUAL"};
    const size_t pairs = t->label_count * (t->label_count - 1) / 2;
    double ignored[QS_PAIRS_MAX];
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
        return qs_text_number(line, &t->options.gamma) && t->options.gamma > 0;
    case KEY_COEF0:
        return qs_text_number(line, &t->options.coef0);
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
    default: /* KEY_BIAS */
        return qs_text_number(line, &t->bias);
    }
}

qs_status qs_text_header(qs_text_model *t, qs_str line, const char *last)
{
    static const char *const names[KEYS] = {"svm_type", "kernel_type", "degree", "gamma",      "coef0",
                                            "nr_class", "total_sv",    "rho",    "label",      "probA",
                                            "probB",    "nr_sv",       "solver_type", "nr_feature", "bias"};
    for (; !qs_str_equal(line, qs_str_of(last));) {
        qs_str word;
        qs_text_key k = KEY_SVM_TYPE;
        qs_text_word(&line, &word);
        while (k < KEYS && !qs_str_equal(word, qs_str_of(names[k])))
            k++;
        if (k == KEYS)
            return qs_text_refuse(t, "a line of the header that is not known");
        if ((t->seen & 1u << k) != 0)
            return qs_text_refuse(t, "a line of the header that comes twice");
        t->seen |= 1u << k;
        if (!read_value(t, k, &line) || line.len > 0)
            return qs_text_refuse(t, "a value of the header that is wrong");
        if (!qs_text_line(t, &line))
            return qs_text_refuse(t, "the header does not end");
    }
    return QS_OK;
}

qs_status qs_text_need(const qs_text_model *t, unsigned keys, unsigned allowed)
{
    if ((t->seen & keys) != keys)
        return qs_text_refuse(t, "a line of the header is missing");
    return (t->seen & ~(keys | allowed)) == 0 ? QS_OK : qs_text_refuse(t, "a line that belongs to another kind of model");
}
