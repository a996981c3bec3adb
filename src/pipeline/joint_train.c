/* Heads with the same labels become the tasks of one joint problem. SPDX-License-Identifier: MIT */
#include "pipeline/joint_train.h"

#include "base/workers.h"
#include "model/joint.h"
#include "model/model.h"

#define WEIGHTS_MAX (UINT64_C(1) << 26) /* beyond so many shared weights each head learns by itself */
#define LABEL_WITHOUT_ROWS (-1.0)
#define WAVE_BYTES (UINT64_C(1) << 28) /* of vectors of folds that are worked on at once */

/* Heads that learn together; entries are the rows of the first head, then of the second... */
typedef struct unit {
    qs_joint_set set;
    size_t *heads;
    size_t *first_entry; /* of each head */
    size_t head_count;
    size_t label_count;
    uint32_t *rows, *tasks, *labels, *folds;
    double *costs;
} unit;

/* One decision to learn: label `label` of a unit at one of the costs, on all rows (fold UINT32_MAX) or without a fold. */
typedef struct decision {
    const unit *unit;
    const qs_vectors *vectors;
    uint32_t label;
    uint32_t fold;
    size_t cost;
} decision;

typedef struct joint_work {
    const qs_joint_plan *plan;
    qs_learned *learned;
    double *const *const *outputs; /* per cost and head */
    const double *costs;
    size_t cost_count;
    qs_arena arena;
    unit *units;
    size_t unit_count;
    decision *decisions;
    size_t decision_count;
    qs_joint *solvers; /* one per worker */
    size_t solver_count;
} joint_work;

static bool same_labels(const qs_head_plan *a, const qs_head_plan *b)
{
    bool same = a->label_count == b->label_count;
    for (size_t l = 0; same && l < a->label_count; l++)
        same = qs_str_equal(a->labels[l], b->labels[l]);
    return same;
}

