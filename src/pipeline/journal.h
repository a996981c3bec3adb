/* The journal of a run: a header, then entries of fixed size, each with its own checksum. SPDX-License-Identifier: MIT */
#ifndef QS_PIPELINE_JOURNAL_H
#define QS_PIPELINE_JOURNAL_H

#include "pipeline/sink.h"

/** A place up to which output and input belong together. */
typedef struct qs_journal_entry {
    qs_progress_mark mark;
    uint64_t out_length;
    uint64_t out_hash; /**< XXH3 of the output so far */
    uint64_t check;    /**< XXH3 of what stands before */
} qs_journal_entry;

/** Reads the journal at `path`. *entries [owned, qs_free] are those that are whole, in order; *count 0 if there is none or its
 *  header is torn. QS_EINPUT, QS_EMODEL, QS_EUSAGE: it is the journal of another run. QS_EIO, QS_ENOMEM. */
QS_NODISCARD qs_status qs_journal_read(qs_journal_entry **entries, size_t *count, const char *path,
                                       const qs_identity *identity, qs_error *err);

/** Opens the journal for appending behind its first `count` entries; `count` 0 starts it anew. *fd -1 on failure: QS_EIO. */
QS_NODISCARD qs_status qs_journal_open(int *fd, const char *path, const qs_identity *identity, size_t count,
                                       qs_error *err);

/** Appends an entry, whose `check` is filled in. QS_EIO. */
QS_NODISCARD qs_status qs_journal_append(int fd, qs_journal_entry *entry, qs_error *err);

#endif
