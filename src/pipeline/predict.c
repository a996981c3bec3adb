/* Inputs to scored records: pieces are read, worked on by all threads, and written in order. SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <xxhash.h>

#include "base/conveyor.h"
#include "pipeline/classifier_internal.h"
#include "pipeline/dataset.h"
#include "pipeline/predict_internal.h"
#include "pipeline/source.h"
#include "quotestance/explain.h"
#include "quotestance/version.h"

#define JOBS_MAX 256
#define SMALL_BYTES (64 * 1024)

/* Pieces under way for each job: one at work, others read ahead or waiting for an earlier one to be written. */
#define PIECES_PER_JOB 3

qs_predict_options qs_predict_options_default(void)
{
    return (qs_predict_options){.rows = qs_rows_options_default(), .format = QS_OUTPUT_JSONL, .jobs = 1};
}

typedef struct run {
    const qs_predict_options *options;
    qs_source *source;
    qs_sink *sink;
    qs_prediction *workers;
    size_t jobs;
    qs_piece *pieces;
    size_t piece_count;
    qs_article_page *page;
    qs_predict_summary summary;
    uint64_t bytes_total;
} run;

/* --- what must not change before a run is taken up again --------------------------------------- */

static void add_text(qs_buf *out, const char *name, const char *value)
{
    qs_buf_addf(out, "%s=", name);
    qs_buf_add_text(out, value == NULL ? "" : value);
    qs_buf_add_char(out, value == NULL ? '\1' : '\n');
}

uint64_t qs_predict_options_hash(const qs_predict_options *o, bool *failed)
{
    qs_buf text = {0};
    const qs_rows_options *rows = &o->rows;
    qs_buf_addf(&text, "lines=%d reasons=%zu indirect=%d marks=%d format=%d error=%d max_errors=%llu colour=%d width=%zu\n", o->lines, o->reasons,
                !o->no_indirect, o->all_marks, (int)o->format, (int)o->on_error, (unsigned long long)o->max_errors,
                o->colour, o->width);
    qs_buf_addf(&text, "rows=%d required=%u record=%zu bytes=%llu replace=%d newline=%d scored=%d\n", (int)rows->format,
                rows->required, rows->max_record, (unsigned long long)rows->max_bytes, rows->replace_invalid,
                rows->need_final_newline, o->classifier != NULL);
    for (int i = 0; i < QS_COLUMN_COUNT; i++)
        add_text(&text, "column", rows->columns[i]);
    add_text(&text, "header", rows->header);
    add_text(&text, "encoding", rows->encoding);
    *failed = text.failed;
    const uint64_t hash = XXH3_64bits(text.ptr, text.len);
    qs_buf_free(&text);
    return hash;
}

/* Names, sizes and times of the inputs as they were given. */
static uint64_t inputs_hash(const char *const *inputs, size_t count)
{
    uint64_t hash = 0;
    for (size_t i = 0; i < count; i++) {
        struct stat about;
        uint64_t facts[4] = {hash};
        if (strcmp(inputs[i], "-") != 0 && stat(inputs[i], &about) == 0 && S_ISREG(about.st_mode)) {
            facts[1] = (uint64_t)about.st_size;
            facts[2] = (uint64_t)about.st_mtim.tv_sec;
            facts[3] = (uint64_t)about.st_mtim.tv_nsec;
        }
        hash = XXH3_64bits_withSeed(inputs[i], strlen(inputs[i]), XXH3_64bits(facts, sizeof facts));
    }
    return hash;
}

static qs_status identify(qs_identity *out, const qs_predict_options *options, const char *const *inputs, size_t count,
                          qs_error *err)
{
    bool failed = false;
    *out = (qs_identity){.program = XXH3_64bits(QS_VERSION, strlen(QS_VERSION)),
                         .options = qs_predict_options_hash(options, &failed),
                         .inputs = inputs_hash(inputs, count)};
    if (failed)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    return options->classifier == NULL ? QS_OK : qs_classifier_fingerprint(options->classifier, &out->model, err);
}

/* --- the stages -------------------------------------------------------------------------------- */

static qs_status read_piece(void *context, size_t slot, bool *more, qs_error *err)
{
    run *r = context;
    return qs_source_next(r->source, &r->pieces[slot], more, err);
}

