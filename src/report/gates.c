/* Conditions that a run must meet. SPDX-License-Identifier: MIT */
#include <math.h>

#include "base/arena.h"
#include "base/number.h"
#include "evaluation/random.h"
#include "report/report.h"

typedef struct condition {
    char operator[3]; /* empty: a drop against the baseline */
    double number;
} condition;

struct qs_gates {
    qs_gate *gates;
    condition *conditions;
    size_t count, gate_capacity, condition_capacity;
    int only_significant;
    qs_arena arena;
};

qs_status qs_gates_create(qs_gates **out, qs_error *err)
{
    *out = qs_alloc_zero(1, sizeof **out);
    return *out == NULL ? qs_fail(err, QS_ENOMEM, "out of memory") : QS_OK;
}

void qs_gates_destroy(qs_gates *gates)
{
    if (gates == NULL)
        return;
    qs_free(gates->gates);
    qs_free(gates->conditions);
    qs_arena_free(&gates->arena);
    qs_free(gates);
}

void qs_gates_only_significant(qs_gates *gates, int only)
{
    gates->only_significant = only;
}

size_t qs_gates_count(const qs_gates *gates)
{
    return gates->count;
}

const qs_gate *qs_gates_get(const qs_gates *gates, size_t index)
{
    return &gates->gates[index];
}

static qs_str trim(qs_str text)
{
    while (text.len > 0 && text.ptr[0] == ' ')
        text = qs_str_slice(text, 1, text.len);
    while (text.len > 0 && text.ptr[text.len - 1] == ' ')
        text.len--;
    return text;
}

