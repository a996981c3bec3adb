/* Each rule a model obeys, broken in a model that is sound otherwise: it is not written, and told by its words.
 * SPDX-License-Identifier: MIT */
#include <math.h>

#include "model/bundle_format.h"
#include "model/predict.h"
#include "model_fixture.h"
#include "run.h"

static double bad_knots[] = {0.5, 0.25}, late_knots[] = {0.5, 1}, early_knots[] = {0, 0.5}, bad_number[] = {NAN, NAN, NAN};

static char long_name[QS_MODEL_MAX_META + 1];

/* Breaks rule number `rule`; the words that tell of it, NULL behind the last. Heads are a (linear), b (linear), c (kernel). */
static const char *break_rule(qs_model *m, int rule)
{
    qs_head *a = &m->heads[0], *b = &m->heads[1], *c = &m->heads[2];
    switch (rule) {
    case 0: m->head_count = 0; return "no head";
    case 1: m->head_count = QS_MODEL_MAX_HEADS + 1; return "no head, or too many";
    case 2: a->name = b->name; return "heads that are not in ascending order";
    case 3: a->name.len = 0; return "a head's name";
    case 4: a->name = qs_str_of("a\x1b"); return "a head's name";
    case 5: a->name = qs_str_of("\xff"); return "a head's name";
    case 6: a->label_count = 1; return "fewer than 2";
    case 7: a->label_count = QS_MODEL_MAX_LABELS + 1; return "more than 256";
    case 8: a->labels[0].len = 0; return "a label that is empty";
    case 9: a->labels[1] = qs_str_of("b\x7f"); return "not printable";
    case 10: a->labels[1] = a->labels[0]; return "labels that are not in ascending order";
    case 11: a->decision = (qs_decision)7; return "an unknown decision rule";
    case 12: b->output_count++; return "the wrong number of outputs";
    case 13: a->bias[0] = NAN; return "a bias out of range";
    case 14: a->bias[0] = 1e31; return "a bias out of range";
    case 15: a->calibration.temperature = 0; return "temperature";
    case 16: a->calibration.temperature = NAN; return "temperature";
    case 17: a->calibration.temperature = 1e7; return "temperature";
    case 18: a->calibration.label_bias = bad_number; return "a label bias";
    case 19: a->calibration.knot_in = a->calibration.knot_out = bad_knots; a->calibration.knot_count = 2; return "calibration curve";
    case 20: a->calibration.knot_in = a->calibration.knot_out = late_knots; a->calibration.knot_count = 2; return "calibration curve";
    case 21: a->calibration.knot_in = a->calibration.knot_out = early_knots; a->calibration.knot_count = 2; return "calibration curve";
    case 22: a->calibration.knot_in = a->calibration.knot_out = late_knots; a->calibration.knot_count = 1; return "calibration curve";
    case 23: a->gamma = 1; return "kernel numbers in a linear head";
    case 24: a->degree = 2; return "kernel numbers in a linear head";
    case 25: a->coef0 = 1; return "kernel numbers in a linear head";
    case 26: a->support_count = 1; return "kernel numbers in a linear head";
    case 27: c->kernel = (qs_kernel)9; return "an unknown kernel";
    case 28: c->gamma = 0; return "gamma";
    case 29: c->gamma = INFINITY; return "gamma";
    case 30: c->degree = 3; return "degree or constant";
    case 31: c->coef0 = 1; return "degree or constant";
    case 32: c->kernel = QS_POLYNOMIAL; c->degree = 17; return "degree or constant";
    case 33: c->kernel = QS_POLYNOMIAL; c->degree = 0; return "degree or constant";
    case 34: c->kernel = QS_POLYNOMIAL; c->degree = 2; c->coef0 = NAN; return "degree or constant";
    case 35: c->support_count = 0; return "without support vectors";
    case 36: c->coefficients[0] = -INFINITY; return "a coefficient";
    case 37: b->first_output++; return "columns do not follow";
    case 38: m->output_count++; return "too many outputs";
    case 39: m->support_count++; return "support vectors than the heads have";
    case 40: m->weights = NULL; return "weights without a linear head";
    case 41: m->feature_count = 0; return "no n-grams";
    case 42: m->feature_hashes[1] = m->feature_hashes[0]; return "n-gram hashes";
    case 43: m->idf[0] = -1; return "an idf";
    case 44: m->idf[0] = NAN; return "an idf";
    case 45: m->ngram_starts[0] = 1; return "n-gram";
    case 46: m->ngram_starts[1] = 1000; return "n-gram";
    case 47: m->ngrams[0] = (char)0xff; return "n-gram";
    case 48: m->weights[0] = NAN; return "weight";
    case 49: m->support_starts[0] = 1; return "support";
    case 50: m->support_starts[1] = m->support_starts[2] + 1; return "support";
    case 51: m->support_indices[0] = FIXTURE_FEATURES; return "support";
    case 52: m->support_values[0] = INFINITY; return "support";
    case 53: m->metas[0].key.len = 0; return "provenance";
    case 54: m->metas[1].key = m->metas[0].key; return "provenance";
    case 55: m->metas[0].value = qs_str_of("\xc3"); return "provenance";
    case 56: a->labels[1] = qs_str_of("no ESC\x1b"); return "not printable";
    case 57: a->name = qs_str_make(long_name, sizeof long_name); return "a head's name";
    case 58: b->first_support++; return "columns do not follow";
    case 59: m->feature_count = QS_MODEL_MAX_FEATURES + 1; return "no n-grams, or too many";
    case 60: m->metas[0].value = qs_str_make("a\0b", 3); return "provenance value";
    case 61: m->metas[0].value = qs_str_make(long_name, QS_MODEL_MAX_META + 1); return "provenance value";
    case 62: m->spec.fields &= ~(1u << QS_FIELD_CLASSES); return "word classes that nothing uses";
    case 63: m->classes = NULL; return "no list of word classes";
    case 64: m->spec.classes = NULL; return "no list of word classes";
    case 65: m->ngrams[0] = m->ngrams[1] = '\0'; return "n-gram";
    default: return NULL;
    }
}

