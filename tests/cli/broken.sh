#!/bin/sh
# Corpora that cannot be learnt from, or judged by: a clear error, exit 4, no file. SPDX-License-Identifier: MIT
# usage: broken.sh QUOTESTANCE
set -eu
program=$1
. "$(dirname "$0")/common.sh"
in_scratch_folder

# refused CODE WORDS ARGUMENTS...
refused()
{
    wanted=$1 words=$2 code=0
    shift 2
    "$program" "$@" >out 2>err || code=$?
    [ "$code" = "$wanted" ] || { cat err; fail "$*: exit $code, not $wanted"; }
    grep -q -- "$words" err || { cat err; fail "$*: the message lacks '$words'"; }
    [ ! -e bad.qsm ] || fail "$* left a file"
}

table() { awk "BEGIN { print \"id\ttext\tlabel\"; for (i = 1; i <= $1; i++) print i \"\t\" $2 \"\t\" $3 }"; }
table 12 '"the talks of day " i' '"favor"' >one.tsv
table 100000 '"the talks of day " i' '"label" i' >many.tsv
table 20 '""' '(i % 2 ? "a" : "b")' >empty.tsv
table 40 '(i % 2 ? "good day " : "bad day ") i' '(i % 2 ? "a" : "b")' >fine.tsv
table 10 '"good day " i' '"c"' >unseen.tsv
table 10 '(i % 2 ? "good day " : "bad day ") i' '(i % 5 ? "a" : "c")' >partly.tsv
awk 'BEGIN { for (i = 1; i <= 20; i++) print (i % 2 ? 1 : -1) " 1:nan 2:1" }' >nan.libsvm

for how in "--learner auto" "--learner joint" "--tune"; do
    # shellcheck disable=SC2086
    {
        refused 4 'one label only' train $how -o bad.qsm one.tsv
        refused 4 'too many labels' train $how -o bad.qsm many.tsv
        refused 4 'no usable row' train $how -o bad.qsm empty.tsv
        refused 4 'no usable row' train $how -o bad.qsm nan.libsvm
    }
    grep -q 'finite' err || fail "the reason is not told"
done
"$program" train -q -o fine.qsm fine.tsv || fail "a corpus that is fine"
refused 4 'knows none of the labels.*c' evaluate -m fine.qsm unseen.tsv
"$program" evaluate -m fine.qsm partly.tsv >out 2>err || fail "a corpus with some labels that are new"
grep -q "not among those of the model, such as 'c'" err || { cat err; fail "new labels are not told of"; }

# The same text over and over: folds cannot keep it together.
table 30 '"..."' '(i % 2 ? "a" : "b")' >same.tsv
for how in "--learner joint" "--tune"; do
    # shellcheck disable=SC2086
    "$program" train -q $how -o same.qsm same.tsv || fail "equal texts, $how"
done

# Abstaining: no label below the threshold, none at all above 1, everything by default.
[ "$("$program" predict -m fine.qsm --lines --abstain 1.5 --format jsonl fine.tsv | grep -c '"label":null')" = 40 ] ||
    fail "labels above any probability"
[ "$("$program" predict -m fine.qsm --lines --format jsonl fine.tsv | grep -c '"label":null')" = 0 ] || fail "labels are missing"
"$program" evaluate -m fine.qsm --abstain 1.5 fine.tsv --json all.json >out || fail "evaluate --abstain"
grep -q '"accuracy": *0[,.}]' all.json || { cat all.json; fail "abstaining counts as wrong"; }
echo ok
