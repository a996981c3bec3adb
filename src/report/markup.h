/* Text inside XML, HTML and Markdown. SPDX-License-Identifier: MIT */
#ifndef QS_REPORT_MARKUP_H
#define QS_REPORT_MARKUP_H

#include "report/report.h"

/** Adds text so that it is text in XML and HTML, in elements and in quoted attributes: & < > " ' are
 *  escaped; control and bidi characters and bytes that are not UTF-8 become U+FFFD (line feeds and tabs
 *  stay in elements and attributes alike). */
void qs_markup_text(qs_buf *buf, qs_str text);
/** As qs_markup_text, from C text. */
void qs_markup_words(qs_buf *buf, const char *text);
/** Adds text for a cell of a Markdown table: everything that could be markup is escaped, one line, at most
 *  `columns` characters. */
void qs_markup_cell(qs_buf *buf, qs_str text, size_t columns);
/** A number with `decimals`, "n/a" if NaN. */
void qs_markup_number(qs_buf *buf, double value, int decimals);
/** " [0.612, 0.640]", or nothing if not known. */
void qs_markup_interval(qs_buf *buf, qs_interval interval);

#endif
