#!/bin/sh
# quotestance evaluate --gold --predictions and compare: figures, gates and exit codes. SPDX-License-Identifier: MIT
# usage: evaluate.sh QUOTESTANCE
set -eu
program=$1
. "$(dirname "$0")/common.sh"
here=$(cd "$(dirname "$0")" && pwd)
in_scratch_folder

printf 'id\tlabel\trole\n1\tfavor\tminister\n2\tagainst\tminister\n3\tfavor\trebel\n4\tnone\trebel\n' >gold.tsv
# another order, another format, an extra item
cat >a.jsonl <<'END'
{"id":"4","heads":{"stance":{"label":"none","probabilities":{"favor":0.1,"against":0.1,"none":0.8}}}}
{"id":"9","heads":{"stance":{"label":"none"}}}
{"id":"1","heads":{"stance":{"label":"favor","probabilities":{"favor":0.7,"against":0.1,"none":0.2}}}}
{"id":"2","heads":{"stance":{"label":"favor","probabilities":{"favor":0.5,"against":0.4,"none":0.1}}}}
{"id":"3","heads":{"stance":{"label":"favor","probabilities":{"favor":0.9,"against":0.05,"none":0.05}}}}
END
awk -v OFS='\t' 'BEGIN { print "text\tlabel\trole\ttarget"; for (i = 0; i < 40; i++)
    print (i % 2 ? "we want talks now" : "no talks ever"), i % 2 ? "favor" : "against", i < 20 ? "minister" : "rebel", "t" }' >corpus.tsv
printf 'label\nfavor\nagainst\nagainst\nfavor\n' >b.csv # no ids: by order

expect 0 evaluate --gold gold.tsv --predictions a.jsonl --by role --json m.json --junit j.xml --markdown m.md \
    --html r.html --dvc d.json --plots p-
grep -q '"items":4,' m.json || fail "items"
grep -q '"stance":{"rows":4,"correct":3' m.json || fail "head of the predictions"
grep -q '"by":{"role":{"minister":{"rows":2,"correct":1' m.json || fail "slices"
grep -q '^"stance","against",' p-roc.csv || fail "points of curves"
grep -q "default-src 'none'" r.html || fail "policy of the page"
expect 0 evaluate --gold gold.tsv --predictions b.csv --require 'accuracy>=0.5' --junit j.xml
grep -q 'tests="1" failures="0" errors="0"' j.xml || fail "gate that is met"
expect 7 evaluate --gold gold.tsv --predictions a.jsonl --require 'accuracy>=0.5' --require 'favor.f1>=0.9' --junit j.xml
grep -q 'tests="2" failures="1" errors="0"' j.xml || fail "gate that is missed"
grep -q 'gate not met: favor.f1 0.8000 < 0.9' err || fail "message of a missed gate"
expect 2 evaluate --gold gold.tsv --predictions a.jsonl --require 'bleu>=0.5' --require 'accuracy>=0.9' --junit k.xml
grep -q 'tests="2" failures="1" errors="1"' k.xml || fail "gate that cannot be judged"
if command -v xmllint >/dev/null; then
    xmllint --noout --schema "$here/../tools/junit.xsd" j.xml k.xml 2>err || { cat err; fail "JUnit beside its schema"; }
    sed 's/failures="1"/failures="one"/' k.xml >bad.xml
    xmllint --noout --schema "$here/../tools/junit.xsd" bad.xml 2>err && fail "a schema that takes anything"
fi
if command -v python3 >/dev/null; then
    schema=$here/../../scripts/schema/metrics.schema.json
    python3 "$here/../tools/schema_check.py" "$schema" m.json || fail "metrics beside their schema"
    sed 's/"accuracy":0[.0-9]*/"accuracy":2/' m.json >bad.json
    python3 "$here/../tools/schema_check.py" "$schema" bad.json 2>err && fail "a schema that takes any figure"
fi
expect 7 evaluate --gold gold.tsv --predictions a.jsonl --require 'accuracy>=0.9' --annotations github
grep -q '^::error title=quotestance gate::accuracy 0.7500 < 0.9 (95 %25 ' err || fail "annotation"
grep -q '"worst":\[{"row":1,"head":"stance","gold":"against","predicted":"favor","id":"2",' m.json || fail "worst rows"
grep -q '| against | favor | 0.50 |' m.md || fail "worst rows in Markdown"
expect 2 evaluate --gold gold.tsv --predictions a.jsonl --by roll
grep -q 'has a field "roll"' err || fail "a slice column that is not there"
expect 2 evaluate --gold gold.tsv --predictions a.jsonl --require 'accuracy'
expect 2 evaluate --gold gold.tsv --predictions a.jsonl --max-drop accuracy=0.1
expect 4 evaluate --gold gold.tsv --predictions a.jsonl --max-drop accuracy=0.1 --baseline absent.json
expect 4 evaluate --gold gold.tsv --predictions a.jsonl --max-drop accuracy=0.1 --baseline gold.tsv
expect 0 evaluate --gold gold.tsv --predictions a.jsonl --max-drop accuracy=0 --baseline m.json
expect 7 evaluate --gold gold.tsv --predictions b.csv --max-drop accuracy=0.1 --baseline m.json
expect 0 evaluate --gold gold.tsv --predictions b.csv --max-drop accuracy=0.1 --baseline m.json --significant
printf 'id\tlabel\n1\tfavor\n' >short.tsv
expect 4 evaluate --gold gold.tsv --predictions short.tsv
grep -q 'gold.tsv:3: no prediction for item "2"' err || fail "gold item without prediction, by line"
printf 'label\nfavor\n' >short.csv
expect 4 evaluate --gold gold.tsv --predictions short.csv
printf '{"label":"favor","gold":"favor"}\n{"label":null,"gold":"against"}\n' >own.jsonl
expect 0 evaluate --predictions own.jsonl --format json
grep -q '"rows":2,"correct":1,"abstained":1' out || fail "gold labels beside predictions"

