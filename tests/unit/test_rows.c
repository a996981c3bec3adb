/* Tests of the record reader: every odd input has one expected outcome. SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

#include "base/buf.h"
#include "quotestance/corpus.h"
#include "run.h"

/* Opens text under a name; the test fails if that fails. */
static qs_rows *open_rows(qs_str bytes, const char *name, const qs_rows_options *options)
{
    qs_rows *rows = NULL;
    qs_error err = {0};
    const qs_rows_options plain = qs_rows_options_default();
    const qs_status status =
        qs_rows_open_bytes(&rows, bytes, name, options != NULL ? options : &plain, &err);
    ck_assert_msg(status == QS_OK, "%s: %s", name, err.message);
    return rows;
}

static const qs_row *next(qs_rows *rows)
{
    const qs_row *row = NULL;
    qs_error err = {0};
    ck_assert_msg(qs_rows_next(&row, rows, &err) == QS_OK, "%s", err.message);
    return row;
}

static void check_str(qs_str s, const char *expected)
{
    ck_assert_msg(qs_str_equal(s, qs_str_of(expected)), "'%.*s' is not '%s'", (int)s.len, s.ptr, expected);
}

static void check_text(const qs_row *row, const char *label, const char *text)
{
    ck_assert_ptr_nonnull(row);
    ck_assert_msg(row->status == QS_ROW_OK, "%s", row->message);
    check_str(row->columns[QS_COLUMN_TEXT], text);
    if (label != NULL)
        check_str(row->columns[QS_COLUMN_LABEL], label);
    else
        ck_assert(!(row->present & QS_COLUMN_BIT(QS_COLUMN_LABEL)));
}

static void check_bad(const qs_row *row, qs_row_status status, uint64_t line, uint64_t column)
{
    ck_assert_ptr_nonnull(row);
    ck_assert_msg(row->status == status, "status %s: %s", qs_row_status_name(row->status), row->message);
    ck_assert_uint_eq(row->line, line);
    ck_assert_msg(row->column == column, "column %lld: %s", (long long)row->column, row->message);
    ck_assert(row->message[0] != '\0');
    ck_assert_uint_eq(row->field_count, 0);
    ck_assert(!(row->present & QS_COLUMN_BIT(QS_COLUMN_TEXT)));
}

static void check_end(qs_rows *rows)
{
    ck_assert_ptr_null(next(rows));
    ck_assert_ptr_null(next(rows));
    qs_rows_close(rows);
}

#define LITERAL(text) qs_str_make(text, sizeof(text) - 1)

START_TEST(empty_inputs_have_no_records)
{
    static const char *const names[] = {"a", "a.tsv", "a.csv", "a.jsonl", "a.libsvm", "a.fasttext", "a.txt.gz"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        check_end(open_rows(LITERAL(""), names[i], NULL));
        check_end(open_rows(LITERAL("\xef\xbb\xbf"), names[i], NULL));
    }
}
END_TEST

START_TEST(tsv_has_named_columns)
{
    qs_rows *rows = open_rows(
        LITERAL("\xef\xbb\xbfid\ttext\tlabel\n1\ta \"b\" c\tfavor\r\n2\tx\ry \xe2\x80\xa8 z\tagainst\n3\t\tnone\n"
                "4\ttwo\n5\ta\tb\tc\n6\tlast\tnone"),
        "a.tsv", NULL);
    ck_assert_int_eq(qs_rows_format(rows), QS_FORMAT_TSV);
    const qs_row *row = next(rows);
    check_text(row, "favor", "a \"b\" c");
    check_str(row->columns[QS_COLUMN_ID], "1");
    ck_assert_uint_eq(row->line, 2);
    ck_assert_uint_eq(row->offset, 17);
    ck_assert_uint_eq(row->field_count, 3);
    check_str(qs_row_field(row, qs_str_of("label"))->value, "favor");
    check_text(next(rows), "against", "x\ry \xe2\x80\xa8 z");
    row = next(rows);
    check_bad(row, QS_ROW_EMPTY, 4, QS_NO_OFFSET);
    check_str(row->columns[QS_COLUMN_ID], "3");
    check_bad(next(rows), QS_ROW_MISSING_COLUMN, 5, QS_NO_OFFSET);
    check_bad(next(rows), QS_ROW_MALFORMED, 6, QS_NO_OFFSET);
    check_text(next(rows), "none", "last");
    check_end(rows);
}
END_TEST

