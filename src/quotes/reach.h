/* How far a report reaches: where its content starts and ends. SPDX-License-Identifier: MIT */
#ifndef QS_QUOTES_REACH_H
#define QS_QUOTES_REACH_H

#include "quotes/record.h"

/** Work on one report of one sentence. */
typedef struct qs_work {
    qs_records *records;
    qs_clause *c;
    qs_sentence s;
    const qs_report *r;
} qs_work;

/* The most words of a part that needs a report to count. */
enum { QS_SCARE_WORDS = 3 };

bool qs_item_is_comma(const qs_clause *c, size_t i);
/** The preposition at item `i` and what follows tell an amount: "at least six", "about 30". */
bool qs_item_is_amount(const qs_clause *c, size_t i);
/** Marked parts, and words outside them, among items [first, last). */
size_t qs_count_parts(const qs_clause *c, size_t first, size_t last);
size_t qs_count_words(const qs_clause *c, size_t first, size_t last);

/** The part at item `i` reads like the title of something: few words, the long ones with a capital, no stop. */
bool qs_part_is_title(const qs_clause *c, size_t i);
/** `on "This Morning,"`: the name of something, after a preposition or a possessive. */
bool qs_part_is_named_thing(const qs_clause *c, size_t i);
/** The part at item `i` ends with its own stop or comma: what follows in the sentence is no part of it. */
bool qs_part_is_complete(const qs_clause *c, size_t i);

/** What stands before a report: `"Q," S V` and `"Q," V S`. False if there is nothing. */
bool qs_reach_left(const qs_work *w, size_t from, size_t *first, size_t *last);
/** Where the content after a report starts: past "in a statement on Monday" and past "that" (*that). */
size_t qs_reach_start(const qs_work *w, size_t at, size_t end, bool *that);
/** "accused O of making ...", "urged O to ...": where the complement starts, else `start`. */
size_t qs_reach_complement(const qs_work *w, size_t start, size_t limit);
/** `told the agency simply, "We lost."`: the marked sentence after a comma or colon, else `start`. */
size_t qs_reach_utterance(const qs_clause *c, size_t start, size_t limit);
/** Where content that starts at `start` ends, at most at `end`. */
size_t qs_reach_end(const qs_work *w, size_t start, size_t end);
/** The end without what follows the last marked part and is the writer's. */
size_t qs_reach_trim(const qs_work *w, size_t start, size_t end);
/** The end of content in a clause that only leads up to the sentence's own: "When Ada said ..., Bo left". */
size_t qs_trim_subordinate(const qs_work *w, size_t start, size_t end);
/** The end of content without marks, without what the writer adds behind it. */
size_t qs_trim_indirect(const qs_work *w, size_t start, size_t end);
/** Content after report `index` reaches to the next report that stands apart: its first item. */
size_t qs_reach_limit(const qs_work *w, size_t index, bool had_left);

/** A source of one word: "I", "we", "you". */
bool qs_is_first_person(const qs_clause *c, qs_phrase source);
/** Adds one record for items [first, last), or one for each part if they are nothing but parts. QS_ENOMEM. */
QS_NODISCARD qs_status qs_take_content(qs_work *w, size_t first, size_t last, const char *pattern, double confidence,
                                       qs_error *err);
/** Items [first, last) before the report, without marked parts among them, are what it tells, not words that lead up to
 *  what comes behind it. */
bool qs_is_told_before(const qs_work *w, size_t first, size_t last);
/** After "according to S": where what S tells starts, behind a comma; `end` if nothing does. */
size_t qs_reach_past_source(const qs_work *w, size_t end);
/** Adds items [first, last), without marked parts among them, if the report can have such content; `that`: a "that"
 *  stands before them. QS_ENOMEM. */
QS_NODISCARD qs_status qs_take_indirect(qs_work *w, size_t first, size_t last, const char *pattern, bool that,
                                        qs_error *err);
/** `The plan, Ada said, was late`: adds what comes behind the report, up to item `limit`. QS_ENOMEM. */
QS_NODISCARD qs_status qs_take_interposed(qs_work *w, size_t limit, qs_error *err);
/** Adds what report `index` tells, left and right of it, from item *from on, which moves on. QS_ENOMEM. */
QS_NODISCARD qs_status qs_take_report(qs_work *w, size_t index, size_t *from, qs_error *err);

#endif
