/* Parsing arguments by the option tables. SPDX-License-Identifier: MIT */
#include "cli/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/message.h"

typedef struct parsing {
    const cli_command *command;
    char **argv;
    int argc;
    int at;
    char *options;
} parsing;

#define SEE "; see 'quotestance help %s'"

static bool unknown(const parsing *p, const char *argument)
{
    cli_message("unknown option %s" SEE, argument, p->command->name);
    return false;
}

static bool no_value(const parsing *p, const char *argument)
{
    cli_message("%s needs a value" SEE, argument, p->command->name);
    return false;
}

static bool list_add(cli_list *list, const char *text)
{
    const char **items = realloc(list->items, (list->count + 1) * sizeof *items);
    if (items == NULL) {
        cli_message("out of memory");
        return false;
    }
    list->items = items;
    list->items[list->count++] = text;
    return true;
}

static bool is_choice(const char *choices, const char *value)
{
    const size_t length = strlen(value);
    for (const char *at = choices; at != NULL && *at != '\0';) {
        const size_t one = strcspn(at, "|");
        if (one == length && memcmp(at, value, length) == 0)
            return true;
        at += one;
        at += *at == '|';
    }
    return false;
}

static bool read_count(const char *text, bool with_unit, uint64_t *count)
{
    char *end = NULL;
    if (text[0] < '0' || text[0] > '9')
        return false;
    errno = 0;
    const unsigned long long value = strtoull(text, &end, 10);
    uint64_t unit = 1;
    if (with_unit && *end != '\0') {
        unit = *end == 'K' ? 1024u : *end == 'M' ? 1024u * 1024 : *end == 'G' ? 1024u * 1024 * 1024 : 0;
        end++;
    }
    return errno == 0 && unit != 0 && *end == '\0' &&
           !__builtin_mul_overflow((uint64_t)value, unit, count);
}

static bool set_value(const parsing *p, const cli_option *option, char *field, const char *value)
{
    char *end = NULL;
    if (option->choices != NULL && !is_choice(option->choices, value)) {
        cli_message("--%s takes one of %s, not '%s'" SEE, option->name, option->choices, value, p->command->name);
        return false;
    }
    switch (option->kind) {
    case CLI_TEXT:
        memcpy(field, &value, sizeof value);
        return true;
    case CLI_COUNT:
    case CLI_SIZE: {
        uint64_t count = 0;
        if (!read_count(value, option->kind == CLI_SIZE, &count)) {
            cli_message("--%s takes a whole number, not '%s'" SEE, option->name, value, p->command->name);
            return false;
        }
        memcpy(field, &count, sizeof count);
        return true;
    }
    case CLI_NUMBER: {
        const double number = strtod(value, &end);
        if (end == value || *end != '\0' || !(number - number == 0)) {
            cli_message("--%s takes a number, not '%s'" SEE, option->name, value, p->command->name);
            return false;
        }
        memcpy(field, &number, sizeof number);
        return true;
    }
    case CLI_LIST:
        return list_add((cli_list *)(void *)field, value);
    case CLI_FLAG:
        break;
    }
    return false;
}

/* Finds an option by its long name (`length` bytes) or, with length 0, by its letter. */
static const cli_option *find(const parsing *p, const char *name, size_t length, char **field)
{
    for (size_t g = 0; g < p->command->group_count; g++) {
        const cli_group *group = &p->command->groups[g];
        for (const cli_option *option = group->options; option->name != NULL; option++) {
            const bool match = length == 0 ? option->letter != 0 && option->letter == name[0]
                                           : strlen(option->name) == length &&
                                                 memcmp(option->name, name, length) == 0;
            if (match) {
                *field = p->options + group->base + option->offset;
                return option;
            }
        }
    }
    return NULL;
}

static bool parse_long(parsing *p, const char *argument)
{
    char *field = NULL;
    const char *name = argument + 2;
    const size_t length = strcspn(name, "=");
    const cli_option *option = length == 0 ? NULL : find(p, name, length, &field);
    if (option == NULL)
        return unknown(p, argument);
    if (option->kind == CLI_FLAG) {
        if (name[length] == '=') {
            cli_message("--%s takes no value" SEE, option->name, p->command->name);
            return false;
        }
        *(bool *)(void *)field = true;
        return true;
    }
    if (name[length] == '=')
        return set_value(p, option, field, name + length + 1);
    if (p->at + 1 >= p->argc)
        return no_value(p, argument);
    return set_value(p, option, field, p->argv[++p->at]);
}

static bool parse_short(parsing *p, const char *argument)
{
    for (const char *letter = argument + 1; *letter != '\0'; letter++) {
        char *field = NULL;
        const cli_option *option = find(p, letter, 0, &field);
        if (option == NULL)
            return unknown(p, argument);
        if (option->kind == CLI_FLAG) {
            *(bool *)(void *)field = true;
            continue;
        }
        if (letter[1] != '\0')
            return set_value(p, option, field, letter + 1);
        if (p->at + 1 >= p->argc)
            return no_value(p, argument);
        return set_value(p, option, field, p->argv[++p->at]);
    }
    return true;
}

bool cli_parse(const cli_command *command, int argc, char **argv, void *options, cli_list *inputs)
{
    parsing p = {.command = command, .argv = argv, .argc = argc, .options = options};
    bool only_inputs = false;
    memset(options, 0, command->options_size);
    if (command->defaults != NULL)
        memcpy(options, command->defaults, command->options_size);
    *inputs = (cli_list){0};
    for (p.at = 0; p.at < argc; p.at++) {
        const char *argument = argv[p.at];
        bool good = true;
        if (only_inputs || argument[0] != '-' || argument[1] == '\0')
            good = list_add(inputs, argument);
        else if (strcmp(argument, "--") == 0)
            only_inputs = true;
        else
            good = argument[1] == '-' ? parse_long(&p, argument) : parse_short(&p, argument);
        if (!good)
            return false;
    }
    return true;
}

void cli_release(const cli_command *command, void *options, cli_list *inputs)
{
    for (size_t g = 0; g < command->group_count; g++) {
        const cli_group *group = &command->groups[g];
        for (const cli_option *option = group->options; option->name != NULL; option++)
            if (option->kind == CLI_LIST) {
                cli_list *list = (cli_list *)(void *)((char *)options + group->base + option->offset);
                free(list->items);
                *list = (cli_list){0};
            }
    }
    free(inputs->items);
    *inputs = (cli_list){0};
}
