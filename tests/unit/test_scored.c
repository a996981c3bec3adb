/* Scoring in bulk, and quotes with their scores. SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fault.h"
#include "quotestance/quotestance.h"
#include "run.h"

#define MANY 1500

static const char *const phrases[] = {"We are ready to talk.", "There will be no negotiations with murderers!", "",
                                      "Мы готовы к переговорам", "The weather is fine, said nobody", "\xff\xfe broken"};

static qs_classifier *bundled(void)
{
    qs_classifier *classifier = NULL;
    ck_assert_int_eq(qs_classifier_open_bundled(&classifier, NULL), QS_OK);
    return classifier;
}

static void release(qs_scorer *scorer, qs_quotes *quotes, qs_article *article, qs_classifier *classifier)
{
    qs_scorer_destroy(scorer);
    qs_quotes_destroy(quotes);
    qs_article_destroy(article);
    qs_classifier_close(classifier);
}

/* The same bits as one text after another, for any number of jobs. */
START_TEST(many_equal_one_by_one)
{
    qs_classifier *classifier = bundled();
    const size_t width = qs_classifier_label_total(classifier);
    const size_t heads = qs_classifier_head_count(classifier);
    qs_text *texts = calloc(MANY, sizeof *texts);
    double *expected = calloc(MANY * width, sizeof *expected);
    double *found = calloc(MANY * width, sizeof *found);
    double *scores = calloc(MANY * heads, sizeof *scores);
    qs_scorer *scorer = NULL;
    ck_assert(texts != NULL && expected != NULL && found != NULL && scores != NULL);
    ck_assert_int_eq(qs_scorer_create(&scorer, classifier, NULL), QS_OK);
    for (size_t i = 0; i < MANY; i++) {
        const qs_score *answers = NULL;
        size_t count = 0;
        texts[i].text = qs_str_of(phrases[i % (sizeof phrases / sizeof *phrases)]);
        ck_assert_int_eq(qs_scorer_score(scorer, &texts[i], &answers, &count, NULL), QS_OK);
        ck_assert_uint_eq(count, heads);
        for (size_t h = 0, at = i * width; h < count; at += answers[h].label_count, h++)
            memcpy(expected + at, answers[h].probabilities, answers[h].label_count * sizeof *expected);
    }
    for (size_t jobs = 0; jobs <= 3; jobs++) {
        memset(found, 0, MANY * width * sizeof *found);
        ck_assert_int_eq(qs_score_many(classifier, texts, MANY, jobs, found, jobs == 1 ? NULL : scores, NULL), QS_OK);
        ck_assert_mem_eq(found, expected, MANY * width * sizeof *found);
    }
    for (size_t h = 0; h < heads; h++)
        ck_assert(fabs(scores[h]) <= 1);
    ck_assert_int_eq(qs_score_many(classifier, NULL, 0, 4, NULL, NULL, NULL), QS_OK);
    qs_scorer_destroy(scorer);
    free(texts);
    free(expected);
    free(found);
    free(scores);
    qs_classifier_close(classifier);
}
END_TEST

static void write_targets(const char *path)
{
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    fputs("text\tlabel\ttarget\n", file);
    for (int i = 0; i < 12; i++)
        fprintf(file, "we like %s number %d\t%s\t%s\n", i % 2 ? "peace" : "war", i, i % 2 ? "favor" : "against",
                i % 4 < 2 ? "A" : "B");
    ck_assert_int_eq(fclose(file), 0);
}

