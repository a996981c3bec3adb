/* Figures that need probabilities. SPDX-License-Identifier: MIT */
#include "evaluation/set.h"

qs_status qs_set_measure_probabilities(const qs_set *set, qs_metric_set *out, qs_label_metrics *labels,
                                       qs_error *err)
{
    (void)set, (void)out, (void)labels, (void)err;
    return QS_OK;
}
