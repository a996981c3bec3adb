/* Gates as JUnit XML: the subset that CI systems share. SPDX-License-Identifier: MIT */
#include <math.h>

#include "report/markup.h"

static size_t count_state(const qs_gates *gates, qs_gate_state state)
{
    size_t count = 0;
    for (size_t i = 0; gates != NULL && i < qs_gates_count(gates); i++)
        count += qs_gates_get(gates, i)->state == state;
    return count;
}

static void add_totals(qs_buf *buf, const qs_gates *gates)
{
    qs_buf_addf(buf, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\"", gates == NULL ? 0 : qs_gates_count(gates),
                count_state(gates, QS_GATE_MISSED), count_state(gates, QS_GATE_ERROR));
}

static void add_properties(qs_buf *buf, const qs_metric_set *set)
{
    for (int i = 0; i < QS_METRIC_COUNT; i++) {
        if (isnan(set->values[i]))
            continue;
        qs_buf_add_text(buf, "      <property name=\"");
        qs_markup_text(buf, set->name);
        qs_buf_add_char(buf, '.');
        qs_buf_add_text(buf, qs_metric_name((qs_metric)i));
        qs_buf_add_text(buf, "\" value=\"");
        qs_buf_add_double(buf, set->values[i]);
        qs_buf_add_text(buf, "\"/>\n");
    }
}

static void add_case(qs_buf *buf, const qs_gate *gate)
{
    const int missed = gate->state == QS_GATE_MISSED;
    qs_buf_add_text(buf, "    <testcase classname=\"quotestance.gates\" name=\"");
    qs_markup_text(buf, gate->name);
    if (gate->state == QS_GATE_MET) {
        qs_buf_add_text(buf, "\" time=\"0\"/>\n");
        return;
    }
    qs_buf_add_text(buf, "\" time=\"0\">\n      <");
    qs_buf_add_text(buf, missed ? "failure type=\"gate\" message=\"" : "error type=\"metric\" message=\"");
    qs_markup_text(buf, gate->message);
    qs_buf_add_text(buf, "\">");
    qs_markup_text(buf, gate->message);
    qs_buf_add_text(buf, missed ? "</failure>\n" : "</error>\n");
    qs_buf_add_text(buf, "    </testcase>\n");
}

qs_status qs_report_add_junit(qs_report *report, const qs_metrics *metrics, const qs_gates *gates, qs_error *err)
{
    qs_buf *buf = &report->buf;
    qs_buf_add_text(buf, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"quotestance\"");
    add_totals(buf, gates);
    qs_buf_add_text(buf, " time=\"0\">\n  <testsuite name=\"quotestance evaluate\"");
    add_totals(buf, gates);
    qs_buf_add_text(buf, " skipped=\"0\" time=\"0\">\n    <properties>\n");
    add_properties(buf, qs_metrics_overall(metrics));
    for (size_t i = 0; i < qs_metrics_head_count(metrics); i++)
        add_properties(buf, qs_metrics_head(metrics, i));
    qs_buf_add_text(buf, "    </properties>\n");
    for (size_t i = 0; gates != NULL && i < qs_gates_count(gates); i++)
        add_case(buf, qs_gates_get(gates, i));
    qs_buf_add_text(buf, "  </testsuite>\n</testsuites>\n");
    return qs_buf_status(buf, err);
}
