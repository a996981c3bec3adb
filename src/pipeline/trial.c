/* Models against labelled corpora. SPDX-License-Identifier: MIT */
#include "quotestance/trial.h"

#include "base/io.h"
#include "pipeline/classifier_internal.h"
#include "pipeline/heads.h"
#include "pipeline/score_json.h"
#include "pipeline/train.h"
#include "pipeline/trial_causes.h"
#include "pipeline/trial_folds.h"

/* What judging rows needs, whoever trained the model. */
typedef struct judging {
    qs_evaluation *evaluation;
    const qs_trial_options *options;
    const qs_dataset *dataset;
    qs_outfile *predictions;
    qs_buf line;
    size_t rejected;
    const qs_classifier *classifier;
    qs_scorer *explaining; /* made when the first bad row needs it */
    size_t known_labels, unknown_labels; /* gold labels that the model can give, and others */
    qs_str unknown_label;                /* the first of them */
} judging;

static qs_str row_text(const qs_dataset *d, uint32_t row, qs_text_field field)
{
    return d->items[row].field[field];
}

/* The gold label of an answer, or a view with ptr NULL. `columns[h]` is the dataset's label column of model head h. */
static qs_str gold_label(const judging *j, uint32_t row, size_t column)
{
    return column < j->dataset->label_columns ? j->dataset->rows[row].labels[column]
                                              : qs_str_make(NULL, 0);
}

static qs_status write_prediction(judging *j, uint32_t row, const qs_score *scores, size_t count,
                                  const qs_str *gold, qs_error *err)
{
    const qs_labelled *labelled = &j->dataset->rows[row];
    if (j->predictions == NULL)
        return QS_OK;
    qs_buf_clear(&j->line);
    qs_buf_add_text(&j->line, "{\"id\":");
    qs_buf_add_json(&j->line, labelled->id);
    if (labelled->target.len > 0) {
        qs_buf_add_text(&j->line, ",\"target\":");
        qs_buf_add_json(&j->line, labelled->target);
    }
    qs_buf_add_text(&j->line, ",\"text\":");
    qs_buf_add_json(&j->line, row_text(j->dataset, row, QS_FIELD_TEXT));
    qs_buf_add_text(&j->line, ",\"gold\":{");
    for (size_t i = 0, written = 0; i < count; i++) {
        if (gold[i].ptr == NULL)
            continue;
        if (written++ > 0)
            qs_buf_add_char(&j->line, ',');
        qs_buf_add_json(&j->line, scores[i].head);
        qs_buf_add_char(&j->line, ':');
        qs_buf_add_json(&j->line, gold[i]);
    }
    qs_buf_add_text(&j->line, "},");
    qs_add_heads_json(&j->line, scores, count, 0);
    qs_buf_add_text(&j->line, "}\n");
    const qs_status status = qs_buf_status(&j->line, err);
    return status != QS_OK ? status : qs_outfile_write(j->predictions, qs_buf_view(&j->line), err);
}

static void count_label(judging *j, const qs_score *score, qs_str gold)
{
    for (size_t l = 0; l < score->label_count; l++) {
        if (qs_str_equal(score->labels[l], gold)) {
            j->known_labels++;
            return;
        }
    }
    if (j->unknown_labels++ == 0)
        j->unknown_label = gold;
}

/* Labels that no answer can match are an error if there are no others, else a remark. */
static qs_status check_labels(const judging *j, qs_error *err)
{
    const int length = j->unknown_label.len > 40 ? 40 : (int)j->unknown_label.len;
    if (j->unknown_labels == 0)
        return QS_OK;
    if (j->known_labels == 0)
        return qs_fail(err, QS_EINPUT, "the model knows none of the labels of the corpus, such as '%.*s'", length,
                       j->unknown_label.ptr);
    qs_remark(&j->options->train->remarks, "%zu labels are not among those of the model, such as '%.*s': counted as wrong",
              j->unknown_labels, length, j->unknown_label.ptr);
    return QS_OK;
}

static qs_status add_answers(judging *j, uint32_t row, const qs_text *text, const qs_score *scores, size_t count,
                             const qs_str *gold, qs_error *err)
{
    for (size_t i = 0; i < count; i++) {
        if (gold[i].ptr == NULL)
            continue;
        count_label(j, &scores[i], gold[i]);
        const qs_evaluation_row answer = {.head = scores[i].head, .gold = gold[i],
                                          .predicted = scores[i].label,
                                          .group = j->dataset->rows[row].group,
                                          .probability_labels = scores[i].labels,
                                          .probabilities = scores[i].probabilities,
                                          .probability_count = scores[i].label_count,
                                          .slices = j->dataset->rows[row].slices,
                                          .id = j->dataset->rows[row].id,
                                          .text = text->text};
        qs_status status = qs_evaluation_add(j->evaluation, &answer, err);
        if (status == QS_OK)
            status = qs_trial_explain_last(j->evaluation, &j->explaining, j->classifier, text, i, gold[i], err);
        if (status != QS_OK)
            return status;
    }
    return QS_OK;
}

