/* Runs a fuzz target over files, without a fuzzer: usage: replay FILE... What a campaign has found stands many in a file, each ended by
 * a line "%%": such a file is run whole and piece by piece. SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(const char *path)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = malloc(1 << 22);
    if (file == NULL || bytes == NULL) {
        fprintf(stderr, "cannot replay %s\n", path);
        return 1;
    }
    const size_t size = fread(bytes, 1, 1 << 22, file);
    LLVMFuzzerTestOneInput(bytes, size);
    size_t start = 0;
    for (size_t at = 1; at + 3 < size; at++) {
        if (memcmp(bytes + at, "\n%%\n", 4) != 0)
            continue;
        LLVMFuzzerTestOneInput(bytes + start, at - start);
        start = at + 4;
    }
    fclose(file);
    free(bytes);
    return 0;
}

int main(int argc, char **argv)
{
    int failed = argc < 2;
    for (int i = 1; i < argc; i++)
        failed |= replay(argv[i]);
    return failed;
}
