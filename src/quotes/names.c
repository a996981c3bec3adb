/* Who is named in the article, and whom a mention means. SPDX-License-Identifier: MIT */
#include "quotes/names.h"

#include "base/map.h"
#include "text/utf8.h"

/* The longest name in words, and the most people of one surname that are told apart. */
enum { NAME_WORDS = 6, NAMESAKES = 12 };

enum { TITLE_KINDS = QS_WORD_TITLE | QS_WORD_HONORIFIC | QS_WORD_NATION };

typedef struct name_table {
    qs_scan *scan;
    qs_map surnames;
    size_t *heads; /* by surname number: the first entity */
    size_t head_capacity;
} name_table;

size_t qs_name_fold(qs_str word, char *key)
{
    size_t length = 0;
    for (size_t at = 0; at < word.len && length + 4 < QS_NAME_KEY_MAX;) {
        uint32_t c = 0;
        at += qs_utf8_decode(word, at, &c);
        c = qs_char_lower(c);
        if (c == QS_REPLACEMENT)
            return 0;
        length += qs_utf8_encode(c, key + length);
    }
    return length;
}

bool qs_name_equal(qs_str a, qs_str b)
{
    char x[QS_NAME_KEY_MAX];
    char y[QS_NAME_KEY_MAX];
    const size_t n = qs_name_fold(a, x);
    const size_t m = qs_name_fold(b, y);
    return n == m && memcmp(x, y, n) == 0;
}

static bool word_is(qs_str word, const char *lower)
{
    char key[QS_NAME_KEY_MAX];
    const size_t length = qs_name_fold(word, key);
    return length == strlen(lower) && memcmp(key, lower, length) == 0;
}

static int gender_of(const qs_scan *scan, const qs_token *token)
{
    static const char *const male[] = {"mr", "mr.", "sir", "lord", "king", "prince", "congressman", "chairman",
                                       "spokesman", "councilman", "businessman", "herr", "m."};
    static const char *const female[] = {"mrs", "mrs.", "ms", "ms.", "miss", "lady", "queen", "princess",
                                         "congresswoman", "chairwoman", "spokeswoman", "councilwoman", "frau",
                                         "mme", "actress", "dame"};
    const qs_str word = qs_token_text(scan, token);
    const bool title = (token->kinds & TITLE_KINDS) != 0;
    for (size_t i = 0; title && i < sizeof male / sizeof *male; i++)
        if (word_is(word, male[i]))
            return 'm';
    for (size_t i = 0; title && i < sizeof female / sizeof *female; i++)
        if (word_is(word, female[i]))
            return 'f';
    const uint32_t kinds = token->kinds & (QS_WORD_GIVEN_M | QS_WORD_GIVEN_F);
    return kinds == QS_WORD_GIVEN_M ? 'm' : kinds == QS_WORD_GIVEN_F ? 'f' : 0;
}

static bool is_function(const qs_token *token)
{
    const uint32_t kinds = QS_WORD_DET | QS_WORD_PREP | QS_WORD_CONJ | QS_WORD_SUBORD | QS_WORD_AUX | QS_WORD_THAT |
                           QS_WORD_HE | QS_WORD_SHE | QS_WORD_THEY | QS_WORD_FIRST | QS_WORD_IT | QS_WORD_ADVERB |
                           QS_WORD_NEG | QS_WORD_DAY | QS_WORD_RELATIVE | QS_WORD_ACCORDING;
    return (token->kinds & kinds) != 0;
}

static bool is_name_token(const qs_token *token)
{
    return token->type == QS_TOKEN_WORD && token->upper && !is_function(token);
}

static bool is_suffix(const qs_scan *scan, const qs_token *token)
{
    const qs_str word = qs_token_text(scan, token);
    return word_is(word, "jr.") || word_is(word, "sr.") || word_is(word, "jr") || word_is(word, "sr") ||
           word_is(word, "ii") || word_is(word, "iii");
}

