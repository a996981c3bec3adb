/* The usual JSON record read without a parser: one flat object of strings, whole numbers, booleans and nulls. Anything else is left to
 * jansson, which also words the errors; what is read here is read just as there. SPDX-License-Identifier: MIT */
#include <string.h>

#include "article/rows_parts.h"
#include "text/utf8.h"

#define FIELDS_MAX 32
#define DIGITS_MAX 15 /* whole numbers that any reader holds exactly */

typedef struct scan {
    qs_rows *rows;
    const char *at;
    const char *end;
    qs_error *err;
} scan;

static void skip_space(scan *s)
{
    while (s->at < s->end && (*s->at == ' ' || *s->at == '\t' || *s->at == '\r' || *s->at == '\n'))
        s->at++;
}

static bool take(scan *s, char c)
{
    skip_space(s);
    if (s->at == s->end || *s->at != c)
        return false;
    s->at++;
    return true;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* \uXXXX but no surrogate and no NUL, which are rare and partly wrong. */
static bool unescape_unit(scan *s, qs_buf *out)
{
    uint32_t c = 0;
    char bytes[4];
    if (s->end - s->at < 4)
        return false;
    for (int i = 0; i < 4; i++) {
        const int digit = hex_digit(*s->at++);
        if (digit < 0)
            return false;
        c = c << 4 | (uint32_t)digit;
    }
    if (c == 0 || (c >= 0xd800 && c <= 0xdfff))
        return false;
    qs_buf_add(out, bytes, qs_utf8_encode(c, bytes));
    return true;
}

static bool unescape(scan *s, qs_buf *out)
{
    static const char from[] = "\"\\/bfnrt";
    static const char to[] = "\"\\/\b\f\n\r\t";
    if (s->at == s->end)
        return false;
    const char c = *s->at++;
    if (c == 'u')
        return unescape_unit(s, out);
    const char *known = c == '\0' ? NULL : strchr(from, c);
    if (known == NULL)
        return false;
    qs_buf_add_char(out, to[known - from]);
    return true;
}

/* End of a run without '"', '\' and control characters. */
static const char *run_end(const char *at, const char *end)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    for (uint64_t eight = 0; end - at >= 8; at += 8) {
        memcpy(&eight, at, sizeof eight);
        const uint64_t quote = eight ^ ones * '"';
        const uint64_t slash = eight ^ ones * '\\';
        const uint64_t found = ((quote - ones) & ~quote) | ((slash - ones) & ~slash) | ((eight - ones * 0x20) & ~eight);
        if ((found & ones * 0x80) != 0)
            break;
    }
    while (at < end && *at != '"' && *at != '\\' && (unsigned char)*at >= 0x20)
        at++;
    return at;
}

/* The rest of a string behind its opening quote: a view of the record if there is no escape in it, else of `texts`, which has room. */
static bool take_string(scan *s, qs_str *out)
{
    const char *start = s->at;
    s->at = run_end(s->at, s->end);
    if (s->at < s->end && *s->at == '"') {
        *out = qs_str_make(start, (size_t)(s->at++ - start));
        return true;
    }
    qs_buf *texts = &s->rows->texts;
    const size_t from = texts->len;
    qs_buf_add(texts, start, (size_t)(s->at - start));
    while (s->at < s->end && *s->at == '\\') {
        s->at++;
        if (!unescape(s, texts))
            return false;
        start = s->at;
        s->at = run_end(s->at, s->end);
        qs_buf_add(texts, start, (size_t)(s->at - start));
    }
    if (s->at == s->end || *s->at != '"')
        return false;
    s->at++;
    *out = qs_str_make(texts->ptr + from, texts->len - from);
    return true;
}

/* true, false, null or a whole number. */
static bool take_other(scan *s, qs_str *out)
{
    static const char *const words[] = {"true", "false", "null"};
    const char *start = s->at;
    const size_t left = (size_t)(s->end - s->at);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const size_t length = strlen(words[i]);
        if (left < length || memcmp(start, words[i], length) != 0)
            continue;
        s->at += length;
        *out = qs_str_make(start, length);
        return true;
    }
    if (s->at < s->end && *s->at == '-')
        s->at++;
    const char *digits = s->at;
    while (s->at < s->end && *s->at >= '0' && *s->at <= '9')
        s->at++;
    const size_t count = (size_t)(s->at - digits);
    if (count == 0 || count > DIGITS_MAX || (*digits == '0' && (count > 1 || digits > start)))
        return false;
    *out = qs_str_make(start, (size_t)(s->at - start));
    return s->at < s->end && (*s->at == ',' || *s->at == '}' || *s->at == ' '); /* no fraction, no exponent */
}

static bool is_new(const qs_row *row, qs_str name)
{
    for (size_t i = 0; i < row->field_count; i++)
        if (qs_str_equal(row->fields[i].name, name))
            return false;
    return row->field_count < FIELDS_MAX;
}

static bool take_field(scan *s, qs_status *status)
{
    qs_str name = {0};
    qs_str value = {0};
    if (!take(s, '"') || !take_string(s, &name) || !take(s, ':') || !is_new(&s->rows->row, name))
        return false;
    skip_space(s);
    const bool is_string = s->at < s->end && *s->at == '"';
    if (is_string)
        s->at++;
    if (!(is_string ? take_string(s, &value) : take_other(s, &value)))
        return false;
    *status = qs_row_add_field(s->rows, name, value, is_string, s->err);
    return *status == QS_OK;
}

static bool take_columns(qs_rows *rows)
{
    qs_row *row = &rows->row;
    for (int column = 0; column < QS_COLUMN_COUNT; column++) {
        const qs_field *field = qs_row_field(row, rows->names[column]);
        if (field == NULL || (!field->is_string && field->value.ptr[0] == 'n'))
            continue;
        if (!field->is_string && column == QS_COLUMN_TEXT)
            return false;
        row->columns[column] = field->value;
        row->present |= QS_COLUMN_BIT(column);
    }
    return true;
}

static bool take_object(scan *s, qs_status *status)
{
    if (!take(s, '{'))
        return false;
    do {
        if (!take_field(s, status))
            return false;
    } while (take(s, ','));
    if (!take(s, '}'))
        return false;
    skip_space(s);
    return s->at == s->end && !s->rows->texts.failed && take_columns(s->rows);
}

qs_status qs_row_scan_json(qs_rows *rows, qs_str record, bool *done, qs_error *err)
{
    qs_status status = QS_OK;
    scan s = {rows, record.ptr, record.ptr + record.len, err};
    *done = qs_buf_reserve(&rows->texts, record.len) && take_object(&s, &status);
    if (*done)
        return QS_OK;
    rows->row.field_count = 0;
    rows->row.present = 0;
    memset(rows->row.columns, 0, sizeof rows->row.columns);
    qs_buf_clear(&rows->texts);
    return status;
}
