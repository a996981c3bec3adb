/* Single quotation marks against apostrophes. SPDX-License-Identifier: MIT */
#include "quotes/scan.h"

#include "text/utf8.h"

/* How sure it is that a mark closes. */
typedef enum strength { NO_CLOSE, PLURAL_POSSESSIVE, PLAIN, AFTER_PUNCTUATION } strength;

static bool is_stop(uint32_t c)
{
    return c == '.' || c == ',' || c == '?' || c == '!' || c == 0x2026;
}

static bool is_space_or_end(uint32_t c)
{
    return c == 0 || qs_char_class_of(c) == QS_CHAR_SPACE;
}

/* 'tis, '80s and the like. */
static bool is_elision(const qs_scan *scan, size_t index)
{
    static const char *const words[] = {"tis", "twas", "em", "cause", "til", "n", "bout", "round", "cuz", "s"};
    const qs_token *next = &scan->tokens[index + 1]; /* a letter stands right behind the mark */
    const qs_str word = qs_str_slice(scan->text, next->start, next->end);
    if (next->type == QS_TOKEN_NUMBER)
        return word.len >= 2 && word.len <= 4 && word.ptr[1] >= '0' && word.ptr[1] <= '9' &&
               (word.len == 2 || word.ptr[2] == 's');
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const size_t length = strlen(words[i]);
        if (word.len == length && memcmp(word.ptr + 1, words[i] + 1, length - 1) == 0 &&
            (word.ptr[0] | 0x20) == words[i][0])
            return true;
    }
    return false;
}

static bool opens(const qs_scan *scan, size_t index)
{
    const qs_token *token = &scan->tokens[index];
    const uint32_t before = qs_scan_before(scan, token->start);
    const uint32_t after = qs_scan_after(scan, token->end);
    if (token->code_point == 0x2019)
        return false;
    const bool start = is_space_or_end(before) || before == '(' || before == '[' || before == '"' ||
                       before == 0x201c || before == 0xab || before == ':' || before == '/' ||
                       (before >= 0x2010 && before <= 0x2015) || before == '-';
    return start && (qs_char_is_word(after) || after == 0x2026 || after == '$' || after == '#' || after == '[') &&
           !is_elision(scan, index);
}

static strength closes(const qs_scan *scan, size_t index)
{
    const qs_token *token = &scan->tokens[index];
    size_t start = 0;
    if (token->code_point == 0x201a)
        return NO_CLOSE;
    if (token->code_point == 0x2018 && qs_char_is_word(qs_scan_after(scan, token->end)))
        return NO_CLOSE;
    const uint32_t before = qs_utf8_before(scan->text, token->start, &start);
    const uint32_t after = qs_scan_after(scan, token->end);
    if (is_space_or_end(before) || qs_char_is_word(after))
        return NO_CLOSE;
    if (is_stop(before) || !is_space_or_end(after) || after == 0 || after == '\n' || after == '\r')
        return AFTER_PUNCTUATION;
    if (before == 's')
        return PLURAL_POSSESSIVE;
    /* goin' home */
    if (before == 'n' && start >= 2 && scan->text.ptr[start - 1] == 'i' && start >= 3 &&
        scan->text.ptr[start - 2] != ' ')
        return PLURAL_POSSESSIVE;
    return PLAIN;
}

/* What to do with the pairs that are found. */
typedef struct finder {
    qs_scan *scan;
    size_t paragraph;
    bool add;           /* make parts of them; else only count */
    bool may_continue;  /* an open one may go on in the next paragraph */
    size_t valid;       /* pairs of three words or more */
} finder;

static qs_status found(finder *f, size_t open, size_t close, qs_error *err)
{
    f->valid += close - open > 3;
    return f->add ? qs_scan_add_part(f->scan, f->paragraph, open, close, 0, err) : QS_OK;
}

