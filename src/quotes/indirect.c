/* Content without marks. SPDX-License-Identifier: MIT */
#include "quotes/reach.h"

static bool is_english(const qs_clause *c)
{
    return strcmp(c->scan->lexicon->language, "en") == 0;
}

/* After a cue without "that", a clause and not a thing: "reported it was late", not "reported a loss". A pronoun
 * starts it, or an auxiliary comes before another clause does. "Said" takes clauses nearly always. */
static bool is_clause(const qs_work *w, size_t first, size_t last)
{
    const qs_clause *c = w->c;
    if (w->r->entry->class == QS_CUE_ASK || !is_english(c) || strcmp(w->r->lemma, "say") == 0 ||
        qs_item_has(c, first, QS_WORD_HE | QS_WORD_SHE | QS_WORD_THEY | QS_WORD_FIRST | QS_WORD_IT) ||
        qs_item_word_is(c, first, "there"))
        return true;
    for (size_t i = first; i < last && i < first + 14; i++) {
        if (qs_item_has(c, i, QS_WORD_AUX | QS_WORD_MODAL) || (qs_item_is_word(c, i) && qs_item_token(c, i)->contraction))
            return i > first;
        if (qs_item_has(c, i, QS_WORD_THAT | QS_WORD_RELATIVE) || (i > first && qs_item_has(c, i, QS_WORD_SUBORD)))
            return false;
    }
    return false;
}

/* "vowed to fight on" */
static bool is_infinitive(const qs_clause *c, size_t first)
{
    return qs_item_word_is(c, first, "to") || (qs_item_has(c, first, QS_WORD_NEG) && qs_item_word_is(c, first + 1, "to"));
}

/* "rejected the plan", "called for an end to it", "called on both to stop", "accused Bo of stalling": where such content
 * starts, QS_NONE if it is none. */
static size_t object_start(const qs_work *w, size_t last)
{
    const qs_clause *c = w->c;
    if (w->r->entry == NULL || w->r->inverted || !is_english(c) || w->r->cue + 3 >= last)
        return QS_NONE;
    const size_t at = w->r->cue + 1 + (strchr(w->r->lemma, ' ') != NULL); /* "ruled out talks" */
    if (strcmp(w->r->lemma, "call") == 0)
        return qs_item_word_is(c, at, "for") || qs_item_word_is(c, at, "on") ? at + 1 : QS_NONE;
    if ((w->r->entry->flags & QS_CUE_A) != 0)
        return qs_item_is_word(c, at) && !w->r->participle &&
                       !qs_item_has(c, at, QS_WORD_PREP | QS_WORD_CONJ | QS_WORD_AUX | QS_WORD_SUBORD)
                   ? at
                   : QS_NONE;
    if ((w->r->entry->flags & QS_CUE_F) != 0)
        for (size_t i = at + 1; i + 1 < last && i < at + 10; i++)
            if (qs_item_word_is(c, i, "of"))
                return at;
    return QS_NONE;
}

/* "whether it was late", "why they left" */
static bool is_question(const qs_clause *c, size_t first)
{
    static const char *const words[] = {"whether", "if", "how", "why", "what"};
    return qs_item_word_in(c, first, words, sizeof words / sizeof *words);
}

/* The cue lets content without marks follow it in this form. */
static bool licenses(const qs_work *w, size_t first, size_t last, bool that)
{
    const qs_report *r = w->r;
    if (r->according || (r->noun && that && r->begin > w->s.first)) /* a subject's verb would come behind its content */
        return true;
    if (r->noun)
        return false;
    const unsigned flags = r->entry->flags;
    if ((flags & QS_CUE_P) != 0 &&
        (is_infinitive(w->c, first) || (first == r->addressee.first && first < r->addressee.last)))
        return true;
    if (r->entry->class == QS_CUE_ASK && !that && is_english(w->c) && !is_question(w->c, first))
        return false;
    if (is_infinitive(w->c, first) && (flags & QS_CUE_K) != 0)
        return false; /* "believed to be" */
    if (that && r->entry->class == QS_CUE_CLAIM)
        return strcmp(r->lemma, "express") == 0 || strcmp(r->lemma, "voice") == 0;
    if (that)
        return (flags & (QS_CUE_S | QS_CUE_T)) != 0;
    return ((flags & QS_CUE_S) != 0 || (flags & (QS_CUE_K | QS_CUE_T)) == (QS_CUE_K | QS_CUE_T)) && is_clause(w, first, last);
}

/* "said so, and left": what was said stands elsewhere. */
static bool is_so(const qs_clause *c, size_t i)
{
    return qs_item_word_is(c, i, "so") && (!qs_item_is_word(c, i + 1) || qs_item_has(c, i + 1, QS_WORD_CONJ));
}