/* Judges rows by a classifier; columns[h] is the label column of its head h. */
static qs_status judge(judging *j, const qs_classifier *classifier, const size_t *columns,
                       const uint32_t *rows, size_t count, qs_error *err)
{
    qs_scorer *scorer = NULL;
    qs_str *gold = qs_alloc_zero(qs_classifier_head_count(classifier), sizeof *gold);
    qs_status status = qs_scorer_create(&scorer, classifier, err);
    j->classifier = classifier;
    if (status == QS_OK && gold == NULL)
        status = qs_fail(err, QS_ENOMEM, "out of memory");
    if (status == QS_OK)
        qs_scorer_set_abstain(scorer, j->options->abstain);
    for (size_t i = 0; i < count && status == QS_OK; i++) {
        const qs_text text = {row_text(j->dataset, rows[i], QS_FIELD_TEXT),
                              row_text(j->dataset, rows[i], QS_FIELD_CONTEXT),
                              j->dataset->rows[rows[i]].target};
        const qs_score *scores = NULL;
        size_t answers = 0;
        qs_error unknown;
        status = qs_scorer_score(scorer, &text, &scores, &answers, &unknown);
        if (status == QS_EINPUT) { /* a target the model does not know costs that row alone */
            if (++j->rejected <= 20)
                qs_remark(&j->options->train->remarks, "row left out: %s", unknown.message);
            status = QS_OK;
            continue;
        }
        if (status != QS_OK) {
            if (err != NULL)
                *err = unknown;
            break;
        }
        for (size_t k = 0; k < answers; k++)
            gold[k] = gold_label(j, rows[i], classifier->per_target ? 0 : columns[k]);
        status = add_answers(j, rows[i], &text, scores, answers, gold, err);
        if (status == QS_OK)
            status = write_prediction(j, rows[i], scores, answers, gold, err);
    }
    qs_scorer_destroy(j->explaining);
    j->explaining = NULL;
    qs_scorer_destroy(scorer);
    qs_free(gold);
    return status;
}

static qs_status finish(judging *j, size_t *rejected, qs_status status, qs_error *err)
{
    if (status == QS_OK)
        status = check_labels(j, err);
    if (status == QS_OK && j->predictions != NULL)
        status = qs_outfile_commit(j->predictions, err);
    else
        qs_outfile_abandon(j->predictions);
    if (rejected != NULL)
        *rejected = j->rejected;
    if (status == QS_OK && j->dataset->count > 0)
        qs_evaluation_set_items(j->evaluation, j->dataset->count);
    qs_buf_free(&j->line);
    return status;
}

static qs_status start(judging *j, const qs_trial_options *options, qs_error *err)
{
    return options->predictions == NULL ? QS_OK
                                        : qs_outfile_open(&j->predictions, options->predictions, err);
}

