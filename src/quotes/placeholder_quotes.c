/* This layer has no code yet. SPDX-License-Identifier: MIT */
typedef int qs_quotes_is_empty;
