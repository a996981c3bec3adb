/* Log probabilities from scores, and labels shifted for a metric. SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>

#include "base/rng.h"
#include "model/posterior.h"
#include "pipeline/decide.h"
#include "run.h"

#define ROWS 4000
#define LABELS 3

/* Rows whose labels are drawn from softmax(2 * score + bias). */
static void draw_rows(double *scores, uint32_t *truth, const double *bias, qs_rng *rng)
{
    const qs_posterior model = {.labels = LABELS, .temperature = 2, .bias = {bias[0], bias[1], bias[2]}};
    for (size_t r = 0; r < ROWS; r++) {
        double logs[LABELS];
        double rest = qs_rng_unit(rng);
        for (size_t l = 0; l < LABELS; l++)
            scores[r * LABELS + l] = 2 * qs_rng_unit(rng) - 1;
        qs_posterior_logs(&model, scores + r * LABELS, logs);
        for (truth[r] = 0; truth[r] + 1 < LABELS && rest > exp(logs[truth[r]]); truth[r]++)
            rest -= exp(logs[truth[r]]);
    }
}

START_TEST(posterior_finds_factor_and_rates)
{
    static const double bias[LABELS] = {0.4, -0.9, 0.5};
    double *scores = malloc(ROWS * LABELS * sizeof *scores);
    uint32_t *truth = malloc(ROWS * sizeof *truth);
    qs_rng rng = qs_rng_make(3);
    double logs[LABELS];
    ck_assert(scores != NULL && truth != NULL);
    draw_rows(scores, truth, bias, &rng);
    const qs_posterior found = qs_posterior_fit(scores, truth, ROWS, LABELS);
    ck_assert_double_eq_tol(found.temperature, 2, 0.15);
    for (size_t l = 1; l < LABELS; l++)
        ck_assert_double_eq_tol(found.bias[l] - found.bias[0], bias[l] - bias[0], 0.15);
    qs_posterior_logs(&found, scores, logs);
    ck_assert_double_eq_tol(exp(logs[0]) + exp(logs[1]) + exp(logs[2]), 1, 1e-12);

    /* rows that are passed over tell nothing */
    for (size_t r = 0; r < ROWS; r++)
        truth[r] = UINT32_MAX;
    const qs_posterior none = qs_posterior_fit(scores, truth, ROWS, LABELS);
    ck_assert(fabs(none.temperature - 1) < 1e-6 && fabs(none.bias[0]) < 1e-6);
    free(scores);
    free(truth);
}
END_TEST

START_TEST(one_label_alone_stays_finite)
{
    const double scores[] = {1, -1, 0.5, -0.5, 2, -2};
    const uint32_t truth[] = {0, 0, 0};
    const qs_posterior found = qs_posterior_fit(scores, truth, 3, 2);
    ck_assert(isfinite(found.temperature) && isfinite(found.bias[0]) && isfinite(found.bias[1]));
}
END_TEST

/* Two targets with labels at opposite rates: no common shift of the scores serves both, one of log probabilities does. */
START_TEST(targets_keep_their_own_rates)
{
    static const double bias[2][LABELS] = {{1.5, -1.5, 0}, {-1.5, 1.5, 0}};
    qs_str labels[LABELS] = {qs_str_of("AGAINST"), qs_str_of("FAVOR"), qs_str_of("NONE")};
    qs_head_plan heads[2];
    double *scores[2];
    uint32_t *folds[2];
    qs_rng rng = qs_rng_make(4);
    qs_arena arena = {0};
    double **shifts = NULL;
    double plain = 0;
    double shifted = 0;
    for (size_t h = 0; h < 2; h++) {
        scores[h] = qs_arena_alloc(&arena, ROWS * LABELS, sizeof **scores);
        folds[h] = qs_arena_alloc(&arena, ROWS, sizeof **folds);
        heads[h] = (qs_head_plan){.labels = labels, .label_count = LABELS, .row_count = ROWS,
                                  .row_labels = qs_arena_alloc(&arena, ROWS, sizeof(uint32_t))};
        ck_assert(scores[h] != NULL && folds[h] != NULL && heads[h].row_labels != NULL);
        draw_rows(scores[h], heads[h].row_labels, bias[h], &rng);
        for (uint32_t r = 0; r < ROWS; r++)
            folds[h][r] = r % 5;
    }
    const qs_decide_set set = {heads, 2, scores, folds, 5, QS_METRIC_F_AVG};
    ck_assert_int_eq(qs_decide_measure(&plain, &shifted, &set, NULL), QS_OK);
    ck_assert_double_gt(shifted, plain + 0.05);
    ck_assert_int_eq(qs_decide_fit(&shifts, &arena, &set, NULL), QS_OK);
    ck_assert_double_gt(shifts[0][0] - shifts[0][1], 1);
    ck_assert_double_gt(shifts[1][1] - shifts[1][0], 1);
    qs_arena_free(&arena);
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("decide");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, posterior_finds_factor_and_rates);
    tcase_add_test(tests, one_label_alone_stays_finite);
    tcase_add_test(tests, targets_keep_their_own_rates);
    return run_case("decide", tests);
}
