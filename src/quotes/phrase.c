/* Phrases that name who speaks. SPDX-License-Identifier: MIT */
#include "quotes/clause.h"

/* The longest phrase, and the longest insertion between commas, in items. */
enum { PHRASE_MAX = 24, INSERTION_MAX = 40 };

enum {
    PRONOUNS = QS_WORD_HE | QS_WORD_SHE | QS_WORD_THEY | QS_WORD_FIRST,
    CLOSED = QS_WORD_RELATIVE | QS_WORD_THAT | QS_WORD_AUX | QS_WORD_MODAL | QS_WORD_NEG,
    NOUN_HEADS = QS_WORD_TITLE | QS_WORD_ROLE
};

static bool is_name_word(const qs_clause *c, size_t i)
{
    if (!qs_item_is_word(c, i))
        return false;
    const qs_token *token = qs_item_token(c, i);
    return token->upper && (token->kinds & QS_WORD_DAY) == 0;
}

/* A capital only because a sentence starts here: "But", "In", "After". */
static bool is_opening_word(const qs_clause *c, size_t i)
{
    return qs_item_has(c, i, QS_WORD_CONJ | QS_WORD_PREP | QS_WORD_SUBORD | QS_WORD_ADVERB | QS_WORD_AUX | QS_WORD_THAT);
}

static bool is_plain_noun(const qs_clause *c, size_t i)
{
    if (!qs_item_is_word(c, i)) /* "the 46-year-old", "four in 10" */
        return i > 0 && !qs_item_is_part(c, i) && qs_item_token(c, i)->type == QS_TOKEN_NUMBER &&
               qs_item_has(c, i - 1, QS_WORD_DET | QS_WORD_PREP) && !qs_item_word_is(c, i - 1, "on");
    const qs_token *token = qs_item_token(c, i);
    const uint32_t never = CLOSED | PRONOUNS | QS_WORD_CONJ | QS_WORD_SUBORD | QS_WORD_PREP;
    if ((token->kinds & NOUN_HEADS) != 0)
        return true;
    return (token->kinds & never) == 0 && !token->contraction &&
           (token->cue == NULL || token->upper || (i > 0 && qs_item_has(c, i - 1, QS_WORD_DET)));
}

/* "of", "for" and the like between two nouns of one phrase. */
static bool is_linking_preposition(const qs_clause *c, size_t i)
{
    return qs_item_has(c, i, QS_WORD_PREP | QS_WORD_PARTICLE) && !qs_item_has(c, i, QS_WORD_SUBORD);
}

static bool ends_ly(const qs_clause *c, size_t i)
{
    return qs_item_ends(c, i, "ly") && !qs_item_token(c, i)->upper;
}

/* The first item of the phrase whose last is `head`. */
static size_t phrase_start(const qs_clause *c, size_t first, size_t head)
{
    size_t start = head;
    while (start > first && head - start < PHRASE_MAX) {
        const size_t i = start - 1;
        const bool name_now = is_name_word(c, start);
        if (qs_item_has(c, start, QS_WORD_DET) && start != head && !qs_item_token(c, start)->upper) {
            /* a determiner starts the phrase, unless it belongs to "of the ..." after a noun */
            if (!is_linking_preposition(c, i) || i == first || !is_plain_noun(c, i - 1) ||
                qs_item_has(c, i - 1, QS_WORD_DAY))
                break;
            start = i - 1;
            continue;
        }
        if (is_name_word(c, i) && !is_opening_word(c, i)) {
            start = i;
            continue;
        }
        if (qs_item_is(c, i, '&') && i > first && qs_item_is_word(c, i - 1)) {
            start = i - 1;
            continue;
        }
        if (qs_item_word_is(c, i, "and") && i > first && name_now && is_name_word(c, i - 1) &&
            !is_opening_word(c, i - 1)) {
            start = i - 1;
            continue;
        }
        if (qs_item_word_is(c, i, "to") && i > first && !qs_item_has(c, i - 1, NOUN_HEADS) && !is_name_word(c, i - 1))
            break; /* "want to ban" */
        if (is_linking_preposition(c, i) && i > first && is_plain_noun(c, i - 1) &&
            !qs_item_has(c, i - 1, QS_WORD_DAY | QS_WORD_LICENSE) &&
            (!name_now || qs_item_has(c, i - 1, NOUN_HEADS | QS_WORD_ORG) || is_name_word(c, i - 1))) {
            start = i - 1;
            continue;
        }
        if (qs_item_has(c, i, QS_WORD_DET) && !qs_item_has(c, i, QS_WORD_THAT)) {
            start = i;
            continue;
        }
        if (qs_item_has(c, i, NOUN_HEADS | QS_WORD_NATION | QS_WORD_HONORIFIC | QS_WORD_PARTICLE)) {
            start = i;
            continue;
        }
        if (!name_now && (is_plain_noun(c, i) || qs_item_token(c, i)->type == QS_TOKEN_NUMBER) &&
            !ends_ly(c, i)) {
            start = i;
            continue;
        }
        break;
    }
    while (start < head && is_opening_word(c, start) && !qs_item_has(c, start, QS_WORD_DET))
        start++;
    return start;
}

