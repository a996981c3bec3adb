#define _GNU_SOURCE
/* Tests of the report layer. SPDX-License-Identifier: MIT */
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "quotestance/report.h"

/* 100 rows in one head with a hostile name; accuracy 0.8, f1 of favor 0.8. */
static qs_metrics *sample(uint64_t rounds)
{
    qs_evaluation *evaluation = NULL;
    qs_metrics *metrics = NULL;
    qs_measure_options options = qs_measure_defaults();
    const qs_str labels[] = {qs_str_of("favor"), qs_str_of("against|<b>")};
    options.rounds = rounds;
    ck_assert_int_eq(qs_evaluation_create(&evaluation, NULL, 0, NULL), QS_OK);
    for (int i = 0; i < 100; i++) {
        const double p[2] = {i % 2 == (i % 10 < 8) ? 0.75 : 0.25, i % 2 == (i % 10 < 8) ? 0.25 : 0.75};
        const qs_evaluation_row row = {.head = qs_str_of("a<\"&\x1b[31m\xe2\x80\xae"), .gold = labels[i % 2 == 0],
                                       .predicted = labels[p[0] < 0.5], .probability_labels = labels,
                                       .probabilities = p, .probability_count = 2};
        ck_assert_int_eq(qs_evaluation_add(evaluation, &row, NULL), QS_OK);
    }
    ck_assert_int_eq(qs_metrics_create(&metrics, evaluation, &options, NULL), QS_OK);
    qs_evaluation_destroy(evaluation);
    return metrics;
}

static int holds(const qs_report *report, const char *text)
{
    const qs_str all = qs_report_text(report);
    return memmem(all.ptr, all.len, text, strlen(text)) != NULL;
}

static qs_status judge(const char *require, const char *drop, const qs_baseline *baseline, uint64_t rounds,
                       int significant)
{
    qs_gates *gates = NULL;
    qs_metrics *metrics = sample(rounds);
    qs_report *report = NULL;
    ck_assert_int_eq(qs_gates_create(&gates, NULL), QS_OK);
    ck_assert_int_eq(qs_report_create(&report, NULL), QS_OK);
    qs_status status = QS_OK;
    if (require != NULL)
        status = qs_gates_require(gates, qs_str_of(require), NULL);
    if (drop != NULL)
        status = qs_gates_max_drop(gates, qs_str_of(drop), NULL);
    qs_gates_only_significant(gates, significant);
    if (status == QS_OK) {
        status = qs_gates_judge(gates, metrics, baseline, NULL);
        ck_assert_int_eq(qs_report_add_junit(report, metrics, gates, NULL), QS_OK);
        ck_assert(holds(report, "failures=\"1\"") == (status == QS_EGATE));
        ck_assert(holds(report, "errors=\"1\"") == (status == QS_EUSAGE));
        ck_assert(!holds(report, "a<") && !holds(report, "\x1b") && !holds(report, "\xe2\x80\xae"));
    }
    qs_report_destroy(report);
    qs_gates_destroy(gates);
    qs_metrics_destroy(metrics);
    return status;
}

