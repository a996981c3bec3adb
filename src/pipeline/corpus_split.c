/* Cutting a corpus into parts that share nothing. SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/map.h"
#include "base/rng.h"
#include "pipeline/corpus_load.h"

/* Rows that must stay together, as a forest. */
typedef struct split_plan {
    const qs_corpus *corpus;
    uint32_t *parent;   /* per row */
    uint32_t *stratum;  /* per row: label and target */
    size_t strata;
    uint32_t *order;    /* rows by (block, row) */

    size_t block_count;
    uint32_t *part;     /* per row */
    double *wanted;     /* parts * strata: rows still missing */
    double *wanted_all; /* per part */
} split_plan;

static uint32_t root_of(split_plan *plan, uint32_t row)
{
    while (plan->parent[row] != row) {
        plan->parent[row] = plan->parent[plan->parent[row]];
        row = plan->parent[row];
    }
    return row;
}

static void join(split_plan *plan, uint32_t a, uint32_t b)
{
    a = root_of(plan, a);
    b = root_of(plan, b);
    if (a < b)
        plan->parent[b] = a;
    else
        plan->parent[a] = b;
}

/* Joins rows with the same value of a key. */
static qs_status join_same(split_plan *plan, bool by_group, qs_error *err)
{
    qs_map map = {0};
    uint32_t *first = qs_alloc(plan->corpus->count + 1, sizeof *first);
    qs_status status = first == NULL ? qs_fail(err, QS_ENOMEM, "out of memory") : QS_OK;
    for (uint32_t i = 0; i < plan->corpus->count && status == QS_OK; i++) {
        const qs_corpus_row *row = &plan->corpus->rows[i];
        const qs_str key = by_group ? row->group : row->key;
        uint32_t number = 0;
        const size_t before = map.count;
        if (key.len == 0)
            continue;
        status = qs_map_intern(&map, key, &number, err);
        if (status != QS_OK)
            break;
        if (number == before)
            first[number] = i;
        else
            join(plan, first[number], i);
    }
    qs_map_free(&map);
    qs_free(first);
    return status;
}

/* Joins near texts; each different text takes part once. */
static qs_status join_near(split_plan *plan, const qs_corpus_options *options, qs_error *err)
{
    qs_near_pairs pairs = {0};
    qs_map map = {0};
    const size_t count = plan->corpus->count;
    qs_str *keys = qs_alloc(count + 1, sizeof *keys);
    uint32_t *rows = qs_alloc(count + 1, sizeof *rows);
    qs_status status =
        keys == NULL || rows == NULL ? qs_fail(err, QS_ENOMEM, "out of memory") : QS_OK;
    for (uint32_t i = 0; i < count && status == QS_OK; i++) {
        uint32_t number = 0;
        const size_t before = map.count;
        status = qs_map_intern(&map, plan->corpus->rows[i].key, &number, err);
        if (status == QS_OK && number == before) {
            keys[number] = plan->corpus->rows[i].key;
            rows[number] = i;
        }
    }
    if (status == QS_OK)
        status = qs_near_find(&pairs, keys, map.count, options->near, options->jobs, err);
    for (size_t i = 0; i < pairs.count && status == QS_OK; i++)
        join(plan, rows[pairs.items[i].a], rows[pairs.items[i].b]);
    qs_free(pairs.items);
    qs_map_free(&map);
    qs_free(keys);
    qs_free(rows);
    return status;
}

static qs_status number_strata(split_plan *plan, qs_error *err)
{
    qs_map map = {0};
    qs_buf key = {0};
    qs_status status = QS_OK;
    for (size_t i = 0; i < plan->corpus->count && status == QS_OK; i++) {
        qs_buf_clear(&key);
        qs_buf_add_str(&key, plan->corpus->rows[i].target);
        qs_buf_add_char(&key, '\0');
        qs_buf_add_str(&key, plan->corpus->rows[i].label);
        status = qs_buf_status(&key, err);
        if (status == QS_OK)
            status = qs_map_intern(&map, qs_buf_view(&key), &plan->stratum[i], err);
    }
    plan->strata = map.count;
    qs_buf_free(&key);
    qs_map_free(&map);
    return status;
}

