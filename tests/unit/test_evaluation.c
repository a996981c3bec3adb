/* Tests of the evaluation layer. SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evaluation/random.h"
#include "evaluation/resample.h"
#include "evaluation/tally.h"
#include "quotestance/evaluation.h"
#include "run.h"

#define NEAR(a, b) ck_assert_double_eq_tol((a), (b), 1e-12)

static qs_evaluation *evaluation_of(const char *const (*pairs)[3], size_t count)
{
    qs_evaluation *evaluation = NULL;
    ck_assert_int_eq(qs_evaluation_create(&evaluation, NULL, 0, NULL), QS_OK);
    for (size_t i = 0; i < count; i++) {
        const qs_evaluation_row row = {.head = qs_str_of(pairs[i][0]),
                                       .gold = qs_str_of(pairs[i][1]),
                                       .predicted = qs_str_of(pairs[i][2])};
        ck_assert_int_eq(qs_evaluation_add(evaluation, &row, NULL), QS_OK);
    }
    return evaluation;
}

static qs_metrics *metrics_of(const char *const (*pairs)[3], size_t count)
{
    qs_metrics *metrics = NULL;
    qs_evaluation *evaluation = evaluation_of(pairs, count);
    ck_assert_int_eq(qs_metrics_create(&metrics, evaluation, NULL, NULL), QS_OK);
    qs_evaluation_destroy(evaluation);
    return metrics;
}

/* Worked by hand: two heads, labels pooled for F_avg as the shared task does. */
START_TEST(figures_by_hand)
{
    static const char *const pairs[][3] = {
        {"b", "FAVOR", "FAVOR"},   {"b", "FAVOR", "NONE"},    {"b", "AGAINST", "FAVOR"},
        {"b", "AGAINST", "AGAINST"}, {"a", "NONE", "AGAINST"}, {"a", "AGAINST", "AGAINST"},
        {"a", "NONE", "NONE"},     {"a", "NONE", NULL},
    };
    qs_metrics *metrics = metrics_of(pairs, 8);
    const qs_metric_set *all = qs_metrics_overall(metrics);
    ck_assert_uint_eq(qs_metrics_items(metrics), 8);
    ck_assert_uint_eq(qs_metrics_head_count(metrics), 2);
    ck_assert(qs_str_equal(qs_metrics_head(metrics, 0)->name, qs_str_of("a")));
    ck_assert_uint_eq(all->label_count, 3);
    ck_assert(qs_str_equal(all->labels[0].label, qs_str_of("AGAINST")));
    ck_assert_uint_eq(all->abstained, 1);
    ck_assert_uint_eq(all->confusion[2 * 4 + 3], 1);
    NEAR(all->values[QS_METRIC_ACCURACY], 4.0 / 8);
    NEAR(all->values[QS_METRIC_COVERAGE], 7.0 / 8);
    NEAR(all->labels[0].values[QS_LABEL_METRIC_F1], 2.0 / 3);
    NEAR(all->labels[1].values[QS_LABEL_METRIC_F1], 1.0 / 2);
    NEAR(all->labels[2].values[QS_LABEL_METRIC_RECALL], 1.0 / 3);
    NEAR(all->values[QS_METRIC_F_AVG], (2.0 / 3 + 1.0 / 2) / 2);
    NEAR(all->values[QS_METRIC_MACRO_F1], (2.0 / 3 + 1.0 / 2 + 2.0 / 5) / 3);
    /* head "a" never sees favor: 0/0 counts as 0 */
    NEAR(qs_metrics_head(metrics, 0)->values[QS_METRIC_F_AVG], (2.0 / 3) / 2);
    qs_metrics_destroy(metrics);
}
END_TEST

START_TEST(undefined_figures_have_a_note)
{
    static const char *const pairs[][3] = {{"", "positive", "positive"}, {"", "positive", "positive"}};
    qs_metrics *metrics = metrics_of(pairs, 2);
    const qs_metric_set *all = qs_metrics_overall(metrics);
    NEAR(all->values[QS_METRIC_ACCURACY], 1);
    for (int i = 0; i < QS_METRIC_COUNT; i++)
        ck_assert_int_eq(isnan(all->values[i]) != 0, all->notes[i] != NULL);
    ck_assert(isnan(all->values[QS_METRIC_F_AVG]));
    ck_assert(isnan(all->values[QS_METRIC_COHEN_KAPPA]));
    ck_assert(isnan(all->values[QS_METRIC_MATTHEWS]));
    ck_assert(isnan(all->values[QS_METRIC_KRIPPENDORFF_ALPHA]));
    qs_metrics_destroy(metrics);

    metrics = metrics_of(NULL, 0);
    all = qs_metrics_overall(metrics);
    for (int i = 0; i < QS_METRIC_COUNT; i++)
        ck_assert_msg(isnan(all->values[i]) && all->notes[i] != NULL, "%s", qs_metric_name((qs_metric)i));
    qs_metrics_destroy(metrics);
}
END_TEST

