/* A corpus in figures. SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/map.h"
#include "pipeline/corpus_load.h"
#include "report/report.h"
#include "text/utf8.h"

/* Rows with one label (or target), and how long their texts are. */
typedef struct stats_slice {
    uint64_t rows, words, characters;
} stats_slice;

typedef struct stats {
    const qs_corpus *corpus;
    qs_map labels, targets, words, trigrams;
    stats_slice *by_label, *by_target;
    uint32_t *lengths; /* words per row */
    uint64_t characters, word_total, trigram_total;
    size_t unlabelled, duplicates, near;
} stats;

/* ---- counting ---- */

static qs_status count_slice(qs_map *map, stats_slice **slices, size_t *capacity, qs_str name, uint64_t words,
                             uint64_t characters, qs_error *err)
{
    uint32_t number = 0;
    const size_t before = map->count;
    qs_status status = qs_map_intern(map, name, &number, err);
    if (status == QS_OK)
        status = qs_grow(slices, capacity, map->count, sizeof **slices, err);
    if (status != QS_OK)
        return status;
    if (number == before)
        (*slices)[number] = (stats_slice){0, 0, 0};
    (*slices)[number].rows++;
    (*slices)[number].words += words;
    (*slices)[number].characters += characters;
    return QS_OK;
}

/* Counts the words of a key (already in lower case) and its word trigrams. */
static qs_status count_words(stats *s, qs_str key, uint64_t *words, qs_error *err)
{
    uint32_t last[3] = {0, 0, 0};
    qs_status status = QS_OK;
    size_t start = 0;
    bool inside = false;
    for (size_t at = 0; at <= key.len && status == QS_OK;) {
        uint32_t c = ' ';
        const size_t step = at < key.len ? qs_utf8_decode(key, at, &c) : 1;
        const bool word = at < key.len && (qs_char_is_word(c) || (inside && c == '\''));
        if (word && !inside)
            start = at;
        if (!word && inside) {
            last[0] = last[1];
            last[1] = last[2];
            status = qs_map_intern(&s->words, qs_str_slice(key, start, at), &last[2], err);
            if (status == QS_OK && ++*words >= 3) {
                uint32_t number = 0;
                s->trigram_total++;
                status = qs_map_intern(&s->trigrams, qs_str_make((const char *)last, sizeof last), &number, err);
            }
        }
        inside = word;
        at += step;
    }
    return status;
}

static qs_status count_rows(stats *s, qs_error *err)
{
    size_t label_capacity = 0, target_capacity = 0;
    qs_status status = QS_OK;
    for (size_t i = 0; i < s->corpus->count && status == QS_OK; i++) {
        const qs_corpus_row *row = &s->corpus->rows[i];
        const uint64_t characters = qs_utf8_count(row->text, row->text.len);
        uint64_t words = 0;
        status = count_words(s, row->key, &words, err);
        s->lengths[i] = (uint32_t)words;
        s->word_total += words;
        s->characters += characters;
        s->unlabelled += !row->has_label;
        if (status == QS_OK && row->has_label)
            status = count_slice(&s->labels, &s->by_label, &label_capacity, row->label, words, characters, err);
        if (status == QS_OK && row->target.len > 0)
            status = count_slice(&s->targets, &s->by_target, &target_capacity, row->target, words, characters, err);
    }
    return status;
}

/* Rows whose text stood before, and different texts with a near one before them. */
static qs_status count_same(stats *s, const qs_corpus_options *options, qs_error *err)
{
    qs_map map = {0};
    qs_near_pairs pairs = {0};
    qs_str *keys = qs_alloc(s->corpus->count + 1, sizeof *keys);
    qs_status status = keys == NULL ? qs_fail(err, QS_ENOMEM, "out of memory") : QS_OK;
    for (size_t i = 0; i < s->corpus->count && status == QS_OK; i++) {
        uint32_t number = 0;
        const size_t before = map.count;
        status = qs_map_intern(&map, s->corpus->rows[i].key, &number, err);
        if (status == QS_OK && number == before)
            keys[number] = s->corpus->rows[i].key;
        s->duplicates += number != before;
    }
    if (status == QS_OK)
        status = qs_near_find(&pairs, keys, map.count, options->near, options->jobs, err);
    for (size_t i = 0; i < pairs.count && status == QS_OK; i++)
        s->near += i == 0 || pairs.items[i].b != pairs.items[i - 1].b;
    qs_free(pairs.items);
    qs_free(keys);
    qs_map_free(&map);
    return status;
}

