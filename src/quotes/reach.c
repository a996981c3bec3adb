/* How far a report reaches: where its content starts and ends. SPDX-License-Identifier: MIT */
#include "quotes/reach.h"

#include "text/utf8.h"

bool qs_item_is_comma(const qs_clause *c, size_t i)
{
    return qs_item_is(c, i, ',') || qs_item_is(c, i, 0xff0c);
}

size_t qs_count_parts(const qs_clause *c, size_t first, size_t last)
{
    size_t count = 0;
    for (size_t i = first; i < last; i++)
        count += qs_item_is_part(c, i);
    return count;
}

size_t qs_count_words(const qs_clause *c, size_t first, size_t last)
{
    size_t count = 0;
    for (size_t i = first; i < last; i++)
        count += !qs_item_is_part(c, i) && qs_item_token(c, i)->type <= QS_TOKEN_NUMBER;
    return count;
}

static bool is_stop_inside(const qs_clause *c, const qs_part *part)
{
    const uint32_t last = qs_part_last_char(c->scan, part);
    return last == '.' || last == '!' || last == '?';
}

/* Two to eight words, all long ones with a capital, and no stop: the title of something. */
/* `the author of "...`, `published "...`: the part is the object of a word right before it. */
static bool is_object(const qs_clause *c, size_t i)
{
    return qs_item_is_word(c, i - 1) && (qs_item_has(c, i - 1, QS_WORD_PREP) || qs_item_token(c, i - 1)->core_end < qs_item_token(c, i - 1)->end);
}

bool qs_part_is_title(const qs_clause *c, size_t i)
{
    const qs_part *part = &c->scan->parts[c->items[i].part];
    size_t capitals = 0;
    if (part->words < 2 || part->words > 14 || (is_stop_inside(c, part) && !is_object(c, i)))
        return false;
    for (size_t k = part->first_token; k < part->last_token; k++) {
        const qs_token *token = &c->scan->tokens[k];
        if (token->type != QS_TOKEN_WORD)
            continue;
        if (!token->upper && (token->end - token->start > 4 || capitals == 0))
            return false;
        capitals += token->upper;
    }
    return capitals >= 2;
}

/* "..." that ends with its own stop or comma: what follows in the sentence is no part of it. */
bool qs_part_is_complete(const qs_clause *c, size_t i)
{
    const uint32_t last = qs_part_last_char(c->scan, &c->scan->parts[c->items[i].part]);
    return last == '.' || last == '?' || last == '!' || last == ',' || last == 0x2026 || last == 0x2014;
}

/* Nothing but an adverbial comes after the report: what it reports stands before it. */
static bool nothing_follows(const qs_work *w, size_t at)
{
    const qs_clause *c = w->c;
    for (size_t i = at; i < w->s.last; i++) {
        if (qs_item_is_part(c, i) || qs_item_has(c, i, QS_WORD_THAT))
            return false;
        if (i == at && (qs_item_is(c, i, '.') || qs_item_is_comma(c, i)))
            return true;
        if (i == at && qs_item_is_word(c, i) && !qs_item_has(c, i, QS_WORD_PREP | QS_WORD_DAY | QS_WORD_ADVERB | QS_WORD_SUBORD))
            return false;
        if (i > at && (qs_item_is_comma(c, i) || qs_item_is(c, i, '.')))
            return true;
        if (qs_item_has(c, i, QS_WORD_AUX | QS_WORD_MODAL) && i < at + 4)
            return false;
    }
    return true;
}

/* `on "This Morning,"`, `the network's "Hannity,"`: a name in marks after a preposition or a possessive. */
bool qs_part_is_named_thing(const qs_clause *c, size_t i)
{
    if (!qs_item_is_part(c, i))
        return false;
    if (i > 1 && qs_item_token(c, i - 1)->type == QS_TOKEN_MARK && !qs_item_is_part(c, i - 1) && qs_item_is_word(c, i - 2) && qs_item_token(c, i - 2)->upper)
        return qs_part_is_title(c, i); /* `NBC News' "Meet the Press"` */
    if (!qs_item_is_word(c, i - 1))
        return false;
    const qs_part *part = &c->scan->parts[c->items[i].part];
    const qs_token *before = qs_item_token(c, i - 1);
    const bool short_name = part->words <= QS_SCARE_WORDS && c->scan->tokens[part->first_token + 1].upper;
    return (short_name || qs_part_is_title(c, i)) &&
           ((before->kinds & (QS_WORD_PREP | QS_WORD_DET)) != 0 || before->core_end < before->end);
}

bool qs_item_is_amount(const qs_clause *c, size_t i)
{
    return qs_item_word_is(c, i + 1, "least") || qs_item_word_is(c, i + 1, "most") || qs_item_is_quantity(c, i + 1) ||
           (i + 1 < c->item_count && !qs_item_is_part(c, i + 1) && qs_item_token(c, i + 1)->type == QS_TOKEN_NUMBER &&
            !qs_item_word_is(c, i, "in"));
}

