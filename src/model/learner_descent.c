/* Linear support vector machines of up to four labels against the rest at once, by dual coordinate descent (Hsieh et al.
 * 2008, algorithm 1, with shrinking): the optimum of liblinear's L2-regularised L2-loss SVC, in one passage over the vectors
 * for all of these labels. SPDX-License-Identifier: MIT */
#include <math.h>
#include <string.h>

#include "base/rng.h"
#include "base/workers.h"
#include "model/learner_impl.h"

#define PASSES_MAX 1000 /* liblinear's */
#define ROWS_PER_WORK 512
#define ROWS_AHEAD 4 /* rows visited later whose whereabouts are fetched now */
#define WEIGHTS_AHEAD 48 /* entries of a row whose weights are fetched now */

/* Something for each of the labels that are learnt together; all that is done to it is done number by number. */
typedef float lanes __attribute__((vector_size(4 * QS_DESCENT_LANES), aligned(4)));

/* ---- vectors with columns for indices ---- */

typedef struct renumbering {
    const qs_vectors *vectors;
    const uint32_t *columns;
    uint32_t *out; /* may be the indices of the vectors */
} renumbering;

static qs_status renumber(void *context, size_t index, size_t worker, qs_error *err)
{
    const renumbering *r = context;
    const size_t first = index * ROWS_PER_WORK;
    const size_t end = first + ROWS_PER_WORK < r->vectors->rows ? first + ROWS_PER_WORK : r->vectors->rows;
    (void)worker;
    (void)err;
    for (uint64_t e = r->vectors->starts[first]; e < r->vectors->starts[end]; e++)
        r->out[e] = r->columns[r->vectors->indices[e]];
    return QS_OK;
}

qs_status qs_descent_form_make(qs_descent_form *out, const qs_vectors *vectors, qs_vectors *spent, size_t jobs,
                               qs_error *err)
{
    *out = (qs_descent_form){.spent = spent};
    qs_status status = qs_rank_columns(&out->columns, vectors, err);
    if (status != QS_OK)
        return status;
    out->indices = spent != NULL ? spent->indices : qs_alloc((size_t)vectors->starts[vectors->rows], sizeof *out->indices);
    if (out->indices == NULL)
        return qs_fail(err, QS_ENOMEM, "vectors for the solver");
    renumbering r = {.vectors = vectors, .columns = out->columns, .out = out->indices};
    return qs_workers_run(jobs, (vectors->rows + ROWS_PER_WORK - 1) / ROWS_PER_WORK, renumber, &r, err);
}

void qs_descent_form_free(qs_descent_form *form)
{
    if (form->spent == NULL)
        qs_free(form->indices);
    else
        qs_vectors_cut(form->spent, 0);
    qs_free(form->columns);
    *form = (qs_descent_form){0};
}

/* ---- in the child ---- */

/* What the labels at work want of a row, by its lane: that of its label, or QS_DESCENT_LANES for another's. */
typedef struct wish {
    lanes sign; /* 1 or -1 */
    lanes soft; /* 1 / (2 C) with the weight of the row's class */
} wish;

typedef struct descent {
    const qs_task *task;
    const uint32_t *indices;
    size_t width; /* lanes in use */
    wish wishes[QS_DESCENT_LANES + 1];
    unsigned char *own; /* lane of each row */
    lanes *weights;     /* of each column; the bias last */
    lanes *alphas;      /* of each row */
    float *lengths;     /* squared, of each row with its bias */
    uint32_t *order;    /* rows still to be visited come first */
    size_t active;
    lanes ceiling; /* a row whose slopes are all above, and alphas 0, needs no more visits */
    lanes highest, lowest;
} descent;

