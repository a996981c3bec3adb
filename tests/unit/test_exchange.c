/* Tests of text models and vectors: out, back, and what is refused. SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>

#include "base/fault.h"
#include "model/exchange.h"
#include "model_fixture.h"
#include "run.h"

static void check_round_trip(const fixture *f, size_t labels, const qs_learner_options *options)
{
    qs_model *model = fixture_empty_model();
    qs_model *again = fixture_empty_model();
    qs_buf text = {0};
    qs_imported in;
    qs_error err = {0};
    double first[16];
    double second[16];
    fixture_add_head(model, "h", f, labels, options);
    ck_assert_int_eq(qs_head_export(&text, model, &model->heads[0], &err), QS_OK);
    ck_assert_msg(qs_model_import(&in, qs_buf_view(&text), labels, FIXTURE_FEATURES, &err) == QS_OK,
                  "line %d: %s in\n%.*s", (int)err.line, err.message, (int)text.len, text.ptr);
    ck_assert_int_eq(qs_model_add_head(again, qs_str_of("h"), model->heads[0].labels, &in.learned,
                                       &in.support, &in.options, &err),
                     QS_OK);
    for (size_t r = 0; r < FIXTURE_ROWS; r++) {
        const size_t length = (size_t)(f->starts[r + 1] - f->starts[r]);
        qs_model_decide(model, f->indices + f->starts[r], f->values + f->starts[r], length, first);
        qs_model_decide(again, f->indices + f->starts[r], f->values + f->starts[r], length, second);
        for (size_t o = 0; o < model->output_count; o++)
            ck_assert_double_eq_tol(first[o], second[o], 1e-12);
    }
    qs_imported_free(&in);
    qs_buf_free(&text);
    qs_model_destroy(model);
    qs_model_destroy(again);
}

START_TEST(models_come_back_as_they_went)
{
    static fixture f;
    for (size_t labels = 2; labels <= 4; labels++) {
        qs_learner_options options = qs_learner_defaults();
        fixture_fill(&f, labels, labels);
        check_round_trip(&f, labels, &options);
        options.kernel = QS_RBF;
        check_round_trip(&f, labels, &options);
        options.kernel = QS_POLYNOMIAL;
        options.coef0 = 0.5;
        check_round_trip(&f, labels, &options);
        options.degree = 4;
        check_round_trip(&f, labels, &options);
        options.kernel = QS_LINEAR;
        options.solver = QS_LINEAR_SVC;
        check_round_trip(&f, labels, &options);
    }
}
END_TEST

static const char svm_text[] = "svm_type c_svc\nkernel_type linear\nnr_class 2\ntotal_sv 2\nrho 0.5\n"
                               "label 1 2\nnr_sv 1 1\nSV\n1 1:1 3:2 \n-1 2:1 \n";
static const char linear_text[] = "solver_type L2R_LR\nnr_class 2\nlabel 2 1\nnr_feature 2\nbias 1\nw\n"
                                  "0.5 \n-1 \n0.25 \n";

static qs_status read_text(const char *text, size_t length)
{
    qs_imported in;
    qs_error err = {0};
    const qs_status status = qs_model_import(&in, qs_str_make(text, length), 2, 5, &err);
    ck_assert(status == QS_OK || (status == QS_EMODEL && err.line > 0));
    if (status == QS_OK)
        qs_imported_free(&in);
    return status;
}

START_TEST(label_order_of_the_text_is_ours)
{
    qs_imported in;
    qs_error err = {0};
    ck_assert_int_eq(qs_model_import(&in, qs_str_of(linear_text), 2, 5, &err), QS_OK);
    /* in the text a positive output means label 2 */
    ck_assert_double_eq_tol(in.learned.weights[0], -0.5, 1e-12);
    ck_assert_double_eq_tol(in.learned.bias[0], -0.25, 1e-12);
    qs_imported_free(&in);
    ck_assert_int_eq(qs_model_import(&in, qs_str_of(svm_text), 2, 5, &err), QS_OK);
    ck_assert_double_eq_tol(in.learned.weights[2], 2, 1e-12);
    ck_assert_double_eq_tol(in.learned.weights[1], -1, 1e-12);
    ck_assert_double_eq_tol(in.learned.bias[0], -0.5, 1e-12);
    qs_imported_free(&in);
}
END_TEST

START_TEST(every_cut_text_is_refused)
{
    for (size_t length = 0; length < sizeof svm_text - 1; length++)
        ck_assert_int_eq(read_text(svm_text, length), QS_EMODEL);
    for (size_t length = 0; length < sizeof linear_text - 1; length++)
        ck_assert_int_eq(read_text(linear_text, length), QS_EMODEL);
}
END_TEST

