/* Tests of the corpus tools. SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/io.h"
#include "pipeline/corpus_load.h"
#include "text/mojibake.h"
#include "run.h"

static char folder[64];

static void make_folder(void)
{
    (void)snprintf(folder, sizeof folder, "/tmp/qs_corpus_XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

/* Removes the folder and all in it, two levels deep. */
static void remove_folder(void)
{
    char command[128];
    (void)snprintf(command, sizeof command, "rm -rf %s", folder);
    ck_assert_int_eq(system(command), 0);
}

static const char *path_of(const char *name, int slot)
{
    static char paths[8][160];
    (void)snprintf(paths[slot], sizeof paths[slot], "%s/%s", folder, name);
    return paths[slot];
}

static const char *write_file(const char *name, const char *text, int slot)
{
    const char *path = path_of(name, slot);
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(text, 1, strlen(text), file), strlen(text));
    ck_assert_int_eq(fclose(file), 0);
    return path;
}

static qs_corpus_report *check(const char *path, const char *against, qs_corpus_options *options)
{
    qs_corpus_report *report = NULL;
    qs_error err = {0};
    const qs_corpus_options plain = qs_corpus_options_default();
    const qs_status status = qs_corpus_check(&report, &path, 1, &against, against != NULL,
                                             options != NULL ? options : &plain, &err);
    ck_assert_msg(status == QS_OK, "%s", err.message);
    return report;
}

/* The one finding of a kind. */
static const qs_finding *only(const qs_corpus_report *report, qs_finding_kind kind)
{
    size_t count = 0;
    const qs_finding *all = qs_corpus_report_findings(report, &count);
    ck_assert_msg(qs_corpus_report_count(report, kind) == 1, "%zu of %s", qs_corpus_report_count(report, kind),
                  qs_finding_name(kind));
    for (size_t i = 0; i < count; i++)
        if (all[i].kind == kind)
            return &all[i];
    ck_abort();
    return NULL;
}

START_TEST(every_planted_fault_is_found)
{
    const char *path = write_file(
        "a.tsv",
        "id\ttext\tlabel\tsplit\tgroup\n"
        "1\tWe will come back to the table tomorrow\tfavor\ttrain\tg1\n"
        "2\tThere is nothing to discuss with them\tagainst\ttrain\tg1\n"
        "3\twe will  come back to the table TOMORROW\tagainst\ttrain\tg2\n"   /* conflict with 2 */
        "4\tThere is nothing to discuss with them\tagainst\ttest\tg3\n"       /* leakage */
        "2\tThe road will be closed for a week\tnone\ttrain\tg2\n"            /* id again */
        "6\tThe road will be closed for a weeks\tnone\ttrain\tg2\n"           /* near */
        "7\tOh\tnone\n"                                                       /* malformed */
        "8\tHe said \xc3\xa2\xe2\x82\xac\xc5\x93yes\xc3\xa2\xe2\x82\xac\xc2\x9d\tFavour\ttrain\tg2\n" /* mojibake, spelling */
        "9\tFish &amp; chips were served at noon\tnone\ttest\tg2\n"           /* entity, group leak */
        "10\tA bell \x07 rang in the hall\tnone\ttrain\tg2\n"                 /* control */
        "11\tNobody has labelled this sentence yet\t\ttrain\tg2\n"            /* no label */
        "12\tThere is nothing to discuss with them\tagainst\ttrain\tg1\n",    /* duplicate of 3 */
        0);
    qs_corpus_report *report = check(path, NULL, NULL);
    ck_assert_uint_eq(qs_corpus_report_rows(report), 12);
    ck_assert_uint_eq(only(report, QS_FINDING_MALFORMED)->line, 8);
    const qs_finding *conflict = only(report, QS_FINDING_CONFLICT);
    ck_assert_uint_eq(conflict->line, 4);
    ck_assert_uint_eq(conflict->other_line, 2);
    ck_assert_uint_eq(only(report, QS_FINDING_LEAKAGE)->line, 5);
    ck_assert_uint_eq(only(report, QS_FINDING_DUPLICATE_ID)->line, 6);
    const qs_finding *near_one = only(report, QS_FINDING_NEAR_DUPLICATE);
    ck_assert_uint_eq(near_one->line, 7);
    ck_assert_uint_eq(near_one->other_line, 6);
    ck_assert(near_one->similarity > 0.9 && near_one->similarity < 1);
    ck_assert_uint_eq(only(report, QS_FINDING_MOJIBAKE)->line, 9);
    ck_assert_uint_eq(only(report, QS_FINDING_LABEL_SPELLING)->line, 9);
    ck_assert_uint_eq(only(report, QS_FINDING_ENTITY)->line, 10);
    ck_assert_uint_eq(only(report, QS_FINDING_GROUP_LEAKAGE)->line, 10);
    ck_assert_uint_eq(only(report, QS_FINDING_CONTROL)->line, 11);
    ck_assert_uint_eq(only(report, QS_FINDING_NO_LABEL)->line, 12);
    ck_assert_uint_eq(only(report, QS_FINDING_DUPLICATE)->line, 13);
    ck_assert_uint_eq(qs_corpus_report_count(report, QS_FINDING_OVERLAP), 0);
    ck_assert_uint_eq(qs_corpus_report_count(report, QS_FINDING_KINDS), 11);
    qs_corpus_report_destroy(report);
}
END_TEST

