/* Tests of what a bag remembers of the last item. SPDX-License-Identifier: MIT */
#include "features/classes.h"
#include "features/ngram.h"
#include "run.h"

#define OF_TEXT (1u << QS_FIELD_TEXT | 1u << QS_FIELD_CLASSES | 1u << QS_FIELD_PARTS | 1u << QS_FIELD_PRESENCE)
#define OF_CONTEXT (1u << QS_FIELD_CONTEXT | 1u << QS_FIELD_CONTEXT_PRESENCE)

static qs_str view(const qs_bag *bag, uint32_t field)
{
    return qs_buf_view(&bag->normal[field].out);
}

static void check_same(const qs_bag *one, const qs_bag *other)
{
    ck_assert_uint_eq(one->count, other->count);
    for (size_t i = 0; i < one->count; i++) {
        const qs_ngram *a = &one->items[i];
        const qs_ngram *b = &other->items[i];
        ck_assert(a->hash == b->hash && a->count == b->count && a->start == b->start && a->end == b->end && a->field == b->field);
    }
    for (size_t block = 0; block <= QS_BLOCKS; block++)
        ck_assert_uint_eq(one->block_start[block], other->block_start[block]);
    for (uint32_t field = 0; field < QS_FIELDS; field++)
        ck_assert(qs_str_equal(view(one, field), view(other, field)));
}

START_TEST(what_is_kept_is_what_would_be_read)
{
    static const char *const texts[] = {"We will talk.", "No deal, no Talks!", "", "Wir r\xc3\xa4umen nicht", "We will talk.."};
    static const char *const contexts[] = {"", "\"We will talk.\" he said.", "We will talk.", "Not now, he said, not \xe2\x80\x9cnow\xe2\x80\x9d."};
    qs_bag keeps = {.keeps = true};
    qs_feature_spec spec = qs_feature_spec_default();
    qs_word_classes *classes = NULL;
    ck_assert_int_eq(qs_word_classes_parse(&classes, qs_str_of("NEG\tnot\tno\nTALK\ttalk\ttalks\n"), NULL), QS_OK);
    spec.classes = classes;
    spec.fields = OF_TEXT | OF_CONTEXT | 1u << QS_FIELD_LEFT;
    unsigned state = 7;
    size_t recalled = 0;
    size_t last_text = SIZE_MAX;
    size_t last_context = SIZE_MAX;
    for (int round = 0; round < 2000; round++) {
        qs_bag fresh = {0};
        state = state * 1103515245 + 12345;
        const size_t text = (state >> 16) % 5;
        const size_t context = (state >> 20) % 4;
        qs_item item = {{{NULL, 0}}};
        item.field[QS_FIELD_TEXT] = qs_str_of(texts[text]);
        item.field[QS_FIELD_CONTEXT] = qs_str_of(contexts[context]);
        item.field[QS_FIELD_LEFT] = qs_str_of(texts[(state >> 24) % 5]);
        ck_assert_int_eq(qs_bag_fill(&fresh, &spec, &item, NULL), QS_OK);
        ck_assert_int_eq(qs_bag_fill(&keeps, &spec, &item, NULL), QS_OK);
        check_same(&fresh, &keeps);
        recalled += (text == last_text ? 4u : 0u) + (context == last_context ? 2u : 0u);
        ck_assert_uint_eq(keeps.recalled, recalled);
        last_text = text;
        last_context = context;
        qs_bag_free(&fresh);
    }
    ck_assert_uint_gt(recalled, 0);
    qs_bag_free(&keeps);
    qs_word_classes_destroy(classes);
}
END_TEST

START_TEST(a_paragraph_of_many_quotes_is_read_once)
{
    static char paragraph[8192];
    qs_bag bag = {.keeps = true};
    qs_feature_spec spec = qs_feature_spec_default();
    spec.fields |= 1u << QS_FIELD_CONTEXT;
    for (size_t i = 0; i + 1 < sizeof paragraph; i++)
        paragraph[i] = i % 7 == 6 ? ' ' : (char)('a' + i * i % 26);
    for (size_t quote = 0; quote < 100; quote++) {
        qs_item item = {{{NULL, 0}}};
        item.field[QS_FIELD_TEXT] = qs_str_make(paragraph + quote * 70, 60);
        item.field[QS_FIELD_CONTEXT] = qs_str_of(paragraph);
        ck_assert_int_eq(qs_bag_fill(&bag, &spec, &item, NULL), QS_OK);
        ck_assert_uint_ge(bag.recalled, quote);
    }
    qs_bag_free(&bag);
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("kept");
    tcase_add_test(tests, what_is_kept_is_what_would_be_read);
    tcase_add_test(tests, a_paragraph_of_many_quotes_is_read_once);
    return run_case("kept", tests);
}
