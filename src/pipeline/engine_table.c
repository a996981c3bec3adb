/* The table of the scoring engine. SPDX-License-Identifier: MIT */
#include <string.h>

#include "pipeline/engine_internal.h"

#define CACHE_LINE ((size_t)64)
#define CROWDED ((size_t)4096) /* slots between home and place that no honest model reaches */

/* Slots for each ten n-grams: at 1.5 a search ends after two slots on average. */
#define HOMES_PER_TEN 15

static size_t slot_stride(size_t bytes)
{
    if (bytes <= 16)
        return 16;
    return bytes <= 32 ? 32 : (bytes + 7) / 8 * 8;
}

/* One past the last slot in use, or 0 if the hashes crowd. */
static size_t slots_needed(const qs_engine_table *table)
{
    const qs_model *model = table->model;
    size_t next = 0;
    for (size_t i = 0; i < model->feature_count; i++) {
        const size_t home = qs_engine_home(table, model->feature_hashes[i]);
        if (next > home + CROWDED || model->feature_hashes[i] == UINT64_MAX)
            return 0;
        next = (next > home ? next : home) + 1;
    }
    return (next > table->homes ? next : table->homes) + 1;
}

static void fill(qs_engine_table *table)
{
    const qs_model *model = table->model;
    const size_t width = model->output_count;
    size_t next = 0;
    for (size_t i = 0; i < model->feature_count; i++) {
        const uint64_t hash = model->feature_hashes[i];
        const size_t home = qs_engine_home(table, hash);
        next = next > home ? next : home;
        char *slot = table->slots + next++ * table->stride;
        memcpy(slot, &hash, sizeof hash);
        if (model->spec.weighting == QS_WEIGHT_TFIDF) {
            const float idf = model->idf == NULL ? 1.0f : model->idf[i];
            memcpy(slot + sizeof hash, &idf, sizeof idf);
        }
        memcpy(slot + table->row_at, model->weights + i * width, width * sizeof(float));
    }
}

qs_status qs_engine_table_create(qs_engine_table **out, const qs_model *model, qs_error *err)
{
    *out = NULL;
    qs_engine_table *table = qs_alloc_zero(1, sizeof *table);
    if (table == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    table->model = model;
    table->row_at = sizeof(uint64_t) + (model->spec.weighting == QS_WEIGHT_TFIDF ? sizeof(float) : 0);
    table->stride = slot_stride(table->row_at + model->output_count * sizeof(float));
    table->homes = model->feature_count / 10 * HOMES_PER_TEN + HOMES_PER_TEN;
    const size_t slots = slots_needed(table);
    if (slots > 0)
        table->memory = qs_alloc(slots * table->stride + CACHE_LINE, 1);
    if (table->memory == NULL) {
        qs_engine_table_destroy(table);
        return slots > 0 ? qs_fail(err, QS_ENOMEM, "out of memory")
                         : qs_fail(err, QS_ELIMIT, "the n-gram hashes of the model crowd");
    }
    table->slots = table->memory + (CACHE_LINE - (uintptr_t)table->memory % CACHE_LINE) % CACHE_LINE;
    memset(table->slots, 0xff, slots * table->stride);
    fill(table);
    *out = table;
    return QS_OK;
}

void qs_engine_table_destroy(qs_engine_table *table)
{
    if (table == NULL)
        return;
    qs_free(table->memory);
    qs_free(table);
}
