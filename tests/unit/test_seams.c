/* What every other layer stands on, when memory runs out, disks fail, calls are cut short or interrupted.
 * SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/partfile.h"
#include "base/stream.h"
#include "quotestance/version.h"
#include "run.h"

static char folder[] = "/tmp/qs-seams-XXXXXX";
static char path[80];

static void put(const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, size, file), size);
    ck_assert_int_eq(fclose(file), 0);
}

static void nap(int milliseconds)
{
    (void)poll(NULL, 0, milliseconds);
}

static bool holds(const char *file, const char *bytes, size_t size)
{
    qs_buf found = {0};
    const bool same = qs_file_read(&found, file, (size_t)1 << 30, NULL) == QS_OK && found.len == size &&
                      (size == 0 || memcmp(found.ptr, bytes, size) == 0);
    qs_buf_free(&found);
    return same;
}

/* Nothing but the named files in the folder; counts them. */
static int files_in_folder(void)
{
    char command[128];
    int count = 0;
    (void)snprintf(command, sizeof command, "find %s -type f | wc -l", folder);
    FILE *pipe = popen(command, "r");
    ck_assert_ptr_nonnull(pipe);
    ck_assert_int_eq(fscanf(pipe, "%d", &count), 1);
    pclose(pipe);
    return count;
}

START_TEST(every_status_has_its_words)
{
    static const qs_status all[] = {
#define ONE(name, value, exit_code, words) name,
        QS_STATUS_TABLE(ONE)
#undef ONE
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        ck_assert_uint_gt(strlen(qs_status_words(all[i])), 1);
        ck_assert_int_eq(strncmp(qs_status_name(all[i]), "QS_", 3), 0);
        ck_assert_int_eq(qs_status_exit_code(all[i]) == 0, all[i] == QS_OK);
        for (size_t k = 0; k < i; k++)
            ck_assert_str_ne(qs_status_name(all[i]), qs_status_name(all[k]));
    }
    ck_assert_str_eq(qs_status_words((qs_status)999), "unknown status");
    ck_assert_str_eq(qs_status_name((qs_status)999), "QS_UNKNOWN");
    ck_assert_int_eq(qs_status_exit_code((qs_status)999), 5);
    ck_assert_str_eq(qs_version(), QS_VERSION);
}
END_TEST

START_TEST(messages_are_one_line_and_tame)
{
    qs_error err;
    ck_assert_int_eq(qs_fail(&err, QS_EINPUT, "a\nb\x1b[2Jc\x7f"), QS_EINPUT);
    ck_assert_str_eq(err.message, "a?b?[2Jc?");
    ck_assert_int_eq(qs_fail(NULL, QS_EIO, "nobody listens"), QS_EIO);
    ck_assert_int_eq(qs_fail_at(NULL, QS_EIO, 1, 2, "nobody listens"), QS_EIO);
    qs_error_set_path(&err, "first");
    qs_error_set_path(&err, "second");
    qs_error_set_path(NULL, "nobody");
    ck_assert_str_eq(err.path, "first");
}
END_TEST

START_TEST(sizes_that_cannot_be_are_refused)
{
    void *block = qs_alloc(0, 7); /* nothing is a block, too */
    size_t capacity = 0;
    char *items = NULL;
    ck_assert_ptr_nonnull(block);
    ck_assert_ptr_null(qs_alloc(SIZE_MAX / 2, 3));
    ck_assert_ptr_null(qs_alloc_zero((size_t)PTRDIFF_MAX + 1, 1));
    ck_assert_ptr_null(qs_realloc(block, SIZE_MAX, SIZE_MAX));
    qs_free(block);
    ck_assert_int_eq(qs_grow(&items, &capacity, SIZE_MAX - 1, 1, NULL), QS_ENOMEM);
    ck_assert_uint_eq(capacity, 0);
    qs_arena arena = {0};
    ck_assert_ptr_null(qs_arena_alloc(&arena, SIZE_MAX / 2, 4));
    ck_assert_ptr_null(qs_arena_alloc(&arena, PTRDIFF_MAX, 1));
    qs_arena_free(&arena);
    qs_alloc_trim();
}
END_TEST

START_TEST(a_failed_buffer_stays_as_it_was)
{
    qs_buf buf = {0};
    qs_buf_add_text(&buf, "whole");
    ck_assert(!qs_buf_reserve(&buf, SIZE_MAX));
    ck_assert(!qs_buf_reserve(&buf, 1)); /* once failed, it takes nothing more */
    qs_buf_add(&buf, "x", 1);
    qs_buf_add_char(&buf, 'x');
    ck_assert(buf.failed && buf.len == 5);
    ck_assert_int_eq(qs_buf_status(&buf, NULL), QS_ENOMEM);
    qs_buf_clear(&buf);
    ck_assert(!qs_buf_reserve(&buf, (size_t)PTRDIFF_MAX + 1));
    qs_buf_free(&buf);
}
END_TEST

