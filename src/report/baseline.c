/* Figures of an earlier run, from its metrics JSON. SPDX-License-Identifier: MIT */
#include <jansson.h>
#include <math.h>

#include "base/stream.h"
#include "report/report.h"

#define MAX_BYTES ((size_t)64 << 20)

struct qs_baseline {
    json_t *root;
};

void qs_baseline_destroy(qs_baseline *baseline)
{
    if (baseline == NULL)
        return;
    json_decref(baseline->root);
    qs_free(baseline);
}

qs_status qs_baseline_read(qs_baseline **out, const char *path, qs_error *err)
{
    qs_buf bytes = {0};
    json_error_t problem;
    qs_baseline *baseline = qs_alloc_zero(1, sizeof *baseline);
    qs_status status = QS_OK;
    *out = NULL;
    if (baseline == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    status = qs_stream_read_all(&bytes, path, MAX_BYTES, err);
    if (status != QS_OK) {
        /* a baseline that cannot be read is bad input, whatever the reason */
        if (status != QS_ENOMEM) {
            status = QS_EINPUT;
            if (err != NULL)
                err->status = QS_EINPUT;
        }
        goto done;
    }
    baseline->root = json_loadb(bytes.len == 0 ? "" : bytes.ptr, bytes.len, JSON_REJECT_DUPLICATES, &problem);
    if (baseline->root == NULL)
        status = qs_fail_at(err, QS_EINPUT, problem.line > 0 ? (uint64_t)problem.line : 0, QS_NO_OFFSET,
                            "the baseline is not JSON: %s", problem.text);
    else if (!json_is_object(json_object_get(baseline->root, "overall")))
        status = qs_fail(err, QS_EINPUT, "the baseline is not a metrics JSON: it has no \"overall\"");
    if (status == QS_OK) {
        *out = baseline;
        baseline = NULL;
    }
done:
    if (status != QS_OK)
        qs_error_set_path(err, path);
    qs_buf_free(&bytes);
    qs_baseline_destroy(baseline);
    return status;
}

/* If `path` starts with `name` and a dot, gives what follows. */
static int skip(qs_str path, const char *name, qs_str *rest)
{
    const size_t length = strlen(name);
    if (path.len <= length || path.ptr[length] != '.' || memcmp(path.ptr, name, length) != 0)
        return 0;
    *rest = qs_str_slice(path, length + 1, path.len);
    return 1;
}

typedef struct found {
    const json_t *value;
    const json_t *interval;
} found;

static int is_number(const json_t *value)
{
    return value != NULL && (json_typeof(value) == JSON_INTEGER || json_typeof(value) == JSON_REAL);
}

static int find_figure(const json_t *set, qs_str name, found *out)
{
    out->value = json_object_getn(set, name.ptr == NULL ? "" : name.ptr, name.len);
    out->interval = json_object_getn(json_object_get(set, "intervals"), name.ptr == NULL ? "" : name.ptr, name.len);
    return is_number(out->value) || json_is_null(out->value);
}

static int find_in_set(const json_t *set, qs_str path, found *out)
{
    const char *label = NULL;
    json_t *figures = NULL;
    qs_str rest;
    if (find_figure(set, path, out))
        return 1;
    if (skip(path, "labels", &rest))
        path = rest;
    json_object_foreach(json_object_get(set, "labels"), label, figures) {
        if (skip(path, label, &rest) && find_figure(figures, rest, out))
            return 1;
    }
    return 0;
}

static int find_in_slices(const json_t *by, qs_str path, found *out)
{
    const char *column = NULL, *name = NULL;
    json_t *values = NULL, *set = NULL;
    qs_str rest;
    json_object_foreach((json_t *)(uintptr_t)by, column, values) {
        const size_t length = strlen(column);
        if (path.len <= length || path.ptr[length] != '=' || memcmp(path.ptr, column, length) != 0)
            continue;
        json_object_foreach(values, name, set) {
            if (skip(qs_str_slice(path, length + 1, path.len), name, &rest) && find_in_set(set, rest, out))
                return 1;
        }
    }
    return 0;
}

static int find(const qs_baseline *baseline, qs_str path, found *out)
{
    const json_t *overall = json_object_get(baseline->root, "overall");
    const char *name = NULL;
    json_t *set = NULL;
    qs_str rest;
    if (find_in_set(overall, path, out) || (skip(path, "overall", &rest) && find_in_set(overall, rest, out)))
        return 1;
    json_object_foreach(json_object_get(baseline->root, "heads"), name, set) {
        if (skip(path, name, &rest) && find_in_set(set, rest, out))
            return 1;
    }
    return find_in_slices(json_object_get(baseline->root, "by"), path, out);
}

qs_status qs_baseline_lookup(const qs_baseline *baseline, qs_str path, double *value, qs_interval *interval,
                             qs_error *err)
{
    found figure = {0};
    if (!find(baseline, path, &figure))
        return qs_fail(err, QS_EUSAGE, "the baseline has no metric \"%.*s\"",
                       (int)(path.len > 160 ? 160 : path.len), path.ptr);
    *value = is_number(figure.value) ? json_number_value(figure.value) : NAN;
    if (interval == NULL)
        return QS_OK;
    *interval = (qs_interval){NAN, NAN};
    if (json_array_size(figure.interval) == 2 && is_number(json_array_get(figure.interval, 0)) &&
        is_number(json_array_get(figure.interval, 1)))
        *interval = (qs_interval){json_number_value(json_array_get(figure.interval, 0)),
                                  json_number_value(json_array_get(figure.interval, 1))};
    return QS_OK;
}