/* Prepositions between a verb of saying and what is said. */
static bool takes_object(const qs_work *w, size_t i)
{
    const qs_clause *c = w->c;
    if (w->r->entry == NULL)
        return false;
    if (qs_item_word_is(c, i, "to"))
        return strcmp(w->r->lemma, "refer") == 0;
    if (strcmp(w->r->lemma, "say") == 0 && qs_item_is_amount(c, i))
        return false; /* "said about 300 people came" */
    return qs_item_word_is(c, i, "about") || qs_item_word_is(c, i, "of") || qs_item_word_is(c, i, "for") ||
           qs_item_word_is(c, i, "on");
}

/* "on Wednesday", "last month", "this week": one past it, `i` if there is none. */
static size_t past_time(const qs_clause *c, size_t i, size_t end)
{
    static const char *const spans[] = {"week", "month", "year", "night", "morning", "afternoon", "evening", "spring", "summer", "fall", "winter"};
    if (i + 2 >= end || !qs_item_is_word(c, i + 1))
        return i;
    const bool ends = qs_item_token(c, i + 1)->core_end == qs_item_token(c, i + 1)->end;
    if (qs_item_word_is(c, i, "on") && qs_item_has(c, i + 1, QS_WORD_DAY) && ends)
        return i + 2;
    if (!qs_item_word_is(c, i, "last") && !qs_item_word_is(c, i, "this") && !qs_item_word_is(c, i, "earlier"))
        return i;
    const size_t at = i + 1 + (qs_item_word_is(c, i, "earlier") && qs_item_word_is(c, i + 1, "this"));
    for (size_t k = 0; k < sizeof spans / sizeof *spans; k++)
        if (qs_item_word_is(c, at, spans[k]) && qs_item_token(c, at)->core_end == qs_item_token(c, at)->end)
            return at + 1;
    return i;
}

/* "expressed hope that" */
static bool voices(const qs_work *w, size_t i, size_t that)
{
    return that < i + 4 && (strcmp(w->r->lemma, "express") == 0 || strcmp(w->r->lemma, "voice") == 0);
}

/* Where the content after a report starts: past phrases like "in a statement on Monday" and past "that". */
size_t qs_reach_start(const qs_work *w, size_t at, size_t end, bool *that)
{
    const qs_clause *c = w->c;
    size_t i = at;
    *that = false;
    if (i < end && (qs_item_is(c, i, ':') || qs_item_is(c, i, 0xff1a)))
        return i + 1;
    while (i + 1 < end && (qs_item_is_comma(c, i) || qs_item_is_dash(c, i)) &&
           (qs_item_is_part(c, i + 1) || qs_item_is_dash(c, i + 1)))
        i++;
    if (i > at && qs_item_is_part(c, i))
        return i;
    i = at;
    const bool parted = i + 1 < end && qs_item_is_comma(c, i) && qs_count_parts(c, i, end) == 0 && /* "he said, it was" */
                        !qs_item_has(c, i + 1, QS_WORD_PREP | QS_WORD_DAY | QS_WORD_ADVERB | QS_WORD_THAT);
    for (size_t k = i; k < end && k < i + 16 && !parted; k++) {
        if ((qs_item_is_part(c, k) && !qs_part_is_named_thing(c, k)) || qs_item_is(c, k, ';'))
            break;
        if (qs_item_has(c, k, QS_WORD_THAT) && !qs_item_token(c, k)->upper) {
            /* "said in a statement that": between them only a phrase without its own subject */
            if (k > i && !voices(w, i, k) && (w->r->entry == NULL || strcmp(w->r->lemma, "tell") != 0 || qs_item_is_dash(c, k - 1) || k > i + 8) && !qs_item_has(c, i, QS_WORD_PREP | QS_WORD_DAY | QS_WORD_ADVERB) && !qs_item_is_comma(c, i) &&
                !qs_item_word_is(c, i, "this") && !qs_item_word_is(c, i, "next") && !qs_item_word_is(c, i, "late"))
                break;
            *that = true;
            return k + 1;
        }
        if (qs_item_has(c, k, QS_WORD_AUX | QS_WORD_MODAL | QS_WORD_HE | QS_WORD_THEY))
            break;
    }
    bool phrase = false;
    while (i < end && !qs_item_is_part(c, i)) {
        const size_t time = past_time(c, i, end);
        if (time > i) {
            i = time;
            phrase = true;
        } else if ((qs_item_has(c, i, QS_WORD_DAY) && qs_item_token(c, i)->core_end == qs_item_token(c, i)->end) ||
            (qs_item_has(c, i, QS_WORD_ADVERB) && !qs_item_token(c, i)->upper)) {
            i++;
            phrase = true;
        } else if (qs_item_has(c, i, QS_WORD_PREP) && i + 1 < end) {
            /* "in an interview", "on Monday": ends at a part, a comma, a colon or a day */
            size_t k = i + 1;
            bool license = false;
            while (k < end && k < i + 14 && !qs_item_is_part(c, k) && !qs_item_is_comma(c, k) && !qs_item_is(c, k, ':') &&
                   !qs_item_has(c, k, QS_WORD_HE | QS_WORD_THEY | QS_WORD_AUX | QS_WORD_MODAL)) {
                license = license || qs_item_has(c, k, QS_WORD_DAY | QS_WORD_LICENSE);
                k++;
            }
            if (k < end && (qs_item_is_comma(c, k) || qs_item_is(c, k, ':') || (qs_item_is_part(c, k) && license))) {
                i = k;
            } else {
                if (i == at && takes_object(w, i)) /* "called for more troops", "complained about" */
                    i++;
                break;
            }
            phrase = true;
        } else if (phrase && (qs_item_is_comma(c, i) || qs_item_is(c, i, ':'))) {
            return i + 1;
        } else
            break;
    }
    return i;
}

