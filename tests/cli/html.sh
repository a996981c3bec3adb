#!/bin/sh
# Quotes of web pages: offsets count the untouched bytes. SPDX-License-Identifier: MIT
# usage: html.sh QUOTESTANCE
set -eu
program=$1
. "$(dirname "$0")/common.sh"
in_scratch_folder

printf '<html><body><nav><a href="/">"Home," said nobody.</a></nav><p>&ldquo;We will talk tomorrow &amp; later,&rdquo; said Ada Orlin on the day after it all.</p><script>"no text", he said</script></body></html>' >page.html
"$program" extract --format jsonl page.html >out || fail "extract"
[ "$(wc -l <out)" = 1 ] || fail "one quote, none from navigation or script"
grep -q '"zone":"body"' out || fail "zone"
grep -q 'We will talk tomorrow & later' out || fail "entities are resolved"
grep -q 'Ada Orlin' out || fail "speaker"
wanted=$(grep -ob '&ldquo;' page.html | head -n 1 | cut -d: -f1)
grep -q "\"start\":$wanted," out || fail "offset $wanted of the untouched bytes"
"$program" extract --format jsonl - <page.html >stdin.out || fail "standard input"
grep -q "\"start\":$wanted," stdin.out || fail "a page on standard input is told by its first bytes"

# one JSON object an article in Citron's shape; pairs of text and annotations
"$program" extract --format citron --brat pairs -o citron.json page.html || fail "citron and brat"
jq -e '.quotes | length == 1 and .[0].sources[0].text == "Ada Orlin"' citron.json >/dev/null || fail "citron"
[ -f pairs/000001-page.txt ] && [ -f pairs/000001-page.ann ] || fail "a pair of files"
set -- $(sed -n 's/^T2\tSpeaker \([0-9]*\) \([0-9]*\)\t.*/\1 \2/p' pairs/000001-page.ann)
tr -d '\342\200\234\235' <pairs/000001-page.txt | grep -q 'Ada Orlin' || fail "text of the pair"
[ $(($2 - $1)) = 9 ] || fail "place of the speaker"

# text that was decoded wrongly is said to be, and read all the same
printf 'The mayor spoke.\n\n\303\242\342\202\254\305\223We will talk tomorrow,\303\242\342\202\254\302\235 said Ada Orlin.\n' >wrong.txt
"$program" extract --format jsonl wrong.txt >wrong.out 2>wrong.err || fail "mojibake"
grep -q 'wrong encoding' wrong.err || fail "mojibake is noticed"
