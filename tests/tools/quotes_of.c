/* Prints the quotes of plain-text files as JSON Lines. With --list the files' names come from standard input.
 * With --short: start, end, type, speaker and canonical name only. SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "quotes/write.h"

typedef enum format { FORMAT_JSON, FORMAT_SHORT } format;

static void write_short(qs_buf *out, const qs_quote *q)
{
    qs_buf_addf(out, "%zu %zu %s %s", q->span.start, q->span.end, qs_quote_type_name(q->type), qs_zone_name(q->zone));
    const qs_str parts[] = {q->speaker.mention.text, q->speaker.canonical, q->cue.text, q->text};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        qs_buf_add_text(out, " | ");
        qs_buf_add_str(out, parts[i].ptr == NULL ? qs_str_of("-") : parts[i]);
    }
    qs_buf_add_char(out, '\n');
}

static int print_file(const char *path, const qs_extract_options *options, format form)
{
    qs_error err = {0};
    qs_buf bytes = {0};
    qs_buf out = {0};
    qs_article *article = NULL;
    qs_quotes *quotes = NULL;
    const char *slash = strrchr(path, '/');
    int failed = qs_file_read(&bytes, path, (size_t)1 << 30, &err) != QS_OK ||
                 qs_article_parse_plain(&article, qs_buf_view(&bytes), slash == NULL ? path : slash + 1, &err) != QS_OK ||
                 qs_quotes_extract(&quotes, article, options, &err) != QS_OK;
    for (size_t i = 0; !failed && i < qs_quotes_count(quotes); i++) {
        if (form == FORMAT_SHORT) {
            write_short(&out, qs_quotes_at(quotes, i));
        } else {
            qs_quote_write_json(&out, quotes, qs_quotes_at(quotes, i), qs_str_make(NULL, 0));
            qs_buf_add_char(&out, '\n');
        }
    }
    if (out.len > 0)
        fwrite(out.ptr, 1, out.len, stdout);
    if (failed)
        fprintf(stderr, "quotes_of: %s: %s\n", path, err.message);
    qs_quotes_destroy(quotes);
    qs_article_destroy(article);
    qs_buf_free(&bytes);
    qs_buf_free(&out);
    return failed;
}

int main(int argc, char **argv)
{
    qs_extract_options options = {0};
    format form = FORMAT_JSON;
    int failed = 0;
    char line[4096];
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--no-indirect") == 0)
            options.no_indirect = true;
        else if (strcmp(argv[i], "--all-marks") == 0)
            options.all_marks = true;
        else if (strcmp(argv[i], "--short") == 0)
            form = FORMAT_SHORT;
        else if (strcmp(argv[i], "--list") == 0)
            while (fgets(line, sizeof line, stdin) != NULL) {
                line[strcspn(line, "\n")] = '\0';
                failed |= print_file(line, &options, form);
            }
        else
            failed |= print_file(argv[i], &options, form);
    }
    return failed;
}
