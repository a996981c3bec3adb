/* Days of the calendar, as articles write them. SPDX-License-Identifier: MIT */
#ifndef QS_REPORT_DAY_H
#define QS_REPORT_DAY_H

#include "base/buf.h"

/** "No day". */
#define QS_NO_DAY INT32_MIN

/** The first day in `text` as a number of days since 1970-01-01: 2026-03-12 (also with a time after it),
 *  12 March 2026, March 12, 2026 and the names cut to three letters; QS_NO_DAY if there is none. */
int32_t qs_day_parse(qs_str text);

/** Year, month (1 to 12) and day of the month. */
void qs_day_split(int32_t day, int *year, int *month, int *day_of_month);

/** The number of a day; the reverse of qs_day_split. */
int32_t qs_day_make(int year, int month, int day_of_month);

/** Adds "12 Mar 2026". */
void qs_day_add(qs_buf *buf, int32_t day);

/** "Jan" to "Dec" for 1 to 12. [borrowed: static] */
const char *qs_day_month_name(int month);

#endif
