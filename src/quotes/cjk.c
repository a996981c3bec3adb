/* Who speaks in Chinese and Japanese, where words are not spaced: the characters beside the marks.
 * SPDX-License-Identifier: MIT */
#include "quotes/record.h"

/* Chinese verbs that end the words before a quote; longer ones first. */
static const char *const verbs_before[] = {"表示", "指出", "强调", "強調", "写道", "寫道", "告诉记者", "说道",
                                           "说",   "說",   "称",   "稱",   "问",   "問",   "道"};

static bool ends_with(qs_str text, const char *ending)
{
    const size_t length = strlen(ending);
    return text.len > length && memcmp(text.ptr + text.len - length, ending, length) == 0;
}

static size_t find(qs_str text, const char *what)
{
    const size_t length = strlen(what);
    for (size_t i = 0; i + length <= text.len; i++)
        if (memcmp(text.ptr + i, what, length) == 0)
            return i;
    return QS_NONE;
}

/* 李明说：“...” */
static bool look_before(const qs_scan *scan, const qs_part *part, qs_paragraph_tokens range, qs_record *record)
{
    size_t at = part->first_token;
    if (at > range.first && scan->tokens[at - 1].type == QS_TOKEN_PUNCT &&
        (scan->tokens[at - 1].code_point == 0xff1a || scan->tokens[at - 1].code_point == 0xff0c ||
         scan->tokens[at - 1].code_point == ':'))
        at--;
    if (at == range.first || scan->tokens[at - 1].type != QS_TOKEN_WORD)
        return false;
    const qs_token *word = &scan->tokens[at - 1];
    const qs_str text = qs_str_slice(scan->text, word->start, word->end);
    for (size_t i = 0; i < sizeof verbs_before / sizeof *verbs_before; i++)
        if (ends_with(text, verbs_before[i])) {
            record->source = (qs_range){word->start, word->end - strlen(verbs_before[i])};
            record->cue = (qs_range){record->source.end, word->end};
            record->lemma = verbs_before[i];
            record->pattern = "S V Q";
            return true;
        }
    return false;
}

/* 「...」と田中氏は述べた */
static bool look_after(const qs_scan *scan, const qs_part *part, qs_paragraph_tokens range, qs_record *record)
{
    if (part->last_token >= range.last || scan->tokens[part->last_token].type != QS_TOKEN_WORD)
        return false;
    const qs_token *word = &scan->tokens[part->last_token];
    const qs_str text = qs_str_slice(scan->text, word->start, word->end);
    if (text.len < 9 || memcmp(text.ptr, "と", 3) != 0)
        return false;
    size_t topic = find(text, "は");
    if (topic == QS_NONE)
        topic = find(text, "が");
    if (topic == QS_NONE || topic <= 3 || topic + 3 >= text.len)
        return false;
    record->source = (qs_range){word->start + 3, word->start + topic};
    record->cue = (qs_range){word->start + topic + 3, word->end};
    record->lemma = "と";
    record->pattern = "Q, S V";
    return true;
}

bool qs_record_find_cjk(const qs_scan *scan, size_t index, qs_record *record)
{
    const qs_part *part = &scan->parts[index];
    const qs_paragraph_tokens range = scan->paragraphs[part->paragraph];
    if (!look_before(scan, part, range, record) && !look_after(scan, part, range, record))
        return false;
    record->type = QS_QUOTE_DIRECT;
    record->confidence = 0.9;
    return true;
}
