/* Bytes of an input, unpacked and converted to UTF-8. SPDX-License-Identifier: MIT */
#include <errno.h>
#include <iconv.h>
#include <string.h>

#include "article/rows_parts.h"
#include "base/stream.h"

#define SOURCE_BUFFER ((size_t)64 * 1024)
#define SOURCE_NOT_OPEN ((iconv_t)-1)

struct qs_row_source {
    qs_stream *stream; /* NULL: memory */
    qs_str memory;
    size_t memory_at;
    iconv_t converter;
    size_t unit;       /* bytes to step over where the encoding is broken */
    bool at_end;
    size_t start, end; /* raw bytes not yet converted */
    size_t ready_start, ready_end; /* converted bytes not yet handed out */
    char raw[SOURCE_BUFFER];
    char converted[SOURCE_BUFFER];
};

static bool same_name(const char *a, const char *b)
{
    for (; *a != '\0' && *b != '\0'; a++, b++)
        if ((*a | 0x20) != (*b | 0x20) && !((*a == '-' || *a == '_') && (*b == '-' || *b == '_')))
            return false;
    return *a == *b;
}

/* Opens the converter; names with a slash would switch on transliteration, which loses text in silence. */
static qs_status open_converter(qs_row_source *source, const char *encoding, qs_error *err)
{
    if (encoding == NULL || same_name(encoding, "utf-8") || same_name(encoding, "utf8"))
        return QS_OK;
    const char *name = same_name(encoding, "latin1") ? "ISO-8859-1" : encoding;
    for (const char *c = name; *c != '\0'; c++)
        if (!((*c >= '0' && *c <= '9') || (*c >= 'A' && *c <= 'Z') || (*c >= 'a' && *c <= 'z') ||
              strchr("-_.:", *c) != NULL))
            return qs_fail(err, QS_EUSAGE, "unknown encoding '%.60s'", encoding);
    source->converter = iconv_open("UTF-8", name);
    if (source->converter == SOURCE_NOT_OPEN) {
        if (errno == ENOMEM)
            return qs_fail(err, QS_ENOMEM, "out of memory");
        return qs_fail(err, QS_EUSAGE, "unknown encoding '%.60s'", encoding);
    }
    if (strstr(name, "16") != NULL)
        source->unit = 2;
    else if (strstr(name, "32") != NULL)
        source->unit = 4;
    return QS_OK;
}

qs_status qs_row_source_open(qs_row_source **out, const char *path, const qs_str *memory,
                             const char *encoding, uint64_t max_bytes, qs_error *err)
{
    qs_status status = QS_OK;
    *out = NULL;
    qs_row_source *source = qs_alloc_zero(1, sizeof *source);
    if (source == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    source->converter = SOURCE_NOT_OPEN;
    source->unit = 1;
    status = open_converter(source, encoding, err);
    if (status == QS_OK && memory != NULL)
        source->memory = *memory;
    else if (status == QS_OK)
        status = qs_stream_open(&source->stream, path, max_bytes, err);
    if (status != QS_OK) {
        qs_row_source_close(source);
        return status;
    }
    *out = source;
    return QS_OK;
}

static qs_status read_raw(qs_row_source *source, void *bytes, size_t len, size_t *got, qs_error *err)
{
    if (source->stream != NULL)
        return qs_stream_read(source->stream, bytes, len, got, err);
    const qs_str part = qs_str_slice(source->memory, source->memory_at, source->memory_at + len);
    if (part.len > 0)
        memcpy(bytes, part.ptr, part.len);
    source->memory_at += part.len;
    *got = part.len;
    return QS_OK;
}

static qs_status refill(qs_row_source *source, qs_error *err)
{
    size_t got = 0;
    memmove(source->raw, source->raw + source->start, source->end - source->start);
    source->end -= source->start;
    source->start = 0;
    const qs_status status =
        read_raw(source, source->raw + source->end, sizeof source->raw - source->end, &got, err);
    source->end += got;
    source->at_end = status == QS_OK && got == 0;
    return status;
}

/* Converts what is there into `converted`; a broken sequence becomes one FF. */
static void convert(qs_row_source *source)
{
    char *in = source->raw + source->start;
    size_t in_left = source->end - source->start;
    char *to = source->converted;
    size_t to_left = sizeof source->converted - 1;
    const size_t result = iconv(source->converter, &in, &in_left, &to, &to_left);
    const int why = errno;
    source->start = source->end - in_left;
    const bool torn = why == EINVAL && source->at_end;
    if (result == (size_t)-1 && (why == EILSEQ || torn)) {
        source->start += torn || source->unit > in_left ? in_left : source->unit;
        *to++ = (char)0xff;
    }
    source->ready_start = 0;
    source->ready_end = (size_t)(to - source->converted);
}

qs_status qs_row_source_read(qs_row_source *source, void *bytes, size_t len, size_t *got, qs_error *err)
{
    *got = 0;
    if (source->converter == SOURCE_NOT_OPEN)
        return read_raw(source, bytes, len, got, err);
    while (source->ready_start == source->ready_end) {
        convert(source);
        if (source->ready_end > 0)
            break;
        if (source->at_end && source->start == source->end)
            return QS_OK;
        const qs_status status = refill(source, err);
        if (status != QS_OK)
            return status;
    }
    const size_t ready = source->ready_end - source->ready_start;
    *got = len < ready ? len : ready;
    memcpy(bytes, source->converted + source->ready_start, *got);
    source->ready_start += *got;
    return QS_OK;
}

bool qs_row_source_ready(const qs_row_source *source)
{
    return source->ready_start < source->ready_end || source->stream == NULL || qs_stream_ready(source->stream);
}

uint64_t qs_row_source_progress(const qs_row_source *source)
{
    return source->stream == NULL ? source->memory_at : qs_stream_progress(source->stream);
}

void qs_row_source_set_stop(qs_row_source *source, const volatile int *stop)
{
    if (source->stream != NULL)
        qs_stream_set_stop(source->stream, stop);
}

void qs_row_source_close(qs_row_source *source)
{
    if (source == NULL)
        return;
    if (source->converter != SOURCE_NOT_OPEN)
        (void)iconv_close(source->converter);
    qs_stream_close(source->stream);
    qs_free(source);
}
