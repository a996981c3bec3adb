/* The article model: fields of untouched bytes, the text made of them, and the map between the two.
 * SPDX-License-Identifier: MIT */
#include <assert.h>

#include "article/build.h"
#include "article/zones.h"
#include "base/buf.h"
#include "text/paragraph.h"
#include "text/utf8.h"

/* Every how many bytes of a field the code points before it are noted down. */
enum { CHECKPOINT = 512 };

/* A code point border: its byte and the code points before it. */
typedef struct checkpoint {
    uint32_t byte;
    uint32_t chars;
} checkpoint;

typedef struct field {
    const char *name;
    qs_buf source;
    checkpoint *checkpoints; /* one for every CHECKPOINT bytes */
    bool ascii;
} field;

/* A piece of text and its place in the source. */
typedef struct run {
    size_t text_start;
    size_t text_len;
    size_t field;
    size_t source_start;
    size_t source_len;
} run;

struct qs_article {
    char *name;
    field fields[2];
    size_t field_count;
    qs_buf text; /* empty if the one field is the text */
    qs_str view;
    run *runs;
    size_t run_count;
    size_t run_capacity;
    qs_paragraph *paragraphs;
    size_t paragraph_count;
    size_t paragraph_capacity;
};

/* A block as the reader named it. */
typedef struct block {
    size_t start;
    size_t field;
    qs_zone zone;
} block;

struct qs_article_builder {
    qs_article *article;
    block *blocks;
    size_t block_count;
    size_t block_capacity;
};

static const char *const zone_names[] = {"headline", "deck", "caption",    "dateline",
                                         "byline",   "body", "subheading", "other"};

const char *qs_zone_name(qs_zone zone)
{
    return (size_t)zone < sizeof zone_names / sizeof *zone_names ? zone_names[zone] : "other";
}

void qs_article_destroy(qs_article *article)
{
    if (article == NULL)
        return;
    for (size_t i = 0; i < article->field_count; i++) {
        qs_buf_free(&article->fields[i].source);
        qs_free(article->fields[i].checkpoints);
    }
    qs_buf_free(&article->text);
    qs_free(article->runs);
    qs_free(article->paragraphs);
    qs_free(article->name);
    qs_free(article);
}

qs_status qs_article_builder_create(qs_article_builder **out, const char *name, qs_error *err)
{
    assert(out != NULL);
    *out = NULL;
    const size_t length = name == NULL ? 0 : strlen(name);
    qs_article_builder *builder = qs_alloc_zero(1, sizeof *builder);
    if (builder == NULL)
        return qs_fail(err, QS_ENOMEM, "article");
    builder->article = qs_alloc_zero(1, sizeof *builder->article);
    if (builder->article != NULL)
        builder->article->name = qs_alloc(length + 1, 1);
    if (builder->article == NULL || builder->article->name == NULL) {
        qs_article_builder_destroy(builder);
        return qs_fail(err, QS_ENOMEM, "article");
    }
    if (length > 0)
        memcpy(builder->article->name, name, length);
    builder->article->name[length] = '\0';
    *out = builder;
    return QS_OK;
}

void qs_article_builder_destroy(qs_article_builder *builder)
{
    if (builder == NULL)
        return;
    qs_article_destroy(builder->article);
    qs_free(builder->blocks);
    qs_free(builder);
}

static qs_status count_code_points(field *f, qs_error *err)
{
    const qs_str source = qs_buf_view(&f->source);
    f->ascii = true;
    for (size_t i = 0; i < source.len && f->ascii; i++)
        f->ascii = (unsigned char)source.ptr[i] < 0x80;
    if (f->ascii)
        return QS_OK;
    f->checkpoints = qs_alloc(source.len / CHECKPOINT + 2, sizeof *f->checkpoints);
    if (f->checkpoints == NULL)
        return qs_fail(err, QS_ENOMEM, "code point table");
    uint32_t count = 0;
    uint32_t c = 0;
    size_t next = 0;
    for (size_t at = 0; at < source.len; count++) {
        const size_t length = qs_utf8_decode(source, at, &c);
        if (at + length > next * CHECKPOINT) /* the last border at or before the slot's first byte */
            f->checkpoints[next++] = (checkpoint){(uint32_t)at, count};
        at += length;
    }
    f->checkpoints[next] = (checkpoint){(uint32_t)source.len, count};
    return QS_OK;
}

qs_status qs_article_builder_field(qs_article_builder *builder, const char *field_name, qs_str source,
                                   qs_error *err)
{
    qs_article *article = builder->article;
    assert(article->field_count < 2);
    if (source.len >= UINT32_MAX - 16)
        return qs_fail(err, QS_ELIMIT, "an article of %zu bytes, at most 4 GiB are allowed", source.len);
    field *f = &article->fields[article->field_count++];
    f->name = field_name;
    qs_buf_add(&f->source, source.ptr, source.len);
    const qs_status status = qs_buf_status(&f->source, err);
    return status == QS_OK ? count_code_points(f, err) : status;
}

qs_status qs_article_builder_block(qs_article_builder *builder, qs_zone zone, qs_error *err)
{
    qs_article *article = builder->article;
    assert(article->field_count > 0);
    if (article->text.len > 0 && article->text.ptr[article->text.len - 1] != '\n')
        qs_buf_add_text(&article->text, "\n\n");
    const qs_status status =
        qs_grow(&builder->blocks, &builder->block_capacity, builder->block_count + 1, sizeof(block), err);
    if (status == QS_OK)
        builder->blocks[builder->block_count++] = (block){article->text.len, article->field_count - 1, zone};
    return status;
}

