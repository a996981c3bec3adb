/* Records cut out of an input in blocks by one thread and parsed by others. SPDX-License-Identifier: MIT */
#ifndef QS_ARTICLE_ROWS_BLOCK_H
#define QS_ARTICLE_ROWS_BLOCK_H

#include "base/buf.h"
#include "quotestance/rows.h"

/** Where in an input a record begins. */
typedef struct qs_row_place {
    uint64_t number; /**< records before it */
    uint64_t line;   /**< from 1 */
    uint64_t offset; /**< bytes before it, unpacked and converted */
} qs_row_place;

/** Whole records as they stand in an input. Zero-initialise; release `bytes`. */
typedef struct qs_row_block {
    qs_buf bytes;
    qs_row_place start;
    qs_row_place end;
} qs_row_block;

/** Cuts the next whole records, some `bytes` and at most `records` of them: beyond `bytes` only to the end of the record at
 *  work. An empty block is the end of the input. Fewer come if another process has no more ready yet. A record longer than the
 *  limit is cut short behind it, which its parser notices. Failures as of qs_rows_next, QS_EINTERRUPTED. */
QS_NODISCARD qs_status qs_rows_cut(qs_rows *rows, qs_row_block *block, uint64_t bytes, uint64_t records, qs_error *err);

/** Once *stop is not 0, waiting for another process ends with QS_EINTERRUPTED. */
void qs_rows_set_stop(qs_rows *rows, const volatile int *stop);

/** Where the next record stands. */
qs_row_place qs_rows_place(const qs_rows *rows);

/** Bytes read of the file as it lies, packed or not. */
uint64_t qs_rows_progress(const qs_rows *rows);

/** A parser of blocks cut from `like`, which must outlive it. Close with qs_rows_close. *out NULL on failure: QS_ENOMEM. */
QS_NODISCARD qs_status qs_rows_create_parser(qs_rows **out, const qs_rows *like, qs_error *err);

/** Lets qs_rows_next give the records of `block`, one after another. [borrowed until the last] */
void qs_rows_feed(qs_rows *parser, const qs_row_block *block);

#endif
