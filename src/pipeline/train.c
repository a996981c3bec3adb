/* Corpora to models. SPDX-License-Identifier: MIT */
#include "pipeline/train.h"

#include <stdio.h>

#include "features/target.h"
#include "features/vector.h"
#include "model/learner.h"
#include "model/predict.h"
#include "pipeline/calibrate.h"
#include "pipeline/classifier_internal.h"
#include "pipeline/heads.h"
#include "pipeline/joint_train.h"
#include "pipeline/tune.h"
#include "quotestance/evaluation.h"
#include "quotestance/version.h"

#define LOOSE_ROWS 50000      /* beyond, liblinear may stop earlier: held-out rows of 180,000 titles see no difference */
#define LOOSE_TOLERANCE 0.4   /* its usual one is 0.1 */

/* Everything one training holds. */
typedef struct training {
    const qs_dataset *dataset;
    const uint32_t *rows;
    size_t count;
    const qs_train_options *options;
    qs_arena arena;
    qs_item *items;
    qs_feature_spec spec;
    qs_word_classes *classes;
    qs_vocabulary vocabulary;
    qs_vectors vectors;
    qs_head_plan *heads;
    size_t head_count;
    qs_learn_job *jobs; /* head by head: the whole, then each fold */
    size_t job_count;
    uint32_t **folds;   /* per head: fold of each of its rows, or NULL */
    double **weights;   /* per head: class weights or NULL */
    double **outputs;   /* per head: outputs on rows not trained on, or NULL */
    qs_solver solver;
    bool joint;
    qs_model *model;
    qs_train_options settled;
} training;

static qs_status set_weights(training *t, size_t h, qs_error *err)
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

static qs_solver choose_solver(const training *t)
{
    const bool kernel = t->options->kernel != QS_KERNEL_LINEAR;
    if (t->options->learner == QS_LEARNER_LIBLINEAR)
        return QS_LINEAR_SVC;
    return t->options->learner == QS_LEARNER_LIBSVM || kernel || t->count <= QS_LIBSVM_ROWS_MAX
               ? QS_C_SVC
               : QS_LINEAR_SVC;
}

static qs_learner_options learner_options(const training *t, size_t h)
{
    qs_learner_options o = qs_learner_defaults();
    o.solver = t->solver;
    o.kernel = t->options->kernel == QS_KERNEL_RBF    ? QS_RBF
               : t->options->kernel == QS_KERNEL_POLY ? QS_POLYNOMIAL
                                                      : QS_LINEAR;
    o.c = qs_train_cost(t->options);
    o.gamma = t->options->gamma > 0 ? t->options->gamma : 1;
    o.degree = t->options->degree;
    o.class_weights = t->weights[h];
    o.tolerance = t->solver == QS_LINEAR_SVC && t->count > LOOSE_ROWS ? LOOSE_TOLERANCE : 0;
    o.seed = t->options->seed;
    return o;
}

