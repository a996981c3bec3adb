/* Tests of learning, prediction and calibration. SPDX-License-Identifier: MIT */
#include <math.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "model/child.h"
#include "model/joint.h"
#include "model_fixture.h"
#include "run.h"

static size_t row_length(const fixture *f, size_t r)
{
    return (size_t)(f->starts[r + 1] - f->starts[r]);
}

static double right_share(const qs_model *model, const fixture *f)
{
    double outputs[16];
    double p[4];
    size_t right = 0;
    for (size_t r = 0; r < FIXTURE_ROWS; r++) {
        qs_model_decide(model, f->indices + f->starts[r], f->values + f->starts[r], row_length(f, r),
                        outputs);
        right += qs_head_predict(&model->heads[0], outputs, p) == f->labels[r];
    }
    return (double)right / FIXTURE_ROWS;
}

START_TEST(every_solver_learns)
{
    static fixture f;
    for (size_t labels = 2; labels <= 4; labels++) {
        fixture_fill(&f, labels, labels);
        for (int solver = QS_C_SVC; solver <= QS_DESCENT_SVC; solver++) {
            for (int kernel = QS_LINEAR; kernel <= (solver <= QS_NU_SVC ? QS_POLYNOMIAL : QS_LINEAR);
                 kernel++) {
                qs_learner_options options = qs_learner_defaults();
                qs_model *model = fixture_empty_model();
                options.solver = (qs_solver)solver;
                options.kernel = (qs_kernel)kernel;
                options.coef0 = 1;
                options.nu = 0.4;
                options.c = 3;
                fixture_add_head(model, "h", &f, labels, &options);
                ck_assert_msg(right_share(model, &f) > 0.72, "solver %d kernel %d labels %zu: %g", solver,
                              kernel, labels, right_share(model, &f));
                qs_model_destroy(model);
            }
        }
    }
}
END_TEST

START_TEST(shared_products_give_the_same_model)
{
    static fixture f;
    fixture_fill(&f, 3, 5);
    uint32_t rows[40];
    for (uint32_t i = 0; i < 40; i++)
        rows[i] = i + (i > 10 ? 20 : 0);
    qs_gram gram = {0};
    qs_error err = {0};
    ck_assert_int_eq(qs_gram_compute(&gram, &f.vectors, NULL, 0, 2, &err), QS_OK);
    qs_learn_job jobs[3] = {{.set = fixture_set(&f, 3), .options = qs_learner_defaults()}};
    jobs[0].set.rows = rows;
    jobs[0].set.row_count = 40;
    jobs[1] = jobs[2] = jobs[0];
    jobs[1].gram = jobs[2].gram = &gram;
    jobs[2].keep_support = true;
    ck_assert_int_eq(qs_learn_many(jobs, 3, 2, &err), QS_OK);
    ck_assert(memcmp(jobs[0].learned.weights, jobs[1].learned.weights,
                     FIXTURE_FEATURES * 3 * sizeof(float)) == 0);
    for (size_t r = 0; r < FIXTURE_ROWS; r++) {
        double by_weights[3];
        double by_products[3];
        qs_learned_decide(&jobs[0].learned, &f.vectors, r, by_weights);
        qs_learned_decide_gram(&jobs[2].learned, &gram, r, by_products);
        for (size_t o = 0; o < 3; o++)
            ck_assert_double_eq_tol(by_weights[o], by_products[o], 1e-5);
    }
    for (size_t i = 0; i < 3; i++)
        qs_learned_free(&jobs[i].learned);
    qs_gram_free(&gram);
}
END_TEST

START_TEST(a_label_without_rows_never_wins)
{
    static fixture f;
    fixture_fill(&f, 2, 9);
    static const qs_solver solvers[] = {QS_C_SVC, QS_LINEAR_SVC, QS_DESCENT_SVC};
    for (size_t s = 0; s < sizeof solvers / sizeof *solvers; s++) {
        qs_learner_options options = qs_learner_defaults();
        qs_model *model = fixture_empty_model();
        options.solver = solvers[s];
        fixture_add_head(model, "h", &f, 4, &options);
        ck_assert(right_share(model, &f) > 0.72);
        qs_model_destroy(model);
    }
}
END_TEST