START_TEST(a_second_corpus_is_compared)
{
    const char *a = write_file("a.jsonl", "{\"text\":\"The talks went on all night\"}\n{\"text\":\"Another thing\"}\n", 0);
    const char *b = write_file("b.csv", "text\n\"the talks went on all  night\"\nAnother matter altogether\n"
                                        "The talks went on all night!\nthe talks went on all night\n", 1);
    qs_corpus_report *report = check(a, b, NULL);
    size_t count = 0;
    const qs_finding *all = qs_corpus_report_findings(report, &count);
    ck_assert_uint_eq(qs_corpus_report_rows(report), 2);
    ck_assert_uint_ge(count, 1);
    for (size_t i = 0; i < count; i++) {
        ck_assert_int_eq(all[i].kind, QS_FINDING_OVERLAP);
        ck_assert_str_eq(all[i].path, a);
        ck_assert_uint_eq(all[i].line, 1);
        ck_assert_str_eq(all[i].other_path, b);
    }
    qs_corpus_report_destroy(report);
}
END_TEST

START_TEST(the_same_text_for_two_targets_is_no_duplicate)
{
    const char *a = write_file("a.tsv", "text\ttarget\tlabel\nPeace now and for ever\tA\tfavor\n"
                                        "Peace now and for ever\tB\tagainst\nPeace now and for ever!\tC\tagainst\n", 0);
    qs_corpus_report *report = check(a, NULL, NULL);
    ck_assert_uint_eq(qs_corpus_report_count(report, QS_FINDING_KINDS), 0);
    qs_corpus_report_destroy(report);
}
END_TEST

