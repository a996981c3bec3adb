/* Weights of n-grams by what they tell about the labels. SPDX-License-Identifier: MIT */
#include "features/odds.h"

#include <math.h>

#include "base/workers.h"
#include "features/refit.h"

#define SMOOTHING 1.0
#define LEAST_WEIGHT 0.3  /* of an n-gram that tells nothing; chosen by held-out rows of train files */
#define EVIDENCE_FROM 16  /* items; rarer n-grams are not judged */
#define ROWS_PER_TASK 512
#define FEATURES_PER_TASK 4096
#define COUNTS_MAX ((size_t)1 << 29)

typedef struct weighing {
    qs_vocabulary *vocabulary;
    qs_vectors *vectors;
    const qs_feature_spec *spec;
    const qs_labelling *labelling; /* at work */
    size_t labelling_count;
    double evidence;
    uint32_t *counts;     /* feature by label: items of the labelling */
    double *label_totals; /* items of each label */
    float *squares;       /* mean of squared log odds ratios so far */
    unsigned char *kept;
    float *factors;
    size_t parts;         /* features are counted in so many */
    uint32_t *moved;      /* number of each feature once others are dropped */
    uint64_t *chunk_ends; /* rows are weighed in chunks */
} weighing;

/* The first entry of [start, end) whose index is at least `index`. */
static uint64_t lower_bound(const uint32_t *indices, uint64_t start, uint64_t end, size_t index)
{
    while (start < end) {
        const uint64_t middle = start + (end - start) / 2;
        if (indices[middle] < index)
            start = middle + 1;
        else
            end = middle;
    }
    return start;
}

/* Counts the features of one part in all rows. */
static qs_status count_part(void *context, size_t part, size_t worker, qs_error *err)
{
    const weighing *w = context;
    const qs_labelling *l = w->labelling;
    const qs_vectors *v = w->vectors;
    const size_t first = v->features * part / w->parts;
    const size_t end = v->features * (part + 1) / w->parts;
    (void)worker;
    (void)err;
    memset(w->counts + first * l->label_count, 0, (end - first) * l->label_count * sizeof *w->counts);
    for (size_t i = 0; i < l->count; i++) {
        const uint64_t row_end = v->starts[l->rows[i] + 1];
        for (uint64_t e = lower_bound(v->indices, v->starts[l->rows[i]], row_end, first);
             e < row_end && v->indices[e] < end; e++)
            w->counts[v->indices[e] * l->label_count + l->labels[i]]++;
    }
    return QS_OK;
}

static qs_status count_labels(weighing *w, size_t jobs, qs_error *err)
{
    const qs_labelling *l = w->labelling;
    memset(w->label_totals, 0, l->label_count * sizeof *w->label_totals);
    for (size_t i = 0; i < l->count; i++)
        w->label_totals[l->labels[i]] += 1;
    w->parts = jobs == 0 ? 1 : jobs;
    return qs_workers_run(jobs, w->parts, count_part, w, err);
}

/* The n-gram against each label: how much more often it stands in its items than in the others. */
static qs_status judge_features(void *context, size_t index, size_t worker, qs_error *err)
{
    const weighing *w = context;
    const qs_labelling *l = w->labelling;
    const double all = (double)l->count;
    (void)worker;
    (void)err;
    for (size_t f = index * FEATURES_PER_TASK; f < (index + 1) * FEATURES_PER_TASK && f < w->vectors->features; f++) {
        const uint32_t *counts = w->counts + f * l->label_count;
        double df = 0;
        double squares = 0;
        double likelihood = 0;
        for (size_t k = 0; k < l->label_count; k++)
            df += counts[k];
        if (w->evidence <= 0)
            w->kept[f] = 1;
        if (df == 0)
            continue;
        for (size_t k = 0; k < l->label_count; k++) {
            const double in = (counts[k] + SMOOTHING) / (w->label_totals[k] + 2 * SMOOTHING);
            const double out = (df - counts[k] + SMOOTHING) / (all - w->label_totals[k] + 2 * SMOOTHING);
            const double odds = log(in / out);
            squares += odds * odds / (double)l->label_count;
            if (counts[k] > 0)
                likelihood += 2 * counts[k] * log(counts[k] * all / (df * w->label_totals[k]));
        }
        w->squares[f] += (float)(squares / (double)w->labelling_count);
        if (df < EVIDENCE_FROM || likelihood >= w->evidence * df)
            w->kept[f] = 1;
    }
    return QS_OK;
}

/* Takes dropped n-grams out of the vocabulary, and notes where the others stand now; numbers stay in order. */
static qs_status drop(weighing *w, qs_error *err)
{
    qs_vocabulary *vocabulary = w->vocabulary;
    uint32_t count = 0;
    w->moved = qs_alloc(w->vectors->features, sizeof *w->moved);
    if (w->moved == NULL)
        return qs_fail(err, QS_ENOMEM, "%zu n-grams", w->vectors->features);
    for (uint32_t f = 0; f < w->vectors->features; f++) {
        w->moved[f] = count;
        if (!w->kept[f])
            continue;
        if (vocabulary->hashes != NULL)
            vocabulary->hashes[count] = vocabulary->hashes[f];
        vocabulary->idf[count] = vocabulary->idf[f];
        vocabulary->blocks[count++] = vocabulary->blocks[f];
    }
    vocabulary->count = count;
    w->vectors->features = count;
    return QS_OK;
}

