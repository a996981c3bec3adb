/* Messages for people, on standard error. SPDX-License-Identifier: MIT */
#include "cli/message.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LINE_SIZE 1024

/* Nothing that is said may steer a terminal: no control character of ASCII or C1, no change of direction, nothing unseen. */
static void tame(char *text)
{
    unsigned char *c = (unsigned char *)text;
    for (; *c != '\0'; c++) {
        if (*c < 0x20 || *c == 0x7f) {
            *c = '?';
        } else if (c[0] == 0xc2 && c[1] >= 0x80 && c[1] < 0xa0) {
            memset(c, '?', 2);
        } else if (c[0] == 0xd8 && c[1] == 0x9c) {
            memset(c, '?', 2);
        } else if ((c[0] == 0xe2 && c[1] == 0x80 && ((c[2] >= 0x8b && c[2] <= 0x8f) || (c[2] >= 0xa8 && c[2] <= 0xae))) ||
                   (c[0] == 0xe2 && c[1] == 0x81 && c[2] >= 0xa0 && c[2] <= 0xaf) || (c[0] == 0xef && c[1] == 0xbb && c[2] == 0xbf)) {
            memset(c, '?', 3);
        } else if (c[0] == 0xf3 && c[1] == 0xa0 && (c[2] == 0x80 || c[2] == 0x81) && c[3] != '\0') {
            memset(c, '?', 4);
        }
    }
}

/* One line, cut where it is too long, and tame. */
QS_PRINTF(2, 0)
static void compose(char text[LINE_SIZE], const char *format, va_list arguments)
{
    (void)vsnprintf(text, LINE_SIZE, format, arguments);
    tame(text);
}

void cli_message(const char *format, ...)
{
    char text[LINE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    compose(text, format, arguments);
    va_end(arguments);
    (void)fprintf(stderr, "quotestance: %s\n", text);
}

void cli_say(const char *format, ...)
{
    char text[LINE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    compose(text, format, arguments);
    va_end(arguments);
    (void)printf("%s\n", text); /* whether it came through is seen when standard output is closed */
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
