/* Making an article from pieces of a source: what every reader ends in. SPDX-License-Identifier: MIT */
#ifndef QS_ARTICLE_BUILD_H
#define QS_ARTICLE_BUILD_H

#include <stdbool.h>

#include "base/alloc.h"
#include "quotestance/article.h"

/** The zone of a block that the reader leaves to the rules for plain text. */
#define QS_ZONE_GUESS ((qs_zone)-1)

/** Adds fields and pieces of text in order, then hands the article over. One thread at a time.
 *  After a failure only qs_article_builder_destroy is allowed. */
typedef struct qs_article_builder qs_article_builder;

/** *out [owned]. `name` may be NULL. [copied]. QS_ENOMEM. */
QS_NODISCARD qs_status qs_article_builder_create(qs_article_builder **out, const char *name, qs_error *err);

/** Starts a field whose untouched bytes are `source` [copied]; pieces that follow stand in it. `field_name`
 *  must be a string constant, such as "text". QS_ENOMEM, QS_ELIMIT. */
QS_NODISCARD qs_status qs_article_builder_field(qs_article_builder *builder, const char *field_name,
                                                qs_str source, qs_error *err);

/** Starts a block (a paragraph, heading or caption element). With QS_ZONE_GUESS the block is split into
 *  paragraphs as plain text is; with a zone it is one paragraph. */
QS_NODISCARD qs_status qs_article_builder_block(qs_article_builder *builder, qs_zone zone, qs_error *err);

/** Adds UTF-8 `text` that stands at [source_start, source_start + source_len) of the field. Where both are of
 *  one length the piece maps byte by byte; else (an entity, another encoding) it maps as a whole. Source
 *  places must not go backwards within a field. QS_ENOMEM, QS_ELIMIT. */
QS_NODISCARD qs_status qs_article_builder_text(qs_article_builder *builder, qs_str text, size_t source_start,
                                               size_t source_len, qs_error *err);

/** Ends building. *out [owned] by the caller; the builder must still be destroyed. QS_ENOMEM. */
QS_NODISCARD qs_status qs_article_builder_finish(qs_article **out, qs_article_builder *builder,
                                                 qs_error *err);

/** NULL is fine. */
void qs_article_builder_destroy(qs_article_builder *builder);

#endif