/* Weighs a chunk of rows and pushes them together at the chunk's start. */
static qs_status scale_chunk(void *context, size_t index, size_t worker, qs_error *err)
{
    const weighing *w = context;
    const qs_vectors *v = w->vectors;
    const size_t first = index * ROWS_PER_TASK;
    const size_t rows_end = first + ROWS_PER_TASK < v->rows ? first + ROWS_PER_TASK : v->rows;
    uint64_t from = v->starts[first];
    uint64_t to = from;
    (void)worker;
    (void)err;
    for (size_t r = first; r < rows_end; r++) {
        const uint64_t end = v->starts[r + 1]; /* the last one is the next chunk's start, which stays */
        const uint64_t start = to;
        for (; from < end; from++) {
            const uint32_t f = v->indices[from];
            if (!w->kept[f])
                continue;
            v->values[to] = v->values[from] * w->factors[f];
            v->indices[to++] = w->moved[f];
        }
        qs_row_scale(v->values + start, v->indices + start, w->vocabulary->blocks, (size_t)(to - start), w->spec->norm);
        if (r + 1 < rows_end)
            v->starts[r + 1] = to;
    }
    w->chunk_ends[index] = to;
    return QS_OK;
}

/* Moves the chunks together. */
static void join_chunks(const weighing *w, size_t chunks)
{
    qs_vectors *v = w->vectors;
    uint64_t to = 0;
    for (size_t c = 0; c < chunks; c++) {
        const size_t first = c * ROWS_PER_TASK;
        const size_t rows_end = first + ROWS_PER_TASK < v->rows ? first + ROWS_PER_TASK : v->rows;
        const uint64_t from = v->starts[first];
        const size_t length = (size_t)(w->chunk_ends[c] - from);
        memmove(v->values + to, v->values + from, length * sizeof *v->values);
        memmove(v->indices + to, v->indices + from, length * sizeof *v->indices);
        for (size_t r = first; r < rows_end; r++)
            v->starts[r] = v->starts[r] - from + to;
        to += length;
    }
    v->starts[v->rows] = to;
}

static qs_status scale_rows(weighing *w, size_t jobs, qs_error *err)
{
    const size_t chunks = (w->vectors->rows + ROWS_PER_TASK - 1) / ROWS_PER_TASK;
    w->chunk_ends = qs_alloc(chunks, sizeof *w->chunk_ends);
    if (w->chunk_ends == NULL)
        return qs_fail(err, QS_ENOMEM, "%zu rows", w->vectors->rows);
    const qs_status status = qs_workers_run(jobs, chunks, scale_chunk, w, err);
    if (status == QS_OK)
        join_chunks(w, chunks);
    return status;
}

static qs_status judge(weighing *w, const qs_labelling *labellings, size_t count, size_t jobs, qs_error *err)
{
    const size_t features = w->vectors->features;
    size_t widest = 0;
    size_t cells = 0;
    qs_status status = QS_OK;
    for (size_t i = 0; i < count; i++)
        widest = labellings[i].label_count > widest ? labellings[i].label_count : widest;
    if (__builtin_mul_overflow(features, widest, &cells) || cells > COUNTS_MAX)
        return qs_fail(err, QS_ELIMIT, "too many n-grams and labels to weigh by odds; use tfidf");
    w->counts = qs_alloc(cells, sizeof *w->counts);
    w->label_totals = qs_alloc(widest, sizeof *w->label_totals);
    w->squares = qs_alloc_zero(features, sizeof *w->squares);
    w->kept = qs_alloc_zero(features, 1);
    if (w->counts == NULL || w->label_totals == NULL || w->squares == NULL || w->kept == NULL)
        return qs_fail(err, QS_ENOMEM, "weights of %zu n-grams", features);
    for (size_t i = 0; i < count && status == QS_OK; i++) {
        w->labelling = &labellings[i];
        status = count_labels(w, jobs, err);
        if (status == QS_OK)
            status = qs_workers_run(jobs, (features + FEATURES_PER_TASK - 1) / FEATURES_PER_TASK, judge_features, w, err);
    }
    w->factors = w->squares;
    for (size_t f = 0; f < features; f++) {
        w->factors[f] = (float)(LEAST_WEIGHT + sqrt((double)w->squares[f]));
        w->vocabulary->idf[f] *= w->factors[f];
    }
    return status;
}

qs_status qs_odds_apply(qs_vocabulary *vocabulary, qs_vectors *vectors, const qs_feature_spec *spec,
                        const qs_labelling *labellings, size_t count, double evidence, size_t jobs, qs_error *err)
{
    weighing w = {.vocabulary = vocabulary, .vectors = vectors, .spec = spec, .labelling_count = count,
                  .evidence = evidence};
    qs_status status = QS_OK;
    if (spec->weighting != QS_WEIGHT_TFIDF || vocabulary->idf == NULL)
        return qs_fail(err, QS_EUSAGE, "weights by odds go with tf-idf");
    status = judge(&w, labellings, count, jobs, err);
    if (status == QS_OK)
        status = drop(&w, err);
    if (status == QS_OK)
        status = scale_rows(&w, jobs, err);
    qs_free(vocabulary->slots);
    vocabulary->slots = NULL;
    vocabulary->slot_count = 0;
    qs_free(w.counts);
    qs_free(w.label_totals);
    qs_free(w.squares);
    qs_free(w.kept);
    qs_free(w.moved);
    qs_free(w.chunk_ends);
    return status;
}
