/* Cues of a sentence with who speaks: the reports. SPDX-License-Identifier: MIT */
#include "quotes/clause.h"

static bool is_form_of_be(const qs_clause *c, size_t i)
{
    static const char *const words[] = {"is", "are", "was", "were", "be", "been", "being", "am"};
    return qs_item_word_in(c, i, words, sizeof words / sizeof *words);
}

static bool form_ends(const char *form, const char *ending)
{
    const size_t a = strlen(form);
    const size_t b = strlen(ending);
    return a > b && strcmp(form + a - b, ending) == 0;
}

static bool is_english(const qs_clause *c)
{
    return strcmp(c->scan->lexicon->language, "en") == 0;
}

/* "we're told" */
static bool is_contracted_be(const qs_clause *c, size_t i)
{
    return qs_item_token(c, i)->contraction && qs_item_ends(c, i, "re");
}

/* Languages whose verbs stand without a pronoun. */
static bool drops_subjects(const qs_clause *c)
{
    const char *language = c->scan->lexicon->language;
    return strcmp(language, "it") == 0 || strcmp(language, "es") == 0 || strcmp(language, "pl") == 0;
}

/* The words between subject and cue, from the cue backwards. Returns the first item of the verb group. */
static size_t verb_group_start(const qs_clause *c, size_t first, size_t cue, qs_report *r)
{
    size_t i = cue;
    while (i > first && qs_item_is_word(c, i - 1)) {
        const qs_token *token = qs_item_token(c, i - 1);
        const bool ly = qs_item_ends(c, i - 1, "ly") && !token->upper;
        r->passive = r->passive || (is_english(c) && is_contracted_be(c, i - 1) && !form_ends(r->entry->form, "ing"));
        if (token->upper && i - 1 == first && (token->kinds & (QS_WORD_AUX | QS_WORD_ADVERB)) == 0)
            break;
        if ((token->kinds & (QS_WORD_AUX | QS_WORD_MODAL | QS_WORD_NEG | QS_WORD_ADVERB)) == 0 && !ly)
            break;
        r->negated = r->negated || (token->kinds & QS_WORD_NEG) != 0;
        r->modal = r->modal || (token->kinds & QS_WORD_MODAL) != 0;
        if (is_form_of_be(c, i - 1) && !form_ends(r->entry->form, "ing"))
            r->passive = true;
        i--;
    }
    return i;
}

/* A cue of two words, "pointed out": the item of the second, `i` if the cue is one word, QS_NONE if the second is
 * not there. */
static size_t second_word(const qs_clause *c, size_t i)
{
    const char *second = strchr(qs_item_token(c, i)->cue->lemma, ' ');
    if (second == NULL || !is_english(c))
        return i;
    if (i + 2 >= c->item_count || !qs_item_word_is(c, i + 1, second + 1) || qs_item_word_is(c, i + 2, "to"))
        return QS_NONE;
    return i + 1;
}

/* "went on to say" */
static bool goes_on_to(const qs_clause *c, size_t first, size_t i)
{
    return i >= first + 3 && qs_item_word_is(c, i - 1, "to") && qs_item_word_is(c, i - 2, "on") &&
           qs_item_is_word(c, i - 3) && qs_item_token(c, i - 3)->cue != NULL &&
           strcmp(qs_item_token(c, i - 3)->cue->lemma, "go on") == 0;
}

/* A marked part stands among the next few items. */
static bool part_follows(const qs_clause *c, size_t i)
{
    for (size_t k = i + 1; k < c->item_count && k < i + 40; k++) {
        if (qs_item_is_part(c, k))
            return true;
        if (qs_item_is(c, k, '.') || qs_item_is(c, k, ';'))
            return false;
    }
    return false;
}

/* The part at item `i` ends with a comma or stop of its own. */
static bool is_complete(const qs_clause *c, size_t i)
{
    const uint32_t last = qs_part_last_char(c->scan, &c->scan->parts[c->items[i].part]);
    return last == ',' || last == '.' || last == '!' || last == '?';
}

