/* The table of commands. SPDX-License-Identifier: MIT */
#include "cli/command.h"

#include <string.h>

static const cli_command *const commands[] = {
    &qs_cli_predict,
    &qs_cli_explain,
    &qs_cli_extract,
    &qs_cli_train,
    &qs_cli_evaluate,
    &qs_cli_compare,
    &qs_cli_model,
    &qs_cli_corpus,
    &qs_cli_shard,
    &qs_cli_merge,
};

const cli_command *const *qs_cli_commands(size_t *count)
{
    *count = CLI_COUNT_OF(commands);
    return commands;
}

const cli_command *qs_cli_find(const char *name)
{
    for (size_t i = 0; i < CLI_COUNT_OF(commands); i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}
