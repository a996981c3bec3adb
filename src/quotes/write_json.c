/* The quote record as JSON; the order of the keys is fixed. SPDX-License-Identifier: MIT */
#include "quotes/write.h"

#include "base/number.h"

static const char *const flag_names[] = {"unclosed", "continued", "missing_close", "missing_open", "negated",
                                         "modal",    "floating",  "ambiguous",     "question",     "truncated"};
static const char *const kind_names[] = {"name", "pronoun", "noun", "organisation"};

static void add_number(qs_buf *out, const char *key, size_t number)
{
    qs_buf_add_text(out, key);
    qs_buf_add_u64(out, number);
}

static void add_id(qs_buf *out, const char *key, size_t id)
{
    qs_buf_add_text(out, key);
    if (id == QS_NO_QUOTE)
        qs_buf_add_text(out, "null");
    else
        qs_buf_add_u64(out, id);
}

static void add_string(qs_buf *out, const char *key, qs_str text)
{
    qs_buf_add_text(out, key);
    if (text.ptr == NULL)
        qs_buf_add_text(out, "null");
    else
        qs_buf_add_json(out, text);
}

static void add_span(qs_buf *out, const qs_span *span)
{
    add_number(out, "\"start\":", span->start);
    add_number(out, ",\"end\":", span->end);
    add_number(out, ",\"char_start\":", span->char_start);
    add_number(out, ",\"char_end\":", span->char_end);
}

static void add_speaker(qs_buf *out, const char *key, const qs_speaker *speaker)
{
    qs_buf_add_text(out, key);
    if (speaker->mention.text.ptr == NULL) {
        qs_buf_add_text(out, "null");
        return;
    }
    add_string(out, "{\"text\":", speaker->mention.text);
    qs_buf_add_char(out, ',');
    add_span(out, &speaker->mention.span);
    add_string(out, ",\"kind\":", qs_str_of(kind_names[speaker->kind]));
    add_string(out, ",\"canonical\":", speaker->canonical);
    add_string(out, ",\"title\":", speaker->title);
    add_string(out, ",\"resolved_by\":", qs_str_of(speaker->resolved_by));
    qs_buf_add_char(out, '}');
}

static void add_fragments(qs_buf *out, const qs_quote *quote)
{
    qs_buf_add_text(out, ",\"fragments\":[");
    for (size_t i = 0; i < quote->fragment_count; i++) {
        const qs_fragment *f = &quote->fragments[i];
        qs_buf_add_text(out, i == 0 ? "{" : ",{");
        add_span(out, &f->span);
        add_number(out, ",\"inner_start\":", f->inner.start);
        add_number(out, ",\"inner_end\":", f->inner.end);
        add_string(out, ",\"open\":", f->open.len > 0 ? f->open : qs_str_make(NULL, 0));
        add_string(out, ",\"close\":", f->close.len > 0 ? f->close : qs_str_make(NULL, 0));
        qs_buf_add_text(out, f->closed ? ",\"closed\":true}" : ",\"closed\":false}");
    }
    qs_buf_add_char(out, ']');
}

static void add_cue(qs_buf *out, const qs_quote *quote)
{
    if (quote->cue.text.ptr == NULL) {
        qs_buf_add_text(out, ",\"cue\":null");
        return;
    }
    add_string(out, ",\"cue\":{\"text\":", quote->cue.text);
    add_string(out, ",\"lemma\":", quote->cue_lemma);
    qs_buf_add_char(out, ',');
    add_span(out, &quote->cue.span);
    qs_buf_add_char(out, '}');
}

void qs_quote_write_json(qs_buf *out, const qs_quotes *quotes, const qs_quote *quote, qs_str more)
{
    const qs_article *article = qs_quotes_article(quotes);
    add_string(out, "{\"doc\":", qs_str_of(qs_article_name(article)));
    add_number(out, ",\"id\":", quote->id);
    add_string(out, ",\"type\":", qs_str_of(qs_quote_type_name(quote->type)));
    add_string(out, ",\"zone\":", qs_str_of(qs_zone_name(quote->zone)));
    add_string(out, ",\"field\":", qs_str_of(qs_article_field_name(article, quote->field)));
    add_string(out, ",\"text\":", quote->text);
    qs_buf_add_char(out, ',');
    add_span(out, &quote->span);
    add_fragments(out, quote);
    add_number(out, ",\"group\":", quote->group);
    add_id(out, ",\"continues\":", quote->continues);
    add_id(out, ",\"nested_in\":", quote->nested_in);
    add_speaker(out, ",\"speaker\":", &quote->speaker);
    add_speaker(out, ",\"addressee\":", &quote->addressee);
    add_speaker(out, ",\"reported_by\":", &quote->reported_by);
    add_cue(out, quote);
    add_string(out, ",\"pattern\":", qs_str_of(quote->pattern));
    qs_buf_add_text(out, ",\"flags\":[");
    bool first = true;
    for (size_t i = 0; i < sizeof flag_names / sizeof *flag_names; i++)
        if ((quote->flags & 1u << i) != 0) {
            add_string(out, first ? "" : ",", qs_str_of(flag_names[i]));
            first = false;
        }
    qs_buf_add_text(out, "],\"confidence\":");
    qs_buf_add_fixed(out, quote->confidence, 3);
    qs_buf_add_str(out, more);
    qs_buf_add_char(out, '}');
}
