/* Quotes: who said what, and exactly where it stands. SPDX-License-Identifier: MIT */
#ifndef QUOTESTANCE_QUOTES_H
#define QUOTESTANCE_QUOTES_H

#include <stdbool.h>

#include "quotestance/article.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How the words are reported. */
typedef enum qs_quote_type {
    QS_QUOTE_DIRECT,   /**< the whole content stands in marks */
    QS_QUOTE_MIXED,    /**< part of the reported clause stands in marks */
    QS_QUOTE_INDIRECT, /**< reported without marks */
    QS_QUOTE_SCARE     /**< marks without an utterance; only with qs_extract_options.all_marks */
} qs_quote_type;

/** What kind of words name a speaker. */
typedef enum qs_speaker_kind {
    QS_SPEAKER_NAME,    /**< a person's name */
    QS_SPEAKER_PRONOUN, /**< he, she, they */
    QS_SPEAKER_NOUN,    /**< a description: "a spokesman for the ministry" */
    QS_SPEAKER_ORGANISATION /**< a body or a place that speaks */
} qs_speaker_kind;

/** What is unusual about a quote; bits of qs_quote.flags. The names in the output are these in lower case. */
typedef enum qs_quote_flag {
    QS_FLAG_UNCLOSED = 1,       /**< the closing mark is absent */
    QS_FLAG_CONTINUED = 2,      /**< goes on in the next paragraph */
    QS_FLAG_MISSING_CLOSE = 4,  /**< unclosed, and the next paragraph does not go on */
    QS_FLAG_MISSING_OPEN = 8,   /**< only the closing mark is there */
    QS_FLAG_NEGATED = 16,       /**< "did not say" */
    QS_FLAG_MODAL = 32,         /**< "would say" */
    QS_FLAG_FLOATING = 64,      /**< no attribution of its own: taken from the text before */
    QS_FLAG_AMBIGUOUS = 128,    /**< two people of that name are in the article */
    QS_FLAG_QUESTION = 256,     /**< the quote is answered by another speaker's */
    QS_FLAG_TRUNCATED = 512     /**< cut at the longest length allowed */
} qs_quote_flag;

/** One marked part. */
typedef struct qs_fragment {
    qs_span span;  /**< with its marks */
    qs_span inner; /**< without them */
    qs_str open;   /**< the opening mark, empty if absent */
    qs_str close;  /**< the closing mark, empty if absent */
    bool closed;   /**< the closing mark is there */
} qs_fragment;

/** Words of the article: the text and where it stands. */
typedef struct qs_mention {
    qs_str text;  /**< ptr NULL if there is none */
    qs_span span; /**< its place */
} qs_mention;

/** Who speaks. */
typedef struct qs_speaker {
    qs_mention mention;      /**< as written; mention.text.ptr is NULL if nobody was found */
    qs_speaker_kind kind;    /**< what kind of words these are */
    qs_str canonical;        /**< the longest form of the name in the article; ptr NULL if unknown */
    qs_str title;            /**< "Foreign Minister"; ptr NULL if none */
    const char *resolved_by; /**< "surname", "full_name", "pronoun", "title", "as_written"; NULL if none */
} qs_speaker;

/** The value of qs_quote.continues and nested_in that means "none". */
#define QS_NO_QUOTE SIZE_MAX

/** One quote. All views are [borrowed: the qs_quotes it came from, or its article]. */
typedef struct qs_quote {
    size_t id;                    /**< from 1, in the order of the text */
    qs_quote_type type;           /**< how the words are reported */
    qs_zone zone;                 /**< where it stands */
    size_t field;                 /**< field of the source, see qs_article_field_name */
    size_t paragraph;             /**< index of its paragraph in the article */
    qs_str text;                  /**< the content as it stands in qs_article_text, marks included */
    qs_str content;               /**< the same without the outer marks, for scoring */
    qs_span span;                 /**< its place in the source */
    const qs_fragment *fragments; /**< the marked parts, in order */
    size_t fragment_count;        /**< how many */
    size_t group;                 /**< quotes of one utterance share this number, from 1 */
    size_t continues;             /**< id of the quote this one goes on from, or QS_NO_QUOTE */
    size_t nested_in;             /**< id of the quote this one stands in, or QS_NO_QUOTE */
    qs_speaker speaker;           /**< who says it */
    qs_speaker addressee;         /**< to whom */
    qs_speaker reported_by;       /**< who tells that the speaker said it: the outer of two nested reports */
    qs_mention cue;               /**< the verb or mark that reports; text.ptr NULL if none */
    qs_str cue_lemma;             /**< its base form */
    const char *pattern;          /**< the rule that fired, such as "Q, S V". [borrowed: static] */
    unsigned flags;               /**< bits of qs_quote_flag */
    double confidence;            /**< chance that content and speaker are right, 0 to 1 */
} qs_quote;

/** Zero gives the defaults. */
typedef struct qs_extract_options {
    bool no_indirect;       /**< leave indirect quotes out */
    bool all_marks;         /**< show marks that are no quotes as QS_QUOTE_SCARE */
    size_t max_quote_chars; /**< a quote longer than this ends at its paragraph; 0: 10,000 */
    const char *language;   /**< "en", "de", ...; NULL: told from the text */
} qs_extract_options;

/** The quotes of one article. Immutable: any number of threads may read it. */
typedef struct qs_quotes qs_quotes;

/** Finds the quotes. `article` must outlive the result; `options` may be NULL. Takes time linear in the
 *  length; of marked parts at most 4,096 and one more for each 64 bytes are looked at. *out [owned]: qs_quotes_destroy; NULL on failure. QS_ENOMEM; QS_EUSAGE (unknown language). */
QS_API QS_NODISCARD qs_status qs_quotes_extract(qs_quotes **out, const qs_article *article,
                                                const qs_extract_options *options, qs_error *err);

/** Releases the quotes; NULL is fine. */
QS_API void qs_quotes_destroy(qs_quotes *quotes);

/** Number of quotes. */
QS_API size_t qs_quotes_count(const qs_quotes *quotes);

/** Quote `index` (< count), in the order of the text. [borrowed: quotes] */
QS_API const qs_quote *qs_quotes_at(const qs_quotes *quotes, size_t index);

/** The language that was used, such as "en". [borrowed: static] */
QS_API const char *qs_quotes_language(const qs_quotes *quotes);

/** The name of a type, such as "direct". [borrowed: static]. Any thread. */
QS_API const char *qs_quote_type_name(qs_quote_type type);

#ifdef __cplusplus
}
#endif

#endif
