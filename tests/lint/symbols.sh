#!/bin/sh
# Every external symbol of ours begins with qs_ (main and cli_ in the program), and what keeps hidden state or obeys
# the locale is called only where the solvers are fenced. SPDX-License-Identifier: MIT
# usage: symbols.sh FOLDER-OF-OBJECTS
set -eu
list=$(mktemp)
trap 'rm -f "$list"' EXIT
command -v nm >/dev/null || { echo "skipped: no nm"; exit 77; }
# nm -A -P: "FILE: NAME TYPE ..."; names with two underscores belong to the compiler
find "$1" -name '*.o' ! -path '*/tests/*' -exec nm -A -P -g {} + >"$list"
[ "$(wc -l <"$list")" -gt 0 ] || { echo "FAILED: no object in $1"; exit 1; }
awk '
{
    file = $1
    sub(/:$/, "", file)
    sub(/.*\/CMakeFiles\//, "", file)
    name = $2
    type = $3
    if (name ~ /^__/ || name ~ /^_ZT|^_GLOBAL_|^DW\.ref/)
        next
    if (type == "U") {
        if (name ~ /^(rand|srand|random|srandom|drand48|strtok|atof|atoi|atol|setlocale|gets|tmpnam|mktemp|system|popen|asctime|ctime|localtime|gmtime|strerror_l)$/ &&
            file !~ /learner_[a-z]*\.c/) {
            print file ": calls " name
            bad++
        }
        # numbers are read and written in one place, which makes up for the locale
        if (name ~ /^(strtod|strtof|strtold|sscanf|__isoc99_sscanf|fscanf|__isoc99_fscanf|localeconv)$/ &&
            file !~ /qs_base\.dir\/(buf|number)\.c|cli/) {
            print file ": calls " name
            bad++
        }
        next
    }
    if (name ~ /^qs_/ || (file ~ /cli/ && (name == "main" || name ~ /^cli_/)))
        next
    print file ": external symbol " name " does not begin with qs_"
    bad++
}
END { exit bad > 0 }' "$list" || { echo "FAILED: symbols"; exit 1; }
