/* A piece of a run. SPDX-License-Identifier: MIT */
#include "pipeline/piece.h"

void qs_piece_input_release(qs_piece_input *input)
{
    if (input == NULL || atomic_fetch_sub(&input->holders, 1) > 1)
        return;
    qs_rows_close(input->rows);
    qs_free(input->path);
    qs_free(input);
}

void qs_piece_clear(qs_piece *piece)
{
    qs_piece_input_release(piece->input);
    piece->input = NULL;
    qs_buf_clear(&piece->block.bytes);
    qs_buf_clear(&piece->path);
    qs_buf_clear(&piece->out);
    qs_buf_clear(&piece->remarks);
    piece->reject_count = 0;
    piece->has_rows = false;
    piece->summary = (qs_predict_summary){0};
    piece->status = QS_OK;
}

void qs_piece_free(qs_piece *piece)
{
    qs_piece_clear(piece);
    qs_buf_free(&piece->block.bytes);
    qs_buf_free(&piece->path);
    qs_buf_free(&piece->out);
    qs_buf_free(&piece->remarks);
    qs_free(piece->rejects);
}
