/* The encoding of a page. SPDX-License-Identifier: MIT */
#include <errno.h>
#include <iconv.h>
#include <string.h>
#include <strings.h>

#include "article/html_parts.h"
#include "base/alloc.h"
#include "text/utf8.h"

#define DECLARED_WITHIN 2048 /* bytes at the start in which a page may name its encoding */

/* The name after "charset=" near the start, or the empty string. */
static void declared_encoding(char name[32], qs_str bytes)
{
    static const char key[] = "charset=";
    const size_t end = bytes.len < DECLARED_WITHIN ? bytes.len : DECLARED_WITHIN;
    name[0] = '\0';
    for (size_t at = 0; at + sizeof key < end; at++) {
        size_t length = 0;
        if (strncasecmp(bytes.ptr + at, key, sizeof key - 1) != 0)
            continue;
        at += sizeof key - 1;
        at += bytes.ptr[at] == '"' || bytes.ptr[at] == '\'';
        for (; at < end && length < 31; at++) {
            const char c = bytes.ptr[at];
            if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_'))
                break;
            name[length++] = c;
        }
        name[length] = '\0';
        return;
    }
}

/* Which decoder, and how many bytes of byte order mark to pass over. NULL: UTF-8. */
static const char *choose_encoding(qs_str bytes, char declared[32], size_t *mark)
{
    static const char *const western[] = {"iso-8859-1", "latin1", "us-ascii", "ascii", "windows-1252"};
    *mark = 0;
    if (bytes.len >= 3 && memcmp(bytes.ptr, "\xef\xbb\xbf", 3) == 0) {
        *mark = 3;
        return NULL;
    }
    if (bytes.len >= 2 && (memcmp(bytes.ptr, "\xff\xfe", 2) == 0 || memcmp(bytes.ptr, "\xfe\xff", 2) == 0)) {
        *mark = 2;
        return bytes.ptr[0] == (char)0xff ? "UTF-16LE" : "UTF-16BE";
    }
    if (qs_utf8_valid(bytes, NULL))
        return NULL;
    declared_encoding(declared, bytes);
    if (strcasecmp(declared, "utf-8") == 0 || strcasecmp(declared, "utf8") == 0)
        return NULL;
    for (size_t i = 0; i < sizeof western / sizeof *western; i++)
        if (strcasecmp(declared, western[i]) == 0) /* as browsers do */
            return "CP1252";
    return declared[0] != '\0' && strncasecmp(declared, "utf", 3) != 0 ? declared : "CP1252";
}

static qs_status add_character(qs_html_page *page, const char *bytes, size_t length, size_t from, qs_error *err)
{
    qs_status status = qs_grow(&page->origin, &page->origin_capacity, page->decoded.len + length + 1,
                               sizeof *page->origin, err);
    for (size_t i = 0; i < length && status == QS_OK; i++)
        page->origin[page->decoded.len + i] = (uint32_t)from;
    qs_buf_add(&page->decoded, bytes, length);
    return status;
}

/* One character at a time, so that each is known to its byte. */
static size_t convert_one(iconv_t converter, qs_str bytes, size_t at, size_t unit, char out[8], size_t *length)
{
    for (size_t take = unit; take <= 4 && at + take <= bytes.len; take += unit) {
        char *in = (char *)(uintptr_t)(bytes.ptr + at);
        size_t in_left = take;
        char *to = out;
        size_t to_left = 8;
        if (iconv(converter, &in, &in_left, &to, &to_left) != (size_t)-1 && in_left == 0) {
            *length = 8 - to_left;
            return take;
        }
        if (errno != EINVAL)
            break;
    }
    memcpy(out, "\xef\xbf\xbd", 3);
    *length = 3;
    return at + unit <= bytes.len ? unit : bytes.len - at;
}

static qs_status convert(qs_html_page *page, qs_str bytes, const char *encoding, size_t at, qs_error *err)
{
    qs_status status = QS_OK;
    const size_t unit = strncmp(encoding, "UTF-16", 6) == 0 ? 2 : 1;
    iconv_t converter = iconv_open("UTF-8", encoding);
    if (converter == (iconv_t)-1)
        converter = iconv_open("UTF-8", "CP1252");
    if (converter == (iconv_t)-1)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    while (at < bytes.len && status == QS_OK) {
        char out[8];
        size_t length = 0;
        const size_t step = convert_one(converter, bytes, at, unit, out, &length);
        status = add_character(page, out, length, at, err);
        at += step;
    }
    (void)iconv_close(converter);
    return status;
}

static qs_status repair(qs_html_page *page, qs_str bytes, size_t at, qs_error *err)
{
    qs_status status = QS_OK;
    while (at < bytes.len && status == QS_OK) {
        uint32_t c = 0;
        const size_t length = qs_utf8_decode(bytes, at, &c);
        const bool bad = length == 1 && c == QS_REPLACEMENT;
        status = add_character(page, bad ? "\xef\xbf\xbd" : bytes.ptr + at, bad ? 3 : length, at, err);
        at += length;
    }
    return status;
}

qs_status qs_html_decode(qs_html_page *page, qs_str bytes, qs_error *err)
{
    char declared[32];
    size_t mark = 0;
    if (bytes.len >= UINT32_MAX / 4)
        return qs_fail(err, QS_ELIMIT, "a page of more than 1 GiB");
    const char *encoding = choose_encoding(bytes, declared, &mark);
    if (encoding == NULL && qs_utf8_valid(bytes, NULL)) {
        page->text = bytes;
        return QS_OK;
    }
    qs_status status =
        encoding == NULL ? repair(page, bytes, mark, err) : convert(page, bytes, encoding, mark, err);
    if (status == QS_OK)
        status = qs_grow(&page->origin, &page->origin_capacity, page->decoded.len + 1, sizeof *page->origin, err);
    if (status == QS_OK)
        status = qs_buf_status(&page->decoded, err);
    if (status != QS_OK)
        return status;
    page->origin[page->decoded.len] = (uint32_t)bytes.len;
    page->text = qs_buf_view(&page->decoded);
    return QS_OK;
}

void qs_html_page_free(qs_html_page *page)
{
    qs_buf_free(&page->decoded);
    qs_free(page->origin);
}