/* A text asks the head of its target; the others, and unknown targets, are no numbers. */
START_TEST(many_by_target)
{
    char path[] = "/tmp/qs-scored-XXXXXX";
    const int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(close(fd), 0);
    write_targets(path);
    const char *const paths[] = {path};
    qs_classifier *classifier = NULL;
    qs_train_options options = qs_train_options_default();
    options.per_target = true;
    options.min_df = 1;
    options.rows.format = QS_FORMAT_TSV;
    ck_assert_int_eq(qs_train(&classifier, paths, 1, &options, NULL, NULL), QS_OK);
    ck_assert_uint_eq(qs_classifier_label_total(classifier), 4);
    const qs_text texts[3] = {{qs_str_of("we like peace"), qs_str_of(""), qs_str_of("B")},
                              {qs_str_of("we like peace"), qs_str_of(""), qs_str_of("A")},
                              {qs_str_of("we like peace"), qs_str_of(""), qs_str_of("C")}};
    double rows[12];
    double scores[6];
    ck_assert_int_eq(qs_score_many(classifier, texts, 3, 1, rows, scores, NULL), QS_OK);
    ck_assert(isnan(rows[0]) && isnan(rows[1]) && isnan(scores[0]));
    ck_assert_double_eq_tol(rows[2] + rows[3], 1, 1e-9);
    ck_assert_double_eq_tol(rows[4] + rows[5], 1, 1e-9);
    ck_assert(isnan(rows[6]) && isnan(rows[7]));
    for (int i = 8; i < 12; i++)
        ck_assert(isnan(rows[i]));
    ck_assert(isnan(scores[4]) && isnan(scores[5]));
    qs_article *article = NULL; /* a quote names no target: it is there, with no heads */
    qs_quotes *quotes = NULL;
    qs_scorer *scorer = NULL;
    char *json = NULL;
    size_t length = 0;
    ck_assert_int_eq(qs_article_parse_plain(&article, qs_str_of("\"We like peace,\" Ada Ode said."), "t", NULL), QS_OK);
    ck_assert_int_eq(qs_quotes_extract(&quotes, article, NULL, NULL), QS_OK);
    ck_assert_int_eq(qs_scorer_create(&scorer, classifier, NULL), QS_OK);
    ck_assert_int_eq(qs_quotes_json(&json, &length, quotes, scorer, NULL), QS_OK);
    ck_assert_ptr_nonnull(strstr(json, "\"heads\":{}"));
    qs_json_free(json);
    ck_assert_int_eq(qs_score_json(&json, &length, scorer, &texts[2], 3, NULL), QS_EINPUT);
    ck_assert(json == NULL && length == 0);
    ck_assert_int_eq(qs_score_json(&json, &length, scorer, &texts[1], 3, NULL), QS_OK);
    ck_assert(strstr(json, "\"A\"") != NULL && strstr(json, "\"B\"") == NULL);
    qs_json_free(json);
    release(scorer, quotes, article, classifier);
    ck_assert_int_eq(remove(path), 0);
}
END_TEST

/* What stands in memory is what `predict` writes to a file. */
START_TEST(json_is_that_of_predict)
{
    static const char path[] = QS_SOURCE_DIR "/corpora/articles/harbour-talks.txt";
    static char page[20000];
    FILE *file = fopen(path, "rb");
    ck_assert_ptr_nonnull(file);
    const size_t length = fread(page, 1, sizeof page, file);
    ck_assert_int_eq(fclose(file), 0);
    qs_classifier *classifier = bundled();
    qs_article *article = NULL;
    qs_quotes *quotes = NULL;
    qs_scorer *scorer = NULL;
    char *json = NULL;
    size_t json_length = 0;
    ck_assert_int_eq(qs_article_parse_plain(&article, qs_str_make(page, length), "harbour-talks.txt", NULL), QS_OK);
    ck_assert_int_eq(qs_quotes_extract(&quotes, article, NULL, NULL), QS_OK);
    ck_assert_int_eq(qs_scorer_create(&scorer, classifier, NULL), QS_OK);
    ck_assert_int_eq(qs_quotes_json(&json, &json_length, quotes, scorer, NULL), QS_OK);
    ck_assert_uint_eq(strlen(json), json_length);

    char out[] = "/tmp/qs-scored-XXXXXX";
    static char expected[40000];
    const int fd = mkstemp(out);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(close(fd), 0);
    const char *const inputs[] = {path};
    qs_predict_options options = qs_predict_options_default();
    options.classifier = classifier;
    options.output = out;
    ck_assert_int_eq(qs_predict(inputs, 1, &options, NULL, NULL), QS_OK);
    file = fopen(out, "rb");
    ck_assert_ptr_nonnull(file);
    const size_t expected_length = fread(expected, 1, sizeof expected, file);
    ck_assert_int_eq(fclose(file), 0);
    ck_assert_int_eq(remove(out), 0);
    ck_assert_uint_eq(json_length, expected_length);
    ck_assert_mem_eq(json, expected, json_length);
    ck_assert_ptr_nonnull(strstr(json, "\"heads\""));
    qs_json_free(json);

    ck_assert_int_eq(qs_quotes_json(&json, &json_length, quotes, NULL, NULL), QS_OK);
    ck_assert_ptr_null(strstr(json, "\"heads\""));
    qs_json_free(json);
    release(scorer, quotes, article, classifier);
}
END_TEST