/* What ends at the comma `at` is the sentence's opening, "In Iowa,", or no name or noun at all. */
static bool opens_sentence_adverbial(const qs_clause *c, size_t first, size_t at)
{
    if (!is_plain_noun(c, at - 1) && qs_item_token(c, at - 1)->type != QS_TOKEN_NUMBER)
        return true;
    for (size_t i = at; i > first && i + 8 > at; i--)
        if (qs_item_has(c, i - 1, QS_WORD_PREP | QS_WORD_SUBORD))
            return i - 1 == first || !is_name_word(c, at - 1);
    return false;
}

/* "Rao, who put in days in the "pit" after the attacks, cleaning up, said": the word at `head` stands in a relative
 * clause between commas. */
static bool in_relative(const qs_clause *c, size_t first, size_t head)
{
    for (size_t i = head; i > first + 1 && i + INSERTION_MAX > head; i--) {
        if (qs_item_is(c, i - 1, '.') || qs_item_is(c, i - 1, ';') || qs_item_is(c, i - 1, ':'))
            return false;
        if (qs_item_has(c, i - 1, QS_WORD_RELATIVE) && !qs_item_has(c, i - 1, QS_WORD_THAT))
            return qs_item_is(c, i - 2, ',') && is_plain_noun(c, i >= first + 3 ? i - 3 : first);
        if (qs_item_has(c, i - 1, QS_WORD_AUX | QS_WORD_MODAL) && i + 8 < head)
            return false;
    }
    return false;
}

/* True if the word at `head` belongs to an insertion itself: "Smith, 41, of St. Ives, Ohio, said". */
static bool inside_apposition(const qs_clause *c, size_t first, size_t head)
{
    bool preposition = false;
    const qs_token *state = qs_item_token(c, head);
    if (state->dot && state->end > state->start + 3u && qs_item_is(c, head - 1, ',') && c->scan->text.ptr[state->start + 1] == '-')
        return true; /* ", R-S.C.," */
    if (in_relative(c, first, head))
        return true;
    for (size_t i = head; i > first && i + 12 > head; i--) {
        if (qs_item_is_part(c, i - 1))
            return false;
        if (qs_item_is(c, i - 1, ',')) /* ", 41, of St. Ives, Ohio,", ", a student from Ives, Ohio," */
            return qs_item_has(c, i, QS_WORD_PREP | QS_WORD_RELATIVE | QS_WORD_ADVERB) ||
                   qs_item_token(c, i)->type == QS_TOKEN_NUMBER ||
                   (preposition && qs_item_has(c, i, QS_WORD_DET | NOUN_HEADS) && i > first + 1 &&
                    !opens_sentence_adverbial(c, first, i - 1));
        preposition = preposition || qs_item_has(c, i - 1, QS_WORD_PREP);
    }
    return false;
}

/* Steps back over ", a doctor from Ives," "(R-Ky.)" and the like that ends at item `at` (exclusive); returns
 * one past the last item of what stands before it, or `at`. */
