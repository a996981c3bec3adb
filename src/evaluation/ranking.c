/* Sorting scores, and areas under curves. SPDX-License-Identifier: MIT */
#include "evaluation/ranking.h"

#include <math.h>
#include <string.h>

#define CURVE_STEPS 200

qs_status qs_ranking_make(qs_ranking *ranking, size_t count, qs_error *err)
{
    ranking->hits = qs_alloc(count, sizeof *ranking->hits);
    ranking->misses = qs_alloc(count, sizeof *ranking->misses);
    ranking->scratch = qs_alloc(count, sizeof *ranking->scratch);
    if (ranking->hits == NULL || ranking->misses == NULL || ranking->scratch == NULL)
        return qs_fail(err, QS_ENOMEM, "ranking of %zu rows", count);
    return QS_OK;
}

void qs_ranking_free(qs_ranking *ranking)
{
    qs_free(ranking->hits);
    qs_free(ranking->misses);
    qs_free(ranking->scratch);
    *ranking = (qs_ranking){0};
}

void qs_ranking_clear(qs_ranking *ranking)
{
    ranking->hit_count = 0;
    ranking->miss_count = 0;
}

void qs_ranking_add(qs_ranking *ranking, double score, int hit)
{
    const double positive = score + 0.0; /* -0 would sort last */
    uint64_t bits = 0;
    memcpy(&bits, &positive, sizeof bits);
    if (hit)
        ranking->hits[ranking->hit_count++] = bits;
    else
        ranking->misses[ranking->miss_count++] = bits;
}

/* Ascending, one byte at a time; bytes in which all keys agree are passed over. */
static void sort_keys(uint64_t *keys, uint64_t *scratch, size_t count)
{
    uint64_t *from = keys, *to = scratch;
    for (int shift = 0; shift < 64; shift += 8) {
        size_t start[257] = {0};
        for (size_t i = 0; i < count; i++)
            start[((from[i] >> shift) & 255) + 1]++;
        if (count == 0 || start[((from[0] >> shift) & 255) + 1] == count)
            continue;
        for (int i = 0; i < 256; i++)
            start[i + 1] += start[i];
        for (size_t i = 0; i < count; i++)
            to[start[(from[i] >> shift) & 255]++] = from[i];
        uint64_t *swap = from;
        from = to;
        to = swap;
    }
    if (from != keys && count > 0)
        memcpy(keys, from, count * sizeof *keys);
}

static void sort_ranking(qs_ranking *ranking)
{
    sort_keys(ranking->hits, ranking->scratch, ranking->hit_count);
    sort_keys(ranking->misses, ranking->scratch, ranking->miss_count);
}

/* How many hits and misses have the next highest score; false at the end. */
typedef struct walk {
    const qs_ranking *ranking;
    size_t hits_left, misses_left; /* not yet passed, from the top down */
    size_t hits, misses;           /* at this score */
} walk;

static walk walk_start(const qs_ranking *ranking)
{
    return (walk){.ranking = ranking, .hits_left = ranking->hit_count, .misses_left = ranking->miss_count};
}

static int walk_next(walk *at)
{
    const uint64_t *hits = at->ranking->hits, *misses = at->ranking->misses;
    if (at->hits_left + at->misses_left == 0)
        return 0;
    uint64_t score = at->hits_left > 0 ? hits[at->hits_left - 1] : 0;
    if (at->misses_left > 0 && (at->hits_left == 0 || misses[at->misses_left - 1] > score))
        score = misses[at->misses_left - 1];
    const size_t hits_before = at->hits_left, misses_before = at->misses_left;
    while (at->hits_left > 0 && hits[at->hits_left - 1] == score)
        at->hits_left--;
    while (at->misses_left > 0 && misses[at->misses_left - 1] == score)
        at->misses_left--;
    at->hits = hits_before - at->hits_left;
    at->misses = misses_before - at->misses_left;
    return 1;
}

static size_t count_scores(const qs_ranking *ranking)
{
    size_t count = 0;
    walk at = walk_start(ranking);
    while (walk_next(&at))
        count++;
    return count;
}

