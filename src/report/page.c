/* The frame of an HTML page, and plots in SVG. SPDX-License-Identifier: MIT */
#include "report/page.h"

#define LINES 6
#define LEFT 44
#define TOP 10
#define SIDE 240 /* of the plotted square */

static const char style[] =
    ":root{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--line:#d0d7de;--paper:#fff;--panel:#f6f8fa;"
    "--good:#116329;--bad:#a40e26;--heat:9 105 218;--c0:#0550ae;--c1:#953800;--c2:#116329;--c3:#8250df;--c4:#a40e26;"
    "--c5:#57606a;--favor:#dafbe1;--against:#ffebe9;--none:#eaeef2}"
    "@media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9ba5b0;--line:#3d444d;--paper:#0d1117;"
    "--panel:#161b22;--good:#56d364;--bad:#ff7b72;--heat:56 139 253;--c0:#79c0ff;--c1:#ffa657;--c2:#56d364;"
    "--c3:#d2a8ff;--c4:#ff7b72;--c5:#b1bac4;--favor:#12371f;--against:#4a1618;--none:#2a3038}}"
    "*{box-sizing:border-box}body{margin:0 auto;max-width:72rem;padding:1.5rem 1rem 4rem;background:var(--paper);"
    "color:var(--ink);font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}"
    "h1{font-size:1.6rem;margin:0 0 .25rem}h2{font-size:1.25rem;margin:2.5rem 0 .5rem;border-top:1px solid var(--line);"
    "padding-top:1rem}h3{font-size:1rem;margin:1.5rem 0 .5rem}p{margin:.5rem 0}.soft{color:var(--soft)}"
    ".cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(10.5rem,1fr));gap:.75rem;margin:1rem 0;padding:0;"
    "list-style:none}.cards li{background:var(--panel);border:1px solid var(--line);border-radius:.5rem;"
    "padding:.6rem .8rem}.cards b{display:block;font-size:1.5rem;font-variant-numeric:tabular-nums}"
    ".cards span{display:block;font-size:.8rem;color:var(--soft)}"
    ".scroll{overflow-x:auto}.scroll:focus-visible{outline:2px solid var(--c0)}"
    "table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums;margin:.5rem 0}"
    "caption{text-align:left;color:var(--soft);font-size:.85rem;padding-bottom:.25rem}"
    "th,td{padding:.3rem .6rem;border-bottom:1px solid var(--line);text-align:right;vertical-align:top}"
    "th[scope=row],td.text,th.text{text-align:left;font-weight:400}thead th{font-weight:600;color:var(--soft)}"
    "td.heat{background:rgb(var(--heat)/calc(var(--share)*.45));min-width:3.5rem}"
    ".met{color:var(--good);font-weight:600}.missed{color:var(--bad);font-weight:600}"
    ".plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(17rem,1fr));gap:1rem}"
    "figure{margin:0;background:var(--panel);border:1px solid var(--line);border-radius:.5rem;padding:.75rem}"
    "figcaption{font-weight:600;margin-bottom:.25rem}svg{width:100%;max-width:22rem;height:auto;display:block}"
    "svg text{fill:var(--soft);font:11px system-ui,sans-serif}.axis{stroke:var(--line);fill:none}"
    ".chance{stroke:var(--soft);stroke-dasharray:3 4;fill:none}.l{fill:none;stroke-width:2}"
    ".l0{stroke:var(--c0)}.l1{stroke:var(--c1);stroke-dasharray:8 3}.l2{stroke:var(--c2);stroke-dasharray:2 2}"
    ".l3{stroke:var(--c3);stroke-dasharray:10 3 2 3}.l4{stroke:var(--c4);stroke-dasharray:5 5}.l5{stroke:var(--c5)}"
    ".all{fill:var(--line)}.part{fill:var(--c0)}"
    ".legend{list-style:none;padding:0;margin:.25rem 0 0;font-size:.8rem;display:flex;flex-wrap:wrap;gap:.1rem 1rem}"
    ".legend svg{width:1.75rem;display:inline-block;vertical-align:middle;margin-right:.3rem}"
    "mark{color:inherit;background:var(--none);border-radius:.2rem;padding:.1em .15em;-webkit-box-decoration-break:clone;"
    "box-decoration-break:clone}mark.favor{background:var(--favor);border-bottom:2px solid var(--good)}"
    "mark.against{background:var(--against);border-bottom:2px dashed var(--bad)}"
    "mark.none{border-bottom:2px dotted var(--soft)}.tag{font-size:.75rem;color:var(--soft);margin-left:.3rem}"
    "article{max-width:44rem}article p{margin:.8rem 0;white-space:pre-wrap}"
    "@media print{:root{color-scheme:light}body{max-width:none;padding:0}figure,table,.cards li{break-inside:avoid}"
    ".scroll{overflow:visible}mark,td.heat{print-color-adjust:exact;-webkit-print-color-adjust:exact}}";

void qs_page_start(qs_buf *buf, qs_str title)
{
    qs_buf_add_text(buf, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
                         "'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
                         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                         "<meta name=\"referrer\" content=\"no-referrer\">\n"
                         "<link rel=\"icon\" href=\"data:,\">\n<title>");
    qs_markup_text(buf, title);
    qs_buf_add_text(buf, "</title>\n<style>");
    qs_buf_add_text(buf, style);
    qs_buf_add_text(buf, "</style>\n</head>\n<body>\n<main>\n<h1>");
    qs_markup_text(buf, title);
    qs_buf_add_text(buf, "</h1>\n");
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