static qs_status add(qs_gates *gates, qs_str text, qs_str metric, condition what, qs_error *err)
{
    qs_status status = qs_grow(&gates->gates, &gates->gate_capacity, gates->count + 1, sizeof *gates->gates, err);
    if (status == QS_OK)
        status = qs_grow(&gates->conditions, &gates->condition_capacity, gates->count + 1,
                         sizeof *gates->conditions, err);
    if (status != QS_OK)
        return status;
    qs_gate gate = {.value = NAN, .limit = NAN, .interval = {NAN, NAN}, .state = QS_GATE_ERROR};
    gate.name = qs_arena_copy(&gates->arena, text);
    gate.metric = qs_arena_copy(&gates->arena, metric);
    gate.message = qs_str_of("not judged");
    if (gate.name.ptr == NULL || gate.metric.ptr == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    gates->conditions[gates->count] = what;
    gates->gates[gates->count++] = gate;
    return QS_OK;
}

static qs_status bad_condition(qs_str text, const char *form, qs_error *err)
{
    return qs_fail(err, QS_EUSAGE, "\"%.*s\" is not %s", (int)(text.len > 120 ? 120 : text.len), text.ptr, form);
}

static int is_operator(char c)
{
    return c == '<' || c == '>' || c == '=';
}

qs_status qs_gates_require(qs_gates *gates, qs_str text, qs_error *err)
{
    static const char form[] = "METRIC OP NUMBER, OP one of >= > <= < ==";
    condition what = {{0}, 0};
    size_t end = text.len;
    /* from the right: labels and slice names may hold any sign */
    while (end > 0 && !is_operator(text.ptr[end - 1]))
        end--;
    size_t start = end;
    while (start > 0 && end - start < 2 && is_operator(text.ptr[start - 1]))
        start--;
    memcpy(what.operator, text.ptr == NULL ? "" : text.ptr + start, end - start);
    const qs_str metric = trim(qs_str_slice(text, 0, start));
    const int known = strcmp(what.operator, ">=") == 0 || strcmp(what.operator, ">") == 0 ||
                      strcmp(what.operator, "<=") == 0 || strcmp(what.operator, "<") == 0 ||
                      strcmp(what.operator, "==") == 0;
    if (!known || metric.len == 0 || !qs_number_parse(trim(qs_str_slice(text, end, text.len)), &what.number))
        return bad_condition(text, form, err);
    return add(gates, trim(text), metric, what, err);
}

qs_status qs_gates_max_drop(qs_gates *gates, qs_str text, qs_error *err)
{
    condition what = {{0}, 0};
    size_t sign = text.len;
    while (sign > 0 && text.ptr[sign - 1] != '=')
        sign--;
    if (sign < 2 || !qs_number_parse(trim(qs_str_slice(text, sign, text.len)), &what.number) || what.number < 0)
        return bad_condition(text, "METRIC=NUMBER with a number of at least 0", err);
    return add(gates, trim(text), trim(qs_str_slice(text, 0, sign - 1)), what, err);
}

static int holds(double value, const char *operator, double limit)
{
    switch (operator[0]) {
    case '>':
        return operator[1] == '=' ? value >= limit : value > limit;
    case '<':
        return operator[1] == '=' ? value <= limit : value < limit;
    default:
        return value >= limit && value <= limit;
    }
}

static void add_interval(qs_buf *buf, qs_interval interval, double confidence)
{
    if (isnan(interval.low))
        return;
    qs_buf_add_text(buf, " (");
    qs_buf_add_double(buf, round(confidence * 1000) / 10);
    qs_buf_add_text(buf, " % ");
    qs_buf_add_fixed(buf, interval.low, 4);
    qs_buf_add_text(buf, " to ");
    qs_buf_add_fixed(buf, interval.high, 4);
    qs_buf_add_char(buf, ')');
}

static const char *opposite(const char *operator)
{
    return strcmp(operator, ">=") == 0  ? "<"
           : strcmp(operator, ">") == 0 ? "<="
           : strcmp(operator, "<=") == 0 ? ">"
           : strcmp(operator, "<") == 0  ? ">="
                                         : "is not";
}

static void judge_limit(qs_gate *gate, const condition *what, double confidence, qs_buf *message)
{
    gate->limit = what->number;
    gate->state = holds(gate->value, what->operator, what->number) ? QS_GATE_MET : QS_GATE_MISSED;
    qs_buf_add_fixed(message, gate->value, 4);
    qs_buf_add_char(message, ' ');
    qs_buf_add_text(message, gate->state == QS_GATE_MET ? what->operator : opposite(what->operator));
    qs_buf_add_char(message, ' ');
    qs_buf_add_double(message, what->number);
    add_interval(message, gate->interval, confidence);
}

/* How many standard errors a drop is, from the widths of both intervals. */
static double drop_in_errors(double drop, qs_interval now, qs_interval before, double confidence)
{
    const double width = 2 * qs_normal_quantile((1 + confidence) / 2);
    const double error_now = (now.high - now.low) / width;
    const double error_before = isnan(before.low) ? 0 : (before.high - before.low) / width;
    return drop / sqrt(error_now * error_now + error_before * error_before);
}

static qs_status judge_drop(const qs_gates *gates, qs_gate *gate, const condition *what, int better,
                            const qs_metrics *metrics, const qs_baseline *baseline, qs_buf *message, qs_error *err)
{
    const double confidence = qs_metrics_options(metrics)->confidence;
    double before = NAN;
    qs_interval interval_before = {NAN, NAN};
    if (baseline == NULL)
        return qs_fail(err, QS_EUSAGE, "a largest drop needs a baseline");
    const qs_status status = qs_baseline_lookup(baseline, gate->metric, &before, &interval_before, err);
    if (status != QS_OK)
        return status;
    if (isnan(before))
        return qs_fail(err, QS_EUSAGE, "the baseline has no value for \"%.*s\"",
                       (int)(gate->metric.len > 140 ? 140 : gate->metric.len), gate->metric.ptr);
    const double drop = (before - gate->value) * better;
    gate->limit = before - what->number * better;
    int missed = drop > what->number + 1e-12;
    qs_buf_add_fixed(message, gate->value, 4);
    qs_buf_add_text(message, " against ");
    qs_buf_add_fixed(message, before, 4);
    qs_buf_add_text(message, drop > 0 ? ", worse by " : ", better by ");
    qs_buf_add_fixed(message, fabs(drop), 4);
    qs_buf_add_text(message, ", allowed ");
    qs_buf_add_double(message, what->number);
    if (missed && gates->only_significant) {
        if (isnan(gate->interval.low))
            return qs_fail(err, QS_EUSAGE, "whether a drop is significant needs bootstrap intervals");
        missed = drop_in_errors(drop, gate->interval, interval_before, confidence) > qs_normal_quantile(confidence);
        qs_buf_add_text(message, missed ? ", significant" : ", not significant");
    }
    add_interval(message, gate->interval, confidence);
    gate->state = missed ? QS_GATE_MISSED : QS_GATE_MET;
    return QS_OK;
}

static qs_status judge_one(qs_gates *gates, size_t index, const qs_metrics *metrics, const qs_baseline *baseline,
                           qs_buf *message, qs_error *err)
{
    qs_gate *gate = &gates->gates[index];
    const condition *what = &gates->conditions[index];
    int better = 1;
    const qs_status status = qs_metrics_lookup(metrics, gate->metric, &gate->value, &gate->interval, &better, err);
    if (status != QS_OK)
        return status;
    if (isnan(gate->value))
        return qs_fail(err, QS_EUSAGE, "the metric \"%.*s\" has no value here",
                       (int)(gate->metric.len > 160 ? 160 : gate->metric.len), gate->metric.ptr);
    qs_buf_add_str(message, gate->metric);
    qs_buf_add_char(message, ' ');
    if (what->operator[0] == '\0')
        return judge_drop(gates, gate, what, better, metrics, baseline, message, err);
    judge_limit(gate, what, qs_metrics_options(metrics)->confidence, message);
    return QS_OK;
}

qs_status qs_gates_judge(qs_gates *gates, const qs_metrics *metrics, const qs_baseline *baseline, qs_error *err)
{
    qs_status result = QS_OK;
    qs_buf message = {0};
    for (size_t i = 0; i < gates->count; i++) {
        qs_error reason = {0};
        qs_gate *gate = &gates->gates[i];
        qs_buf_clear(&message);
        const qs_status status = judge_one(gates, i, metrics, baseline, &message, &reason);
        if (status == QS_ENOMEM) {
            result = qs_fail(err, QS_ENOMEM, "out of memory");
            break;
        }
        if (status != QS_OK) {
            gate->state = QS_GATE_ERROR;
            qs_buf_clear(&message);
            qs_buf_add_text(&message, reason.message);
            if (result != QS_EUSAGE && err != NULL)
                *err = reason;
            result = QS_EUSAGE;
        } else if (gate->state == QS_GATE_MISSED && result == QS_OK) {
            result = qs_fail(err, QS_EGATE, "%.*s", (int)(message.len > 200 ? 200 : message.len), message.ptr);
        }
        gate->message = qs_arena_copy(&gates->arena, qs_buf_view(&message));
        if (message.failed || gate->message.ptr == NULL) {
            result = qs_fail(err, QS_ENOMEM, "out of memory");
            break;
        }
    }
    qs_buf_free(&message);
    return result;
}

qs_status qs_report_add_gates(qs_report *report, const qs_gates *gates, qs_error *err)
{
    static const char *const words[] = {"met     ", "NOT MET ", "ERROR   "};
    for (size_t i = 0; i < gates->count; i++) {
        qs_buf_add_text(&report->buf, words[gates->gates[i].state]);
        (void)qs_report_plain(&report->buf, gates->gates[i].message, 0);
        qs_buf_add_char(&report->buf, '\n');
    }
    return qs_buf_status(&report->buf, err);
}
