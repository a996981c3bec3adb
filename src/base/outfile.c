/* Files that are written whole or not at all. SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"

#define OUTFILE_BUFFER ((size_t)256 * 1024)

struct qs_outfile {
    int fd;
    bool close_fd;    /* not for standard output */
    char *path;       /* final name, or NULL if written directly */
    char *temporary;  /* name while writing, or NULL */
    qs_buf pending;
};

char *qs_path_with(const char *path, const char *suffix)
{
    const size_t length = strlen(path);
    char *copy = qs_alloc(length + strlen(suffix) + 1, 1);
    if (copy == NULL)
        return NULL;
    memcpy(copy, path, length);
    memcpy(copy + length, suffix, strlen(suffix) + 1);
    return copy;
}

bool qs_path_is_device(const char *path)
{
    return strncmp(path, "/dev/", 5) == 0 && strncmp(path, "/dev/shm/", 9) != 0;
}

static qs_status open_direct(qs_outfile *file, const char *path, qs_error *err)
{
    file->fd = qs_io_open(path, O_WRONLY, 0);
    file->close_fd = true;
    return file->fd >= 0 ? QS_OK : qs_fail(err, QS_EIO, "cannot open: %s", strerror(errno));
}

static qs_status open_temporary(qs_outfile *file, const char *path, qs_error *err)
{
    char suffix[48];
    file->path = qs_path_with(path, "");
    if (file->path == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    for (unsigned attempt = 0; attempt < 100; attempt++) {
        (void)snprintf(suffix, sizeof suffix, ".%ld.%u.tmp", (long)getpid(), attempt);
        qs_free(file->temporary);
        file->temporary = qs_path_with(path, suffix);
        if (file->temporary == NULL)
            return qs_fail(err, QS_ENOMEM, "out of memory");
        file->fd = qs_io_open(file->temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0666);
        if (file->fd >= 0) {
            file->close_fd = true;
            return QS_OK;
        }
        if (errno != EEXIST)
            break;
    }
    const int reason = errno;
    qs_free(file->temporary); /* not ours: abandon must not remove it */
    file->temporary = NULL;
    return qs_fail(err, QS_EIO, "cannot create: %s", strerror(reason));
}

static qs_status open_path(qs_outfile *file, const char *path, qs_error *err)
{
    struct stat about;
    if (path == NULL || strcmp(path, "-") == 0) {
        file->fd = STDOUT_FILENO;
        return QS_OK;
    }
    if (qs_path_is_device(path))
        return open_direct(file, path, err);
    if (lstat(path, &about) == 0) {
        if (S_ISLNK(about.st_mode))
            return qs_fail(err, QS_EIO, "is a symbolic link; name the file itself");
        if (S_ISDIR(about.st_mode))
            return qs_fail(err, QS_EIO, "is a folder");
        if (!S_ISREG(about.st_mode))
            return open_direct(file, path, err);
    }
    return open_temporary(file, path, err);
}

qs_status qs_outfile_open(qs_outfile **out, const char *path, qs_error *err)
{
    *out = NULL;
    qs_outfile *file = qs_alloc_zero(1, sizeof *file);
    if (file == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    file->fd = -1;
    const qs_status status = open_path(file, path, err);
    if (status != QS_OK) {
        qs_error_set_path(err, path);
        qs_outfile_abandon(file);
        return status;
    }
    *out = file;
    return QS_OK;
}

qs_status qs_outfile_flush(qs_outfile *file, qs_error *err)
{
    const qs_status status = qs_io_write_all(file->fd, file->pending.ptr, file->pending.len, err);
    qs_buf_clear(&file->pending);
    if (status != QS_OK)
        qs_error_set_path(err, file->path != NULL ? file->path : "standard output");
    return status;
}

qs_status qs_outfile_write(qs_outfile *file, qs_str bytes, qs_error *err)
{
    if (file->pending.len + bytes.len > OUTFILE_BUFFER) {
        qs_status status = qs_outfile_flush(file, err);
        if (status == QS_OK && bytes.len > OUTFILE_BUFFER)
            return qs_io_write_all(file->fd, bytes.ptr, bytes.len, err);
        if (status != QS_OK)
            return status;
    }
    qs_buf_add_str(&file->pending, bytes);
    return qs_buf_status(&file->pending, err);
}

static qs_status settle(qs_outfile *file, qs_error *err)
{
    qs_status status = qs_outfile_flush(file, err);
    if (status != QS_OK || !file->close_fd)
        return status;
    if (file->temporary != NULL && qs_io_sync(file->fd) != 0)
        return qs_fail(err, QS_EIO, "cannot sync: %s", strerror(errno));
    const int fd = file->fd;
    file->fd = -1;
    if (qs_io_close(fd) != 0)
        return qs_fail(err, QS_EIO, "cannot close: %s", strerror(errno));
    if (file->temporary == NULL)
        return QS_OK;
    if (qs_io_rename(file->temporary, file->path) != 0)
        return qs_fail(err, QS_EIO, "cannot rename: %s", strerror(errno));
    qs_free(file->temporary);
    file->temporary = NULL;
    /* the file is whole and in place; a folder that cannot be synced is still worth saying */
    return qs_io_sync_folder(file->path, err);
}

qs_status qs_outfile_commit(qs_outfile *file, qs_error *err)
{
    const qs_status status = settle(file, err);
    if (status != QS_OK)
        qs_error_set_path(err, file->path);
    qs_outfile_abandon(file);
    return status;
}

void qs_outfile_abandon(qs_outfile *file)
{
    if (file == NULL)
        return;
    if (file->close_fd && file->fd >= 0)
        (void)close(file->fd);
    if (file->temporary != NULL)
        (void)unlink(file->temporary);
    qs_free(file->temporary);
    qs_free(file->path);
    qs_buf_free(&file->pending);
    qs_free(file);
}

qs_status qs_file_write(const char *path, qs_str bytes, qs_error *err)
{
    qs_outfile *file = NULL;
    qs_status status = qs_outfile_open(&file, path, err);
    if (status == QS_OK)
        status = qs_outfile_write(file, bytes, err);
    if (status == QS_OK)
        return qs_outfile_commit(file, err);
    qs_outfile_abandon(file);
    return status;
}
