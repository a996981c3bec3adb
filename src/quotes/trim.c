/* Where content ends before its sentence does: what the writer adds behind it. SPDX-License-Identifier: MIT */
#include "quotes/reach.h"

/* Behind the last marked part the sentence goes on with a deed of the speaker: "calling him a "liar" and leaving",
 * "called it "a farce", but signed". */
static bool ends_complement(const qs_work *w, size_t i)
{
    const qs_clause *c = w->c;
    const bool names = w->r->entry != NULL && (w->r->entry->class == QS_CUE_CALL || w->r->entry->class == QS_CUE_CLAIM);
    if (names && (qs_item_is_comma(c, i) || qs_item_is_dash(c, i) || qs_item_is(c, i, '(')))
        return true;
    if (!qs_item_word_is(c, i, "and") && !qs_item_word_is(c, i, "but"))
        return false;
    if (w->r->participle && qs_item_ends(c, i + 1, "ing"))
        return true;
    return names && ((qs_item_is_word(c, i + 1) && !qs_item_token(c, i + 1)->upper &&
                      !qs_item_has(c, i + 1, QS_WORD_DET | QS_WORD_PREP)) ||
                     qs_item_has(c, i + 1, QS_WORD_HE | QS_WORD_SHE | QS_WORD_THEY | QS_WORD_AUX | QS_WORD_MODAL) ||
                     qs_item_token(c, i + 1)->cue != NULL);
}

/* Behind the last marked part of a clause: a part that ends with its comma ends the content, and so does a comma
 * before a participle or a relative clause, which are the writer's. */
size_t qs_reach_trim(const qs_work *w, size_t start, size_t end)
{
    const qs_clause *c = w->c;
    size_t last = QS_NONE;
    for (size_t i = start; i < end; i++)
        if (qs_item_is_part(c, i))
            last = i;
    if (last == QS_NONE)
        return end;
    if (qs_part_last_char(c->scan, &c->scan->parts[c->items[last].part]) == ',')
        return last + 1;
    for (size_t i = last + 1; i + 1 < end; i++) {
        if (ends_complement(w, i))
            return i;
        if (!qs_item_is_comma(c, i) || !qs_item_is_word(c, i + 1))
            continue;
        if (qs_item_has(c, i + 1, QS_WORD_RELATIVE | QS_WORD_SUBORD) || qs_item_word_is(c, i + 1, "a") || qs_item_word_is(c, i + 1, "an") ||
            qs_item_ends(c, i + 1, "ing") || qs_item_word_is(c, i + 1, "where"))
            return i;
    }
    return end;
}

/* "..., which", "..., compared with": words behind a comma that the writer adds. */
static bool adds_on(const qs_clause *c, size_t i)
{
    static const char *const words[] = {"which", "who", "whose", "where", "compared", "a", "an", "said", "however", "despite"};
    return qs_item_word_in(c, i, words, sizeof words / sizeof *words);
}

/* "when", "after": words that make a clause lead up to the sentence's own. */
static bool is_leading_word(const qs_clause *c, size_t i)
{
    static const char *const words[] = {"when",   "while", "if",   "although", "though", "whereas", "unless",
                                        "once",   "because", "since", "after",    "before", "until",   "by"};
    return qs_item_word_in(c, i, words, sizeof words / sizeof *words);
}

/* "When Ada said ..., Bo left", "Rao, who said ..., left": the sentence's own words come behind a comma. */
static bool is_subordinate(const qs_work *w)
{
    const qs_clause *c = w->c;
    const qs_report *r = w->r;
    if (r->according || r->inverted || strcmp(c->scan->lexicon->language, "en") != 0)
        return false;
    if (r->group >= w->s.first + 2 && qs_item_has(c, r->group - 1, QS_WORD_RELATIVE) && !qs_item_has(c, r->group - 1, QS_WORD_THAT))
        return qs_item_is_comma(c, r->group - 2);
    for (size_t i = w->s.first; i < r->begin && i < w->s.first + 8; i++) {
        if (qs_item_is_comma(c, i) || qs_item_is_part(c, i))
            return false;
        if (is_leading_word(c, i))
            return true;
    }
    return r->participle && r->begin == w->s.first;
}

size_t qs_trim_subordinate(const qs_work *w, size_t start, size_t end)
{
    const qs_clause *c = w->c;
    if (!is_subordinate(w))
        return end;
    const bool parts = qs_count_parts(c, start, end) > 0;
    bool seen = !parts;
    for (size_t i = start; i + 1 < end; i++) {
        if (!seen && i > start && qs_item_is_comma(c, i) && qs_item_has(c, i + 1, QS_WORD_AUX | QS_WORD_MODAL))
            return i; /* "A senator, who said it failed, is calling it "sad"" */
        if (qs_item_is_part(c, i)) {
            seen = true;
            if (qs_part_last_char(c->scan, &c->scan->parts[c->items[i].part]) == ',')
                return i + 1;
        } else if (seen && i > start && qs_item_is_comma(c, i)) {
            return i;
        }
    }
    return end;
}

size_t qs_trim_indirect(const qs_work *w, size_t start, size_t end)
{
    const qs_clause *c = w->c;
    const bool clause = !qs_item_word_is(c, start, "to");
    for (size_t i = start + 2; i + 1 < end; i++)
        if ((qs_item_is_comma(c, i) || qs_item_is_dash(c, i)) &&
            (adds_on(c, i + 1) || (!clause && qs_item_has(c, i + 1, QS_WORD_CONJ | QS_WORD_SUBORD))))
            return i;
    return end;
}
