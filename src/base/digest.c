/* SHA-256 by libmd. SPDX-License-Identifier: MIT */
#include "base/digest.h"

#include <errno.h>
#include <fcntl.h>
#include <sha2.h>
#include <string.h>

#include "base/io.h"

#define FILE_BUFFER ((size_t)256 * 1024)

struct qs_digest {
    SHA2_CTX state;
};

qs_status qs_digest_create(qs_digest **out, qs_error *err)
{
    *out = qs_alloc_zero(1, sizeof **out);
    if (*out == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    SHA256Init(&(*out)->state);
    return QS_OK;
}

void qs_digest_add(qs_digest *digest, qs_str bytes)
{
    if (bytes.len > 0)
        SHA256Update(&digest->state, (const uint8_t *)bytes.ptr, bytes.len);
}

void qs_digest_take(qs_digest *digest, char text[QS_DIGEST_TEXT])
{
    static const char digits[] = "0123456789abcdef";
    uint8_t bytes[SHA256_DIGEST_LENGTH];
    SHA256Final(bytes, &digest->state);
    for (size_t i = 0; i < sizeof bytes; i++) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 15];
    }
    text[2 * sizeof bytes] = '\0';
    SHA256Init(&digest->state);
}

void qs_digest_destroy(qs_digest *digest)
{
    qs_free(digest);
}

qs_status qs_digest_file(const char *path, char text[QS_DIGEST_TEXT], uint64_t *bytes, qs_error *err)
{
    qs_digest *digest = NULL;
    char *buffer = qs_alloc(FILE_BUFFER, 1);
    qs_status status = buffer == NULL ? qs_fail(err, QS_ENOMEM, "out of memory") : qs_digest_create(&digest, err);
    const int fd = status == QS_OK ? qs_io_open(path, O_RDONLY, 0) : -1;
    if (status == QS_OK && fd < 0)
        status = qs_fail(err, QS_EIO, "cannot open: %s", strerror(errno));
    *bytes = 0;
    for (ssize_t got = 1; status == QS_OK && got > 0; *bytes += (uint64_t)got) {
        got = qs_io_read(fd, buffer, FILE_BUFFER);
        if (got < 0) {
            status = qs_fail(err, QS_EIO, "cannot read: %s", strerror(errno));
            got = 0;
        }
        qs_digest_add(digest, qs_str_make(buffer, (size_t)got));
    }
    if (status == QS_OK)
        qs_digest_take(digest, text);
    else
        qs_error_set_path(err, path);
    if (fd >= 0)
        (void)qs_io_close(fd);
    qs_digest_destroy(digest);
    qs_free(buffer);
    return status;
}