/* The "NAME=COLUMN" options that read a gold label for every head of a model. */
static qs_status plan_heads(qs_train_options *train, const char ***heads, qs_arena *arena,
                            const qs_classifier *c, qs_error *err)
{
    const size_t count = qs_classifier_head_count(c);
    train->per_target = c->per_target;
    if (c->per_target)
        return QS_OK;
    *heads = qs_arena_alloc(arena, count, sizeof **heads);
    if (*heads == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    for (size_t h = 0; h < count; h++) {
        const qs_str name = qs_classifier_head_name(c, h);
        const bool by_label = count == 1 || qs_str_equal(name, qs_str_of(QS_DEFAULT_HEAD));
        qs_buf text = {0};
        qs_buf_add_str(&text, name);
        qs_buf_add_char(&text, '=');
        if (!by_label)
            qs_buf_add_str(&text, name);
        (*heads)[h] = qs_arena_copy(arena, qs_buf_view(&text)).ptr;
        const bool lost = text.failed || (*heads)[h] == NULL;
        qs_buf_free(&text);
        if (lost)
            return qs_fail(err, QS_ENOMEM, "out of memory");
        for (size_t k = 0; k < train->head_count; k++)
            if (qs_str_equal(qs_head_option_name(train->heads[k]), name))
                (*heads)[h] = train->heads[k];
    }
    train->heads = *heads;
    train->head_count = count;
    return QS_OK;
}

static uint32_t *count_up(size_t count)
{
    uint32_t *rows = qs_alloc(count, sizeof *rows);
    for (size_t i = 0; rows != NULL && i < count; i++)
        rows[i] = (uint32_t)i;
    return rows;
}

qs_status qs_trial_model(qs_evaluation *evaluation, const qs_classifier *classifier,
                         const char *const *paths, size_t path_count, const qs_trial_options *options,
                         size_t *rejected, qs_error *err)
{
    qs_dataset dataset = {0};
    qs_dataset_plan plan = {0};
    qs_arena arena = {0};
    const char **heads = NULL;
    qs_train_options train = *options->train;
    judging j = {.evaluation = evaluation, .options = options, .dataset = &dataset};
    uint32_t *rows = NULL;
    qs_status status = plan_heads(&train, &heads, &arena, classifier, err);
    if (status == QS_OK)
        status = qs_train_plan(&plan, &arena, &train, err);
    plan.slice_columns = options->slices;
    plan.slice_count = options->slice_count;
    if (status == QS_OK)
        status = qs_dataset_read(&dataset, paths, path_count, &plan, &train.remarks, err);
    j.rejected = dataset.rejected;
    if (status == QS_OK)
        status = start(&j, options, err);
    if (status == QS_OK) {
        const size_t head_count = qs_classifier_head_count(classifier);
        rows = count_up(dataset.count > head_count ? dataset.count : head_count);
        size_t *columns = qs_arena_alloc(&arena, head_count, sizeof *columns);
        if (rows == NULL || columns == NULL)
            status = qs_fail(err, QS_ENOMEM, "out of memory");
        for (size_t h = 0; status == QS_OK && h < head_count; h++)
            columns[h] = h; /* label columns were planned head by head */
        if (status == QS_OK)
            status = judge(&j, classifier, columns, rows, dataset.count, err);
    }
    status = finish(&j, rejected, status, err);
    qs_free(rows);
    qs_dataset_free(&dataset);
    qs_arena_free(&arena);
    return status;
}

static size_t head_column(const qs_train_options *train, qs_str head)
{
    for (size_t k = 0; k < train->head_count && !train->per_target; k++)
        if (qs_str_equal(qs_head_option_name(train->heads[k]), head))
            return k;
    return 0;
}

static qs_status run_fold(judging *j, const uint32_t *folds, uint32_t fold, qs_error *err)
{
    const qs_train_options *train = j->options->train;
    const size_t count = j->dataset->count;
    uint32_t *seen = qs_alloc(count, sizeof *seen);
    uint32_t *held = qs_alloc(count, sizeof *held);
    size_t *columns = NULL;
    size_t seen_count = 0;
    size_t held_count = 0;
    qs_model *model = NULL;
    qs_classifier *classifier = NULL;
    qs_status status = QS_OK;
    if (seen == NULL || held == NULL)
        status = qs_fail(err, QS_ENOMEM, "out of memory");
    for (size_t i = 0; status == QS_OK && i < count; i++) {
        if (folds[i] == fold)
            held[held_count++] = (uint32_t)i;
        else
            seen[seen_count++] = (uint32_t)i;
    }
    if (status == QS_OK)
        status = qs_train_rows(&model, j->dataset, seen, seen_count, train, NULL, err);
    if (status == QS_OK)
        status = qs_classifier_wrap(&classifier, model, err);
    if (status == QS_OK) {
        columns = qs_alloc_zero(qs_classifier_head_count(classifier), sizeof *columns);
        if (columns == NULL)
            status = qs_fail(err, QS_ENOMEM, "out of memory");
    }
    for (size_t h = 0; status == QS_OK && h < qs_classifier_head_count(classifier); h++)
        columns[h] = head_column(train, qs_classifier_head_name(classifier, h));
    if (status == QS_OK)
        status = judge(j, classifier, columns, held, held_count, err);
    qs_classifier_close(classifier);
    qs_free(columns);
    qs_free(seen);
    qs_free(held);
    return status;
}

qs_status qs_trial_folds(qs_evaluation *evaluation, const char *const *paths, size_t path_count,
                         const qs_trial_options *options, size_t *rejected, qs_error *err)
{
    qs_dataset dataset = {0};
    qs_dataset_plan plan = {0};
    qs_arena arena = {0};
    uint32_t *folds = NULL;
    judging j = {.evaluation = evaluation, .options = options, .dataset = &dataset};
    qs_status status = qs_train_plan(&plan, &arena, options->train, err);
    plan.slice_columns = options->slices;
    plan.slice_count = options->slice_count;
    if (status == QS_OK)
        status = qs_dataset_read(&dataset, paths, path_count, &plan, &options->train->remarks, err);
    j.rejected = dataset.rejected;
    if (status == QS_OK) {
        folds = qs_alloc_zero(dataset.count, sizeof *folds);
        status = folds == NULL ? qs_fail(err, QS_ENOMEM, "out of memory")
                               : qs_trial_deal(folds, &dataset, options, err);
    }
    if (status == QS_OK)
        status = start(&j, options, err);
    for (uint32_t f = 0; f < options->folds && status == QS_OK; f++)
        status = run_fold(&j, folds, f, err);
    status = finish(&j, rejected, status, err);
    qs_free(folds);
    qs_dataset_free(&dataset);
    qs_arena_free(&arena);
    return status;
}