START_TEST(folders_are_read_in_order)
{
    qs_corpus corpus = {0};
    const qs_corpus_options options = qs_corpus_options_default();
    qs_error err = {0};
    ck_assert_int_eq(mkdir(path_of("sub", 0), 0700), 0);
    (void)write_file("sub/b.jsonl", "{\"text\":\"two\"}\n", 0);
    (void)write_file("a.tsv", "text\none\n", 0);
    (void)write_file("README.md", "not a corpus\n", 0);
    (void)write_file("disputes.tsv", "dispute\tkind\nArrin\tborder\n", 0); /* a table, but no corpus */
    (void)write_file(".hidden.tsv", "nothing\n", 0);
    (void)write_file("z.csv", "text\nthree\n", 0);
    const char *path = folder;
    ck_assert_msg(qs_corpus_load(&corpus, &path, 1, &options, false, &err) == QS_OK, "%s", err.message);
    ck_assert_uint_eq(corpus.count, 3);
    ck_assert_str_eq(corpus.rows[0].text.ptr, "one");
    ck_assert_str_eq(corpus.rows[1].text.ptr, "two");
    ck_assert_str_eq(corpus.rows[2].text.ptr, "three");
    qs_corpus_free(&corpus);
    path = "/nonexistent/corpus.tsv";
    ck_assert_int_eq(qs_corpus_load(&corpus, &path, 1, &options, false, &err), QS_EIO);
    ck_assert_str_eq(err.path, path);
    qs_corpus_free(&corpus);
}
END_TEST

/* The bands must find what a comparison of all pairs finds. */
START_TEST(near_pairs_are_complete)
{
    enum { COUNT = 120 };
    static char texts[COUNT][128];
    qs_str views[COUNT];
    static const char *const words[] = {"table ", "talks ", "border ", "river ", "never ", "again ", "soon ", "both "};
    unsigned state = 7;
    for (size_t i = 0; i < COUNT; i++) {
        if (i % 3 != 0) { /* a copy with one word changed */
            memcpy(texts[i], texts[i - 1], sizeof texts[i]);
            texts[i][(i * 7) % 30] = 'x';
        } else {
            texts[i][0] = '\0';
            for (int w = 0; w < 12; w++) {
                state = state * 1103515245u + 12345u;
                (void)strcat(texts[i], words[state >> 16 & 7]);
            }
        }
        views[i] = qs_str_of(texts[i]);
    }
    qs_near_pairs all = {0}, one = {0};
    ck_assert_int_eq(qs_near_find(&all, views, COUNT, 0.6, 2, NULL), QS_OK);
    size_t expected = 0, found = 0;
    for (size_t b = 0; b < COUNT; b++)
        for (size_t a = 0; a < b; a++) {
            qs_near_pairs two = {0};
            const qs_str pair[2] = {views[a], views[b]};
            ck_assert_int_eq(qs_near_find(&two, pair, 2, 0.0, 1, NULL), QS_OK);
            const double similarity = two.count == 1 ? two.items[0].similarity : 0;
            qs_free(two.items);
            if (similarity <= 0.6)
                continue;
            expected++;
            for (size_t i = 0; i < all.count; i++)
                found += all.items[i].a == a && all.items[i].b == b && all.items[i].similarity == similarity;
        }
    ck_assert_uint_gt(expected, 80);
    ck_assert_uint_eq(found, expected);
    ck_assert_uint_eq(all.count, expected);
    ck_assert_int_eq(qs_near_find(&one, views, COUNT, 0.6, 1, NULL), QS_OK);
    ck_assert_uint_eq(one.count, all.count);
    ck_assert_int_eq(memcmp(one.items, all.items, all.count * sizeof *all.items), 0);
    qs_free(all.items);
    qs_free(one.items);
}
END_TEST

START_TEST(mojibake_is_told_from_other_languages)
{
    static const char *const broken[] = {"caf\xc3\x83\xc2\xa9", "\xc3\xa2\xe2\x82\xac\xe2\x84\xa2s", "5\xc3\x82\xc2\xb0",
                                         "\xc3\xb0\xc5\xb8\xcb\x9c\xe2\x82\xac"};
    static const char *const sound[] = {"caf\xc3\xa9", "\xe2\x80\x9cyes\xe2\x80\x9d", "S\xc3\xa3o \xc3\x82ngela",
                                        "CAF\xc3\x89\xc2\xa0\xc2\xbb", "p\xc3\xa2t\xc3\xa9", "\xc3\x83o", "\xc3\x83", "\xc3\x83\xc3\x80", "\xc3\xa2\xe2\x82\xac", "\xf0\x9f\x98\x80"};
    size_t start = 0, end = 0;
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
        ck_assert_msg(qs_mojibake_find(qs_str_of(broken[i]), NULL, NULL), "missed %s", broken[i]);
    for (size_t i = 0; i < sizeof sound / sizeof *sound; i++)
        ck_assert_msg(!qs_mojibake_find(qs_str_of(sound[i]), NULL, NULL), "suspected %s", sound[i]);
    ck_assert(qs_mojibake_find(qs_str_of(broken[0]), &start, &end));
    ck_assert_uint_eq(start, 3);
    ck_assert_uint_eq(end, 7);
}
END_TEST