static void work_on_piece(void *context, size_t slot, size_t worker)
{
    run *r = context;
    qs_prediction_work(&r->workers[worker], &r->pieces[slot]);
}

static void speak(const run *r, const qs_piece *piece, size_t length)
{
    const char *text = piece->remarks.ptr;
    for (size_t at = 0; at < length; at += strlen(text + at) + 1)
        r->options->remarks.line(r->options->remarks.context, text + at);
}

/* True if the piece holds the bad record that is one too many; the piece then ends before its row. */
static bool too_many(const run *r, qs_piece *piece)
{
    const uint64_t max = r->options->max_errors;
    if (max == 0 || r->summary.rejected + piece->summary.rejected < max)
        return false;
    const qs_reject_place *place = &piece->rejects[max - r->summary.rejected - 1];
    piece->out.len = place->out_length;
    piece->remarks.len = place->remark_length;
    piece->status = qs_fail_at(&piece->error, QS_ELIMIT, place->line, place->offset,
                               "%llu bad records, as many as --max-errors allows", (unsigned long long)max);
    qs_error_set_path(&piece->error, r->options->name != NULL   ? r->options->name
                                     : piece->input != NULL ? piece->input->path
                                                            : piece->path.ptr);
    return true;
}

static void add_summary(qs_predict_summary *to, const qs_predict_summary *from)
{
    to->records += from->records;
    to->quotes += from->quotes;
    to->rejected += from->rejected;
    to->replaced += from->replaced;
}

static qs_status write_rows(run *r, qs_piece *piece, qs_error *err)
{
    qs_status status = QS_OK;
    qs_progress_mark mark = piece->end;
    mark.records = r->summary.records;
    mark.quotes = r->summary.quotes;
    mark.rejected = r->summary.rejected;
    mark.replaced = r->summary.replaced;
    if (piece->has_rows && qs_sink_is_empty(r->sink)) {
        qs_buf header = {0};
        qs_write_header(&header, r->options);
        qs_buf_add_str(&header, qs_buf_view(&piece->out));
        status = qs_buf_status(&header, err);
        if (status == QS_OK)
            status = qs_sink_write(r->sink, qs_buf_view(&header), &mark, err);
        qs_buf_free(&header);
        return status;
    }
    return qs_sink_write(r->sink, qs_buf_view(&piece->out), &mark, err);
}

static qs_status write_piece(void *context, size_t slot, qs_error *err)
{
    run *r = context;
    qs_piece *piece = &r->pieces[slot];
    (void)too_many(r, piece);
    speak(r, piece, piece->remarks.len);
    add_summary(&r->summary, &piece->summary);
    qs_status status = write_rows(r, piece, err);
    if (status == QS_OK && piece->status != QS_OK) {
        status = piece->status;
        *err = piece->error;
    }
    if (status == QS_OK && r->options->progress.report != NULL) {
        const qs_progress progress = {.records = r->summary.records,
                                      .quotes = r->summary.quotes,
                                      .rejected = r->summary.rejected,
                                      .bytes = piece->bytes_read,
                                      .bytes_total = r->bytes_total};
        r->options->progress.report(r->options->progress.context, &progress);
    }
    qs_piece_clear(piece);
    return status;
}

/* --- the run ----------------------------------------------------------------------------------- */

/* One small file is one piece: further threads would only cost their start. */
static bool is_one_piece(const char *const *inputs, size_t count)
{
    struct stat about;
    return count == 1 && strcmp(inputs[0], "-") != 0 && stat(inputs[0], &about) == 0 && S_ISREG(about.st_mode) &&
           about.st_size < SMALL_BYTES;
}

