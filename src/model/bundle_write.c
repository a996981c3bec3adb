/* Writing the model file. SPDX-License-Identifier: MIT */
#include <xxhash.h>

#include "model/bundle.h"
#include "model/bundle_format.h"
#include "model/crc32c.h"

/* A section to be written: borrowed bytes. */
typedef struct payload {
    qs_section_type type;
    const void *bytes;
    uint64_t count;
    uint32_t element_size;
} payload;

typedef struct plan {
    payload items[QS_SECTION_TYPES];
    size_t count;
} plan;

static void plan_add(plan *p, qs_section_type type, const void *bytes, uint64_t count)
{
    static const uint32_t sizes[QS_SECTION_TYPES] = {
#define QS_SECTION_SIZE(name, value, words, size, most) [name] = size,
        QS_BUNDLE_SECTIONS(QS_SECTION_SIZE)
#undef QS_SECTION_SIZE
    };
    p->items[p->count++] =
        (payload){.type = type, .bytes = bytes, .count = count, .element_size = sizes[type]};
}

static void add_text(qs_buf *out, qs_str text)
{
    const uint32_t length = (uint32_t)text.len;
    qs_buf_add(out, &length, sizeof length);
    qs_buf_add_str(out, text);
}

static void add_doubles(qs_buf *out, const double *numbers, size_t count)
{
    if (numbers != NULL)
        qs_buf_add(out, numbers, count * sizeof *numbers);
}

static void write_head(qs_buf *out, const qs_head *head)
{
    const qs_calibration *calibration = &head->calibration;
    const qs_bundle_head fixed = {.name_length = (uint32_t)head->name.len,
                                  .label_count = (uint32_t)head->label_count,
                                  .decision = (uint32_t)head->decision,
                                  .kernel = (uint32_t)head->kernel,
                                  .degree = head->degree,
                                  .has_label_bias = calibration->label_bias != NULL,
                                  .knot_count = calibration->knot_count,
                                  .support_count = head->support_count,
                                  .gamma = head->gamma,
                                  .coef0 = head->coef0,
                                  .temperature = calibration->temperature};
    qs_buf_add(out, &fixed, sizeof fixed);
    qs_buf_add_str(out, head->name);
    for (size_t l = 0; l < head->label_count; l++)
        add_text(out, head->labels[l]);
    add_doubles(out, head->bias, head->output_count);
    add_doubles(out, calibration->label_bias, head->label_count);
    add_doubles(out, calibration->knot_in, calibration->knot_count);
    add_doubles(out, calibration->knot_out, calibration->knot_count);
    add_doubles(out, head->coefficients, head->support_count * head->output_count);
}

static void write_heads(qs_buf *out, const qs_model *model)
{
    const uint32_t count = (uint32_t)model->head_count;
    qs_buf_add(out, &count, sizeof count);
    for (size_t h = 0; h < model->head_count; h++)
        write_head(out, &model->heads[h]);
}

static void write_metas(qs_buf *out, const qs_model *model)
{
    for (size_t m = 0; m < model->meta_count; m++) {
        qs_buf_add_str(out, model->metas[m].key);
        qs_buf_add_char(out, '\0');
        qs_buf_add_str(out, model->metas[m].value);
        qs_buf_add_char(out, '\0');
    }
}

