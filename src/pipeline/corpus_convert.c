/* Corpora from one format to another. SPDX-License-Identifier: MIT */
#include <string.h>

#include "pipeline/corpus_load.h"
#include "pipeline/corpus_record.h"

static const struct {
    qs_exchange exchange;
    const char *name;
} exchanges[] = {
#define EXCHANGE_ROW(value, name) {value, name},
    QS_EXCHANGE_TABLE(EXCHANGE_ROW)
#undef EXCHANGE_ROW
};

bool qs_exchange_from_name(const char *name, qs_exchange *out)
{
    for (size_t i = 0; i < sizeof exchanges / sizeof *exchanges; i++)
        if (strcmp(name, exchanges[i].name) == 0) {
            *out = exchanges[i].exchange;
            return true;
        }
    return false;
}

/* First pass: which fields there are, in order of first sight. */
static qs_status note_names(void *names, const qs_record *record, const char **wrong, qs_error *err)
{
    qs_status status = QS_OK;
    uint32_t number = 0;
    (void)wrong;
    for (size_t i = 0; i < record->count && status == QS_OK; i++)
        status = qs_map_intern(names, record->fields[i].name, &number, err);
    return status;
}

static qs_status read_all(const qs_conversion *conversion, const qs_corpus *files, const char *const *paths,
                          size_t path_count, qs_error *err)
{
    qs_status status = QS_OK;
    if (conversion->convert->from == QS_EXCHANGE_BRAT || conversion->convert->from == QS_EXCHANGE_LABEL_STUDIO) {
        for (size_t i = 0; i < path_count && status == QS_OK; i++)
            status = qs_record_read(conversion, paths[i], err);
        return status;
    }
    for (size_t i = 0; i < files->file_count && status == QS_OK; i++)
        status = qs_record_read(conversion, files->files[i], err);
    return status;
}

static qs_status check_plan(const char *const *paths, size_t path_count, const char *out,
                            const qs_convert_options *convert, qs_error *err)
{
    const bool two_passes = convert->to == QS_EXCHANGE_TSV || convert->to == QS_EXCHANGE_CSV;
    if (convert->to == QS_EXCHANGE_AUTO)
        return qs_fail(err, QS_EUSAGE, "no format to convert to");
    if (convert->to == QS_EXCHANGE_BRAT && strcmp(out, "-") == 0)
        return qs_fail(err, QS_EUSAGE, "brat is written to a folder, not to standard output");
    for (size_t i = 0; i < path_count; i++)
        if (two_passes && strcmp(paths[i], "-") == 0)
            return qs_fail(err, QS_EUSAGE, "standard input can be read only once; TSV and CSV need a file");
    return QS_OK;
}

qs_status qs_corpus_convert(qs_convert_counts *counts, const char *const *paths, size_t path_count,
                            const char *out, const qs_convert_options *convert,
                            const qs_corpus_options *options, qs_error *err)
{
    qs_corpus files = {.text_column = options->rows.columns[QS_COLUMN_TEXT]};
    qs_map names = {0};
    qs_exporter *exporter = NULL;
    qs_conversion conversion = {.convert = convert, .options = options, .counts = counts, .sink = note_names,
                                .context = &names, .silent = true};
    *counts = (qs_convert_counts){0, 0, 0};
    qs_status status = check_plan(paths, path_count, out, convert, err);
    if (status == QS_OK && convert->from != QS_EXCHANGE_BRAT && convert->from != QS_EXCHANGE_LABEL_STUDIO)
        status = qs_corpus_list(&files, paths, path_count, err);
    if (status == QS_OK && (convert->to == QS_EXCHANGE_TSV || convert->to == QS_EXCHANGE_CSV))
        status = read_all(&conversion, &files, paths, path_count, err);
    if (status == QS_OK)
        status = qs_exporter_open(&exporter, out, convert, &names, err);
    if (status == QS_OK) {
        conversion.sink = qs_exporter_put;
        conversion.context = exporter;
        conversion.silent = false;
        status = read_all(&conversion, &files, paths, path_count, err);
    }
    if (status == QS_OK)
        status = qs_exporter_commit(exporter, err);
    qs_exporter_close(exporter);
    qs_map_free(&names);
    qs_corpus_free(&files);
    return status;
}