/* An opening mark without a close, in a text that quotes with single marks. */
static qs_status left_open(finder *f, size_t open, size_t last, qs_error *err)
{
    qs_scan *scan = f->scan;
    const size_t count = scan->part_count;
    bool skipped = false;
    const qs_token *next = qs_scan_next_opener(scan, f->paragraph, &skipped);
    if (!f->add || !f->may_continue || next == NULL || next->family != QS_FAMILY_SINGLE ||
        next->code_point == 0x2019)
        return QS_OK;
    const qs_status status =
        qs_scan_add_part(scan, f->paragraph, open, QS_NONE, scan->tokens[last - 1].end, err);
    if (status == QS_OK && scan->part_count > count) {
        scan->parts[count].continued = true;
        scan->parts[count].weak_link = skipped;
    }
    return status;
}

/* Pairs the single marks among tokens [first, last). A close after a stop is surest; one after s may be a
 * possessive and counts only if no better comes before the next opening mark. */
static qs_status pair(finder *f, size_t first, size_t last, qs_error *err)
{
    const qs_scan *scan = f->scan;
    size_t open = QS_NONE;
    size_t bare = QS_NONE;
    qs_status status = QS_OK;
    for (size_t i = first; i < last && status == QS_OK; i++) {
        if (scan->tokens[i].type != QS_TOKEN_MARK || scan->tokens[i].family != QS_FAMILY_SINGLE)
            continue;
        const bool opening = opens(scan, i);
        const strength close = open == QS_NONE ? NO_CLOSE : closes(scan, i);
        size_t closed_by = QS_NONE;
        if (close == PLAIN || close == AFTER_PUNCTUATION)
            closed_by = i;
        else if (close == PLURAL_POSSESSIVE && bare == QS_NONE)
            bare = i;
        else if (opening && bare != QS_NONE)
            closed_by = bare;
        if (closed_by != QS_NONE) {
            status = found(f, open, closed_by, err);
            open = bare = QS_NONE;
        }
        if (opening) {
            open = i;
            bare = QS_NONE;
        }
    }
    if (status == QS_OK && open != QS_NONE)
        status = bare != QS_NONE ? found(f, open, bare, err) : left_open(f, open, last, err);
    return status;
}

/* Single marks inside the outermost parts, which are parts[first, count) of one paragraph, by their end. */
static qs_status pair_inside(finder *f, size_t first, size_t count, qs_error *err)
{
    qs_status status = QS_OK;
    size_t from = SIZE_MAX;
    for (size_t i = count; i > first && status == QS_OK; i--) {
        const qs_part part = f->scan->parts[i - 1];
        if (part.end > from)
            continue;
        from = part.start;
        status = pair(f, part.first_token + 1u, part.last_token - part.closed, err);
    }
    return status;
}

qs_status qs_scan_singles(qs_scan *scan, qs_error *err)
{
    const size_t doubles = scan->part_count;
    finder f = {.scan = scan};
    qs_status status = QS_OK;
    for (size_t i = 0; i < scan->paragraph_count && status == QS_OK; i++)
        status = pair(&f, scan->paragraphs[i].first, scan->paragraphs[i].last, err);
    scan->single_style = f.valid > doubles;
    f.add = true;
    size_t next = 0;
    for (size_t i = 0; i < scan->paragraph_count && status == QS_OK; i++) {
        const size_t first = next;
        while (next < doubles && scan->parts[next].paragraph == i)
            next++;
        const qs_zone zone = qs_article_paragraph(scan->article, i).zone;
        const bool counts = zone == QS_ZONE_HEADLINE || zone == QS_ZONE_DECK || scan->single_style;
        f.paragraph = i;
        f.may_continue = scan->single_style;
        if (first == next)
            status = counts ? pair(&f, scan->paragraphs[i].first, scan->paragraphs[i].last, err) : QS_OK;
        else {
            f.may_continue = false;
            status = pair_inside(&f, first, next, err);
        }
    }
    return status;
}
