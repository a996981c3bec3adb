/* Runs examples: a block starts at a line "=== name" or "```quotes", the article follows, then a line "---", then one
 * line for each quote: type | speaker as written | canonical | text. With --print the file comes out with what
 * the extractor really finds. SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/io.h"
#include "quotestance/quotes.h"

static void add_field(qs_buf *out, qs_str text)
{
    if (text.ptr == NULL)
        text = qs_str_of("-");
    for (size_t i = 0; i < text.len; i++)
        qs_buf_add_char(out, text.ptr[i] == '\n' ? ' ' : text.ptr[i]);
}

/* The quotes of an article, one line each. */
static int describe(qs_str text, qs_buf *out)
{
    qs_error err = {0};
    qs_article *article = NULL;
    qs_quotes *quotes = NULL;
    const int failed = qs_article_parse_plain(&article, text, "case", &err) != QS_OK ||
                       qs_quotes_extract(&quotes, article, NULL, &err) != QS_OK;
    for (size_t i = 0; !failed && i < qs_quotes_count(quotes); i++) {
        const qs_quote *q = qs_quotes_at(quotes, i);
        qs_buf_add_text(out, qs_quote_type_name(q->type));
        qs_buf_add_text(out, " | ");
        add_field(out, q->speaker.mention.text);
        qs_buf_add_text(out, " | ");
        add_field(out, q->speaker.canonical);
        qs_buf_add_text(out, " | ");
        add_field(out, q->text);
        qs_buf_add_char(out, '\n');
    }
    qs_quotes_destroy(quotes);
    qs_article_destroy(article);
    return failed;
}

static qs_str next_line(qs_str *rest)
{
    const char *end = rest->len > 0 ? memchr(rest->ptr, '\n', rest->len) : NULL;
    const size_t length = end == NULL ? rest->len : (size_t)(end - rest->ptr) + 1;
    const qs_str line = qs_str_slice(*rest, 0, length);
    *rest = qs_str_slice(*rest, length, rest->len);
    return line;
}

static bool starts(qs_str line, const char *with)
{
    return line.len >= strlen(with) && memcmp(line.ptr, with, strlen(with)) == 0;
}

typedef struct runner {
    bool print;
    size_t cases;
    size_t failures;
} runner;

/* One block, from the line after its head on. */
static void run_case(runner *run, qs_str head, qs_str *rest)
{
    qs_buf got = {0};
    const char *begin = rest->ptr;
    qs_str line = {0};
    while (rest->len > 0 && !starts(*rest, "---\n"))
        line = next_line(rest);
    (void)line;
    qs_str text = qs_str_make(begin, (size_t)(rest->ptr - begin));
    if (text.len > 0)
        text.len--;
    next_line(rest);
    begin = rest->ptr;
    while (rest->len > 0 && !starts(*rest, "===") && !starts(*rest, "```"))
        next_line(rest);
    qs_str want = qs_str_make(begin, (size_t)(rest->ptr - begin));
    while (want.len > 1 && want.ptr[want.len - 2] == '\n')
        want.len--;
    if (want.len == 1)
        want.len = 0;
    run->cases++;
    describe(text, &got);
    if (run->print) {
        printf("%.*s%.*s\n---\n%.*s", (int)head.len, head.ptr, (int)text.len, text.ptr, (int)got.len, got.len > 0 ? got.ptr : "");
    } else if (!qs_str_equal(want, qs_buf_view(&got))) {
        run->failures++;
        printf("FAILED %.*s  wanted:\n%.*s  got:\n%.*s", (int)head.len, head.ptr, (int)want.len, want.ptr,
               (int)got.len, got.len > 0 ? got.ptr : "");
    }
    qs_buf_free(&got);
}

int main(int argc, char **argv)
{
    runner run = {0};
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--print") == 0) {
            run.print = true;
            continue;
        }
        qs_error err = {0};
        qs_buf bytes = {0};
        if (qs_file_read(&bytes, argv[i], (size_t)1 << 26, &err) != QS_OK) {
            fprintf(stderr, "quotes_cases: %s: %s\n", argv[i], err.message);
            return 2;
        }
        qs_str rest = qs_buf_view(&bytes);
        while (rest.len > 0) {
            const qs_str head = next_line(&rest);
            if (starts(head, "===") || starts(head, "```quotes"))
                run_case(&run, head, &rest);
            else if (run.print)
                printf("%.*s", (int)head.len, head.ptr);
        }
        qs_buf_free(&bytes);
    }
    if (!run.print)
        printf("%zu cases, %zu failures\n", run.cases, run.failures);
    return run.failures > 0 || run.cases == 0;
}
