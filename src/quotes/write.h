/* Quotes as text: JSON, TSV, brat stand-off, Citron's JSON. SPDX-License-Identifier: MIT */
#ifndef QS_QUOTES_WRITE_H
#define QS_QUOTES_WRITE_H

#include "base/buf.h"
#include "quotestance/quotes.h"

/** The article the quotes were found in. [borrowed] */
const qs_article *qs_quotes_article(const qs_quotes *quotes);

/** Appends the record as a JSON object, without a line end. `more` (may be empty) is what comes last inside
 *  the object, such as `,"heads":{}`; it is copied as it is. */
void qs_quote_write_json(qs_buf *out, const qs_quotes *quotes, const qs_quote *quote, qs_str more);

/** Appends the header line of qs_quote_write_tsv. */
void qs_quote_write_tsv_header(qs_buf *out);

/** Appends one line of tab-separated values; tabs and line ends in texts become spaces. */
void qs_quote_write_tsv(qs_buf *out, const qs_quotes *quotes, const qs_quote *quote);

/** Appends brat stand-off annotations of all quotes; offsets are code points of qs_article_text. */
void qs_quotes_write_brat(qs_buf *out, const qs_quotes *quotes);

/** Appends one JSON object in the shape of Citron's output. */
void qs_quotes_write_citron(qs_buf *out, const qs_quotes *quotes);

#endif
