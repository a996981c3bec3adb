/* Completion of command lines in bash, zsh and fish, made from the option tables. SPDX-License-Identifier: MIT */
#include <string.h>

#include "cli/command.h"

typedef void (*option_visitor)(FILE *out, const cli_command *command, const cli_option *option);

static void each_option(FILE *out, const cli_command *command, option_visitor visit)
{
    for (size_t g = 0; g < command->group_count; g++)
        for (const cli_option *option = command->groups[g].options; option->name != NULL; option++)
            visit(out, command, option);
}

/* The words a command begins with, "info|verify|export": the first of its synopsis. Length 0 if it has none. */
static int actions_length(const cli_command *command)
{
    const size_t length = strcspn(command->synopsis, " ");
    return memchr(command->synopsis, '|', length) != NULL && command->synopsis[0] >= 'a' &&
                   command->synopsis[0] <= 'z'
               ? (int)length
               : 0;
}

static bool names_file(const cli_option *option)
{
    static const char *const kinds[] = {"FILE", "MODEL", "CORPUS", "MANIFEST", "FOLDER"};
    for (size_t i = 0; option->value != NULL && i < CLI_COUNT_OF(kinds); i++)
        if (strstr(option->value, kinds[i]) != NULL)
            return true;
    return false;
}

/* "a|b" with blanks for the bars. */
static void put_choices(FILE *out, const char *choices, int length)
{
    for (int i = 0; i < length; i++)
        fputc(choices[i] == '|' ? ' ' : choices[i], out);
}

/* Text between single quotes; `escaped` characters get a backslash. */
static void put_quoted(FILE *out, const char *text, const char *escaped)
{
    for (; *text != '\0'; text++) {
        if (*text == '\'')
            fputs("'\\''", out);
        else if (strchr(escaped, *text) != NULL)
            fprintf(out, "\\%c", *text);
        else
            fputc(*text, out);
    }
}

/* --- bash -------------------------------------------------------------------------------------- */

static void bash_value(FILE *out, const cli_command *command, const cli_option *option)
{
    if (option->value == NULL)
        return;
    fprintf(out, "    %s:--%s", command->name, option->name);
    if (option->letter != 0)
        fprintf(out, " | %s:-%c", command->name, option->letter);
    if (option->choices != NULL) {
        fputs(") words='", out);
        put_choices(out, option->choices, (int)strlen(option->choices));
        fputs("' ;;\n", out);
    } else {
        fputs(names_file(option) ? ") files=1 ;;\n" : ") return ;;\n", out);
    }
}

static void bash_name(FILE *out, const cli_command *command, const cli_option *option)
{
    (void)command;
    fprintf(out, " --%s", option->name);
}

static void bash(FILE *out)
{
    size_t count = 0;
    const cli_command *const *commands = qs_cli_commands(&count);
    fputs("# bash completion of quotestance: made by 'quotestance help --completion bash'\n"
          "_quotestance()\n{\n"
          "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]}\n"
          "    local words='' options='' actions='' files=0\n"
          "    COMPREPLY=()\n"
          "    # readline parts '--name=value' into three words\n"
          "    if [[ $cur == = ]]; then cur=''; elif [[ $prev == = ]]; then prev=${COMP_WORDS[COMP_CWORD - 2]}; fi\n"
          "    if ((COMP_CWORD == 1)); then\n        mapfile -t COMPREPLY < <(compgen -W 'help --help --version",
          out);
    for (size_t i = 0; i < count; i++)
        fprintf(out, " %s", commands[i]->name);
    fputs("' -- \"$cur\")\n        return\n    fi\n    case $command in\n    help) words='--man --completion", out);
    for (size_t i = 0; i < count; i++)
        fprintf(out, " %s", commands[i]->name);
    fputs("' ;;\n", out);
    for (size_t i = 0; i < count; i++) {
        fprintf(out, "    %s) options='--help", commands[i]->name);
        each_option(out, commands[i], bash_name);
        fputs("'", out);
        if (actions_length(commands[i]) > 0) {
            fputs(" actions='", out);
            put_choices(out, commands[i]->synopsis, actions_length(commands[i]));
            fputs("'", out);
        }
        fputs(" ;;\n", out);
    }
    fputs("    esac\n    case $command:$prev in\n    help:--completion) words='bash zsh fish' ;;\n", out);
    for (size_t i = 0; i < count; i++)
        each_option(out, commands[i], bash_value);
    fputs("    *)\n"
          "        if [[ -n $words ]]; then :;\n"
          "        elif [[ $cur == -* ]]; then words=$options;\n"
          "        elif [[ -n $actions && $COMP_CWORD == 2 ]]; then words=$actions;\n"
          "        else files=1; fi ;;\n"
          "    esac\n"
          "    if ((files)); then\n"
          "        compopt -o filenames 2>/dev/null\n"
          "        mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
          "    else\n"
          "        mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
          "    fi\n}\n"
          "complete -F _quotestance quotestance\n",
          out);
}

/* --- zsh --------------------------------------------------------------------------------------- */