START_TEST(gates_judge)
{
    ck_assert_int_eq(judge("accuracy >= 0.8", NULL, NULL, 0, 0), QS_OK);
    ck_assert_int_eq(judge("accuracy>0.8", NULL, NULL, 0, 0), QS_EGATE);
    ck_assert_int_eq(judge("brier<=0.33", NULL, NULL, 0, 0), QS_OK);
    ck_assert_int_eq(judge("favor.f1>=0.9", NULL, NULL, 0, 0), QS_EGATE);
    ck_assert_int_eq(judge("labels.against|<b>.recall>=0.1", NULL, NULL, 0, 0), QS_OK);
    ck_assert_int_eq(judge("no_such>=0.9", NULL, NULL, 0, 0), QS_EUSAGE);
    static const char *const bad[] = {"", "accuracy", "accuracy>=", ">=0.5", "accuracy=>1", "accuracy>=x", "accuracy>=0.5x"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(judge(bad[i], NULL, NULL, 0, 0) == QS_EUSAGE, "%s", bad[i]);
}
END_TEST

static qs_status read_text(qs_baseline **out, const char *text)
{
    char path[] = "/tmp/qs-baseline-XXXXXX";
    const int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq((int)write(fd, text, strlen(text)), (int)strlen(text));
    close(fd);
    const qs_status status = qs_baseline_read(out, path, NULL);
    unlink(path);
    return status;
}

START_TEST(baselines_are_compared)
{
    qs_baseline *baseline = NULL;
    static const char *const bad[] = {"", "[]", "{}", "{\"overall\":1}", "{\"overall\":{}", "{\"overall\":{},\"overall\":{}}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_int_eq(read_text(&baseline, bad[i]), QS_EINPUT);
    ck_assert_int_eq(qs_baseline_read(&baseline, "/nonexistent/x.json", NULL), QS_EINPUT);
    ck_assert_int_eq(read_text(&baseline, "{\"overall\":{\"accuracy\":0.83,\"brier\":0.1,\"roc_auc\":null}}"), QS_OK);
    ck_assert_int_eq(judge(NULL, "accuracy=0.05", baseline, 0, 0), QS_OK);
    ck_assert_int_eq(judge(NULL, "accuracy=0.02", baseline, 0, 0), QS_EGATE);
    ck_assert_int_eq(judge(NULL, "accuracy=0.02", baseline, 0, 1), QS_EUSAGE); /* no intervals */
    ck_assert_int_eq(judge(NULL, "accuracy=0.02", baseline, 500, 1), QS_OK);   /* 3 points on 100 rows */
    ck_assert_int_eq(judge(NULL, "brier=0.1", baseline, 0, 0), QS_EGATE);      /* less is better */
    ck_assert_int_eq(judge(NULL, "roc_auc=0.1", baseline, 0, 0), QS_EUSAGE);
    ck_assert_int_eq(judge(NULL, "macro_f1=0.1", baseline, 0, 0), QS_EUSAGE);
    ck_assert_int_eq(judge(NULL, "accuracy=0.02", NULL, 0, 0), QS_EUSAGE);
    ck_assert_int_eq(judge(NULL, "accuracy=-1", baseline, 0, 0), QS_EUSAGE);
    qs_baseline_destroy(baseline);
}
END_TEST

/* What we write we can read, and it says the same. */
START_TEST(json_is_its_own_baseline)
{
    qs_metrics *metrics = sample(200);
    qs_report *report = NULL;
    qs_baseline *baseline = NULL;
    double ours = 0, theirs = 0;
    qs_interval interval;
    ck_assert_int_eq(qs_report_create(&report, NULL), QS_OK);
    ck_assert_int_eq(qs_report_add_json(report, metrics, NULL), QS_OK);
    char *text = strndup(qs_report_text(report).ptr, qs_report_text(report).len);
    ck_assert_int_eq(read_text(&baseline, text), QS_OK);
    static const char *const paths[] = {"macro_f1", "overall.brier", "favor.f1", "a<\"&\x1b[31m\xe2\x80\xae.labels.favor.roc_auc"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        ck_assert_int_eq(qs_metrics_lookup(metrics, qs_str_of(paths[i]), &ours, NULL, NULL, NULL), QS_OK);
        ck_assert_int_eq(qs_baseline_lookup(baseline, qs_str_of(paths[i]), &theirs, &interval, NULL), QS_OK);
        ck_assert_double_eq(ours, theirs);
    }
    ck_assert_int_eq(judge(NULL, "macro_f1=0", baseline, 0, 0), QS_OK);
    free(text);
    qs_baseline_destroy(baseline);
    qs_report_destroy(report);
    qs_metrics_destroy(metrics);
}
END_TEST

/* A width of 80 columns counts characters; nothing hostile passes into a terminal or a Markdown table. */
START_TEST(tables_are_narrow_and_clean)
{
    qs_metrics *metrics = sample(200);
    qs_report *table = NULL, *markdown = NULL;
    ck_assert_int_eq(qs_report_create(&table, NULL), QS_OK);
    ck_assert_int_eq(qs_report_create(&markdown, NULL), QS_OK);
    ck_assert_int_eq(qs_report_add_table(table, metrics, NULL), QS_OK);
    ck_assert_int_eq(qs_report_add_markdown(markdown, metrics, NULL, NULL, NULL), QS_OK);
    ck_assert(!holds(table, "\x1b") && !holds(table, "\xe2\x80\xae"));
    ck_assert(holds(markdown, "against\\|&lt;b&gt;"));
    const qs_str text = qs_report_text(table);
    size_t column = 0;
    for (size_t i = 0; i < text.len; i++) {
        column = text.ptr[i] == '\n' ? 0 : column + (((unsigned char)text.ptr[i] & 0xC0) != 0x80);
        ck_assert_uint_le(column, 80);
    }
    qs_report_destroy(table);
    qs_report_destroy(markdown);
    qs_metrics_destroy(metrics);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("report");
    TCase *tests = tcase_create("report");
    tcase_add_test(tests, gates_judge);
    tcase_add_test(tests, baselines_are_compared);
    tcase_add_test(tests, json_is_its_own_baseline);
    tcase_add_test(tests, tables_are_narrow_and_clean);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