static qs_status start_workers(run *r, bool alone, qs_error *err)
{
    const qs_predict_options *options = r->options;
    r->jobs = options->jobs == 0 || alone ? 1 : options->jobs > JOBS_MAX ? JOBS_MAX : options->jobs;
    r->piece_count = r->jobs == 1 ? 1 : r->jobs * PIECES_PER_JOB;
    r->workers = qs_alloc_zero(r->jobs, sizeof *r->workers);
    r->pieces = qs_alloc_zero(r->piece_count, sizeof *r->pieces);
    if (r->workers == NULL || r->pieces == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    qs_status status = options->html == NULL ? QS_OK : qs_article_page_create(&r->page, err);
    for (size_t i = 0; i < r->jobs && status == QS_OK; i++) {
        r->workers[i].options = options;
        r->workers[i].page = r->page;
        if (options->classifier != NULL)
            status = qs_scorer_create(&r->workers[i].scorer, options->classifier, err);
        if (status == QS_OK && options->classifier != NULL)
            qs_scorer_set_abstain(r->workers[i].scorer, options->abstain);
        if (status == QS_OK && options->classifier != NULL && options->reasons > 0)
            status = qs_scorer_enable_explanations(r->workers[i].scorer, err);
    }
    return status;
}

static void release(run *r)
{
    for (size_t i = 0; r->workers != NULL && i < r->jobs; i++)
        qs_prediction_release(&r->workers[i]);
    for (size_t i = 0; r->pieces != NULL && i < r->piece_count; i++)
        qs_piece_free(&r->pieces[i]);
    qs_free(r->workers);
    qs_free(r->pieces);
    qs_article_page_destroy(r->page);
    qs_source_close(r->source);
}

static qs_status go(run *r, const qs_progress_mark *from, bool alone, qs_error *err)
{
    const qs_conveyor_stages stages = {read_piece, work_on_piece, write_piece, r};
    qs_status status = start_workers(r, alone, err);
    if (status == QS_OK && from->input > 0) {
        r->summary = (qs_predict_summary){.records = from->records, .quotes = from->quotes, .rejected = from->rejected,
                                          .replaced = from->replaced, .resumed = true};
        status = qs_source_skip(r->source, from, err);
    }
    if (status == QS_OK)
        status = qs_conveyor_run(&stages, r->piece_count, r->jobs, err);
    if (status == QS_OK && r->options->stop != NULL && __atomic_load_n(r->options->stop, __ATOMIC_RELAXED) != 0)
        status = qs_fail(err, QS_EINTERRUPTED, "interrupted");
    if (status == QS_OK && r->page != NULL)
        status = qs_article_page_save(r->page, r->options->html, err);
    return status;
}

/* Worth keeping is what can be mended without changing inputs, model or options. */
static qs_sink_fate fate_of(qs_status status, bool resumed)
{
    if (status == QS_EINTERRUPTED)
        return QS_SINK_NOTE;
    return resumed || status == QS_EIO || status == QS_ENOMEM ? QS_SINK_KEEP : QS_SINK_REMOVE;
}

qs_status qs_predict(const char *const *inputs, size_t input_count, const qs_predict_options *options,
                     qs_predict_summary *summary, qs_error *err)
{
    run r = {.options = options};
    qs_identity identity;
    qs_progress_mark from = {0};
    qs_error why = {.offset = QS_NO_OFFSET};
    if ((options->brat != NULL || options->format == QS_OUTPUT_CITRON) && options->lines)
        return qs_fail(err, QS_EUSAGE, "brat and citron hold quotes of articles, not lines");
    if (options->html != NULL && (options->lines || options->resume))
        return qs_fail(err, QS_EUSAGE, "the page shows whole articles: no html with %s", options->lines ? "lines" : "resume");
    qs_status status = identify(&identity, options, inputs, input_count, &why);
    if (status == QS_OK)
        status = qs_source_open(&r.source, inputs, input_count, options, &why);
    if (status == QS_OK)
        status = qs_sink_open(&r.sink, options->output, options->resume, &identity, &from, &why);
    if (status == QS_OK) {
        if (options->progress.report != NULL)
            r.bytes_total = qs_source_total(inputs, input_count);
        status = go(&r, &from, is_one_piece(inputs, input_count), &why);
        if (status == QS_OK)
            status = qs_sink_commit(r.sink, &why);
        else
            r.summary.resumable = qs_sink_abandon(r.sink, fate_of(status, from.input > 0));
    }
    release(&r);
    if (summary != NULL)
        *summary = r.summary;
    if (status != QS_OK && err != NULL)
        *err = why;
    return status == QS_OK && r.summary.rejected > 0 ? QS_REJECTED : status;
}
