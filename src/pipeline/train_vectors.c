/* Texts to vectors and folds, before anything is learnt. SPDX-License-Identifier: MIT */
#include "features/target.h"
#include "pipeline/train_work.h"
#include "quotestance/evaluation.h"

/* Vector rows are numbered as in t->rows. */
qs_status qs_training_vectorise(qs_training *t, qs_error *err)
{
    t->items = qs_alloc(t->count + 1, sizeof *t->items);
    if (t->items == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    for (size_t i = 0; i < t->count; i++)
        t->items[i] = t->dataset->items[t->rows[i]];
    for (size_t i = 0; i < t->count && t->options->target_fields; i++)
        qs_item_locate(&t->items[i], t->dataset->rows[t->rows[i]].target);
    qs_status status = qs_train_spec(&t->spec, &t->classes, t->options, err);
    if (status == QS_OK)
        status = qs_vocabulary_build(&t->vocabulary, &t->spec, t->items, t->count, t->options->jobs, err);
    if (status == QS_OK)
        status = qs_vectors_build(&t->vectors, &t->vocabulary, &t->spec, t->items, t->count,
                                  t->options->jobs, err);
    return status;
}

qs_status qs_training_settle_vectors(qs_training *t, qs_error *err)
{
    qs_status status = QS_OK;
    if (t->options->odds)
        status = qs_train_odds(&t->vocabulary, &t->vectors, &t->spec, t->heads, t->head_count, t->options, err);
    if (status == QS_OK && t->options->ngram_texts)
        status = qs_vocabulary_add_text(&t->vocabulary, &t->spec, t->items, t->count, err);
    /* What is not needed any more is a good part of the memory of large corpora. */
    qs_free(t->vocabulary.slots);
    t->vocabulary.slots = NULL;
    t->vocabulary.slot_count = 0;
    qs_free(t->items);
    t->items = NULL;
    if (t->count > QS_LIBSVM_ROWS_MAX)
        qs_alloc_trim();
    return status;
}

/* Fewest rows of any label: with fewer than two rows in each fold there is nothing to calibrate on. */
static size_t rarest(const qs_head_plan *head)
{
    size_t least = head->row_count;
    for (size_t k = 0; k < head->label_count; k++) {
        size_t count = 0;
        for (size_t i = 0; i < head->row_count; i++)
            count += head->row_labels[i] == k;
        least = count < least ? count : least;
    }
    return least;
}

static qs_status assign_folds(qs_training *t, size_t h, qs_error *err)
{
    const qs_head_plan *head = &t->heads[h];
    const uint32_t fold_count = t->options->calibration_folds;
    if (fold_count < 2 || rarest(head) < 2 * (size_t)fold_count)
        return QS_OK;
    qs_str *labels = qs_arena_alloc(&t->arena, head->row_count, sizeof *labels);
    qs_str *groups = qs_arena_alloc(&t->arena, head->row_count, sizeof *groups);
    t->folds[h] = qs_arena_alloc(&t->arena, head->row_count, sizeof *t->folds[h]);
    if (labels == NULL || groups == NULL || t->folds[h] == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    for (size_t i = 0; i < head->row_count; i++) {
        labels[i] = head->labels[head->row_labels[i]];
        groups[i] = t->dataset->rows[t->rows[head->rows[i]]].group;
    }
    return qs_folds_assign(t->folds[h], labels, groups, head->row_count, fold_count, t->options->seed, err);
}

/* Folds of all heads together; NULL for a head with too few rows of a label. */
static qs_status deal_jointly(qs_training *t, qs_error *err)
{
    const uint32_t fold_count = t->options->calibration_folds;
    bool any = false;
    for (size_t h = 0; h < t->head_count; h++)
        any = any || (fold_count >= 2 && rarest(&t->heads[h]) >= 2 * (size_t)fold_count);
    if (!any)
        return QS_OK;
    const qs_status status = qs_heads_fold(&t->folds, &t->arena, t->heads, t->head_count, t->dataset, t->rows,
                                           fold_count, t->options->seed, err);
    for (size_t h = 0; status == QS_OK && h < t->head_count; h++)
        if (rarest(&t->heads[h]) < 2 * (size_t)fold_count)
            t->folds[h] = NULL;
    return status;
}

/* For each head that has folds. */
qs_status qs_training_make_outputs(double ***out, qs_training *t, qs_error *err)
{
    double **outputs = qs_arena_alloc(&t->arena, t->head_count, sizeof *outputs);
    *out = outputs;
    for (size_t h = 0; outputs != NULL && h < t->head_count; h++) {
        const qs_decision decision = t->joint || qs_training_by_columns(t) ? QS_ONE_VS_REST : QS_ONE_VS_ONE;
        const size_t width = qs_output_count(decision, t->heads[h].label_count);
        if (t->folds[h] == NULL)
            continue;
        outputs[h] = qs_arena_alloc(&t->arena, t->heads[h].row_count, width * sizeof *outputs[h]);
        if (outputs[h] == NULL)
            return qs_fail(err, QS_ENOMEM, "out of memory");
    }
    return outputs == NULL ? qs_fail(err, QS_ENOMEM, "out of memory") : QS_OK;
}

qs_status qs_training_deal(qs_training *t, bool together, qs_error *err)
{
    qs_status status = QS_OK;
    t->folds = qs_arena_alloc(&t->arena, t->head_count, sizeof *t->folds);
    if (t->folds == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    if (together)
        status = deal_jointly(t, err);
    for (size_t h = 0; h < t->head_count && status == QS_OK && !together; h++)
        status = assign_folds(t, h, err);
    return status == QS_OK ? qs_training_make_outputs(&t->outputs, t, err) : status;
}

qs_fold_source qs_training_fold_source(const qs_training *t)
{
    return (qs_fold_source){.vocabulary = &t->vocabulary, .vectors = &t->vectors, .spec = &t->spec, .heads = t->heads,
                            .head_count = t->head_count, .folds = t->folds, .odds = t->options->odds,
                            .evidence = t->options->evidence};
}
