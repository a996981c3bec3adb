/* Marks that are lost, and marks that quote nothing. SPDX-License-Identifier: MIT */
#include "quotes/scan.h"

/* The most tokens of a quote whose opening mark is lost. */
enum { LOST_MAX = 100 };

/* 6'2": feet and inches, whatever is open. */
bool qs_mark_is_height(const qs_scan *scan, size_t paragraph, size_t index)
{
    size_t at = scan->tokens[index].start;
    const size_t first = scan->tokens[scan->paragraphs[paragraph].first].start;
    if (scan->tokens[index].code_point != '"')
        return false;
    size_t digits = 0;
    while (at > first && scan->text.ptr[at - 1] >= '0' && scan->text.ptr[at - 1] <= '9' && digits < 3)
        at--, digits++;
    return digits > 0 && digits < 3 && at > first + 1 && scan->text.ptr[at - 1] == '\'' && scan->text.ptr[at - 2] >= '0' &&
           scan->text.ptr[at - 2] <= '9';
}

/* `It is late," Ada said.`: the first token of a quote whose opening mark is lost, or QS_NONE. A cue must follow. */
size_t qs_mark_lost_start(const qs_scan *scan, size_t paragraph, size_t index)
{
    const qs_paragraph_tokens range = scan->paragraphs[paragraph];
    bool cue = false;
    if (scan->tokens[index].family != QS_FAMILY_DOUBLE || index < range.first + 3 || !qs_token_is(&scan->tokens[index - 1], ','))
        return QS_NONE;
    for (size_t i = index + 1; i < range.last && i < index + 8 && !cue && scan->tokens[i].type == QS_TOKEN_WORD; i++)
        cue = scan->tokens[i].cue != NULL && !scan->tokens[i].upper && (scan->tokens[i].cue->flags & QS_CUE_S) != 0;
    size_t start = index;
    for (; cue && start > range.first && index - start < LOST_MAX; start--) {
        const qs_token *before = &scan->tokens[start - 1];
        if (before->type == QS_TOKEN_MARK && before->family == QS_FAMILY_DOUBLE)
            break;
        if (qs_token_is(before, '.') || qs_token_is(before, '?') || qs_token_is(before, '!'))
            return start;
    }
    return cue && start == range.first ? start : QS_NONE;
}

/* `"The talks are dead, said Brun.`: where a forgotten closing mark belongs, or `end`. */
size_t qs_mark_cut_attribution(const qs_scan *scan, size_t open, size_t last, size_t end)
{
    const size_t from = last > open + 16 ? last - 16 : open + 1;
    for (size_t i = from; i + 2 < last; i++) {
        const qs_token *next = &scan->tokens[i + 1];
        if (qs_token_is(&scan->tokens[i], ',') && i > open + 1 && next->cue != NULL && !next->upper &&
            (next->cue->flags & QS_CUE_S) != 0 && scan->tokens[i + 2].upper)
            return scan->tokens[i - 1].end;
    }
    return end;
}
