/* One article of the page: its text with marked quotes and notes, and a table. SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdlib.h>

#include "report/articles_internal.h"

#define NESTING_MAX 8
#define TABLE_ROWS 1000
#define MARGIN_NOTES 1000 /* a browser is slow to stack more of them in the margin */

static int starts_with(qs_str text, const char *word)
{
    const size_t length = strlen(word);
    return text.len >= length && memcmp(text.ptr, word, length) == 0;
}

const qs_page_answer *qs_page_lead(const qs_page_quote *quote)
{
    const qs_page_answer *best = quote->answer_count > 0 ? &quote->answers[0] : NULL;
    for (size_t i = 0; i < quote->answer_count; i++) {
        const qs_page_answer *answer = &quote->answers[i];
        if (starts_with(answer->head, "stance"))
            return answer;
        if (isnan(best->score) && !isnan(answer->score))
            best = answer;
    }
    return best;
}

qs_leaning qs_page_leaning(qs_str label)
{
    if (qs_str_equal(label, qs_str_of("favor")) || qs_str_equal(label, qs_str_of("positive")))
        return QS_LEANS_FOR;
    if (qs_str_equal(label, qs_str_of("against")) || qs_str_equal(label, qs_str_of("negative")))
        return QS_LEANS_AGAINST;
    return QS_LEANS_NOWHERE;
}

const char *qs_page_leaning_class(qs_leaning leaning)
{
    static const char *const classes[] = {"against", "none", "favor"};
    return classes[leaning];
}

void qs_page_leaning_sign(qs_buf *buf, qs_leaning leaning)
{
    static const char *const signs[] = {"\xe2\x96\xbc", "\xe2\x97\x8f", "\xe2\x96\xb2"};
    qs_buf_addf(buf, "<span aria-hidden=\"true\">%s</span>", signs[leaning]);
}

void qs_page_score(qs_buf *buf, double score)
{
    if (isnan(score)) {
        qs_buf_add_text(buf, "n/a");
        return;
    }
    qs_buf_add_text(buf, score < -0.005 ? "\xe2\x88\x92" : score > 0.005 ? "+" : "\xc2\xb1");
    qs_buf_add_fixed(buf, fabs(score), 2);
}

static void add_label(qs_buf *buf, const qs_page_answer *answer)
{
    if (answer->label.ptr == NULL)
        qs_buf_add_text(buf, "abstained");
    else
        qs_markup_text(buf, answer->label);
    qs_buf_add_char(buf, ' ');
    if (isnan(answer->score))
        qs_buf_add_fixed(buf, answer->probability, 2);
    else
        qs_page_score(buf, answer->score);
}

static const char *class_of(const qs_page_quote *quote)
{
    const qs_page_answer *lead = qs_page_lead(quote);
    return lead == NULL ? "plain" : qs_page_leaning_class(qs_page_leaning(lead->label));
}

static void add_speaker(qs_buf *buf, const qs_page_quote *quote)
{
    if (quote->speaker.len == 0)
        qs_buf_add_text(buf, "unknown speaker");
    else
        qs_markup_text(buf, quote->speaker);
}

/* In the margin where there is one, else after the quote. */
static void add_note(qs_buf *buf, const qs_page_quote *quote, size_t number)
{
    const qs_page_answer *lead = qs_page_lead(quote);
    qs_buf_addf(buf, "<sup>%zu</sup></mark><span class=\"note %s\"><span class=\"no\">%zu</span> <bdi>", number,
                class_of(quote), number);
    add_speaker(buf, quote);
    qs_buf_add_text(buf, "</bdi>");
    if (lead != NULL) {
        qs_buf_add_text(buf, " <b>");
        qs_page_leaning_sign(buf, qs_page_leaning(lead->label));
        qs_buf_add_char(buf, ' ');
        add_label(buf, lead);
        qs_buf_add_text(buf, "</b>");
    }
    qs_buf_add_text(buf, "</span>");
}