/* A cue word that is a noun or an infinitive here. */
static bool is_no_verb(const qs_clause *c, size_t first, size_t i)
{
    const qs_token *token = qs_item_token(c, i);
    const size_t second = second_word(c, i);
    if (second == QS_NONE)
        return true;
    if (second > i && strcmp(token->cue->lemma, "go on") == 0 && second + 1 < c->item_count && qs_item_is_word(c, second + 1))
        return true; /* "the talks went on until" */
    if (is_english(c) && i + 1 < c->item_count && qs_item_word_is(c, i + 1, "by") && i > first && !is_form_of_be(c, i - 1) &&
        !(i + 2 < c->item_count && qs_item_ends(c, i + 2, "ing")))
        return true; /* "first reported by the Post", not "responded by chanting" */
    if (is_english(c) && i + 1 < c->item_count && qs_item_word_is(c, i + 1, "to") && strcmp(token->cue->lemma, "add") == 0)
        return true; /* "adds to the costs" */
    if ((token->cue->flags & QS_CUE_N) != 0 && i > first && qs_item_is_part(c, i - 1) && form_ends(token->cue->form, "s") &&
        !is_complete(c, i - 1))
        return true; /* `his "sad" remarks` */
    if (token->upper && i > first && !token->all_upper)
        return true;
    if (!is_english(c) || i == first || !qs_item_is_word(c, i - 1))
        return false;
    const qs_token *before = qs_item_token(c, i - 1);
    if ((qs_item_word_is(c, i - 1, "when") || qs_item_word_is(c, i - 1, "if") || qs_item_word_is(c, i - 1, "as")) &&
        (form_ends(token->cue->form, "ed") || strcmp(token->cue->form, "told") == 0))
        return true; /* "when asked" */
    if ((token->cue->flags & QS_CUE_N) != 0 && form_ends(token->cue->form, "s") && !before->upper &&
        (before->kinds & (QS_WORD_HE | QS_WORD_SHE | QS_WORD_IT | QS_WORD_THEY | QS_WORD_RELATIVE | QS_WORD_ROLE |
                          QS_WORD_TITLE | QS_WORD_ORG | QS_WORD_LICENSE | QS_WORD_ADVERB | QS_WORD_CONJ)) == 0)
        return true; /* "welfare states", "mixed reports" */
    if (before->core_end < before->end && !before->dot && before->type == QS_TOKEN_WORD && !before->contraction &&
        (before->kinds & (QS_WORD_HE | QS_WORD_SHE | QS_WORD_IT | QS_WORD_RELATIVE)) == 0)
        return true; /* Lavrov's report; but "he's said" */
    if (qs_item_word_is(c, i - 1, "to"))
        return !goes_on_to(c, first, i);
    if ((before->kinds & QS_WORD_PREP) != 0 && form_ends(token->cue->form, "ing"))
        return !part_follows(c, i);
    const bool base = strcmp(token->cue->form, token->cue->lemma) == 0 && (token->cue->flags & QS_CUE_N) == 0 &&
                      !qs_item_word_is(c, i - 1, "one") && !qs_item_word_is(c, i - 1, "another");
    if (qs_item_is_quantity(c, i - 1) && !qs_item_word_is(c, i - 1, "it") && (form_ends(token->cue->form, "d") || base))
        return false; /* "another added", "some say" */
    if ((before->kinds & (QS_WORD_DET | QS_WORD_PREP)) != 0 &&
        (before->kinds & (QS_WORD_HE | QS_WORD_SHE | QS_WORD_IT | QS_WORD_ROLE | QS_WORD_ADVERB | QS_WORD_TITLE)) == 0)
        return true;
    return false;
}

