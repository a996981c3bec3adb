/* The journal of a run. SPDX-License-Identifier: MIT */
#include "pipeline/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#define JOURNAL_MAGIC "QSJRNL1\n"
#define JOURNAL_BYTES_MAX ((size_t)1024 * 1024 * 1024)

typedef struct journal_header {
    char magic[8];
    qs_identity identity;
    uint64_t check; /* XXH3 of what stands before */
} journal_header;

_Static_assert(sizeof(journal_header) == 48, "header");
_Static_assert(sizeof(qs_journal_entry) == 96, "entry");

static journal_header header_of(const qs_identity *identity)
{
    journal_header header = {.identity = *identity};
    memcpy(header.magic, JOURNAL_MAGIC, sizeof header.magic);
    header.check = XXH3_64bits(&header, offsetof(journal_header, check));
    return header;
}

static qs_status compare(const qs_identity *then, const qs_identity *now, qs_error *err)
{
    if (then->program != now->program)
        return qs_fail(err, QS_EUSAGE, "cannot resume: another version of the program began this output");
    if (then->model != now->model)
        return qs_fail(err, QS_EMODEL, "cannot resume: this output was begun with another model");
    if (then->options != now->options)
        return qs_fail(err, QS_EUSAGE, "cannot resume: this output was begun with other options");
    if (then->inputs != now->inputs)
        return qs_fail(err, QS_EINPUT, "cannot resume: the inputs are not those this output was begun with");
    return QS_OK;
}

/* A header that is torn tells nothing: *known false. */
static qs_status read_header(const qs_buf *bytes, const qs_identity *identity, bool *known, qs_error *err)
{
    journal_header header;
    *known = false;
    if (bytes->len < sizeof header)
        return QS_OK;
    memcpy(&header, bytes->ptr, sizeof header);
    if (memcmp(header.magic, JOURNAL_MAGIC, sizeof header.magic) != 0 ||
        header.check != XXH3_64bits(&header, offsetof(journal_header, check)))
        return QS_OK;
    *known = true;
    return compare(&header.identity, identity, err);
}

qs_status qs_journal_read(qs_journal_entry **entries, size_t *count, const char *path, const qs_identity *identity,
                          qs_error *err)
{
    qs_buf bytes = {0};
    bool known = false;
    struct stat about;
    *entries = NULL;
    *count = 0;
    if (lstat(path, &about) != 0)
        return QS_OK;
    qs_status status = qs_file_read(&bytes, path, JOURNAL_BYTES_MAX, err);
    if (status == QS_OK)
        status = read_header(&bytes, identity, &known, err);
    if (status == QS_OK && known && bytes.len >= sizeof(journal_header) + sizeof **entries) {
        const size_t room = (bytes.len - sizeof(journal_header)) / sizeof **entries;
        *entries = qs_alloc(room, sizeof **entries);
        if (*entries == NULL)
            status = qs_fail(err, QS_ENOMEM, "out of memory");
        else
            memcpy(*entries, bytes.ptr + sizeof(journal_header), room * sizeof **entries);
        while (status == QS_OK && *count < room &&
               (*entries)[*count].check == XXH3_64bits(&(*entries)[*count], offsetof(qs_journal_entry, check)))
            ++*count;
    }
    qs_buf_free(&bytes);
    return status;
}

qs_status qs_journal_open(int *fd, const char *path, const qs_identity *identity, size_t count, qs_error *err)
{
    const journal_header header = header_of(identity);
    const off_t length = (off_t)(sizeof header + count * sizeof(qs_journal_entry));
    const int flags = O_WRONLY | O_CREAT | O_NOFOLLOW;
    *fd = qs_io_open(path, flags, 0666);
    if (*fd < 0)
        return qs_fail(err, QS_EIO, "cannot open the journal '%.200s': %s", path, strerror(errno));
    if (qs_io_cut(*fd, count == 0 ? 0 : length) == 0)
        return count == 0 ? qs_io_write_all(*fd, &header, sizeof header, err) : QS_OK;
    return qs_fail(err, QS_EIO, "cannot cut the journal: %s", strerror(errno));
}

qs_status qs_journal_append(int fd, qs_journal_entry *entry, qs_error *err)
{
    entry->check = XXH3_64bits(entry, offsetof(qs_journal_entry, check));
    return qs_io_write_all(fd, entry, sizeof *entry, err);
}
