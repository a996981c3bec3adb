/* Learning the outputs of heads: checks, children, support vectors collapsed into weights.
 * SPDX-License-Identifier: MIT */
#include "model/learner.h"

#include <math.h>

#include "model/child.h"
#include "model/learner_impl.h"

#define SAFE_INT_ROWS 0x7ffffff0u

qs_learner_options qs_learner_defaults(void)
{
    return (qs_learner_options){
        .solver = QS_C_SVC, .kernel = QS_LINEAR, .c = 1, .nu = 0.5, .gamma = 1, .degree = 3, .seed = 1};
}

void qs_learned_free(qs_learned *learned)
{
    qs_free(learned->bias);
    qs_free(learned->weights);
    qs_free(learned->support);
    qs_free(learned->coefficients);
    *learned = (qs_learned){0};
}

static size_t set_rows(const qs_training_set *set)
{
    return set->rows == NULL ? set->vectors->rows : set->row_count;
}

static uint32_t set_row(const qs_training_set *set, size_t i)
{
    return set->rows == NULL ? (uint32_t)i : set->rows[i];
}

static size_t count_labels(const qs_training_set *set, size_t *counts)
{
    size_t present = 0;
    for (size_t l = 0; l < set->label_count; l++)
        counts[l] = 0;
    for (size_t i = 0; i < set_rows(set); i++)
        present += counts[set->labels[set_row(set, i)]]++ == 0;
    return present;
}

void qs_balanced_weights(const qs_training_set *set, double *weights)
{
    size_t counts[QS_MODEL_MAX_LABELS];
    const size_t present = count_labels(set, counts);
    for (size_t l = 0; l < set->label_count; l++)
        weights[l] =
            counts[l] == 0 ? 1.0 : (double)set_rows(set) / ((double)present * (double)counts[l]);
}

static bool positive(double number)
{
    return isfinite(number) && number > 0;
}

static qs_status check_options(const qs_learner_options *options, size_t label_count, qs_error *err)
{
    if (!positive(options->c) && options->solver != QS_NU_SVC)
        return qs_fail(err, QS_EUSAGE, "C must be a number above 0");
    if (options->solver == QS_NU_SVC && !(positive(options->nu) && options->nu <= 1))
        return qs_fail(err, QS_EUSAGE, "nu must be above 0 and at most 1");
    if (options->kernel != QS_LINEAR && options->solver > QS_NU_SVC)
        return qs_fail(err, QS_EUSAGE, "liblinear has the linear kernel only");
    if (options->kernel != QS_LINEAR && !positive(options->gamma))
        return qs_fail(err, QS_EUSAGE, "gamma must be a number above 0");
    if (options->kernel == QS_POLYNOMIAL &&
        (options->degree < 1 || options->degree > 16 || !isfinite(options->coef0)))
        return qs_fail(err, QS_EUSAGE, "a polynomial kernel has degree 1 to 16 and a finite constant");
    for (size_t l = 0; options->class_weights != NULL && l < label_count; l++)
        if (!positive(options->class_weights[l]))
            return qs_fail(err, QS_EUSAGE, "a class weight must be a number above 0");
    return QS_OK;
}

static qs_status check_set(const qs_training_set *set, qs_error *err)
{
    size_t counts[QS_MODEL_MAX_LABELS];
    if (set->label_count > QS_MODEL_MAX_LABELS)
        return qs_fail(err, QS_EINPUT, "%zu different labels, at most %d are allowed", set->label_count,
                       QS_MODEL_MAX_LABELS);
    if (set_rows(set) == 0)
        return qs_fail(err, QS_EINPUT, "no items to learn from");
    if (set_rows(set) > SAFE_INT_ROWS || set->feature_count > QS_MODEL_MAX_FEATURES)
        return qs_fail(err, QS_ELIMIT, "more items or n-grams than the solvers can count");
    if (set->label_count < 2 || count_labels(set, counts) < 2)
        return qs_fail(err, QS_EINPUT, "all items have the same label; at least two labels are needed");
    for (size_t i = 0; i < set_rows(set); i++) {
        const uint32_t row = set_row(set, i);
        for (uint64_t e = set->vectors->starts[row]; e < set->vectors->starts[row + 1]; e++)
            if (!isfinite(set->vectors->values[e]))
                return qs_fail(err, QS_EINPUT, "item %u has a value that is not a number", row);
    }
    return QS_OK;
}