/* What the L2-regularised L2-loss SVC of a label against the rest minimises. */
static double objective(const qs_learned *learned, const qs_training_set *set, const double *weights, size_t output)
{
    const bool two = set->label_count == 2;
    double sum = learned->bias[output] * learned->bias[output] / 2;
    for (size_t f = 0; f < learned->feature_count; f++) {
        const double w = (double)learned->weights[f * learned->output_count + output];
        sum += w * w / 2;
    }
    for (size_t i = 0; i < set->row_count; i++) {
        double outputs[8];
        const bool own = set->labels[set->rows[i]] == output;
        qs_learned_decide(learned, set->vectors, set->rows[i], outputs);
        const double miss = 1 - (own ? outputs[output] : -outputs[output]);
        const double weight = weights == NULL ? 1 : own ? weights[output] : two ? weights[1] : 1;
        sum += miss > 0 ? 0.5 * weight * miss * miss : 0; /* C 0.5 */
    }
    return sum;
}

static size_t best_output(const double *outputs, size_t count)
{
    size_t best = 0;
    if (count == 1)
        return outputs[0] > 0;
    for (size_t o = 1; o < count; o++)
        best = outputs[o] > outputs[best] ? o : best;
    return best;
}

/* Labels beyond four at once, weighted classes, a part of the rows, vectors given up, loose and tight. */
START_TEST(our_descent_finds_the_optimum_of_liblinear)
{
    static fixture f;
    static const double given[6] = {2, 0.5, 1, 3, 1, 0.7};
    uint32_t rows[FIXTURE_ROWS];
    for (uint32_t i = 0; i < FIXTURE_ROWS; i++)
        rows[i] = i;
    for (size_t labels = 2; labels <= 6; labels++)
        for (uint64_t seed = 1; seed <= 6; seed++) {
            qs_error err = {0};
            fixture_fill(&f, labels, seed);
            qs_learn_job jobs[2] = {{.set = fixture_set(&f, labels), .options = qs_learner_defaults()}};
            jobs[0].set.rows = rows;
            jobs[0].set.row_count = seed % 2 == 0 ? FIXTURE_ROWS : FIXTURE_ROWS - 12;
            jobs[0].options.c = 0.5;
            jobs[0].options.tolerance = 1e-4;
            jobs[0].options.class_weights = seed % 3 == 0 ? given : NULL;
            jobs[1] = jobs[0];
            jobs[0].options.solver = QS_LINEAR_SVC;
            jobs[1].options.solver = QS_DESCENT_SVC;
            ck_assert_int_eq(qs_learn_many(jobs, 2, 2, &err), QS_OK);
            for (size_t o = 0; o < jobs[0].learned.output_count; o++) {
                const double theirs = objective(&jobs[0].learned, &jobs[0].set, jobs[0].options.class_weights, o);
                const double ours = objective(&jobs[1].learned, &jobs[1].set, jobs[1].options.class_weights, o);
                ck_assert_double_eq_tol(ours, theirs, 1e-4 * theirs);
            }
            for (size_t r = 0; r < FIXTURE_ROWS; r++) {
                double theirs[8];
                double ours[8];
                qs_learned_decide(&jobs[0].learned, &f.vectors, r, theirs);
                qs_learned_decide(&jobs[1].learned, &f.vectors, r, ours);
                ck_assert_uint_eq(best_output(ours, jobs[1].learned.output_count),
                                  best_output(theirs, jobs[0].learned.output_count));
            }
            qs_learned_free(&jobs[0].learned);
            qs_learned_free(&jobs[1].learned);
        }
}
END_TEST

