/* Tests of UTF-8 and of code points: against a decoder of another make, over all prefixes. SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/fault.h"
#include "text/normalize.h"
#include "text/paragraph.h"
#include "text/utf8.h"
#include "run.h"

/* By arithmetic: the bits first, then the rules that no form is longer than needed and no surrogate is text. */
static size_t reference(const unsigned char *s, size_t left, uint32_t *code_point)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = 0;
    while (length < 8 && (s[0] & 0x80 >> length) != 0)
        length++;
    if (length == 0) {
        *code_point = s[0];
        return 1;
    }
    if (length == 1 || length > 4 || length > left)
        return 0;
    uint32_t bits = s[0] & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if (s[i] >> 6 != 2)
            return 0;
        bits = bits << 6 | (s[i] & 0x3fu);
    }
    *code_point = bits;
    return bits < least[length] || bits > 0x10ffff || (bits >= 0xd800 && bits < 0xe000) ? 0 : length;
}

static bool agrees(const unsigned char *bytes, size_t length)
{
    const qs_str text = qs_str_make((const char *)bytes, length);
    uint32_t expected = 0;
    uint32_t got = 0;
    const size_t valid = reference(bytes, length, &expected);
    const size_t used = qs_utf8_decode(text, 0, &got);
    return valid == 0 ? used == 1 && got == QS_REPLACEMENT && !qs_utf8_valid(text, NULL)
                      : used == valid && got == expected && qs_utf8_valid(qs_str_slice(text, 0, used), NULL);
}

START_TEST(all_beginnings_of_three_bytes_are_read_as_the_reference_reads_them)
{
    size_t wrong = 0;
    for (uint32_t n = 0; n < 1u << 24; n++) {
        const unsigned char bytes[] = {(unsigned char)(n >> 16), (unsigned char)(n >> 8), (unsigned char)n};
        wrong += !agrees(bytes, 3);
        if ((n & 0xff) == 0)
            wrong += !agrees(bytes, 2);
        if ((n & 0xffff) == 0)
            wrong += !agrees(bytes, 1);
    }
    ck_assert_uint_eq(wrong, 0);
}
END_TEST

START_TEST(four_bytes_are_read_as_the_reference_reads_them)
{
    static const unsigned char ends[] = {0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0xbf, 0xc0, 0xff};
    size_t wrong = 0;
    for (uint32_t n = 0; n < 1u << 20; n++)
        for (size_t e = 0; e < sizeof ends; e++) {
            const unsigned char bytes[] = {(unsigned char)(0xf0 | n >> 16), (unsigned char)(n >> 8), (unsigned char)n,
                                           ends[e]};
            wrong += !agrees(bytes, 4);
        }
    ck_assert_uint_eq(wrong, 0);
}
END_TEST

START_TEST(every_code_point_is_written_as_it_is_read)
{
    for (uint32_t c = 0; c <= 0x10ffff; c++) {
        char bytes[8] = "xx";
        uint32_t again = 0;
        size_t start = 0;
        if (c >= 0xd800 && c < 0xe000)
            continue;
        const size_t length = qs_utf8_encode(c, bytes + 2);
        const qs_str text = qs_str_make(bytes, 2 + length);
        if (qs_utf8_decode(text, 2, &again) != length || again != c ||
            qs_utf8_before(text, text.len, &start) != c || start != 2 || qs_utf8_count(text, text.len) != 3)
            ck_abort_msg("U+%04X", c);
    }
}
END_TEST

START_TEST(what_is_no_character_ends_nothing)
{
    size_t start = 9;
    size_t bad = 9;
    ck_assert_uint_eq(qs_utf8_before(qs_str_of("\x80"), 1, &start), QS_REPLACEMENT);
    ck_assert_uint_eq(start, 0);
    ck_assert_uint_eq(qs_utf8_before(qs_str_of("a\x80\x80\x80\x80\x80"), 6, &start), QS_REPLACEMENT);
    ck_assert_uint_eq(start, 5);
    ck_assert_uint_eq(qs_utf8_before(qs_str_of("a\xc3\xa9\x80"), 4, &start), QS_REPLACEMENT);
    ck_assert_uint_eq(start, 3);
    ck_assert(!qs_utf8_valid(qs_str_of("plain text, then \xff"), &bad));
    ck_assert_uint_eq(bad, 17);
    ck_assert(!qs_utf8_valid(qs_str_of("\xc3"), NULL));
    ck_assert_uint_eq(qs_utf8_count(qs_str_of("a\xc3\xa9\xff"), 99), 3);
    ck_assert_uint_eq(qs_utf8_count(qs_str_of("a\xc3\xa9\xff"), 1), 1);
    ck_assert_uint_eq(qs_utf8_count(qs_str_make(NULL, 0), 0), 0);
}
END_TEST