START_TEST(figures_are_found_by_path)
{
    static const char *const pairs[][3] = {{"Dr. No", "favor", "favor"}, {"x", "against", "favor"}};
    qs_metrics *metrics = metrics_of(pairs, 2);
    double value = 0;
    int better = 0;
    static const char *const good[] = {"accuracy", "overall.accuracy", "labels.favor.precision",
                                       "favor.precision", "overall.labels.favor.precision"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        ck_assert_int_eq(qs_metrics_lookup(metrics, qs_str_of(good[i]), &value, NULL, &better, NULL), QS_OK);
        NEAR(value, 0.5);
    }
    ck_assert_int_eq(qs_metrics_lookup(metrics, qs_str_of("Dr. No.macro_f1"), &value, NULL, NULL, NULL), QS_OK);
    NEAR(value, 1);
    ck_assert_int_eq(qs_metrics_lookup(metrics, qs_str_of("x.favor.recall"), &value, NULL, NULL, NULL), QS_OK);
    ck_assert(isnan(value));
    static const char *const bad[] = {"", ".", "macro", "y.accuracy", "favor", "favor.", "overall"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_int_eq(qs_metrics_lookup(metrics, qs_str_of(bad[i]), &value, NULL, NULL, NULL), QS_EUSAGE);
    qs_metrics_destroy(metrics);
}
END_TEST

START_TEST(bad_rows_are_refused)
{
    qs_evaluation *evaluation = NULL;
    const qs_str labels[2] = {qs_str_of("a"), qs_str_of("a")};
    const double bad[] = {1.5, -0.1, NAN};
    ck_assert_int_eq(qs_evaluation_create(&evaluation, NULL, 0, NULL), QS_OK);
    for (size_t i = 0; i < 3; i++) {
        const qs_evaluation_row row = {.gold = labels[0], .predicted = labels[0], .probability_labels = labels,
                                       .probabilities = &bad[i], .probability_count = 1};
        ck_assert_int_eq(qs_evaluation_add(evaluation, &row, NULL), QS_EINPUT);
    }
    const double two[] = {0.5, 0.5};
    const qs_evaluation_row twice = {.gold = labels[0], .predicted = labels[0], .probability_labels = labels,
                                     .probabilities = two, .probability_count = 2};
    ck_assert_int_eq(qs_evaluation_add(evaluation, &twice, NULL), QS_EINPUT);
    ck_assert_int_eq(qs_evaluation_add(evaluation, &twice, NULL), QS_EINPUT);
    ck_assert_uint_eq(qs_evaluation_rows(evaluation), 0);
    qs_evaluation_destroy(evaluation);
}
END_TEST

START_TEST(folds_are_even_and_keep_groups)
{
    enum { count = 997, fold_count = 5 };
    static qs_str labels[count], groups[count];
    static char names[count][8];
    static uint32_t folds[count], again[count];
    for (size_t i = 0; i < count; i++) {
        labels[i] = qs_str_of(i % 10 == 0 ? "rare" : i % 3 == 0 ? "some" : "often");
        snprintf(names[i], sizeof names[i], "g%zu", i / 4);
        groups[i] = i % 50 == 0 ? qs_str_make(NULL, 0) : qs_str_of(names[i]);
    }
    for (int grouped = 0; grouped < 2; grouped++) {
        const qs_str *by = grouped ? groups : NULL;
        size_t items[fold_count] = {0}, rare[fold_count] = {0};
        ck_assert_int_eq(qs_folds_assign(folds, labels, by, count, fold_count, 7, NULL), QS_OK);
        ck_assert_int_eq(qs_folds_assign(again, labels, by, count, fold_count, 7, NULL), QS_OK);
        ck_assert_mem_eq(folds, again, sizeof folds);
        ck_assert_int_eq(qs_folds_assign(again, labels, by, count, fold_count, 8, NULL), QS_OK);
        ck_assert_mem_ne(folds, again, sizeof folds);
        for (size_t i = 0; i < count; i++) {
            items[folds[i]]++;
            rare[folds[i]] += i % 10 == 0;
            if (grouped && i > 0 && qs_str_equal(groups[i], groups[i - 1]) && groups[i].ptr != NULL)
                ck_assert_uint_eq(folds[i], folds[i - 1]);
        }
        for (size_t f = 0; f < fold_count; f++) {
            ck_assert_msg(items[f] >= 197 && items[f] <= 202, "fold %zu has %zu items", f, items[f]);
            ck_assert_msg(rare[f] == 20, "fold %zu has %zu rare items", f, rare[f]);
        }
    }
    ck_assert_int_eq(qs_folds_assign(folds, labels, NULL, 4, 5, 1, NULL), QS_EUSAGE);
    ck_assert_int_eq(qs_folds_assign(folds, labels, NULL, 4, 1, 1, NULL), QS_EUSAGE);
}
END_TEST

/* Draws against the exact distribution: inversion, rejection, and the mirrored side. */
START_TEST(binomial_draws_follow_the_law)
{
    static const struct { uint64_t trials; double p; } cases[] = {{10, 0.3}, {60, 0.4}, {1000, 0.02}, {200, 0.9}};
    enum { draws = 40000 };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        static unsigned counts[1001];
        const uint64_t n = cases[c].trials;
        const double p = cases[c].p;
        qs_rng rng = qs_rng_make(c + 1);
        memset(counts, 0, sizeof counts);
        for (int i = 0; i < draws; i++) {
            const uint64_t k = qs_binomial_draw(&rng, n, p);
            ck_assert_uint_le(k, n);
            counts[k]++;
        }
        double square = 0, cells = 0;
        for (uint64_t k = 0; k <= n; k++) {
            const double mass = exp(qs_log_factorial(n) - qs_log_factorial(k) - qs_log_factorial(n - k) +
                                    (double)k * log(p) + (double)(n - k) * log1p(-p)) * draws;
            if (mass < 5)
                continue;
            square += (counts[k] - mass) * (counts[k] - mass) / mass;
            cells += 1;
        }
        ck_assert_msg(square < cells + 4 * sqrt(2 * cells), "n %d p %g: chi square %g on %g cells", (int)n, p,
                      square, cells);
    }
}
END_TEST

