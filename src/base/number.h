/* Strict, locale-free reading of numbers. SPDX-License-Identifier: MIT */
#ifndef QS_BASE_NUMBER_H
#define QS_BASE_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

#include "quotestance/str.h"

/** Reads all of `text` as a decimal number ([+-]digits[.digits][e[+-]digits]); no hex, no nan or inf,
 *  no spaces, and the value must be finite. False leaves *out alone. Any thread, any locale. */
bool qs_number_parse(qs_str text, double *out);

/** Reads all of `text` as an unsigned decimal whole number that fits. False leaves *out alone. */
bool qs_number_parse_u64(qs_str text, uint64_t *out);

#endif