/* A paragraph of thousands of quotes, some nested: each gets the score that it gets alone. */
START_TEST(crowded_paragraph)
{
    enum { QUOTES = 2400 };
    static char text[QUOTES * 48];
    size_t length = 0;
    for (int i = 0; i < QUOTES; i++)
        length += (size_t)snprintf(text + length, sizeof text - length, "%s", i % 3 == 0 ? "\"We \xe2\x80\x98will talk\xe2\x80\x99,\" Édda said. "
                                                                              : i % 3 == 1 ? "\"Never,\" he said, \"never again.\" "
                                                                                           : "\"The war ends,\" said Bo. ");
    qs_classifier *classifier = bundled();
    qs_article *article = NULL;
    qs_quotes *quotes = NULL;
    qs_scorer *scorer = NULL;
    ck_assert_int_eq(qs_article_parse_plain(&article, qs_str_make(text, length), "crowd", NULL), QS_OK);
    ck_assert_int_eq(qs_quotes_extract(&quotes, article, NULL, NULL), QS_OK);
    ck_assert_uint_gt(qs_quotes_count(quotes), QUOTES);
    ck_assert_int_eq(qs_scorer_create(&scorer, classifier, NULL), QS_OK);
    for (size_t i = 0; i < qs_quotes_count(quotes); i++) {
        const qs_score *scores = NULL;
        const qs_score *alone = NULL;
        size_t count = 0;
        qs_scorer *fresh = NULL;
        ck_assert_int_eq(qs_scorer_score_quote(scorer, quotes, i, qs_str_of(""), &scores, &count, NULL), QS_OK);
        if (i % 97 != 0)
            continue;
        ck_assert_int_eq(qs_scorer_create(&fresh, classifier, NULL), QS_OK);
        ck_assert_int_eq(qs_scorer_score_quote(fresh, quotes, i, qs_str_of(""), &alone, &count, NULL), QS_OK);
        for (size_t h = 0; h < count; h++)
            ck_assert_mem_eq(scores[h].probabilities, alone[h].probabilities, scores[h].label_count * sizeof(double));
        qs_scorer_destroy(fresh);
    }
    release(scorer, quotes, article, classifier);
}
END_TEST

/* Far behind the first quote of its utterance a quote is scored by its own words, not by those of the ones between. */
START_TEST(far_from_the_first_of_its_utterance)
{
    enum { BETWEEN = 300 };
    static char text[BETWEEN * 32 + 400];
    size_t length = (size_t)snprintf(text, sizeof text, "\"We will talk about peace,\" Minister Ada Ode said. ");
    for (int i = 0; i < BETWEEN; i++)
        length += (size_t)snprintf(text + length, sizeof text - length, "The \"deal\" is number %d. ", i);
    length += (size_t)snprintf(text + length, sizeof text - length,
                               "\"There will be no negotiations with murderers!\" \"Never, we refuse to talk to them.\"");
    const qs_extract_options options = {.all_marks = true};
    qs_classifier *classifier = bundled();
    qs_article *article = NULL;
    qs_quotes *quotes = NULL;
    qs_scorer *scorer = NULL;
    ck_assert_int_eq(qs_article_parse_plain(&article, qs_str_make(text, length), "far", NULL), QS_OK);
    ck_assert_int_eq(qs_quotes_extract(&quotes, article, &options, NULL), QS_OK);
    ck_assert_uint_eq(qs_quotes_count(quotes), BETWEEN + 3);
    ck_assert_int_eq(qs_scorer_create(&scorer, classifier, NULL), QS_OK);
    for (size_t i = BETWEEN + 1; i < BETWEEN + 3; i++) {
        const qs_quote *quote = qs_quotes_at(quotes, i);
        const qs_text own = {quote->content, qs_str_make(text, length), qs_str_of("")};
        const qs_score *scores = NULL;
        size_t count = 0;
        double joined[3], alone[3];
        ck_assert_uint_eq(quote->group, 1);
        ck_assert_int_eq(qs_scorer_score_quote(scorer, quotes, i, qs_str_of(""), &scores, &count, NULL), QS_OK);
        ck_assert_uint_eq(scores[0].label_count, 3);
        memcpy(joined, scores[0].probabilities, sizeof joined);
        ck_assert_int_eq(qs_scorer_score(scorer, &own, &scores, &count, NULL), QS_OK);
        memcpy(alone, scores[0].probabilities, sizeof alone);
        ck_assert_mem_eq(joined, alone, sizeof joined);
    }
    release(scorer, quotes, article, classifier);
}
END_TEST

