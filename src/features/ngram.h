/* A text to the bag of its n-grams. SPDX-License-Identifier: MIT */
#ifndef QS_FEATURES_NGRAM_H
#define QS_FEATURES_NGRAM_H

#include "features/spec.h"
#include "text/normalize.h"
#include "text/token.h"

/** One distinct n-gram of an item. */
typedef struct qs_ngram {
    uint64_t hash;  /**< identity: n-grams of different fields, kinds and lengths differ */
    uint32_t count; /**< occurrences in the item */
    uint32_t start; /**< first occurrence: bytes [start, end) of the normalised field */
    uint32_t end;
    uint32_t field; /**< qs_text_field */
} qs_ngram;

/** The n-grams of a field of the last item. */
typedef struct qs_bag_kept {
    qs_ngram *items;
    size_t count, capacity;
    size_t words; /**< of them, before those of characters */
} qs_bag_kept;

/** The n-grams of one item in order of first occurrence, block by block, and scratch memory.
 *  Zero-initialise, release with qs_bag_free. One thread at a time. */
typedef struct qs_bag {
    qs_ngram *items;
    size_t count;
    size_t capacity;
    size_t block_start[QS_BLOCKS + 1]; /**< block b is items [block_start[b], block_start[b + 1]) */
    qs_normalizer normal[QS_FIELDS];   /**< normal[f].out: normalised text of field f */
    uint32_t *slots;                   /* hash set over items: index + 1 */
    size_t slot_count;
    uint64_t slot_key; /* see features/slot.h */
    unsigned slot_shift;
    uint64_t *words; /* token hashes of the field at work */
    qs_token *tokens;
    size_t token_count, token_capacity, word_capacity;
    uint32_t *chars; /* characters of the field at work, and where each starts */
    uint32_t *offsets;
    size_t char_count, char_capacity, offset_capacity;
    bool keeps; /**< set it if items that follow one another share their text or context, as the quotes of a paragraph do */
    bool has_kept;
    qs_buf kept_text, kept_context; /* of the last item */
    qs_bag_kept kept[QS_FIELDS];
    size_t recalled; /**< fields that were kept and not read again, so far */
} qs_bag;

/** Fills `bag` with the n-grams of `item`. Hash of an n-gram: h = salt(field, kind); h = (h + element) * K for each
 *  element (XXH3 of a token's bytes, or a code point); then mixed with its length. Same for every run,
 *  machine and thread count. QS_ENOMEM, QS_ELIMIT. */
QS_NODISCARD qs_status qs_bag_fill(qs_bag *bag, const qs_feature_spec *spec, const qs_item *item,
                                   qs_error *err);

/** QS_FIELD_CLASSES, QS_FIELD_PARTS and the fields of presence are made from the text or the context, which must have been read
 *  before. */

/** Only the first half of it, for the scoring engine: normalises one field (normal[field].out) and finds its token hashes
 *  (words, token_count). QS_ENOMEM, QS_ELIMIT. */
QS_NODISCARD qs_status qs_bag_read_field(qs_bag *bag, const qs_feature_spec *spec, uint32_t field,
                                         qs_str text, qs_error *err);
/** After that, the characters of its n-grams (chars, char_count): runs of spaces and controls are one space, one stands at either
 *  end; none if the field has nothing but spaces, or no character n-grams. QS_ENOMEM. */
QS_NODISCARD qs_status qs_bag_read_chars(qs_bag *bag, const qs_feature_spec *spec, uint32_t field, qs_error *err);

void qs_bag_free(qs_bag *bag);

/* For qs_bag_fill, see ngram_kept.c. */

/** The fields, a bit each, that are as in the last item. */
uint32_t qs_bag_same_fields(const qs_bag *bag, const qs_item *item);
/** Adds the n-grams of such a field. QS_ENOMEM. */
QS_NODISCARD qs_status qs_bag_recall(qs_bag *bag, uint32_t field, qs_error *err);
/** Keeps what the bag was filled with, if memory allows; `same` was kept before. */
void qs_bag_keep(qs_bag *bag, const qs_item *item, uint32_t fields, uint32_t same);
void qs_bag_forget(qs_bag *bag);

/** The readable form of an n-gram of a filled bag. [borrowed: bag] */
qs_str qs_bag_text(const qs_bag *bag, const qs_ngram *ngram);

/** True if character n-grams of the field do not cross spaces. */
static inline bool qs_chars_in_words(const qs_feature_spec *spec, uint32_t field)
{
    return field == QS_FIELD_PARTS || (spec->flags & QS_FEATURE_CHARS_IN_WORDS) != 0;
}

/** Fields rewritten as classes, which have no character n-grams. */
static inline bool qs_field_of_classes(uint32_t field)
{
    return field == QS_FIELD_CLASSES || (QS_PRESENCE_FIELDS >> field & 1) != 0;
}

/** Lengths of the word n-grams of the field: single words where order tells nothing. */
static inline void qs_word_lengths(const qs_feature_spec *spec, uint32_t field, uint32_t *min, uint32_t *max)
{
    const bool single = (QS_PRESENCE_FIELDS >> field & 1) != 0;
    *min = single ? 1 : spec->word_min;
    *max = single ? 1 : spec->word_max;
}

/* The pieces of the hash, for the scoring engine, which must agree bit for bit. */
#define QS_NGRAM_MULTIPLIER UINT64_C(0x9fb21c651e98df25)

/** Start of the hash for a block. */
static inline uint64_t qs_ngram_salt(uint32_t block)
{
    return (block + 1) * UINT64_C(0x9e3779b97f4a7c15);
}

/** The hash after one more element. */
static inline uint64_t qs_ngram_extend(uint64_t hash, uint64_t element)
{
    hash = (hash + element) * QS_NGRAM_MULTIPLIER;
    return hash ^ (hash >> 29);
}

/** The finished hash of an n-gram of `length` elements. */
static inline uint64_t qs_ngram_finish(uint64_t hash, uint32_t length)
{
    hash = (hash + length) * UINT64_C(0xd6e8feb86659fd93);
    return hash ^ (hash >> 32);
}

#endif
