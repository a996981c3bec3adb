/* What is wrong with a corpus: rows against rows. SPDX-License-Identifier: MIT */
#include "pipeline/corpus_report.h"

qs_status qs_row_index_look_up(qs_row_index *index, qs_str key, uint32_t row, uint32_t *first, qs_error *err)
{
    uint32_t number = 0;
    const size_t before = index->map.count;
    qs_status status = qs_map_intern(&index->map, key, &number, err);
    if (status == QS_OK && number == before) {
        status = qs_grow(&index->first, &index->capacity, before + 1, sizeof *index->first, err);
        if (status == QS_OK)
            index->first[number] = row;
    }
    if (status == QS_OK)
        *first = index->first[number];
    return status;
}

void qs_row_index_free(qs_row_index *index)
{
    qs_map_free(&index->map);
    qs_free(index->first);
}

qs_status qs_corpus_check_ids(qs_corpus_report *report, qs_error *err)
{
    const qs_corpus *corpus = &report->corpus;
    qs_row_index index = {0};
    qs_status status = QS_OK;
    for (uint32_t i = 0; i < corpus->count && status == QS_OK; i++) {
        const qs_corpus_row *row = &corpus->rows[i];
        uint32_t first = i;
        if (row->against || row->id.len == 0)
            continue;
        status = qs_row_index_look_up(&index, row->id, i, &first, err);
        if (status == QS_OK && first != i)
            status = qs_corpus_report_add(
                report, qs_finding_at_row(report, QS_FINDING_DUPLICATE_ID, row, &corpus->rows[first]), err,
                "id '%.*s' stands again", qs_corpus_shown(row->id), row->id.ptr);
    }
    qs_row_index_free(&index);
    return status;
}

/* The kind of a finding about two rows with the same or nearly the same text. */
static qs_finding_kind kind_of_pair(const qs_corpus_row *row, const qs_corpus_row *other, bool same)
{
    if (row->against != other->against)
        return QS_FINDING_OVERLAP;
    if (!qs_str_equal(row->split, other->split))
        return QS_FINDING_LEAKAGE;
    if (!same)
        return QS_FINDING_NEAR_DUPLICATE;
    return row->has_label && other->has_label && !qs_str_equal(row->label, other->label) ? QS_FINDING_CONFLICT
                                                                                         : QS_FINDING_DUPLICATE;
}

static qs_status report_pair(qs_corpus_report *report, const qs_corpus_row *row, const qs_corpus_row *other,
                             double similarity, qs_error *err)
{
    if (row->against && other->against)
        return QS_OK;
    if (row->against) {
        const qs_corpus_row *swap = row;
        row = other;
        other = swap;
    }
    qs_finding finding = qs_finding_at_row(report, kind_of_pair(row, other, similarity >= 1), row, other);
    finding.similarity = similarity;
    if (finding.kind == QS_FINDING_CONFLICT)
        return qs_corpus_report_add(report, finding, err, "label '%.*s', but '%.*s' there: '%.*s'",
                                    qs_corpus_shown(row->label), row->label.ptr, qs_corpus_shown(other->label),
                                    other->label.ptr, qs_corpus_shown(row->text), row->text.ptr);
    if (finding.kind == QS_FINDING_LEAKAGE)
        return qs_corpus_report_add(report, finding, err, "in split '%.*s', but also in '%.*s': '%.*s'",
                                    qs_corpus_shown(row->split), row->split.ptr, qs_corpus_shown(other->split),
                                    other->split.ptr, qs_corpus_shown(row->text), row->text.ptr);
    return qs_corpus_report_add(report, finding, err, "'%.*s'", qs_corpus_shown(row->text), row->text.ptr);
}

