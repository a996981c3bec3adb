/* Articles to quotes: the stage's entry. SPDX-License-Identifier: MIT */
#include <assert.h>

#include "quotes/record.h"
#include "quotes/write.h"

struct qs_quotes {
    const qs_article *article;
    const char *language;
    qs_arena arena;
    qs_quote *items;
    size_t count;
};

static const char *const type_names[] = {"direct", "mixed", "indirect", "scare"};

const char *qs_quote_type_name(qs_quote_type type)
{
    return type_names[type];
}

size_t qs_quotes_count(const qs_quotes *quotes)
{
    return quotes->count;
}

const qs_quote *qs_quotes_at(const qs_quotes *quotes, size_t index)
{
    assert(index < quotes->count);
    return &quotes->items[index];
}

const char *qs_quotes_language(const qs_quotes *quotes)
{
    return quotes->language;
}

const qs_article *qs_quotes_article(const qs_quotes *quotes)
{
    return quotes->article;
}

void qs_quotes_destroy(qs_quotes *quotes)
{
    if (quotes == NULL)
        return;
    qs_arena_free(&quotes->arena);
    qs_free(quotes);
}

/* Who spoke lately, for pronouns. */
typedef struct memory {
    size_t entity[8];
    size_t paragraph[8];
    size_t count;
} memory;

enum { REACH = 3 };

static void remember(memory *m, size_t entity, size_t paragraph)
{
    if (entity == QS_NONE)
        return;
    if (m->count == 8) {
        memmove(m->entity, m->entity + 1, 7 * sizeof *m->entity);
        memmove(m->paragraph, m->paragraph + 1, 7 * sizeof *m->paragraph);
        m->count--;
    }
    m->entity[m->count] = entity;
    m->paragraph[m->count++] = paragraph;
}

/* The entities that spoke within reach of a paragraph. */
static qs_recent recall(const memory *m, size_t paragraph)
{
    qs_recent recent = {.paragraph = paragraph};
    for (size_t i = 0; i < m->count; i++)
        if (m->paragraph[i] + REACH >= paragraph) {
            recent.entities[recent.count++] = m->entity[i];
            recent.here += m->paragraph[i] == paragraph;
        }
    return recent;
}

static qs_mention mention_of(const qs_scan *scan, qs_range range)
{
    qs_mention mention = {0};
    if (range.end > range.start) {
        mention.text = qs_str_slice(scan->text, range.start, range.end);
        mention.span = qs_article_source_span(scan->article, range.start, range.end);
    }
    return mention;
}

/* True for an outer part that lies in the content behind `at`; marks that cross one another do not. */
static bool is_fragment(const qs_part *part, const qs_record *r, size_t at)
{
    return part->parent == QS_NONE && part->start >= at && part->end <= r->content.end;
}

static size_t append(char *copy, size_t length, qs_str text)
{
    if (text.len > 0)
        memcpy(copy + length, text.ptr, text.len);
    return length + text.len;
}

static qs_status copy_fragments(qs_quotes *quotes, const qs_scan *scan, const qs_record *r, qs_quote *quote,
                                qs_error *err)
{
    size_t count = 0;
    for (size_t k = r->first_part; k < r->last_part; k++)
        count += is_fragment(&scan->parts[k], r, r->content.start);
    if (count == 0)
        return QS_OK;
    qs_fragment *fragments = qs_arena_alloc(&quotes->arena, count, sizeof *fragments);
    if (fragments == NULL)
        return qs_fail(err, QS_ENOMEM, "fragments");
    count = 0;
    size_t at = r->content.start;
    for (size_t k = r->first_part; k < r->last_part; k++) {
        const qs_part *part = &scan->parts[k];
        if (!is_fragment(part, r, at))
            continue;
        at = part->end;
        qs_fragment *f = &fragments[count++];
        f->span = qs_article_source_span(scan->article, part->start, part->end);
        f->inner = qs_article_source_span(scan->article, part->inner_start, part->inner_end);
        f->open = qs_str_slice(scan->text, part->start, part->inner_start);
        f->close = qs_str_slice(scan->text, part->inner_end, part->end);
        f->closed = part->closed;
    }
    quote->fragments = fragments;
    quote->fragment_count = count;
    return QS_OK;
}

