/* Fuzz target: any bytes as a file that may be packed, and packed bytes that were damaged or cut. The same bytes must come out
 * however they are asked for; a limit holds; what was damaged is refused or comes out as it was. The first byte chooses.
 * SPDX-License-Identifier: MIT */
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "base/stream.h"
#include "scratch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LIMIT = 1 << 17 };

/* Reads the file in steps; *status is how it ended. */
static void read_in_steps(qs_buf *out, const char *path, size_t step, qs_status *status)
{
    qs_stream *stream = NULL;
    char piece[4096];
    size_t got = 1;
    *status = qs_stream_open(&stream, path, LIMIT, NULL);
    while (*status == QS_OK && got > 0) {
        *status = qs_stream_read(stream, piece, step, &got, NULL);
        demand(got <= step);
        if (*status == QS_OK)
            qs_buf_add(out, piece, got);
    }
    qs_stream_close(stream);
}

static void check_content(const qs_buf *out, qs_status status, const uint8_t *content, size_t size)
{
    if (status == QS_OK && content != NULL)
        demand(out->len == size && (size == 0 || memcmp(out->ptr, content, size) == 0));
}

static void check_file(const char *path, const uint8_t *content, size_t size, bool whole)
{
    qs_buf all = {0}, steps = {0};
    qs_status in_steps = QS_OK;
    const qs_status status = qs_stream_read_all(&all, path, LIMIT, NULL);
    read_in_steps(&steps, path, (size * 61) % 4000 + 97, &in_steps);
    demand(status == QS_OK || status == QS_EINPUT || status == QS_ELIMIT);
    demand(in_steps == QS_OK || in_steps == QS_EINPUT || in_steps == QS_ELIMIT);
    /* in small pieces libzstd passes over a frame that says it is longer than it is, in one go it does not */
    if (status == QS_OK && in_steps == QS_OK)
        demand(all.len <= LIMIT && qs_str_equal(qs_buf_view(&all), qs_buf_view(&steps)));
    check_content(&all, status, content, size);
    check_content(&steps, in_steps, content, size);
    demand(!whole || in_steps == QS_OK);
    demand(!whole || status == QS_OK);
    qs_buf_free(&all);
    qs_buf_free(&steps);
}

static size_t pack_gzip(uint8_t *packed, size_t room, const uint8_t *data, size_t size)
{
    z_stream z;
    memset(&z, 0, sizeof z);
    demand(deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    z.next_in = (Bytef *)(uintptr_t)data;
    z.avail_in = (uInt)size;
    z.next_out = packed;
    z.avail_out = (uInt)room;
    demand(deflate(&z, Z_FINISH) == Z_STREAM_END);
    const size_t length = z.total_out;
    deflateEnd(&z);
    return length;
}

static size_t pack_zstd(uint8_t *packed, size_t room, const uint8_t *data, size_t size)
{
    ZSTD_CCtx *z = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(z, ZSTD_c_checksumFlag, 1);
    const size_t length = ZSTD_compress2(z, packed, room, data, size);
    ZSTD_freeCCtx(z);
    demand(!ZSTD_isError(length));
    return length;
}

/* Packs what follows the first three bytes; those tell which byte is changed, or where the file is cut. */
static void check_damaged(const uint8_t *data, size_t size)
{
    char path[300];
    const size_t room = size + 4096;
    uint8_t *packed = malloc(room);
    if (packed == NULL)
        return;
    const uint8_t kind = data[0];
    const size_t place = (size_t)data[1] << 8 | data[2];
    size_t length = (kind & 8) != 0 ? pack_zstd(packed, room, data + 3, size - 3) : pack_gzip(packed, room, data + 3, size - 3);
    bool whole = true;
    if ((kind & 16) != 0 && length > 8) { /* the magic stays: without it the bytes are a file that is not packed */
        packed[4 + place % (length - 4)] ^= (uint8_t)(1u << (place >> 13));
        whole = false;
    } else if ((kind & 32) != 0) {
        length = 4 + place % (length - 4);
        whole = false;
    }
    scratch_write(scratch_path(path, "in"), packed, length);
    check_file(path, data + 3, size - 3, whole);
    free(packed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[300];
    if (size < 3)
        return 0;
    if ((data[0] & 4) != 0) {
        check_damaged(data, size);
        return 0;
    }
    scratch_write(scratch_path(path, "in"), data + 1, size - 1);
    check_file(path, NULL, 0, false);
    return 0;
}