START_TEST(long_and_odd_pieces)
{
    static char long_text[1000];
    qs_buf buf = {0};
    memset(long_text, 'a', sizeof long_text - 1);
    qs_buf_addf(&buf, "%s", long_text); /* cut, by contract */
    ck_assert_uint_eq(buf.len, 511);
    qs_buf_clear(&buf);
    qs_buf_add_fixed(&buf, 1e300, 2);
    qs_buf_add_char(&buf, ' ');
    qs_buf_add_fixed(&buf, 0.5, -1);
    qs_buf_add_char(&buf, ' ');
    qs_buf_add_fixed(&buf, 0.25, 16);
    qs_buf_add_char(&buf, ' ');
    qs_buf_add_double(&buf, 0.1 + 0.2); /* needs 17 digits */
    ck_assert_uint_eq(buf.len, strlen("1e+300 0.5 0.25 0.30000000000000004"));
    ck_assert_mem_eq(buf.ptr, "1e+300 0.5 0.25 0.30000000000000004", buf.len);
    qs_buf_free(&buf);
}
END_TEST

START_TEST(what_is_no_plain_file_is_told)
{
    qs_buf buf = {0};
    qs_error err;
    int ends[2];
    put("0123456789", 10);
    ck_assert_int_eq(qs_file_read(&buf, path, 9, &err), QS_ELIMIT);
    ck_assert_int_eq(qs_file_read(&buf, "/proc/self/maps", 10, &err), QS_ELIMIT); /* grows while it is read: its size is 0 */
    ck_assert_int_eq(qs_file_read(&buf, folder, 100, &err), QS_EIO);
    ck_assert_str_eq(err.path, folder);
    qs_buf_free(&buf);
    ck_assert_int_eq(qs_io_sync_folder("file", &err), QS_OK); /* in the folder that is the present one */
    ck_assert_int_eq(qs_io_sync_folder("/file", &err), QS_OK);
    ck_assert_int_eq(qs_io_sync_folder("/nowhere/file", &err), QS_EIO);
    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(qs_io_sync(ends[1]), 0); /* nothing to sync is no failure */
    ck_assert_int_eq(qs_io_cut(ends[1], 0), -1);
    close(ends[0]);
    ck_assert_int_eq(qs_io_close(ends[1]), 0);
    ck_assert_int_eq(qs_io_close(ends[1]), -1);
    unlink(path);
}
END_TEST

/* A pipe that does not block, filled and read slowly by another process: all arrives. */
START_TEST(what_does_not_block_is_waited_for)
{
    static char bytes[1 << 20];
    int ends[2];
    int status = 0;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i % 251);
    ck_assert_int_eq(pipe(ends), 0);
    ck_assert_int_eq(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
    ck_assert_int_eq(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
    const pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        static char got[1 << 20];
        size_t len = 0;
        close(ends[1]);
        for (ssize_t n = 1; n > 0 && len < sizeof got; len += (size_t)(n > 0 ? n : 0)) {
            n = qs_io_read(ends[0], got + len, sizeof got - len);
            nap(1);
        }
        _exit(len == sizeof got && memcmp(got, bytes, len) == 0 ? 0 : 1);
    }
    close(ends[0]);
    ck_assert_int_eq(qs_io_write_all(ends[1], bytes, sizeof bytes, NULL), QS_OK);
    close(ends[1]);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
}
END_TEST

