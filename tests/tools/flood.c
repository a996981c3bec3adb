/* A corpus whose texts are made of character 5-grams that agree in ten bits of their hashes, as a hostile author would choose them, or
 * of ones that do not: usage: flood low|high|none COUNT. The hash is in features/ngram.h. SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "features/ngram.h"
#include "features/spec.h"
#include "text/utf8.h"

enum { BITS = 10, LENGTH = 5, FIRST = 0x4e00, COUNT_OF = 0x9f00 - 0x4e00, RECORD = 20000 };

static bool agrees(uint64_t hash, char where)
{
    return where == 'n' || (where == 'l' ? hash << (64 - BITS) == 0 : hash >> (64 - BITS) == 0);
}

/* Prints one 5-gram after another; records are cut so that none is too long. */
static void print_ngram(const uint32_t *chars, unsigned long number)
{
    char bytes[4];
    if (number % RECORD == 0)
        printf("%s%s\t", number == 0 ? "label\ttext\n" : "\n", number / RECORD % 2 == 0 ? "favor" : "against");
    for (int i = 0; i < LENGTH; i++)
        fwrite(bytes, 1, qs_utf8_encode(chars[i], bytes), stdout);
    putchar(' ');
}

int main(int argc, char **argv)
{
    if (argc != 3 || strchr("lhn", argv[1][0]) == NULL)
        return 2;
    const unsigned long count = strtoul(argv[2], NULL, 10);
    /* the block of character n-grams of the text, as qs_bag_fill numbers it */
    const uint64_t salt = qs_ngram_salt(QS_FIELD_TEXT * 2 + 1);
    unsigned long found = 0;
    for (uint64_t prefix = 0; found < count; prefix++) {
        uint32_t chars[LENGTH] = {FIRST + (uint32_t)(prefix % COUNT_OF), FIRST + (uint32_t)(prefix / COUNT_OF % COUNT_OF), FIRST + 7,
                                  FIRST + 77, 0};
        uint64_t start = salt;
        for (int i = 0; i < LENGTH - 1; i++)
            start = qs_ngram_extend(start, chars[i]);
        for (uint32_t c = 0; c < COUNT_OF && found < count; c += argv[1][0] == 'n' ? 1000 : 1) {
            if (!agrees(qs_ngram_finish(qs_ngram_extend(start, FIRST + c), LENGTH), argv[1][0]))
                continue;
            chars[LENGTH - 1] = FIRST + c;
            print_ngram(chars, found++);
        }
    }
    putchar('\n');
    return ferror(stdout) != 0;
}
