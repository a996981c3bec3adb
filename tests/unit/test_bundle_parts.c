/* Tests of the model file by its parts: sections that are missing, foreign or odd under right checksums, heads that lie, and
 * memory that runs out anywhere. SPDX-License-Identifier: MIT */
#include <unistd.h>
#include <xxhash.h>

#include "base/fault.h"
#include "model/bundle_format.h"
#include "model/crc32c.h"
#include "model_fixture.h"
#include "run.h"

/* One section in the making; its numbers are made right when the file is put together. */
typedef struct part {
    uint32_t type;
    uint32_t flags;
    uint32_t element_size;
    qs_buf bytes;
} part;

typedef struct parts {
    size_t count;
    part of[QS_BUNDLE_MAX_SECTIONS + 1];
} parts;

static void parts_free(parts *p)
{
    for (size_t i = 0; i < p->count; i++)
        qs_buf_free(&p->of[i].bytes);
    p->count = 0;
}

static void take_apart(parts *p, qs_model *model)
{
    qs_buf bytes = {0};
    qs_bundle_header header;
    qs_bundle_section section;
    ck_assert_int_eq(qs_model_write(&bytes, model, NULL), QS_OK);
    memcpy(&header, bytes.ptr, sizeof header);
    *p = (parts){.count = header.section_count};
    for (size_t i = 0; i < p->count; i++) {
        memcpy(&section, bytes.ptr + sizeof header + i * sizeof section, sizeof section);
        p->of[i] = (part){section.type, section.flags, section.element_size, {0}};
        qs_buf_add_str(&p->of[i].bytes, qs_str_make(bytes.ptr + section.offset, (size_t)section.length));
    }
    qs_buf_free(&bytes);
    qs_model_destroy(model);
}

static void put_together(qs_buf *out, const parts *p)
{
    qs_bundle_section table[QS_BUNDLE_MAX_SECTIONS + 1] = {0};
    uint64_t end = sizeof(qs_bundle_header) + p->count * sizeof *table;
    for (size_t i = 0; i < p->count; i++) {
        const part *from = &p->of[i];
        const uint64_t start = (end + QS_BUNDLE_ALIGN - 1) / QS_BUNDLE_ALIGN * QS_BUNDLE_ALIGN;
        end = start + from->bytes.len;
        table[i] = (qs_bundle_section){.type = from->type, .flags = from->flags, .offset = start,
                                       .length = from->bytes.len, .element_size = from->element_size,
                                       .align = QS_BUNDLE_ALIGN, .hash = XXH64(from->bytes.ptr, from->bytes.len, 0)};
        table[i].element_count = from->element_size == 0 ? 0 : from->bytes.len / from->element_size;
    }
    qs_bundle_header header = {.magic = QS_BUNDLE_MAGIC, .major = QS_BUNDLE_MAJOR, .header_size = sizeof header,
                               .file_size = end, .section_count = (uint32_t)p->count,
                               .table_offset = sizeof header, .order = QS_BUNDLE_ORDER,
                               .table_crc = qs_crc32c(table, p->count * sizeof *table)};
    header.header_crc = qs_crc32c(&header, offsetof(qs_bundle_header, header_crc));
    qs_buf_clear(out);
    qs_buf_add_str(out, qs_str_make((const char *)&header, sizeof header));
    qs_buf_add_str(out, qs_str_make((const char *)table, p->count * sizeof *table));
    for (size_t i = 0; i < p->count; i++) {
        while (out->len < table[i].offset)
            qs_buf_add_char(out, '\0');
        qs_buf_add_str(out, qs_buf_view(&p->of[i].bytes));
    }
}

/* NULL if the file is taken, else the reason why not. */
static const char *reason(const parts *p)
{
    static qs_error err;
    qs_buf bytes = {0};
    qs_model *model = NULL;
    put_together(&bytes, p);
    err = (qs_error){0};
    const qs_status status = qs_model_read(&model, qs_buf_view(&bytes), &err);
    ck_assert(status == QS_OK ? model != NULL : status == QS_EMODEL && model == NULL);
    qs_model_destroy(model);
    qs_buf_free(&bytes);
    return status == QS_OK ? NULL : err.message;
}

