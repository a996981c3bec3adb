/* Corpora of labelled texts: reading them, checking them, cutting them. SPDX-License-Identifier: MIT */
#ifndef QUOTESTANCE_CORPUS_H
#define QUOTESTANCE_CORPUS_H

#include "quotestance/rows.h"

#endif