START_TEST(code_points_have_their_class)
{
    static const struct { uint32_t code_point; qs_char_class class; } rows[] = {
        {'A', QS_CHAR_LETTER},   {'a', QS_CHAR_LETTER},    {0x1c5, QS_CHAR_LETTER},  {0x2b0, QS_CHAR_LETTER},
        {0x5d0, QS_CHAR_LETTER}, {0x301, QS_CHAR_MARK},    {0x903, QS_CHAR_MARK},    {0x20dd, QS_CHAR_MARK},
        {'7', QS_CHAR_NUMBER},   {0x2167, QS_CHAR_NUMBER}, {0xbd, QS_CHAR_NUMBER},   {'_', QS_CHAR_PUNCT},
        {'-', QS_CHAR_PUNCT},    {'(', QS_CHAR_PUNCT},     {')', QS_CHAR_PUNCT},     {0x201c, QS_CHAR_PUNCT},
        {0x201d, QS_CHAR_PUNCT}, {'!', QS_CHAR_PUNCT},     {'+', QS_CHAR_SYMBOL},    {'$', QS_CHAR_SYMBOL},
        {'^', QS_CHAR_SYMBOL},   {0xa9, QS_CHAR_SYMBOL},   {' ', QS_CHAR_SPACE},     {0x2028, QS_CHAR_SPACE},
        {0x2029, QS_CHAR_SPACE}, {'\t', QS_CHAR_SPACE},    {'\r', QS_CHAR_SPACE},    {0x08, QS_CHAR_OTHER},
        {0x0e, QS_CHAR_OTHER},   {0x200e, QS_CHAR_OTHER},  {0xe000, QS_CHAR_OTHER},  {0x378, QS_CHAR_OTHER}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        ck_assert_msg(qs_char_class_of(rows[i].code_point) == rows[i].class, "U+%04X", rows[i].code_point);
}
END_TEST

/* Below U+0080 there is a path of its own: it must say what the tables say. */
START_TEST(letters_know_their_case)
{
    for (uint32_t c = 0; c < 0x80; c++) {
        const bool lower = c >= 'a' && c <= 'z';
        const bool upper = c >= 'A' && c <= 'Z';
        const qs_char_class class = qs_char_class_of(c);
        ck_assert_int_eq(qs_char_is_lower(c), lower);
        ck_assert_int_eq(qs_char_is_upper(c), upper);
        ck_assert_int_eq(qs_char_is_word(c), class == QS_CHAR_LETTER || class == QS_CHAR_NUMBER);
        ck_assert_uint_eq(qs_char_lower(c), upper ? c + 32 : c);
    }
    ck_assert(qs_char_is_upper(0xc9) && !qs_char_is_lower(0xc9) && qs_char_lower(0xc9) == 0xe9);
    ck_assert(qs_char_is_lower(0xe9) && !qs_char_is_upper(0xe9) && qs_char_lower(0xe9) == 0xe9);
    ck_assert(qs_char_is_upper(0x1c5));
    ck_assert(qs_char_is_word(0xe9) && qs_char_is_word(0x301) && qs_char_is_word(0x661) && !qs_char_is_word(0x2014));
}
END_TEST

/* Else the order of marks takes time by the square of their number (found by fuzzing). */
START_TEST(the_cap_on_marks_holds_across_what_vanishes_and_what_becomes_a_mark)
{
    static const char *const between[] = {"\xc2\xad", "\xe3\x85\xa4", "\xef\xbe\xa0", "\xe2\x80\x8b", "\xef\xbe\x9e"};
    for (size_t b = 0; b < sizeof between / sizeof *between; b++) {
        qs_normalizer n = {0};
        qs_buf text = {0};
        qs_buf_add_char(&text, 'a');
        for (size_t i = 0; i < 100; i++) {
            qs_buf_add_str(&text, qs_str_of("\xcc\x81\xcc\xa3"));
            qs_buf_add_str(&text, qs_str_of(between[b]));
        }
        ck_assert_int_eq(qs_normalize(&n, qs_buf_view(&text), NULL), QS_OK);
        ck_assert_msg(n.out.len <= 1 + 3 * QS_MARKS_PER_BASE, "%zu: %zu bytes", b, n.out.len);
        ck_assert_uint_ge(n.marks_dropped, 200 - QS_MARKS_PER_BASE);
        qs_normalizer_free(&n);
        qs_buf_free(&text);
    }
}
END_TEST

START_TEST(ascii_is_read_by_the_general_path_too)
{
    for (uint32_t byte = 0; byte < 0x80; byte++) {
        const char text[1] = {(char)byte};
        uint32_t c = 0xffff;
        ck_assert_uint_eq(qs_utf8_decode_any(qs_str_make(text, 1), 0, &c), 1);
        ck_assert_uint_eq(c, byte);
    }
}
END_TEST

/* One character that becomes eighteen, again and again. */
START_TEST(what_grows_beyond_all_measure_is_refused)
{
    enum { LENGTH = 3 * 2200000 };
    char *bytes = malloc(LENGTH);
    qs_normalizer n = {0};
    for (size_t i = 0; i < LENGTH; i += 3)
        memcpy(bytes + i, i % 3000 == 0 ? "a b" : "\xef\xb7\xba", 3);
    ck_assert_int_eq(qs_normalize(&n, qs_str_make(bytes, LENGTH), NULL), QS_ELIMIT);
    ck_assert_int_eq(qs_normalize(&n, qs_str_make(bytes, 3000), NULL), QS_OK);
    qs_normalizer_free(&n);
    free(bytes);
}
END_TEST

#ifdef QS_FAULTS
START_TEST(memory_may_run_out_anywhere)
{
    static const char text[] = "Plain \xe2\x80\x9cquote\xe2\x80\x9d of 12 caf\xc3\xa9s e\xcc\x81, \xef\xb7\xba\xef\xbd\xb6\xef\xbe\x9e\xef\xb7\xba"
                               "\n\nA second, \xd0\x9c\xd0\xb8\xd1\x80, \xea\xb0\x80\xe1\x84\x80\xe1\x85\xa1\xf0\x9f\x98\x80 a\nthird.\n\nA fourth.\n\n5\n\n6\n\n7\n\n8\n\n9\n\nA tenth.";
    for (int origins = 0; origins < 2; origins++) {
        qs_status status = QS_ENOMEM;
        for (unsigned long nth = 1; status != QS_OK; nth++) {
            qs_normalizer n = {.with_origins = origins != 0};
            qs_text_ranges paragraphs = {0};
            qs_fault_plan(QS_FAULT_ALLOC, nth, false);
            status = qs_normalize(&n, qs_str_make(text, sizeof text - 1), NULL);
            if (status == QS_OK)
                status = qs_paragraphs_split(&paragraphs, qs_str_make(text, sizeof text - 1), NULL);
            qs_fault_plan(QS_FAULT_ALLOC, 0, false);
            ck_assert(status == QS_OK || status == QS_ENOMEM);
            ck_assert(nth < 100 && (status != QS_OK || nth > 3));
            qs_normalizer_free(&n);
            qs_free(paragraphs.items);
        }
    }
}
END_TEST
#endif

/* Lines broken at a fixed width are one paragraph, whatever ends them; lines of the first block are not. */
START_TEST(lines_of_a_fixed_width)
{
    static const struct {
        const char *text;
        size_t paragraphs;
    } cases[] = {
        {"Headline of the day\nDeck below it\n\nThe first line of the body is long enough to be broken\nand goes on here, in lower case.\n", 3},
        {"Title\n\n"
         "The first line of the body is long enough to be broken at sixty\nand goes on in lower case, for as long as it takes to fill the\n"
         "width of the page again, which is what a mail program would do.\nThen a sentence starts where a line does, and goes on until the\n"
         "end of it, which comes in lower case on a line of its own here.\n\nAnother block.\n", 3},
        {"One line.\nTwo lines.\nThree lines!\n\xe2\x80\x9c""Four?\xe2\x80\x9d\nFive\xe2\x80\xa6\nSix:\n(Seven.)\n[Eight.]\nNine\xe3\x80\x82\nTen\xef\xbc\x9f\nEleven\xef\xbc\x81\n", 11},
        {"\"\n'\n)\n", 3},
        {"The first line of the body is long enough to be broken.\nand the next begins in lower case all the same, as some do\n", 2},
        {"", 0}, {" \n\t\n", 0}, {"x", 1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        qs_text_ranges found = {0};
        ck_assert_int_eq(qs_paragraphs_split(&found, qs_str_of(cases[i].text), NULL), QS_OK);
        ck_assert_msg(found.count == cases[i].paragraphs, "%s: %zu paragraphs", cases[i].text, found.count);
        qs_free(found.items);
    }
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("text");
    tcase_set_timeout(tests, 300);
    tcase_add_test(tests, all_beginnings_of_three_bytes_are_read_as_the_reference_reads_them);
    tcase_add_test(tests, four_bytes_are_read_as_the_reference_reads_them);
    tcase_add_test(tests, every_code_point_is_written_as_it_is_read);
    tcase_add_test(tests, what_is_no_character_ends_nothing);
    tcase_add_test(tests, code_points_have_their_class);
    tcase_add_test(tests, letters_know_their_case);
    tcase_add_test(tests, the_cap_on_marks_holds_across_what_vanishes_and_what_becomes_a_mark);
    tcase_add_test(tests, ascii_is_read_by_the_general_path_too);
    tcase_add_test(tests, what_grows_beyond_all_measure_is_refused);
    tcase_add_test(tests, lines_of_a_fixed_width);
#ifdef QS_FAULTS
    tcase_add_test(tests, memory_may_run_out_anywhere);
#endif
    return run_case("text", tests);
}
