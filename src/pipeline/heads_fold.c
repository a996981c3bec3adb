/* The rows of all heads, dealt to folds together. SPDX-License-Identifier: MIT */
#include "base/buf.h"
#include "pipeline/heads.h"
#include "quotestance/evaluation.h"

typedef struct deal {
    qs_str *labels, *groups; /* per entry: head by head, row by row */
    uint32_t *folds;
    size_t count;
    bool grouped; /* by a column of the corpus */
} deal;

static qs_status list_entries(deal *d, qs_arena *arena, const qs_head_plan *heads, size_t head_count,
                              const qs_dataset *dataset, const uint32_t *rows, qs_error *err)
{
    size_t e = 0;
    for (size_t h = 0; h < head_count; h++) {
        const qs_head_plan *head = &heads[h];
        qs_str *labels = qs_arena_alloc(arena, head->label_count, sizeof *labels);
        for (size_t l = 0; labels != NULL && l < head->label_count; l++) {
            qs_buf name = {0};
            qs_buf_addf(&name, "%zu\t", h);
            qs_buf_add_str(&name, head->labels[l]);
            if (name.failed)
                labels = NULL;
            else
                labels[l] = qs_arena_copy(arena, qs_buf_view(&name));
            qs_buf_free(&name);
        }
        for (size_t i = 0; labels != NULL && i < head->row_count; i++, e++) {
            const size_t row = rows[head->rows[i]];
            d->labels[e] = labels[head->row_labels[i]];
            d->groups[e] = qs_dataset_fold_key(dataset, row);
            d->grouped = d->grouped || dataset->rows[row].group.ptr != NULL;
            if (d->labels[e].ptr == NULL)
                labels = NULL;
        }
        if (labels == NULL)
            return qs_fail(err, QS_ENOMEM, "out of memory");
    }
    return QS_OK;
}

qs_status qs_heads_fold(uint32_t ***folds, qs_arena *arena, const qs_head_plan *heads, size_t head_count,
                        const qs_dataset *dataset, const uint32_t *rows, uint32_t fold_count, uint64_t seed,
                        qs_error *err)
{
    deal d = {0};
    for (size_t h = 0; h < head_count; h++)
        d.count += heads[h].row_count;
    d.labels = qs_arena_alloc(arena, d.count, sizeof *d.labels);
    d.groups = qs_arena_alloc(arena, d.count, sizeof *d.groups);
    d.folds = qs_arena_alloc(arena, d.count, sizeof *d.folds);
    *folds = qs_arena_alloc(arena, head_count, sizeof **folds);
    if (d.labels == NULL || d.groups == NULL || d.folds == NULL || *folds == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    qs_status status = list_entries(&d, arena, heads, head_count, dataset, rows, err);
    if (status == QS_OK)
        status = qs_folds_assign(d.folds, d.labels, d.groups, d.count, fold_count, seed, err);
    if (status == QS_EUSAGE && !d.grouped) /* hardly any texts differ */
        status = qs_folds_assign(d.folds, d.labels, NULL, d.count, fold_count, seed, err);
    for (size_t h = 0, e = 0; h < head_count; e += heads[h++].row_count)
        (*folds)[h] = d.folds + e;
    return status;
}
