/* The report writers at their edges: figures by any path, documents too long, characters of any make.
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "quotestance/report.h"
#include "run.h"

static int holds(const qs_report *report, const char *text)
{
    const qs_str all = qs_report_text(report);
    return memmem(all.ptr, all.len, text, strlen(text)) != NULL;
}

static qs_baseline *baseline_of(const char *text)
{
    char path[] = "/tmp/qs-edges-XXXXXX";
    qs_baseline *baseline = NULL;
    const int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq((int)write(fd, text, strlen(text)), (int)strlen(text));
    ck_assert_int_eq(close(fd), 0);
    ck_assert_int_eq(qs_baseline_read(&baseline, path, NULL), QS_OK);
    ck_assert_int_eq(unlink(path), 0);
    return baseline;
}

/* Paths that share a beginning, a length or a label with another find what they name, or nothing. */
START_TEST(a_path_finds_what_it_names)
{
    static const struct {
        const char *path;
        double value; /* -1: nothing */
    } paths[] = {{"accuracy", 0.5}, {"overall.accuracy", 0.5}, {"f1", -1}, {"yes.f1", 0.25}, {"yes.recall", -1}, {"labels.yes.f1", 0.25},
                 {"labels.no.f1", -1}, {"one.accuracy", 0.125}, {"one.yes.f1", -1}, {"onx.accuracy", -1}, {"one", -1}, {"role=x.accuracy", 1},
                 {"bole=x.accuracy", -1}, {"role=x.f1", -1}, {"role=y.accuracy", -1}, {"role", -1}, {"role.x.accuracy", -1},
                 {"text", -1}, {"date=x.accuracy", 0.75}};
    qs_baseline *baseline = baseline_of("{\"overall\":{\"accuracy\":0.5,\"text\":\"x\",\"count\":3,\"labels\":{\"yes\":{\"f1\":0.25}},\"intervals\":"
                                        "{\"accuracy\":[0.25,1],\"count\":[1,\"2\"]}},\"heads\":{\"one\":{\"accuracy\":0.125}},"
                                        "\"by\":{\"role\":{\"x\":{\"accuracy\":1}},\"date\":{\"x\":{\"accuracy\":0.75}}}}");
    qs_interval interval;
    double value = 0;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        const qs_status status = qs_baseline_lookup(baseline, qs_str_of(paths[i].path), &value, &interval, NULL);
        ck_assert_msg(status == (paths[i].value < 0 ? QS_EUSAGE : QS_OK), "%s", paths[i].path);
        ck_assert_msg(status != QS_OK || value == paths[i].value, "%s", paths[i].path);
    }
    ck_assert_int_eq(qs_baseline_lookup(baseline, qs_str_of("accuracy"), &value, &interval, NULL), QS_OK);
    ck_assert(interval.low == 0.25 && interval.high == 1);
    ck_assert_int_eq(qs_baseline_lookup(baseline, qs_str_of("count"), &value, &interval, NULL), QS_OK);
    ck_assert(value == 3 && isnan(interval.low) && isnan(interval.high));
    static char endless[400];
    memset(endless, 'e', sizeof endless - 1);
    qs_error err = {0};
    ck_assert_int_eq(qs_baseline_lookup(baseline, qs_str_of(endless), &value, NULL, &err), QS_EUSAGE);
    ck_assert_uint_lt(strlen(err.message), 250);
    qs_baseline_destroy(baseline);
}
END_TEST

/* A model that never answers has no precision: a dash, and no difference to it. */
START_TEST(a_model_without_answers_is_compared)
{
    qs_comparison *comparison = NULL;
    qs_report *table = NULL;
    qs_measure_options options = qs_measure_defaults();
    options.rounds = 0;
    ck_assert_int_eq(qs_comparison_create(&comparison, NULL), QS_OK);
    for (int i = 0; i < 20; i++) {
        const qs_str gold = qs_str_of(i % 2 ? "favor" : "against");
        const qs_comparison_row row = {.head = qs_str_of("one"), .gold = gold, .a = gold, .b = qs_str_make(NULL, 0)};
        ck_assert_int_eq(qs_comparison_add(comparison, &row, NULL), QS_OK);
    }
    ck_assert_int_eq(qs_comparison_run(comparison, &options, NULL), QS_OK);
    ck_assert_int_eq(qs_report_create(&table, NULL), QS_OK);
    ck_assert_int_eq(qs_report_add_comparison(table, comparison, qs_str_of("a"), qs_str_of("b"), NULL), QS_OK);
    ck_assert(holds(table, "coverage") && holds(table, "      -") && !holds(table, "nan"));
    qs_report_destroy(table);
    qs_comparison_destroy(comparison);
}
END_TEST

/* `heads` heads with `labels` labels of `length` letters, each once. */
static qs_metrics *large_sample(int heads, int labels, int length)
{
    qs_evaluation *evaluation = NULL;
    qs_metrics *metrics = NULL;
    qs_measure_options options = qs_measure_defaults();
    options.rounds = 0;
    ck_assert_int_eq(qs_evaluation_create(&evaluation, NULL, 0, NULL), QS_OK);
    for (int i = 0; i < heads * labels; i++) {
        char head[16], label[128];
        (void)snprintf(head, sizeof head, "head%d", i / labels);
        (void)snprintf(label, sizeof label, "%0*d", length, i % labels);
        const qs_evaluation_row row = {.head = qs_str_of(head), .gold = qs_str_of(label), .predicted = qs_str_of(label)};
        ck_assert_int_eq(qs_evaluation_add(evaluation, &row, NULL), QS_OK);
    }
    ck_assert_int_eq(qs_metrics_create(&metrics, evaluation, &options, NULL), QS_OK);
    qs_evaluation_destroy(evaluation);
    return metrics;
}

