/* Looking into models, and taking them to other tools. SPDX-License-Identifier: MIT */
#include "quotestance/inspect.h"

#include "features/vector.h"
#include "model/exchange.h"
#include "pipeline/classifier_internal.h"
#include "pipeline/heads.h"
#include "pipeline/inspect_top.h"
#include "pipeline/table.h"
#include "pipeline/train.h"

/* --- info -------------------------------------------------------------------------------------- */

static qs_status add_top(qs_buf *out, const qs_model *model, const qs_head *head, size_t top, qs_error *err)
{
    qs_ranked *order = qs_alloc(model->feature_count, sizeof *order);
    if (order == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    for (size_t label = 0; label < head->label_count; label++) {
        for (uint32_t f = 0; f < model->feature_count; f++)
            order[f] = (qs_ranked){qs_evidence(model, head, f, label), f};
        qs_rank(order, model->feature_count);
        qs_buf_add_text(out, "    ");
        qs_add_cell(out, head->labels[label], 12);
        for (size_t k = 0; k < top && k < model->feature_count; k++) {
            qs_buf_add_text(out, k == 0 ? " \"" : ", \"");
            qs_add_cell(out, qs_model_ngram(model, order[k].feature), 0);
            qs_buf_add_char(out, '"');
        }
        qs_buf_add_char(out, '\n');
    }
    qs_free(order);
    return QS_OK;
}

static void add_range(qs_buf *out, const char *what, uint32_t min, uint32_t max)
{
    if (max == 0)
        qs_buf_addf(out, "%s none", what);
    else
        qs_buf_addf(out, "%s %u-%u", what, min, max);
}

static void add_settings(qs_buf *out, const qs_model *model)
{
    const qs_feature_spec *spec = &model->spec;
    qs_buf_addf(out, "n-grams   %zu (", model->feature_count);
    add_range(out, "word", spec->word_min, spec->word_max);
    add_range(out, ", character", spec->char_min, spec->char_max);
    qs_buf_addf(out, ", %s, in at least %u texts%s%s%s%s%s)\n",
                spec->weighting == QS_WEIGHT_TFIDF ? "tf-idf" : "presence", spec->min_df,
                (spec->fields >> QS_FIELD_CONTEXT & 1) != 0 ? ", with context" : "",
                (spec->fields >> QS_FIELD_CLASSES & 1) != 0 ? ", with word classes" : "",
                (spec->fields >> QS_FIELD_PRESENCE & 1) != 0 ? " and which of them are there" : "",
                (spec->fields >> QS_FIELD_PARTS & 1) != 0 ? ", with parts of words" : "",
                (spec->flags & QS_FEATURE_NEGATION) != 0 ? ", with negation scopes" : "");
}

qs_status qs_inspect_info(const qs_classifier *c, size_t top, const char *path, qs_error *err)
{
    const qs_model *model = c->model;
    qs_status status = QS_OK;
    qs_buf out = {0};
    add_settings(&out, model);
    for (size_t h = 0; h < model->head_count && status == QS_OK; h++) {
        const qs_head *head = &model->heads[h];
        qs_buf_add_text(&out, "head      ");
        qs_add_cell(&out, head->name, 0);
        qs_buf_add_text(&out, ":");
        for (size_t k = 0; k < head->label_count; k++) {
            qs_buf_add_char(&out, ' ');
            qs_add_cell(&out, head->labels[k], 0);
        }
        qs_buf_add_char(&out, '\n');
        if (top > 0 && head->kernel == QS_LINEAR && model->ngram_starts != NULL)
            status = add_top(&out, model, head, top, err);
    }
    for (size_t i = 0; i < model->meta_count; i++) {
        qs_add_cell(&out, model->metas[i].key, 0);
        qs_buf_add_text(&out, " = ");
        qs_add_cell(&out, model->metas[i].value, 0);
        qs_buf_add_char(&out, '\n');
    }
    if (status == QS_OK)
        status = qs_inspect_save(&out, path, err);
    qs_buf_free(&out);
    return status;
}

/* --- export ------------------------------------------------------------------------------------ */

qs_status qs_inspect_export_head(const qs_classifier *c, const char *name, const char *path, qs_error *err)
{
    const qs_head *head = NULL;
    qs_buf out = {0};
    qs_status status = qs_inspect_head(c->model, name, &head, err);
    if (status == QS_OK)
        status = qs_head_export(&out, c->model, head, err);
    if (status == QS_OK)
        status = qs_inspect_save(&out, path, err);
    qs_buf_free(&out);
    return status;
}

/* Rows of the head with a label it knows, in ascending order of label. */
static size_t choose_rows(const qs_classifier *c, const qs_head *head, const qs_dataset *d, uint32_t *rows,
                          uint32_t *labels)
{
    size_t count = 0;
    for (size_t label = 0; label < head->label_count; label++)
        for (size_t i = 0; i < d->count; i++)
            if ((!c->per_target || qs_str_equal(d->rows[i].target, head->name)) &&
                qs_str_equal(d->rows[i].labels[0], head->labels[label])) {
                labels[i] = (uint32_t)label;
                rows[count++] = (uint32_t)i;
            }
    return count;
}

static qs_status export_rows(qs_buf *out, const qs_classifier *c, const qs_head *head, const qs_dataset *d,
                             size_t jobs, qs_error *err)
{
    qs_vectors vectors = {0};
    uint32_t *rows = qs_alloc(d->count, sizeof *rows);
    uint32_t *labels = qs_alloc_zero(d->count, sizeof *labels);
    const qs_vocabulary *vocabulary = qs_classifier_vocabulary(c, err);
    qs_status status = rows == NULL || labels == NULL || vocabulary == NULL ? qs_fail(err, QS_ENOMEM, "out of memory") : QS_OK;
    if (status == QS_OK)
        status = qs_vectors_build(&vectors, vocabulary, &c->model->spec, d->items, d->count, jobs, err);
    if (status == QS_OK) {
        const size_t count = choose_rows(c, head, d, rows, labels);
        status = qs_vectors_export(out, &vectors, rows, labels, count, err);
    }
    qs_vectors_free(&vectors);
    qs_free(rows);
    qs_free(labels);
    return status;
}

qs_status qs_inspect_export_vectors(const qs_classifier *c, const char *name, const char *const *paths,
                                    size_t path_count, const qs_train_options *options, const char *path,
                                    qs_error *err)
{
    qs_train_options train = *options;
    qs_dataset dataset = {0};
    qs_dataset_plan plan;
    qs_arena arena = {0};
    qs_buf out = {0};
    const qs_head *head = NULL;
    train.per_target = c->per_target;
    qs_status status = qs_inspect_head(c->model, name, &head, err);
    if (status == QS_OK)
        status = qs_train_plan(&plan, &arena, &train, err);
    if (status == QS_OK)
        status = qs_dataset_read(&dataset, paths, path_count, &plan, &train.remarks, err);
    if (status == QS_OK)
        status = export_rows(&out, c, head, &dataset, train.jobs, err);
    if (status == QS_OK)
        status = qs_inspect_save(&out, path, err);
    qs_dataset_free(&dataset);
    qs_arena_free(&arena);
    qs_buf_free(&out);
    return status;
}
