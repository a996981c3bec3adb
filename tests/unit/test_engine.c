/* The scoring engine against the plain path: the same bits for any text. SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>


#include "base/rng.h"
#include "features/vector.h"
#include "pipeline/engine_internal.h"
#include "text/utf8.h"
#include "run.h"

#define TEXTS 400

static const char *const pieces[] = {
    "the talks", " ", "  ", "\t", "\n", "Peace", "WAR", "don't", "\xe2\x80\x99", "\xe2\x80\x9c", "\xe2\x80\x94", ",", "...",
    "!?", "1,000.5", "#Peace", "@user_1", "https://t.co/a?b=\"", "www.x.y", "e\xcc\x81", "\xc3\x89", "\xef\xac\x81", "\xe4\xba\xba\xe6\xb0\x91",
    "\xd0\x9c\xd0\xb8\xd1\x80", "\xf0\x9f\x98\x80", "\xff", "\xc3", "\xed\xa0\x80", "\x01", "\x7f", "\xc2\xa0", "\xef\xb7\xba", "\xcc\x81\xcc\x81",
    "not", "never", "no", "a", "Z", "h", "w", "_", "'", "\xe2\x80\x8d", "\xc2\xad", "\xea\xb0\x80", "ss\xc3\x9f", "0", "9.", "\xc2\xb4"};

static size_t random_text(qs_rng *rng, char *out, size_t max)
{
    size_t len = 0;
    const size_t parts = qs_rng_below(rng, 60);
    const bool ascii = qs_rng_below(rng, 3) == 0;
    for (size_t i = 0; i < parts; i++) {
        const char *piece = pieces[qs_rng_below(rng, sizeof pieces / sizeof *pieces)];
        char one[2] = {(char)qs_rng_below(rng, ascii ? 128 : 256), '\0'};
        if (qs_rng_below(rng, 4) == 0 && one[0] != '\0')
            piece = one;
        if (ascii && (piece[0] & 0x80) != 0)
            continue;
        if (len + strlen(piece) > max)
            break;
        memcpy(out + len, piece, strlen(piece));
        len += strlen(piece);
    }
    return len;
}

typedef struct texts {
    char bytes[TEXTS * QS_FIELDS][512];
    qs_item items[TEXTS];
} texts;

static void fill_texts(texts *t, qs_rng *rng)
{
    for (size_t i = 0; i < TEXTS; i++)
        for (size_t f = 0; f < QS_FIELDS; f++) {
            char *bytes = t->bytes[i * QS_FIELDS + f];
            t->items[i].field[f] = qs_str_make(bytes, random_text(rng, bytes, sizeof t->bytes[0]));
            if (i > 0 && qs_rng_below(rng, 3) == 0) /* as quotes of one paragraph, or of one utterance, do */
                t->items[i].field[f] = t->items[i - 1 - qs_rng_below(rng, i < 12 ? i : 12)].field[f];
        }
}

/* A model of random weights over the n-grams of the texts. */
static qs_model *random_model(const qs_feature_spec *spec, const texts *t, size_t width, qs_rng *rng,
                              qs_vocabulary *v)
{
    qs_model *model = NULL;
    qs_error err = {0};
    ck_assert_int_eq(qs_vocabulary_build(v, spec, t->items, TEXTS / 2, 1, &err), QS_OK);
    ck_assert_int_eq(qs_model_create(&model, &err), QS_OK);
    model->spec = *spec;
    model->feature_count = v->count;
    model->output_count = width;
    model->feature_hashes = v->hashes;
    model->idf = v->idf;
    model->weights = qs_alloc(v->count * width, sizeof(float));
    for (size_t i = 0; i < v->count * width; i++)
        model->weights[i] = (float)(qs_rng_unit(rng) * 4 - 2);
    model->heads = qs_arena_alloc(&model->arena, 1, sizeof *model->heads);
    model->head_count = 1;
    model->heads[0].label_count = width + 1;
    model->heads[0].output_count = width;
    model->heads[0].bias = qs_arena_alloc(&model->arena, width, sizeof(double));
    for (size_t o = 0; o < width; o++)
        model->heads[0].bias[o] = qs_rng_unit(rng);
    return model;
}

