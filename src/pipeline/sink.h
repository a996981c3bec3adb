/* Where the rows of a run go, with a journal by which a run that was cut short can be taken up again.
 * SPDX-License-Identifier: MIT */
#ifndef QS_PIPELINE_SINK_H
#define QS_PIPELINE_SINK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/io.h"

/** What must be the same for a run to be taken up again, as hashes. */
typedef struct qs_identity {
    uint64_t program;
    uint64_t model;
    uint64_t options;
    uint64_t inputs;
} qs_identity;

/** How far a run has come. All zero: its beginning. */
typedef struct qs_progress_mark {
    uint64_t input;      /**< number of the input at work, from 1 */
    uint64_t number;     /**< records read of it */
    uint64_t line;       /**< line its next record is on */
    uint64_t offset;     /**< byte its next record starts at */
    uint64_t input_hash; /**< of all inputs up to here */
    uint64_t records, quotes, rejected, replaced;
} qs_progress_mark;

/** An output. One thread at a time. */
typedef struct qs_sink qs_sink;

/** Opens `path` (NULL or "-": standard output). Regular files grow as `path`.partial beside `path`.journal. With `resume`, *from is
 *  where the run before stood (all zero: start over). *out NULL on failure: QS_EIO; QS_EINPUT, QS_EMODEL or QS_EUSAGE if inputs,
 *  model or options are not those of that run; QS_ENOMEM. */
QS_NODISCARD qs_status qs_sink_open(qs_sink **out, const char *path, bool resume, const qs_identity *identity,
                                    qs_progress_mark *from, qs_error *err);
/** True if nothing has been written, now or by the run before. */
bool qs_sink_is_empty(const qs_sink *sink);
/** Writes rows; once they are out the run has come to `mark`. QS_EIO. */
QS_NODISCARD qs_status qs_sink_write(qs_sink *sink, qs_str rows, const qs_progress_mark *mark, qs_error *err);
/** The output is whole: it takes its name, the journal goes. Released in any case. QS_EIO. */
QS_NODISCARD qs_status qs_sink_commit(qs_sink *sink, qs_error *err);
/** What becomes of an output that is not whole. */
typedef enum qs_sink_fate {
    QS_SINK_REMOVE,
    QS_SINK_KEEP, /**< as the journal says, if there is one */
    QS_SINK_NOTE  /**< as far as it has come: the journal is brought up to date */
} qs_sink_fate;

/** The output is not whole. True if it can be taken up again. NULL is fine. */
bool qs_sink_abandon(qs_sink *sink, qs_sink_fate fate);

#endif
