/* Looking words up. SPDX-License-Identifier: MIT */
#include <assert.h>

#include "quotes/lexicon.h"

const qs_lexicon *qs_lexicon_of(const char *language)
{
    for (size_t i = 0; i < qs_lexicon_count; i++)
        if (strcmp(qs_lexicons[i].language, language) == 0)
            return &qs_lexicons[i];
    return NULL;
}

const qs_word_entry *qs_lexicon_find(const qs_lexicon *lexicon, qs_str word)
{
    assert(word.len > 0);
    uint32_t hash = 0;
    for (size_t i = 0; i < word.len; i++)
        hash = (hash * 31 + (unsigned char)word.ptr[i]) & 0xffffff; /* as in QsLexicon.cmake */
    for (uint32_t slot = hash & lexicon->mask; lexicon->slots[slot] != 0; slot = (slot + 1) & lexicon->mask) {
        const qs_word_entry *entry = &lexicon->words[lexicon->slots[slot] - 1];
        if (entry->form[0] == word.ptr[0] && strncmp(entry->form, word.ptr, word.len) == 0 && entry->form[word.len] == '\0')
            return entry;
    }
    return NULL;
}
