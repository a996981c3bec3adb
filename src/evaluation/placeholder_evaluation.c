/* This layer has no code yet. SPDX-License-Identifier: MIT */
typedef int qs_evaluation_is_empty;
