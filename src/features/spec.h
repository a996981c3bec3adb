/* What turns a text into a vector: stored in the model, so that training and scoring cannot drift apart.
 * SPDX-License-Identifier: MIT */
#ifndef QS_FEATURES_SPEC_H
#define QS_FEATURES_SPEC_H

#include "base/error.h"
#include "features/classes.h"
#include "quotestance/str.h"

/** Changes with any change in what a text turns into; a model of another version is refused. */
#define QS_FEATURES_VERSION 1u

/** The parts of an item, each with n-grams of its own. */
typedef enum qs_text_field {
    QS_FIELD_TEXT,    /**< the text or quote itself */
    QS_FIELD_CONTEXT, /**< the sentence around a quote */
    QS_FIELD_LEFT,    /**< the text before the first mention of the target */
    QS_FIELD_RIGHT,   /**< the text after it */
    QS_FIELD_NEAR,    /**< the mention and four words on either side */
    QS_FIELD_CLAUSE,  /**< from the punctuation before the mention to that after it */
    QS_FIELD_TARGET,  /**< the target's name */
    QS_FIELD_CLASSES, /**< the text rewritten as its word classes; word n-grams only */
    QS_FIELD_PARTS,   /**< the text once more; character n-grams that do not cross spaces only */
    QS_FIELD_PRESENCE, /**< which word classes the text has and which it lacks; single words only */
    QS_FIELD_CONTEXT_PRESENCE, /**< the same of the context */
    QS_FIELDS
} qs_text_field;

/** The fields made from the target, as bits of qs_feature_spec.fields. */
#define QS_TARGET_FIELDS                                                                           \
    (1u << QS_FIELD_LEFT | 1u << QS_FIELD_RIGHT | 1u << QS_FIELD_NEAR | 1u << QS_FIELD_CLAUSE |    \
     1u << QS_FIELD_TARGET)

/** The fields that hold a word for each class. */
#define QS_PRESENCE_FIELDS (1u << QS_FIELD_PRESENCE | 1u << QS_FIELD_CONTEXT_PRESENCE)
/** The fields that depend on the text of an item alone, and those on its context alone; the rest depends on its target as well. */
#define QS_TEXT_FIELDS (1u << QS_FIELD_TEXT | 1u << QS_FIELD_CLASSES | 1u << QS_FIELD_PARTS | 1u << QS_FIELD_PRESENCE)
#define QS_CONTEXT_FIELDS (1u << QS_FIELD_CONTEXT | 1u << QS_FIELD_CONTEXT_PRESENCE)

/** Blocks of a vector: word and character n-grams of each field. Block = field * 2 + (0 word, 1 character). */
#define QS_BLOCKS (QS_FIELDS * 2)

/** Weight of an n-gram that occurs `tf` times. */
typedef enum qs_weighting {
    QS_WEIGHT_PRESENCE, /**< 1 */
    QS_WEIGHT_TFIDF     /**< (1 + ln tf) * (ln((1 + N) / (1 + df)) + 1) */
} qs_weighting;

/** How a vector is scaled to length 1. */
typedef enum qs_norm {
    QS_NORM_NONE,
    QS_NORM_L2,    /**< all values together */
    QS_NORM_BLOCKS /**< each block by itself */
} qs_norm;

/** Options that change tokens, as bits of qs_feature_spec.flags. */
#define QS_FEATURE_NEGATION 1u      /**< words from a negator to the next punctuation are marked */
#define QS_FEATURE_CHARS_IN_WORDS 2u /**< character n-grams do not cross spaces */
#define QS_FEATURE_MASK_ADDRESSES 4u /**< every web address is the same word */
#define QS_FEATURE_MASK_MENTIONS 8u  /**< every @mention is the same word */
#define QS_FEATURES_KNOWN 15u

/** The specification: plain numbers and the list of word classes; [word_min, word_max] and [char_min, char_max] inclusive, 0-0 for none. */
typedef struct qs_feature_spec {
    uint32_t version;   /**< QS_FEATURES_VERSION */
    uint32_t word_min, word_max; /**< 0 to 8 */
    uint32_t char_min, char_max; /**< 0 to 8 */
    uint32_t weighting; /**< qs_weighting */
    uint32_t norm;      /**< qs_norm */
    uint32_t min_df;    /**< n-grams of fewer training items are dropped; at least 1 */
    uint32_t fields;    /**< bit per qs_text_field that is used */
    uint32_t flags;
    const qs_word_classes *classes; /**< for QS_FIELD_CLASSES, else NULL; stored apart. [borrowed] */
} qs_feature_spec;

/** 32-bit words of the stored form. */
#define QS_FEATURE_SPEC_WORDS 10

/** Word 1-3-grams, character 2-5-grams, sublinear tf-idf, blocks of length 1, min_df 2, text only. */
qs_feature_spec qs_feature_spec_default(void);

/** QS_OK, or QS_EUSAGE with what is out of range. */
QS_NODISCARD qs_status qs_feature_spec_check(const qs_feature_spec *spec, qs_error *err);

/** The stored form. */
void qs_feature_spec_to_words(const qs_feature_spec *spec, uint32_t words[QS_FEATURE_SPEC_WORDS]);

/** From the stored form, checked. QS_EMODEL. */
QS_NODISCARD qs_status qs_feature_spec_from_words(qs_feature_spec *spec,
                                                  const uint32_t words[QS_FEATURE_SPEC_WORDS],
                                                  qs_error *err);

/** One item to vectorise: the text of each field (empty where there is none). */
typedef struct qs_item {
    qs_str field[QS_FIELDS];
} qs_item;

#endif