static void plan_sections(plan *p, const qs_model *model, const uint32_t *words, const qs_buf *metas,
                          const qs_buf *heads)
{
    const uint64_t features = model->feature_count;
    plan_add(p, QS_SECTION_SPEC, words, QS_FEATURE_SPEC_WORDS);
    plan_add(p, QS_SECTION_META, metas->ptr, metas->len);
    plan_add(p, QS_SECTION_HEADS, heads->ptr, heads->len);
    plan_add(p, QS_SECTION_HASHES, model->feature_hashes, features);
    if (model->idf != NULL)
        plan_add(p, QS_SECTION_IDF, model->idf, features);
    if (model->ngram_starts != NULL) {
        plan_add(p, QS_SECTION_NGRAM_STARTS, model->ngram_starts, features + 1);
        plan_add(p, QS_SECTION_NGRAMS, model->ngrams, model->ngram_starts[features]);
    }
    if (model->weights != NULL)
        plan_add(p, QS_SECTION_WEIGHTS, model->weights, features * model->output_count);
    if (model->support_count > 0) {
        const uint64_t nonzeros = model->support_starts[model->support_count];
        plan_add(p, QS_SECTION_SUPPORT_STARTS, model->support_starts, model->support_count + 1);
        plan_add(p, QS_SECTION_SUPPORT_INDICES, model->support_indices, nonzeros);
        plan_add(p, QS_SECTION_SUPPORT_VALUES, model->support_values, nonzeros);
    }
    if (model->classes != NULL) {
        const qs_str list = qs_word_classes_text(model->classes);
        plan_add(p, QS_SECTION_CLASSES, list.ptr, list.len);
    }
}

static uint64_t aligned(uint64_t offset)
{
    return (offset + QS_BUNDLE_ALIGN - 1) / QS_BUNDLE_ALIGN * QS_BUNDLE_ALIGN;
}

static void write_file(qs_buf *out, const plan *p)
{
    static const char zeros[QS_BUNDLE_ALIGN] = {0};
    qs_bundle_section table[QS_SECTION_TYPES] = {{0}};
    const size_t start = out->len;
    const size_t table_size = p->count * sizeof *table;
    uint64_t end = sizeof(qs_bundle_header) + table_size;
    for (size_t i = 0; i < p->count; i++) {
        const payload *item = &p->items[i];
        const uint64_t length = item->count * item->element_size;
        table[i] = (qs_bundle_section){.type = (uint32_t)item->type,
                                       .flags = QS_BUNDLE_CRITICAL,
                                       .offset = aligned(end),
                                       .length = length,
                                       .element_size = item->element_size,
                                       .align = QS_BUNDLE_ALIGN,
                                       .element_count = item->count,
                                       .hash = XXH64(item->bytes, (size_t)length, 0)};
        end = table[i].offset + length;
    }
    qs_bundle_header header = {.magic = QS_BUNDLE_MAGIC,
                               .major = QS_BUNDLE_MAJOR,
                               .minor = QS_BUNDLE_MINOR,
                               .header_size = sizeof header,
                               .file_size = end,
                               .section_count = (uint32_t)p->count,
                               .table_offset = sizeof header,
                               .order = QS_BUNDLE_ORDER,
                               .table_crc = qs_crc32c(table, table_size)};
    header.header_crc = qs_crc32c(&header, offsetof(qs_bundle_header, header_crc));
    qs_buf_reserve(out, (size_t)end);
    qs_buf_add(out, &header, sizeof header);
    qs_buf_add(out, table, table_size);
    for (size_t i = 0; i < p->count; i++) {
        if (!out->failed)
            qs_buf_add(out, zeros, (size_t)(table[i].offset - (out->len - start)));
        qs_buf_add(out, p->items[i].bytes, (size_t)table[i].length);
    }
}

qs_status qs_model_write(qs_buf *out, const qs_model *model, qs_error *err)
{
    uint32_t words[QS_FEATURE_SPEC_WORDS];
    qs_buf metas = {0};
    qs_buf heads = {0};
    plan p = {0};

    const char *flaw = qs_model_flaw(model);
    if (flaw != NULL)
        return qs_fail(err, QS_EUSAGE, "the model cannot be written: %s", flaw);
    qs_feature_spec_to_words(&model->spec, words);
    write_metas(&metas, model);
    write_heads(&heads, model);
    qs_status status = qs_buf_status(&metas, err);
    if (status == QS_OK)
        status = qs_buf_status(&heads, err);
    if (status == QS_OK) {
        plan_sections(&p, model, words, &metas, &heads);
        write_file(out, &p);
        status = qs_buf_status(out, err);
    }
    qs_buf_free(&metas);
    qs_buf_free(&heads);
    return status;
}
