/* Long runs: a progress line on a terminal, and signals that end them in good order. SPDX-License-Identifier: MIT */
#ifndef QS_CLI_PROGRESS_H
#define QS_CLI_PROGRESS_H

#include "quotestance/predict.h"

/** A progress line on standard error. Zero-initialise. */
typedef struct cli_progress {
    double start; /* seconds */
    double shown; /* when the line was written last */
    bool visible;
} cli_progress;

/** Sets `sink` to report to `progress` if standard error is a terminal and `quiet` is not asked for. */
void cli_progress_start(cli_progress *progress, qs_progress_sink *sink, bool quiet);
/** Takes the line away. */
void cli_progress_end(cli_progress *progress);

/** The first SIGINT or SIGTERM sets the number that is returned here and read by the library (qs_predict_options.stop); a second
 *  one ends the process at once. [borrowed: static] */
const volatile int *cli_catch_signals(void);

#endif
