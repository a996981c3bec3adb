#!/bin/sh
# quotestance corpus on small invented corpora: outputs and exit codes. SPDX-License-Identifier: MIT
# usage: corpus.sh QUOTESTANCE
set -eu
program=$1
. "$(dirname "$0")/common.sh"
in_scratch_folder

printf 'id\ttext\tlabel\n1\tWe will talk tomorrow at noon\tfavor\n2\tThere will be no talks with them\tagainst\n' >good.tsv
printf 'id\ttext\tlabel\n1\tWe will talk tomorrow at noon\tfavor\n1\twe will talk tomorrow at noon!\tFAVOR\n3\tcut\n' >bad.tsv

expect 0 corpus check good.tsv
grep -q '^2 rows, 0 errors' out || fail "summary of a clean corpus"
expect 1 corpus check bad.tsv
grep -q '^bad.tsv:3: duplicate_id of bad.tsv:2' out || fail "duplicate id by line"
grep -q '^bad.tsv:3: near_duplicate of bad.tsv:2' out || fail "near duplicate by line"
grep -q '^bad.tsv:3: label_spelling' out || fail "label spelling"
grep -q '^bad.tsv:4: malformed: missing_column' out || fail "malformed row by line"
expect 1 corpus check good.tsv --against bad.tsv --format jsonl
grep -q '"kind":"overlap"' out || fail "overlap"
expect 1 corpus stats bad.tsv --format jsonl
grep -q '"rows":2,"rejected":1' out || fail "stats"
expect 0 corpus convert --to jsonl good.tsv
[ "$(head -n 1 out)" = '{"id":"1","text":"We will talk tomorrow at noon","label":"favor"}' ] || fail "convert"
cp out good.jsonl
expect 0 corpus convert --to tsv -o back.tsv good.jsonl
cmp good.tsv back.tsv || fail "round trip"
expect 0 corpus split --part a=1 --part b=1 -o part good.tsv
[ "$(cat part.a.tsv part.b.tsv | sort -u | wc -l)" = 3 ] || fail "split loses nothing"
expect 0 corpus agree good.tsv good.jsonl
grep -q "Cohen's kappa (first two) 1.0000" out || fail "kappa of equal labels"
expect 2 corpus
expect 2 corpus frobnicate good.tsv
expect 2 corpus convert good.tsv
expect 2 corpus split --part nonsense -o x good.tsv
expect 5 corpus check absent.tsv
expect 4 corpus check --text-column body good.tsv
if [ -e /dev/full ]; then
    expect 5 corpus stats good.tsv -o /dev/full
fi