static void zsh_option(FILE *out, const cli_command *command, const cli_option *option)
{
    (void)command;
    fputs(" \\\n            ", out);
    if (option->letter != 0)
        fprintf(out, "{-%c,--%s}'", option->letter, option->name);
    else
        fprintf(out, "%s--%s", option->kind == CLI_LIST ? "'*" : "'", option->name);
    if (option->value != NULL && option->letter == 0)
        fputc('=', out);
    fputc('[', out);
    put_quoted(out, option->help, "[]\\");
    fputc(']', out);
    if (option->value != NULL) {
        fputc(':', out);
        put_quoted(out, option->value, ":\\");
        fputc(':', out);
    }
    if (option->choices != NULL) {
        fputc('(', out);
        put_choices(out, option->choices, (int)strlen(option->choices));
        fputc(')', out);
    } else if (names_file(option)) {
        fputs("_files", out);
    }
    fputc('\'', out);
}

static void zsh(FILE *out)
{
    size_t count = 0;
    const cli_command *const *commands = qs_cli_commands(&count);
    fputs("#compdef quotestance\n# made by 'quotestance help --completion zsh'\n\n"
          "_quotestance()\n{\n"
          "    if ((CURRENT == 2)); then\n        local -a commands=(\n",
          out);
    for (size_t i = 0; i < count; i++) {
        fprintf(out, "            '%s:", commands[i]->name);
        put_quoted(out, commands[i]->summary, ":\\");
        fputs("'\n", out);
    }
    fputs("            'help:explain a command'\n        )\n        _describe command commands\n        return\n    fi\n"
          "    local command=$words[2]\n    shift words\n    ((CURRENT--))\n    case $command in\n",
          out);
    for (size_t i = 0; i < count; i++) {
        fprintf(out, "    %s)\n        _arguments -s -S '--help[explain the command]'", commands[i]->name);
        each_option(out, commands[i], zsh_option);
        if (actions_length(commands[i]) > 0) {
            fputs(" \\\n            '1:action:(", out);
            put_choices(out, commands[i]->synopsis, actions_length(commands[i]));
            fputs(")'", out);
        }
        fputs(" \\\n            '*:input:_files' ;;\n", out);
    }
    fputs("    help)\n        _arguments '--man[manual page]' '--completion[completion script]:shell:(bash zsh fish)' "
          "'*:command:(",
          out);
    for (size_t i = 0; i < count; i++)
        fprintf(out, "%s%s", i > 0 ? " " : "", commands[i]->name);
    fputs(")' ;;\n    esac\n}\n\n_quotestance \"$@\"\n", out);
}

/* --- fish -------------------------------------------------------------------------------------- */

static void fish_option(FILE *out, const cli_command *command, const cli_option *option)
{
    fprintf(out, "complete -c quotestance -n '__fish_seen_subcommand_from %s' -l %s", command->name, option->name);
    if (option->letter != 0)
        fprintf(out, " -s %c", option->letter);
    if (option->choices != NULL) {
        fputs(" -x -a '", out);
        put_choices(out, option->choices, (int)strlen(option->choices));
        fputc('\'', out);
    } else if (option->value != NULL) {
        fputs(names_file(option) ? " -r -F" : " -x", out);
    }
    fputs(" -d '", out);
    for (const char *c = option->help; *c != '\0'; c++) {
        if (*c == '\'' || *c == '\\')
            fputc('\\', out);
        fputc(*c, out);
    }
    fputs("'\n", out);
}

static void fish(FILE *out)
{
    size_t count = 0;
    const cli_command *const *commands = qs_cli_commands(&count);
    fputs("# made by 'quotestance help --completion fish'\n"
          "complete -c quotestance -n __fish_use_subcommand -f\n"
          "complete -c quotestance -n __fish_use_subcommand -a help -d 'explain a command'\n"
          "complete -c quotestance -n '__fish_seen_subcommand_from help' -f -l man -d 'manual page'\n"
          "complete -c quotestance -n '__fish_seen_subcommand_from help' -l completion -x -a 'bash zsh fish'\n",
          out);
    for (size_t i = 0; i < count; i++) {
        fprintf(out, "complete -c quotestance -n __fish_use_subcommand -a %s -d '", commands[i]->name);
        put_quoted(out, commands[i]->summary, "");
        fputs("'\n", out);
        if (actions_length(commands[i]) > 0) {
            fprintf(out, "complete -c quotestance -n '__fish_seen_subcommand_from %s' -a '", commands[i]->name);
            put_choices(out, commands[i]->synopsis, actions_length(commands[i]));
            fputs("'\n", out);
        }
        each_option(out, commands[i], fish_option);
    }
}

bool qs_cli_completion(FILE *out, const char *shell)
{
    static const struct {
        const char *name;
        void (*put)(FILE *out);
    } shells[] = {{"bash", bash}, {"zsh", zsh}, {"fish", fish}};
    for (size_t i = 0; i < CLI_COUNT_OF(shells); i++)
        if (strcmp(shells[i].name, shell) == 0) {
            shells[i].put(out);
            return true;
        }
    return false;
}