START_TEST(a_header_without_the_columns_is_refused)
{
    qs_rows *rows = NULL;
    qs_error err = {0};
    qs_rows_options options = qs_rows_options_default();
    const qs_str bytes = LITERAL("id\tTweet\tStance\n1\ta\tb\n");
    ck_assert_int_eq(qs_rows_open_bytes(&rows, bytes, "a.tsv", &options, &err), QS_EINPUT);
    ck_assert_ptr_null(rows);
    ck_assert_str_eq(err.message, "no column 'text' in the header line; it has: id, Tweet, Stance");
    ck_assert_str_eq(err.path, "a.tsv");
    options.columns[QS_COLUMN_TEXT] = "Tweet";
    options.required |= QS_COLUMN_BIT(QS_COLUMN_LABEL);
    ck_assert_int_eq(qs_rows_open_bytes(&rows, bytes, "a.tsv", &options, &err), QS_EINPUT);
    options.columns[QS_COLUMN_LABEL] = "Stance";
    rows = open_rows(bytes, "a.txt", &options); /* told by the header although the name says .txt */
    check_text(next(rows), "b", "a");
    check_end(rows);
    ck_assert_int_eq(qs_rows_open_bytes(&rows, LITERAL("text\ttext\n"), "a.tsv", &options, &err), QS_EINPUT);
    ck_assert_int_eq(qs_rows_open_bytes(&rows, LITERAL("id\rtext\r1\rb\r"), "a.tsv", &options, &err), QS_EINPUT);
    ck_assert_ptr_nonnull(strstr(err.message, "lone carriage return"));
}
END_TEST

START_TEST(a_header_can_be_given)
{
    qs_rows_options options = qs_rows_options_default();
    options.header = "label,text";
    options.format = QS_FORMAT_TSV;
    qs_rows *rows = open_rows(LITERAL("music\tone\ngaming\ttwo\n"), "a", &options);
    check_text(next(rows), "music", "one");
    check_text(next(rows), "gaming", "two");
    check_end(rows);
}
END_TEST

START_TEST(bad_bytes_cost_one_record)
{
    static const char text[] = "id\ttext\n1\tgood\n2\tcp1252 \x91quote\x92\n3\tnul\0here\n4\t\xc0\xaf\n"
                               "5\t\xed\xa0\x80\n6\t\xf4\x90\x80\x80\n7\tcut \xe2\x80\n8\t\xff\n\n \t \n9\tgood\n";
    qs_rows_options options = qs_rows_options_default();
    qs_rows *rows = open_rows(LITERAL(text), "a.tsv", NULL);
    check_text(next(rows), NULL, "good");
    const qs_row *row = next(rows);
    check_bad(row, QS_ROW_INVALID_UTF8, 3, 9);
    check_str(row->columns[QS_COLUMN_ID], "2");
    ck_assert_str_eq(row->message, "not UTF-8 at byte 9");
    check_bad(next(rows), QS_ROW_NUL, 4, 5);
    check_bad(next(rows), QS_ROW_INVALID_UTF8, 5, 2);
    check_bad(next(rows), QS_ROW_INVALID_UTF8, 6, 2);
    check_bad(next(rows), QS_ROW_INVALID_UTF8, 7, 2);
    check_bad(next(rows), QS_ROW_INVALID_UTF8, 8, 6);
    check_bad(next(rows), QS_ROW_INVALID_UTF8, 9, 2);
    check_bad(next(rows), QS_ROW_EMPTY, 10, QS_NO_OFFSET);
    check_bad(next(rows), QS_ROW_EMPTY, 11, QS_NO_OFFSET);
    row = next(rows);
    check_text(row, NULL, "good");
    ck_assert_uint_eq(row->number, 11);
    check_end(rows);
    options.replace_invalid = true;
    rows = open_rows(LITERAL(text), "a.tsv", &options);
    check_text(next(rows), NULL, "good");
    row = next(rows);
    check_text(row, NULL, "cp1252 \xef\xbf\xbdquote\xef\xbf\xbd");
    ck_assert_uint_eq(row->replaced, 2);
    check_bad(next(rows), QS_ROW_NUL, 4, 5);
    qs_rows_close(rows);
}
END_TEST

