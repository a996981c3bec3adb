/* Many trainings at once: one child for each training of libsvm, for each column of liblinear and for each few columns of
 * our own descent, over shared forms of the vectors. SPDX-License-Identifier: MIT */
#include "model/child.h"
#include "model/learner_impl.h"

/* Rows grouped by label, so that the solvers' label order is ours. */
static qs_status task_open(qs_task *task, const qs_learn_job *job, qs_error *err)
{
    const qs_training_set *set = &job->set;
    size_t place[QS_MODEL_MAX_LABELS + 1] = {0};
    *task = (qs_task){.vectors = set->vectors,
                      .feature_count = set->feature_count,
                      .label_count = set->label_count,
                      .options = &job->options,
                      .row_count = qs_set_rows(set)};
    task->rows = qs_alloc(task->row_count, sizeof *task->rows);
    task->targets = qs_alloc(task->row_count, sizeof *task->targets);
    if (task->rows == NULL || task->targets == NULL)
        return qs_fail(err, QS_ENOMEM, "rows to learn from");
    for (size_t i = 0; i < task->row_count; i++)
        place[set->labels[qs_set_row(set, i)] + 1]++;
    for (size_t l = 1; l <= set->label_count; l++)
        place[l] += place[l - 1];
    for (size_t i = 0; i < task->row_count; i++) {
        const uint32_t label = set->labels[qs_set_row(set, i)];
        task->targets[place[label]] = (double)(label + 1);
        task->rows[place[label]++] = qs_set_row(set, i);
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

static bool by_descent(const qs_task *task)
{
    return task->options->solver == QS_DESCENT_SVC;
}

/* All there is for a call of qs_learn_all. */
typedef struct school {
    qs_learn_job *jobs;
    size_t count;
    qs_task *tasks;        /* one a job; rows and targets are its own */
    qs_task *children;     /* tasks of one child each, borrowed from `tasks` */
    size_t *first_child;   /* of each job; count + 1 */
    qs_buf *answers;       /* one a child */
    void **grams;          /* libsvm's forms, at the first job that uses each */
    qs_linear_form *forms; /* liblinear's, likewise */
    qs_descent_form *descents;
} school;

static qs_status train_in_child(void *context, size_t index, qs_buf *answer, qs_error *err)
{
    const qs_task *task = (const qs_task *)context + index;
    return by_libsvm(task)    ? qs_svm_train(task, answer, err)
           : by_descent(task) ? qs_descent_train(task, answer, err)
                              : qs_linear_train(task, answer, err);
}

/* One libsvm form for each different Gram matrix; jobs that share a matrix stand together. */
static qs_status share_grams(school *s, qs_error *err)
{
    for (size_t i = 0; i < s->count; i++) {
        const qs_gram *gram = s->jobs[i].gram;
        if (gram == NULL || !by_libsvm(&s->tasks[i]) || s->tasks[i].options->kernel != QS_LINEAR)
            continue;
        for (size_t j = 0; j < i && s->tasks[i].gram_nodes == NULL; j++)
            if (s->jobs[j].gram == gram)
                s->tasks[i].gram_nodes = s->tasks[j].gram_nodes;
        if (s->tasks[i].gram_nodes == NULL)
            s->tasks[i].gram_nodes = s->grams[i] = qs_svm_gram_nodes(gram);
        s->tasks[i].gram_rows = gram->rows;
        if (s->tasks[i].gram_nodes == NULL)
            return qs_fail(err, QS_ENOMEM, "inner products of %zu items", gram->rows);
    }
    return QS_OK;
}

/* One form of each different set of vectors for each linear solver. */
static qs_status share_vectors(school *s, size_t processes, qs_vectors *spent, qs_error *err)
{
    qs_status status = QS_OK;
    for (size_t i = 0; i < s->count && status == QS_OK; i++) {
        qs_task *task = &s->tasks[i];
        if (by_libsvm(task))
            continue;
        for (size_t j = 0; j < i && task->linear == NULL && task->descent == NULL; j++)
            if (by_descent(&s->tasks[j]) == by_descent(task) && s->tasks[j].vectors == task->vectors) {
                task->linear = s->tasks[j].linear;
                task->descent = s->tasks[j].descent;
            }
        if (task->linear != NULL || task->descent != NULL)
            continue;
        qs_vectors *const own = spent == task->vectors ? spent : NULL;
        if (by_descent(task)) {
            status = qs_descent_form_make(&s->descents[i], task->vectors, own, processes, err);
            task->descent = &s->descents[i];
        } else {
            status = qs_linear_form_make(&s->forms[i], task->vectors, own, processes, err);
            task->linear = &s->forms[i];
        }
    }
    return status;
}

/* Columns that one child learns, and how many children the task takes. */
static size_t columns_of_child(const qs_task *task)
{
    return by_descent(task) ? QS_DESCENT_LANES : 1;
}

static size_t children_of(const qs_task *task)
{
    const size_t each = columns_of_child(task);
    return by_libsvm(task) ? 1 : (qs_linear_columns(task) + each - 1) / each;
}

static qs_status plan_children(school *s, qs_error *err)
{
    size_t total = 0;
    for (size_t i = 0; i < s->count; i++) {
        s->first_child[i] = total;
        total += children_of(&s->tasks[i]);
    }
    s->first_child[s->count] = total;
    s->children = qs_alloc(total, sizeof *s->children);
    s->answers = qs_alloc_zero(total, sizeof *s->answers);
    if (s->children == NULL || s->answers == NULL)
        return qs_fail(err, QS_ENOMEM, "%zu trainings", total);
    for (size_t i = 0; i < s->count; i++)
        for (size_t c = s->first_child[i]; c < s->first_child[i + 1]; c++) {
            s->children[c] = s->tasks[i];
            s->children[c].column = (c - s->first_child[i]) * columns_of_child(&s->tasks[i]);
        }
    return QS_OK;
}

static qs_status open_school(school *s, qs_error *err)
{
    qs_status status = QS_OK;
    s->tasks = qs_alloc_zero(s->count, sizeof *s->tasks);
    s->first_child = qs_alloc_zero(s->count + 1, sizeof *s->first_child);
    s->grams = qs_alloc_zero(s->count, sizeof *s->grams);
    s->forms = qs_alloc_zero(s->count, sizeof *s->forms);
    s->descents = qs_alloc_zero(s->count, sizeof *s->descents);
    if (s->tasks == NULL || s->first_child == NULL || s->grams == NULL || s->forms == NULL || s->descents == NULL)
        return qs_fail(err, QS_ENOMEM, "%zu trainings", s->count);
    for (size_t i = 0; status == QS_OK && i < s->count; i++) {
        const qs_learn_job *job = &s->jobs[i];
        status = qs_learner_check_set(&job->set, err);
        if (status == QS_OK)
            status = qs_learner_check_options(&job->options, job->set.label_count, err);
        if (status == QS_OK)
            status = task_open(&s->tasks[i], job, err);
    }
    return status;
}

static void close_school(school *s)
{
    for (size_t i = 0; s->first_child != NULL && s->answers != NULL && i < s->first_child[s->count]; i++)
        qs_buf_free(&s->answers[i]);
    for (size_t i = 0; i < s->count; i++) {
        if (s->tasks != NULL)
            task_close(&s->tasks[i]);
        if (s->grams != NULL)
            qs_free(s->grams[i]);
        if (s->forms != NULL)
            qs_linear_form_free(&s->forms[i]);
        if (s->descents != NULL)
            qs_descent_form_free(&s->descents[i]);
    }
    qs_free(s->tasks);
    qs_free(s->children);
    qs_free(s->first_child);
    qs_free(s->answers);
    qs_free(s->grams);
    qs_free(s->forms);
    qs_free(s->descents);
}

static qs_status finish(school *s, size_t i, qs_error *err)
{
    qs_learn_job *job = &s->jobs[i];
    const qs_task *task = &s->tasks[i];
    const qs_buf *answers = &s->answers[s->first_child[i]];
    job->learned = (qs_learned){.label_count = task->label_count, .feature_count = task->feature_count};
    if (!by_libsvm(task))
        return qs_linear_unpack(&job->learned, task, answers, s->first_child[i + 1] - s->first_child[i], err);
    qs_status status = qs_svm_unpack(&job->learned, task, qs_buf_view(answers), err);
    if (status == QS_OK && job->learned.kernel == QS_LINEAR && !job->keep_support)
        status = qs_learned_collapse(&job->learned, task->vectors, err);
    return status;
}

qs_status qs_learn_all(qs_learn_job *jobs, size_t count, size_t processes, qs_vectors *spent, qs_error *err)
{
    school s = {.jobs = jobs, .count = count};
    for (size_t i = 0; i < count; i++)
        jobs[i].learned = (qs_learned){0};
    qs_status status = open_school(&s, err);
    if (status == QS_OK)
        status = share_grams(&s, err);
    if (status == QS_OK)
        status = share_vectors(&s, processes, spent, err);
    if (status == QS_OK)
        status = plan_children(&s, err);
    if (status == QS_OK)
        status = qs_children_run(processes, s.first_child[count], train_in_child, s.children, s.answers, err);
    for (size_t i = 0; status == QS_OK && i < count; i++)
        status = finish(&s, i, err);
    for (size_t i = 0; status != QS_OK && i < count; i++)
        qs_learned_free(&jobs[i].learned);
    close_school(&s);
    return status;
}

qs_status qs_learn_many(qs_learn_job *jobs, size_t count, size_t processes, qs_error *err)
{
    return qs_learn_all(jobs, count, processes, NULL, err);
}

qs_status qs_learn(qs_learned *out, const qs_training_set *set, const qs_learner_options *options,
                   qs_error *err)
{
    qs_learn_job job = {.set = *set, .options = *options};
    const qs_status status = qs_learn_many(&job, 1, 1, err);
    *out = job.learned;
    return status;
}
