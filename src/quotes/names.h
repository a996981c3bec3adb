/* Names as they stand in the text. SPDX-License-Identifier: MIT */
#ifndef QS_QUOTES_NAMES_H
#define QS_QUOTES_NAMES_H

#include "quotes/record.h"

/* Room for a folded word. */
enum { QS_NAME_KEY_MAX = 64 };

/** A name at one place: tokens [title_first, last), of which the name is [name_first, last). */
typedef struct qs_sighting {
    size_t title_first;
    size_t name_first;
    size_t last; /* one past */
    int gender;  /* 'm', 'f' or 0 */
} qs_sighting;

/** Splits tokens [first, last) into title and name. False if no name is left. */
bool qs_name_split(const qs_scan *scan, size_t first, size_t last, qs_sighting *out);

/** The token that holds the surname. */
size_t qs_name_surname(const qs_scan *scan, const qs_sighting *s);

/** The name has a given name before its surname, not a particle alone: "Da Silva". */
bool qs_name_has_given(const qs_scan *scan, const qs_sighting *s);

/** Writes the word in lower case to `key`, which holds QS_NAME_KEY_MAX bytes, and returns its length; 0 if it is no
 *  valid text. */
size_t qs_name_fold(qs_str word, char *key);

/** True if two words differ by case at most. */
bool qs_name_equal(qs_str a, qs_str b);

/** The text of tokens [first, last), last > first, without a possessive ending. */
qs_str qs_tokens_text(const qs_scan *scan, size_t first, size_t last);

#endif
