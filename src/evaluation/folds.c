/* Dealing items into folds. SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "base/map.h"
#include "base/rng.h"
#include "quotestance/evaluation.h"

/* A group of items that stay together: its label counts as one run of `cells`. */
typedef struct unit {
    size_t first_item; /* run in `members` */
    size_t items;
    uint32_t rank; /* place after shuffling */
    uint32_t number;
} unit;

typedef struct dealer {
    uint32_t *label;   /* by item */
    uint32_t *unit_of; /* by item */
    uint32_t *members; /* items, unit by unit */
    unit *units;
    size_t unit_count;
    uint32_t label_count;
    uint64_t *label_total;
    uint64_t *load; /* fold_count x label_count */
    uint64_t *fold_items;
    uint32_t fold_count;
} dealer;

static int larger_first(const void *a, const void *b)
{
    const unit *x = a, *y = b;
    if (x->items != y->items)
        return x->items > y->items ? -1 : 1;
    return x->rank < y->rank ? -1 : x->rank > y->rank;
}

/* Numbers labels and units in order of first sight. */
static qs_status number_items(dealer *deal, const qs_str *labels, const qs_str *groups, size_t count,
                              qs_error *err)
{
    qs_map label_map = {0}, group_map = {0};
    uint32_t *group_unit = NULL;
    qs_status status = QS_OK;
    group_unit = qs_alloc(count, sizeof *group_unit);
    if (group_unit == NULL) {
        status = qs_fail(err, QS_ENOMEM, "out of memory");
        goto done;
    }
    for (size_t i = 0; i < count && status == QS_OK; i++) {
        status = qs_map_intern(&label_map, labels[i], &deal->label[i], err);
        if (status != QS_OK)
            break;
        if (groups == NULL || groups[i].ptr == NULL) {
            deal->unit_of[i] = (uint32_t)deal->unit_count++;
            continue;
        }
        uint32_t group = 0;
        const size_t known = group_map.count;
        status = qs_map_intern(&group_map, groups[i], &group, err);
        if (status == QS_OK && group == known)
            group_unit[group] = (uint32_t)deal->unit_count++;
        deal->unit_of[i] = status == QS_OK ? group_unit[group] : 0;
    }
    deal->label_count = (uint32_t)label_map.count;
done:
    qs_map_free(&label_map);
    qs_map_free(&group_map);
    qs_free(group_unit);
    return status;
}

static qs_status gather_units(dealer *deal, size_t count, uint64_t seed, qs_error *err)
{
    qs_rng rng = qs_rng_make(seed);
    uint32_t *ranks = qs_alloc(deal->unit_count, sizeof *ranks);
    deal->units = qs_alloc_zero(deal->unit_count, sizeof *deal->units);
    deal->label_total = qs_alloc_zero(deal->label_count, sizeof *deal->label_total);
    deal->load = qs_alloc_zero((size_t)deal->label_count * deal->fold_count, sizeof *deal->load);
    deal->fold_items = qs_alloc_zero(deal->fold_count, sizeof *deal->fold_items);
    if (ranks == NULL || deal->units == NULL || deal->label_total == NULL || deal->load == NULL ||
        deal->fold_items == NULL) {
        qs_free(ranks);
        return qs_fail(err, QS_ENOMEM, "out of memory");
    }
    for (size_t i = 0; i < count; i++) {
        deal->units[deal->unit_of[i]].items++;
        deal->label_total[deal->label[i]]++;
    }
    size_t next = 0;
    for (size_t u = 0; u < deal->unit_count; u++) {
        ranks[u] = (uint32_t)u;
        deal->units[u].number = (uint32_t)u;
        deal->units[u].first_item = next;
        next += deal->units[u].items;
        deal->units[u].items = 0;
    }
    for (size_t i = 0; i < count; i++) {
        unit *owner = &deal->units[deal->unit_of[i]];
        deal->members[owner->first_item + owner->items++] = (uint32_t)i;
    }
    qs_rng_shuffle(&rng, ranks, deal->unit_count);
    for (size_t u = 0; u < deal->unit_count; u++)
        deal->units[u].rank = ranks[u];
    qs_free(ranks);
    qsort(deal->units, deal->unit_count, sizeof *deal->units, larger_first);
    return QS_OK;
}

/* How uneven the fold's labels would become: the growth of the sum over labels of (share of the label)^2.
 * Adding items one at a time gives the same sum as adding them together. */
static double cost(dealer *deal, const unit *item_group, uint32_t fold)
{
    uint64_t *load = deal->load + (size_t)fold * deal->label_count;
    double growth = 0;
    for (size_t i = 0; i < item_group->items; i++) {
        const uint32_t label = deal->label[deal->members[item_group->first_item + i]];
        const double total = (double)deal->label_total[label];
        growth += (2 * (double)load[label] + 1) / (total * total);
        load[label]++;
    }
    for (size_t i = 0; i < item_group->items; i++)
        load[deal->label[deal->members[item_group->first_item + i]]]--;
    return growth;
}

static void deal_unit(dealer *deal, const unit *item_group, uint32_t *folds)
{
    uint32_t best = 0;
    double best_cost = 0;
    for (uint32_t fold = 0; fold < deal->fold_count; fold++) {
        const double growth = cost(deal, item_group, fold);
        if (fold == 0 || growth < best_cost ||
            (growth == best_cost && deal->fold_items[fold] < deal->fold_items[best])) {
            best = fold;
            best_cost = growth;
        }
    }
    deal->fold_items[best] += item_group->items;
    for (size_t i = 0; i < item_group->items; i++) {
        const uint32_t item = deal->members[item_group->first_item + i];
        deal->load[(size_t)best * deal->label_count + deal->label[item]]++;
        folds[item] = best;
    }
}

qs_status qs_folds_assign(uint32_t *folds, const qs_str *labels, const qs_str *groups, size_t count,
                          uint32_t fold_count, uint64_t seed, qs_error *err)
{
    dealer deal = {.fold_count = fold_count};
    qs_status status = QS_OK;
    if (fold_count < 2 || fold_count > count || count >= UINT32_MAX)
        return qs_fail(err, QS_EUSAGE, "cannot make %u folds of %zu items", fold_count, count);
    deal.label = qs_alloc(count, sizeof *deal.label);
    deal.unit_of = qs_alloc(count, sizeof *deal.unit_of);
    deal.members = qs_alloc(count, sizeof *deal.members);
    if (deal.label == NULL || deal.unit_of == NULL || deal.members == NULL) {
        status = qs_fail(err, QS_ENOMEM, "out of memory");
        goto done;
    }
    status = number_items(&deal, labels, groups, count, err);
    if (status == QS_OK && deal.unit_count < fold_count)
        status = qs_fail(err, QS_EUSAGE, "cannot make %u folds of %zu groups", fold_count, deal.unit_count);
    if (status == QS_OK)
        status = gather_units(&deal, count, seed, err);
    for (size_t u = 0; u < deal.unit_count && status == QS_OK; u++)
        deal_unit(&deal, &deal.units[u], folds);
done:
    qs_free(deal.label);
    qs_free(deal.unit_of);
    qs_free(deal.members);
    qs_free(deal.units);
    qs_free(deal.label_total);
    qs_free(deal.load);
    qs_free(deal.fold_items);
    return status;
}
