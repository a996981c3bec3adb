/* Short articles at random, made of marks, cues, names, breaks and odd bytes, each checked as fuzz_quotes does:
 * usage: quotes_campaign COUNT [SEED]. Stops with the seed of the input that failed. SPDX-License-Identifier: MIT */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/rng.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { INPUT_MAX = 400, PIECES_MAX = 40 };

static const char *const pieces[] = {
    "\"", "\"", "\xe2\x80\x9c", "\xe2\x80\x9d", "\xe2\x80\x9e", "\xc2\xab", "\xc2\xbb", "\xe2\x80\xb9", "\xe2\x80\xba",
    "'", "\xe2\x80\x98", "\xe2\x80\x99", "\xe2\x80\x9a", "``", "''", "\xe3\x80\x8c", "\xe3\x80\x8d", "\xe3\x80\x8e",
    "\xe3\x80\x8f", "\xef\xbc\x82", "\n\n", "\n\n\"", "\n", "\r\n", ". ", ", ", "? ", "! ", ": ", "; ", " - ", "\xe2\x80\x94",
    "\xe2\x80\xa6", " (", ") ", "[", "] ", " said ", " says", " told ", " asked ", " warned that ", " and ", " who ",
    " that ", " according to ", "he ", "She ", "they ", "we ", " not ", " would ", " accused ", " of ", " called ",
    " vowed to ", " urged ", " refused ", " rejected ", " called for ", " found that ", " believes ", " claim that ", "when ", " & ",
    " dice ", " enligt ", " powiedzia\xc5\x82 ", "last month ", "R-Ky.",
    " to ", " the ", "The ", "a ", "Ada Ode", "Minister Ada Ode", "Bo", "Mr. Bo Lind Jr.", "J. P. van Aal, 41,",
    "Lavrov's", "Moscow", "reporters", "spokesman", "adding ", "its report ", "on Monday", "in a statement", "yes",
    "the dam is safe", "water is rising fast here", "summit", "so-called ", "'80s", "growers'", "6'2\"", "$5",
    " sagte ", "laut ", "der Minister ", "dit-elle", "a-t-il dit", "\xc2\xa0", "\xe2\x80\xaf", "dijo ", "seg\xc3\xban ",
    "\xd1\x81\xd0\xba\xd0\xb0\xd0\xb7\xd0\xb0\xd0\xbb ", "\xe8\xaf\xb4\xef\xbc\x9a", "\xe3\x81\xa8\xe8\xbf\xb0\xe3\x81\xb9\xe3\x81\x9f",
    "\xe7\x94\xb0\xe4\xb8\xad\xe6\xb0\x8f\xe3\x81\xaf", "\xcc\x81", "\xc3", "\xe2\x80", "\xff", "\xf0\x9f\x98\x80", "&quot;", "\xef\xbb\xbf"};

static size_t make_input(qs_rng *rng, char *input)
{
    const size_t count = 1 + (size_t)qs_rng_below(rng, PIECES_MAX);
    size_t length = 0;
    for (size_t i = 0; i < count; i++) {
        const char *piece = pieces[qs_rng_below(rng, sizeof pieces / sizeof *pieces)];
        const size_t size = strlen(piece);
        if (length + size + 1 > INPUT_MAX)
            break;
        memcpy(input + length, piece, size);
        length += size;
        if (qs_rng_below(rng, 4) == 0)
            input[length++] = ' ';
        else if (qs_rng_below(rng, 64) == 0)
            input[length++] = (char)qs_rng_below(rng, 256);
    }
    return length;
}

static volatile unsigned long current;

static void report(int number)
{
    char line[64];
    const int length = snprintf(line, sizeof line, "quotes_campaign: input %lu failed\n", current);
    (void)!write(2, line, (size_t)length);
    signal(number, SIG_DFL);
    raise(number);
}

int main(int argc, char **argv)
{
    const unsigned long count = argc > 1 ? strtoul(argv[1], NULL, 10) : 100000;
    const unsigned long seed = argc > 2 ? strtoul(argv[2], NULL, 10) : 1;
    char input[INPUT_MAX + 8];
    signal(SIGABRT, report);
    signal(SIGSEGV, report);
    for (current = 0; current < count; current++) {
        qs_rng rng = qs_rng_make(seed * 1000003u + current);
        LLVMFuzzerTestOneInput((const uint8_t *)input, make_input(&rng, input));
    }
    printf("quotes_campaign: %lu inputs, all records hold\n", count);
    return 0;
}