START_TEST(normal_curve)
{
    NEAR(qs_normal_below(0), 0.5);
    NEAR(qs_normal_quantile(0.975), 1.959963984540054);
    NEAR(qs_normal_quantile(0.5), 0);
}
END_TEST

/* 200 rows, 70 % right: the intervals must be those of the binomial law, whichever way units are drawn. */
START_TEST(intervals_are_right_and_do_not_depend_on_jobs)
{
    char names[200][16];
    for (int grouped = 0; grouped < 2; grouped++) {
        qs_evaluation *evaluation = NULL;
        ck_assert_int_eq(qs_evaluation_create(&evaluation, NULL, 0, NULL), QS_OK);
        for (int i = 0; i < 200; i++) {
            snprintf(names[i], sizeof names[i], "g%d", i);
            const qs_evaluation_row row = {.gold = qs_str_of(i % 2 ? "favor" : "against"),
                                           .predicted = qs_str_of((i % 2) == (i % 10 < 7) ? "favor" : "against"),
                                           .group = grouped ? qs_str_of(names[i]) : qs_str_make(NULL, 0)};
            ck_assert_int_eq(qs_evaluation_add(evaluation, &row, NULL), QS_OK);
        }
        qs_interval intervals[2][2];
        for (int method = 0; method < 2; method++)
            for (size_t jobs = 1; jobs <= 3; jobs += 2) {
                qs_metrics *metrics = NULL;
                qs_measure_options options = qs_measure_defaults();
                options.rounds = 4000;
                options.jobs = jobs;
                options.method = method ? QS_INTERVAL_BCA : QS_INTERVAL_PERCENTILE;
                ck_assert_int_eq(qs_metrics_create(&metrics, evaluation, &options, NULL), QS_OK);
                intervals[method][jobs / 2] = qs_metrics_overall(metrics)->intervals[QS_METRIC_ACCURACY];
                NEAR(qs_metrics_overall(metrics)->values[QS_METRIC_ACCURACY], 0.7);
                ck_assert_uint_eq(qs_metrics_overall(metrics)->groups, 200);
                qs_metrics_destroy(metrics);
            }
        for (int method = 0; method < 2; method++) {
            ck_assert_mem_eq(&intervals[method][0], &intervals[method][1], sizeof(qs_interval));
            ck_assert_double_eq_tol(intervals[method][0].low, 0.635, 0.011);
            ck_assert_double_eq_tol(intervals[method][0].high, 0.76, 0.011);
        }
        qs_evaluation_destroy(evaluation);
    }
}
END_TEST

