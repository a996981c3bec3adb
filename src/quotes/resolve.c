/* Whom a mention means. SPDX-License-Identifier: MIT */
#include "quotes/names.h"

/* How far back in a paragraph a pronoun looks for whom it is about, in tokens. */
enum { SUBJECT_REACH = 160 };

static size_t token_at(const qs_scan *scan, size_t byte)
{
    size_t low = 0;
    size_t high = scan->token_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (scan->tokens[middle].start < byte)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static size_t find_surname(const qs_scan *scan, qs_str surname)
{
    char key[QS_NAME_KEY_MAX];
    const size_t length = qs_name_fold(surname, key);
    uint32_t number = 0;
    return length > 0 && qs_map_find(&scan->surnames, qs_str_make(key, length), &number) ? scan->surname_heads[number]
                                                                                         : QS_NONE;
}

/* Of the people of one surname the one with this given name, else the one who spoke last. */
static size_t choose_namesake(const qs_scan *scan, size_t head, qs_str given, const qs_recent *recent, bool *unsure)
{
    *unsure = false;
    if (!scan->entities[head].ambiguous)
        return head;
    for (size_t at = head; at != QS_NONE && given.len > 0; at = scan->entities[at].next)
        if (qs_name_equal(scan->entities[at].given, given))
            return at;
    *unsure = true;
    for (size_t i = recent->count; i > 0; i--)
        for (size_t at = head; at != QS_NONE; at = scan->entities[at].next)
            if (recent->entities[i - 1] == at)
                return at;
    size_t first = head;
    for (size_t at = head; at != QS_NONE; at = scan->entities[at].next)
        if (scan->entities[at].first_at < scan->entities[first].first_at)
            first = at;
    return first;
}

static void set_entity(const qs_scan *scan, size_t index, const char *by, qs_speaker *speaker, size_t *entity)
{
    speaker->canonical = scan->entities[index].name;
    speaker->title = scan->entities[index].title;
    speaker->resolved_by = by;
    *entity = index;
}

/* True if token i stands in a marked part. */
static bool in_part(const qs_scan *scan, size_t i)
{
    size_t low = 0;
    size_t high = scan->part_count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (scan->parts[middle].first_token <= i)
            low = middle + 1;
        else
            high = middle;
    }
    for (size_t k = low; k > 0 && k + 8 > low; k--)
        if (scan->parts[k - 1].last_token > i)
            return true;
    return false;
}

/* The person that a sentence at token i starts with, or QS_NONE. */
static size_t person_at(const qs_scan *scan, size_t i, size_t last)
{
    qs_sighting s = {0};
    size_t end = i;
    while (end < last && end < i + 8 && scan->tokens[end].type == QS_TOKEN_WORD && scan->tokens[end].upper)
        end++;
    if (end == i || in_part(scan, i) || !qs_name_split(scan, i, end, &s))
        return QS_NONE;
    const size_t found = find_surname(scan, qs_token_text(scan, &scan->tokens[qs_name_surname(scan, &s)]));
    return found != QS_NONE && scan->entities[found].person && !scan->entities[found].ambiguous ? found : QS_NONE;
}

/* The person that a sentence at token i is about: it starts with that name, or has it behind its opening, "As mayor, Rao". */
static size_t person_of_sentence(const qs_scan *scan, size_t i, size_t last)
{
    const size_t found = person_at(scan, i, last);
    if (found != QS_NONE || (scan->tokens[i].kinds & (QS_WORD_PREP | QS_WORD_SUBORD | QS_WORD_CONJ)) == 0)
        return found;
    if ((scan->tokens[i].kinds & QS_WORD_CONJ) != 0 && i + 1 < last)
        return person_at(scan, i + 1, last);
    for (size_t k = i + 1; k + 1 < last && k < i + 16 && !qs_token_is(&scan->tokens[k], '.'); k++)
        if (qs_token_is(&scan->tokens[k], ','))
            return person_at(scan, k + 1, last);
    return QS_NONE;
}

/* Who the sentences of the paragraph before token `at` are about: the last person that one starts with. */
static size_t find_subject(const qs_scan *scan, size_t at, size_t paragraph)
{
    const size_t first = scan->paragraphs[paragraph].first;
    for (size_t i = at; i > first && i + SUBJECT_REACH > at; i--) {
        const qs_token *before = i - 1 > first ? &scan->tokens[i - 2] : NULL;
        const bool starts = before == NULL || qs_token_is(before, '.') || qs_token_is(before, '?') || qs_token_is(before, '!');
        const size_t found = starts ? person_of_sentence(scan, i - 1, at) : QS_NONE;
        if (found != QS_NONE)
            return found;
    }
    return QS_NONE;
}