/* Keeps evenly spread steps of a curve. */
typedef struct tracer {
    qs_curve_point *points;
    size_t count, step, steps;
} tracer;

static int trace_start(tracer *trace, qs_arena *arena, size_t steps, const qs_curve *wanted)
{
    *trace = (tracer){.steps = steps};
    if (wanted == NULL)
        return 1;
    trace->points = qs_arena_alloc(arena, CURVE_STEPS + 1, sizeof *trace->points);
    return trace->points != NULL;
}

static void trace_point(tracer *trace, double x, double y)
{
    if (trace->points == NULL)
        return;
    const size_t before = trace->step == 0 ? 0 : (trace->step - 1) * (CURVE_STEPS - 1) / trace->steps;
    const size_t now = trace->step * (CURVE_STEPS - 1) / trace->steps;
    if (trace->step == 0 || trace->step == trace->steps || now != before)
        trace->points[trace->count++] = (qs_curve_point){x, y};
    trace->step++;
}

static void trace_end(const tracer *trace, qs_curve *curve)
{
    if (curve != NULL)
        *curve = (qs_curve){trace->points, trace->count};
}

qs_status qs_ranking_areas(qs_ranking *ranking, qs_arena *arena, double *roc_auc, double *average_precision,
                           qs_curve *roc, qs_curve *precision_recall, qs_error *err)
{
    const double hits = (double)ranking->hit_count, misses = (double)ranking->miss_count;
    double hit = 0, miss = 0, roc_area = 0, precision_area = 0;
    tracer roc_trace, precision_trace;
    *roc_auc = NAN;
    *average_precision = NAN;
    if (ranking->hit_count == 0)
        return QS_OK;
    sort_ranking(ranking);
    if (ranking->miss_count == 0)
        roc = NULL;
    const size_t steps = roc == NULL && precision_recall == NULL ? 1 : count_scores(ranking);
    if (!trace_start(&roc_trace, arena, steps, roc) ||
        !trace_start(&precision_trace, arena, steps, precision_recall))
        return qs_fail(err, QS_ENOMEM, "out of memory");
    trace_point(&roc_trace, 0, 0);
    trace_point(&precision_trace, 0, 1);
    for (walk at = walk_start(ranking); walk_next(&at);) {
        roc_area += (double)at.misses * (hit + (double)at.hits / 2);
        hit += (double)at.hits;
        miss += (double)at.misses;
        precision_area += (double)at.hits * (hit / (hit + miss));
        trace_point(&roc_trace, misses > 0 ? miss / misses : 0, hit / hits);
        trace_point(&precision_trace, hit / hits, hit / (hit + miss));
    }
    trace_end(&roc_trace, roc);
    trace_end(&precision_trace, precision_recall);
    *average_precision = precision_area / hits;
    if (ranking->miss_count > 0)
        *roc_auc = roc_area / (hits * misses);
    return QS_OK;
}

qs_status qs_ranking_risk(qs_ranking *ranking, qs_arena *arena, double *area, qs_curve *curve, qs_error *err)
{
    const double rows = (double)(ranking->hit_count + ranking->miss_count);
    double seen = 0, wrong = 0, sum = 0;
    tracer trace;
    sort_ranking(ranking);
    const size_t steps = curve == NULL ? 1 : count_scores(ranking);
    if (!trace_start(&trace, arena, steps, curve))
        return qs_fail(err, QS_ENOMEM, "out of memory");
    trace.step = 1; /* nothing covered: no error to speak of */
    for (walk at = walk_start(ranking); walk_next(&at);) {
        const size_t block = at.hits + at.misses;
        const double share = (double)at.misses / (double)block;
        for (size_t i = 1; i <= block; i++)
            sum += (wrong + share * (double)i) / (seen + (double)i);
        seen += (double)block;
        wrong += (double)at.misses;
        trace_point(&trace, seen / rows, wrong / seen);
    }
    trace_end(&trace, curve);
    *area = rows > 0 ? sum / rows : NAN;
    return QS_OK;
}
