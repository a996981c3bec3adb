/* SHA-256, where people see an identity. SPDX-License-Identifier: MIT */
#ifndef QS_BASE_DIGEST_H
#define QS_BASE_DIGEST_H

#include "base/alloc.h"
#include "quotestance/str.h"

/** Characters of a digest in hexadecimal, with the NUL. */
#define QS_DIGEST_TEXT 65

/** A digest in the making. One thread at a time. */
typedef struct qs_digest qs_digest;

/** *out NULL on failure: QS_ENOMEM. */
QS_NODISCARD qs_status qs_digest_create(qs_digest **out, qs_error *err);
void qs_digest_add(qs_digest *digest, qs_str bytes);
/** The digest of all bytes so far; the next begins anew. */
void qs_digest_take(qs_digest *digest, char text[QS_DIGEST_TEXT]);
/** NULL is fine. */
void qs_digest_destroy(qs_digest *digest);

/** The digest and the length of a file as it lies. QS_EIO, QS_ENOMEM. */
QS_NODISCARD qs_status qs_digest_file(const char *path, char text[QS_DIGEST_TEXT], uint64_t *bytes, qs_error *err);

#endif