/* "say", not "says" or "said": fits only plural subjects, pronouns and auxiliaries. */
static bool base_form_fits(const qs_clause *c, const qs_report *r, size_t group, size_t cue)
{
    if (!is_english(c) || strcmp(r->entry->form, r->entry->lemma) != 0 || form_ends(r->entry->form, "d"))
        return true;
    if (group < cue)
        return true;
    if (r->source.first == r->source.last)
        return false;
    size_t head = r->source.last - 1;
    for (size_t k = r->source.first + 1; k < r->source.last; k++) /* "supporters of the bill say" */
        if (qs_item_has(c, k, QS_WORD_PREP)) {
            head = k - 1;
            break;
        }
    if (qs_item_has(c, head, QS_WORD_THEY | QS_WORD_FIRST))
        return true;
    const qs_str word = qs_token_text(c->scan, qs_item_token(c, head));
    static const char *const shares[] = {"half", "third", "quarter", "majority", "number", "percent", "most", "plurality"};
    return qs_item_word_in(c, head, shares, sizeof shares / sizeof *shares) ||
           (word.len > 2 && word.ptr[word.len - 1] == 's') || qs_item_word_is(c, head, "police") ||
           qs_item_word_is(c, head, "people") || qs_item_word_is(c, head, "many") || qs_item_has(c, head, QS_WORD_DET);
}

/* After "told": the phrase that is spoken to, also "to reporters". */
static qs_phrase find_addressee(const qs_clause *c, const qs_report *r, size_t at, size_t last)
{
    const qs_phrase none = {at, at};
    if (at >= last)
        return none;
    if (qs_item_word_is(c, at, "to") && at + 1 < last && r->entry->class == QS_CUE_SAY && (r->entry->flags & QS_CUE_P) == 0 &&
        is_english(c))
        return qs_phrase_after(c, at + 1, last);
    if ((r->entry->flags & QS_CUE_O) == 0)
        return none;
    if (qs_item_has(c, at, QS_WORD_REPORTERS))
        return (qs_phrase){at, at + 1};
    if (qs_item_has(c, at, QS_WORD_THAT | QS_WORD_HE | QS_WORD_IT | QS_WORD_FIRST) ||
        (qs_item_has(c, at, QS_WORD_SHE | QS_WORD_THEY) && !qs_item_word_is(c, at, "her")))
        return none;
    return qs_phrase_after(c, at, last);
}

static qs_status add_report(qs_clause *c, const qs_report *report, qs_error *err)
{
    const qs_status status =
        qs_grow(&c->reports, &c->report_capacity, c->report_count + 1, sizeof(qs_report), err);
    if (status == QS_OK)
        c->reports[c->report_count++] = *report;
    return status;
}

/* True if what stands before item `at` is content: a marked part, or a comma after one or after words. */
static bool content_before(const qs_clause *c, size_t first, size_t at)
{
    if (at == first)
        return false;
    if (qs_item_is_part(c, at - 1) || qs_item_is(c, at - 1, ',') || qs_item_is_dash(c, at - 1))
        return true;
    return false;
}

/* What stands at `at` can follow an inverted subject: ", said the mayor on Monday." */
static bool ends_phrase(const qs_clause *c, size_t at, size_t last)
{
    return at >= last || (!qs_item_is_part(c, at) && qs_item_token(c, at)->type == QS_TOKEN_PUNCT) ||
           qs_item_has(c, at, QS_WORD_PREP | QS_WORD_DAY) || qs_item_word_is(c, at, "who");
}

/* `"Q," political scientist Ada Rao told`: words between a part and the subject belong to the subject. */
static size_t reach_part(const qs_clause *c, size_t first, size_t start)
{
    const uint32_t stops = QS_WORD_AUX | QS_WORD_MODAL | QS_WORD_RELATIVE | QS_WORD_SUBORD | QS_WORD_CONJ | QS_WORD_HE |
                           QS_WORD_SHE | QS_WORD_THEY | QS_WORD_THAT; /* though "the senator and candidate" is one */
    for (size_t i = start; i > first && i + 9 > start; i--) {
        if (qs_item_is_part(c, i - 1))
            return i;
        if (qs_item_word_is(c, i - 1, "and") || qs_item_is(c, i - 1, '&'))
            continue;
        if (!qs_item_is_word(c, i - 1) || (qs_item_has(c, i - 1, stops) && !qs_item_has(c, i - 1, QS_WORD_DET)) ||
            (qs_item_token(c, i - 1)->cue != NULL && !qs_item_token(c, i - 1)->upper &&
             !(i >= first + 2 && qs_item_has(c, i - 2, QS_WORD_DET))))
            return start;
    }
    return start;
}

