/* Word classes: words that mean alike for the question at hand, under one name. SPDX-License-Identifier: MIT */
#ifndef QS_FEATURES_CLASSES_H
#define QS_FEATURES_CLASSES_H

#include "base/buf.h"
#include "base/error.h"

/** A list of word classes. Immutable once parsed: any number of threads may share it. */
typedef struct qs_word_classes qs_word_classes;

/** Most bytes of a list, and of a class name. */
#define QS_CLASSES_MAX_BYTES ((size_t)1 << 20)
#define QS_CLASSES_MAX_NAME ((size_t)32)

/** Reads a list: lines of a class name, a tab and words with spaces between; `word*` stands for every word that begins
 *  so; blank lines and lines that begin with '#' are skipped; a class may have several lines, a word only one class. A line
 *  of '=', a name, a tab and names of classes above makes a group, which a text has if it has one of them. Names
 *  are of A-Z, 0-9 and '_'. Words are brought to the normal form of texts. *out [owned], NULL on failure.
 *  QS_EINPUT with the line, QS_ELIMIT, QS_ENOMEM. */
QS_NODISCARD qs_status qs_word_classes_parse(qs_word_classes **out, qs_str text, qs_error *err);
/** NULL is fine. */
void qs_word_classes_destroy(qs_word_classes *classes);

/** The bytes that the list was read from, as they are kept in a model. [borrowed: classes] */
qs_str qs_word_classes_text(const qs_word_classes *classes);

/** The class of a word in normal form: that of the word itself, else of its longest listed beginning; a view with ptr NULL
 *  if it has none. [borrowed: classes]. Any thread. */
qs_str qs_word_classes_find(const qs_word_classes *classes, qs_str word);

/** Rewrites a text in normal form as its classes, with a space after each: words without a class are left out, the ends of
 *  sentences and clauses stay as they are. `out` is emptied first. QS_ENOMEM. Any thread. */
QS_NODISCARD qs_status qs_word_classes_rewrite(const qs_word_classes *classes, qs_str text, qs_buf *out,
                                               qs_error *err);

/** A word for each class and group, in the order of the list, with a space after each: its name if the text in normal form
 *  has a word of it, else "no_" and its name; nothing of an empty text. `out` is emptied first. QS_ENOMEM. Any thread. */
QS_NODISCARD qs_status qs_word_classes_presence(const qs_word_classes *classes, qs_str text, qs_buf *out, qs_error *err);

#endif
