/* Which fold tests which row. SPDX-License-Identifier: MIT */
#include "pipeline/trial_folds.h"

#include "base/map.h"

/* Returns how many rows repeat a text and have no group: their text keeps them together. */
static size_t group_rows(qs_str *groups, const qs_dataset *d, qs_map *texts, qs_error *err, qs_status *status)
{
    size_t repeated = 0;
    for (size_t i = 0; i < d->count && *status == QS_OK; i++) {
        uint32_t number = 0;
        const size_t before = texts->count;
        groups[i] = qs_dataset_fold_key(d, i);
        if (d->rows[i].group.ptr != NULL)
            continue;
        *status = qs_map_intern(texts, groups[i], &number, err);
        repeated += texts->count == before;
    }
    return repeated;
}

/* Deals groups to folds; where hardly any texts differ, the rows. */
static qs_status deal(uint32_t *folds, const qs_str *keys, qs_str *groups, const qs_dataset *d,
                      const qs_trial_options *options, qs_error *err)
{
    const qs_train_options *train = options->train;
    qs_map texts = {0};
    qs_status status = QS_OK;
    const size_t repeated = group_rows(groups, d, &texts, err, &status);
    if (status == QS_OK)
        status = qs_folds_assign(folds, keys, groups, d->count, options->folds, train->seed, err);
    if (status == QS_EUSAGE && train->group_column == NULL) {
        status = qs_folds_assign(folds, keys, NULL, d->count, options->folds, train->seed, err);
        qs_remark(&train->remarks, "folds: too few texts differ to keep equal ones together");
    } else if (status == QS_OK && repeated > 0) {
        qs_remark(&train->remarks, "folds: %zu rows repeat the text of another and stay in its fold", repeated);
    }
    qs_map_free(&texts);
    return status;
}

/* Folds by the first label a row has, joined with its target, so that each head is spread evenly. */
qs_status qs_trial_deal(uint32_t *folds, const qs_dataset *d, const qs_trial_options *options, qs_error *err)
{
    qs_arena arena = {0};
    qs_status status = QS_OK;
    qs_str *keys = qs_alloc_zero(d->count, sizeof *keys);
    qs_str *groups = qs_alloc_zero(d->count, sizeof *groups);
    if (keys == NULL || groups == NULL)
        status = qs_fail(err, QS_ENOMEM, "out of memory");
    for (size_t i = 0; i < d->count && status == QS_OK; i++) {
        qs_buf key = {0};
        if (options->train->per_target)
            qs_buf_add_str(&key, d->rows[i].target);
        for (size_t k = 0; k < d->label_columns; k++) {
            qs_buf_add_char(&key, '\t');
            qs_buf_add_str(&key, d->rows[i].labels[k]);
        }
        keys[i] = qs_arena_copy(&arena, qs_buf_view(&key));
        if (key.failed || keys[i].ptr == NULL)
            status = qs_fail(err, QS_ENOMEM, "out of memory");
        qs_buf_free(&key);
    }
    if (status == QS_OK)
        status = deal(folds, keys, groups, d, options, err);
    qs_free(keys);
    qs_free(groups);
    qs_arena_free(&arena);
    return status;
}