static size_t compare(qs_model *model, const qs_vocabulary *v, const texts *t)
{
    qs_engine_table *table = NULL;
    qs_engine_table *wide = NULL;
    qs_engine *engine = NULL;
    qs_bag bag = {0};
    qs_error err = {0};
    size_t known = 0;
    double plain[8];
    double fast[8];
    ck_assert(qs_engine_can(model));
    ck_assert_int_eq(qs_engine_table_create(&table, model, &err), QS_OK);
    ck_assert_int_eq(qs_engine_table_widen(&wide, table, &err), QS_OK);
    ck_assert_int_eq(qs_engine_create(&engine, table, &err), QS_OK);
    for (size_t i = 0; i < TEXTS; i++) {
        qs_coverage a = {0};
        qs_coverage b = {0};
        if (i == TEXTS / 4)
            qs_engine_expect_many(engine, wide);
        if (i == TEXTS / 2)
            engine->first = UINT32_MAX / 2; /* as after billions of n-grams */
        ck_assert_int_eq(qs_bag_fill(&bag, &model->spec, &t->items[i], &err), QS_OK);
        qs_plain_outputs(model, v, &bag, plain, &a);
        ck_assert_int_eq(qs_engine_outputs(engine, &t->items[i], fast, &b, &err), QS_OK);
        ck_assert_int_eq(memcmp(plain, fast, model->output_count * sizeof *plain), 0);
        ck_assert_uint_eq(a.known, b.known);
        ck_assert_uint_eq(a.all, b.all);
        known += a.known;
    }
    qs_bag_free(&bag);
    qs_engine_destroy(engine);
    qs_engine_table_destroy(wide);
    qs_engine_table_destroy(table);
    return known;
}

static void destroy_random_model(qs_model *model, qs_vocabulary *v)
{
    model->feature_hashes = NULL; /* the vocabulary's */
    model->idf = NULL;
    qs_model_destroy(model);
    qs_vocabulary_free(v);
}

START_TEST(test_same_bits)
{
    static const size_t widths[] = {1, 2, 3, 6, 7};
    texts *t = malloc(sizeof *t);
    qs_rng rng = qs_rng_make(2026);
    qs_word_classes *classes = NULL;
    ck_assert_int_eq(qs_word_classes_parse(&classes, qs_str_of("TALK\ttalk* peace\nNO\tnot no never\n=ANY\tTALK NO\n"), NULL), QS_OK);
    for (uint32_t round = 0; round < 48; round++) {
        qs_feature_spec spec = qs_feature_spec_default();
        qs_vocabulary v = {0};
        qs_error err = {0};
        spec.weighting = round % 2 == 0 ? QS_WEIGHT_TFIDF : QS_WEIGHT_PRESENCE;
        spec.norm = round / 2 % 3;
        spec.flags = (uint32_t)qs_rng_below(&rng, QS_FEATURES_KNOWN + 1);
        spec.fields = 1u + (uint32_t)qs_rng_below(&rng, (1u << QS_FIELDS) - 1);
        spec.min_df = 1 + round % 2;
        if (round % 5 == 1)
            spec.word_min = spec.word_max = 0;
        if (round % 5 == 2)
            spec.char_min = spec.char_max = 0;
        if (round % 5 == 3)
            spec.char_min = 1, spec.word_min = 2;
        if ((spec.fields >> QS_FIELD_CONTEXT_PRESENCE & 1) != 0)
            spec.fields |= 1u << QS_FIELD_CONTEXT;
        if ((spec.fields & QS_PRESENCE_FIELDS) != 0)
            spec.fields |= 1u << QS_FIELD_CLASSES;
        if ((spec.fields >> QS_FIELD_CLASSES & 1) != 0)
            spec.fields = spec.word_max == 0 ? 1u : spec.fields | 1u << QS_FIELD_TEXT;
        if ((spec.fields >> QS_FIELD_PARTS & 1) != 0)
            spec.fields = spec.char_max == 0 ? 1u : spec.fields | 1u << QS_FIELD_TEXT;
        spec.classes = classes;
        ck_assert_int_eq(qs_feature_spec_check(&spec, &err), QS_OK);
        fill_texts(t, &rng);
        qs_model *model = random_model(&spec, t, widths[round % 5], &rng, &v);
        ck_assert_uint_gt(compare(model, &v, t), TEXTS);
        destroy_random_model(model, &v);
    }
    qs_word_classes_destroy(classes);
    free(t);
}
END_TEST

