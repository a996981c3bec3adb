/* What a text says about a target: the parts of the text around its mention. SPDX-License-Identifier: MIT */
#ifndef QS_FEATURES_TARGET_H
#define QS_FEATURES_TARGET_H

#include <stdbool.h>

#include "features/spec.h"

/** Fills the target fields of an item from its text: views of text and target. Without a mention (an exact match of
 *  bytes) left and near are empty, right and clause are the text. True if the target is mentioned. Any thread. */
bool qs_item_locate(qs_item *item, qs_str target);

#endif
