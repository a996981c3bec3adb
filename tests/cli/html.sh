#!/bin/sh
# Quotes of web pages: offsets count the untouched bytes. SPDX-License-Identifier: MIT
# usage: html.sh QUOTESTANCE
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
