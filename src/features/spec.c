/* What turns a text into a vector. SPDX-License-Identifier: MIT */
#include "features/spec.h"

#define NGRAM_MAX 8u

qs_feature_spec qs_feature_spec_default(void)
{
    return (qs_feature_spec){.version = QS_FEATURES_VERSION, .word_min = 1, .word_max = 3,
                             .char_min = 2, .char_max = 5, .weighting = QS_WEIGHT_TFIDF,
                             .norm = QS_NORM_BLOCKS, .min_df = 2, .fields = 1u << QS_FIELD_TEXT,
                             .flags = QS_FEATURE_MASK_ADDRESSES};
}

static qs_status check_range(const char *what, uint32_t min, uint32_t max, qs_error *err)
{
    if ((min == 0) != (max == 0) || min > max || max > NGRAM_MAX)
        return qs_fail(err, QS_EUSAGE, "%s n-grams from %u to %u: need 1 <= from <= to <= %u, or none",
                       what, min, max, NGRAM_MAX);
    return QS_OK;
}

qs_status qs_feature_spec_check(const qs_feature_spec *spec, qs_error *err)
{
    qs_status status = check_range("word", spec->word_min, spec->word_max, err);
    if (status == QS_OK)
        status = check_range("character", spec->char_min, spec->char_max, err);
    if (status != QS_OK)
        return status;
    if (spec->version != QS_FEATURES_VERSION)
        return qs_fail(err, QS_EUSAGE, "features of version %u, this program has %u", spec->version,
                       QS_FEATURES_VERSION);
    if (spec->word_max == 0 && spec->char_max == 0)
        return qs_fail(err, QS_EUSAGE, "neither word nor character n-grams");
    if (spec->weighting > QS_WEIGHT_TFIDF || spec->norm > QS_NORM_BLOCKS)
        return qs_fail(err, QS_EUSAGE, "unknown weighting or norm");
    if (spec->min_df == 0)
        return qs_fail(err, QS_EUSAGE, "min_df must be at least 1");
    if (spec->fields == 0 || spec->fields >> QS_FIELDS != 0 || (spec->flags & ~QS_FEATURES_KNOWN) != 0)
        return qs_fail(err, QS_EUSAGE, "unknown fields or flags");
    if ((spec->fields >> QS_FIELD_CLASSES & 1) != 0 &&
        ((spec->fields >> QS_FIELD_TEXT & 1) == 0 || spec->word_max == 0))
        return qs_fail(err, QS_EUSAGE, "word classes need the text and word n-grams");
    if ((spec->fields >> QS_FIELD_PARTS & 1) != 0 &&
        ((spec->fields >> QS_FIELD_TEXT & 1) == 0 || spec->char_max == 0))
        return qs_fail(err, QS_EUSAGE, "parts of words need the text and character n-grams");
    if ((spec->fields & QS_PRESENCE_FIELDS) != 0 && (spec->fields >> QS_FIELD_CLASSES & 1) == 0)
        return qs_fail(err, QS_EUSAGE, "the presence of word classes needs word classes");
    if ((spec->fields >> QS_FIELD_CONTEXT_PRESENCE & 1) != 0 && (spec->fields >> QS_FIELD_CONTEXT & 1) == 0)
        return qs_fail(err, QS_EUSAGE, "the presence of word classes in the context needs the context");
    return QS_OK;
}

void qs_feature_spec_to_words(const qs_feature_spec *spec, uint32_t words[QS_FEATURE_SPEC_WORDS])
{
    const uint32_t values[QS_FEATURE_SPEC_WORDS] = {
        spec->version,  spec->word_min, spec->word_max, spec->char_min, spec->char_max,
        spec->weighting, spec->norm,    spec->min_df,   spec->fields,   spec->flags};
    memcpy(words, values, sizeof values);
}

qs_status qs_feature_spec_from_words(qs_feature_spec *spec,
                                     const uint32_t words[QS_FEATURE_SPEC_WORDS], qs_error *err)
{
    *spec = (qs_feature_spec){.version = words[0], .word_min = words[1], .word_max = words[2],
                              .char_min = words[3], .char_max = words[4], .weighting = words[5],
                              .norm = words[6], .min_df = words[7], .fields = words[8],
                              .flags = words[9]};
    if (qs_feature_spec_check(spec, err) != QS_OK) {
        if (err != NULL)
            err->status = QS_EMODEL;
        return QS_EMODEL;
    }
    return QS_OK;
}
