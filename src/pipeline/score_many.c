/* Many texts to probabilities, over threads. SPDX-License-Identifier: MIT */
#include <math.h>

#include "base/workers.h"
#include "pipeline/classifier_internal.h"
#include "quotestance/scored.h"

#define CHUNK_TEXTS 256
#define JOBS_MAX 256

typedef struct bulk {
    const qs_classifier *classifier;
    const qs_text *texts;
    size_t count;
    size_t width; /* labels of all heads */
    size_t heads;
    double *probabilities;
    double *scores;       /* may be NULL */
    qs_scorer **scorers;  /* of each worker, made when it first asks */
} bulk;

size_t qs_classifier_label_total(const qs_classifier *classifier)
{
    size_t total = 0;
    for (size_t h = 0; h < classifier->model->head_count; h++)
        total += classifier->model->heads[h].label_count;
    return total;
}

static void fill_nan(double *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        numbers[i] = NAN;
}

static void keep(const bulk *b, size_t index, const qs_score *answers, size_t count)
{
    const qs_model *model = b->classifier->model;
    double *row = b->probabilities + index * b->width;
    fill_nan(row, b->width);
    if (b->scores != NULL)
        fill_nan(b->scores + index * b->heads, b->heads);
    for (size_t h = 0, at = 0; h < b->heads && count > 0; at += model->heads[h].label_count, h++) {
        if (answers->head.ptr != model->heads[h].name.ptr)
            continue;
        memcpy(row + at, answers->probabilities, answers->label_count * sizeof *row);
        if (b->scores != NULL)
            b->scores[index * b->heads + h] = answers->score;
        answers++;
        count--;
    }
}

static qs_status score_chunk(void *context, size_t chunk, size_t worker, qs_error *err)
{
    const bulk *b = context;
    const size_t end = b->count - chunk * CHUNK_TEXTS < CHUNK_TEXTS ? b->count : (chunk + 1) * CHUNK_TEXTS;
    qs_status status = QS_OK;
    if (b->scorers[worker] == NULL)
        status = qs_scorer_create(&b->scorers[worker], b->classifier, err);
    for (size_t i = chunk * CHUNK_TEXTS; status == QS_OK && i < end; i++) {
        const qs_score *answers = NULL;
        size_t count = 0;
        status = qs_scorer_score(b->scorers[worker], &b->texts[i], &answers, &count, err);
        if (status == QS_EINPUT || status == QS_ELIMIT) {
            status = QS_OK;
            count = 0;
        }
        if (status == QS_OK)
            keep(b, i, answers, count);
    }
    return status;
}

qs_status qs_score_many(const qs_classifier *classifier, const qs_text *texts, size_t count, size_t jobs,
                        double *probabilities, double *scores, qs_error *err)
{
    bulk b = {.classifier = classifier,
              .texts = texts,
              .count = count,
              .width = qs_classifier_label_total(classifier),
              .heads = classifier->model->head_count,
              .probabilities = probabilities,
              .scores = scores};
    const size_t chunks = count / CHUNK_TEXTS + (count % CHUNK_TEXTS != 0);
    size_t workers = jobs == 0 ? qs_workers_default() : jobs > JOBS_MAX ? JOBS_MAX : jobs;
    workers = workers > chunks ? (chunks == 0 ? 1 : chunks) : workers;
    b.scorers = qs_alloc_zero(workers, sizeof *b.scorers);
    if (b.scorers == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    const qs_status status = qs_workers_run(workers, chunks, score_chunk, &b, err);
    for (size_t i = 0; i < workers; i++)
        qs_scorer_destroy(b.scorers[i]);
    qs_free(b.scorers);
    return status;
}