static void refused(const parts *p, const char *words)
{
    const char *why = reason(p);
    ck_assert_msg(why != NULL && strstr(why, words) != NULL, "'%s' wanted, got '%s'", words, why == NULL ? "ok" : why);
}

static part *find(parts *p, uint32_t type)
{
    for (size_t i = 0; i < p->count; i++)
        if (p->of[i].type == type)
            return &p->of[i];
    ck_abort_msg("no section %u", type);
}

static void drop(parts *p, uint32_t type)
{
    part *gone = find(p, type);
    qs_buf_free(&gone->bytes);
    memmove(gone, gone + 1, (size_t)(p->of + p->count - gone - 1) * sizeof *gone);
    p->count--;
}

static void fill(parts *p, uint32_t type, qs_str bytes)
{
    part *section = find(p, type);
    qs_buf_clear(&section->bytes);
    qs_buf_add_str(&section->bytes, bytes);
}

static void append(parts *p, uint32_t type, uint32_t flags, uint32_t element_size, qs_str bytes)
{
    p->of[p->count] = (part){type, flags, element_size, {0}};
    qs_buf_add_str(&p->of[p->count++].bytes, bytes);
}

static qs_model *linear_model(void)
{
    static fixture f;
    qs_model *model = fixture_empty_model();
    const qs_learner_options options = qs_learner_defaults();
    fixture_fill(&f, 3, 2);
    fixture_add_head(model, "a", &f, 3, &options);
    return model;
}

START_TEST(what_was_taken_apart_can_be_put_together)
{
    qs_buf bytes = {0};
    qs_buf again = {0};
    parts p;
    qs_model *model = fixture_model();
    ck_assert_int_eq(qs_model_write(&bytes, model, NULL), QS_OK);
    take_apart(&p, model);
    put_together(&again, &p);
    ck_assert(qs_str_equal(qs_buf_view(&bytes), qs_buf_view(&again)));
    ck_assert_ptr_null(reason(&p));
    parts_free(&p);
    qs_buf_free(&bytes);
    qs_buf_free(&again);
}
END_TEST

START_TEST(only_optional_sections_may_be_missing)
{
    for (uint32_t type = QS_SECTION_SPEC; type < QS_SECTION_TYPES; type++) {
        parts p;
        take_apart(&p, fixture_model());
        drop(&p, type);
        const char *why = reason(&p);
        ck_assert_msg((why == NULL) == (type == QS_SECTION_IDF), "section %u: %s", type, why == NULL ? "ok" : why);
        if (type == QS_SECTION_NGRAMS) { /* both or neither */
            drop(&p, QS_SECTION_NGRAM_STARTS);
            ck_assert_ptr_null(reason(&p));
        }
        parts_free(&p);
    }
}
END_TEST

START_TEST(only_optional_sections_may_be_unknown)
{
    parts p;
    take_apart(&p, linear_model());
    append(&p, 1000, 0, 3, qs_str_of("abcdef"));
    ck_assert_ptr_null(reason(&p));
    append(&p, 1001, 0, 0, qs_str_of(""));
    refused(&p, "length does not fit");
    p.of[p.count - 1].element_size = 1;
    p.of[p.count - 1].flags = QS_BUNDLE_CRITICAL;
    refused(&p, "does not know");
    p.of[p.count - 1].flags = 0;
    ck_assert_ptr_null(reason(&p));
    p.of[p.count - 1].type = 1000;
    refused(&p, "ascending order");
    while (p.count <= QS_BUNDLE_MAX_SECTIONS)
        append(&p, 2000 + (uint32_t)p.count, 0, 1, qs_str_of("x"));
    refused(&p, "too many");
    parts_free(&p);
    refused(&p, "no sections");
}
END_TEST