/* Four rows, worked by hand. */
START_TEST(probabilities_by_hand)
{
    static const double p[4] = {0.9, 0.6, 0.6, 0.2};
    static const char *const gold[4] = {"yes", "no", "yes", "no"};
    const qs_str names[2] = {qs_str_of("yes"), qs_str_of("no")};
    qs_evaluation *evaluation = NULL;
    qs_metrics *metrics = NULL;
    size_t worst_count = 0;
    ck_assert_int_eq(qs_evaluation_create(&evaluation, NULL, 0, NULL), QS_OK);
    qs_evaluation_keep_worst(evaluation, 3);
    for (int i = 0; i < 4; i++) {
        const double both[2] = {p[i], 1 - p[i]};
        const qs_evaluation_row row = {.gold = qs_str_of(gold[i]), .predicted = names[p[i] < 0.5],
                                       .probability_labels = names, .probabilities = both, .probability_count = 2};
        ck_assert_int_eq(qs_evaluation_add(evaluation, &row, NULL), QS_OK);
    }
    ck_assert_int_eq(qs_metrics_create(&metrics, evaluation, NULL, NULL), QS_OK);
    ck_assert_uint_eq(qs_metrics_worst(metrics, &worst_count)->row, 1);
    ck_assert_uint_eq(worst_count, 1);
    const qs_metric_set *all = qs_metrics_overall(metrics);
    NEAR(all->values[QS_METRIC_BRIER], 2 * (0.01 + 0.36 + 0.16 + 0.04) / 4);
    NEAR(all->values[QS_METRIC_LOG_LOSS], -(log(0.9) + log(0.4) + log(0.6) + log(0.8)) / 4);
    NEAR(all->values[QS_METRIC_CALIBRATION_ERROR], (0.1 + fabs(1 - 1.2) + 0.2) / 4);
    NEAR(all->labels[1].values[QS_LABEL_METRIC_ROC_AUC], (1 + 0.5 + 1 + 1) / 4);
    NEAR(all->labels[1].values[QS_LABEL_METRIC_AVERAGE_PRECISION], (1 + 2.0 / 3) / 2);
    /* surest first: 0.9 right, 0.8 right, then two of 0.6 with one error between them */
    NEAR(all->values[QS_METRIC_RISK_COVERAGE_AREA], (0 + 0 + 0.5 / 3 + 1.0 / 4) / 4);
    ck_assert_uint_eq(all->labels[1].roc.count, 4);
    qs_metrics_destroy(metrics);
    qs_evaluation_destroy(evaluation);
}
END_TEST

START_TEST(the_worst_rows_are_kept)
{
    static const double sure[] = {0.6, 0.9, 0.7, 0.9, 0.55, 0.8, 0.95};
    static const int comes_in[] = {1, 1, 0, 1, 0, 1, 1}; /* row 2 is right, row 4 is less bad than three before it */
    static const size_t expected[] = {6, 1, 3};          /* of equals the first one first */
    const qs_str names[2] = {qs_str_of("a"), qs_str_of("b")};
    const qs_cause causes[] = {{qs_str_of("n-gram"), 0.5}, {qs_str_of(""), -1}};
    qs_evaluation *evaluation = NULL;
    qs_metrics *metrics = NULL;
    size_t count = 0;
    ck_assert_int_eq(qs_evaluation_create(&evaluation, NULL, 0, NULL), QS_OK);
    qs_evaluation_keep_worst(evaluation, 3);
    for (size_t i = 0; i < sizeof sure / sizeof *sure; i++) {
        char text[32];
        const double p[2] = {sure[i], 1 - sure[i]};
        snprintf(text, sizeof text, "text %zu", i);
        const qs_evaluation_row row = {.gold = names[i != 2], .predicted = names[0], .id = qs_str_of(text + 5),
                                       .text = qs_str_of(text), .probability_labels = names, .probabilities = p,
                                       .probability_count = 2};
        ck_assert_int_eq(qs_evaluation_add(evaluation, &row, NULL), QS_OK);
        ck_assert_int_eq(qs_evaluation_last_is_worst(evaluation), comes_in[i]);
        if (i == 6)
            ck_assert_int_eq(qs_evaluation_explain_last(evaluation, causes, 2, NULL), QS_OK);
    }
    ck_assert_int_eq(qs_metrics_create(&metrics, evaluation, NULL, NULL), QS_OK);
    qs_evaluation_destroy(evaluation);
    const qs_wrong_row *worst = qs_metrics_worst(metrics, &count);
    ck_assert_uint_eq(count, 3);
    for (size_t i = 0; i < 3; i++) {
        ck_assert_uint_eq(worst[i].row, expected[i]);
        ck_assert_double_eq(worst[i].confidence, sure[expected[i]]);
        ck_assert_int_eq(worst[i].text.ptr[5], '0' + (int)expected[i]);
    }
    ck_assert_uint_eq(worst[0].cause_count, 2);
    ck_assert(qs_str_equal(worst[0].causes[0].ngram, qs_str_of("n-gram")));
    ck_assert_uint_eq(worst[1].cause_count, 0);
    qs_metrics_destroy(metrics);
}
END_TEST

