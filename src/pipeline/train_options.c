/* What training options ask for, and what a corpus decides where they do not. SPDX-License-Identifier: MIT */
#include "pipeline/train.h"

#include "base/io.h"
#include "base/number.h"
#include "features/target.h"

#define JOINT_ROWS_MAX 50000
#define ODDS_EVIDENCE 0.03
#define ODDS_COST 0.3

qs_train_options qs_train_options_default(void)
{
    const qs_feature_spec spec = qs_feature_spec_default();
    return (qs_train_options){.rows = qs_rows_options_default(), .word_min = spec.word_min,
                              .word_max = spec.word_max, .char_min = spec.char_min,
                              .char_max = spec.char_max, .min_df = spec.min_df, .degree = 3,
                              .class_weight = "balanced", .calibration_folds = 5, .share = 0.25, .calibration = "auto",
                              .tune_folds = 5, .tune_metric = "macro_f1",
                              .ngram_texts = true, .seed = 1, .jobs = 1};
}

/* Made by the build from models/classes.en.tsv. */
extern const unsigned char qs_word_classes_en[];
extern const size_t qs_word_classes_en_size;

static qs_status read_classes(qs_word_classes **out, const char *name, qs_error *err)
{
    qs_buf text = {0};
    if (strcmp(name, "en") == 0)
        return qs_word_classes_parse(
            out, qs_str_make((const char *)qs_word_classes_en, qs_word_classes_en_size), err);
    qs_status status = qs_file_read(&text, name, QS_CLASSES_MAX_BYTES, err);
    if (status == QS_OK)
        status = qs_word_classes_parse(out, qs_buf_view(&text), err);
    if (status != QS_OK)
        qs_error_set_path(err, name);
    qs_buf_free(&text);
    return status;
}

qs_status qs_train_spec(qs_feature_spec *spec, qs_word_classes **classes, const qs_train_options *o,
                        qs_error *err)
{
    *classes = NULL;
    *spec = qs_feature_spec_default();
    spec->word_min = o->word_min;
    spec->word_max = o->word_max;
    spec->char_min = o->char_min;
    spec->char_max = o->char_max;
    spec->min_df = o->min_df;
    spec->weighting = o->presence ? QS_WEIGHT_PRESENCE : QS_WEIGHT_TFIDF;
    if (o->use_context)
        spec->fields |= 1u << QS_FIELD_CONTEXT;
    if (o->negation)
        spec->flags |= QS_FEATURE_NEGATION;
    if (o->chars_in_words)
        spec->flags |= QS_FEATURE_CHARS_IN_WORDS;
    if (o->target_fields)
        spec->fields |= QS_TARGET_FIELDS;
    if (o->word_parts)
        spec->fields |= 1u << QS_FIELD_PARTS;
    if (!(o->c >= 0))
        return qs_fail(err, QS_EUSAGE, "the cost C must be above 0");
    if (!(o->nu >= 0 && o->nu <= 1))
        return qs_fail(err, QS_EUSAGE, "nu must be above 0 and at most 1");
    if (o->nu > 0 && ((o->learner != QS_LEARNER_AUTO && o->learner != QS_LEARNER_LIBSVM) || o->c > 0 || o->head_cost_count > 0))
        return qs_fail(err, QS_EUSAGE, "nu is for libsvm, and takes the place of the cost");
    if (!(o->char_weight >= 0 && o->char_weight <= 100))
        return qs_fail(err, QS_EUSAGE, "the weight of character n-grams must be from 0 to 100");
    if (o->char_weight > 0 && o->learner != QS_LEARNER_JOINT)
        return qs_fail(err, QS_EUSAGE, "character n-grams have a weight of their own by the joint learner only");
    if (o->word_classes != NULL)
        spec->fields |= 1u << QS_FIELD_CLASSES;
    if (o->class_presence)
        spec->fields |= 1u << QS_FIELD_PRESENCE | (o->use_context ? 1u << QS_FIELD_CONTEXT_PRESENCE : 0);
    qs_status status = qs_feature_spec_check(spec, err);
    if (status == QS_OK && o->word_classes != NULL)
        status = read_classes(classes, o->word_classes, err);
    spec->classes = *classes;
    return status;
}

bool qs_train_targets_mentioned(const qs_dataset *d, const uint32_t *rows, size_t count)
{
    size_t mentions = 0;
    bool several = false;
    for (size_t i = 0; i < count; i++) {
        qs_item item = d->items[rows[i]];
        mentions += qs_item_locate(&item, d->rows[rows[i]].target);
        several = several || !qs_str_equal(d->rows[rows[i]].target, d->rows[rows[0]].target);
    }
    return several && mentions * 2 >= count;
}

