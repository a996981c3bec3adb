/* The parts of a text around the mention of a target. SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "features/target.h"

#include <string.h>

#define NEAR_WORDS 4

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool ends_clause(char c)
{
    return c == ',' || c == ';' || c == ':' || c == '.' || c == '!' || c == '?';
}

/* Where the words before `at` begin. */
static size_t words_before(qs_str text, size_t at)
{
    for (int words = 0; words < NEAR_WORDS && at > 0; words++) {
        while (at > 0 && is_space(text.ptr[at - 1]))
            at--;
        while (at > 0 && !is_space(text.ptr[at - 1]))
            at--;
    }
    return at;
}

static size_t words_after(qs_str text, size_t at)
{
    for (int words = 0; words < NEAR_WORDS && at < text.len; words++) {
        while (at < text.len && is_space(text.ptr[at]))
            at++;
        while (at < text.len && !is_space(text.ptr[at]))
            at++;
    }
    return at;
}

bool qs_item_locate(qs_item *item, qs_str target)
{
    const qs_str text = item->field[QS_FIELD_TEXT];
    const char *mention =
        target.len == 0 || text.len == 0 ? NULL : memmem(text.ptr, text.len, target.ptr, target.len);
    item->field[QS_FIELD_TARGET] = target;
    if (mention == NULL) {
        item->field[QS_FIELD_LEFT] = item->field[QS_FIELD_NEAR] = qs_str_make(NULL, 0);
        item->field[QS_FIELD_RIGHT] = item->field[QS_FIELD_CLAUSE] = text;
        return false;
    }
    const size_t start = (size_t)(mention - text.ptr);
    const size_t end = start + target.len;
    size_t from = start;
    size_t to = end;
    while (from > 0 && !ends_clause(text.ptr[from - 1]))
        from--;
    while (to < text.len && !ends_clause(text.ptr[to]))
        to++;
    item->field[QS_FIELD_LEFT] = qs_str_slice(text, 0, start);
    item->field[QS_FIELD_RIGHT] = qs_str_slice(text, end, text.len);
    item->field[QS_FIELD_NEAR] = qs_str_slice(text, words_before(text, start), words_after(text, end));
    item->field[QS_FIELD_CLAUSE] = qs_str_slice(text, from, to);
    return true;
}
