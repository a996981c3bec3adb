/* Messages for people, on standard error. SPDX-License-Identifier: MIT */
#ifndef QS_CLI_MESSAGE_H
#define QS_CLI_MESSAGE_H

#include "quotestance/status.h"

/** Prints "quotestance: ..." and a newline on stderr; control characters come out as '?'. */
void cli_message(const char *format, ...) QS_PRINTF(1, 2);

/** Prints a line on standard output, as tame. */
void cli_say(const char *format, ...) QS_PRINTF(1, 2);

/** Prints an error as "quotestance: path:line: message (at byte N)" and returns its exit code. */
int cli_fail(const qs_error *error);

/** True if standard output is a terminal. */
int cli_is_terminal(void);

#endif
