#!/bin/sh
# The same labels as svm-train and svm-predict on the exported vectors. SPDX-License-Identifier: MIT
# usage: libsvm.sh QUOTESTANCE
set -eu
program=$1
. "$(dirname "$0")/common.sh"
command -v svm-train >/dev/null && command -v svm-predict >/dev/null || {
    echo "skipped: no svm-train here"
    exit 77
}
in_scratch_folder

# Invented rows of three labels, noisy enough that some are labelled wrongly.
awk 'BEGIN {
    srand(3); split("welcome talks now;no talks ever;the road is wet", stem, ";"); split("for against none", label, " ")
    print "id\tlabel\ttext"
    for (i = 1; i <= 150; i++) {
        l = i % 3 + 1; s = (i * 7) % 10 < 7 ? l : (i * 5) % 3 + 1
        print i "\t" label[l] "\t" stem[s] " in town " (i * 13) % 17 " with crowd " (i * 11) % 23
    }
}' >corpus.tsv

"$program" train -q --class-weight none -C 0.5 -o m.qsm corpus.tsv || fail "train"
"$program" model export --vectors corpus.tsv -o vectors.svm m.qsm || fail "export of vectors"
"$program" model export -o ours.model m.qsm || fail "export of the head"
svm-train -q -t 0 -c 0.5 vectors.svm peer.model
svm-predict vectors.svm peer.model peer.out >/dev/null
svm-predict vectors.svm ours.model ours.out >/dev/null
cmp peer.out ours.out || fail "the exported model and libsvm's own differ"
wrong=$(awk '{print $1}' vectors.svm | paste -d' ' - peer.out | awk '$1 != $2' | wc -l)
[ "$wrong" -gt 0 ] || fail "the corpus is too easy to show a difference"

# Our own labels, row by row, in the order of the export (grouped by label).
"$program" evaluate -m m.qsm --save-predictions rows.jsonl corpus.tsv >/dev/null || fail "evaluate"
for l in against for none; do
    grep "\"gold\":{[^}]*:\"$l\"}" rows.jsonl
done | sed 's/.*"label":"\([a-z]*\)".*/\1/; s/^against$/1/; s/^for$/2/; s/^none$/3/' >labels
cmp labels peer.out || fail "labels differ from svm-predict's"

# And back: a head that svm-train or liblinear-train made takes the place of ours and gives their labels.
"$program" model import --text peer.model -o back.qsm m.qsm || fail "import"
"$program" model export -o again.model back.qsm
svm-predict vectors.svm again.model again.out >/dev/null
cmp peer.out again.out || fail "labels after import and export"
if command -v liblinear-train >/dev/null; then
    liblinear-train -q -s 1 -c 0.1 -B 1 vectors.svm linear.model
    "$program" model import --text linear.model -o linear.qsm m.qsm || fail "import from liblinear"
    "$program" model export -o linear2.model linear.qsm
    liblinear-predict vectors.svm linear.model linear.out >/dev/null
    liblinear-predict vectors.svm linear2.model linear2.out >/dev/null
    cmp linear.out linear2.out || fail "labels after import from liblinear"
fi
head -c 300 peer.model >cut.model
status=0
"$program" model import --text cut.model -o cut.qsm m.qsm 2>message || status=$?
[ "$status" -eq 3 ] && grep -q cut.model message && [ ! -e cut.qsm ] || fail "a text that was cut"

# The other heads of the model stay as they were, calibration too.
awk -F'\t' 'NR == 1 { print $0 "\ttarget"; next } { print $0 "\t" (NR % 2 ? "Harbour" : "Road") }' corpus.tsv >targets.tsv
"$program" train -q --per-target -o two.qsm targets.tsv
"$program" model export --head Harbour -o harbour.model two.qsm
"$program" model import --text harbour.model --head Harbour -o two-back.qsm two.qsm || fail "import of one of two"
for m in two two-back; do
    "$program" predict --lines -m $m.qsm targets.tsv | grep '"target":"Road"' >$m.road
done
[ "$(wc -l <two.road)" -eq 75 ] && cmp two.road two-back.road || fail "import changed another head"
if cmp -s two.qsm two-back.qsm; then fail "import changed nothing"; fi

# diff tells what changed, and nothing of a model and itself.
"$program" model diff m.qsm back.qsm | grep -q 'imported_head.*stance' || fail "diff: provenance"
"$program" model diff --top 2 m.qsm linear.qsm 2>/dev/null | grep -q -- '->' || fail "diff: weights"
[ "$("$program" model diff m.qsm m.qsm | grep -c -- '->')" -eq 0 ] || fail "diff of a model and itself"
status=0
"$program" model diff m.qsm 2>/dev/null || status=$?
[ "$status" -eq 2 ] || fail "diff of one model"
echo ok
