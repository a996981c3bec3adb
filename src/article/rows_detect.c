/* Which format an input has. SPDX-License-Identifier: MIT */
#include <string.h>
#include <strings.h>

#include "article/rows_parts.h"
#include "text/utf8.h"

static const struct {
    qs_format format;
    const char *name;
} formats[] = {
#define FORMAT_ROW(value, name) {value, name},
    QS_FORMAT_TABLE(FORMAT_ROW)
#undef FORMAT_ROW
};

static const struct {
    const char *ending;
    qs_format format;
} endings[] = {{".tsv", QS_FORMAT_TSV},      {".tab", QS_FORMAT_TSV},       {".csv", QS_FORMAT_CSV},
               {".jsonl", QS_FORMAT_JSONL},  {".ndjson", QS_FORMAT_JSONL},  {".json", QS_FORMAT_JSONL},
               {".html", QS_FORMAT_HTML},    {".htm", QS_FORMAT_HTML},      {".xhtml", QS_FORMAT_HTML},
               {".libsvm", QS_FORMAT_LIBSVM}, {".svm", QS_FORMAT_LIBSVM},
               {".fasttext", QS_FORMAT_FASTTEXT}};

bool qs_format_from_name(const char *name, qs_format *out)
{
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (strcmp(name, formats[i].name) == 0) {
            *out = formats[i].format;
            return true;
        }
    return false;
}

const char *qs_format_name(qs_format format)
{
    return (size_t)format < sizeof formats / sizeof *formats ? formats[format].name : "unknown";
}

static bool ends_with(const char *path, size_t length, const char *ending)
{
    const size_t n = strlen(ending);
    return length > n && strncasecmp(path + length - n, ending, n) == 0;
}

qs_format qs_format_from_path(const char *path)
{
    size_t length = strlen(path);
    if (ends_with(path, length, ".gz"))
        length -= 3;
    else if (ends_with(path, length, ".zst"))
        length -= 4;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (ends_with(path, length, endings[i].ending))
            return endings[i].format;
    return QS_FORMAT_AUTO;
}

bool qs_row_blank(qs_str text)
{
    size_t at = 0;
    while (at < text.len) {
        uint32_t c = 0;
        at += qs_utf8_decode(text, at, &c);
        if (c > 0x20 && (c < 0x80 || qs_char_class_of(c) != QS_CHAR_SPACE))
            return false;
        if (c <= 0x20 && c != ' ' && !(c >= '\t' && c <= '\r'))
            return false;
    }
    return true;
}

/* True if one of the cells of a header line is the text or the label column. */
static bool is_header(qs_str line, char between, const qs_str names[QS_COLUMN_COUNT])
{
    size_t start = 0;
    if (line.len == 0 || memchr(line.ptr, between, line.len) == NULL)
        return false;
    for (size_t at = 0; at <= line.len; at++) {
        if (at < line.len && line.ptr[at] != between)
            continue;
        qs_str cell = qs_str_slice(line, start, at);
        if (between == ',' && cell.len >= 2 && cell.ptr[0] == '"' && cell.ptr[cell.len - 1] == '"')
            cell = qs_str_slice(cell, 1, cell.len - 1);
        if (qs_str_equal(cell, names[QS_COLUMN_TEXT]) || qs_str_equal(cell, names[QS_COLUMN_LABEL]))
            return true;
        start = at + 1;
    }
    return false;
}

static bool is_number_part(char c)
{
    return (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E';
}

/* "-1 3:0.5 7:1": a number and at least one index:value. */
static bool is_libsvm(qs_str line)
{
    size_t at = 0;
    bool pairs = false;
    while (at < line.len && is_number_part(line.ptr[at]))
        at++;
    if (at == 0)
        return false;
    while (at < line.len) {
        size_t colons = 0;
        if (line.ptr[at++] != ' ')
            return false;
        if (at == line.len)
            break;
        for (; at < line.len && line.ptr[at] != ' '; at++) {
            colons += line.ptr[at] == ':';
            if (line.ptr[at] != ':' && !is_number_part(line.ptr[at]))
                return false;
        }
        if (colons != 1)
            return false;
        pairs = true;
    }
    return pairs;
}

/* The first line that is not blank. */
static qs_str first_line(qs_str bytes)
{
    size_t start = 0;
    while (start < bytes.len) {
        const char *feed = memchr(bytes.ptr + start, '\n', bytes.len - start);
        size_t end = feed != NULL ? (size_t)(feed - bytes.ptr) : bytes.len;
        qs_str line = qs_str_slice(bytes, start, end);
        if (line.len > 0 && line.ptr[line.len - 1] == '\r')
            line.len--;
        if (!qs_row_blank(line))
            return line;
        start = end + 1;
    }
    return qs_str_make(bytes.ptr, 0);
}

qs_format qs_row_detect(qs_str first_bytes, const qs_str names[QS_COLUMN_COUNT])
{
    static const char mark[] = "__label__";
    const qs_str line = first_line(first_bytes);
    if (line.len > 0 && line.ptr[0] == '{')
        return QS_FORMAT_JSONL;
    if (line.len >= sizeof mark - 1 && memcmp(line.ptr, mark, sizeof mark - 1) == 0)
        return QS_FORMAT_FASTTEXT;
    if (is_header(line, '\t', names))
        return QS_FORMAT_TSV;
    if (is_header(line, ',', names))
        return QS_FORMAT_CSV;
    if (is_libsvm(line))
        return QS_FORMAT_LIBSVM;
    return QS_FORMAT_LINES;
}
