/* The model inside the library. SPDX-License-Identifier: MIT */
#include "pipeline/classifier_internal.h"

/* Made by the build from models/negotiations.qsm; empty if that file is not there. */
extern const unsigned char qs_bundled_model_bytes[];
extern const size_t qs_bundled_model_bytes_size;

qs_str qs_bundled_model(void)
{
    return qs_str_make((const char *)qs_bundled_model_bytes, qs_bundled_model_bytes_size);
}