/* Vectors that are given up lose their entries and nothing else; what is learnt is the same. */
START_TEST(vectors_may_be_given_up)
{
    static fixture f;
    static const qs_solver solvers[] = {QS_LINEAR_SVC, QS_DESCENT_SVC};
    fixture_fill(&f, 3, 4);
    for (size_t s = 0; s < 2; s++) {
        qs_error err = {0};
        qs_vectors own = {0};
        uint32_t all[FIXTURE_ROWS];
        for (uint32_t r = 0; r < FIXTURE_ROWS; r++)
            all[r] = r;
        ck_assert_int_eq(qs_vectors_select(&own, &f.vectors, all, FIXTURE_ROWS, &err), QS_OK);
        qs_learn_job kept = {.set = fixture_set(&f, 3), .options = qs_learner_defaults()};
        kept.options.solver = solvers[s];
        qs_learn_job spent = kept;
        spent.set.vectors = &own;
        ck_assert_int_eq(qs_learn_all(&kept, 1, 1, NULL, &err), QS_OK);
        ck_assert_int_eq(qs_learn_all(&spent, 1, 2, &own, &err), QS_OK);
        ck_assert_uint_eq(own.capacity, 0);
        ck_assert_uint_eq(own.starts[FIXTURE_ROWS], f.starts[FIXTURE_ROWS]);
        ck_assert_mem_eq(spent.learned.weights, kept.learned.weights, FIXTURE_FEATURES * 3 * sizeof(float));
        qs_learned_free(&kept.learned);
        qs_learned_free(&spent.learned);
        qs_vectors_free(&own);
    }
}
END_TEST

/* One task is what liblinear solves; without a share tasks do not see each other, with all of it they are one. */
START_TEST(joint_tasks_share_as_told)
{
    static fixture f;
    qs_error err = {0};
    uint32_t rows[FIXTURE_ROWS];
    uint32_t tasks[FIXTURE_ROWS] = {0};
    double costs[FIXTURE_ROWS];
    signed char signs[FIXTURE_ROWS];
    qs_learned liblinear = {0};
    qs_joint alone = {0};
    qs_joint joint = {0};
    fixture_fill(&f, 2, 7);
    for (uint32_t r = 0; r < FIXTURE_ROWS; r++) {
        rows[r] = r;
        costs[r] = 1;
        signs[r] = f.labels[r] == 0 ? 1 : -1;
    }
    qs_joint_set set = {.vectors = &f.vectors, .feature_count = FIXTURE_FEATURES, .rows = rows, .tasks = tasks,
                        .costs = costs, .entry_count = FIXTURE_ROWS, .task_count = 1, .share = 1};
    const qs_training_set plain = fixture_set(&f, 2);
    qs_learner_options options = qs_learner_defaults();
    options.solver = QS_LINEAR_SVC;
    options.c = 0.5;
    options.tolerance = 1e-4;
    ck_assert_int_eq(qs_learn(&liblinear, &plain, &options, &err), QS_OK);
    ck_assert_int_eq(qs_joint_learn(&alone, &set, rows, FIXTURE_ROWS, signs, 0.5, 1, &err), QS_OK);
    for (size_t r = 0; r < FIXTURE_ROWS; r++) {
        double output = 0;
        qs_learned_decide(&liblinear, &f.vectors, r, &output);
        ck_assert_double_eq_tol(qs_joint_output(&alone, &set, r), output, 0.05);
    }
    for (uint32_t r = FIXTURE_ROWS / 2; r < FIXTURE_ROWS; r++)
        tasks[r] = 1;
    ck_assert_int_eq(qs_joint_learn(&alone, &set, rows, FIXTURE_ROWS / 2, signs, 0.5, 1, &err), QS_OK);
    set.task_count = 2;
    set.share = 0;
    ck_assert_int_eq(qs_joint_learn(&joint, &set, rows, FIXTURE_ROWS, signs, 0.5, 1, &err), QS_OK);
    for (size_t w = 0; w <= FIXTURE_FEATURES; w++)
        ck_assert_double_eq_tol(qs_joint_weight(&joint, w, 0), qs_joint_weight(&alone, w, 0), 0.05);
    set.share = 1;
    ck_assert_int_eq(qs_joint_learn(&joint, &set, rows, FIXTURE_ROWS, signs, 0.5, 1, &err), QS_OK);
    for (size_t w = 0; w <= FIXTURE_FEATURES; w++)
        ck_assert(!(qs_joint_weight(&joint, w, 0) < qs_joint_weight(&joint, w, 1)) &&
                  !(qs_joint_weight(&joint, w, 0) > qs_joint_weight(&joint, w, 1)));
    qs_learned_free(&liblinear);
    qs_joint_free(&alone);
    qs_joint_free(&joint);
}
END_TEST

