/* Lines of run, plain figure, shifted figure and description, with a tab between. SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <sys/stat.h>

#include "base/io.h"
#include "base/number.h"
#include "base/stream.h"
#include "pipeline/tune.h"

#define LOG_BYTES_MAX (16u << 20)

qs_status qs_tune_log_open(qs_tune_log *log, const char *path, uint64_t run, qs_error *err)
{
    struct stat facts;
    *log = (qs_tune_log){.path = path, .run = run};
    if (path == NULL || stat(path, &facts) != 0)
        return QS_OK;
    const qs_status status = qs_stream_read_all(&log->text, path, LOG_BYTES_MAX, err);
    while (log->text.len > 0 && log->text.ptr[log->text.len - 1] != '\n')
        log->text.len--; /* a torn line */
    return status;
}

static void add_start(qs_buf *text, uint64_t run)
{
    qs_buf_addf(text, "%016llx\t", (unsigned long long)run);
}

/* The text up to the next tab; *rest is what follows. */
static qs_str cut(qs_str *rest)
{
    const char *tab = memchr(rest->ptr, '\t', rest->len);
    const size_t length = tab == NULL ? rest->len : (size_t)(tab - rest->ptr);
    const qs_str field = qs_str_slice(*rest, 0, length);
    *rest = qs_str_slice(*rest, length + (tab != NULL), rest->len);
    return field;
}

bool qs_tune_log_find(const qs_tune_log *log, qs_str line, qs_tune_figure *figure)
{
    const qs_str all = qs_buf_view(&log->text);
    qs_buf start = {0};
    bool found = false;
    add_start(&start, log->run);
    for (size_t at = 0; at < all.len && !found && !start.failed;) {
        const char *end = memchr(all.ptr + at, '\n', all.len - at);
        if (end == NULL)
            break;
        qs_str rest = qs_str_slice(all, at, (size_t)(end - all.ptr));
        at = (size_t)(end - all.ptr) + 1;
        if (rest.len < start.len || memcmp(rest.ptr, start.ptr, start.len) != 0)
            continue;
        rest = qs_str_slice(rest, start.len, rest.len);
        const qs_str plain = cut(&rest);
        const qs_str shifted = cut(&rest);
        found = qs_str_equal(rest, line) && qs_number_parse(plain, &figure->plain) &&
                qs_number_parse(shifted, &figure->shifted);
    }
    qs_buf_free(&start);
    return found;
}

qs_status qs_tune_log_add(qs_tune_log *log, qs_str line, const qs_tune_figure *figure, qs_error *err)
{
    if (log->path == NULL)
        return QS_OK;
    add_start(&log->text, log->run);
    qs_buf_add_double(&log->text, figure->plain);
    qs_buf_add_char(&log->text, '\t');
    qs_buf_add_double(&log->text, figure->shifted);
    qs_buf_add_char(&log->text, '\t');
    qs_buf_add_str(&log->text, line);
    qs_buf_add_char(&log->text, '\n');
    const qs_status status = qs_buf_status(&log->text, err);
    return status != QS_OK ? status : qs_file_write(log->path, qs_buf_view(&log->text), err);
}

void qs_tune_log_close(qs_tune_log *log)
{
    qs_buf_free(&log->text);
}
