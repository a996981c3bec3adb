/* Parts of the page of an evaluation. SPDX-License-Identifier: MIT */
#ifndef QS_REPORT_HTML_PARTS_H
#define QS_REPORT_HTML_PARTS_H

#include "report/page.h"

/** Starts a table that may be wider than a phone: it scrolls by itself, with the keyboard too. `about` tells tables of one
 *  kind apart for screen readers. */
void qs_html_start_table(qs_buf *buf, const char *caption, qs_str about);
void qs_html_end_table(qs_buf *buf);
/** A cell with a count; with thousands separated. */
void qs_html_count_cell(qs_buf *buf, uint64_t count);
/** A cell with a figure and its interval. */
void qs_html_number_cell(qs_buf *buf, double value, qs_interval interval);
/** The name of a metric in words: "macro F1". */
void qs_html_metric_words(qs_buf *buf, const char *name);
/** The figure of the same set in the baseline; NaN if there is none. Without memory `buf` has failed. */
double qs_html_value_before(qs_buf *buf, const qs_metric_set *set, qs_metric metric, const qs_baseline *baseline);

/** Headline figures, labels, confusion, plots and all figures of a head or of all rows. */
void qs_html_add_set(qs_buf *buf, const qs_metric_set *set, const qs_baseline *baseline);
/** The headline figures with their intervals drawn, and the baseline's beside them. */
void qs_html_add_intervals(qs_buf *buf, const qs_metric_set *set, const qs_baseline *baseline);
/** Curves, reliability and how sure the model is; nothing without probabilities. */
void qs_html_add_plots(qs_buf *buf, const qs_metric_set *set);
/** One table for each slice column. */
void qs_html_add_slices(qs_buf *buf, const qs_metrics *metrics, const qs_baseline *baseline);
/** The worst wrong rows with their causes. */
void qs_html_add_worst(qs_buf *buf, const qs_metrics *metrics);

#endif
