/* Reading and writing days. SPDX-License-Identifier: MIT */
#include "report/day.h"

#include <stdlib.h>
#include <string.h>

static const char *const month_names[] = {"january", "february", "march",     "april",   "may",      "june",
                                          "july",    "august",   "september", "october", "november", "december"};

const char *qs_day_month_name(int month)
{
    static const char *const names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    return names[month - 1];
}

/* Years begin in March here, so that the leap day is the last one. */
int32_t qs_day_make(int year, int month, int day_of_month)
{
    const int y = month <= 2 ? year - 1 : year;
    const int era = (y >= 0 ? y : y - 399) / 400;
    const int of_era = y - era * 400;
    const int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day_of_month - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

void qs_day_split(int32_t day, int *year, int *month, int *day_of_month)
{
    const int32_t shifted = day + 719468;
    const int era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    const int of_era = shifted - era * 146097;
    const int y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    const int of_year = of_era - (365 * y + y / 4 - y / 100);
    const int m = (5 * of_year + 2) / 153;
    *day_of_month = of_year - (153 * m + 2) / 5 + 1;
    *month = m < 10 ? m + 3 : m - 9;
    *year = y + era * 400 + (*month <= 2);
}

void qs_day_add(qs_buf *buf, int32_t day)
{
    int year = 0, month = 0, day_of_month = 0;
    qs_day_split(day, &year, &month, &day_of_month);
    qs_buf_addf(buf, "%d %s %d", day_of_month, qs_day_month_name(month), year);
}

static int32_t checked(int year, int month, int day_of_month)
{
    int y = 0, m = 0, d = 0;
    if (year < 1000 || year > 9999 || month < 1 || month > 12 || day_of_month < 1 || day_of_month > 31)
        return QS_NO_DAY;
    const int32_t day = qs_day_make(year, month, day_of_month);
    qs_day_split(day, &y, &m, &d);
    return y == year && m == month && d == day_of_month ? day : QS_NO_DAY; /* no 30 February */
}

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* A piece of the text: a number of up to four digits, or a month. */
typedef struct piece {
    int number; /* or -1 */
    int digits;
    int month;  /* or 0 */
    char after; /* what follows it */
} piece;

static int month_of(qs_str word)
{
    for (int i = 0; i < 12; i++) {
        const size_t full = strlen(month_names[i]);
        size_t same = 0;
        while (same < word.len && same < full && (word.ptr[same] | 0x20) == month_names[i][same])
            same++;
        if (same == word.len && (same == full || same == 3))
            return i + 1;
    }
    return 0;
}

/* Reads the next number or word from *at on; returns 0 at the end. */
static int next_piece(qs_str text, size_t *at, piece *out)
{
    *out = (piece){.number = -1};
    while (*at < text.len && !is_digit(text.ptr[*at]) && !is_letter(text.ptr[*at]))
        ++*at;
    if (*at >= text.len)
        return 0;
    const size_t start = *at;
    if (is_digit(text.ptr[start])) {
        out->number = 0;
        for (; *at < text.len && is_digit(text.ptr[*at]); ++*at)
            out->number = out->number > 99999 ? 99999 : out->number * 10 + (text.ptr[*at] - '0');
        out->digits = (int)(*at - start > 9 ? 9 : *at - start);
    } else {
        while (*at < text.len && is_letter(text.ptr[*at]))
            ++*at;
        out->month = month_of(qs_str_slice(text, start, *at));
    }
    out->after = *at < text.len ? text.ptr[*at] : ' ';
    return 1;
}

static int32_t day_of(const piece *three)
{
    const piece *a = &three[0], *b = &three[1], *c = &three[2];
    if (a->digits == 4 && b->digits == 2 && c->digits == 2 && a->after == '-' && b->after == '-')
        return checked(a->number, b->number, c->number);
    if (a->digits >= 1 && a->digits <= 2 && b->month > 0 && c->digits == 4)
        return checked(c->number, b->month, a->number);
    if (a->month > 0 && b->digits >= 1 && b->digits <= 2 && c->digits == 4)
        return checked(c->number, a->month, b->number);
    return QS_NO_DAY;
}

int32_t qs_day_parse(qs_str text)
{
    piece three[3] = {{.number = -1}, {.number = -1}, {.number = -1}};
    size_t at = 0;
    while (next_piece(text, &at, &three[2])) {
        const int32_t day = day_of(three);
        if (day != QS_NO_DAY)
            return day;
        three[0] = three[1];
        three[1] = three[2];
    }
    return QS_NO_DAY;
}
