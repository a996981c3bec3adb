/* Outputs that grow over hours and can be taken up again. SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE
#include "base/partfile.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

struct qs_partfile {
    int fd;
    char *path;
    char *partial; /* name while it grows */
};

bool qs_partfile_fits(const char *path)
{
    struct stat about;
    if (path == NULL || strcmp(path, "-") == 0 || qs_path_is_device(path))
        return false;
    return lstat(path, &about) != 0 || S_ISREG(about.st_mode) || S_ISLNK(about.st_mode) || S_ISDIR(about.st_mode);
}

static qs_status check_target(const char *path, qs_error *err)
{
    struct stat about;
    if (lstat(path, &about) != 0)
        return QS_OK;
    if (S_ISLNK(about.st_mode))
        return qs_fail(err, QS_EIO, "is a symbolic link; name the file itself");
    return S_ISDIR(about.st_mode) ? qs_fail(err, QS_EIO, "is a folder") : QS_OK;
}

/* The lock holds the file, not its name: whoever had it before may have renamed or removed it meanwhile. */
static qs_status lock(qs_partfile *file, bool made, bool *again, qs_error *err)
{
    struct stat held = {0};
    struct stat named;
    *again = false;
    if (qs_io_lock(file->fd) != 0) {
        if (errno == EWOULDBLOCK)
            return qs_fail(err, QS_EIO, "another process is writing this output");
        const qs_status status = qs_fail(err, QS_EIO, "cannot lock: %s", strerror(errno));
        if (made) /* it is empty, and where locks fail no other process has one */
            (void)unlink(file->partial);
        return status;
    }
    (void)fstat(file->fd, &held); /* an open file can be looked at */
    if (!S_ISREG(held.st_mode))
        return qs_fail(err, QS_EIO, "'%.200s' is no regular file", file->partial);
    *again = lstat(file->partial, &named) != 0 || named.st_ino != held.st_ino || named.st_dev != held.st_dev;
    return QS_OK;
}

static qs_status open_locked(qs_partfile *file, qs_error *err)
{
    for (unsigned attempt = 0; attempt < 100; attempt++) {
        bool again = false;
        file->fd = qs_io_open(file->partial, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0666);
        const bool made = file->fd >= 0;
        if (!made && errno == EEXIST)
            file->fd = qs_io_open(file->partial, O_RDWR | O_CREAT | O_NOFOLLOW, 0666);
        if (file->fd < 0)
            return qs_fail(err, QS_EIO, "cannot create '%.200s': %s", file->partial, strerror(errno));
        const qs_status status = lock(file, made, &again, err);
        if (status == QS_OK && !again)
            return QS_OK;
        (void)close(file->fd); /* not ours, or no longer there: it must not be removed */
        file->fd = -1;
        if (status != QS_OK)
            return status;
    }
    return qs_fail(err, QS_EIO, "another process is writing this output");
}

qs_status qs_partfile_open(qs_partfile **out, const char *path, qs_error *err)
{
    *out = NULL;
    qs_status status = check_target(path, err);
    qs_partfile *file = status == QS_OK ? qs_alloc_zero(1, sizeof *file) : NULL;
    if (status == QS_OK && file == NULL)
        status = qs_fail(err, QS_ENOMEM, "out of memory");
    if (file != NULL) {
        file->fd = -1;
        file->path = qs_path_with(path, "");
        file->partial = qs_path_with(path, ".partial");
        status = file->path == NULL || file->partial == NULL ? qs_fail(err, QS_ENOMEM, "out of memory")
                                                             : open_locked(file, err);
    }
    if (status != QS_OK) {
        qs_error_set_path(err, path);
        qs_partfile_close(file, true);
        return status;
    }
    *out = file;
    return QS_OK;
}

static qs_status failed(const qs_partfile *file, const char *what, qs_error *err)
{
    (void)qs_fail(err, QS_EIO, "cannot %s: %s", what, strerror(errno));
    qs_error_set_path(err, file->path);
    return QS_EIO;
}

qs_status qs_partfile_cut(qs_partfile *file, uint64_t length, qs_error *err)
{
    return qs_io_cut(file->fd, (off_t)length) != 0 ? failed(file, "cut it", err) : QS_OK;
}

qs_status qs_partfile_read(qs_partfile *file, uint64_t offset, void *bytes, size_t len, size_t *got, qs_error *err)
{
    *got = 0;
    const ssize_t count = qs_io_read_at(file->fd, bytes, len, (off_t)offset);
    if (count < 0)
        return failed(file, "read it", err);
    *got = (size_t)count;
    return QS_OK;
}

qs_status qs_partfile_write(qs_partfile *file, qs_str bytes, qs_error *err)
{
    const qs_status status = qs_io_write_all(file->fd, bytes.ptr, bytes.len, err);
    if (status != QS_OK)
        qs_error_set_path(err, file->path);
    return status;
}

qs_status qs_partfile_sync(qs_partfile *file, qs_error *err)
{
    return qs_io_sync(file->fd) != 0 ? failed(file, "sync", err) : QS_OK;
}

qs_status qs_partfile_commit(qs_partfile *file, bool *renamed, qs_error *err)
{
    *renamed = false;
    qs_status status = qs_partfile_sync(file, err);
    if (status == QS_OK && qs_io_rename(file->partial, file->path) != 0)
        status = failed(file, "rename", err);
    if (status != QS_OK)
        return status;
    *renamed = true;
    status = qs_io_sync_folder(file->path, err); /* the file is in place; that it may be lost is worth saying */
    if (status != QS_OK)
        qs_error_set_path(err, file->path);
    qs_partfile_close(file, true);
    return status;
}

void qs_partfile_close(qs_partfile *file, bool keep)
{
    if (file == NULL)
        return;
    if (!keep && file->fd >= 0)
        (void)unlink(file->partial);
    if (file->fd >= 0)
        (void)close(file->fd);
    qs_free(file->partial);
    qs_free(file->path);
    qs_free(file);
}
