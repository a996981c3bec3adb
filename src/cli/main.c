/* Finds the command and runs it. SPDX-License-Identifier: MIT */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "quotestance/version.h"

#define EXIT_USAGE 2
#define EXIT_OUTPUT 5
#define EXIT_MEMORY 6

static const cli_command *find_command(const char *name)
{
    size_t count = 0;
    const cli_command *const *commands = qs_cli_commands(&count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

static int finish_output(int exit_code)
{
    if (fflush(stdout) != 0 && exit_code == 0) {
        cli_message("standard output: cannot write");
        return EXIT_OUTPUT;
    }
    return exit_code;
}

static int help(const char *name)
{
    const cli_command *command = name == NULL ? NULL : find_command(name);
    if (name != NULL && command == NULL) {
        cli_message("no command '%s'; see 'quotestance help'", name);
        return EXIT_USAGE;
    }
    qs_cli_help(stdout, command);
    return finish_output(0);
}

static int run(const cli_command *command, int argc, char **argv)
{
    cli_list inputs = {0};
    int exit_code = EXIT_USAGE;
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return help(command->name);
    void *options = malloc(command->options_size);
    if (options == NULL) {
        cli_message("out of memory");
        return EXIT_MEMORY;
    }
    if (cli_parse(command, argc, argv, options, &inputs))
        exit_code = finish_output(command->run(options, &inputs));
    cli_release(command, options, &inputs);
    free(options);
    return exit_code;
}

int main(int argc, char **argv)
{
    (void)signal(SIGPIPE, SIG_IGN); /* a closed pipe is a write that fails, and is reported as such */
    if (argc < 2) {
        qs_cli_help(stderr, NULL);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return help(argc > 2 ? argv[2] : NULL);
    if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "version") == 0) {
        printf("quotestance %s\n", QS_VERSION);
        return finish_output(0);
    }
    const cli_command *command = find_command(argv[1]);
    if (command == NULL) {
        cli_message("no command '%s'; see 'quotestance help'", argv[1]);
        return EXIT_USAGE;
    }
    return run(command, argc - 2, argv + 2);
}
