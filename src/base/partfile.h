/* Outputs that grow over hours and can be taken up again. SPDX-License-Identifier: MIT */
#ifndef QS_BASE_PARTFILE_H
#define QS_BASE_PARTFILE_H

#include "base/io.h"

/** An output at `path` that is complete or absent: it grows as `path`.partial, locked against other processes, and takes its
 *  name only on commit. One thread at a time. */
typedef struct qs_partfile qs_partfile;

/** True if `path` names what can be written so: a regular file or nothing yet, no device, pipe or standard output. */
bool qs_partfile_fits(const char *path);

/** Opens or creates `path`.partial and locks it; what it holds is kept. *out NULL on failure: QS_EIO (another process
 *  writes it, `path` is a symbolic link or folder, it cannot be created), QS_ENOMEM. */
QS_NODISCARD qs_status qs_partfile_open(qs_partfile **out, const char *path, qs_error *err);
/** Cuts what the file holds to `length` bytes and goes on from there. QS_EIO. */
QS_NODISCARD qs_status qs_partfile_cut(qs_partfile *file, uint64_t length, qs_error *err);
/** Reads what the file holds from `offset` on; *got 0 at its end. QS_EIO. */
QS_NODISCARD qs_status qs_partfile_read(qs_partfile *file, uint64_t offset, void *bytes, size_t len, size_t *got,
                                        qs_error *err);
/** Appends. QS_EIO. */
QS_NODISCARD qs_status qs_partfile_write(qs_partfile *file, qs_str bytes, qs_error *err);
/** Makes durable what has been written. QS_EIO. */
QS_NODISCARD qs_status qs_partfile_sync(qs_partfile *file, qs_error *err);
/** Sync, rename to `path` (*renamed), sync the folder. QS_EIO; released if *renamed, else it is as it was. */
QS_NODISCARD qs_status qs_partfile_commit(qs_partfile *file, bool *renamed, qs_error *err);
/** Closes; the partial file stays if `keep`, else it is removed. NULL is fine. */
void qs_partfile_close(qs_partfile *file, bool keep);

#endif
