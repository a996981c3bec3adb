/* The I/O seam: wrapped system calls and reading files whole. SPDX-License-Identifier: MIT */
#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fault.h"

/* A call on its way to the operating system. */
typedef struct call {
    bool fails;
    bool interrupted; /* once, before it has done anything */
    size_t len;
} call;

static call begin(size_t len)
{
    call c = {.len = len};
    const qs_fault_effect effect = qs_fault_next(QS_FAULT_IO, &c.len);
    c.fails = effect == QS_FAULT_FAIL;
    c.interrupted = effect == QS_FAULT_INTERRUPT;
    return c;
}

/* True if the call is not to be made this time, for a test's sake. */
static bool held_up(call *c)
{
    if (!c->fails && !c->interrupted)
        return false;
    errno = c->fails ? EIO : EINTR;
    c->interrupted = false;
    return true;
}

/* True if a call that failed is to be made again; what cannot wait for a terminal or pipe opened by others is waited for. */
static bool again(int fd, short events)
{
    struct pollfd one = {.fd = fd, .events = events};
    if (errno != EAGAIN)
        return errno == EINTR;
    (void)poll(&one, 1, -1);
    return true;
}

int qs_io_open(const char *path, int flags, mode_t mode)
{
    call c = begin(0);
    int fd = -1;
    do
        fd = held_up(&c) ? -1 : open(path, flags | O_CLOEXEC, mode);
    while (fd < 0 && errno == EINTR);
    return fd;
}

ssize_t qs_io_read(int fd, void *bytes, size_t len)
{
    call c = begin(len);
    ssize_t got = -1;
    do
        got = held_up(&c) ? -1 : read(fd, bytes, c.len);
    while (got < 0 && again(fd, POLLIN));
    return got;
}

ssize_t qs_io_read_at(int fd, void *bytes, size_t len, off_t offset)
{
    call c = begin(len);
    ssize_t got = -1;
    do
        got = held_up(&c) ? -1 : pread(fd, bytes, c.len, offset);
    while (got < 0 && errno == EINTR);
    return got;
}

ssize_t qs_io_write(int fd, const void *bytes, size_t len)
{
    call c = begin(len);
    ssize_t put = -1;
    do
        put = held_up(&c) ? -1 : write(fd, bytes, c.len);
    while (put < 0 && again(fd, POLLOUT));
    return put;
}

int qs_io_sync(int fd)
{
    call c = begin(0);
    int result = -1;
    do
        result = held_up(&c) ? -1 : fsync(fd);
    while (result < 0 && errno == EINTR);
    return result < 0 && errno == EINVAL ? 0 : result; /* not every file system can sync */
}

int qs_io_rename(const char *from, const char *to)
{
    call c = begin(0);
    int result = -1;
    do
        result = held_up(&c) ? -1 : rename(from, to);
    while (result < 0 && errno == EINTR);
    return result;
}

int qs_io_cut(int fd, off_t length)
{
    call c = begin(0);
    int result = -1;
    do
        result = held_up(&c) ? -1 : ftruncate(fd, length);
    while (result < 0 && errno == EINTR);
    if (result == 0)
        (void)lseek(fd, length, SEEK_SET); /* what can be cut can be sought in */
    return result;
}

int qs_io_lock(int fd)
{
    call c = begin(0);
    int result = -1;
    do
        result = held_up(&c) ? -1 : flock(fd, LOCK_EX | LOCK_NB);
    while (result < 0 && errno == EINTR);
    return result;
}

int qs_io_close(int fd)
{
    call c = begin(0);
    int result = close(fd);
    if (held_up(&c))
        result = -1;
    return result < 0 && errno == EINTR ? 0 : result; /* never retried: on Linux the descriptor is gone either way */
}

qs_status qs_io_write_all(int fd, const void *bytes, size_t len, qs_error *err)
{
    const char *rest = bytes;
    while (len > 0) {
        const ssize_t put = qs_io_write(fd, rest, len);
        if (put < 0)
            return qs_fail(err, QS_EIO, "cannot write: %s", strerror(errno));
        rest += put;
        len -= (size_t)put;
    }
    return QS_OK;
}

qs_status qs_io_sync_folder(const char *path, qs_error *err)
{
    char *folder = qs_alloc(strlen(path) + 1, 1);
    if (folder == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    memcpy(folder, path, strlen(path) + 1);
    char *slash = strrchr(folder, '/');
    if (slash == folder)
        slash++;
    if (slash != NULL)
        *slash = '\0';
    const int fd = qs_io_open(slash != NULL ? folder : ".", O_RDONLY | O_DIRECTORY, 0);
    qs_free(folder);
    if (fd < 0)
        return qs_fail(err, QS_EIO, "cannot open the folder: %s", strerror(errno));
    const int synced = qs_io_sync(fd);
    (void)close(fd);
    return synced == 0 ? QS_OK : qs_fail(err, QS_EIO, "cannot sync the folder: %s", strerror(errno));
}

static qs_status read_to_end(qs_buf *out, int fd, size_t max, qs_error *err)
{
    const size_t start = out->len;
    for (;;) {
        if (!qs_buf_reserve(out, (size_t)64 * 1024))
            return qs_buf_status(out, err);
        const ssize_t got = qs_io_read(fd, out->ptr + out->len, out->capacity - out->len);
        if (got < 0)
            return qs_fail(err, QS_EIO, "cannot read: %s", strerror(errno));
        if (got == 0)
            return QS_OK;
        out->len += (size_t)got;
        if (out->len - start > max)
            return qs_fail(err, QS_ELIMIT, "larger than the limit of %zu bytes", max);
    }
}

qs_status qs_file_read(qs_buf *out, const char *path, size_t max, qs_error *err)
{
    qs_status status = QS_OK;
    struct stat about = {0};
    int fd = qs_io_open(path, O_RDONLY | O_NONBLOCK, 0);
    if (fd < 0) {
        status = qs_fail(err, QS_EIO, "cannot open: %s", strerror(errno));
        goto done;
    }
    (void)fstat(fd, &about); /* an open file can be looked at */
    if (!S_ISREG(about.st_mode)) {
        status = qs_fail(err, QS_EIO, "not a regular file");
        goto done;
    }
    if ((uint64_t)about.st_size > max) {
        status = qs_fail(err, QS_ELIMIT, "larger than the limit of %zu bytes", max);
        goto done;
    }
    if (!qs_buf_reserve(out, (size_t)about.st_size + 1)) {
        status = qs_buf_status(out, err);
        goto done;
    }
    status = read_to_end(out, fd, max, err);
done:
    if (fd >= 0)
        (void)qs_io_close(fd);
    if (status != QS_OK)
        qs_error_set_path(err, path);
    return status;
}