/* The parts of a very long paragraph begin and end with whole characters, wherever the quote stands. */
START_TEST(long_paragraphs_are_cut_between_characters)
{
    enum { CHARACTERS = 15000 };
    static char text[CHARACTERS * 3 + 400];
    qs_classifier *classifier = bundled();
    for (size_t shift = 0; shift < 3; shift++) {
        size_t length = (size_t)snprintf(text, sizeof text, "%.*s", (int)shift, "..");
        for (int i = 0; i < CHARACTERS; i++) {
            memcpy(text + length, i % 50 == 49 ? "\xe3\x80\x82" : "\xe4\xba\xba", 3);
            length += 3;
            if (i % 5000 == 4999)
                length += (size_t)snprintf(text + length, sizeof text - length, " \"We will talk about peace,\" Ada Ode said. ");
        }
        qs_article *article = NULL;
        qs_quotes *quotes = NULL;
        qs_scorer *scorer = NULL;
        ck_assert_int_eq(qs_article_parse_plain(&article, qs_str_make(text, length), "long", NULL), QS_OK);
        ck_assert_int_eq(qs_quotes_extract(&quotes, article, NULL, NULL), QS_OK);
        ck_assert_uint_eq(qs_quotes_count(quotes), 3);
        ck_assert_int_eq(qs_scorer_create(&scorer, classifier, NULL), QS_OK);
        for (size_t i = 0; i < 3; i++) {
            const qs_score *scores = NULL;
            size_t count = 0;
            ck_assert_int_eq(qs_scorer_score_quote(scorer, quotes, i, qs_str_of(""), &scores, &count, NULL), QS_OK);
            ck_assert(count > 0 && isfinite(scores[0].probabilities[0]));
        }
        qs_scorer_destroy(scorer);
        qs_quotes_destroy(quotes);
        qs_article_destroy(article);
    }
    qs_classifier_close(classifier);
}
END_TEST

/* One text as JSON: what its heads say and why; a text without a head of its target has none, and marks of no utterance no score. */
START_TEST(json_of_one_text)
{
    qs_classifier *classifier = bundled();
    qs_scorer *scorer = NULL;
    char *json = NULL;
    size_t length = 0;
    const qs_text text = {qs_str_of("We are ready to talk."), qs_str_of(""), qs_str_of("")};
    ck_assert_int_eq(qs_scorer_create(&scorer, classifier, NULL), QS_OK);
    ck_assert_int_eq(qs_score_json(&json, &length, scorer, &text, SIZE_MAX, NULL), QS_OK);
    ck_assert_uint_eq(strlen(json), length);
    ck_assert(json[0] == '{' && json[length - 1] == '}' && strstr(json, "stance:negotiations") != NULL && strstr(json, "reasons") == NULL);
    qs_json_free(json);
    ck_assert_int_eq(qs_scorer_enable_explanations(scorer, NULL), QS_OK);
    ck_assert_int_eq(qs_score_json(&json, &length, scorer, &text, 3, NULL), QS_OK);
    ck_assert_ptr_nonnull(strstr(json, "reasons"));
    qs_json_free(json);
    qs_json_free(NULL);

    const qs_extract_options all = {.all_marks = true};
    qs_article *article = NULL;
    qs_quotes *quotes = NULL;
    const qs_score *scores = NULL;
    size_t count = 7;
    ck_assert_int_eq(qs_article_parse_plain(&article, qs_str_of("It was the \"deal\" of the year."), "t", NULL), QS_OK);
    ck_assert_int_eq(qs_quotes_extract(&quotes, article, &all, NULL), QS_OK);
    ck_assert_uint_eq(qs_quotes_count(quotes), 1);
    ck_assert_int_eq(qs_scorer_score_quote(scorer, quotes, 0, qs_str_of(""), &scores, &count, NULL), QS_OK);
    ck_assert(scores == NULL && count == 0);
    qs_quotes_destroy(quotes);
    qs_article_destroy(article);
    qs_scorer_destroy(scorer);
    qs_classifier_close(classifier);
}
END_TEST

