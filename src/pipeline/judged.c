/* Gold labels and predictions joined item by item. SPDX-License-Identifier: MIT */
#include "quotestance/judged.h"

#include "base/buf.h"
#include "pipeline/judged_read.h"

#define NOT_UNIQUE UINT32_MAX

/* Where to find an answer: by item and head, by item and target, by item alone (if it has one answer). */
typedef struct answer_index {
    const qs_answers *answers;
    int by_order; /* no ids: the number of the record stands for it */
    qs_map keys;
    uint32_t *place; /* by key number: answer + 1, or NOT_UNIQUE */
    size_t capacity;
    qs_buf key;
} answer_index;

static void make_key(answer_index *index, char kind, const qs_answer *answer, qs_str part)
{
    qs_buf_clear(&index->key);
    qs_buf_add_char(&index->key, kind);
    if (index->by_order)
        qs_buf_add_u64(&index->key, answer->item);
    else
        qs_buf_add_str(&index->key, answer->id);
    qs_buf_add_char(&index->key, '\0');
    qs_buf_add_str(&index->key, part);
}

static qs_status put(answer_index *index, uint32_t answer, qs_error *err)
{
    uint32_t number = 0;
    const size_t known = index->keys.count;
    qs_status status = qs_buf_status(&index->key, err);
    if (status == QS_OK)
        status = qs_map_intern(&index->keys, qs_buf_view(&index->key), &number, err);
    if (status == QS_OK)
        status = qs_grow(&index->place, &index->capacity, (size_t)number + 1, sizeof *index->place, err);
    if (status == QS_OK)
        index->place[number] = number == known ? answer + 1 : NOT_UNIQUE;
    return status;
}

static qs_status index_make(answer_index *index, const qs_answers *answers, int by_order, qs_error *err)
{
    qs_status status = QS_OK;
    index->answers = answers;
    index->by_order = by_order;
    for (size_t i = 0; i < answers->count && status == QS_OK; i++) {
        const qs_answer *answer = &answers->list[i];
        make_key(index, 'i', answer, qs_str_of(""));
        status = put(index, (uint32_t)i, err);
        if (status == QS_OK && answer->head.len > 0) {
            make_key(index, 'h', answer, answer->head);
            status = put(index, (uint32_t)i, err);
        }
        if (status == QS_OK && answer->target.len > 0) {
            make_key(index, 't', answer, answer->target);
            status = put(index, (uint32_t)i, err);
        }
    }
    return status;
}

static void index_free(answer_index *index)
{
    qs_map_free(&index->keys);
    qs_free(index->place);
    qs_buf_free(&index->key);
}

/* 0: not there; NOT_UNIQUE: several. */
static uint32_t get(answer_index *index, char kind, const qs_answer *like, qs_str part)
{
    uint32_t number = 0;
    make_key(index, kind, like, part);
    return qs_map_find(&index->keys, qs_buf_view(&index->key), &number) ? index->place[number] : 0;
}

static qs_status find_answer(const qs_answer **found, answer_index *index, const qs_answer *gold,
                             const char *gold_path, qs_error *err)
{
    uint32_t place = 0;
    if (gold->head.len > 0)
        place = get(index, 'h', gold, gold->head);
    if (place == 0 && gold->target.len > 0) {
        place = get(index, 't', gold, gold->target);
        if (place == 0 || place == NOT_UNIQUE) {
            const uint32_t by_head = get(index, 'h', gold, gold->target);
            place = by_head != 0 ? by_head : place;
        }
    }
    if (place == 0)
        place = get(index, 'i', gold, qs_str_of(""));
    if (place != 0 && place != NOT_UNIQUE) {
        *found = &index->answers->list[place - 1];
        return QS_OK;
    }
    (void)qs_fail_at(err, QS_EINPUT, gold->line, QS_NO_OFFSET, "%s for item \"%.*s\"%s%.*s in %.80s",
                     place == 0 ? "no prediction" : "more than one prediction",
                     (int)(gold->id.len > 40 ? 40 : gold->id.len), gold->id.len == 0 ? "" : gold->id.ptr,
                     gold->target.len > 0 ? ", target " : "",
                     (int)(gold->target.len > 40 ? 40 : gold->target.len),
                     gold->target.len == 0 ? "" : gold->target.ptr, index->answers->path);
    qs_error_set_path(err, gold_path);
    return QS_EINPUT;
}

/* Ids are used if every record of both files has one. */
static qs_status order_or_ids(int *by_order, const qs_answers *gold, const qs_answers *other, qs_error *err)
{
    *by_order = gold->without_id > 0 || other->without_id > 0;
    if (*by_order && gold->items != other->items)
        return qs_fail(err, QS_EINPUT,
                       "%.80s has %llu records, %.80s has %llu, and without ids they are joined by order", gold->path,
                       (unsigned long long)gold->items, other->path, (unsigned long long)other->items);
    return QS_OK;
}

/* The label of a gold file, or the gold label beside a prediction. */
static qs_str gold_label(const qs_answer *answer, int own_file)
{
    return answer->gold.ptr != NULL ? answer->gold : own_file ? answer->label : qs_str_make(NULL, 0);
}

static qs_str head_of(const qs_answer *gold, const qs_answer *predicted)
{
    return predicted->head.len > 0 ? predicted->head : gold->head.len > 0 ? gold->head : gold->target;
}