/* Where the content that starts at `start` ends: the sentence's end, or before the subject's own verb goes on. */
size_t qs_reach_end(const qs_work *w, size_t start, size_t end)
{
    const qs_clause *c = w->c;
    for (size_t i = start + 1; i + 1 < end; i++) {
        if (qs_item_is(c, i, ';'))
            return i;
        /* "..., he said" of a later report in the sentence */
        if (qs_item_word_is(c, i, "and") && i + 2 < end &&
            (qs_item_word_is(c, i + 1, "has") || qs_item_word_is(c, i + 1, "had")) && !qs_item_is_comma(c, i - 1) &&
            qs_item_has(c, w->r->cue > 0 ? w->r->cue - 1 : 0, QS_WORD_AUX | QS_WORD_ADVERB) && w->r->begin < w->r->cue)
            return i;
    }
    return end;
}

/* What stands before a report: `"Q," S V` and `"Q," V S`. Returns whether there was anything. */
/* The part at item `i`, with no comma behind it, can end what is said before `he said`: it has its own stop or is
 * all of it. */
static bool can_end(const qs_clause *c, size_t from, size_t i)
{
    return qs_part_is_complete(c, i) || (qs_count_words(c, from, i) == 0 &&
                                         c->scan->parts[c->items[i].part].words > QS_SCARE_WORDS);
}

/* A comma or colon and a marked part come right after the report. */
static bool utterance_follows(const qs_work *w)
{
    const size_t at = w->r->end;
    return at + 1 < w->s.last && qs_item_is_part(w->c, at + 1) &&
           (qs_item_is_comma(w->c, at) || qs_item_is(w->c, at, ':'));
}

bool qs_reach_left(const qs_work *w, size_t from, size_t *first, size_t *last)
{
    const qs_clause *c = w->c;
    size_t end = w->r->begin;
    if (end <= from || w->r->noun || (w->r->begin == w->r->group && !w->r->inverted && !w->r->according))
        return false; /* `Garin, who led a "super PAC," said that`: the subject stands elsewhere */
    const bool comma = qs_item_is_comma(c, end - 1) || qs_item_is_dash(c, end - 1) || qs_item_is(c, end - 1, '?') ||
                       qs_item_is(c, end - 1, '!') || qs_item_is(c, end - 1, 0x2026);
    const size_t before = comma ? end - 1 : end;
    if (before <= from)
        return false;
    if (!comma && (!qs_item_is_part(c, before - 1) || !can_end(c, from, before - 1)))
        return false;
    if (comma && !qs_item_is_part(c, before - 1) && qs_item_has(c, from, QS_WORD_PREP) && utterance_follows(w))
        return false; /* `In his "intent," a paper from May, he wrote, "We must"` */
    if (!qs_item_is_part(c, before - 1) && !nothing_follows(w, w->r->end))
        return false;
    *first = from;
    *last = before;
    /* `In an appearance on "This Morning," Ada said`: a name in marks */
    if (before >= from + 2 && qs_part_is_named_thing(c, before - 1) && qs_count_parts(c, from, before) == 1)
        return false;
    /* `Fiorina was less bubbly: "Q," she said`: the colon starts the content */
    for (size_t i = before; i > from + 1; i--)
        if (qs_item_is_part(c, i - 1) && (qs_item_is(c, i - 2, ':') || qs_item_is_dash(c, i - 2)) &&
            qs_count_parts(c, i - 1, before) == 1 && qs_count_words(c, i - 1, before) == 0)
            *first = i - 1;
    /* `Ames ("it was a joke", he said) left`: not from before the bracket */
    for (size_t i = before; i > *first; i--) {
        if (qs_item_is(c, i - 1, ')'))
            break;
        if (qs_item_is(c, i - 1, '(')) {
            *first = i;
            break;
        }
    }
    /* `Port: Deal 'close', says mayor`: what a headline opens with is no part of it */
    if (qs_article_paragraph(c->scan->article, c->paragraph).zone == QS_ZONE_HEADLINE)
        for (size_t i = from; i + 1 < before && i < from + 4; i++)
            if (qs_item_is(c, i, ':'))
                *first = i + 1;
    return true;
}

