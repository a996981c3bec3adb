#!/bin/sh
# Bad records among good ones, in lines and JSON Lines: each is told by line and offset, none stops the run, none
# is lost. Texts that try to steer the terminal. SPDX-License-Identifier: MIT
# usage: records.sh QUOTESTANCE
set -eu
program=$1
. "$(dirname "$0")/common.sh"
in_scratch_folder

# gist: what became of each record, one a line: its line, and the code and offset of the error or "scored"
gist()
{
    sed -e 's/^{"id":\([^,]*\),.*"heads":.*"label":.*/\1 scored/' \
        -e 's/^{"id":\([^,]*\),"line":\([0-9]*\),"error":{"code":"\([a-z0-9_]*\)".*"offset":\([0-9]*\)}}$/\2 \1 \3 \4/' \
        -e 's/^{"id":\([^,]*\),"line":\([0-9]*\),"error":{"code":"\([a-z0-9_]*\)".*}}$/\2 \1 \3 -/' out
}

awk 'BEGIN {
    print "text\tlabel"
    for (i = 1; i <= 12; i++)
        printf "We %s with them at table %d\t%s\n", i % 2 ? "will talk" : "will never talk", i, i % 2 ? "favor" : "against"
}' >corpus.tsv
expect 0 train -q -o model.qsm corpus.tsv

# --- lines; the last has no newline
printf 'plain line\n\nbad \377 byte\nnul \000 here\ncr line\r\ncut \342\202\nlast' >lines.txt
expect 1 predict --lines --format jsonl -m model.qsm lines.txt
gist >found
cat >wanted <<'EOF'
1 scored
2 null empty -
3 null invalid_utf8 16
4 null nul 27
5 scored
6 null invalid_utf8 47
7 scored
EOF
diff wanted found || fail "catalogue of lines"
grep -q '"text":"cr line"' out || fail "a carriage return is no part of the text"

# --- JSON Lines; offsets point to the end of the token at fault
cat >records.jsonl <<'EOF'
{"id":"a","text":"We will talk"}
not json
{"id":"b"}
{"id":"c","text":5}
[1,2]
{"id":"d","text":""}

{"id":"e","text":"number","n":1e400}
{"id":"f","text":"surrogate \ud800 x"}
{"id":"g","text":"nul \u0000 x"}
{"id":"h","text":"one","text":"two"}
{"id":"i","text":"esc \u001b[31m","more":{"kept":[1,2]}}
{"id":"j","text":"no end
{"id":"k","text":"last one"}
EOF
expect 1 predict --lines --format jsonl -m model.qsm records.jsonl
gist >found
cat >wanted <<'EOF'
"a" scored
2 null malformed 35
3 "b" missing_column -
4 "c" malformed -
5 null malformed 73
6 "d" empty -
7 null empty -
8 null malformed 135
9 null malformed 174
10 null nul 207
11 null malformed 238
"i" scored
13 null malformed 327
"k" scored
EOF
diff wanted found || fail "catalogue of JSON Lines"
grep -q '"more":{"kept":\[1, *2\]}' out || fail "other fields are kept"
grep -q '^quotestance: .*11 of 14 records were rejected' err || { cat err; fail "rejected records are counted"; }
[ "$(wc -l <out)" = 14 ] || fail "a line for each record"

# --- what to do with bad records
for format in tsv csv table; do
    expect 1 predict --lines --format $format -m model.qsm records.jsonl
    wanted=15
    [ $format != table ] || wanted=4
    [ "$(wc -l <out)" = $wanted ] || fail "$format: a row for each record, in a table for each good one"
    [ "$(grep -c 'records.jsonl:[0-9]*: ' err)" = 11 ] || fail "$format: each bad record is told by line"
done
expect 1 predict --lines --on-error skip --format jsonl -m model.qsm records.jsonl
[ "$(gist | grep -c scored)" = 3 ] || fail "skip scores the good records"
[ "$(wc -l <out)" = 3 ] || fail "skip writes only good records"
expect 4 predict --lines --on-error fail -m model.qsm -o failed records.jsonl
grep -q 'records.jsonl:2: ' err || fail "fail names the record"
[ ! -e failed ] || fail "fail leaves no output"
expect 6 predict --lines --max-errors 3 -m model.qsm -o failed records.jsonl
[ ! -e failed ] || fail "too many errors leave no output"
expect 1 predict -m model.qsm lines.txt
gist | grep -q invalid_utf8\\\|nul || { cat out; fail "an article that is not text"; }

expect 1 predict --lines --format tsv -m model.qsm records.jsonl
cut -f 2 out | sort | uniq -c | awk '{ print $1, $2 }' >found
cat >wanted <<'EOF'
2 empty
7 malformed
1 missing_column
1 nul
3 ok
1 status
EOF
diff wanted found || fail "a status for each row"

# --- nothing that steers a terminal comes through in tables and messages
escape=$(printf '\033]0;owned\007\033[2J\302\2331A\342\200\256\177\010')
printf 'Title %s here\n\n"We will %s talk," Minister Edda %sLorne said.\n' "$escape" "$escape" "$escape" >hostile.txt
printf 'We %s talk\n' "$escape" >hostile-lines.txt
harmless()
{
    if LC_ALL=C tr -d '\n' <"$1" | LC_ALL=C grep -q "$(printf '[\001-\037\177]\|\302[\200-\237]\|\342\200[\252-\256]')"; then
        od -c "$1" | head -n 20
        fail "$2 steers the terminal"
    fi
}
expect 0 predict --format table -m model.qsm hostile.txt
grep -q 'We will' out || { cat out; fail "hostile article is scored all the same"; }
harmless out "a table of quotes"
expect 0 extract --format table hostile.txt
harmless out "a table of quotes without scores"
expect 0 predict --lines --format table -m model.qsm hostile-lines.txt
harmless out "a table of texts"
expect 5 predict -m model.qsm "absent$escape"
harmless err "a message"
expect 0 predict --format jsonl -m model.qsm hostile.txt
LC_ALL=C tr -d '\n' <out | LC_ALL=C grep -q "$(printf '[\001-\037]')" && fail "JSON holds raw control characters"
expect 2 predict "--format=$escape" hostile.txt
harmless err "a usage message"
echo "all held"
