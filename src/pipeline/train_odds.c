/* n-grams weighed by the labels of all heads. SPDX-License-Identifier: MIT */
#include "features/odds.h"
#include "pipeline/train.h"

qs_status qs_train_odds(qs_vocabulary *vocabulary, qs_vectors *vectors, const qs_feature_spec *spec,
                        const qs_head_plan *heads, size_t head_count, const qs_train_options *options, qs_error *err)
{
    qs_labelling *labellings = qs_alloc(head_count, sizeof *labellings);
    if (labellings == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    for (size_t h = 0; h < head_count; h++)
        labellings[h] = (qs_labelling){.rows = heads[h].rows, .labels = heads[h].row_labels,
                                       .count = heads[h].row_count, .label_count = heads[h].label_count};
    qs_status status = qs_odds_apply(vocabulary, vectors, spec, labellings, head_count, options->evidence,
                                     options->jobs == 0 ? 1 : options->jobs, err);
    if (status == QS_OK && options->ngram_texts) /* they are found by look-up */
        status = qs_vocabulary_index(vocabulary, err);
    qs_free(labellings);
    return status;
}