/* "accused the builders of hiding it": who is accused is part of it, unless an insertion parts them. */
static size_t accused_at(const qs_work *w, size_t limit)
{
    const size_t first = w->r->cue + 1;
    for (size_t i = first + 1; i < limit && i < first + 12 && qs_item_is_word(w->c, i); i++)
        if (qs_item_word_is(w->c, i, "of"))
            return first;
    return QS_NONE;
}

/* "accused O of making ...", "urged O to ...": past the preposition. An "of" before an -ing form is surest. */
size_t qs_reach_complement(const qs_work *w, size_t start, size_t limit)
{
    const qs_clause *c = w->c;
    const bool of = (w->r->entry->flags & QS_CUE_F) != 0;
    size_t first = of && qs_item_is_word(c, w->r->cue + 1) ? accused_at(w, limit) : QS_NONE;
    if (first != QS_NONE)
        return first;
    for (size_t i = w->r->cue + 1; i + 1 < limit && i < w->r->cue + 32 && !qs_item_is_part(c, i); i++) {
        if (!of && (i > w->r->cue + 3 + 8u * ((w->r->entry->flags & QS_CUE_O) != 0) || qs_item_is_comma(c, i) ||
                    qs_item_has(c, i, QS_WORD_THAT | QS_WORD_SUBORD)))
            break; /* "promised that they would try to": no infinitive of its own */
        if (!qs_item_word_is(c, i, of ? "of" : "to"))
            continue;
        const qs_str next = qs_item_is_word(c, i + 1) ? qs_token_text(c->scan, qs_item_token(c, i + 1))
                                                      : qs_str_make(NULL, 0);
        if (!of) /* "urged them not to leave": the infinitive with what belongs to it */
            return qs_item_has(c, i - 1, QS_WORD_NEG) && i > w->r->cue + 1 ? i - 1 : i;
        if (next.len > 4 && memcmp(next.ptr + next.len - 3, "ing", 3) == 0)
            return i + 1;
        if (first == QS_NONE)
            first = i + 1;
    }
    return first == QS_NONE ? start : first;
}

/* `told the agency simply, "We lost."`: a marked sentence after a comma or colon is the content. */
size_t qs_reach_utterance(const qs_clause *c, size_t start, size_t limit)
{
    for (size_t i = start; i < limit && i < start + 48; i++) {
        if (!qs_item_is_part(c, i))
            continue;
        const qs_part *part = &c->scan->parts[c->items[i].part];
        const bool starts = i > start && (qs_item_is_comma(c, i - 1) || qs_item_is(c, i - 1, ':'));
        return starts && qs_part_is_complete(c, i) && qs_char_is_upper(qs_scan_after(c->scan, part->inner_start)) ? i : start;
    }
    return start;
}

/* Content after a report reaches to the next report that stands apart. */
size_t qs_reach_limit(const qs_work *w, size_t index, bool had_left)
{
    const qs_clause *c = w->c;
    const qs_report *r = w->r;
    for (size_t k = index + 1; k < c->report_count; k++) {
        const qs_report *next = &c->reports[k];
        if (next->begin < r->begin && next->group > r->end) /* "Biden, recalling ..., said": an insertion ends here */
            return next->group - 1;
        if (next->begin <= r->end)
            continue;
        const size_t before = next->begin - 1;
        if (before > r->end + 1 && qs_item_has(c, before, QS_WORD_RELATIVE) && !qs_item_has(c, before, QS_WORD_THAT) &&
            qs_item_is_comma(c, before - 1) && qs_count_parts(c, r->end, before) == 0 && qs_count_parts(c, next->end, w->s.last) > 0)
            return before - 1; /* "had access to her mail, which he described as "open"": two reports */
        if (qs_item_is_part(c, before)) {
            if (next->participle || had_left || before > r->end + 6)
                return next->begin;
            return w->s.last;
        }
        if (qs_item_is_comma(c, before) || qs_item_has(c, before, QS_WORD_CONJ) || qs_item_is(c, before, ';') ||
            (r->participle && qs_item_is_dash(c, before)))
            return before;
    }
    return w->s.last;
}

