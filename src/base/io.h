/* The I/O seam: every read, write, sync, lock and rename of the library goes through here, and files are
 * written whole or not at all. SPDX-License-Identifier: MIT */
#ifndef QS_BASE_IO_H
#define QS_BASE_IO_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/buf.h"

/* The calls of the operating system, each of which a test can make fail, cut short or interrupt. They retry on EINTR, reading and
 * writing wait where EAGAIN tells them to; the results are those of the call they wrap. */
int qs_io_open(const char *path, int flags, mode_t mode);
ssize_t qs_io_read(int fd, void *bytes, size_t len);
ssize_t qs_io_write(int fd, const void *bytes, size_t len);
/** pread. */
ssize_t qs_io_read_at(int fd, void *bytes, size_t len, off_t offset);
int qs_io_sync(int fd);
int qs_io_rename(const char *from, const char *to);
/** ftruncate, and goes to the end. */
int qs_io_cut(int fd, off_t length);
/** flock, for this process alone, without waiting for another. */
int qs_io_lock(int fd);
int qs_io_close(int fd);

/** Writes all bytes, however often the call comes back short. QS_EIO with the reason. */
QS_NODISCARD qs_status qs_io_write_all(int fd, const void *bytes, size_t len, qs_error *err);

/** Syncs the folder that holds `path`: a name is durable only when its folder is. QS_EIO, QS_ENOMEM. */
QS_NODISCARD qs_status qs_io_sync_folder(const char *path, qs_error *err);

/** Reads a regular file whole, at most `max` bytes (QS_ELIMIT beyond). Appends to `out`. Not decompressed;
 *  does not follow where something else than a regular file stands (QS_EIO). */
QS_NODISCARD qs_status qs_file_read(qs_buf *out, const char *path, size_t max, qs_error *err);

/** An output that is complete or absent: bytes go to a temporary file beside `path`, which takes its name
 *  only on commit, after a sync. Path "-" or NULL is standard output; devices and pipes are written
 *  directly. One thread at a time. */
typedef struct qs_outfile qs_outfile;

/** Opens. *out is NULL on failure. QS_EIO, QS_ENOMEM. */
QS_NODISCARD qs_status qs_outfile_open(qs_outfile **out, const char *path, qs_error *err);
/** Adds bytes (buffered). QS_EIO. */
QS_NODISCARD qs_status qs_outfile_write(qs_outfile *file, qs_str bytes, qs_error *err);
/** Passes on what is buffered, to standard output or the temporary file. QS_EIO. */
QS_NODISCARD qs_status qs_outfile_flush(qs_outfile *file, qs_error *err);
/** Flush, sync, rename, sync the folder; the file is released in any case. QS_EIO: nothing new at `path`. */
QS_NODISCARD qs_status qs_outfile_commit(qs_outfile *file, qs_error *err);
/** Gives up: the temporary file is removed. NULL is fine. */
void qs_outfile_abandon(qs_outfile *file);

/** All of a file at once, complete or absent; paths as for qs_outfile_open. QS_EIO, QS_ENOMEM. */
QS_NODISCARD qs_status qs_file_write(const char *path, qs_str bytes, qs_error *err);

/** True for what lies in /dev and is written as it stands there; /dev/shm holds files like any folder. */
bool qs_path_is_device(const char *path);

/** A path with something added to its end, or NULL if memory is out. [owned], release with qs_free. */
char *qs_path_with(const char *path, const char *suffix);

#endif
