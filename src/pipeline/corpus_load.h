/* Whole corpora in memory, for the tools that compare row with row. SPDX-License-Identifier: MIT */
#ifndef QS_PIPELINE_CORPUS_LOAD_H
#define QS_PIPELINE_CORPUS_LOAD_H

#include "base/arena.h"
#include "base/buf.h"
#include "quotestance/corpus.h"

/** One good row; all views are in the corpus's arena. */
typedef struct qs_corpus_row {
    uint32_t file;
    uint64_t line;
    qs_str text, label, target, id, group, split;
    qs_str key; /* the text in lower case, white space squeezed: what makes two rows the same */
    bool has_label;
    bool against; /* from the second corpus: compared with, not judged */
} qs_corpus_row;

/** One record that could not be read. */
typedef struct qs_corpus_bad {
    uint32_t file;
    uint64_t line;
    qs_row_status status;
    qs_str message;
} qs_corpus_bad;

/** Zero-initialise; release with qs_corpus_free. */
typedef struct qs_corpus {
    qs_arena arena;
    const char **files;
    size_t file_count, file_capacity;
    qs_corpus_row *rows;
    size_t count, row_capacity;
    qs_corpus_bad *bad;
    size_t bad_count, bad_capacity;
    bool any_label, any_split, any_group;
    const char *text_column; /* tables in a folder without it are passed over; NULL: "text" */
} qs_corpus;

/** Adds all rows of `paths` (folders: every file with a name of a record format, in byte order, recursive;
 *  a table whose header has no text column is no corpus and is passed over).
 *  QS_EIO, QS_EINPUT, QS_ENOMEM, QS_ELIMIT. */
QS_NODISCARD qs_status qs_corpus_load(qs_corpus *corpus, const char *const *paths, size_t path_count,
                                      const qs_corpus_options *options, bool against, qs_error *err);
/** Adds the files of `paths` alone, as above. */
QS_NODISCARD qs_status qs_corpus_list(qs_corpus *corpus, const char *const *paths, size_t path_count,
                                      qs_error *err);
/** The names in a folder in byte order, without hidden ones; each and the array are released with qs_free, also
 *  after a failure. QS_EIO, QS_ENOMEM. */
QS_NODISCARD qs_status qs_folder_list(const char *path, char ***names, size_t *count, qs_error *err);
void qs_corpus_free(qs_corpus *corpus);

/** Writes the key of a text: lower case, white space squeezed and trimmed. */
void qs_corpus_key(qs_buf *out, qs_str text);

/** Two rows and how alike their texts are. */
typedef struct qs_near_pair {
    uint32_t a, b; /* a < b */
    double similarity;
} qs_near_pair;

/** Zero-initialise; release `items` with qs_free. */
typedef struct qs_near_pairs {
    qs_near_pair *items;
    size_t count, capacity;
} qs_near_pairs;

/** All pairs of texts whose sets of character 5-grams have a Jaccard similarity above `threshold`, found through
 *  min-hash bands and then computed exactly, ascending by (b, a). Equal texts must have been taken out before:
 *  a bucket compares each text with at most 64 others. QS_ENOMEM. */
QS_NODISCARD qs_status qs_near_find(qs_near_pairs *out, const qs_str *texts, size_t count, double threshold,
                                    size_t jobs, qs_error *err);

#endif
