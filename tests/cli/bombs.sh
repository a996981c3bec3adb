#!/bin/sh
# Inputs made to be too much: each costs one record or names what is wrong, in time and memory that do not follow it.
# SPDX-License-Identifier: MIT
# usage: bombs.sh QUOTESTANCE
set -eu
program=$1
. "$(dirname "$0")/common.sh"
in_scratch_folder

# codes: the status or error code of each row
codes()
{
    sed -e 's/.*"error":{"code":"\([a-z_0-9]*\)".*/\1/' -e 's/^{"id":[^,]*,"status":"\([a-z_]*\)".*/\1/' out | tr '\n' ' '
}

# many N TEXT: TEXT N times
many()
{
    awk -v n="$1" -v text="$2" 'BEGIN { for (i = 0; i < n; i++) printf "%s", text }'
}

awk 'BEGIN {
    print "text\tlabel"
    for (i = 1; i <= 12; i++)
        printf "We %s with them at table %d\t%s\n", i % 2 ? "will talk" : "will never talk", i, i % 2 ? "favor" : "against"
}' >corpus.tsv
expect 0 train -q -o model.qsm corpus.tsv
predict="predict -q --lines --format jsonl -m model.qsm"

# --- what is there or not
: >empty.txt
# shellcheck disable=SC2086
{
expect 0 $predict empty.txt
[ ! -s out ] || fail "an empty file has no rows"
printf '   \n\t\n\302\240\n' >blank.txt
expect 1 $predict blank.txt
[ "$(codes)" = "empty empty empty " ] || fail "blank lines: $(codes)"
printf '\357\273\277We will talk\r\nzzzz qqqq\n' >marked.txt
expect 0 $predict marked.txt
[ "$(codes)" = "ok no_features " ] || fail "byte order mark, all n-grams unknown: $(codes)"
grep -q '"text":"We will talk"' out || fail "a byte order mark is no text"
printf 'a\rb\n\342\200\250c\342\200\251d\302\205e\n' >ends.txt
expect 0 $predict ends.txt
[ "$(wc -l <out)" = 2 ] || fail "only a line feed ends a record"
printf 'torn at the e' >torn.txt
printf 'torn at the e\n' >whole.txt
expect 0 $predict torn.txt
mv out torn.out
expect 0 $predict whole.txt
cmp out torn.out || fail "a torn last line is scored as if it had ended"

# --- bytes that are no UTF-8: overlong, surrogate, beyond the last plane, cut, FF, cp1252
printf 'a\300\257\nb\355\240\200\nc\364\220\200\200\nd\342\202\nef\377\ng\223h\224\nok here\n' >bytes.txt
expect 1 $predict bytes.txt
[ "$(codes | tr ' ' '\n' | grep -c invalid_utf8)" = 6 ] && [ "$(wc -l <out)" = 7 ] || fail "bad bytes: $(codes)"
[ "$(sed -n 5p out | sed 's/.*"offset":\([0-9]*\).*/\1/')" = 21 ] || fail "offset of the bad byte: $(sed -n 5p out)"
expect 0 $predict --utf8 replace bytes.txt
[ "$(grep -c '"replaced":' out)" = 6 ] || fail "--utf8=replace"
printf 'nul \000 here\nfine\n' >nul.txt
expect 1 $predict nul.txt
[ "$(codes)" = "nul ok " ] || [ "$(codes)" = "nul no_features " ] || fail "NUL: $(codes)"
for mark in '\377\376W\000e\000\n\000' '\376\377\000W\000e\000\n'; do
    # shellcheck disable=SC2059
    printf "$mark" >wide.txt
    expect 4 $predict wide.txt
    grep -q 'UTF-16' err || { cat err; fail "UTF-16 is named"; }
    expect 4 predict -q --format jsonl -m model.qsm wide.txt
    grep -q 'UTF-16' err || { cat err; fail "UTF-16 is named for an article"; }
done

# --- too long
head -c 8388608 /dev/zero | tr '\0' x >token.txt
{ echo "We will talk"; cat token.txt; echo; echo "We will talk"; } >long.txt
expect 1 $predict long.txt
[ "$(codes)" = "ok too_long ok " ] || fail "a token of 8 MB: $(codes)"
head -c 8388608 /dev/zero | tr '\0' ' ' | sed 's/    /word/g' >line.txt
expect 1 $predict line.txt
[ "$(codes)" = "too_long " ] || fail "a line of 8 MB: $(codes)"
expect 0 $predict --max-record 9M line.txt
[ "$(wc -l <out)" = 1 ] || fail "--max-record"
expect 1 $predict --max-record 12 long.txt
[ "$(codes)" = "ok too_long ok " ] || fail "a limit of 12 bytes: $(codes)"

# --- marks, ligatures that unfold, joiners, quotes
{ printf a; many 50000 "$(printf '\314\201')"; many 50000 "$(printf '\314\243')"; echo; } >marks.txt
{ many 100000 "$(printf '\357\267\272')"; echo; } >unfold.txt
{ printf 'x'; many 100000 "$(printf '\342\200\215')"; many 60000 "$(printf '\357\270\217')"; echo; } >joiners.txt
for bomb in marks unfold joiners; do
    code=0
    timeout -k 5 600 "$program" $predict --max-record 2M $bomb.txt >out 2>err || code=$?
    [ $code = 0 ] || { cat err; fail "$bomb: $code"; }
    [ "$(wc -l <out)" = 1 ] || fail "$bomb: one row"
done
{ many 1000000 '"'; echo; } >quotes.txt
{ many 1000000 "$(printf '\342\200\234')"; echo "never closed"; } >nested.txt
{ printf 'Talks\n\n'; many 3000 'He said: "We will talk, '; echo; } >open.txt
for bomb in quotes nested open; do
    code=0
    timeout -k 5 600 "$program" predict -q --format jsonl -m model.qsm $bomb.txt >out 2>err || code=$?
    [ $code -le 1 ] || { head -c 300 err; fail "$bomb: $code"; }
done

# --- archives
head -c 100000000 /dev/zero | gzip -9 >bomb.gz
{ cat bomb.gz bomb.gz bomb.gz; } >bombs.gz
expect 6 $predict --input-format lines bombs.gz
grep -q 'swells' err || { cat err; fail "an archive that swells is named"; }
many 20000 'We will talk at the table and at the other table
' | gzip >good.gz
head -c 900 good.gz >cut.gz
expect 4 $predict --input-format lines -o cut.out cut.gz
[ ! -e cut.out ] || fail "a torn archive leaves no output"
grep -q 'cut short' err || { cat err; fail "a torn archive is named"; }
}
echo "all held"
