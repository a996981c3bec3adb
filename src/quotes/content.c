/* From reports to what was said: the quotes that come of each report. SPDX-License-Identifier: MIT */
#include "quotes/reach.h"

qs_status qs_records_add(qs_records *records, const qs_record *record, qs_error *err)
{
    const qs_status status =
        qs_grow(&records->items, &records->capacity, records->count + 1, sizeof(qs_record), err);
    if (status != QS_OK)
        return status;
    records->items[records->count++] = *record;
    return QS_OK;
}

static unsigned part_flags(const qs_part *part)
{
    unsigned flags = 0;
    if (!part->opened)
        flags |= QS_FLAG_MISSING_OPEN;
    if (!part->closed)
        flags |= QS_FLAG_UNCLOSED;
    if (part->continued)
        flags |= QS_FLAG_CONTINUED;
    if (part->missing_close)
        flags |= QS_FLAG_MISSING_CLOSE;
    if (part->truncated)
        flags |= QS_FLAG_TRUNCATED;
    return flags;
}

qs_record qs_record_of_part(const qs_scan *scan, size_t index)
{
    const qs_part *part = &scan->parts[index];
    qs_record record = {.type = QS_QUOTE_DIRECT};
    record.paragraph = part->paragraph;
    record.content = (qs_range){part->start, part->end};
    record.first_part = index;
    record.last_part = index + 1;
    record.flags = part_flags(part);
    record.confidence = 0.3;
    record.speaker_of = record.continues = record.nested_in = QS_NONE;
    return record;
}

qs_range qs_phrase_range(const qs_clause *c, qs_phrase p)
{
    if (p.first >= p.last)
        return (qs_range){0, 0};
    const qs_token *last = qs_item_token(c, p.last - 1);
    return (qs_range){qs_item_start(c, p.first), qs_item_is_part(c, p.last - 1) ? qs_item_end(c, p.last - 1) : last->core_end};
}

static void set_report(const qs_work *w, qs_record *record, const char *pattern, double confidence)
{
    const qs_report *r = w->r;
    record->source = qs_phrase_range(w->c, r->source);
    record->addressee = qs_phrase_range(w->c, r->addressee);
    record->cue = (qs_range){qs_item_start(w->c, r->cue), qs_item_end(w->c, r->cue)};
    if (r->entry != NULL && strchr(r->lemma, ' ') != NULL && r->end > r->cue + 1) /* "pointed out" */
        record->cue.end = qs_item_end(w->c, r->cue + 1);
    if (r->according)
        record->cue.end = qs_item_end(w->c, qs_item_word_is(w->c, r->cue, "according") ? r->cue + 1 : r->cue);
    record->lemma = r->lemma;
    record->pattern = pattern;
    record->confidence = confidence;
    if (r->negated)
        record->flags |= QS_FLAG_NEGATED;
    if (r->modal)
        record->flags |= QS_FLAG_MODAL;
}

/* Words that may stand beside marked parts without making the quote mixed. */
static bool only_parts(const qs_clause *c, size_t first, size_t last)
{
    for (size_t i = first; i < last; i++)
        if (!qs_item_is_part(c, i) && qs_item_token(c, i)->type != QS_TOKEN_PUNCT)
            return false;
    return true;
}

static qs_status add_record(qs_work *w, qs_record *record, qs_error *err)
{
    const qs_status status = qs_records_add(w->records, record, err);
    if (status != QS_OK)
        return status;
    const size_t index = w->records->count - 1;
    for (size_t k = record->first_part; k < record->last_part; k++)
        if (w->c->scan->parts[k].start >= record->content.start && w->c->scan->parts[k].end <= record->content.end)
            w->records->of_part[k] = index;
    return QS_OK;
}

/* The item is a bracket that one of items [first, i) opens. */
static bool closes_bracket(const qs_clause *c, size_t first, size_t i)
{
    if (!qs_item_is(c, i, ')'))
        return false;
    for (size_t k = i; k > first; k--)
        if (qs_item_is(c, k - 1, '('))
            return true;
    return false;
}

