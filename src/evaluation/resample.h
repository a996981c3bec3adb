/* The bootstrap: resamples units (rows or groups of rows) through their counts. SPDX-License-Identifier: MIT */
#ifndef QS_EVALUATION_RESAMPLE_H
#define QS_EVALUATION_RESAMPLE_H

#include "base/map.h"
#include "base/workers.h"
#include "quotestance/evaluation.h"

/** Rows that are alike in everything the figures use share a cell; units with the same counts in each cell
 *  share a type. A round draws how often each type occurs, so its cost depends on the types, not the rows.
 *  Zero-initialise; qs_resample_free releases. */
typedef struct qs_resample {
    size_t cells;
    uint64_t units;
    qs_map types; /* key: (cell, count) pairs in ascending order */
    uint64_t *multiplicity;
    size_t multiplicity_capacity;
    uint32_t *unit_type; /* by unit */
    size_t unit_capacity;
} qs_resample;

/** One cell of a type. */
typedef struct qs_cell_count {
    uint32_t cell;
    uint32_t count;
} qs_cell_count;

/** Builds the types from `count` rows: the cell of each, and the group of each (UINT32_MAX: alone).
 *  QS_ENOMEM. */
QS_NODISCARD qs_status qs_resample_make(qs_resample *resample, const uint32_t *cells, const uint32_t *groups,
                                        size_t count, size_t cell_count, qs_error *err);
void qs_resample_free(qs_resample *resample);

/** Computes figures from how many rows each cell holds; `worker` tells scratch memory apart. */
typedef void (*qs_figure)(void *context, size_t worker, const uint64_t *counts, double *values);

/** Values of all rounds: those of one figure stand together. */
typedef struct qs_draws {
    double *values;   /* figure-major: figures x rounds; each figure's are sorted, NaN left out */
    size_t *defined;  /* by figure: how many are not NaN */
    size_t figures;
    size_t rounds;
} qs_draws;

/** Draws `options->rounds` resamples on `options->jobs` threads; the same for every number of threads.
 *  QS_ENOMEM. */
QS_NODISCARD qs_status qs_resample_draw(qs_draws *draws, const qs_resample *resample, size_t figures,
                                        qs_figure figure, void *context,
                                        const qs_measure_options *options, qs_error *err);
void qs_draws_free(qs_draws *draws);

/** Acceleration of BCa for each figure by leaving out one unit at a time (0 where it cannot be told).
 *  QS_ENOMEM. */
QS_NODISCARD qs_status qs_resample_acceleration(double *acceleration, const qs_resample *resample,
                                                size_t figures, qs_figure figure, void *context,
                                                qs_error *err);

/** The interval of figure `index`; both ends NaN if half the rounds or more had no value. */
qs_interval qs_draws_interval(const qs_draws *draws, size_t index, double observed, double acceleration,
                              const qs_measure_options *options);

#endif