/* Vector rows are numbered as in t->rows. */
static qs_status vectorise(training *t, qs_error *err)
{
    t->items = qs_alloc(t->count + 1, sizeof *t->items);
    if (t->items == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    for (size_t i = 0; i < t->count; i++)
        t->items[i] = t->dataset->items[t->rows[i]];
    for (size_t i = 0; i < t->count && t->options->target_fields; i++)
        qs_item_locate(&t->items[i], t->dataset->rows[t->rows[i]].target);
    qs_status status = qs_train_spec(&t->spec, &t->classes, t->options, err);
    if (status == QS_OK)
        status = qs_vocabulary_build(&t->vocabulary, &t->spec, t->items, t->count, t->options->jobs, err);
    if (status == QS_OK)
        status = qs_vectors_build(&t->vectors, &t->vocabulary, &t->spec, t->items, t->count,
                                  t->options->jobs, err);
    if (status == QS_OK && t->options->odds)
        status = qs_train_odds(&t->vocabulary, &t->vectors, &t->spec, t->heads, t->head_count, t->options, err);
    if (status == QS_OK && t->options->ngram_texts)
        status = qs_vocabulary_add_text(&t->vocabulary, &t->spec, t->items, t->count, err);
    /* What is not needed any more is a good part of the memory of large corpora. */
    qs_free(t->vocabulary.slots);
    t->vocabulary.slots = NULL;
    t->vocabulary.slot_count = 0;
    qs_free(t->items);
    t->items = NULL;
    if (t->count > QS_LIBSVM_ROWS_MAX)
        qs_alloc_trim();
    return status;
}

/* Fewest rows of any label: with fewer than two rows in each fold there is nothing to calibrate on. */
static size_t rarest(const qs_head_plan *head)
{
    size_t least = head->row_count;
    for (size_t k = 0; k < head->label_count; k++) {
        size_t count = 0;
        for (size_t i = 0; i < head->row_count; i++)
            count += head->row_labels[i] == k;
        least = count < least ? count : least;
    }
    return least;
}

static qs_status assign_folds(training *t, size_t h, qs_error *err)
{
    const qs_head_plan *head = &t->heads[h];
    const uint32_t fold_count = t->options->calibration_folds;
    if (fold_count < 2 || rarest(head) < 2 * (size_t)fold_count)
        return QS_OK;
    qs_str *labels = qs_arena_alloc(&t->arena, head->row_count, sizeof *labels);
    qs_str *groups = qs_arena_alloc(&t->arena, head->row_count, sizeof *groups);
    t->folds[h] = qs_arena_alloc(&t->arena, head->row_count, sizeof *t->folds[h]);
    if (labels == NULL || groups == NULL || t->folds[h] == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    for (size_t i = 0; i < head->row_count; i++) {
        labels[i] = head->labels[head->row_labels[i]];
        groups[i] = t->dataset->rows[t->rows[head->rows[i]]].group;
    }
    return qs_folds_assign(t->folds[h], labels, groups, head->row_count, fold_count, t->options->seed, err);
}

/* The job that trains head h on all its rows (fold == UINT32_MAX) or on those outside one fold. */
static qs_status add_job(training *t, size_t h, uint32_t fold, qs_error *err)
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
    job->set = (qs_training_set){.vectors = &t->vectors, .feature_count = t->vocabulary.count,
                                 .labels = labels, .label_count = head->label_count, .rows = rows,
                                 .row_count = count};
    if (fold == UINT32_MAX) {
        const qs_status status = set_weights(t, h, err);
        if (status != QS_OK)
            return status;
    }
    job->options = learner_options(t, h);
    t->job_count++;
    return QS_OK;
}

static qs_status plan_jobs(training *t, qs_error *err)
{
    const size_t per_head = (size_t)t->options->calibration_folds + 1;
    qs_status status = QS_OK;
    t->jobs = qs_arena_alloc(&t->arena, t->head_count * per_head, sizeof *t->jobs);
    t->folds = qs_arena_alloc(&t->arena, t->head_count, sizeof *t->folds);
    t->weights = qs_arena_alloc(&t->arena, t->head_count, sizeof *t->weights);
    if (t->jobs == NULL || t->folds == NULL || t->weights == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    for (size_t h = 0; h < t->head_count && status == QS_OK; h++) {
        status = assign_folds(t, h, err);
        if (status == QS_OK)
            status = add_job(t, h, UINT32_MAX, err);
        for (uint32_t f = 0; status == QS_OK && t->folds[h] != NULL && f < t->options->calibration_folds; f++)
            status = add_job(t, h, f, err);
    }
    return status;
}

static qs_status start_model(training *t, qs_error *err)
{
    qs_status status = qs_model_create(&t->model, err);
    if (status != QS_OK)
        return status;
    /* the model takes the vocabulary's arrays over */
    t->model->spec = t->spec;
    t->model->classes = t->classes;
    t->classes = NULL;
    t->model->feature_count = t->vocabulary.count;
    t->model->feature_hashes = t->vocabulary.hashes;
    t->model->idf = t->vocabulary.idf;
    t->model->ngram_starts = t->vocabulary.text_starts;
    t->model->ngrams = t->vocabulary.text;
    qs_free(t->vocabulary.slots);
    qs_free(t->vocabulary.blocks);
    t->vocabulary = (qs_vocabulary){.count = t->model->feature_count};
    return QS_OK;
}

/* Outputs of one fold's model on the rows it has not seen, put in the places of these rows. */
static qs_status hold_out(training *t, size_t h, uint32_t fold, const qs_learn_job *job, double *outputs,
                          qs_error *err)
{
    const qs_head_plan *head = &t->heads[h];
    qs_model *model = NULL;
    qs_status status = qs_model_create(&model, err);
    if (status != QS_OK)
        return status;
    model->spec = t->spec;
    model->feature_count = t->model->feature_count;
    status = qs_model_add_head(model, head->name, head->labels, &job->learned, &t->vectors, &job->options, err);
    for (size_t i = 0; i < head->row_count && status == QS_OK; i++) {
        if (t->folds[h][i] != fold)
            continue;
        const uint64_t start = t->vectors.starts[head->rows[i]];
        const uint64_t end = t->vectors.starts[head->rows[i] + 1];
        qs_model_decide(model, t->vectors.indices + start, t->vectors.values + start,
                        (size_t)(end - start), outputs + i * model->output_count);
    }
    qs_model_destroy(model);
    return status;
}

/* Room for the outputs of each head that has folds. */
static qs_status make_outputs(training *t, qs_error *err)
{
    t->outputs = qs_arena_alloc(&t->arena, t->head_count, sizeof *t->outputs);
    for (size_t h = 0; t->outputs != NULL && h < t->head_count; h++) {
        const qs_decision decision = t->joint || t->solver == QS_LINEAR_SVC ? QS_ONE_VS_REST : QS_ONE_VS_ONE;
        const size_t width = qs_output_count(decision, t->heads[h].label_count);
        if (t->folds[h] == NULL)
            continue;
        t->outputs[h] = qs_arena_alloc(&t->arena, t->heads[h].row_count, width * sizeof *t->outputs[h]);
        if (t->outputs[h] == NULL)
            return qs_fail(err, QS_ENOMEM, "out of memory");
    }
    return t->outputs == NULL ? qs_fail(err, QS_ENOMEM, "out of memory") : QS_OK;
}

static qs_status assemble(training *t, qs_error *err)
{
    qs_status status = make_outputs(t, err);
    size_t next = 0;
    for (size_t h = 0; h < t->head_count && status == QS_OK; h++) {
        const qs_learn_job *job = &t->jobs[next++];
        status = qs_model_add_head(t->model, t->heads[h].name, t->heads[h].labels, &job->learned,
                                   &t->vectors, &job->options, err);
        for (uint32_t f = 0; status == QS_OK && t->folds[h] != NULL && f < t->options->calibration_folds; f++)
            status = hold_out(t, h, f, &t->jobs[next++], t->outputs[h], err);
    }
    return status;
}

static qs_status learn(training *t, qs_error *err)
{
    qs_status status = plan_jobs(t, err);
    if (status == QS_OK)
        status = qs_learn_all(t->jobs, t->job_count, t->options->jobs == 0 ? 1 : t->options->jobs,
                              t->solver == QS_LINEAR_SVC && t->job_count == t->head_count ? &t->vectors : NULL, err);
    if (status == QS_OK)
        status = start_model(t, err);
    return status == QS_OK ? assemble(t, err) : status;
}

/* Folds of all heads together; NULL for a head with too few rows of a label. */
static qs_status deal_jointly(training *t, qs_error *err)
{
    const uint32_t fold_count = t->options->calibration_folds;
    bool any = false;
    t->folds = qs_arena_alloc(&t->arena, t->head_count, sizeof *t->folds);
    if (t->folds == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    for (size_t h = 0; h < t->head_count; h++)
        any = any || (fold_count >= 2 && rarest(&t->heads[h]) >= 2 * (size_t)fold_count);
    if (!any)
        return QS_OK;
    const qs_status status = qs_heads_fold(&t->folds, &t->arena, t->heads, t->head_count, t->dataset, t->rows,
                                           fold_count, t->options->seed, err);
    for (size_t h = 0; status == QS_OK && h < t->head_count; h++)
        if (rarest(&t->heads[h]) < 2 * (size_t)fold_count)
            t->folds[h] = NULL;
    return status;
}

static qs_status learn_jointly(training *t, qs_error *err)
{
    const qs_learner_options options = qs_learner_defaults();
    qs_learned *learned = qs_arena_alloc(&t->arena, t->head_count, sizeof *learned);
    qs_status status = learned == NULL ? qs_fail(err, QS_ENOMEM, "out of memory") : deal_jointly(t, err);
    if (status == QS_OK)
        status = make_outputs(t, err);
    const qs_joint_plan plan = {.vectors = &t->vectors, .feature_count = t->vocabulary.count, .heads = t->heads,
                                .head_count = t->head_count, .folds = t->folds,
                                .fold_count = t->options->calibration_folds,
                                .class_weight = t->options->class_weight, .c = qs_train_cost(t->options),
                                .share = t->options->per_target ? t->options->share : 0,
                                .seed = t->options->seed, .jobs = t->options->jobs};
    if (status == QS_OK)
        status = qs_joint_train(learned, t->outputs, &plan, err);
    if (status == QS_OK)
        status = start_model(t, err);
    for (size_t h = 0; h < t->head_count && status == QS_OK; h++)
        status = qs_model_add_head(t->model, t->heads[h].name, t->heads[h].labels, &learned[h], &t->vectors,
                                   &options, err);
    for (size_t h = 0; learned != NULL && h < t->head_count; h++)
        qs_learned_free(&learned[h]);
    return status;
}

static const char *solver_words(const training *t)
{
    if (t->joint)
        return "joint L2-loss SVC";
    return t->solver == QS_C_SVC ? "libsvm C-SVC" : "liblinear L2-loss SVC";
}

/* Why it was this one, where that was left to us. */
static const char *solver_reason(const training *t)
{
    if (t->options->learner != QS_LEARNER_AUTO)
        return NULL;
    if (t->options->kernel != QS_KERNEL_LINEAR)
        return "kernels are libsvm's";
    return t->solver == QS_C_SVC ? "up to 10,000 texts" : "more than 10,000 texts";
}

static qs_status note(training *t, const char *key, const char *format, double number, uint64_t whole,
                      qs_error *err)
{
    qs_buf value = {0};
    if (format != NULL)
        qs_buf_add_text(&value, format);
    else if (number == number)
        qs_buf_add_double(&value, number);
    else
        qs_buf_add_u64(&value, whole);
    qs_status status = qs_buf_status(&value, err);
    if (status == QS_OK)
        status = qs_model_set_meta(t->model, qs_str_of(key), qs_buf_view(&value), err);
    qs_buf_free(&value);
    return status;
}

static qs_status note_provenance(training *t, qs_error *err)
{
    const double none = __builtin_nan("");
    qs_status status = note(t, "c", NULL, qs_train_cost(t->options), 0, err);
    if (status == QS_OK)
        status = note(t, "class_weight", t->options->class_weight, none, 0, err);
    if (status == QS_OK)
        status = note(t, "learner", solver_words(t), none, 0, err);
    if (status == QS_OK)
        status = note(t, "weights", t->options->presence ? "presence" : t->options->odds ? "odds" : "tf-idf", none, 0, err);
    if (status == QS_OK)
        status = note(t, "per_target", t->options->per_target ? "yes" : "no", none, 0, err);
    if (status == QS_OK)
        status = note(t, "rows", NULL, none, t->count, err);
    if (status == QS_OK)
        status = note(t, "seed", NULL, none, t->options->seed, err);
    if (status == QS_OK)
        status = note(t, "trained_by", "quotestance " QS_VERSION, none, 0, err);
    return status;
}

static void release(training *t)
{
    for (size_t i = 0; i < t->job_count; i++)
        qs_learned_free(&t->jobs[i].learned);
    qs_free(t->items);
    qs_vocabulary_free(&t->vocabulary);
    qs_vectors_free(&t->vectors);
    qs_word_classes_destroy(t->classes);
    qs_model_destroy(t->model);
    qs_arena_free(&t->arena);
}

qs_status qs_train_rows(qs_model **out, const qs_dataset *dataset, const uint32_t *rows, size_t count,
                        const qs_train_options *options, qs_train_summary *summary, qs_error *err)
{
    training t = {.dataset = dataset, .rows = rows, .count = count};
    *out = NULL;
    t.settled = qs_train_settle(options, dataset, rows, count);
    t.options = &t.settled;
    qs_status status = qs_heads_find(&t.heads, &t.head_count, &t.arena, dataset, rows, count, options, err);
    if (status == QS_OK)
        status = vectorise(&t, err);
    t.solver = choose_solver(&t);
    t.joint = options->kernel == QS_KERNEL_LINEAR && t.options->learner == QS_LEARNER_JOINT;
    if (status == QS_OK)
        status = t.joint ? learn_jointly(&t, err) : learn(&t, err);
    if (status == QS_OK)
        status = qs_heads_calibrate(t.model, t.heads, t.head_count, t.outputs, t.folds,
                                    options->calibration_folds, options, err);
    if (status == QS_OK)
        status = note_provenance(&t, err);
    if (status == QS_OK) {
        if (summary != NULL)
            *summary = (qs_train_summary){.rows = count, .rejected = dataset->rejected,
                                          .features = t.model->feature_count, .heads = t.head_count,
                                          .learner = solver_words(&t), .why = solver_reason(&t),
                                          .weights = t.settled.presence ? "presence" : t.settled.odds ? "odds" : "tf-idf"};
        *out = t.model;
        t.model = NULL;
    }
    release(&t);
    return status;
}

qs_status qs_train(qs_classifier **out, const char *const *paths, size_t path_count,
                   const qs_train_options *options, qs_train_summary *summary, qs_error *err)
{
    qs_dataset dataset = {0};
    qs_dataset_plan plan;
    qs_arena arena = {0};
    qs_model *model = NULL;
    uint32_t *rows = NULL;
    qs_train_options settled = *options;
    qs_train_options tuned;
    qs_buf trials = {0};
    *out = NULL;
    qs_status status = qs_train_plan(&plan, &arena, options, err);
    if (status == QS_OK)
        status = qs_dataset_read(&dataset, paths, path_count, &plan, &options->remarks, err);
    if (status == QS_OK) {
        rows = qs_alloc(dataset.count, sizeof *rows);
        if (rows == NULL)
            status = qs_fail(err, QS_ENOMEM, "out of memory");
    }
    for (size_t i = 0; status == QS_OK && i < dataset.count; i++)
        rows[i] = (uint32_t)i;
    settled = qs_train_settle_weighting(options, dataset.count);
    if (status == QS_OK && options->tune)
        status = qs_tune(&tuned, &trials, &dataset, rows, dataset.count, &settled, err);
    if (status == QS_OK)
        status = qs_train_rows(&model, &dataset, rows, dataset.count, options->tune ? &tuned : &settled,
                               summary, err);
    if (status == QS_OK && options->tune)
        status = qs_model_set_meta(model, qs_str_of("tuning"), qs_buf_view(&trials), err);
    if (status == QS_OK)
        status = qs_classifier_wrap(out, model, err);
    else
        qs_model_destroy(model);
    qs_buf_free(&trials);
    qs_free(rows);
    qs_dataset_free(&dataset);
    qs_arena_free(&arena);
    return status;
}
