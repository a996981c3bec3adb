/* Explanations add up to the margins, and point at the words as they were written. SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>


#include "base/rng.h"
#include "quotestance/explain.h"
#include "run.h"

#define TEXTS 2500 /* for each of four kinds of model */

static const char *const words[] = {"talks", "war", "Peace", "never", "the", "deal", "envoys", "we", "walked", "out",
                                    "CEASEFIRE", "don\xe2\x80\x99t", "\xc3\x84rger", "\xef\xac\x81ne", "no", "yes", "today",
                                    ("stra\xc3\x9f" "e"), "!", "\xe2\x80\x94", "e\xcc\x81t\xc3\xa9", "\xf0\x9f\x98\x80", "again"};
#define WORDS (sizeof words / sizeof *words)

static size_t make_text(qs_rng *rng, char *out)
{
    size_t len = 0;
    const size_t count = qs_rng_below(rng, 14);
    for (size_t i = 0; i < count; i++)
        len += (size_t)sprintf(out + len, "%s%s", i == 0 ? "" : " ", words[qs_rng_below(rng, WORDS)]);
    return len;
}

/* A model of `labels` labels; the first words of a text tell its label more often than not. */
static qs_classifier *train(size_t labels, qs_learner_choice learner, qs_kernel_choice kernel)
{
    static const char *const names[] = {"against", "favor", "none"};
    char path[] = "/tmp/qs_explainXXXXXX";
    char text[512];
    qs_rng rng = qs_rng_make(5);
    qs_error err = {0};
    qs_classifier *classifier = NULL;
    const int fd = mkstemp(path);
    FILE *file = fdopen(fd, "w");
    ck_assert_ptr_nonnull(file);
    fprintf(file, "label\ttext\n");
    for (size_t i = 0; i < 150; i++) {
        const size_t label = qs_rng_below(&rng, labels);
        text[make_text(&rng, text)] = '\0';
        fprintf(file, "%s\t%s %s\n", names[label], words[qs_rng_below(&rng, 4) == 0 ? 9 : label], text);
    }
    fclose(file);
    qs_train_options options = qs_train_options_default();
    const char *const paths[] = {path};
    options.rows.format = QS_FORMAT_TSV;
    options.learner = learner;
    options.kernel = kernel;
    options.word_parts = labels == 2;
    ck_assert_msg(qs_train(&classifier, paths, 1, &options, NULL, &err) == QS_OK, "%s", err.message);
    unlink(path);
    return classifier;
}

/* The largest distance between a margin and the sum of its parts. */
static double check_sums(const qs_score *score)
{
    const qs_explanation *why = score->explanation;
    double worst = 0;
    for (size_t l = 0; l < score->label_count; l++) {
        double sum = why->base[l];
        for (size_t i = 0; i < why->count; i++)
            sum += why->reasons[i].contributions[l];
        worst = fmax(worst, fabs(sum - why->margins[l]));
    }
    return worst;
}

static void check_sources(const qs_explanation *why, qs_str text)
{
    for (size_t i = 0; i < why->count; i++) {
        const qs_reason *reason = &why->reasons[i];
        if (strcmp(reason->field, "text") != 0 && strcmp(reason->field, "parts of words") != 0)
            continue;
        ck_assert_ptr_nonnull(reason->source.ptr);
        ck_assert_uint_gt(reason->source.len, 0);
        ck_assert_uint_le(reason->start + reason->source.len, text.len);
        ck_assert_ptr_eq(reason->source.ptr, text.ptr + reason->start);
        if (qs_str_equal(reason->text, qs_str_of("fine")))
            ck_assert(qs_str_equal(reason->source, qs_str_of("\xef\xac\x81ne")));
        if (qs_str_equal(reason->text, qs_str_of("peace")))
            ck_assert(qs_str_equal(reason->source, qs_str_of("Peace")));
    }
}

static size_t top_margin(const qs_score *score)
{
    size_t best = 0;
    for (size_t l = 1; l < score->label_count; l++)
        best = score->explanation->margins[l] > score->explanation->margins[best] ? l : best;
    return best;
}

