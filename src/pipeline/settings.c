/* Training options by name. SPDX-License-Identifier: MIT */
#include "quotestance/settings.h"

#include <string.h>

#include "base/error.h"
#include "base/number.h"

#define NGRAM_MAX 8

typedef enum kind { KIND_FLAG, KIND_U32, KIND_U64, KIND_SIZE, KIND_NUMBER, KIND_TEXT, KIND_RANGE, KIND_FORMAT, KIND_LEARNER, KIND_KERNEL } kind;

/* KIND_RANGE sets the field and the one behind it. */
static const struct setting {
    const char *name;
    kind kind;
    size_t offset;
} settings_table[] = {
#define FIELD(field, kind) {#field, kind, offsetof(qs_train_options, field)}
    FIELD(per_target, KIND_FLAG),
    FIELD(presence, KIND_FLAG),
    FIELD(use_context, KIND_FLAG),
    FIELD(negation, KIND_FLAG),
    FIELD(chars_in_words, KIND_FLAG),
    FIELD(word_parts, KIND_FLAG),
    FIELD(keep_word_parts, KIND_FLAG),
    FIELD(class_presence, KIND_FLAG),
    FIELD(target_fields, KIND_FLAG),
    FIELD(keep_target_fields, KIND_FLAG),
    FIELD(ngram_texts, KIND_FLAG),
    FIELD(tune, KIND_FLAG),
    FIELD(min_df, KIND_U32),
    FIELD(degree, KIND_U32),
    FIELD(calibration_folds, KIND_U32),
    FIELD(tune_folds, KIND_U32),
    FIELD(word_min, KIND_U32),
    FIELD(word_max, KIND_U32),
    FIELD(char_min, KIND_U32),
    FIELD(char_max, KIND_U32),
    FIELD(c, KIND_NUMBER),
    FIELD(gamma, KIND_NUMBER),
    FIELD(nu, KIND_NUMBER),
    FIELD(share, KIND_NUMBER),
    FIELD(char_weight, KIND_NUMBER),
    FIELD(tune_seconds, KIND_NUMBER),
    FIELD(class_weight, KIND_TEXT),
    FIELD(word_classes, KIND_TEXT),
    FIELD(group_column, KIND_TEXT),
    FIELD(decide_by, KIND_TEXT),
    FIELD(calibration, KIND_TEXT),
    FIELD(tune_log, KIND_TEXT),
    FIELD(tune_metric, KIND_TEXT),
    FIELD(seed, KIND_U64),
    FIELD(jobs, KIND_SIZE),
    FIELD(learner, KIND_LEARNER),
    FIELD(kernel, KIND_KERNEL),
#undef FIELD
    {"word_ngrams", KIND_RANGE, offsetof(qs_train_options, word_min)},
    {"char_ngrams", KIND_RANGE, offsetof(qs_train_options, char_min)},
    {"format", KIND_FORMAT, offsetof(qs_train_options, rows.format)},
    {"encoding", KIND_TEXT, offsetof(qs_train_options, rows.encoding)},
    {"text_column", KIND_TEXT, offsetof(qs_train_options, rows.columns[QS_COLUMN_TEXT])},
    {"label_column", KIND_TEXT, offsetof(qs_train_options, rows.columns[QS_COLUMN_LABEL])},
    {"target_column", KIND_TEXT, offsetof(qs_train_options, rows.columns[QS_COLUMN_TARGET])},
    {"id_column", KIND_TEXT, offsetof(qs_train_options, rows.columns[QS_COLUMN_ID])},
    {"context_column", KIND_TEXT, offsetof(qs_train_options, rows.columns[QS_COLUMN_CONTEXT])},
};

/* "1-3", "2" or "none". */
static bool read_range(qs_str value, uint32_t bounds[2])
{
    const char *dash = value.len == 0 ? NULL : memchr(value.ptr, '-', value.len);
    const size_t cut = dash == NULL ? value.len : (size_t)(dash - value.ptr);
    uint64_t from = 0;
    uint64_t to = 0;
    if (!qs_str_equal(value, qs_str_of("none")) &&
        (!qs_number_parse_u64(qs_str_slice(value, 0, cut), &from) ||
         !qs_number_parse_u64(qs_str_slice(value, dash == NULL ? 0 : cut + 1, value.len), &to) || from == 0 || from > to ||
         to > NGRAM_MAX))
        return false;
    bounds[0] = (uint32_t)from;
    bounds[1] = (uint32_t)to;
    return true;
}