/* ---- conversion ---- */

static unsigned bad_heard;
static char bad_last[256];

static void hear_bad(void *context, const char *path, uint64_t line, const char *code, const char *message)
{
    (void)context;
    (void)path;
    bad_heard++;
    (void)snprintf(bad_last, sizeof bad_last, "%llu %s %s", (unsigned long long)line, code, message);
}

static qs_convert_counts convert(const char *from_path, qs_exchange from, const char *to_path, qs_exchange to,
                                 bool flatten)
{
    qs_convert_counts counts;
    qs_error err = {0};
    const qs_corpus_options options = qs_corpus_options_default();
    const qs_convert_options how = {.from = from, .to = to, .flatten = flatten, .bad = hear_bad};
    const qs_status status = qs_corpus_convert(&counts, &from_path, 1, to_path, &how, &options, &err);
    ck_assert_msg(status == QS_OK, "%s: %s", err.path, err.message);
    return counts;
}

static void check_file(const char *path, const char *expected)
{
    qs_buf bytes = {0};
    qs_error err = {0};
    ck_assert_msg(qs_file_read(&bytes, path, 1 << 20, &err) == QS_OK, "%s", err.message);
    ck_assert_msg(qs_str_equal(qs_buf_view(&bytes), qs_str_of(expected)), "%.*s\nis not\n%s", (int)bytes.len,
                  bytes.ptr, expected);
    qs_buf_free(&bytes);
}

#define EMOJI "\xf0\x9f\x98\x80"

START_TEST(conversions_come_back_unchanged)
{
    static const struct {
        qs_exchange exchange;
        const char *text;
    } trips[] = {
        {QS_EXCHANGE_DOCCANO,
         "{\"id\":7,\"text\":\"" EMOJI " one\\r\\ntwo \\\"q\\\", \\tthree\",\"n\":[1,{\"a\":null}],\"label\":\"fa vor\"}\n"
         "{\"id\":\"x\",\"text\":\"plain\",\"label\":\"none\"}\n"},
        {QS_EXCHANGE_PRODIGY,
         "{\"label\":\"favor\",\"text\":\"" EMOJI "\\r\\nx\",\"id\":true}\n{\"text\":\"no label\"}\n"},
        {QS_EXCHANGE_LABEL_STUDIO,
         "{\"id\":7,\"text\":\"" EMOJI " one\\r\\ntwo\",\"n\":[1,2.5],\"label\":\"fa vor\"}\n{\"text\":\"no label\"}\n"},
        {QS_EXCHANGE_BRAT,
         "{\"text\":\"" EMOJI " one\\r\\ntwo\\n\\nthree\\n\",\"label\":\"favor\",\"id\":7,\"target\":\"t\",\"n\":{\"a\":1}}\n"
         "{\"text\":\"no label\"}\n"},
        {QS_EXCHANGE_CSV,
         "{\"id\":\"1\",\"text\":\"" EMOJI " one\\r\\ntwo \\\"q\\\", x\",\"label\":\"a,b\",\"extra\":\"\"}\n"
         "{\"id\":\"2\",\"text\":\" spaces \",\"label\":\"\",\"extra\":\"\\ttab\"}\n"},
        {QS_EXCHANGE_TSV,
         "{\"id\":\"1\",\"text\":\"" EMOJI " \\\"q\\\", x\",\"label\":\"a b\"}\n{\"id\":\"2\",\"text\":\" y\",\"label\":\"\"}\n"},
        {QS_EXCHANGE_FASTTEXT, "{\"label\":\"favor\",\"text\":\"" EMOJI " we talk __label__x\"}\n{\"text\":\"no label\"}\n"},
        {QS_EXCHANGE_JSONL, "{\"a\":[],\"text\":\"" EMOJI "\"}\n"},
    };
    for (size_t i = 0; i < sizeof trips / sizeof *trips; i++) {
        const char *from = write_file("from.jsonl", trips[i].text, 0);
        const char *middle = path_of(trips[i].exchange == QS_EXCHANGE_BRAT ? "brat" : "middle", 1);
        const char *back = path_of("back.jsonl", 2);
        qs_convert_counts counts = convert(from, QS_EXCHANGE_JSONL, middle, trips[i].exchange, false);
        ck_assert_uint_eq(counts.rejected, 0);
        const uint64_t written = counts.written;
        ck_assert_uint_ge(written, 1);
        counts = convert(middle, trips[i].exchange, back, QS_EXCHANGE_JSONL, false);
        ck_assert_uint_eq(counts.written, written);
        check_file(back, trips[i].text);
    }
    ck_assert_uint_eq(bad_heard, 0);
}
END_TEST

