/* What a bag remembers of the last item. Quotes are explained with the paragraph around them and all words of their utterance: without
 * this, a paragraph of many quotes would be taken apart anew for each. SPDX-License-Identifier: MIT */
#include "features/ngram.h"

uint32_t qs_bag_same_fields(const qs_bag *bag, const qs_item *item)
{
    uint32_t same = 0;
    if (!bag->has_kept)
        return 0;
    if (qs_str_equal(qs_buf_view(&bag->kept_text), item->field[QS_FIELD_TEXT]))
        same |= QS_TEXT_FIELDS;
    if (qs_str_equal(qs_buf_view(&bag->kept_context), item->field[QS_FIELD_CONTEXT]))
        same |= QS_CONTEXT_FIELDS;
    return same;
}

/* They are not in the hash set: n-grams of other fields have other hashes. */
qs_status qs_bag_recall(qs_bag *bag, uint32_t field, qs_error *err)
{
    const qs_bag_kept *kept = &bag->kept[field];
    const qs_status status = qs_grow(&bag->items, &bag->capacity, bag->count + kept->count, sizeof *bag->items, err);
    if (status != QS_OK)
        return status;
    if (kept->count > 0)
        memcpy(bag->items + bag->count, kept->items, kept->count * sizeof *kept->items);
    bag->block_start[field * 2 + 1] = bag->count + kept->words;
    bag->count += kept->count;
    bag->recalled++;
    return QS_OK;
}

static bool keep_field(qs_bag *bag, uint32_t field)
{
    qs_bag_kept *kept = &bag->kept[field];
    const size_t start = bag->block_start[field * 2];
    kept->count = bag->block_start[field * 2 + 2] - start;
    kept->words = bag->block_start[field * 2 + 1] - start;
    if (kept->count == 0)
        return true;
    if (qs_grow(&kept->items, &kept->capacity, kept->count, sizeof *kept->items, NULL) != QS_OK)
        return false;
    memcpy(kept->items, bag->items + start, kept->count * sizeof *kept->items);
    return true;
}

static bool keep_text(qs_buf *kept, qs_str text)
{
    qs_buf_clear(kept);
    qs_buf_add_str(kept, text);
    return !kept->failed;
}

void qs_bag_keep(qs_bag *bag, const qs_item *item, uint32_t fields, uint32_t same)
{
    bool done = true;
    for (uint32_t field = 0; field < QS_FIELDS; field++)
        if (((fields & ~same & (QS_TEXT_FIELDS | QS_CONTEXT_FIELDS)) >> field & 1) != 0)
            done = keep_field(bag, field) && done;
    if ((same & QS_TEXT_FIELDS) == 0)
        done = keep_text(&bag->kept_text, item->field[QS_FIELD_TEXT]) && done;
    if ((same & QS_CONTEXT_FIELDS) == 0)
        done = keep_text(&bag->kept_context, item->field[QS_FIELD_CONTEXT]) && done;
    bag->has_kept = done;
}

void qs_bag_forget(qs_bag *bag)
{
    qs_buf_free(&bag->kept_text);
    qs_buf_free(&bag->kept_context);
    for (uint32_t field = 0; field < QS_FIELDS; field++) {
        qs_free(bag->kept[field].items);
        bag->kept[field] = (qs_bag_kept){0};
    }
    bag->has_kept = false;
}