START_TEST(broken_training_sets_are_refused)
{
    static fixture f;
    qs_learned learned = {0};
    qs_error err = {0};
    fixture_fill(&f, 2, 3);
    qs_training_set set = fixture_set(&f, 2);
    qs_learner_options options = qs_learner_defaults();
    options.c = 0;
    ck_assert_int_eq(qs_learn(&learned, &set, &options, &err), QS_EUSAGE);
    options = qs_learner_defaults();
    options.solver = QS_NU_SVC;
    options.nu = 1; /* the labels are balanced enough only for less */
    f.labels[0] = 1 - f.labels[0];
    ck_assert_int_eq(qs_learn(&learned, &set, &options, &err), QS_EUSAGE);
    options = qs_learner_defaults();
    f.values[7] = NAN;
    ck_assert_int_eq(qs_learn(&learned, &set, &options, &err), QS_EINPUT);
    f.values[7] = 1;
    for (size_t r = 0; r < FIXTURE_ROWS; r++)
        f.labels[r] = 1;
    ck_assert_int_eq(qs_learn(&learned, &set, &options, &err), QS_EINPUT);
    set.label_count = 100000;
    ck_assert_int_eq(qs_learn(&learned, &set, &options, &err), QS_EINPUT);
}
END_TEST

static qs_status misbehave(void *context, size_t index, qs_buf *result, qs_error *err)
{
    (void)context;
    if (index == 1)
        raise(SIGKILL);
    if (index == 2)
        return qs_fail(err, QS_EINPUT, "word %d", 42);
    if (index == 3)
        _exit(0);
    if (index == 4)
        raise(SIGTERM);
    for (int i = 0; i < 100000; i++)
        qs_buf_add(result, "0123456789", 10);
    return QS_OK;
}

static qs_status misbehave_from(void *context, size_t index, qs_buf *result, qs_error *err)
{
    return misbehave(NULL, index + *(size_t *)context, result, err);
}

START_TEST(children_are_heard_and_buried)
{
    static const qs_status expected[] = {QS_OK, QS_ENOMEM, QS_EINPUT, QS_ENOMEM, QS_EINTERRUPTED};
    for (size_t i = 0; i < 5; i++) {
        qs_buf result = {0};
        qs_error err = {0};
        ck_assert_int_eq(qs_children_run(1, 1, misbehave_from, &i, &result, &err), expected[i]);
        ck_assert_uint_eq(i == 0 ? result.len : 1000000, 1000000);
        if (i == 2)
            ck_assert_str_eq(err.message, "word 42");
        qs_buf_free(&result);
    }
    qs_buf results[5] = {{0}};
    qs_error err = {0};
    ck_assert_int_ne(qs_children_run(4, 5, misbehave, NULL, results, &err), QS_OK);
    for (size_t i = 0; i < 5; i++)
        qs_buf_free(&results[i]);
    ck_assert(waitpid(-1, NULL, WNOHANG) < 0);
}
END_TEST

START_TEST(probabilities_sum_to_one_and_the_label_is_their_argmax)
{
    qs_model *model = fixture_model();
    qs_rng rng = qs_rng_make(4);
    double outputs[16];
    double p[4];
    ck_assert(model->output_count <= 16);
    for (int i = 0; i < 20000; i++) {
        for (size_t o = 0; o < model->output_count; o++)
            outputs[o] = i % 3 == 0   ? (double)qs_rng_below(&rng, 3) - 1
                         : i % 3 == 1 ? (qs_rng_unit(&rng) - 0.5) * 1e6
                                      : qs_rng_unit(&rng) - 0.5;
        for (size_t h = 0; h < model->head_count; h++) {
            const qs_head *head = &model->heads[h];
            double scores[4];
            double sum = 0;
            const size_t label = qs_head_predict(head, outputs, p);
            const size_t winner = qs_head_scores(head, outputs, scores);
            for (size_t l = 0; l < head->label_count; l++) {
                sum += p[l];
                ck_assert(p[l] < p[label] || (!(p[l] > p[label]) && l >= label));
            }
            ck_assert_double_eq_tol(sum, 1, 1e-9);
            if (head->calibration.label_bias == NULL)
                ck_assert_uint_eq(label, winner);
        }
    }
    qs_model_destroy(model);
}
END_TEST