START_TEST(brat_offsets_count_characters)
{
    const char *from = write_file("a.jsonl", "{\"text\":\"" EMOJI "\xc3\xa9 one\\r\\ntwo\",\"label\":\"favor\",\"id\":\"../x\"}\n", 0);
    (void)convert(from, QS_EXCHANGE_JSONL, path_of("out", 1), QS_EXCHANGE_BRAT, false);
    check_file(path_of("out/000001.txt", 2), EMOJI "\xc3\xa9 one\r\ntwo");
    check_file(path_of("out/000001.ann", 3),
               "T1\tfavor 0 6;8 11\t" EMOJI "\xc3\xa9 one two\n#1\tAnnotatorNotes T1\t{\"id\":\"../x\"}\n");
}
END_TEST

START_TEST(what_a_format_cannot_hold_is_reported)
{
    const char *from = write_file("a.jsonl",
                                  "{\"text\":\"a\\nb\",\"label\":\"x y\"}\n{\"text\":\"__label__a b\"}\n"
                                  "{\"text\":\"good\",\"label\":\"x\"}\n{\"te\n", 0);
    qs_convert_counts counts = convert(from, QS_EXCHANGE_AUTO, path_of("b.tsv", 1), QS_EXCHANGE_TSV, false);
    ck_assert_uint_eq(counts.written, 2);
    ck_assert_uint_eq(counts.rejected, 2);
    check_file(path_of("b.tsv", 1), "text\tlabel\n__label__a b\t\ngood\tx\n");
    counts = convert(from, QS_EXCHANGE_AUTO, path_of("b.txt", 1), QS_EXCHANGE_FASTTEXT, true);
    ck_assert_uint_eq(counts.written, 2);
    check_file(path_of("b.txt", 1), "__label__x_y a b\n__label__x good\n");
    ck_assert_uint_eq(bad_heard, 4);
    ck_assert_ptr_nonnull(strstr(bad_last, "4 malformed"));
    const char *refused = write_file("p.jsonl",
                                     "{\"text\":\"a\",\"label\":\"x\",\"answer\":\"reject\"}\n"
                                     "{\"text\":\"b\",\"accept\":[\"y\"],\"answer\":\"accept\",\"_task_hash\":5}\n", 0);
    counts = convert(refused, QS_EXCHANGE_PRODIGY, path_of("p.out", 1), QS_EXCHANGE_JSONL, false);
    ck_assert_uint_eq(counts.skipped, 1);
    check_file(path_of("p.out", 1), "{\"text\":\"b\",\"label\":\"y\"}\n");
}
END_TEST

