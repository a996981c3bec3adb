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
} weighing;

static void count_labels(weighing *w)
{
    const qs_labelling *l = w->labelling;
    const qs_vectors *v = w->vectors;
    memset(w->counts, 0, v->features * l->label_count * sizeof *w->counts);
    memset(w->label_totals, 0, l->label_count * sizeof *w->label_totals);
    for (size_t i = 0; i < l->count; i++) {
        const uint32_t label = l->labels[i];
        w->label_totals[label] += 1;
        for (uint64_t e = v->starts[l->rows[i]]; e < v->starts[l->rows[i] + 1]; e++)
            w->counts[v->indices[e] * l->label_count + label]++;
    }
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

static qs_status scale_rows(void *context, size_t index, size_t worker, qs_error *err)
{
    const weighing *w = context;
    const qs_vectors *v = w->vectors;
    (void)worker;
    (void)err;
    for (size_t r = index * ROWS_PER_TASK; r < (index + 1) * ROWS_PER_TASK && r < v->rows; r++) {
        const size_t start = (size_t)v->starts[r];
        const size_t end = (size_t)v->starts[r + 1];
        for (size_t e = start; e < end; e++)
            v->values[e] = w->kept[v->indices[e]] ? v->values[e] * w->factors[v->indices[e]] : 0;
        qs_row_scale(v->values + start, v->indices + start, w->vocabulary->blocks, end - start, w->spec->norm);
    }
    return QS_OK;
}

/* Takes dropped n-grams out; numbers stay in order. */
static qs_status drop(weighing *w, qs_error *err)
{
    qs_vocabulary *vocabulary = w->vocabulary;
    qs_vectors *v = w->vectors;
    uint32_t *moved = qs_alloc(v->features, sizeof *moved);
    uint64_t to = 0;
    uint32_t count = 0;
    if (moved == NULL)
        return qs_fail(err, QS_ENOMEM, "%zu n-grams", v->features);
    for (uint32_t f = 0; f < v->features; f++) {
        moved[f] = count;
        if (!w->kept[f])
            continue;
        if (vocabulary->hashes != NULL)
            vocabulary->hashes[count] = vocabulary->hashes[f];
        vocabulary->idf[count] = vocabulary->idf[f];
        vocabulary->blocks[count++] = vocabulary->blocks[f];
    }
    for (size_t r = 0; r < v->rows; r++) {
        const uint64_t from = v->starts[r];
        v->starts[r] = to;
        for (uint64_t e = from; e < v->starts[r + 1]; e++) {
            if (!w->kept[v->indices[e]])
                continue;
            v->values[to] = v->values[e];
            v->indices[to++] = moved[v->indices[e]];
        }
    }
    v->starts[v->rows] = to;
    v->features = count;
    vocabulary->count = count;
    qs_free(moved);
    return QS_OK;
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
        count_labels(w);
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
        status = qs_workers_run(jobs, (vectors->rows + ROWS_PER_TASK - 1) / ROWS_PER_TASK, scale_rows, &w, err);
    if (status == QS_OK)
        status = drop(&w, err);
    qs_free(vocabulary->slots);
    vocabulary->slots = NULL;
    vocabulary->slot_count = 0;
    qs_free(w.counts);
    qs_free(w.label_totals);
    qs_free(w.squares);
    qs_free(w.kept);
    return status;
}
