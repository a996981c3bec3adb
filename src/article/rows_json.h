/* The parsed value behind a field, for readers of nested records. SPDX-License-Identifier: MIT */
#ifndef QS_ARTICLE_ROWS_JSON_H
#define QS_ARTICLE_ROWS_JSON_H

#include <jansson.h>

#include "quotestance/rows.h"

/** The value of a field of the last record, or NULL: no such field, or the input is not JSON.
 *  [borrowed: rows, until the next record] */
const json_t *qs_rows_json(const qs_rows *rows, qs_str name);

#endif