START_TEST(libsvm_numbers_words_and_labels)
{
    const char *from = write_file("a.tsv", "text\tlabel\nNo talks, no deal\tagainst\nA deal\tfavor\n", 0);
    (void)convert(from, QS_EXCHANGE_AUTO, path_of("a.svm", 1), QS_EXCHANGE_LIBSVM, false);
    check_file(path_of("a.svm", 1), "0 1:1 2:1 3:1\n1 3:1 4:1\n");
    check_file(path_of("a.svm.vocabulary", 2), "no\ntalks\ndeal\na\n");
    check_file(path_of("a.svm.labels", 2), "0\tagainst\n1\tfavor\n");
    const char *own = write_file("b.svm", "-1\n+1 3:0.25 9:-2\n", 0);
    const qs_convert_counts counts = convert(own, QS_EXCHANGE_LIBSVM, path_of("c.svm", 1), QS_EXCHANGE_LIBSVM, false);
    ck_assert_uint_eq(counts.written, 2);
    check_file(path_of("c.svm", 1), "-1\n+1 3:0.25 9:-2\n");
}
END_TEST

/* ---- split, stats, agree ---- */

static size_t lines_of(const char *path, const char *holding)
{
    char line[512];
    size_t count = 0;
    FILE *file = fopen(path, "rb");
    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof line, file) != NULL)
        count += strstr(line, holding) != NULL;
    (void)fclose(file);
    return count;
}

START_TEST(a_split_keeps_groups_and_balance)
{
    qs_buf text = {0};
    qs_buf_add_text(&text, "id\ttext\tlabel\tgroup\n");
    for (unsigned i = 0; i < 400; i++) /* 100 groups of 4; every tenth text is a near copy in another group */
        qs_buf_addf(&text, "%u\t%u words of %u and %u more\t%s\tg%u.\n", i, i * 7919, i * i, 13 * i,
                    i % 5 < 2 ? "favor" : i % 5 < 4 ? "against" : "none", i / 4);
    qs_buf_add_text(&text, "900\tthe very same words in two groups\tfavor\tg0.\n"
                           "901\tThe very same words in two groups!\tfavor\tg50.\nbad row\n");
    qs_buf_add_char(&text, '\0');
    const char *path = write_file("c.tsv", text.ptr, 0);
    qs_split_part parts[] = {{"train", 0.8, 0}, {"test", 0.2, 0}};
    qs_corpus_options options = qs_corpus_options_default();
    uint64_t rejected = 0;
    qs_error err = {0};
    ck_assert_msg(qs_corpus_split(parts, 2, &path, 1, path_of("out", 1), hear_bad, NULL, &rejected, &options,
                                  &err) == QS_OK, "%s", err.message);
    ck_assert_uint_eq(rejected, 1);
    ck_assert_uint_eq(parts[0].rows + parts[1].rows, 402);
    ck_assert_uint_ge(parts[1].rows, 76);
    ck_assert_uint_le(parts[1].rows, 88);
    const char *train = path_of("out.train.tsv", 2);
    const char *test = path_of("out.test.tsv", 3);
    ck_assert_uint_eq(lines_of(train, "id\ttext"), 1);
    ck_assert_uint_eq(lines_of(train, "\n"), parts[0].rows + 1);
    const size_t favor = lines_of(test, "favor");
    ck_assert(favor >= 28 && favor <= 38);
    for (unsigned g = 0; g < 100; g++) {
        char group[16];
        (void)snprintf(group, sizeof group, "\tg%u.", g);
        ck_assert(lines_of(train, group) == 0 || lines_of(test, group) == 0);
    }
    ck_assert(lines_of(train, "very same") == 0 || lines_of(test, "very same") == 0);
    qs_buf first = {0}, second = {0};
    ck_assert_int_eq(qs_file_read(&first, test, 1 << 20, NULL), QS_OK);
    ck_assert_int_eq(qs_corpus_split(parts, 2, &path, 1, path_of("out", 1), NULL, NULL, &rejected, &options, NULL), QS_OK);
    ck_assert_int_eq(qs_file_read(&second, test, 1 << 20, NULL), QS_OK);
    ck_assert(qs_str_equal(qs_buf_view(&first), qs_buf_view(&second)));
    options.seed = 2;
    ck_assert_int_eq(qs_corpus_split(parts, 2, &path, 1, path_of("out", 1), NULL, NULL, &rejected, &options, NULL), QS_OK);
    qs_buf_clear(&second);
    ck_assert_int_eq(qs_file_read(&second, test, 1 << 20, NULL), QS_OK);
    ck_assert(!qs_str_equal(qs_buf_view(&first), qs_buf_view(&second)));
    parts[1].share = 0;
    ck_assert_int_eq(qs_corpus_split(parts, 2, &path, 1, path_of("out", 1), NULL, NULL, &rejected, &options, NULL), QS_EUSAGE);
    qs_buf_free(&first);
    qs_buf_free(&second);
    qs_buf_free(&text);
}
END_TEST