/* Counting sort of the rows by their root, then the blocks shuffled and put largest first: large blocks are the
 * hardest to place. */
typedef struct block_size {
    uint32_t start, size, rank;
} block_size;

static int compare_blocks(const void *a, const void *b)
{
    const block_size *x = a, *y = b;
    if (x->size != y->size)
        return x->size > y->size ? -1 : 1;
    return (x->rank > y->rank) - (x->rank < y->rank);
}

static qs_status order_blocks(split_plan *plan, block_size **out, uint64_t seed, qs_error *err)
{
    const uint32_t count = (uint32_t)plan->corpus->count;
    uint32_t *sizes = qs_alloc_zero((size_t)count + 1, sizeof *sizes);
    uint32_t *ranks = qs_alloc((size_t)count + 1, sizeof *ranks);
    block_size *blocks = qs_alloc_zero((size_t)count + 1, sizeof *blocks);
    *out = blocks;
    if (sizes == NULL || blocks == NULL || ranks == NULL) {
        qs_free(sizes);
        qs_free(ranks);
        return qs_fail(err, QS_ENOMEM, "out of memory");
    }
    for (uint32_t i = 0; i < count; i++)
        sizes[root_of(plan, i)]++;
    uint32_t at = 0;
    for (uint32_t i = 0; i < count; i++)
        if (sizes[i] > 0) { /* a root comes before its rows */
            blocks[plan->block_count++] = (block_size){at, sizes[i], 0};
            const uint32_t size = sizes[i];
            sizes[i] = at;
            at += size;
        }
    for (uint32_t i = 0; i < count; i++)
        plan->order[sizes[root_of(plan, i)]++] = i;
    for (uint32_t i = 0; i < plan->block_count; i++)
        ranks[i] = i;
    qs_rng rng = qs_rng_make(seed);
    qs_rng_shuffle(&rng, ranks, plan->block_count);
    for (size_t i = 0; i < plan->block_count; i++)
        blocks[i].rank = ranks[i];
    qsort(blocks, plan->block_count, sizeof *blocks, compare_blocks);
    qs_free(sizes);
    qs_free(ranks);
    return QS_OK;
}

/* Gives a block to the part that misses its strata most; the sum over the rows of what is missing, each as a
 * share of the part's size so that small parts are not starved. */
static void place_block(split_plan *plan, const block_size *block, const qs_split_part *parts, size_t part_count)
{
    size_t best = 0;
    double best_need = 0;
    for (size_t p = 0; p < part_count; p++) {
        double need = plan->wanted_all[p] / parts[p].share;
        for (uint32_t i = 0; i < block->size; i++)
            need += 2 * plan->wanted[p * plan->strata + plan->stratum[plan->order[block->start + i]]] /
                    parts[p].share;
        if (p == 0 || need > best_need) {
            best = p;
            best_need = need;
        }
    }
    for (uint32_t i = 0; i < block->size; i++) {
        const uint32_t row = plan->order[block->start + i];
        plan->part[row] = (uint32_t)best;
        plan->wanted[best * plan->strata + plan->stratum[row]]--;
        plan->wanted_all[best]--;
    }
}

static qs_status place_rows(split_plan *plan, qs_split_part *parts, size_t part_count, uint64_t seed, qs_error *err)
{
    block_size *blocks = NULL;
    double total = 0;
    qs_status status = number_strata(plan, err);
    if (status == QS_OK)
        status = order_blocks(plan, &blocks, seed, err);
    if (status == QS_OK) {
        plan->wanted = qs_alloc_zero(part_count * plan->strata + 1, sizeof *plan->wanted);
        plan->wanted_all = qs_alloc_zero(part_count, sizeof *plan->wanted_all);
        if (plan->wanted == NULL || plan->wanted_all == NULL)
            status = qs_fail(err, QS_ENOMEM, "out of memory");
    }
    for (size_t p = 0; p < part_count; p++)
        total += parts[p].share;
    for (size_t p = 0; p < part_count && status == QS_OK; p++)
        for (size_t i = 0; i < plan->corpus->count; i++) {
            plan->wanted[p * plan->strata + plan->stratum[i]] += parts[p].share / total;
            plan->wanted_all[p] += parts[p].share / total;
        }
    for (size_t b = 0; b < plan->block_count && status == QS_OK; b++)
        place_block(plan, &blocks[b], parts, part_count);
    qs_free(blocks);
    return status;
}