static size_t skip_insertion(const qs_clause *c, size_t first, size_t at)
{
    if (at <= first + 1)
        return at;
    const size_t last = at - 1;
    const size_t limit = last > first + INSERTION_MAX ? last - INSERTION_MAX : first;
    if (qs_item_is(c, last, ')') || qs_item_is(c, last, ']')) {
        for (size_t i = last; i > limit; i--)
            if (qs_item_is(c, i - 1, '(') || qs_item_is(c, i - 1, '['))
                return i - 1;
        return at;
    }
    const bool dash = qs_item_is_dash(c, last);
    if (!dash && !qs_item_is(c, last, ','))
        return at;
    size_t found = at;
    for (size_t i = last; i > limit; i--) {
        if (qs_item_is(c, i - 1, ';') || qs_item_is(c, i - 1, ':') || (qs_item_is_part(c, i - 1) && !in_relative(c, first, i - 1)))
            break;
        if (dash ? !qs_item_is_dash(c, i - 1) : !qs_item_is(c, i - 1, ','))
            continue;
        if (i == last || qs_item_is_part(c, i))
            break;
        const bool fits = qs_item_has(c, i, QS_WORD_RELATIVE | QS_WORD_DET | QS_WORD_PREP | NOUN_HEADS | QS_WORD_NATION) ||
                          qs_item_token(c, i)->type == QS_TOKEN_NUMBER || is_name_word(c, i) ||
                          (qs_item_is_word(c, i) && !qs_item_has(c, i, PRONOUNS | QS_WORD_CONJ | QS_WORD_AUX | QS_WORD_MODAL));
        const bool head = i >= 2 && i - 2 >= first && ((is_plain_noun(c, i - 2) && !qs_item_has(c, i - 2, QS_WORD_DAY)) ||
                                                            qs_item_is(c, i - 2, ')'));
        if (fits && head) {
            found = i - 1;
            if (!inside_apposition(c, first, i - 2))
                break;
        }
        if (!fits && !(i >= 2 && in_relative(c, first, i - 2)))
            break;
    }
    return found;
}

/* Words that stand for people by themselves: "several said". */
bool qs_item_is_quantity(const qs_clause *c, size_t i)
{
    static const char *const words[] = {"it",      "one",  "others", "another", "many", "some",  "both", "several",
                                        "few",     "most", "all",    "two",     "three", "four", "five", "six"};
    return qs_item_word_in(c, i, words, sizeof words / sizeof *words);
}

/* "others who want to ban cranes", "crews that stayed": the relative word before the verb, or the part of somebody else's
 * clause, [start, end); `start` if there is none. */
static size_t relative_before(const qs_clause *c, size_t first, size_t start, size_t end)
{
    if (start + 1 == end && start > first + 1 && qs_item_ends(c, start, "ed") && !qs_item_token(c, start)->upper &&
        (qs_item_word_is(c, start - 1, "that") || qs_item_word_is(c, start - 1, "who")))
        return start - 1;
    for (size_t i = start; i > first + 1 && i + 8 > start && qs_item_is_word(c, i - 1); i--)
        if (qs_item_word_is(c, i - 1, "who") && i < start)
            return i - 1;
    return start;
}

static bool is_participle(const qs_clause *c, size_t i)
{
    return (qs_item_ends(c, i, "ed") || qs_item_ends(c, i, "ing")) && !qs_item_token(c, i)->upper;
}

static bool is_owner(const qs_clause *c, size_t i)
{
    return qs_item_token(c, i)->core_end < qs_item_token(c, i)->end && !qs_item_token(c, i)->dot;
}

/* "a pilot from Ives": a name behind a preposition is no subject, but the noun before the preposition is. Where that one's
 * phrase starts, `start` if it seems to be none: "In addition to Rao", "speaking in Ives", "the doubts about Rao's claim". */
static size_t owner_of_name(const qs_clause *c, size_t first, size_t start, size_t head)
{
    if (start < first + 3 || !is_name_word(c, start) || is_owner(c, start) || is_owner(c, head) ||
        !is_linking_preposition(c, start - 1) || !is_plain_noun(c, start - 2))
        return start;
    const size_t owner = phrase_start(c, first, start - 2);
    const bool adverbial = owner > first && qs_item_has(c, owner - 1, QS_WORD_PREP | QS_WORD_SUBORD);
    return adverbial || is_participle(c, owner) ? start : owner;
}

qs_phrase qs_phrase_before(const qs_clause *c, size_t first, size_t at)
{
    const qs_phrase none = {at, at};
    for (int times = 0; times < 3; times++)
        at = skip_insertion(c, first, at);
    if (at <= first)
        return none;
    size_t head = at - 1;
    if (!qs_item_is_word(c, head))
        return is_plain_noun(c, head) ? (qs_phrase){phrase_start(c, first, head), head + 1} : none;
    if (qs_item_has(c, head, QS_WORD_RELATIVE) && !qs_item_has(c, head, QS_WORD_THAT)) {
        /* "Rao, who told": the words before */
        while (head > first && (qs_item_is(c, head - 1, ',') || qs_item_is_dash(c, head - 1)))
            head--;
        if (head > first + 1 && qs_item_is(c, head, ',') && inside_apposition(c, first, head - 1))
            head = skip_insertion(c, first, head + 1); /* "Rao, a veteran of the old office, who said" */
        return head > first && is_plain_noun(c, head - 1)
                   ? (qs_phrase){phrase_start(c, first, head - 1), head}
                   : none;
    }
    if (qs_item_has(c, head, PRONOUNS))
        return (qs_phrase){head, head + 1};
    if (qs_item_is_quantity(c, head))
        return (qs_phrase){head, head + 1};
    if (!is_plain_noun(c, head) || qs_item_has(c, head, QS_WORD_DAY | QS_WORD_DET) || is_opening_word(c, head))
        return none;
    const size_t start = phrase_start(c, first, head);
    const size_t relative = relative_before(c, first, start, head + 1);
    if (relative != start && is_plain_noun(c, relative - 1))
        return (qs_phrase){phrase_start(c, first, relative - 1), relative};
    return (qs_phrase){owner_of_name(c, first, start, head), head + 1};
}

