/* Tests of the base layer. SPDX-License-Identifier: MIT */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/io.h"
#include "base/map.h"
#include "base/number.h"
#include "base/rng.h"
#include "base/stream.h"
#include "base/workers.h"
#include "run.h"

static void check_buf(qs_buf *buf, const char *expected)
{
    ck_assert_uint_eq(buf->len, strlen(expected));
    ck_assert(memcmp(buf->ptr, expected, buf->len) == 0);
    qs_buf_clear(buf);
}

START_TEST(numbers_are_written)
{
    qs_buf buf = {0};
    qs_buf_add_double(&buf, 0.1);
    check_buf(&buf, "0.1");
    qs_buf_add_double(&buf, 1.0 / 3);
    check_buf(&buf, "0.3333333333333333");
    qs_buf_add_double(&buf, 5e-324);
    check_buf(&buf, "4.94065645841247e-324");
    qs_buf_add_double(&buf, 0.1 + 0.2);
    check_buf(&buf, "0.30000000000000004");
    qs_buf_add_double(&buf, 0.0 / 0.0);
    check_buf(&buf, "null");
    qs_buf_add_fixed(&buf, 1.0 / 0.0, 2);
    check_buf(&buf, "null");
    qs_buf_add_fixed(&buf, 0.5, 16);
    check_buf(&buf, "0.5");
    qs_buf_add_fixed(&buf, 0.5, -1);
    check_buf(&buf, "0.5");
    qs_buf_add_fixed(&buf, 1e18, 2);
    check_buf(&buf, "1e+18");
    qs_buf_add_fixed(&buf, -0.71, 2);
    check_buf(&buf, "-0.71");
    qs_buf_add_fixed(&buf, -0.001, 2);
    check_buf(&buf, "0.00");
    qs_buf_add_fixed(&buf, 0.99999, 3);
    check_buf(&buf, "1.000");
    qs_buf_add_u64(&buf, UINT64_MAX);
    check_buf(&buf, "18446744073709551615");
    qs_buf_free(&buf);
}
END_TEST

START_TEST(json_strings_are_escaped)
{
    qs_buf buf = {0};
    qs_buf_add_json(&buf, qs_str_of("a\"b\\c\n\x01\xff\xe2\x80\xa8\xc3\xa9"));
    check_buf(&buf, "\"a\\\"b\\\\c\\n\\u0001\\ufffd\\u2028\xc3\xa9\"");
    qs_buf_free(&buf);
}
END_TEST

START_TEST(numbers_are_read_strictly)
{
    static const char *const bad[] = {"",    "nan", "inf", "0x1p3", "1,5",  "1e999", "1:0",
                                      " 1",  "1 ",  ".",   "+",     "1e",   "--1",   "1.2.3",
                                      "1e+", "1e5x"};
    double value = 0;
    uint64_t whole = 0;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!qs_number_parse(qs_str_of(bad[i]), &value), "accepted %s", bad[i]);
    ck_assert(qs_number_parse(qs_str_of("-1.5e3"), &value) && value == -1500);
    ck_assert(qs_number_parse(qs_str_of("+15E+2"), &value) && value == 1500);
    ck_assert(qs_number_parse(qs_str_of("5.e-1"), &value) && value == 0.5);
    ck_assert(qs_number_parse(qs_str_of(".5"), &value) && value == 0.5);
    ck_assert(qs_number_parse_u64(qs_str_of("18446744073709551615"), &whole) && whole == UINT64_MAX);
    ck_assert(!qs_number_parse_u64(qs_str_of("18446744073709551616"), &whole));
    ck_assert(!qs_number_parse_u64(qs_str_of("-1"), &whole));
    ck_assert(!qs_number_parse_u64(qs_str_of("99999999999999999999"), &whole));
    ck_assert(!qs_number_parse_u64(qs_str_make(NULL, 0), &whole));
}
END_TEST

START_TEST(numbers_of_any_length_are_read_or_refused)
{
    char digits[301];
    size_t taken = 0;
    memset(digits, '0', sizeof digits);
    for (size_t length = 1; length < sizeof digits; length++) {
        double value = -1;
        digits[length - 1] = '7';
        const bool good = qs_number_parse(qs_str_make(digits, length), &value);
        ck_assert(good ? value == 7 : value == -1);
        ck_assert(!good || taken == length - 1); /* up to some length all, beyond it none */
        taken += good;
        digits[length - 1] = '0';
    }
    ck_assert(taken >= 96 && taken < 300);
}
END_TEST

START_TEST(numbers_do_not_depend_on_the_locale)
{
    double value = 0;
    qs_buf buf = {0};
    char folder[] = "/tmp/qs-locale-XXXXXX";
    char command[160];
    ck_assert_ptr_nonnull(mkdtemp(folder));
    (void)snprintf(command, sizeof command, "localedef -i de_DE -f UTF-8 %s/de_DE.UTF-8 >/dev/null 2>&1", folder);
    const bool made = system(command) == 0 && setenv("LOCPATH", folder, 1) == 0;
    const bool comma = setlocale(LC_ALL, "de_DE.UTF-8") != NULL; /* no rules to make it of: nothing to be seen here */
    ck_assert(!made || (comma && strcmp(localeconv()->decimal_point, ",") == 0));
    ck_assert(qs_number_parse(qs_str_of("0.25"), &value) && value == 0.25);
    ck_assert(!qs_number_parse(qs_str_of("0,25"), &value));
    qs_buf_add_double(&buf, 0.25);
    check_buf(&buf, "0.25");
    qs_buf_add_double(&buf, -1.5e300);
    check_buf(&buf, "-1.5e+300");
    qs_buf_add_double(&buf, 3);
    check_buf(&buf, "3");
    setlocale(LC_ALL, "C");
    (void)unsetenv("LOCPATH");
    qs_buf_free(&buf);
    (void)snprintf(command, sizeof command, "rm -rf %s", folder);
    ck_assert_int_eq(system(command), 0);
}
END_TEST

