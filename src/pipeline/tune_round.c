/* One round of tuning: one set of features, all costs, all folds, all heads. SPDX-License-Identifier: MIT */
#include "features/target.h"
#include "features/vector.h"
#include "model/learner.h"
#include "model/predict.h"
#include "pipeline/train.h"
#include "pipeline/tune.h"

#define UNTOLD UINT32_MAX
#define GRAM_ROWS_MAX 6000 /* beyond, the inner products take more memory than they save time */

typedef struct round_work {
    const qs_tune_set *set;
    const qs_train_options *options;
    const double *costs;
    size_t cost_count;
    qs_arena arena;
    qs_feature_spec spec;
    qs_vocabulary vocabulary;
    qs_vectors vectors;
    qs_fold_source source;
    uint32_t **told; /* per head: label numbers of its rows, cost by cost; UNTOLD where there is none */
} round_work;

/* The head at work: its rows alone, numbered from 0. */
typedef struct head_work {
    const qs_head_plan *plan;
    const uint32_t *folds;
    qs_vectors vectors;
    qs_gram gram;
    bool by_gram;
    double weights[QS_MODEL_MAX_LABELS];
    bool weighted;
    uint32_t **seen; /* per fold: rows outside it */
    size_t *seen_counts;
} head_work;

static qs_status vectorise(round_work *w, qs_error *err)
{
    const qs_tune_set *set = w->set;
    qs_word_classes *classes = NULL;
    qs_item *items = qs_arena_alloc(&w->arena, set->count, sizeof *items);
    qs_status status = qs_train_spec(&w->spec, &classes, w->options, err);
    if (status == QS_OK && items == NULL)
        status = qs_fail(err, QS_ENOMEM, "out of memory");
    for (size_t i = 0; status == QS_OK && i < set->count; i++) {
        items[i] = set->dataset->items[set->rows[i]];
        if (w->options->target_fields)
            qs_item_locate(&items[i], set->dataset->rows[set->rows[i]].target);
    }
    if (status == QS_OK)
        status = qs_vocabulary_build(&w->vocabulary, &w->spec, items, set->count, w->options->jobs, err);
    if (status == QS_OK)
        status = qs_vectors_build(&w->vectors, &w->vocabulary, &w->spec, items, set->count,
                                  w->options->jobs, err);
    w->source = (qs_fold_source){.vocabulary = &w->vocabulary, .vectors = &w->vectors, .spec = &w->spec,
                                 .heads = set->heads, .head_count = set->head_count, .folds = set->folds,
                                 .odds = w->options->odds, .evidence = w->options->evidence,
                                 .char_weight = w->options->char_weight};
    qs_word_classes_destroy(classes);
    return status;
}

static qs_status split(head_work *h, const round_work *w, qs_arena *arena, qs_error *err)
{
    const uint32_t folds = w->set->fold_count;
    h->seen = qs_arena_alloc(arena, folds, sizeof *h->seen);
    h->seen_counts = qs_arena_alloc(arena, folds, sizeof *h->seen_counts);
    for (uint32_t f = 0; f < folds; f++) {
        uint32_t *seen = qs_arena_alloc(arena, h->plan->row_count + 1, sizeof *seen);
        if (h->seen == NULL || h->seen_counts == NULL || seen == NULL)
            return qs_fail(err, QS_ENOMEM, "out of memory");
        for (uint32_t i = 0; i < h->plan->row_count; i++)
            if (h->folds[i] != f)
                seen[h->seen_counts[f]++] = i;
        h->seen[f] = seen;
    }
    return QS_OK;
}

static qs_status open_head(head_work *h, round_work *w, const qs_vectors *vectors, qs_error *err)
{
    const qs_head_plan *plan = h->plan;
    qs_status status = qs_vectors_select(&h->vectors, vectors, plan->rows, plan->row_count, err);
    if (status == QS_OK)
        status = split(h, w, &w->arena, err);
    if (status != QS_OK)
        return status;
    status = qs_head_class_weights(h->weights, &h->weighted, plan, w->options->class_weight, err);
    h->by_gram = w->options->learner != QS_LEARNER_LIBLINEAR && w->options->learner != QS_LEARNER_DESCENT &&
                 plan->row_count <= GRAM_ROWS_MAX;
    if (status == QS_OK && h->by_gram)
        status = qs_gram_compute(&h->gram, &h->vectors, NULL, 0, w->options->jobs, err);
    return status;
}

static void close_head(head_work *h)
{
    qs_gram_free(&h->gram);
    qs_vectors_free(&h->vectors);
}

