/* The engine's memory for texts it has just seen. Each quote is scored with the paragraph around it and with all words of its
 * utterance; without this, a paragraph of many quotes would cost their number times its length. SPDX-License-Identifier: MIT */
#include <string.h>

#include "pipeline/engine_internal.h"

#define KEPT_TEXT_MAX ((size_t)64 * 1024)

/* The blocks of these fields from one set of sums to another. */
static void copy_blocks(size_t width, uint32_t fields, const qs_engine_sums *from, qs_engine_sums *to)
{
    for (uint32_t field = 0; field < QS_FIELDS; field++) {
        if ((fields >> field & 1) == 0)
            continue;
        const size_t block = (size_t)field * 2;
        memcpy(to->sums + block * width, from->sums + block * width, 2 * width * sizeof *to->sums);
        memcpy(to->squares + block, from->squares + block, 2 * sizeof *to->squares);
    }
}

bool qs_engine_recall(qs_engine *e, uint32_t fields, qs_str text, qs_engine_sums *out)
{
    for (size_t i = 0; i < QS_ENGINE_KEPT; i++) {
        qs_engine_kept *kept = &e->kept[i];
        if (kept->fields != fields || !qs_str_equal(qs_buf_view(&kept->text), text))
            continue;
        kept->last_use = ++e->uses;
        copy_blocks(e->table->model->output_count, fields, &kept->of, out);
        out->coverage.known += kept->of.coverage.known;
        out->coverage.all += kept->of.coverage.all;
        return true;
    }
    return false;
}

void qs_engine_keep(qs_engine *e, uint32_t fields, qs_str text, const qs_engine_sums *sums, qs_coverage share)
{
    const size_t width = e->table->model->output_count;
    qs_engine_kept *kept = &e->kept[0];
    if (text.len > KEPT_TEXT_MAX)
        return;
    if (e->kept_sums == NULL)
        e->kept_sums = qs_alloc(QS_ENGINE_KEPT * QS_BLOCKS * width, sizeof *e->kept_sums);
    if (e->kept_sums == NULL)
        return;
    for (size_t i = 1; i < QS_ENGINE_KEPT; i++)
        if (e->kept[i].last_use < kept->last_use)
            kept = &e->kept[i];
    qs_buf_clear(&kept->text);
    qs_buf_add_str(&kept->text, text);
    kept->fields = kept->text.failed ? 0 : fields;
    kept->last_use = ++e->uses;
    kept->of.sums = e->kept_sums + (size_t)(kept - e->kept) * QS_BLOCKS * width;
    kept->of.coverage = share;
    copy_blocks(width, fields, sums, &kept->of);
}

void qs_engine_release_kept(qs_engine *e)
{
    for (size_t i = 0; i < QS_ENGINE_KEPT; i++)
        qs_buf_free(&e->kept[i].text);
    qs_free(e->kept_sums);
}