/* Each row replaces `from` by `to` in the text of libsvm. */
START_TEST(malformed_texts_are_refused)
{
    static const char *const changes[][2] = {
        {"c_svc", "epsilon_svr"},     {"linear", "sigmoid"},       {"linear", "rbf"},
        {"nr_class 2", "nr_class 3"}, {"nr_class 2", "nr_class 0"}, {"nr_class 2\n", ""},
        {"total_sv 2", "total_sv 3"}, {"total_sv 2", "total_sv -7"}, {"total_sv 2", "total_sv 2147483647"},
        {"total_sv 2", "total_sv 0"}, {"rho 0.5\n", ""},           {"rho 0.5", "rho nan"},
        {"rho 0.5", "rho 0.5 1"},     {"rho 0.5", "rho"},          {"label 1 2", "label 1 1"},
        {"label 1 2", "label 1 99999999999"}, {"label 1 2", "label 0 1"}, {"label 1 2\n", ""},
        {"nr_sv 1 1", "nr_sv 1000000 1"}, {"nr_sv 1 1", "nr_sv 2 0\nnr_sv 1 1"}, {"nr_sv 1 1\n", ""},
        {"SV\n", "SV\n\n"},           {"1:1", "0:1"},              {"1:1", "1:inf"},
        {"1:1", "1:0x1"},             {"1:1", "6:1"},              {"1:1 3:2", "3:2 1:1"},
        {"1:1 3:2", "1:1 1:2"},       {"-1 2:1", "nan 2:1"},       {"-1 2:1", "2:1"},
        {"-1 2:1 \n", ""},            {"-1 2:1 \n", "-1 2:1 \n0 1:1\n"}, {"2:1 ", "21 "},
        {"kernel_type", "gamma 1\nkernel_type"}, {"SV\n", "w\n"},  {"svm_type", "what"},
        {"nr_sv 1 1", "nr_sv 1 x"},   {"nr_sv 1 1", "nr_sv 1"},    {"total_sv", "degree 0\ntotal_sv"},
        {"total_sv", "degree 17\ntotal_sv"}, {"total_sv", "gamma 0\ntotal_sv"}, {"total_sv", "gamma x\ntotal_sv"},
        {"rho 0.5", "rho 1e31"},      {"1:1", "1:1e31"},           {"1:1 3:2", "1:1  3:2"},    {"1:1 3:2", " 1:1 3:2"},
        {"1:1", "1:1e400"},           {"1:1", "1:"},               {"1:1", ":1"},
        {"total_sv", "coef0 nan\ntotal_sv"}, {"total_sv", "probA x\ntotal_sv"}, {"linear\n", "polynomial\n"}};
    ck_assert_int_eq(read_text(svm_text, sizeof svm_text - 1), QS_OK);
    ck_assert_int_eq(read_text(linear_text, sizeof linear_text - 1), QS_OK);
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        char text[512];
        const char *at = strstr(svm_text, changes[i][0]);
        ck_assert_ptr_nonnull(at);
        const int length = snprintf(text, sizeof text, "%.*s%s%s", (int)(at - svm_text), svm_text,
                                    changes[i][1], at + strlen(changes[i][0]));
        ck_assert_msg(read_text(text, (size_t)length) == QS_EMODEL, "%s -> %s", changes[i][0],
                      changes[i][1]);
    }
}
END_TEST

/* The same for the text of liblinear. */
START_TEST(malformed_linear_texts_are_refused)
{
    static const char *const changes[][2] = {
        {"L2R_LR", "MCSVM_CS"},       {"L2R_LR", "L2R_L2LOSS_SVR"}, {"L2R_LR", ""},            {"nr_class 2", "nr_class 3"},
        {"label 2 1", "label 2 2"},   {"label 2 1", "label 2"},    {"nr_feature 2", "nr_feature 0"},
        {"nr_feature 2", "nr_feature 2147483647"}, {"nr_feature 2", "nr_feature 6"}, {"nr_feature 2", "nr_feature 3"},
        {"nr_feature 2", "nr_feature 1"}, {"nr_feature 2\n", ""}, {"bias 1", "bias x"},       {"bias 1\n", ""},
        {"bias 1", "bias -1"},        {"bias 1", "bias inf"},      {"w\n", "SV\n"},           {"0.25 \n", "0.25"},
        {"0.25", "nan"},              {"0.25", "0.25 1"},          {"0.5", "0,5"},             {"0.5 ", ""},
        {"0.25 \n", "0.25 \n1 \n"}, {"0.25 \n", ""},            {"solver_type", "kernel_type"}};
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        char text[512];
        const char *at = strstr(linear_text, changes[i][0]);
        ck_assert_ptr_nonnull(at);
        const int length = snprintf(text, sizeof text, "%.*s%s%s", (int)(at - linear_text), linear_text, changes[i][1],
                                    at + strlen(changes[i][0]));
        ck_assert_msg(read_text(text, (size_t)length) == QS_EMODEL, "%s -> %s", changes[i][0], changes[i][1]);
    }
}
END_TEST

