/* Tests of the model file: what is written is read, what is damaged is refused. SPDX-License-Identifier: MIT */
#include <math.h>
#include <xxhash.h>

#include "model/bundle_format.h"
#include "model/crc32c.h"
#include "model_fixture.h"
#include "run.h"

static qs_buf model_bytes(void)
{
    qs_buf bytes = {0};
    qs_error err = {0};
    qs_model *model = fixture_model();
    ck_assert_msg(qs_model_write(&bytes, model, &err) == QS_OK, "%s", err.message);
    qs_model_destroy(model);
    return bytes;
}

/* Reads; what is accepted must be written back to the same bytes. True if it was accepted. */
static bool accepted(qs_str bytes)
{
    qs_model *model = NULL;
    qs_error err = {0};
    const qs_status status = qs_model_read(&model, bytes, &err);
    if (status != QS_OK) {
        ck_assert_int_eq(status, QS_EMODEL);
        ck_assert_ptr_null(model);
        ck_assert(err.message[0] != '\0');
        return false;
    }
    qs_buf again = {0};
    ck_assert_msg(qs_model_write(&again, model, &err) == QS_OK, "%s", err.message);
    ck_assert(qs_str_equal(bytes, qs_buf_view(&again)));
    qs_buf_free(&again);
    qs_model_destroy(model);
    return true;
}

/* What an attacker does: makes all checksums right again. */
static void repair(qs_buf *bytes)
{
    qs_bundle_header header;
    qs_bundle_section table[QS_BUNDLE_MAX_SECTIONS];
    memcpy(&header, bytes->ptr, sizeof header);
    if (header.section_count <= QS_BUNDLE_MAX_SECTIONS &&
        bytes->len >= sizeof header + header.section_count * sizeof *table) {
        const size_t size = header.section_count * sizeof *table;
        memcpy(table, bytes->ptr + sizeof header, size);
        for (size_t i = 0; i < header.section_count; i++)
            if (table[i].offset <= bytes->len && table[i].length <= bytes->len - table[i].offset)
                table[i].hash = XXH64(bytes->ptr + table[i].offset, (size_t)table[i].length, 0);
        memcpy(bytes->ptr + sizeof header, table, size);
        header.table_crc = qs_crc32c(table, size);
    }
    header.header_crc = qs_crc32c(&header, offsetof(qs_bundle_header, header_crc));
    memcpy(bytes->ptr, &header, sizeof header);
}

START_TEST(checksum_has_the_published_value)
{
    ck_assert_uint_eq(qs_crc32c("123456789", 9), 0xe3069283u);
}
END_TEST

START_TEST(what_is_written_is_read)
{
    qs_buf first = model_bytes();
    qs_buf second = model_bytes();
    ck_assert(qs_str_equal(qs_buf_view(&first), qs_buf_view(&second)));
    ck_assert(accepted(qs_buf_view(&first)));
    qs_buf_free(&first);
    qs_buf_free(&second);
}
END_TEST

START_TEST(every_flipped_bit_is_noticed)
{
    qs_buf bytes = model_bytes();
    for (size_t bit = 0; bit < bytes.len * 8; bit++) {
        bytes.ptr[bit / 8] ^= (char)(1 << bit % 8);
        ck_assert_msg(!accepted(qs_buf_view(&bytes)), "bit %zu of byte %zu", bit % 8, bit / 8);
        bytes.ptr[bit / 8] ^= (char)(1 << bit % 8);
    }
    qs_buf_free(&bytes);
}
END_TEST

START_TEST(every_truncation_and_addition_is_noticed)
{
    qs_buf bytes = model_bytes();
    for (size_t length = 0; length < bytes.len; length++)
        ck_assert_msg(!accepted(qs_str_make(bytes.ptr, length)), "%zu bytes", length);
    qs_buf_add_char(&bytes, '\0');
    ck_assert(!accepted(qs_buf_view(&bytes)));
    qs_buf_free(&bytes);
}
END_TEST

START_TEST(flipped_bits_with_repaired_checksums_are_refused_or_harmless)
{
    qs_buf bytes = model_bytes();
    qs_buf copy = {0};
    size_t taken = 0;
    for (size_t bit = 0; bit < bytes.len * 8; bit++) {
        qs_buf_clear(&copy);
        qs_buf_add_str(&copy, qs_buf_view(&bytes));
        copy.ptr[bit / 8] ^= (char)(1 << bit % 8);
        repair(&copy);
        /* The minor version and the compatible flags may be newer; they are not written back. */
        if (bit / 8 == 10 || bit / 8 == 11 || bit / 8 == 30 || bit / 8 == 31) {
            qs_model *model = NULL;
            ck_assert_int_eq(qs_model_read(&model, qs_buf_view(&copy), NULL), QS_OK);
            qs_model_destroy(model);
            continue;
        }
        taken += accepted(qs_buf_view(&copy));
    }
    ck_assert(taken > 100); /* weights differ, and that is a model too */
    qs_buf_free(&bytes);
    qs_buf_free(&copy);
}
END_TEST

