/* A view of bytes with a length. SPDX-License-Identifier: MIT */
#ifndef QUOTESTANCE_STR_H
#define QUOTESTANCE_STR_H

#include <stddef.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes that somebody else owns: not NUL-terminated, `ptr` may be NULL when `len` is 0.
 *  Print with "%.*s", (int)s.len, s.ptr. */
typedef struct qs_str {
    const char *ptr; /**< first byte; [borrowed] */
    size_t len;      /**< bytes */
} qs_str;

/** The view of a NUL-terminated string (NULL gives the empty view). Any thread. */
static inline qs_str qs_str_of(const char *text)
{
    qs_str view;
    view.ptr = text;
    view.len = text == NULL ? 0 : strlen(text);
    return view;
}

/** The view of `len` bytes at `ptr`. Any thread. */
static inline qs_str qs_str_make(const char *ptr, size_t len)
{
    qs_str view;
    view.ptr = ptr;
    view.len = len;
    return view;
}

/** The part [start, end) of `s`; both are cut to the view. Any thread. */
static inline qs_str qs_str_slice(qs_str s, size_t start, size_t end)
{
    if (end > s.len)
        end = s.len;
    if (start > end)
        start = end;
    return qs_str_make(s.ptr == NULL ? NULL : s.ptr + start, end - start);
}

/** 1 if both views hold the same bytes, else 0. Any thread. */
static inline int qs_str_equal(qs_str a, qs_str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/** Byte order as memcmp, a shorter prefix first: negative, 0 or positive. Any thread. */
static inline int qs_str_compare(qs_str a, qs_str b)
{
    const size_t shorter = a.len < b.len ? a.len : b.len;
    const int order = shorter == 0 ? 0 : memcmp(a.ptr, b.ptr, shorter);
    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

#ifdef __cplusplus
}
#endif

#endif
