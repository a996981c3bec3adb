/* The frame of an HTML page, and plots in SVG. SPDX-License-Identifier: MIT */
#ifndef QS_REPORT_PAGE_H
#define QS_REPORT_PAGE_H

#include "report/markup.h"

/** Everything up to the content: title of the window and heading (escaped here), style, policy against anything
 *  from outside. */
void qs_page_start(qs_buf *buf, qs_str title, const char *heading);
/** Everything after it. */
void qs_page_end(qs_buf *buf);

/** A line of a plot; values in [0, 1]. */
typedef struct qs_plot_line {
    qs_str name;
    const qs_curve_point *points;
    size_t count;
} qs_plot_line;

/** A square plot of up to 6 lines over the unit square as a figure with a legend; `diagonal`: also the line of
 *  chance or of perfect calibration. */
void qs_page_plot(qs_buf *buf, const char *title, const char *x, const char *y, const qs_plot_line *lines,
                  size_t count, int diagonal);

/** Bars over tenths of [0, 1]: `all` in each, of which `part` is drawn solid. */
void qs_page_bars(qs_buf *buf, const char *title, const char *x, const char *part_name, const uint64_t *all,
                  const uint64_t *part);

#endif