#ifdef QS_FAULTS
/* Whichever allocation fails, the result is whole or QS_ENOMEM. */
START_TEST(json_stands_lack_of_memory)
{
    static const char words[] = "\"We will talk,\" Ada Ode said. \"We will talk on.\" It was the \"deal\" of the year.";
    const qs_text text = {qs_str_of("We are ready to talk."), qs_str_of(""), qs_str_of("")};
    const qs_extract_options all = {.all_marks = true};
    qs_classifier *classifier = bundled();
    qs_article *article = NULL;
    qs_quotes *quotes = NULL;
    ck_assert_int_eq(qs_article_parse_plain(&article, qs_str_of(words), "t", NULL), QS_OK);
    ck_assert_int_eq(qs_quotes_extract(&quotes, article, &all, NULL), QS_OK);
    for (int kind = 0; kind < 2; kind++) {
        qs_status status = QS_ENOMEM;
        for (unsigned long nth = 1; status != QS_OK; nth++) {
            qs_scorer *scorer = NULL;
            char *json = NULL;
            size_t length = 0;
            ck_assert_int_eq(qs_scorer_create(&scorer, classifier, NULL), QS_OK);
            qs_fault_plan(QS_FAULT_ALLOC, nth, false);
            status = kind == 0 ? qs_score_json(&json, &length, scorer, &text, 3, NULL) : qs_quotes_json(&json, &length, quotes, scorer, NULL);
            qs_fault_plan(QS_FAULT_ALLOC, 0, false);
            ck_assert(status == QS_OK ? json != NULL && nth > 2 : status == QS_ENOMEM && json == NULL);
            qs_json_free(json);
            qs_scorer_destroy(scorer);
        }
    }
    qs_quotes_destroy(quotes);
    qs_article_destroy(article);
    qs_classifier_close(classifier);
}
END_TEST
#endif

START_TEST(options_by_name)
{
    qs_train_options o = qs_train_options_default();
    qs_error error;
    ck_assert_int_eq(qs_train_options_set(&o, "word_ngrams", "2-4", &error), QS_OK);
    ck_assert(o.word_min == 2 && o.word_max == 4);
    ck_assert_int_eq(qs_train_options_set(&o, "char_ngrams", "none", &error), QS_OK);
    ck_assert(o.char_min == 0 && o.char_max == 0);
    ck_assert_int_eq(qs_train_options_set(&o, "c", "0.25", &error), QS_OK);
    ck_assert_double_eq(o.c, 0.25);
    ck_assert_int_eq(qs_train_options_set(&o, "kernel", "rbf", &error), QS_OK);
    ck_assert_int_eq(o.kernel, QS_KERNEL_RBF);
    ck_assert_int_eq(qs_train_options_set(&o, "learner", "liblinear", &error), QS_OK);
    ck_assert_int_eq(o.learner, QS_LEARNER_LIBLINEAR);
    ck_assert_int_eq(qs_train_options_set(&o, "tune", "true", &error), QS_OK);
    ck_assert(o.tune);
    ck_assert_int_eq(qs_train_options_set(&o, "seed", "18446744073709551615", &error), QS_OK);
    ck_assert_uint_eq(o.seed, UINT64_MAX);
    ck_assert_int_eq(qs_train_options_set(&o, "label_column", "stance", &error), QS_OK);
    ck_assert_str_eq(o.rows.columns[QS_COLUMN_LABEL], "stance");
    ck_assert_int_eq(qs_train_options_set(&o, "format", "csv", &error), QS_OK);
    ck_assert_int_eq(o.rows.format, QS_FORMAT_CSV);
    static const char *const bad[][2] = {{"word_ngrams", "3-1"}, {"word_ngrams", "0"}, {"word_ngrams", "1-9"}, {"word_ngrams", ""},
                                         {"c", "much"}, {"c", "nan"}, {"kernel", "cubic"}, {"learner", ""},
                                         {"min_df", "4294967296"}, {"jobs", "-1"}, {"tune", "yes"}, {"format", "doc"},
                                         {"colour", "red"}, {"", ""}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_int_eq(qs_train_options_set(&o, bad[i][0], bad[i][1], &error), QS_EUSAGE);
    const char *const settings[] = {"c"};
    qs_classifier *classifier = NULL;
    ck_assert_int_eq(qs_train_with(&classifier, NULL, 0, NULL, 0, settings, 1, NULL, &error), QS_EUSAGE);
    ck_assert_str_eq(error.message, "'c' is not NAME=VALUE");
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("scored");
    tcase_add_test(tests, many_equal_one_by_one);
    tcase_add_test(tests, many_by_target);
    tcase_add_test(tests, json_is_that_of_predict);
    tcase_add_test(tests, crowded_paragraph);
    tcase_add_test(tests, far_from_the_first_of_its_utterance);
    tcase_add_test(tests, long_paragraphs_are_cut_between_characters);
    tcase_add_test(tests, json_of_one_text);
#ifdef QS_FAULTS
    tcase_add_test(tests, json_stands_lack_of_memory);
#endif
    tcase_add_test(tests, options_by_name);
    return run_case("scored", tests);
}
