/* This layer has no code yet. SPDX-License-Identifier: MIT */
typedef int qs_article_is_empty;
