#!/bin/sh
# Killed before each of its I/O calls: what stood there is whole, nothing is half done, and the same command again ends with the
# bytes of a run that was left alone. SPDX-License-Identifier: MIT
# usage: crash.sh QUOTESTANCE     about 20 places a command; all with QS_ALL=1
set -eu
program=$1
. "$(dirname "$0")/common.sh"
most=20
[ -z "${QS_ALL:-}" ] || most=100000
in_scratch_folder
kills=0

# killed SEAM:N ARGUMENTS...: true if the run was killed there, or came to its end in fewer calls (a solver's answer comes through a
# pipe, in more reads or fewer)
killed()
{
    seam=${1%:*} place=${1#*:}
    shift
    code=0
    rm -f counts
    QS_FAULT="$seam:${place}k" QS_FAULT_COUNT=counts "$program" "$@" >printed 2>err </dev/null || code=$?
    [ $code != 137 ] || kills=$((kills + 1))
    [ $code = 137 ] || { [ -s counts ] && [ "$(sed -n "s/^$seam //p" counts)" -lt "$place" ]; }
}

# calls SEAM ARGUMENTS...: how many of its calls the command makes
calls()
{
    seam=$1
    shift
    rm -f counts
    QS_FAULT_COUNT=counts "$program" "$@" >printed 2>err </dev/null || [ $? = 1 ] || fail "$*"
    [ -s counts ] || { echo "skipped: the program was built without QS_FAULTS"; exit 77; }
    sed -n "s/^$seam //p" counts
}

step_of() { echo $((($1 + most - 1) / most)); }

awk 'BEGIN {
    print "id\ttext\tlabel"
    for (i = 1; i <= 12; i++)
        printf "%d\tWe %s talk with them at table %d\t%s\n", i, i % 2 ? "will" : "will never", i, i % 2 ? "favor" : "against"
}' >corpus.tsv
awk 'BEGIN { for (i = 1; i <= 9000; i++) print i % 97 == 0 ? "" : "We will talk with them at table " i }' >lines.txt
head -n 400 lines.txt >few.txt
"$program" train -q -j1 -o model.qsm corpus.tsv

# --- a batch, killed and resumed, killed again while it resumes
batch="predict -q -j1 --lines --format jsonl -m model.qsm -o rows"
# shellcheck disable=SC2086
{
count=$(calls io $batch lines.txt)
mv rows whole
[ "$count" -gt 15 ] || fail "only $count calls"
at=1
resumed=0
while [ "$at" -le "$count" ]; do
    rm -f rows rows.*
    killed io:$at $batch lines.txt || fail "not killed at I/O call $at of $count ($code)"
    [ ! -e rows ] || cmp -s rows whole || fail "half an output after call $at"
    [ ! -e rows.journal ] || resumed=$((resumed + 1))
    if [ ! -e rows ]; then
        killed io:$((at % 11 + 2)) $batch --resume lines.txt || [ $code = 1 ] || fail "resumed after call $at: $code"
        [ -e rows ] || "$program" $batch --resume lines.txt 2>err || [ $? = 1 ] || fail "resumed again after call $at"
    fi
    cmp -s rows whole || fail "killed at call $at and resumed: other bytes"
    [ ! -e rows.partial ] || [ "$at" -ge $((count - 3)) ] || fail "a partial output is left"
    at=$((at + $(step_of "$count")))
done
}
[ $resumed -gt 2 ] || fail "no kill came when there was a journal"

# --- the instants when there is some output and no journal yet: a run that is resumed begins again, and ends with the same bytes
bare=0
at=1
# shellcheck disable=SC2086
while [ "$at" -le "$count" ] && [ $bare -lt 4 ]; do
    rm -f rows rows.*
    killed io:$at $batch lines.txt || fail "not killed at I/O call $at of $count ($code)"
    if [ -e rows.partial ] && [ ! -e rows.journal ]; then
        bare=$((bare + 1))
        "$program" $batch --resume lines.txt 2>err || [ $? = 1 ] || fail "no journal after call $at: resume"
        cmp -s rows whole || fail "no journal after call $at: other bytes"
        [ ! -e rows.partial ] && [ ! -e rows.journal ] || fail "no journal after call $at: something is left"
    fi
    at=$((at + 1))
done
[ $bare -gt 0 ] || fail "no kill came between partial output and journal"

# again NAME ARGUMENTS...: commands that write into out/; killed anywhere, every file there is whole or as it was before
again()
{
    name=$1
    shift
    rm -rf out reference
    mkdir out
    [ ! -e before ] || cp -R before/. out
    count=$(calls io "$@")
    cp -R out reference
    at=1
    while [ "$at" -le "$count" ]; do
        rm -rf out
        mkdir out
        [ ! -e before ] || cp -R before/. out
        killed io:$at "$@" || { [ $code = 6 ] && grep -q 'solver died' err; } ||
            fail "$name: not killed at I/O call $at of $count ($code)"
        find out -type f ! -name '*.tmp' | while read -r file; do
            cmp -s "$file" "reference${file#out}" || cmp -s "$file" "before${file#out}" || echo "$file" >torn
        done
        [ ! -e torn ] || fail "$name: $(cat torn) is neither old nor new after call $at"
        "$program" "$@" >printed 2>err </dev/null || fail "$name: the next run fails after call $at"
        rm -f out/*.tmp
        diff -r out reference >err || fail "$name: the next run gives other files after call $at"
        at=$((at + $(step_of "$count")))
    done
    echo "$name: $count I/O calls"
}

mkdir before
echo "the model of yesterday" >before/model.qsm
again train train -q -j1 -o out/model.qsm corpus.tsv
again "train libsvm" train -q -j1 --learner libsvm -o out/model.qsm corpus.tsv
rm -r before
again "corpus split" corpus split -q -o out/part corpus.tsv
again "corpus convert" corpus convert -q --to jsonl -o out/all.jsonl corpus.tsv
again "evaluate" evaluate -q -j1 --bootstrap 20 -m model.qsm --json out/json --html out/page --markdown out/text corpus.tsv
again "model export" model export -o out/text model.qsm
again shard shard -q -n 3 --input-format lines -o out few.txt
"$program" shard -q -n 2 --input-format lines -o shards few.txt
"$program" predict --lines -q -j1 -m model.qsm --manifest shards/manifest.json --index 0 -o done 2>err || [ $? = 1 ]
"$program" predict --lines -q -j1 -m model.qsm --manifest shards/manifest.json --index 1 -o done 2>err || [ $? = 1 ]
rm -f counts

# --- the solver's child killed: the program says so, or is killed itself
for learner in libsvm liblinear descent; do
    count=$(calls alloc train -q -j1 --learner $learner -o made.qsm corpus.tsv)
    cp made.qsm old.qsm
    at=1
    children=0
    while [ "$at" -le "$count" ]; do
        if ! killed alloc:$at train -q -j1 --learner $learner -o made.qsm corpus.tsv; then
            [ $code = 6 ] && [ "$(wc -l <err)" = 1 ] || fail "$learner: a child killed at allocation $at gave $code"
            children=$((children + 1))
        fi
        cmp -s made.qsm old.qsm || fail "$learner: another model after allocation $at"
        at=$((at + $(step_of "$count")))
    done
    echo "$learner: $count allocations, $children kills in the child"
done

# --- a second signal ends at once what the first could not: nobody reads, so no record can be finished
mkfifo pipe
sleep 60 <pipe &
sleeper=$!
"$program" predict -q -j2 --lines -m model.qsm lines.txt lines.txt >pipe 2>err &
victim=$!
sleep 1
kill -TERM $victim
sleep 0.5
kill -0 $victim 2>/dev/null || fail "the first signal ended a run that could not finish its record"
kill -TERM $victim
code=0
wait $victim || code=$?
kill $sleeper
[ $code = 143 ] || fail "the second signal gave $code"
echo "$kills kills, all whole"
