/* The choice between ways to calibrate, by cross-validation. SPDX-License-Identifier: MIT */
#include "pipeline/calibrate.h"

#include "model/predict.h"
#include "pipeline/decide.h"

#define PLATT_LOSS_MAX 2e-3 /* of the labels' macro F1: biases that cost more are not taken */
#define CURVE_GAIN_MIN 2e-3 /* of the Brier score, by the joint learner: of five corpora it gained 0.0004 on one, and was too sure on all */

/* One head at work. */
typedef struct head_sample {
    qs_head *head;
    const qs_head_plan *plan;
    const double *outputs;
    const uint32_t *folds;
    uint32_t fold_count;
    const double *shift; /* or NULL */
} head_sample;

static const char *const kind_names[] = {"temperature", "platt", "isotonic"};
#define KINDS (sizeof kind_names / sizeof *kind_names)

double *qs_heads_scores(const qs_head *head, const qs_head_plan *plan, const double *outputs, qs_arena *arena)
{
    double *scores = qs_arena_alloc(arena, plan->row_count, head->label_count * sizeof *scores);
    qs_head own = *head;
    own.first_output = 0;
    for (size_t i = 0; scores != NULL && i < plan->row_count; i++)
        (void)qs_head_scores(&own, outputs + i * head->output_count, scores + i * head->label_count);
    return scores;
}

/* Labels of one fold, or of all others, with the rest marked as absent. */
static void hide(uint32_t *labels, const head_sample *s, uint32_t fold, bool others)
{
    for (size_t i = 0; i < s->plan->row_count; i++)
        labels[i] = (s->folds[i] == fold) == others ? UINT32_MAX : s->plan->row_labels[i];
}

static double macro_f1(const size_t *confusion, size_t labels)
{
    double sum = 0;
    for (size_t l = 0; l < labels; l++) {
        size_t gold = 0;
        size_t given = 0;
        for (size_t k = 0; k < labels; k++) {
            gold += confusion[l * labels + k];
            given += confusion[k * labels + l];
        }
        sum += gold + given == 0 ? 0 : 2 * (double)confusion[l * labels + l] / (double)(gold + given);
    }
    return sum / (double)labels;
}

/* Brier score and macro F1 of one way, each fold by what was fitted to the others. */
static qs_status try_kind(double *brier, double *f1, const head_sample *s, qs_calibration_kind kind, qs_error *err)
{
    qs_arena arena = {0};
    qs_head trial = *s->head;
    double p[QS_MODEL_MAX_LABELS];
    const size_t labels = trial.label_count;
    qs_status status = QS_OK;
    uint32_t *seen = qs_arena_alloc(&arena, s->plan->row_count, sizeof *seen);
    size_t *confusion = qs_arena_alloc(&arena, labels * labels, sizeof *confusion);
    *brier = 0;
    trial.first_output = 0;
    if (seen == NULL || confusion == NULL)
        status = qs_fail(err, QS_ENOMEM, "out of memory");
    for (uint32_t f = 0; f < s->fold_count && status == QS_OK; f++) {
        hide(seen, s, f, true);
        status = qs_calibration_fit(&trial, &arena, kind, s->outputs, seen, s->plan->row_count, s->shift, err);
        for (size_t i = 0; i < s->plan->row_count && status == QS_OK; i++) {
            if (s->folds[i] != f)
                continue;
            const size_t truth = s->plan->row_labels[i];
            const size_t winner = qs_head_predict(&trial, s->outputs + i * trial.output_count, p);
            confusion[truth * labels + winner]++;
            for (size_t l = 0; l < labels; l++)
                *brier += (p[l] - (l == truth)) * (p[l] - (l == truth));
        }
    }
    if (status == QS_OK)
        *f1 = macro_f1(confusion, labels);
    *brier /= (double)s->plan->row_count;
    qs_arena_free(&arena);
    return status;
}

