/* A growing byte buffer with the writers that every output needs. SPDX-License-Identifier: MIT */
#ifndef QS_BASE_BUF_H
#define QS_BASE_BUF_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/alloc.h"
#include "quotestance/str.h"

/** Zero-initialise; release with qs_buf_free. Adding never fails visibly: the first lack of memory sets
 *  `failed`, later calls do nothing, and the owner asks once at the end (qs_buf_status). */
typedef struct qs_buf {
    char *ptr;
    size_t len;
    size_t capacity;
    bool failed;
} qs_buf;

/** Releases the bytes; the buffer is empty and usable again. */
void qs_buf_free(qs_buf *buf);
/** Empties the buffer, keeps its memory and clears `failed`. */
void qs_buf_clear(qs_buf *buf);
/** QS_OK, or QS_ENOMEM if any addition was lost. */
QS_NODISCARD qs_status qs_buf_status(const qs_buf *buf, qs_error *err);
/** Makes room for `more` bytes; false (and failed) if there is none. */
bool qs_buf_reserve(qs_buf *buf, size_t more);
/** The bytes so far. [borrowed: buf] */
qs_str qs_buf_view(const qs_buf *buf);

void qs_buf_add(qs_buf *buf, const void *bytes, size_t len);
void qs_buf_add_str(qs_buf *buf, qs_str text);

static inline void qs_buf_add_text(qs_buf *buf, const char *text)
{
    qs_buf_add(buf, text, strlen(text));
}

static inline void qs_buf_add_char(qs_buf *buf, char c)
{
    if (buf->len < buf->capacity && !buf->failed)
        buf->ptr[buf->len++] = c;
    else
        qs_buf_add(buf, &c, 1);
}

/** printf for short pieces (under 512 bytes; no floating point: see number.h). */
void qs_buf_addf(qs_buf *buf, const char *format, ...) QS_PRINTF(2, 3);
/** A whole number in decimal. */
void qs_buf_add_u64(qs_buf *buf, uint64_t number);
/** Shortest decimal that reads back to the same double; "null" if not finite. Locale-free. */
void qs_buf_add_double(qs_buf *buf, double number);
/** Fixed decimals (0 to 15) of a number with |number| < 1e6; "null" if not finite. Locale-free, fast. */
void qs_buf_add_fixed(qs_buf *buf, double number, int decimals);
/** A JSON string with quotes: escapes what JSON must escape, U+2028/9 and DEL too; the text must be UTF-8
 *  (bytes that are not come out as U+FFFD). */
void qs_buf_add_json(qs_buf *buf, qs_str text);

#endif