/* ---- writing ---- */

typedef struct split_output {
    qs_outfile **files;
    qs_split_part *parts;
    size_t part_count;
    const char *prefix;
    qs_format format;
    bool opened;
    qs_buf header;
} split_output;

static void add_header(qs_buf *out, const qs_rows *rows)
{
    size_t count = 0;
    const qs_str *names = qs_rows_header(rows, &count);
    const bool csv = qs_rows_format(rows) == QS_FORMAT_CSV;
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            qs_buf_add_char(out, csv ? ',' : '\t');
        if (csv)
            qs_buf_add_char(out, '"');
        for (size_t j = 0; j < names[i].len; j++) {
            if (csv && names[i].ptr[j] == '"')
                qs_buf_add_char(out, '"');
            qs_buf_add_char(out, names[i].ptr[j]);
        }
        if (csv)
            qs_buf_add_char(out, '"');
    }
    if (count > 0)
        qs_buf_add_char(out, '\n');
}

static qs_status open_parts(split_output *out, const qs_rows *rows, qs_error *err)
{
    static const char *const endings[] = {"txt", "txt", "html", "jsonl", "csv", "tsv", "txt", "fasttext", "libsvm"};
    out->opened = true;
    out->format = qs_rows_format(rows);
    add_header(&out->header, rows);
    qs_status status = qs_buf_status(&out->header, err);
    for (size_t p = 0; p < out->part_count && status == QS_OK; p++) {
        qs_buf path = {0};
        qs_buf_add_text(&path, out->prefix);
        qs_buf_add_char(&path, '.');
        qs_buf_add_text(&path, out->parts[p].name);
        qs_buf_add_char(&path, '.');
        qs_buf_add(&path, endings[out->format], strlen(endings[out->format]) + 1);
        status = qs_buf_status(&path, err);
        if (status == QS_OK)
            status = qs_outfile_open(&out->files[p], path.ptr, err);
        if (status == QS_OK)
            status = qs_outfile_write(out->files[p], qs_buf_view(&out->header), err);
        qs_buf_free(&path);
    }
    return status;
}

/* All files must have one format and, with a header, the same one. */
static qs_status check_same_form(const split_output *out, const qs_rows *rows, qs_error *err)
{
    qs_buf header = {0};
    add_header(&header, rows);
    const bool same = qs_rows_format(rows) == out->format && qs_str_equal(qs_buf_view(&header), qs_buf_view(&out->header));
    qs_status status = qs_buf_status(&header, err);
    qs_buf_free(&header);
    if (status == QS_OK && !same)
        status = qs_fail(err, QS_EINPUT, "another format or header than the file before; convert one of them first");
    return status;
}

static qs_status write_file(split_output *out, const split_plan *plan, size_t *next, const char *path,
                            const qs_corpus_options *options, qs_error *err)
{
    qs_rows *rows = NULL;
    const qs_row *row = NULL;
    qs_status status = qs_rows_open(&rows, path, &options->rows, err);
    if (status == QS_OK)
        status = out->opened ? check_same_form(out, rows, err) : open_parts(out, rows, err);
    while (status == QS_OK && (status = qs_rows_next(&row, rows, err)) == QS_OK && row != NULL) {
        if (row->status != QS_ROW_OK)
            continue;
        if (*next >= plan->corpus->count || plan->corpus->rows[*next].line != row->line) {
            status = qs_fail(err, QS_EINPUT, "the file changed while it was read");
            break;
        }
        const uint32_t part = plan->part[(*next)++];
        status = qs_outfile_write(out->files[part], row->raw, err);
        if (status == QS_OK)
            status = qs_outfile_write(out->files[part], qs_str_of("\n"), err);
        out->parts[part].rows++;
    }
    qs_rows_close(rows);
    if (status != QS_OK)
        qs_error_set_path(err, path);
    return status;
}

