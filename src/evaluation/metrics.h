/* What stands behind qs_metrics. SPDX-License-Identifier: MIT */
#ifndef QS_EVALUATION_METRICS_H
#define QS_EVALUATION_METRICS_H

#include "base/arena.h"
#include "quotestance/evaluation.h"

struct qs_metrics {
    qs_arena arena; /* holds everything below */
    qs_measure_options options;
    uint64_t items;
    qs_metric_set *sets; /* overall, heads, slices */
    size_t heads, slices;
    qs_wrong_row *worst;
    size_t worst_count;
};

#endif
