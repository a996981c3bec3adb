#!/bin/sh
# The check of symbols must see what it is there to see. SPDX-License-Identifier: MIT
# usage: symbols_planted.sh SYMBOLS.SH C-COMPILER
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
command -v nm >/dev/null || { echo "skipped: no nm"; exit 77; }
mkdir "$work/objects"
plant() # TEXT COMPILER: makes the one object
{
    printf '%s\n' "$1" >"$work/planted.c"
    "$2" -c -o "$work/objects/planted.o" "$work/planted.c"
}
plant 'int qs_fine(void) { return 1; }' "$2"
sh "$1" "$work/objects" || { echo "FAILED: refused a clean object"; exit 1; }
for text in 'int stray(void) { return 1; }' 'int qs_table; int stray_table = 1;' \
            'char *strtok(char *, const char *); char *qs_cut(char *s) { return strtok(s, " "); }' \
            'double strtod(const char *, char **); double qs_real(const char *s) { return strtod(s, 0); }' \
            'int rand(void); int qs_any(void) { return rand(); }' \
            'char *setlocale(int, const char *); char *qs_here(void) { return setlocale(1, ""); }' \
            'double atof(const char *); double qs_number(const char *s) { return atof(s); }'; do
    plant "$text" "$2"
    if sh "$1" "$work/objects" >/dev/null; then
        echo "FAILED: not seen: $text"
        exit 1
    fi
done