START_TEST(other_encodings_are_converted_or_named)
{
    static const struct {
        const char *encoding;
        const char *bytes;
        size_t len;
    } inputs[] = {{"latin1", "\xe9t\xe9\n", 4},
                  {"cp1252", "\xe9t\xe9\n", 4},
                  {"utf-16", "\xff\xfe\xe9\0t\0\xe9\0\n\0", 10},
                  {"UTF-16", "\xfe\xff\0\xe9\0t\0\xe9\0\n", 10},
                  {"gb18030", "\xa8\xa6t\xa8\xa6\n", 6},
                  {"utf_8", "\xef\xbb\xbf\xc3\xa9t\xc3\xa9", 8}};
    qs_rows_options options = qs_rows_options_default();
    qs_error err = {0};
    qs_rows *rows = NULL;
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
        options.encoding = inputs[i].encoding;
        rows = open_rows(qs_str_make(inputs[i].bytes, inputs[i].len), "a.txt", &options);
        check_text(next(rows), NULL, "\xc3\xa9t\xc3\xa9");
        check_end(rows);
    }
    options.encoding = "cp1252";
    rows = open_rows(LITERAL("a\n\x81\nb\n"), "a.txt", &options);
    check_text(next(rows), NULL, "a");
    check_bad(next(rows), QS_ROW_INVALID_UTF8, 2, 0);
    check_text(next(rows), NULL, "b");
    check_end(rows);
    options.encoding = "utf-16";
    rows = open_rows(LITERAL("\xff\xfe" "a\0\n\0" "b\0\n"), "a.txt", &options);
    check_text(next(rows), NULL, "a");
    check_bad(next(rows), QS_ROW_INVALID_UTF8, 2, 1);
    check_end(rows);
    options.encoding = "utf-9";
    ck_assert_int_eq(qs_rows_open_bytes(&rows, LITERAL("a"), "a", &options, &err), QS_EUSAGE);
    options.encoding = "latin1//IGNORE";
    ck_assert_int_eq(qs_rows_open_bytes(&rows, LITERAL("a"), "a", &options, &err), QS_EUSAGE);
    options.encoding = NULL;
    ck_assert_int_eq(qs_rows_open_bytes(&rows, LITERAL("\xff\xfe" "a\0"), "a", &options, &err), QS_EINPUT);
    ck_assert_ptr_nonnull(strstr(err.message, "UTF-16LE"));
    ck_assert_int_eq(qs_rows_open_bytes(&rows, LITERAL("\xfe\xff\0a"), "a", &options, &err), QS_EINPUT);
    ck_assert_ptr_nonnull(strstr(err.message, "UTF-16BE"));
    ck_assert_int_eq(qs_rows_open_bytes(&rows, LITERAL("\xff\xfe\0\0a\0\0\0"), "a", &options, &err), QS_EINPUT);
    ck_assert_ptr_nonnull(strstr(err.message, "UTF-32LE"));
}
END_TEST

/* Converted text comes whole, however it falls into the buffers. */
START_TEST(a_long_converted_input_is_complete)
{
    qs_buf bytes = {0};
    qs_rows_options options = qs_rows_options_default();
    options.encoding = "utf-16";
    options.max_record = 1000;
    qs_buf_add(&bytes, "\xff\xfe", 2);
    for (size_t i = 0; i < 40000; i++)
        qs_buf_add(&bytes, "\x3d\xd8\x00\xde\xac\x20\n\0", 8);
    qs_rows *rows = open_rows(qs_buf_view(&bytes), "a.txt", &options);
    for (size_t i = 0; i < 40000; i++)
        check_text(next(rows), NULL, "\xf0\x9f\x98\x80\xe2\x82\xac");
    check_end(rows);
    qs_buf_free(&bytes);
}
END_TEST

