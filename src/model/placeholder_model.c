/* This layer has no code yet. SPDX-License-Identifier: MIT */
typedef int qs_model_is_empty;
