/* Articles, quotes and scores in the form that the page takes. SPDX-License-Identifier: MIT */
#include "pipeline/predict_page.h"

#include "base/io.h"

void qs_page_draft_free(qs_page_draft *draft)
{
    qs_free(draft->quotes);
    qs_arena_free(&draft->arena);
    *draft = (qs_page_draft){0};
}

static qs_str keep(qs_arena *arena, qs_str text)
{
    return text.ptr == NULL ? text : qs_arena_copy(arena, text);
}

static qs_status copy_answers(qs_page_draft *draft, qs_page_quote *out, const qs_score *scores, size_t count,
                              qs_error *err)
{
    qs_page_answer *answers = qs_arena_alloc(&draft->arena, count, sizeof *answers);
    if (answers == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    for (size_t i = 0; i < count; i++) {
        answers[i] = (qs_page_answer){keep(&draft->arena, scores[i].head), keep(&draft->arena, scores[i].label),
                                      scores[i].score, 0};
        if (answers[i].head.ptr == NULL || (answers[i].label.ptr == NULL && scores[i].label.ptr != NULL))
            return qs_fail(err, QS_ENOMEM, "out of memory");
        for (size_t k = 0; k < scores[i].label_count; k++)
            if (scores[i].probabilities[k] > answers[i].probability)
                answers[i].probability = scores[i].probabilities[k];
    }
    out->answers = answers;
    out->answer_count = count;
    return QS_OK;
}

qs_status qs_page_draft_quote(qs_page_draft *draft, const qs_article *article, const qs_quote *quote,
                              const qs_score *scores, size_t count, qs_error *err)
{
    const qs_speaker *speaker = &quote->speaker;
    qs_page_quote new = {.type = qs_quote_type_name(quote->type)};
    qs_status status = qs_grow(&draft->quotes, &draft->capacity, draft->count + 1, sizeof *draft->quotes, err);
    if (status != QS_OK || quote->type == QS_QUOTE_SCARE)
        return status;
    new.start = (size_t)(quote->text.ptr - qs_article_text(article).ptr);
    new.end = new.start + quote->text.len;
    new.speaker = speaker->canonical.ptr != NULL ? speaker->canonical : speaker->mention.text;
    new.known = speaker->canonical.ptr != NULL || speaker->kind != QS_SPEAKER_PRONOUN;
    new.title = speaker->title;
    if (count > 0)
        status = copy_answers(draft, &new, scores, count, err);
    if (status == QS_OK)
        draft->quotes[draft->count++] = new;
    return status;
}

static qs_page_place place_of(qs_zone zone)
{
    switch (zone) {
    case QS_ZONE_HEADLINE:
        return QS_PLACE_HEADLINE;
    case QS_ZONE_DECK:
        return QS_PLACE_DECK;
    case QS_ZONE_SUBHEADING:
        return QS_PLACE_SUBHEADING;
    case QS_ZONE_BODY:
        return QS_PLACE_BODY;
    default:
        return QS_PLACE_SMALL;
    }
}

qs_status qs_page_draft_finish(qs_page_draft *draft, qs_article_page *page, uint64_t number, const qs_article *article,
                               qs_str date, qs_error *err)
{
    const size_t count = qs_article_paragraph_count(article);
    const qs_str text = qs_article_text(article);
    qs_page_paragraph *paragraphs = qs_arena_alloc(&draft->arena, count, sizeof *paragraphs);
    if (paragraphs == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    qs_page_article shown = {.name = qs_str_of(qs_article_name(article)), .date = date, .text = text,
                             .paragraphs = paragraphs, .quotes = draft->quotes, .quote_count = draft->count};
    for (size_t i = 0; i < count; i++) {
        const qs_paragraph paragraph = qs_article_paragraph(article, i);
        if (paragraph.zone == QS_ZONE_OTHER)
            continue;
        if (date.len == 0 && shown.date.len == 0 && paragraph.zone == QS_ZONE_DATELINE)
            shown.date = qs_str_slice(text, paragraph.start, paragraph.end);
        paragraphs[shown.paragraph_count++] =
            (qs_page_paragraph){paragraph.start, paragraph.end, place_of(paragraph.zone)};
    }
    const qs_status status = qs_article_page_add(page, number, &shown, err);
    draft->count = 0;
    qs_arena_reset(&draft->arena);
    return status;
}

qs_status qs_article_page_save(qs_article_page *page, const char *path, qs_error *err)
{
    qs_buf text = {0};
    qs_status status = qs_article_page_write(page, &text, err);
    if (status == QS_OK)
        status = qs_file_write(path, qs_buf_view(&text), err);
    qs_buf_free(&text);
    return status;
}
