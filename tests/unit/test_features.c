/* Tests of normalisation, tokens, n-grams and vectors. SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "features/odds.h"
#include "features/refit.h"
#include "features/vector.h"
#include "run.h"

static qs_buf joined;

static const char *tokens_of(const char *text)
{
    qs_token token;
    const qs_str view = qs_str_of(text);
    qs_buf_clear(&joined);
    for (size_t at = 0; qs_token_next(view, at, &token); at = token.end) {
        if (joined.len > 0)
            qs_buf_add_char(&joined, '|');
        qs_buf_add_str(&joined, qs_str_slice(view, token.start, token.end));
    }
    qs_buf_add_char(&joined, '\0');
    return joined.ptr;
}

START_TEST(tokens_keep_what_matters)
{
    ck_assert_str_eq(tokens_of("we don't want a cease-fire!!! #peace @envoy ..."),
                     "we|don't|want|a|cease|-|fire|!!!|#peace|@envoy|...");
    ck_assert_str_eq(tokens_of("1,000.5 men, 2. see https://x.org/a?b=1, ok"),
                     "1,000.5|men|,|2|.|see|https://x.org/a?b=1,|ok");
    ck_assert_str_eq(tokens_of("'never' rights' 5' #"), "'|never|'|rights|'|5|'|#");
    ck_assert_str_eq(tokens_of("na\xc3\xafve \xe2\x82\xac""5 \xf0\x9f\x98\x80\xf0\x9f\x98\x80"),
                     "na\xc3\xafve|\xe2\x82\xac|5|\xf0\x9f\x98\x80\xf0\x9f\x98\x80");
    ck_assert_str_eq(tokens_of(" \t\n"), "");
}
END_TEST

static const char *normal_of(qs_normalizer *n, const char *text)
{
    ck_assert_int_eq(qs_normalize(n, qs_str_of(text), NULL), QS_OK);
    qs_buf_add_char(&n->out, '\0');
    return n->out.ptr;
}

START_TEST(normalisation_folds_case_width_and_quotes)
{
    qs_normalizer n = {0};
    ck_assert_str_eq(normal_of(&n, "We DON\xe2\x80\x99T \xe2\x80\x9c""Stra\xc3\x9f""e\xe2\x80\x9d \xef\xbc\xa1"),
                     "we don't \"strasse\" a");
    ck_assert_str_eq(normal_of(&n, "e\xcc\x81 E\xcc\x81"), "\xc3\xa9 \xc3\xa9");
    ck_assert_str_eq(normal_of(&n, "a\xff""b"), "a\xef\xbf\xbd""b");
    ck_assert_str_eq(normal_of(&n, "zero\xe2\x80\x8bwidth"), "zerowidth");
    ck_assert_str_eq(normal_of(&n, "x\xe2\x82\x8b"), "x-"); /* subscript minus */
    qs_normalizer_free(&n);
}
END_TEST

START_TEST(normalisation_with_origins_gives_the_same_text)
{
    qs_normalizer plain = {0};
    qs_normalizer traced = {.with_origins = true};
    const qs_str text = qs_str_of("\xd0\x9c\xd0\xb8\xd1\x80 \xe2\x80\x94 e\xcc\x81\xcc\xa3 \xef\xb7\xba \xe1\x84\x80\xe1\x85\xa1 ok");
    ck_assert_int_eq(qs_normalize(&plain, text, NULL), QS_OK);
    ck_assert_int_eq(qs_normalize(&traced, text, NULL), QS_OK);
    ck_assert_uint_eq(plain.out.len, traced.out.len);
    ck_assert(memcmp(plain.out.ptr, traced.out.ptr, plain.out.len) == 0);
    for (size_t i = 0; i < traced.out.len; i++) {
        ck_assert_uint_lt(traced.origins[i], text.len);
        ck_assert(i == 0 || traced.origins[i] >= traced.origins[i - 1]);
    }
    qs_normalizer_free(&plain);
    qs_normalizer_free(&traced);
}
END_TEST

