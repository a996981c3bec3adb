/* A model card: Markdown for people, with the YAML head that model hubs read. SPDX-License-Identifier: MIT */
#include <math.h>

#include "pipeline/classifier_internal.h"
#include "quotestance/inspect.h"
#include "report/markup.h"

#define CELL_COLUMNS 120

typedef struct card {
    qs_buf *buf;
    const qs_model *model;
    const qs_card_options *options;
} card;

/* A figure of the metrics: HEAD.NAME, or HEAD.labels.LABEL.NAME; NaN if there is none. */
static double figure(const card *c, qs_str head, qs_str label, const char *name, qs_interval *interval)
{
    qs_buf path = {0};
    double value = NAN;
    if (interval != NULL)
        *interval = (qs_interval){NAN, NAN};
    qs_buf_add_str(&path, head);
    if (label.len > 0) {
        qs_buf_add_text(&path, ".labels.");
        qs_buf_add_str(&path, label);
    }
    qs_buf_addf(&path, ".%s", name);
    if (c->options->metrics == NULL ||
        qs_baseline_lookup(c->options->metrics, qs_buf_view(&path), &value, interval, NULL) != QS_OK)
        value = NAN;
    c->buf->failed = c->buf->failed || path.failed;
    qs_buf_free(&path);
    return value;
}

static const char *or_else(const char *text, const char *otherwise)
{
    return text == NULL || text[0] == '\0' ? otherwise : text;
}

/* JSON strings are YAML strings. */
static void add_yaml(qs_buf *buf, const char *before, qs_str value)
{
    qs_buf_add_text(buf, before);
    qs_buf_add_json(buf, value);
    qs_buf_add_char(buf, '\n');
}

static void add_result(const card *c, qs_str head)
{
    static const struct {
        const char *type, *name;
    } shown[] = {{"f1", "macro_f1"}, {"accuracy", "accuracy"}, {"matthews_correlation", "matthews"}};
    qs_buf *buf = c->buf;
    if (isnan(figure(c, head, qs_str_of(""), "accuracy", NULL)))
        return;
    add_yaml(buf, "  - task:\n      type: text-classification\n      name: ", head);
    qs_buf_add_text(buf, "    dataset:\n      type: text\n");
    add_yaml(buf, "      name: ", qs_str_of(or_else(c->options->dataset, "not told")));
    qs_buf_add_text(buf, "    metrics:\n");
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
        const double value = figure(c, head, qs_str_of(""), shown[i].name, NULL);
        if (isnan(value))
            continue;
        qs_buf_addf(buf, "    - type: %s\n      name: %s\n      value: ", shown[i].type, shown[i].name);
        qs_buf_add_fixed(buf, value, 4);
        qs_buf_add_char(buf, '\n');
    }
}

static void add_head_matter(const card *c)
{
    int any = 0;
    qs_buf_add_text(c->buf, "---\n");
    if (c->options->licence != NULL)
        add_yaml(c->buf, "license: ", qs_str_of(c->options->licence));
    qs_buf_add_text(c->buf, "library_name: quotestance\npipeline_tag: text-classification\ntags:\n- stance-detection\n- svm\n"
                            "- n-grams\nmetrics:\n- f1\n- accuracy\n");
    for (size_t h = 0; h < c->model->head_count && !any; h++)
        any = !isnan(figure(c, c->model->heads[h].name, qs_str_of(""), "accuracy", NULL));
    if (any) {
        add_yaml(c->buf, "model-index:\n- name: ", qs_str_of(c->options->name));
        qs_buf_add_text(c->buf, "  results:\n");
    }
    for (size_t h = 0; h < c->model->head_count; h++)
        add_result(c, c->model->heads[h].name);
    qs_buf_add_text(c->buf, "---\n");
}

static void add_range(qs_buf *buf, const char *what, uint32_t low, uint32_t high)
{
    if (high == 0)
        qs_buf_addf(buf, "no %s n-grams", what);
    else
        qs_buf_addf(buf, "%s %u-%u-grams", what, low, high);
}

static void add_what(const card *c)
{
    const qs_feature_spec *spec = &c->model->spec;
    qs_buf *buf = c->buf;
    qs_buf_add_text(buf, "\n## What it is\nSupport vector machines over ");
    add_range(buf, "word", spec->word_min, spec->word_max);
    qs_buf_add_text(buf, " and ");
    add_range(buf, "character", spec->char_min, spec->char_max);
    qs_buf_addf(buf, " (%s%s), ", spec->weighting == QS_WEIGHT_TFIDF ? "tf-idf" : "presence",
                (spec->fields >> QS_FIELD_CONTEXT & 1) != 0 ? "; of the text and of its context" : "");
    qs_report_count(buf, c->model->feature_count, 0);
    qs_buf_add_text(buf, " n-grams.\n\n| head | labels |\n| --- | --- |\n");
    for (size_t h = 0; h < c->model->head_count; h++) {
        const qs_head *head = &c->model->heads[h];
        qs_buf_add_text(buf, "| ");
        qs_markup_cell(buf, head->name, CELL_COLUMNS);
        qs_buf_add_text(buf, " | ");
        for (size_t k = 0; k < head->label_count; k++) {
            qs_buf_add_text(buf, k > 0 ? ", " : "");
            qs_markup_cell(buf, head->labels[k], CELL_COLUMNS);
        }
        qs_buf_add_text(buf, " |\n");
    }
}

