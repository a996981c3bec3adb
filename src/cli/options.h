/* Option tables: one table drives parsing, help, man pages and completion. SPDX-License-Identifier: MIT */
#ifndef QS_CLI_OPTIONS_H
#define QS_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** What an option takes; the field it sets has the type named here. */
typedef enum cli_kind {
    CLI_FLAG,   /**< nothing; bool */
    CLI_TEXT,   /**< text; const char * */
    CLI_COUNT,  /**< a whole number; uint64_t */
    CLI_SIZE,   /**< bytes, with K, M or G; uint64_t */
    CLI_NUMBER, /**< a number; double */
    CLI_LIST    /**< text, repeatable; cli_list */
} cli_kind;

/** Texts in the order given; borrowed from the argument vector. */
typedef struct cli_list {
    const char **items;
    size_t count;
} cli_list;

/** One option. `offset` is from the start of its group's part of the options struct. */
typedef struct cli_option {
    const char *name;    /**< long name, without dashes */
    char letter;         /**< short name, or 0 */
    cli_kind kind;
    size_t offset;
    const char *value;   /**< name of the value in the help, such as "FILE"; NULL for flags */
    const char *choices; /**< "a|b|c" if only these are allowed, else NULL */
    const char *help;    /**< one sentence, with the default where there is one */
} cli_option;

/** Some options that belong together, and where their struct lies in the command's. */
typedef struct cli_group {
    const char *title;
    const cli_option *options; /**< ends with an option whose name is NULL */
    size_t base;
} cli_group;

/** A command. `run` gets the filled options struct (zeroed, then defaults copied, then parsed) and the other
 *  arguments; it returns the exit code. */
typedef struct cli_command {
    const char *name;
    const char *summary;     /**< for the list of commands */
    const char *synopsis;    /**< what follows the name, such as "[-m MODEL] [inputs...]" */
    const char *description; /**< paragraphs for the help and the man page */
    const char *examples;    /**< command lines with a comment each, or NULL */
    const cli_group *groups;
    size_t group_count;
    size_t options_size;
    const void *defaults;    /**< options_size bytes, or NULL for zeros */
    int (*run)(const void *options, const cli_list *inputs);
} cli_command;

#define CLI_COUNT_OF(array) (sizeof(array) / sizeof *(array))

/** Parses argv[0..argc) into `options`; lists and inputs are allocated (cli_release). Prints what is wrong on
 *  stderr and returns false. */
bool cli_parse(const cli_command *command, int argc, char **argv, void *options, cli_list *inputs);
/** Releases what cli_parse allocated. */
void cli_release(const cli_command *command, void *options, cli_list *inputs);

#endif
