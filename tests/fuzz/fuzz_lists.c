/* Fuzz target: any bytes as what stands beside inputs and models: word classes, the manifest of shards and the notes of workers,
 * metrics of an earlier run, logs of trials, predictions with gold labels. The first byte chooses. What is accepted must hold
 * what its reader promises. SPDX-License-Identifier: MIT */
#include <math.h>
#include <string.h>

#include "features/classes.h"
#include "pipeline/judged_read.h"
#include "pipeline/shard.h"
#include "pipeline/tune.h"
#include "report/report.h"
#include "scratch.h"
#include "text/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_classes(qs_str text)
{
    qs_word_classes *classes = NULL;
    qs_buf out = {0};
    if (qs_word_classes_parse(&classes, text, NULL) != QS_OK)
        return;
    demand(qs_str_equal(qs_word_classes_text(classes), text));
    demand(qs_word_classes_rewrite(classes, text, &out, NULL) == QS_OK && out.len <= text.len * (QS_CLASSES_MAX_NAME + 2));
    qs_buf_free(&out);
    qs_word_classes_destroy(classes);
}

static void try_manifest(const char *path)
{
    qs_manifest manifest = {0};
    if (qs_manifest_read(&manifest, path, NULL) == QS_OK) {
        uint64_t records = 0;
        demand(manifest.count > 0 && manifest.count <= QS_SHARDS_MAX);
        for (size_t i = 0; i < manifest.count; i++) {
            demand(strchr(manifest.shards[i].file, '/') == NULL && manifest.shards[i].file[0] != '.');
            records += manifest.shards[i].records;
        }
        demand(records == manifest.records);
    }
    qs_manifest_free(&manifest);
}

static void try_done(const char *path)
{
    qs_shard_done done;
    if (qs_shard_done_read(&done, path, NULL) == QS_OK)
        demand(strchr(done.file, '/') == NULL && done.file[0] != '.' && strlen(done.key) == 16);
}

static void try_baseline(const char *path)
{
    static const char *const figures[] = {"macro_f1", "overall.accuracy", "labels.favor.f1", "favor.f1", "stance.macro_f1", "by=x.accuracy", ""};
    qs_baseline *baseline = NULL;
    if (qs_baseline_read(&baseline, path, NULL) != QS_OK)
        return;
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        double value = 0;
        qs_interval interval;
        const qs_status status = qs_baseline_lookup(baseline, qs_str_of(figures[i]), &value, &interval, NULL);
        demand(status == QS_OK || status == QS_EUSAGE);
    }
    qs_baseline_destroy(baseline);
}

static void try_log(const char *path)
{
    qs_tune_log log;
    qs_tune_figure figure;
    if (qs_tune_log_open(&log, path, 0xabc, NULL) == QS_OK && qs_tune_log_find(&log, qs_str_of("C 1"), &figure))
        demand(isfinite(figure.plain) && isfinite(figure.shifted));
    qs_tune_log_close(&log);
}

static void try_answers(const char *path, uint8_t kind)
{
    static const char *const slices[] = {"role"};
    qs_judged_options options = {.rows = qs_rows_options_default(), .group_column = "group", .slices = slices, .slice_count = 1};
    qs_answers answers = {0};
    options.rows.format = (kind & 8) != 0 ? QS_FORMAT_JSONL : QS_FORMAT_AUTO;
    if (qs_answers_read(&answers, path, &options, NULL) == QS_OK)
        for (size_t i = 0; i < answers.count; i++) {
            const qs_answer *answer = &answers.list[i];
            demand(qs_utf8_valid(answer->label, NULL) && qs_utf8_valid(answer->id, NULL) && answer->item < answers.items);
            for (size_t p = 0; p < answer->probability_count; p++)
                demand(isfinite(answer->probabilities[p]));
        }
    qs_answers_free(&answers);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[300];
    if (size == 0)
        return 0;
    if (data[0] % 8 == 0) {
        try_classes(qs_str_make((const char *)data + 1, size - 1));
        return 0;
    }
    scratch_write(scratch_path(path, "in"), data + 1, size - 1);
    switch (data[0] % 8) {
    case 1: try_manifest(path); break;
    case 2: try_done(path); break;
    case 3: try_baseline(path); break;
    case 4: try_log(path); break;
    default: try_answers(path, data[0]); break;
    }
    return 0;
}
