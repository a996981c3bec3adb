/* Records cut into blocks and parsed elsewhere, and the JSON reader without a parser: the same rows as in one go.
 * SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>

#include "article/rows_block.h"
#include "article/rows_parts.h"
#include "base/rng.h"
#include "text/utf8.h"
#include "run.h"

/* All that a row tells, as text. */
static void describe(qs_buf *out, const qs_row *row)
{
    qs_buf_addf(out, "%llu %llu %llu %lld %s '%s' %u %llu", (unsigned long long)row->number, (unsigned long long)row->line,
                (unsigned long long)row->offset, (long long)row->column, qs_row_status_name(row->status), row->message,
                row->present, (unsigned long long)row->replaced);
    for (size_t i = 0; i < row->field_count; i++) {
        qs_buf_add_text(out, row->fields[i].is_string ? " s" : " o");
        qs_buf_add_json(out, row->fields[i].name);
        qs_buf_add_json(out, row->fields[i].value);
    }
    for (int c = 0; c < QS_COLUMN_COUNT; c++) {
        qs_buf_add_char(out, ' ');
        qs_buf_add_json(out, row->columns[c]);
    }
    qs_buf_add_char(out, '\n');
}

static void read_all(qs_buf *out, qs_rows *rows)
{
    const qs_row *row = NULL;
    qs_error err = {0};
    while (qs_rows_next(&row, rows, &err) == QS_OK && row != NULL)
        describe(out, row);
}

static void read_blocks(qs_buf *out, qs_rows *rows, uint64_t bytes, uint64_t records)
{
    qs_rows *parser = NULL;
    qs_row_block block = {0};
    qs_error err = {0};
    uint64_t offset = 0;
    uint64_t number = 0;
    ck_assert_int_eq(qs_rows_create_parser(&parser, rows, &err), QS_OK);
    while (qs_rows_cut(rows, &block, bytes, records, &err) == QS_OK && block.bytes.len > 0) {
        ck_assert(number == 0 || (block.start.offset == offset && block.start.number == number));
        ck_assert_uint_le(block.end.number - block.start.number, records);
        offset = block.end.offset;
        number = block.end.number;
        qs_rows_feed(parser, &block);
        read_all(out, parser);
    }
    qs_buf_free(&block.bytes);
    qs_rows_close(parser);
}

static size_t random_input(qs_rng *rng, qs_format format, char *out, size_t max)
{
    static const char *const pieces[] = {
        "\n", "\n", "\r\n", "\r", "{\"text\":\"talks go on\",\"id\":1}\n", "{\"text\":\"a\\n\\u2019\\\"\"}\n", "{", "}", "\"", "\"\"", ",", "\t",
        "word ", "\"two\nlines\"", "a,\"b\"x", "\xff", "\xc3\xa9", "[1]", "12", "null", ":", "\\", "a long stretch of text that goes on ", "x,y\n", "x\ty\n"};
    size_t len = 0;
    if (format == QS_FORMAT_CSV)
        len += (size_t)snprintf(out, max, "id,text\n");
    if (format == QS_FORMAT_TSV)
        len += (size_t)snprintf(out, max, "id\ttext\n");
    for (size_t parts = qs_rng_below(rng, 80); parts > 0; parts--) {
        const char *piece = pieces[qs_rng_below(rng, sizeof pieces / sizeof *pieces)];
        const size_t length = qs_rng_below(rng, 40) == 0 ? 1 : strlen(piece);
        if (len + length > max)
            break;
        if (length == 1 && strlen(piece) > 1)
            out[len] = '\0';
        else
            memcpy(out + len, piece, length);
        len += length;
    }
    return len;
}

START_TEST(blocks_hold_the_same_records)
{
    static const qs_format formats[] = {QS_FORMAT_LINES, QS_FORMAT_JSONL, QS_FORMAT_CSV, QS_FORMAT_TSV, QS_FORMAT_FASTTEXT};
    static char bytes[4096];
    qs_rng rng = qs_rng_make(11);
    for (int round = 0; round < 4000; round++) {
        qs_rows_options options = qs_rows_options_default();
        qs_rows *rows = NULL;
        qs_error err = {0};
        qs_buf whole = {0};
        qs_buf parts = {0};
        options.format = formats[round % 5];
        options.max_record = 20 + qs_rng_below(&rng, 100);
        options.replace_invalid = round % 2 == 0;
        options.need_final_newline = round % 3 == 0;
        const qs_str input = qs_str_make(bytes, random_input(&rng, options.format, bytes, sizeof bytes));
        if (qs_rows_open_bytes(&rows, input, "x", &options, &err) != QS_OK)
            continue;
        /* one record a block is the measure: a quote of CSV that never closes is told by what is in the block */
        read_blocks(&whole, rows, 1, 1);
        qs_rows_close(rows);
        ck_assert_int_eq(qs_rows_open_bytes(&rows, input, "x", &options, &err), QS_OK);
        read_blocks(&parts, rows, 1 + qs_rng_below(&rng, 400), 1 + qs_rng_below(&rng, 20));
        qs_rows_close(rows);
        ck_assert_msg(qs_str_equal(qs_buf_view(&whole), qs_buf_view(&parts)), "round %d\n%.*s---\n%.*s", round, (int)whole.len,
                      whole.ptr, (int)parts.len, parts.ptr);
        if (options.format != QS_FORMAT_CSV) {
            qs_buf_clear(&parts);
            ck_assert_int_eq(qs_rows_open_bytes(&rows, input, "x", &options, &err), QS_OK);
            read_all(&parts, rows);
            qs_rows_close(rows);
            ck_assert_msg(qs_str_equal(qs_buf_view(&whole), qs_buf_view(&parts)), "in one go, round %d\n%.*s---\n%.*s", round,
                          (int)whole.len, whole.ptr, (int)parts.len, parts.ptr);
        }
        qs_buf_free(&whole);
        qs_buf_free(&parts);
    }
}
END_TEST