START_TEST(too_long_records_are_skipped)
{
    static const char *const names[] = {"a.txt", "a.csv", "a.tsv", "a.jsonl"};
    qs_rows_options options = qs_rows_options_default();
    options.max_record = 100;
    for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
        static const size_t sizes[] = {100, 101, 102, 5000, 200000, 3000000};
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
            qs_buf bytes = {0};
            const bool json = n == 3;
            if (!json && n > 0)
                qs_buf_add_text(&bytes, "text\n");
            qs_buf_add_text(&bytes, json ? "{\"text\":\"first\"}\n" : "first\n");
            const size_t wrap = json ? strlen("{\"text\":\"\"}") : 0;
            qs_buf_add_text(&bytes, json ? "{\"text\":\"" : "");
            ck_assert(qs_buf_reserve(&bytes, sizes[s]));
            memset(bytes.ptr + bytes.len, 'x', sizes[s] - wrap);
            bytes.len += sizes[s] - wrap;
            qs_buf_add_text(&bytes, json ? "\"}\r\n{\"text\":\"last\"}" : "\r\nlast");
            qs_rows *rows = open_rows(qs_buf_view(&bytes), names[n], &options);
            check_text(next(rows), NULL, "first");
            const qs_row *row = next(rows);
            if (sizes[s] > 100) {
                check_bad(row, QS_ROW_TOO_LONG, json || n == 0 ? 2 : 3, 100);
                ck_assert_uint_eq(row->raw.len, 0);
            } else {
                ck_assert_int_eq(row->status, QS_ROW_OK);
            }
            check_text(next(rows), NULL, "last");
            check_end(rows);
            qs_buf_free(&bytes);
        }
    }
}
END_TEST

START_TEST(json_lines_are_read_strictly)
{
    qs_rows *rows = open_rows(
        LITERAL("{\"id\":7,\"text\":\"\\u00e9 \\ud83d\\ude00\",\"label\":[\"favor\"],\"target\":null,\"x\":[1,{\"y\":2.5}]}\n"
                "{\"text\":\"a\",\"text\":\"b\"}\n{\"text\":\"a\\u0000b\"}\n{\"text\":\"\\ud800\"}\n[1]\n"
                "{\"id\":\"n6\",\"label\":\"x\"}\n{\"text\":5}\n{\"text\":\"a\"} x\n{\"text\":\"  \"}\n"
                "{\"text\":\"a\",\"n\":NaN}\n{\"text\":\"a\",\"n\":1e999}\n\n{\"te\n{\"text\":\"end\",\"label\":1.5}"),
        "-", NULL);
    ck_assert_int_eq(qs_rows_format(rows), QS_FORMAT_JSONL);
    const qs_row *row = next(rows);
    check_text(row, "favor", "\xc3\xa9 \xf0\x9f\x98\x80");
    check_str(row->columns[QS_COLUMN_ID], "7");
    ck_assert(!(row->present & QS_COLUMN_BIT(QS_COLUMN_TARGET)));
    ck_assert_uint_eq(row->field_count, 5);
    const qs_field *other = qs_row_field(row, qs_str_of("x"));
    ck_assert(!other->is_string);
    check_str(other->value, "[1,{\"y\":2.5}]");
    ck_assert_int_eq(row->raw.ptr[0], '{');
    check_bad(next(rows), QS_ROW_MALFORMED, 2, 17);
    check_bad(next(rows), QS_ROW_NUL, 3, 17);
    row = next(rows);
    ck_assert_int_eq(row->status, QS_ROW_MALFORMED);
    check_bad(next(rows), QS_ROW_MALFORMED, 5, 0);
    row = next(rows);
    check_bad(row, QS_ROW_MISSING_COLUMN, 6, QS_NO_OFFSET);
    ck_assert_str_eq(row->message, "no 'text'");
    check_str(row->columns[QS_COLUMN_ID], "n6");
    check_bad(next(rows), QS_ROW_MALFORMED, 7, QS_NO_OFFSET);
    ck_assert_int_eq(next(rows)->status, QS_ROW_MALFORMED);
    check_bad(next(rows), QS_ROW_EMPTY, 9, QS_NO_OFFSET);
    ck_assert_int_eq(next(rows)->status, QS_ROW_MALFORMED);
    ck_assert_int_eq(next(rows)->status, QS_ROW_MALFORMED);
    check_bad(next(rows), QS_ROW_EMPTY, 12, QS_NO_OFFSET);
    ck_assert_int_eq(next(rows)->status, QS_ROW_MALFORMED);
    check_text(next(rows), "1.5", "end");
    check_end(rows);
}
END_TEST