/* A soft hyphen vanishes, and the mark behind it joins the letter before. */
START_TEST(origins_do_not_part_a_letter_from_its_mark)
{
    qs_normalizer plain = {0};
    qs_normalizer traced = {.with_origins = true};
    const char *text = "\xef\xac\x83\xc2\xad\xcc\xa3 a\xe3\x85\xa4\xcc\x81";
    ck_assert_str_eq(normal_of(&plain, text), normal_of(&traced, text));
    qs_normalizer_free(&plain);
    qs_normalizer_free(&traced);
}
END_TEST

START_TEST(a_flood_of_marks_is_capped)
{
    qs_normalizer n = {0};
    qs_buf text = {0};
    qs_buf_add_char(&text, 'a');
    for (int i = 0; i < 100000; i++)
        qs_buf_add_text(&text, i < 50000 ? "\xcc\x81" : "\xcc\xa3");
    ck_assert_int_eq(qs_normalize(&n, qs_buf_view(&text), NULL), QS_OK);
    ck_assert_uint_eq(n.marks_dropped, 100000 - QS_MARKS_PER_BASE);
    qs_buf_free(&text);
    qs_normalizer_free(&n);
}
END_TEST

START_TEST(a_bag_counts_each_ngram_once)
{
    qs_bag bag = {0};
    qs_feature_spec spec = qs_feature_spec_default();
    spec.char_min = spec.char_max = 0;
    spec.word_max = 2;
    const qs_item item = {{qs_str_of("No talks, no TALKS"), {0}}};
    for (int round = 0; round < 2; round++) {
        ck_assert_int_eq(qs_bag_fill(&bag, &spec, &item, NULL), QS_OK);
        ck_assert_uint_eq(bag.count, 6); /* no, no talks, talks, "talks ,", ",", ", no" */
        ck_assert_uint_eq(bag.items[0].count, 2);
        ck_assert_uint_eq(bag.items[1].count, 2);
        const qs_str text = qs_bag_text(&bag, &bag.items[1]);
        ck_assert(qs_str_equal(text, qs_str_of("no talks")));
    }
    qs_bag_free(&bag);
}
END_TEST

START_TEST(character_ngrams_squeeze_spaces)
{
    qs_bag a = {0};
    qs_bag b = {0};
    qs_feature_spec spec = qs_feature_spec_default();
    spec.word_min = spec.word_max = 0;
    const qs_item tight = {{qs_str_of("ab cd"), {0}}};
    const qs_item loose = {{qs_str_of("  ab \t\n cd "), {0}}};
    ck_assert_int_eq(qs_bag_fill(&a, &spec, &tight, NULL), QS_OK);
    ck_assert_int_eq(qs_bag_fill(&b, &spec, &loose, NULL), QS_OK);
    ck_assert_uint_eq(a.count, 6 + 5 + 4 + 3); /* " ab cd ": lengths 2 to 5 */
    ck_assert_uint_eq(a.count, b.count);
    for (size_t i = 0; i < a.count; i++)
        ck_assert(a.items[i].hash == b.items[i].hash);
    qs_bag_free(&a);
    qs_bag_free(&b);
}
END_TEST

START_TEST(negation_sets_words_apart_up_to_punctuation)
{
    qs_bag bag = {0};
    qs_feature_spec spec = qs_feature_spec_default();
    spec.char_min = spec.char_max = 0;
    spec.word_max = 1;
    spec.flags |= QS_FEATURE_NEGATION;
    const qs_item item = {{qs_str_of("talk not talk , talk"), {0}}};
    ck_assert_int_eq(qs_bag_fill(&bag, &spec, &item, NULL), QS_OK);
    ck_assert_uint_eq(bag.count, 4); /* talk (twice), not, NOT-talk, "," */
    qs_bag_free(&bag);
}
END_TEST

static void build(qs_vocabulary *vocabulary, qs_vectors *vectors, const qs_feature_spec *spec,
                  const qs_item *items, size_t count, size_t jobs)
{
    ck_assert_int_eq(qs_vocabulary_build(vocabulary, spec, items, count, jobs, NULL), QS_OK);
    ck_assert_int_eq(qs_vectors_build(vectors, vocabulary, spec, items, count, jobs, NULL), QS_OK);
}

/* Hashes made to agree in their lower bits, as the n-grams of a hostile text or model may be: unkeyed slots would
 * take some 10^10 steps here, more than a test is given time for. */
