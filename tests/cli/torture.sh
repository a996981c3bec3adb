#!/bin/sh
# Fails the allocations and I/O calls of train and predict in turn, once and from then on. Each run must end with
# exit code 5 or 6 and one line of message, or with the very same output; never with a partial or temporary file.
# SPDX-License-Identifier: MIT
# usage: torture.sh QUOTESTANCE     up to 200 points a command (variants 40), or all of them with QS_ALL=1
set -eu
program=$1
points_max=200
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir out
bad=0
runs=0

awk 'BEGIN {
    print "id\ttext\tlabel"
    for (i = 1; i <= 12; i++)
        printf "%d\tWe %s talk with them at table %d\t%s\n", i, i % 2 ? "will" : "will never", i, i % 2 ? "favor" : "against"
}' >corpus.tsv
cut -f 2 corpus.tsv >lines.txt
cat >article.txt <<'EOF'
Minister calls the offer 'a door left ajar'

Talks went on through the night, and no one left the table before dawn.

Harbour Minister Edda Lorne said that leaving now would be "a gift to nobody but the insurers".

"We will talk for as long as it takes," union leader Tomas Brack told reporters. "We are not here for the coffee."
EOF

# complain TEXT: reports one broken promise of the run at hand
complain()
{
    echo "FAILED: $name, QS_FAULT=$fault: $1 (exit $code)" >&2
    head -n 3 err >&2
    bad=$((bad + 1))
}

# judge: looks at what one run has left behind
judge()
{
    case $code in
    0) cmp -s out/result reference || complain "succeeded with other output" ;;
    5 | 6)
        [ "$(wc -l <err)" -eq 1 ] || complain "not one line of message"
        case $kind$mode in
        file*+) [ ! -e out/result ] || cmp -s out/result reference || complain "partial output" ;;
        file*) cmp -s out/result old || cmp -s out/result reference || complain "old output damaged" ;;
        esac
        ;;
    *) complain "wrong exit code" ;;
    esac
    for left in out/*.tmp; do
        [ ! -e "$left" ] || complain "left $left behind"
    done
}

# run FAULT ARGUMENTS...: one run with one plan
run()
{
    fault=$1
    shift
    rm -rf out
    mkdir out
    [ "$mode" = + ] || cp old out/result
    code=0
    if [ "$kind" = file ]; then
        QS_FAULT=$fault "$program" "$@" -o out/result 2>err || code=$?
    else
        QS_FAULT=$fault "$program" "$@" >out/result 2>err || code=$?
    fi
    runs=$((runs + 1))
    judge
}

# torture NAME file|stdout ARGUMENTS...
torture()
{
    name=$1
    kind=$2
    shift 2
    rm -f out/result counts
    if [ "$kind" = file ]; then
        QS_FAULT_COUNT=counts "$program" "$@" -o reference 2>err || { cat err; exit 1; }
    else
        QS_FAULT_COUNT=counts "$program" "$@" >reference 2>err || { cat err; exit 1; }
    fi
    if [ ! -s counts ]; then
        echo "skipped: the program was built without QS_FAULTS"
        exit 77
    fi
    [ -s reference ] || { echo "FAILED: $name gives no output"; exit 1; }
    allocs=$(sed -n 's/^alloc //p' counts)
    ios=$(sed -n 's/^io //p' counts)
    [ "$allocs" -gt 20 ] && [ "$ios" -gt 3 ] || { echo "FAILED: $name: no calls counted"; exit 1; }
    total=$(((allocs + ios) * 2))
    step=1
    [ -n "${QS_ALL:-}" ] || step=$(((total + points_max - 1) / points_max))
    before=$runs
    i=0
    while [ "$i" -lt "$total" ]; do
        at=$((i / 2 + 1))
        seam=alloc
        [ "$at" -le "$allocs" ] || { at=$((at - allocs)); seam=io; }
        # with an even step the modes must still take turns
        mode=
        [ $(((i + i / step) % 2)) -eq 0 ] || mode=+
        [ "$step" -gt 1 ] || { mode=; [ $((i % 2)) -eq 0 ] || mode=+; }
        run "$seam:$at$mode" "$@"
        i=$((i + step))
    done
    echo "$name: $allocs allocations, $ios I/O calls, $((runs - before)) of $total points"
}

echo "what stood here before" >old
torture train file train -j1 corpus.tsv
cp reference model.qsm
torture predict file predict -j1 --format jsonl -m model.qsm article.txt
points_max=40
torture "train rbf" file train -j1 --kernel rbf corpus.tsv
torture "train liblinear" file train -j1 --learner liblinear corpus.tsv
torture "predict table" stdout predict -j1 --format table -m model.qsm article.txt
torture "predict lines" file predict -j1 --lines --format tsv -m model.qsm lines.txt
torture "corpus convert" file corpus convert --to jsonl corpus.tsv
torture evaluate file evaluate -j1 -m model.qsm corpus.tsv
torture "predict page" stdout predict -j1 --html - -o out/side -m model.qsm article.txt
awk 'NR > 1 { $0 = $0; sub(/favor$/, "x"); sub(/against$/, "favor"); sub(/x$/, "against") } { print }' corpus.tsv >wrong.tsv
torture "evaluate page" stdout evaluate -j1 --bootstrap 50 --by id --html - -o out/side -m model.qsm wrong.tsv
torture "model card" stdout model card model.qsm

# A worker that was stopped anywhere leaves what the next one can finish.
"$program" shard -q -n 2 --input-format lines -o shards lines.txt
worker() # FOLDER: does shard 1
{
    "$program" predict --lines -q -j1 -m model.qsm --manifest shards/manifest.json --index 1 -o "$1"
}
name=worker
QS_FAULT_COUNT=counts worker first
"$program" predict --lines -q -j1 -m model.qsm --manifest shards/manifest.json --index 0 -o first
torture merge file merge -q shards/manifest.json first
QS_FAULT_COUNT=counts worker second
total=$(($(sed -n 's/^alloc //p' counts) + $(sed -n 's/^io //p' counts)))
allocs=$(sed -n 's/^alloc //p' counts)
step=$((total / points_max + 1))
[ -z "${QS_ALL:-}" ] || step=1
at=1
while [ "$at" -le "$total" ]; do
    fault=alloc:$at
    [ "$at" -le "$allocs" ] || fault=io:$((at - allocs))
    rm -rf shard-out
    code=0
    QS_FAULT=$fault worker shard-out 2>err || code=$?
    case $code in 0 | 5 | 6) ;; *) complain "wrong exit code" ;; esac
    worker shard-out 2>err || complain "the next worker fails"
    for file in first/00001-*; do
        cmp -s "$file" "shard-out/${file#first/}" || complain "another result"
    done
    [ "$(ls shard-out)" = "$(cd first && ls 00001-*)" ] || complain "left something behind: $(ls shard-out)"
    runs=$((runs + 1))
    at=$((at + step))
done
[ "$bad" -eq 0 ] || { echo "FAILED: $bad of $runs runs" >&2; exit 1; }
echo "$runs runs, all held"
