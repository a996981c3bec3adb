/* Tests of the corpus tools. SPDX-License-Identifier: MIT */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/io.h"
#include "pipeline/corpus_load.h"
#include "text/mojibake.h"

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
    enum { COUNT = 300 };
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
    ck_assert_uint_gt(expected, 200);
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
                                        "CAF\xc3\x89\xc2\xa0\xc2\xbb", "p\xc3\xa2t\xc3\xa9", "\xc3\x83o", "\xf0\x9f\x98\x80"};
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

int main(void)
{
    Suite *suite = suite_create("corpus");
    TCase *tests = tcase_create("corpus");
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, make_folder, remove_folder);
    tcase_add_test(tests, every_planted_fault_is_found);
    tcase_add_test(tests, a_second_corpus_is_compared);
    tcase_add_test(tests, the_same_text_for_two_targets_is_no_duplicate);
    tcase_add_test(tests, folders_are_read_in_order);
    tcase_add_test(tests, near_pairs_are_complete);
    tcase_add_test(tests, mojibake_is_told_from_other_languages);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