/* Where we are in the article. */
typedef struct cursor {
    qs_buf *buf;
    const qs_page_article *article;
    size_t next;               /* quote */
    size_t open[NESTING_MAX];  /* quotes whose mark is open, innermost last */
    size_t end[NESTING_MAX];   /* where each ends */
    size_t depth;
    size_t at;                 /* in the text */
} cursor;

static void add_text_to(cursor *c, size_t to)
{
    if (to > c->at) {
        qs_markup_text(c->buf, qs_str_slice(c->article->text, c->at, to));
        c->at = to;
    }
}

static void close_marks_to(cursor *c, size_t to)
{
    while (c->depth > 0 && c->end[c->depth - 1] <= to) {
        c->depth--;
        add_text_to(c, c->end[c->depth]);
        add_note(c->buf, &c->article->quotes[c->open[c->depth]], c->open[c->depth] + 1);
    }
}

/* Quotes nest at most; one that crosses another's end is cut there. */
static void add_marked(cursor *c, size_t start, size_t end)
{
    c->at = start;
    for (; c->next < c->article->quote_count && c->article->quotes[c->next].start < end; c->next++) {
        const qs_page_quote *quote = &c->article->quotes[c->next];
        size_t stop = quote->end < end ? quote->end : end;
        if (quote->start < start)
            continue; /* between paragraphs that are shown */
        close_marks_to(c, quote->start);
        add_text_to(c, quote->start);
        if (c->depth > 0 && stop > c->end[c->depth - 1])
            stop = c->end[c->depth - 1];
        if (c->depth == NESTING_MAX || stop <= c->at)
            continue;
        qs_buf_addf(c->buf, "<mark class=\"%s\">", class_of(quote));
        c->open[c->depth] = c->next;
        c->end[c->depth++] = stop;
    }
    close_marks_to(c, end);
    add_text_to(c, end);
}

static void add_paragraph(cursor *c, const qs_page_paragraph *paragraph, int is_title, uint64_t number)
{
    static const struct {
        const char *open, *close;
    } tags[] = {[QS_PLACE_HEADLINE] = {"<p class=\"head\" dir=\"auto\">", "</p>\n"},
                [QS_PLACE_DECK] = {"<p class=\"deck\" dir=\"auto\">", "</p>\n"},
                [QS_PLACE_SUBHEADING] = {"<p class=\"head\" dir=\"auto\">", "</p>\n"},
                [QS_PLACE_BODY] = {"<p dir=\"auto\">", "</p>\n"},
                [QS_PLACE_SMALL] = {"<p class=\"small\" dir=\"auto\">", "</p>\n"}};
    if (is_title)
        qs_buf_addf(c->buf, "<h3 id=\"a%llu\" dir=\"auto\">", (unsigned long long)number);
    else
        qs_buf_add_text(c->buf, tags[paragraph->place].open);
    add_marked(c, paragraph->start, paragraph->end);
    qs_buf_add_text(c->buf, is_title ? "</h3>\n" : tags[paragraph->place].close);
}

static void add_facts(qs_buf *buf, const qs_page_article *article, int with_name)
{
    const int32_t day = qs_day_parse(article->date);
    qs_buf_add_text(buf, "<p class=\"soft facts\">");
    if (day != QS_NO_DAY) {
        qs_day_add(buf, day);
        qs_buf_add_text(buf, " \xc2\xb7 ");
    }
    qs_report_count(buf, article->quote_count, 0);
    qs_buf_add_text(buf, article->quote_count == 1 ? " quote" : " quotes");
    if (with_name) {
        qs_buf_add_text(buf, " \xc2\xb7 <bdi>");
        qs_markup_text(buf, article->name);
        qs_buf_add_text(buf, "</bdi>");
    }
    qs_buf_add_text(buf, "</p>\n");
}