static void make_wishes(descent *d)
{
    uint32_t labels[QS_MODEL_MAX_LABELS];
    unsigned char lane_of[QS_MODEL_MAX_LABELS];
    const qs_task *task = d->task;
    const size_t present = qs_labels_present(task, labels);
    const size_t left = qs_linear_columns(task) - task->column;
    d->width = left < QS_DESCENT_LANES ? left : QS_DESCENT_LANES;
    memset(lane_of, QS_DESCENT_LANES, sizeof lane_of);
    for (size_t lane = 0; lane < d->width; lane++) {
        double weights[2];
        qs_column_weights(weights, task, labels, present, task->column + lane);
        lane_of[labels[task->column + lane]] = (unsigned char)lane;
        for (size_t own = 0; own <= QS_DESCENT_LANES; own++) {
            d->wishes[own].sign[lane] = own == lane ? 1 : -1;
            d->wishes[own].soft[lane] = (float)(0.5 / (task->options->c * weights[own != lane]));
        }
    }
    for (size_t i = 0; i < task->row_count; i++)
        d->own[i] = lane_of[(uint32_t)task->targets[i] - 1];
}

static qs_status open_descent(descent *d, const qs_task *task, qs_error *err)
{
    const qs_vectors *v = task->vectors;
    *d = (descent){.task = task, .indices = task->descent->indices, .active = task->row_count};
    d->weights = qs_alloc_zero(task->feature_count + 1, sizeof *d->weights);
    d->alphas = qs_alloc_zero(task->row_count, sizeof *d->alphas);
    d->lengths = qs_alloc(task->row_count, sizeof *d->lengths);
    d->order = qs_alloc(task->row_count, sizeof *d->order);
    d->own = qs_alloc(task->row_count, 1);
    if (d->weights == NULL || d->alphas == NULL || d->lengths == NULL || d->order == NULL || d->own == NULL)
        return qs_fail(err, QS_ENOMEM, "weights of %zu features", task->feature_count);
    make_wishes(d);
    for (size_t i = 0; i < task->row_count; i++) {
        double sum = 1;
        for (uint64_t e = v->starts[task->rows[i]]; e < v->starts[task->rows[i] + 1]; e++)
            sum += (double)v->values[e] * (double)v->values[e];
        d->lengths[i] = (float)sum;
        d->order[i] = (uint32_t)i;
    }
    return QS_OK;
}

static void close_descent(descent *d)
{
    qs_free(d->weights);
    qs_free(d->alphas);
    qs_free(d->lengths);
    qs_free(d->order);
    qs_free(d->own);
}

static lanes outputs(const descent *d, uint64_t start, uint64_t end)
{
    const float *values = d->task->vectors->values;
    lanes even = d->weights[d->task->feature_count];
    lanes odd = {0};
    uint64_t e = start;
    for (; e + 1 < end; e += 2) {
        if (e + WEIGHTS_AHEAD + 1 < end) {
            __builtin_prefetch(&d->weights[d->indices[e + WEIGHTS_AHEAD]]);
            __builtin_prefetch(&d->weights[d->indices[e + WEIGHTS_AHEAD + 1]]);
        }
        even += values[e] * d->weights[d->indices[e]];
        odd += values[e + 1] * d->weights[d->indices[e + 1]];
    }
    if (e < end)
        even += values[e] * d->weights[d->indices[e]];
    return even + odd;
}

static void move(descent *d, uint64_t start, uint64_t end, lanes by)
{
    const float *values = d->task->vectors->values;
    d->weights[d->task->feature_count] += by;
    for (uint64_t e = start; e < end; e++)
        d->weights[d->indices[e]] += values[e] * by;
}

/* One step for one row: false if it needs no more visits for now. */
static bool visit(descent *d, uint32_t i)
{
    const uint64_t start = d->task->vectors->starts[d->task->rows[i]];
    const uint64_t end = d->task->vectors->starts[d->task->rows[i] + 1];
    const wish *w = &d->wishes[d->own[i]];
    const lanes output = outputs(d, start, end);
    lanes by = {0};
    bool needed = false;
    bool moved = false;
    for (size_t lane = 0; lane < d->width; lane++) {
        const float old = d->alphas[i][lane];
        const float slope = w->sign[lane] * output[lane] - 1 + old * w->soft[lane];
        const float projected = old > 0 || slope < 0 ? slope : 0;
        if (old <= 0 && slope > d->ceiling[lane])
            continue;
        needed = true;
        d->highest[lane] = projected > d->highest[lane] ? projected : d->highest[lane];
        d->lowest[lane] = projected < d->lowest[lane] ? projected : d->lowest[lane];
        const float step = old - slope / (d->lengths[i] + w->soft[lane]);
        const float alpha = step > 0 ? step : 0;
        by[lane] = (alpha - old) * w->sign[lane];
        moved = moved || alpha < old || alpha > old;
        d->alphas[i][lane] = alpha;
    }
    if (moved)
        move(d, start, end, by);
    return needed;
}

