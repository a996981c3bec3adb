/* Articles as pairs of text and stand-off annotations. SPDX-License-Identifier: MIT */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/io.h"
#include "pipeline/predict_internal.h"
#include "quotes/write.h"

/* The most characters of an article's name that go into a file's name. */
enum { NAME_MAX_USED = 80 };

/* FOLDER/000012-harbour-talks.txt: letters, digits, dots and hyphens of the name; what is left of a path's last part. */
static void file_name(qs_buf *out, const char *folder, uint64_t number, const char *name, const char *ending)
{
    const char *slash = strrchr(name, '/');
    const char *base = slash != NULL ? slash + 1 : name;
    size_t used = 0;
    qs_buf_clear(out);
    qs_buf_addf(out, "%s/%06llu", folder, (unsigned long long)number);
    for (size_t i = 0; base[i] != '\0' && used < NAME_MAX_USED; i++) {
        const char c = base[i];
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
        if (strcmp(base + i, ".txt") == 0 || strcmp(base + i, ".html") == 0)
            break;
        if (used++ == 0)
            qs_buf_add_char(out, '-');
        qs_buf_add_char(out, plain ? c : '_');
    }
    qs_buf_add_text(out, ending);
    qs_buf_add_char(out, '\0');
}

static qs_status save(const qs_buf *path, qs_str bytes, qs_error *err)
{
    if (path->failed)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    return qs_file_write(path->ptr, bytes, err);
}

qs_status qs_brat_save(const char *folder, uint64_t number, const qs_article *article, const qs_quotes *quotes,
                       qs_error *err)
{
    qs_buf path = {0};
    qs_buf notes = {0};
    qs_status status = QS_OK;
    if (mkdir(folder, 0777) != 0 && errno != EEXIST)
        return qs_fail(err, QS_EIO, "cannot make %s: %s", folder, strerror(errno));
    qs_quotes_write_brat(&notes, quotes);
    if (notes.failed)
        status = qs_fail(err, QS_ENOMEM, "out of memory");
    file_name(&path, folder, number, qs_article_name(article), ".txt");
    if (status == QS_OK)
        status = save(&path, qs_article_text(article), err);
    file_name(&path, folder, number, qs_article_name(article), ".ann");
    if (status == QS_OK)
        status = save(&path, qs_buf_view(&notes), err);
    qs_buf_free(&path);
    qs_buf_free(&notes);
    return status;
}
