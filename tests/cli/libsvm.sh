#!/bin/sh
# The same labels as svm-train and svm-predict on the exported vectors. SPDX-License-Identifier: MIT
# usage: libsvm.sh QUOTESTANCE
set -eu
program=$1
command -v svm-train >/dev/null && command -v svm-predict >/dev/null || {
    echo "skipped: no svm-train here"
    exit 77
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

fail()
{
    echo "FAILED: $1" >&2
    exit 1
}

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
echo ok