/* Rows of two articles with ties, three labels and a label that one article lacks; `only` < 0: both. */
static qs_metrics *two_articles(int only, uint64_t rounds, size_t jobs)
{
    static const char *const gold[] = {"a", "b", "a", "c", "b", "a", "a", "b", "b", "a", "b", "b"};
    static const double p[][3] = {{0.7, 0.2, 0.1}, {0.3, 0.6, 0.1}, {0.2, 0.7, 0.1}, {0.3, 0.3, 0.4},
                                  {0.5, 0.4, 0.1}, {0.7, 0.2, 0.1}, {0.9, 0.1, 0}, {0.4, 0.4, 0.2},
                                  {0.2, 0.8, 0},   {0.1, 0.8, 0.1}, {0.6, 0.3, 0.1}, {0, 1, 0}};
    const qs_str names[3] = {qs_str_of("a"), qs_str_of("b"), qs_str_of("c")};
    qs_evaluation *evaluation = NULL;
    qs_metrics *metrics = NULL;
    qs_measure_options options = qs_measure_defaults();
    options.rounds = rounds;
    options.jobs = jobs;
    options.method = QS_INTERVAL_PERCENTILE;
    ck_assert_int_eq(qs_evaluation_create(&evaluation, NULL, 0, NULL), QS_OK);
    for (int i = 0; i < 12; i++) {
        const int article = i >= 5;
        size_t best = 0;
        for (size_t k = 1; k < 3; k++)
            best = p[i][k] > p[i][best] ? k : best;
        const qs_evaluation_row row = {.gold = qs_str_of(gold[i]), .predicted = names[best], .probability_labels = names,
                                       .probabilities = p[i], .probability_count = 3,
                                       .group = qs_str_of(article ? "second" : "first")};
        if (only < 0 || only == article)
            ck_assert_int_eq(qs_evaluation_add(evaluation, &row, NULL), QS_OK);
    }
    ck_assert_int_eq(qs_metrics_create(&metrics, evaluation, &options, NULL), QS_OK);
    qs_evaluation_destroy(evaluation);
    return metrics;
}

/* A quarter of the resamples of two articles is the first one twice, a quarter the second: the ends of the interval are the figures of
 * each alone (twice the same rows have the same figures), or lie between if both together are an extreme. */
START_TEST(scores_are_resampled_by_article)
{
    qs_metrics *alone[2] = {two_articles(0, 0, 1), two_articles(1, 0, 1)};
    qs_metrics *both = two_articles(-1, 400, 1), *threads = two_articles(-1, 400, 3);
    const qs_metric_set *set = qs_metrics_overall(both);
    ck_assert_uint_eq(set->groups, 2);
    for (int i = QS_METRIC_FIRST_PROBABILITY; i < QS_METRIC_COUNT; i++) {
        const double one = qs_metrics_overall(alone[0])->values[i], other = qs_metrics_overall(alone[1])->values[i];
        const double low = fmin(fmin(one, other), set->values[i]), high = fmax(fmax(one, other), set->values[i]);
        ck_assert(!isnan(one) && !isnan(other));
        if (i != QS_METRIC_RISK_COVERAGE_AREA) { /* of twice the rows it is another mean: over twice as many steps */
            ck_assert_msg(fabs(set->intervals[i].low - low) < 1e-12, "%s %g %g", qs_metric_name((qs_metric)i), set->intervals[i].low, low);
            ck_assert_msg(fabs(set->intervals[i].high - high) < 1e-12, "%s %g %g", qs_metric_name((qs_metric)i), set->intervals[i].high, high);
        } else {
            ck_assert_double_eq_tol(set->intervals[i].low, low, 0.05);
            ck_assert_double_eq_tol(set->intervals[i].high, high, 0.05);
        }
        ck_assert_mem_eq(&set->intervals[i], &qs_metrics_overall(threads)->intervals[i], sizeof(qs_interval));
    }
    qs_metrics_destroy(alone[0]);
    qs_metrics_destroy(alone[1]);
    qs_metrics_destroy(both);
    qs_metrics_destroy(threads);
}
END_TEST

