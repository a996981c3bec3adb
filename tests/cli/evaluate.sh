#!/bin/sh
# quotestance evaluate --gold --predictions and compare: figures, gates and exit codes. SPDX-License-Identifier: MIT
# usage: evaluate.sh QUOTESTANCE
set -eu
program=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

fail()
{
    echo "FAILED: $1" >&2
    exit 1
}

# expect CODE COMMAND...: runs and compares the exit code
expect()
{
    wanted=$1
    shift
    code=0
    "$program" "$@" >out 2>err || code=$?
    [ "$code" = "$wanted" ] || { cat out err; fail "$* gave $code, not $wanted"; }
}

printf 'id\tlabel\trole\n1\tfavor\tminister\n2\tagainst\tminister\n3\tfavor\trebel\n4\tnone\trebel\n' >gold.tsv
# another order, another format, an extra item
cat >a.jsonl <<'END'
{"id":"4","heads":{"stance":{"label":"none","probabilities":{"favor":0.1,"against":0.1,"none":0.8}}}}
{"id":"9","heads":{"stance":{"label":"none"}}}
{"id":"1","heads":{"stance":{"label":"favor","probabilities":{"favor":0.7,"against":0.1,"none":0.2}}}}
{"id":"2","heads":{"stance":{"label":"favor","probabilities":{"favor":0.5,"against":0.4,"none":0.1}}}}
{"id":"3","heads":{"stance":{"label":"favor","probabilities":{"favor":0.9,"against":0.05,"none":0.05}}}}
END
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
expect 2 evaluate --gold gold.tsv --predictions a.jsonl --require 'bleu>=0.5'
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
echo ok
