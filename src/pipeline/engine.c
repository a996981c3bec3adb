/* The scoring engine: known n-grams of a text found (engine_find.c), then summed in order. SPDX-License-Identifier: MIT */
#include <string.h>

#include "pipeline/engine_internal.h"

qs_status qs_engine_create(qs_engine **out, const qs_engine_table *table, qs_error *err)
{
    *out = NULL;
    qs_engine *e = qs_alloc_zero(1, sizeof *e);
    if (e == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    e->table = table;
    e->first = 1;
    for (uint32_t count = 1; count < QS_ENGINE_LOGS; count++)
        e->count_factors[count] = qs_ngram_weight(&table->model->spec, count, 1.0f);
    *out = e;
    return QS_OK;
}

void qs_engine_set_table(qs_engine *e, const qs_engine_table *table)
{
    e->table = table;
}

void qs_engine_destroy(qs_engine *e)
{
    if (e == NULL)
        return;
    qs_bag_free(&e->bag);
    qs_engine_release_kept(e);
    qs_free(e->hits);
    qs_free(e->marks);
    qs_free(e);
}

static inline double weight_of(const qs_engine *e, const qs_engine_table *table, const qs_engine_hit *hit)
{
    float idf = 0;
    memcpy(&idf, table->idfs + (size_t)hit->feature * table->idf_step, sizeof idf);
    return hit->count < QS_ENGINE_LOGS ? e->count_factors[hit->count] * (double)idf
                                       : qs_ngram_weight(&table->model->spec, hit->count, idf);
}

/* Inlined with a constant width for the common ones, whose sums stay in registers. */
static inline __attribute__((always_inline)) double add_rows(const qs_engine *e, size_t from, size_t to,
                                                             size_t width, double *restrict sum)
{
    const qs_engine_table *table = e->table;
    const bool tfidf = table->model->spec.weighting == QS_WEIGHT_TFIDF;
    double squares = 0;
    for (size_t k = from; k < to; k++) {
        const qs_engine_hit *hit = &e->hits[k];
        const char *weights = table->weights + (size_t)hit->feature * table->weight_step;
        const double weight = tfidf ? weight_of(e, table, hit) : 1;
        squares += weight * weight;
#pragma GCC unroll 8
        for (size_t o = 0; o < width; o++) {
            float row = 0;
            memcpy(&row, weights + o * sizeof row, sizeof row);
            sum[o] += weight * (double)row;
        }
    }
    return squares;
}

/* With a constant width. */
#define ADD_ROWS(WIDTH)                                                                            \
    {                                                                                              \
        double own[WIDTH] = {0};                                                                   \
        const double squares = add_rows(e, from, to, WIDTH, own);                                  \
        memcpy(sum, own, sizeof own);                                                              \
        return squares;                                                                            \
    }

static double sum_block(const qs_engine *e, size_t from, size_t to, double *sum)
{
    if (from == to)
        return 0;
    switch (e->table->model->output_count) {
    case 1:
        ADD_ROWS(1)
    case 3:
        ADD_ROWS(3)
    case 6:
        ADD_ROWS(6)
    default:
        return add_rows(e, from, to, e->table->model->output_count, sum);
    }
}

/* Finds and sums the blocks of some fields of the item. */
static qs_status sum_fields(qs_engine *e, uint32_t fields, const qs_item *item, qs_engine_sums *out, qs_error *err)
{
    const qs_model *model = e->table->model;
    size_t starts[QS_BLOCKS + 1] = {0};
    qs_status status = QS_OK;
    qs_engine_forget(e);
    for (uint32_t block = 0; block < QS_BLOCKS && status == QS_OK; block++) {
        const uint32_t field = block / 2;
        const bool used = (fields >> field & 1) != 0;
        if (used && block % 2 == 0)
            status = qs_bag_read_field(&e->bag, &model->spec, field, item->field[field], err);
        if (used && status == QS_OK)
            status = block % 2 == 0 ? qs_engine_find_words(e, field, err) : qs_engine_find_chars(e, field, err);
        starts[block + 1] = e->hit_count;
    }
    if (status != QS_OK)
        return status;
    for (size_t b = 0; b < QS_BLOCKS; b++)
        if (starts[b] < starts[b + 1])
            out->squares[b] = sum_block(e, starts[b], starts[b + 1], out->sums + b * model->output_count);
    out->coverage.known += e->hit_count;
    out->coverage.all += e->ngrams;
    return QS_OK;
}

/* The same for fields made of one text only, which is not looked at again if it was seen a short while ago. */
static qs_status sum_or_recall(qs_engine *e, uint32_t fields, const qs_item *item, uint32_t source, qs_engine_sums *out,
                               qs_error *err)
{
    const qs_coverage before = out->coverage;
    if (fields == 0 || qs_engine_recall(e, fields, item->field[source], out))
        return QS_OK;
    const qs_status status = sum_fields(e, fields, item, out, err);
    if (status == QS_OK)
        qs_engine_keep(e, fields, item->field[source], out,
                       (qs_coverage){out->coverage.known - before.known, out->coverage.all - before.all});
    return status;
}

qs_status qs_engine_outputs(qs_engine *e, const qs_item *item, double *outputs, qs_coverage *coverage,
                            qs_error *err)
{
    const qs_model *model = e->table->model;
    const uint32_t fields = model->spec.fields;
    const bool shares = item->field[QS_FIELD_CONTEXT].len > 0; /* with other quotes */
    double sums[QS_BLOCKS * QS_ENGINE_WIDTH_MAX];
    qs_engine_sums all = {.sums = sums};
    qs_status status = QS_OK;
    memset(sums, 0, QS_BLOCKS * model->output_count * sizeof *sums);
    if (shares)
        status = sum_or_recall(e, fields & QS_TEXT_FIELDS, item, QS_FIELD_TEXT, &all, err);
    if (shares && status == QS_OK)
        status = sum_or_recall(e, fields & QS_CONTEXT_FIELDS, item, QS_FIELD_CONTEXT, &all, err);
    if (status == QS_OK)
        status = sum_fields(e, shares ? fields & QS_TARGET_FIELDS : fields, item, &all, err);
    if (status != QS_OK)
        return status;
    qs_join_blocks(model, sums, all.squares, outputs);
    *coverage = all.coverage;
    return QS_OK;
}
