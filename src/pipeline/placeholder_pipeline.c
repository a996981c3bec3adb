/* This layer has no code yet. SPDX-License-Identifier: MIT */
typedef int qs_pipeline_is_empty;
