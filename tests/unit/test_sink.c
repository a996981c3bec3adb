/* Runs that are taken up again: the journal torn and changed at every byte, other runs, outputs that are not as they were.
 * SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fault.h"
#include "pipeline/journal.h"
#include "run.h"

static char folder[] = "/tmp/qs-sink-XXXXXX";
static char out[64], partial[64], journal[64];
static const qs_identity identity = {1, 2, 3, 4};

enum { PIECE = 300 * 1024, PIECES = 3 }; /* each more than a journal waits for */
static char piece[PIECE];

static void write_file(const char *path, const char *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, size, file), size);
    ck_assert_int_eq(fclose(file), 0);
}

static qs_buf read_file(const char *path)
{
    qs_buf bytes = {0};
    ck_assert_int_eq(qs_file_read(&bytes, path, (size_t)1 << 30, NULL), QS_OK);
    return bytes;
}

static bool exists(const char *path)
{
    return access(path, F_OK) == 0;
}

static void clear(void)
{
    unlink(out);
    unlink(partial);
    unlink(journal);
}

static qs_status write_piece(qs_sink *sink, uint64_t number, qs_error *err)
{
    memset(piece, 'a' + (int)number, sizeof piece - 1);
    piece[sizeof piece - 1] = '\n';
    const qs_progress_mark mark = {.input = 1, .number = number + 1, .offset = number * 10};
    return qs_sink_write(sink, qs_str_make(piece, sizeof piece), &mark, err);
}

/* Leaves a partial output of all pieces and a journal with an entry for all but the last. */
static void leave_run(void)
{
    qs_sink *sink = NULL;
    qs_progress_mark from;
    clear();
    ck_assert_int_eq(qs_sink_open(&sink, out, false, &identity, &from, NULL), QS_OK);
    ck_assert(qs_sink_is_empty(sink));
    for (uint64_t i = 0; i < PIECES; i++)
        ck_assert_int_eq(write_piece(sink, i, NULL), QS_OK);
    ck_assert(qs_sink_abandon(sink, QS_SINK_KEEP));
    ck_assert(!exists(out) && exists(partial) && exists(journal));
}

/* Resumes, writes what is missing, commits; the piece it went on from. */
static uint64_t finish(void)
{
    qs_sink *sink = NULL;
    qs_progress_mark from;
    struct stat about;
    ck_assert_int_eq(qs_sink_open(&sink, out, true, &identity, &from, NULL), QS_OK);
    ck_assert(from.number <= PIECES);
    ck_assert(qs_sink_is_empty(sink) == (from.number == 0));
    for (uint64_t i = from.number; i < PIECES; i++)
        ck_assert_int_eq(write_piece(sink, i, NULL), QS_OK);
    ck_assert_int_eq(qs_sink_commit(sink, NULL), QS_OK);
    ck_assert(!exists(partial) && !exists(journal));
    ck_assert(stat(out, &about) == 0);
    ck_assert_int_eq(about.st_size, PIECE * PIECES);
    qs_buf bytes = read_file(out);
    for (size_t i = 0; i < bytes.len; i += 4096)
        ck_assert(bytes.ptr[i] == 'a' + (int)(i / PIECE) || bytes.ptr[i] == '\n');
    qs_buf_free(&bytes);
    return from.number;
}

START_TEST(a_run_goes_on_where_its_journal_ends)
{
    leave_run();
    ck_assert_uint_eq(finish(), PIECES);
}
END_TEST

START_TEST(a_journal_torn_at_any_byte_loses_what_is_torn)
{
    leave_run();
    qs_buf whole = read_file(journal), output = read_file(partial);
    for (size_t length = 0; length < whole.len; length += length % 24 == 0 ? 1 : length % 24 == 1 ? 22 : 1) {
        clear();
        write_file(partial, output.ptr, output.len);
        write_file(journal, whole.ptr, length);
        const uint64_t entries = length < 48 ? 0 : (length - 48) / sizeof(qs_journal_entry);
        ck_assert_uint_eq(finish(), entries);
    }
    qs_buf_free(&whole);
    qs_buf_free(&output);
}
END_TEST

