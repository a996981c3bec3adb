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

# outside TREE WAY PKG-CONFIG-ARGUMENTS...: builds the example against $work/TREE through pkg-config and through find_package.
outside()
{
    tree=$work/$1 way=$2
    shift 2
    lib=$(dirname "$(find "$tree" -name 'libquotestance.a')")
    export PKG_CONFIG_PATH="$lib/pkgconfig"
    grep -rF -e "$source" -e "$build" "$lib/pkgconfig" "$lib/cmake" && fail "$tree: names the source or build folder"
    # shellcheck disable=SC2046
    quietly "$cc" -Wall -Wextra -Werror -o "$tree/by-pkg-config-$way" "$work/example.c" $(pkg-config --cflags --libs "$@")
    quietly cmake -G Ninja -S "$here/outside" -B "$tree/outside" -DWAY="$way" -DEXAMPLE="$work/example.c" -DCMAKE_PREFIX_PATH="$tree" -DCMAKE_C_COMPILER="$cc"
    quietly cmake --build "$tree/outside"
    [ "$(pkg-config --modversion quotestance)" = "$("$tree"/bin/quotestance --version | cut -d' ' -f2)" ] || fail "$tree: versions"
    for program in "$tree/by-pkg-config-$way" "$tree/outside/outside-$way"; do
        ldd "$program" | grep -q libquotestance && linked=shared || linked=static
        [ $linked = "$way" ] || fail "$program: is $linked"
        LD_LIBRARY_PATH=$lib "$program" >"$work/out" || fail "$program"
        grep -qx 'General Pavel Orlov: stance:negotiations against' "$work/out" || { cat "$work/out"; fail "$program"; }
    done
    "$tree/bin/quotestance" predict --lines "$work/line" >"$work/out" || fail "$tree: the installed program"
    grep -q '"stance:negotiations"' "$work/out" || fail "$tree: no score"
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
outside static static --static quotestance
outside shared shared quotestance
outside shared static quotestance-static

# Each component alone; the library shows its own names only, with a version.
quietly cmake --install "$work/build-shared" --prefix "$work/dev" --component dev
[ ! -e "$work/dev/bin" ] && [ -e "$work/dev/include/quotestance/quotestance.h" ] || fail "component dev"
quietly cmake --install "$work/build-shared" --prefix "$work/cli" --component cli
[ -x "$work/cli/bin/quotestance" ] && [ ! -e "$work/cli/include" ] || fail "component cli"
[ -e "$work/cli/share/man/man1/quotestance-train.1.gz" ] && [ -e "$work/cli/share/bash-completion/completions/quotestance" ] ||
    fail "component cli: man pages, completion"
if command -v /usr/bin/python3 >/dev/null; then
    QUOTESTANCE_LIBRARY=$(find "$work/shared" -name 'libquotestance.so.*.*.*') PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$source/scripts/python \
        /usr/bin/python3 "$here/test_python.py" "$source" "$work/shared/bin/quotestance" || fail "the Python module"
    grep -q "\"libquotestance.so.$(pkg-config --modversion quotestance | cut -d. -f1,2)\"" "$source/scripts/python/quotestance.py" ||
        fail "the Python module loads another version"
else
    echo "skipped: no /usr/bin/python3"
fi
sh "$here/abi.sh" "$work/shared" "$cc" "$here/abi-0.1.txt" || fail "the binary interface"
rm -rf "$work"
echo ok