/* "Ives University political scientist Ada Rao": a name again behind a few words from `at` on. */
static bool name_follows(const qs_clause *c, size_t at, size_t last)
{
    for (size_t i = at; i < last && i < at + 4; i++) {
        if (is_name_word(c, i))
            return i > at;
        if (!is_plain_noun(c, i) || qs_item_has(c, i, QS_WORD_ADVERB | QS_WORD_DAY) || ends_ly(c, i))
            return false;
    }
    return false;
}

/* "of" and its kin. */
static bool links_nouns(const qs_clause *c, size_t i)
{
    static const char *const words[] = {"of", "for",  "at", "de",  "del", "du", "des", "della", "di",
                                        "dei", "dello", "von", "vom", "für", "af", "för", "do"};
    return qs_item_word_in(c, i, words, sizeof words / sizeof *words);
}

/* "46-year-old" */
static bool is_age(const qs_clause *c, size_t i)
{
    const qs_token *token = qs_item_token(c, i);
    return !qs_item_is_part(c, i) && token->type == QS_TOKEN_NUMBER && token->end > token->start + 8;
}

/* "76-year-old Ada Rao" */
static bool starts_with_age(const qs_clause *c, size_t at, size_t last)
{
    return at + 1 < last && is_age(c, at) && qs_item_is_word(c, at + 1);
}

qs_phrase qs_phrase_after(const qs_clause *c, size_t at, size_t last)
{
    const qs_phrase none = {at, at};
    if (at >= last || (!qs_item_is_word(c, at) && !starts_with_age(c, at, last)))
        return none;
    if (qs_item_has(c, at, PRONOUNS))
        return (qs_phrase){at, at + 1};
    size_t end = at;
    bool noun = false; /* a lower-case noun has come: prepositions may follow */
    while (end < last && end - at < PHRASE_MAX && (qs_item_is_word(c, end) || is_age(c, end))) {
        const qs_token *token = qs_item_token(c, end);
        const bool name = is_name_word(c, end) && !(end == at && is_opening_word(c, end) && (token->kinds & QS_WORD_DET) == 0);
        if (name || (token->kinds & (NOUN_HEADS | QS_WORD_NATION | QS_WORD_HONORIFIC)) != 0) {
            noun = noun || !name;
            end++;
            continue;
        }
        if ((token->kinds & QS_WORD_DAY) != 0)
            break;
        if (is_age(c, end)) {
            noun = true;
            end++;
            continue;
        }
        if ((token->kinds & QS_WORD_DET) != 0 && (end == at || is_linking_preposition(c, end - 1))) {
            end++;
            continue;
        }
        if ((token->kinds & QS_WORD_PARTICLE) != 0 && end > at && end + 1 < last && is_name_word(c, end + 1)) {
            end++;
            continue;
        }
        if (links_nouns(c, end) &&
            end > at && (noun || qs_item_has(c, end - 1, NOUN_HEADS)) && end + 1 < last &&
            qs_item_is_word(c, end + 1)) {
            end++;
            continue;
        }
        if (qs_item_word_is(c, end, "and") && end > at && end + 1 < last && is_name_word(c, end + 1)) {
            end++;
            continue;
        }
        if (!is_plain_noun(c, end) || (token->kinds & QS_WORD_ADVERB) != 0 || ends_ly(c, end))
            break;
        if (end > at && is_name_word(c, end - 1) && !noun && !name_follows(c, end, last) && qs_item_token(c, end - 1)->core_end == qs_item_token(c, end - 1)->end)
            break;
        noun = true;
        end++;
    }
    while (end > at && (qs_item_has(c, end - 1, QS_WORD_PREP | QS_WORD_DET | QS_WORD_CONJ) &&
                        !is_name_word(c, end - 1)))
        end--;
    if (end == at + 1 && qs_item_has(c, at, QS_WORD_DET) && !qs_item_is_quantity(c, at))
        return none;
    return (qs_phrase){at, end};
}