double qs_train_cost(const qs_train_options *o)
{
    return o->c > 0 ? o->c : o->learner == QS_LEARNER_JOINT ? 0.125 : 1;
}

qs_status qs_train_head_costs(double *costs, const qs_head_plan *heads, size_t head_count, const qs_train_options *o,
                              qs_error *err)
{
    for (size_t h = 0; h < head_count; h++)
        costs[h] = qs_train_cost(o);
    for (size_t i = 0; i < o->head_cost_count; i++) {
        const qs_str given = qs_str_of(o->head_costs[i]);
        size_t equals = given.len; /* the last one: names may have others */
        size_t h = 0;
        double cost = 0;
        while (equals > 0 && given.ptr[equals - 1] != '=')
            equals--;
        if (equals == 0 || !qs_number_parse(qs_str_slice(given, equals, given.len), &cost) || !(cost > 0))
            return qs_fail(err, QS_EUSAGE, "the cost of a head is NAME=NUMBER, the number above 0, not '%.80s'", given.ptr);
        while (h < head_count && !qs_str_equal(heads[h].name, qs_str_slice(given, 0, equals - 1)))
            h++;
        if (h == head_count)
            return qs_fail(err, QS_EUSAGE, "there is no head for the cost '%.80s'", given.ptr);
        costs[h] = cost;
    }
    return QS_OK;
}

qs_status qs_train_plan(qs_dataset_plan *plan, qs_arena *arena, const qs_train_options *o, qs_error *err)
{
    const size_t count = o->per_target || o->head_count == 0 ? 1 : o->head_count;
    const char **columns = qs_arena_alloc(arena, count, sizeof *columns);
    if (columns == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    for (size_t i = 0; i < o->head_count && !o->per_target; i++)
        columns[i] = qs_head_option_column(o->heads[i]);
    *plan = (qs_dataset_plan){.rows = &o->rows, .label_columns = columns, .label_column_count = count,
                              .group_column = o->group_column, .need_target = o->per_target || o->target_fields};
    return QS_OK;
}

qs_train_options qs_train_settle_weighting(const qs_train_options *options, size_t count)
{
    qs_train_options o = *options;
    const bool large = count > QS_LIBSVM_ROWS_MAX && o.kernel == QS_KERNEL_LINEAR && !(o.nu > 0) &&
                       ((o.learner == QS_LEARNER_AUTO && !o.tune && !o.per_target) || o.learner == QS_LEARNER_LIBLINEAR ||
                        o.learner == QS_LEARNER_DESCENT);
    if (large && !o.weight_given && !o.presence && !o.odds) {
        o.odds = true;
        o.evidence = ODDS_EVIDENCE;
        o.c = o.c > 0 ? o.c : ODDS_COST;
        o.weight_given = true;
    }
    return o;
}

qs_train_options qs_train_settle(const qs_train_options *options, const qs_dataset *dataset, const uint32_t *rows,
                                 size_t count)
{
    qs_train_options settled = *options;
    qs_train_options *o = &settled;
    if (!o->keep_target_fields && !o->per_target && !o->target_fields &&
        qs_train_targets_mentioned(dataset, rows, count)) {
        o->target_fields = true;
        qs_remark(&o->remarks, "most rows mention their target: the text around it counts too (--target-fields)");
    }
    if (o->nu > 0 && o->learner == QS_LEARNER_AUTO)
        o->learner = QS_LEARNER_LIBSVM;
    if (o->learner == QS_LEARNER_AUTO && o->kernel == QS_KERNEL_LINEAR && count <= JOINT_ROWS_MAX &&
        (o->per_target || o->target_fields))
        o->learner = QS_LEARNER_JOINT;
    if (o->learner == QS_LEARNER_JOINT && o->char_max > 0 && !o->chars_in_words && !o->keep_word_parts)
        o->word_parts = true;
    if (o->learner == QS_LEARNER_JOINT && !o->weight_given && !o->presence)
        o->odds = true;
    if (o->learner == QS_LEARNER_JOINT && o->per_target && o->decide_by == NULL &&
        (o->calibration == NULL || strcmp(o->calibration, "auto") == 0))
        o->decide_by = "macro_f1";
    return qs_train_settle_weighting(o, count);
}
