/* Packed and plain streams: members, damage, cuts, limits; files in memory. SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "base/partfile.h"
#include "base/stream.h"
#include "run.h"

enum { ROOM = 1 << 16 };
static const char text[] = "We will talk at the table and at the other table. We will talk on.\n";
static char path[] = "/tmp/qs-stream-XXXXXX";

static size_t gzip_member(char *out, const char *bytes, size_t size)
{
    z_stream z;
    memset(&z, 0, sizeof z);
    ck_assert_int_eq(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (Bytef *)(uintptr_t)bytes;
    z.avail_in = (uInt)size;
    z.next_out = (Bytef *)out;
    z.avail_out = ROOM;
    ck_assert_int_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
    const size_t length = z.total_out;
    deflateEnd(&z);
    return length;
}

static size_t zstd_member(char *out, const char *bytes, size_t size, int window)
{
    ZSTD_CCtx *z = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(z, ZSTD_c_checksumFlag, 1);
    ZSTD_CCtx_setParameter(z, ZSTD_c_windowLog, window);
    const size_t length = ZSTD_compress2(z, out, ROOM, bytes, size);
    ZSTD_freeCCtx(z);
    ck_assert(!ZSTD_isError(length));
    return length;
}

static void put(const char *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, size, file), size);
    ck_assert_int_eq(fclose(file), 0);
}

static qs_status read_file(qs_buf *out, size_t max)
{
    qs_buf_clear(out);
    return qs_stream_read_all(out, path, max, NULL);
}

/* An empty member used to be read over and over. */
START_TEST(members_one_after_another_are_one_text)
{
    static char packed[ROOM];
    qs_buf out = {0};
    for (int kind = 0; kind < 4; kind++) {
        for (int shape = 0; shape < 8; shape++) {
            size_t size = 0, whole = 0;
            for (int part = 0; part < 3; part++) {
                const size_t length = (shape >> part & 1) != 0 ? strlen(text) : 0;
                size += kind % 2 == 0 ? gzip_member(packed + size, text, length) : zstd_member(packed + size, text, length, 17);
                whole += length;
            }
            put(packed, size);
            ck_assert_int_eq(read_file(&out, 0), QS_OK);
            ck_assert_uint_eq(out.len, whole);
            for (size_t at = 0; at < whole; at += strlen(text))
                ck_assert(memcmp(out.ptr + at, text, strlen(text)) == 0);
        }
    }
    qs_buf_free(&out);
}
END_TEST

START_TEST(what_is_cut_or_changed_is_refused_or_the_same)
{
    static char packed[ROOM], bad[ROOM];
    qs_buf out = {0};
    for (int kind = 0; kind < 2; kind++) {
        const size_t size = kind == 0 ? gzip_member(packed, text, strlen(text)) : zstd_member(packed, text, strlen(text), 17);
        for (size_t length = 4; length < size; length++) {
            put(packed, length);
            ck_assert_int_eq(read_file(&out, 0), QS_EINPUT);
        }
        for (size_t bit = 32; bit < size * 8; bit++) {
            memcpy(bad, packed, size);
            bad[bit / 8] = (char)(bad[bit / 8] ^ (1 << bit % 8));
            put(bad, size);
            const qs_status status = read_file(&out, 1 << 20);
            ck_assert(status == QS_EINPUT || status == QS_ELIMIT ||
                      (status == QS_OK && qs_str_equal(qs_buf_view(&out), qs_str_of(text))));
        }
        packed[size] = 'x'; /* something else behind */
        put(packed, size + 1);
        ck_assert_int_eq(read_file(&out, 0), QS_EINPUT);
    }
    qs_buf_free(&out);
}
END_TEST

START_TEST(what_swells_is_stopped)
{
    static char packed[ROOM];
    const size_t swollen = (size_t)40 << 20;
    char *zeros = calloc(swollen, 1);
    qs_buf out = {0};
    qs_error error = {0};
    ck_assert_ptr_nonnull(zeros);
    put(packed, gzip_member(packed, zeros, swollen)); /* deflate packs 1030 to 1 at most */
    ck_assert_int_eq(qs_stream_read_all(&out, path, 0, &error), QS_ELIMIT);
    ck_assert_ptr_nonnull(strstr(error.message, "swells"));
    put(packed, zstd_member(packed, zeros, swollen, 20));
    qs_buf_free(&out);
    out = (qs_buf){0};
    ck_assert_int_eq(qs_stream_read_all(&out, path, 0, NULL), QS_ELIMIT);
    ck_assert_uint_lt(out.capacity, (size_t)48 << 20);
    ck_assert_int_eq(read_file(&out, 1000), QS_ELIMIT);
    /* a window that would take more memory than is given */
    put(packed, zstd_member(packed, zeros, swollen, 24));
    ck_assert_int_eq(read_file(&out, 0), QS_EINPUT);
    free(zeros);
    qs_buf_free(&out);
}
END_TEST

START_TEST(what_cannot_be_read_is_told)
{
    qs_buf out = {0};
    qs_error error = {0};
    ck_assert_int_eq(qs_stream_read_all(&out, "/tmp", 0, &error), QS_EIO);
    ck_assert_str_eq(error.message, "is a folder");
    ck_assert_int_eq(qs_stream_read_all(&out, "/tmp/no-such-file-here", 0, NULL), QS_EIO);
    put("", 0);
    ck_assert_int_eq(qs_stream_read_all(&out, path, 0, NULL), QS_OK);
    ck_assert_uint_eq(out.len, 0);
    put("\x1f\x8b", 2);
    ck_assert_int_eq(qs_stream_read_all(&out, path, 0, NULL), QS_EINPUT);
    qs_buf_free(&out);
}
END_TEST

/* /dev/shm used to be taken for a device, so that nothing could be created there. */
START_TEST(files_in_memory_are_files)
{
    struct stat about;
    char name[64];
    qs_partfile *file = NULL;
    bool renamed = false;
    if (stat("/dev/shm", &about) != 0 || access("/dev/shm", W_OK) != 0)
        return;
    snprintf(name, sizeof name, "/dev/shm/qs-stream-%ld", (long)getpid());
    ck_assert_int_eq(qs_file_write(name, qs_str_of("one"), NULL), QS_OK);
    ck_assert(stat(name, &about) == 0 && about.st_size == 3);
    ck_assert(qs_partfile_fits(name));
    ck_assert_int_eq(qs_partfile_open(&file, name, NULL), QS_OK);
    ck_assert_int_eq(qs_partfile_write(file, qs_str_of("three"), NULL), QS_OK);
    ck_assert_int_eq(qs_partfile_commit(file, &renamed, NULL), QS_OK);
    ck_assert(renamed && stat(name, &about) == 0 && about.st_size == 5);
    unlink(name);
    ck_assert(!qs_partfile_fits("/dev/null") && !qs_partfile_fits("-"));
}
END_TEST

int main(void)
{
    TCase *all = tcase_create("all");
    const int fd = mkstemp(path);
    if (fd < 0 || close(fd) != 0)
        return 1;
    tcase_add_test(all, members_one_after_another_are_one_text);
    tcase_add_test(all, what_is_cut_or_changed_is_refused_or_the_same);
    tcase_add_test(all, what_swells_is_stopped);
    tcase_add_test(all, what_cannot_be_read_is_told);
    tcase_add_test(all, files_in_memory_are_files);
    const int failed = run_case("stream", all);
    unlink(path);
    return failed;
}
