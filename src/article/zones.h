/* Telling headline, deck, caption, date, byline and headings from running text. SPDX-License-Identifier: MIT */
#ifndef QS_ARTICLE_ZONES_H
#define QS_ARTICLE_ZONES_H

#include "quotestance/article.h"

/** Sets the zone of every paragraph that is QS_ZONE_GUESS (article/build.h). `has_title`: a title is known
 *  already, so that no line of the text is taken for it. */
void qs_zones_guess(qs_paragraph *paragraphs, size_t count, qs_str text, int has_title);

#endif
