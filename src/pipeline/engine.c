/* The scoring engine: known n-grams of a text found (engine_find.c), then summed in order. SPDX-License-Identifier: MIT */
#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "pipeline/engine_internal.h"

qs_status qs_engine_create(qs_engine **out, const qs_engine_table *table, qs_error *err)
{
    const qs_model *model = table->model;
    *out = NULL;
    qs_engine *e = qs_alloc_zero(1, sizeof *e);
    if (e == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    e->table = table;
    e->first = 1;
    for (uint32_t count = 1; count < QS_ENGINE_LOGS; count++)
        e->count_factors[count] = qs_ngram_weight(&model->spec, count, 1.0f);
    *out = e;
    return QS_OK;
}

void qs_engine_expect_many(qs_engine *e, const qs_engine_table *wide)
{
    e->table = wide;
    if (e->windows == NULL)
        e->windows = qs_engine_windows_create(e->table->model);
}

void qs_engine_destroy(qs_engine *e)
{
    if (e == NULL)
        return;
    qs_bag_free(&e->bag);
    qs_engine_release_kept(e);
    qs_engine_windows_destroy(e->windows);
    qs_free(e->hits);
    qs_free(e->marks);
    qs_free(e);
}

/* Weight of an n-gram that occurs `count` times. */
static inline double weigh(const qs_engine *e, size_t count, double idf)
{
    return __builtin_expect(count < QS_ENGINE_LOGS, 1) ? e->count_factors[count] * idf
                                                       : qs_ngram_weight(&e->table->model->spec, (uint32_t)count, (float)idf);
}

static inline double load(const char *from)
{
    float value = 0;
    memcpy(&value, from, sizeof value);
    return (double)value;
}

/* Inlined with a constant width for the common ones, whose sums stay in registers. */
static inline __attribute__((always_inline)) double add_rows(const qs_engine *e, size_t from, size_t to,
                                                             size_t width, double *restrict sum)
{
    const qs_engine_table table = *e->table;
    const bool tfidf = table.model->spec.weighting == QS_WEIGHT_TFIDF;
    double squares = 0;
    for (size_t k = from; k < to; k++) {
        const size_t feature = (uint32_t)e->hits[k];
        const char *weights = table.weights + feature * table.weight_step;
        const double weight = tfidf ? weigh(e, e->hits[k] >> 32, load(table.idfs + feature * table.idf_step)) : 1;
        squares += weight * weight;
#pragma GCC unroll 8
        for (size_t o = 0; o < width; o++)
            sum[o] += weight * load(weights + o * sizeof(float));
    }
    return squares;
}

#if defined(__SSE2__)
/* Three outputs of a wide table with tf-idf: idf and weights are four floats in a row, and four sums are kept two by two. */
static double add_wide_3(const qs_engine *e, size_t from, size_t to, double *sum)
{
    const char *const rows = e->table->idfs;
    const size_t step = e->table->idf_step;
    const qs_engine_hit *const end = e->hits + to;
    __m128d low = _mm_setzero_pd(); /* squares, sum 0 */
    __m128d high = low;             /* sums 1 and 2 */
    for (const qs_engine_hit *hit = e->hits + from; hit < end; hit++) {
        const __m128 row = _mm_loadu_ps((const float *)(const void *)(rows + (uint32_t)*hit * step));
        const __m128d first = _mm_cvtps_pd(row);
        const __m128d weight = _mm_set_sd(weigh(e, *hit >> 32, _mm_cvtsd_f64(first)));
        const __m128d both = _mm_unpacklo_pd(weight, weight);
        low = _mm_add_pd(low, _mm_mul_pd(_mm_move_sd(first, weight), both));
        high = _mm_add_pd(high, _mm_mul_pd(_mm_cvtps_pd(_mm_movehl_ps(row, row)), both));
    }
    _mm_storeh_pd(sum, low);
    _mm_storeu_pd(sum + 1, high);
    return _mm_cvtsd_f64(low);
}
#endif

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
#if defined(__SSE2__)
    if (e->table->model->output_count == 3 && e->table->weights == e->table->idfs + sizeof(float) &&
        e->table->model->spec.weighting == QS_WEIGHT_TFIDF)
        return add_wide_3(e, from, to, sum);
#endif
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
    for (uint32_t field = 0; field < QS_FIELDS && status == QS_OK; field++) {
        e->words_end = e->hit_count;
        if ((fields >> field & 1) != 0) {
            status = qs_bag_read_field(&e->bag, &model->spec, field, item->field[field], err);
            if (status == QS_OK)
                status = qs_engine_find_words(e, field, err);
            if (status == QS_OK)
                status = qs_engine_find_chars(e, field, err);
        }
        starts[field * 2 + 1] = e->words_end;
        starts[field * 2 + 2] = e->hit_count;
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