START_TEST(hashes_made_to_collide_cost_nothing)
{
    const size_t count = (size_t)1 << 18;
    qs_vocabulary v = {.hashes = qs_alloc(count, sizeof *v.hashes), .count = count};
    uint32_t index = 0;
    ck_assert_ptr_nonnull(v.hashes);
    for (size_t i = 0; i < count; i++)
        v.hashes[i] = (uint64_t)i << 32 | 5;
    ck_assert_int_eq(qs_vocabulary_index(&v, NULL), QS_OK);
    for (size_t i = 0; i < count; i++) {
        ck_assert(qs_vocabulary_find(&v, v.hashes[i], &index));
        ck_assert_uint_eq(index, i);
    }
    ck_assert(!qs_vocabulary_find(&v, 6, &index));
    qs_vocabulary_free(&v);
}
END_TEST

START_TEST(vectors_do_not_depend_on_the_threads)
{
    enum { COUNT = 2000 };
    static char texts[COUNT][64];
    static qs_item items[COUNT];
    for (int i = 0; i < COUNT; i++) {
        (void)snprintf(texts[i], sizeof texts[i], "quote %d of speaker %d on day %d", i, i % 17, i % 7);
        items[i].field[0] = qs_str_of(texts[i]);
    }
    const qs_feature_spec spec = qs_feature_spec_default();
    qs_vocabulary one = {0};
    qs_vocabulary four = {0};
    qs_vectors a = {0};
    qs_vectors b = {0};
    build(&one, &a, &spec, items, COUNT, 1);
    build(&four, &b, &spec, items, COUNT, 4);
    ck_assert_uint_eq(one.count, four.count);
    ck_assert(memcmp(one.hashes, four.hashes, one.count * sizeof *one.hashes) == 0);
    ck_assert_uint_eq(a.rows, COUNT);
    ck_assert(memcmp(a.starts, b.starts, (COUNT + 1) * sizeof *a.starts) == 0);
    ck_assert(memcmp(a.indices, b.indices, a.starts[COUNT] * sizeof *a.indices) == 0);
    ck_assert(memcmp(a.values, b.values, a.starts[COUNT] * sizeof *a.values) == 0);
    for (size_t r = 0; r < a.rows; r++) {
        double squares = 0;
        for (uint64_t k = a.starts[r]; k < a.starts[r + 1]; k++) {
            ck_assert(k == a.starts[r] || a.indices[k] > a.indices[k - 1]);
            squares += (double)a.values[k] * (double)a.values[k];
        }
        ck_assert_double_eq_tol(squares, 2.0, 1e-5); /* two blocks of length 1 */
    }
    ck_assert_int_eq(qs_vocabulary_add_text(&one, &spec, items, COUNT, NULL), QS_OK);
    for (uint32_t i = 0; i < one.count; i++)
        ck_assert_uint_gt(qs_vocabulary_text(&one, i).len + 1, 1);
    qs_vectors_free(&a);
    qs_vectors_free(&b);
    qs_vocabulary_free(&one);
    qs_vocabulary_free(&four);
}
END_TEST

static void refuse_classes(const char *list, qs_status status, uint64_t line)
{
    qs_word_classes *classes = NULL;
    qs_error err = {0};
    ck_assert_int_eq(qs_word_classes_parse(&classes, qs_str_of(list), &err), status);
    ck_assert_ptr_null(classes);
    ck_assert_uint_eq(err.line, line);
}

/* 60 texts of two labels: "talks" and "war" tell them, "the" tells nothing. */
static void odds_texts(qs_item *items, uint32_t *labels, char (*bytes)[64])
{
    for (uint32_t i = 0; i < 60; i++) {
        labels[i] = i % 2;
        (void)snprintf(bytes[i], sizeof bytes[i], "the %s of day%u", i % 2 == 0 ? "talks" : "war", i % 7);
        items[i] = (qs_item){{qs_str_of(bytes[i])}};
    }
}

static float idf_of(const qs_vocabulary *v, const qs_feature_spec *spec, const char *word)
{
    const qs_item item = {{qs_str_of(word)}};
    qs_bag bag = {0};
    ck_assert_int_eq(qs_bag_fill(&bag, spec, &item, NULL), QS_OK);
    const qs_vocabulary_slot *slot = qs_vocabulary_slot_of(v, bag.items[0].hash);
    const float idf = slot == NULL ? -1 : slot->idf;
    qs_bag_free(&bag);
    return idf;
}