/* The spatial test of 26 children (Efron and Tibshirani 1993, chapter 14): variance 171.5, acceleration 0.061, and
 * 90 % intervals, percentile 100.8 to 233.9, BCa 115.8 to 259.6 (there with 2,000 rounds). */
static const double children[26] = {48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6,
                                    0,  33, 28, 34, 4,  32, 24, 47, 41, 24, 26, 30, 41};

static void variance_of(void *context, size_t worker, const uint64_t *counts, double *values)
{
    double n = 0, sum = 0, squares = 0;
    (void)context;
    (void)worker;
    for (int i = 0; i < 26; i++) {
        n += (double)counts[i];
        sum += (double)counts[i] * children[i];
        squares += (double)counts[i] * children[i] * children[i];
    }
    values[0] = squares / n - sum / n * (sum / n);
}

START_TEST(bootstrap_by_the_book)
{
    qs_resample resample = {0};
    qs_draws draws = {0};
    qs_measure_options options = qs_measure_defaults();
    uint32_t cells[26], groups[26];
    uint64_t once[26];
    double variance = 0, acceleration = 0;
    for (uint32_t i = 0; i < 26; i++) {
        cells[i] = i;
        groups[i] = UINT32_MAX;
        once[i] = 1;
    }
    variance_of(NULL, 0, once, &variance);
    ck_assert_double_eq_tol(variance, 171.5, 0.05);
    ck_assert_int_eq(qs_resample_make(&resample, cells, groups, 26, 26, NULL), QS_OK);
    ck_assert_int_eq(qs_resample_acceleration(&acceleration, &resample, 1, variance_of, NULL, NULL), QS_OK);
    ck_assert_double_eq_tol(acceleration, 0.061, 0.0005);
    options.rounds = 40000;
    options.confidence = 0.9;
    ck_assert_int_eq(qs_resample_draw(&draws, &resample, 1, variance_of, NULL, &options, NULL), QS_OK);
    const qs_interval bca = qs_draws_interval(&draws, 0, variance, acceleration, &options);
    ck_assert_double_eq_tol(bca.low, 115.8, 2);
    ck_assert_double_eq_tol(bca.high, 259.6, 3);
    options.method = QS_INTERVAL_PERCENTILE;
    const qs_interval percentile = qs_draws_interval(&draws, 0, variance, 0, &options);
    ck_assert_double_eq_tol(percentile.low, 100.8, 4); /* 2,000 rounds have a standard error of 2 there */
    ck_assert_double_eq_tol(percentile.high, 233.9, 4);
    qs_draws_free(&draws);
    qs_resample_free(&resample);
}
END_TEST

/* A world of three labels: how often each is gold, and what it is taken for. */
static const char *const world_labels[3] = {"favor", "against", "none"};
static const double world[3][3] = {{0.22, 0.05, 0.08}, {0.04, 0.28, 0.08}, {0.05, 0.06, 0.14}};