qs_status qs_article_builder_text(qs_article_builder *builder, qs_str text, size_t source_start,
                                  size_t source_len, qs_error *err)
{
    qs_article *article = builder->article;
    assert(builder->block_count > 0);
    if (text.len == 0)
        return QS_OK;
    if (article->text.len + text.len >= UINT32_MAX - 16)
        return qs_fail(err, QS_ELIMIT, "an article of more than 4 GiB");
    const size_t field_index = article->field_count - 1;
    run *last = article->run_count > 0 ? &article->runs[article->run_count - 1] : NULL;
    if (last != NULL && last->field == field_index && last->text_len == last->source_len &&
        text.len == source_len && last->text_start + last->text_len == article->text.len &&
        last->source_start + last->source_len == source_start) {
        last->text_len += text.len;
        last->source_len += text.len;
    } else {
        const qs_status status =
            qs_grow(&article->runs, &article->run_capacity, article->run_count + 1, sizeof(run), err);
        if (status != QS_OK)
            return status;
        article->runs[article->run_count++] =
            (run){article->text.len, text.len, field_index, source_start, source_len};
    }
    qs_buf_add(&article->text, text.ptr, text.len);
    return qs_buf_status(&article->text, err);
}

static qs_status add_paragraph(qs_article *article, size_t start, size_t end, const block *b, qs_error *err)
{
    const qs_status status = qs_grow(&article->paragraphs, &article->paragraph_capacity,
                                     article->paragraph_count + 1, sizeof(qs_paragraph), err);
    if (status == QS_OK)
        article->paragraphs[article->paragraph_count++] = (qs_paragraph){start, end, b->zone, b->field};
    return status;
}

/* The paragraphs of one block: as many as plain text rules find, or one from end to end. */
static qs_status split_block(qs_article *article, const block *b, size_t end, qs_error *err)
{
    qs_text_ranges ranges = {0};
    qs_status status = qs_paragraphs_split(&ranges, qs_str_slice(article->view, b->start, end), err);
    if (status == QS_OK && b->zone != QS_ZONE_GUESS && ranges.count > 0)
        status = add_paragraph(article, b->start + ranges.items[0].start,
                               b->start + ranges.items[ranges.count - 1].end, b, err);
    else
        for (size_t i = 0; i < ranges.count && status == QS_OK; i++)
            status =
                add_paragraph(article, b->start + ranges.items[i].start, b->start + ranges.items[i].end, b, err);
    qs_free(ranges.items);
    return status;
}

qs_status qs_article_builder_finish(qs_article **out, qs_article_builder *builder, qs_error *err)
{
    assert(out != NULL);
    qs_article *article = builder->article;
    *out = NULL;
    qs_status status = qs_buf_status(&article->text, err);
    if (status != QS_OK)
        return status;
    article->view = qs_buf_view(&article->text);
    for (size_t i = 0; i < builder->block_count && status == QS_OK; i++)
        status = split_block(article, &builder->blocks[i],
                             i + 1 < builder->block_count ? builder->blocks[i + 1].start : article->view.len, err);
    if (status != QS_OK)
        return status;
    qs_zones_guess(article->paragraphs, article->paragraph_count, article->view, article->field_count > 1);
    builder->article = NULL;
    *out = article;
    return QS_OK;
}

const char *qs_article_name(const qs_article *article)
{
    return article->name;
}

qs_str qs_article_text(const qs_article *article)
{
    return article->view;
}

size_t qs_article_paragraph_count(const qs_article *article)
{
    return article->paragraph_count;
}

qs_paragraph qs_article_paragraph(const qs_article *article, size_t index)
{
    assert(index < article->paragraph_count);
    return article->paragraphs[index];
}

qs_str qs_article_headline(const qs_article *article)
{
    for (size_t i = 0; i < article->paragraph_count; i++)
        if (article->paragraphs[i].zone == QS_ZONE_HEADLINE)
            return qs_str_slice(article->view, article->paragraphs[i].start, article->paragraphs[i].end);
    return qs_str_make(NULL, 0);
}

const char *qs_article_field_name(const qs_article *article, size_t index)
{
    assert(index < article->field_count);
    return article->fields[index].name;
}

qs_str qs_article_source(const qs_article *article, size_t index)
{
    assert(index < article->field_count);
    return qs_buf_view(&article->fields[index].source);
}

/* The last run that starts at or before `at`. */
static const run *run_at(const qs_article *article, size_t at)
{
    size_t low = 0;
    size_t high = article->run_count;
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        if (article->runs[middle].text_start <= at)
            low = middle;
        else
            high = middle;
    }
    return article->run_count == 0 ? NULL : &article->runs[low];
}

static size_t chars_before(const field *f, size_t at)
{
    if (f->ascii)
        return at;
    const qs_str source = qs_buf_view(&f->source);
    size_t from = f->checkpoints[at / CHECKPOINT].byte;
    size_t count = f->checkpoints[at / CHECKPOINT].chars;
    uint32_t c = 0;
    while (from < at) {
        from += qs_utf8_decode(source, from, &c);
        count++;
    }
    return count;
}

qs_span qs_article_source_span(const qs_article *article, size_t start, size_t end)
{
    qs_span span = {0, 0, 0, 0};
    const run *first = run_at(article, start);
    if (first == NULL || end <= start)
        return span;
    const run *last = run_at(article, end - 1);
    const size_t into = start - first->text_start;
    const size_t until = end - last->text_start;
    span.start = first->source_start + (first->text_len == first->source_len && into < first->text_len ? into : 0);
    span.end = last->source_start + (last->text_len == last->source_len && until < last->text_len
                                         ? until : last->source_len);
    const field *f = &article->fields[first->field];
    span.char_start = chars_before(f, span.start);
    span.char_end = chars_before(f, span.end);
    return span;
}