expect 0 compare --gold gold.tsv a.jsonl b.csv --json c.json
grep -q '"both_right":1,"only_a_right":2,"only_b_right":1,"both_wrong":0' c.json || fail "comparison"
expect 2 compare a.jsonl
expect 4 compare a.jsonl b.csv
awk 'length($0) > 80 { print; bad = 1 } END { exit bad }' out || fail "a table wider than 80 columns"

expect 0 evaluate --gold gold.tsv --predictions a.jsonl --seed 5 -j 1 --json one.json
expect 0 evaluate --gold gold.tsv --predictions a.jsonl --seed 5 -j 3 --json three.json
cmp one.json three.json || fail "figures depend on the number of threads"

# a model and a corpus: slices, and the card with the figures
expect 0 train -q --word-ngrams 1-1 --char-ngrams none --min-df 1 -o m.qsm --calibration-folds 0 corpus.tsv
expect 0 evaluate -m m.qsm corpus.tsv --by role --by target --bootstrap 50 --json corpus.json --html corpus.html
grep -q '"by":{"role":{"minister":{"rows":20,' corpus.json || fail "slices of a corpus"
grep -q '"target":{"":{"rows":40,' corpus.json && fail "a slice of an empty value" # the column is there, filled
grep -q '<h3>By <bdi>role</bdi></h3>' corpus.html || fail "slices on the page"
printf 'text\tlabel\nno talks ever\tfavor\n' >wrong.tsv
expect 0 evaluate -m m.qsm wrong.tsv --json wrong.json --html wrong.html
grep -q '"worst":\[{"row":0,.*"causes":\[{"ngram":"\(no\|ever\)","weight":[0-9.]*}' wrong.json || fail "causes of a wrong row"
grep -q '<span class="cause"><bdi>\(no\|ever\)</bdi> +' wrong.html || fail "causes on the page"
expect 2 evaluate -m m.qsm corpus.tsv --by roll
expect 2 evaluate --folds 2 corpus.tsv --by roll

# equal texts stay in one fold: their words are unknown to the other
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
    printf 'w%d\t%s\nw%d\t%s\n' "$i" "$([ $((i % 2)) = 0 ] && echo favor || echo against)" "$i" "$([ $((i % 2)) = 0 ] && echo favor || echo against)"
done | { printf 'text\tlabel\n'; cat; } >twice.tsv
expect 0 evaluate --folds 4 --word-ngrams 1-1 --char-ngrams none --calibration-folds 0 twice.tsv --json twice.json
grep -q 'folds: 12 rows repeat the text of another and stay in its fold' err || fail "remark on equal texts"
grep -q '"accuracy":1[,.}]' twice.json && fail "equal texts on both sides of a fold"
expect 0 model card --metrics corpus.json --dataset 'a|b' --licence mit m.qsm
grep -q '^license: "mit"$' out && grep -q '^# Model card: m\\.qsm$' out && grep -q '^| macro_f1 | ' out &&
    grep -q '^Measured on a\\|b\.$' out || { cat out; fail "model card"; }
expect 4 model card --metrics absent.json m.qsm

# the workflow of the README does what it says
sed -n '/quotestance evaluate -m my.qsm test.tsv --group-column article$/,/--annotations github$/p' "$here/../../README.md" |
    tr '\n' ' ' | sed 's/^ *quotestance //' >workflow
grep -q 'annotations github' workflow || fail "the workflow of the README"
awk -v OFS='\t' 'NR == 1 { print $0, "article" } NR > 1 { print $0, "a" int(NR / 2) }' corpus.tsv >test.tsv
cp m.qsm my.qsm
cp corpus.json metrics.json
GITHUB_STEP_SUMMARY=$work/summary.md
export GITHUB_STEP_SUMMARY
eval "expect 0 $(cat workflow)"
[ -s summary.md ] && [ -s gates.xml ] && [ -s evaluation.html ] && [ -s new-metrics.json ] || fail "reports of the workflow"
sed 's/talks/shells/; s/favor/against/' test.tsv >worse.tsv && mv worse.tsv test.tsv
eval "expect 7 $(cat workflow)"
echo ok
