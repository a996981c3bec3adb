/* Tests of the fields around a target. SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "features/target.h"
#include "run.h"

static void check_field(const qs_item *item, qs_text_field field, const char *expected)
{
    ck_assert_msg(qs_str_equal(item->field[field], qs_str_of(expected)), "field %d: '%.*s', not '%s'",
                  (int)field, (int)item->field[field].len, item->field[field].ptr, expected);
}

START_TEST(a_mention_cuts_the_text)
{
    qs_item item = {{qs_str_of("Late on Monday, one two three four five Ms Ash six seven, she left.")}};
    ck_assert(qs_item_locate(&item, qs_str_of("Ms Ash")));
    check_field(&item, QS_FIELD_LEFT, "Late on Monday, one two three four five ");
    check_field(&item, QS_FIELD_RIGHT, " six seven, she left.");
    check_field(&item, QS_FIELD_NEAR, "two three four five Ms Ash six seven, she left.");
    check_field(&item, QS_FIELD_CLAUSE, " one two three four five Ms Ash six seven");
    check_field(&item, QS_FIELD_TARGET, "Ms Ash");
}
END_TEST

START_TEST(without_a_mention_the_text_stays_whole)
{
    const char *const targets[] = {"", "nobody", "a text that is longer than the text itself"};
    for (size_t i = 0; i < 3; i++) {
        qs_item item = {{qs_str_of("a text")}};
        ck_assert(!qs_item_locate(&item, qs_str_of(targets[i])));
        check_field(&item, QS_FIELD_RIGHT, "a text");
        check_field(&item, QS_FIELD_CLAUSE, "a text");
        check_field(&item, QS_FIELD_NEAR, "");
    }
    qs_item empty = {{{NULL, 0}}};
    ck_assert(!qs_item_locate(&empty, qs_str_of("x")));
}
END_TEST

START_TEST(a_mention_at_the_edges)
{
    qs_item item = {{qs_str_of("Ash")}};
    ck_assert(qs_item_locate(&item, qs_str_of("Ash")));
    check_field(&item, QS_FIELD_LEFT, "");
    check_field(&item, QS_FIELD_RIGHT, "");
    check_field(&item, QS_FIELD_NEAR, "Ash");
    check_field(&item, QS_FIELD_CLAUSE, "Ash");
}
END_TEST

int main(void)
{
    TCase *tests = tcase_create("target");
    tcase_add_test(tests, a_mention_cuts_the_text);
    tcase_add_test(tests, without_a_mention_the_text_stays_whole);
    tcase_add_test(tests, a_mention_at_the_edges);
    return run_case("target", tests);
}
