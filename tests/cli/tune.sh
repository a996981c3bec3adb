#!/bin/sh
# quotestance train --tune: every trial told, the same model for any number of jobs. SPDX-License-Identifier: MIT
# usage: tune.sh QUOTESTANCE
set -eu
program=$1
. "$(dirname "$0")/common.sh"
in_scratch_folder

# Invented rows: the label hangs on the words near the name, the other name has the opposite ones.
awk 'BEGIN {
    split("praised welcomed backed thanked", good); split("attacked mocked blamed rejected", bad)
    print "id\ttarget\tlabel\ttext"
    for (i = 1; i <= 80; i++) {
        g = good[i % 4 + 1] " Ash warmly"; b = bad[(i * 3) % 4 + 1] " Elm sharply"
        text = i % 3 == 0 ? "the house " b ", then " g : "the house " g ", then " b
        if (i % 2) print i "\tAsh\tpositive\t" text " on day " i % 7
        else print i "\tElm\tnegative\t" text " on day " i % 5
    }
}' >corpus.tsv

"$program" train --tune --folds 3 -j1 -o one.qsm corpus.tsv 2>log || { cat log; fail "training"; }
"$program" train --tune --folds 3 -j2 -q -o two.qsm corpus.tsv 2>quiet || fail "training with two jobs"
[ ! -s quiet ] || fail "it is not quiet"
cmp one.qsm two.qsm || fail "the model depends on the number of jobs"
[ "$(grep -c 'tuning: words' log)" -ge 20 ] || { cat log; fail "trials are missing"; }
grep -q 'target fields' log || fail "target fields were not tried"
"$program" model info one.qsm >info 2>&1 || true

awk 'BEGIN {
    print "id\ttarget\tlabel\ttext"
    for (i = 1; i <= 80; i++) {
        favor = int(i / 2) % 2
        print i "\t" (i % 2 ? "Ash" : "Elm") "\t" (favor ? "FAVOR" : "AGAINST") "\tday " i % 9 (favor ? " praised" : " mocked") \
            (i % 5 ? "" : " perhaps") " by all"
    }
}' >pairs.tsv

# Targets that share: the same for any number of jobs; a run that begins again takes its trials from the log.
"$program" train --tune --per-target --metric f_avg --tune-log trials -j2 -o first.qsm pairs.tsv 2>log || { cat log; fail "per target"; }
grep -q 'share 0.5' log || { cat log; fail "shares were not tried"; }
lines=$(wc -l <trials)
[ "$lines" -ge 20 ] || fail "the log has $lines lines"
head -n 9 trials >part; printf 'torn line' >>part
"$program" train --tune --per-target --metric f_avg --tune-log part -j1 -o second.qsm pairs.tsv 2>log || fail "from the log"
cmp first.qsm second.qsm || fail "the log or the number of jobs changes the model"
"$program" train --tune --per-target --metric f_avg --tune-log trials -j1 -q -o third.qsm pairs.tsv || fail "log again"
[ "$lines" = "$(wc -l <trials)" ] || fail "trials were made twice"
cmp first.qsm third.qsm || fail "the log changes the model"
"$program" train --tune --learner libsvm --folds 3 -o svm.qsm corpus.tsv 2>log || fail "tuning libsvm"
grep -q 'trained by libsvm' log || { cat log; fail "libsvm was asked for"; }

# Heads that are learnt apart: a cost for each, the same from the log and for any number of jobs, and again when given by hand.
awk 'BEGIN {
    srand(5)
    print "target\tlabel\ttext"
    for (i = 0; i < 240; i++) {
        label = i % 3 == 0 ? "FAVOR" : "AGAINST"
        line = label == "FAVOR" ? " praised" : " mocked"
        if (i % 2 && rand() < 0.3) line = " said"
        for (k = 0; k < (i % 2 ? 9 : 1); k++) line = line " w" int(rand() * 60)
        print (int(i / 6) % 2 ? "Ash=Tree" : "Elm") "\t" label "\t" line
    }
}' >apart.tsv

