/* Sentences with every marked part masked as one item, and the reports found in them.
 * SPDX-License-Identifier: MIT */
#ifndef QS_QUOTES_CLAUSE_H
#define QS_QUOTES_CLAUSE_H

#include "quotes/scan.h"

/** A token, or a whole marked part that is not nested. */
typedef struct qs_item {
    size_t token; /* the token, or the part's first */
    size_t part;  /* QS_NONE for a token */
} qs_item;

/** Items [first, last) of the paragraph. */
typedef struct qs_sentence {
    size_t first;
    size_t last;
} qs_sentence;

/** Bytes [start, end) of the article's text; empty: none. */
typedef struct qs_range {
    size_t start;
    size_t end;
} qs_range;

/** Items of a phrase, [first, last); empty if first == last. */
typedef struct qs_phrase {
    size_t first;
    size_t last;
} qs_phrase;

/** Words that report: a source, a cue, perhaps an addressee. */
typedef struct qs_report {
    qs_phrase source;
    size_t cue; /* item */
    qs_phrase addressee;
    const qs_cue_entry *entry; /* NULL: "according to", a colon or a dash */
    const char *lemma;
    size_t group;      /* first item of the verb with its auxiliaries */
    size_t begin;      /* first item of the reporting clause */
    size_t end;        /* one past its last */
    bool inverted;     /* the source stands after the cue */
    bool participle;   /* "adding that": the source is that of the clause before */
    bool according;
    bool noun; /* "Ada's claim that" */
    bool negated;
    bool modal;
    bool passive;
} qs_report;

/** One paragraph as items. */
typedef struct qs_clause {
    const qs_scan *scan;
    size_t paragraph;
    qs_item *items;
    size_t item_count;
    size_t item_capacity;
    qs_sentence *sentences;
    size_t sentence_count;
    size_t sentence_capacity;
    qs_report *reports; /* of one sentence */
    size_t report_count;
    size_t report_capacity;
    size_t next_part; /* where the next paragraph's parts start */
    qs_range intro;     /* who is about to be quoted: the subject of a paragraph that ends with a colon ... */
    qs_range intro_cue; /* ... its verb ... */
    const char *intro_lemma; /* ... and the verb's base form */
    size_t intro_of;    /* the paragraph that it introduces */
} qs_clause;

/** Fills items and sentences of a paragraph; paragraphs must come in order. QS_ENOMEM. */
QS_NODISCARD qs_status qs_clause_load(qs_clause *clause, size_t paragraph, qs_error *err);

/** Finds the reports of a sentence, in order. QS_ENOMEM. */
QS_NODISCARD qs_status qs_clause_reports(qs_clause *clause, qs_sentence sentence, qs_error *err);

/** The phrase that ends before item `at` (not before `first`) and can be the subject of a verb there. */
qs_phrase qs_phrase_before(const qs_clause *clause, size_t first, size_t at);

/** Words that stand for people by themselves: "several", "another". */
bool qs_item_is_quantity(const qs_clause *c, size_t i);

/** The phrase that starts at item `at` and can name a speaker; ends before `last`. */
qs_phrase qs_phrase_after(const qs_clause *clause, size_t at, size_t last);

/** The phrase holds a verb, so it is a clause and no name. */
bool qs_phrase_has_verb(const qs_clause *clause, qs_phrase phrase);

/** The phrase that seems to be the subject of a sentence. */
qs_phrase qs_phrase_subject(const qs_clause *clause, size_t first, size_t last);

void qs_clause_free(qs_clause *clause);

/* Questions about an item; beyond the paragraph's items (before them too, by wrapping) the answer is no. */
static inline bool qs_item_is_part(const qs_clause *c, size_t i)
{
    return i < c->item_count && c->items[i].part != QS_NONE;
}
static inline const qs_token *qs_item_token(const qs_clause *c, size_t i)
{
    return &c->scan->tokens[c->items[i].token];
}
static inline bool qs_item_is_word(const qs_clause *c, size_t i)
{
    return i < c->item_count && !qs_item_is_part(c, i) && qs_item_token(c, i)->type == QS_TOKEN_WORD;
}
/** All of `kinds` count alike: true if the item is a word of any. */
static inline bool qs_item_has(const qs_clause *c, size_t i, uint32_t kinds)
{
    return qs_item_is_word(c, i) && (qs_item_token(c, i)->kinds & kinds) != 0;
}
static inline bool qs_item_is(const qs_clause *c, size_t i, uint32_t code_point)
{
    return i < c->item_count && !qs_item_is_part(c, i) && qs_token_is(qs_item_token(c, i), code_point);
}
static inline bool qs_item_is_dash(const qs_clause *c, size_t i)
{
    return qs_item_is(c, i, '-') || qs_item_is(c, i, 0x2013) || qs_item_is(c, i, 0x2014) ||
           qs_item_is(c, i, 0x2015);
}
/** The item is this lower-case ASCII word, in any case. */
bool qs_item_word_is(const qs_clause *c, size_t i, const char *word);
/** The item is one of `count` such words. */
bool qs_item_word_in(const qs_clause *c, size_t i, const char *const *words, size_t count);
/** The item is a word with this ending and at least three letters before it. */
bool qs_item_ends(const qs_clause *c, size_t i, const char *ending);
/** First byte, and byte after the last, of an item. */
size_t qs_item_start(const qs_clause *c, size_t i);
size_t qs_item_end(const qs_clause *c, size_t i);
/** The last character inside a part's marks. */
uint32_t qs_part_last_char(const qs_scan *scan, const qs_part *part);

#endif