static void make_by_odds(qs_vocabulary *v, qs_vectors *vectors, double evidence, size_t jobs)
{
    static qs_item items[60];
    static uint32_t labels[60];
    static uint32_t rows[60];
    static char bytes[60][64];
    const qs_feature_spec spec = qs_feature_spec_default();
    odds_texts(items, labels, bytes);
    for (uint32_t i = 0; i < 60; i++)
        rows[i] = i;
    const qs_labelling labelling = {rows, labels, 60, 2};
    ck_assert_int_eq(qs_vocabulary_build(v, &spec, items, 60, jobs, NULL), QS_OK);
    ck_assert_int_eq(qs_vectors_build(vectors, v, &spec, items, 60, jobs, NULL), QS_OK);
    ck_assert_int_eq(qs_odds_apply(v, vectors, &spec, &labelling, 1, evidence, jobs, NULL), QS_OK);
    ck_assert_int_eq(qs_vocabulary_index(v, NULL), QS_OK);
}

START_TEST(odds_weigh_what_tells_the_labels)
{
    qs_vocabulary v = {0};
    qs_vectors made = {0};
    qs_vectors again = {0};
    qs_item items[60];
    uint32_t labels[60];
    char bytes[60][64];
    const qs_feature_spec spec = qs_feature_spec_default();
    odds_texts(items, labels, bytes);
    make_by_odds(&v, &made, 0, 1);
    ck_assert_float_gt(idf_of(&v, &spec, "war"), 5 * idf_of(&v, &spec, "the"));
    /* vectors made anew with these weights, as scoring makes them, are the same but for rounding */
    ck_assert_int_eq(qs_vectors_build(&again, &v, &spec, items, 60, 1, NULL), QS_OK);
    ck_assert_uint_eq(again.starts[60], made.starts[60]);
    for (uint64_t e = 0; e < made.starts[60]; e++) {
        ck_assert_uint_eq(again.indices[e], made.indices[e]);
        ck_assert_float_eq_tol(again.values[e], made.values[e], 1e-6f);
    }
    qs_vectors_free(&made);
    qs_vectors_free(&again);
    qs_vocabulary_free(&v);
}
END_TEST

/* Vectors made anew for some rows are those that these rows alone would have given to all. */
static void refit_as_from_part(qs_weighting weighting)
{
    qs_vocabulary all = {0}, part = {0}, again = {0};
    qs_vectors vectors = {0}, wanted = {0}, made = {0};
    qs_item items[60], some[60];
    uint32_t labels[60];
    unsigned char seen[60];
    char bytes[60][64];
    size_t count = 0;
    qs_feature_spec spec = qs_feature_spec_default();
    spec.weighting = weighting;
    odds_texts(items, labels, bytes);
    for (size_t i = 0; i < 60; i++) {
        seen[i] = i < 8 || i % 4 == 1; /* "talks" is rare in it, some words of several days are gone */
        if (seen[i])
            some[count++] = items[i];
    }
    ck_assert_int_eq(qs_vocabulary_build(&all, &spec, items, 60, 1, NULL), QS_OK);
    ck_assert_int_eq(qs_vectors_build(&vectors, &all, &spec, items, 60, 1, NULL), QS_OK);
    ck_assert_int_eq(qs_vocabulary_build(&part, &spec, some, count, 1, NULL), QS_OK);
    ck_assert_int_eq(qs_vectors_build(&wanted, &part, &spec, items, 60, 1, NULL), QS_OK);
    ck_assert_int_eq(qs_vectors_refit(&again, &made, &all, &vectors, &spec, seen, NULL), QS_OK);
    ck_assert_uint_lt(part.count, all.count);
    ck_assert_uint_eq(again.count, part.count);
    for (size_t f = 0; f < part.count; f++) {
        ck_assert_uint_eq(again.blocks[f], part.blocks[f]);
        if (weighting == QS_WEIGHT_TFIDF)
            ck_assert_float_eq_tol(again.idf[f], part.idf[f], 1e-6f);
    }
    for (size_t r = 0; r <= 60; r++)
        ck_assert_uint_eq(made.starts[r], wanted.starts[r]);
    for (uint64_t e = 0; e < wanted.starts[60]; e++) {
        ck_assert_uint_eq(made.indices[e], wanted.indices[e]);
        ck_assert_float_eq_tol(made.values[e], wanted.values[e], 1e-6f);
    }
    memset(seen, 0, sizeof seen);
    qs_vocabulary none = {0};
    qs_vectors nothing = {0};
    ck_assert_int_eq(qs_vectors_refit(&none, &nothing, &all, &vectors, &spec, seen, NULL), QS_EINPUT);
    qs_vocabulary_free(&all);
    qs_vocabulary_free(&part);
    qs_vocabulary_free(&again);
    qs_vectors_free(&vectors);
    qs_vectors_free(&wanted);
    qs_vectors_free(&made);
}