static void add_table_row(qs_buf *buf, const qs_page_article *article, size_t index)
{
    const qs_page_quote *quote = &article->quotes[index];
    qs_buf_addf(buf, "<tr><td>%zu</td><th scope=\"row\"><bdi>", index + 1);
    add_speaker(buf, quote);
    qs_buf_add_text(buf, "</bdi>");
    if (quote->title.len > 0) {
        qs_buf_add_text(buf, "<span class=\"soft under\"><bdi>");
        qs_markup_text(buf, quote->title);
        qs_buf_add_text(buf, "</bdi></span>");
    }
    qs_buf_addf(buf, "</th><td class=\"text\">%s</td><td class=\"text wide\" dir=\"auto\">", quote->type);
    qs_markup_text(buf, qs_str_slice(article->text, quote->start, quote->end));
    qs_buf_add_text(buf, "</td>");
    for (size_t i = 0; i < quote->answer_count; i++) {
        qs_buf_addf(buf, "<td class=\"text %s\">", qs_page_leaning_class(qs_page_leaning(quote->answers[i].label)));
        qs_page_leaning_sign(buf, qs_page_leaning(quote->answers[i].label));
        qs_buf_add_char(buf, ' ');
        add_label(buf, &quote->answers[i]);
        qs_buf_add_text(buf, "</td>");
    }
    qs_buf_add_text(buf, "</tr>\n");
}

static void add_table(qs_buf *buf, const qs_page_article *article, uint64_t number)
{
    const qs_page_quote *scored = NULL;
    for (size_t i = 0; i < article->quote_count && scored == NULL; i++)
        scored = article->quotes[i].answer_count > 0 ? &article->quotes[i] : NULL;
    if (article->quote_count == 0)
        return;
    qs_buf_add_text(buf, "<details><summary>Quotes of this article as a table</summary>\n");
    qs_buf_addf(buf, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"quotes of article %llu\"><table>"
                     "<thead><tr><th scope=\"col\">no.</th><th scope=\"col\" class=\"text\">speaker</th><th "
                     "scope=\"col\" class=\"text\">type</th><th scope=\"col\" class=\"text\">quote</th>",
                (unsigned long long)number);
    for (size_t i = 0; scored != NULL && i < scored->answer_count; i++) {
        qs_buf_add_text(buf, "<th scope=\"col\" class=\"text\">");
        qs_markup_text(buf, scored->answers[i].head);
        qs_buf_add_text(buf, "</th>");
    }
    qs_buf_add_text(buf, "</tr></thead><tbody>\n");
    for (size_t i = 0; i < article->quote_count && i < TABLE_ROWS; i++)
        add_table_row(buf, article, i);
    qs_buf_add_text(buf, "</tbody></table></div>");
    if (article->quote_count > TABLE_ROWS)
        qs_buf_addf(buf, "<p class=\"small\">%zu more are marked in the text only.</p>", article->quote_count - TABLE_ROWS);
    qs_buf_add_text(buf, "</details>\n");
}

qs_status qs_page_add_article(qs_buf *buf, const qs_page_article *article, uint64_t number, qs_error *err)
{
    cursor c = {.buf = buf, .article = article};
    int titled = 0;
    for (size_t i = 0; i < article->paragraph_count && !titled; i++)
        titled = article->paragraphs[i].place == QS_PLACE_HEADLINE;
    qs_buf_addf(buf, "<article%s aria-labelledby=\"a%llu\">\n",
                article->quote_count > MARGIN_NOTES ? " class=\"many\"" : "", (unsigned long long)number);
    if (!titled) {
        qs_buf_addf(buf, "<h3 id=\"a%llu\" dir=\"auto\">", (unsigned long long)number);
        qs_markup_text(buf, article->name);
        qs_buf_add_text(buf, "</h3>\n");
        add_facts(buf, article, 0);
    }
    for (size_t i = 0; i < article->paragraph_count; i++) {
        const int is_title = titled == 1 && article->paragraphs[i].place == QS_PLACE_HEADLINE;
        add_paragraph(&c, &article->paragraphs[i], is_title, number);
        if (is_title) {
            add_facts(buf, article, 1);
            titled = 2;
        }
    }
    add_table(buf, article, number);
    qs_buf_add_text(buf, "</article>\n");
    return qs_buf_status(buf, err);
}
