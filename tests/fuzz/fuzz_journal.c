/* Fuzz target: any journal beside any partial output. Taking the run up again must end well or be refused; what is there then is
 * a part of the partial output, as long as an entry of the journal says, and what is written goes behind it. The first byte
 * chooses the options and whether checksums are made right. SPDX-License-Identifier: MIT */
#include <string.h>
#include <xxhash.h>

#include "pipeline/journal.h"
#include "scratch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HEADER = 48, ENTRY = sizeof(qs_journal_entry), MORE = 5 };
static const qs_identity identity = {1, 2, 3, 4};

/* Makes the journal one of this run, and each of its entries one of this output as far as its length allows. */
static void repair(char *journal, size_t size, const char *output, size_t output_size)
{
    uint64_t check = 0;
    if (size < HEADER)
        return;
    memcpy(journal, "QSJRNL1\n", 8);
    memcpy(journal + 8, &identity, sizeof identity);
    check = XXH3_64bits(journal, HEADER - sizeof check);
    memcpy(journal + HEADER - sizeof check, &check, sizeof check);
    for (size_t at = HEADER; at + ENTRY <= size; at += ENTRY) {
        qs_journal_entry entry;
        memcpy(&entry, journal + at, ENTRY);
        if (entry.out_length > output_size)
            entry.out_length %= output_size + 2;
        if (entry.out_length <= output_size)
            entry.out_hash = XXH3_64bits(output, (size_t)entry.out_length);
        entry.check = XXH3_64bits(&entry, offsetof(qs_journal_entry, check));
        memcpy(journal + at, &entry, ENTRY);
    }
}

/* True if an entry that the journal holds ends at `length` and has that mark. */
static bool is_told(const char *journal, size_t size, uint64_t length, const qs_progress_mark *mark)
{
    for (size_t at = HEADER; at + ENTRY <= size; at += ENTRY) {
        qs_journal_entry entry;
        memcpy(&entry, journal + at, ENTRY);
        if (entry.out_length == length && memcmp(&entry.mark, mark, sizeof *mark) == 0)
            return true;
    }
    return false;
}

static size_t read_file(const char *path, char *bytes, size_t room)
{
    const int fd = open(path, O_RDONLY);
    demand(fd >= 0);
    const ssize_t got = read(fd, bytes, room);
    demand(got >= 0 && close(fd) == 0);
    return (size_t)got;
}

static void resume(const char *path, const char *output, size_t output_size, const char *journal, size_t size, bool commit)
{
    static char after[1 << 16];
    static const qs_progress_mark none;
    qs_sink *sink = NULL;
    qs_progress_mark from, next = {.input = 9};
    char name[300];
    if (qs_sink_open(&sink, path, true, &identity, &from, NULL) != QS_OK) {
        demand(sink == NULL);
        return;
    }
    demand(qs_sink_write(sink, qs_str_make("more\n", MORE), &next, NULL) == QS_OK);
    if (!commit) {
        const bool kept = qs_sink_abandon(sink, QS_SINK_NOTE);
        demand(kept == (access(scratch_path(name, "out.partial"), F_OK) == 0));
        return;
    }
    demand(qs_sink_commit(sink, NULL) == QS_OK);
    const size_t length = read_file(path, after, sizeof after);
    demand(length >= MORE && length - MORE <= output_size && memcmp(after, output, length - MORE) == 0);
    demand(memcmp(after + length - MORE, "more\n", MORE) == 0);
    demand(memcmp(&from, &none, sizeof from) == 0 ? true : is_told(journal, size, length - MORE, &from));
    demand(access(scratch_path(name, "out.partial"), F_OK) != 0 && access(scratch_path(name, "out.journal"), F_OK) != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[300], partial[300], journal_path[300];
    if (size < 2 || size > 32768)
        return 0;
    const size_t output_size = data[1] < size - 2 ? data[1] : size - 2;
    const char *output = (const char *)data + 2;
    const size_t journal_size = size - 2 - output_size;
    char *journal = malloc(journal_size + 1);
    if (journal == NULL)
        return 0;
    memcpy(journal, output + output_size, journal_size);
    if ((data[0] & 1) != 0)
        repair(journal, journal_size, output, output_size);
    unlink(scratch_path(path, "out"));
    scratch_write(scratch_path(partial, "out.partial"), output, output_size);
    scratch_write(scratch_path(journal_path, "out.journal"), journal, journal_size);
    resume(path, output, output_size, journal, journal_size, (data[0] & 2) != 0);
    free(journal);
    return 0;
}
