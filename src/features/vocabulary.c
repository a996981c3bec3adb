/* Looking up n-grams. SPDX-License-Identifier: MIT */
#include "features/vocabulary.h"

#include "features/slot.h"

qs_status qs_vocabulary_index(qs_vocabulary *v, qs_error *err)
{
    size_t slot_count = 64;
    while (slot_count * 2 < v->count * 3)
        slot_count *= 2;
    qs_free(v->slots);
    v->slots = qs_alloc_zero(slot_count, sizeof *v->slots);
    if (v->slots == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory for %zu n-grams", v->count);
    v->slot_count = slot_count;
    v->slot_key = qs_slot_key();
    v->slot_shift = qs_slot_shift(slot_count);
    for (size_t i = 0; i < v->count; i++) {
        size_t slot = qs_slot_home(v->slot_key, v->slot_shift, v->hashes[i]);
        while (v->slots[slot].place != 0)
            slot = (slot + 1) & (slot_count - 1);
        v->slots[slot] = (qs_vocabulary_slot){.hash = v->hashes[i], .place = (uint32_t)i + 1,
                                              .idf = v->idf == NULL ? 1.0f : v->idf[i]};
    }
    return QS_OK;
}

const qs_vocabulary_slot *qs_vocabulary_slot_of(const qs_vocabulary *v, uint64_t hash)
{
    if (v->slot_count == 0)
        return NULL;
    for (size_t slot = qs_slot_home(v->slot_key, v->slot_shift, hash); v->slots[slot].place != 0;
         slot = (slot + 1) & (v->slot_count - 1))
        if (v->slots[slot].hash == hash)
            return &v->slots[slot];
    return NULL;
}

void qs_vocabulary_expect(const qs_vocabulary *v, uint64_t hash)
{
    if (v->slot_count > 0)
        __builtin_prefetch(&v->slots[qs_slot_home(v->slot_key, v->slot_shift, hash)]);
}

bool qs_vocabulary_find(const qs_vocabulary *v, uint64_t hash, uint32_t *index)
{
    const qs_vocabulary_slot *slot = qs_vocabulary_slot_of(v, hash);
    if (slot != NULL)
        *index = slot->place - 1;
    return slot != NULL;
}

/* First readable forms, gathered in order of sight. */
typedef struct first_forms {
    uint64_t *start; /* [count] into text, or UINT64_MAX while unseen */
    uint32_t *length;
    qs_buf text;
} first_forms;

static qs_status gather(first_forms *forms, const qs_vocabulary *v, const qs_feature_spec *spec,
                        const qs_item *items, size_t count, qs_error *err)
{
    qs_bag bag = {0};
    qs_status status = QS_OK;
    for (size_t i = 0; i < count && status == QS_OK; i++) {
        status = qs_bag_fill(&bag, spec, &items[i], err);
        for (size_t k = 0; status == QS_OK && k < bag.count; k++) {
            uint32_t index = 0;
            if (!qs_vocabulary_find(v, bag.items[k].hash, &index) || forms->start[index] != UINT64_MAX)
                continue;
            qs_str text = qs_bag_text(&bag, &bag.items[k]);
            if (text.len > 255) {
                text.len = 255;
                while (text.len > 0 && ((unsigned char)text.ptr[text.len] & 0xc0) == 0x80)
                    text.len--; /* not in the middle of a character */
            }
            forms->start[index] = forms->text.len;
            forms->length[index] = (uint32_t)text.len;
            qs_buf_add_str(&forms->text, text);
        }
        if (status == QS_OK)
            status = qs_buf_status(&forms->text, err);
    }
    qs_bag_free(&bag);
    return status;
}

qs_status qs_vocabulary_add_text(qs_vocabulary *v, const qs_feature_spec *spec, const qs_item *items,
                                 size_t count, qs_error *err)
{
    first_forms forms = {.start = qs_alloc(v->count, sizeof *forms.start),
                         .length = qs_alloc_zero(v->count, sizeof *forms.length)};
    qs_status status = QS_OK;
    if (forms.start == NULL || forms.length == NULL) {
        status = qs_fail(err, QS_ENOMEM, "out of memory");
        goto done;
    }
    memset(forms.start, 0xff, v->count * sizeof *forms.start);
    status = gather(&forms, v, spec, items, count, err);
    if (status != QS_OK)
        goto done;
    v->text_starts = qs_alloc(v->count + 1, sizeof *v->text_starts);
    v->text = qs_alloc(forms.text.len, 1);
    if (v->text_starts == NULL || v->text == NULL) {
        status = qs_fail(err, QS_ENOMEM, "out of memory");
        goto done;
    }
    v->text_starts[0] = 0;
    for (size_t i = 0; i < v->count; i++) {
        if (forms.length[i] > 0)
            memcpy(v->text + v->text_starts[i], forms.text.ptr + forms.start[i], forms.length[i]);
        v->text_starts[i + 1] = v->text_starts[i] + forms.length[i];
    }
done:
    qs_free(forms.start);
    qs_free(forms.length);
    qs_buf_free(&forms.text);
    return status;
}

qs_str qs_vocabulary_text(const qs_vocabulary *v, uint32_t index)
{
    if (v->text_starts == NULL || index >= v->count)
        return qs_str_make(NULL, 0);
    return qs_str_make(v->text + v->text_starts[index],
                       (size_t)(v->text_starts[index + 1] - v->text_starts[index]));
}

void qs_vocabulary_free(qs_vocabulary *v)
{
    qs_free(v->hashes);
    qs_free(v->idf);
    qs_free(v->blocks);
    qs_free(v->text_starts);
    qs_free(v->text);
    qs_free(v->slots);
    *v = (qs_vocabulary){0};
}