/* No number changes on its way through, whatever stands around it. */
START_TEST(json_values_stay_as_they_are_written)
{
    static const struct {
        const char *name, *value;
    } expected[] = {{"n", "1.50e+01"}, {"big", "123456789012345678"}, {"s", "a\"}{\\"}, {"o", "{ \"a\\\"}\" : [ \"],{\", {} ] }"},
                    {"l", "[[],[1, 2]]"}, {"t", "true"}, {"z", "null"}, {"", "0"}, {"last", "-0.0"}};
    const char *text = "  { \"text\" :\"x\", \"n\":1.50e+01 ,\"big\" : 123456789012345678, \"s\":\"a\\\"}{\\\\\","
                       "\"o\": { \"a\\\"}\" : [ \"],{\", {} ] } ,\"l\":[[],[1, 2]],\"t\":true,\"z\":null,\"\":0,\"last\":-0.0}  \n";
    qs_rows_options options = qs_rows_options_default();
    options.format = QS_FORMAT_JSONL;
    qs_rows *rows = open_rows(qs_str_of(text), "rows.jsonl", &options);
    const qs_row *row = next(rows);
    ck_assert_int_eq(row->status, QS_ROW_OK);
    ck_assert_uint_eq(row->field_count, 1 + sizeof expected / sizeof *expected);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        const qs_field *field = qs_row_field(row, qs_str_of(expected[i].name));
        ck_assert_msg(field != NULL, "%s", expected[i].name);
        check_str(field->value, expected[i].value);
    }
    check_end(rows);
}
END_TEST

START_TEST(labels_in_lists_are_unpacked)
{
    qs_rows *rows = open_rows(LITERAL("{\"text\":\"a\",\"label\":[[0,1,\"favor\"]]}\n{\"text\":\"a\",\"label\":[]}\n"
                                      "{\"text\":\"a\",\"label\":[\"x\",\"y\"]}\n"),
                              "a.jsonl", NULL);
    check_text(next(rows), "favor", "a");
    check_text(next(rows), NULL, "a");
    check_bad(next(rows), QS_ROW_MALFORMED, 3, QS_NO_OFFSET);
    check_end(rows);
}
END_TEST

START_TEST(deep_json_is_refused)
{
    qs_buf bytes = {0};
    qs_buf_add_text(&bytes, "{\"text\":\"a\",\"deep\":");
    for (size_t i = 0; i < 100000; i++)
        qs_buf_add_char(&bytes, '[');
    qs_buf_add_text(&bytes, "\n{\"text\":\"b\"}\n");
    qs_rows *rows = open_rows(qs_buf_view(&bytes), "a.jsonl", NULL);
    ck_assert_int_eq(next(rows)->status, QS_ROW_MALFORMED);
    check_text(next(rows), NULL, "b");
    check_end(rows);
    qs_buf_free(&bytes);
}
END_TEST

START_TEST(csv_cells_may_all_be_empty)
{
    qs_rows *rows = open_rows(LITERAL("text,label\n,\n\"\",\"\"\n"), "a.csv", NULL);
    check_bad(next(rows), QS_ROW_EMPTY, 2, QS_NO_OFFSET);
    check_bad(next(rows), QS_ROW_EMPTY, 3, QS_NO_OFFSET);
    check_end(rows);
}
END_TEST