/* What the caller asks for is checked before the text. */
START_TEST(models_that_cannot_be)
{
    qs_imported in;
    ck_assert_int_eq(qs_model_import(&in, qs_str_of(svm_text), 1, 5, NULL), QS_EUSAGE);
    ck_assert_int_eq(qs_model_import(&in, qs_str_of(svm_text), QS_MODEL_MAX_LABELS + 1, 5, NULL), QS_EUSAGE);
    ck_assert_int_eq(qs_model_import(&in, qs_str_of(linear_text), 2, SIZE_MAX / 2, NULL), QS_ENOMEM);
    qs_head head = {.decision = QS_ONE_VS_REST, .kernel = QS_RBF};
    qs_buf out = {0};
    ck_assert_int_eq(qs_head_export(&out, NULL, &head, NULL), QS_EUSAGE);
    ck_assert_uint_eq(out.len, 0);
}
END_TEST

/* The text numbers its labels 2 1: all signs turn. */
START_TEST(labels_the_other_way_round)
{
    static const char turned[] = "svm_type c_svc\nkernel_type linear\nnr_class 2\ntotal_sv 2\nrho 0.5\n"
                                 "label 2 1\nnr_sv 1 1\nSV\n1 1:1 3:2 \n-1 2:1 \n";
    qs_imported as_is;
    qs_imported other;
    ck_assert_int_eq(qs_model_import(&as_is, qs_str_of(svm_text), 2, 5, NULL), QS_OK);
    ck_assert_int_eq(qs_model_import(&other, qs_str_of(turned), 2, 5, NULL), QS_OK);
    for (size_t f = 0; f < 5; f++)
        ck_assert(as_is.learned.weights[f] == -other.learned.weights[f]);
    ck_assert(as_is.learned.bias[0] == -other.learned.bias[0]);
    qs_imported_free(&as_is);
    qs_imported_free(&other);
}
END_TEST

#ifdef QS_FAULTS
START_TEST(memory_may_run_out_anywhere)
{
    static const char rbf_text[] = "svm_type nu_svc\nkernel_type rbf\ngamma 0.5\nnr_class 3\ntotal_sv 3\nrho 0.5 1 2\n"
                                   "label 2 1 3\nnr_sv 1 1 1\nSV\n1 1 1:1 3:2 \n-1 1 2:1 \n-1 -1 1:1 2:2 3:1 4:1 5:1 \n";
    const char *const texts[] = {svm_text, rbf_text, linear_text};
    for (size_t i = 0; i < 3; i++) {
        qs_status status = QS_ENOMEM;
        for (unsigned long nth = 1; status != QS_OK; nth++) {
            qs_imported in;
            qs_error err = {0};
            qs_fault_plan(QS_FAULT_ALLOC, nth, false);
            status = qs_model_import(&in, qs_str_of(texts[i]), i == 1 ? 3 : 2, 5, &err);
            qs_fault_plan(QS_FAULT_ALLOC, 0, false);
            ck_assert(status == QS_OK ? nth > 3 : status == QS_ENOMEM && err.message[0] != '\0');
            ck_assert_uint_lt(nth, 100);
            qs_imported_free(&in);
        }
    }
}
END_TEST
#endif

START_TEST(vectors_are_written_exactly)
{
    uint64_t starts[] = {0, 2, 3};
    uint32_t indices[] = {0, 4, 2};
    float values[] = {0.1f, 1, 0.5f};
    const uint32_t labels[] = {1, 0};
    const uint32_t rows[] = {1, 0};
    const qs_vectors v = {.rows = 2, .features = 5, .starts = starts, .indices = indices, .values = values};
    qs_buf text = {0};
    ck_assert_int_eq(qs_vectors_export(&text, &v, rows, labels, 2, NULL), QS_OK);
    qs_buf_add_char(&text, '\0');
    ck_assert_str_eq(text.ptr, "1 3:0.5\n2 1:0.10000000149011612 5:1\n");
    qs_buf_free(&text);
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("exchange");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, models_come_back_as_they_went);
    tcase_add_test(tests, label_order_of_the_text_is_ours);
    tcase_add_test(tests, every_cut_text_is_refused);
    tcase_add_test(tests, malformed_texts_are_refused);
    tcase_add_test(tests, malformed_linear_texts_are_refused);
    tcase_add_test(tests, vectors_are_written_exactly);
    tcase_add_test(tests, models_that_cannot_be);
    tcase_add_test(tests, labels_the_other_way_round);
#ifdef QS_FAULTS
    tcase_add_test(tests, memory_may_run_out_anywhere);
#endif
    return run_case("exchange", tests);
}
