/* Quotes without words of attribution: whose they are, and which belong to one utterance.
 * SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "quotes/record.h"
#include "text/utf8.h"

static bool has_source(const qs_record *r)
{
    return r->source.end > r->source.start;
}

/* The record that holds the source that r has or shares; QS_NONE if there is none. */
static size_t source_holder(const qs_records *records, size_t index)
{
    const qs_record *r = &records->items[index];
    return has_source(r) ? index : r->speaker_of; /* which has one, see share() */
}

static int by_place(const void *a, const void *b)
{
    const qs_record *x = a;
    const qs_record *y = b;
    if (x->content.start != y->content.start)
        return x->content.start < y->content.start ? -1 : 1;
    if (x->content.end != y->content.end)
        return x->content.end > y->content.end ? -1 : 1;
    return (x->cue.start > y->cue.start) - (x->cue.start < y->cue.start);
}

static void share(qs_records *records, size_t index, size_t with, const char *pattern, double confidence,
                  bool same_utterance)
{
    qs_record *r = &records->items[index];
    const size_t holder = source_holder(records, with);
    if (holder == QS_NONE)
        return;
    r->speaker_of = holder;
    r->pattern = pattern;
    r->confidence = confidence;
    r->flags |= QS_FLAG_FLOATING;
    if (same_utterance)
        r->group = records->items[with].group;
}

/* The quote that this one goes on from, over a paragraph break. */
static size_t continued_from(const qs_records *records, const qs_scan *scan, const qs_record *r)
{
    if (r->last_part == 0)
        return QS_NONE;
    const qs_part *part = &scan->parts[r->first_part];
    return part->continues == QS_NONE ? QS_NONE : records->of_part[part->continues];
}

/* "Who goes there?" and then "A friend," replied Ono: two speakers, though the first mark was not closed. */
static bool is_answered(const qs_records *records, const qs_scan *scan, size_t from, const qs_record *r)
{
    const qs_record *before = &records->items[from];
    if (has_source(before) || before->speaker_of != QS_NONE || r->lemma == NULL)
        return false;
    const bool answer = strcmp(r->lemma, "reply") == 0 || strcmp(r->lemma, "answer") == 0 ||
                        strcmp(r->lemma, "respond") == 0 || strcmp(r->lemma, "retort") == 0;
    return answer && qs_part_last_char(scan, &scan->parts[before->last_part - 1]) == '?';
}

static void link_continuation(qs_records *records, const qs_scan *scan, size_t index)
{
    qs_record *r = &records->items[index];
    const size_t from = continued_from(records, scan, r);
    if (from >= index) /* none */
        return;
    qs_record *before = &records->items[from];
    if (is_answered(records, scan, from, r)) {
        before->flags |= QS_FLAG_QUESTION | QS_FLAG_MISSING_CLOSE;
        before->flags &= ~(unsigned)QS_FLAG_CONTINUED;
        return;
    }
    r->continues = from;
    r->group = before->group;
    if (!has_source(r))
        share(records, index, from, "Q continued", scan->parts[r->first_part].weak_link ? 0.85 : 0.95, true);
}

/* `"Q1," S V. "Q2"` in one paragraph, and a paragraph that is a quote after one that has a speaker. */
static void link_floating(qs_records *records, const qs_scan *scan, size_t index, size_t before)
{
    qs_record *r = &records->items[index];
    if (has_source(r) || r->speaker_of != QS_NONE)
        return;
    const bool beside = before != QS_NONE && records->items[before].paragraph == r->paragraph;
    if (r->type == QS_QUOTE_MIXED && r->fallback.end > r->fallback.start) {
        if (beside && source_holder(records, before) != QS_NONE) {
            share(records, index, before, "Q in the same paragraph", 0.5, false);
        } else {
            r->source = r->fallback;
            r->pattern = "S ... Q";
            r->confidence = 0.45;
        }
        return;
    }
    if (r->type == QS_QUOTE_MIXED && beside)
        share(records, index, before, "Q in the same paragraph", 0.5, false); /* `But "Q"` */
    if (r->type != QS_QUOTE_DIRECT || before == QS_NONE)
        return;
    const qs_record *b = &records->items[before];
    if (beside) {
        share(records, index, before, "Q1, S V. Q2", 0.9, b->type == QS_QUOTE_DIRECT);
        return;
    }
    const qs_paragraph p = qs_article_paragraph(scan->article, r->paragraph);
    const qs_paragraph q = qs_article_paragraph(scan->article, b->paragraph);
    const bool whole = r->content.start == p.start;
    if (whole && b->paragraph + 1 == r->paragraph && q.zone == QS_ZONE_BODY && p.zone == QS_ZONE_BODY)
        share(records, index, before, "floating Q", 0.7, false);
}

/* Sorts, keeps of_part right, drops repeats and sets what is nested in what. */
static void order(qs_records *records, const qs_scan *scan)
{
    if (records->count > 1)
        qsort(records->items, records->count, sizeof *records->items, by_place);
    for (size_t i = 0; i < scan->part_count; i++)
        records->of_part[i] = QS_NONE;
    size_t kept = 0;
    for (size_t i = 0; i < records->count; i++) {
        const qs_record *r = &records->items[i];
        if (kept > 0 && records->items[kept - 1].content.start == r->content.start &&
            records->items[kept - 1].content.end == r->content.end)
            continue;
        records->items[kept++] = *r;
    }
    records->count = kept;
    size_t stack[16];
    size_t depth = 0;
    for (size_t i = 0; i < records->count; i++) {
        qs_record *r = &records->items[i];
        while (depth > 0 && records->items[stack[depth - 1]].content.end < r->content.end)
            depth--;
        if (depth > 0)
            r->nested_in = stack[depth - 1];
        if (depth < 16)
            stack[depth++] = i;
        r->group = i;
        for (size_t k = r->first_part; k < r->last_part; k++)
            if (records->of_part[k] == QS_NONE)
                records->of_part[k] = i;
    }
}