static bool fits(const qs_scan *scan, size_t index, int gender)
{
    return index != QS_NONE && (scan->entities[index].gender == 0 || scan->entities[index].gender == gender);
}

/* Who spoke last in this paragraph, else whom it is about, else who spoke last. */
static void resolve_pronoun(const qs_scan *scan, size_t at, const qs_recent *recent, qs_speaker *speaker, size_t *entity)
{
    const uint32_t kinds = scan->tokens[at].kinds;
    const int gender = (kinds & QS_WORD_HE) != 0 ? 'm' : (kinds & QS_WORD_SHE) != 0 ? 'f' : 0;
    speaker->kind = QS_SPEAKER_PRONOUN;
    if (gender == 0)
        return;
    size_t chosen = QS_NONE;
    for (size_t i = recent->count; i > 0 && i + recent->here > recent->count && chosen == QS_NONE; i--)
        chosen = fits(scan, recent->entities[i - 1], gender) ? recent->entities[i - 1] : QS_NONE;
    if (chosen == QS_NONE)
        chosen = find_subject(scan, at, recent->paragraph);
    chosen = fits(scan, chosen, gender) ? chosen : QS_NONE;
    for (size_t i = recent->count; i > 0 && chosen == QS_NONE; i--)
        chosen = fits(scan, recent->entities[i - 1], gender) ? recent->entities[i - 1] : QS_NONE;
    if (chosen == QS_NONE)
        return;
    scan->entities[chosen].gender = gender;
    set_entity(scan, chosen, "pronoun", speaker, entity);
}

/* "the minister": who spoke last of those whose title holds the noun, else the only one named so. */
static void resolve_noun(const qs_scan *scan, const qs_token *head, const qs_recent *recent, qs_speaker *speaker,
                         size_t *entity)
{
    char noun[QS_NAME_KEY_MAX];
    char title[256];
    speaker->kind = (head->kinds & QS_WORD_ORG) != 0 ? QS_SPEAKER_ORGANISATION : QS_SPEAKER_NOUN;
    const size_t length = (head->kinds & QS_WORD_TITLE) != 0 ? qs_name_fold(qs_token_text(scan, head), noun) : 0;
    for (size_t i = recent->count; i > 0 && length > 0; i--) {
        const size_t index = recent->entities[i - 1];
        if (index == QS_NONE || scan->entities[index].title.len == 0 || scan->entities[index].title.len > 200)
            continue;
        const qs_str text = scan->entities[index].title;
        for (size_t k = 0; k < text.len; k++)
            title[k] = text.ptr[k] >= 'A' && text.ptr[k] <= 'Z' ? (char)(text.ptr[k] + 32) : text.ptr[k];
        for (size_t k = 0; k + length <= text.len; k++)
            if (memcmp(title + k, noun, length) == 0) {
                set_entity(scan, index, "title", speaker, entity);
                return;
            }
    }
}

/* The last tokens [i, last) of a run from `first` that are the given name and the surname of a person the article names; `last`
 * if there are none. */
static size_t known_name(const qs_scan *scan, size_t first, size_t last)
{
    for (size_t i = last >= first + 2 ? last - 2 : last; i > first && i + 4 > last; i--) {
        const size_t found = find_surname(scan, qs_token_text(scan, &scan->tokens[last - 1]));
        if (found == QS_NONE)
            return last;
        for (size_t at = found; at != QS_NONE; at = scan->entities[at].next)
            if (qs_name_equal(scan->entities[at].given, qs_token_text(scan, &scan->tokens[i])))
                return i;
    }
    return last;
}

/* "the Ives Republican": a person named before, by party or nation. */
static bool is_member(const qs_scan *scan, const qs_token *token, size_t first, size_t last)
{
    return (token->kinds & QS_WORD_DET) != 0 && qs_name_equal(qs_token_text(scan, token), qs_str_of("the")) &&
           (qs_name_equal(qs_token_text(scan, &scan->tokens[last - 1]), qs_str_of("Republican")) ||
            qs_name_equal(qs_token_text(scan, &scan->tokens[last - 1]), qs_str_of("Democrat"))) &&
           first < last;
}

/* Who spoke last; nobody if none did. */
static void resolve_member(const qs_recent *recent, const qs_scan *scan, qs_speaker *speaker, size_t *entity)
{
    speaker->kind = QS_SPEAKER_NOUN;
    if (recent->count > 0)
        set_entity(scan, recent->entities[recent->count - 1], "title", speaker, entity);
}

bool qs_names_person(const qs_scan *scan, size_t first, size_t last)
{
    qs_sighting s = {0};
    if (last <= first || !qs_name_split(scan, first, last, &s))
        return false;
    const size_t found = find_surname(scan, qs_token_text(scan, &scan->tokens[qs_name_surname(scan, &s)]));
    return found != QS_NONE && scan->entities[found].given.len > 0 && scan->entities[found].gender != 0; /* no "Poll: ..." */
}