/* ", said Cmdr. Rao, an officer": a name right after the cue, and nothing of a clause behind it. */
static bool names_speaker(const qs_clause *c, size_t at, size_t last)
{
    const qs_phrase after = qs_phrase_after(c, at, last);
    return after.first < after.last && !qs_phrase_has_verb(c, after) && qs_item_token(c, at)->upper && !qs_item_has(c, at, QS_WORD_DET) &&
           (after.last == last || qs_item_is(c, after.last, '.') || qs_item_is(c, after.last, ','));
}

/* "put out a statement saying that", "by calling": a participle after what is written or said or after a
 * preposition, before a marked part. */
static bool follows_noun(const qs_clause *c, size_t i)
{
    return qs_item_has(c, i - 1, QS_WORD_LICENSE | QS_WORD_ROLE | QS_WORD_PREP) && part_follows(c, i);
}

static qs_status take_cue(qs_clause *c, qs_sentence s, size_t i, qs_error *err)
{
    qs_report r = {.cue = i, .entry = qs_item_token(c, i)->cue};
    r.lemma = r.entry->lemma;
    if (is_no_verb(c, s.first, i))
        return QS_OK;
    const size_t group =
        verb_group_start(c, s.first, is_english(c) && goes_on_to(c, s.first, i) ? i - 3 : i, &r);
    const bool ing = is_english(c) && form_ends(r.entry->form, "ing") && group == i;
    r.begin = r.group = group;
    r.end = second_word(c, i) + 1;
    if ((r.entry->flags & QS_CUE_K) != 0 && (group != i || form_ends(r.entry->form, "ing")) && is_english(c))
        return QS_OK;
    if (ing) {
        if (!content_before(c, s.first, i) && i != s.first && !follows_noun(c, i))
            return QS_OK;
        r.participle = true;
        r.source = (qs_phrase){i, i};
    } else {
        r.source = qs_phrase_before(c, s.first, group);
        const bool before = content_before(c, s.first, group) || group == s.first;
        const bool direct_inversion =
            before && (r.source.first == r.source.last || qs_item_is_part(c, group - 1) ||
                       (qs_item_is(c, group - 1, ',') && qs_item_is_part(c, group - 2)));
        const bool named_after = before && !direct_inversion && i + 1 < s.last && qs_item_is(c, group - 1, ',') &&
                                 group == i && (r.entry->flags & QS_CUE_O) == 0 && names_speaker(c, i + 1, s.last);
        if (direct_inversion || named_after) {
            size_t at = r.end;
            while (at < s.last && qs_item_has(c, at, QS_WORD_ADVERB) && !qs_item_token(c, at)->upper)
                at++;
            const bool beside_part = group > s.first && (qs_item_is_part(c, group - 1) ||
                                                         (group >= s.first + 2 && qs_item_is_part(c, group - 2)));
            const qs_phrase after = qs_phrase_after(c, at, s.last);
            const bool clause = is_english(c) && after.last < s.last && /* "..., said he would sign" */
                                qs_item_has(c, at, QS_WORD_HE | QS_WORD_SHE | QS_WORD_THEY | QS_WORD_FIRST) &&
                                qs_item_has(c, after.last, QS_WORD_AUX | QS_WORD_MODAL | QS_WORD_NEG);
            if (after.first < after.last && !clause && !qs_item_has(c, after.first, QS_WORD_THAT) &&
                (beside_part || group == s.first || ends_phrase(c, after.last, s.last))) {
                r.source = after;
                r.inverted = true;
                r.end = after.last;
            } else if (beside_part && drops_subjects(c) && r.source.first == r.source.last) {
                r.inverted = true; /* `«Q», ha aggiunto`: whoever spoke before */
            } else if (!clause && r.source.first == r.source.last && group == i && !qs_item_is_part(c, i - (i > s.first)))
                return QS_OK;
        }
        if (!r.inverted && r.source.first < r.source.last) {
            r.source.first = reach_part(c, s.first, r.source.first);
            r.begin = r.source.first;
        }
        while (!r.inverted && r.begin > s.first && r.begin < r.group && strcmp(c->scan->lexicon->language, "fr") == 0 &&
               (qs_item_has(c, r.begin - 1, QS_WORD_AUX) || qs_item_word_is(c, r.begin - 1, "t")))
            r.begin--; /* "a-t-il" */
        if (r.begin > s.first && qs_item_has(c, r.begin - 1, QS_WORD_NEG))
            r.negated = true;
        if (!base_form_fits(c, &r, group, i))
            return QS_OK;
    }
    if (!r.inverted) {
        r.addressee = find_addressee(c, &r, r.end, s.last);
        if (r.addressee.first < r.addressee.last)
            r.end = r.addressee.last;
    }
    return add_report(c, &r, err);
}

