#!/bin/sh
# Each public header stands alone, in C and in C++, without a warning; the umbrella names them all.
# usage: headers.sh CC CXX INCLUDE GENERATED-INCLUDE. SPDX-License-Identifier: MIT
set -eu
cc=$1 cxx=$2 include=$3 generated=$4
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
warnings="-Wall -Wextra -pedantic -Werror -fsyntax-only"
seen=0
for path in "$include"/quotestance/*.h "$generated"/quotestance/*.h; do
    name=quotestance/${path##*/}
    printf '#include "%s"\n#include "%s"\nint main(void) { return 0; }\n' "$name" "$name" >"$work/one.c"
    cp "$work/one.c" "$work/one.cpp"
    # shellcheck disable=SC2086
    "$cc" -std=c99 $warnings -I"$include" -I"$generated" "$work/one.c" || { echo "FAILED: $name in C" >&2; exit 1; }
    # shellcheck disable=SC2086
    "$cxx" -std=c++11 $warnings -I"$include" -I"$generated" "$work/one.cpp" || { echo "FAILED: $name in C++" >&2; exit 1; }
    [ "$name" = quotestance/quotestance.h ] || grep -q "^#include \"$name\"\$" "$include/quotestance/quotestance.h" ||
        { echo "FAILED: quotestance.h does not include $name" >&2; exit 1; }
    seen=$((seen + 1))
done
[ "$seen" -ge 14 ] || { echo "FAILED: only $seen headers" >&2; exit 1; }
