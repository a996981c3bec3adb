/* Learning heads jointly, and how much their character n-grams count. SPDX-License-Identifier: MIT */
#include "pipeline/decide.h"
#include "pipeline/joint_train.h"
#include "pipeline/train_work.h"

#define CHARS_LESS 0.5
#define GAIN_MIN 2e-3 /* less is chance */

/* What the labels by these outputs reach: decided by the metric that will decide them, or macro F1 as they are. */
static qs_status measure(double *figure, const qs_training *t, double *const *outputs, qs_error *err)
{
    double plain = 0;
    double shifted = 0;
    const char *by = t->options->decide_by;
    const bool decided = by != NULL && strcmp(by, "none") != 0;
    const qs_decide_set set = {.heads = t->heads, .head_count = t->head_count, .folds = t->folds,
                               .fold_count = t->options->calibration_folds,
                               .metric = decided ? qs_metric_find(qs_str_of(by)) : QS_METRIC_MACRO_F1};
    const qs_status status = qs_decide_measure_outputs(&plain, &shifted, &set, outputs, err);
    *figure = decided ? shifted : plain;
    return status;
}

/* Left to us: less where the outputs on rows not trained on say so. */
static qs_status weigh_chars(qs_training *t, qs_joint_plan *plan, qs_fold_source *source, qs_error *err)
{
    double *const *outputs = t->outputs;
    double **others = NULL;
    double as_they_are = 0;
    double less = 0;
    qs_status status = measure(&as_they_are, t, outputs, err);
    if (status == QS_OK)
        status = qs_training_make_outputs(&others, t, err);
    double *const *const given = others;
    source->char_weight = CHARS_LESS;
    if (status == QS_OK)
        status = qs_joint_hold_out(&given, &plan->c, 1, plan, err);
    if (status == QS_OK)
        status = measure(&less, t, given, err);
    if (status != QS_OK)
        return status;
    if (less > as_they_are + GAIN_MIN) {
        t->outputs = others;
        qs_remark(&t->options->remarks, "character n-grams count half: on rows not trained on that gives %.4f, else %.4f "
                  "(--char-weight)", less, as_they_are);
    } else {
        source->char_weight = 1;
    }
    return QS_OK;
}

static qs_status hold_out(qs_training *t, qs_joint_plan *plan, qs_fold_source *source, qs_error *err)
{
    double *const *const outputs = t->outputs;
    const bool both = t->spec.word_max > 0 && t->spec.char_max > 0;
    source->char_weight = t->options->char_weight > 0 ? t->options->char_weight : 1;
    if (!qs_training_has_folds(t))
        return QS_OK;
    const qs_status status = qs_joint_hold_out(&outputs, &plan->c, 1, plan, err);
    return status == QS_OK && both && !(t->options->char_weight > 0) ? weigh_chars(t, plan, source, err) : status;
}

/* Weights for the vectors as they are, learnt from those whose character n-grams were weighed. */
static void fold_in(qs_training *t, qs_learned *learned, double weight)
{
    for (size_t f = 0; f < learned->feature_count && (weight < 1 || weight > 1); f++)
        for (size_t k = 0; k < learned->output_count && qs_block_has_chars(t->vocabulary.blocks[f]); k++)
            learned->weights[f * learned->output_count + k] *= (float)weight;
}

static qs_status learn(qs_learned *learned, qs_training *t, qs_joint_plan *plan, double char_weight, qs_error *err)
{
    qs_chars_weigh(&t->vectors, t->vocabulary.blocks, char_weight);
    const qs_status status = qs_joint_train(learned, plan, err);
    for (size_t h = 0; h < t->head_count && status == QS_OK; h++)
        fold_in(t, &learned[h], char_weight);
    return status;
}

qs_status qs_training_solve_jointly(qs_training *t, qs_error *err)
{
    const qs_learner_options options = qs_learner_defaults();
    qs_learned *learned = qs_arena_alloc(&t->arena, t->head_count, sizeof *learned);
    qs_status status = learned == NULL ? qs_fail(err, QS_ENOMEM, "out of memory") : qs_training_deal(t, true, err);
    qs_fold_source source = qs_training_fold_source(t);
    qs_joint_plan plan = {.vectors = &t->vectors, .heads = t->heads, .head_count = t->head_count,
                          .source = &source, .fold_count = t->options->calibration_folds,
                          .class_weight = t->options->class_weight, .c = qs_train_cost(t->options),
                          .share = t->options->per_target ? t->options->share : 0, .seed = t->options->seed,
                          .jobs = t->options->jobs};
    plan.feature_count = t->vectors.features;
    if (status == QS_OK)
        status = hold_out(t, &plan, &source, err);
    if (status == QS_OK)
        status = qs_training_settle_vectors(t, err);
    plan.feature_count = t->vectors.features;
    if (status == QS_OK)
        status = learn(learned, t, &plan, source.char_weight, err);
    t->settled.char_weight = source.char_weight;
    if (status == QS_OK)
        status = qs_training_start_model(t, err);
    for (size_t h = 0; h < t->head_count && status == QS_OK; h++)
        status = qs_model_add_head(t->model, t->heads[h].name, t->heads[h].labels, &learned[h], &t->vectors,
                                   &options, err);
    for (size_t h = 0; learned != NULL && h < t->head_count; h++)
        qs_learned_free(&learned[h]);
    return status;
}
