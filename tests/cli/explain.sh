#!/bin/sh
# explain: the rows of predict, each answer with its reasons. SPDX-License-Identifier: MIT
# usage: explain.sh QUOTESTANCE
set -eu
program=$1
. "$(dirname "$0")/common.sh"
source=$(cd "$(dirname "$0")/../.." && pwd)
in_scratch_folder

# Articles and lines, with the bundled model: the answers are those of predict.
article=$source/corpora/articles/harbour-talks.txt
"$program" predict --format jsonl "$article" >plain
"$program" explain --format jsonl --top 3 "$article" >explained
[ "$(wc -l <plain)" -ge 5 ] || fail "no quotes"
[ "$(grep -c '"additive":true.*"additive":true' explained)" -eq "$(wc -l <plain)" ] || fail "answers without explanation"
answers() { grep -o '"label":"[a-z]*","score":-\{0,1\}[0-9.]*,"probabilities":{[^}]*}' "$1"; }
answers plain >a && answers explained >b && cmp a b || fail "answers of explain and predict differ"

printf 'We want talks, not WAR\nno known word: zzqqxx\n' >lines.txt
"$program" explain --lines --top 2 -j1 lines.txt >one
"$program" explain --lines --top 2 -j2 lines.txt >two
cmp one two || fail "jobs"
head -1 one | grep -q '"source":"WAR"' || "$program" explain --lines --top 400 lines.txt | head -1 | grep -q '"source":"WAR"' ||
    fail "the word as written"
[ "$(head -1 one | grep -o '"contributions"' | wc -l)" -eq 6 ] || fail "--top" # two reasons and the rest, two heads

"$program" explain --lines --format table --top 2 lines.txt >table
[ "$(grep -c 'margin of' table)" -eq "$((2 * $(wc -l <one)))" ] || fail "table"
grep -q 'bias$' table || fail "table without bias"

# A kernel model is explained by occlusion.
awk 'BEGIN { print "label\ttext"; for (i = 0; i < 40; i++) print (i % 2 ? "favor\ttalks now " : "against\twar now ") i % 7 }' >c.tsv
"$program" train -q --kernel rbf -o rbf.qsm c.tsv
printf 'talks 3\n' | "$program" explain -m rbf.qsm --lines - | grep -q '"additive":false.*"kind":"occlusion"' || fail "occlusion"

status=0
"$program" explain --format csv "$article" >/dev/null 2>&1 || status=$?
[ "$status" -eq 2 ] || fail "explain has no csv"
echo ok
