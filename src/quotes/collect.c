/* From sentences to records: which report tells what. SPDX-License-Identifier: MIT */
#include "quotes/reach.h"

/* `Port: Deal 'close'` in a headline, `KING: "Why?"` in a transcript. */
static qs_status take_colon(qs_work *w, qs_error *err)
{
    const qs_clause *c = w->c;
    const qs_zone zone = qs_article_paragraph(c->scan->article, c->paragraph).zone;
    for (size_t i = w->s.first + 1; i + 1 < w->s.last && i < w->s.first + 8; i++) {
        if (qs_item_is_part(c, i))
            return QS_OK;
        if (!qs_item_is(c, i, ':'))
            continue;
        const bool direct = qs_item_is_part(c, i + 1);
        const bool marked = qs_count_parts(c, i + 1, w->s.last) > 0;
        if ((zone != QS_ZONE_HEADLINE && !direct) ||
            (!marked && (c->scan->options->no_indirect || qs_count_words(c, i + 1, w->s.last) < 3 ||
                         !qs_names_person(c->scan, c->items[w->s.first].token, c->items[i].token)))) /* `Rao: Talks Have Failed` */
            return QS_OK;
        qs_report r = {.cue = i, .lemma = ":", .begin = w->s.first, .end = i + 1};
        r.source = qs_phrase_before(c, w->s.first, i);
        if (r.source.first != w->s.first || !qs_item_token(c, w->s.first)->upper)
            return QS_OK;
        size_t verb = w->s.first + 1; /* "Ada followed up": a verb that no list holds is no part of the name */
        while (verb < i && qs_item_token(c, verb)->upper)
            verb++;
        const qs_str word = verb < i && qs_item_is_word(c, verb) ? qs_token_text(c->scan, qs_item_token(c, verb))
                                                                 : qs_str_make(NULL, 0);
        if (direct && verb + 3 > i && word.len > 4 && memcmp(word.ptr + word.len - 2, "ed", 2) == 0)
            r.source.last = verb;
        w->r = &r;
        const qs_status status = qs_take_content(w, i + 1, direct ? i + 2 : w->s.last, "S: Q", 0.75, err);
        return status;
    }
    return QS_OK;
}

/* The report stands in a clause that leads up to the sentence's own, with item `at` behind its comma: where the sentence's
 * own words start, else QS_NONE. */
static size_t main_clause(const qs_clause *c, qs_sentence s, const qs_report *r, size_t at)
{
    const bool leads = qs_item_has(c, s.first, QS_WORD_SUBORD | QS_WORD_PREP) ||
                       (r->participle && r->begin == s.first);
    if (!leads || strcmp(c->scan->lexicon->language, "en") != 0)
        return QS_NONE;
    for (size_t i = s.first + 1; i + 1 < at; i++) {
        const bool comma = qs_item_is_comma(c, i);
        if (comma && i < r->cue)
            return QS_NONE;
        if (comma && i > r->cue + 1)
            return i + 1;
        if (qs_item_is_part(c, i) && i > r->cue && qs_part_last_char(c->scan, &c->scan->parts[c->items[i].part]) == ',')
            return i + 1;
    }
    return QS_NONE;
}

/* "adding that", "and declared that": the subject is that of the report before, or of the sentence. */
static void share_source(qs_clause *c, qs_sentence s, size_t k)
{
    qs_report *r = &c->reports[k];
    if (r->source.first < r->source.last || r->passive)
        return;
    const size_t own = main_clause(c, s, r, s.last);
    if (r->participle && own != QS_NONE) { /* "After promising that ..., the mayor left" */
        r->source = qs_phrase_subject(c, own, s.last);
        return;
    }
    for (size_t i = k; i > 0; i--) {
        const qs_report *before = &c->reports[i - 1];
        if (before->source.first == before->source.last || before->according || before->cue >= r->cue)
            continue;
        const size_t behind = main_clause(c, s, before, r->cue);
        const qs_phrase subject = behind == QS_NONE ? (qs_phrase){0, 0} : qs_phrase_subject(c, behind, r->cue);
        r->source = subject.first < subject.last ? subject : before->source;
        return;
    }
    r->source = qs_phrase_subject(c, s.first, r->cue);
}

/* "said she thinks ...", "said critics will say ...": words of the content, not a report of their own. */
static bool is_told_inside(const qs_work *w, size_t k, size_t reach)
{
    const qs_report *r = &w->c->reports[k];
    if (r->according || r->inverted || r->entry == NULL || qs_item_start(w->c, r->cue) >= reach ||
        (r->begin > w->s.first && qs_item_is_part(w->c, r->begin - 1)))
        return false;
    return (r->entry->flags & QS_CUE_S) == 0 || r->modal;
}

/* The report that closes the sentence and tells all of it, though others stand inside:
 * `Supporters shoved her, calling her "scum," she said`. QS_NONE if there is none. */
