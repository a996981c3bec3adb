/* The layout of a .qsm file, shared by its writer and its reader. SPDX-License-Identifier: MIT
 *
 * Little-endian, fixed-size numbers. A header of 64 bytes, a table of sections of 48 bytes each, then the
 * sections in ascending order of type, each starting at the next multiple of 64, gaps zero. */
#ifndef QS_MODEL_BUNDLE_FORMAT_H
#define QS_MODEL_BUNDLE_FORMAT_H

#include <stdint.h>

#include "model/model.h"

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the model file is little-endian and is read as it lies"
#endif

#define QS_BUNDLE_MAGIC "\x89QSM\r\n\x1a\n" /* shows copies in text mode */
#define QS_BUNDLE_MAJOR 1
#define QS_BUNDLE_MINOR 0
#define QS_BUNDLE_ALIGN 64
#define QS_BUNDLE_MAX_SECTIONS 64
#define QS_BUNDLE_ORDER 0x01020304u
#define QS_BUNDLE_CRITICAL 1u

typedef struct qs_bundle_header {
    unsigned char magic[8];
    uint16_t major;
    uint16_t minor;
    uint32_t header_size;
    uint64_t file_size;
    uint32_t section_count;
    uint32_t flags; /* low 16 incompatible, high 16 compatible */
    uint64_t table_offset;
    uint32_t order;
    uint32_t table_crc;
    unsigned char zero[12];
    uint32_t header_crc; /* of the 60 bytes before */
} qs_bundle_header;

typedef struct qs_bundle_section {
    uint32_t type;
    uint32_t flags;
    uint64_t offset;
    uint64_t length;
    uint32_t element_size;
    uint32_t align;
    uint64_t element_count;
    uint64_t hash; /* XXH64 of the payload, seed 0 */
} qs_bundle_section;

_Static_assert(sizeof(qs_bundle_header) == 64, "header");
_Static_assert(sizeof(qs_bundle_section) == 48, "section");

/** type, name, bytes of an element, most elements; all critical */
#define QS_BUNDLE_SECTIONS(X)                                                                      \
    X(QS_SECTION_SPEC, 1, "feature specification", 4, QS_FEATURE_SPEC_WORDS)                       \
    X(QS_SECTION_META, 2, "provenance", 1, UINT64_C(1) << 26)                                      \
    X(QS_SECTION_HEADS, 3, "heads", 1, UINT64_C(1) << 32)                                          \
    X(QS_SECTION_HASHES, 4, "n-gram hashes", 8, QS_MODEL_MAX_FEATURES)                             \
    X(QS_SECTION_IDF, 5, "idf", 4, QS_MODEL_MAX_FEATURES)                                          \
    X(QS_SECTION_NGRAM_STARTS, 6, "n-gram offsets", 8, QS_MODEL_MAX_FEATURES + 1)                  \
    X(QS_SECTION_NGRAMS, 7, "n-grams", 1, UINT64_C(1) << 32)                                       \
    X(QS_SECTION_WEIGHTS, 8, "weights", 4, UINT64_C(1) << 33)                                      \
    X(QS_SECTION_SUPPORT_STARTS, 9, "support vector offsets", 8, QS_MODEL_MAX_SUPPORT + 1)         \
    X(QS_SECTION_SUPPORT_INDICES, 10, "support vector indices", 4, QS_MODEL_MAX_NONZEROS)          \
    X(QS_SECTION_SUPPORT_VALUES, 11, "support vector values", 4, QS_MODEL_MAX_NONZEROS)            \
    X(QS_SECTION_CLASSES, 12, "word classes", 1, QS_CLASSES_MAX_BYTES)

typedef enum qs_section_type {
#define QS_SECTION_ENUM(name, value, words, size, most) name = value,
    QS_BUNDLE_SECTIONS(QS_SECTION_ENUM)
#undef QS_SECTION_ENUM
    QS_SECTION_TYPES
} qs_section_type;

/* A head, in the heads section (which starts with their number as u32): this, then name, labels (u32 length and
 * bytes each), bias, label bias, knots in, knots out, coefficients. Unused numbers are 0. */
typedef struct qs_bundle_head {
    uint32_t name_length;
    uint32_t label_count;
    uint32_t decision;
    uint32_t kernel;
    uint32_t degree;
    uint32_t has_label_bias;
    uint64_t knot_count;
    uint64_t support_count;
    double gamma;
    double coef0;
    double temperature;
} qs_bundle_head;

_Static_assert(sizeof(qs_bundle_head) == 64, "head");

/** What is wrong with a model, in words, or NULL: the rules that writer and reader share. [borrowed: static] */
const char *qs_model_flaw(const qs_model *model);

#endif