/* A summary has room for a megabyte: tables and gates beyond it are left out and counted. */
START_TEST(a_summary_says_what_did_not_fit)
{
    enum { GATES = 1500, HEADS = 60, LABELS = 220 };
    qs_metrics *metrics = large_sample(HEADS, LABELS, 59);
    qs_gates *gates = NULL;
    qs_report *report = NULL;
    ck_assert_int_eq(qs_gates_create(&gates, NULL), QS_OK);
    for (int i = 0; i < GATES; i++) {
        char condition[200];
        (void)snprintf(condition, sizeof condition, "%0120d>=0.5", i);
        ck_assert_int_eq(qs_gates_require(gates, qs_str_of(condition), NULL), QS_OK);
    }
    ck_assert_int_eq(qs_gates_judge(gates, metrics, NULL, NULL), QS_EUSAGE);
    ck_assert_int_eq(qs_report_create(&report, NULL), QS_OK);
    ck_assert_int_eq(qs_report_add_markdown(report, metrics, gates, NULL, NULL), QS_OK);
    const qs_str text = qs_report_text(report);
    ck_assert_uint_lt(text.len, (size_t)1 << 20);
    ck_assert(holds(report, "more tables did not fit here") && holds(report, "### head0 "));
    ck_assert(holds(report, "00000199 ") && !holds(report, "00000219 ")); /* 200 labels of each */
    qs_report_destroy(report);
    qs_gates_destroy(gates);
    qs_metrics_destroy(metrics);
}
END_TEST

/* Bytes that are no characters, and characters that only deceive, come out as U+FFFD; all others as they are. */
START_TEST(only_honest_characters_pass)
{
    static const char *const bad[] = {"\xc3", "\xc3(", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x80\x80\x80", "\xf4\x90\x80\x80",
                                      "\xf5\x80\x80\x80", "\xc1\xbf", "\xe2\x82", "\x80", "\x01", "\x1f", "\x7f", "\xc2\x80", "\xc2\x9f", "\xd8\x9c",
                                      "\xe2\x80\x8b", "\xe2\x80\x8e", "\xe2\x80\x8f", "\xe2\x81\xa0", "\xf3\xa0\x80\x80", "\xf3\xa0\x81\xbf",
                                      "\xe2\x80\xa8", "\xe2\x80\xae", "\xe2\x81\xa6", "\xe2\x81\xa9", "\xef\xbb\xbf"};
    static const char *const good[] = {"a", "~", "\xc2\xa0", "\xc3\xa9", "\xd8\x9b", "\xe0\xa0\x80", "\xe2\x80\x8c", "\xe2\x80\x90", "\xe2\x80\xa7",
                                       "\xe2\x80\xaf", "\xe2\x81\xa5", "\xe2\x81\xaa", "\xed\x9f\xbf", "\xee\x80\x80", "\xf0\x90\x80\x80",
                                       "\xf3\x9f\xbf\xbf", "\xf3\xa0\x82\x80", "\xf4\x8f\xbf\xbf"};
    qs_comparison *comparison = NULL;
    qs_measure_options options = qs_measure_defaults();
    const qs_comparison_row row = {.head = qs_str_of("one"), .gold = qs_str_of("x"), .a = qs_str_of("x"), .b = qs_str_of("x")};
    options.rounds = 0;
    ck_assert_int_eq(qs_comparison_create(&comparison, NULL), QS_OK);
    ck_assert_int_eq(qs_comparison_add(comparison, &row, NULL), QS_OK);
    ck_assert_int_eq(qs_comparison_run(comparison, &options, NULL), QS_OK);
    for (size_t i = 0; i < sizeof bad / sizeof *bad + sizeof good / sizeof *good; i++) {
        const bool honest = i >= sizeof bad / sizeof *bad;
        const char *const character = honest ? good[i - sizeof bad / sizeof *bad] : bad[i];
        char name[16], wanted[16];
        qs_report *report = NULL;
        (void)snprintf(name, sizeof name, "<%s", character);
        (void)snprintf(wanted, sizeof wanted, "A: <%s%s", honest ? character : "\xef\xbf\xbd", honest ? "\n" : "");
        ck_assert_int_eq(qs_report_create(&report, NULL), QS_OK);
        ck_assert_int_eq(qs_report_add_comparison(report, comparison, qs_str_of(name), qs_str_of("b"), NULL), QS_OK);
        ck_assert_msg(holds(report, wanted), "character %zu", i);
        ck_assert_msg(honest || !holds(report, name), "character %zu", i);
        qs_report_destroy(report);
    }
    qs_comparison_destroy(comparison);
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("report_edges");
    tcase_add_test(tests, a_path_finds_what_it_names);
    tcase_add_test(tests, a_model_without_answers_is_compared);
    tcase_add_test(tests, a_summary_says_what_did_not_fit);
    tcase_add_test(tests, only_honest_characters_pass);
    return run_case("report_edges", tests);
}