static qs_learn_job plan_job(const head_work *h, const round_work *w, double cost, uint32_t fold)
{
    qs_learn_job job = {.set = {.vectors = &h->vectors, .feature_count = h->vectors.features,
                                .labels = h->plan->row_labels, .label_count = h->plan->label_count,
                                .rows = h->seen[fold], .row_count = h->seen_counts[fold]},
                        .options = qs_learner_defaults()};
    job.options.solver = h->by_gram                                  ? QS_C_SVC
                         : w->options->learner == QS_LEARNER_DESCENT ? QS_DESCENT_SVC
                                                                     : QS_LINEAR_SVC;
    job.options.c = cost;
    job.options.class_weights = h->weighted ? h->weights : NULL;
    job.options.seed = w->options->seed;
    job.gram = h->by_gram ? &h->gram : NULL;
    job.keep_support = h->by_gram;
    return job;
}

/* Labels of the rows the job has not seen. */
static void judge(const head_work *h, const qs_learn_job *job, uint32_t fold, uint32_t *told, double *outputs)
{
    const qs_learned *learned = &job->learned;
    const qs_head head = {.label_count = learned->label_count, .decision = learned->decision,
                          .output_count = learned->output_count};
    double scores[QS_MODEL_MAX_LABELS];
    for (size_t i = 0; i < h->plan->row_count; i++) {
        if (h->folds[i] != fold)
            continue;
        if (h->by_gram)
            qs_learned_decide_gram(learned, &h->gram, i, outputs);
        else
            qs_learned_decide(learned, &h->vectors, i, outputs);
        told[i] = (uint32_t)qs_head_scores(&head, outputs, scores);
    }
}

/* Learns and judges costs [first, first + costs) in `folds` folds from `fold` on. */
static qs_status try_costs(const head_work *h, round_work *w, uint32_t *told, size_t first, size_t costs, uint32_t fold,
                           uint32_t folds, qs_error *err)
{
    const size_t labels = h->plan->label_count;
    qs_learn_job *jobs = qs_alloc_zero(costs * folds, sizeof *jobs);
    double *outputs = qs_alloc(labels * labels, sizeof *outputs);
    qs_status status = jobs == NULL || outputs == NULL ? qs_fail(err, QS_ENOMEM, "out of memory") : QS_OK;
    for (size_t k = 0; status == QS_OK && k < costs * folds; k++)
        jobs[k] = plan_job(h, w, w->costs[first + k / folds], fold + (uint32_t)(k % folds));
    if (status == QS_OK)
        status = qs_learn_many(jobs, costs * folds, w->options->jobs == 0 ? 1 : w->options->jobs, err);
    for (size_t k = 0; status == QS_OK && k < costs * folds; k++)
        judge(h, &jobs[k], fold + (uint32_t)(k % folds), told + (first + k / folds) * h->plan->row_count, outputs);
    for (size_t k = 0; jobs != NULL && k < costs * folds; k++)
        qs_learned_free(&jobs[k].learned);
    qs_free(outputs);
    qs_free(jobs);
    return status;
}

/* One head on vectors that hold for `folds` folds from `fold` on. */
static qs_status try_head(round_work *w, size_t number, const qs_vectors *vectors, uint32_t fold, uint32_t folds,
                          qs_error *err)
{
    head_work h = {.plan = &w->set->heads[number], .folds = w->set->folds[number]};
    qs_status status = open_head(&h, w, vectors, err);
    if (status == QS_OK && h.by_gram)
        status = try_costs(&h, w, w->told[number], 0, w->cost_count, fold, folds, err);
    for (size_t k = 0; status == QS_OK && !h.by_gram && k < w->cost_count; k += 2)
        status = try_costs(&h, w, w->told[number], k, 1, fold, folds, err); /* each is dear: every other step of the ladder */
    close_head(&h);
    return status;
}

/* Where labels are in the vectors, each fold has its own. */
static qs_status try_fold(round_work *w, uint32_t fold, qs_error *err)
{
    qs_vectors vectors = {0};
    const size_t jobs = w->options->jobs == 0 ? 1 : w->options->jobs;
    qs_status status = qs_fold_vectors_make(&vectors, &w->source, fold, jobs, err);
    for (size_t h = 0; status == QS_OK && h < w->set->head_count; h++)
        status = try_head(w, h, &vectors, fold, 1, err);
    qs_vectors_free(&vectors);
    return status;
}

