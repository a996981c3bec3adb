/* Which n-grams a model knows. SPDX-License-Identifier: MIT */
#ifndef QS_FEATURES_VOCABULARY_H
#define QS_FEATURES_VOCABULARY_H

#include "features/ngram.h"

/** A place in the look-up table: all that scoring an n-gram needs, in one touch of memory. */
typedef struct qs_vocabulary_slot {
    uint64_t hash;
    uint32_t place; /**< index + 1, or 0: empty */
    float idf;      /**< 1 without tf-idf */
} qs_vocabulary_slot;

/** n-gram hashes in ascending order; the rank is the feature's index. Canonical: depends only on the items and the
 *  specification. Zero-initialise, release with qs_vocabulary_free. Read-only after building: any thread. */
typedef struct qs_vocabulary {
    uint64_t *hashes;  /**< [count], strictly ascending */
    size_t count;
    float *idf;        /**< [count] for tf-idf, else NULL */
    unsigned char *blocks; /**< [count] the block of each, if built and not read from a file; else NULL */
    uint64_t *text_starts; /**< [count + 1] into text, or NULL: readable n-grams */
    char *text;
    qs_vocabulary_slot *slots; /* open addressing */
    size_t slot_count;
    uint64_t slot_key; /* see features/slot.h */
    unsigned slot_shift;
} qs_vocabulary;

/** ln((1 + items) / (1 + items with the n-gram)) + 1: the smoothed form of scikit-learn's TfidfTransformer, which is never 0. */
float qs_inverse_document_frequency(size_t items, uint32_t with_it);

/** Counts the n-grams of all items on `jobs` threads and keeps those in at least spec->min_df items. QS_ENOMEM;
 *  QS_EINPUT if none is left; QS_ELIMIT beyond 2^28. */
QS_NODISCARD qs_status qs_vocabulary_build(qs_vocabulary *out, const qs_feature_spec *spec,
                                           const qs_item *items, size_t count, size_t jobs,
                                           qs_error *err);

/** Fills text and text_starts with the first form in which each n-gram is met. QS_ENOMEM. */
QS_NODISCARD qs_status qs_vocabulary_add_text(qs_vocabulary *vocabulary, const qs_feature_spec *spec,
                                              const qs_item *items, size_t count, qs_error *err);

/** Makes the look-up table of a vocabulary whose hashes came from a file. QS_ENOMEM. */
QS_NODISCARD qs_status qs_vocabulary_index(qs_vocabulary *vocabulary, qs_error *err);

/** True and *index if the n-gram is known. */
bool qs_vocabulary_find(const qs_vocabulary *vocabulary, uint64_t hash, uint32_t *index);

/** The slot of a hash, or NULL if it is not known; [borrowed: vocabulary]. */
const qs_vocabulary_slot *qs_vocabulary_slot_of(const qs_vocabulary *vocabulary, uint64_t hash);

/** Tells the processor that a hash will be looked up soon. */
void qs_vocabulary_expect(const qs_vocabulary *vocabulary, uint64_t hash);

/** The readable n-gram of an index; empty if texts were not kept. [borrowed: vocabulary] */
qs_str qs_vocabulary_text(const qs_vocabulary *vocabulary, uint32_t index);

void qs_vocabulary_free(qs_vocabulary *vocabulary);

#endif
