#!/bin/bash
# The same bytes whatever the locale, time zone, number of threads, compiler and optimisation: training, scoring, extraction,
# explanation, evaluation. SPDX-License-Identifier: MIT
# usage: same.sh QUOTESTANCE SOURCE     with the builds that lie beside it; QS_ALL=1: gcc and clang at -O0, -O2 and -O3, built here
set -euo pipefail
program=$(realpath "$1")
source=$(realpath "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
runs=0

fail()
{
    echo "FAILED: $1" >&2
    exit 1
}

mkdir locales
export LOCPATH=$work/locales
locales=(C)
for name in de_DE tr_TR; do
    if localedef -i $name -f UTF-8 "locales/$name.UTF-8" 2>/dev/null; then
        locales+=("$name.UTF-8")
    else
        echo "skipped: no locale $name here"
    fi
done

# Letters whose case is another in Turkish, decimals, and enough rows for every thread
awk 'BEGIN {
    srand(7)
    split("WE will TALK İstanbul ILIK ılık Iğdır never TABLE peace 1,5 0.25 offer GIFT the İ i I straße", word, " ")
    print "id\ttext\tlabel\ttarget\tgroup"
    for (i = 1; i <= 240; i++) {
        line = i % 3 == 0 ? "welcome" : i % 3 == 1 ? "refuse" : "road"
        for (k = int(rand() * 12); k >= 0; k--)
            line = line " " word[1 + int(rand() * 19)]
        printf "%d\t%s\t%s\t%s\tg%d\n", i, line, i % 3 == 0 ? "favor" : i % 3 == 1 ? "against" : "none", i % 2 ? "Peace" : "Dam", i % 40
    }
}' >corpus.tsv
cut -f 2 corpus.tsv | tail -n +2 >lines.txt
cp "$source"/corpora/articles/*.txt .

# results PROGRAM JOBS FOLDER: one of everything
results()
{
    local p=$1 j=$2 out=$3
    mkdir -p "$out"
    "$p" train -q -j "$j" -o "$out/joint.qsm" corpus.tsv
    "$p" train -q -j "$j" --per-target --context --learner joint -o "$out/targets.qsm" corpus.tsv
    "$p" train -q -j "$j" --learner libsvm --negation -o "$out/libsvm.qsm" corpus.tsv
    "$p" train -q -j "$j" --learner liblinear --weight presence -o "$out/liblinear.qsm" corpus.tsv
    "$p" train -q -j "$j" --kernel rbf --gamma 0.5 -o "$out/rbf.qsm" corpus.tsv
    "$p" predict -q -j "$j" --lines --format jsonl -m "$out/joint.qsm" lines.txt >"$out/lines.jsonl"
    "$p" predict -q -j "$j" --lines --format csv -m "$out/rbf.qsm" lines.txt >"$out/lines.csv"
    "$p" predict -q -j "$j" --format jsonl ./*.txt >"$out/quotes.jsonl"
    "$p" predict -q -j "$j" --format table ./*.txt >"$out/quotes.table"
    "$p" extract -q -j "$j" --format tsv ./*.txt >"$out/extract.tsv"
    "$p" explain -q -j "$j" --lines --top 3 -m "$out/joint.qsm" lines.txt >"$out/explain.jsonl"
    "$p" evaluate -q -j "$j" --bootstrap 200 --group-column group -m "$out/libsvm.qsm" --json "$out/metrics.json" --html "$out/page.html" \
        --markdown "$out/metrics.md" corpus.tsv >"$out/metrics.table"
    "$p" evaluate -q -j "$j" --bootstrap 50 --folds 3 corpus.tsv >"$out/folds.table"
    "$p" corpus stats --format jsonl corpus.tsv >"$out/stats.jsonl"
}

# compare NAME PROGRAM LOCALE ZONE JOBS
compare()
{
    rm -rf now
    LC_ALL=$3 TZ=$4 results "$2" "$5" now || fail "$1 in $3 with $5 threads does not run"
    diff -rq first now || fail "$1 in $3, $4 with $5 threads gives other bytes"
    runs=$((runs + 1))
}

LC_ALL=C TZ=UTC results "$program" 1 first
[ "$(find first -type f -size +0 | wc -l)" = 17 ] || fail "some result is missing"
for locale in "${locales[@]}"; do
    for jobs in 1 2 4; do
        # all of them in the long run, else each locale and each number of threads once
        [ -n "${QS_ALL:-}" ] || [ "$locale$jobs" = C4 ] || [ "$jobs" = 2 ] || continue
        compare "this build" "$program" "$locale" America/New_York $jobs
    done
done

if [ -z "${QS_ALL:-}" ]; then
    for build in clang debug release; do
        other=$source/build/$build/quotestance
        [ -x "$other" ] && [ "$other" != "$program" ] || continue
        # a build of other sources may well give other bytes
        [ -z "$(find "$source/src" "$source/models" -name '*.[ch]' -newer "$other" | head -n 1)" ] || continue
        compare "the $build build" "$other" C UTC 2
    done
    echo "$runs runs of 17 results, the same bytes"
    exit 0
fi
for compiler in gcc:g++ clang:clang++; do
    command -v "${compiler%:*}" >/dev/null || { echo "skipped: no ${compiler%:*}"; continue; }
    for level in 0 2 3; do
        cmake -S "$source" -B build -G Ninja -DCMAKE_BUILD_TYPE=None -DQS_BUILD_TESTS=OFF -DCMAKE_C_COMPILER="${compiler%:*}" \
            -DCMAKE_CXX_COMPILER="${compiler#*:}" -DCMAKE_C_FLAGS=-O$level -DCMAKE_CXX_FLAGS=-O$level >log 2>&1 || { cat log; exit 1; }
        cmake --build build -j2 >log 2>&1 || { tail -n 20 log; exit 1; }
        for locale in "${locales[@]}"; do
            for jobs in 1 2 4; do
                compare "${compiler%:*} -O$level" build/quotestance "$locale" UTC $jobs
            done
        done
        echo "${compiler%:*} -O$level: the same bytes"
        rm -rf build
    done
done
echo "$runs runs of 17 results, the same bytes"
