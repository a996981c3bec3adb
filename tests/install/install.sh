#!/bin/sh
# The installed tree, moved elsewhere, serves a C program of strangers: through CMake's find_package and through pkg-config, with
# the archive and with the shared library. usage: install.sh SOURCE BUILD WORK CC. SPDX-License-Identifier: MIT
set -eu
source=$1 build=$2 work=$3 cc=$4
here=$source/tests/install
rm -rf "$work"
mkdir -p "$work"

fail()
{
    echo "FAILED: $1" >&2
    exit 1
}

quietly()
{
    "$@" >"$work/log" 2>&1 || { cat "$work/log"; fail "$*"; }
}

# outside KIND PKG-CONFIG-OPTIONS...: builds the example against $work/KIND, both ways.
outside()
{
    kind=$1
    shift
    tree=$work/$kind
    lib=$(dirname "$(find "$tree" -name 'libquotestance.*' | head -n 1)")
    export PKG_CONFIG_PATH="$lib/pkgconfig"
    grep -rF -e "$source" -e "$build" "$lib/pkgconfig" "$lib/cmake" && fail "$kind: names the source or build folder"
    # shellcheck disable=SC2046
    quietly "$cc" -Wall -Wextra -Werror -o "$tree/by-pkg-config" "$work/example.c" $(pkg-config "$@" --cflags --libs quotestance)
    quietly cmake -S "$here/outside" -B "$tree/outside" -DEXAMPLE="$work/example.c" -DCMAKE_PREFIX_PATH="$tree" -DCMAKE_C_COMPILER="$cc"
    quietly cmake --build "$tree/outside"
    [ "$(pkg-config --modversion quotestance)" = "$("$tree"/bin/quotestance --version | cut -d' ' -f2)" ] || fail "$kind: versions"
    for program in "$tree/by-pkg-config" "$tree/outside/outside"; do
        LD_LIBRARY_PATH=$lib "$program" >"$work/out" || fail "$kind: $program"
        grep -qx 'General Pavel Orlov: stance:negotiations against' "$work/out" || { cat "$work/out"; fail "$kind: $program"; }
    done
    "$tree/bin/quotestance" predict --lines "$work/line" >"$work/out" || fail "$kind: the installed program"
    grep -q '"stance:negotiations"' "$work/out" || fail "$kind: no score"
}

printf 'We must talk to end this war.\n' >"$work/line"
sh "$here/example.sh" "$source/include/quotestance/quotestance.h" "$work/example.c"
[ "$(wc -l <"$work/example.c")" -le 45 ] || fail "the example has grown"

# Built without optimisation: this is about what is installed where.
for kind in static shared; do
    shared=$([ $kind = shared ] && echo ON || echo OFF)
    quietly cmake -S "$source" -B "$work/build-$kind" -G Ninja -DBUILD_SHARED_LIBS="$shared" -DQS_BUILD_TESTS=OFF \
        -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_FLAGS_DEBUG=-O0 -DCMAKE_INSTALL_PREFIX="$work/first-$kind" -DCMAKE_C_COMPILER="$cc"
    quietly cmake --build "$work/build-$kind" -j2
    quietly cmake --install "$work/build-$kind"
    mv "$work/first-$kind" "$work/$kind"
done
outside static --static
outside shared

# Each component alone; the library shows its own names only, with a version.
quietly cmake --install "$work/build-shared" --prefix "$work/dev" --component dev
[ ! -e "$work/dev/bin" ] && [ -e "$work/dev/include/quotestance/quotestance.h" ] || fail "component dev"
quietly cmake --install "$work/build-shared" --prefix "$work/cli" --component cli
[ -x "$work/cli/bin/quotestance" ] && [ ! -e "$work/cli/include" ] || fail "component cli"
library=$(find "$work/shared" -name 'libquotestance.so.*.*.*')
nm -D --defined-only "$library" | awk '$2 != "A" && $3 !~ /^qs_[a-z0-9_]*@@QUOTESTANCE_/ { print; bad = 1 } END { exit bad }' ||
    fail "foreign names in the shared library"
cat "$work"/shared/include/quotestance/*.h | tr '\n' ' ' | sed 's/QS_API/\n&/g' |
    sed -n 's/^QS_API[^;(]*[ *]\(qs_[a-z0-9_]*\)(.*/\1/p' | sort -u >"$work/declared"
nm -D --defined-only "$library" | sed -n 's/.* \(qs_[a-z0-9_]*\)@@.*/\1/p' | sort -u >"$work/defined"
[ "$(wc -l <"$work/declared")" -ge 80 ] || fail "only $(wc -l <"$work/declared") declared functions were found"
diff "$work/declared" "$work/defined" || fail "declared and exported functions differ"
rm -rf "$work"
echo ok