/* The share of quotes whose content and speaker are both right, by type, pattern and whether the verb is "say", as measured on
 * a training corpus of news (content right: intersection over union at least 0.8). NULL: any; the first row that fits. */
static const struct {
    qs_quote_type type;
    const char *pattern;
    const char *lemma;
    double share;
} calibration[] = {
    {QS_QUOTE_DIRECT, "Q, S V", NULL, 0.98},
    {QS_QUOTE_DIRECT, "Q, V S", NULL, 0.98},
    {QS_QUOTE_DIRECT, "Q1, S V. Q2", NULL, 0.92},
    {QS_QUOTE_DIRECT, "Q, S V, Q", "say", 0.92},
    {QS_QUOTE_DIRECT, "Q, S V, Q", NULL, 0.86},
    {QS_QUOTE_DIRECT, "S V Q", "say", 0.89},
    {QS_QUOTE_DIRECT, "S V Q", NULL, 0.79},
    {QS_QUOTE_DIRECT, "S V: Q", NULL, 0.77},
    {QS_QUOTE_DIRECT, "floating Q", NULL, 0.7},
    {QS_QUOTE_DIRECT, "Q continued", NULL, 0.55},
    {QS_QUOTE_DIRECT, NULL, NULL, 0.75},
    {QS_QUOTE_MIXED, "Q, V S", "say", 0.9},
    {QS_QUOTE_MIXED, "Q, S V", "say", 0.83},
    {QS_QUOTE_MIXED, "Q, S V", NULL, 0.6},
    {QS_QUOTE_MIXED, "Q, S V, Q", "say", 0.84},
    {QS_QUOTE_MIXED, "Q, S V, Q", NULL, 0.56},
    {QS_QUOTE_MIXED, "Q, according to S", NULL, 0.74},
    {QS_QUOTE_MIXED, "S V that Q", "say", 0.81},
    {QS_QUOTE_MIXED, "S V that Q", NULL, 0.75},
    {QS_QUOTE_MIXED, "S V Q", "say", 0.82},
    {QS_QUOTE_MIXED, "S V Q", NULL, 0.56},
    {QS_QUOTE_MIXED, "Q in the same paragraph", NULL, 0.26},
    {QS_QUOTE_MIXED, "S ... Q", NULL, 0.29},
    {QS_QUOTE_MIXED, NULL, NULL, 0.5},
    {QS_QUOTE_INDIRECT, "Q, V S", "say", 0.92},
    {QS_QUOTE_INDIRECT, "Q, S V", "say", 0.89},
    {QS_QUOTE_INDIRECT, "Q, S V, Q", NULL, 0.87},
    {QS_QUOTE_INDIRECT, "S V that Q", "say", 0.79},
    {QS_QUOTE_INDIRECT, "S V that Q", NULL, 0.65},
    {QS_QUOTE_INDIRECT, "S V O", NULL, 0.68},
    {QS_QUOTE_INDIRECT, NULL, NULL, 0.75},
    {QS_QUOTE_SCARE, NULL, NULL, 0.3},
};

/* The same for a mixed or indirect quote inside another, and for one whose speaker nobody is. */
static const double nested_share = 0.29;
static const double nobody_share = 0.05;

static double calibrated(const qs_record *r)
{
    if (r->nested_in != QS_NONE && r->type != QS_QUOTE_DIRECT)
        return nested_share;
    const bool say = r->lemma != NULL && strcmp(r->lemma, "say") == 0;
    size_t i = 0; /* the last row of a type fits all of it */
    while (calibration[i].type != r->type || (calibration[i].lemma != NULL && !say) ||
           (calibration[i].pattern != NULL && strcmp(calibration[i].pattern, r->pattern) != 0))
        i++;
    return calibration[i].share;
}

void qs_records_link(qs_records *records, const qs_scan *scan)
{
    order(records, scan);
    size_t before = QS_NONE;
    for (size_t i = 0; i < records->count; i++) {
        link_continuation(records, scan, i);
        link_floating(records, scan, i, before);
        const qs_record *r = &records->items[i];
        if (r->type != QS_QUOTE_SCARE && r->nested_in == QS_NONE)
            before = i;
    }
    /* backwards: a quote whose speaker is named only later */
    for (size_t i = records->count; i > 0; i--) {
        qs_record *r = &records->items[i - 1];
        if (r->continues != QS_NONE && source_holder(records, r->continues) == QS_NONE)
            share(records, r->continues, i - 1, "Q continued", 0.9, false);
        if (i < records->count && r->type == QS_QUOTE_DIRECT && !has_source(r) && r->speaker_of == QS_NONE) {
            const qs_record *next = &records->items[i];
            if (next->paragraph == r->paragraph && next->type == QS_QUOTE_DIRECT)
                share(records, i - 1, i, "Q1. Q2, S V", 0.85, false);
        }
        const bool nobody = source_holder(records, i - 1) == QS_NONE;
        r->confidence = (nobody ? nobody_share : calibrated(r)) *
                        ((r->flags & (QS_FLAG_MISSING_CLOSE | QS_FLAG_QUESTION)) != 0 ? 0.8 : 1.0);
    }
}