/* Deals the heads to units. */
static qs_status group_heads(joint_work *w, qs_error *err)
{
    const qs_joint_plan *plan = w->plan;
    const bool small = plan->feature_count < WEIGHTS_MAX / (plan->head_count + 1);
    w->units = qs_arena_alloc(&w->arena, plan->head_count, sizeof *w->units);
    if (w->units == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    for (size_t h = 0; h < plan->head_count; h++) {
        size_t u = 0;
        while (u < w->unit_count && !(plan->share > 0 && small &&
                                      same_labels(&plan->heads[w->units[u].heads[0]], &plan->heads[h])))
            u++;
        unit *into = &w->units[u];
        if (u == w->unit_count) {
            w->unit_count++;
            into->label_count = plan->heads[h].label_count;
            into->heads = qs_arena_alloc(&w->arena, plan->head_count, sizeof *into->heads);
            into->first_entry = qs_arena_alloc(&w->arena, plan->head_count, sizeof *into->first_entry);
            if (into->heads == NULL || into->first_entry == NULL)
                return qs_fail(err, QS_ENOMEM, "out of memory");
        }
        into->first_entry[into->head_count] = into->set.entry_count;
        into->heads[into->head_count++] = h;
        into->set.entry_count += plan->heads[h].row_count;
    }
    return QS_OK;
}

static qs_status add_entries(unit *u, const qs_joint_plan *plan, size_t task, qs_error *err)
{
    const size_t number = u->heads[task];
    const qs_head_plan *head = &plan->heads[number];
    double weights[QS_MODEL_MAX_LABELS];
    bool weighted = false;
    const qs_status status = qs_head_class_weights(weights, &weighted, head, plan->class_weight, err);
    for (size_t i = 0; status == QS_OK && i < head->row_count; i++) {
        const size_t e = u->first_entry[task] + i;
        u->rows[e] = head->rows[i];
        u->tasks[e] = (uint32_t)task;
        u->labels[e] = head->row_labels[i];
        u->folds[e] = plan->source == NULL || plan->source->folds[number] == NULL
                          ? UINT32_MAX
                          : plan->source->folds[number][i];
        u->costs[e] = weighted ? weights[head->row_labels[i]] : 1;
    }
    return status;
}

static qs_status fill_unit(joint_work *w, unit *u, qs_error *err)
{
    const size_t count = u->set.entry_count;
    qs_status status = QS_OK;
    u->rows = qs_arena_alloc(&w->arena, count, sizeof *u->rows);
    u->tasks = qs_arena_alloc(&w->arena, count, sizeof *u->tasks);
    u->labels = qs_arena_alloc(&w->arena, count, sizeof *u->labels);
    u->folds = qs_arena_alloc(&w->arena, count, sizeof *u->folds);
    u->costs = qs_arena_alloc(&w->arena, count, sizeof *u->costs);
    if (u->rows == NULL || u->tasks == NULL || u->labels == NULL || u->folds == NULL || u->costs == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    for (size_t task = 0; status == QS_OK && task < u->head_count; task++)
        status = add_entries(u, w->plan, task, err);
    u->set.rows = u->rows;
    u->set.tasks = u->tasks;
    u->set.costs = u->costs;
    u->set.task_count = u->head_count;
    u->set.share = u->head_count > 1 ? w->plan->share : 1;
    return status;
}

static qs_status make_room(joint_work *w, const unit *u, qs_error *err)
{
    for (size_t task = 0; w->learned != NULL && task < u->head_count; task++) {
        qs_learned *learned = &w->learned[u->heads[task]];
        size_t cells = 0;
        *learned = (qs_learned){.decision = QS_ONE_VS_REST, .kernel = QS_LINEAR,
                                .label_count = u->label_count, .feature_count = w->plan->feature_count,
                                .output_count = qs_output_count(QS_ONE_VS_REST, u->label_count)};
        learned->bias = qs_alloc_zero(learned->output_count, sizeof *learned->bias);
        if (!__builtin_mul_overflow(learned->feature_count, learned->output_count, &cells))
            learned->weights = qs_alloc_zero(cells, sizeof *learned->weights);
        if (learned->bias == NULL || learned->weights == NULL)
            return qs_fail(err, QS_ENOMEM, "weights of %zu features", learned->feature_count);
    }
    return QS_OK;
}

/* The decisions of one fold (UINT32_MAX: of all rows) at all costs, added to the list. */
static void list_decisions(joint_work *w, const qs_vectors *vectors, uint32_t fold)
{
    for (size_t u = 0; u < w->unit_count; u++) {
        const size_t columns = qs_output_count(QS_ONE_VS_REST, w->units[u].label_count);
        bool folded = fold == UINT32_MAX;
        for (size_t e = 0; e < w->units[u].set.entry_count && !folded; e++)
            folded = w->units[u].folds[e] == fold;
        for (size_t k = 0; folded && k < w->cost_count; k++)
            for (uint32_t l = 0; l < columns; l++)
                w->decisions[w->decision_count++] = (decision){&w->units[u], vectors, l, fold, k};
    }
}

static void keep_outputs(joint_work *w, const decision *d, const qs_joint *solver, const qs_joint_set *set)
{
    const unit *u = d->unit;
    const size_t columns = qs_output_count(QS_ONE_VS_REST, u->label_count);
    for (size_t e = 0; e < u->set.entry_count; e++) {
        double *into = w->outputs[d->cost][u->heads[u->tasks[e]]];
        if (u->folds[e] == d->fold && into != NULL)
            into[(e - u->first_entry[u->tasks[e]]) * columns + d->label] =
                solver == NULL ? LABEL_WITHOUT_ROWS : qs_joint_output(solver, set, e);
    }
}

static void keep_weights(joint_work *w, const decision *d, const qs_joint *solver)
{
    const unit *u = d->unit;
    for (size_t task = 0; task < u->head_count; task++) {
        qs_learned *learned = &w->learned[u->heads[task]];
        for (size_t f = 0; f < learned->feature_count; f++)
            learned->weights[f * learned->output_count + d->label] = (float)qs_joint_weight(solver, f, task);
        learned->bias[d->label] = qs_joint_weight(solver, learned->feature_count, task);
    }
}

static qs_status decide(void *context, size_t index, size_t worker, qs_error *err)
{
    joint_work *w = context;
    const decision *d = &w->decisions[index];
    const unit *u = d->unit;
    uint32_t *entries = qs_alloc(u->set.entry_count, sizeof *entries);
    signed char *signs = qs_alloc(u->set.entry_count, sizeof *signs);
    size_t count = 0;
    size_t positive = 0;
    qs_joint_set set = u->set;
    set.vectors = d->vectors;
    set.feature_count = d->vectors->features;
    qs_status status = entries == NULL || signs == NULL ? qs_fail(err, QS_ENOMEM, "out of memory") : QS_OK;
    for (size_t e = 0; status == QS_OK && e < u->set.entry_count; e++) {
        signs[e] = u->labels[e] == d->label ? 1 : -1;
        if (d->fold != UINT32_MAX && u->folds[e] == d->fold)
            continue;
        positive += signs[e] > 0;
        entries[count++] = (uint32_t)e;
    }
    const bool possible = positive > 0 && positive < count;
    if (status == QS_OK && possible)
        status = qs_joint_learn(&w->solvers[worker], &set, entries, count, signs, w->costs[d->cost], w->plan->seed, err);
    if (status == QS_OK && d->fold != UINT32_MAX)
        keep_outputs(w, d, possible ? &w->solvers[worker] : NULL, &set);
    else if (status == QS_OK)
        keep_weights(w, d, &w->solvers[worker]);
    qs_free(entries);
    qs_free(signs);
    return status;
}

static qs_status open_work(joint_work *w, uint32_t folds_at_once, qs_error *err)
{
    size_t columns = 0;
    qs_status status = group_heads(w, err);
    for (size_t u = 0; u < w->unit_count && status == QS_OK; u++) {
        status = fill_unit(w, &w->units[u], err);
        columns += w->units[u].label_count;
    }
    w->solver_count = w->plan->jobs == 0 ? 1 : w->plan->jobs;
    w->decisions = qs_arena_alloc(&w->arena, columns * folds_at_once * w->cost_count, sizeof *w->decisions);
    w->solvers = qs_alloc_zero(w->solver_count, sizeof *w->solvers);
    if (status == QS_OK && (w->decisions == NULL || w->solvers == NULL))
        status = qs_fail(err, QS_ENOMEM, "out of memory");
    return status;
}

static void close_work(joint_work *w)
{
    for (size_t i = 0; w->solvers != NULL && i < w->solver_count; i++)
        qs_joint_free(&w->solvers[i]);
    qs_free(w->solvers);
    qs_arena_free(&w->arena);
}

qs_status qs_joint_train(qs_learned *learned, const qs_joint_plan *plan, qs_error *err)
{
    joint_work w = {.plan = plan, .learned = learned, .costs = &plan->c, .cost_count = 1};
    qs_status status = open_work(&w, 1, err);
    for (size_t u = 0; u < w.unit_count && status == QS_OK; u++)
        status = make_room(&w, &w.units[u], err);
    if (status == QS_OK) {
        list_decisions(&w, plan->vectors, UINT32_MAX);
        status = qs_workers_run(w.solver_count, w.decision_count, decide, &w, err);
    }
    for (size_t h = 0; status != QS_OK && h < plan->head_count; h++)
        qs_learned_free(&learned[h]);
    close_work(&w);
    return status;
}

/* Makes the vectors of folds [from, to), and decides on them. */
static qs_status run_wave(joint_work *w, qs_vectors *vectors, uint32_t from, uint32_t to, qs_error *err)
{
    qs_status status = QS_OK;
    w->decision_count = 0;
    for (uint32_t f = from; f < to && status == QS_OK; f++) {
        status = qs_fold_vectors_make(&vectors[f - from], w->plan->source, f, w->solver_count, err);
        list_decisions(w, &vectors[f - from], f);
    }
    if (status == QS_OK)
        status = qs_workers_run(w->solver_count, w->decision_count, decide, w, err);
    for (uint32_t f = from; f < to; f++)
        qs_vectors_free(&vectors[f - from]);
    return status;
}

qs_status qs_joint_hold_out(double *const *const *outputs, const double *costs, size_t cost_count,
                            const qs_joint_plan *plan, qs_error *err)
{
    const qs_vectors *all = plan->source->vectors;
    const uint64_t bytes = all->starts[all->rows] * (sizeof *all->indices + sizeof *all->values) + 1;
    uint32_t wave = (uint32_t)(WAVE_BYTES / bytes < plan->fold_count ? WAVE_BYTES / bytes : plan->fold_count);
    joint_work w = {.plan = plan, .outputs = outputs, .costs = costs, .cost_count = cost_count};
    wave = wave == 0 ? 1 : wave;
    qs_status status = open_work(&w, wave, err);
    qs_vectors *vectors = qs_arena_alloc(&w.arena, wave, sizeof *vectors);
    if (status == QS_OK && vectors == NULL)
        status = qs_fail(err, QS_ENOMEM, "out of memory");
    for (uint32_t f = 0; f < plan->fold_count && status == QS_OK; f += wave)
        status = run_wave(&w, vectors, f, f + wave < plan->fold_count ? f + wave : plan->fold_count, err);
    close_work(&w);
    return status;
}