static size_t random_json(qs_rng *rng, char *out, size_t max)
{
    static const char *const names[] = {"text", "id", "label", "target", "context", "n", "a\\u0041", "te\\u0078t", ""};
    static const char *const values[] = {
        "\"talks\"", "\"\"", "1", "0", "-7", "-0", "007", "1.5", "1e3", "123456789012345", "1234567890123456", "true", "false", "null", "[]",
        "{\"a\":1}", "\"a\\nb\\t\\\"c\\\\ \\/ \\u00e9 \\u2019\"", "\"\\ud83d\\ude00\"", "\"\\ud800\"", "\"\\u0000\"", "\"\\x\"", "\"\\u12\"",
        "\"\xc3\xa9\xe2\x80\x99\"", "\"tab\there\"", "nul", "+1", "\"open", "\"a very long string without anything of note in it\"", "[\"favor\"]"};
    size_t len = (size_t)snprintf(out, max, "%s{", qs_rng_below(rng, 4) == 0 ? " " : "");
    const size_t fields = qs_rng_below(rng, 6);
    for (size_t i = 0; i < fields; i++)
        len += (size_t)snprintf(out + len, max - len, "%s\"%s\"%s:%s%s", i > 0 ? "," : "",
                                names[qs_rng_below(rng, sizeof names / sizeof *names)], qs_rng_below(rng, 3) == 0 ? " " : "",
                                qs_rng_below(rng, 3) == 0 ? "\t" : "", values[qs_rng_below(rng, sizeof values / sizeof *values)]);
    len += (size_t)snprintf(out + len, max - len, "}%s", qs_rng_below(rng, 20) == 0 ? "x" : qs_rng_below(rng, 4) == 0 ? " \r" : "");
    if (qs_rng_below(rng, 4) == 0 && len > 0)
        out[qs_rng_below(rng, len)] = "{}[]\",:\\ \n0a"[qs_rng_below(rng, 12)];
    return len;
}

START_TEST(scanned_json_is_what_the_parser_reads)
{
    static char bytes[2048];
    qs_rng rng = qs_rng_make(5);
    qs_rows_options options = qs_rows_options_default();
    qs_rows *rows = NULL;
    qs_error err = {0};
    size_t scanned = 0;
    options.format = QS_FORMAT_JSONL;
    ck_assert_int_eq(qs_rows_open_bytes(&rows, qs_str_of(""), "x", &options, &err), QS_OK);
    for (int round = 0; round < 60000; round++) {
        const qs_str record = qs_str_make(bytes, random_json(&rng, bytes, sizeof bytes));
        qs_buf fast = {0};
        qs_buf full = {0};
        bool done = false;
        if (!qs_utf8_valid(record, NULL))
            continue; /* never comes so far */
        qs_row_start(rows);
        ck_assert_int_eq(qs_row_scan_json(rows, record, &done, &err), QS_OK);
        describe(&fast, &rows->row);
        qs_row_start(rows);
        if (!done) {
            describe(&full, &rows->row);
            ck_assert_msg(qs_str_equal(qs_buf_view(&fast), qs_buf_view(&full)), "left a trace: %.*s", (int)record.len, record.ptr);
        } else {
            scanned++;
            ck_assert_int_eq(qs_row_parse_json_any(rows, record, &err), QS_OK);
            describe(&full, &rows->row);
            ck_assert_msg(qs_str_equal(qs_buf_view(&fast), qs_buf_view(&full)), "%.*s\n%.*s\n%.*s", (int)record.len, record.ptr,
                          (int)fast.len, fast.ptr, (int)full.len, full.ptr);
        }
        qs_buf_free(&fast);
        qs_buf_free(&full);
    }
    ck_assert_uint_gt(scanned, 3000);
    qs_rows_close(rows);
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("rows_block");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, blocks_hold_the_same_records);
    tcase_add_test(tests, scanned_json_is_what_the_parser_reads);
    return run_case("rows_block", tests);
}