START_TEST(map_numbers_in_order_of_sight)
{
    qs_map map = {0};
    char key[16];
    uint32_t number = 0;
    for (uint32_t round = 0; round < 2; round++)
        for (uint32_t i = 0; i < 5000; i++) {
            const int length = snprintf(key, sizeof key, "k%u", i);
            ck_assert_int_eq(qs_map_intern(&map, qs_str_make(key, (size_t)length), &number, NULL), QS_OK);
            ck_assert_uint_eq(number, i);
        }
    ck_assert_uint_eq(map.count, 5000);
    ck_assert(!qs_map_find(&map, qs_str_of("absent"), &number));
    ck_assert(qs_map_find(&map, qs_str_of("k4999"), &number) && number == 4999);
    qs_map_free(&map);
}
END_TEST

START_TEST(arena_pieces_are_zeroed_and_apart)
{
    qs_arena arena = {0};
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < 2000; i++) {
            unsigned char *piece = qs_arena_alloc(&arena, i % 97 + 1, 3);
            ck_assert_ptr_nonnull(piece);
            ck_assert_int_eq(piece[0], 0);
            memset(piece, 0xee, (i % 97 + 1) * 3);
        }
        qs_arena_reset(&arena);
    }
    ck_assert_ptr_null(qs_arena_alloc(&arena, SIZE_MAX, 2));
    qs_arena_free(&arena);
}
END_TEST

START_TEST(random_numbers_are_fixed)
{
    qs_rng rng = qs_rng_make(1);
    ck_assert(qs_rng_next(&rng) == UINT64_C(0xb3f2af6d0fc710c5));
    uint64_t seen[7] = {0};
    for (int i = 0; i < 70000; i++)
        seen[qs_rng_below(&rng, 7)]++;
    for (int i = 0; i < 7; i++)
        ck_assert_msg(seen[i] > 9500 && seen[i] < 10500, "%d: %lu", i, (unsigned long)seen[i]);
}
END_TEST

START_TEST(an_output_is_complete_or_absent)
{
    char folder[] = "/tmp/qs_base_XXXXXX";
    char path[64];
    qs_outfile *file = NULL;
    qs_buf read = {0};
    ck_assert_ptr_nonnull(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/out", folder);
    ck_assert_int_eq(qs_outfile_open(&file, path, NULL), QS_OK);
    ck_assert_int_eq(qs_outfile_write(file, qs_str_of("half"), NULL), QS_OK);
    ck_assert_int_eq(access(path, F_OK), -1);
    qs_outfile_abandon(file);
    ck_assert_int_eq(access(path, F_OK), -1);
    ck_assert_int_eq(rmdir(folder), 0); /* nothing is left behind */
    ck_assert_ptr_nonnull(mkdtemp(strcpy(folder, "/tmp/qs_base_XXXXXX")));
    (void)snprintf(path, sizeof path, "%s/out", folder);
    ck_assert_int_eq(qs_outfile_open(&file, path, NULL), QS_OK);
    ck_assert_int_eq(qs_outfile_write(file, qs_str_of("whole"), NULL), QS_OK);
    ck_assert_int_eq(qs_outfile_commit(file, NULL), QS_OK);
    ck_assert_int_eq(qs_file_read(&read, path, 100, NULL), QS_OK);
    check_buf(&read, "whole");
    ck_assert_int_eq(qs_file_read(&read, path, 4, NULL), QS_ELIMIT);
    ck_assert_int_eq(qs_file_read(&read, folder, 100, NULL), QS_EIO);
    qs_buf_clear(&read);
    ck_assert_int_eq(qs_stream_read_all(&read, path, 100, NULL), QS_OK);
    check_buf(&read, "whole");
    unlink(path);
    rmdir(folder);
    qs_buf_free(&read);
}
END_TEST

static qs_status square(void *context, size_t index, size_t worker, qs_error *err)
{
    (void)worker;
    if (index == 777)
        return qs_fail(err, QS_EINPUT, "item 777");
    ((size_t *)context)[index] = index * index;
    return QS_OK;
}

START_TEST(workers_do_all_and_report_the_first_failure)
{
    size_t results[1000] = {0};
    qs_error error = {0};
    ck_assert_int_eq(qs_workers_run(4, 700, square, results, &error), QS_OK);
    for (size_t i = 0; i < 700; i++)
        ck_assert_uint_eq(results[i], i * i);
    ck_assert_int_eq(qs_workers_run(4, 1000, square, results, &error), QS_EINPUT);
    ck_assert_str_eq(error.message, "item 777");
}
END_TEST

int main(void)
{
    TCase *all = tcase_create("all");
    tcase_add_test(all, numbers_are_written);
    tcase_add_test(all, json_strings_are_escaped);
    tcase_add_test(all, numbers_are_read_strictly);
    tcase_add_test(all, numbers_of_any_length_are_read_or_refused);
    tcase_add_test(all, numbers_do_not_depend_on_the_locale);
    tcase_add_test(all, map_numbers_in_order_of_sight);
    tcase_add_test(all, arena_pieces_are_zeroed_and_apart);
    tcase_add_test(all, random_numbers_are_fixed);
    tcase_add_test(all, an_output_is_complete_or_absent);
    tcase_add_test(all, workers_do_all_and_report_the_first_failure);
    return run_case("base", all);
}
