/* Help texts, made from the option tables. SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"

#define HELP_COLUMN 26
#define HELP_WIDTH 80

/* Prints `text` in lines of at most HELP_WIDTH, each from column `indent` on; `at` is the current column. */
static void print_wrapped(FILE *out, const char *text, int at, int indent)
{
    while (*text != '\0') {
        const int length = (int)strcspn(text, " \n");
        if (at > indent && at + 1 + length > HELP_WIDTH) {
            fprintf(out, "\n%*s", indent, "");
            at = indent;
        } else if (at > indent) {
            fputc(' ', out);
            at++;
        }
        fprintf(out, "%.*s", length, text);
        at += length;
        text += length;
        if (*text == '\n') {
            fprintf(out, "\n%*s", indent, "");
            at = indent;
        }
        text += *text != '\0';
    }
    fputc('\n', out);
}

static void print_option(FILE *out, const cli_option *option)
{
    char left[80];
    char letter[8] = "    ";
    if (option->letter != 0)
        (void)snprintf(letter, sizeof letter, "-%c, ", option->letter);
    (void)snprintf(left, sizeof left, "  %s--%s%s%s", letter, option->name,
                   option->value == NULL ? "" : " ", option->value == NULL ? "" : option->value);
    fprintf(out, "%-*s", HELP_COLUMN, left);
    if (strlen(left) >= HELP_COLUMN)
        fprintf(out, "\n%*s", HELP_COLUMN, "");
    if (option->choices != NULL) {
        char both[400];
        (void)snprintf(both, sizeof both, "%s (%s)", option->help, option->choices);
        print_wrapped(out, both, HELP_COLUMN, HELP_COLUMN);
    } else {
        print_wrapped(out, option->help, HELP_COLUMN, HELP_COLUMN);
    }
}

static void print_command(FILE *out, const cli_command *command)
{
    fprintf(out, "Usage: quotestance %s %s\n\n", command->name, command->synopsis);
    print_wrapped(out, command->description, 0, 0);
    for (size_t g = 0; g < command->group_count; g++) {
        fprintf(out, "\n%s:\n", command->groups[g].title);
        for (const cli_option *option = command->groups[g].options; option->name != NULL; option++)
            print_option(out, option);
    }
    if (command->examples != NULL)
        fprintf(out, "\nExamples:\n%s", command->examples);
}

static void print_all(FILE *out)
{
    size_t count = 0;
    const cli_command *const *commands = qs_cli_commands(&count);
    fputs("quotestance reads news articles, finds who said what, and scores each quote's stance\n"
          "toward negotiations and its sentiment.\n\n"
          "Usage: quotestance COMMAND [options] [inputs...]\n\nCommands:\n",
          out);
    for (size_t i = 0; i < count; i++)
        fprintf(out, "  %-10s %s\n", commands[i]->name, commands[i]->summary);
    fputs("  help       explain a command: quotestance help COMMAND\n"
          "             complete command lines: quotestance help --completion bash|zsh|fish\n\n"
          "Start with: quotestance predict article.txt\n\n"
          "Exit codes: 0 every record done; 1 finished, some records rejected; 2 usage; 3 model;\n"
          "4 input; 5 input/output; 6 memory or limit; 7 a quality gate not met; 128+n signal n.\n",
          out);
}

void qs_cli_help(FILE *out, const cli_command *command)
{
    if (command == NULL)
        print_all(out);
    else
        print_command(out, command);
}
