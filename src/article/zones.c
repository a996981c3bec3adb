/* Zones of plain text: shape and place of each paragraph. SPDX-License-Identifier: MIT */
#include "article/zones.h"

#include <stdbool.h>

#include "article/build.h"
#include "text/utf8.h"

/* The longest date line in words. */
enum { DATE_WORDS = 9 };

/* What a line looks like. */
typedef struct shape {
    size_t words;
    size_t upper_words; /* all letters upper case */
    size_t years;       /* four-digit numbers from 1900 to 2099 */
    size_t numbers;
    bool ends_sentence;
    bool credit;        /* "/ AP", "(Reuters)", "Photo:" */
    bool month;
    bool byline;        /* starts with "By " and the like */
} shape;

static bool word_is(qs_str word, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *want = list[i];
        size_t at = 0;
        while (at < word.len && want[at] != '\0' && (word.ptr[at] | 0x20) == want[at])
            at++;
        if (at == word.len && want[at] == '\0')
            return true;
    }
    return false;
}
#define WORD_IS(word, list) word_is(word, list, sizeof(list) / sizeof *(list))

static const char *const month_words[] = {
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov",
    "dec", "januar", "februar", "mai", "juni", "juli", "oktober", "dezember", "janvier", "mars", "avril",
    "juin", "juillet", "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "octubre"};
static const char *const byline_words[] = {"by", "von", "par", "por"};
static const char *const agency_words[] = {"ap", "afp", "reuters", "epa", "getty", "dpa", "tass", "aa"};

static void look_at_word(shape *seen, qs_str word, qs_str text, size_t start)
{
    bool upper = true;
    bool digits = true;
    for (size_t i = 0; i < word.len; i++) {
        digits = digits && word.ptr[i] >= '0' && word.ptr[i] <= '9';
        upper = upper && !(word.ptr[i] >= 'a' && word.ptr[i] <= 'z');
    }
    if (seen->words == 0 && WORD_IS(word, byline_words))
        seen->byline = true;
    seen->words++;
    seen->upper_words += upper && !digits;
    seen->numbers += digits;
    seen->years += digits && word.len == 4 && (memcmp(word.ptr, "19", 2) == 0 || memcmp(word.ptr, "20", 2) == 0);
    seen->month = seen->month || (seen->words <= DATE_WORDS && WORD_IS(word, month_words));
    const char before = start > 0 ? text.ptr[start - 1] : ' ';
    const char further = start > 1 ? text.ptr[start - 2] : ' ';
    if (upper && WORD_IS(word, agency_words) &&
        (before == '/' || before == '(' || before == '|' || (before == ' ' && (further == '/' || further == '|'))))
        seen->credit = true;
}

static shape look(qs_str text)
{
    shape seen = {0};
    size_t at = 0;
    uint32_t c = 0;
    while (at < text.len) {
        size_t length = qs_utf8_decode(text, at, &c);
        if (!qs_char_is_word(c)) {
            at += length;
            continue;
        }
        const size_t start = at;
        while (at < text.len && (length = qs_utf8_decode(text, at, &c), qs_char_is_word(c)))
            at += length;
        look_at_word(&seen, qs_str_slice(text, start, at), text, start);
    }
    for (size_t end = text.len; end > 0;) {
        c = qs_utf8_before(text, end, &end);
        if (c == '.' || c == '!' || c == '?' || c == 0x2026 || c == 0x3002) {
            seen.ends_sentence = true;
            break;
        }
        if (qs_char_is_word(c))
            break;
    }
    return seen;
}

static bool is_date_line(const shape *s)
{
    return s->words <= DATE_WORDS && s->numbers > 0 && (s->years > 0 || s->month) && !s->ends_sentence;
}

void qs_zones_guess(qs_paragraph *paragraphs, size_t count, qs_str text, int has_title)
{
    bool title = has_title != 0;
    bool body = false;
    for (size_t i = 0; i < count; i++) {
        qs_paragraph *p = &paragraphs[i];
        if (p->zone != QS_ZONE_GUESS) {
            title = title || p->zone == QS_ZONE_HEADLINE;
            continue;
        }
        const qs_str line = qs_str_slice(text, p->start, p->end);
        const shape s = line.len <= 400 ? look(line) : (shape){.words = 100, .ends_sentence = true};
        const bool more = i + 1 < count;
        if (s.byline && s.words <= 8 && !s.ends_sentence)
            p->zone = QS_ZONE_BYLINE;
        else if (is_date_line(&s))
            p->zone = QS_ZONE_DATELINE;
        else if (s.credit && s.words <= 60 && !body)
            p->zone = QS_ZONE_CAPTION;
        else if (!title && !body && i < 4 && s.words <= 25 && !s.ends_sentence && more &&
                 !(s.words == s.upper_words && s.words <= 3))
            p->zone = QS_ZONE_HEADLINE, title = true;
        else if (title && !body && !has_title && i < 5 && s.words <= 35 && more &&
                 (i > 0 && paragraphs[i - 1].zone == QS_ZONE_HEADLINE) && paragraphs[i + 1].start == p->end + 1)
            p->zone = QS_ZONE_DECK;
        else if (s.words <= 8 && !s.ends_sentence && more && body)
            p->zone = QS_ZONE_SUBHEADING;
        else
            p->zone = QS_ZONE_BODY, body = true;
    }
}
