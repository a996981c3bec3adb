/* The command line. SPDX-License-Identifier: MIT */
#include <stdio.h>

int main(void)
{
    fputs("quotestance: no command yet\n", stderr);
    return 2;
}