START_TEST(csv_fields_hold_anything)
{
    qs_rows *rows = open_rows(
        LITERAL("\"id\",text,label\r\n1,\"a, \"\"b\"\"\r\nc\",favor\r\n2, spaces kept ,\r\n3,\"\",x\n"
                "4,\"open,x\n5,good,y\n6,\"closed\" x,y\n7,mid\"quote,y\n8,\"last\",\"\"\n"),
        "a.csv", NULL);
    const qs_row *row = next(rows);
    check_text(row, "favor", "a, \"b\"\r\nc");
    ck_assert_uint_eq(row->line, 2);
    row = next(rows);
    check_text(row, "", " spaces kept ");
    ck_assert_uint_eq(row->line, 4);
    check_bad(next(rows), QS_ROW_EMPTY, 5, QS_NO_OFFSET);
    row = next(rows); /* the open quote meets one on line 8; only line 6 is lost */
    check_bad(row, QS_ROW_MALFORMED, 6, 2);
    check_text(next(rows), "y", "good");
    check_bad(next(rows), QS_ROW_MALFORMED, 8, 10);
    check_bad(next(rows), QS_ROW_MALFORMED, 9, 5);
    check_text(next(rows), "", "last");
    check_end(rows);
}
END_TEST

START_TEST(a_csv_quote_that_never_closes_costs_one_line)
{
    qs_buf bytes = {0};
    qs_rows_options options = qs_rows_options_default();
    options.max_record = 500;
    qs_buf_add_text(&bytes, "text\n\"open\n");
    for (size_t i = 0; i < 1000; i++)
        qs_buf_add_text(&bytes, "fine\n");
    qs_rows *rows = open_rows(qs_buf_view(&bytes), "a.csv", &options);
    const qs_row *row = next(rows);
    check_bad(row, QS_ROW_MALFORMED, 2, 0);
    ck_assert_str_eq(row->message, "a quote that is never closed");
    for (size_t i = 0; i < 1000; i++)
        check_text(next(rows), NULL, "fine");
    check_end(rows);
    qs_buf_free(&bytes);
}
END_TEST

START_TEST(fasttext_takes_one_label)
{
    qs_rows *rows = open_rows(LITERAL("__label__favor we talk __label__x\n__label__a __label__b t\n__label__ t\n"
                                      "no label\n__label__a\n__label__b\tend"),
                              "a.txt", NULL);
    ck_assert_int_eq(qs_rows_format(rows), QS_FORMAT_FASTTEXT);
    check_text(next(rows), "favor", "we talk __label__x");
    check_bad(next(rows), QS_ROW_MALFORMED, 2, 11);
    check_bad(next(rows), QS_ROW_MALFORMED, 3, 0);
    check_text(next(rows), NULL, "no label");
    check_bad(next(rows), QS_ROW_EMPTY, 5, QS_NO_OFFSET);
    check_text(next(rows), "b", "end");
    check_end(rows);
}
END_TEST

START_TEST(libsvm_numbers_are_read_strictly)
{
    static const char *const bad[] = {"1 1:nan",  "1 1:inf",          "1 1:1e999",      "1 1:0x1p3", "1 1:1,5",
                                      "1 1:0.5x", "1 0:1",            "1 -1:1",         "1 2147483648:1",
                                      "1 1:1 1:2", "1 4294967297:1",  "1 2:1 1:1",      "1 5",       "1 1:",
                                      "1 :1",      "1:1 2:1"};
    qs_rows *rows = open_rows(LITERAL("+1 1:0.5 7:-1e-3 2147483647:2\n-1\nfavor 3:1 \n"), "a.libsvm", NULL);
    const qs_row *row = next(rows);
    check_text(row, "+1", "1:0.5 7:-1e-3 2147483647:2");
    ck_assert_uint_eq(row->feature_count, 3);
    ck_assert_uint_eq(row->features[1].index, 7);
    ck_assert_double_eq(row->features[1].value, -1e-3);
    row = next(rows);
    check_text(row, "-1", "");
    ck_assert_uint_eq(row->feature_count, 0);
    check_text(next(rows), "favor", "3:1 ");
    check_end(rows);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        rows = open_rows(qs_str_of(bad[i]), "a.svm", NULL);
        row = next(rows);
        ck_assert_msg(row->status == QS_ROW_MALFORMED, "accepted '%s'", bad[i]);
        ck_assert_msg(row->column != QS_NO_OFFSET, "no column for '%s'", bad[i]);
        check_end(rows);
    }
}
END_TEST

