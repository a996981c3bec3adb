/* Plain text to an article. SPDX-License-Identifier: MIT */
#include <assert.h>

#include "article/build.h"

/* A field that is its own text, as one block; a byte order mark stays in the source only. */
static qs_status add_plain(qs_article_builder *builder, const char *field_name, qs_str bytes, qs_zone zone,
                           qs_error *err)
{
    const size_t mark = bytes.len >= 3 && memcmp(bytes.ptr, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    qs_status status = qs_article_builder_field(builder, field_name, bytes, err);
    if (status == QS_OK)
        status = qs_article_builder_block(builder, zone, err);
    if (status == QS_OK)
        status = qs_article_builder_text(builder, qs_str_slice(bytes, mark, bytes.len), mark, bytes.len - mark,
                                         err);
    return status;
}

qs_status qs_article_parse_plain(qs_article **out, qs_str bytes, const char *name, qs_error *err)
{
    assert(out != NULL);
    return qs_article_parse_fields(out, qs_str_make(NULL, 0), bytes, name, err);
}

qs_status qs_article_parse_fields(qs_article **out, qs_str title, qs_str text, const char *name, qs_error *err)
{
    assert(out != NULL);
    *out = NULL;
    qs_article_builder *builder = NULL;
    qs_status status = qs_article_builder_create(&builder, name, err);
    if (status == QS_OK && title.len > 0)
        status = add_plain(builder, "title", title, QS_ZONE_HEADLINE, err);
    if (status == QS_OK)
        status = add_plain(builder, "text", text, QS_ZONE_GUESS, err);
    if (status == QS_OK)
        status = qs_article_builder_finish(out, builder, err);
    qs_article_builder_destroy(builder);
    return status;
}
