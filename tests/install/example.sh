#!/bin/sh
# Writes the program in the first comment of quotestance.h to a file. usage: example.sh HEADER OUTPUT
# SPDX-License-Identifier: MIT
set -eu
awk '/^#include </ { on = 1 } / \* Build it with/ { exit } on' "$1" >"$2"
grep -q '^int main' "$2" || { echo "FAILED: no example in $1" >&2; exit 1; }