START_TEST(a_damaged_unknown_section_is_noticed)
{
    qs_buf bytes = {0};
    qs_model *model = NULL;
    qs_error err = {0};
    parts p;
    take_apart(&p, linear_model());
    append(&p, 1000, 0, 1, qs_str_of("abcdef"));
    put_together(&bytes, &p);
    bytes.ptr[bytes.len - 1] ^= 1;
    ck_assert_int_eq(qs_model_read(&model, qs_buf_view(&bytes), &err), QS_EMODEL);
    ck_assert_ptr_nonnull(strstr(err.message, "section 1000 (unknown)"));
    parts_free(&p);
    qs_buf_free(&bytes);
}
END_TEST

START_TEST(a_file_that_ends_within_its_table_is_refused)
{
    qs_bundle_header header = {.magic = QS_BUNDLE_MAGIC, .major = QS_BUNDLE_MAJOR, .header_size = sizeof header,
                               .file_size = sizeof header, .section_count = 3, .table_offset = sizeof header,
                               .order = QS_BUNDLE_ORDER};
    qs_model *model = NULL;
    qs_error err = {0};
    header.header_crc = qs_crc32c(&header, offsetof(qs_bundle_header, header_crc));
    ck_assert_int_eq(qs_model_read(&model, qs_str_make((const char *)&header, sizeof header), &err), QS_EMODEL);
    ck_assert_ptr_nonnull(strstr(err.message, "table of sections is cut"));
}
END_TEST

