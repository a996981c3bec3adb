/* Looking words up. SPDX-License-Identifier: MIT */
#include "quotes/lexicon.h"

const qs_lexicon *qs_lexicon_of(const char *language)
{
    for (size_t i = 0; i < qs_lexicon_count; i++)
        if (strcmp(qs_lexicons[i].language, language) == 0)
            return &qs_lexicons[i];
    return NULL;
}

/* Order of `word` and a form. */
static int compare(qs_str word, const char *form)
{
    const int first = (int)(unsigned char)word.ptr[0] - (int)(unsigned char)form[0];
    if (first != 0)
        return first;
    const int order = strncmp(word.ptr, form, word.len);
    return order != 0 ? order : form[word.len] == '\0' ? 0 : -1;
}

const qs_cue_entry *qs_lexicon_cue(const qs_lexicon *lexicon, qs_str word)
{
    size_t low = 0;
    size_t high = lexicon->cue_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = compare(word, lexicon->cues[middle].form);
        if (order == 0)
            return &lexicon->cues[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

uint32_t qs_lexicon_kinds(const qs_lexicon *lexicon, qs_str word)
{
    size_t low = 0;
    size_t high = lexicon->word_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (compare(word, lexicon->words[middle].form) > 0)
            low = middle + 1;
        else
            high = middle;
    }
    uint32_t kinds = 0;
    for (; low < lexicon->word_count && compare(word, lexicon->words[low].form) == 0; low++)
        kinds |= lexicon->words[low].kinds;
    return kinds;
}
