/* The Gram matrix by an inverted index: each feature adds its products to the rows that share it.
 * SPDX-License-Identifier: MIT */
#include "model/gram.h"

#include "base/workers.h"

/* The vectors by feature: who has it, in ascending row order, and with what value. */
typedef struct postings {
    uint64_t *starts; /* features + 1 */
    uint32_t *rows;
    float *values;
} postings;

typedef struct gram_work {
    const qs_vectors *vectors;
    const uint32_t *rows;
    postings postings;
    qs_gram *gram;
} gram_work;

size_t qs_gram_bytes(size_t rows)
{
    size_t bytes = 0;
    if (__builtin_mul_overflow(rows, rows, &bytes) || __builtin_mul_overflow(bytes, (size_t)24, &bytes))
        return SIZE_MAX;
    return bytes;
}

void qs_gram_free(qs_gram *gram)
{
    qs_free(gram->products);
    *gram = (qs_gram){0};
}

static void postings_free(postings *p)
{
    qs_free(p->starts);
    qs_free(p->rows);
    qs_free(p->values);
}

static uint32_t original(const uint32_t *rows, size_t i)
{
    return rows == NULL ? (uint32_t)i : rows[i];
}

static qs_status postings_build(postings *p, const qs_vectors *vectors, const uint32_t *rows, size_t count,
                                qs_error *err)
{
    const uint64_t *starts = vectors->starts;
    uint64_t nonzeros = 0;
    for (size_t i = 0; i < count; i++)
        nonzeros += starts[original(rows, i) + 1] - starts[original(rows, i)];
    p->starts = qs_alloc_zero(vectors->features + 2, sizeof *p->starts);
    p->rows = qs_alloc((size_t)nonzeros, sizeof *p->rows);
    p->values = qs_alloc((size_t)nonzeros, sizeof *p->values);
    if (p->starts == NULL || p->rows == NULL || p->values == NULL)
        return qs_fail(err, QS_ENOMEM, "an inverted index of %zu vectors", count);
    /* Counts go two places on, so that after filling each list's start stands in its own place. */
    for (size_t i = 0; i < count; i++)
        for (uint64_t e = starts[original(rows, i)]; e < starts[original(rows, i) + 1]; e++)
            p->starts[(size_t)vectors->indices[e] + 2]++;
    for (size_t f = 2; f < vectors->features + 2; f++)
        p->starts[f] += p->starts[f - 1];
    for (size_t i = 0; i < count; i++) {
        for (uint64_t e = starts[original(rows, i)]; e < starts[original(rows, i) + 1]; e++) {
            const uint64_t place = p->starts[(size_t)vectors->indices[e] + 1]++;
            p->rows[place] = (uint32_t)i;
            p->values[place] = vectors->values[e];
        }
    }
    return QS_OK;
}

static qs_status gram_row(void *context, size_t i, size_t worker, qs_error *err)
{
    const gram_work *work = context;
    const qs_vectors *vectors = work->vectors;
    const uint32_t row = original(work->rows, i);
    double *products = work->gram->products + i * work->gram->rows;
    (void)worker;
    (void)err;
    for (uint64_t e = vectors->starts[row]; e < vectors->starts[row + 1]; e++) {
        const uint32_t feature = vectors->indices[e];
        const double value = (double)vectors->values[e];
        const uint64_t end = work->postings.starts[feature + 1];
        for (uint64_t p = work->postings.starts[feature]; p < end && work->postings.rows[p] <= i; p++)
            products[work->postings.rows[p]] += value * (double)work->postings.values[p];
    }
    return QS_OK;
}

static void mirror(qs_gram *gram)
{
    for (size_t i = 0; i < gram->rows; i++)
        for (size_t j = 0; j < i; j++)
            gram->products[j * gram->rows + i] = gram->products[i * gram->rows + j];
}

qs_status qs_gram_compute(qs_gram *out, const qs_vectors *vectors, const uint32_t *rows, size_t count,
                          size_t jobs, qs_error *err)
{
    gram_work work = {.vectors = vectors, .rows = rows, .gram = out};
    size_t cells = 0;
    qs_status status = QS_OK;

    *out = (qs_gram){.rows = rows == NULL ? vectors->rows : count};
    if (!__builtin_mul_overflow(out->rows, out->rows, &cells))
        out->products = qs_alloc_zero(cells, sizeof *out->products);
    if (out->products == NULL) {
        status = qs_fail(err, QS_ENOMEM, "inner products of %zu vectors", out->rows);
        goto done;
    }
    status = postings_build(&work.postings, vectors, rows, out->rows, err);
    if (status == QS_OK)
        status = qs_workers_run(jobs, out->rows, gram_row, &work, err);
    if (status == QS_OK)
        mirror(out);
done:
    postings_free(&work.postings);
    if (status != QS_OK)
        qs_gram_free(out);
    return status;
}
