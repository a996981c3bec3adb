/* Status words and error records. SPDX-License-Identifier: MIT */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "quotestance/version.h"

const char *qs_version(void)
{
    return QS_VERSION;
}

const char *qs_status_words(qs_status status)
{
    switch (status) {
#define QS_STATUS_CASE(name, value, exit_code, words)                                              \
    case name:                                                                                     \
        return words;
        QS_STATUS_TABLE(QS_STATUS_CASE)
#undef QS_STATUS_CASE
    }
    return "unknown status";
}

const char *qs_status_name(qs_status status)
{
    switch (status) {
#define QS_STATUS_CASE(name, value, exit_code, words)                                              \
    case name:                                                                                     \
        return #name;
        QS_STATUS_TABLE(QS_STATUS_CASE)
#undef QS_STATUS_CASE
    }
    return "QS_UNKNOWN";
}

int qs_status_exit_code(qs_status status)
{
    switch (status) {
#define QS_STATUS_CASE(name, value, exit_code, words)                                              \
    case name:                                                                                     \
        return exit_code;
        QS_STATUS_TABLE(QS_STATUS_CASE)
#undef QS_STATUS_CASE
    }
    return 5;
}

static void fill(qs_error *err, qs_status status, uint64_t line, uint64_t offset, const char *format,
                 va_list arguments) QS_PRINTF(5, 0);

static void fill(qs_error *err, qs_status status, uint64_t line, uint64_t offset,
                 const char *format, va_list arguments)
{
    err->status = status;
    err->line = line;
    err->offset = offset;
    err->path[0] = '\0';
    (void)vsnprintf(err->message, sizeof err->message, format, arguments);
    /* one event, one line, and nothing that drives a terminal, whatever the input held */
    for (char *c = err->message; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = '?';
}

qs_status qs_fail(qs_error *err, qs_status status, const char *format, ...)
{
    if (err != NULL) {
        va_list arguments;
        va_start(arguments, format);
        fill(err, status, 0, QS_NO_OFFSET, format, arguments);
        va_end(arguments);
    }
    return status;
}

qs_status qs_fail_at(qs_error *err, qs_status status, uint64_t line, uint64_t offset,
                     const char *format, ...)
{
    if (err != NULL) {
        va_list arguments;
        va_start(arguments, format);
        fill(err, status, line, offset, format, arguments);
        va_end(arguments);
    }
    return status;
}

void qs_error_set_path(qs_error *err, const char *path)
{
    if (err == NULL || path == NULL || err->path[0] != '\0')
        return;
    const size_t length = strlen(path);
    const size_t room = sizeof err->path - 1;
    const size_t kept = length < room ? length : room;
    memcpy(err->path, path + (length - kept), kept); /* the end of a long path says more */
    err->path[kept] = '\0';
}
