/* The commands. SPDX-License-Identifier: MIT */
#ifndef QS_CLI_COMMAND_H
#define QS_CLI_COMMAND_H

#include <stdio.h>

#include "cli/message.h"
#include "cli/options.h"

/* One per file cmd_*.c; listed in commands.c. */
extern const cli_command qs_cli_predict;
extern const cli_command qs_cli_explain;
extern const cli_command qs_cli_extract;
extern const cli_command qs_cli_train;
extern const cli_command qs_cli_evaluate;
extern const cli_command qs_cli_compare;
extern const cli_command qs_cli_model;
extern const cli_command qs_cli_corpus;
extern const cli_command qs_cli_shard;
extern const cli_command qs_cli_merge;

/** All commands in the order of the help; [borrowed: static], *count is set. */
const cli_command *const *qs_cli_commands(size_t *count);

/** The command called `name`, or NULL. */
const cli_command *qs_cli_find(const char *name);

/** Prints the help of one command, or of all if `command` is NULL. */
void qs_cli_help(FILE *out, const cli_command *command);

/** Prints the manual page of one command, or of the program if `command` is NULL. */
void qs_cli_man(FILE *out, const cli_command *command);

/** Prints a script that completes command lines in `shell` ("bash", "zsh" or "fish"); false for any other. */
bool qs_cli_completion(FILE *out, const char *shell);

#endif