/* Rows grouped by label, so that the solvers' label order is ours. */
static qs_status task_open(qs_task *task, const qs_learn_job *job, qs_error *err)
{
    const qs_training_set *set = &job->set;
    size_t place[QS_MODEL_MAX_LABELS + 1] = {0};
    *task = (qs_task){.vectors = set->vectors,
                      .feature_count = set->feature_count,
                      .label_count = set->label_count,
                      .options = &job->options,
                      .row_count = set_rows(set)};
    task->rows = qs_alloc(task->row_count, sizeof *task->rows);
    task->targets = qs_alloc(task->row_count, sizeof *task->targets);
    if (task->rows == NULL || task->targets == NULL)
        return qs_fail(err, QS_ENOMEM, "rows to learn from");
    for (size_t i = 0; i < task->row_count; i++)
        place[set->labels[set_row(set, i)] + 1]++;
    for (size_t l = 1; l <= set->label_count; l++)
        place[l] += place[l - 1];
    for (size_t i = 0; i < task->row_count; i++) {
        const uint32_t label = set->labels[set_row(set, i)];
        task->targets[place[label]] = (double)(label + 1);
        task->rows[place[label]++] = set_row(set, i);
    }
    return QS_OK;
}

static void task_close(qs_task *task)
{
    qs_free(task->rows);
    qs_free(task->targets);
}

static bool by_libsvm(const qs_task *task)
{
    return task->options->solver <= QS_NU_SVC;
}

static qs_status train_in_child(void *context, size_t index, qs_buf *answer, qs_error *err)
{
    const qs_task *task = (const qs_task *)context + index;
    return by_libsvm(task) ? qs_svm_train(task, answer, err) : qs_linear_train(task, answer, err);
}

qs_status qs_learned_collapse(qs_learned *learned, const qs_vectors *vectors, qs_error *err)
{
    const size_t width = learned->output_count;
    size_t cells = 0;
    if (__builtin_mul_overflow(learned->feature_count, width, &cells))
        return qs_fail(err, QS_ENOMEM, "weights of %zu features", learned->feature_count);
    double *sums = qs_alloc_zero(cells, sizeof *sums);
    learned->weights = qs_alloc(cells, sizeof *learned->weights);
    if (sums == NULL || learned->weights == NULL) {
        qs_free(sums);
        return qs_fail(err, QS_ENOMEM, "weights of %zu features", learned->feature_count);
    }
    for (size_t s = 0; s < learned->support_count; s++) {
        const double *coefficients = learned->coefficients + s * width;
        const uint32_t row = learned->support[s];
        for (uint64_t e = vectors->starts[row]; e < vectors->starts[row + 1]; e++)
            for (size_t o = 0; o < width; o++)
                sums[vectors->indices[e] * width + o] += coefficients[o] * (double)vectors->values[e];
    }
    for (size_t i = 0; i < cells; i++)
        learned->weights[i] = (float)sums[i];
    qs_free(sums);
    qs_free(learned->support);
    qs_free(learned->coefficients);
    learned->support = NULL;
    learned->coefficients = NULL;
    learned->support_count = 0;
    return QS_OK;
}

static qs_status finish(qs_learn_job *job, const qs_task *task, qs_str answer, qs_error *err)
{
    qs_learned *learned = &job->learned;
    *learned = (qs_learned){.label_count = task->label_count, .feature_count = task->feature_count};
    if (!by_libsvm(task))
        return qs_linear_unpack(learned, task, answer, err);
    qs_status status = qs_svm_unpack(learned, task, answer, err);
    if (status == QS_OK && learned->kernel == QS_LINEAR && !job->keep_support)
        status = qs_learned_collapse(learned, task->vectors, err);
    return status;
}