/* Asks for what visits to come will read: where a row is, a little later the row. */
static void fetch(const descent *d, size_t k)
{
    if (k + 2 * ROWS_AHEAD < d->active) {
        const uint32_t i = d->order[k + 2 * ROWS_AHEAD];
        __builtin_prefetch(&d->alphas[i]);
        __builtin_prefetch(&d->lengths[i]);
        __builtin_prefetch(&d->own[i]);
        __builtin_prefetch(&d->task->rows[i]);
    }
    if (k + ROWS_AHEAD < d->active)
        __builtin_prefetch(&d->task->vectors->starts[d->task->rows[d->order[k + ROWS_AHEAD]]]);
    if (k + 1 < d->active) {
        const uint32_t row = d->task->rows[d->order[k + 1]];
        const uint64_t end = d->task->vectors->starts[row + 1];
        for (uint64_t e = d->task->vectors->starts[row]; e < end; e += 16) {
            __builtin_prefetch(&d->indices[e]);
            __builtin_prefetch(&d->task->vectors->values[e]);
        }
    }
}

/* Visits all active rows; true if no label's slopes are further apart than the tolerance. */
static bool pass(descent *d, qs_rng *rng, double tolerance)
{
    bool settled = true;
    for (size_t lane = 0; lane < d->width; lane++) {
        d->highest[lane] = -HUGE_VALF;
        d->lowest[lane] = HUGE_VALF;
    }
    qs_rng_shuffle(rng, d->order, d->active);
    for (size_t k = 0; k < d->active;) {
        fetch(d, k);
        const uint32_t i = d->order[k];
        if (visit(d, i)) {
            k++;
            continue;
        }
        d->order[k] = d->order[--d->active];
        d->order[d->active] = i;
    }
    for (size_t lane = 0; lane < d->width; lane++) {
        settled = settled && (double)d->highest[lane] - (double)d->lowest[lane] <= tolerance;
        d->ceiling[lane] = d->highest[lane] > 0 ? d->highest[lane] : HUGE_VALF;
    }
    return settled;
}

static void open_ceiling(descent *d)
{
    for (size_t lane = 0; lane < QS_DESCENT_LANES; lane++)
        d->ceiling[lane] = HUGE_VALF;
}

qs_status qs_descent_train(const qs_task *task, qs_buf *answer, qs_error *err)
{
    const double tolerance = task->options->tolerance > 0 ? task->options->tolerance : 0.1;
    qs_rng rng = qs_rng_make(task->options->seed);
    descent d;
    const qs_status status = open_descent(&d, task, err);
    open_ceiling(&d);
    for (int p = 0; status == QS_OK && p < PASSES_MAX; p++) {
        if (!pass(&d, &rng, tolerance))
            continue;
        if (d.active == task->row_count)
            break;
        d.active = task->row_count; /* rows left out are looked at once more */
        open_ceiling(&d);
    }
    for (size_t lane = 0; status == QS_OK && lane < d.width; lane++) {
        const double bias = (double)d.weights[task->feature_count][lane];
        qs_buf_add(answer, &bias, sizeof bias);
        for (size_t f = 0; f < task->feature_count; f++) {
            const float weight = d.weights[task->descent->columns[f]][lane];
            qs_buf_add(answer, &weight, sizeof weight);
        }
    }
    close_descent(&d);
    return status;
}