/* Metrics of `units` draws from the world, each standing for `rows_each` equal rows. */
static qs_metrics *draw_metrics(qs_rng *rng, size_t units, size_t rows_each, int grouped, qs_interval_method method)
{
    qs_evaluation *evaluation = NULL;
    qs_metrics *metrics = NULL;
    qs_measure_options options = qs_measure_defaults();
    options.rounds = 500;
    options.method = method;
    options.seed = qs_rng_next(rng);
    ck_assert_int_eq(qs_evaluation_create(&evaluation, NULL, 0, NULL), QS_OK);
    for (size_t i = 0; i < units; i++) {
        char name[24];
        double left = qs_rng_unit(rng);
        int cell = 0;
        while (cell < 8 && left >= world[cell / 3][cell % 3])
            left -= world[cell / 3][cell % 3], cell++;
        snprintf(name, sizeof name, "%zu", i);
        const qs_evaluation_row row = {.gold = qs_str_of(world_labels[cell / 3]),
                                       .predicted = qs_str_of(world_labels[cell % 3]),
                                       .group = grouped ? qs_str_of(name) : qs_str_make(NULL, 0)};
        for (size_t k = 0; k < rows_each; k++)
            ck_assert_int_eq(qs_evaluation_add(evaluation, &row, NULL), QS_OK);
    }
    ck_assert_int_eq(qs_metrics_create(&metrics, evaluation, &options, NULL), QS_OK);
    qs_evaluation_destroy(evaluation);
    return metrics;
}

/* The figures of the world itself: its cells as counts. */
static void true_figures(double *values)
{
    qs_tally tally = {0};
    ck_assert_int_eq(qs_tally_make(&tally, 3, NULL), QS_OK);
    tally.favor = 0;
    tally.against = 1;
    for (uint32_t cell = 0; cell < 9; cell++)
        qs_tally_add(&tally, cell / 3, cell % 3, (uint64_t)lround(100 * world[cell / 3][cell % 3]));
    qs_tally_measure(&tally, values);
    qs_tally_free(&tally);
}

/* How often, of `samples`, the interval of each metric holds the true figure. */
static void coverage_of(double *shares, size_t samples, size_t rows_each, int grouped, qs_interval_method method)
{
    qs_rng rng = qs_rng_make(2026);
    double truth[QS_METRIC_COUNT];
    true_figures(truth);
    for (size_t i = 0; i < samples; i++) {
        qs_metrics *metrics = draw_metrics(&rng, 200, rows_each, grouped, method);
        for (int k = 0; k < QS_METRIC_FIRST_PROBABILITY; k++) {
            const qs_interval interval = qs_metrics_overall(metrics)->intervals[k];
            shares[k] += interval.low <= truth[k] && truth[k] <= interval.high ? 1.0 / (double)samples : 0;
        }
        qs_metrics_destroy(metrics);
    }
}

/* What 95 % intervals promise: of many samples of 200 units, 93 to 97 % hold the truth; and with repeated rows
 * only if those stay together. (Of 5,000 samples with 2,000 rounds each, 94.5 to 95.8 % of the BCa intervals of these
 * metrics do, and 93.9 to 95.5 % of the percentile intervals; 1,000 samples tell it within 0.7 points.) */
START_TEST(intervals_hold_as_often_as_they_say)
{
    static const qs_metric checked[] = {QS_METRIC_ACCURACY, QS_METRIC_BALANCED_ACCURACY, QS_METRIC_MACRO_F1,
                                        QS_METRIC_WEIGHTED_F1, QS_METRIC_F_AVG, QS_METRIC_COHEN_KAPPA,
                                        QS_METRIC_MATTHEWS};
    double shares[4][QS_METRIC_COUNT] = {{0}};
    for (int method = 0; method < 2; method++) {
        coverage_of(shares[method], 1000, 1, 0, (qs_interval_method)method);
        for (size_t i = 0; i < sizeof checked / sizeof *checked; i++)
            ck_assert_msg(shares[method][checked[i]] >= (method == QS_INTERVAL_BCA ? 0.93 : 0.92) && shares[method][checked[i]] <= 0.97, "%s, method %d: %g",
                          qs_metric_name(checked[i]), method, shares[method][checked[i]]);
    }
    coverage_of(shares[2], 300, 3, 1, QS_INTERVAL_BCA);
    coverage_of(shares[3], 300, 3, 0, QS_INTERVAL_BCA);
    ck_assert_msg(shares[2][QS_METRIC_MACRO_F1] >= 0.93 && shares[2][QS_METRIC_MACRO_F1] <= 0.97, "groups: %g",
                  shares[2][QS_METRIC_MACRO_F1]);
    ck_assert_msg(shares[3][QS_METRIC_MACRO_F1] < 0.85, "rows torn from their groups: %g",
                  shares[3][QS_METRIC_MACRO_F1]);
}
END_TEST

