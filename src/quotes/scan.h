/* The working state of one extraction: tokens, marked fragments, names. SPDX-License-Identifier: MIT */
#ifndef QS_QUOTES_SCAN_H
#define QS_QUOTES_SCAN_H

#include "base/alloc.h"
#include "base/arena.h"
#include "base/map.h"
#include "quotes/lexicon.h"
#include "quotestance/quotes.h"

/** Families of marks; a mark is closed by any mark of its family. */
typedef enum qs_family {
    QS_FAMILY_NONE,
    QS_FAMILY_DOUBLE,      /* " “ ” „ ‟ 〝 〞 ＂ `` '' */
    QS_FAMILY_GUILLEMET,   /* « » */
    QS_FAMILY_SINGLE_GUILLEMET, /* ‹ › */
    QS_FAMILY_SINGLE,      /* ' ‘ ’ ‚ ` */
    QS_FAMILY_CORNER,      /* 「 」 */
    QS_FAMILY_WHITE_CORNER, /* 『 』 */
    QS_FAMILY_COUNT
} qs_family;

typedef enum qs_token_type { QS_TOKEN_WORD, QS_TOKEN_NUMBER, QS_TOKEN_PUNCT, QS_TOKEN_MARK } qs_token_type;

/** A word, number, punctuation character or quotation mark. Offsets are bytes of the article's text. */
typedef struct qs_token {
    uint32_t start;
    uint32_t end;
    uint32_t core_end;   /* words: without a possessive ending */
    uint32_t code_point; /* punctuation and marks; words: the first character */
    uint32_t kinds;      /* words: QS_WORD_* */
    const qs_cue_entry *cue;
    uint8_t type;
    uint8_t family;      /* marks */
    bool upper;          /* words: starts with a capital */
    bool all_upper;      /* words: more than one letter, all capital */
    bool dot;            /* words: ends with the stop of an abbreviation or initial */
    bool contraction;    /* words: ends with an apostrophe part that is no possessive */
    bool space_before;
} qs_token;

/** A marked part. */
typedef struct qs_part {
    uint32_t start; /* with marks */
    uint32_t end;
    uint32_t inner_start;
    uint32_t inner_end;
    uint32_t first_token; /* the opening mark, or the first word if that is missing */
    uint32_t last_token;  /* one past the closing mark */
    uint32_t paragraph;
    uint32_t words;
    size_t parent;    /* the part it is nested in, or QS_NONE */
    size_t continues; /* the part of an earlier paragraph it goes on from, or QS_NONE */
    uint8_t family;
    bool opened;
    bool closed;
    bool continued;     /* goes on in a later paragraph */
    bool missing_close; /* unclosed, and nothing goes on */
    bool weak_link;     /* goes on over a heading */
    bool truncated;
} qs_part;

#define QS_NONE SIZE_MAX

/** Tokens of one paragraph. */
typedef struct qs_paragraph_tokens {
    size_t first;
    size_t last; /* one past */
} qs_paragraph_tokens;

/** A person or body that the article names. */
typedef struct qs_entity {
    qs_str name;     /* longest form without title */
    qs_str title;    /* ptr NULL if none */
    qs_str surname;
    qs_str given;    /* empty if only one word is known */
    size_t first_at; /* where it is first named */
    int gender;      /* 'm', 'f' or 0 */
    bool person;
    bool ambiguous;  /* another entity has this surname */
    size_t next;     /* the next entity of this surname, or QS_NONE */
} qs_entity;

typedef struct qs_scan {
    const qs_article *article;
    const qs_extract_options *options;
    const qs_lexicon *lexicon;
    qs_str text;
    qs_token *tokens;
    size_t token_count;
    size_t token_capacity;
    qs_paragraph_tokens *paragraphs; /* one for each of the article's */
    size_t paragraph_count;
    qs_part *parts;
    size_t part_count;
    size_t part_capacity;
    qs_entity *entities;
    size_t entity_count;
    size_t entity_capacity;
    qs_map surnames;       /* casefolded surnames ... */
    size_t *surname_heads; /* ... and the first entity of each */
    qs_arena *arena; /* what the result keeps */
    bool single_style;
} qs_scan;

/** Splits the searched paragraphs into tokens and picks the language. QS_ENOMEM, QS_EUSAGE. */
QS_NODISCARD qs_status qs_scan_lex(qs_scan *scan, qs_error *err);

/** Pairs the marks of every paragraph: fills scan->parts in the order of their opening. QS_ENOMEM. */
QS_NODISCARD qs_status qs_scan_marks(qs_scan *scan, qs_error *err);

/** Adds the pairs of single marks: inside other parts, in headlines, and everywhere in a text that quotes with
 *  single marks; called by qs_scan_marks. */
QS_NODISCARD qs_status qs_scan_singles(qs_scan *scan, qs_error *err);

/** The mark at token `index` ends feet and inches: 6'2". */
bool qs_mark_is_height(const qs_scan *scan, size_t paragraph, size_t index);

/** The first token of the quote that the mark at token `index` closes and no mark opens; QS_NONE if there is none. */
size_t qs_mark_lost_start(const qs_scan *scan, size_t paragraph, size_t index);

/** Where a forgotten closing mark belongs in tokens (open, last), in bytes: before `, said Brun.`, else `end`. */
size_t qs_mark_cut_attribution(const qs_scan *scan, size_t open, size_t last, size_t end);

/** The first mark of the next paragraph, if that starts with one, else NULL. *skipped: a heading stands
 *  between. */
const qs_token *qs_scan_next_opener(const qs_scan *scan, size_t paragraph, bool *skipped);

/** Adds a part over tokens [open, close]; close QS_NONE: unclosed, up to byte `end`. */
QS_NODISCARD qs_status qs_scan_add_part(qs_scan *scan, size_t paragraph, size_t open, size_t close, size_t end,
                                        qs_error *err);

/** The characters directly before and after a byte range, 0 at the ends of the text. */
uint32_t qs_scan_before(const qs_scan *scan, size_t at);
uint32_t qs_scan_after(const qs_scan *scan, size_t at);

/** The words of a token, without a possessive ending. */
qs_str qs_token_text(const qs_scan *scan, const qs_token *token);

/** True if the token is this punctuation character. */
static inline bool qs_token_is(const qs_token *token, uint32_t code_point)
{
    return token->type == QS_TOKEN_PUNCT && token->code_point == code_point;
}

/** Releases all but the arena. */
void qs_scan_free(qs_scan *scan);

#endif