/* One record for items [first, last), or one for each part if they are nothing but parts. */
qs_status qs_take_content(qs_work *w, size_t first, size_t last, const char *pattern, double confidence,
                              qs_error *err)
{
    const qs_clause *c = w->c;
    while (first < last && !qs_item_is_part(c, first) && qs_item_token(c, first)->type == QS_TOKEN_PUNCT &&
           !qs_item_is(c, first, '[') && !qs_item_is(c, first, '(') && !qs_item_is(c, first, '$'))
        first++;
    while (last > first && !qs_item_is_part(c, last - 1) && qs_item_token(c, last - 1)->type == QS_TOKEN_PUNCT &&
           !qs_item_is(c, last - 1, ']') && !closes_bracket(c, first, last - 1) && !qs_item_is(c, last - 1, '%'))
        last--;
    if (first >= last)
        return QS_OK;
    qs_record record = {.type = QS_QUOTE_INDIRECT, .paragraph = c->paragraph};
    record.speaker_of = record.continues = record.nested_in = QS_NONE;
    set_report(w, &record, pattern, confidence);
    const unsigned flags = record.flags;
    qs_status status = QS_OK;
    if (only_parts(c, first, last)) {
        for (size_t i = first; i < last && status == QS_OK; i++) {
            if (!qs_item_is_part(c, i) || w->records->of_part[c->items[i].part] != QS_NONE)
                continue;
            if (!w->r->according && i == first && !w->r->inverted && qs_part_is_title(c, i) &&
                !(i == w->s.first && w->r->begin == i + 1))
                continue;
            if (!w->r->according && i == first && first > w->r->cue && qs_part_is_named_thing(c, i) && qs_part_is_title(c, i))
                continue; /* `said on "Fox News Sunday."` */
            const qs_record one = qs_record_of_part(c->scan, c->items[i].part);
            record.type = QS_QUOTE_DIRECT;
            record.content = one.content;
            record.first_part = one.first_part;
            record.last_part = one.last_part;
            record.flags = flags | one.flags;
            status = add_record(w, &record, err);
        }
        return status;
    }
    record.content = (qs_range){qs_item_start(c, first), qs_item_end(c, last - 1)};
    for (size_t i = first; i < last; i++) {
        if (!qs_item_is_part(c, i))
            continue;
        if (record.last_part == 0)
            record.first_part = c->items[i].part;
        record.last_part = c->items[i].part + 1;
        record.type = QS_QUOTE_MIXED;
        record.flags |= part_flags(&c->scan->parts[c->items[i].part]);
    }
    return add_record(w, &record, err);
}

bool qs_is_first_person(const qs_clause *c, qs_phrase source)
{
    return source.last == source.first + 1 && qs_item_has(c, source.first, QS_WORD_FIRST);
}

static const char *left_pattern(const qs_report *r)
{
    return r->according ? "Q, according to S" : r->inverted ? "Q, V S" : "Q, S V";
}

static qs_status take_right(qs_work *w, size_t limit, bool had_left, qs_error *err)
{
    const qs_clause *c = w->c;
    const qs_report *r = w->r;
    bool that = false;
    size_t start = qs_reach_start(w, r->end, limit, &that);
    if (r->according && qs_count_parts(c, r->end, limit) == 0)
        start = qs_reach_past_source(w, limit);
    if (r->entry != NULL && (r->entry->flags & (QS_CUE_F | QS_CUE_P)) != 0 && !r->inverted)
        start = qs_reach_complement(w, start, limit);
    if (!that)
        start = qs_reach_utterance(c, start, limit);
    if (had_left && !that) /* `"Q1," S said last month on Twitter, "Q2"` */
        for (size_t i = start; i < limit && i < start + 24; i++)
            if (qs_item_is_part(c, i)) {
                if (i > start && (qs_item_is_comma(c, i - 1) || qs_item_is_dash(c, i - 1)))
                    start = i;
                break;
            }
    const size_t end_of_clause = qs_reach_end(w, start, qs_trim_subordinate(w, start, limit));
    size_t end = that || qs_count_parts(c, start, end_of_clause) > 0 ? qs_reach_trim(w, start, end_of_clause) : end_of_clause;
    const size_t parts = qs_count_parts(c, start, end);
    if (start >= end)
        return QS_OK;
    if (qs_item_is_part(c, start) && qs_part_is_complete(c, start)) {
        /* marked sentences in a row; what follows the last is no part of them */
        size_t last = start + 1;
        while (last < end && qs_item_is_part(c, last))
            last++;
        return qs_take_content(w, start, last, had_left ? "Q, S V, Q" : "S V Q", 0.95, err);
    }
    if (parts > 0 && (had_left && !qs_item_is_part(c, start) && !that && !r->participle))
        return QS_OK;
    if (parts == 1 && had_left && qs_item_is_part(c, start) && qs_part_is_named_thing(c, start))
        return QS_OK; /* `she said on "Face the Nation" on CBS` */
    if (parts > 0 && strcmp(r->lemma, "offer") == 0 && !that && !qs_item_is_part(c, start) && !qs_item_word_is(c, start, "to"))
        return QS_OK; /* "offered a deal" says nothing */
    if (parts > 0 && !(r->passive && r->source.first == r->source.last)) {
        if (qs_item_is_part(c, start) && qs_count_parts(c, start, end) == 1 && end > start + 1 &&
            (qs_item_has(c, start + 1, QS_WORD_PREP | QS_WORD_SUBORD | QS_WORD_DAY) || qs_item_is_comma(c, start + 1) ||
             qs_item_is_dash(c, start + 1) || qs_item_is(c, start + 1, '(')) &&
            c->scan->parts[c->items[start].part].words > QS_SCARE_WORDS)
            end = start + 1;
        return qs_take_content(w, start, end, r->according ? "according to S, Q" : that ? "S V that Q" : "S V Q", 0.9, err);
    }
    const unsigned flags = r->entry != NULL ? r->entry->flags : 0;
    if (!that && r->addressee.first < r->addressee.last && (flags & QS_CUE_P) != 0 && (flags & QS_CUE_O) != 0 &&
        qs_item_word_is(c, start, "to"))
        start = r->addressee.first; /* "urged them to leave" */
    return had_left ? QS_OK : qs_take_indirect(w, start, end, r->according ? "according to S, Q" : "S V that Q", that, err);
}