START_TEST(votes_decide_as_in_libsvm)
{
    qs_head head = {.label_count = 3, .decision = QS_ONE_VS_ONE, .output_count = 3};
    double scores[3];
    const double tie[] = {1, -1, 1};         /* 0 beats 1, 2 beats 0, 1 beats 2 */
    const double outvoted[] = {0.1, 0.1, 9}; /* 0 has two votes, 1 the larger margins */
    const double zeros[] = {0, 0, 0};        /* a zero votes for the second */
    ck_assert_uint_eq(qs_head_scores(&head, tie, scores), 0);
    ck_assert_uint_eq(qs_head_scores(&head, outvoted, scores), 0);
    ck_assert(scores[0] > scores[1]);
    ck_assert_uint_eq(qs_head_scores(&head, zeros, scores), 2);
}
END_TEST

START_TEST(calibration_finds_the_rates)
{
    /* Outputs of a known strength: the true temperature is 0.5 (p = sigmoid(2 * 0.5 * output)). */
    enum { ROWS = 20000 };
    double *outputs = malloc(ROWS * sizeof *outputs);
    uint32_t *labels = malloc(ROWS * sizeof *labels);
    qs_rng rng = qs_rng_make(8);
    qs_arena arena = {0};
    qs_head head = {.label_count = 2, .output_count = 1, .calibration.temperature = 1};
    qs_error err = {0};
    for (size_t r = 0; r < ROWS; r++) {
        outputs[r] = 6 * (qs_rng_unit(&rng) - 0.5);
        labels[r] = qs_rng_unit(&rng) < 1 / (1 + exp(-outputs[r])) ? 0 : 1;
    }
    for (int kind = QS_CALIBRATE_TEMPERATURE; kind <= QS_CALIBRATE_ISOTONIC; kind++) {
        ck_assert_int_eq(qs_calibration_fit(&head, &arena, (qs_calibration_kind)kind, outputs, labels,
                                            ROWS, NULL, &err),
                         QS_OK);
        ck_assert_double_eq_tol(head.calibration.temperature, 0.5, 0.03);
        for (int i = -2; i <= 2; i++) {
            double p[2];
            const double output = i;
            qs_head_predict(&head, &output, p);
            ck_assert_double_eq_tol(p[0], 1 / (1 + exp(-output)), 0.03);
        }
    }
    qs_arena_free(&arena);
    free(outputs);
    free(labels);
}
END_TEST

START_TEST(provenance_is_sorted_and_checked)
{
    qs_model *model = fixture_empty_model();
    qs_error err = {0};
    ck_assert_str_eq(model->metas[0].key.ptr, "data");
    ck_assert_int_eq(qs_model_set_meta(model, qs_str_of("data"), qs_str_of("new"), &err), QS_OK);
    ck_assert_uint_eq(model->meta_count, 2);
    ck_assert(qs_str_equal(qs_model_meta(model, qs_str_of("data")), qs_str_of("new")));
    ck_assert_ptr_null(qs_model_meta(model, qs_str_of("none")).ptr);
    ck_assert_int_eq(qs_model_set_meta(model, qs_str_of("a b"), qs_str_of(""), &err), QS_EUSAGE);
    ck_assert_int_eq(qs_model_set_meta(model, qs_str_of("a"), qs_str_make("\0", 1), &err), QS_EUSAGE);
    qs_model_destroy(model);
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("learning");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, every_solver_learns);
    tcase_add_test(tests, shared_products_give_the_same_model);
    tcase_add_test(tests, a_label_without_rows_never_wins);
    tcase_add_test(tests, our_descent_finds_the_optimum_of_liblinear);
    tcase_add_test(tests, vectors_may_be_given_up);
    tcase_add_test(tests, joint_tasks_share_as_told);
    tcase_add_test(tests, broken_training_sets_are_refused);
    tcase_add_test(tests, children_are_heard_and_buried);
    tcase_add_test(tests, probabilities_sum_to_one_and_the_label_is_their_argmax);
    tcase_add_test(tests, votes_decide_as_in_libsvm);
    tcase_add_test(tests, calibration_finds_the_rates);
    tcase_add_test(tests, provenance_is_sorted_and_checked);
    return run_case("model", tests);
}