/* One libsvm form for each different Gram matrix; jobs that share a matrix stand together. */
static qs_status share_grams(qs_task *tasks, const qs_learn_job *jobs, size_t count, void **forms,
                             qs_error *err)
{
    for (size_t i = 0; i < count; i++) {
        const qs_gram *gram = jobs[i].gram;
        if (gram == NULL || !by_libsvm(&tasks[i]) || tasks[i].options->kernel != QS_LINEAR)
            continue;
        for (size_t j = 0; j < i && tasks[i].gram_nodes == NULL; j++)
            if (jobs[j].gram == gram)
                tasks[i].gram_nodes = tasks[j].gram_nodes;
        if (tasks[i].gram_nodes == NULL)
            tasks[i].gram_nodes = forms[i] = qs_svm_gram_nodes(gram);
        tasks[i].gram_rows = gram->rows;
        if (tasks[i].gram_nodes == NULL)
            return qs_fail(err, QS_ENOMEM, "inner products of %zu items", gram->rows);
    }
    return QS_OK;
}

qs_status qs_learn_many(qs_learn_job *jobs, size_t count, size_t processes, qs_error *err)
{
    qs_task *tasks = qs_alloc_zero(count, sizeof *tasks);
    qs_buf *answers = qs_alloc_zero(count, sizeof *answers);
    void **forms = qs_alloc_zero(count, sizeof *forms);
    qs_status status = QS_OK;

    for (size_t i = 0; i < count; i++)
        jobs[i].learned = (qs_learned){0};
    if (tasks == NULL || answers == NULL || forms == NULL)
        status = qs_fail(err, QS_ENOMEM, "%zu trainings", count);
    for (size_t i = 0; status == QS_OK && i < count; i++) {
        status = check_set(&jobs[i].set, err);
        if (status == QS_OK)
            status = check_options(&jobs[i].options, jobs[i].set.label_count, err);
        if (status == QS_OK)
            status = task_open(&tasks[i], &jobs[i], err);
    }
    if (status == QS_OK)
        status = share_grams(tasks, jobs, count, forms, err);
    if (status == QS_OK)
        status = qs_children_run(processes, count, train_in_child, tasks, answers, err);
    for (size_t i = 0; status == QS_OK && i < count; i++)
        status = finish(&jobs[i], &tasks[i], qs_buf_view(&answers[i]), err);
    for (size_t i = 0; i < count; i++) {
        if (tasks != NULL)
            task_close(&tasks[i]);
        if (answers != NULL)
            qs_buf_free(&answers[i]);
        if (forms != NULL)
            qs_free(forms[i]);
        if (status != QS_OK)
            qs_learned_free(&jobs[i].learned);
    }
    qs_free(tasks);
    qs_free(answers);
    qs_free(forms);
    return status;
}

qs_status qs_learn(qs_learned *out, const qs_training_set *set, const qs_learner_options *options,
                   qs_error *err)
{
    qs_learn_job job = {.set = *set, .options = *options};
    const qs_status status = qs_learn_many(&job, 1, 1, err);
    *out = job.learned;
    return status;
}

void qs_learned_decide(const qs_learned *learned, const qs_vectors *vectors, size_t row, double *outputs)
{
    const size_t width = learned->output_count;
    for (size_t o = 0; o < width; o++)
        outputs[o] = 0;
    for (uint64_t e = vectors->starts[row]; e < vectors->starts[row + 1]; e++)
        for (size_t o = 0; o < width; o++)
            outputs[o] += (double)vectors->values[e] *
                          (double)learned->weights[vectors->indices[e] * width + o];
    for (size_t o = 0; o < width; o++)
        outputs[o] += learned->bias[o];
}

void qs_learned_decide_gram(const qs_learned *learned, const qs_gram *gram, size_t row, double *outputs)
{
    const size_t width = learned->output_count;
    for (size_t o = 0; o < width; o++)
        outputs[o] = 0;
    for (size_t s = 0; s < learned->support_count; s++)
        for (size_t o = 0; o < width; o++)
            outputs[o] += learned->coefficients[s * width + o] *
                          gram->products[row * gram->rows + learned->support[s]];
    for (size_t o = 0; o < width; o++)
        outputs[o] += learned->bias[o];
}