/* "according to S", and the words for it in other languages. */
static bool is_according(const qs_clause *c, qs_sentence s, size_t i, size_t *source)
{
    if (qs_item_word_is(c, i, "according") && i + 2 < s.last && qs_item_word_is(c, i + 1, "to")) {
        *source = i + 2;
        return true;
    }
    if (qs_item_has(c, i, QS_WORD_ACCORDING) && i + 1 < s.last) {
        *source = i + 1;
        return true;
    }
    return false;
}

/* "Ada's claim that ...", "his repeated warning that ...": a noun for what is said, and whose it is. */
static bool find_claim(const qs_clause *c, qs_sentence s, size_t i, qs_report *r)
{
    if (!qs_item_has(c, i, QS_WORD_CLAIM) || i + 2 >= s.last || !qs_item_has(c, i + 1, QS_WORD_THAT))
        return false;
    for (size_t k = i; k > s.first && k + 3 > i && qs_item_is_word(c, k - 1); k--) {
        const qs_token *token = qs_item_token(c, k - 1);
        const bool owner = token->core_end < token->end && !token->dot;
        if (!owner && !qs_item_word_is(c, k - 1, "his") && !qs_item_word_is(c, k - 1, "her") && !qs_item_word_is(c, k - 1, "their"))
            continue;
        r->source = owner ? qs_phrase_before(c, s.first, k) : (qs_phrase){k - 1, k};
        r->cue = r->group = i;
        r->begin = r->source.first;
        r->end = i + 1;
        r->lemma = "claim";
        r->noun = true;
        return r->source.first < r->source.last;
    }
    return false;
}

qs_status qs_clause_reports(qs_clause *c, qs_sentence s, qs_error *err)
{
    qs_status status = QS_OK;
    c->report_count = 0;
    for (size_t i = s.first; i < s.last && status == QS_OK; i++) {
        if (!qs_item_is_word(c, i))
            continue;
        size_t source = 0;
        qs_report claim = {0};
        if (is_according(c, s, i, &source)) {
            qs_report r = {.cue = i, .lemma = "according to", .according = true, .group = i, .begin = i};
            r.source = qs_phrase_after(c, source, s.last);
            r.end = r.source.last;
            if (r.source.first < r.source.last)
                status = add_report(c, &r, err);
        } else if (is_english(c) && find_claim(c, s, i, &claim)) {
            status = add_report(c, &claim, err);
        } else if (qs_item_token(c, i)->cue != NULL) {
            status = take_cue(c, s, i, err);
        }
    }
    return status;
}