static int compare_u32(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* ---- writing ---- */

static double ratio(double part, double whole)
{
    return whole > 0 ? part / whole : 0;
}

static uint32_t quantile(const stats *s, unsigned percent)
{
    return s->corpus->count == 0 ? 0 : s->lengths[(s->corpus->count - 1) * percent / 100];
}

static void add_padded(qs_buf *out, qs_str text, size_t width)
{
    for (size_t i = qs_report_plain(out, text, 0); i < width; i++)
        qs_buf_add_char(out, ' ');
}

static void write_slices(qs_buf *out, const char *title, const qs_map *map, const stats_slice *slices, size_t rows)
{
    if (map->count == 0)
        return;
    qs_buf_addf(out, "\n%-24s    rows   share   words  characters (mean)\n", title);
    for (size_t i = 0; i < map->count; i++) {
        add_padded(out, map->keys[i], 24);
        qs_buf_addf(out, " %7llu  ", (unsigned long long)slices[i].rows);
        qs_buf_add_fixed(out, ratio((double)slices[i].rows, (double)rows), 3);
        qs_buf_add_text(out, "   ");
        qs_buf_add_fixed(out, ratio((double)slices[i].words, (double)slices[i].rows), 1);
        qs_buf_add_text(out, "    ");
        qs_buf_add_fixed(out, ratio((double)slices[i].characters, (double)slices[i].rows), 1);
        qs_buf_add_char(out, '\n');
    }
}

static void write_table(qs_buf *out, const stats *s)
{
    const size_t rows = s->corpus->count;
    qs_buf_addf(out, "%zu files, %zu rows, %zu rejected, %zu without label\n", s->corpus->file_count, rows,
                s->corpus->bad_count, s->unlabelled);
    qs_buf_addf(out, "words per row: least %lu, quarter %lu, half %lu, three quarters %lu, most %lu, mean ",
                (unsigned long)quantile(s, 0), (unsigned long)quantile(s, 25), (unsigned long)quantile(s, 50),
                (unsigned long)quantile(s, 75), (unsigned long)quantile(s, 100));
    qs_buf_add_fixed(out, ratio((double)s->word_total, (double)rows), 1);
    qs_buf_addf(out, "\n%llu words, %zu different; %llu word trigrams, share of different ones ",
                (unsigned long long)s->word_total, s->words.count, (unsigned long long)s->trigram_total);
    qs_buf_add_fixed(out, ratio((double)s->trigrams.count, (double)s->trigram_total), 4);
    qs_buf_addf(out, "\n%zu texts stand again, %zu are nearly the same as one before (", s->duplicates, s->near);
    qs_buf_add_fixed(out, 100 * ratio((double)s->near, (double)rows), 2);
    qs_buf_add_text(out, " %)\n");
    write_slices(out, "label", &s->labels, s->by_label, rows);
    write_slices(out, "target", &s->targets, s->by_target, rows);
}

static void json_slices(qs_buf *out, const char *name, const qs_map *map, const stats_slice *slices)
{
    qs_buf_addf(out, ",\"%s\":{", name);
    for (size_t i = 0; i < map->count; i++) {
        qs_buf_add_text(out, i > 0 ? "," : "");
        qs_buf_add_json(out, map->keys[i]);
        qs_buf_addf(out, ":{\"rows\":%llu,\"mean_words\":", (unsigned long long)slices[i].rows);
        qs_buf_add_fixed(out, ratio((double)slices[i].words, (double)slices[i].rows), 4);
        qs_buf_add_text(out, ",\"mean_characters\":");
        qs_buf_add_fixed(out, ratio((double)slices[i].characters, (double)slices[i].rows), 4);
        qs_buf_add_char(out, '}');
    }
    qs_buf_add_char(out, '}');
}

static void write_json(qs_buf *out, const stats *s)
{
    const size_t rows = s->corpus->count;
    qs_buf_addf(out, "{\"files\":%zu,\"rows\":%zu,\"rejected\":%zu,\"unlabelled\":%zu,\"words\":%llu,"
                     "\"different_words\":%zu,\"characters\":%llu,\"trigrams\":%llu,\"distinct_trigram_ratio\":",
                s->corpus->file_count, rows, s->corpus->bad_count, s->unlabelled, (unsigned long long)s->word_total,
                s->words.count, (unsigned long long)s->characters, (unsigned long long)s->trigram_total);
    qs_buf_add_fixed(out, ratio((double)s->trigrams.count, (double)s->trigram_total), 6);
    qs_buf_addf(out, ",\"duplicates\":%zu,\"near_duplicates\":%zu,\"near_duplicate_rate\":", s->duplicates, s->near);
    qs_buf_add_fixed(out, ratio((double)s->near, (double)rows), 6);
    qs_buf_addf(out, ",\"words_per_row\":{\"min\":%lu,\"q25\":%lu,\"median\":%lu,\"q75\":%lu,\"max\":%lu}",
                (unsigned long)quantile(s, 0), (unsigned long)quantile(s, 25), (unsigned long)quantile(s, 50),
                (unsigned long)quantile(s, 75), (unsigned long)quantile(s, 100));
    json_slices(out, "labels", &s->labels, s->by_label);
    json_slices(out, "targets", &s->targets, s->by_target);
    qs_buf_add_text(out, "}\n");
}

static qs_status write_out(const stats *s, const char *out, qs_report_form form, qs_error *err)
{
    qs_buf text = {0};
    if (form == QS_REPORT_JSON)
        write_json(&text, s);
    else
        write_table(&text, s);
    qs_status status = qs_buf_status(&text, err);
    if (status == QS_OK)
        status = qs_file_write(out, qs_buf_view(&text), err);
    qs_buf_free(&text);
    return status;
}

qs_status qs_corpus_stats(const char *const *paths, size_t path_count, const char *out, qs_report_form form,
                          uint64_t *rejected, const qs_corpus_options *options, qs_error *err)
{
    qs_corpus corpus = {0};
    stats s = {.corpus = &corpus};
    *rejected = 0;
    qs_status status = qs_corpus_load(&corpus, paths, path_count, options, false, err);
    s.lengths = qs_alloc(corpus.count + 1, sizeof *s.lengths);
    if (status == QS_OK && s.lengths == NULL)
        status = qs_fail(err, QS_ENOMEM, "out of memory");
    if (status == QS_OK)
        status = count_rows(&s, err);
    if (status == QS_OK)
        status = count_same(&s, options, err);
    if (status == QS_OK) {
        if (corpus.count > 0)
            qsort(s.lengths, corpus.count, sizeof *s.lengths, compare_u32);
        *rejected = corpus.bad_count;
        status = write_out(&s, out, form, err);
    }
    qs_map_free(&s.labels);
    qs_map_free(&s.targets);
    qs_map_free(&s.words);
    qs_map_free(&s.trigrams);
    qs_free(s.by_label);
    qs_free(s.by_target);
    qs_free(s.lengths);
    qs_corpus_free(&corpus);
    return status;
}
