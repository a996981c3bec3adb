/* What changed from one model to another, for people. SPDX-License-Identifier: MIT */
#include <math.h>

#include "pipeline/classifier_internal.h"
#include "pipeline/inspect_top.h"
#include "pipeline/table.h"
#include "quotestance/inspect.h"

/* Both models and where their features meet. */
typedef struct diff {
    const qs_model *a;
    const qs_model *b;
    uint32_t *partner; /* of each feature of a: its number in b, or UINT32_MAX */
    size_t shared;
    size_t top;
    qs_buf *out;
    size_t changes; /* lines that tell a difference */
} diff;

static void match_features(diff *d)
{
    size_t j = 0;
    for (size_t i = 0; i < d->a->feature_count; i++) {
        while (j < d->b->feature_count && d->b->feature_hashes[j] < d->a->feature_hashes[i])
            j++;
        const bool same = j < d->b->feature_count && d->b->feature_hashes[j] == d->a->feature_hashes[i];
        d->partner[i] = same ? (uint32_t)j : UINT32_MAX;
        d->shared += same;
    }
}

static void add_change(diff *d, const char *what, qs_str before, qs_str after)
{
    if (qs_str_equal(before, after))
        return;
    d->changes++;
    qs_add_cell(d->out, qs_str_of(what), 26);
    qs_buf_add_text(d->out, " ");
    qs_add_cell(d->out, before.ptr == NULL ? qs_str_of("-") : before, 0);
    qs_buf_add_text(d->out, " -> ");
    qs_add_cell(d->out, after.ptr == NULL ? qs_str_of("-") : after, 0);
    qs_buf_add_char(d->out, '\n');
}

static void add_settings(diff *d)
{
    static const char *const names[] = {"features version", "word n-grams from", "word n-grams to",
                                        "character n-grams from", "character n-grams to", "weighting", "scaling",
                                        "min_df", "fields", "flags"};
    uint32_t a[QS_FEATURE_SPEC_WORDS];
    uint32_t b[QS_FEATURE_SPEC_WORDS];
    qs_feature_spec_to_words(&d->a->spec, a);
    qs_feature_spec_to_words(&d->b->spec, b);
    for (size_t i = 0; i < QS_FEATURE_SPEC_WORDS; i++)
        if (a[i] != b[i]) {
            d->changes++;
            qs_add_cell(d->out, qs_str_of(i < sizeof names / sizeof *names ? names[i] : "setting"), 26);
            qs_buf_addf(d->out, " %u -> %u\n", a[i], b[i]);
        }
}

/* Keys of both, each once, in order. */
static void add_provenance(diff *d)
{
    const qs_str none = {0};
    size_t i = 0;
    size_t j = 0;
    while (i < d->a->meta_count || j < d->b->meta_count) {
        const int order = i == d->a->meta_count   ? 1
                          : j == d->b->meta_count ? -1
                                                  : qs_str_compare(d->a->metas[i].key, d->b->metas[j].key);
        const qs_str key = order <= 0 ? d->a->metas[i].key : d->b->metas[j].key;
        char name[27];
        const size_t length = key.len < sizeof name - 1 ? key.len : sizeof name - 1;
        memcpy(name, key.ptr, length);
        name[length] = '\0';
        add_change(d, name, order <= 0 ? d->a->metas[i].value : none, order >= 0 ? d->b->metas[j].value : none);
        i += order <= 0;
        j += order >= 0;
    }
}

static qs_str ngram_of(const diff *d, uint32_t feature)
{
    const qs_str name = qs_model_ngram(d->a, feature);
    return name.len > 0 ? name : qs_model_ngram(d->b, d->partner[feature]);
}

static void add_moved(diff *d, const qs_head *a, const qs_head *b, size_t label, const qs_ranked *order, size_t count)
{
    for (size_t k = 0; k < d->top && k < count && order[k].weight > 0; k++) {
        const uint32_t feature = order[k].feature;
        const qs_str name = ngram_of(d, feature);
        qs_buf_add_text(d->out, "      ");
        qs_buf_add_fixed(d->out, qs_evidence(d->a, a, feature, label), 3);
        qs_buf_add_text(d->out, " -> ");
        qs_buf_add_fixed(d->out, qs_evidence(d->b, b, d->partner[feature], label), 3);
        qs_buf_add_text(d->out, "  ");
        if (name.len > 0)
            qs_add_cell(d->out, name, 0);
        else
            qs_buf_addf(d->out, "n-gram %016llx", (unsigned long long)d->a->feature_hashes[feature]);
        qs_buf_add_char(d->out, '\n');
    }
}

