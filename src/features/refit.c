/* Vocabulary and vectors of a part of the rows. SPDX-License-Identifier: MIT */
#include "features/refit.h"

#include <math.h>

#define LEFT_OUT UINT32_MAX

typedef struct refit {
    const qs_vocabulary *vocabulary;
    const qs_vectors *vectors;
    const qs_feature_spec *spec;
    uint32_t *moved; /* number of documents, then the new number of each feature or LEFT_OUT */
    float *factors;  /* per old feature: new idf by old idf */
} refit;

void qs_row_scale(float *values, const uint32_t *indices, const unsigned char *blocks, size_t count, uint32_t norm)
{
    double squares[QS_BLOCKS] = {0};
    if (norm == QS_NORM_NONE)
        return;
    for (size_t i = 0; i < count; i++)
        squares[norm == QS_NORM_BLOCKS ? blocks[indices[i]] : 0] += (double)values[i] * (double)values[i];
    for (size_t b = 0; b < QS_BLOCKS; b++)
        squares[b] = squares[b] > 0 ? 1 / sqrt(squares[b]) : 0;
    for (size_t i = 0; i < count; i++)
        values[i] = (float)((double)values[i] * squares[norm == QS_NORM_BLOCKS ? blocks[indices[i]] : 0]);
}

void qs_chars_weigh(qs_vectors *vectors, const unsigned char *blocks, double weight)
{
    const uint64_t end = weight < 1 || weight > 1 ? vectors->starts[vectors->rows] : 0;
    for (uint64_t e = 0; e < end; e++)
        if (qs_block_has_chars(blocks[vectors->indices[e]]))
            vectors->values[e] *= (float)weight;
}

/* Returns how many rows are seen. */
static size_t count_documents(refit *r, const unsigned char *seen)
{
    const qs_vectors *v = r->vectors;
    size_t rows = 0;
    for (size_t row = 0; row < v->rows; row++) {
        rows += seen[row] != 0;
        for (uint64_t e = v->starts[row]; seen[row] && e < v->starts[row + 1]; e++)
            r->moved[v->indices[e]]++;
    }
    return rows;
}

/* Numbers and weighs what is frequent enough; returns how many n-grams that are. */
static size_t settle(refit *r, qs_vocabulary *out, size_t rows)
{
    const bool weighted = r->spec->weighting == QS_WEIGHT_TFIDF;
    size_t count = 0;
    for (size_t f = 0; f < r->vocabulary->count; f++) {
        const uint32_t df = r->moved[f];
        if (df == 0 || df < r->spec->min_df) {
            r->moved[f] = LEFT_OUT;
            continue;
        }
        if (weighted) {
            out->idf[count] = qs_inverse_document_frequency(rows, df);
            r->factors[f] = out->idf[count] / r->vocabulary->idf[f];
        }
        out->blocks[count] = r->vocabulary->blocks[f];
        r->moved[f] = (uint32_t)count++;
    }
    out->count = count;
    return count;
}

static qs_status move_rows(const refit *r, qs_vectors *out, const qs_vocabulary *vocabulary, qs_error *err)
{
    const qs_vectors *v = r->vectors;
    const size_t entries = (size_t)v->starts[v->rows];
    size_t to = 0;
    qs_status status = qs_grow(&out->starts, &out->start_capacity, v->rows + 1, sizeof *out->starts, err);
    if (status == QS_OK)
        status = qs_grow(&out->indices, &out->capacity, entries, sizeof *out->indices, err);
    if (status == QS_OK)
        status = qs_grow(&out->values, &out->value_capacity, entries, sizeof *out->values, err);
    for (size_t row = 0; row < v->rows && status == QS_OK; row++) {
        const size_t start = to;
        out->starts[row] = start;
        for (uint64_t e = v->starts[row]; e < v->starts[row + 1]; e++) {
            if (r->moved[v->indices[e]] == LEFT_OUT)
                continue;
            out->indices[to] = r->moved[v->indices[e]];
            out->values[to++] = v->values[e] * (r->factors == NULL ? 1 : r->factors[v->indices[e]]);
        }
        qs_row_scale(out->values + start, out->indices + start, vocabulary->blocks, to - start, r->spec->norm);
    }
    if (status == QS_OK)
        out->starts[v->rows] = to;
    out->rows = v->rows;
    out->features = vocabulary->count;
    return status;
}

qs_status qs_vectors_refit(qs_vocabulary *out_vocabulary, qs_vectors *out, const qs_vocabulary *vocabulary,
                           const qs_vectors *vectors, const qs_feature_spec *spec, const unsigned char *seen,
                           qs_error *err)
{
    const bool weighted = spec->weighting == QS_WEIGHT_TFIDF;
    refit r = {.vocabulary = vocabulary, .vectors = vectors, .spec = spec};
    qs_status status = QS_OK;
    r.moved = qs_alloc_zero(vocabulary->count, sizeof *r.moved);
    r.factors = weighted ? qs_alloc(vocabulary->count, sizeof *r.factors) : NULL;
    out_vocabulary->blocks = qs_alloc(vocabulary->count, 1);
    out_vocabulary->idf = weighted ? qs_alloc(vocabulary->count, sizeof *out_vocabulary->idf) : NULL;
    if (r.moved == NULL || out_vocabulary->blocks == NULL ||
        (weighted && (r.factors == NULL || out_vocabulary->idf == NULL)))
        status = qs_fail(err, QS_ENOMEM, "%zu n-grams", vocabulary->count);
    if (status == QS_OK && settle(&r, out_vocabulary, count_documents(&r, seen)) == 0)
        status = qs_fail(err, QS_EINPUT, "no n-gram stands in %u or more items", spec->min_df);
    if (status == QS_OK)
        status = move_rows(&r, out, out_vocabulary, err);
    qs_free(r.moved);
    qs_free(r.factors);
    if (status != QS_OK) {
        qs_vocabulary_free(out_vocabulary);
        qs_vectors_free(out);
    }
    return status;
}