static qs_status write_parts(const split_plan *plan, qs_split_part *parts, size_t part_count, const char *prefix,
                             const qs_corpus_options *options, qs_error *err)
{
    split_output out = {.parts = parts, .part_count = part_count, .prefix = prefix};
    size_t next = 0;
    out.files = qs_alloc_zero(part_count, sizeof *out.files);
    qs_status status = out.files == NULL ? qs_fail(err, QS_ENOMEM, "out of memory") : QS_OK;
    for (size_t i = 0; i < plan->corpus->file_count && status == QS_OK; i++)
        status = write_file(&out, plan, &next, plan->corpus->files[i], options, err);
    for (size_t p = 0; p < part_count && out.files != NULL; p++) {
        if (status == QS_OK && out.files[p] != NULL)
            status = qs_outfile_commit(out.files[p], err);
        else
            qs_outfile_abandon(out.files[p]);
    }
    qs_free(out.files);
    qs_buf_free(&out.header);
    return status;
}

static qs_status check_parts(const qs_split_part *parts, size_t part_count, const char *const *paths,
                             size_t path_count, qs_error *err)
{
    if (part_count < 2)
        return qs_fail(err, QS_EUSAGE, "at least two parts are needed");
    for (size_t p = 0; p < part_count; p++) {
        if (!(parts[p].share > 0 && parts[p].share < 1e9))
            return qs_fail(err, QS_EUSAGE, "the share of '%.40s' must be a number above 0", parts[p].name);
        if (parts[p].name[0] == '\0' || strchr(parts[p].name, '/') != NULL)
            return qs_fail(err, QS_EUSAGE, "'%.40s' cannot be part of a file name", parts[p].name);
        for (size_t q = 0; q < p; q++)
            if (strcmp(parts[p].name, parts[q].name) == 0)
                return qs_fail(err, QS_EUSAGE, "two parts are named '%.40s'", parts[p].name);
    }
    for (size_t i = 0; i < path_count; i++)
        if (strcmp(paths[i], "-") == 0)
            return qs_fail(err, QS_EUSAGE, "standard input can be read only once; a split needs a file");
    return QS_OK;
}

qs_status qs_corpus_split(qs_split_part *parts, size_t part_count, const char *const *paths, size_t path_count,
                          const char *prefix, qs_bad_record bad, void *context, uint64_t *rejected,
                          const qs_corpus_options *options, qs_error *err)
{
    qs_corpus corpus = {0};
    split_plan plan = {.corpus = &corpus};
    *rejected = 0;
    qs_status status = check_parts(parts, part_count, paths, path_count, err);
    if (status == QS_OK)
        status = qs_corpus_load(&corpus, paths, path_count, options, false, err);
    plan.parent = qs_alloc(corpus.count + 1, sizeof *plan.parent);
    plan.stratum = qs_alloc_zero(corpus.count + 1, sizeof *plan.stratum);
    plan.order = qs_alloc(corpus.count + 1, sizeof *plan.order);
    plan.part = qs_alloc_zero(corpus.count + 1, sizeof *plan.part);
    if (status == QS_OK && (plan.parent == NULL || plan.stratum == NULL || plan.order == NULL || plan.part == NULL))
        status = qs_fail(err, QS_ENOMEM, "out of memory");
    for (uint32_t i = 0; i < corpus.count && status == QS_OK; i++)
        plan.parent[i] = i;
    for (size_t p = 0; p < part_count; p++)
        parts[p].rows = 0;
    if (status == QS_OK)
        status = join_same(&plan, true, err);
    if (status == QS_OK)
        status = join_same(&plan, false, err);
    if (status == QS_OK)
        status = join_near(&plan, options, err);
    if (status == QS_OK)
        status = place_rows(&plan, parts, part_count, options->seed, err);
    if (status == QS_OK)
        status = write_parts(&plan, parts, part_count, prefix, options, err);
    for (size_t i = 0; i < corpus.bad_count && status == QS_OK; i++, ++*rejected)
        if (bad != NULL)
            bad(context, corpus.files[corpus.bad[i].file], corpus.bad[i].line,
                qs_row_status_name(corpus.bad[i].status), corpus.bad[i].message.ptr);
    qs_free(plan.parent);
    qs_free(plan.stratum);
    qs_free(plan.order);
    qs_free(plan.part);
    qs_free(plan.wanted);
    qs_free(plan.wanted_all);
    qs_corpus_free(&corpus);
    return status;
}
