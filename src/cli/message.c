/* Messages for people, on standard error. SPDX-License-Identifier: MIT */
#include "cli/message.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void cli_message(const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    for (char *c = text; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = '?';
    (void)fprintf(stderr, "quotestance: %s\n", text);
}

int cli_fail(const qs_error *error)
{
    char place[320] = "";
    char offset[48] = "";
    if (error->path[0] != '\0' && error->line != 0)
        (void)snprintf(place, sizeof place, "%s:%llu: ", error->path, (unsigned long long)error->line);
    else if (error->path[0] != '\0')
        (void)snprintf(place, sizeof place, "%s: ", error->path);
    else if (error->line != 0)
        (void)snprintf(place, sizeof place, "line %llu: ", (unsigned long long)error->line);
    if (error->offset != QS_NO_OFFSET)
        (void)snprintf(offset, sizeof offset, " (at byte %llu)", (unsigned long long)error->offset);
    const char *message = error->message[0] != '\0' ? error->message : qs_status_words(error->status);
    cli_message("%s%s%s", place, message, offset);
    return qs_status_exit_code(error->status);
}

int cli_is_terminal(void)
{
    return isatty(STDOUT_FILENO);
}
