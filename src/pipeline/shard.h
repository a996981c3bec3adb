/* What the files about shards share: the manifest, and what workers leave. SPDX-License-Identifier: MIT */
#ifndef QS_PIPELINE_SHARD_H
#define QS_PIPELINE_SHARD_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/digest.h"
#include "quotestance/shard.h"

#define QS_SHARDS_MAX 100000
#define QS_SHARD_NAME 24

/** One shard. */
typedef struct qs_shard {
    char file[QS_SHARD_NAME]; /* beside the manifest */
    uint64_t records, bytes;
    qs_rows_before before;
    char sha256[QS_DIGEST_TEXT];
} qs_shard;

/** Zero-initialise; release with qs_manifest_free. */
typedef struct qs_manifest {
    qs_arena arena;
    const char *input; /* as it was named when it was cut */
    qs_format format;
    uint64_t max_record; /* 0: the default */
    uint64_t records;
    qs_shard *shards;
    size_t count, capacity;
} qs_manifest;

/** QS_EINPUT (no manifest, or one that contradicts itself), QS_EIO, QS_ENOMEM. */
QS_NODISCARD qs_status qs_manifest_read(qs_manifest *manifest, const char *path, qs_error *err);
QS_NODISCARD qs_status qs_manifest_write(const qs_manifest *manifest, const char *path, qs_error *err);
void qs_manifest_free(qs_manifest *manifest);

/** What a worker notes when a shard is done. */
typedef struct qs_shard_done {
    uint64_t index, records, rejected, bytes;
    char key[17];      /* of all that shapes the rows */
    char run[17];      /* of what all shards of a run share: version, model, options, name of the input */
    char shard[QS_DIGEST_TEXT];
    char sha256[QS_DIGEST_TEXT]; /* of the rows */
    char file[64];     /* the rows, beside the note */
} qs_shard_done;

/** QS_EINPUT (no such note), QS_EIO, QS_ENOMEM. */
QS_NODISCARD qs_status qs_shard_done_read(qs_shard_done *done, const char *path, qs_error *err);
QS_NODISCARD qs_status qs_shard_done_write(const qs_shard_done *done, const char *path, qs_error *err);

/** FOLDER/NAME in the arena; NULL without memory. */
char *qs_shard_path(qs_arena *arena, const char *folder, const char *name);
/** The folder of a path, "." if it names none; NULL without memory. */
char *qs_shard_folder(qs_arena *arena, const char *path);
/** Makes a folder unless it is there. QS_EIO. */
QS_NODISCARD qs_status qs_shard_make_folder(const char *path, qs_error *err);

#endif
