/* Quotes as TSV, brat stand-off and Citron's JSON. SPDX-License-Identifier: MIT */
#include "quotes/write.h"
#include "text/utf8.h"

static void add_cell(qs_buf *out, qs_str text)
{
    qs_buf_add_char(out, '\t');
    for (size_t i = 0; i < text.len; i++)
        qs_buf_add_char(out, text.ptr[i] == '\t' || text.ptr[i] == '\n' || text.ptr[i] == '\r' ? ' ' : text.ptr[i]);
}

void qs_quote_write_tsv_header(qs_buf *out)
{
    qs_buf_add_text(out, "doc\tid\ttype\tzone\tfield\tstart\tend\tchar_start\tchar_end\tgroup\tspeaker\tcanonical\t"
                         "cue\tpattern\tconfidence\ttext\n");
}

void qs_quote_write_tsv(qs_buf *out, const qs_quotes *quotes, const qs_quote *quote)
{
    const qs_article *article = qs_quotes_article(quotes);
    const size_t numbers[] = {quote->span.start, quote->span.end, quote->span.char_start, quote->span.char_end,
                              quote->group};
    qs_buf_add_text(out, qs_article_name(article));
    qs_buf_add_char(out, '\t');
    qs_buf_add_u64(out, quote->id);
    add_cell(out, qs_str_of(qs_quote_type_name(quote->type)));
    add_cell(out, qs_str_of(qs_zone_name(quote->zone)));
    add_cell(out, qs_str_of(qs_article_field_name(article, quote->field)));
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        qs_buf_add_char(out, '\t');
        qs_buf_add_u64(out, numbers[i]);
    }
    add_cell(out, quote->speaker.mention.text);
    add_cell(out, quote->speaker.canonical);
    add_cell(out, quote->cue.text);
    add_cell(out, qs_str_of(quote->pattern));
    qs_buf_add_char(out, '\t');
    qs_buf_add_fixed(out, quote->confidence, 3);
    add_cell(out, quote->text);
    qs_buf_add_char(out, '\n');
}

/* Places and text of a brat annotation; a line end in the text splits it into two places. */
static void add_brat_places(qs_buf *out, qs_str source, const qs_span *span)
{
    const qs_str text = qs_str_slice(source, span->start, span->end);
    size_t chars = span->char_start;
    size_t first = chars;
    bool open = true;
    qs_buf_add_u64(out, first);
    for (size_t i = 0; i < text.len; i++) {
        const bool line = text.ptr[i] == '\n' || text.ptr[i] == '\r';
        if (line && open) {
            qs_buf_add_char(out, ' ');
            qs_buf_add_u64(out, chars);
            open = false;
        } else if (!line && !open) {
            qs_buf_add_char(out, ';');
            qs_buf_add_u64(out, chars);
            open = true;
        }
        chars += ((unsigned char)text.ptr[i] & 0xc0) != 0x80;
    }
    qs_buf_add_char(out, ' ');
    qs_buf_add_u64(out, span->char_end);
    add_cell(out, text);
    qs_buf_add_char(out, '\n');
}

/* Counts code points along a text. */
typedef struct counter {
    qs_str text;
    size_t at;
    size_t chars;
} counter;

static size_t count_to(counter *c, size_t at)
{
    if (at >= c->at)
        c->chars += qs_utf8_count(qs_str_slice(c->text, c->at, at), at - c->at);
    else
        c->chars -= qs_utf8_count(qs_str_slice(c->text, at, c->at), c->at - at);
    c->at = at;
    return c->chars;
}

/* `words` are a part of the counted text. */
static size_t add_brat_entity(qs_buf *out, size_t *next, const char *type, counter *c, qs_str words)
{
    const size_t number = (*next)++;
    const size_t start = (size_t)(words.ptr - c->text.ptr);
    qs_span span = {.start = start, .end = start + words.len};
    span.char_start = count_to(c, span.start);
    span.char_end = count_to(c, span.end);
    qs_buf_addf(out, "T%zu\t%s ", number, type);
    add_brat_places(out, c->text, &span);
    return number;
}

void qs_quotes_write_brat(qs_buf *out, const qs_quotes *quotes)
{
    static const char *const types[] = {"Direct", "Mixed", "Indirect", "Scare"};
    counter c = {.text = qs_article_text(qs_quotes_article(quotes))};
    size_t next = 1;
    size_t relation = 1;
    for (size_t i = 0; i < qs_quotes_count(quotes); i++) {
        const qs_quote *q = qs_quotes_at(quotes, i);
        const size_t content = add_brat_entity(out, &next, types[q->type], &c, q->text);
        if (q->speaker.mention.text.ptr != NULL) {
            const size_t speaker = add_brat_entity(out, &next, "Speaker", &c, q->speaker.mention.text);
            qs_buf_addf(out, "R%zu\tSaid Arg1:T%zu Arg2:T%zu\n", relation++, speaker, content);
        }
        if (q->cue.text.ptr != NULL) {
            const size_t cue = add_brat_entity(out, &next, "Cue", &c, q->cue.text);
            qs_buf_addf(out, "R%zu\tReports Arg1:T%zu Arg2:T%zu\n", relation++, cue, content);
        }
    }
}

static void add_citron_span(qs_buf *out, qs_str text, const qs_span *span)
{
    qs_buf_add_text(out, "{\"text\":");
    qs_buf_add_json(out, text);
    qs_buf_addf(out, ",\"start\":%zu,\"end\":%zu}", span->char_start, span->char_end);
}

void qs_quotes_write_citron(qs_buf *out, const qs_quotes *quotes)
{
    qs_buf_add_text(out, "{\"doc\":");
    qs_buf_add_json(out, qs_str_of(qs_article_name(qs_quotes_article(quotes))));
    qs_buf_add_text(out, ",\"quotes\":[");
    for (size_t i = 0; i < qs_quotes_count(quotes); i++) {
        const qs_quote *q = qs_quotes_at(quotes, i);
        qs_buf_add_text(out, i == 0 ? "{\"cue\":" : ",{\"cue\":");
        if (q->cue.text.ptr == NULL)
            qs_buf_add_text(out, "null");
        else
            add_citron_span(out, q->cue.text, &q->cue.span);
        qs_buf_add_text(out, ",\"sources\":[");
        if (q->speaker.mention.text.ptr != NULL)
            add_citron_span(out, q->speaker.mention.text, &q->speaker.mention.span);
        qs_buf_add_text(out, "],\"contents\":[");
        add_citron_span(out, q->text, &q->span);
        qs_buf_add_text(out, "],\"coreferences\":[");
        if (q->speaker.canonical.ptr != NULL)
            qs_buf_add_json(out, q->speaker.canonical);
        qs_buf_add_text(out, "],\"confidence\":");
        qs_buf_add_fixed(out, q->confidence, 3);
        qs_buf_add_char(out, '}');
    }
    qs_buf_add_text(out, "]}");
}