# Where targets are learnt together labels are decided by macro F1 unless told otherwise.
for by in macro_f1 none; do
    "$program" train --per-target --decide-by "$by" -q -o "$by.qsm" apart.tsv || fail "labels decided by $by"
    "$program" predict --lines -q -m "$by.qsm" --format jsonl apart.tsv >"$by.out" || fail "scores of labels decided by $by"
done
"$program" train --per-target -q -o own.qsm apart.tsv || fail "labels decided by default"
cmp own.qsm macro_f1.qsm || fail "labels are not decided by default"
"$program" train --target-fields -q -o one.qsm apart.tsv || fail "one head with target fields"
"$program" model info one.qsm 2>&1 | grep -q decide_by && fail "one head alone: its probabilities are not shifted by default"
cmp -s macro_f1.out none.out && fail "deciding changes nothing"
"$program" train --per-target --calibration temperature -q -o plain.qsm apart.tsv || fail "a temperature alone"
"$program" model info plain.qsm 2>&1 | grep -q decide_by && fail "a temperature alone moves no label"

set -- --per-target --learner libsvm --char-ngrams none --calibration-folds 0
"$program" train --tune --folds 3 --tune-log own "$@" -j2 -o first.qsm apart.tsv 2>log || { cat log; fail "costs apart"; }
grep -q 'tuning: chosen: .* C of each head: ' log || { cat log; fail "the pooled figure"; }
for head in Ash=Tree Elm; do
    chosen=$(sed -n "s/.*tuning: chosen: \\(.* head $head C\\) .*/\\1/p" log)
    grep "tuning: $chosen " log >trials.of || { cat log; fail "nothing was chosen for $head"; }
    [ "$(wc -l <trials.of)" = 8 ] || { cat log; fail "trials of $head"; }
    best=$(awk '$NF > top { top = $NF; cost = $(NF - 2) } END { print cost }' trials.of)
    grep -q "tuning: chosen: $chosen $best " log || { cat log; fail "$head did not get its best cost, $best"; }
done
"$program" train --tune --folds 3 --tune-log own "$@" -j1 -q -o second.qsm apart.tsv || fail "costs apart from the log"
cmp first.qsm second.qsm || fail "costs apart: the log or the number of jobs changes the model"
"$program" train -q "$@" --head-cost Ash=Tree=4 --head-cost Elm=0.01 -o first.qsm apart.tsv || fail "costs by hand"
"$program" train -q "$@" -C 4 -o high.qsm apart.tsv || fail "a high cost"
"$program" train -q "$@" -C 1 --head-cost Elm=0.01 -o low.qsm apart.tsv || fail "a low cost"
for model in first high low; do
    "$program" evaluate -q -m $model.qsm --save-predictions $model.jsonl apart.tsv >/dev/null || fail "evaluate $model"
    grep -o '"Ash=Tree":{[^}]*}' $model.jsonl >$model.ash
    grep -o '"Elm":{[^}]*}' $model.jsonl >$model.elm
done
[ "$(wc -l <first.elm)" = 120 ] || fail "scores of heads"
cmp first.ash high.ash || fail "a head does not have the cost it was given"
cmp first.elm low.elm || fail "a head does not have the cost it was given"
cmp -s first.elm high.elm && fail "a cost of its own changes nothing"
cmp -s first.ash low.ash && fail "a cost of its own changes nothing"
"$program" model info first.qsm | grep -q 'c = Ash=Tree=4, Elm=0.01' || fail "the costs are not in the model"
for bad in Ash=1 Elm=0 Elm 'Elm=x'; do
    code=0
    "$program" train -q "$@" --head-cost "$bad" -o bad.qsm apart.tsv 2>err || code=$?
    [ $code = 2 ] || { cat err; fail "--head-cost $bad: exit $code"; }