/* Labels and probabilities are those without explanations; margins lead to the label, but where votes decide. */
static void check_model(qs_classifier *classifier, bool by_margin)
{
    qs_scorer *plain = NULL;
    qs_scorer *explaining = NULL;
    qs_error err = {0};
    qs_rng rng = qs_rng_make(9);
    char bytes[512];
    double worst = 0;
    size_t reasons = 0;
    ck_assert_int_eq(qs_scorer_create(&plain, classifier, &err), QS_OK);
    ck_assert_int_eq(qs_scorer_create(&explaining, classifier, &err), QS_OK);
    ck_assert_int_eq(qs_scorer_enable_explanations(explaining, &err), QS_OK);
    for (size_t i = 0; i < TEXTS; i++) {
        const qs_text text = {.text = qs_str_make(bytes, make_text(&rng, bytes))};
        const qs_score *expected = NULL;
        const qs_score *got = NULL;
        size_t count = 0;
        ck_assert_int_eq(qs_scorer_score(plain, &text, &expected, &count, &err), QS_OK);
        ck_assert_int_eq(qs_scorer_score(explaining, &text, &got, &count, &err), QS_OK);
        ck_assert_ptr_null(expected->explanation);
        ck_assert(got->explanation->additive);
        for (size_t l = 0; l < got->label_count; l++)
            ck_assert(got->probabilities[l] == expected->probabilities[l]);
        if (by_margin)
            ck_assert(qs_str_equal(got->labels[top_margin(got)], got->label));
        worst = fmax(worst, check_sums(got));
        reasons += got->explanation->count;
        check_sources(got->explanation, text.text);
    }
    ck_assert_double_lt(worst, 1e-9);
    ck_assert_uint_gt(reasons, TEXTS); /* something was explained */
    qs_scorer_destroy(plain);
    qs_scorer_destroy(explaining);
    qs_classifier_close(classifier);
}

START_TEST(one_vs_rest)
{
    check_model(train(3, QS_LEARNER_LIBLINEAR, QS_KERNEL_LINEAR), true);
}
END_TEST

START_TEST(one_vs_one)
{
    check_model(train(3, QS_LEARNER_LIBSVM, QS_KERNEL_LINEAR), false);
}
END_TEST

START_TEST(two_labels)
{
    check_model(train(2, QS_LEARNER_LIBSVM, QS_KERNEL_LINEAR), true);
}
END_TEST

START_TEST(two_labels_liblinear)
{
    check_model(train(2, QS_LEARNER_LIBLINEAR, QS_KERNEL_LINEAR), true);
}
END_TEST

/* A kernel's word weighs what the margin loses without it: scored again without the word, it must. */
START_TEST(occlusion)
{
    qs_classifier *classifier = train(2, QS_LEARNER_LIBSVM, QS_KERNEL_RBF);
    qs_scorer *scorer = NULL;
    qs_error err = {0};
    const qs_text whole = {.text = qs_str_of("war again today")};
    const qs_text without = {.text = qs_str_of(" again today")};
    const qs_score *scores = NULL;
    size_t count = 0;
    double contribution = 0;
    ck_assert_int_eq(qs_scorer_create(&scorer, classifier, &err), QS_OK);
    ck_assert_int_eq(qs_scorer_enable_explanations(scorer, &err), QS_OK);
    ck_assert_int_eq(qs_scorer_score(scorer, &whole, &scores, &count, &err), QS_OK);
    ck_assert(!scores->explanation->additive);
    ck_assert_uint_eq(scores->explanation->count, 3);
    for (size_t i = 0; i < 3; i++)
        if (qs_str_equal(scores->explanation->reasons[i].text, qs_str_of("war")))
            contribution = scores->explanation->reasons[i].contributions[0];
    const double margin = scores->explanation->margins[0];
    ck_assert_int_eq(qs_scorer_score(scorer, &without, &scores, &count, &err), QS_OK);
    ck_assert_double_eq_tol(margin - contribution, scores->explanation->margins[0], 1e-12);
    ck_assert(contribution != 0);
    qs_scorer_destroy(scorer);
    qs_classifier_close(classifier);
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("explain");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, one_vs_rest);
    tcase_add_test(tests, one_vs_one);
    tcase_add_test(tests, two_labels);
    tcase_add_test(tests, two_labels_liblinear);
    tcase_add_test(tests, occlusion);
    return run_case("explain", tests);
}