static void add_training(const card *c)
{
    qs_buf_add_text(c->buf, "\n## How it was trained\n| setting | value |\n| --- | --- |\n");
    for (size_t i = 0; i < c->model->meta_count; i++) {
        qs_buf_add_text(c->buf, "| ");
        qs_markup_cell(c->buf, c->model->metas[i].key, CELL_COLUMNS);
        qs_buf_add_text(c->buf, " | ");
        qs_markup_cell(c->buf, c->model->metas[i].value, CELL_COLUMNS);
        qs_buf_add_text(c->buf, " |\n");
    }
}

static void add_labels(const card *c, const qs_head *head)
{
    static const char *const shown[] = {"precision", "recall", "f1", "support"};
    qs_buf *buf = c->buf;
    qs_buf_add_text(buf, "\n| label | precision | recall | F1 | support |\n| --- | ---: | ---: | ---: | ---: |\n");
    for (size_t k = 0; k < head->label_count; k++) {
        qs_buf_add_text(buf, "| ");
        qs_markup_cell(buf, head->labels[k], CELL_COLUMNS);
        for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
            qs_buf_add_text(buf, " | ");
            qs_markup_number(buf, figure(c, head->name, head->labels[k], shown[i], NULL), i < 3 ? 3 : 0);
        }
        qs_buf_add_text(buf, " |\n");
    }
}

static void add_head_figures(const card *c, const qs_head *head)
{
    static const qs_metric shown[] = {QS_METRIC_ACCURACY, QS_METRIC_MACRO_F1, QS_METRIC_F_AVG, QS_METRIC_MATTHEWS,
                                      QS_METRIC_CALIBRATION_ERROR};
    qs_buf *buf = c->buf;
    if (isnan(figure(c, head->name, qs_str_of(""), "accuracy", NULL)))
        return;
    qs_buf_add_text(buf, "\n### ");
    qs_markup_cell(buf, head->name, CELL_COLUMNS);
    qs_buf_add_text(buf, " (");
    qs_markup_number(buf, figure(c, head->name, qs_str_of(""), "rows", NULL), 0);
    qs_buf_add_text(buf, " rows)\n| metric | value | interval |\n| --- | ---: | --- |\n");
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
        qs_interval interval;
        const double value = figure(c, head->name, qs_str_of(""), qs_metric_name(shown[i]), &interval);
        if (isnan(value))
            continue;
        qs_buf_addf(buf, "| %s | ", qs_metric_name(shown[i]));
        qs_buf_add_fixed(buf, value, 3);
        qs_buf_add_text(buf, " |");
        qs_markup_interval(buf, interval);
        qs_buf_add_text(buf, " |\n");
    }
    add_labels(c, head);
}

static void add_figures(const card *c)
{
    qs_buf_add_text(c->buf, "\n## Figures\n");
    if (c->options->metrics == NULL) {
        qs_buf_add_text(c->buf, "None were given: `quotestance evaluate --json metrics.json`, then `quotestance model card "
                                "--metrics metrics.json`.\n");
        return;
    }
    qs_buf_add_text(c->buf, "Measured on ");
    qs_markup_cell(c->buf, qs_str_of(or_else(c->options->dataset, "rows that the card was not told of")), CELL_COLUMNS);
    qs_buf_add_text(c->buf, ".\n");
    for (size_t h = 0; h < c->model->head_count; h++)
        add_head_figures(c, &c->model->heads[h]);
}

static const char use[] =
    "\n## Use, and what not to use it for\n"
    "To sort and find texts like those it was trained on. It counts n-grams: irony, other subjects and other languages\n"
    "mislead it, and the probabilities are calibrated only for texts like the training rows. A score must not be the only ground\n"
    "for a statement about a person.\n"
    "\n## Use it\n"
    "    quotestance predict -m MODEL article.txt\n";

qs_status qs_report_add_card(qs_report *report, const qs_classifier *classifier, const qs_card_options *options,
                             qs_error *err)
{
    qs_card_options used = *options;
    used.name = or_else(options->name, "quotestance model");
    const card c = {&report->buf, classifier->model, &used};
    add_head_matter(&c);
    qs_buf_add_text(c.buf, "# Model card: ");
    qs_markup_cell(c.buf, qs_str_of(used.name), CELL_COLUMNS);
    qs_buf_add_char(c.buf, '\n');
    add_what(&c);
    add_training(&c);
    add_figures(&c);
    qs_buf_add_text(c.buf, use);
    return qs_buf_status(c.buf, err);
}
