/* This layer has no code yet. SPDX-License-Identifier: MIT */
typedef int qs_report_is_empty;
