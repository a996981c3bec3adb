/* What the files of the page of articles share. SPDX-License-Identifier: MIT */
#ifndef QS_REPORT_ARTICLES_INTERNAL_H
#define QS_REPORT_ARTICLES_INTERNAL_H

#include "report/articles.h"
#include "report/day.h"
#include "report/page.h"

/** Which way a label leans. */
typedef enum qs_leaning { QS_LEANS_AGAINST, QS_LEANS_NOWHERE, QS_LEANS_FOR, QS_LEANING_COUNT } qs_leaning;

#define QS_NO_SPEAKER UINT32_MAX

/** A quote, as far as the figures need it. */
typedef struct qs_noted_quote {
    uint64_t article; /* number */
    uint32_t place;   /* within the article */
    uint32_t speaker; /* or QS_NO_SPEAKER */
    int32_t day;      /* or QS_NO_DAY */
    qs_leaning leaning;
    int scored;
    double score; /* NaN if there is none */
} qs_noted_quote;

/** Counts and mean of some quotes. */
typedef struct qs_stance_sum {
    uint64_t quotes;
    uint64_t leaning[QS_LEANING_COUNT]; /* of the scored ones */
    uint64_t scored;                    /* quotes with a score */
    double total;
} qs_stance_sum;

/** Words for the leanings: of stance or of sentiment. */
typedef struct qs_leaning_words {
    const char *word[QS_LEANING_COUNT];
    const char *head; /* "stance" or "sentiment" */
} qs_leaning_words;

/** The answer that colours a quote: of a head of stance, else one with a score, else the first; NULL if none. */
const qs_page_answer *qs_page_lead(const qs_page_quote *quote);
/** Which way the label leans: favor, positive; against, negative; anything else nowhere. */
qs_leaning qs_page_leaning(qs_str label);
/** CSS class of a leaning. [borrowed: static] */
const char *qs_page_leaning_class(qs_leaning leaning);
/** Adds the sign that tells leanings apart without colour. */
void qs_page_leaning_sign(qs_buf *buf, qs_leaning leaning);
/** Adds "+0.71" with a real minus sign, "n/a" if NaN. */
void qs_page_score(qs_buf *buf, double score);
/** Adds one quote to a sum. */
void qs_stance_sum_add(qs_stance_sum *sum, const qs_noted_quote *quote);
/** Mean score, NaN without one. */
double qs_stance_sum_mean(const qs_stance_sum *sum);

/** Adds one article as a section; `number` counts from 1. QS_ENOMEM. */
QS_NODISCARD qs_status qs_page_add_article(qs_buf *buf, const qs_page_article *article, uint64_t number,
                                           qs_error *err);

/** Adds the table and the figure of speakers. `quotes` are in order; `names` and `titles` by speaker. QS_ENOMEM. */
QS_NODISCARD qs_status qs_page_add_speakers(qs_buf *buf, const qs_noted_quote *quotes, size_t count,
                                            const qs_str *names, const qs_str *titles, size_t speakers,
                                            const qs_leaning_words *words, qs_error *err);

/** Adds the timeline of the dated quotes, if they are of two days or more. QS_ENOMEM. */
QS_NODISCARD qs_status qs_page_add_timeline(qs_buf *buf, const qs_noted_quote *quotes, size_t count,
                                            const qs_leaning_words *words, qs_error *err);

#endif