START_TEST(a_part_of_the_rows_makes_vectors_of_its_own)
{
    refit_as_from_part(QS_WEIGHT_TFIDF);
    refit_as_from_part(QS_WEIGHT_PRESENCE);
}
END_TEST

START_TEST(evidence_drops_what_tells_nothing)
{
    qs_vocabulary all = {0};
    qs_vocabulary one = {0};
    qs_vocabulary two = {0};
    qs_vectors rows[3] = {{0}, {0}, {0}};
    const qs_feature_spec spec = qs_feature_spec_default();
    make_by_odds(&all, &rows[0], 0, 1);
    make_by_odds(&one, &rows[1], 0.1, 1);
    make_by_odds(&two, &rows[2], 0.1, 2);
    ck_assert_float_gt(idf_of(&all, &spec, "the"), 0);
    ck_assert_float_lt(idf_of(&one, &spec, "the"), 0);
    ck_assert_float_gt(idf_of(&one, &spec, "war"), 0);
    ck_assert_float_gt(idf_of(&one, &spec, "day3"), 0); /* too rare to be judged */
    ck_assert_uint_lt(one.count, all.count);
    ck_assert_uint_eq(rows[1].features, one.count);
    ck_assert_uint_lt(rows[1].starts[60], rows[0].starts[60]);
    ck_assert_uint_eq(one.count, two.count); /* jobs change no bit */
    ck_assert_mem_eq(one.idf, two.idf, one.count * sizeof *one.idf);
    ck_assert_mem_eq(rows[1].values, rows[2].values, (size_t)rows[1].starts[60] * sizeof *rows[1].values);
    for (size_t i = 0; i < 3; i++)
        qs_vectors_free(&rows[i]);
    qs_vocabulary_free(&all);
    qs_vocabulary_free(&one);
    qs_vocabulary_free(&two);
}
END_TEST

START_TEST(bad_lists_of_classes_are_refused_with_the_line)
{
    refuse_classes("", QS_EINPUT, 0);
    refuse_classes("# nothing\n", QS_EINPUT, 0);
    refuse_classes("A\tb\nno tab\n", QS_EINPUT, 2);
    refuse_classes("small\tb\n", QS_EINPUT, 1);
    refuse_classes("A\tb c\n\nB\tC\n", QS_EINPUT, 3); /* "C" and "c" are one word */
    refuse_classes("A\t\xff\n", QS_EINPUT, 0);
    refuse_classes("A\tb\n=G\tA c\n", QS_EINPUT, 2);
    refuse_classes("=G\tA\nA\tb\n", QS_EINPUT, 1); /* not above */
    refuse_classes("A\tb\n=G\tG\n", QS_EINPUT, 2);
    refuse_classes("A\tb\n=\tA\n", QS_EINPUT, 2);
    refuse_classes("A\tb\n=", QS_EINPUT, 2);
}
END_TEST

static void check_presence(const qs_word_classes *classes, const char *text, const char *expected)
{
    qs_buf out = {0};
    ck_assert_int_eq(qs_word_classes_presence(classes, qs_str_of(text), &out, NULL), QS_OK);
    ck_assert(qs_str_equal(qs_buf_view(&out), qs_str_of(expected)));
    qs_buf_free(&out);
}

