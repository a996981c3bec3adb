/* Two models compared, as a table and as JSON. SPDX-License-Identifier: MIT */
#include <math.h>

#include "report/report.h"

static void add_p(qs_buf *buf, double p)
{
    if (isnan(p))
        qs_buf_add_text(buf, "        -");
    else if (p < 0.0001)
        qs_buf_add_text(buf, "  <0.0001");
    else {
        qs_buf_add_text(buf, "   ");
        qs_buf_add_fixed(buf, p, 4);
    }
}

static void add_signed(qs_buf *buf, double value)
{
    if (isnan(value)) {
        qs_buf_add_text(buf, "       -");
        return;
    }
    qs_buf_add_text(buf, value < 0 ? "  -" : "  +");
    qs_buf_add_fixed(buf, fabs(value), 3);
}

static void add_set_table(qs_buf *buf, const qs_comparison_set *set)
{
    qs_report_padded(buf, set->name.len == 0 ? qs_str_of("(no name)") : set->name, 66);
    qs_report_count(buf, set->rows, 9);
    qs_buf_add_text(buf, " rows\n  both right ");
    qs_report_count(buf, set->both_right, 0);
    qs_buf_add_text(buf, ", only A ");
    qs_report_count(buf, set->only_a_right, 0);
    qs_buf_add_text(buf, ", only B ");
    qs_report_count(buf, set->only_b_right, 0);
    qs_buf_add_text(buf, ", neither ");
    qs_report_count(buf, set->both_wrong, 0);
    qs_buf_add_text(buf, "\n  McNemar: exact p");
    add_p(buf, set->mcnemar_exact);
    qs_buf_add_text(buf, ", mid-p");
    add_p(buf, set->mcnemar_mid);
    if (!isnan(set->mcnemar_holm)) {
        qs_buf_add_text(buf, ", Holm");
        add_p(buf, set->mcnemar_holm);
    }
    qs_buf_add_text(buf, "\n\n  metric                   A      B     B-A  interval                p     Holm\n");
    const qs_difference *coverage = &set->metrics[QS_METRIC_COVERAGE];
    const int abstained = coverage->a < 1 || coverage->b < 1;
    for (int i = 0; i < QS_METRIC_FIRST_PROBABILITY; i++) {
        const qs_difference *one = &set->metrics[i];
        if ((isnan(one->a) && isnan(one->b)) || !qs_report_shows((qs_metric)i, abstained))
            continue;
        qs_buf_add_text(buf, "  ");
        qs_report_padded(buf, qs_str_of(qs_metric_name((qs_metric)i)), 19);
        qs_report_number(buf, one->a, 7);
        qs_report_number(buf, one->b, 7);
        add_signed(buf, one->difference);
        qs_buf_add_text(buf, "  [");
        qs_report_number(buf, one->interval.low, 6);
        qs_buf_add_char(buf, ',');
        qs_report_number(buf, one->interval.high, 7);
        qs_buf_add_char(buf, ']');
        add_p(buf, one->p);
        add_p(buf, one->holm);
        qs_buf_add_char(buf, '\n');
    }
}

qs_status qs_report_add_comparison(qs_report *report, const qs_comparison *comparison, qs_str a, qs_str b,
                                   qs_error *err)
{
    qs_buf *buf = &report->buf;
    const size_t count = qs_comparison_set_count(comparison);
    qs_buf_add_text(buf, "A: ");
    (void)qs_report_plain(buf, a, 76);
    qs_buf_add_text(buf, "\nB: ");
    (void)qs_report_plain(buf, b, 76);
    qs_buf_add_text(buf, "\n\n");
    for (size_t i = count == 2 ? 1 : 0; i < count; i++) {
        add_set_table(buf, qs_comparison_get(comparison, i));
        if (i + 1 < count)
            qs_buf_add_char(buf, '\n');
    }
    return qs_buf_status(buf, err);
}

static void add_number(qs_buf *buf, const char *name, double value)
{
    qs_buf_addf(buf, "\"%s\":", name);
    qs_buf_add_double(buf, value);
}

static void add_set_json(qs_buf *buf, const qs_comparison_set *set)
{
    qs_buf_addf(buf,
                "{\"rows\":%llu,\"groups\":%llu,\"both_right\":%llu,\"only_a_right\":%llu,"
                "\"only_b_right\":%llu,\"both_wrong\":%llu,\"mcnemar\":{",
                (unsigned long long)set->rows, (unsigned long long)set->groups,
                (unsigned long long)set->both_right, (unsigned long long)set->only_a_right,
                (unsigned long long)set->only_b_right, (unsigned long long)set->both_wrong);
    add_number(buf, "exact_p", set->mcnemar_exact);
    qs_buf_add_char(buf, ',');
    add_number(buf, "mid_p", set->mcnemar_mid);
    qs_buf_add_char(buf, ',');
    add_number(buf, "holm", set->mcnemar_holm);
    qs_buf_add_text(buf, "},\"metrics\":{");
    for (int i = 0; i < QS_METRIC_FIRST_PROBABILITY; i++) {
        const qs_difference *one = &set->metrics[i];
        qs_buf_addf(buf, "%s\"%s\":{", i > 0 ? "," : "", qs_metric_name((qs_metric)i));
        add_number(buf, "a", one->a);
        qs_buf_add_char(buf, ',');
        add_number(buf, "b", one->b);
        qs_buf_add_char(buf, ',');
        add_number(buf, "difference", one->difference);
        qs_buf_add_text(buf, ",\"interval\":");
        if (isnan(one->interval.low))
            qs_buf_add_text(buf, "null");
        else {
            qs_buf_add_char(buf, '[');
            qs_buf_add_double(buf, one->interval.low);
            qs_buf_add_char(buf, ',');
            qs_buf_add_double(buf, one->interval.high);
            qs_buf_add_char(buf, ']');
        }
        qs_buf_add_char(buf, ',');
        add_number(buf, "p", one->p);
        qs_buf_add_char(buf, ',');
        add_number(buf, "holm", one->holm);
        qs_buf_add_char(buf, '}');
    }
    qs_buf_add_text(buf, "}}");
}

qs_status qs_report_add_comparison_json(qs_report *report, const qs_comparison *comparison, qs_str a, qs_str b,
                                        qs_error *err)
{
    qs_buf *buf = &report->buf;
    qs_buf_add_text(buf, "{\"format\":\"quotestance-comparison-1\",\"a\":");
    qs_buf_add_json(buf, a);
    qs_buf_add_text(buf, ",\"b\":");
    qs_buf_add_json(buf, b);
    qs_buf_add_text(buf, ",\"overall\":");
    add_set_json(buf, qs_comparison_get(comparison, 0));
    qs_buf_add_text(buf, ",\"heads\":{");
    for (size_t i = 1; i < qs_comparison_set_count(comparison); i++) {
        if (i > 1)
            qs_buf_add_char(buf, ',');
        qs_buf_add_json(buf, qs_comparison_get(comparison, i)->name);
        qs_buf_add_char(buf, ':');
        add_set_json(buf, qs_comparison_get(comparison, i));
    }
    qs_buf_add_text(buf, "}}\n");
    return qs_buf_status(buf, err);
}
