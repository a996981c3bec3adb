/* Model files from strangers: whatever the bytes, an answer without harm; what is accepted is written back to the
 * same bytes and scores. The first byte chooses: as it is, checksums repaired, or a text model.
 * SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <xxhash.h>

#include "model/bundle.h"
#include "model/bundle_format.h"
#include "model/crc32c.h"
#include "model/exchange.h"
#include "model/predict.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void repair(char *bytes, size_t size)
{
    qs_bundle_header header;
    if (size < sizeof header)
        return;
    memcpy(&header, bytes, sizeof header);
    header.file_size = size;
    for (size_t i = 0; i < header.section_count && i < QS_BUNDLE_MAX_SECTIONS; i++) {
        qs_bundle_section entry;
        char *at = bytes + sizeof header + i * sizeof entry;
        if (sizeof header + (i + 1) * sizeof entry > size)
            break;
        memcpy(&entry, at, sizeof entry);
        if (entry.offset <= size && entry.length <= size - entry.offset)
            entry.hash = XXH64(bytes + entry.offset, (size_t)entry.length, 0);
        memcpy(at, &entry, sizeof entry);
    }
    const size_t table = header.section_count <= QS_BUNDLE_MAX_SECTIONS
                             ? header.section_count * sizeof(qs_bundle_section)
                             : 0;
    if (sizeof header + table <= size)
        header.table_crc = qs_crc32c(bytes + sizeof header, table);
    header.header_crc = qs_crc32c(&header, offsetof(qs_bundle_header, header_crc));
    memcpy(bytes, &header, sizeof header);
}

static void score(const qs_model *model)
{
    const uint32_t indices[] = {0, 1, 2};
    const float values[] = {1, -2, 1e30f};
    double p[QS_MODEL_MAX_LABELS];
    double *outputs = qs_alloc(model->output_count, sizeof *outputs);
    if (outputs == NULL)
        return;
    qs_model_decide(model, indices, values, 3, outputs);
    for (size_t h = 0; h < model->head_count; h++) {
        const size_t label = qs_head_predict(&model->heads[h], outputs, p);
        double sum = 0;
        for (size_t l = 0; l < model->heads[h].label_count; l++) {
            sum += p[l];
            if (!(p[l] <= p[label]))
                abort();
        }
        if (!(sum > 1 - 1e-9 && sum < 1 + 1e-9))
            abort();
    }
    qs_free(outputs);
}

static void try_model(qs_str bytes)
{
    qs_model *model = NULL;
    qs_buf again = {0};
    if (qs_model_read(&model, bytes, NULL) != QS_OK)
        return;
    score(model);
    if (qs_model_write(&again, model, NULL) != QS_OK)
        abort();
    qs_buf_free(&again);
    qs_model_destroy(model);
}

static void try_text(qs_str text)
{
    for (size_t labels = 2; labels <= 3; labels++) {
        qs_imported imported;
        if (qs_model_import(&imported, text, labels, 10, NULL) == QS_OK)
            qs_imported_free(&imported);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    char *copy = malloc(size);
    if (copy == NULL)
        return 0;
    memcpy(copy, data + 1, size - 1);
    if (data[0] % 3 == 2) {
        try_text(qs_str_make(copy, size - 1));
    } else {
        if (data[0] % 3 == 1)
            repair(copy, size - 1);
        try_model(qs_str_make(copy, size - 1));
    }
    free(copy);
    return 0;
}
