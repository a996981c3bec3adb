/* Normalised text to tokens: words, hashtags, mentions, addresses, punctuation. SPDX-License-Identifier: MIT */
#ifndef QS_TEXT_TOKEN_H
#define QS_TEXT_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

#include "quotestance/str.h"

/** What a token is. */
typedef enum qs_token_kind {
    QS_TOKEN_WORD,    /**< letters and numbers, with inner apostrophes ("don't") and digit groups ("1,000") */
    QS_TOKEN_HASHTAG, /**< "#" and a word */
    QS_TOKEN_MENTION, /**< "@" and a word */
    QS_TOKEN_ADDRESS, /**< a web address, up to the next space */
    QS_TOKEN_PUNCT    /**< a run of one punctuation mark or symbol, such as "..." */
} qs_token_kind;

/** A token: bytes [start, end) of the text. */
typedef struct qs_token {
    uint32_t start;
    uint32_t end;
    qs_token_kind kind;
} qs_token;

/** Finds the next token at or after `at`; false at the end of the text. Linear over all calls, no allocation. The
 *  text is the output of qs_normalize, under 4 GiB. Any thread. */
bool qs_token_next(qs_str text, size_t at, qs_token *token);

#endif