/* `"Q," Ada said, according to Bo` and `Ada said: "Q," Bo reported`: Bo tells that Ada said it. */
static bool tells_of_report(const qs_work *w, size_t from)
{
    const qs_clause *c = w->c;
    const qs_records *all = w->records;
    if (w->r->source.first == w->r->source.last || w->r->participle || all->count == 0 || w->r->begin <= w->s.first)
        return false;
    const qs_record *last = &all->items[all->count - 1];
    if (last->paragraph != c->paragraph || last->content.start < qs_item_start(c, w->s.first) ||
        last->source.start == last->source.end)
        return false;
    const size_t before = w->r->begin - 1;
    return (before == from && qs_item_is_comma(c, before) && w->r->according) ||
           (qs_item_is_part(c, before) && all->of_part[c->items[before].part] == all->count - 1 && before > from);
}

/* `The plan, Ada said on Monday, was "a joke"`: the sentence goes on behind words of attribution put between its
 * parts. Returns where, or QS_NONE. */
static size_t goes_on_at(const qs_work *w, size_t first, size_t last, size_t limit)
{
    const qs_clause *c = w->c;
    bool that = false;
    if (w->r->participle || qs_count_parts(c, w->r->end, limit) == 0)
        return QS_NONE;
    size_t at = w->r->end;
    if (!qs_item_is_comma(c, at))
        at = qs_reach_start(w, at, limit, &that) - 1;
    if (that || at + 1 >= limit || !qs_item_is_comma(c, at))
        return QS_NONE;
    at++;
    if (qs_item_has(c, at, QS_WORD_RELATIVE) || (qs_item_is_word(c, at) && qs_item_token(c, at)->cue != NULL))
        return QS_NONE;
    if (qs_count_parts(c, first, last) > 0 && !qs_item_has(c, at, QS_WORD_AUX | QS_WORD_MODAL | QS_WORD_CONJ))
        return QS_NONE;
    return at;
}

qs_status qs_take_report(qs_work *w, size_t index, size_t *from, qs_error *err)
{
    const qs_clause *c = w->c;
    const qs_report *r = w->r;
    size_t first = 0;
    size_t last = 0;
    qs_status status = QS_OK;
    bool had_left = false;
    if (r->passive && !r->inverted)
        return QS_OK;
    if (tells_of_report(w, *from))
        w->records->items[w->records->count - 1].reporter = qs_phrase_range(c, r->source);
    const size_t count = w->records->count;
    if (qs_reach_left(w, *from, &first, &last) && !r->participle) {
        const bool told = qs_is_told_before(w, first, last);
        had_left = told || qs_count_parts(c, first, w->s.last) > 0;
        if (qs_count_parts(c, first, last) > 0)
            status = qs_take_content(w, first, last, left_pattern(r), 0.97, err);
        else if (told)
            status = qs_take_indirect(w, first, last, left_pattern(r), false, err);
    }
    const size_t limit = qs_reach_limit(w, index, had_left);
    const size_t on = had_left ? goes_on_at(w, first, last, limit) : QS_NONE;
    const bool led = !had_left && last > first && qs_item_is_comma(c, r->end); /* "In 2013, he noted, it was late" */
    if (status == QS_OK && (had_left || led) && qs_count_parts(c, w->s.first, w->s.last) == 0)
        status = qs_take_interposed(w, limit, err);
    else if (status == QS_OK && on != QS_NONE)
        status = qs_take_content(w, on, qs_reach_trim(w, on, limit), "Q, S V, Q", 0.85, err);
    else if (status == QS_OK && limit > r->end)
        status = take_right(w, limit, had_left, err);
    if (w->records->count > count || r->entry == NULL || (r->entry->flags & QS_CUE_S) != 0 || qs_count_parts(c, *from, w->s.last) > 0)
        *from = r->end; /* else its words are the writer's */
    return status;
}
