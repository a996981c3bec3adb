/* CRC-32C (Castagnoli) for short pieces of a file. SPDX-License-Identifier: MIT */
#ifndef QS_MODEL_CRC32C_H
#define QS_MODEL_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/** The checksum of `len` bytes. Any thread. */
uint32_t qs_crc32c(const void *bytes, size_t len);

#endif