/* Hashes that no text has but a model may hold: neighbours, the ends, all in one bucket. Every one is found, and nothing else. */
START_TEST(test_table_edges)
{
    enum { COUNT = 20000 };
    static uint64_t hashes[COUNT];
    for (int kind = 0; kind < 3; kind++) {
        qs_model *model = NULL;
        qs_engine_table *table = NULL;
        qs_error err = {0};
        for (size_t i = 0; i < COUNT; i++)
            hashes[i] = kind == 0 ? i * 3 : UINT64_MAX - (COUNT - 1 - i) * (kind == 1 ? 3 : UINT64_MAX / COUNT);
        ck_assert_int_eq(qs_model_create(&model, &err), QS_OK);
        model->spec = qs_feature_spec_default();
        model->feature_count = COUNT;
        model->output_count = 1;
        model->feature_hashes = qs_alloc(COUNT, sizeof(uint64_t));
        memcpy(model->feature_hashes, hashes, sizeof hashes);
        model->weights = qs_alloc_zero(COUNT, sizeof(float));
        ck_assert_int_eq(qs_engine_table_create(&table, model, &err), QS_OK);
        for (size_t i = 0; i < COUNT; i++) {
            ck_assert_uint_eq(qs_engine_search(table, hashes[i]), i);
            ck_assert_uint_eq(qs_engine_search(table, hashes[i] - 1), QS_NO_FEATURE);
        }
        qs_engine_table_destroy(table);
        qs_model_destroy(model);
    }
}
END_TEST

/* Models whose hashes crowd into one bucket score as the plain path does: the tags are no more than a hint. */
START_TEST(test_crowded)
{
    texts *t = malloc(sizeof *t);
    qs_rng rng = qs_rng_make(7);
    qs_feature_spec spec = qs_feature_spec_default();
    qs_vocabulary v = {0};
    qs_error err = {0};
    fill_texts(t, &rng);
    qs_model *model = random_model(&spec, t, 3, &rng, &v);
    qs_engine_table *table = NULL;
    ck_assert_int_eq(qs_engine_table_create(&table, model, &err), QS_OK);
    /* as if all n-grams were in few buckets: most have no tag */
    static qs_engine_bucket buckets[2] __attribute__((aligned(64)));
    table->bucket_count = 2;
    buckets[0] = (qs_engine_bucket){.base = QS_BUCKET_FULL};
    size_t half = 0;
    while (half < model->feature_count && qs_engine_bucket_of(table, model->feature_hashes[half]) == 0)
        half++;
    buckets[1] = (qs_engine_bucket){.base = (uint32_t)half | QS_BUCKET_FULL};
    table->buckets = buckets;
    qs_engine *engine = NULL;
    qs_bag bag = {0};
    ck_assert_int_eq(qs_engine_create(&engine, table, &err), QS_OK);
    for (size_t i = 0; i < TEXTS; i++) {
        qs_coverage a = {0};
        qs_coverage b = {0};
        double plain[3];
        double fast[3];
        ck_assert_int_eq(qs_bag_fill(&bag, &model->spec, &t->items[i], &err), QS_OK);
        qs_plain_outputs(model, &v, &bag, plain, &a);
        ck_assert_int_eq(qs_engine_outputs(engine, &t->items[i], fast, &b, &err), QS_OK);
        ck_assert_int_eq(memcmp(plain, fast, sizeof plain), 0);
        ck_assert_uint_eq(a.known, b.known);
    }
    qs_bag_free(&bag);
    qs_engine_destroy(engine);
    qs_engine_table_destroy(table);
    destroy_random_model(model, &v);
    free(t);
}
END_TEST

