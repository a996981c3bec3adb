/* From reports to what was said: the reach of each report, and the quotes that come of it.
 * SPDX-License-Identifier: MIT */
#include "quotes/record.h"
#include "text/utf8.h"

/* The most words of a part that needs a report to count. */
enum { SCARE_WORDS = 3 };

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

static qs_range bytes_of(const qs_clause *c, qs_phrase p)
{
    if (p.first >= p.last)
        return (qs_range){0, 0};
    const qs_token *last = qs_item_token(c, p.last - 1);
    return (qs_range){qs_item_start(c, p.first), qs_item_is_part(c, p.last - 1) ? qs_item_end(c, p.last - 1) : last->core_end};
}

static bool is_comma(const qs_clause *c, size_t i)
{
    return qs_item_is(c, i, ',') || qs_item_is(c, i, 0xff0c);
}

static size_t count_parts(const qs_clause *c, size_t first, size_t last)
{
    size_t count = 0;
    for (size_t i = first; i < last; i++)
        count += qs_item_is_part(c, i);
    return count;
}

static size_t count_words(const qs_clause *c, size_t first, size_t last)
{
    size_t count = 0;
    for (size_t i = first; i < last; i++)
        count += !qs_item_is_part(c, i) && qs_item_token(c, i)->type <= QS_TOKEN_NUMBER;
    return count;
}

/* Everything that one sentence's work needs. */
typedef struct work {
    qs_records *records;
    qs_clause *c;
    qs_sentence s;
    const qs_report *r;
    size_t owner; /* the record of this report that others share the speaker of */
} work;

