/* Reading bytes, unpacking gzip and Zstandard on the way. SPDX-License-Identifier: MIT */
#include "base/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#define STREAM_BUFFER ((size_t)128 * 1024)
#define STREAM_SWELL_RATIO 1000u
#define STREAM_SWELL_FREE ((uint64_t)16 * 1024 * 1024)
#define STREAM_ZSTD_WINDOW_LOG 23 /* 8 MiB */
#define STREAM_POLL_MS 100        /* how soon a stop is noticed */

typedef enum packing { PACKING_NONE, PACKING_GZIP, PACKING_ZSTD } packing;

struct qs_stream {
    int fd;
    bool at_end;      /* the file has no more bytes */
    bool in_member;   /* inside a compressed member that has not ended */
    bool after_member; /* behind one that has */
    bool may_wait;    /* no regular file: bytes come when another process sends them */
    const volatile int *stop;
    packing packing;
    uint64_t bytes_in;
    uint64_t bytes_out;
    uint64_t max_bytes;
    size_t start, end; /* unread part of `raw` */
    z_stream gzip;
    ZSTD_DCtx *zstd;
    unsigned char raw[STREAM_BUFFER];
};

/* zlib and zstd allocate through the seam as well */
static void *gzip_alloc(void *unused, unsigned count, unsigned size)
{
    (void)unused;
    return qs_alloc(count, size);
}

static void gzip_free(void *unused, void *block)
{
    (void)unused;
    qs_free(block);
}

static bool has_bytes(const qs_stream *s, int milliseconds)
{
    struct pollfd one = {.fd = s->fd, .events = POLLIN};
    const int ready = poll(&one, 1, milliseconds);
    return ready > 0 || (ready < 0 && errno != EINTR); /* any other error shows in the read */
}

static qs_status wait_for_bytes(const qs_stream *s, qs_error *err)
{
    while (s->stop != NULL && s->may_wait) {
        if (__atomic_load_n(s->stop, __ATOMIC_RELAXED) != 0)
            return qs_fail(err, QS_EINTERRUPTED, "interrupted");
        if (has_bytes(s, STREAM_POLL_MS))
            break;
    }
    return QS_OK;
}

static qs_status refill(qs_stream *s, qs_error *err)
{
    if (s->start > 0) {
        memmove(s->raw, s->raw + s->start, s->end - s->start);
        s->end -= s->start;
        s->start = 0;
    }
    if (s->at_end || s->end == sizeof s->raw)
        return QS_OK;
    const qs_status status = wait_for_bytes(s, err);
    if (status != QS_OK)
        return status;
    const ssize_t got = qs_io_read(s->fd, s->raw + s->end, sizeof s->raw - s->end);
    if (got < 0)
        return qs_fail(err, QS_EIO, "cannot read: %s", strerror(errno));
    if (got == 0)
        s->at_end = true;
    s->end += (size_t)got;
    s->bytes_in += (uint64_t)got;
    return QS_OK;
}

static qs_status start_unpacking(qs_stream *s, qs_error *err)
{
    static const unsigned char zstd_magic[4] = {0x28, 0xb5, 0x2f, 0xfd};
    while (!s->at_end && s->end < 4) {
        const qs_status status = refill(s, err);
        if (status != QS_OK)
            return status;
    }
    if (s->end >= 2 && s->raw[0] == 0x1f && s->raw[1] == 0x8b) {
        s->gzip.zalloc = gzip_alloc;
        s->gzip.zfree = gzip_free;
        if (inflateInit2(&s->gzip, 15 + 16) != Z_OK)
            return qs_fail(err, QS_ENOMEM, "out of memory");
        s->packing = PACKING_GZIP;
    } else if (s->end >= 4 && memcmp(s->raw, zstd_magic, 4) == 0) {
        s->zstd = ZSTD_createDCtx();
        if (s->zstd == NULL)
            return qs_fail(err, QS_ENOMEM, "out of memory");
        (void)ZSTD_DCtx_setParameter(s->zstd, ZSTD_d_windowLogMax, STREAM_ZSTD_WINDOW_LOG);
        s->packing = PACKING_ZSTD;
    }
    return QS_OK;
}

