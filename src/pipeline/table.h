/* Cells of text tables, safe for terminals, TSV and CSV. SPDX-License-Identifier: MIT */
#ifndef QS_PIPELINE_TABLE_H
#define QS_PIPELINE_TABLE_H

#include "base/buf.h"

/** Adds `text` in exactly `width` columns: cut with "..." or filled with spaces; 0: as long as it is. White space becomes one
 *  space; controls and direction overrides, which could drive a terminal, are left out. Wide characters count 2. */
void qs_add_cell(qs_buf *out, qs_str text, size_t width);

/** Adds `text` cleaned as by qs_add_cell, broken at spaces into lines of at most `width` columns, each but the first after
 *  `indent` spaces; at most `lines` lines, the last cut with "...". No line end at the end. */
void qs_add_wrapped(qs_buf *out, qs_str text, size_t width, size_t indent, size_t lines);

/** Adds a TSV value: tabs and line ends become spaces. */
void qs_add_tsv(qs_buf *out, qs_str text);

/** Adds a CSV value, quoted where RFC 4180 asks for it. */
void qs_add_csv(qs_buf *out, qs_str text);

#endif
