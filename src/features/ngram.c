/* A text to the bag of its n-grams. SPDX-License-Identifier: MIT */
#include "features/ngram.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "features/slot.h"
#include "text/utf8.h"

#define NEGATED UINT64_C(0x7f4a7c159e3779b9) /* set apart the words in the scope of a negator */

static qs_status grow_slots(qs_bag *bag, qs_error *err)
{
    const size_t slot_count = bag->slot_count == 0 ? 1024 : bag->slot_count * 2;
    uint32_t *slots = qs_alloc_zero(slot_count, sizeof *slots);
    if (slots == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    if (bag->slot_count == 0)
        bag->slot_key = qs_slot_key();
    bag->slot_shift = qs_slot_shift(slot_count);
    for (size_t i = 0; i < bag->count; i++) {
        size_t slot = qs_slot_home(bag->slot_key, bag->slot_shift, bag->items[i].hash);
        while (slots[slot] != 0)
            slot = (slot + 1) & (slot_count - 1);
        slots[slot] = (uint32_t)i + 1;
    }
    qs_free(bag->slots);
    bag->slots = slots;
    bag->slot_count = slot_count;
    return QS_OK;
}

static qs_status count_ngram(qs_bag *bag, qs_ngram ngram, qs_error *err)
{
    if ((bag->count + 1) * 2 > bag->slot_count) {
        const qs_status status = grow_slots(bag, err);
        if (status != QS_OK)
            return status;
    }
    size_t slot = qs_slot_home(bag->slot_key, bag->slot_shift, ngram.hash);
    while (bag->slots[slot] != 0) {
        qs_ngram *known = &bag->items[bag->slots[slot] - 1];
        if (known->hash == ngram.hash) {
            known->count++;
            return QS_OK;
        }
        slot = (slot + 1) & (bag->slot_count - 1);
    }
    const qs_status status =
        qs_grow(&bag->items, &bag->capacity, bag->count + 1, sizeof *bag->items, err);
    if (status != QS_OK)
        return status;
    ngram.count = 1;
    bag->items[bag->count++] = ngram;
    bag->slots[slot] = (uint32_t)bag->count;
    return QS_OK;
}

static bool is_negator(qs_str word)
{
    static const char *const negators[] = {"not", "no", "never", "cannot", "neither", "nor", "none",
                                           "nobody", "nothing", "without", "hardly", "nowhere"};
    if (word.len > 3 && memcmp(word.ptr + word.len - 3, "n't", 3) == 0)
        return true;
    if (word.len == 0 || memchr("nchw", word.ptr[0], 4) == NULL) /* as they begin: most words do not */
        return false;
    for (size_t i = 0; i < sizeof negators / sizeof *negators; i++)
        if (qs_str_equal(word, qs_str_of(negators[i])))
            return true;
    return false;
}

static uint64_t hash_token(const qs_feature_spec *spec, qs_str word, qs_token_kind kind)
{
    if (kind == QS_TOKEN_ADDRESS && (spec->flags & QS_FEATURE_MASK_ADDRESSES) != 0)
        word = qs_str_of("http://");
    if (kind == QS_TOKEN_MENTION && (spec->flags & QS_FEATURE_MASK_MENTIONS) != 0)
        word = qs_str_of("@");
    return XXH3_64bits(word.ptr, word.len);
}

static qs_status find_tokens(qs_bag *bag, const qs_feature_spec *spec, qs_str text, qs_error *err)
{
    qs_token token;
    bool negated = false;
    bag->token_count = 0;
    for (size_t at = 0; qs_token_next(text, at, &token); at = token.end) {
        if (bag->token_count == bag->token_capacity || bag->token_count == bag->word_capacity) {
            const size_t need = bag->token_count + 1;
            qs_status status = qs_grow(&bag->tokens, &bag->token_capacity, need, sizeof *bag->tokens, err);
            if (status == QS_OK)
                status = qs_grow(&bag->words, &bag->word_capacity, need, sizeof *bag->words, err);
            if (status != QS_OK)
                return status;
        }
        const qs_str word = qs_str_slice(text, token.start, token.end);
        uint64_t hash = hash_token(spec, word, token.kind);
        if ((spec->flags & QS_FEATURE_NEGATION) != 0) {
            if (token.kind == QS_TOKEN_PUNCT)
                negated = false;
            else if (negated)
                hash ^= NEGATED;
            if (token.kind == QS_TOKEN_WORD && is_negator(word))
                negated = true;
        }
        bag->tokens[bag->token_count] = token;
        bag->words[bag->token_count++] = hash;
    }
    return QS_OK;
}

static qs_status add_words(qs_bag *bag, const qs_feature_spec *spec, uint32_t field, qs_error *err)
{
    const uint64_t salt = qs_ngram_salt(field * 2);
    uint32_t min, max;
    qs_word_lengths(spec, field, &min, &max);
    for (size_t i = 0; i < bag->token_count; i++) {
        uint64_t hash = salt;
        for (uint32_t n = 1; n <= max && i + n <= bag->token_count; n++) {
            hash = qs_ngram_extend(hash, bag->words[i + n - 1]);
            if (n < min)
                continue;
            const qs_ngram ngram = {.hash = qs_ngram_finish(hash, n), .start = bag->tokens[i].start,
                                    .end = bag->tokens[i + n - 1].end, .field = field};
            const qs_status status = count_ngram(bag, ngram, err);
            if (status != QS_OK)
                return status;
        }
    }
    return QS_OK;
}

static bool is_graphic(uint32_t c)
{
    if (c < 0x80)
        return c > 0x20 && c < 0x7f;
    const qs_char_class class = qs_char_class_of(c);
    return class != QS_CHAR_SPACE && class != QS_CHAR_OTHER;
}

static qs_status find_chars(qs_bag *bag, qs_str text, qs_error *err)
{
    qs_status status = qs_grow(&bag->chars, &bag->char_capacity, text.len + 2, sizeof *bag->chars, err);
    if (status == QS_OK)
        status = qs_grow(&bag->offsets, &bag->offset_capacity, text.len + 3, sizeof *bag->offsets, err);
    if (status != QS_OK)
        return status;
    size_t count = 0;
    bag->offsets[count] = 0;
    bag->chars[count++] = ' ';
    for (size_t at = 0; at < text.len;) {
        uint32_t c = (unsigned char)text.ptr[at];
        if (c > 0x20 && c < 0x7f) {
            bag->offsets[count] = (uint32_t)at++;
            bag->chars[count++] = c;
            continue;
        }
        const size_t length = qs_utf8_decode(text, at, &c);
        if (is_graphic(c) || bag->chars[count - 1] != ' ') {
            bag->offsets[count] = (uint32_t)at;
            bag->chars[count++] = is_graphic(c) ? c : ' ';
        }
        at += length;
    }
    bag->offsets[count] = (uint32_t)text.len;
    if (bag->chars[count - 1] != ' ')
        bag->chars[count++] = ' ';
    bag->offsets[count] = (uint32_t)text.len;
    bag->char_count = count == 1 ? 0 : count; /* nothing but spaces */
    return QS_OK;
}

static qs_status add_chars(qs_bag *bag, const qs_feature_spec *spec, uint32_t field, qs_error *err)
{
    const bool in_words = qs_chars_in_words(spec, field);
    const uint64_t salt = qs_ngram_salt(field * 2 + 1);
    for (size_t i = 0; i < bag->char_count; i++) {
        uint64_t hash = salt;
        for (uint32_t n = 1; n <= spec->char_max && i + n <= bag->char_count; n++) {
            const uint32_t c = bag->chars[i + n - 1];
            hash = qs_ngram_extend(hash, c);
            if (n >= spec->char_min) {
                const qs_ngram ngram = {.hash = qs_ngram_finish(hash, n), .start = bag->offsets[i],
                                        .end = bag->offsets[i + n], .field = field};
                const qs_status status = count_ngram(bag, ngram, err);
                if (status != QS_OK)
                    return status;
            }
            if (in_words && c == ' ' && n > 1)
                break;
        }
    }
    return QS_OK;
}

/* Forgets the last item in time proportional to it. */
static void clear(qs_bag *bag)
{
    if (bag->count * 8 > bag->slot_count && bag->slot_count > 0)
        memset(bag->slots, 0, bag->slot_count * sizeof *bag->slots);
    else
        for (size_t i = 0; i < bag->count; i++) {
            size_t slot = qs_slot_home(bag->slot_key, bag->slot_shift, bag->items[i].hash);
            while (bag->slots[slot] != 0) {
                bag->slots[slot] = 0;
                slot = (slot + 1) & (bag->slot_count - 1);
            }
        }
    bag->count = 0;
}

/* The normal form of a field: of its own text, or made from that of the text. */
static qs_status read_normal(qs_bag *bag, const qs_feature_spec *spec, uint32_t field, qs_str text, qs_error *err)
{
    const qs_str normal = qs_buf_view(&bag->normal[QS_FIELD_TEXT].out);
    qs_buf *out = &bag->normal[field].out;
    if (field == QS_FIELD_CLASSES)
        return qs_word_classes_rewrite(spec->classes, normal, out, err);
    if (field == QS_FIELD_PRESENCE)
        return qs_word_classes_presence(spec->classes, normal, out, err);
    if (field == QS_FIELD_CONTEXT_PRESENCE)
        return qs_word_classes_presence(spec->classes, qs_buf_view(&bag->normal[QS_FIELD_CONTEXT].out), out, err);
    if (field != QS_FIELD_PARTS)
        return qs_normalize(&bag->normal[field], text, err);
    qs_buf_clear(out);
    qs_buf_add_str(out, normal);
    return qs_buf_status(out, err);
}

qs_status qs_bag_read_field(qs_bag *bag, const qs_feature_spec *spec, uint32_t field, qs_str text,
                            qs_error *err)
{
    qs_status status = read_normal(bag, spec, field, text, err);
    const qs_str normal = qs_buf_view(&bag->normal[field].out);
    bag->token_count = 0;
    bag->char_count = 0;
    return status == QS_OK && spec->word_max > 0 && field != QS_FIELD_PARTS ? find_tokens(bag, spec, normal, err) : status;
}

qs_status qs_bag_read_chars(qs_bag *bag, const qs_feature_spec *spec, uint32_t field, qs_error *err)
{
    bag->char_count = 0;
    if (spec->char_max == 0 || qs_field_of_classes(field))
        return QS_OK;
    return find_chars(bag, qs_buf_view(&bag->normal[field].out), err);
}

static qs_status fill_field(qs_bag *bag, const qs_feature_spec *spec, uint32_t field, qs_str text,
                            qs_error *err)
{
    qs_status status = qs_bag_read_field(bag, spec, field, text, err);
    if (status == QS_OK && spec->word_max > 0)
        status = add_words(bag, spec, field, err);
    bag->block_start[field * 2 + 1] = bag->count;
    if (status == QS_OK)
        status = qs_bag_read_chars(bag, spec, field, err);
    if (status == QS_OK)
        status = add_chars(bag, spec, field, err);
    return status;
}

qs_status qs_bag_fill(qs_bag *bag, const qs_feature_spec *spec, const qs_item *item, qs_error *err)
{
    qs_status status = QS_OK;
    const uint32_t same = bag->keeps ? qs_bag_same_fields(bag, item) : 0;
    clear(bag);
    for (uint32_t field = 0; field < QS_FIELDS; field++) {
        const bool used = (spec->fields >> field & 1) != 0;
        bag->block_start[field * 2] = bag->count;
        bag->block_start[field * 2 + 1] = bag->count;
        if (used && status == QS_OK)
            status = (same >> field & 1) != 0 ? qs_bag_recall(bag, field, err)
                                              : fill_field(bag, spec, field, item->field[field], err);
        else
            qs_buf_clear(&bag->normal[field].out);
    }
    bag->block_start[QS_BLOCKS] = bag->count;
    bag->has_kept = false;
    if (bag->keeps && status == QS_OK)
        qs_bag_keep(bag, item, spec->fields, same);
    return status;
}

void qs_bag_free(qs_bag *bag)
{
    qs_free(bag->items);
    qs_free(bag->slots);
    qs_free(bag->words);
    qs_free(bag->tokens);
    qs_free(bag->chars);
    qs_free(bag->offsets);
    qs_bag_forget(bag);
    for (uint32_t field = 0; field < QS_FIELDS; field++)
        qs_normalizer_free(&bag->normal[field]);
    *bag = (qs_bag){0};
}

qs_str qs_bag_text(const qs_bag *bag, const qs_ngram *ngram)
{
    return qs_str_slice(qs_buf_view(&bag->normal[ngram->field].out), ngram->start, ngram->end);
}
