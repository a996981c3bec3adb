#!/bin/sh
# The binary interface of an installed shared library beside the recorded one: nothing that programs were linked with may go or change
# its size; additions are fine. The library shows its own names only, with a version, and exactly those the headers declare.
# usage: abi.sh TREE CC RECORD [--record]: with --record, RECORD is written anew. SPDX-License-Identifier: MIT
set -eu
tree=$1 cc=$2 record=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail()
{
    echo "FAILED: $1" >&2
    exit 1
}

library=$(find "$tree" -name 'libquotestance.so.*.*.*')
include=$(dirname "$(find "$tree" -path '*/quotestance/quotestance.h')")
nm -D --defined-only "$library" | awk '$2 != "A" && $3 !~ /^qs_[a-z0-9_]*@@QUOTESTANCE_/ { print; bad = 1 } END { exit bad }' ||
    fail "foreign names in the shared library"
cat "$include"/*.h | tr '\n' ' ' | sed 's/QS_API/\n&/g' |
    sed -n 's/^QS_API[^;(]*[ *]\(qs_[a-z0-9_]*\)(.*/\1/p' | sort -u >"$work/declared"
nm -D --defined-only "$library" | sed -n 's/.* \(qs_[a-z0-9_]*\)@@.*/\1/p' | sort -u >"$work/defined"
[ "$(wc -l <"$work/declared")" -ge 80 ] || fail "only $(wc -l <"$work/declared") declared functions were found"
diff "$work/declared" "$work/defined" || fail "declared and exported functions differ"

# functions with their versions; sizes of the structs and enums that callers see; codes
{
    printf '#include <quotestance/quotestance.h>\n#include <stdio.h>\nint main(void)\n{\n'
    sed -n 's/^} \(qs_[a-z0-9_]*\);$/    printf("size \1 %zu\\n", sizeof(\1));/p' "$include"/*.h
    sed -n 's/^    X(\(QS_E[A-Z]*\), .*/    printf("value \1 %d\\n", \1);/p' "$include/status.h"
    printf '    return 0;\n}\n'
} >"$work/sizes.c"
"$cc" -o "$work/sizes" -I"$(dirname "$include")" "$work/sizes.c"
"$work/sizes" >"$work/list"
[ "$(wc -l <"$work/list")" -ge 30 ] || fail "only $(wc -l <"$work/list") sizes"
nm -D --defined-only "$library" | sed -n 's/.* \(qs_[a-z0-9_]*@@.*\)/function \1/p' >>"$work/list"
LC_ALL=C sort -o "$work/list" "$work/list"
if [ "${4:-}" = --record ]; then
    cp "$work/list" "$record"
    exit 0
fi
LC_ALL=C comm -23 "$record" "$work/list" >"$work/lost"
[ -s "$work/lost" ] || exit 0
cat "$work/lost"
fail "gone or changed since the record; if no release has them, record anew: scripts/record-abi"