/* Content that no such report can have: "said so, and", "said on Monday", "said was late". */
static bool cannot_be_said(const qs_work *w, size_t first, size_t last, bool that)
{
    const qs_clause *c = w->c;
    const bool right = first > w->r->cue;
    return qs_count_words(c, first, last) < 3 || (w->r->according && qs_item_has(c, first, QS_WORD_RELATIVE)) ||
           qs_item_is_dash(c, last - 1) ||
           ((right ? !that && !qs_item_is_amount(c, first) : last - first < 6) && qs_item_has(c, first, QS_WORD_PREP) && !is_infinitive(c, first)) ||
           qs_item_word_is(c, first, "of") || (right && !that && is_so(c, first)) || (right && !w->r->according && qs_item_has(c, first, QS_WORD_AUX | QS_WORD_MODAL));
}

/* "Earlier in 2012", "As the crowd cheered": words that only lead up to what comes. */
static bool leads_up(const qs_clause *c, size_t first, size_t last)
{
    size_t at = first;
    for (size_t i = first; i + 1 < last; i++)
        if (qs_item_is_comma(c, i))
            at = i + 1;
    return qs_item_has(c, first, QS_WORD_PREP | QS_WORD_DAY | QS_WORD_ADVERB | QS_WORD_SUBORD) &&
           (at == first || qs_item_has(c, at, QS_WORD_PREP | QS_WORD_DAY | QS_WORD_ADVERB | QS_WORD_SUBORD));
}

bool qs_is_told_before(const qs_work *w, size_t first, size_t last)
{
    const qs_clause *c = w->c;
    const size_t at = w->r->end;
    if (w->r->according || at >= w->s.last || qs_item_is(c, at, '.') || !is_english(c))
        return true;
    if (at + 1 < w->s.last && qs_item_is_part(c, at + 1))
        return false; /* `If she wins, Rao said, "we sue"` */
    return !leads_up(c, first, last);
}

size_t qs_reach_past_source(const qs_work *w, size_t end)
{
    const qs_clause *c = w->c;
    for (size_t i = w->s.first; i < w->r->begin; i++) /* "But according to" */
        if (!qs_item_has(c, i, QS_WORD_CONJ | QS_WORD_ADVERB) && !qs_item_is_comma(c, i))
            return end;
    for (size_t i = w->r->end; i + 1 < end; i++)
        if (qs_item_is_comma(c, i))
            return i + 1;
    return is_english(c) ? end : w->r->end; /* "Enligt Ek är samtalen slut" */
}

qs_status qs_take_indirect(qs_work *w, size_t first, size_t last, const char *pattern, bool that, qs_error *err)
{
    const qs_report *r = w->r;
    if (w->c->scan->options->no_indirect || r->negated || r->modal || r->passive || r->source.first == r->source.last ||
        qs_is_first_person(w->c, r->source) || first >= last)
        return QS_OK;
    const size_t object = first > r->cue ? object_start(w, last) : QS_NONE;
    if (object != QS_NONE)
        return qs_take_content(w, object, qs_trim_indirect(w, object, last), "S V O", 0.6, err);
    if (first > r->cue)
        last = qs_trim_indirect(w, first, last);
    if (first < r->cue ? r->according || (r->entry->flags & QS_CUE_S) != 0 : licenses(w, first, last, that))
        return cannot_be_said(w, first, last, that) ? QS_OK : qs_take_content(w, first, last, pattern, 0.6, err);
    return QS_OK;
}

/* ", wiping his face", ", on condition of anonymity", ", a policy that": the writer's words behind a report. */
static bool is_afterthought(const qs_clause *c, size_t i)
{
    return qs_item_has(c, i, QS_WORD_RELATIVE | QS_WORD_PREP | QS_WORD_SUBORD) || qs_item_word_is(c, i, "a") ||
           qs_item_word_is(c, i, "an") || qs_item_ends(c, i, "ing");
}

qs_status qs_take_interposed(qs_work *w, size_t limit, qs_error *err)
{
    const qs_clause *c = w->c;
    const qs_report *r = w->r;
    const size_t first = r->end + 1;
    if (c->scan->options->no_indirect || !is_english(c) || r->negated || r->modal || r->passive || r->according || r->participle ||
        r->entry == NULL || (r->entry->flags & QS_CUE_S) == 0 || r->source.first == r->source.last || first >= limit ||
        qs_is_first_person(c, r->source) || !qs_item_is_comma(c, r->end) || qs_count_words(c, first, limit) < 3 ||
        (r->inverted ? !qs_item_has(c, first, QS_WORD_AUX | QS_WORD_MODAL) : is_afterthought(c, first)))
        return QS_OK;
    return qs_take_content(w, first, qs_trim_indirect(w, first, limit), "Q, S V, Q", 0.6, err);
}