START_TEST(stats_count)
{
    const char *path = write_file("a.tsv", "text\tlabel\nOne two three four\tx\none two three five\ty\nOne  two three four\tx\n\n", 0);
    const qs_corpus_options options = qs_corpus_options_default();
    uint64_t rejected = 0;
    ck_assert_int_eq(qs_corpus_stats(&path, 1, path_of("s.json", 1), QS_REPORT_JSON, &rejected, &options, NULL), QS_OK);
    ck_assert_uint_eq(rejected, 1);
    check_file(path_of("s.json", 1),
               "{\"files\":1,\"rows\":3,\"rejected\":1,\"unlabelled\":0,\"words\":12,\"different_words\":5,"
               "\"characters\":55,\"trigrams\":6,\"distinct_trigram_ratio\":0.500000,\"duplicates\":1,"
               "\"near_duplicates\":1,\"near_duplicate_rate\":0.333333,"
               "\"words_per_row\":{\"min\":4,\"q25\":4,\"median\":4,\"q75\":4,\"max\":4},"
               "\"labels\":{\"x\":{\"rows\":2,\"mean_words\":4.0000,\"mean_characters\":18.5000},"
               "\"y\":{\"rows\":1,\"mean_words\":4.0000,\"mean_characters\":18.0000}},\"targets\":{}}\n");
}
END_TEST