START_TEST(extreme_numbers_in_the_table_are_refused)
{
    static const uint64_t numbers[] = {0, 1, 63, 64, INT32_MAX, UINT64_C(1) << 31, UINT32_MAX,
                                       UINT64_C(1) << 63, UINT64_MAX, UINT64_MAX - 63};
    static const size_t fields[] = {8, 16, 32}; /* offset, length, element count */
    qs_buf bytes = model_bytes();
    qs_buf copy = {0};
    qs_bundle_header header;
    memcpy(&header, bytes.ptr, sizeof header);
    for (size_t s = 0; s < header.section_count; s++) {
        for (size_t f = 0; f < sizeof fields / sizeof *fields; f++) {
            for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++) {
                qs_buf_clear(&copy);
                qs_buf_add_str(&copy, qs_buf_view(&bytes));
                memcpy(copy.ptr + sizeof header + s * sizeof(qs_bundle_section) + fields[f], &numbers[n],
                       sizeof numbers[n]);
                repair(&copy);
                ck_assert(!accepted(qs_buf_view(&copy)));
            }
        }
    }
    qs_buf_free(&bytes);
    qs_buf_free(&copy);
}
END_TEST

static bool writable(const qs_model *model)
{
    qs_buf bytes = {0};
    const qs_status status = qs_model_write(&bytes, model, NULL);
    qs_buf_free(&bytes);
    return status == QS_OK;
}

START_TEST(a_model_that_breaks_a_rule_is_not_written)
{
    qs_model *model = fixture_model();
    ck_assert(writable(model));
    const float weight = model->weights[3];
    model->weights[3] = INFINITY;
    ck_assert(!writable(model));
    model->weights[3] = -0.0f;
    ck_assert(writable(model));
    model->weights[3] = 1e-42f;
    ck_assert(writable(model));
    model->weights[3] = weight;
    const uint64_t hash = model->feature_hashes[1];
    model->feature_hashes[1] = model->feature_hashes[0];
    ck_assert(!writable(model));
    model->feature_hashes[1] = hash;
    const qs_str label = model->heads[1].labels[1];
    model->heads[1].labels[1] = model->heads[1].labels[0];
    ck_assert(!writable(model));
    model->heads[1].labels[1] = qs_str_of("b\x1b[0m");
    ck_assert(!writable(model));
    model->heads[1].labels[1] = label;
    model->heads[2].gamma = 0;
    ck_assert(!writable(model));
    model->heads[2].gamma = 0.5;
    model->ngrams[0] = '\xff';
    ck_assert(!writable(model));
    qs_model_destroy(model);
}
END_TEST

START_TEST(newer_formats_are_named)
{
    qs_buf bytes = model_bytes();
    qs_model *model = NULL;
    qs_error err = {0};
    bytes.ptr[8] = 2;
    repair(&bytes);
    ck_assert_int_eq(qs_model_read(&model, qs_buf_view(&bytes), &err), QS_EMODEL);
    ck_assert_ptr_nonnull(strstr(err.message, "format 2"));
    qs_buf_free(&bytes);
}
END_TEST

START_TEST(files_that_are_no_files_are_refused)
{
    static const char *const paths[] = {"/dev/zero", "/", "/nonexistent/m.qsm", "/dev/null"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        qs_model *model = NULL;
        qs_error err = {0};
        ck_assert_int_ne(qs_model_load(&model, paths[i], 0, &err), QS_OK);
        ck_assert_str_eq(err.path, paths[i]);
        ck_assert_ptr_null(model);
    }
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("bundle");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, checksum_has_the_published_value);
    tcase_add_test(tests, what_is_written_is_read);
    tcase_add_test(tests, every_flipped_bit_is_noticed);
    tcase_add_test(tests, every_truncation_and_addition_is_noticed);
    tcase_add_test(tests, flipped_bits_with_repaired_checksums_are_refused_or_harmless);
    tcase_add_test(tests, extreme_numbers_in_the_table_are_refused);
    tcase_add_test(tests, a_model_that_breaks_a_rule_is_not_written);
    tcase_add_test(tests, newer_formats_are_named);
    tcase_add_test(tests, files_that_are_no_files_are_refused);
    return run_case("bundle", tests);
}