START_TEST(a_text_has_or_lacks_each_class_and_group)
{
    qs_word_classes *classes = NULL;
    ck_assert_int_eq(qs_word_classes_parse(&classes, qs_str_of("TALK\ttalk*\n=CUE\tTALK DEAL\n"), NULL), QS_EINPUT);
    ck_assert_int_eq(qs_word_classes_parse(&classes, qs_str_of("TALK\ttalk*\nDEAL\tdeal\nNEG\tno\n=CUE\tTALK DEAL\n=ANY\tCUE NEG\n"),
                                           NULL), QS_OK);
    check_presence(classes, "no talks, talks", "TALK no_DEAL NEG CUE ANY ");
    check_presence(classes, "a deal", "no_TALK DEAL no_NEG CUE ANY ");
    check_presence(classes, "no", "no_TALK no_DEAL NEG no_CUE ANY ");
    check_presence(classes, "rain.", "no_TALK no_DEAL no_NEG no_CUE no_ANY ");
    check_presence(classes, "", "");
    qs_word_classes_destroy(classes);
}
END_TEST

/* Single words, no characters, and of the context what the context has. */
START_TEST(presence_is_a_field_of_text_and_of_context)
{
    qs_word_classes *classes = NULL;
    qs_feature_spec spec = qs_feature_spec_default();
    qs_item item = {.field[QS_FIELD_TEXT] = qs_str_of("Talks!"), .field[QS_FIELD_CONTEXT] = qs_str_of("No: \"Talks!\"")};
    qs_bag bag = {0};
    qs_error err = {0};
    ck_assert_int_eq(qs_word_classes_parse(&classes, qs_str_of("TALK\ttalk*\nNEG\tno\n"), NULL), QS_OK);
    spec.classes = classes;
    spec.flags |= QS_FEATURE_NEGATION;
    spec.fields |= 1u << QS_FIELD_CLASSES | 1u << QS_FIELD_CONTEXT_PRESENCE;
    ck_assert_int_eq(qs_feature_spec_check(&spec, &err), QS_EUSAGE); /* no context */
    spec.fields |= 1u << QS_FIELD_CONTEXT | 1u << QS_FIELD_PRESENCE;
    ck_assert_int_eq(qs_feature_spec_check(&spec, &err), QS_OK);
    ck_assert_int_eq(qs_bag_fill(&bag, &spec, &item, &err), QS_OK);
    const size_t first = bag.block_start[QS_FIELD_PRESENCE * 2];
    ck_assert_uint_eq(bag.count - first, 4);
    ck_assert_uint_eq(bag.block_start[QS_FIELD_CONTEXT_PRESENCE * 2] - first, 2);
    ck_assert(qs_str_equal(qs_bag_text(&bag, &bag.items[first]), qs_str_of("TALK")));
    ck_assert(qs_str_equal(qs_bag_text(&bag, &bag.items[first + 1]), qs_str_of("no_NEG")));
    ck_assert(qs_str_equal(qs_bag_text(&bag, &bag.items[first + 3]), qs_str_of("NEG")));
    spec.fields = 1u << QS_FIELD_TEXT | 1u << QS_FIELD_PRESENCE;
    ck_assert_int_eq(qs_feature_spec_check(&spec, &err), QS_EUSAGE); /* no classes */
    qs_bag_free(&bag);
    qs_word_classes_destroy(classes);
}
END_TEST

