/* Text that was decoded with the wrong encoding. SPDX-License-Identifier: MIT */
#ifndef QS_TEXT_MOJIBAKE_H
#define QS_TEXT_MOJIBAKE_H

#include <stdbool.h>

#include "quotestance/str.h"

/** True if UTF-8 that was read as Windows-1252 or Latin-1 stands in `text`, such as the three characters that a
 *  curly mark turns into; *start and *end (may be NULL) get the first such place. Linear; any thread. */
bool qs_mojibake_find(qs_str text, size_t *start, size_t *end);

#endif
