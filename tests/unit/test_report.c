#define _GNU_SOURCE
/* Tests of the report layer. SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "quotestance/report.h"
#include "base/fault.h"
#include "report/articles.h"
#include "report/day.h"
#include "run.h"

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
    ck_assert_int_eq(judge("accuracy==0.8", NULL, NULL, 0, 0), QS_OK);
    ck_assert_int_eq(judge("accuracy==0.79", NULL, NULL, 0, 0), QS_EGATE);
    ck_assert_int_eq(judge("accuracy<0.81", NULL, NULL, 0, 0), QS_OK);
    ck_assert_int_eq(judge("accuracy<0.8", NULL, NULL, 0, 0), QS_EGATE);
    ck_assert_int_eq(judge("accuracy<=0.79", NULL, NULL, 200, 0), QS_EGATE);
    ck_assert_int_eq(judge(NULL, "=0.1", NULL, 0, 0), QS_EUSAGE);
    ck_assert_int_eq(judge(NULL, "accuracy", NULL, 0, 0), QS_EUSAGE);
    ck_assert_int_eq(judge(NULL, "accuracy=x", NULL, 0, 0), QS_EUSAGE);
    static char endless[400];
    memset(endless, 'e', sizeof endless - 1);
    ck_assert_int_eq(judge(endless, NULL, NULL, 0, 0), QS_EUSAGE);
    memcpy(endless + sizeof endless - 6, ">=0.5", 5);
    ck_assert_int_eq(judge(endless, NULL, NULL, 0, 0), QS_EUSAGE);
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

/* Baselines of other makes: what is not there, or not a number, is told, and is never taken for something else. */
START_TEST(baselines_of_any_shape)
{
    static const char *const shapes[] = {
        "{\"overall\":{\"accuracy\":0.8}}",
        "{\"overall\":{\"accuracy\":\"0.8\"},\"heads\":{}}",
        "{\"overall\":{\"accuracy\":{\"value\":0.8}},\"heads\":{\"a\":{\"labels\":{\"b\":{\"f1\":0.5}}}}}",
        "{\"overall\":{\"accuracy\":0.8,\"intervals\":{\"accuracy\":[0.7]}},\"by\":{\"role\":{\"x\":{\"accuracy\":0.4}}}}",
        "{\"overall\":{\"labels\":{\"favor\":{\"f1\":null}},\"intervals\":{\"accuracy\":[\"a\",1]}},\"by\":{\"role\":{\"y\":{}}}}",
        "{\"overall\":{\"labels\":[],\"accuracy\":0.25,\"intervals\":{\"accuracy\":[0.1,\"b\"]}},\"by\":[],\"heads\":[]}"};
    static const char *const paths[] = {"accuracy", "overall.accuracy", "favor.f1", "labels.favor.f1", "a.accuracy", "a.b.f1", "a.labels.b.f1",
                                        "role=x.accuracy", "role=z.accuracy", "role", "role=", "role=x", "by", "", ".", "a.", "overall."};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        qs_baseline *baseline = NULL;
        ck_assert_int_eq(read_text(&baseline, shapes[i]), QS_OK);
        for (size_t k = 0; k < sizeof paths / sizeof *paths; k++) {
            double value = 7;
            qs_interval interval;
            const qs_status status = qs_baseline_lookup(baseline, qs_str_of(paths[k]), &value, &interval, NULL);
            ck_assert(status == QS_EUSAGE || (status == QS_OK && (isnan(value) || (value > 0.2 && value < 0.9))));
        }
        double accuracy = 0;
        if (i == 0)
            ck_assert_int_eq(qs_baseline_lookup(baseline, qs_str_of("accuracy"), &accuracy, NULL, NULL), QS_OK);
        if (i == 3)
            ck_assert_int_eq(qs_baseline_lookup(baseline, qs_str_of("role=x.accuracy"), &accuracy, NULL, NULL), QS_OK);
        ck_assert(i == 0 ? accuracy > 0.79 : i != 3 || (accuracy > 0.39 && accuracy < 0.41));
        qs_baseline_destroy(baseline);
    }
}
END_TEST