static qs_status evaluate_all(qs_evaluation *evaluation, const qs_answers *gold, int own_file, answer_index *index,
                              qs_error *err)
{
    qs_status status = QS_OK;
    size_t added = 0;
    for (size_t i = 0; i < gold->count && status == QS_OK; i++) {
        const qs_answer *answer = &gold->list[i];
        const qs_answer *predicted = answer;
        const qs_str label = gold_label(answer, own_file);
        if (label.len == 0)
            continue;
        if (own_file)
            status = find_answer(&predicted, index, answer, gold->path, err);
        if (status != QS_OK)
            break;
        const qs_evaluation_row row = {
            .head = head_of(answer, predicted), .gold = label, .predicted = predicted->label,
            .group = answer->group.ptr != NULL ? answer->group : predicted->group,
            .probability_labels = predicted->names, .probabilities = predicted->probabilities,
            .probability_count = predicted->probability_count, .slices = answer->slices, .id = answer->id,
            .text = answer->text.ptr != NULL ? answer->text : predicted->text};
        status = qs_evaluation_add(evaluation, &row, err);
        if (status != QS_OK && err != NULL)
            err->line = predicted->line;
        added++;
    }
    if (status == QS_OK && added == 0)
        status = qs_fail(err, QS_EINPUT, "%.160s holds no gold labels", gold->path);
    if (status == QS_OK)
        qs_evaluation_set_items(evaluation, gold->items);
    return status;
}

/* A column that no record has is a slip, not a slice of one. */
static qs_status check_slices(const qs_answers *gold, const qs_judged_options *options, qs_error *err)
{
    for (size_t i = 0; i < options->slice_count && gold->items > 0; i++)
        if (!gold->slice_seen[i])
            return qs_fail(err, QS_EUSAGE, "no record of %.120s has a field \"%.80s\"", gold->path, options->slices[i]);
    return QS_OK;
}

qs_status qs_judged_evaluate(qs_evaluation *evaluation, const char *gold, const char *predictions,
                             const qs_judged_options *options, size_t *rejected, qs_error *err)
{
    qs_answers golden = {0}, predicted = {0};
    answer_index index = {0};
    int by_order = 0;
    qs_status status = qs_answers_read(&predicted, predictions, options, err);
    if (status == QS_OK && gold != NULL)
        status = qs_answers_read(&golden, gold, options, err);
    if (status == QS_OK && gold != NULL)
        status = order_or_ids(&by_order, &golden, &predicted, err);
    if (status == QS_OK && gold != NULL)
        status = index_make(&index, &predicted, by_order, err);
    if (status == QS_OK)
        status = check_slices(gold != NULL ? &golden : &predicted, options, err);
    if (status == QS_OK)
        status = evaluate_all(evaluation, gold != NULL ? &golden : &predicted, gold != NULL, &index, err);
    if (rejected != NULL)
        *rejected = golden.rejected + predicted.rejected;
    index_free(&index);
    qs_answers_free(&golden);
    qs_answers_free(&predicted);
    return status;
}

static qs_status compare_all(qs_comparison *comparison, const qs_answers *gold, int own_file, answer_index *a,
                             answer_index *b, qs_error *err)
{
    qs_status status = QS_OK;
    size_t added = 0;
    for (size_t i = 0; i < gold->count && status == QS_OK; i++) {
        const qs_answer *answer = &gold->list[i], *first = answer, *second = NULL;
        const qs_str label = gold_label(answer, own_file);
        if (label.len == 0)
            continue;
        if (own_file)
            status = find_answer(&first, a, answer, gold->path, err);
        if (status == QS_OK)
            status = find_answer(&second, b, answer, gold->path, err);
        if (status != QS_OK)
            break;
        const qs_comparison_row row = {.head = head_of(answer, first), .gold = label, .a = first->label,
                                       .b = second->label, .group = answer->group};
        status = qs_comparison_add(comparison, &row, err);
        added++;
    }
    if (status == QS_OK && added == 0)
        status = qs_fail(err, QS_EINPUT, "%.160s holds no gold labels", gold->path);
    return status;
}

qs_status qs_judged_compare(qs_comparison *comparison, const char *gold, const char *a, const char *b,
                            const qs_judged_options *options, size_t *rejected, qs_error *err)
{
    qs_answers golden = {0}, first = {0}, second = {0};
    answer_index first_index = {0}, second_index = {0};
    int by_order = 0;
    qs_status status = qs_answers_read(&first, a, options, err);
    if (status == QS_OK)
        status = qs_answers_read(&second, b, options, err);
    if (status == QS_OK && gold != NULL)
        status = qs_answers_read(&golden, gold, options, err);
    const qs_answers *base = gold != NULL ? &golden : &first;
    if (status == QS_OK)
        status = order_or_ids(&by_order, base, &first, err);
    if (status == QS_OK)
        status = index_make(&first_index, &first, by_order, err);
    if (status == QS_OK)
        status = order_or_ids(&by_order, base, &second, err);
    if (status == QS_OK)
        status = index_make(&second_index, &second, by_order, err);
    if (status == QS_OK)
        status = compare_all(comparison, base, gold != NULL, &first_index, &second_index, err);
    if (rejected != NULL)
        *rejected = golden.rejected + first.rejected + second.rejected;
    index_free(&first_index);
    index_free(&second_index);
    qs_answers_free(&golden);
    qs_answers_free(&first);
    qs_answers_free(&second);
    return status;
}
