/* The frame of an HTML page, and plots in SVG. SPDX-License-Identifier: MIT */
#include "report/page.h"

#define LINES 6
#define LEFT 44
#define TOP 10
#define SIDE 240 /* of the plotted square */

extern const unsigned char qs_page_style[]; /* page.css, made by the build */
extern const size_t qs_page_style_size;

void qs_page_start(qs_buf *buf, qs_str title, const char *heading)
{
    qs_buf_add_text(buf, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src "
                         "'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
                         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                         "<meta name=\"referrer\" content=\"no-referrer\">\n"
                         "<link rel=\"icon\" href=\"data:,\">\n<title>");
    qs_markup_text(buf, title);
    qs_buf_add_text(buf, "</title>\n<style>");
    qs_buf_add(buf, qs_page_style, qs_page_style_size);
    qs_buf_add_text(buf, "</style>\n</head>\n<body>\n<header><h1>");
    qs_markup_words(buf, heading);
    qs_buf_add_text(buf, "</h1></header>\n<main>\n");
}

void qs_page_end(qs_buf *buf)
{
    qs_buf_add_text(buf, "</main>\n</body>\n</html>\n");
}

static void add_ticks(qs_buf *buf)
{
    for (int i = 0; i <= 4; i++) {
        const int at = SIDE * i / 4;
        qs_buf_addf(buf, "<path class=\"axis\" d=\"M%d %dh%dM%d %dv%d\"/>", LEFT, TOP + at, SIDE, LEFT + at, TOP, SIDE);
        qs_buf_addf(buf, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">", LEFT - 6, TOP + SIDE - at + 4);
        qs_buf_add_double(buf, i / 4.0);
        qs_buf_addf(buf, "</text><text x=\"%d\" y=\"%d\" text-anchor=\"middle\">", LEFT + at, TOP + SIDE + 16);
        qs_buf_add_double(buf, i / 4.0);
        qs_buf_add_text(buf, "</text>");
    }
}

static void start_figure(qs_buf *buf, const char *title, const char *x, const char *y)
{
    qs_buf_add_text(buf, "<figure><figcaption>");
    qs_markup_words(buf, title);
    qs_buf_addf(buf, "</figcaption><svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"", LEFT + SIDE + 14,
                TOP + SIDE + 36);
    qs_markup_words(buf, title);
    qs_buf_add_text(buf, ": ");
    qs_markup_words(buf, y);
    qs_buf_add_text(buf, " over ");
    qs_markup_words(buf, x);
    qs_buf_add_text(buf, "\">");
    qs_buf_addf(buf, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">", LEFT + SIDE / 2, TOP + SIDE + 32);
    qs_markup_words(buf, x);
    qs_buf_addf(buf, "</text><text transform=\"translate(11 %d) rotate(-90)\" text-anchor=\"middle\">", TOP + SIDE / 2);
    qs_markup_words(buf, y);
    qs_buf_add_text(buf, "</text>");
}

static void add_line(qs_buf *buf, const qs_plot_line *line, size_t number)
{
    qs_buf_addf(buf, "<path class=\"l l%zu\" d=\"M", number);
    for (size_t i = 0; i < line->count; i++) {
        qs_buf_add_char(buf, i == 0 ? ' ' : 'L');
        qs_buf_add_fixed(buf, LEFT + line->points[i].x * SIDE, 1);
        qs_buf_add_char(buf, ' ');
        qs_buf_add_fixed(buf, TOP + (1 - line->points[i].y) * SIDE, 1);
    }
    qs_buf_add_text(buf, "\"/>");
}

void qs_page_plot(qs_buf *buf, const char *title, const char *x, const char *y, const qs_plot_line *lines,
                  size_t count, int diagonal)
{
    start_figure(buf, title, x, y);
    add_ticks(buf);
    if (diagonal)
        qs_buf_addf(buf, "<path class=\"chance\" d=\"M%d %dL%d %d\"/>", LEFT, TOP + SIDE, LEFT + SIDE, TOP);
    for (size_t i = 0; i < count && i < LINES; i++)
        if (lines[i].count > 0)
            add_line(buf, &lines[i], i);
    qs_buf_add_text(buf, "</svg><ul class=\"legend\">");
    for (size_t i = 0; i < count && i < LINES; i++) {
        qs_buf_addf(buf, "<li><svg viewBox=\"0 0 28 6\" aria-hidden=\"true\"><path class=\"l l%zu\" d=\"M0 3h28\"/></svg>", i);
        qs_markup_text(buf, lines[i].name);
        qs_buf_add_text(buf, "</li>");
    }
    if (count > LINES)
        qs_buf_addf(buf, "<li>%zu more labels are in the metrics JSON</li>", count - LINES);
    qs_buf_add_text(buf, "</ul></figure>\n");
}

void qs_page_bars(qs_buf *buf, const char *title, const char *x, const char *part_name, const uint64_t *all,
                  const uint64_t *part)
{
    uint64_t most = 1;
    for (int i = 0; i < 10; i++)
        most = all[i] > most ? all[i] : most;
    start_figure(buf, title, x, "rows");
    for (int i = 0; i < 10; i++) {
        const uint64_t counts[2] = {all[i], part[i]};
        for (int k = 0; k < 2; k++) {
            const double height = (double)SIDE * (double)counts[k] / (double)most;
            qs_buf_addf(buf, "<rect class=\"%s\" x=\"%d\" width=\"20\" y=\"", k == 0 ? "all" : "part", LEFT + i * 24 + 2);
            qs_buf_add_fixed(buf, TOP + SIDE - height, 1);
            qs_buf_add_text(buf, "\" height=\"");
            qs_buf_add_fixed(buf, height, 1);
            qs_buf_add_text(buf, "\"/>");
        }
    }
    qs_buf_addf(buf, "<path class=\"axis\" d=\"M%d %dh%d\"/><text x=\"%d\" y=\"%d\" text-anchor=\"end\">", LEFT,
                TOP + SIDE, SIDE, LEFT - 6, TOP + 8);
    qs_report_count(buf, most, 0);
    qs_buf_addf(buf, "</text><text x=\"%d\" y=\"%d\">0</text><text x=\"%d\" y=\"%d\" text-anchor=\"end\">1</text></svg>",
                LEFT, TOP + SIDE + 16, LEFT + SIDE, TOP + SIDE + 16);
    qs_buf_add_text(buf, "<p class=\"soft\">solid: ");
    qs_markup_words(buf, part_name);
    qs_buf_add_text(buf, "</p></figure>\n");
}
