/* How a unit test runs its cases. SPDX-License-Identifier: MIT */
#ifndef QS_TEST_RUN_H
#define QS_TEST_RUN_H

#include <check.h>
#include <stdlib.h>

/* Runs the tests of one case, printing what CK_VERBOSITY asks for, and frees them; the exit code of the program. */
static inline int run_case(const char *name, TCase *tests)
{
    Suite *suite = suite_create(name);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