/* 1 against 7: 18/256 exact, 10/256 mid-p (the airway data that Fagerland 2013 works through). */
START_TEST(mcnemar_and_holm_by_the_book)
{
    double exact = 0, mid = 0;
    qs_mcnemar(1, 7, &exact, &mid);
    NEAR(exact, 18.0 / 256);
    NEAR(mid, 10.0 / 256);
    qs_mcnemar(2, 2, &exact, &mid);
    NEAR(exact, 1);
    NEAR(mid, 1 - 6.0 / 16 / 2);
    qs_mcnemar(0, 0, &exact, &mid);
    NEAR(exact, 1);
    NEAR(mid, 1);
    /* approval of a prime minister, 86 against 150 of 1,600 (Agresti 2002, table 10.1): z = 4.17 */
    qs_mcnemar(86, 150, &exact, &mid);
    ck_assert_double_eq_tol(exact, 3.716e-5, 1e-7);
    ck_assert(mid < exact && mid > 2 * qs_normal_below(-4.3));
    double p[] = {0.01, 0.04, NAN, 0.03, 0.005};
    const double expected[] = {0.03, 0.06, NAN, 0.06, 0.02};
    ck_assert_int_eq(qs_holm(p, 5, NULL), QS_OK);
    for (int i = 0; i < 5; i++)
        if (!isnan(expected[i]))
            NEAR(p[i], expected[i]);
    ck_assert(isnan(p[2]));
}
END_TEST

START_TEST(comparison_of_two_models)
{
    qs_comparison *comparison = NULL;
    ck_assert_int_eq(qs_comparison_create(&comparison, NULL), QS_OK);
    for (int i = 0; i < 400; i++) { /* A right on 240, B on 320; on head "y" they agree everywhere */
        const int y = i >= 300;
        const qs_comparison_row row = {.head = qs_str_of(y ? "y" : "x"), .gold = qs_str_of("favor"),
                                       .a = qs_str_of(y || i < 140 ? "favor" : "against"),
                                       .b = qs_str_of(y || (i >= 20 && i < 240) ? "favor" : "against")};
        ck_assert_int_eq(qs_comparison_add(comparison, &row, NULL), QS_OK);
    }
    ck_assert_int_eq(qs_comparison_run(comparison, NULL, NULL), QS_OK);
    ck_assert_uint_eq(qs_comparison_set_count(comparison), 3);
    const qs_comparison_set *all = qs_comparison_get(comparison, 0);
    const qs_difference *accuracy = &all->metrics[QS_METRIC_ACCURACY];
    ck_assert_uint_eq(all->only_a_right, 20);
    ck_assert_uint_eq(all->only_b_right, 100);
    NEAR(accuracy->difference, 0.2);
    /* paired: sqrt(120 - 80 * 80 / 400) / 400 = 0.0255 */
    ck_assert_double_eq_tol(accuracy->interval.low, 0.2 - 1.96 * 0.0255, 0.01);
    ck_assert_double_eq_tol(accuracy->interval.high, 0.2 + 1.96 * 0.0255, 0.01);
    ck_assert_double_lt(accuracy->p, 0.001);
    ck_assert(isnan(all->mcnemar_holm));
    const qs_comparison_set *same = qs_comparison_get(comparison, 2);
    ck_assert(qs_str_equal(same->name, qs_str_of("y")));
    NEAR(same->metrics[QS_METRIC_ACCURACY].p, 1);
    NEAR(same->mcnemar_exact, 1);
    NEAR(qs_comparison_get(comparison, 1)->mcnemar_holm, 2 * qs_comparison_get(comparison, 1)->mcnemar_mid);
    qs_comparison_destroy(comparison);
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("evaluation");
    tcase_add_test(tests, figures_by_hand);
    tcase_add_test(tests, undefined_figures_have_a_note);
    tcase_add_test(tests, figures_are_found_by_path);
    tcase_add_test(tests, bad_rows_are_refused);
    tcase_add_test(tests, folds_are_even_and_keep_groups);
    tcase_add_test(tests, binomial_draws_follow_the_law);
    tcase_add_test(tests, normal_curve);
    tcase_add_test(tests, intervals_are_right_and_do_not_depend_on_jobs);
    tcase_add_test(tests, probabilities_by_hand);
    tcase_add_test(tests, the_worst_rows_are_kept);
    tcase_add_test(tests, scores_are_resampled_by_article);
    tcase_add_test(tests, bootstrap_by_the_book);
    tcase_add_test(tests, intervals_hold_as_often_as_they_say);
    tcase_add_test(tests, mcnemar_and_holm_by_the_book);
    tcase_add_test(tests, comparison_of_two_models);
    return run_case("evaluation", tests);
}
