/* Heads that other tools trained, back into models. SPDX-License-Identifier: MIT */
#include "base/stream.h"
#include "model/exchange.h"
#include "pipeline/classifier_internal.h"
#include "pipeline/inspect_top.h"
#include "quotestance/inspect.h"

#define TEXT_BYTES_MAX ((size_t)1 << 30)

qs_status qs_inspect_import_head(qs_classifier **out, const qs_classifier *classifier, const char *name,
                                 const char *path, qs_error *err)
{
    const qs_model *model = classifier->model;
    const qs_head *head = NULL;
    qs_imported imported = {0};
    qs_model *fresh = NULL;
    qs_buf text = {0};
    *out = NULL;
    qs_status status = qs_inspect_head(model, name, &head, err);
    if (status == QS_OK)
        status = qs_stream_read_all(&text, path, TEXT_BYTES_MAX, err);
    if (status == QS_OK)
        status = qs_model_import(&imported, qs_buf_view(&text), head->label_count, model->feature_count, err);
    if (status == QS_OK)
        status = qs_model_replace_head(&fresh, model, head, &imported, err);
    if (status == QS_OK)
        status = qs_classifier_wrap(out, fresh, err);
    else
        qs_error_set_path(err, path);
    qs_imported_free(&imported);
    qs_buf_free(&text);
    return status;
}
