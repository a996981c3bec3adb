/* Intervals by resampling. SPDX-License-Identifier: MIT */
#include "evaluation/set.h"

qs_status qs_set_bootstrap(const qs_set *set, qs_metric_set *out, qs_label_metrics *labels, qs_error *err)
{
    (void)set, (void)out, (void)labels, (void)err;
    return QS_OK;
}
