/* This layer has no code yet. SPDX-License-Identifier: MIT */
typedef int qs_features_is_empty;