START_TEST(outputs_are_files_devices_or_refused)
{
    qs_outfile *file = NULL;
    qs_error err;
    static char large[400 * 1024];
    char fifo[100];
    char inside[100];
    memset(large, 'z', sizeof large);
    ck_assert_int_eq(qs_file_write(folder, qs_str_of("x"), &err), QS_EIO);
    ck_assert_str_eq(err.message, "is a folder");
    (void)snprintf(inside, sizeof inside, "%s/nowhere/file", folder);
    ck_assert_int_eq(qs_file_write(inside, qs_str_of("x"), &err), QS_EIO);
    ck_assert_int_eq(qs_file_write("/dev/nowhere", qs_str_of("x"), &err), QS_EIO);
    ck_assert_int_eq(qs_file_write("/dev/null", qs_str_make(large, sizeof large), &err), QS_OK);
    ck_assert_int_eq(qs_file_write("/dev/full", qs_str_of("x"), &err), QS_EIO);
    ck_assert_int_eq(qs_outfile_open(&file, "/dev/full", &err), QS_OK);
    ck_assert_int_eq(qs_outfile_write(file, qs_str_of("x"), &err), QS_OK);
    ck_assert_int_eq(qs_outfile_write(file, qs_str_make(large, sizeof large), &err), QS_EIO);
    qs_outfile_abandon(file);
    (void)snprintf(fifo, sizeof fifo, "%s/fifo", folder);
    ck_assert_int_eq(mkfifo(fifo, 0600), 0);
    const int reader = open(fifo, O_RDONLY | O_NONBLOCK);
    ck_assert_int_eq(qs_file_write(fifo, qs_str_of("through"), &err), QS_OK);
    char got[16];
    ck_assert_int_eq(read(reader, got, sizeof got), 7);
    close(reader);
    qs_partfile *part = NULL;
    ck_assert(!qs_partfile_fits(fifo) && qs_partfile_fits(path) && qs_partfile_fits(folder));
    ck_assert_int_eq(qs_partfile_open(&part, folder, &err), QS_EIO);
    unlink(fifo);
    ck_assert_int_eq(qs_file_write(path, qs_str_make(large, sizeof large), &err), QS_OK);
    ck_assert(holds(path, large, sizeof large));
    unlink(path);
    ck_assert_int_eq(files_in_folder(), 0);
}
END_TEST

/* Names that are taken do not stop an output; when all are, it is told, and nothing of others is removed. */
START_TEST(temporary_names_may_be_taken)
{
    char name[120];
    for (int i = 0; i < 100; i++) {
        (void)snprintf(name, sizeof name, "%s.%ld.%d.tmp", path, (long)getpid(), i);
        FILE *file = fopen(name, "w");
        ck_assert_ptr_nonnull(file);
        fclose(file);
        if (i == 0) {
            ck_assert_int_eq(qs_file_write(path, qs_str_of("x"), NULL), QS_OK);
            ck_assert(holds(path, "x", 1));
        }
    }
    ck_assert_int_eq(qs_file_write(path, qs_str_of("y"), NULL), QS_EIO);
    ck_assert(holds(path, "x", 1));
    ck_assert_int_eq(files_in_folder(), 101);
    for (int i = 0; i < 100; i++) {
        (void)snprintf(name, sizeof name, "%s.%ld.%d.tmp", path, (long)getpid(), i);
        unlink(name);
    }
    unlink(path);
}
END_TEST

START_TEST(a_stop_ends_what_waits)
{
    char fifo[100];
    int stop = 1;
    char byte;
    size_t got = 0;
    qs_stream *stream = NULL;
    (void)snprintf(fifo, sizeof fifo, "%s/fifo", folder);
    ck_assert_int_eq(mkfifo(fifo, 0600), 0);
    const int writer = open(fifo, O_RDWR);
    ck_assert_int_eq(write(writer, "text", 4), 4);
    ck_assert_int_eq(qs_stream_open(&stream, fifo, 0, NULL), QS_OK);
    ck_assert(qs_stream_ready(stream)); /* what was read to tell the packing */
    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(qs_stream_read(stream, &byte, 1, &got, NULL), QS_OK);
    ck_assert(!qs_stream_ready(stream));
    qs_stream_set_stop(stream, &stop);
    ck_assert_int_eq(qs_stream_read(stream, &byte, 1, &got, NULL), QS_EINTERRUPTED);
    stop = 0;
    ck_assert_int_eq(write(writer, "!", 1), 1);
    ck_assert(qs_stream_ready(stream));
    ck_assert_int_eq(qs_stream_read(stream, &byte, 1, &got, NULL), QS_OK);
    ck_assert(got == 1 && byte == '!');
    ck_assert_int_eq(qs_stream_read(stream, &byte, 0, &got, NULL), QS_OK); /* nothing asked, nothing given */
    const pid_t child = fork(); /* who sends the rest after a while, and is the last that could */
    if (child == 0) {
        nap(250);
        _exit(write(writer, "?", 1) == 1 ? 0 : 1);
    }
    close(writer);
    ck_assert_int_eq(qs_stream_read(stream, &byte, 1, &got, NULL), QS_OK);
    ck_assert(got == 1 && byte == '?');
    ck_assert_int_eq(waitpid(child, NULL, 0), child);
    ck_assert_int_eq(qs_stream_read(stream, &byte, 1, &got, NULL), QS_OK);
    ck_assert_uint_eq(got, 0);
    ck_assert(qs_stream_ready(stream));
    qs_stream_close(stream);
    unlink(fifo);
}
END_TEST

