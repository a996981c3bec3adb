/* A piece of a run: some records of an input, or one article, and what became of them. SPDX-License-Identifier: MIT */
#ifndef QS_PIPELINE_PIECE_H
#define QS_PIPELINE_PIECE_H

#include <stdatomic.h>

#include "article/rows_block.h"
#include "pipeline/sink.h"
#include "quotestance/predict.h"

/** An input of records, shared by its reader and the pieces cut from it. */
typedef struct qs_piece_input {
    qs_rows *rows;
    char *path;
    atomic_size_t holders;
} qs_piece_input;

/** Where the output of a piece stood when it met a bad record; kept only if the run ends after so many. */
typedef struct qs_reject_place {
    size_t out_length, remark_length;
    uint64_t line, offset;
} qs_reject_place;

/** Zero-initialise; release with qs_piece_free. */
typedef struct qs_piece {
    qs_piece_input *input; /* NULL: an article */
    qs_row_block block;    /* the records */
    qs_buf path;           /* of the article, with a NUL */
    qs_format format;      /* of the article */
    bool in_folder;        /* the article was not named, but found */
    uint64_t first;        /* records and articles of the run before it */
    qs_progress_mark end;  /* where the run stands behind the piece; its counts are filled in by the writer */
    uint64_t bytes_read;   /* of all inputs so far */
    qs_buf out;            /* the rows */
    bool has_rows;         /* some row needs the header line before it */
    qs_buf remarks;        /* one after another, each with a NUL */
    qs_reject_place *rejects;
    size_t reject_count, reject_capacity;
    qs_predict_summary summary;
    qs_status status; /* a failure that ends the run behind what is in `out` */
    qs_error error;
} qs_piece;

/** One holder less; the last one closes it. NULL is fine. */
void qs_piece_input_release(qs_piece_input *input);
/** Makes the piece fit for the next; memory is kept. */
void qs_piece_clear(qs_piece *piece);
void qs_piece_free(qs_piece *piece);

#endif
