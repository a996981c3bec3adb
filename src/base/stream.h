/* Reading bytes from a file or standard input, .gz and .zst unpacked on the way.
 * SPDX-License-Identifier: MIT */
#ifndef QS_BASE_STREAM_H
#define QS_BASE_STREAM_H

#include "base/io.h"

/** An input of any length, read in order with fixed memory. One thread at a time. */
typedef struct qs_stream qs_stream;

/** Opens `path` ("-": standard input). Compression is told by the first bytes, not by the name; members
 *  one after another are read as one. `max_bytes` caps what comes out (0: no cap). *out is NULL on failure.
 *  QS_EIO, QS_ENOMEM. */
QS_NODISCARD qs_status qs_stream_open(qs_stream **out, const char *path, uint64_t max_bytes,
                                      qs_error *err);

/** Reads up to `len` bytes into `bytes`; *got is 0 only at the end. QS_EIO, QS_EINPUT (damaged or torn
 *  archive), QS_ELIMIT (more than max_bytes, or an archive that swells more than 1,000-fold beyond
 *  16 MiB), QS_ENOMEM. */
QS_NODISCARD qs_status qs_stream_read(qs_stream *stream, void *bytes, size_t len, size_t *got,
                                      qs_error *err);

/** Bytes read so far of the file as it lies, packed or not. */
uint64_t qs_stream_progress(const qs_stream *stream);

/** False if a read would wait for another process: a pipe or terminal that has nothing to give yet. */
bool qs_stream_ready(const qs_stream *stream);

/** Once *stop is not 0, a read that would wait fails with QS_EINTERRUPTED. [borrowed until close] */
void qs_stream_set_stop(qs_stream *stream, const volatile int *stop);

/** Closes; NULL is fine. */
void qs_stream_close(qs_stream *stream);

/** Opens, reads to the end into `out` (appended) and closes; at most `max` bytes come out. */
QS_NODISCARD qs_status qs_stream_read_all(qs_buf *out, const char *path, size_t max, qs_error *err);

#endif
