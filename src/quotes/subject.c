/* The phrase that a sentence seems to be about. SPDX-License-Identifier: MIT */
#include "quotes/clause.h"

/* "In a later tweet, ...", "Speaking in Ives, ...", "Preceded by ...": the subject comes after the comma. */
static bool opens_adverbial(const qs_clause *c, size_t i)
{
    if (!qs_item_is_word(c, i))
        return false;
    const bool owner = qs_item_token(c, i)->core_end < qs_item_token(c, i)->end; /* "Pickering's report, released late," */
    return qs_item_has(c, i, QS_WORD_PREP | QS_WORD_SUBORD) || (!owner && (qs_item_ends(c, i, "ing") || qs_item_ends(c, i, "ed")));
}

/* "yesterday", "last year": words of time that open a sentence. */
static bool is_time(const qs_clause *c, size_t i)
{
    static const char *const words[] = {"week", "month", "year", "night", "morning", "afternoon", "evening", "day", "days", "weeks", "months", "years"};
    return qs_item_word_in(c, i, words, sizeof words / sizeof *words) || qs_item_has(c, i, QS_WORD_DAY | QS_WORD_ADVERB);
}

/* Verbs of the past that end in no "ed". */
static bool is_strong_past(const qs_clause *c, size_t i)
{
    static const char *const words[] = {"took", "made",  "held", "went", "came", "got",  "gave", "left", "met",   "ran",    "won",
                                        "lost", "began", "kept", "sent", "spent", "stood", "rose", "fell", "drew", "brought"};
    return qs_item_word_in(c, i, words, sizeof words / sizeof *words);
}

/* The first verb in a phrase, its end if there is none: "Grant embraced Poland" is no name. */
static size_t verb_in(const qs_clause *c, qs_phrase p)
{
    for (size_t i = p.first + 1; i < p.last; i++) {
        const qs_token *token = qs_item_token(c, i);
        if (qs_item_is_word(c, i) && !token->upper && !qs_item_has(c, i, QS_WORD_TITLE | QS_WORD_ROLE) && !qs_item_has(c, i - 1, QS_WORD_DET | QS_WORD_ADVERB | QS_WORD_PREP) &&
            (qs_item_ends(c, i, "ed") || is_strong_past(c, i)))
            return i;
    }
    return p.last;
}

qs_phrase qs_phrase_subject(const qs_clause *c, size_t first, size_t last)
{
    const qs_phrase none = {last, last};
    size_t i = first;
    if (i < last && opens_adverbial(c, i)) {
        while (i < last && !qs_item_is(c, i, ',') && !qs_item_is_part(c, i))
            i++;
        i++;
    }
    while (i < last && (qs_item_is(c, i, ',') || (qs_item_ends(c, i, "ly") && i + 1 < last && qs_item_is(c, i + 1, ',')) ||
                        qs_item_has(c, i, QS_WORD_CONJ | QS_WORD_ADVERB)))
        i++;
    if (i >= last)
        return none;
    qs_phrase phrase = qs_phrase_after(c, i, last);
    if (phrase.first < phrase.last && phrase.last + 1 < last && qs_item_is(c, phrase.last, ',')) {
        if (qs_item_has(c, phrase.last + 1, QS_WORD_HE | QS_WORD_SHE | QS_WORD_THEY | QS_WORD_FIRST))
            return (qs_phrase){phrase.last + 1, phrase.last + 2}; /* "Last year, he" */
        if (is_time(c, phrase.last - 1))
            phrase = qs_phrase_after(c, phrase.last + 1, last);
    }
    if (phrase.first < phrase.last)
        phrase.last = verb_in(c, phrase);
    return phrase;
}

bool qs_phrase_has_verb(const qs_clause *c, qs_phrase p)
{
    return verb_in(c, p) < p.last;
}
