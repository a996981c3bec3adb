#!/bin/sh
# Fails the allocations and I/O calls of train and predict in turn, once and from then on. Each run must end with
# exit code 5 or 6 and one line of message, or with the very same output; never with a partial or temporary file. Calls that are cut
# short or interrupted must change nothing.
# SPDX-License-Identifier: MIT
# usage: torture.sh QUOTESTANCE     up to 200 points a command (variants 40), or all of them with QS_ALL=1
set -eu
program=$1
. "$(dirname "$0")/common.sh"
. "$(dirname "$0")/torture_common.sh"
in_scratch_folder
write_inputs
points_max=200

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
points=$((points + total))
verdict
