/* What stands behind qs_report, and writers shared by the formats. SPDX-License-Identifier: MIT */
#ifndef QS_REPORT_REPORT_H
#define QS_REPORT_REPORT_H

#include "base/buf.h"
#include "quotestance/report.h"

struct qs_report {
    qs_buf buf;
};

/** Adds text that cannot steer a terminal or reorder the line: control and bidi characters and bytes that
 *  are not UTF-8 become U+FFFD. Cut to `columns` characters (0: not cut) with an ellipsis; returns how many
 *  were added. */
size_t qs_report_plain(qs_buf *buf, qs_str text, size_t columns);

/** As qs_report_plain, filled up with spaces to `columns`. */
void qs_report_padded(qs_buf *buf, qs_str text, size_t columns);

/** A number with 3 decimals, right-aligned to `columns`; a dash if NaN. */
void qs_report_number(qs_buf *buf, double value, size_t columns);

/** A whole number with thousands separated by commas, right-aligned to `columns`. */
void qs_report_count(qs_buf *buf, uint64_t value, size_t columns);

/** Number of bytes of the character at the start of `text` (not empty), and its code point; a byte that is
 *  not UTF-8 counts as one character U+FFFD. */
size_t qs_report_character(qs_str text, uint32_t *code);

/** 1 if tables for people show the metric: those that say the same as another, or nothing where no row
 *  `abstained`, are left to the JSON. */
int qs_report_shows(qs_metric metric, int abstained);

/** 1 for control characters, bidi marks, line separators, what has no width, tags: what must not act in any output. */
int qs_report_unsafe(uint32_t code);

#endif
