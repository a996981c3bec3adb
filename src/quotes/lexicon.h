/* The word lists, compiled in from models/cues.*.tsv and models/words.*.tsv. SPDX-License-Identifier: MIT */
#ifndef QS_QUOTES_LEXICON_H
#define QS_QUOTES_LEXICON_H

#include <stdbool.h>
#include <stdint.h>

#include "quotestance/str.h"

/** What a cue does; the class column. */
typedef enum qs_cue_class {
    QS_CUE_SAY,
    QS_CUE_TELL,
    QS_CUE_ASK,
    QS_CUE_WARN,
    QS_CUE_CLAIM,
    QS_CUE_URGE,
    QS_CUE_CALL,
    QS_CUE_THINK
} qs_cue_class;

/** The flags column; the letters are explained in models/cues.en.tsv. */
enum {
    QS_CUE_S = 1,
    QS_CUE_W = 2,
    QS_CUE_K = 4,
    QS_CUE_T = 8,
    QS_CUE_O = 16,
    QS_CUE_F = 32,
    QS_CUE_P = 64,
    QS_CUE_N = 128,
    QS_CUE_I = 256,
    QS_CUE_A = 512
};

typedef struct qs_cue_entry {
    const char *form;
    const char *lemma;
    qs_cue_class class;
    unsigned flags;
} qs_cue_entry;

/** The kinds of words.*.tsv. */
enum {
    QS_WORD_FUNCTION = 1u << 0, /* tells the language */
    QS_WORD_HE = 1u << 1,
    QS_WORD_SHE = 1u << 2,
    QS_WORD_THEY = 1u << 3,
    QS_WORD_IT = 1u << 4,
    QS_WORD_FIRST = 1u << 5,
    QS_WORD_RELATIVE = 1u << 6,
    QS_WORD_THAT = 1u << 7,
    QS_WORD_DET = 1u << 8,
    QS_WORD_PREP = 1u << 9,
    QS_WORD_SUBORD = 1u << 10,
    QS_WORD_CONJ = 1u << 11,
    QS_WORD_AUX = 1u << 12,
    QS_WORD_MODAL = 1u << 13,
    QS_WORD_NEG = 1u << 14,
    QS_WORD_ADVERB = 1u << 15,
    QS_WORD_DAY = 1u << 16,
    QS_WORD_PARTICLE = 1u << 17,
    QS_WORD_ABBREV = 1u << 18,
    QS_WORD_HONORIFIC = 1u << 19,
    QS_WORD_TITLE = 1u << 20,
    QS_WORD_ROLE = 1u << 21,
    QS_WORD_REPORTERS = 1u << 22,
    QS_WORD_SCARE = 1u << 23,
    QS_WORD_SAYING = 1u << 24,
    QS_WORD_LICENSE = 1u << 25,
    QS_WORD_GIVEN_M = 1u << 26,
    QS_WORD_GIVEN_F = 1u << 27,
    QS_WORD_NATION = 1u << 28,
    QS_WORD_ORG = 1u << 29,
    QS_WORD_ACCORDING = 1u << 30
};
/** Nouns for what is said; beyond the range of an enum. */
#define QS_WORD_CLAIM (UINT32_C(1) << 31)

/** All that is known of a word. */
typedef struct qs_word_entry {
    const char *form;
    uint32_t kinds;
    const qs_cue_entry *cue; /* NULL if it is none */
} qs_word_entry;

/** The words of one language in an open hash table. */
typedef struct qs_lexicon {
    const char *language;
    const qs_word_entry *words;
    const uint16_t *slots; /* 0: free; else the number of a word, from 1 */
    uint32_t mask;         /* slots less one */
} qs_lexicon;

extern const qs_lexicon qs_lexicons[];
extern const size_t qs_lexicon_count;

/** The lists of a language, or NULL. */
const qs_lexicon *qs_lexicon_of(const char *language);

/** The entry of `word` (lower case), or NULL. */
const qs_word_entry *qs_lexicon_find(const qs_lexicon *lexicon, qs_str word);

#endif