void qs_resolve(const qs_scan *scan, qs_range mention, const qs_recent *recent, qs_speaker *speaker, size_t *entity)
{
    *entity = QS_NONE;
    size_t first = token_at(scan, mention.start);
    size_t last = first;
    while (last < scan->token_count && scan->tokens[last].start < mention.end)
        last++;
    while (first < last && scan->tokens[first].type != QS_TOKEN_WORD)
        first++;
    if (first >= last)
        return;
    const qs_token *token = &scan->tokens[first];
    if (token->code_point >= 0x2e80 && token->code_point < 0xe000) { /* scripts without capitals and spaces */
        speaker->kind = QS_SPEAKER_NAME;
        speaker->canonical = qs_str_slice(scan->text, mention.start, mention.end);
        speaker->resolved_by = "as_written";
        return;
    }
    const uint32_t pronouns = QS_WORD_HE | QS_WORD_SHE | QS_WORD_THEY | QS_WORD_FIRST | QS_WORD_IT;
    if (last - first == 1 && (token->kinds & pronouns) != 0) {
        resolve_pronoun(scan, first, recent, speaker, entity);
        return;
    }
    /* the name: the last run of capitalised words that is not "of the Ministry" after a noun */
    while (first < last && (scan->tokens[first].kinds & QS_WORD_DET) != 0 && scan->tokens[first].type == QS_TOKEN_WORD)
        first++;
    if (first >= last)
        return;
    /* "National Centre for Ferries director Ada Rao": the name at the end behind a noun */
    size_t name = last;
    while (name > first && scan->tokens[name - 1].type == QS_TOKEN_WORD && scan->tokens[name - 1].upper)
        name--;
    if (name > first && name < last && (scan->tokens[name - 1].kinds & (QS_WORD_TITLE | QS_WORD_ROLE)) != 0)
        first = name - 1;
    bool firm = false; /* "Gas & Electric Co." */
    for (size_t i = first; i < last; i++)
        firm = firm || qs_token_is(&scan->tokens[i], '&');
    const size_t known = known_name(scan, name, last); /* "Secretary of State John Rao" */
    if (known > first && known < last && !firm)
        first = known;
    size_t head = last - 1;
    for (size_t i = first + 1; i < last; i++)
        if (!scan->tokens[i].upper && (scan->tokens[i].kinds & (QS_WORD_PREP | QS_WORD_CONJ)) != 0 &&
            (scan->tokens[i].kinds & QS_WORD_PARTICLE) == 0) {
            head = i - 1;
            break;
        }
    qs_sighting s = {0};
    size_t name_last = scan->tokens[head].upper ? head + 1 : last;
    while (name_last > first && !scan->tokens[name_last - 1].upper)
        name_last--;
    if (is_member(scan, token, first, last)) {
        resolve_member(recent, scan, speaker, entity);
        return;
    }
    if (!scan->tokens[head].upper) {
        resolve_noun(scan, &scan->tokens[head], recent, speaker, entity);
        return;
    }
    const bool has_name = !firm && name_last > first && qs_name_split(scan, first, name_last, &s);
    if (has_name) {
        const size_t surname = qs_name_surname(scan, &s);
        const size_t found = find_surname(scan, qs_token_text(scan, &scan->tokens[surname]));
        if (found != QS_NONE) {
            bool unsure = false;
            const qs_str given =
                qs_name_has_given(scan, &s) ? qs_token_text(scan, &scan->tokens[s.name_first]) : qs_str_make(NULL, 0);
            const size_t chosen = choose_namesake(scan, found, given, recent, &unsure);
            speaker->kind = QS_SPEAKER_NAME;
            set_entity(scan, chosen, unsure ? "ambiguous" : given.len > 0 ? "full_name" : "surname", speaker, entity);
            return;
        }
    } else if ((scan->tokens[head].kinds & QS_WORD_TITLE) != 0) {
        resolve_noun(scan, &scan->tokens[head], recent, speaker, entity);
        return;
    }
    bool org = firm || (token->kinds & QS_WORD_DET) != 0;
    for (size_t i = first; i < last; i++)
        org = org || (scan->tokens[i].kinds & QS_WORD_ORG) != 0 || scan->tokens[i].all_upper;
    speaker->kind = org ? QS_SPEAKER_ORGANISATION : QS_SPEAKER_NAME;
    speaker->canonical = qs_tokens_text(scan, has_name && !org ? s.name_first : first, last);
    speaker->resolved_by = "as_written";
}
