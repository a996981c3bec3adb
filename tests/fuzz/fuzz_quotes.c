/* Any bytes as an article: every span must lie in the input, on code point borders, and select the text that the
 * record gives. SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdlib.h>

#include "quotes/write.h"
#include "text/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int fact)
{
    if (!fact)
        abort();
}

/* True if a code point starts at `at` (or the text ends there); an invalid byte is a code point of its own. */
static int is_border(qs_str text, size_t at)
{
    uint32_t c = 0;
    if (at >= text.len || ((unsigned char)text.ptr[at] & 0xc0) != 0x80)
        return at <= text.len;
    for (size_t back = 1; back <= 3 && back <= at; back++)
        if (qs_utf8_decode(text, at - back, &c) > back)
            return 0;
    return 1;
}

static void check_span(qs_str source, const qs_span *span)
{
    require(span->start <= span->end && span->end <= source.len);
    require(is_border(source, span->start) && is_border(source, span->end));
    require(span->char_start <= span->char_end && span->char_end - span->char_start <= span->end - span->start);
}

static void check_mention(qs_str source, const qs_mention *mention)
{
    if (mention->text.ptr == NULL)
        return;
    check_span(source, &mention->span);
    require(qs_str_equal(mention->text, qs_str_slice(source, mention->span.start, mention->span.end)));
}

static void check_quote(const qs_article *article, const qs_quote *q)
{
    const qs_str source = qs_article_source(article, q->field);
    check_span(source, &q->span);
    require(q->span.end > q->span.start);
    require(qs_str_equal(q->text, qs_str_slice(source, q->span.start, q->span.end)));
    require(qs_utf8_count(source, q->span.start) == q->span.char_start || q->span.start > 4096);
    check_mention(source, &q->speaker.mention);
    check_mention(source, &q->addressee.mention);
    check_mention(source, &q->cue);
    size_t from = q->span.start;
    for (size_t i = 0; i < q->fragment_count; i++) {
        const qs_fragment *f = &q->fragments[i];
        check_span(source, &f->span);
        check_span(source, &f->inner);
        require(f->span.start >= from && f->span.end <= q->span.end);
        require(f->inner.start >= f->span.start && f->inner.end <= f->span.end);
        from = f->span.end;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    qs_article *article = NULL;
    qs_quotes *quotes = NULL;
    qs_buf out = {0};
    static const char *const languages[] = {"en", "de", "fr", "es", "ru", "uk", "it", "pl", "sv", "da"};
    const qs_extract_options options = {.all_marks = size % 2 == 1, .no_indirect = size % 32 == 6,
                                        .language = size % 16 == 15 ? languages[size / 16 % 10] : NULL};
    if (qs_article_parse_plain(&article, qs_str_make((const char *)data, size), "fuzz", NULL) != QS_OK)
        return 0;
    require(qs_quotes_extract(&quotes, article, &options, NULL) == QS_OK);
    for (size_t i = 0; i < qs_quotes_count(quotes); i++) {
        const qs_quote *q = qs_quotes_at(quotes, i);
        require(q->id == i + 1 && q->group >= 1 && q->group <= q->id);
        require(q->continues == QS_NO_QUOTE || q->continues < q->id);
        require(q->nested_in == QS_NO_QUOTE || q->nested_in < q->id);
        check_quote(article, q);
        qs_quote_write_json(&out, quotes, q, qs_str_make(NULL, 0));
        qs_quote_write_tsv(&out, quotes, q);
    }
    qs_quotes_write_brat(&out, quotes);
    qs_quotes_write_citron(&out, quotes);
    require(!out.failed);
    qs_buf_free(&out);
    qs_quotes_destroy(quotes);
    qs_article_destroy(article);
    return 0;
}
