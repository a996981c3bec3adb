#!/bin/sh
# The same model bytes for any number of jobs, every time, from both compilers; and the labels of svm-train on the published set-up of
# SemEval's n-gram baseline, where its corpus is at hand. SPDX-License-Identifier: MIT
# usage: learning.sh QUOTESTANCE
set -eu
program=$1
. "$(dirname "$0")/common.sh"
source=$(cd "$(dirname "$0")/../.." && pwd)
builds=$(cd "$(dirname "$program")/.." && pwd)
in_scratch_folder

awk 'BEGIN {
    srand(5); split("welcome talks now;no talks ever;the road is wet", stem, ";"); split("for against none", label, " ")
    print "id\tlabel\ttarget\ttext"
    for (i = 1; i <= 240; i++) {
        l = i % 3 + 1; s = (i * 7) % 10 < 7 ? l : (i * 5) % 3 + 1
        print i "\t" label[l] "\t" (i % 2 ? "Road" : "Harbour") "\t" stem[s] " in town " (i * 13) % 17 " with crowd " (i * 11) % 23
    }
}' >corpus.tsv

# A program built before the last change of the sources is another version, not another compiler.
is_current()
{
    [ -z "$(find "$source/src" "$source/include" "$source/CMakeLists.txt" -newer "$1" -print -quit)" ]
}

# name, options
check_bytes()
{
    name=$1
    shift
    "$program" train -q -j1 "$@" -o "$name.1" corpus.tsv || fail "train $name"
    "$program" train -q -j2 "$@" -o "$name.2" corpus.tsv
    "$program" train -q -j2 "$@" -o "$name.3" corpus.tsv
    cmp "$name.1" "$name.2" || fail "$name: -j1 and -j2 differ"
    cmp "$name.2" "$name.3" || fail "$name: two runs differ"
    for other in "$builds"/release/quotestance "$builds"/clang/quotestance; do
        if [ -x "$other" ] && [ ! "$other" -ef "$program" ] && is_current "$other"; then
            "$other" train -q -j2 "$@" -o "$name.other" corpus.tsv
            cmp "$name.1" "$name.other" || fail "$name: two compilers differ"
            compilers=" and with another compiler"
        fi
    done
}
compilers=
check_bytes libsvm --learner libsvm --per-target
check_bytes liblinear --learner liblinear --per-target
check_bytes descent --learner descent --per-target
check_bytes odds --learner liblinear --weight odds --evidence 0.05
check_bytes rbf --kernel rbf
check_bytes nu --nu 0.3 --per-target
for arguments in "--nu 1.5" "--nu -1" "--nu nan" "--nu 0.5 -C 2" "--nu 0.5 --learner liblinear" "--nu 0.5 --head-cost stance:negotiations=1"; do
    # shellcheck disable=SC2086
    expect 2 train -q -o refused.qsm $arguments corpus.tsv
    [ ! -e refused.qsm ] || fail "$arguments: a model"
done
grep 'for\|against' corpus.tsv | head -n 60 | awk -F'\t' '$2 != "for" || n++ < 4' >uneven.tsv
{ head -n 1 corpus.tsv; cat uneven.tsv; } >few.tsv
expect 2 train -q --nu 0.9 -o refused.qsm few.tsv
grep -q 'nu can be 0.[0-9]* at most for labels of 4 and' err || { cat err; fail "a nu that these labels do not allow"; }
"$program" train -q --nu 0.3 --kernel rbf -o nu_rbf.qsm corpus.tsv
"$program" model info nu_rbf.qsm | grep -q 'nu-SVC' || fail "model info does not tell nu-SVC"
"$program" train -q --seed 2 --learner liblinear -o seed corpus.tsv
if cmp -s liblinear.1 seed; then fail "options change nothing"; fi

tweets=$source/../shared/corpora/semeval16
if [ -e "$tweets.train.tsv" ] && command -v svm-train >/dev/null; then
    "$program" train -q --per-target --weight presence --class-weight none --learner libsvm -C 1 --calibration-folds 0 \
        --no-ngram-texts -o tweets.qsm "$tweets.train.tsv"
    for head in "Atheism" "Climate Change is a Real Concern" "Feminist Movement" "Hillary Clinton" "Legalization of Abortion"; do
        "$program" model export -q --head "$head" -o ours.model tweets.qsm || fail "export of $head"
        "$program" model export -q --head "$head" --vectors "$tweets.train.tsv" -o train.svm tweets.qsm
        "$program" model export -q --head "$head" --vectors "$tweets.trial.tsv" -o trial.svm tweets.qsm
        svm-train -q -t 0 -c 1 train.svm peer.model
        for set in train trial; do
            svm-predict $set.svm ours.model ours.$set >/dev/null
            svm-predict $set.svm peer.model peer.$set >/dev/null
            cmp ours.$set peer.$set || fail "$head: other labels than svm-train's on $set"
        done
        cat ours.trial >>labels
    done
    [ "$(wc -l <labels)" -ge 90 ] && [ "$(sort -u labels | wc -l)" -eq 3 ] || fail "too few labels compared"
    echo "ok: same bytes$compilers; same labels as svm-train on 5 targets"
else
    echo "ok: same bytes$compilers (no tweets here to compare with svm-train)"
fi