/* Appends text[start, end) without what lies in `cut`. */
static size_t append_part(char *copy, size_t length, qs_str text, size_t start, size_t end, qs_range cut)
{
    if (cut.end <= start || cut.start >= end || cut.end == cut.start)
        return append(copy, length, qs_str_slice(text, start, end));
    if (cut.start > start)
        length = append(copy, length, qs_str_slice(text, start, cut.start));
    return cut.end < end ? append(copy, length, qs_str_slice(text, cut.end, end)) : length;
}

/* The content without its outer marks and words of attribution inside them. */
static qs_status copy_content(qs_quotes *quotes, const qs_scan *scan, const qs_record *r, qs_quote *quote,
                              qs_error *err)
{
    char *copy = qs_arena_alloc(&quotes->arena, r->content.end - r->content.start + 1, 1);
    if (copy == NULL)
        return qs_fail(err, QS_ENOMEM, "quote text");
    size_t length = 0;
    size_t at = r->content.start;
    for (size_t k = r->first_part; k < r->last_part; k++) {
        const qs_part *part = &scan->parts[k];
        if (!is_fragment(part, r, at))
            continue;
        length = append_part(copy, length, scan->text, at, part->start, r->inserted);
        length = append_part(copy, length, scan->text, part->inner_start, part->inner_end, r->inserted);
        at = part->end;
    }
    length = append_part(copy, length, scan->text, at, r->content.end, r->inserted);
    quote->content = qs_str_make(copy, length);
    return QS_OK;
}

static qs_status fill(qs_quotes *quotes, const qs_scan *scan, const qs_record *r, qs_quote *quote, qs_error *err)
{
    const qs_paragraph p = qs_article_paragraph(scan->article, r->paragraph);
    quote->type = r->type;
    quote->zone = p.zone;
    quote->field = p.field;
    quote->paragraph = r->paragraph;
    quote->text = qs_str_slice(scan->text, r->content.start, r->content.end);
    quote->span = qs_article_source_span(scan->article, r->content.start, r->content.end);
    quote->cue = mention_of(scan, r->cue);
    quote->cue_lemma = qs_str_of(r->lemma);
    quote->pattern = r->pattern;
    quote->flags |= r->flags;
    quote->confidence = r->confidence;
    quote->continues = quote->nested_in = QS_NO_QUOTE;
    qs_status status = copy_fragments(quotes, scan, r, quote, err);
    return status == QS_OK ? copy_content(quotes, scan, r, quote, err) : status;
}

/* Who the words at `range` mean, if there are any. Returns whether a namesake was chosen by guess. */
static bool resolve(const qs_scan *scan, qs_range range, const memory *m, size_t paragraph, qs_speaker *speaker,
                    size_t *entity)
{
    *entity = QS_NONE;
    if (range.end == range.start)
        return false;
    const qs_recent recent = recall(m, paragraph);
    speaker->mention = mention_of(scan, range);
    qs_resolve(scan, range, &recent, speaker, entity);
    const bool unsure = speaker->resolved_by != NULL && strcmp(speaker->resolved_by, "ambiguous") == 0;
    if (unsure)
        speaker->resolved_by = "surname";
    return unsure;
}

static bool is_same(const qs_speaker *a, const qs_speaker *b)
{
    return a->mention.text.ptr != NULL && b->mention.text.ptr != NULL &&
           (a->mention.span.start == b->mention.span.start ||
            (a->canonical.ptr != NULL && b->canonical.ptr != NULL && qs_str_equal(a->canonical, b->canonical)));
}

/* Resolves in the order of the text; a quote that shares its speaker takes what the holder got, and one inside
 * another is reported by that one's speaker. */
static void resolve_all(const qs_scan *scan, const qs_records *records, qs_quote *all)
{
    memory m = {.count = 0};
    size_t entity = QS_NONE;
    for (size_t i = 0; i < records->count; i++) {
        const qs_record *r = &records->items[i];
        size_t other = QS_NONE;
        if (resolve(scan, r->source, &m, r->paragraph, &all[i].speaker, &entity))
            all[i].flags |= QS_FLAG_AMBIGUOUS;
        remember(&m, entity, r->paragraph);
        (void)resolve(scan, r->addressee, &m, r->paragraph, &all[i].addressee, &other);
        (void)resolve(scan, r->reporter, &m, r->paragraph, &all[i].reported_by, &other);
    }
    for (size_t i = 0; i < records->count; i++) {
        const qs_record *r = &records->items[i];
        if (r->source.end == r->source.start && r->speaker_of != QS_NONE)
            all[i].speaker = all[r->speaker_of].speaker;
    }
    for (size_t i = 0; i < records->count; i++) {
        if (is_same(&all[i].reported_by, &all[i].speaker))
            all[i].reported_by = (qs_speaker){0};
        const size_t outer = records->items[i].nested_in;
        if (outer != QS_NONE && all[i].reported_by.mention.text.ptr == NULL)
            all[i].reported_by =
                is_same(&all[outer].speaker, &all[i].speaker) ? (qs_speaker){0} : all[outer].speaker;
    }
}

