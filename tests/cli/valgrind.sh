#!/bin/sh
# One run of each command under valgrind: no invalid access, nothing uninitialised used, nothing lost.
# SPDX-License-Identifier: MIT
# usage: valgrind.sh QUOTESTANCE     a few commands; all of them with QS_ALL=1
set -eu
program=$1
. "$(dirname "$0")/common.sh"
command -v valgrind >/dev/null || { echo "skipped: no valgrind"; exit 77; }
in_scratch_folder
runs=0

# clean CODE ARGUMENTS...: what the solver's child has left when it ends is no loss, its accesses are looked at all the same
clean()
{
    wanted=$1
    shift
    leaks=full
    [ "$1" != train ] || leaks=no
    code=0
    valgrind -q --error-exitcode=99 --leak-check=$leaks --errors-for-leak-kinds=definite,possible "$program" "$@" >out 2>err </dev/null || code=$?
    [ $code = "$wanted" ] && ! grep -q '^==' err || { head -n 30 err; echo "FAILED: $* gave $code, not $wanted"; exit 1; }
    runs=$((runs + 1))
}

awk 'BEGIN {
    print "id\ttext\tlabel"
    for (i = 1; i <= 12; i++)
        printf "%d\tWe %s talk with them at table %d\t%s\n", i, i % 2 ? "will" : "will never", i, i % 2 ? "favor" : "against"
}' >corpus.tsv
printf 'We will talk\nbad \377\n\n' >lines.txt
printf 'Talks\n\n"We will talk on," Minister Edda Lorne said. They called it \342\200\234a door\342\200\235.\n' >article.txt
clean 0 train -q -j2 -o model.qsm corpus.tsv
clean 1 predict -q -j2 --lines --format jsonl -m model.qsm lines.txt
clean 0 predict -q -j2 article.txt
clean 0 extract -q article.txt
head -c 3000 model.qsm >bad.qsm
clean 3 predict -q --lines -m bad.qsm lines.txt
if [ -n "${QS_ALL:-}" ]; then
    clean 0 train -q -j1 --learner libsvm -o libsvm.qsm corpus.tsv
    clean 0 train -q -j1 --learner liblinear --word-classes en --class-presence -o linear.qsm corpus.tsv
    clean 0 train -q -j1 --kernel rbf -o rbf.qsm corpus.tsv
    clean 1 predict -q --lines --format csv -m rbf.qsm lines.txt
    clean 0 predict -q --html page --brat . -o rows article.txt
    clean 1 explain -q --lines -m model.qsm lines.txt
    clean 0 evaluate -q --bootstrap 20 -m model.qsm --json json --html page --markdown text --junit unit --save-predictions new.jsonl corpus.tsv
    clean 0 compare -q --bootstrap 20 --gold corpus.tsv new.jsonl new.jsonl
    for action in info verify export card; do clean 0 model $action model.qsm; done
    clean 0 model diff model.qsm linear.qsm
    clean 3 model verify bad.qsm
    clean 1 corpus check -q corpus.tsv
    clean 0 corpus stats -q corpus.tsv
    clean 0 corpus convert --to jsonl corpus.tsv
    clean 0 corpus split -q -o part corpus.tsv
    clean 0 corpus agree -q corpus.tsv corpus.tsv
    clean 0 shard -q -n 2 --input-format tsv -o shards corpus.tsv
    clean 0 predict --lines -q -m model.qsm --manifest shards/manifest.json --index 0 -o done
    clean 0 predict --lines -q -m model.qsm --manifest shards/manifest.json --index 1 -o done
    clean 0 merge -q -o merged shards/manifest.json done
fi
echo "$runs runs, all clean"