START_TEST(a_journal_changed_at_any_byte_is_not_trusted_behind_it)
{
    leave_run();
    qs_buf whole = read_file(journal);
    for (size_t at = 0; at < whole.len; at++) {
        qs_journal_entry *entries = NULL;
        size_t count = 0;
        whole.ptr[at] = (char)(whole.ptr[at] ^ 0x10);
        write_file(journal, whole.ptr, whole.len);
        ck_assert_int_eq(qs_journal_read(&entries, &count, journal, &identity, NULL), QS_OK);
        ck_assert_uint_eq(count, at < 48 ? 0 : (at - 48) / sizeof(qs_journal_entry));
        qs_free(entries);
        whole.ptr[at] = (char)(whole.ptr[at] ^ 0x10);
    }
    qs_buf_free(&whole);
}
END_TEST

START_TEST(another_run_is_refused_and_left_as_it_is)
{
    const struct { qs_identity other; qs_status status; const char *words; } cases[] = {
        {{9, 2, 3, 4}, QS_EUSAGE, "version"}, {{1, 9, 3, 4}, QS_EMODEL, "model"},
        {{1, 2, 9, 4}, QS_EUSAGE, "options"}, {{1, 2, 3, 9}, QS_EINPUT, "inputs"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        qs_sink *sink = NULL;
        qs_progress_mark from;
        qs_error error = {0};
        leave_run();
        ck_assert_int_eq(qs_sink_open(&sink, out, true, &cases[i].other, &from, &error), cases[i].status);
        ck_assert_ptr_null(sink);
        ck_assert_ptr_nonnull(strstr(error.message, cases[i].words));
        ck_assert_uint_eq(finish(), PIECES);
    }
}
END_TEST

START_TEST(an_output_that_is_not_as_it_was_is_trusted_up_to_there)
{
    leave_run();
    qs_buf output = read_file(partial), whole = read_file(journal);
    const struct { size_t length, changed; uint64_t from; } cases[] = {
        {PIECE * 3, PIECE * 3, 3}, {PIECE * 2, PIECE * 3, 2}, {PIECE * 2 - 1, PIECE * 3, 1}, {PIECE - 1, PIECE * 3, 0},
        {0, PIECE * 3, 0},         {PIECE * 3, PIECE + 7, 1}, {PIECE * 3, 0, 0},             {PIECE * 3, PIECE * 3 - 1, 2}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        clear();
        if (cases[i].changed < output.len)
            output.ptr[cases[i].changed] ^= 1;
        write_file(partial, output.ptr, cases[i].length);
        write_file(journal, whole.ptr, whole.len);
        if (cases[i].changed < output.len)
            output.ptr[cases[i].changed] ^= 1;
        ck_assert_uint_eq(finish(), cases[i].from);
    }
    qs_buf_free(&output);
    qs_buf_free(&whole);
}
END_TEST

START_TEST(what_becomes_of_an_output_that_is_not_whole)
{
    qs_sink *sink = NULL;
    qs_progress_mark from;
    leave_run();
    ck_assert_int_eq(qs_sink_open(&sink, out, false, &identity, &from, NULL), QS_OK); /* anew: the old journal goes */
    ck_assert(!exists(journal));
    ck_assert(!qs_sink_abandon(sink, QS_SINK_KEEP)); /* nothing to go on from */
    ck_assert(!exists(partial));
    ck_assert_int_eq(qs_sink_open(&sink, out, false, &identity, &from, NULL), QS_OK);
    ck_assert_int_eq(write_piece(sink, 0, NULL), QS_OK);
    ck_assert(qs_sink_abandon(sink, QS_SINK_NOTE));
    ck_assert(exists(partial) && exists(journal));
    ck_assert_uint_eq(finish(), 1);
    leave_run();
    ck_assert_int_eq(qs_sink_open(&sink, out, true, &identity, &from, NULL), QS_OK);
    ck_assert(!qs_sink_abandon(sink, QS_SINK_REMOVE));
    ck_assert(!exists(partial) && !exists(journal));
    ck_assert(!qs_sink_abandon(NULL, QS_SINK_KEEP));
    ck_assert_int_eq(qs_sink_open(&sink, "-", true, &identity, &from, NULL), QS_EUSAGE);
    ck_assert_int_eq(qs_sink_open(&sink, folder, false, &identity, &from, NULL), QS_EIO);
    ck_assert_int_eq(qs_sink_open(&sink, "/tmp/no-such-folder-here/out", false, &identity, &from, NULL), QS_EIO);
}
END_TEST

START_TEST(two_runs_never_share_an_output)
{
    qs_sink *first = NULL, *second = NULL;
    qs_progress_mark from;
    qs_error error = {0};
    clear();
    ck_assert_int_eq(qs_sink_open(&first, out, false, &identity, &from, NULL), QS_OK);
    ck_assert_int_eq(qs_sink_open(&second, out, false, &identity, &from, &error), QS_EIO);
    ck_assert_ptr_nonnull(strstr(error.message, "another process"));
    ck_assert(exists(partial)); /* that of the first */
    ck_assert_int_eq(qs_sink_commit(first, NULL), QS_OK);
    ck_assert(exists(out));
}
END_TEST

START_TEST(links_and_folders_in_the_way_are_refused)
{
    qs_sink *sink = NULL;
    qs_progress_mark from;
    clear();
    ck_assert_int_eq(symlink("elsewhere", out), 0);
    ck_assert_int_eq(qs_sink_open(&sink, out, false, &identity, &from, NULL), QS_EIO);
    clear();
    ck_assert_int_eq(symlink("elsewhere", partial), 0);
    ck_assert_int_eq(qs_sink_open(&sink, out, false, &identity, &from, NULL), QS_EIO);
    clear();
    ck_assert_int_eq(mkfifo(partial, 0600), 0);
    ck_assert_int_eq(qs_sink_open(&sink, out, false, &identity, &from, NULL), QS_EIO);
    clear();
    leave_run();
    unlink(journal);
    ck_assert_int_eq(symlink("elsewhere", journal), 0);
    ck_assert_int_ne(qs_sink_open(&sink, out, true, &identity, &from, NULL), QS_OK);
    clear();
}
END_TEST

#ifdef QS_FAULTS
/* A run to its end, or taken up and over it, with the nth call failing; `*failed` says whether there was such a call. */
static qs_status run_with_failing_call(qs_fault_kind kind, unsigned long nth, bool resume, bool *failed)
{
    qs_sink *sink = NULL;
    qs_progress_mark from;
    qs_fault_plan(kind, nth, false);
    qs_status status = qs_sink_open(&sink, out, resume, &identity, &from, NULL);
    for (uint64_t i = resume ? from.number : 0; status == QS_OK && i < PIECES + (resume ? 1 : 0); i++)
        status = write_piece(sink, i % PIECES, NULL);
    if (sink != NULL)
        (void)qs_sink_abandon(sink, QS_SINK_KEEP);
    *failed = qs_fault_count(kind) >= nth;
    qs_fault_plan(kind, 0, false);
    ck_assert(status == QS_OK || status == QS_EIO || status == QS_ENOMEM);
    return status;
}

/* Whatever fails, a run that can be taken up stays so. */
START_TEST(any_failing_call_leaves_what_can_be_finished)
{
    for (int kind = 0; kind < QS_FAULT_KINDS; kind++) {
        bool failed = true;
        for (unsigned long nth = 1; failed; nth++) {
            leave_run();
            const qs_status status = run_with_failing_call((qs_fault_kind)kind, nth, true, &failed);
            if (failed && status != QS_OK)
                ck_assert_uint_le(finish(), PIECES);
        }
    }
}
END_TEST

/* The same of a first run, which may fail before there is anything to be taken up. */
START_TEST(any_failing_call_of_a_first_run_leaves_what_can_be_finished)
{
    for (int kind = 0; kind < QS_FAULT_KINDS; kind++) {
        bool failed = true;
        for (unsigned long nth = 1; failed; nth++) {
            clear();
            (void)run_with_failing_call((qs_fault_kind)kind, nth, false, &failed);
            ck_assert_uint_le(finish(), PIECES);
        }
    }
}
END_TEST

static void remove_partial(void)
{
    (void)unlink(partial);
}

static void replace_partial(void)
{
    write_file(journal, "x", 1); /* as good a file as any */
    ck_assert_int_eq(rename(journal, partial), 0);
}

/* Between opening and locking, whoever had the file before may have finished: the file must be that of the name. */
START_TEST(an_output_that_changes_hands_is_opened_again)
{
    static void (*const changes[])(void) = {remove_partial, replace_partial};
    for (size_t i = 0; i < 2; i++) {
        qs_sink *sink = NULL;
        qs_progress_mark from;
        qs_error error = {0};
        clear();
        qs_fault_plan_meanwhile(2, false, changes[i]); /* the lock */
        ck_assert_int_eq(qs_sink_open(&sink, out, false, &identity, &from, NULL), QS_OK);
        qs_fault_plan(QS_FAULT_IO, 0, false);
        ck_assert_int_eq(write_piece(sink, 0, NULL), QS_OK);
        ck_assert_int_eq(qs_sink_commit(sink, NULL), QS_OK);
        struct stat about;
        ck_assert(stat(out, &about) == 0 && about.st_size == PIECE && !exists(partial));
        clear();
        qs_fault_plan_meanwhile(1, true, changes[i]); /* again and again */
        ck_assert_int_eq(qs_sink_open(&sink, out, false, &identity, &from, &error), QS_EIO);
        qs_fault_plan(QS_FAULT_IO, 0, false);
        ck_assert_ptr_nonnull(strstr(error.message, "another process"));
    }
    clear();
}
END_TEST

/* A lock that cannot be had for lack of locks: what was made for it goes, what stood there stays. */
START_TEST(a_lock_that_fails_leaves_what_there_was)
{
    for (unsigned long stood = 0; stood < 2; stood++) {
        qs_sink *sink = NULL;
        qs_progress_mark from;
        qs_error error = {0};
        clear();
        if (stood)
            write_file(partial, "x", 1);
        qs_fault_plan(QS_FAULT_IO, 2 + stood, false); /* it is opened at the second try if it stands there */
        ck_assert_int_eq(qs_sink_open(&sink, out, false, &identity, &from, &error), QS_EIO);
        qs_fault_plan(QS_FAULT_IO, 0, false);
        ck_assert_ptr_nonnull(strstr(error.message, "cannot lock"));
        ck_assert(exists(partial) == (stood != 0));
    }
    clear();
}
END_TEST

static void spoil_partial(void)
{
    FILE *file = fopen(partial, "r+b");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_ne(fputc('#', file), EOF);
    ck_assert_int_eq(fclose(file), 0);
}

/* A partial output that is changed while it is read is refused, or taken up where it is as it was. */
START_TEST(an_output_that_changes_while_it_is_read)
{
    size_t refused = 0;
    for (unsigned long nth = 1, left = 1; left != 0; nth++) {
        qs_sink *sink = NULL;
        qs_progress_mark from;
        qs_error error = {0};
        leave_run();
        FILE *file = fopen(partial, "r+b"); /* its last piece is not what it was: it is read twice */
        ck_assert_ptr_nonnull(file);
        ck_assert_int_eq(fseek(file, PIECE * (PIECES - 1) + 5, SEEK_SET), 0);
        ck_assert_int_ne(fputc('#', file), EOF);
        ck_assert_int_eq(fclose(file), 0);
        qs_fault_plan_meanwhile(nth, false, spoil_partial);
        const qs_status status = qs_sink_open(&sink, out, true, &identity, &from, &error);
        left = qs_fault_count(QS_FAULT_IO) >= nth;
        qs_fault_plan(QS_FAULT_IO, 0, false);
        ck_assert(status == QS_OK || (status == QS_EIO && strstr(error.message, "changes while it is read") != NULL));
        refused += status == QS_EIO;
        if (sink != NULL)
            (void)qs_sink_abandon(sink, QS_SINK_KEEP);
    }
    ck_assert_uint_gt(refused, 0);
    clear();
}
END_TEST

/* The last steps, failing one after another: the output is in place and whole, or the run can still be taken up. */
START_TEST(any_failing_call_of_the_last_leaves_all_or_a_run)
{
    for (unsigned long nth = 1, failing = 1; failing != 0; nth++) {
        qs_sink *sink = NULL;
        qs_progress_mark from;
        leave_run();
        ck_assert_int_eq(qs_sink_open(&sink, out, true, &identity, &from, NULL), QS_OK);
        qs_fault_plan(QS_FAULT_IO, nth, false);
        const qs_status status = qs_sink_commit(sink, NULL);
        failing = qs_fault_count(QS_FAULT_IO) >= nth;
        qs_fault_plan(QS_FAULT_IO, 0, false);
        ck_assert(status == QS_OK || status == QS_EIO);
        ck_assert(exists(out) != exists(partial));
        if (!exists(out))
            ck_assert_uint_eq(finish(), PIECES);
        ck_assert(!exists(journal));
    }
}
END_TEST

/* Every call moves a few bytes only, or is interrupted before it does anything. */
START_TEST(a_run_of_small_steps_is_the_same)
{
    static const qs_fault_effect effects[] = {QS_FAULT_CUT, QS_FAULT_INTERRUPT};
    for (size_t i = 0; i < 2; i++) {
        qs_fault_plan_effect(1, true, effects[i]);
        leave_run();
        ck_assert_uint_eq(finish(), PIECES);
        qs_fault_plan(QS_FAULT_IO, 0, false);
    }
}
END_TEST
#endif

/* Beyond 64 MB what is written is made durable on the way; the run goes on from there. */
START_TEST(a_long_output_is_synced_on_the_way)
{
    enum { MANY = 64 * 1024 * 1024 / PIECE + 3 };
    qs_sink *sink = NULL;
    qs_progress_mark from;
    struct stat about;
    clear();
    ck_assert_int_eq(qs_sink_open(&sink, out, false, &identity, &from, NULL), QS_OK);
    for (uint64_t i = 0; i < MANY; i++)
        ck_assert_int_eq(write_piece(sink, i % 26, NULL), QS_OK);
    ck_assert(qs_sink_abandon(sink, QS_SINK_NOTE));
    ck_assert_int_eq(qs_sink_open(&sink, out, true, &identity, &from, NULL), QS_OK);
    ck_assert_uint_eq(from.number, (MANY - 1) % 26 + 1);
    ck_assert_int_eq(qs_sink_commit(sink, NULL), QS_OK);
    ck_assert(stat(out, &about) == 0 && about.st_size == (off_t)PIECE * MANY);
    clear();
}
END_TEST

int main(void)
{
    TCase *all = tcase_create("all");
    if (mkdtemp(folder) == NULL)
        return 1;
    snprintf(out, sizeof out, "%s/out", folder);
    snprintf(partial, sizeof partial, "%s/out.partial", folder);
    snprintf(journal, sizeof journal, "%s/out.journal", folder);
    tcase_add_test(all, a_run_goes_on_where_its_journal_ends);
    tcase_add_test(all, a_journal_torn_at_any_byte_loses_what_is_torn);
    tcase_add_test(all, a_journal_changed_at_any_byte_is_not_trusted_behind_it);
    tcase_add_test(all, another_run_is_refused_and_left_as_it_is);
    tcase_add_test(all, an_output_that_is_not_as_it_was_is_trusted_up_to_there);
    tcase_add_test(all, what_becomes_of_an_output_that_is_not_whole);
    tcase_add_test(all, two_runs_never_share_an_output);
    tcase_add_test(all, links_and_folders_in_the_way_are_refused);
#ifdef QS_FAULTS
    tcase_add_test(all, any_failing_call_leaves_what_can_be_finished);
    tcase_add_test(all, any_failing_call_of_a_first_run_leaves_what_can_be_finished);
    tcase_add_test(all, an_output_that_changes_hands_is_opened_again);
    tcase_add_test(all, a_lock_that_fails_leaves_what_there_was);
    tcase_add_test(all, an_output_that_changes_while_it_is_read);
    tcase_add_test(all, any_failing_call_of_the_last_leaves_all_or_a_run);
    tcase_add_test(all, a_run_of_small_steps_is_the_same);
#endif
    tcase_add_test(all, a_long_output_is_synced_on_the_way);
    const int failed = run_case("sink", all);
    clear();
    rmdir(folder);
    return failed;
}