START_TEST(lines_are_texts)
{
    qs_rows_options options = qs_rows_options_default();
    qs_rows *rows = open_rows(LITERAL("one, two\n\n  \xe3\x80\x80\nthree"), "-", NULL);
    ck_assert_int_eq(qs_rows_format(rows), QS_FORMAT_LINES);
    check_text(next(rows), NULL, "one, two");
    check_bad(next(rows), QS_ROW_EMPTY, 2, QS_NO_OFFSET);
    check_bad(next(rows), QS_ROW_EMPTY, 3, QS_NO_OFFSET);
    check_text(next(rows), NULL, "three");
    check_end(rows);
    options.need_final_newline = true;
    rows = open_rows(LITERAL("one\ntorn"), "-", &options);
    check_text(next(rows), NULL, "one");
    check_bad(next(rows), QS_ROW_UNTERMINATED, 2, 4);
    check_end(rows);
    options.required |= QS_COLUMN_BIT(QS_COLUMN_LABEL);
    qs_error err = {0};
    ck_assert_int_eq(qs_rows_open_bytes(&rows, LITERAL("one\n"), "-", &options, &err), QS_EINPUT);
    options.format = QS_FORMAT_HTML;
    ck_assert_int_eq(qs_rows_open_bytes(&rows, LITERAL("one\n"), "-", &options, &err), QS_EUSAGE);
}
END_TEST

START_TEST(formats_are_told_by_the_first_bytes)
{
    static const struct {
        const char *bytes;
        qs_format format;
    } inputs[] = {{"\n{\"text\":\"a\"}", QS_FORMAT_JSONL}, {"__label__a b", QS_FORMAT_FASTTEXT},
                  {"id\ttext\n", QS_FORMAT_TSV},         {"\"id\",\"text\"\n", QS_FORMAT_CSV},
                  {"1 2:3 4:5\n", QS_FORMAT_LIBSVM},     {"1 dollar\n", QS_FORMAT_LINES},
                  {"10:30 text\tlabels\n", QS_FORMAT_LINES}, {"text\n", QS_FORMAT_LINES}};
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
        qs_rows *rows = open_rows(qs_str_of(inputs[i].bytes), "-", NULL);
        ck_assert_msg(qs_rows_format(rows) == inputs[i].format, "%s", inputs[i].bytes);
        qs_rows_close(rows);
    }
    ck_assert_int_eq(qs_format_from_path("a/b.TSV.gz"), QS_FORMAT_TSV);
    ck_assert_int_eq(qs_format_from_path("a.jsonl.zst"), QS_FORMAT_JSONL);
    ck_assert_int_eq(qs_format_from_path("a.txt"), QS_FORMAT_AUTO);
    ck_assert_int_eq(qs_format_from_path(".tsv"), QS_FORMAT_AUTO);
}
END_TEST

START_TEST(packed_and_damaged_files)
{
    char path[] = "/tmp/qs_rows_XXXXXX";
    const int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    qs_buf text = {0};
    for (int i = 0; i < 20000; i++)
        qs_buf_addf(&text, "line %d of many\n", i);
    gzFile packed = gzdopen(dup(fd), "wb");
    ck_assert_int_eq(gzwrite(packed, text.ptr, (unsigned)text.len), (int)text.len);
    gzclose(packed);
    const qs_rows_options options = qs_rows_options_default();
    qs_rows *rows = NULL;
    const qs_row *row = NULL;
    qs_error err = {0};
    ck_assert_int_eq(qs_rows_open(&rows, path, &options, &err), QS_OK);
    uint64_t count = 0;
    while (next(rows) != NULL)
        count++;
    ck_assert_uint_eq(count, 20000);
    qs_rows_close(rows);
    const off_t size = lseek(fd, 0, SEEK_END);
    ck_assert_int_eq(ftruncate(fd, size / 2), 0);
    ck_assert_int_eq(qs_rows_open(&rows, path, &options, &err), QS_OK);
    qs_status status = QS_OK;
    for (count = 0; (status = qs_rows_next(&row, rows, &err)) == QS_OK && row != NULL; count++)
        continue;
    ck_assert_int_eq(status, QS_EINPUT);
    ck_assert_str_eq(err.path, path);
    ck_assert_uint_gt(count, 1000);
    ck_assert_uint_eq(err.line, count + 1);
    qs_rows_close(rows);
    close(fd);
    unlink(path);
    ck_assert_int_eq(qs_rows_open(&rows, path, &options, &err), QS_EIO);
    ck_assert_ptr_null(rows);
    ck_assert_int_eq(qs_rows_open(&rows, "/", &options, &err), QS_EIO);
    qs_buf_free(&text);
}
END_TEST

