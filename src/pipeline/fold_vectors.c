/* The vectors of one fold. SPDX-License-Identifier: MIT */
#include "pipeline/fold_vectors.h"

#include "features/odds.h"

/* The labels of the rows that are seen. */
static qs_status list_seen(qs_labelling *out, const qs_head_plan *head, const unsigned char *seen, qs_arena *arena,
                           qs_error *err)
{
    uint32_t *rows = qs_arena_alloc(arena, head->row_count, sizeof *rows);
    uint32_t *labels = qs_arena_alloc(arena, head->row_count, sizeof *labels);
    if (rows == NULL || labels == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    *out = (qs_labelling){.rows = rows, .labels = labels, .label_count = head->label_count};
    for (size_t i = 0; i < head->row_count; i++) {
        if (!seen[head->rows[i]])
            continue;
        rows[out->count] = head->rows[i];
        labels[out->count++] = head->row_labels[i];
    }
    return QS_OK;
}

static qs_status weigh(qs_vocabulary *vocabulary, qs_vectors *vectors, const qs_fold_source *source,
                       const unsigned char *seen, size_t jobs, qs_error *err)
{
    qs_arena arena = {0};
    qs_labelling *labellings = qs_arena_alloc(&arena, source->head_count, sizeof *labellings);
    qs_status status = labellings == NULL ? qs_fail(err, QS_ENOMEM, "out of memory") : QS_OK;
    for (size_t h = 0; h < source->head_count && status == QS_OK; h++)
        status = list_seen(&labellings[h], &source->heads[h], seen, &arena, err);
    if (status == QS_OK)
        status = qs_odds_apply(vocabulary, vectors, source->spec, labellings, source->head_count, source->evidence,
                               jobs, err);
    qs_arena_free(&arena);
    return status;
}

qs_status qs_fold_vectors_make(qs_vectors *out, const qs_fold_source *source, uint32_t fold, size_t jobs,
                               qs_error *err)
{
    qs_vocabulary vocabulary = {0};
    unsigned char *seen = qs_alloc(source->vectors->rows, 1);
    if (seen == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    memset(seen, 1, source->vectors->rows);
    for (size_t h = 0; h < source->head_count; h++)
        for (size_t i = 0; source->folds[h] != NULL && i < source->heads[h].row_count; i++)
            if (source->folds[h][i] == fold)
                seen[source->heads[h].rows[i]] = 0;
    qs_status status = qs_vectors_refit(&vocabulary, out, source->vocabulary, source->vectors, source->spec, seen, err);
    if (status == QS_OK && source->odds)
        status = weigh(&vocabulary, out, source, seen, jobs, err);
    if (status == QS_OK && source->char_weight > 0)
        qs_chars_weigh(out, vocabulary.blocks, source->char_weight);
    if (status != QS_OK)
        qs_vectors_free(out);
    qs_vocabulary_free(&vocabulary);
    qs_free(seen);
    return status;
}
