/* Large inputs cut into shards, scored by independent workers, put together again. SPDX-License-Identifier: MIT */
#ifndef QUOTESTANCE_SHARD_H
#define QUOTESTANCE_SHARD_H

#include "quotestance/predict.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How to cut: exactly one of `shards` and `bytes` is not 0. */
typedef struct qs_shard_options {
    qs_rows_options rows; /**< format and max_record are read; start from qs_rows_options_default() */
    uint64_t shards;      /**< so many, of nearly as many records each; some are empty if records are few */
    uint64_t bytes;       /**< shards of about so many bytes */
} qs_shard_options;

/** What was done. */
typedef struct qs_shard_summary {
    uint64_t shards;   /**< of the manifest */
    uint64_t records;  /**< of all shards, or of the one that was run */
    uint64_t rejected; /**< bad ones; 0 from qs_shard_cut, which does not judge */
    bool done_before;  /**< qs_shard_run: there was nothing left to do */
    bool resumable;    /**< qs_shard_run: cut short; the same call goes on from there */
} qs_shard_summary;

/** Cuts `input` (a file of records; .gz and .zst unpacked) at ends of records into `folder`, made if need be: files 00000.FORMAT, ..., and
 *  manifest.json with the records, bytes and SHA-256 of each, written last. Done again it gives the same files, and repairs those that are
 *  damaged. QS_EUSAGE, QS_EINPUT, QS_EIO, QS_ELIMIT (100,000 shards), QS_ENOMEM. */
QS_API QS_NODISCARD qs_status qs_shard_cut(const char *input, const char *folder, const qs_shard_options *options,
                                           qs_shard_summary *summary, qs_error *err);

/** Runs qs_predict over shard `index` of a manifest. The rows, as they would stand in the output for the whole input, go to `folder` (made
 *  if need be) under a name made of the index and of what shapes them: shard, model, options, version. A record of counts and SHA-256, NAME.done,
 *  is written last. A worker that was killed is taken up where its journal ends; a shard that is done is left as it is. Of
 *  `options`, output, resume and rows.format, max_record and before are set here. QS_EINPUT if the shard is not what the manifest says;
 *  statuses as of qs_predict, but QS_OK where records were rejected. */
QS_API QS_NODISCARD qs_status qs_shard_run(const char *manifest, uint64_t index, const char *folder,
                                           const qs_predict_options *options, qs_shard_summary *summary, qs_error *err);

/** Writes the rows of all shards in order to `output` (NULL or "-": standard output), complete or not at all: the bytes that
 *  qs_predict would write for the whole input. `folders` hold what workers left. QS_EINPUT if a shard is missing, damaged, there twice, or
 *  foreign: of another input, model, version, or other options. QS_REJECTED if some records were rejected; QS_EIO, QS_ENOMEM. */
QS_API QS_NODISCARD qs_status qs_shard_merge(const char *manifest, const char *const *folders, size_t folder_count,
                                             const char *output, qs_shard_summary *summary, qs_error *err);

/** Writes the indices that are missing or damaged to `output`, as one line such as "3,7-9" that schedulers take; an empty line if there
 *  are none. *missing counts them. QS_EINPUT as of qs_shard_merge for all else. */
QS_API QS_NODISCARD qs_status qs_shard_missing(const char *manifest, const char *const *folders, size_t folder_count,
                                               const char *output, uint64_t *missing, qs_error *err);

#ifdef __cplusplus
}
#endif

#endif
