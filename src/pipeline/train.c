/* Corpora to models. SPDX-License-Identifier: MIT */
#include "pipeline/train.h"

#include <stdio.h>

#include "pipeline/calibrate.h"
#include "pipeline/classifier_internal.h"
#include "pipeline/train_work.h"
#include "pipeline/tune.h"
#include "quotestance/version.h"

static qs_solver choose_solver(const qs_training *t)
{
    if (t->options->nu > 0)
        return QS_NU_SVC;
    switch (t->options->learner) {
    case QS_LEARNER_LIBSVM:
        return QS_C_SVC;
    case QS_LEARNER_LIBLINEAR:
        return QS_LINEAR_SVC;
    case QS_LEARNER_DESCENT:
        return QS_DESCENT_SVC;
    default:
        break;
    }
    return t->options->kernel != QS_KERNEL_LINEAR || t->count <= QS_LIBSVM_ROWS_MAX ? QS_C_SVC : QS_DESCENT_SVC;
}

qs_status qs_training_start_model(qs_training *t, qs_error *err)
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

static const char *solver_words(const qs_training *t)
{
    if (t->joint)
        return "joint L2-loss SVC";
    return t->solver == QS_C_SVC         ? "libsvm C-SVC"
           : t->solver == QS_NU_SVC      ? "libsvm nu-SVC"
           : t->solver == QS_DESCENT_SVC ? "L2-loss SVC by descent for all labels at once"
                                         : "liblinear L2-loss SVC";
}

/* Why it was this one, where that was left to us. */
static const char *solver_reason(const qs_training *t)
{
    if (t->options->learner != QS_LEARNER_AUTO)
        return NULL;
    if (t->options->kernel != QS_KERNEL_LINEAR)
        return "kernels are libsvm's";
    return t->solver == QS_C_SVC ? "up to 10,000 texts" : "more than 10,000 texts";
}

static qs_status note(qs_training *t, const char *key, const char *format, double number, uint64_t whole,
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

/* One number, or that of each head where they differ by the options, as many as half a value holds. */
static qs_status note_cost(qs_training *t, qs_error *err)
{
    qs_buf value = {0};
    for (size_t h = 0; t->options->head_cost_count > 0 && h < t->head_count && value.len < QS_MODEL_MAX_META / 2; h++) {
        qs_buf_add_text(&value, h == 0 ? "" : ", ");
        qs_buf_add_str(&value, t->heads[h].name);
        qs_buf_add_char(&value, '=');
        qs_buf_add_double(&value, t->costs[h]);
    }
    qs_status status = qs_buf_status(&value, err);
    if (status == QS_OK)
        status = t->options->head_cost_count > 0 ? qs_model_set_meta(t->model, qs_str_of("c"), qs_buf_view(&value), err)
                                                 : note(t, "c", NULL, qs_train_cost(t->options), 0, err);
    qs_buf_free(&value);
    return status;
}

static qs_status settle_costs(qs_training *t, qs_error *err)
{
    t->costs = qs_arena_alloc(&t->arena, t->head_count, sizeof *t->costs);
    if (t->costs == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    if (t->joint && t->options->head_cost_count > 0)
        return qs_fail(err, QS_EUSAGE, "the joint learner has one cost for all heads");
    return qs_train_head_costs(t->costs, t->heads, t->head_count, t->options, err);
}

static qs_status note_provenance(qs_training *t, qs_error *err)
{
    const double none = __builtin_nan("");
    const double nu = t->options->nu;
    qs_status status = nu > 0 ? note(t, "nu", NULL, nu, 0, err) : note_cost(t, err);
    if (status == QS_OK)
        status = note(t, "class_weight", nu > 0 ? "none" : t->options->class_weight, none, 0, err);
    if (status == QS_OK)
        status = note(t, "learner", solver_words(t), none, 0, err);
    if (status == QS_OK)
        status = note(t, "weights", t->options->presence ? "presence" : t->options->odds ? "odds" : "tf-idf", none, 0, err);
    if (status == QS_OK && t->joint && (t->options->char_weight < 1 || t->options->char_weight > 1))
        status = note(t, "char_weight", NULL, t->options->char_weight, 0, err);
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

static void release(qs_training *t)
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
    qs_training t = {.dataset = dataset, .rows = rows, .count = count};
    *out = NULL;
    t.settled = qs_train_settle(options, dataset, rows, count);
    t.options = &t.settled;
    qs_status status = qs_heads_find(&t.heads, &t.head_count, &t.arena, dataset, rows, count, options, err);
    t.solver = choose_solver(&t);
    t.joint = options->kernel == QS_KERNEL_LINEAR && t.options->learner == QS_LEARNER_JOINT;
    if (status == QS_OK)
        status = settle_costs(&t, err);
    if (status == QS_OK)
        status = qs_training_vectorise(&t, err);
    if (status == QS_OK)
        status = t.joint ? qs_training_solve_jointly(&t, err) : qs_training_solve(&t, err);
    if (status == QS_OK)
        status = qs_heads_calibrate(t.model, t.heads, t.head_count, t.outputs, t.folds,
                                    options->calibration_folds, t.options, err);
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

/* All trials, under "tuning" and, since a value has a limit, "tuning.2" and so on; cut between lines. */
static qs_status note_trials(qs_model *model, qs_str trials, qs_error *err)
{
    char key[32] = "tuning";
    qs_status status = QS_OK;
    for (size_t part = 1; status == QS_OK && (trials.len > 0 || part == 1); part++) {
        size_t end = trials.len < QS_MODEL_MAX_META ? trials.len : QS_MODEL_MAX_META;
        while (end < trials.len && end > 0 && trials.ptr[end - 1] != '\n')
            end--;
        if (part > 1)
            snprintf(key, sizeof key, "tuning.%zu", part);
        status = qs_model_set_meta(model, qs_str_of(key), qs_str_slice(trials, 0, end), err);
        trials = qs_str_slice(trials, end, trials.len);
        if (end == 0)
            break; /* one line longer than a value may be: names of heads are far shorter */
    }
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
        status = qs_tune(&tuned, &arena, &trials, &dataset, rows, dataset.count, &settled, err);
    if (status == QS_OK)
        status = qs_train_rows(&model, &dataset, rows, dataset.count, options->tune ? &tuned : &settled,
                               summary, err);
    if (status == QS_OK && options->tune)
        status = note_trials(model, qs_buf_view(&trials), err);
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