static qs_status choose_kind(qs_calibration_kind *chosen, const head_sample *s, const qs_train_options *options, qs_error *err)
{
    const char *wanted = options->calibration;
    const double curve_gain = options->learner == QS_LEARNER_JOINT ? CURVE_GAIN_MIN : 0;
    const bool all = wanted == NULL || strcmp(wanted, "auto") == 0;
    double best = 0;
    double plain_f1 = 0;
    for (size_t k = 0; k < KINDS && !all; k++) {
        *chosen = (qs_calibration_kind)k;
        if (strcmp(wanted, kind_names[k]) == 0)
            return QS_OK;
    }
    if (!all)
        return qs_fail(err, QS_EUSAGE, "calibration is auto, temperature, platt or isotonic, not '%.40s'", wanted);
    for (size_t k = 0; k < KINDS; k++) {
        double brier = 0;
        double f1 = 0;
        if (k == QS_CALIBRATE_PLATT && s->shift != NULL)
            continue; /* it would take the shifts back */
        const qs_status status = try_kind(&brier, &f1, s, (qs_calibration_kind)k, err);
        if (status != QS_OK)
            return status;
        if (k == 0)
            plain_f1 = f1;
        if (k > 0 && (brier >= best - (k == QS_CALIBRATE_ISOTONIC ? curve_gain : 0) || (k == QS_CALIBRATE_PLATT && f1 < plain_f1 - PLATT_LOSS_MAX)))
            continue;
        best = brier;
        *chosen = (qs_calibration_kind)k;
    }
    return QS_OK;
}

/* Shifts of all heads for the wanted metric; *shifts NULL if none is wanted. */
static qs_status find_shifts(double ***shifts, qs_arena *arena, const qs_model *model, const qs_head_plan *heads,
                             size_t head_count, double *const *outputs, uint32_t *const *folds,
                             uint32_t fold_count, const char *metric, qs_error *err)
{
    *shifts = NULL;
    if (metric == NULL || strcmp(metric, "none") == 0)
        return QS_OK;
    double **scores = qs_arena_alloc(arena, head_count, sizeof *scores);
    if (scores == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    for (size_t h = 0; h < head_count; h++) {
        scores[h] = outputs[h] == NULL ? NULL : qs_heads_scores(&model->heads[h], &heads[h], outputs[h], arena);
        if (outputs[h] != NULL && scores[h] == NULL)
            return qs_fail(err, QS_ENOMEM, "out of memory");
    }
    const qs_decide_set set = {heads, head_count, scores, folds, fold_count, qs_metric_find(qs_str_of(metric))};
    if (set.metric != QS_METRIC_MACRO_F1 && set.metric != QS_METRIC_F_AVG && set.metric != QS_METRIC_ACCURACY)
        return qs_fail(err, QS_EUSAGE, "labels are decided by macro_f1, f_avg, accuracy or none");
    return qs_decide_fit(shifts, arena, &set, err);
}

qs_status qs_heads_calibrate(qs_model *model, const qs_head_plan *heads, size_t head_count,
                             double *const *outputs, uint32_t *const *folds, uint32_t fold_count,
                             const qs_train_options *options, qs_error *err)
{
    qs_arena arena = {0};
    double **shifts = NULL;
    qs_status status = find_shifts(&shifts, &arena, model, heads, head_count, outputs, folds, fold_count,
                                   options->decide_by, err);
    if (status == QS_OK && shifts != NULL)
        status = qs_model_set_meta(model, qs_str_of("decide_by"), qs_str_of(options->decide_by), err);
    for (size_t h = 0; h < head_count && status == QS_OK; h++) {
        const head_sample s = {&model->heads[h], &heads[h], outputs[h], folds[h], fold_count,
                               shifts == NULL || outputs[h] == NULL ? NULL : shifts[h]};
        qs_calibration_kind kind = QS_CALIBRATE_TEMPERATURE;
        if (outputs[h] == NULL)
            continue;
        status = choose_kind(&kind, &s, options, err);
        if (status == QS_OK)
            status = qs_calibration_fit(s.head, &model->arena, kind, s.outputs, s.plan->row_labels,
                                        s.plan->row_count, s.shift, err);
    }
    qs_arena_free(&arena);
    return status;
}