START_TEST(classes_are_a_field_of_their_own)
{
    qs_word_classes *classes = NULL;
    qs_bag bag = {0};
    qs_feature_spec spec = qs_feature_spec_default();
    const qs_str list = qs_str_of("# example\nTALK\ttalk* dialogue\nNO\tnever don't\r\nTALK\tparley\nWALK\ttalkat*\n");
    ck_assert_int_eq(qs_word_classes_parse(&classes, list, NULL), QS_OK);
    ck_assert(qs_str_equal(qs_word_classes_text(classes), list));
    ck_assert(qs_str_equal(qs_word_classes_find(classes, qs_str_of("talks")), qs_str_of("TALK")));
    ck_assert(qs_str_equal(qs_word_classes_find(classes, qs_str_of("talkative")), qs_str_of("WALK")));
    ck_assert_ptr_null(qs_word_classes_find(classes, qs_str_of("tal")).ptr);
    ck_assert_ptr_null(qs_word_classes_find(classes, qs_str_of("dialogues")).ptr);
    ck_assert_ptr_null(qs_word_classes_find(classes, qs_str_of("")).ptr);
    spec.fields |= 1u << QS_FIELD_CLASSES;
    spec.classes = classes;
    spec.word_min = spec.word_max = 3;
    spec.char_min = spec.char_max = 0;
    const qs_item item = {{qs_str_of("They DON\xe2\x80\x99T want talks. Parley!")}};
    ck_assert_int_eq(qs_bag_fill(&bag, &spec, &item, NULL), QS_OK);
    const size_t first = bag.block_start[QS_FIELD_CLASSES * 2];
    ck_assert_uint_eq(bag.count - first, 3); /* "no talk .", "talk . talk", ". talk !" */
    ck_assert(qs_str_equal(qs_bag_text(&bag, &bag.items[first]), qs_str_of("NO TALK .")));
    ck_assert(qs_str_equal(qs_bag_text(&bag, &bag.items[first + 2]), qs_str_of(". TALK !")));
    qs_bag_free(&bag);
    qs_word_classes_destroy(classes);
}
END_TEST

START_TEST(parts_of_words_stand_beside_the_other_characters)
{
    qs_bag bag = {0};
    qs_feature_spec spec = qs_feature_spec_default();
    spec.fields |= 1u << QS_FIELD_PARTS;
    spec.char_min = spec.char_max = 3;
    const qs_item item = {{qs_str_of("No war")}};
    ck_assert_int_eq(qs_feature_spec_check(&spec, NULL), QS_OK);
    ck_assert_int_eq(qs_bag_fill(&bag, &spec, &item, NULL), QS_OK);
    const size_t first = bag.block_start[QS_FIELD_PARTS * 2];
    ck_assert_uint_eq(bag.block_start[2] - bag.block_start[1], 6); /* " no" "no " "o w" " wa" "war" "ar " */
    ck_assert_uint_eq(bag.block_start[QS_FIELD_PARTS * 2 + 1], first); /* no words */
    ck_assert_uint_eq(bag.count - first, 5);                           /* without "o w" */
    for (size_t k = first; k < bag.count; k++)
        ck_assert(!qs_str_equal(qs_bag_text(&bag, &bag.items[k]), qs_str_of("o w")));
    ck_assert(qs_str_equal(qs_bag_text(&bag, &bag.items[first + 3]), qs_str_of("war")));
    qs_bag_free(&bag);
    spec.char_min = spec.char_max = 0;
    ck_assert_int_eq(qs_feature_spec_check(&spec, NULL), QS_EUSAGE);
}
END_TEST

int main(void)
{
    TCase *all = tcase_create("all");
    tcase_add_test(all, tokens_keep_what_matters);
    tcase_add_test(all, normalisation_folds_case_width_and_quotes);
    tcase_add_test(all, normalisation_with_origins_gives_the_same_text);
    tcase_add_test(all, origins_do_not_part_a_letter_from_its_mark);
    tcase_add_test(all, a_flood_of_marks_is_capped);
    tcase_add_test(all, a_bag_counts_each_ngram_once);
    tcase_add_test(all, character_ngrams_squeeze_spaces);
    tcase_add_test(all, negation_sets_words_apart_up_to_punctuation);
    tcase_add_test(all, bad_lists_of_classes_are_refused_with_the_line);
    tcase_add_test(all, classes_are_a_field_of_their_own);
    tcase_add_test(all, a_text_has_or_lacks_each_class_and_group);
    tcase_add_test(all, presence_is_a_field_of_text_and_of_context);
    tcase_add_test(all, parts_of_words_stand_beside_the_other_characters);
    tcase_add_test(all, vectors_do_not_depend_on_the_threads);
    tcase_add_test(all, odds_weigh_what_tells_the_labels);
    tcase_add_test(all, a_part_of_the_rows_makes_vectors_of_its_own);
    tcase_add_test(all, evidence_drops_what_tells_nothing);
    tcase_add_test(all, hashes_made_to_collide_cost_nothing);
    const int failed = run_case("features", all);
    qs_buf_free(&joined);
    return failed;
}