START_TEST(odd_contents_are_refused)
{
    static const struct { uint32_t type; const char *bytes; size_t length; const char *why; } rows[] = {
        {QS_SECTION_SPEC, "\1\0\0\0", 4, "specification"},
        {QS_SECTION_META, "seed\0001", 6, "not ended"},
        {QS_SECTION_META, "seed\0001\0data", 12, "without a value"},
        {QS_SECTION_CLASSES, "no tab here\n", 12, "word classes"},
        {QS_SECTION_HEADS, "", 0, "no heads"},
        {QS_SECTION_HEADS, "\0\0\0\0", 4, "no heads"},
        {QS_SECTION_HEADS, "\1\20\0\0", 4, "no heads"},
        {QS_SECTION_HEADS, "\1\0\0\0", 4, "no heads"},
        {QS_SECTION_NGRAMS, "abc", 3, "offsets beyond the n-grams"},
        {QS_SECTION_HASHES, "", 0, "elements"},
        {QS_SECTION_IDF, "\0\0\0\0", 4, "idf"},
        {QS_SECTION_WEIGHTS, "\0\0\0\0", 4, "weights"},
        {QS_SECTION_SUPPORT_STARTS, "\0\0\0\0\0\0\0\0", 8, "elements"},
        {QS_SECTION_SUPPORT_INDICES, "\0\0\0\0", 4, "beyond the vectors"},
        {QS_SECTION_SUPPORT_VALUES, "\0\0\0\0", 4, "elements"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        parts p;
        take_apart(&p, fixture_model());
        fill(&p, rows[i].type, qs_str_make(rows[i].bytes, rows[i].length));
        refused(&p, rows[i].why);
        parts_free(&p);
    }
}
END_TEST

START_TEST(support_vectors_need_a_head_that_uses_them)
{
    static const uint32_t types[] = {QS_SECTION_SUPPORT_STARTS, QS_SECTION_SUPPORT_INDICES, QS_SECTION_SUPPORT_VALUES};
    static const uint32_t sizes[] = {8, 4, 4};
    for (size_t i = 0; i < 3; i++) {
        parts p;
        take_apart(&p, linear_model());
        drop(&p, QS_SECTION_CLASSES); /* the types ascend */
        append(&p, types[i], QS_BUNDLE_CRITICAL, sizes[i], qs_str_make("\0\0\0\0\0\0\0\0", 8));
        refused(&p, "support vectors that no head uses");
        parts_free(&p);
    }
}
END_TEST

/* Sets a number of the first head and tries. */
static void head_refused(size_t field, uint64_t value, size_t size, const char *why)
{
    parts p;
    take_apart(&p, linear_model());
    memcpy(find(&p, QS_SECTION_HEADS)->bytes.ptr + sizeof(uint32_t) + field, &value, size);
    refused(&p, why);
    parts_free(&p);
}

START_TEST(heads_that_lie_are_refused)
{
    const size_t labels_at = sizeof(qs_bundle_head) + 1; /* behind the name "a" */
    head_refused(offsetof(qs_bundle_head, name_length), 257, 4, "too long");
    head_refused(offsetof(qs_bundle_head, name_length), UINT32_MAX, 4, "too long");
    head_refused(offsetof(qs_bundle_head, label_count), 0, 4, "labels");
    head_refused(offsetof(qs_bundle_head, label_count), 1, 4, "labels");
    head_refused(offsetof(qs_bundle_head, label_count), 257, 4, "labels");
    head_refused(offsetof(qs_bundle_head, decision), 2, 4, "unknown decision");
    head_refused(offsetof(qs_bundle_head, kernel), 3, 4, "unknown decision");
    head_refused(offsetof(qs_bundle_head, has_label_bias), 2, 4, "unknown decision");
    head_refused(offsetof(qs_bundle_head, knot_count), UINT64_C(1) << 61, 8, "cut short");
    head_refused(offsetof(qs_bundle_head, support_count), UINT64_MAX, 8, "too many support vectors");
    head_refused(offsetof(qs_bundle_head, support_count), 1000, 8, "cut short");
    head_refused(labels_at, 65, 4, "too long");
    head_refused(labels_at, 60, 4, ""); /* the rest is read out of step */
}
END_TEST

START_TEST(heads_that_are_cut_or_longer_are_refused)
{
    parts p;
    take_apart(&p, fixture_model());
    qs_buf *heads = &find(&p, QS_SECTION_HEADS)->bytes;
    const size_t length = heads->len;
    for (heads->len = 0; heads->len < length; heads->len++)
        ck_assert_msg(reason(&p) != NULL, "cut at %zu of %zu", heads->len, length);
    ck_assert_ptr_null(reason(&p));
    qs_buf_add_char(heads, '\0');
    refused(&p, "after the last head");
    parts_free(&p);
}
END_TEST

/* All checksums right, but something stands behind the last section. */
START_TEST(nothing_may_follow_the_last_section)
{
    qs_buf bytes = {0};
    qs_model *model = fixture_model();
    qs_error err = {0};
    qs_bundle_header header;
    ck_assert_int_eq(qs_model_write(&bytes, model, NULL), QS_OK);
    qs_model_destroy(model);
    qs_buf_add_char(&bytes, '\0');
    memcpy(&header, bytes.ptr, sizeof header);
    header.file_size++;
    header.header_crc = qs_crc32c(&header, offsetof(qs_bundle_header, header_crc));
    memcpy(bytes.ptr, &header, sizeof header);
    ck_assert_int_eq(qs_model_read(&model, qs_buf_view(&bytes), &err), QS_EMODEL);
    ck_assert_ptr_nonnull(strstr(err.message, "after the last section"));
    ck_assert_uint_eq(err.offset, bytes.len - 1);
    qs_buf_free(&bytes);
}
END_TEST

/* What a model does not have, it does not write; what it wrote, it reads. */
START_TEST(a_model_of_the_least)
{
    static fixture f;
    qs_learner_options options = qs_learner_defaults();
    qs_model *model = fixture_empty_model();
    qs_model *again = NULL;
    qs_buf bytes = {0};
    fixture_fill(&f, 2, 1);
    options.kernel = QS_RBF;
    options.gamma = 0.5;
    fixture_add_head(model, "c", &f, 2, &options);
    qs_free(model->idf);
    qs_free(model->ngram_starts);
    qs_free(model->ngrams);
    model->idf = NULL;
    model->ngram_starts = NULL;
    model->ngrams = NULL;
    model->spec.weighting = QS_WEIGHT_PRESENCE;
    ck_assert_int_eq(qs_model_write(&bytes, model, NULL), QS_OK);
    ck_assert_int_eq(qs_model_read(&again, qs_buf_view(&bytes), NULL), QS_OK);
    ck_assert(again->idf == NULL && again->ngrams == NULL && again->weights == NULL && again->support_count > 0);
    qs_buf_free(&bytes);
    qs_model_destroy(again);
    qs_model_destroy(model);
}
END_TEST

#ifdef QS_FAULTS
START_TEST(a_model_is_written_whole_or_not)
{
    qs_model *model = fixture_model();
    qs_status status = QS_ENOMEM;
    unsigned long nth = 0;
    while (status != QS_OK && nth < 1000) {
        qs_buf bytes = {0};
        qs_error err = {0};
        qs_fault_plan(QS_FAULT_ALLOC, ++nth, false);
        status = qs_model_write(&bytes, model, &err);
        qs_fault_plan(QS_FAULT_ALLOC, 0, false);
        ck_assert(status == QS_OK || (status == QS_ENOMEM && err.message[0] != '\0'));
        qs_buf_free(&bytes);
    }
    ck_assert(nth > 3 && nth < 1000);
    qs_model_destroy(model);
}
END_TEST

START_TEST(memory_may_run_out_anywhere)
{
    qs_buf bytes = {0};
    qs_model *model = fixture_model();
    unsigned long nth = 0;
    qs_status status = QS_ENOMEM;
    ck_assert_int_eq(qs_model_write(&bytes, model, NULL), QS_OK);
    qs_model_destroy(model);
    while (status != QS_OK && nth < 10000) {
        qs_error err = {0};
        qs_fault_plan(QS_FAULT_ALLOC, ++nth, false);
        status = qs_model_read(&model, qs_buf_view(&bytes), &err);
        qs_fault_plan(QS_FAULT_ALLOC, 0, false);
        ck_assert_msg(status == QS_OK || (status == QS_ENOMEM && model == NULL && err.message[0] != '\0'),
                      "allocation %lu: status %d", nth, (int)status);
        qs_model_destroy(model);
    }
    ck_assert_uint_gt(nth, 40); /* each label, each array, each number of provenance */
    ck_assert_uint_lt(nth, 10000);
    qs_buf_free(&bytes);
}
END_TEST

START_TEST(reading_may_fail_anywhere)
{
    char path[] = "/tmp/qs-bundle-XXXXXX";
    qs_buf bytes = {0};
    qs_model *model = fixture_model();
    unsigned long nth = 0;
    qs_status status = QS_EIO;
    const int fd = mkstemp(path);
    ck_assert_int_eq(qs_model_write(&bytes, model, NULL), QS_OK);
    qs_model_destroy(model);
    ck_assert_int_eq(write(fd, bytes.ptr, bytes.len), (ssize_t)bytes.len);
    close(fd);
    while (status != QS_OK && nth < 100) {
        qs_error err = {0};
        qs_fault_plan(QS_FAULT_IO, ++nth, false);
        status = qs_model_load(&model, path, 0, &err);
        qs_fault_plan(QS_FAULT_IO, 0, false);
        ck_assert(status == QS_OK || (status == QS_EIO && model == NULL && strcmp(err.path, path) == 0));
        qs_model_destroy(model);
    }
    ck_assert(nth > 2 && nth < 100);
    unlink(path);
    qs_buf_free(&bytes);
}
END_TEST
#endif

int main(void)
{
    TCase *tests = tcase_create("bundle_parts");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, nothing_may_follow_the_last_section);
    tcase_add_test(tests, a_model_of_the_least);
#ifdef QS_FAULTS
    tcase_add_test(tests, a_model_is_written_whole_or_not);
#endif
    tcase_add_test(tests, what_was_taken_apart_can_be_put_together);
    tcase_add_test(tests, only_optional_sections_may_be_missing);
    tcase_add_test(tests, only_optional_sections_may_be_unknown);
    tcase_add_test(tests, a_damaged_unknown_section_is_noticed);
    tcase_add_test(tests, a_file_that_ends_within_its_table_is_refused);
    tcase_add_test(tests, odd_contents_are_refused);
    tcase_add_test(tests, support_vectors_need_a_head_that_uses_them);
    tcase_add_test(tests, heads_that_lie_are_refused);
    tcase_add_test(tests, heads_that_are_cut_or_longer_are_refused);
#ifdef QS_FAULTS
    tcase_add_test(tests, memory_may_run_out_anywhere);
    tcase_add_test(tests, reading_may_fail_anywhere);
#endif
    return run_case("bundle_parts", tests);
}