/* Longer than zlib can count at once. */
START_TEST(more_room_than_zlib_can_count)
{
    static unsigned char packed[200];
    char out[64];
    size_t got = 0;
    z_stream z;
    memset(&z, 0, sizeof z);
    ck_assert_int_eq(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (Bytef *)(uintptr_t) "short";
    z.avail_in = 5;
    z.next_out = packed;
    z.avail_out = sizeof packed;
    ck_assert_int_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
    put(packed, z.total_out);
    deflateEnd(&z);
    qs_stream *stream = NULL;
    ck_assert_int_eq(qs_stream_open(&stream, path, 0, NULL), QS_OK);
    volatile size_t claimed = (size_t)UINT_MAX + 5; /* what comes fits all the same */
    ck_assert_int_eq(qs_stream_read(stream, out, claimed, &got, NULL), QS_OK);
    ck_assert_uint_eq(got, 5);
    qs_stream_close(stream);
    unlink(path);
}
END_TEST

#ifdef QS_FAULTS
/* One piece of work, and whether its result is whole. */
typedef qs_status (*work)(qs_error *err);

static char content[300 * 1024];

static qs_status write_file(qs_error *err)
{
    return qs_file_write(path, qs_str_make(content, sizeof content), err);
}

static qs_status write_pieces(qs_error *err)
{
    qs_outfile *file = NULL;
    qs_status status = qs_outfile_open(&file, path, err);
    for (size_t at = 0; status == QS_OK && at < sizeof content; at += sizeof content / 16)
        status = qs_outfile_write(file, qs_str_make(content + at, sizeof content / 16), err);
    if (status == QS_OK)
        return qs_outfile_commit(file, err);
    qs_outfile_abandon(file);
    return status;
}

static qs_status write_part(qs_error *err)
{
    qs_partfile *file = NULL;
    bool renamed = false;
    char head[64];
    size_t got = 0;
    qs_status status = qs_partfile_open(&file, path, err);
    if (status == QS_OK)
        status = qs_partfile_write(file, qs_str_make(content, sizeof content), err);
    if (status == QS_OK)
        status = qs_partfile_read(file, 10, head, sizeof head, &got, err);
    ck_assert(status != QS_OK || (got > 0 && memcmp(head, content + 10, got) == 0));
    if (status == QS_OK)
        status = qs_partfile_cut(file, 100, err);
    if (status == QS_OK)
        status = qs_partfile_write(file, qs_str_make(content + 100, sizeof content - 100), err);
    if (status == QS_OK)
        status = qs_partfile_commit(file, &renamed, err);
    if (!renamed)
        qs_partfile_close(file, false);
    return status;
}

static char packed_path[100];

static qs_status read_packed(qs_error *err)
{
    qs_buf out = {0};
    const qs_status status = qs_stream_read_all(&out, packed_path, 0, err);
    ck_assert(status != QS_OK || (out.len == sizeof content && memcmp(out.ptr, content, out.len) == 0));
    qs_buf_free(&out);
    return status;
}

static qs_status read_whole(qs_error *err)
{
    qs_buf out = {0};
    const qs_status status = qs_file_read(&out, packed_path, (size_t)1 << 30, err);
    qs_buf_free(&out);
    return status;
}

/* Each call fails once: the work fails with that reason, or is done all the same; nothing is left half done. Each call cut short or
 * interrupted: done. */
static void break_everywhere(work do_it, bool writes)
{
    static const struct {
        qs_fault_kind kind;
        qs_fault_effect effect;
    } ways[] = {{QS_FAULT_ALLOC, QS_FAULT_FAIL}, {QS_FAULT_IO, QS_FAULT_FAIL}, {QS_FAULT_IO, QS_FAULT_CUT},
                {QS_FAULT_IO, QS_FAULT_INTERRUPT}};
    for (size_t way = 0; way < sizeof ways / sizeof *ways; way++) {
        for (int persistent = 0; persistent < 2; persistent++) {
            bool reached = true;
            for (unsigned long nth = 1; reached; nth++) {
                qs_error err = {0};
                unlink(path);
                if (ways[way].kind == QS_FAULT_ALLOC)
                    qs_fault_plan(QS_FAULT_ALLOC, nth, persistent != 0);
                else
                    qs_fault_plan_effect(nth, persistent != 0, ways[way].effect);
                const qs_status status = do_it(&err);
                reached = qs_fault_count(ways[way].kind) >= nth && (ways[way].effect != QS_FAULT_CUT || nth < (persistent ? 2 : 40));
                qs_fault_plan(ways[way].kind, 0, false);
                if (ways[way].effect != QS_FAULT_FAIL)
                    ck_assert_int_eq(status, QS_OK);
                ck_assert(status == QS_OK || status == (ways[way].kind == QS_FAULT_ALLOC ? QS_ENOMEM : QS_EIO));
                ck_assert(status == QS_OK || err.message[0] != '\0');
                ck_assert(access(path, F_OK) != 0 || holds(path, content, sizeof content));
                ck_assert(status != QS_OK || !writes || holds(path, content, sizeof content));
            }
        }
    }
    unlink(path);
    ck_assert_int_le(files_in_folder(), 1); /* the packed one */
}

static void fill_content(void)
{
    unsigned state = 1; /* as good as random: no packing hides how much there is to read */
    for (size_t i = 0; i < sizeof content; i++) {
        state = state * 1103515245u + 12345u;
        content[i] = (char)(state >> 16);
    }
}

START_TEST(outputs_hold_in_every_call)
{
    fill_content();
    break_everywhere(write_file, true);
    break_everywhere(write_pieces, true);
    break_everywhere(write_part, true);
}
END_TEST

START_TEST(inputs_hold_in_every_call)
{
    static char packed[sizeof content + 4096];
    fill_content();
    (void)snprintf(packed_path, sizeof packed_path, "%s/packed", folder);
    for (int kind = 0; kind < 3; kind++) {
        size_t size = sizeof content;
        if (kind == 0)
            memcpy(packed, content, size);
        else if (kind == 1)
            size = ZSTD_compress(packed, sizeof packed, content, sizeof content, 3);
        else {
            z_stream z;
            memset(&z, 0, sizeof z);
            ck_assert_int_eq(deflateInit2(&z, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
            z.next_in = (Bytef *)content;
            z.avail_in = sizeof content;
            z.next_out = (Bytef *)packed;
            z.avail_out = sizeof packed;
            ck_assert_int_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
            size = z.total_out;
            deflateEnd(&z);
        }
        FILE *file = fopen(packed_path, "wb");
        ck_assert_ptr_nonnull(file);
        ck_assert_uint_eq(fwrite(packed, 1, size, file), size);
        ck_assert_int_eq(fclose(file), 0);
        break_everywhere(read_packed, false);
        if (kind == 0)
            break_everywhere(read_whole, false);
    }
    unlink(packed_path);
}
END_TEST

START_TEST(a_folder_that_cannot_be_synced)
{
    for (unsigned long nth = 1; nth <= 2; nth++) {
        qs_error err = {0};
        qs_fault_plan(QS_FAULT_IO, nth, false);
        ck_assert_int_eq(qs_io_sync_folder(path, &err), QS_EIO);
        qs_fault_plan(QS_FAULT_IO, 0, false);
    }
    qs_fault_plan(QS_FAULT_ALLOC, 1, false);
    ck_assert_int_eq(qs_io_sync_folder(path, NULL), QS_ENOMEM);
    qs_fault_plan(QS_FAULT_ALLOC, 0, false);
    qs_fault_plan_effect(1, false, QS_FAULT_INTERRUPT);
    ck_assert_int_eq(qs_io_close(open("/dev/null", O_RDONLY)), 0);
    qs_fault_plan(QS_FAULT_IO, 0, false);
}
END_TEST
#endif

int main(void)
{
    TCase *tests = tcase_create("seams");
    tcase_set_timeout(tests, 300);
    if (mkdtemp(folder) == NULL)
        return EXIT_FAILURE;
    (void)snprintf(path, sizeof path, "%s/file", folder);
    tcase_add_test(tests, every_status_has_its_words);
    tcase_add_test(tests, messages_are_one_line_and_tame);
    tcase_add_test(tests, sizes_that_cannot_be_are_refused);
    tcase_add_test(tests, a_failed_buffer_stays_as_it_was);
    tcase_add_test(tests, long_and_odd_pieces);
    tcase_add_test(tests, what_is_no_plain_file_is_told);
    tcase_add_test(tests, what_does_not_block_is_waited_for);
    tcase_add_test(tests, outputs_are_files_devices_or_refused);
    tcase_add_test(tests, temporary_names_may_be_taken);
    tcase_add_test(tests, a_stop_ends_what_waits);
    tcase_add_test(tests, more_room_than_zlib_can_count);
#ifdef QS_FAULTS
    tcase_add_test(tests, outputs_hold_in_every_call);
    tcase_add_test(tests, inputs_hold_in_every_call);
    tcase_add_test(tests, a_folder_that_cannot_be_synced);
#endif
    const int code = run_case("seams", tests);
    rmdir(folder);
    return code;
}