/* Two models that are the same, one that abstains, heads without a name: figures that are not known are dashes, or null. */
START_TEST(comparisons_of_any_kind)
{
    for (int kind = 0; kind < 4; kind++) {
        qs_comparison *comparison = NULL;
        qs_report *table = NULL, *json = NULL;
        qs_measure_options options = qs_measure_defaults();
        options.rounds = kind == 0 ? 0 : 50;
        ck_assert_int_eq(qs_comparison_create(&comparison, NULL), QS_OK);
        for (int i = 0; i < 60; i++) {
            const qs_str gold = qs_str_of(i % 2 ? "favor" : "against");
            const qs_str wrong = qs_str_of(i % 2 ? "against" : "favor");
            const qs_comparison_row row = {.head = qs_str_of(kind == 1 ? "" : i % 3 ? "one" : "two"), .gold = gold,
                                           .a = kind == 2 && i % 5 == 0 ? qs_str_make(NULL, 0) : gold,
                                           .b = kind == 3 || i % 7 == 0 ? wrong : gold};
            ck_assert_int_eq(qs_comparison_add(comparison, &row, NULL), QS_OK);
        }
        ck_assert_int_eq(qs_comparison_run(comparison, &options, NULL), QS_OK);
        ck_assert_int_eq(qs_report_create(&table, NULL), QS_OK);
        ck_assert_int_eq(qs_report_create(&json, NULL), QS_OK);
        ck_assert_int_eq(qs_report_add_comparison(table, comparison, qs_str_of("a\x1b"), qs_str_of("b"), NULL), QS_OK);
        ck_assert_int_eq(qs_report_add_comparison_json(json, comparison, qs_str_of("a\x1b"), qs_str_of("b"), NULL), QS_OK);
        ck_assert(!holds(table, "nan") && !holds(json, "nan") && !holds(table, "\x1b") && !holds(json, "\x1b"));
        ck_assert(kind != 0 || holds(json, "null"));
        ck_assert(kind != 3 || holds(table, "<0.0001"));
        qs_report_destroy(table);
        qs_report_destroy(json);
        qs_comparison_destroy(comparison);
    }
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

START_TEST(days_are_read_and_written)
{
    static const struct {
        const char *text, *day;
    } cases[] = {{"2026-03-12", "12 Mar 2026"}, {"Updated 2026-03-12T10:00:00Z", "12 Mar 2026"},
                 {"GENEVA, 12 March 2026 -", "12 Mar 2026"}, {"Mar. 12, 2026", "12 Mar 2026"},
                 {"december 31, 1999", "31 Dec 1999"}, {"2024-02-29", "29 Feb 2024"}, {"2023-02-29", NULL},
                 {"14 March", NULL}, {"31 April 2026", NULL}, {"", NULL}, {"99999999999-12-12", NULL},
                 {"0999-01-01", NULL}, {"2026-13-01", NULL}, {"2026-00-10", NULL}, {"2026-01-00", NULL}, {"2026-01-32", NULL},
                 {"12 Mar 999", NULL}, {"Mar 123, 2026", NULL}, {"2026-01-2", NULL}, {"20260-01-02", NULL}, {"5 May 20260", NULL},
                 {"2026/01/02", NULL}, {"2026-01/02", NULL}, {"123 May 2026", NULL}, {"May May 2026", NULL}, {"May 5 26", NULL},
                 {"1 jan 1000", "1 Jan 1000"}, {"September 9 9999", "9 Sep 9999"}, {"2026-3-1", NULL}, {"12 Marble 2026", NULL}, {"on 5 of 12 May 2020", "12 May 2020"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        qs_buf buf = {0};
        const int32_t day = qs_day_parse(qs_str_of(cases[i].text));
        ck_assert_msg((day == QS_NO_DAY) == (cases[i].day == NULL), "%s", cases[i].text);
        if (day == QS_NO_DAY)
            continue;
        qs_day_add(&buf, day);
        ck_assert(qs_str_equal(qs_buf_view(&buf), qs_str_of(cases[i].day)));
        qs_buf_free(&buf);
    }
    ck_assert_int_eq(qs_day_make(1970, 1, 1), 0);
    for (int32_t day = -1200000; day < 400000; day += 97) {
        int year = 0, month = 0, day_of_month = 0;
        qs_day_split(day, &year, &month, &day_of_month);
        ck_assert_int_eq(qs_day_make(year, month, day_of_month), day);
    }
}
END_TEST

/* "A", with one quote in another, one that crosses its end, and markup everywhere. */
static void add_hostile(qs_article_page *page, uint64_t number)
{
    static const char text[] = "<script>x</script>\n<b onload=1>&\xe2\x80\xae" "abc</b>";
    static const qs_page_paragraph paragraphs[] = {{0, 18, QS_PLACE_HEADLINE}, {19, sizeof text - 1, QS_PLACE_BODY}};
    const qs_page_answer answer = {qs_str_of("stance<i>"), qs_str_of(number % 2 ? "favor" : "against"),
                                   number % 2 ? 0.5 : -0.25, 0.75};
    const qs_page_quote quotes[] = {{8, 9, qs_str_of("<img src=x>"), 1, qs_str_of("\"'>"), "direct", &answer, 1},
                                    {22, 34, qs_str_of("A"), 1, qs_str_of(""), "mixed", &answer, 1},
                                    {24, 30, qs_str_of("he"), 0, qs_str_of(""), "direct", NULL, 0},
                                    {26, sizeof text - 1, qs_str_of(""), 0, qs_str_of(""), "indirect", &answer, 1}};
    const qs_page_article article = {qs_str_of("</title>"), qs_str_of(number % 2 ? "2026-01-05" : "2026-02-05"),
                                     qs_str_of(text), paragraphs, 2, quotes, 4};
    ck_assert_int_eq(qs_article_page_add(page, number, &article, NULL), QS_OK);
}

static size_t count_of(qs_str text, const char *word)
{
    size_t count = 0;
    const size_t length = strlen(word);
    for (size_t i = 0; i + length <= text.len; i++)
        count += memcmp(text.ptr + i, word, length) == 0;
    return count;
}

START_TEST(articles_become_one_page_in_any_order)
{
    qs_buf pages[2] = {{0}, {0}};
    for (int turn = 0; turn < 2; turn++) {
        qs_article_page *page = NULL;
        ck_assert_int_eq(qs_article_page_create(&page, NULL), QS_OK);
        for (uint64_t i = 0; i < QS_PAGE_ARTICLES + 2; i++)
            add_hostile(page, turn ? QS_PAGE_ARTICLES + 1 - i : i);
        ck_assert_int_eq(qs_article_page_write(page, &pages[turn], NULL), QS_OK);
        qs_article_page_destroy(page);
    }
    const qs_str all = qs_buf_view(&pages[0]);
    ck_assert(qs_str_equal(all, qs_buf_view(&pages[1])));
    ck_assert_uint_eq(count_of(all, "<article "), QS_PAGE_ARTICLES);
    ck_assert_uint_eq(count_of(all, "<mark "), 4 * QS_PAGE_ARTICLES);
    ck_assert_uint_eq(count_of(all, "</mark>"), 4 * QS_PAGE_ARTICLES);
    ck_assert_uint_eq(count_of(all, "2 more articles are not shown"), 1);
    ck_assert_uint_eq(count_of(all, "Stance by day"), 1);
    ck_assert_uint_eq(count_of(all, "<script") + count_of(all, "<img") + count_of(all, "<b onload") +
                          count_of(all, "<i>") + count_of(all, "\xe2\x80\xae"), 0);
    ck_assert_uint_eq(count_of(all, "</title>"), 1);
    /* each tag is closed */
    static const char *const tags[] = {"p", "h3", "span", "bdi", "b", "sup", "section", "article", "details", "table",
                                       "tr", "ul", "li", "svg", "figure", "main", "nav", "ol"};
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        char open[2][32], close[32];
        snprintf(open[0], sizeof open[0], "<%s>", tags[i]);
        snprintf(open[1], sizeof open[1], "<%s ", tags[i]);
        snprintf(close, sizeof close, "</%s>", tags[i]);
        ck_assert_msg(count_of(all, open[0]) + count_of(all, open[1]) == count_of(all, close), "%s", tags[i]);
    }
    qs_buf_free(&pages[0]);
    qs_buf_free(&pages[1]);
}
END_TEST

/* Labels that never occur, heads of one kind of row, probabilities that are missing: what has no value is written as none. */
static qs_metrics *odd_sample(int kind)
{
    qs_evaluation *evaluation = NULL;
    qs_metrics *metrics = NULL;
    qs_measure_options options = qs_measure_defaults();
    const qs_str labels[] = {qs_str_of("favor"), qs_str_of("against"), qs_str_of("none")};
    static const double even[3] = {0.5, 0.25, 0.25};
    options.rounds = kind == 2 ? 50 : 0;
    ck_assert_int_eq(qs_evaluation_create(&evaluation, NULL, 0, NULL), QS_OK);
    for (int i = 0; i < 30; i++) {
        const qs_str head = qs_str_of(i % 2 ? "one" : "two");
        const qs_evaluation_row row = {.head = head, .gold = labels[kind == 0 ? 0 : i % 3], .predicted = labels[kind == 1 ? 0 : i * 7 % 3],
                                       .probability_labels = labels, .probabilities = kind == 2 ? even : NULL,
                                       .probability_count = kind == 2 ? 3 : 0};
        ck_assert_int_eq(qs_evaluation_add(evaluation, &row, NULL), QS_OK);
    }
    ck_assert_int_eq(qs_metrics_create(&metrics, evaluation, &options, NULL), QS_OK);
    qs_evaluation_destroy(evaluation);
    return metrics;
}

/* Heads without names, a hundred labels or one, rows without an answer, slices and the worst rows with their reasons. */
static qs_metrics *wide_sample(int kind)
{
    static const qs_str columns[] = {{"role|", 5}, {"", 0}};
    qs_evaluation *evaluation = NULL;
    qs_metrics *metrics = NULL;
    qs_measure_options options = qs_measure_defaults();
    const int labels = kind == 0 ? 100 : kind == 1 ? 1 : 7;
    options.rounds = 0;
    ck_assert_int_eq(qs_evaluation_create(&evaluation, columns, kind == 2 ? 2 : 0, NULL), QS_OK);
    qs_evaluation_keep_worst(evaluation, 20);
    for (int i = 0; i < 300; i++) {
        char gold[16], guess[16], role[16];
        snprintf(gold, sizeof gold, "label%d", i % labels);
        snprintf(guess, sizeof guess, "label%d", i * 7 % labels);
        snprintf(role, sizeof role, "r%d", i % 3);
        const qs_str slices[] = {qs_str_of(i % 5 == 0 ? "" : role), qs_str_of("x")};
        const qs_str probable[] = {qs_str_of(guess)};
        const double sure[] = {0.75};
        const qs_evaluation_row row = {.head = qs_str_of(kind == 2 ? i % 2 ? "" : "b" : ""), .gold = qs_str_of(gold),
                                       .predicted = i % 4 == 0 ? qs_str_make(NULL, 0) : qs_str_of(guess),
                                       .probability_labels = probable, .probabilities = i % 3 == 0 ? sure : NULL, .probability_count = i % 3 == 0,
                                       .slices = kind == 2 ? slices : NULL, .id = qs_str_of(role), .text = qs_str_of("<b>words</b>")};
        ck_assert_int_eq(qs_evaluation_add(evaluation, &row, NULL), QS_OK);
        const qs_cause causes[] = {{qs_str_of("for<"), 0.5}, {qs_str_of("against>"), -0.25}};
        if (qs_evaluation_last_is_worst(evaluation))
            ck_assert_int_eq(qs_evaluation_explain_last(evaluation, causes, (size_t)(i / 3 % 3), NULL), QS_OK);
    }
    ck_assert_int_eq(qs_metrics_create(&metrics, evaluation, &options, NULL), QS_OK);
    qs_evaluation_destroy(evaluation);
    return metrics;
}

enum { WRITERS = 11 };

static qs_status write_as(qs_report *report, int writer, const qs_metrics *metrics, const qs_gates *gates, const qs_baseline *baseline,
                          qs_error *err)
{
    switch (writer) {
    case 0: return qs_report_add_table(report, metrics, err);
    case 1: return qs_report_add_json(report, metrics, err);
    case 2: return qs_report_add_junit(report, metrics, gates, err);
    case 3: return qs_report_add_markdown(report, metrics, gates, baseline, err);
    case 4: return qs_report_add_dvc(report, metrics, err);
    case 5: return qs_report_add_html(report, metrics, gates, baseline, err);
    case 6: return qs_report_add_gates(report, gates, err);
    default: return qs_report_add_plot(report, metrics, (qs_plot)(writer - 7), err);
    }
}

/* Every writer, over figures that are missing in every way: no nan, nothing left open, whole or QS_ENOMEM. */
START_TEST(writers_stand_missing_figures)
{
    static const char baseline_text[] = "{\"overall\":{\"accuracy\":0.5,\"macro_f1\":0.25,\"brier\":null},\"heads\":{\"one\":{\"accuracy\":0.5}}}";
    qs_baseline *baseline = NULL;
    ck_assert_int_eq(read_text(&baseline, baseline_text), QS_OK);
    for (int kind = 0; kind < 7; kind++) {
        qs_metrics *metrics = kind == 3 ? sample(50) : kind > 3 ? wide_sample(kind - 4) : odd_sample(kind);
        for (int with = 0; with < 2; with++) {
            qs_gates *gates = NULL;
            ck_assert_int_eq(qs_gates_create(&gates, NULL), QS_OK);
            ck_assert_int_eq(qs_gates_require(gates, qs_str_of("accuracy>=0.99"), NULL), QS_OK);
            ck_assert_int_eq(qs_gates_require(gates, qs_str_of("accuracy>=0"), NULL), QS_OK);
            ck_assert_int_eq(qs_gates_require(gates, qs_str_of("brier<=0.5"), NULL), QS_OK);
            ck_assert_int_eq(qs_gates_max_drop(gates, qs_str_of("macro_f1=0.01"), NULL), QS_OK);
            ck_assert(qs_gates_judge(gates, metrics, with ? baseline : NULL, NULL) != QS_OK || kind == 5);
            for (int writer = 0; writer < WRITERS; writer++) {
                qs_report *report = NULL;
                ck_assert_int_eq(qs_report_create(&report, NULL), QS_OK);
                ck_assert_int_eq(write_as(report, writer, metrics, with || writer == 6 ? gates : NULL, with ? baseline : NULL, NULL), QS_OK);
                ck_assert(!holds(report, "nan") && !holds(report, "inf,") && !holds(report, "(null)"));
                ck_assert_msg(writer == 1 || !holds(report, "<b>words"), "kind %d, writer %d", kind, writer);
                ck_assert(writer != 1 || kind > 1 || holds(report, ":null"));
                qs_report_destroy(report);
            }
            qs_gates_destroy(gates);
        }
        qs_metrics_destroy(metrics);
    }
    qs_baseline_destroy(baseline);
}
END_TEST

/* Over weeks, months, years and decades, with more speakers than a table holds, answers that are missing and heads of sentiment. */
START_TEST(pages_of_any_span)
{
    static const char *const last[] = {"2026-01-20", "2026-09-05", "2029-02-05", "2050-02-05", "2099-02-05", "9999-12-31", "2026-01-06", ""};
    static const char text[] = "Title\nsome words, and more of them";
    static const qs_page_paragraph paragraphs[] = {{0, 5, QS_PLACE_HEADLINE}, {6, 16, QS_PLACE_BODY}, {20, sizeof text - 1, QS_PLACE_SMALL}};
    for (size_t span = 0; span < sizeof last / sizeof *last; span++) {
        qs_article_page *page = NULL;
        qs_buf out = {0};
        ck_assert_int_eq(qs_article_page_create(&page, NULL), QS_OK);
        for (uint64_t i = 0; i < 150; i++) {
            char name[32];
            snprintf(name, sizeof name, "Speaker %d", (int)(i < 100 ? i : i % 30));
            const bool sentiment = span % 2 == 1;
            const qs_page_answer answers[] = {
                {qs_str_of("first"), i % 5 == 0 ? qs_str_make(NULL, 0) : qs_str_of(i % 3 ? "odd" : "even"), NAN, 0.5},
                {qs_str_of("second"), qs_str_of(sentiment ? (i % 3 ? "positive" : "negative") : (i % 3 ? "favor" : "against")),
                 i % 11 == 0 ? 0 : i % 3 ? 0.5 : -0.5, 0.75}};
            const size_t count = i % 4 == 3 ? 0 : i % 4 == 2 ? 1 : 2;
            const qs_page_quote quotes[] = {{0, 3, qs_str_of(name), 1, qs_str_of(""), "direct", answers, count},
                                            {8, 12, qs_str_of(name), 1, qs_str_of("mayor"), "direct", answers, count},
                                            {17, 19, qs_str_of(name), 1, qs_str_of("mayor"), "mixed", answers, count},
                                            {22, 25, qs_str_of(""), 0, qs_str_of(""), "indirect", answers, count}};
            const qs_page_article article = {qs_str_of(i % 2 ? "a" : ""), i == 149 ? qs_str_of(last[span]) : qs_str_of(span == sizeof last / sizeof *last - 1 ? "" : "2026-01-05"),
                                             qs_str_make(text, sizeof text - 1), paragraphs, 3, quotes, 4};
            ck_assert_int_eq(qs_article_page_add(page, i, &article, NULL), QS_OK);
        }
        ck_assert_int_eq(qs_article_page_write(page, &out, NULL), QS_OK);
        const qs_str all = qs_buf_view(&out);
        ck_assert_uint_eq(count_of(all, "nan"), 0);
        ck_assert_uint_eq(count_of(all, "<table"), count_of(all, "</table>"));
        ck_assert_uint_eq(count_of(all, "<svg"), count_of(all, "</svg>"));
        ck_assert_uint_gt(count_of(all, "more speakers"), 0);
        ck_assert_int_eq(count_of(all, "imeline") > 0, span != sizeof last / sizeof *last - 1);
        ck_assert_int_eq(count_of(all, "by year") > 0, span == 3);
        qs_buf_free(&out);
        qs_article_page_destroy(page);
    }
}
END_TEST

#ifdef QS_FAULTS
START_TEST(writers_stand_lack_of_memory)
{
    qs_metrics *metrics = sample(0);
    for (int writer = 0; writer < WRITERS; writer++) {
        qs_status status = QS_ENOMEM;
        for (unsigned long nth = 1; status != QS_OK; nth++) {
            qs_report *report = NULL;
            qs_gates *gates = NULL;
            qs_error err = {0};
            qs_fault_plan(QS_FAULT_ALLOC, nth, false);
            status = qs_report_create(&report, &err);
            if (status == QS_OK)
                status = qs_gates_create(&gates, &err);
            if (status == QS_OK)
                status = qs_gates_require(gates, qs_str_of("accuracy>=0"), &err);
            if (status == QS_OK)
                status = qs_gates_judge(gates, metrics, NULL, &err);
            if (status == QS_OK)
                status = write_as(report, writer, metrics, gates, NULL, &err);
            qs_fault_plan(QS_FAULT_ALLOC, 0, false);
            ck_assert_msg(status == QS_OK || status == QS_ENOMEM, "writer %d, allocation %lu: %s", writer, nth, err.message);
            ck_assert_uint_lt(nth, 2000);
            qs_gates_destroy(gates);
            qs_report_destroy(report);
        }
    }
    qs_metrics_destroy(metrics);
}
END_TEST

START_TEST(pages_stand_lack_of_memory)
{
    qs_status status = QS_ENOMEM;
    static const char *const days[] = {"2026-01-05", "2026-01-06", ""};
    for (unsigned long nth = 1; status != QS_OK; nth++) {
        qs_article_page *page = NULL;
        qs_buf out = {0};
        const qs_page_answer answer = {qs_str_of("stance"), qs_str_of("favor"), 0.5, 0.75};
        const qs_page_paragraph paragraph = {0, 10, QS_PLACE_BODY};
        const qs_page_quote quote = {2, 8, qs_str_of("Ode"), 1, qs_str_of("said"), "direct", &answer, 1};
        qs_page_article article = {qs_str_of("t"), qs_str_of(""), qs_str_of("a \"bcd\" ef"), &paragraph, 1, &quote, 1};
        qs_fault_plan(QS_FAULT_ALLOC, nth, false);
        status = qs_article_page_create(&page, NULL);
        for (uint64_t i = 0; status == QS_OK && i < 3; i++) {
            article.date = qs_str_of(days[i]);
            status = qs_article_page_add(page, i, &article, NULL);
        }
        if (status == QS_OK)
            status = qs_article_page_write(page, &out, NULL);
        qs_fault_plan(QS_FAULT_ALLOC, 0, false);
        ck_assert(status == QS_OK || status == QS_ENOMEM);
        ck_assert_uint_lt(nth, 2000);
        qs_buf_free(&out);
        qs_article_page_destroy(page);
    }
}
END_TEST
#endif

int main(void)
{
    TCase *tests = tcase_create("report");
    tcase_add_test(tests, gates_judge);
    tcase_add_test(tests, baselines_are_compared);
    tcase_add_test(tests, json_is_its_own_baseline);
    tcase_add_test(tests, tables_are_narrow_and_clean);
    tcase_add_test(tests, days_are_read_and_written);
    tcase_add_test(tests, articles_become_one_page_in_any_order);
    tcase_add_test(tests, writers_stand_missing_figures);
    tcase_add_test(tests, baselines_of_any_shape);
    tcase_add_test(tests, comparisons_of_any_kind);
    tcase_add_test(tests, pages_of_any_span);
#ifdef QS_FAULTS
    tcase_add_test(tests, writers_stand_lack_of_memory);
    tcase_add_test(tests, pages_stand_lack_of_memory);
#endif
    return run_case("report", tests);
}
