/* The changes that tuning tries, those that help most often first, the dearest last. SPDX-License-Identifier: MIT */
#include "pipeline/tune_changes.h"

#include <string.h>

typedef bool (*change)(const qs_tune_facts *facts, qs_train_options *o);

static bool change_nothing(const qs_tune_facts *facts, qs_train_options *o)
{
    (void)facts;
    (void)o;
    return true;
}

static bool look_around_target(const qs_tune_facts *facts, qs_train_options *o)
{
    if (o->target_fields || !facts->mentions)
        return false;
    o->target_fields = true;
    return true;
}

static bool switch_chars_in_words(const qs_tune_facts *facts, qs_train_options *o)
{
    (void)facts;
    o->chars_in_words = !o->chars_in_words;
    o->word_parts = false;
    return o->char_max > 0;
}

static bool switch_word_parts(const qs_tune_facts *facts, qs_train_options *o)
{
    (void)facts;
    o->word_parts = !o->word_parts;
    o->chars_in_words = false;
    return o->char_max > 0;
}

static bool halve_chars(const qs_tune_facts *facts, qs_train_options *o)
{
    (void)facts;
    o->char_weight /= 2;
    return o->learner == QS_LEARNER_JOINT && o->char_max > 0 && o->word_max > 0;
}

/* Where near copies are many, characters drown the long n-grams that know them again. */
static bool leave_chars_out(const qs_tune_facts *facts, qs_train_options *o)
{
    (void)facts;
    if (o->char_max == 0 || o->word_max == 0)
        return false;
    o->char_min = 0;
    o->char_max = 0;
    o->chars_in_words = false;
    o->word_parts = false;
    return true;
}

static bool lengthen_word_ngrams(const qs_tune_facts *facts, qs_train_options *o)
{
    (void)facts;
    if (o->word_max != 3)
        return false;
    o->word_max = 5;
    return true;
}

static bool weigh(qs_train_options *o, const char *mode)
{
    const bool same = strcmp(o->class_weight == NULL ? "none" : o->class_weight, mode) == 0;
    o->class_weight = mode;
    return !same;
}

static bool weigh_by_root(const qs_tune_facts *facts, qs_train_options *o)
{
    (void)facts;
    return weigh(o, "sqrt");
}

static bool switch_class_weights(const qs_tune_facts *facts, qs_train_options *o)
{
    (void)facts;
    return weigh(o, o->class_weight != NULL && strcmp(o->class_weight, "none") == 0 ? "balanced" : "none");
}

static bool set_share(const qs_tune_facts *facts, qs_train_options *o, double share)
{
    if (!facts->targets || o->learner != QS_LEARNER_JOINT || !(o->share < share || o->share > share))
        return false;
    o->share = share;
    return true;
}

static bool share_nothing(const qs_tune_facts *facts, qs_train_options *o)
{
    return set_share(facts, o, 0);
}

static bool share_half(const qs_tune_facts *facts, qs_train_options *o)
{
    return set_share(facts, o, 0.5);
}

static bool shorten_word_ngrams(const qs_tune_facts *facts, qs_train_options *o)
{
    (void)facts;
    if (o->word_max < 3 || o->word_min > 2)
        return false;
    o->word_max = 2;
    return true;
}

static bool keep_rare_ngrams(const qs_tune_facts *facts, qs_train_options *o)
{
    (void)facts;
    if (o->min_df < 2)
        return false;
    o->min_df = 1;
    return true;
}

static bool switch_weighting(const qs_tune_facts *facts, qs_train_options *o)
{
    (void)facts;
    o->presence = !o->presence;
    o->odds = false;
    return true;
}

static bool switch_odds(const qs_tune_facts *facts, qs_train_options *o)
{
    (void)facts;
    o->odds = !o->odds;
    return !o->presence;
}

static bool mark_negation(const qs_tune_facts *facts, qs_train_options *o)
{
    (void)facts;
    if (o->negation)
        return false;
    o->negation = true;
    return true;
}

static bool add_word_classes(const qs_tune_facts *facts, qs_train_options *o)
{
    (void)facts;
    if (o->word_classes != NULL)
        return false;
    o->word_classes = "en";
    return true;
}

/* The text around targets makes every trial after it thrice as dear. */
static const change changes[] = {change_nothing,       halve_chars,         leave_chars_out,  weigh_by_root,
                                 share_nothing,        share_half,          add_word_classes, switch_word_parts,
                                 shorten_word_ngrams,  keep_rare_ngrams,    lengthen_word_ngrams, switch_odds,
                                 switch_chars_in_words, mark_negation,      switch_weighting, switch_class_weights,
                                 look_around_target};

size_t qs_tune_change_count(void)
{
    return sizeof changes / sizeof *changes;
}

bool qs_tune_moves_cost(size_t number)
{
    return changes[number] == leave_chars_out;
}

bool qs_tune_change(size_t number, const qs_tune_facts *facts, qs_train_options *options)
{
    return changes[number](facts, options);
}

static const char *learner_name(qs_learner_choice learner)
{
    static const char *const names[] = {"auto", "libsvm", "liblinear", "joint", "descent"};
    return names[learner];
}

void qs_tune_describe(qs_buf *line, const qs_train_options *o)
{
    qs_buf_addf(line, "words %u-%u chars %u-%u%s%s%s%s%s min_df %u class weights %s %s", o->word_min, o->word_max,
                o->char_min, o->char_max, o->chars_in_words ? " in words" : o->word_parts ? " and in words" : "",
                o->presence ? " presence" : o->odds ? " odds" : " tfidf", o->target_fields ? " target fields" : "",
                o->negation ? " negation" : "", o->word_classes != NULL ? " word classes" : "", o->min_df, o->class_weight == NULL ? "none" : o->class_weight,
                learner_name(o->learner));
    if (o->learner == QS_LEARNER_JOINT && o->per_target) {
        qs_buf_add_text(line, " share ");
        qs_buf_add_double(line, o->share);
    }
    if (o->char_weight > 0 && (o->char_weight < 1 || o->char_weight > 1)) {
        qs_buf_add_text(line, " char weight ");
        qs_buf_add_double(line, o->char_weight);
    }
}
