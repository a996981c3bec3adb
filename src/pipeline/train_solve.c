/* Learning all heads, and their outputs on rows not trained on. SPDX-License-Identifier: MIT */
#include "model/predict.h"
#include "pipeline/train_work.h"

#define LOOSE_ROWS 50000    /* beyond, the linear solvers may stop earlier than at 0.1, the usual tolerance */
#define LOOSE_TOLERANCE 1.0 /* held out: macro F1 0.8996 at 0.4, 0.9000 at 1, 0.8982 at 2 */

static qs_status set_weights(qs_training *t, size_t h, qs_error *err)
{
    bool weighted = false;
    double *weights = qs_arena_alloc(&t->arena, t->heads[h].label_count, sizeof *weights);
    if (weights == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    const qs_status status =
        qs_head_class_weights(weights, &weighted, &t->heads[h], t->options->class_weight, err);
    t->weights[h] = weighted ? weights : NULL;
    return status;
}

/* nu-SVC has no solution if two labels differ so much in number that not enough texts of the rarer one can be margin errors. */
static qs_status check_nu(const qs_training *t, const qs_head_plan *head, qs_error *err)
{
    size_t counts[QS_MODEL_MAX_LABELS] = {0};
    size_t least = SIZE_MAX;
    size_t most = 0;
    for (size_t i = 0; i < head->row_count; i++)
        counts[head->row_labels[i]]++;
    for (size_t l = 0; l < head->label_count; l++) {
        least = counts[l] < least ? counts[l] : least;
        most = counts[l] > most ? counts[l] : most;
    }
    const double limit = 2 * (double)least / ((double)least + (double)most);
    if (t->options->nu > limit)
        return qs_fail(err, QS_EUSAGE, "nu can be %.3g at most for labels of %zu and %zu texts, in the head '%.*s'", limit, least,
                       most, (int)(head->name.len < 80 ? head->name.len : 80), head->name.ptr);
    return QS_OK;
}

static qs_learner_options learner_options(const qs_training *t, size_t h)
{
    qs_learner_options o = qs_learner_defaults();
    o.solver = t->solver;
    o.kernel = t->options->kernel == QS_KERNEL_RBF    ? QS_RBF
               : t->options->kernel == QS_KERNEL_POLY ? QS_POLYNOMIAL
                                                      : QS_LINEAR;
    o.c = t->costs[h];
    o.nu = t->options->nu;
    o.gamma = t->options->gamma > 0 ? t->options->gamma : 1;
    o.degree = t->options->degree;
    o.class_weights = t->solver == QS_NU_SVC ? NULL : t->weights[h];
    o.tolerance = qs_training_by_columns(t) && t->count > LOOSE_ROWS ? LOOSE_TOLERANCE : 0;
    o.seed = t->options->seed;
    return o;
}

/* The job that trains head h on all its rows (fold == UINT32_MAX) or on those outside one fold. */
static qs_status add_job(qs_training *t, const qs_vectors *vectors, size_t h, uint32_t fold, qs_error *err)
{
    const qs_head_plan *head = &t->heads[h];
    uint32_t *labels = qs_arena_alloc(&t->arena, t->count + 1, sizeof *labels);
    uint32_t *rows = qs_arena_alloc(&t->arena, head->row_count, sizeof *rows);
    qs_learn_job *job = &t->jobs[t->job_count];
    size_t count = 0;
    if (labels == NULL || rows == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    for (size_t i = 0; i < head->row_count; i++) {
        labels[head->rows[i]] = head->row_labels[i];
        if (fold == UINT32_MAX || t->folds[h][i] != fold)
            rows[count++] = head->rows[i];
    }
    job->set = (qs_training_set){.vectors = vectors, .feature_count = vectors->features,
                                 .labels = labels, .label_count = head->label_count, .rows = rows,
                                 .row_count = count};
    job->options = learner_options(t, h);
    t->job_count++;
    return QS_OK;
}

static qs_status plan_jobs(qs_training *t, qs_error *err)
{
    const size_t per_head = (size_t)t->options->calibration_folds + 1;
    qs_status status = QS_OK;
    t->jobs = qs_arena_alloc(&t->arena, t->head_count * per_head, sizeof *t->jobs);
    t->weights = qs_arena_alloc(&t->arena, t->head_count, sizeof *t->weights);
    if (t->jobs == NULL || t->weights == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    for (size_t h = 0; h < t->head_count && status == QS_OK; h++)
        status = set_weights(t, h, err);
    for (size_t h = 0; h < t->head_count && status == QS_OK && t->solver == QS_NU_SVC; h++)
        status = check_nu(t, &t->heads[h], err);
    return status;
}

/* Outputs of one fold's model on the rows it has not seen, put in the places of these rows. */
static qs_status hold_out(qs_training *t, size_t h, uint32_t fold, const qs_learn_job *job, qs_error *err)
{
    const qs_head_plan *head = &t->heads[h];
    const qs_vectors *vectors = job->set.vectors;
    qs_model *model = NULL;
    qs_status status = qs_model_create(&model, err);
    if (status != QS_OK)
        return status;
    model->spec = t->spec;
    model->feature_count = vectors->features;
    status = qs_model_add_head(model, head->name, head->labels, &job->learned, vectors, &job->options, err);
    for (size_t i = 0; i < head->row_count && status == QS_OK; i++) {
        if (t->folds[h][i] != fold)
            continue;
        const uint64_t start = vectors->starts[head->rows[i]];
        const uint64_t end = vectors->starts[head->rows[i] + 1];
        qs_model_decide(model, vectors->indices + start, vectors->values + start,
                        (size_t)(end - start), t->outputs[h] + i * model->output_count);
    }
    qs_model_destroy(model);
    return status;
}

/* What labels say is in the vectors: each fold has its own, and one fold after another is learnt. */
static qs_status solve_folds_apart(qs_training *t, qs_error *err)
{
    const qs_fold_source source = qs_training_fold_source(t);
    const size_t processes = t->options->jobs == 0 ? 1 : t->options->jobs;
    qs_status status = QS_OK;
    for (uint32_t f = 0; status == QS_OK && f < t->options->calibration_folds; f++) {
        qs_vectors vectors = {0};
        qs_learn_job *jobs = t->jobs;
        size_t next = 0;
        t->job_count = 0;
        status = qs_fold_vectors_make(&vectors, &source, f, processes, err);
        for (size_t h = 0; h < t->head_count && status == QS_OK; h++)
            if (t->folds[h] != NULL)
                status = add_job(t, &vectors, h, f, err);
        if (status == QS_OK)
            status = qs_learn_all(jobs, t->job_count, processes, NULL, err);
        for (size_t h = 0; h < t->head_count && status == QS_OK; h++)
            if (t->folds[h] != NULL)
                status = hold_out(t, h, f, &jobs[next++], err);
        for (size_t i = 0; i < t->job_count; i++)
            qs_learned_free(&jobs[i].learned);
        t->job_count = 0;
        qs_vectors_free(&vectors);
    }
    return status;
}

/* Jobs head by head: the whole, then, unless folds were learnt apart, each fold. */
static qs_status solve_all(qs_training *t, bool apart, qs_error *err)
{
    qs_status status = QS_OK;
    size_t next = 0;
    for (size_t h = 0; h < t->head_count && status == QS_OK; h++) {
        status = add_job(t, &t->vectors, h, UINT32_MAX, err);
        for (uint32_t f = 0; status == QS_OK && !apart && t->folds[h] != NULL && f < t->options->calibration_folds; f++)
            status = add_job(t, &t->vectors, h, f, err);
    }
    if (status == QS_OK)
        status = qs_learn_all(t->jobs, t->job_count, t->options->jobs == 0 ? 1 : t->options->jobs,
                              qs_training_by_columns(t) && t->job_count == t->head_count ? &t->vectors : NULL, err);
    if (status == QS_OK)
        status = qs_training_start_model(t, err);
    for (size_t h = 0; h < t->head_count && status == QS_OK; h++) {
        const qs_learn_job *job = &t->jobs[next++];
        status = qs_model_add_head(t->model, t->heads[h].name, t->heads[h].labels, &job->learned, &t->vectors,
                                   &job->options, err);
        for (uint32_t f = 0; status == QS_OK && !apart && t->folds[h] != NULL && f < t->options->calibration_folds; f++)
            status = hold_out(t, h, f, &t->jobs[next++], err);
    }
    return status;
}

qs_status qs_training_solve(qs_training *t, qs_error *err)
{
    bool apart = t->options->odds;
    qs_status status = qs_training_deal(t, apart, err);
    if (status == QS_OK)
        status = plan_jobs(t, err);
    apart = apart && status == QS_OK && qs_training_has_folds(t);
    if (apart)
        status = solve_folds_apart(t, err);
    if (status == QS_OK)
        status = qs_training_settle_vectors(t, err);
    return status == QS_OK ? solve_all(t, apart, err) : status;
}
