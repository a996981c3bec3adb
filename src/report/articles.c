/* Gathering articles, in any order, and writing their page. SPDX-License-Identifier: MIT */
#include "report/articles.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/map.h"
#include "report/articles_internal.h"

/* An article that is shown in full. */
typedef struct shown_article {
    uint64_t number;
    char *section; /* markup, owned */
    size_t length;
    qs_str title;
    int32_t day;
    size_t quotes;
} shown_article;

struct qs_article_page {
    pthread_mutex_t lock;
    qs_arena arena;
    qs_map speakers;
    qs_str *titles; /* by speaker */
    uint64_t *title_from; /* the article each title came from: the first one counts, whoever adds first */
    size_t title_capacity, from_capacity;
    qs_noted_quote *quotes;
    size_t quote_count, quote_capacity;
    shown_article *shown;
    size_t shown_count, shown_capacity;
    uint64_t articles;
    int sentiment; /* the leading head speaks of positive and negative */
};

qs_status qs_article_page_create(qs_article_page **out, qs_error *err)
{
    *out = qs_alloc_zero(1, sizeof **out);
    if (*out == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    if (pthread_mutex_init(&(*out)->lock, NULL) == 0)
        return QS_OK;
    qs_free(*out);
    *out = NULL;
    return qs_fail(err, QS_ENOMEM, "no lock");
}

void qs_article_page_destroy(qs_article_page *page)
{
    if (page == NULL)
        return;
    for (size_t i = 0; i < page->shown_count; i++)
        qs_free(page->shown[i].section);
    qs_free(page->shown);
    qs_free(page->quotes);
    qs_free(page->titles);
    qs_free(page->title_from);
    qs_map_free(&page->speakers);
    qs_arena_free(&page->arena);
    (void)pthread_mutex_destroy(&page->lock);
    qs_free(page);
}

/* --- gathering --------------------------------------------------------------------------------- */

static qs_status note_speaker(qs_article_page *page, uint64_t number, const qs_page_quote *quote, uint32_t *speaker,
                              qs_error *err)
{
    const size_t known = page->speakers.count;
    qs_status status = qs_map_intern(&page->speakers, quote->speaker, speaker, err);
    if (status == QS_OK)
        status = qs_grow(&page->titles, &page->title_capacity, page->speakers.count, sizeof *page->titles, err);
    if (status == QS_OK)
        status = qs_grow(&page->title_from, &page->from_capacity, page->speakers.count, sizeof *page->title_from, err);
    if (status != QS_OK)
        return status;
    if (*speaker == known) {
        page->titles[known] = qs_str_of("");
        page->title_from[known] = UINT64_MAX;
    }
    if (quote->title.len > 0 && number < page->title_from[*speaker]) {
        page->titles[*speaker] = qs_arena_copy(&page->arena, quote->title);
        page->title_from[*speaker] = number;
        if (page->titles[*speaker].ptr == NULL)
            return qs_fail(err, QS_ENOMEM, "out of memory");
    }
    return QS_OK;
}

static qs_status note_quotes(qs_article_page *page, uint64_t number, const qs_page_article *article, qs_error *err)
{
    const int32_t day = qs_day_parse(article->date);
    qs_status status = qs_grow(&page->quotes, &page->quote_capacity, page->quote_count + article->quote_count,
                               sizeof *page->quotes, err);
    for (size_t i = 0; i < article->quote_count && status == QS_OK; i++) {
        const qs_page_quote *quote = &article->quotes[i];
        const qs_page_answer *lead = qs_page_lead(quote);
        qs_noted_quote noted = {.article = number, .place = (uint32_t)i, .speaker = QS_NO_SPEAKER, .day = day,
                                .leaning = QS_LEANS_NOWHERE, .scored = lead != NULL, .score = NAN};
        if (quote->known && quote->speaker.len > 0)
            status = note_speaker(page, number, quote, &noted.speaker, err);
        if (lead != NULL) {
            noted.leaning = qs_page_leaning(lead->label);
            noted.score = lead->score;
            page->sentiment |= qs_str_equal(lead->label, qs_str_of("positive")) ||
                               qs_str_equal(lead->label, qs_str_of("negative"));
        }
        page->quotes[page->quote_count + i] = noted;
    }
    if (status == QS_OK)
        page->quote_count += article->quote_count;
    return status;
}

static qs_str title_of(const qs_page_article *article)
{
    for (size_t i = 0; i < article->paragraph_count; i++)
        if (article->paragraphs[i].place == QS_PLACE_HEADLINE)
            return qs_str_slice(article->text, article->paragraphs[i].start, article->paragraphs[i].end);
    return article->name;
}

static qs_status keep_section(qs_article_page *page, uint64_t number, const qs_page_article *article, qs_buf *section,
                              qs_error *err)
{
    qs_status status = qs_grow(&page->shown, &page->shown_capacity, page->shown_count + 1, sizeof *page->shown, err);
    if (status != QS_OK)
        return status;
    const shown_article shown = {.number = number, .section = section->ptr, .length = section->len,
                                 .title = qs_arena_copy(&page->arena, title_of(article)),
                                 .day = qs_day_parse(article->date), .quotes = article->quote_count};
    if (shown.title.ptr == NULL)
        return qs_fail(err, QS_ENOMEM, "out of memory");
    page->shown[page->shown_count++] = shown;
    *section = (qs_buf){0};
    return QS_OK;
}

qs_status qs_article_page_add(qs_article_page *page, uint64_t number, const qs_page_article *article, qs_error *err)
{
    qs_buf section = {0};
    qs_status status = QS_OK;
    if (number < QS_PAGE_ARTICLES) /* before taking the lock: this is most of the work */
        status = qs_page_add_article(&section, article, number + 1, err);
    if (status == QS_OK) {
        (void)pthread_mutex_lock(&page->lock);
        page->articles++;
        status = note_quotes(page, number, article, err);
        if (status == QS_OK && number < QS_PAGE_ARTICLES)
            status = keep_section(page, number, article, &section, err);
        (void)pthread_mutex_unlock(&page->lock);
    }
    qs_buf_free(&section);
    return status;
}

/* --- writing ----------------------------------------------------------------------------------- */

static int by_place(const void *a, const void *b)
{
    const qs_noted_quote *x = a, *y = b;
    if (x->article != y->article)
        return x->article < y->article ? -1 : 1;
    return x->place < y->place ? -1 : x->place > y->place;
}

static int by_number(const void *a, const void *b)
{
    const shown_article *x = a, *y = b;
    return x->number < y->number ? -1 : x->number > y->number;
}

static void add_card(qs_buf *buf, const char *name, uint64_t count, const char *class)
{
    qs_buf_addf(buf, "<li class=\"%s\"><b>", class);
    qs_report_count(buf, count, 0);
    qs_buf_addf(buf, "</b><span>%s</span></li>\n", name);
}

static void add_share(qs_buf *buf, const qs_stance_sum *all, const qs_leaning_words *words)
{
    double at = 0;
    const double scored = (double)(all->leaning[0] + all->leaning[1] + all->leaning[2]);
    if (scored <= 0)
        return;
    qs_buf_add_text(buf, "<svg class=\"share\" width=\"100%\" height=\"14\" role=\"img\" aria-label=\"share of quotes:");
    for (int i = QS_LEANING_COUNT - 1; i >= 0; i--) {
        qs_buf_addf(buf, "%s %s ", i == QS_LEANING_COUNT - 1 ? "" : ",", words->word[i]);
        qs_buf_add_fixed(buf, 100 * (double)all->leaning[i] / scored, 0);
        qs_buf_add_text(buf, " percent");
    }
    qs_buf_add_text(buf, "\">");
    for (int i = QS_LEANING_COUNT - 1; i >= 0; i--) {
        const double width = 100 * (double)all->leaning[i] / scored;
        qs_buf_addf(buf, "<rect class=\"bar %s\" height=\"14\" x=\"", qs_page_leaning_class((qs_leaning)i));
        qs_buf_add_fixed(buf, at, 2);
        qs_buf_add_text(buf, "%\" width=\"");
        qs_buf_add_fixed(buf, width, 2);
        qs_buf_add_text(buf, "%\"/>");
        at += width;
    }
    qs_buf_add_text(buf, "</svg>\n");
}

static void add_summary(qs_buf *buf, const qs_article_page *page, const qs_leaning_words *words)
{
    qs_stance_sum all = {0};
    for (size_t i = 0; i < page->quote_count; i++)
        qs_stance_sum_add(&all, &page->quotes[i]);
    qs_buf_add_text(buf, "<ul class=\"cards\">\n");
    if (page->articles != 1)
        add_card(buf, "articles", page->articles, "");
    add_card(buf, page->quote_count == 1 ? "quote" : "quotes", page->quote_count, "");
    add_card(buf, page->speakers.count == 1 ? "speaker" : "speakers", page->speakers.count, "");
    for (int i = QS_LEANING_COUNT - 1; i >= 0 && all.scored > 0; i--)
        add_card(buf, words->word[i], all.leaning[i], qs_page_leaning_class((qs_leaning)i));
    qs_buf_add_text(buf, "</ul>\n");
    if (all.scored > 0)
        add_share(buf, &all, words);
}

static void add_contents(qs_buf *buf, const qs_article_page *page)
{
    if (page->shown_count < 2)
        return;
    qs_buf_add_text(buf, "<nav aria-label=\"articles\"><ol class=\"contents\">\n");
    for (size_t i = 0; i < page->shown_count; i++) {
        const shown_article *shown = &page->shown[i];
        qs_buf_addf(buf, "<li><a href=\"#a%llu\"><bdi>", (unsigned long long)shown->number + 1);
        qs_markup_text(buf, shown->title);
        qs_buf_add_text(buf, "</bdi></a> <span class=\"soft\">");
        if (shown->day != QS_NO_DAY) {
            qs_day_add(buf, shown->day);
            qs_buf_add_text(buf, " \xc2\xb7 ");
        }
        qs_report_count(buf, shown->quotes, 0);
        qs_buf_addf(buf, " %s</span></li>\n", shown->quotes == 1 ? "quote" : "quotes");
    }
    qs_buf_add_text(buf, "</ol></nav>\n");
}

static void add_articles(qs_buf *buf, const qs_article_page *page)
{
    qs_buf_addf(buf, "<section aria-labelledby=\"articles\">\n<h2 id=\"articles\">%s</h2>\n",
                page->articles == 1 ? "Article" : "Articles");
    add_contents(buf, page);
    for (size_t i = 0; i < page->shown_count; i++)
        qs_buf_add(buf, page->shown[i].section, page->shown[i].length);
    if (page->articles > page->shown_count) {
        qs_buf_add_text(buf, "<p>");
        qs_report_count(buf, page->articles - page->shown_count, 0);
        qs_buf_addf(buf, " more articles are not shown here; the figures above speak of all.</p>\n");
    }
    qs_buf_add_text(buf, "</section>\n");
}

qs_status qs_article_page_write(qs_article_page *page, qs_buf *out, qs_error *err)
{
    static const qs_leaning_words stance = {{"against", "none", "favor"}, "stance"};
    static const qs_leaning_words sentiment = {{"negative", "neutral", "positive"}, "sentiment"};
    const qs_leaning_words *words = page->sentiment ? &sentiment : &stance;
    if (page->quote_count > 1)
        qsort(page->quotes, page->quote_count, sizeof *page->quotes, by_place);
    if (page->shown_count > 1)
        qsort(page->shown, page->shown_count, sizeof *page->shown, by_number);
    qs_page_start(out, page->articles == 1 && page->shown_count == 1 ? page->shown[0].title
                                                                     : qs_str_of("Who said what"), "Who said what");
    qs_buf_add_text(out, "<p class=\"soft\">Quotes, their speakers and their ");
    qs_buf_addf(out, "%s, found and scored by quotestance. A machine read this: read before you rely on it.</p>\n",
                words->head);
    add_summary(out, page, words);
    qs_status status = qs_page_add_timeline(out, page->quotes, page->quote_count, words, err);
    if (status == QS_OK)
        status = qs_page_add_speakers(out, page->quotes, page->quote_count, page->speakers.keys, page->titles,
                                      page->speakers.count, words, err);
    add_articles(out, page);
    qs_page_end(out);
    return status != QS_OK ? status : qs_buf_status(out, err);
}