/* The metric of heads [from, end), each by one of the costs; below 0 if one of them lacks labels. */
static qs_status measure(double *figure, const round_work *w, size_t from, size_t end, const size_t *chosen, qs_error *err)
{
    qs_metrics *metrics = NULL;
    qs_evaluation *evaluation = NULL;
    bool whole = true;
    qs_status status = qs_evaluation_create(&evaluation, NULL, 0, err);
    for (size_t h = from; h < end && whole; h++) {
        const qs_head_plan *plan = &w->set->heads[h];
        const uint32_t *told = w->told[h] + chosen[h] * plan->row_count;
        for (size_t i = 0; i < plan->row_count && whole && status == QS_OK; i++) {
            whole = told[i] != UNTOLD;
            const qs_evaluation_row row = {.head = plan->name, .gold = plan->labels[plan->row_labels[i]],
                                           .predicted = plan->labels[whole ? told[i] : 0]};
            status = qs_evaluation_add(evaluation, &row, err);
        }
    }
    if (status == QS_OK && whole)
        status = qs_metrics_create(&metrics, evaluation, NULL, err);
    *figure = metrics == NULL ? -1 : qs_metrics_overall(metrics)->values[w->set->metric];
    qs_metrics_destroy(metrics);
    qs_evaluation_destroy(evaluation);
    return status;
}

/* Each head by each cost, then all by the best of each; or, with one head, each cost. */
static qs_status measure_all(qs_tune_figure *figures, const round_work *w, qs_error *err)
{
    const size_t heads = w->set->head_count;
    size_t *chosen = qs_alloc_zero(heads, sizeof *chosen);
    qs_status status = chosen == NULL ? qs_fail(err, QS_ENOMEM, "out of memory") : QS_OK;
    for (size_t h = 0; h < heads && status == QS_OK; h++) {
        qs_tune_figure *own = figures + h * w->cost_count;
        for (size_t k = 0; k < w->cost_count && status == QS_OK; k++) {
            chosen[h] = k;
            status = measure(&own[k].plain, w, h, h + 1, chosen, err);
        }
        chosen[h] = qs_tune_best(own, w->cost_count);
    }
    if (heads > 1 && status == QS_OK)
        status = measure(&figures[heads * w->cost_count].plain, w, 0, heads, chosen, err);
    qs_free(chosen);
    return status;
}

static qs_status try_solver(qs_tune_figure *figures, round_work *w, qs_error *err)
{
    const qs_tune_set *set = w->set;
    qs_status status = QS_OK;
    w->told = qs_arena_alloc(&w->arena, set->head_count, sizeof *w->told);
    for (size_t h = 0; h < set->head_count && status == QS_OK && w->told != NULL; h++) {
        const size_t count = w->cost_count * set->heads[h].row_count;
        w->told[h] = qs_arena_alloc(&w->arena, count + 1, sizeof **w->told);
        for (size_t i = 0; w->told[h] != NULL && i < count; i++)
            w->told[h][i] = UNTOLD;
        status = w->told[h] == NULL ? qs_fail(err, QS_ENOMEM, "out of memory") : QS_OK;
    }
    if (w->told == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    for (size_t h = 0; status == QS_OK && !w->options->odds && h < set->head_count; h++)
        status = try_head(w, h, &w->vectors, 0, set->fold_count, err);
    for (uint32_t f = 0; status == QS_OK && w->options->odds && f < set->fold_count; f++)
        status = try_fold(w, f, err);
    return status == QS_OK ? measure_all(figures, w, err) : status;
}

size_t qs_tune_figure_count(const qs_tune_set *set, const qs_train_options *options, size_t cost_count)
{
    const bool apart = options->learner != QS_LEARNER_JOINT && set->head_count > 1;
    return apart ? set->head_count * cost_count + 1 : cost_count;
}

size_t qs_tune_best(const qs_tune_figure *figures, size_t count)
{
    size_t best = 0;
    for (size_t k = 1; k < count; k++)
        if (qs_tune_reached(&figures[k]) > qs_tune_reached(&figures[best]))
            best = k;
    return best;
}

qs_status qs_tune_round(qs_tune_figure *figures, const double *costs, size_t cost_count,
                        const qs_tune_set *set, const qs_train_options *options, qs_error *err)
{
    round_work w = {.set = set, .options = options, .costs = costs, .cost_count = cost_count};
    qs_status status = vectorise(&w, err);
    for (size_t k = 0; k < qs_tune_figure_count(set, options, cost_count); k++)
        figures[k] = (qs_tune_figure){-1, -1};
    if (status == QS_OK)
        status = options->learner == QS_LEARNER_JOINT
                     ? qs_tune_joint(figures, costs, cost_count, set, options, &w.source, err)
                     : try_solver(figures, &w, err);
    qs_vectors_free(&w.vectors);
    qs_vocabulary_free(&w.vocabulary);
    qs_arena_free(&w.arena);
    return status;
}