/* The quotes of a paragraph cost its length once: what was seen a short while ago is not looked at again. */
START_TEST(same_texts_cost_nothing)
{
    qs_rng rng = qs_rng_make(11);
    static texts t;
    qs_vocabulary v = {0};
    qs_feature_spec spec = qs_feature_spec_default();
    spec.fields = 1u << QS_FIELD_TEXT | 1u << QS_FIELD_CONTEXT;
    spec.min_df = 1;
    fill_texts(&t, &rng);
    qs_model *model = random_model(&spec, &t, 3, &rng, &v);
    qs_engine_table *table = NULL;
    qs_engine *engine = NULL;
    double outputs[3];
    double again[3];
    qs_coverage coverage;
    ck_assert_int_eq(qs_engine_table_create(&table, model, NULL), QS_OK);
    ck_assert_int_eq(qs_engine_create(&engine, table, NULL), QS_OK);
    qs_item item = {{qs_str_of("never the talks"), qs_str_of("Peace, not WAR, never the talks")}};
    ck_assert_int_eq(qs_engine_outputs(engine, &item, outputs, &coverage, NULL), QS_OK);
    const qs_coverage first = coverage;
    ck_assert_uint_gt(first.all, 0);
    item.field[QS_FIELD_TEXT] = qs_str_of("another quote of it");
    ck_assert_int_eq(qs_engine_outputs(engine, &item, again, &coverage, NULL), QS_OK);
    for (size_t i = 0; i < 2; i++) {
        item.field[QS_FIELD_TEXT] = qs_str_of("never the talks");
        ck_assert_int_eq(qs_engine_outputs(engine, &item, again, &coverage, NULL), QS_OK);
        ck_assert_mem_eq(again, outputs, sizeof again);
        ck_assert_uint_eq(coverage.known, first.known);
        ck_assert_uint_eq(coverage.all, first.all);
        ck_assert_uint_eq(engine->hit_count + engine->ngrams, 0);
    }
    static char longer[100 * 1024]; /* not kept: memory has a bound */
    memset(longer, 'a', sizeof longer);
    item.field[QS_FIELD_CONTEXT] = qs_str_make(longer, sizeof longer);
    const uint64_t uses = engine->uses;
    for (size_t i = 0; i < 2; i++)
        ck_assert_int_eq(qs_engine_outputs(engine, &item, again, &coverage, NULL), QS_OK);
    ck_assert_uint_eq(engine->uses, uses + 2); /* of the quote alone */
    qs_engine_destroy(engine);
    qs_engine_table_destroy(table);
    destroy_random_model(model, &v);
}
END_TEST

/* More different windows than there is room for, so that one pushes out another that is still wanted; a second time they are not what
 * was met the first. */
START_TEST(test_windows_pushed_out)
{
    enum { LETTERS = 600000 };
    char *bytes = malloc(LETTERS);
    texts *t = calloc(1, sizeof *t);
    qs_rng rng = qs_rng_make(11);
    qs_feature_spec spec = qs_feature_spec_default();
    qs_vocabulary v = {0};
    spec.word_min = spec.word_max = 0;
    for (size_t i = 0; i < LETTERS; i++)
        bytes[i] = (char)('a' + qs_rng_below(&rng, 27) % 26);
    memcpy(bytes + LETTERS / 2 - 3, "\xe4\xba\xba\xd0\x9c\xc3\xa9", 7); /* the second half also with what has no letter */
    for (size_t i = 0; i < TEXTS; i++)
        t->items[i].field[QS_FIELD_TEXT] = qs_str_make(bytes + i * 500, 500);
    qs_model *model = random_model(&spec, t, 3, &rng, &v);
    for (size_t i = 0; i < TEXTS; i++)
        t->items[i].field[QS_FIELD_TEXT] =
            i % 100 == 0 ? qs_str_make(bytes + (i % 200 == 0 ? 0 : LETTERS / 2 - 3), LETTERS / 2 - 3) : qs_str_make(bytes + i, 90);
    ck_assert_uint_gt(compare(model, &v, t), TEXTS);
    destroy_random_model(model, &v);
    free(t);
    free(bytes);
}
END_TEST

int main(void)
{
    TCase *cases = tcase_create("engine");
    tcase_set_timeout(cases, 120);
    tcase_add_test(cases, test_same_bits);
    tcase_add_test(cases, test_table_edges);
    tcase_add_test(cases, test_crowded);
    tcase_add_test(cases, test_windows_pushed_out);
    tcase_add_test(cases, same_texts_cost_nothing);
    return run_case("engine", cases);
}
