/* Keeping the worst rows while rows come in. SPDX-License-Identifier: MIT */
#include "evaluation/worst.h"

#include <string.h>

void qs_worst_free(qs_worst *worst)
{
    qs_free(worst->rows);
    qs_arena_free(&worst->arena);
    *worst = (qs_worst){0};
}

static int copy(qs_arena *arena, qs_str *text)
{
    if (text->ptr != NULL)
        *text = qs_arena_copy(arena, *text);
    else
        *text = qs_str_of("");
    return text->ptr != NULL;
}

static qs_status copy_causes(qs_arena *arena, qs_wrong_row *row, const qs_cause *causes, size_t count, qs_error *err)
{
    qs_cause *own = qs_arena_alloc(arena, count, sizeof *own);
    if (own == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    for (size_t i = 0; i < count; i++) {
        own[i] = causes[i];
        if (!copy(arena, &own[i].ngram))
            return qs_fail(err, QS_ENOMEM, "out of memory");
    }
    row->causes = own;
    row->cause_count = count;
    return QS_OK;
}

static qs_status copy_row(qs_arena *arena, qs_wrong_row *row, qs_error *err)
{
    if (copy(arena, &row->head) && copy(arena, &row->gold) && copy(arena, &row->predicted) && copy(arena, &row->id) &&
        copy(arena, &row->text))
        return copy_causes(arena, row, row->causes, row->cause_count, err);
    return qs_fail(err, QS_ENOMEM, "out of memory");
}

qs_status qs_worst_offer(qs_worst *worst, const qs_wrong_row *row, qs_error *err)
{
    qs_wrong_row new = *row;
    size_t at = worst->count;
    worst->newest = SIZE_MAX;
    while (at > 0 && worst->rows[at - 1].confidence < row->confidence)
        at--;
    if (at == worst->max)
        return QS_OK;
    if (worst->rows == NULL)
        worst->rows = qs_alloc(worst->max, sizeof *worst->rows);
    if (worst->rows == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    const qs_status status = copy_row(&worst->arena, &new, err);
    if (status != QS_OK)
        return status;
    if (worst->count < worst->max)
        worst->count++;
    memmove(worst->rows + at + 1, worst->rows + at, (worst->count - at - 1) * sizeof *worst->rows);
    worst->rows[at] = new;
    worst->newest = at;
    return QS_OK;
}

qs_status qs_worst_explain(qs_worst *worst, const qs_cause *causes, size_t count, qs_error *err)
{
    return worst->newest == SIZE_MAX ? QS_OK
                                     : copy_causes(&worst->arena, &worst->rows[worst->newest], causes, count, err);
}

qs_status qs_worst_copy(const qs_worst *worst, qs_arena *arena, qs_wrong_row **rows, qs_error *err)
{
    qs_status status = QS_OK;
    *rows = qs_arena_alloc(arena, worst->count, sizeof **rows);
    if (*rows == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    for (size_t i = 0; i < worst->count && status == QS_OK; i++) {
        (*rows)[i] = worst->rows[i];
        status = copy_row(arena, &(*rows)[i], err);
    }
    return status;
}