START_TEST(the_published_semeval_file_is_read)
{
    char path[512];
    const char *shared = getenv("QS_SHARED");
    (void)snprintf(path, sizeof path, "%s/corpora/semeval16.train-original.txt",
                   shared != NULL ? shared : QS_SOURCE_DIR "/../shared");
    if (access(path, R_OK) != 0) {
        printf("skipped: the SemEval-2016 file is not there\n");
        return;
    }
    qs_rows_options options = qs_rows_options_default();
    options.columns[QS_COLUMN_TEXT] = "Tweet";
    options.columns[QS_COLUMN_LABEL] = "Stance";
    options.columns[QS_COLUMN_TARGET] = "Target";
    options.columns[QS_COLUMN_ID] = "ID";
    options.required |= QS_COLUMN_BIT(QS_COLUMN_LABEL) | QS_COLUMN_BIT(QS_COLUMN_TARGET);
    qs_rows *rows = NULL;
    ck_assert_int_eq(qs_rows_open(&rows, path, &options, NULL), QS_OK);
    size_t good = 0, bad = 0;
    uint64_t lines[2] = {0, 0};
    for (const qs_row *row = next(rows); row != NULL; row = next(rows)) {
        if (row->status == QS_ROW_OK) {
            good++;
            continue;
        }
        ck_assert_int_eq(row->status, QS_ROW_INVALID_UTF8);
        ck_assert_uint_lt(bad, 2);
        ck_assert(row->present == QS_COLUMN_BIT(QS_COLUMN_ID));
        lines[bad++] = row->line;
    }
    ck_assert_uint_eq(good, 2812);
    ck_assert_uint_eq(lines[0], 11);
    ck_assert_uint_eq(lines[1], 1729);
    qs_rows_close(rows);
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("rows");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, empty_inputs_have_no_records);
    tcase_add_test(tests, tsv_has_named_columns);
    tcase_add_test(tests, a_header_without_the_columns_is_refused);
    tcase_add_test(tests, a_header_can_be_given);
    tcase_add_test(tests, bad_bytes_cost_one_record);
    tcase_add_test(tests, other_encodings_are_converted_or_named);
    tcase_add_test(tests, a_long_converted_input_is_complete);
    tcase_add_test(tests, too_long_records_are_skipped);
    tcase_add_test(tests, json_lines_are_read_strictly);
    tcase_add_test(tests, json_values_stay_as_they_are_written);
    tcase_add_test(tests, labels_in_lists_are_unpacked);
    tcase_add_test(tests, deep_json_is_refused);
    tcase_add_test(tests, csv_cells_may_all_be_empty);
    tcase_add_test(tests, csv_fields_hold_anything);
    tcase_add_test(tests, a_csv_quote_that_never_closes_costs_one_line);
    tcase_add_test(tests, fasttext_takes_one_label);
    tcase_add_test(tests, libsvm_numbers_are_read_strictly);
    tcase_add_test(tests, lines_are_texts);
    tcase_add_test(tests, formats_are_told_by_the_first_bytes);
    tcase_add_test(tests, packed_and_damaged_files);
    tcase_add_test(tests, the_published_semeval_file_is_read);
    return run_case("rows", tests);
}
