/* Marked parts that no report reached. SPDX-License-Identifier: MIT */
#include "quotes/reach.h"

/* The most words of a part, in a sentence of other words without a report, that are marked for another reason. */
enum { LONE_WORDS = 4 };

/* "Ada was told": nobody in this sentence speaks. */
static bool has_passive(const qs_clause *c, qs_sentence s)
{
    for (size_t i = s.first + 1; i < s.last; i++)
        if (qs_item_is_word(c, i) && qs_item_token(c, i)->cue != NULL && qs_item_has(c, i - 1, QS_WORD_AUX))
            return true;
    return false;
}

/* `"Q" - Ada Rao, Ives Daily` at the end of a paragraph. */
static void take_signature(const qs_clause *c, qs_sentence s, size_t i, qs_record *record)
{
    if (i + 2 >= c->item_count || c->item_count - i > 14 || !qs_item_is_dash(c, i + 1) || i != s.first ||
        !qs_item_is_word(c, i + 2) || !qs_item_token(c, i + 2)->upper)
        return;
    const qs_phrase who = qs_phrase_after(c, i + 2, c->item_count);
    if (who.first == who.last || qs_count_parts(c, i + 1, c->item_count) > 0)
        return;
    record->source = qs_phrase_range(c, who);
    record->cue = (qs_range){qs_item_start(c, i + 1), qs_item_end(c, i + 1)};
    record->lemma = "-";
    record->type = QS_QUOTE_DIRECT;
    record->pattern = "Q - S";
    record->fallback = (qs_range){0, 0};
}

static bool is_divider(const qs_token *token)
{
    return qs_token_is(token, ',') || qs_token_is(token, '-') || qs_token_is(token, 0x2013) || qs_token_is(token, 0x2014);
}

/* Tokens [verb, end) with what divides them from the words around: ", — сказал Орлов"; a stop behind them stays. */
static qs_range inserted_range(const qs_scan *scan, const qs_part *part, size_t verb, size_t end)
{
    size_t first = verb;
    while (first > part->first_token + 1u && is_divider(&scan->tokens[first - 1]))
        first--;
    size_t last = end;
    while (last < part->last_token && is_divider(&scan->tokens[last]))
        last++;
    return (qs_range){scan->tokens[first].start, scan->tokens[last - 1].end};
}

/* `« Le pont, a précisé Léa Roche, est sûr. »`, `«Мы уходим, — сказал Орлов»`: the speaker inside the marks, as some
 * languages have it. */
static void take_inciso(const qs_scan *scan, size_t index, qs_record *record)
{
    const qs_part *part = &scan->parts[index];
    for (size_t i = part->first_token + 2; i + 1 < part->last_token; i++) {
        const qs_token *token = &scan->tokens[i];
        if (token->cue == NULL || token->upper || (token->cue->flags & QS_CUE_S) == 0)
            continue;
        size_t verb = i;
        while (verb > part->first_token + 1u && (scan->tokens[verb - 1].kinds & QS_WORD_AUX) != 0)
            verb--;
        size_t end = i + 1;
        bool name = false;
        while (end < part->last_token && end < i + 10 && scan->tokens[end].type == QS_TOKEN_WORD) {
            name = name || scan->tokens[end].upper;
            end++;
        }
        if (!is_divider(&scan->tokens[verb - 1]) || end == i + 1 || !name || end >= part->last_token ||
            (!is_divider(&scan->tokens[end]) && end + 1 < part->last_token && !qs_token_is(&scan->tokens[end], '.')))
            continue;
        record->inserted = inserted_range(scan, part, verb, end);
        record->source = (qs_range){scan->tokens[i + 1].start, scan->tokens[end - 1].core_end};
        record->cue = (qs_range){token->start, token->end};
        record->lemma = token->cue->lemma;
        record->pattern = "Q, V S, Q";
        record->fallback = (qs_range){0, 0};
        return;
    }
}

/* A word in the form of a verb with a subject before it. */
static bool is_verb_form(const qs_clause *c, size_t i)
{
    const qs_str word = qs_token_text(c->scan, qs_item_token(c, i));
    return !qs_item_token(c, i)->upper && word.len > 3 &&
           (memcmp(word.ptr + word.len - 2, "ed", 2) == 0 || word.ptr[word.len - 1] == 's');
}

/* `"Q?" the reporter barbed.`: a sentence of a marked part, a subject and a verb that no list holds. */
static void take_unknown_verb(const qs_clause *c, qs_sentence s, size_t i, qs_record *record)
{
    if (i != s.first || !qs_part_is_complete(c, i) || record->type != QS_QUOTE_MIXED)
        return;
    size_t end = i + 1;
    while (end < s.last && end < i + 9 && qs_item_is_word(c, end))
        end++;
    if (end < i + 3 || (end < s.last && !qs_item_is(c, end, '.')) || !is_verb_form(c, end - 1))
        return;
    const qs_phrase who = qs_phrase_before(c, i + 1, end - 1);
    if (who.first != i + 1 || who.last != end - 1)
        return;
    record->type = QS_QUOTE_DIRECT;
    record->source = qs_phrase_range(c, who);
    record->cue = (qs_range){qs_item_start(c, end - 1), qs_item_end(c, end - 1)};
    record->pattern = "Q, S V";
    record->fallback = (qs_range){0, 0};
}

/* No "there", "nevertheless,", "you". */
static bool can_speak(const qs_clause *c, qs_phrase subject, size_t before)
{
    return subject.first < subject.last && !qs_item_has(c, subject.first, QS_WORD_FIRST) &&
           !qs_item_word_is(c, subject.first, "there") &&
           !(subject.last == subject.first + 1 && subject.last < before && qs_item_is(c, subject.last, ','));
}

/* Parts that no report reached: sentences of their own, or words marked for another reason. */
qs_status qs_records_of_rest(qs_records *records, const qs_clause *c, qs_error *err)
{
    qs_status status = QS_OK;
    for (size_t k = 0; k < c->sentence_count && status == QS_OK; k++) {
        const qs_sentence s = c->sentences[k];
        for (size_t i = s.first; i < s.last && status == QS_OK; i++) {
            if (!qs_item_is_part(c, i) || records->of_part[c->items[i].part] != QS_NONE)
                continue;
            const size_t index = c->items[i].part;
            const qs_part *part = &c->scan->parts[index];
            qs_record record = qs_record_of_part(c->scan, index);
            const bool alone = qs_count_words(c, s.first, s.last) == 0;
            const bool goes_on = part->continues != QS_NONE || part->continued;
            if (!alone)
                record.type = QS_QUOTE_MIXED;
            if (!goes_on && ((part->words <= (alone || i == s.first ? QS_SCARE_WORDS : LONE_WORDS) && !(alone && qs_part_is_complete(c, i))) || (!alone && qs_part_is_title(c, i))))
                record.type = QS_QUOTE_SCARE;
            record.pattern = "Q";
            if (record.type == QS_QUOTE_MIXED && !has_passive(c, s)) {
                const qs_phrase subject = qs_phrase_subject(c, s.first, i);
                if (can_speak(c, subject, i))
                    record.fallback = qs_phrase_range(c, subject);
            }
            if (strcmp(c->scan->lexicon->language, "en") == 0)
                take_unknown_verb(c, s, i, &record);
            else if (record.type != QS_QUOTE_SCARE)
                take_inciso(c->scan, index, &record);
            take_signature(c, s, i, &record);
            (void)qs_record_find_cjk(c->scan, index, &record);
            status = qs_records_add(records, &record, err);
            if (status == QS_OK)
                records->of_part[index] = records->count - 1;
        }
    }
    return status;
}