START_TEST(a_sound_model_has_no_flaw)
{
    qs_model *model = fixture_model();
    ck_assert_ptr_null(qs_model_flaw(model));
    qs_model_destroy(model);
}
END_TEST

START_TEST(every_rule_is_kept)
{
    int rules = 0;
    for (const char *words = ""; words != NULL; rules++) {
        qs_model *model = fixture_model();
        const qs_model before = *model;
        words = break_rule(model, rules);
        if (words != NULL) {
            const char *flaw = qs_model_flaw(model);
            qs_buf out = {0};
            ck_assert_msg(flaw != NULL, "rule %d is not kept: %s", rules, words);
            ck_assert_msg(strstr(flaw, words) != NULL, "rule %d: '%s', not '%s'", rules, flaw, words);
            ck_assert_int_ne(qs_model_write(&out, model, NULL), QS_OK);
            qs_buf_free(&out);
        }
        *model = before; /* counts and arrays as they were, for the release */
        qs_model_destroy(model);
    }
    ck_assert_int_gt(rules, 50);
}
END_TEST

/* Whatever a hostile model's numbers come to, scores are numbers; features it does not have count nothing. */
START_TEST(outputs_are_bounded)
{
    static const double outputs[][2] = {{1e300, 1}, {-1e300, 1}, {INFINITY, 1}, {-INFINITY, 1}, {NAN, 1}, {0.5, 1}};
    double scores[QS_MODEL_MAX_LABELS];
    qs_model *model = fixture_model();
    for (size_t i = 0; i < sizeof outputs / sizeof *outputs; i++) {
        const size_t winner = qs_head_scores(&model->heads[0], outputs[i], scores);
        ck_assert(isfinite(scores[0]) && isfinite(scores[1]) && winner < 2);
        ck_assert(!(outputs[i][0] > 0) || winner == 0);
        ck_assert(!(outputs[i][0] < 0) || winner == 1);
    }
    double known[16];
    double both[16];
    const uint32_t indices[] = {1, 3, FIXTURE_FEATURES, FIXTURE_FEATURES + 7};
    const float values[] = {0.5f, 1, 1, 1};
    const qs_head kernel = model->heads[2];
    model->head_count = 2; /* distances know of the features beyond, weights do not */
    qs_model_decide(model, indices, values, 2, known);
    qs_model_decide(model, indices, values, 4, both);
    ck_assert_mem_eq(known, both, kernel.first_output * sizeof *known);
    model->head_count = 3;
    qs_model_destroy(model);
}
END_TEST

int main(void)
{
    TCase *all = tcase_create("all");
    memset(long_name, 'n', sizeof long_name);
    tcase_add_test(all, outputs_are_bounded);
    tcase_add_test(all, a_sound_model_has_no_flaw);
    tcase_add_test(all, every_rule_is_kept);
    return run_case("model_rules", all);
}
