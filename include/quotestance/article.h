/* An article: untouched bytes, and the paragraphs and zones found in them. SPDX-License-Identifier: MIT */
#ifndef QUOTESTANCE_ARTICLE_H
#define QUOTESTANCE_ARTICLE_H

#include "quotestance/rows.h"
#include "quotestance/status.h"
#include "quotestance/str.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What part of a page a paragraph is. */
typedef enum qs_zone {
    QS_ZONE_HEADLINE,   /**< the title */
    QS_ZONE_DECK,       /**< the lines under the title that sum the article up */
    QS_ZONE_CAPTION,    /**< words under a picture */
    QS_ZONE_DATELINE,   /**< date, section or place line */
    QS_ZONE_BYLINE,     /**< who wrote it */
    QS_ZONE_BODY,       /**< the running text */
    QS_ZONE_SUBHEADING, /**< a heading between paragraphs */
    QS_ZONE_OTHER       /**< navigation, legal lines and the like: never searched for quotes */
} qs_zone;

/** The name of a zone as it stands in the output, such as "headline". [borrowed: static]. Any thread. */
QS_API const char *qs_zone_name(qs_zone zone);

/** An article. Immutable once made: any number of threads may read it. */
typedef struct qs_article qs_article;

/** One paragraph of an article; start and end are offsets into qs_article_text. */
typedef struct qs_paragraph {
    size_t start; /**< first byte */
    size_t end;   /**< byte after the last; trailing space is outside */
    qs_zone zone; /**< what the paragraph is */
    size_t field; /**< the field of the source it stands in; see qs_article_field_name */
} qs_paragraph;

/** A place in the source: bytes and code points from the start of its field, end exclusive. */
typedef struct qs_span {
    size_t start;      /**< first byte */
    size_t end;        /**< byte after the last */
    size_t char_start; /**< first code point; an invalid byte counts as one */
    size_t char_end;   /**< code point after the last */
} qs_span;

/** Reads plain text. `bytes` are UTF-8, copied and kept as they are; invalid bytes stay and count one each.
 *  `name` (may be NULL) is what the output calls the document. [copied].
 *  *out [owned]: qs_article_destroy; NULL on failure. QS_ENOMEM, QS_ELIMIT (4 GiB or more). */
QS_API QS_NODISCARD qs_status qs_article_parse_plain(qs_article **out, qs_str bytes, const char *name,
                                                     qs_error *err);

/** Reads a title and a text that come apart, as in a JSON record. The fields are "title" and "text":
 *  spans count from the start of their own field. With an empty title there is only "text". As qs_article_parse_plain otherwise. */
QS_API QS_NODISCARD qs_status qs_article_parse_fields(qs_article **out, qs_str title, qs_str text,
                                                      const char *name, qs_error *err);

/** Reads a web page. `bytes` may be in any encoding: told by a byte order mark, by the page itself, else UTF-8 or
 *  Windows-1252. Headline, deck, caption, date, byline, headings and body are told apart by elements, classes, length
 *  and link density; scripts, navigation and other clutter are left out; entities are resolved and white space is
 *  squeezed in the text, while spans count the untouched bytes. A damaged page is read as far as it goes. As
 *  qs_article_parse_plain otherwise; QS_ELIMIT also for elements nested more than 1,000 deep. */
QS_API QS_NODISCARD qs_status qs_article_parse_html(qs_article **out, qs_str bytes, const char *name,
                                                    qs_error *err);

/** QS_FORMAT_HTML or QS_FORMAT_TEXT: by the end of `path` (NULL: unknown), else by the first bytes. Any thread. */
QS_API qs_format qs_article_format(qs_str bytes, const char *path);

/** Releases an article; NULL is fine. */
QS_API void qs_article_destroy(qs_article *article);

/** The document's name, "" if none was given. [borrowed: article] */
QS_API const char *qs_article_name(const qs_article *article);

/** The text that is searched for quotes, UTF-8: all fields, entities resolved. For plain text these are the
 *  bytes given. [borrowed: article] */
QS_API qs_str qs_article_text(const qs_article *article);

/** Number of paragraphs. */
QS_API size_t qs_article_paragraph_count(const qs_article *article);

/** Paragraph `index` (< count), in the order of the text. */
QS_API qs_paragraph qs_article_paragraph(const qs_article *article, size_t index);

/** The first paragraph whose zone is the headline, or the empty view. [borrowed: article] */
QS_API qs_str qs_article_headline(const qs_article *article);

/** The name of a field: "text" or "title". [borrowed: static] */
QS_API const char *qs_article_field_name(const qs_article *article, size_t field);

/** The untouched bytes of a field. [borrowed: article] */
QS_API qs_str qs_article_source(const qs_article *article, size_t field);

/** Where [start, end) of qs_article_text stands in the source. */
QS_API qs_span qs_article_source_span(const qs_article *article, size_t start, size_t end);

#ifdef __cplusplus
}
#endif

#endif
