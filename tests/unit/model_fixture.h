/* A small training set and models made of it, for the tests of the model layer. SPDX-License-Identifier: MIT */
#ifndef QS_TESTS_MODEL_FIXTURE_H
#define QS_TESTS_MODEL_FIXTURE_H

#include <stdlib.h>
#ifdef FIXTURE_WITHOUT_CHECK
#define ck_assert_msg(expression, ...) ((expression) ? (void)0 : abort())
#define ck_assert_int_eq(a, b) ((a) == (b) ? (void)0 : abort())
#else
#include <check.h>
#endif

#include "base/rng.h"
#include "model/bundle.h"
#include "model/calibration.h"
#include "model/learner.h"
#include "model/predict.h"

#define FIXTURE_ROWS 60
#define FIXTURE_FEATURES 12

typedef struct fixture {
    qs_vectors vectors;
    uint64_t starts[FIXTURE_ROWS + 1];
    uint32_t indices[FIXTURE_ROWS * FIXTURE_FEATURES];
    float values[FIXTURE_ROWS * FIXTURE_FEATURES];
    uint32_t labels[FIXTURE_ROWS];
} fixture;

/* Rows whose label can mostly be told from features 0 to labels - 1, the rest is noise. */
static inline void fixture_fill(fixture *f, size_t labels, uint64_t seed)
{
    qs_rng rng = qs_rng_make(seed);
    uint64_t end = 0;
    for (size_t r = 0; r < FIXTURE_ROWS; r++) {
        f->starts[r] = end;
        f->labels[r] = (uint32_t)((r * 7 + 2) % labels);
        for (uint32_t i = 0; i < FIXTURE_FEATURES; i++) {
            const bool own = i == f->labels[r];
            if (qs_rng_unit(&rng) > (own ? 0.97 : 0.25))
                continue;
            f->indices[end] = i;
            f->values[end++] = (float)((own ? 0.8 : 0.25) + qs_rng_unit(&rng));
        }
    }
    f->starts[FIXTURE_ROWS] = end;
    f->vectors = (qs_vectors){.rows = FIXTURE_ROWS,
                              .features = FIXTURE_FEATURES,
                              .starts = f->starts,
                              .indices = f->indices,
                              .values = f->values};
}

static inline qs_training_set fixture_set(const fixture *f, size_t labels)
{
    return (qs_training_set){.vectors = &f->vectors,
                             .feature_count = FIXTURE_FEATURES,
                             .labels = f->labels,
                             .label_count = labels};
}

static inline qs_model *fixture_empty_model(void)
{
    qs_model *model = NULL;
    qs_error err = {0};
    ck_assert_int_eq(qs_model_create(&model, &err), QS_OK);
    model->spec = qs_feature_spec_default();
    model->spec.fields |= 1u << QS_FIELD_CLASSES;
    ck_assert_int_eq(qs_word_classes_parse(&model->classes, qs_str_of("TALK\ttalk* \xc3\xa9\n"), &err), QS_OK);
    model->spec.classes = model->classes;
    model->feature_count = FIXTURE_FEATURES;
    model->feature_hashes = qs_alloc(FIXTURE_FEATURES, sizeof(uint64_t));
    model->idf = qs_alloc(FIXTURE_FEATURES, sizeof(float));
    model->ngram_starts = qs_alloc(FIXTURE_FEATURES + 1, sizeof(uint64_t));
    model->ngrams = qs_alloc(FIXTURE_FEATURES, 2);
    for (size_t i = 0; i < FIXTURE_FEATURES; i++) {
        model->feature_hashes[i] = 1000 + 17 * i;
        model->idf[i] = 1.5f;
        model->ngram_starts[i] = 2 * i;
        memcpy(model->ngrams + 2 * i, "\xc3\xa9", 2);
    }
    model->ngram_starts[FIXTURE_FEATURES] = 2 * FIXTURE_FEATURES;
    ck_assert_int_eq(qs_model_set_meta(model, qs_str_of("seed"), qs_str_of("1"), &err), QS_OK);
    ck_assert_int_eq(qs_model_set_meta(model, qs_str_of("data"), qs_str_of("a\nb"), &err), QS_OK);
    return model;
}

static inline void fixture_add_head(qs_model *model, const char *name, const fixture *f, size_t labels,
                                    const qs_learner_options *options)
{
    static const char *const words[] = {"against", "favor", "none", "other"};
    qs_str names[4];
    qs_learned learned = {0};
    qs_error err = {0};
    const qs_training_set set = fixture_set(f, labels);
    for (size_t l = 0; l < labels; l++)
        names[l] = qs_str_of(words[l]);
    ck_assert_msg(qs_learn(&learned, &set, options, &err) == QS_OK, "%s", err.message);
    ck_assert_msg(qs_model_add_head(model, qs_str_of(name), names, &learned, &f->vectors, options,
                                    &err) == QS_OK,
                  "%s", err.message);
    qs_learned_free(&learned);
}

/* A linear head of two labels, one of three, one with a kernel, with every kind of calibration. */
static inline qs_model *fixture_model(void)
{
    static fixture two, three;
    qs_model *model = fixture_empty_model();
    qs_learner_options options = qs_learner_defaults();
    qs_error err = {0};
    fixture_fill(&two, 2, 1);
    fixture_fill(&three, 3, 2);
    fixture_add_head(model, "a", &two, 2, &options);
    fixture_add_head(model, "b", &three, 3, &options);
    options.kernel = QS_RBF;
    options.gamma = 0.5;
    fixture_add_head(model, "c", &three, 3, &options);
    for (size_t h = 0; h < model->head_count; h++) {
        qs_head *head = &model->heads[h];
        const fixture *f = h == 0 ? &two : &three;
        double *all = calloc(FIXTURE_ROWS * model->output_count, sizeof *all);
        double *own = calloc(FIXTURE_ROWS * head->output_count, sizeof *own);
        for (size_t r = 0; r < FIXTURE_ROWS; r++) {
            qs_model_decide(model, f->indices + f->starts[r], f->values + f->starts[r],
                            (size_t)(f->starts[r + 1] - f->starts[r]), all);
            memcpy(own + r * head->output_count, all + head->first_output,
                   head->output_count * sizeof *own);
        }
        ck_assert_int_eq(qs_calibration_fit(head, &model->arena, (qs_calibration_kind)h, own, f->labels,
                                            FIXTURE_ROWS, NULL, &err),
                         QS_OK);
        free(all);
        free(own);
    }
    return model;
}

#endif
