/* One set of features, all costs, by the joint learner. SPDX-License-Identifier: MIT */
#include "model/predict.h"
#include "pipeline/decide.h"
#include "pipeline/joint_train.h"
#include "pipeline/tune.h"

/* Room for the outputs of all heads by one cost. */
static double **make_outputs(const qs_tune_set *set, qs_arena *arena)
{
    double **outputs = qs_arena_alloc(arena, set->head_count, sizeof *outputs);
    for (size_t h = 0; h < set->head_count && outputs != NULL; h++) {
        const size_t width = qs_output_count(QS_ONE_VS_REST, set->heads[h].label_count);
        outputs[h] = qs_arena_alloc(arena, set->heads[h].row_count, width * sizeof *outputs[h]);
        if (outputs[h] == NULL)
            return NULL;
    }
    return outputs;
}

qs_status qs_tune_joint(qs_tune_figure *figures, const double *costs, size_t cost_count, const qs_tune_set *set,
                        const qs_train_options *options, const qs_fold_source *source, qs_error *err)
{
    qs_arena arena = {0};
    double *const **outputs = qs_arena_alloc(&arena, cost_count, sizeof *outputs);
    qs_status status = outputs == NULL ? qs_fail(err, QS_ENOMEM, "out of memory") : QS_OK;
    const qs_joint_plan plan = {.vectors = source->vectors, .feature_count = source->vectors->features, .heads = set->heads,
                                .head_count = set->head_count, .source = source,
                                .fold_count = set->fold_count, .class_weight = options->class_weight,
                                .share = options->per_target ? options->share : 0,
                                .seed = options->seed, .jobs = options->jobs};
    const qs_decide_set decide = {.heads = set->heads, .head_count = set->head_count, .folds = set->folds,
                                  .fold_count = set->fold_count, .metric = set->metric};
    for (size_t k = 0; k < cost_count && status == QS_OK; k++) {
        outputs[k] = make_outputs(set, &arena);
        if (outputs[k] == NULL)
            status = qs_fail(err, QS_ENOMEM, "out of memory");
    }
    if (status == QS_OK)
        status = qs_joint_hold_out(outputs, costs, cost_count, &plan, err);
    for (size_t k = 0; k < cost_count && status == QS_OK; k++)
        status = qs_decide_measure_outputs(&figures[k].plain, &figures[k].shifted, &decide, outputs[k], err);
    qs_arena_free(&arena);
    return status;
}
