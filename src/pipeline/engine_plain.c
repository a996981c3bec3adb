/* The plain path from a bag to outputs: the oracle of the scoring engine. SPDX-License-Identifier: MIT */
#include <math.h>

#include "features/vector.h"
#include "pipeline/engine.h"
#include "pipeline/engine_internal.h"

bool qs_engine_can(const qs_model *model)
{
    for (size_t h = 0; h < model->head_count; h++)
        if (model->heads[h].kernel != QS_LINEAR)
            return false;
    return model->weights != NULL && model->output_count <= QS_ENGINE_WIDTH_MAX;
}

double qs_block_scale(double squares)
{
    return squares > 0 ? 1.0 / sqrt(squares) : 1.0;
}

void qs_add_bias(const qs_model *model, double *outputs)
{
    for (size_t h = 0; h < model->head_count; h++) {
        const qs_head *head = &model->heads[h];
        for (size_t o = 0; o < head->output_count; o++)
            outputs[head->first_output + o] += head->bias[o];
    }
}

void qs_join_blocks(const qs_model *model, const double *sums, const double *squares, double *outputs)
{
    const size_t width = model->output_count;
    double all = 0;
    for (size_t b = 0; b < QS_BLOCKS; b++)
        all += squares[b];
    for (size_t o = 0; o < width; o++)
        outputs[o] = 0;
    for (size_t b = 0; b < QS_BLOCKS; b++) {
        if (squares[b] == 0) /* nothing known: sums of 0 */
            continue;
        const double scale = model->spec.norm == QS_NORM_BLOCKS ? qs_block_scale(squares[b])
                             : model->spec.norm == QS_NORM_L2   ? qs_block_scale(all)
                                                                : 1.0;
        for (size_t o = 0; o < width; o++)
            outputs[o] += sums[b * width + o] * scale;
    }
    qs_add_bias(model, outputs);
}

void qs_plain_outputs(const qs_model *model, const qs_vocabulary *vocabulary, const qs_bag *bag,
                      double *outputs, qs_coverage *coverage)
{
    const size_t width = model->output_count;
    double sums[QS_BLOCKS * QS_ENGINE_WIDTH_MAX] = {0};
    double squares[QS_BLOCKS] = {0};
    *coverage = (qs_coverage){0, 0};
    for (size_t b = 0; b < QS_BLOCKS; b++) {
        double *sum = sums + b * width;
        for (size_t k = bag->block_start[b]; k < bag->block_start[b + 1]; k++) {
            uint32_t index = 0;
            coverage->all += bag->items[k].count;
            if (!qs_vocabulary_find(vocabulary, bag->items[k].hash, &index))
                continue;
            const double weight = qs_ngram_weight(&model->spec, bag->items[k].count,
                                                  model->idf == NULL ? 1.0f : model->idf[index]);
            const float *row = model->weights + (size_t)index * width;
            coverage->known++;
            squares[b] += weight * weight;
            for (size_t o = 0; o < width; o++)
                sum[o] += weight * (double)row[o];
        }
    }
    qs_join_blocks(model, sums, squares, outputs);
}
