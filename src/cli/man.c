/* Manual pages, made from the option tables. SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <string.h>

#include "cli/command.h"
#include "quotestance/version.h"

/* Of the last change to what the pages say; a page must not change with the day it is built on. */
#define PAGE_DATE "2026-11-27"

static const struct {
    const char *code;
    const char *meaning;
} exits[] = {
    {"0", "Every record is done."},
    {"1", "Finished; some records were rejected."},
    {"2", "The command line is wrong."},
    {"3", "The model cannot be used."},
    {"4", "The input cannot be used."},
    {"5", "Reading or writing failed."},
    {"6", "Memory, or a limit."},
    {"7", "A quality gate was not met."},
    {"128+n", "Ended by signal n."},
};

#define LINE_WIDTH 78

/* Characters that `text` up to a blank takes once escaped. */
static int word_width(const char *text)
{
    int width = 0;
    for (; *text != '\0' && *text != ' ' && *text != '\n'; text++)
        width += *text == '-' || *text == '\\' ? 2 : 1;
    return width;
}

static int put_char(FILE *out, char c, bool first)
{
    if (first && (c == '.' || c == '\'')) /* would be read as a request */
        fputs("\\&", out);
    if (c == '-' || c == '\\') {
        fputs(c == '-' ? "\\-" : "\\e", out);
        return 2;
    }
    fputc(c, out);
    return 1;
}

/* Running text from column `at` on; blanks become line ends where the line is full. */
static void put_words(FILE *out, const char *text, int at)
{
    for (; *text != '\0'; text++) {
        const bool full = *text == ' ' && at + 1 + word_width(text + 1) > LINE_WIDTH;
        if (full || *text == '\n')
            fputc('\n', out);
        at = full || *text == '\n' ? 0 : at + put_char(out, *text, at == 0);
    }
}

/* Text whose lines stay as they are. */
static void put_lines(FILE *out, const char *text)
{
    for (bool first = true; *text != '\0'; text++) {
        (void)put_char(out, *text, first);
        first = *text == '\n';
    }
}

static void put_upper(FILE *out, const char *text)
{
    for (; *text != '\0'; text++)
        fputc(toupper((unsigned char)*text), out);
}

static void put_title(FILE *out, const char *command)
{
    fputs(".TH QUOTESTANCE", out);
    if (command != NULL) {
        fputs("\\-", out);
        put_upper(out, command);
    }
    fputs(" 1 \"" PAGE_DATE "\" \"quotestance " QS_VERSION "\" \"quotestance\"\n", out);
}

static void put_option(FILE *out, const cli_option *option)
{
    fputs(".TP\n", out);
    if (option->letter != 0)
        fprintf(out, "\\fB\\-%c\\fR, ", option->letter);
    fputs("\\fB\\-\\-", out);
    put_lines(out, option->name);
    fputs("\\fR", out);
    if (option->value != NULL) {
        fputs(" \\fI", out);
        put_lines(out, option->value);
        fputs("\\fR", out);
    }
    fputc('\n', out);
    put_words(out, option->help, 0);
    for (const char *at = option->choices; at != NULL && *at != '\0';) {
        const int length = (int)strcspn(at, "|");
        fputs(at == option->choices ? "\n(\\fB" : ",\n\\fB", out);
        for (int i = 0; i < length; i++)
            (void)put_char(out, at[i], false);
        fputs("\\fR", out);
        at += length;
        at += *at == '|';
    }
    fputs(option->choices == NULL ? ".\n" : ").\n", out);
}

/* Lines of shell, kept as they are. */
static void put_examples(FILE *out, const char *text)
{
    fputs(".SH EXAMPLES\n.nf\n", out);
    put_lines(out, text);
    fputs(".fi\n", out);
}

static void put_exits(FILE *out)
{
    fputs(".SH EXIT STATUS\n", out);
    for (size_t i = 0; i < CLI_COUNT_OF(exits); i++)
        fprintf(out, ".TP\n.B %s\n%s\n", exits[i].code, exits[i].meaning);
}

/* Paragraphs of a description are parted by an empty line. */
static void put_paragraphs(FILE *out, const char *text)
{
    for (const char *end = NULL; (end = strstr(text, "\n\n")) != NULL; text = end + 2) {
        char part[2000];
        (void)snprintf(part, sizeof part, "%.*s", (int)(end - text), text);
        put_words(out, part, 0);
        fputs("\n.PP\n", out);
    }
    put_words(out, text, 0);
    fputc('\n', out);
}

static void put_command(FILE *out, const cli_command *command)
{
    put_title(out, command->name);
    fputs(".SH NAME\nquotestance\\-", out);
    put_lines(out, command->name);
    fputs(" \\- ", out);
    put_words(out, command->summary, (int)strlen(command->name) + 20);
    fputs("\n.SH SYNOPSIS\n\\fBquotestance ", out);
    put_lines(out, command->name);
    fputs("\\fR ", out);
    put_words(out, command->synopsis, (int)strlen(command->name) + 24);
    fputs("\n.SH DESCRIPTION\n", out);
    put_paragraphs(out, command->description);
    fputs(".SH OPTIONS\n", out);
    for (size_t g = 0; g < command->group_count; g++) {
        fputs(".SS ", out);
        put_lines(out, command->groups[g].title);
        fputc('\n', out);
        for (const cli_option *option = command->groups[g].options; option->name != NULL; option++)
            put_option(out, option);
    }
    put_exits(out);
    if (command->examples != NULL)
        put_examples(out, command->examples);
    fputs(".SH SEE ALSO\n.BR quotestance (1)\n", out);
}

static void put_program(FILE *out)
{
    size_t count = 0;
    const cli_command *const *commands = qs_cli_commands(&count);
    put_title(out, NULL);
    fputs(".SH NAME\nquotestance \\- quotes, speakers and stance from news\n"
          ".SH SYNOPSIS\n\\fBquotestance\\fR \\fICOMMAND\\fR [options] [inputs...]\n"
          ".SH DESCRIPTION\n"
          "Reads news articles, finds who said what, and scores each quote\\(aqs\n"
          "stance toward negotiations (favor, against, none) and its sentiment\n"
          "(positive, negative, neutral).\n"
          "Trains models on labelled corpora, scores articles in batch, and reports\nmetrics.\n"
          ".SH COMMANDS\n",
          out);
    for (size_t i = 0; i < count; i++) {
        fputs(".TP\n.B ", out);
        put_lines(out, commands[i]->name);
        fputc('\n', out);
        put_words(out, commands[i]->summary, 0);
        fputs(".\n", out);
    }
    fputs(".TP\n\\fBhelp\\fR [\\fICOMMAND\\fR]\n"
          "Explain a command; with \\fB\\-\\-man\\fR its manual page, with\n"
          "\\fB\\-\\-completion\\fR \\fISHELL\\fR a script that completes command lines in\n"
          "bash, zsh or fish.\n",
          out);
    put_exits(out);
    fputs(".SH ENVIRONMENT\n.TP\n.B NO_COLOR\nIf set, tables have no colours.\n", out);
    put_examples(out, "  quotestance predict article.txt\n  quotestance train -o my.qsm corpus.tsv\n");
    fputs(".SH SEE ALSO\n", out);
    for (size_t i = 0; i < count; i++) {
        fputs(".BR quotestance\\-", out);
        put_lines(out, commands[i]->name);
        fputs(i + 1 < count ? " (1),\n" : " (1)\n", out);
    }
}

void qs_cli_man(FILE *out, const cli_command *command)
{
    if (command == NULL)
        put_program(out);
    else
        put_command(out, command);
}