done
code=0
"$program" train -q --per-target --learner joint --head-cost Elm=1 -o bad.qsm apart.tsv 2>err || code=$?
[ $code = 2 ] || fail "--head-cost with the joint learner: exit $code"
code=0
"$program" train --tune "$@" --head-cost Elm=1 -o bad.qsm apart.tsv 2>err || code=$?
[ $code = 2 ] && ! grep -q 'tuning: words' err || { cat err; fail "--head-cost with --tune: exit $code"; }

# What decides labels is the caller's if he says so.
"$program" train --tune --folds 3 --per-target --metric f_avg --decide-by none -o none.qsm apart.tsv 2>log || fail "--tune --decide-by none"
grep -q shifted log && { cat log; fail "labels are shifted though none was asked for"; }
"$program" model info none.qsm 2>&1 | grep -q decide_by && fail "labels are decided though none was asked for"

# Trials of many heads with long names go into the model, in parts.
awk 'BEGIN {
    long = "a-long-name-of-a-target-"
    while (length(long) < 200) long = long long
    print "target\tlabel\ttext"
    for (i = 0; i < 60; i++)
        print substr(long, 1, 200) i % 5 "\t" (int(i / 5) % 2 ? "FAVOR\tday " i % 7 " praised" : "AGAINST\tday " i % 7 " mocked")
}' >long.tsv
"$program" train --tune --folds 3 --tune-seconds 100 "$@" -o long.qsm long.tsv 2>log || { tail -n 3 log; fail "tuning of long names"; }
"$program" model info --format json long.qsm >info 2>/dev/null || "$program" model info long.qsm >info
grep -q 'tuning\.2' info || fail "the trials are not in parts"
[ "$(grep -o 'C of each head: ' info | wc -l)" = "$(grep -c 'C of each head: ' log)" ] || fail "trials are missing in the model"

# With more labels than can be searched nothing is shifted, and the model does not say so.
awk 'BEGIN {
    print "target\tlabel\ttext"
    for (i = 0; i < 200; i++) print (int(i / 10) % 2 ? "Ash" : "Elm") "\tl" i % 10 "\tday " i % 7 " word" i % 10
}' >labels.tsv
"$program" train -q --per-target -o labels.qsm labels.tsv || fail "ten labels"
"$program" model info labels.qsm 2>&1 | grep -q decide_by && fail "ten labels: nothing was decided"

# Labels without any reason: nothing may seem learnt, though odds make the rows they were counted in look foretold.
awk 'BEGIN {
    srand(3)
    for (i = 0; i < 600; i++) {
        line = ""
        for (k = 0; k < 12; k++) line = line " w" int(rand() * 300)
        label = rand() < 0.5 ? "yes" : "no"
        if (i == 0) print "label\ttext"
        if (i < 400) print label "\t" line
        else print line >"unseen.txt"
    }
}' >noise.tsv
for learner in liblinear libsvm joint; do
    "$program" train -q --weight odds --char-ngrams none --learner $learner -o noise.qsm noise.tsv || fail "noise by $learner"
    "$program" predict -q -m noise.qsm --lines --format jsonl unseen.txt |
        grep -o '"yes":[0-9.e-]*' | cut -d: -f2 |
        awk '{ sum += $1 > 0.5 ? $1 : 1 - $1 } END { exit !(NR == 200 && sum / NR < 0.56) }' ||
        fail "$learner is sure of what cannot be known"
    "$program" train --tune --folds 3 --weight odds --char-ngrams none --learner $learner -o noise.qsm noise.tsv 2>log ||
        fail "tuning noise by $learner"
    sed -n 's/.*macro_f1 \(0\.[0-9]*\).*/\1/p' log | awk '$1 > 0.6 { bad++ } END { exit NR == 0 || bad }' ||
        { cat log; fail "tuning $learner sees in noise what is not there"; }
done

# Parts of words: the default where targets are learnt together, and a way back.
"$program" train -q --per-target -o parts.qsm pairs.tsv || fail "parts of words"
"$program" train -q --per-target --no-word-parts -o plain.qsm pairs.tsv || fail "no parts of words"
"$program" train -q --learner liblinear --word-parts -o linear.qsm pairs.tsv || fail "parts of words by liblinear"
for model in parts linear; do
    "$program" model info $model.qsm | grep -q 'parts of words' || fail "$model has no parts of words"