qs_status qs_stream_open(qs_stream **out, const char *path, uint64_t max_bytes, qs_error *err)
{
    qs_status status = QS_OK;
    struct stat about = {0};
    *out = NULL;
    qs_stream *s = qs_alloc_zero(1, sizeof *s);
    if (s == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    s->max_bytes = max_bytes;
    s->fd = strcmp(path, "-") == 0 ? STDIN_FILENO : qs_io_open(path, O_RDONLY, 0);
    if (s->fd < 0)
        status = qs_fail(err, QS_EIO, "cannot open: %s", strerror(errno));
    else
        (void)fstat(s->fd, &about); /* standard input may be closed: reading tells */
    if (status == QS_OK && S_ISDIR(about.st_mode))
        status = qs_fail(err, QS_EIO, "is a folder");
    if (status == QS_OK) {
        s->may_wait = !S_ISREG(about.st_mode);
        status = start_unpacking(s, err);
    }
    if (status != QS_OK) {
        qs_error_set_path(err, path);
        qs_stream_close(s);
        return status;
    }
    *out = s;
    return QS_OK;
}

static qs_status read_plain(qs_stream *s, void *bytes, size_t len, size_t *got, qs_error *err)
{
    if (s->start == s->end) {
        const qs_status status = refill(s, err);
        if (status != QS_OK)
            return status;
    }
    const size_t ready = s->end - s->start;
    *got = len < ready ? len : ready;
    memcpy(bytes, s->raw + s->start, *got);
    s->start += *got;
    return QS_OK;
}

static qs_status read_gzip(qs_stream *s, void *bytes, size_t len, size_t *got, qs_error *err)
{
    if (s->after_member)
        (void)inflateReset(&s->gzip); /* fails only for what was never set up */
    s->after_member = false;
    s->in_member = true;
    s->gzip.next_in = s->raw + s->start;
    s->gzip.avail_in = (unsigned)(s->end - s->start);
    s->gzip.next_out = bytes;
    s->gzip.avail_out = len > UINT_MAX ? UINT_MAX : (unsigned)len;
    const unsigned room = s->gzip.avail_out;
    const int result = inflate(&s->gzip, Z_NO_FLUSH);
    s->start = s->end - s->gzip.avail_in;
    *got = room - s->gzip.avail_out;
    if (result == Z_STREAM_END) {
        s->in_member = false;
        s->after_member = true;
    }
    else if (result == Z_MEM_ERROR)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    else if (result != Z_OK && result != Z_BUF_ERROR)
        return qs_fail(err, QS_EINPUT, "damaged gzip data");
    return QS_OK;
}

static qs_status read_zstd(qs_stream *s, void *bytes, size_t len, size_t *got, qs_error *err)
{
    ZSTD_inBuffer in = {s->raw, s->end, s->start};
    ZSTD_outBuffer into = {bytes, len, 0};
    const size_t result = ZSTD_decompressStream(s->zstd, &into, &in);
    s->start = in.pos;
    *got = into.pos;
    if (ZSTD_isError(result))
        return qs_fail(err, QS_EINPUT, "damaged zstd data: %s", ZSTD_getErrorName(result));
    s->in_member = result != 0;
    return QS_OK;
}

static qs_status check_limits(const qs_stream *s, qs_error *err)
{
    if (s->max_bytes != 0 && s->bytes_out > s->max_bytes)
        return qs_fail(err, QS_ELIMIT, "more than the limit of %llu bytes",
                       (unsigned long long)s->max_bytes);
    if (s->packing != PACKING_NONE && s->bytes_out > STREAM_SWELL_FREE &&
        s->bytes_out / STREAM_SWELL_RATIO > s->bytes_in)
        return qs_fail(err, QS_ELIMIT, "the archive swells more than %u-fold",
                       STREAM_SWELL_RATIO);
    return QS_OK;
}

static qs_status read_packed(qs_stream *s, void *bytes, size_t len, size_t *got, qs_error *err)
{
    qs_status status = QS_OK;
    if (s->start == s->end && !s->at_end)
        status = refill(s, err);
    const bool dry = s->start == s->end;
    if (status != QS_OK || (dry && !s->in_member))
        return status;
    status = s->packing == PACKING_GZIP ? read_gzip(s, bytes, len, got, err) : read_zstd(s, bytes, len, got, err);
    return status == QS_OK && dry && *got == 0 && s->in_member ? qs_fail(err, QS_EINPUT, "the compressed data is cut short")
                                                               : status;
}

qs_status qs_stream_read(qs_stream *s, void *bytes, size_t len, size_t *got, qs_error *err)
{
    qs_status status = QS_OK;
    bool end = len == 0;
    *got = 0;
    while (status == QS_OK && *got == 0 && !end) {
        status = s->packing == PACKING_NONE ? read_plain(s, bytes, len, got, err) : read_packed(s, bytes, len, got, err);
        end = s->start == s->end && s->at_end && !s->in_member;
        s->bytes_out += *got;
        if (status == QS_OK)
            status = check_limits(s, err);
    }
    return status;
}

uint64_t qs_stream_progress(const qs_stream *s)
{
    return s->bytes_in - (s->end - s->start);
}

bool qs_stream_ready(const qs_stream *s)
{
    return !s->may_wait || s->start < s->end || s->at_end || has_bytes(s, 0);
}

void qs_stream_set_stop(qs_stream *s, const volatile int *stop)
{
    s->stop = stop;
}

void qs_stream_close(qs_stream *s)
{
    if (s == NULL)
        return;
    if (s->packing == PACKING_GZIP)
        (void)inflateEnd(&s->gzip);
    (void)ZSTD_freeDCtx(s->zstd);
    if (s->fd > STDERR_FILENO)
        (void)qs_io_close(s->fd);
    qs_free(s);
}

qs_status qs_stream_read_all(qs_buf *out, const char *path, size_t max, qs_error *err)
{
    qs_stream *s = NULL;
    qs_status status = qs_stream_open(&s, path, max, err);
    while (status == QS_OK) {
        size_t got = 0;
        if (!qs_buf_reserve(out, STREAM_BUFFER)) {
            status = qs_buf_status(out, err);
            break;
        }
        status = qs_stream_read(s, out->ptr + out->len, out->capacity - out->len, &got, err);
        if (got == 0)
            break;
        out->len += got;
    }
    qs_stream_close(s);
    if (status != QS_OK)
        qs_error_set_path(err, path);
    return status;
}
