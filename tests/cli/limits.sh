#!/bin/sh
# Little memory, few files, a small stack, little time: an exit code that says so and one line, or the bytes of any other run.
# SPDX-License-Identifier: MIT
# usage: limits.sh QUOTESTANCE     QS_ALL=1: ten million lines in 256 MB of address space
set -eu
program=$1
. "$(dirname "$0")/common.sh"
in_scratch_folder
if ! (ulimit -v 300000; "$program" --version >/dev/null 2>&1); then
    echo "skipped: this build cannot run in 300 MB of address space (a sanitizer?)"
    exit 77
fi

awk 'BEGIN {
    print "id\ttext\tlabel"
    for (i = 1; i <= 300; i++)
        printf "%d\tWe %s talk with them at table %d of hall %d, and word%d\t%s\n", i, i % 2 ? "will" : "will never", i, i * 7, i * 13, i % 2 ? "favor" : "against"
}' >corpus.tsv
cut -f 2 corpus.tsv >lines.txt
awk 'BEGIN { for (i = 1; i <= 300; i++) printf "\"We will talk at table %d,\" Minister Edda Lorne said.\n\n", i }' >article.txt
"$program" train -q -j2 -o model.qsm corpus.tsv

# --- memory: from what cannot even start up to what is plenty
# little NAME ARGUMENTS...
little()
{
    name=$1
    shift
    "$program" "$@" -o whole 2>err || fail "$name"
    refused=0
    done_at=
    for kilobytes in 32000 $(seq 44000 500 56000) 64000 80000 100000 150000 250000 500000; do
        rm -f out
        code=0
        (ulimit -v $kilobytes; exec "$program" "$@" -o out 2>err) 2>shell || code=$?
        case $code in
        0) cmp out whole || fail "$name in $kilobytes kB: other bytes"
            done_at=${done_at:-$kilobytes} ;;
        6) [ "$(wc -l <err)" = 1 ] || fail "$name in $kilobytes kB: not one line"
            refused=$((refused + 1))
            [ ! -e out ] || fail "$name in $kilobytes kB left an output" ;;
        127) # the loader could not map all libraries: no main was reached
            if grep -q '^quotestance: ' err; then fail "$name in $kilobytes kB: $code"; fi ;;
        *) fail "$name in $kilobytes kB gave $code" ;;
        esac
        [ ! -e out.partial ] || fail "$name in $kilobytes kB left a partial output"
    done
    [ -n "$done_at" ] || fail "$name is not done in 500 MB"
    echo "$name: refused at $refused sizes, done in $done_at kB of address space"
}
little "train" train -q -j1 corpus.tsv
little "train libsvm" train -q -j1 --learner libsvm corpus.tsv
little "predict lines" predict -q -j1 --lines --format jsonl -m model.qsm lines.txt
little "predict threads" predict -q -j4 --lines --format jsonl -m model.qsm lines.txt
little "predict" predict -q -j1 --format jsonl -m model.qsm article.txt
little "evaluate" evaluate -q -j1 --bootstrap 100 -m model.qsm corpus.tsv

# --- few open files
"$program" predict -q -j1 --lines --format jsonl -m model.qsm -o whole lines.txt
for files in 3 4 5 6 7 8 12; do
    code=0
    (ulimit -n $files; exec "$program" predict -q -j1 --lines --format jsonl -m model.qsm -o few lines.txt) 2>err || code=$?
    case $code in
    0 | 5) ;;
    127) [ $files -lt 5 ] || fail "$files files: the loader" ;;
    *) fail "$files open files gave $code" ;;
    esac
    # whole and in place, but its folder could not be opened to make the name durable: that is told, too
    [ ! -e few ] || cmp few whole || fail "$files open files left another output"
    rm -f few
done

# --- a small stack: what nests deeply must not be followed by recursion
awk 'BEGIN { for (i = 0; i < 100000; i++) printf "<div>"; print "<p>\"We will talk,\" Minister Edda Lorne said.</p>" }' >deep.html
awk 'BEGIN { printf "{\"id\":\"1\",\"x\":"; for (i = 0; i < 100000; i++) printf "["; for (i = 0; i < 100000; i++) printf "]"; print ",\"text\":\"We will talk\"}" }' >deep.jsonl
awk 'BEGIN { for (i = 0; i < 100000; i++) printf "\342\200\234a "; print "" }' >deep.txt
for input in deep.html deep.jsonl deep.txt; do
    code=0
    (ulimit -s 512; exec "$program" predict -q -j2 --format jsonl -m model.qsm $input >out 2>err) || code=$?
    [ $code -le 1 ] || fail "$input on a stack of 512 kB gave $code"
done
code=0
(ulimit -s 512; exec "$program" predict -q -j2 --lines --format jsonl -m model.qsm deep.jsonl >out 2>err) || code=$?
[ $code = 1 ] || fail "records that nest deeply, as texts: $code"

# --- no more time: ended by the signal, nothing half done
awk 'BEGIN { for (i = 0; i < 60000; i++) print "We will talk with them at table " i " and at table " i * 7 " of the hall" }' >many.txt
code=0
(ulimit -t 1; while :; do rm -f slow; "$program" predict -q -j2 --lines -m model.qsm -o slow many.txt many.txt many.txt many.txt many.txt many.txt many.txt many.txt || exit $?; done) 2>err || code=$?
[ $code -gt 128 ] || fail "no more processor time gave $code"
[ ! -e slow ] || fail "no more processor time left an output"

# --- archives of Zstandard that swell or want a large window
if command -v zstd >/dev/null; then
    head -c 300000000 /dev/zero | zstd -q -19 >bomb.zst
    code=0
    (ulimit -v 300000; exec "$program" predict -q -j1 --lines --input-format lines -m model.qsm bomb.zst >out 2>err) || code=$?
    [ $code = 6 ] && grep -q swells err || fail "a Zstandard archive that swells gave $code"
    head -c 40000000 /dev/zero | zstd -q --long=27 -1 >window.zst
    code=0
    "$program" predict -q -j1 --lines --input-format lines -m model.qsm window.zst >out 2>err || code=$?
    [ $code = 4 ] || [ $code = 6 ] || fail "a Zstandard archive with a window of 128 MB gave $code"
else
    echo "passed over: no zstd"
fi

# --- length is no matter
lines=200000
[ -z "${QS_ALL:-}" ] || lines=10000000
code=0
awk -v n=$lines 'BEGIN { for (i = 0; i < n; i++) print "We will talk with them at table " i }' |
    (ulimit -v 262144; exec "$program" predict -q -j2 --lines --format tsv --input-format lines -m model.qsm - 2>err) | wc -l >count
[ "$(cat count)" = $((lines + 1)) ] || fail "$lines lines in 256 MB: $(cat count) rows"
echo "$lines lines in 256 MB of address space: all held"
