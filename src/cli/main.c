/* Finds the command and runs it. SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "quotestance/version.h"

#define EXIT_USAGE 2
#define EXIT_OUTPUT 5
#define EXIT_MEMORY 6

static int finish_output(int exit_code)
{
    if (fflush(stdout) != 0 && exit_code == 0) {
        cli_message("standard output: cannot write");
        return EXIT_OUTPUT;
    }
    return exit_code;
}

static int unknown_command(const char *name)
{
    cli_message("no command '%s'; see 'quotestance help'", name);
    return EXIT_USAGE;
}

/* `help`, `help COMMAND`, `help --man [COMMAND]` and `help --completion SHELL`. */
static int help(int argc, char **argv)
{
    const bool man = argc > 0 && strcmp(argv[0], "--man") == 0;
    if (argc > 0 && strcmp(argv[0], "--completion") == 0) {
        if (argc < 2 || !qs_cli_completion(stdout, argv[1])) {
            cli_message("--completion takes one of bash, zsh or fish");
            return EXIT_USAGE;
        }
        return finish_output(0);
    }
    const char *name = argc > man ? argv[man] : NULL;
    const cli_command *command = name == NULL ? NULL : qs_cli_find(name);
    if (name != NULL && command == NULL)
        return unknown_command(name);
    (man ? qs_cli_man : qs_cli_help)(stdout, command);
    return finish_output(0);
}

static int run(const cli_command *command, int argc, char **argv)
{
    cli_list inputs = {0};
    int exit_code = EXIT_USAGE;
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            qs_cli_help(stdout, command);
            return finish_output(0);
        }
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

/* A file that is opened must never get the number of standard input, output or error: it would be read from or written to as such.
 * What stands in for a closed one fails as it would have, but for errors, which go nowhere. */
static void keep_standard_files(void)
{
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == 1 ? O_RDONLY : O_WRONLY) != fd)
            _exit(EXIT_OUTPUT);
}

int main(int argc, char **argv)
{
    keep_standard_files();
    (void)signal(SIGPIPE, SIG_IGN); /* a closed pipe is a write that fails, and is reported as such */
    (void)signal(SIGXFSZ, SIG_IGN); /* and so is a file that may not grow */
    if (argc < 2) {
        qs_cli_help(stderr, NULL);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return help(argc - 2, argv + 2);
    if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "version") == 0) {
        printf("quotestance %s\n", QS_VERSION);
        return finish_output(0);
    }
    const cli_command *command = qs_cli_find(argv[1]);
    return command == NULL ? unknown_command(argv[1]) : run(command, argc - 2, argv + 2);
}
