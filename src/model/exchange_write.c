/* Writing vectors and models as text. SPDX-License-Identifier: MIT */
#include "model/exchange.h"
#include "model/learner_impl.h"

static void add_entry(qs_buf *out, uint64_t index, float value)
{
    qs_buf_add_char(out, ' ');
    qs_buf_add_u64(out, index + 1);
    qs_buf_add_char(out, ':');
    qs_buf_add_double(out, (double)value);
}

qs_status qs_vectors_export(qs_buf *out, const qs_vectors *vectors, const uint32_t *rows,
                            const uint32_t *labels, size_t count, qs_error *err)
{
    for (size_t i = 0; i < count; i++) {
        const size_t row = rows == NULL ? i : rows[i];
        qs_buf_add_u64(out, (uint64_t)labels[row] + 1);
        for (uint64_t e = vectors->starts[row]; e < vectors->starts[row + 1]; e++)
            add_entry(out, vectors->indices[e], vectors->values[e]);
        qs_buf_add_char(out, '\n');
    }
    return qs_buf_status(out, err);
}

static void add_number(qs_buf *out, double number)
{
    qs_buf_add_char(out, ' ');
    qs_buf_add_double(out, number);
}

static void add_labels(qs_buf *out, size_t count)
{
    qs_buf_add_text(out, "label");
    for (size_t l = 0; l < count; l++)
        qs_buf_addf(out, " %zu", l + 1);
    qs_buf_add_char(out, '\n');
}

static void export_one_vs_rest(qs_buf *out, const qs_model *model, const qs_head *head)
{
    qs_buf_addf(out, "solver_type L2R_L2LOSS_SVC_DUAL\nnr_class %zu\n", head->label_count);
    add_labels(out, head->label_count);
    qs_buf_addf(out, "nr_feature %zu\nbias 1\nw\n", model->feature_count);
    for (size_t f = 0; f <= model->feature_count; f++) {
        for (size_t o = 0; o < head->output_count; o++) {
            qs_buf_add_double(out, f == model->feature_count
                                       ? head->bias[o]
                                       : (double)model->weights[f * model->output_count +
                                                                head->first_output + o]);
            qs_buf_add_char(out, ' ');
        }
        qs_buf_add_char(out, '\n');
    }
}

static void export_svm_head(qs_buf *out, const qs_head *head, const size_t *support)
{
    static const char *const kernels[] = {"linear", "rbf", "polynomial"};
    size_t total = 0;
    for (size_t l = 0; l < head->label_count; l++)
        total += support[l];
    qs_buf_addf(out, "svm_type c_svc\nkernel_type %s\n", kernels[head->kernel]);
    if (head->kernel == QS_POLYNOMIAL)
        qs_buf_addf(out, "degree %u\n", head->degree);
    if (head->kernel != QS_LINEAR) {
        qs_buf_add_text(out, "gamma");
        add_number(out, head->gamma);
        qs_buf_add_char(out, '\n');
    }
    if (head->kernel == QS_POLYNOMIAL) {
        qs_buf_add_text(out, "coef0");
        add_number(out, head->coef0);
        qs_buf_add_char(out, '\n');
    }
    qs_buf_addf(out, "nr_class %zu\ntotal_sv %zu\nrho", head->label_count, total);
    for (size_t o = 0; o < head->output_count; o++)
        add_number(out, -head->bias[o]);
    qs_buf_add_char(out, '\n');
    add_labels(out, head->label_count);
    qs_buf_add_text(out, "nr_sv");
    for (size_t l = 0; l < head->label_count; l++)
        qs_buf_addf(out, " %zu", support[l]);
    qs_buf_add_text(out, "\nSV\n");
}

/* One support vector for each pair, in the class of its first label: the pair's weights, coefficient 1. */
static void export_collapsed(qs_buf *out, const qs_model *model, const qs_head *head)
{
    size_t support[QS_MODEL_MAX_LABELS];
    for (size_t l = 0; l < head->label_count; l++)
        support[l] = head->label_count - 1 - l;
    export_svm_head(out, head, support);
    for (size_t a = 0; a < head->label_count; a++) {
        for (size_t b = a + 1; b < head->label_count; b++) {
            for (size_t slot = 0; slot + 1 < head->label_count; slot++)
                qs_buf_add_text(out, (slot == b - 1 ? " 1" : " 0") + (slot == 0));
            const size_t column = head->first_output + qs_pair_output(a, b, head->label_count);
            for (size_t f = 0; f < model->feature_count; f++) {
                const float weight = model->weights[f * model->output_count + column];
                if (weight < 0 || weight > 0)
                    add_entry(out, f, weight);
            }
            qs_buf_add_char(out, '\n');
        }
    }
}

/* The class a support vector stands in: the one that all its coefficients have in common. */
static size_t own_label(const qs_head *head, const double *coefficients)
{
    unsigned uses[QS_MODEL_MAX_LABELS] = {0};
    size_t best = 0;
    size_t output = 0;
    double sign = 0;
    for (size_t a = 0; a < head->label_count; a++) {
        for (size_t b = a + 1; b < head->label_count; b++, output++) {
            if (!(coefficients[output] > 0) && !(coefficients[output] < 0))
                continue;
            uses[a]++;
            uses[b]++;
            sign = coefficients[output];
            best = sign > 0 ? a : b; /* libsvm: positive in the first class of a pair */
        }
    }
    for (size_t l = 0; l < head->label_count; l++)
        if (uses[l] > uses[best])
            best = l;
    return best;
}

static void export_support(qs_buf *out, const qs_model *model, const qs_head *head)
{
    size_t support[QS_MODEL_MAX_LABELS] = {0};
    for (size_t s = 0; s < head->support_count; s++)
        support[own_label(head, head->coefficients + s * head->output_count)]++;
    export_svm_head(out, head, support);
    for (size_t s = 0; s < head->support_count; s++) { /* they stand label by label already */
        const double *coefficients = head->coefficients + s * head->output_count;
        const size_t own = own_label(head, coefficients);
        for (size_t slot = 0; slot + 1 < head->label_count; slot++) {
            const size_t other = slot < own ? slot : slot + 1;
            if (slot > 0)
                qs_buf_add_char(out, ' ');
            qs_buf_add_double(out, coefficients[qs_pair_output(own < other ? own : other,
                                                               own < other ? other : own,
                                                               head->label_count)]);
        }
        const size_t row = head->first_support + s;
        for (uint64_t e = model->support_starts[row]; e < model->support_starts[row + 1]; e++)
            add_entry(out, model->support_indices[e], model->support_values[e]);
        qs_buf_add_char(out, '\n');
    }
}

qs_status qs_head_export(qs_buf *out, const qs_model *model, const qs_head *head, qs_error *err)
{
    if (head->decision == QS_ONE_VS_REST && head->kernel != QS_LINEAR)
        return qs_fail(err, QS_EUSAGE, "libsvm has no one-vs-rest models");
    if (head->decision == QS_ONE_VS_REST)
        export_one_vs_rest(out, model, head);
    else if (head->kernel == QS_LINEAR)
        export_collapsed(out, model, head);
    else
        export_support(out, model, head);
    return qs_buf_status(out, err);
}