done
"$program" model info plain.qsm | grep -q 'parts of words' && fail "--no-word-parts has parts of words"
code=0
"$program" train -q --word-parts --char-ngrams none -o none.qsm pairs.tsv 2>log || code=$?
[ $code = 2 ] || fail "parts of words without characters: exit $code"

# How much characters count beside words: next to nothing is as without them, a whole is the default where less does not pay, half is
# taken where it does, and told.
set -- --per-target --calibration-folds 0 --no-word-parts
"$program" train -q "$@" --char-weight 1e-9 -o faint.qsm apart.tsv || fail "faint characters"
"$program" train -q "$@" --char-ngrams none -o none.qsm apart.tsv || fail "no characters"
"$program" train -q "$@" -o whole.qsm apart.tsv || fail "characters"
for model in faint none whole; do
    "$program" predict --lines -q -m $model.qsm --format jsonl apart.tsv | sed 's/\(\.[0-9][0-9][0-9]\)[0-9]*/\1/g' >$model.out
done
cmp faint.out none.out || fail "characters of no weight change scores"
cmp -s whole.out none.out && fail "characters change nothing"
"$program" train -q --per-target --char-weight 1 -o one.qsm pairs.tsv || fail "whole characters"
"$program" train --per-target -j2 -o own.qsm pairs.tsv 2>log || fail "characters by default"
grep -q 'count half' log && { cat log; fail "characters that tell all count half"; }
cmp one.qsm own.qsm || fail "whole characters are not the default"
# A word tells the label by its first and last letter together: no five letters do.
awk 'BEGIN {
    srand(8)
    print "target\tlabel\ttext"
    for (i = 0; i < 400; i++) {
        favor = int(i / 2) % 2
        first = rand() < 0.5 ? "s" : "t"
        last = favor ? first : first == "s" ? "t" : "s"
        line = first "lmnopr" int(rand() * 12) "lmnopr" last
        for (k = 0; k < 42; k++) line = line (k % 3 ? "" : " ") substr("abcd", int(rand() * 4) + 1, 1)
        print (i % 2 ? "Ash" : "Elm") "\t" (favor ? "FAVOR" : "AGAINST") "\t" line
    }
}' >letters.tsv
"$program" train --per-target -j1 -o one.qsm letters.tsv 2>log || fail "letters"
grep -q 'count half' log || { cat log; fail "characters that tell nothing count as much as words"; }
"$program" train -q --per-target -j2 -o two.qsm letters.tsv || fail "letters, two jobs"
cmp one.qsm two.qsm || fail "the number of jobs changes how much characters count"
"$program" train -q --per-target --char-weight 0.5 -o given.qsm letters.tsv || fail "half characters by hand"
cmp one.qsm given.qsm || fail "half by hand is another model"
"$program" model info one.qsm | grep -q 'char_weight = 0.5' || fail "the model does not say how much characters count"
for bad in "--char-weight 0.5 --learner libsvm" "--per-target --char-weight -1"; do
    code=0
    # shellcheck disable=SC2086
    "$program" train -q $bad -o bad.qsm pairs.tsv 2>err || code=$?
    [ $code = 2 ] || { cat err; fail "$bad: exit $code"; }
done

for arguments in "--kernel rbf" "--folds 1" "--nu 0.5"; do
    code=0
    # shellcheck disable=SC2086
    "$program" train --tune $arguments -o bad.qsm corpus.tsv 2>err || code=$?
    [ "$code" = 2 ] || { cat err; fail "$arguments gave $code, not 2"; }
    [ ! -e bad.qsm ] || fail "$arguments left a file"
done
code=0
"$program" train --tune --folds 90 -o bad.qsm corpus.tsv 2>err || code=$?
[ "$code" != 0 ] || fail "more folds than rows were accepted"
echo ok