/* Same texts by look-up; *distinct gets the first row of each text, for the search for near ones. */
static qs_status check_same(qs_corpus_report *report, uint32_t *distinct, size_t *distinct_count, qs_error *err)
{
    const qs_corpus *corpus = &report->corpus;
    qs_row_index index = {0};
    qs_buf key = {0};
    qs_status status = QS_OK;
    for (uint32_t i = 0; i < corpus->count && status == QS_OK; i++) {
        const qs_corpus_row *row = &corpus->rows[i];
        uint32_t first = i;
        qs_buf_clear(&key);
        qs_buf_add_str(&key, row->target);
        qs_buf_add_char(&key, '\0');
        qs_buf_add_str(&key, row->key);
        status = qs_buf_status(&key, err);
        if (status == QS_OK)
            status = qs_row_index_look_up(&index, qs_buf_view(&key), i, &first, err);
        if (status == QS_OK && first == i)
            distinct[(*distinct_count)++] = i;
        else if (status == QS_OK)
            status = report_pair(report, row, &corpus->rows[first], 1, err);
    }
    qs_buf_free(&key);
    qs_row_index_free(&index);
    return status;
}

/* Each row is reported once, with the nearest row before it. */
static qs_status check_near(qs_corpus_report *report, const uint32_t *distinct, size_t count,
                            const qs_corpus_options *options, qs_error *err)
{
    const qs_corpus *corpus = &report->corpus;
    qs_near_pairs pairs = {0};
    qs_str *keys = qs_alloc(count, sizeof *keys);
    if (keys == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    for (size_t i = 0; i < count; i++)
        keys[i] = corpus->rows[distinct[i]].key;
    qs_status status = qs_near_find(&pairs, keys, count, options->near, options->jobs, err);
    for (size_t i = 0; i < pairs.count && status == QS_OK;) {
        const qs_near_pair *best = NULL;
        const uint32_t row = pairs.items[i].b;
        for (; i < pairs.count && pairs.items[i].b == row; i++) {
            const qs_near_pair *pair = &pairs.items[i];
            if (qs_str_equal(corpus->rows[distinct[pair->a]].target, corpus->rows[distinct[row]].target) &&
                (best == NULL || pair->similarity > best->similarity))
                best = pair;
        }
        if (best != NULL)
            status = report_pair(report, &corpus->rows[distinct[row]], &corpus->rows[distinct[best->a]],
                                 best->similarity < 1 ? best->similarity : 0.9999, err);
    }
    qs_free(pairs.items);
    qs_free(keys);
    return status;
}

qs_status qs_corpus_check_texts(qs_corpus_report *report, const qs_corpus_options *options, qs_error *err)
{
    size_t count = 0;
    uint32_t *distinct = qs_alloc(report->corpus.count, sizeof *distinct);
    if (distinct == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    qs_status status = check_same(report, distinct, &count, err);
    if (status == QS_OK)
        status = check_near(report, distinct, count, options, err);
    qs_free(distinct);
    return status;
}

/* A group must stay within one split. */
qs_status qs_corpus_check_groups(qs_corpus_report *report, qs_error *err)
{
    const qs_corpus *corpus = &report->corpus;
    qs_row_index groups = {0}, told = {0};
    qs_buf key = {0};
    qs_status status = QS_OK;
    for (uint32_t i = 0; i < corpus->count && status == QS_OK; i++) {
        const qs_corpus_row *row = &corpus->rows[i];
        uint32_t first = i, told_first = i;
        if (row->against || row->group.len == 0)
            continue;
        status = qs_row_index_look_up(&groups, row->group, i, &first, err);
        if (status != QS_OK || qs_str_equal(corpus->rows[first].split, row->split))
            continue;
        qs_buf_clear(&key);
        qs_buf_add_str(&key, row->split);
        qs_buf_add_char(&key, '\0');
        qs_buf_add_str(&key, row->group);
        status = qs_buf_status(&key, err);
        if (status == QS_OK)
            status = qs_row_index_look_up(&told, qs_buf_view(&key), i, &told_first, err);
        if (status == QS_OK && told_first == i)
            status = qs_corpus_report_add(
                report, qs_finding_at_row(report, QS_FINDING_GROUP_LEAKAGE, row, &corpus->rows[first]), err,
                "group '%.*s' stands in split '%.*s' and in '%.*s'", qs_corpus_shown(row->group), row->group.ptr,
                qs_corpus_shown(row->split), row->split.ptr, qs_corpus_shown(corpus->rows[first].split),
                corpus->rows[first].split.ptr);
    }
    qs_buf_free(&key);
    qs_row_index_free(&groups);
    qs_row_index_free(&told);
    return status;
}