/* Splits tokens [first, last) into title and name. False if no name is left. */
bool qs_name_split(const qs_scan *scan, size_t first, size_t last, qs_sighting *out)
{
    size_t name = first;
    for (size_t i = first; i < last; i++) {
        const qs_token *token = &scan->tokens[i];
        if ((token->kinds & (QS_WORD_TITLE | QS_WORD_HONORIFIC)) != 0 &&
            (token->kinds & (QS_WORD_GIVEN_M | QS_WORD_GIVEN_F)) == 0)
            name = i + 1;
        if (i == name && (token->kinds & QS_WORD_NATION) != 0)
            name = i + 1;
        if ((token->kinds & (QS_WORD_PREP | QS_WORD_PARTICLE)) != 0 && !token->upper && i + 1 < last && i == name &&
            i > first)
            break;
    }
    /* "Topple Lindsey Rao", "Michigan Democrat Mary Rao", "United Nations John Rao": a given name that is known starts the name */
    const uint32_t given = QS_WORD_GIVEN_M | QS_WORD_GIVEN_F;
    for (size_t i = name + 1; i + 1 < last && i < name + 4; i++)
        if ((scan->tokens[name].kinds & given) == 0 && !scan->tokens[name].dot && (scan->tokens[i].kinds & given) != 0) {
            name = i;
            break;
        }
    out->title_first = first;
    out->name_first = name;
    out->last = last;
    out->gender = 0;
    for (size_t i = first; i < last && out->gender == 0; i++)
        out->gender = gender_of(scan, &scan->tokens[i]);
    return name < last && last - name <= NAME_WORDS;
}

qs_str qs_tokens_text(const qs_scan *scan, size_t first, size_t last)
{
    return qs_str_slice(scan->text, scan->tokens[first].start, scan->tokens[last - 1].core_end);
}

/* The token that holds the surname. */
size_t qs_name_surname(const qs_scan *scan, const qs_sighting *s)
{
    size_t at = s->last - 1;
    while (at > s->name_first && is_suffix(scan, &scan->tokens[at]))
        at--;
    return at;
}

bool qs_name_has_given(const qs_scan *scan, const qs_sighting *s)
{
    return qs_name_surname(scan, s) > s->name_first && (scan->tokens[s->name_first].kinds & QS_WORD_PARTICLE) == 0;
}

static bool is_person(const qs_scan *scan, const qs_sighting *s)
{
    bool org = false;
    for (size_t i = s->name_first; i < s->last; i++)
        org = org || (scan->tokens[i].kinds & (QS_WORD_ORG | QS_WORD_DET)) != 0;
    const bool known = (scan->tokens[s->name_first].kinds & (QS_WORD_GIVEN_M | QS_WORD_GIVEN_F)) != 0;
    return known || (!org && (s->name_first > s->title_first || s->last - s->name_first >= 2));
}

static void merge(qs_entity *entity, const qs_entity *seen)
{
    if (seen->name.len > entity->name.len)
        entity->name = seen->name;
    if (entity->given.len == 0)
        entity->given = seen->given;
    if (entity->title.ptr == NULL)
        entity->title = seen->title;
    if (entity->gender == 0)
        entity->gender = seen->gender;
}

static qs_status add_entity(name_table *t, const qs_entity *seen, qs_error *err)
{
    qs_scan *scan = t->scan;
    char key[QS_NAME_KEY_MAX];
    const size_t length = qs_name_fold(seen->surname, key);
    uint32_t number = 0;
    if (length == 0)
        return QS_OK;
    const size_t known = t->surnames.count;
    qs_status status = qs_map_intern(&t->surnames, qs_str_make(key, length), &number, err);
    if (status == QS_OK && number == known) {
        status = qs_grow(&t->heads, &t->head_capacity, known + 1, sizeof *t->heads, err);
        if (status == QS_OK)
            t->heads[number] = QS_NONE;
    }
    size_t steps = 0;
    size_t at = status == QS_OK ? t->heads[number] : QS_NONE;
    for (; at != QS_NONE && steps < NAMESAKES; at = scan->entities[at].next, steps++) {
        qs_entity *entity = &scan->entities[at];
        if (entity->given.len == 0 || seen->given.len == 0 || qs_name_equal(entity->given, seen->given)) {
            merge(entity, seen);
            return status;
        }
    }
    if (status != QS_OK || steps >= NAMESAKES)
        return status;
    status = qs_grow(&scan->entities, &scan->entity_capacity, scan->entity_count + 1, sizeof(qs_entity), err);
    if (status != QS_OK)
        return status;
    scan->entities[scan->entity_count] = *seen;
    scan->entities[scan->entity_count].next = t->heads[number];
    if (t->heads[number] != QS_NONE)
        scan->entities[scan->entity_count].ambiguous = scan->entities[t->heads[number]].ambiguous = true;
    t->heads[number] = scan->entity_count++;
    return QS_OK;
}

