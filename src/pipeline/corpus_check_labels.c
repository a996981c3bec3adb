/* What is wrong with a corpus: its labels. SPDX-License-Identifier: MIT */
#include "pipeline/corpus_report.h"
#include "text/utf8.h"

#define CHECK_RARE 10  /* rows under which a label is rare, ... */
#define CHECK_MANY 200 /* ...if the corpus has this many */

/* Labels that mean the same under other names. */
static const char *const synonyms[][7] = {
    {"favor", "favour", "pro", "support", "for", "infavor", "infavour"},
    {"against", "con", "anti", "oppose", "opposed", NULL, NULL},
    {"none", "neither", "nostance", "nostand", NULL, NULL, NULL},
    {"positive", "pos", NULL, NULL, NULL, NULL, NULL},
    {"negative", "neg", NULL, NULL, NULL, NULL, NULL},
    {"neutral", "neu", NULL, NULL, NULL, NULL, NULL},
};

/* What is left of a label without case, space and punctuation, and under its first name. */
static void label_root(qs_buf *out, qs_str label)
{
    const size_t start = out->len;
    for (size_t at = 0; at < label.len;) {
        uint32_t c = 0;
        char bytes[4];
        at += qs_utf8_decode(label, at, &c);
        if (qs_char_is_word(c))
            qs_buf_add(out, bytes, qs_utf8_encode(qs_char_lower(c), bytes));
    }
    if (out->len == start) { /* "+" and "-" are labels too */
        qs_buf_add_str(out, label);
        return;
    }
    const qs_str root = qs_str_make(out->ptr + start, out->len - start);
    for (size_t i = 0; i < sizeof synonyms / sizeof *synonyms; i++)
        for (size_t j = 1; j < 7 && synonyms[i][j] != NULL; j++)
            if (qs_str_equal(root, qs_str_of(synonyms[i][j]))) {
                out->len = start;
                qs_buf_add_text(out, synonyms[i][0]);
                return;
            }
}

typedef struct label_count {
    size_t rows;
    uint32_t first;
} label_count;

/* Counts the labels of the checked rows; label numbers are those of the map. */
static qs_status count_labels(const qs_corpus *corpus, qs_map *map, label_count **counts, qs_error *err)
{
    size_t capacity = 0;
    qs_status status = QS_OK;
    for (uint32_t i = 0; i < corpus->count && status == QS_OK; i++) {
        const qs_corpus_row *row = &corpus->rows[i];
        uint32_t number = 0;
        const size_t before = map->count;
        if (row->against || !row->has_label)
            continue;
        status = qs_map_intern(map, row->label, &number, err);
        if (status == QS_OK)
            status = qs_grow(counts, &capacity, map->count, sizeof **counts, err);
        if (status != QS_OK)
            break;
        if (number == before)
            (*counts)[number] = (label_count){0, i};
        (*counts)[number].rows++;
    }
    return status;
}

static qs_status check_label(qs_corpus_report *report, const qs_map *labels, const label_count *counts,
                             uint32_t number, qs_row_index *roots, qs_buf *root, qs_error *err)
{
    const qs_corpus_row *row = &report->corpus.rows[counts[number].first];
    uint32_t first = number;
    qs_buf_clear(root);
    label_root(root, labels->keys[number]);
    qs_status status = qs_buf_status(root, err);
    if (status == QS_OK)
        status = qs_row_index_look_up(roots, qs_buf_view(root), number, &first, err);
    if (status == QS_OK && first != number) {
        const qs_corpus_row *other = &report->corpus.rows[counts[first].first];
        status = qs_corpus_report_add(report, qs_finding_at_row(report, QS_FINDING_LABEL_SPELLING, row, other), err,
                                      "label '%.*s' (%zu rows) beside '%.*s' (%zu rows)", qs_corpus_shown(row->label),
                                      row->label.ptr, counts[number].rows, qs_corpus_shown(other->label),
                                      other->label.ptr, counts[first].rows);
    }
    if (status == QS_OK && counts[number].rows < CHECK_RARE && report->corpus.count >= CHECK_MANY)
        status = qs_corpus_report_add(report, qs_finding_at_row(report, QS_FINDING_RARE_LABEL, row, NULL), err,
                                      "label '%.*s' has %zu rows", qs_corpus_shown(row->label), row->label.ptr,
                                      counts[number].rows);
    return status;
}

qs_status qs_corpus_check_labels(qs_corpus_report *report, qs_error *err)
{
    qs_map labels = {0};
    label_count *counts = NULL;
    qs_row_index roots = {0};
    qs_buf root = {0};
    qs_status status = count_labels(&report->corpus, &labels, &counts, err);
    for (uint32_t i = 0; i < labels.count && status == QS_OK; i++)
        status = check_label(report, &labels, counts, i, &roots, &root, err);
    qs_buf_free(&root);
    qs_row_index_free(&roots);
    qs_map_free(&labels);
    qs_free(counts);
    return status;
}
