/* The scoring engine alone, and the limits it runs into: usage: engine_speed MODEL LINES. Prints JSON: what the engine does a
 * second of processor time on the lines, and how many cache lines a second can be fetched at random, in blocks of prefetches,
 * from memory as large as the caches and larger. For scripts/bench/score. SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/io.h"
#include "model/bundle.h"
#include "pipeline/engine.h"

#define FETCHES ((size_t)8 * 1024 * 1024)
#define BLOCK 64

static double seconds(void)
{
    struct timespec now = {0};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Fetches a second, each from one of `bytes` / 64 cache lines, a block of prefetches ahead. */
static double fetch_rate(size_t bytes)
{
    const size_t lines = bytes / 64;
    unsigned char *memory = aligned_alloc(64, bytes);
    uint64_t state = 88172645463325252;
    size_t places[BLOCK];
    unsigned sink = 0;
    if (memory == NULL)
        return 0;
    memset(memory, 1, bytes);
    const double start = seconds();
    for (size_t done = 0; done < FETCHES; done += BLOCK) {
        for (size_t i = 0; i < BLOCK; i++) {
            state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
            places[i] = (size_t)(((state >> 32) * lines) >> 32) * 64;
            __builtin_prefetch(memory + places[i]);
        }
        unsigned sum = 0;
        for (size_t i = 0; i < BLOCK; i++)
            sum += memory[places[i]];
        sink += sum;
    }
    const double rate = (double)FETCHES / (seconds() - start);
    free(memory);
    return sink == 0 ? 0 : rate; /* never 0: keeps the sums */
}

static double score_all(qs_engine *engine, qs_str lines, double *outputs, qs_coverage *total)
{
    const double start = seconds();
    *total = (qs_coverage){0};
    for (size_t at = 0; at < lines.len;) {
        const char *feed = memchr(lines.ptr + at, '\n', lines.len - at);
        const size_t end = feed == NULL ? lines.len : (size_t)(feed - lines.ptr);
        const qs_item item = {{qs_str_make(lines.ptr + at, end - at)}};
        qs_coverage coverage = {0};
        if (qs_engine_outputs(engine, &item, outputs, &coverage, NULL) != QS_OK)
            exit(1);
        total->known += coverage.known;
        total->all += coverage.all;
        at = end + 1;
    }
    return seconds() - start;
}

int main(int argc, char **argv)
{
    qs_model *model = NULL;
    qs_engine_table *narrow = NULL;
    qs_engine_table *table = NULL;
    qs_engine *engine = NULL;
    qs_buf lines = {0};
    qs_coverage total = {0};
    qs_error err = {0};
    static double outputs[256];
    if (argc != 3 || qs_model_load(&model, argv[1], 0, &err) != QS_OK ||
        qs_file_read(&lines, argv[2], SIZE_MAX / 2, &err) != QS_OK) {
        fprintf(stderr, "engine_speed MODEL LINES: %s\n", err.message);
        return 2;
    }
    const double start = seconds();
    if (!qs_engine_can(model) || qs_engine_table_create(&narrow, model, &err) != QS_OK ||
        qs_engine_table_widen(&table, narrow, &err) != QS_OK ||
        qs_engine_create(&engine, narrow, &err) != QS_OK) {
        fprintf(stderr, "%s\n", err.message);
        return 2;
    }
    qs_engine_expect_many(engine, table);
    const double built = seconds() - start;
    double best = 1e9;
    for (int round = 0; round < 3; round++) {
        const double time = score_all(engine, qs_buf_view(&lines), outputs, &total);
        best = time < best ? time : best;
    }
    printf("{\"features\": %zu, \"build_ms\": %.2f, \"megabytes_a_second\": %.1f, \"lookups\": %zu, \"known\": %zu, "
           "\"million_lookups_a_second\": %.1f, \"million_fetches_a_second\": {",
           model->feature_count, built * 1e3, (double)lines.len / 1e6 / best, total.all, total.known,
           (double)total.all / 1e6 / best);
    static const size_t sizes[] = {16, 512, 4096, 16384, 262144};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        printf("%s\"%zu KB\": %.0f", i > 0 ? ", " : "", sizes[i], fetch_rate(sizes[i] * 1024) / 1e6);
    printf("}}\n");
    qs_engine_destroy(engine);
    qs_engine_table_destroy(table);
    qs_engine_table_destroy(narrow);
    qs_model_destroy(model);
    qs_buf_free(&lines);
    return 0;
}
