/* A document being written, and safe text for people. SPDX-License-Identifier: MIT */
#include "report/report.h"

#include <math.h>

#include "base/io.h"

qs_status qs_report_create(qs_report **out, qs_error *err)
{
    *out = qs_alloc_zero(1, sizeof **out);
    return *out == NULL ? qs_fail(err, QS_ENOMEM, "out of memory") : QS_OK;
}

void qs_report_destroy(qs_report *report)
{
    if (report == NULL)
        return;
    qs_buf_free(&report->buf);
    qs_free(report);
}

qs_str qs_report_text(const qs_report *report)
{
    return qs_buf_view(&report->buf);
}

qs_status qs_report_save(const qs_report *report, const char *path, qs_error *err)
{
    const qs_status status = qs_buf_status(&report->buf, err);
    return status != QS_OK ? status : qs_file_write(path, qs_buf_view(&report->buf), err);
}

size_t qs_report_character(qs_str text, uint32_t *code)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char first = (unsigned char)text.ptr[0];
    const size_t length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    *code = first;
    if (length == 1)
        return 1;
    uint32_t value = first & (0x7Fu >> length);
    int good = first >= 0xC2 && first <= 0xF4 && length <= text.len;
    for (size_t i = 1; i < length && good; i++) {
        good = ((unsigned char)text.ptr[i] & 0xC0) == 0x80;
        value = value << 6 | ((unsigned char)text.ptr[i] & 0x3Fu);
    }
    good = good && value >= least[length] && value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF);
    *code = good ? value : 0xFFFD;
    return good ? length : 1;
}

int qs_report_unsafe(uint32_t code)
{
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x61C || code == 0x200B || code == 0x200E ||
           code == 0x200F || code == 0x2060 || (code >= 0xE0000 && code <= 0xE007F) || (code >= 0x2028 && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069) ||
           code == 0xFEFF || code == 0xFFFD;
}

int qs_report_shows(qs_metric metric, int abstained)
{
    switch (metric) {
    case QS_METRIC_MACRO_PRECISION:
    case QS_METRIC_MACRO_RECALL:
    case QS_METRIC_WEIGHTED_PRECISION:
    case QS_METRIC_WEIGHTED_RECALL:
    case QS_METRIC_MICRO_RECALL: /* accuracy by another name */
    case QS_METRIC_KRIPPENDORFF_ALPHA:
        return 0;
    case QS_METRIC_MICRO_PRECISION: /* these too, where all rows got an answer */
    case QS_METRIC_MICRO_F1:
    case QS_METRIC_COVERAGE:
        return abstained;
    default:
        return 1;
    }
}

static size_t count_characters(qs_str text)
{
    size_t count = 0;
    uint32_t code = 0;
    while (text.len > 0) {
        text = qs_str_slice(text, qs_report_character(text, &code), text.len);
        count++;
    }
    return count;
}

size_t qs_report_plain(qs_buf *buf, qs_str text, size_t columns)
{
    size_t written = 0;
    const int cut = columns != 0 && count_characters(text) > columns;
    while (text.len > 0) {
        uint32_t code = 0;
        const size_t length = qs_report_character(text, &code);
        written++;
        if (cut && written == columns) {
            qs_buf_add_text(buf, "\xe2\x80\xa6");
            break;
        }
        if (qs_report_unsafe(code))
            qs_buf_add_text(buf, "\xef\xbf\xbd");
        else
            qs_buf_add(buf, text.ptr, length);
        text = qs_str_slice(text, length, text.len);
    }
    return written;
}

static void spaces(qs_buf *buf, size_t count)
{
    while (count-- > 0)
        qs_buf_add_char(buf, ' ');
}

void qs_report_padded(qs_buf *buf, qs_str text, size_t columns)
{
    const size_t written = qs_report_plain(buf, text, columns);
    spaces(buf, columns - written);
}

static void align_right(qs_buf *buf, size_t start, size_t columns)
{
    const size_t length = buf->len - start;
    if (length >= columns || !qs_buf_reserve(buf, columns - length))
        return;
    memmove(buf->ptr + start + (columns - length), buf->ptr + start, length);
    memset(buf->ptr + start, ' ', columns - length);
    buf->len += columns - length;
}

void qs_report_number(qs_buf *buf, double value, size_t columns)
{
    const size_t start = buf->len;
    if (isnan(value))
        qs_buf_add_char(buf, '-');
    else
        qs_buf_add_fixed(buf, value, 3);
    align_right(buf, start, columns);
}

void qs_report_count(qs_buf *buf, uint64_t value, size_t columns)
{
    const size_t start = buf->len;
    char digits[32];
    size_t at = sizeof digits;
    for (int i = 0; i == 0 || value > 0; i++) {
        if (i > 0 && i % 3 == 0)
            digits[--at] = ',';
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    }
    qs_buf_add(buf, digits + at, sizeof digits - at);
    align_right(buf, start, columns);
}