/* 20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no: kappa 0.4 by hand; alpha 1 - 99 * 30 / (2 * 55 * 45) = 0.4. */
START_TEST(agreement_of_two)
{
    qs_buf a = {0}, b = {0};
    static const struct {
        const char *first, *second;
        int count;
    } cells[] = {{"yes", "yes", 20}, {"yes", "no", 5}, {"no", "yes", 10}, {"no", "no", 15}};
    int id = 0;
    qs_buf_add_text(&a, "id,text,label\n");
    for (int c = 0; c < 4; c++)
        for (int i = 0; i < cells[c].count; i++, id++) {
            qs_buf_addf(&a, "%d,t,%s\n", id, cells[c].first);
            qs_buf_addf(&b, "{\"id\":%d,\"label\":\"%s\"}\n", id, cells[c].second);
        }
    qs_buf_add_text(&b, "{\"id\":99,\"label\":\"maybe\"}\n"); /* the other never saw it */
    qs_buf_add_char(&a, '\0');
    qs_buf_add_char(&b, '\0');
    const char *paths[] = {write_file("a.csv", a.ptr, 0), write_file("b.jsonl", b.ptr, 1)};
    const qs_corpus_options options = qs_corpus_options_default();
    qs_agreement *agreement = NULL;
    qs_error err = {0};
    ck_assert_msg(qs_corpus_agree(&agreement, paths, 2, NULL, 0, &options, &err) == QS_OK, "%s", err.message);
    ck_assert_uint_eq(qs_agreement_items(agreement), 50);
    ck_assert_double_eq_tol(qs_agreement_observed(agreement), 0.7, 1e-12);
    ck_assert_double_eq_tol(qs_agreement_kappa(agreement), 0.4, 1e-12);
    ck_assert_double_eq_tol(qs_agreement_alpha(agreement), 1 - 99 * 30.0 / (2 * 55.0 * 45.0), 1e-12);
    size_t count = 0;
    const qs_label_agreement *labels = qs_agreement_labels(agreement, &count);
    ck_assert_uint_eq(count, 3);
    ck_assert(qs_str_equal(labels[1].label, qs_str_of("no")));
    ck_assert_double_eq_tol(labels[1].kappa, 0.4, 1e-12);
    ck_assert(labels[0].kappa != labels[0].kappa); /* "maybe": nothing to compare */
    ck_assert_uint_eq(qs_agreement_confusion(agreement, 1, 2), 10);
    ck_assert_uint_eq(qs_agreement_confusion(agreement, 2, 1), 5);
    ck_assert_int_eq(qs_agreement_write(agreement, path_of("g.json", 2), QS_REPORT_JSON, NULL), QS_OK);
    qs_agreement_destroy(agreement);
    qs_buf_free(&a);
    qs_buf_free(&b);
    ck_assert_int_eq(qs_corpus_agree(&agreement, paths, 1, NULL, 0, &options, &err), QS_EUSAGE);
    ck_assert_ptr_null(agreement);
}
END_TEST

/* Krippendorff's own example: four raters, twelve units, missing labels; nominal alpha 0.743. */
START_TEST(agreement_of_four_with_gaps)
{
    static const char text[] = "id,text,a,b,c,d\n1,t,1,1,,1\n2,t,2,2,3,2\n3,t,3,3,3,3\n4,t,3,3,3,3\n5,t,2,2,2,2\n"
                               "6,t,1,2,3,4\n7,t,4,4,4,4\n8,t,1,1,2,1\n9,t,2,2,2,2\n10,t,,5,5,5\n11,t,,,1,1\n12,t,,,3,\n";
    const char *path = write_file("k.csv", text, 0);
    const char *columns[] = {"a", "b", "c", "d"};
    const qs_corpus_options options = qs_corpus_options_default();
    qs_agreement *agreement = NULL;
    ck_assert_int_eq(qs_corpus_agree(&agreement, &path, 1, columns, 4, &options, NULL), QS_OK);
    ck_assert_uint_eq(qs_agreement_items(agreement), 11);
    ck_assert_double_eq_tol(qs_agreement_alpha(agreement), 0.743, 0.0005);
    qs_agreement_destroy(agreement);
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("corpus");
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, make_folder, remove_folder);
    tcase_add_test(tests, every_planted_fault_is_found);
    tcase_add_test(tests, a_second_corpus_is_compared);
    tcase_add_test(tests, the_same_text_for_two_targets_is_no_duplicate);
    tcase_add_test(tests, folders_are_read_in_order);
    tcase_add_test(tests, near_pairs_are_complete);
    tcase_add_test(tests, mojibake_is_told_from_other_languages);
    tcase_add_test(tests, conversions_come_back_unchanged);
    tcase_add_test(tests, brat_offsets_count_characters);
    tcase_add_test(tests, what_a_format_cannot_hold_is_reported);
    tcase_add_test(tests, libsvm_numbers_words_and_labels);
    tcase_add_test(tests, a_split_keeps_groups_and_balance);
    tcase_add_test(tests, stats_count);
    tcase_add_test(tests, agreement_of_two);
    tcase_add_test(tests, agreement_of_four_with_gaps);
    return run_case("corpus", tests);
}
