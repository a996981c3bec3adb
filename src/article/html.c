/* A web page to an article. SPDX-License-Identifier: MIT */
#include <assert.h>
#include <string.h>
#include <strings.h>

#include "article/build.h"
#include "article/html_parts.h"
#include "text/utf8.h"

/* A verbatim piece of a page that was decoded: character by character, since their lengths differ. */
static qs_status add_characters(qs_article_builder *builder, qs_str text, size_t page_start, const qs_html_page *page,
                                qs_error *err)
{
    qs_status status = QS_OK;
    for (size_t at = 0; at < text.len && status == QS_OK;) {
        uint32_t c = 0;
        const size_t length = qs_utf8_decode(text, at, &c);
        const size_t start = page->origin[page_start + at];
        status = qs_article_builder_text(builder, qs_str_slice(text, at, at + length), start,
                                         page->origin[page_start + at + length] - start, err);
        at += length;
    }
    return status;
}

/* Adds one chosen block; a piece that the end of the block cuts is cut with it. */
static qs_status add_block(qs_article_builder *builder, const qs_html_blocks *blocks, const qs_html_block *block,
                           const qs_html_page *page, qs_error *err)
{
    qs_status status = qs_article_builder_block(builder, block->zone, err);
    for (size_t i = block->first_piece; i < block->piece_end && status == QS_OK; i++) {
        const qs_html_piece *piece = &blocks->pieces[i];
        if (piece->text_start >= block->text_end)
            break;
        const bool exact = piece->text_len == piece->page_len;
        const size_t room = block->text_end - piece->text_start;
        const size_t text_len = piece->text_len < room ? piece->text_len : room;
        const qs_str text = qs_str_make(blocks->text.ptr + piece->text_start, text_len);
        const size_t start = piece->page_start;
        const size_t end = start + (exact ? text_len : piece->page_len);
        if (page->origin == NULL)
            status = qs_article_builder_text(builder, text, start, end - start, err);
        else if (exact)
            status = add_characters(builder, text, start, page, err);
        else
            status = qs_article_builder_text(builder, text, page->origin[start],
                                             page->origin[end] - page->origin[start], err);
    }
    return status;
}

qs_status qs_article_parse_html(qs_article **out, qs_str bytes, const char *name, qs_error *err)
{
    assert(out != NULL);
    *out = NULL;
    qs_html_page page = {0};
    qs_html_blocks blocks = {0};
    qs_article_builder *builder = NULL;
    qs_status status = qs_html_decode(&page, bytes, err);
    if (status == QS_OK && page.text.len > 0 && memchr(page.text.ptr, '\0', page.text.len) != NULL)
        status = qs_fail(err, QS_EINPUT, "a NUL character");
    if (status == QS_OK)
        status = qs_html_read(&blocks, page.text, err);
    if (status == QS_OK)
        qs_html_choose(&blocks);
    if (status == QS_OK)
        status = qs_article_builder_create(&builder, name, err);
    if (status == QS_OK)
        status = qs_article_builder_field(builder, "text", bytes, err);
    for (size_t i = 0; i < blocks.count && status == QS_OK; i++)
        if (blocks.items[i].chosen)
            status = add_block(builder, &blocks, &blocks.items[i], &page, err);
    if (status == QS_OK)
        status = qs_article_builder_finish(out, builder, err);
    qs_article_builder_destroy(builder);
    qs_html_blocks_free(&blocks);
    qs_html_page_free(&page);
    return status;
}

/* "<!doctype html" or "<html" at the start, after white space and comments. */
static bool looks_like_html(qs_str bytes)
{
    static const char *const starts[] = {"<!doctype html", "<html", "<head", "<body"};
    size_t at = bytes.len >= 3 && memcmp(bytes.ptr, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    for (;;) {
        while (at < bytes.len && (bytes.ptr[at] == ' ' || (bytes.ptr[at] >= '\t' && bytes.ptr[at] <= '\r')))
            at++;
        if (bytes.len - at < 4 || memcmp(bytes.ptr + at, "<!--", 4) != 0)
            break;
        while (at + 3 <= bytes.len && memcmp(bytes.ptr + at, "-->", 3) != 0)
            at++;
        at = at + 3 < bytes.len ? at + 3 : bytes.len;
    }
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (bytes.len - at >= strlen(starts[i]) && strncasecmp(bytes.ptr + at, starts[i], strlen(starts[i])) == 0)
            return true;
    return false;
}

qs_format qs_article_format(qs_str bytes, const char *path)
{
    const qs_format format = path == NULL ? QS_FORMAT_AUTO : qs_format_from_path(path);
    if (format != QS_FORMAT_AUTO)
        return format == QS_FORMAT_HTML ? QS_FORMAT_HTML : QS_FORMAT_TEXT;
    return looks_like_html(bytes) ? QS_FORMAT_HTML : QS_FORMAT_TEXT;
}