static qs_status take_sighting(name_table *t, size_t first, size_t last, qs_error *err)
{
    qs_scan *scan = t->scan;
    qs_sighting s = {0};
    if (!qs_name_split(scan, first, last, &s) || !is_person(scan, &s))
        return QS_OK;
    qs_entity seen = {0};
    const size_t surname = qs_name_surname(scan, &s);
    seen.name = qs_tokens_text(scan, s.name_first, s.last);
    seen.surname = qs_token_text(scan, &scan->tokens[surname]);
    if (qs_name_has_given(scan, &s))
        seen.given = qs_token_text(scan, &scan->tokens[s.name_first]);
    else if (surname == s.name_first && (scan->tokens[surname].kinds & (QS_WORD_GIVEN_M | QS_WORD_GIVEN_F)) != 0 && s.name_first == s.title_first)
        return QS_OK;
    const size_t title_last = s.name_first;
    const size_t title_first = s.title_first; /* no article is part of a name */
    if (title_first < title_last && !(title_last - title_first == 1 &&
                                      (scan->tokens[title_first].kinds & QS_WORD_HONORIFIC) != 0 &&
                                      (scan->tokens[title_first].kinds & QS_WORD_TITLE) == 0))
        seen.title = qs_tokens_text(scan, title_first, title_last);
    seen.first_at = scan->tokens[s.name_first].start;
    seen.gender = s.gender;
    seen.person = true;
    seen.next = QS_NONE;
    return add_entity(t, &seen, err);
}

/* True if a name goes on from token i to i + 1. */
static bool name_goes_on(const qs_scan *scan, size_t i, size_t last)
{
    if (i + 1 >= last || scan->tokens[i].core_end < scan->tokens[i].end)
        return false; /* a possessive ends the name */
    const qs_token *next = &scan->tokens[i + 1];
    if (next->type != QS_TOKEN_WORD)
        return next->type == QS_TOKEN_PUNCT && next->code_point == ',' && i + 2 < last &&
               scan->tokens[i + 2].type == QS_TOKEN_WORD && is_suffix(scan, &scan->tokens[i + 2]);
    if (is_name_token(next))
        return true;
    if ((next->kinds & (QS_WORD_PARTICLE)) != 0 && i + 2 < last)
        return is_name_token(&scan->tokens[i + 2]) ||
               ((scan->tokens[i + 2].kinds & QS_WORD_PARTICLE) != 0 && i + 3 < last && is_name_token(&scan->tokens[i + 3]));
    return false;
}

/* An ampersand and a name follow token i. */
static bool joins(const qs_scan *scan, size_t i, size_t last)
{
    return i + 2 < last && qs_token_is(&scan->tokens[i + 1], '&') && is_name_token(&scan->tokens[i + 2]);
}

qs_status qs_scan_names(qs_scan *scan, qs_error *err)
{
    name_table t = {.scan = scan};
    qs_status status = QS_OK;
    for (size_t p = 0; p < scan->paragraph_count && status == QS_OK; p++) {
        const size_t last = scan->paragraphs[p].last;
        const qs_zone zone = qs_article_paragraph(scan->article, p).zone;
        if (zone == QS_ZONE_DATELINE || zone == QS_ZONE_SUBHEADING)
            continue;
        for (size_t i = scan->paragraphs[p].first; i < last && status == QS_OK; i++) {
            if (!is_name_token(&scan->tokens[i]))
                continue;
            size_t first = i;
            bool firm = false; /* "Rao & Sons" */
            while (name_goes_on(scan, i, last) || joins(scan, i, last)) {
                if (joins(scan, i, last)) {
                    firm = true;
                    i += 2;
                    continue;
                }
                const bool comma = scan->tokens[i + 1].type == QS_TOKEN_PUNCT;
                i += comma ? 2 : 1;
                while (!is_name_token(&scan->tokens[i]) && !comma)
                    i++;
            }
            /* a lower-case title right before: "president Duda" */
            while (first > scan->paragraphs[p].first && scan->tokens[first - 1].type == QS_TOKEN_WORD &&
                   (scan->tokens[first - 1].kinds & TITLE_KINDS) != 0 && !scan->tokens[first - 1].upper)
                first--;
            const bool body = first > scan->paragraphs[p].first && (scan->tokens[i].kinds & QS_WORD_ORG) != 0 &&
                              (scan->tokens[first - 1].kinds & QS_WORD_DET) != 0; /* "the Port Ann Herald" */
            if (i + 1 - first <= 2 * NAME_WORDS && !body && !firm)
                status = take_sighting(&t, first, i + 1, err);
        }
    }
    scan->surnames = t.surnames;
    scan->surname_heads = t.heads;
    return status;
}