/* Index of `value` in words[0..count), or count. */
static unsigned word_index(const char *value, const char *const *words, unsigned count)
{
    unsigned i = 0;
    while (i < count && strcmp(value, words[i]) != 0)
        i++;
    return i;
}

static bool set_choice(const struct setting *setting, void *field, const char *value)
{
    static const char *const learners[] = {"auto", "libsvm", "liblinear", "joint", "descent"};
    static const char *const kernels[3] = {"linear", "rbf", "poly"};
    static const qs_learner_choice learner_values[] = {QS_LEARNER_AUTO, QS_LEARNER_LIBSVM, QS_LEARNER_LIBLINEAR,
                                                       QS_LEARNER_JOINT, QS_LEARNER_DESCENT};
    static const qs_kernel_choice kernel_values[3] = {QS_KERNEL_LINEAR, QS_KERNEL_RBF, QS_KERNEL_POLY};
    const bool learner = setting->kind == KIND_LEARNER;
    const unsigned count = learner ? sizeof learners / sizeof *learners : 3;
    const unsigned i = word_index(value, learner ? learners : kernels, count);
    if (i == count)
        return false;
    if (setting->kind == KIND_LEARNER)
        memcpy(field, &learner_values[i], sizeof learner_values[i]);
    else
        memcpy(field, &kernel_values[i], sizeof kernel_values[i]);
    return true;
}

static bool set_whole(const struct setting *setting, void *field, const char *value)
{
    uint64_t whole = 0;
    if (!qs_number_parse_u64(qs_str_of(value), &whole) || (setting->kind == KIND_U32 && whole > UINT32_MAX))
        return false;
    const uint32_t narrow = (uint32_t)whole;
    const size_t size = (size_t)whole;
    if (setting->kind == KIND_U32)
        memcpy(field, &narrow, sizeof narrow);
    else if (setting->kind == KIND_SIZE)
        memcpy(field, &size, sizeof size);
    else
        memcpy(field, &whole, sizeof whole);
    return true;
}

static bool set_field(const struct setting *setting, void *field, const char *value)
{
    switch (setting->kind) {
    case KIND_FLAG:
        *(bool *)field = strcmp(value, "true") == 0;
        return *(bool *)field || strcmp(value, "false") == 0;
    case KIND_U32:
    case KIND_U64:
    case KIND_SIZE:
        return set_whole(setting, field, value);
    case KIND_NUMBER:
        return qs_number_parse(qs_str_of(value), field);
    case KIND_TEXT:
        memcpy(field, &value, sizeof value);
        return true;
    case KIND_RANGE:
        return read_range(qs_str_of(value), field);
    case KIND_FORMAT:
        return qs_format_from_name(value, field);
    case KIND_LEARNER:
    case KIND_KERNEL:
        return set_choice(setting, field, value);
    }
    return false;
}

static qs_status set_by_name(qs_train_options *options, qs_str name, const char *value, qs_error *err)
{
    for (size_t i = 0; i < sizeof settings_table / sizeof *settings_table; i++) {
        const struct setting *setting = &settings_table[i];
        if (!qs_str_equal(name, qs_str_of(setting->name)))
            continue;
        if (set_field(setting, (char *)options + setting->offset, value))
            return QS_OK;
        return qs_fail(err, QS_EUSAGE, "%s does not take '%.80s'", setting->name, value);
    }
    return qs_fail(err, QS_EUSAGE, "no training option '%.*s'", name.len > 80 ? 80 : (int)name.len, name.ptr);
}

qs_status qs_train_options_set(qs_train_options *options, const char *name, const char *value, qs_error *err)
{
    return set_by_name(options, qs_str_of(name), value, err);
}

qs_status qs_train_with(qs_classifier **out, const char *const *paths, size_t path_count, const char *const *heads,
                        size_t head_count, const char *const *settings, size_t setting_count,
                        qs_train_summary *summary, qs_error *err)
{
    qs_train_options options = qs_train_options_default();
    *out = NULL;
    for (size_t i = 0; i < setting_count; i++) {
        const char *equals = strchr(settings[i], '=');
        if (equals == NULL)
            return qs_fail(err, QS_EUSAGE, "'%.80s' is not NAME=VALUE", settings[i]);
        const qs_status status =
            set_by_name(&options, qs_str_make(settings[i], (size_t)(equals - settings[i])), equals + 1, err);
        if (status != QS_OK)
            return status;
    }
    options.heads = heads;
    options.head_count = head_count;
    return qs_train(out, paths, path_count, &options, summary, err);
}