static qs_status publish(qs_quotes *quotes, const qs_scan *scan, const qs_records *records, qs_error *err)
{
    qs_status status = QS_OK;
    qs_quote *all = qs_arena_alloc(&quotes->arena, records->count + 1, sizeof *all);
    size_t *number = qs_arena_alloc(&quotes->arena, records->count + 1, sizeof *number);
    if (all == NULL || number == NULL)
        return qs_fail(err, QS_ENOMEM, "quote table");
    for (size_t i = 0; i < records->count && status == QS_OK; i++)
        status = fill(quotes, scan, &records->items[i], &all[i], err);
    if (status == QS_OK)
        resolve_all(scan, records, all);
    size_t kept = 0;
    for (size_t i = 0; i < records->count && status == QS_OK; i++) {
        const qs_record *r = &records->items[i];
        number[i] = QS_NO_QUOTE;
        if (r->type == QS_QUOTE_SCARE && !scan->options->all_marks)
            continue;
        number[i] = kept + 1;
        qs_quote *quote = &all[kept];
        if (kept != i)
            *quote = all[i];
        quote->id = ++kept;
        quote->group = r->group < i ? all[number[r->group] - 1].group : kept;
        if (r->continues != QS_NONE)
            quote->continues = number[r->continues];
        if (r->nested_in != QS_NONE)
            quote->nested_in = number[r->nested_in];
    }
    quotes->items = all;
    quotes->count = kept;
    return status;
}

static qs_status run(qs_quotes *quotes, qs_scan *scan, qs_records *records, qs_clause *clause, qs_error *err)
{
    qs_status status = qs_scan_lex(scan, err);
    if (status == QS_OK)
        status = qs_scan_marks(scan, err);
    if (status == QS_OK)
        status = qs_scan_names(scan, err);
    if (status != QS_OK)
        return status;
    records->of_part = qs_alloc(scan->part_count, sizeof *records->of_part);
    if (records->of_part == NULL)
        return qs_fail(err, QS_ENOMEM, "part table");
    for (size_t i = 0; i < scan->part_count; i++)
        records->of_part[i] = QS_NONE;
    for (size_t i = 0; i < scan->paragraph_count && status == QS_OK; i++) {
        const qs_zone zone = qs_article_paragraph(scan->article, i).zone;
        status = qs_clause_load(clause, i, err);
        if (status == QS_OK && zone != QS_ZONE_DATELINE && zone != QS_ZONE_BYLINE)
            status = qs_records_of_paragraph(records, clause, err);
    }
    if (status == QS_OK)
        qs_records_link(records, scan);
    return status == QS_OK ? publish(quotes, scan, records, err) : status;
}

qs_status qs_quotes_extract(qs_quotes **out, const qs_article *article, const qs_extract_options *options,
                            qs_error *err)
{
    assert(out != NULL && article != NULL);
    static const qs_extract_options defaults = {0};
    qs_scan scan = {.article = article, .options = options != NULL ? options : &defaults};
    qs_records records = {0};
    qs_clause clause = {.scan = &scan};
    *out = NULL;
    qs_quotes *quotes = qs_alloc_zero(1, sizeof *quotes);
    if (quotes == NULL)
        return qs_fail(err, QS_ENOMEM, "quotes");
    quotes->article = article;
    scan.arena = &quotes->arena;
    const qs_status status = run(quotes, &scan, &records, &clause, err);
    if (status == QS_OK) {
        quotes->language = scan.lexicon->language;
        *out = quotes;
        quotes = NULL;
    }
    qs_clause_free(&clause);
    qs_free(records.items);
    qs_free(records.of_part);
    qs_scan_free(&scan);
    qs_quotes_destroy(quotes);
    return status;
}