static void set_report(const work *w, qs_record *record, const char *pattern, double confidence)
{
    const qs_report *r = w->r;
    record->source = bytes_of(w->c, r->source);
    record->addressee = bytes_of(w->c, r->addressee);
    record->cue = (qs_range){qs_item_start(w->c, r->cue), qs_item_end(w->c, r->cue)};
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

static qs_status add_record(work *w, qs_record *record, qs_error *err)
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

static bool is_stop_inside(const qs_clause *c, const qs_part *part)
{
    const uint32_t last = qs_part_last_char(c->scan, part);
    return last == '.' || last == '!' || last == '?';
}

/* Two to eight words, all long ones with a capital, and no stop: the title of something. */
static bool is_title(const qs_clause *c, size_t i)
{
    const qs_part *part = &c->scan->parts[c->items[i].part];
    size_t capitals = 0;
    if (part->words < 2 || part->words > 8 || is_stop_inside(c, part))
        return false;
    for (size_t k = part->first_token; k < part->last_token; k++) {
        const qs_token *token = &c->scan->tokens[k];
        if (token->type != QS_TOKEN_WORD)
            continue;
        if (!token->upper && (token->end - token->start > 4 || capitals == 0))
            return false;
        capitals += token->upper;
    }
    return capitals >= 2;
}

/* One record for items [first, last), or one for each part if they are nothing but parts. */
static qs_status take_content(work *w, size_t first, size_t last, const char *pattern, double confidence,
                              qs_error *err)
{
    const qs_clause *c = w->c;
    while (first < last && !qs_item_is_part(c, first) && qs_item_token(c, first)->type == QS_TOKEN_PUNCT &&
           !qs_item_is(c, first, '[') && !qs_item_is(c, first, '(') && !qs_item_is(c, first, '$'))
        first++;
    while (last > first && !qs_item_is_part(c, last - 1) && qs_item_token(c, last - 1)->type == QS_TOKEN_PUNCT &&
           !qs_item_is(c, last - 1, ']') && !qs_item_is(c, last - 1, ')') && !qs_item_is(c, last - 1, '%'))
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
            if (w->r->according == false && i == first && !w->r->inverted && is_title(c, i))
                continue;
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

/* Where the content after a report starts: past phrases like "in a statement on Monday" and past "that". */
static size_t content_start(const work *w, size_t at, size_t end, bool *that)
{
    const qs_clause *c = w->c;
    size_t i = at;
    *that = false;
    if (i < end && (qs_item_is(c, i, ':') || qs_item_is(c, i, 0xff1a)))
        return i + 1;
    while (i + 1 < end && (is_comma(c, i) || qs_item_is_dash(c, i)) &&
           (qs_item_is_part(c, i + 1) || qs_item_is_dash(c, i + 1)))
        i++;
    if (i > at && qs_item_is_part(c, i))
        return i;
    i = at;
    for (size_t k = i; k < end && k < i + 16; k++) {
        if (qs_item_is_part(c, k) || qs_item_is(c, k, ';'))
            break;
        if (qs_item_has(c, k, QS_WORD_THAT) && !qs_item_token(c, k)->upper) {
            /* "said in a statement that": between them only a phrase without its own subject */
            if (k > i && (w->r->entry == NULL || strcmp(w->r->lemma, "tell") != 0) && !qs_item_has(c, i, QS_WORD_PREP | QS_WORD_DAY | QS_WORD_ADVERB) && !is_comma(c, i) &&
                !qs_item_word_is(c, i, "this") && !qs_item_word_is(c, i, "next") && !qs_item_word_is(c, i, "late"))
                break;
            *that = true;
            return k + 1;
        }
        if (qs_item_has(c, k, QS_WORD_AUX | QS_WORD_MODAL | QS_WORD_HE | QS_WORD_THEY))
            break;
    }
    bool phrase = false;
    while (i < end && !qs_item_is_part(c, i)) {
        if (qs_item_has(c, i, QS_WORD_DAY) || (qs_item_has(c, i, QS_WORD_ADVERB) && !qs_item_token(c, i)->upper)) {
            i++;
            phrase = true;
        } else if (qs_item_has(c, i, QS_WORD_PREP) && !qs_item_has(c, i, QS_WORD_TITLE) && i + 1 < end) {
            /* "in an interview", "on Monday": ends at a part, a comma, a colon or a day */
            size_t k = i + 1;
            bool license = false;
            while (k < end && k < i + 14 && !qs_item_is_part(c, k) && !is_comma(c, k) && !qs_item_is(c, k, ':') &&
                   !qs_item_has(c, k, QS_WORD_HE | QS_WORD_THEY | QS_WORD_AUX | QS_WORD_MODAL)) {
                license = license || qs_item_has(c, k, QS_WORD_DAY | QS_WORD_LICENSE);
                k++;
            }
            if (k < end && (is_comma(c, k) || qs_item_is(c, k, ':') || (qs_item_is_part(c, k) && license)))
                i = k;
            else
                break;
            phrase = true;
        } else if (phrase && (is_comma(c, i) || qs_item_is(c, i, ':'))) {
            return i + 1;
        } else
            break;
    }
    return i;
}

/* Where the content that starts at `start` ends: the sentence's end, or before the subject's own verb goes on. */
static size_t content_end(const work *w, size_t start, size_t end)
{
    const qs_clause *c = w->c;
    for (size_t i = start + 1; i + 1 < end; i++) {
        if (qs_item_is(c, i, ';'))
            return i;
        /* "..., he said" of a later report in the sentence */
        if (qs_item_word_is(c, i, "and") && i + 2 < end &&
            (qs_item_word_is(c, i + 1, "has") || qs_item_word_is(c, i + 1, "had")) && !is_comma(c, i - 1) &&
            qs_item_has(c, w->r->cue > 0 ? w->r->cue - 1 : 0, QS_WORD_AUX | QS_WORD_ADVERB) && w->r->begin < w->r->cue)
            return i;
    }
    return end;
}

/* "..." that ends with its own stop or comma: what follows in the sentence is no part of it. */
static bool is_complete(const qs_clause *c, size_t i)
{
    const uint32_t last = qs_part_last_char(c->scan, &c->scan->parts[c->items[i].part]);
    return last == '.' || last == '?' || last == '!' || last == ',' || last == 0x2026 || last == 0x2014;
}

/* Nothing but an adverbial comes after the report: what it reports stands before it. */
static bool nothing_follows(const work *w, size_t at)
{
    const qs_clause *c = w->c;
    for (size_t i = at; i < w->s.last; i++) {
        if (qs_item_is_part(c, i) || qs_item_has(c, i, QS_WORD_THAT))
            return false;
        if (i == at && (qs_item_is(c, i, '.') || is_comma(c, i)))
            return true;
        if (i == at && qs_item_is_word(c, i) && !qs_item_has(c, i, QS_WORD_PREP | QS_WORD_DAY | QS_WORD_ADVERB | QS_WORD_SUBORD))
            return false;
        if (i > at && (is_comma(c, i) || qs_item_is(c, i, '.')))
            return true;
        if (qs_item_has(c, i, QS_WORD_AUX | QS_WORD_MODAL) && i < at + 4)
            return false;
    }
    return true;
}

static bool is_strong(const qs_report *r)
{
    return r->according || (r->entry != NULL && (r->entry->flags & QS_CUE_S) != 0);
}

/* A clause without marks that is long enough and has a verb's look: at least three words. */
static qs_status take_indirect(work *w, size_t first, size_t last, const char *pattern, double confidence,
                               qs_error *err)
{
    const qs_extract_options *options = w->c->scan->options;
    if (options->no_indirect || !is_strong(w->r) || w->r->negated || w->r->modal || w->r->passive ||
        w->r->participle || w->r->source.first == w->r->source.last || count_words(w->c, first, last) < 3 ||
        (last - first < 6 && qs_item_has(w->c, first, QS_WORD_PREP)) || qs_item_word_is(w->c, first, "of") ||
        (qs_item_has(w->c, first, QS_WORD_AUX | QS_WORD_MODAL) && first > w->r->cue))
        return QS_OK;
    return take_content(w, first, last, pattern, confidence, err);
}

/* What stands before a report: `"Q," S V` and `"Q," V S`. Returns whether there was anything. */
static bool left_content(const work *w, size_t from, size_t *first, size_t *last)
{
    const qs_clause *c = w->c;
    size_t end = w->r->begin;
    if (end <= from)
        return false;
    const bool comma = is_comma(c, end - 1) || qs_item_is_dash(c, end - 1) || qs_item_is(c, end - 1, '?') ||
                       qs_item_is(c, end - 1, '!') || qs_item_is(c, end - 1, 0x2026);
    const size_t before = comma ? end - 1 : end;
    if (before <= from)
        return false;
    if (!comma && !qs_item_is_part(c, before - 1))
        return false;
    if (!qs_item_is_part(c, before - 1) && !nothing_follows(w, w->r->end))
        return false;
    *first = from;
    *last = before;
    /* `Fiorina was less bubbly: "Q," she said`: the colon starts the content */
    for (size_t i = before; i > from + 1; i--)
        if (qs_item_is_part(c, i - 1) && (qs_item_is(c, i - 2, ':') || qs_item_is_dash(c, i - 2)) &&
            count_parts(c, i - 1, before) == 1 && count_words(c, i - 1, before) == 0)
            *first = i - 1;
    /* `Port: Deal 'close', says mayor`: what a headline opens with is no part of it */
    if (qs_article_paragraph(c->scan->article, c->paragraph).zone == QS_ZONE_HEADLINE)
        for (size_t i = from; i + 1 < before && i < from + 4; i++)
            if (qs_item_is(c, i, ':'))
                *first = i + 1;
    while (*first + 1 < before && qs_item_has(c, *first, QS_WORD_CONJ) && qs_item_is_part(c, *first + 1))
        (*first)++;
    return true;
}

static const char *left_pattern(const qs_report *r)
{
    return r->according ? "Q, according to S" : r->inverted ? "Q, V S" : "Q, S V";
}

/* "accused O of making ...", "urged O to ...": past the preposition. An "of" before an -ing form is surest. */
static size_t complement_start(const work *w, size_t start, size_t limit)
{
    const qs_clause *c = w->c;
    const bool of = (w->r->entry->flags & QS_CUE_F) != 0;
    size_t first = QS_NONE;
    for (size_t i = w->r->cue + 1; i + 1 < limit && i < w->r->cue + 32 && !qs_item_is_part(c, i); i++) {
        if (!qs_item_word_is(c, i, of ? "of" : "to"))
            continue;
        const qs_str next = qs_item_is_word(c, i + 1) ? qs_token_text(c->scan, qs_item_token(c, i + 1))
                                                      : qs_str_make(NULL, 0);
        if (!of || (next.len > 4 && memcmp(next.ptr + next.len - 3, "ing", 3) == 0))
            return i + 1;
        if (first == QS_NONE)
            first = i + 1;
    }
    return first == QS_NONE ? start : first;
}

/* `told the agency simply, "We lost."`: a marked sentence after a comma or colon is the content. */
static size_t skip_to_utterance(const qs_clause *c, size_t start, size_t limit)
{
    for (size_t i = start; i < limit && i < start + 10; i++) {
        if (!qs_item_is_part(c, i))
            continue;
        const qs_part *part = &c->scan->parts[c->items[i].part];
        const bool starts = i > start && (is_comma(c, i - 1) || qs_item_is(c, i - 1, ':'));
        return starts && is_complete(c, i) && qs_char_is_upper(qs_scan_after(c->scan, part->inner_start)) ? i : start;
    }
    return start;
}

/* Behind the last marked part of a clause: a part that ends with its comma ends the content, and so does a comma
 * before a participle or a relative clause, which are the writer's. */
static size_t trim_tail(const qs_clause *c, size_t start, size_t end)
{
    size_t last = QS_NONE;
    for (size_t i = start; i < end; i++)
        if (qs_item_is_part(c, i))
            last = i;
    if (last == QS_NONE)
        return end;
    if (qs_part_last_char(c->scan, &c->scan->parts[c->items[last].part]) == ',')
        return last + 1;
    for (size_t i = last + 1; i + 1 < end; i++) {
        if (!is_comma(c, i) || !qs_item_is_word(c, i + 1))
            continue;
        const qs_str word = qs_token_text(c->scan, qs_item_token(c, i + 1));
        if (qs_item_has(c, i + 1, QS_WORD_RELATIVE) || qs_item_word_is(c, i + 1, "a") || qs_item_word_is(c, i + 1, "an") ||
            (word.len > 5 && memcmp(word.ptr + word.len - 3, "ing", 3) == 0) || qs_item_word_is(c, i + 1, "where"))
            return i;
    }
    return end;
}

static qs_status take_right(work *w, size_t limit, bool had_left, qs_error *err)
{
    const qs_clause *c = w->c;
    const qs_report *r = w->r;
    bool that = false;
    size_t start = content_start(w, r->end, limit, &that);
    if (r->entry != NULL && (r->entry->flags & (QS_CUE_F | QS_CUE_P)) != 0 && !r->inverted)
        start = complement_start(w, start, limit);
    start = skip_to_utterance(c, start, limit);
    if (had_left && !that) /* `"Q1," S said last month on Twitter, "Q2"` */
        for (size_t i = start; i < limit && i < start + 24; i++)
            if (qs_item_is_part(c, i)) {
                if (i > start && (is_comma(c, i - 1) || qs_item_is_dash(c, i - 1)))
                    start = i;
                break;
            }
    const size_t end_of_clause = content_end(w, start, limit);
    size_t end = that || count_parts(c, start, end_of_clause) > 0 ? trim_tail(c, start, end_of_clause) : end_of_clause;
    const size_t parts = count_parts(c, start, end);
    if (start >= end)
        return QS_OK;
    if (qs_item_is_part(c, start) && is_complete(c, start)) {
        /* marked sentences in a row; what follows the last is no part of them */
        size_t last = start + 1;
        while (last < end && qs_item_is_part(c, last))
            last++;
        return take_content(w, start, last, had_left ? "Q, S V, Q" : "S V Q", 0.95, err);
    }
    if (parts > 0 && (had_left && !qs_item_is_part(c, start) && !that && !r->participle))
        return QS_OK;
    if (parts > 0 && !(r->passive && r->source.first == r->source.last)) {
        if (qs_item_is_part(c, start) && count_parts(c, start, end) == 1 && end > start + 1 &&
            (qs_item_has(c, start + 1, QS_WORD_PREP | QS_WORD_SUBORD | QS_WORD_DAY) || is_comma(c, start + 1) ||
             qs_item_is_dash(c, start + 1) || qs_item_is(c, start + 1, '(')) &&
            c->scan->parts[c->items[start].part].words > SCARE_WORDS)
            end = start + 1;
        return take_content(w, start, end, r->according ? "according to S, Q" : that ? "S V that Q" : "S V Q", 0.9, err);
    }
    if (had_left)
        return QS_OK;
    return take_indirect(w, start, end, r->according ? "according to S, Q" : "S V that Q", 0.6, err);
}

/* Content after a report reaches to the next report that stands apart. */
static size_t right_limit(const work *w, size_t index, bool had_left)
{
    const qs_clause *c = w->c;
    const qs_report *r = w->r;
    for (size_t k = index + 1; k < c->report_count; k++) {
        const qs_report *next = &c->reports[k];
        if (next->begin < r->begin && next->group > r->end) /* "Biden, recalling ..., said": an insertion ends here */
            return next->group - 1;
        if (next->begin <= r->end)
            continue;
        const size_t before = next->begin - 1;
        if (qs_item_is_part(c, before)) {
            if (had_left || before > r->end + 6)
                return next->begin;
            return w->s.last;
        }
        if (is_comma(c, before) || qs_item_has(c, before, QS_WORD_CONJ) || qs_item_is(c, before, ';')) {
            if (next->participle || next->begin == next->group || count_parts(c, r->end, next->begin) > 0 || !next->inverted)
                return before;
            return w->s.last;
        }
    }
    return w->s.last;
}

static qs_status take_report(work *w, size_t index, size_t *from, qs_error *err)
{
    const qs_clause *c = w->c;
    const qs_report *r = w->r;
    size_t first = 0;
    size_t last = 0;
    qs_status status = QS_OK;
    bool had_left = false;
    if (r->passive && !r->inverted)
        return QS_OK;
    if (left_content(w, *from, &first, &last) && !r->participle) {
        had_left = true;
        if (count_parts(c, first, last) > 0)
            status = take_content(w, first, last, left_pattern(r), 0.97, err);
        else
            status = take_indirect(w, first, last, left_pattern(r), 0.65, err);
    }
    const size_t limit = right_limit(w, index, had_left);
    if (status == QS_OK && limit > r->end)
        status = take_right(w, limit, had_left, err);
    *from = r->end;
    return status;
}

/* `Port: Deal 'close'` in a headline, `KING: "Why?"` in a transcript. */
static qs_status take_colon(work *w, qs_error *err)
{
    const qs_clause *c = w->c;
    const qs_zone zone = qs_article_paragraph(c->scan->article, c->paragraph).zone;
    for (size_t i = w->s.first + 1; i + 1 < w->s.last && i < w->s.first + 8; i++) {
        if (qs_item_is_part(c, i))
            return QS_OK;
        if (!qs_item_is(c, i, ':'))
            continue;
        const bool direct = qs_item_is_part(c, i + 1);
        if ((zone != QS_ZONE_HEADLINE && !direct) || count_parts(c, i + 1, w->s.last) == 0)
            return QS_OK;
        qs_report r = {.cue = i, .lemma = ":", .begin = w->s.first, .end = i + 1};
        r.source = qs_phrase_before(c, w->s.first, i);
        if (r.source.first != w->s.first || !qs_item_token(c, w->s.first)->upper)
            return QS_OK;
        w->r = &r;
        const qs_status status = take_content(w, i + 1, direct ? i + 2 : w->s.last, "S: Q", 0.75, err);
        return status;
    }
    return QS_OK;
}

/* "adding that", "and declared that": the subject is that of the report before, or of the sentence. */
static void share_source(qs_clause *c, qs_sentence s, size_t k)
{
    qs_report *r = &c->reports[k];
    if (r->source.first < r->source.last || r->passive)
        return;
    for (size_t i = k; i > 0; i--)
        if (c->reports[i - 1].source.first < c->reports[i - 1].source.last && !c->reports[i - 1].according &&
            (c->reports[i - 1].cue < r->cue)) {
            r->source = c->reports[i - 1].source;
            return;
        }
    r->source = qs_phrase_subject(c, s.first, r->cue);
}

/* "said she thinks ...", "said critics will say ...": words of the content, not a report of their own. */
static bool is_told_inside(const work *w, size_t k, size_t reach)
{
    const qs_report *r = &w->c->reports[k];
    if (r->according || r->inverted || r->entry == NULL || qs_item_start(w->c, r->cue) >= reach ||
        (r->begin > w->s.first && qs_item_is_part(w->c, r->begin - 1)))
        return false;
    return (r->entry->flags & QS_CUE_S) == 0 || r->modal;
}

static qs_status take_sentence(qs_records *records, qs_clause *c, qs_sentence s, qs_error *err)
{
    work w = {records, c, s, NULL, QS_NONE};
    size_t from = s.first;
    size_t reach = 0; /* where the content of the reports so far ends, in bytes */
    qs_status status = qs_clause_reports(c, s, err);
    for (size_t k = 0; k < c->report_count && status == QS_OK; k++) {
        w.r = &c->reports[k];
        if (k > 0 && is_told_inside(&w, k, reach))
            continue;
        share_source(c, s, k);
        status = take_report(&w, k, &from, err);
        const qs_record *last = records->count > 0 ? &records->items[records->count - 1] : NULL;
        if (last != NULL && last->paragraph == c->paragraph && last->content.end > reach &&
            last->cue.start == qs_item_start(c, w.r->cue) && last->content.start > last->cue.start)
            reach = last->content.end;
    }
    if (status == QS_OK && c->report_count == 0)
        status = take_colon(&w, err);
    return status;
}

/* "Ada was told": nobody in this sentence speaks. */
static bool has_passive(const qs_clause *c, qs_sentence s)
{
    for (size_t i = s.first + 1; i < s.last; i++)
        if (qs_item_is_word(c, i) && qs_item_token(c, i)->cue != NULL && qs_item_has(c, i - 1, QS_WORD_AUX))
            return true;
    return false;
}

/* `"Q" - Ada Rao, Ives Daily` at the end of a paragraph. */
static void take_signature(const qs_clause *c, qs_sentence s, size_t i, qs_record *record)
{
    if (i + 2 >= c->item_count || c->item_count - i > 14 || !qs_item_is_dash(c, i + 1) || i != s.first ||
        !qs_item_is_word(c, i + 2) || !qs_item_token(c, i + 2)->upper)
        return;
    const qs_phrase who = qs_phrase_after(c, i + 2, c->item_count);
    if (who.first == who.last || count_parts(c, i + 1, c->item_count) > 0)
        return;
    record->source = bytes_of(c, who);
    record->cue = (qs_range){qs_item_start(c, i + 1), qs_item_end(c, i + 1)};
    record->lemma = "-";
    record->type = QS_QUOTE_DIRECT;
    record->pattern = "Q - S";
    record->fallback = (qs_range){0, 0};
}

/* Parts that no report reached: sentences of their own, or words marked for another reason. */
static qs_status take_rest(qs_records *records, const qs_clause *c, qs_error *err)
{
    qs_status status = QS_OK;
    for (size_t k = 0; k < c->sentence_count && status == QS_OK; k++) {
        const qs_sentence s = c->sentences[k];
        for (size_t i = s.first; i < s.last && status == QS_OK; i++) {
            if (!qs_item_is_part(c, i) || records->of_part[c->items[i].part] != QS_NONE)
                continue;
            const size_t index = c->items[i].part;
            const qs_part *part = &c->scan->parts[index];
            qs_record record = qs_record_of_part(c->scan, index);
            const bool alone = count_words(c, s.first, s.last) == 0;
            const bool goes_on = part->continues != QS_NONE || part->continued;
            if (!alone)
                record.type = QS_QUOTE_MIXED;
            if (!goes_on && ((part->words <= SCARE_WORDS && !(alone && is_complete(c, i))) || (!alone && is_title(c, i))))
                record.type = QS_QUOTE_SCARE;
            record.pattern = "Q";
            if (record.type == QS_QUOTE_MIXED && !has_passive(c, s)) {
                const qs_phrase subject = qs_phrase_subject(c, s.first, i);
                record.fallback = bytes_of(c, subject);
            }
            take_signature(c, s, i, &record);
            (void)qs_record_find_cjk(c->scan, index, &record);
            status = qs_records_add(records, &record, err);
            if (status == QS_OK)
                records->of_part[index] = records->count - 1;
        }
    }
    return status;
}

qs_status qs_records_of_paragraph(qs_records *records, qs_clause *c, qs_error *err)
{
    qs_status status = QS_OK;
    for (size_t k = 0; k < c->sentence_count && status == QS_OK; k++)
        status = take_sentence(records, c, c->sentences[k], err);
    return status == QS_OK ? take_rest(records, c, err) : status;
}