static size_t find_closing(qs_work *w)
{
    const qs_clause *c = w->c;
    size_t first = 0;
    size_t last = 0;
    size_t k = c->report_count;
    while (k > 0 && c->reports[k - 1].participle)
        k--;
    if (k < 2 || c->reports[k - 1].source.first == c->reports[k - 1].source.last || c->reports[k - 1].passive)
        return QS_NONE;
    w->r = &c->reports[--k];
    if (!qs_reach_left(w, w->s.first, &first, &last) || qs_count_parts(c, w->r->end, w->s.last) > 0 || first != w->s.first ||
        (qs_count_parts(c, first, last) == 0 && !qs_is_told_before(w, first, last)))
        return QS_NONE;
    for (size_t j = 0; j < k; j++) {
        w->r = &c->reports[j];
        if (w->r->begin > w->s.first && qs_reach_left(w, w->s.first, &first, &last))
            return QS_NONE;
    }
    return k;
}

/* Inside what the closing report tells: words of the content, or a report of its own. */
static bool is_told_by(const qs_clause *c, size_t k, size_t closing)
{
    const qs_report *r = &c->reports[k];
    return k < closing && closing != QS_NONE &&
           (r->participle || (r->entry != NULL && (r->entry->flags & QS_CUE_S) == 0));
}

static qs_status take_sentence(qs_records *records, qs_clause *c, qs_sentence s, qs_error *err)
{
    qs_work w = {records, c, s, NULL};
    size_t from = s.first;
    size_t reach = 0; /* where the content of the reports so far ends, in bytes */
    qs_status status = qs_clause_reports(c, s, err);
    const size_t closing = status == QS_OK ? find_closing(&w) : QS_NONE;
    for (size_t k = 0; k < c->report_count && status == QS_OK; k++) {
        w.r = &c->reports[k];
        if ((k > 0 && is_told_inside(&w, k, reach)) || is_told_by(c, k, closing))
            continue;
        if (k == closing)
            from = s.first;
        share_source(c, s, k);
        status = qs_take_report(&w, k, &from, err);
        const qs_record *last = records->count > 0 ? &records->items[records->count - 1] : NULL;
        if (last != NULL && last->paragraph == c->paragraph && last->content.end > reach &&
            last->cue.start == qs_item_start(c, w.r->cue) && last->content.start > last->cue.start)
            reach = last->content.end;
    }
    if (status == QS_OK && c->report_count == 0)
        status = take_colon(&w, err);
    return status;
}

/* The quote that a paragraph after `The envoy wrote:` starts with. */
static void introduce(qs_record *record, const qs_clause *c)
{
    if (c->intro_of != c->paragraph || c->intro.end == c->intro.start || record->type != QS_QUOTE_DIRECT ||
        record->source.end > record->source.start || record->content.start != qs_item_start(c, 0))
        return;
    record->source = c->intro;
    record->cue = c->intro_cue;
    record->lemma = c->intro_lemma;
    record->pattern = "S V: Q";
}

/* `The envoy wrote:` and then a paragraph of its own: keeps who is quoted. */
static void keep_intro(qs_clause *c, qs_sentence s)
{
    if (s.first == s.last || !qs_item_is(c, s.last - 1, ':') || qs_count_parts(c, s.first, s.last) > 0)
        return;
    c->intro_of = c->paragraph + 1;
    c->intro = (qs_range){0, 0};
    c->intro_cue = (qs_range){qs_item_start(c, s.last - 1), qs_item_end(c, s.last - 1)};
    c->intro_lemma = ":";
    for (size_t k = 0; k < c->report_count; k++) {
        const qs_report *r = &c->reports[k];
        if (r->source.first == r->source.last || r->passive || qs_is_first_person(c, r->source))
            continue;
        c->intro = qs_phrase_range(c, r->source);
        c->intro_cue = (qs_range){qs_item_start(c, r->cue), qs_item_end(c, r->cue)};
        c->intro_lemma = r->lemma;
    }
    if (c->intro.start == c->intro.end)
        c->intro = qs_phrase_range(c, qs_phrase_subject(c, s.first, s.last));
}

qs_status qs_records_of_paragraph(qs_records *records, qs_clause *c, qs_error *err)
{
    qs_status status = QS_OK;
    for (size_t k = 0; k < c->sentence_count && status == QS_OK; k++)
        status = take_sentence(records, c, c->sentences[k], err);
    const size_t count = records->count;
    if (status == QS_OK)
        status = qs_records_of_rest(records, c, err);
    for (size_t i = count; i < records->count; i++)
        introduce(&records->items[i], c);
    if (status == QS_OK && c->sentence_count > 0)
        keep_intro(c, c->sentences[c->sentence_count - 1]);
    return status;
}