/* How alike two heads think about a label: the cosine of their evidence over shared n-grams, and what moved most. */
static qs_status add_label(diff *d, const qs_head *a, const qs_head *b, size_t label, qs_error *err)
{
    double dot = 0;
    double squares_a = 0;
    double squares_b = 0;
    size_t count = 0;
    qs_ranked *order = qs_alloc(d->shared + 1, sizeof *order);
    if (order == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    for (uint32_t f = 0; f < d->a->feature_count; f++) {
        if (d->partner[f] == UINT32_MAX)
            continue;
        const double x = qs_evidence(d->a, a, f, label);
        const double y = qs_evidence(d->b, b, d->partner[f], label);
        dot += x * y;
        squares_a += x * x;
        squares_b += y * y;
        order[count++] = (qs_ranked){fabs(x - y), f};
    }
    const double size = sqrt(squares_a) * sqrt(squares_b);
    qs_rank(order, count);
    qs_buf_add_text(d->out, "    ");
    qs_add_cell(d->out, a->labels[label], 12);
    qs_buf_add_text(d->out, " cosine of weights ");
    qs_buf_add_fixed(d->out, size > 0 ? dot / size : 0, 4);
    qs_buf_add_char(d->out, '\n');
    add_moved(d, a, b, label, order, count);
    d->changes += count > 0 && order[0].weight > 0;
    qs_free(order);
    return QS_OK;
}

static bool same_labels(const qs_head *a, const qs_head *b)
{
    bool same = a->label_count == b->label_count;
    for (size_t l = 0; same && l < a->label_count; l++)
        same = qs_str_equal(a->labels[l], b->labels[l]);
    return same;
}

static void head_line(diff *d, const qs_head *head, const char *what)
{
    qs_buf_add_text(d->out, "head ");
    qs_add_cell(d->out, head->name, 0);
    qs_buf_add_text(d->out, what);
}

static qs_status add_heads(diff *d, qs_error *err)
{
    qs_status status = QS_OK;
    for (size_t h = 0; h < d->a->head_count && status == QS_OK; h++) {
        const qs_head *a = &d->a->heads[h];
        const qs_head *b = qs_model_head(d->b, a->name);
        const char *what = b == NULL                                              ? ": only in the first\n"
                           : !same_labels(a, b)                                   ? ": other labels\n"
                           : a->kernel != QS_LINEAR || b->kernel != QS_LINEAR     ? ": with a kernel, not compared\n"
                                                                                  : "\n";
        head_line(d, a, what);
        d->changes += b == NULL || !same_labels(a, b);
        for (size_t l = 0; what[0] == '\n' && l < a->label_count && status == QS_OK; l++)
            status = add_label(d, a, b, l, err);
    }
    for (size_t h = 0; h < d->b->head_count; h++)
        if (qs_model_head(d->a, d->b->heads[h].name) == NULL) {
            head_line(d, &d->b->heads[h], ": only in the second\n");
            d->changes++;
        }
    return status;
}

qs_status qs_inspect_diff(const qs_classifier *first, const qs_classifier *second, size_t top, const char *path,
                          bool *same, qs_error *err)
{
    qs_buf out = {0};
    diff d = {.a = first->model, .b = second->model, .top = top, .out = &out};
    qs_status status = QS_OK;
    d.partner = qs_alloc(d.a->feature_count + 1, sizeof *d.partner);
    if (d.partner == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    match_features(&d);
    qs_buf_addf(&out, "n-grams                    %zu in both, %zu only in the first, %zu only in the second\n", d.shared,
                d.a->feature_count - d.shared, d.b->feature_count - d.shared);
    d.changes += d.shared != d.a->feature_count || d.shared != d.b->feature_count;
    add_settings(&d);
    add_provenance(&d);
    status = add_heads(&d, err);
    if (status == QS_OK)
        status = qs_inspect_save(&out, path, err);
    if (same != NULL)
        *same = d.changes == 0;
    qs_free(d.partner);
    qs_buf_free(&out);
    return status;
}
