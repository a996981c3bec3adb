#!/bin/sh
# Batches: the same bytes however they run; killed, interrupted and resumed; outputs that cannot be written; limits and bombs; memory.
# SPDX-License-Identifier: MIT
# usage: batch.sh QUOTESTANCE     8 kills anywhere, 3 in the middle, memory over 200,000 lines; with QS_ALL=1 100 of each, 10,000,000 lines
set -eu
program=$1
. "$(dirname "$0")/common.sh"
kills=8
middles=3
long=200000
[ "${QS_ALL:-0}" = 0 ] || { kills=100; middles=100; long=10000000; }
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; umount "$work/full" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"

left()
{
    for file in "$1" "$1.partial" "$1.journal"; do
        [ ! -e "$file" ] || fail "$2: $file is left"
    done
}

awk 'BEGIN {
    print "id\ttext\tlabel"
    for (i = 1; i <= 30; i++)
        printf "%d\tWe %s with them at table %d\t%s\n", i, i % 2 ? "will talk" : "will never talk", i, i % 2 ? "favor" : "against"
}' >corpus.tsv
expect 0 train -q -o model.qsm corpus.tsv
awk 'BEGIN {
    srand(5)
    split("we they talks peace never will table with offer the at a said no \303\251t\303\251 \"quoted\" comma, back\\slash", word, " ")
    for (i = 1; i <= 16000; i++) {
        line = ""
        for (k = int(rand() * 25); k >= 0; k--)
            line = line word[1 + int(rand() * 18)] " "
        print i % 97 == 0 ? "" : i % 89 == 0 ? "bad \377" : line
    }
}' >lines.txt
awk '{ gsub(/\\/, "\\\\"); gsub(/"/, "\\\""); printf "{\"id\":%d,\"text\":\"%s\",\"more\":%d}\n", NR, $0, NR * 7 }' lines.txt >records.jsonl
awk 'BEGIN { print "id,text" } { gsub(/"/, "\"\""); printf "%d,\"%s\"\n", NR, $0 }' lines.txt >records.csv
gzip -k lines.txt
zstd -q lines.txt 2>/dev/null || cp lines.txt.gz lines.txt.zst

# --- the same bytes
for input in lines.txt records.jsonl records.csv; do
    for format in jsonl tsv; do
        expect 1 predict -q -j1 --lines --format $format -m model.qsm $input
        mv out reference
        rows=$(wc -l <reference)
        [ "$rows" = $((16000 + (${#format} == 3))) ] || fail "$input to $format: $rows rows"
        for jobs in 2 5; do
            expect 1 predict -q -j$jobs --lines --format $format -m model.qsm $input
            cmp out reference || fail "$input to $format with $jobs jobs"
        done
        expect 1 predict -q -j2 --lines --format $format -m model.qsm -o file $input
        cmp file reference || fail "$input to $format in a file"
        left file.none "$input"
        [ ! -e file.partial ] && [ ! -e file.journal ] || fail "a run that ended leaves something beside its output"
    done
done
expect 1 predict -q -j1 --lines -m model.qsm lines.txt
mv out reference
for packed in lines.txt.gz lines.txt.zst; do
    expect 1 predict -q -j2 --lines --input-format lines -m model.qsm $packed
    cmp out reference || fail "$packed"
done
{ head -c 300000 lines.txt; sleep 0.2; tail -c +300001 lines.txt | dd bs=777 2>/dev/null; } |
    "$program" predict -q -j2 --lines -m model.qsm - >out || [ $? = 1 ]
cmp out reference || fail "a pipe in small pieces"
printf '%s' "$(cat lines.txt)" >unended.txt
expect 1 predict -q -j2 --lines -m model.qsm unended.txt
cmp out reference || fail "no final newline"
expect 1 predict -q --lines --require-final-newline -m model.qsm unended.txt
tail -n 1 out | grep -q '"code":"unterminated"' || fail "--require-final-newline"
if mkdir locales && localedef -i de_DE -f UTF-8 locales/de_DE.UTF-8 2>/dev/null; then
    LOCPATH="$work/locales" LC_ALL=de_DE.UTF-8 "$program" predict -q -j2 --lines -m model.qsm lines.txt >out || [ $? = 1 ]
    cmp out reference || fail "de_DE"
fi
mkdir folder folder/below
for i in 1 2 3 4 5 6 7 8 9; do
    printf 'Title\n\n"We will talk at table %s," Minister Edda Lorne said.\n' $i >folder/$i.txt
    printf '"No talks %s," Tomas Brack told reporters.\n' $i >folder/below/$i.txt
done
awk 'BEGIN { for (i = 1; i <= 500; i++) printf "{\"id\":\"r%d\",\"title\":\"T\",\"text\":\"\\\"We will talk %d,\\\" Minister Edda Lorne said.\"}\n", i, i }' >folder/more.jsonl
expect 0 predict -q -j1 --format jsonl -m model.qsm folder
mv out quotes
[ "$(wc -l <quotes)" -ge 500 ] || fail "quotes of a folder: $(wc -l <quotes)"
expect 0 predict -q -j3 --format jsonl -m model.qsm folder
cmp out quotes || fail "a folder with three jobs"

# --- errors in order, and no more than asked for
expect 6 predict -q -j3 --lines --max-errors 50 -m model.qsm -o file2 lines.txt
at=$(awk 'BEGIN { for (i = 1; n < 50; i++) n += i % 97 == 0 || i % 89 == 0; print i - 1 }')
grep -q "lines.txt:$at: 50 bad records" err || { cat err; fail "the fiftieth bad record is told by its line"; }
left file2 "--max-errors"
expect 4 predict -j3 --lines --on-error fail -m model.qsm -o file2 lines.txt
grep -q 'lines.txt:89: ' err || { cat err; fail "--on-error fail"; }
left file2 "--on-error fail"
expect 1 predict -q --lines --utf8=replace -m model.qsm lines.txt
[ "$(grep -c '"replaced":1' out)" = 178 ] || fail "replaced: $(grep -c '"replaced":1' out)"
grep -q "$(printf 'bad \357\277\275')" out || fail "U+FFFD"

# --- killed at any moment and resumed
round=0
resumed=0
# some rounds more if none came in the middle: on a quick machine that is a matter of luck
while [ $round -lt $kills ] || { [ $resumed = 0 ] && [ $round -lt 80 ]; }; do
    round=$((round + 1))
    input=$(echo lines.txt lines.txt.gz records.jsonl | cut -d' ' -f$((round % 3 + 1)))
    format=$([ "$input" = lines.txt.gz ] && echo "--input-format lines" || echo "-j3")
    # shellcheck disable=SC2086
    expect 1 predict -q --lines --format tsv $format -m model.qsm -o whole "$input"
    rm -f killed killed.*
    pause=$(awk -v r=$round -v n=$$ 'BEGIN { srand(r * 7919 + n); printf "%.3f", rand() * 0.25 }')
    while :; do
        # shellcheck disable=SC2086
        "$program" predict -q --resume --lines --format tsv $format -m model.qsm -o killed "$input" 2>err &
        victim=$!
        sleep "$pause"
        kill -9 $victim 2>/dev/null || true
        code=0
        wait $victim 2>/dev/null || code=$?
        [ $code -ne 137 ] && break
        [ ! -e killed ] || break # killed between renaming and leaving
        [ ! -e killed.journal ] || resumed=$((resumed + 1))
        pause=$(awk -v p="$pause" 'BEGIN { printf "%.3f", p * 1.5 + 0.01 }')
    done
    # shellcheck disable=SC2086
    [ -e killed ] || { expect 1 predict -q --resume --lines --format tsv $format -m model.qsm -o killed "$input"; }
    cmp killed whole || fail "killed and resumed, round $round"
done
[ $resumed -gt 0 ] || fail "no kill came in the middle"

# --- the journal torn at any byte, other inputs, models, options; interrupted by signals
cat lines.txt lines.txt lines.txt lines.txt lines.txt lines.txt >many.txt
expect 1 predict -q --lines -m model.qsm -o whole many.txt
# interrupted SIGNAL: a run that ends by it, with a journal; its exit code in $code
interrupted()
{
    for seconds in 0.5 1 2 4 8; do
        rm -f cut cut.*
        { cat many.txt; exec sleep 30; } >fifo 2>/dev/null &
        feeder=$!
        code=0
        # --foreground: the signal comes once; a second one, which timeout else sends to the group, ends a run at once by design
        timeout --foreground --preserve-status -s "$1" $seconds "$program" predict -q -j2 --lines --input-format lines -m model.qsm \
            -o cut - <fifo 2>err || code=$?
        kill $feeder 2>/dev/null || true
        wait $feeder 2>/dev/null || true
        [ ! -e cut.journal ] || break
    done
}
mkfifo fifo
for signal in INT:130 TERM:143; do
    interrupted "${signal%:*}"
    [ "$code" = "${signal#*:}" ] || { cat err; fail "$signal gave $code"; }
    grep -q -- '--resume' err || { cat err; fail "$signal: how to resume is not told"; }
    [ ! -e cut ] && [ -e cut.partial ] && [ -e cut.journal ] || fail "$signal: partial output and journal stay"
    head -n "$(wc -l <cut.partial)" whole | cmp - cut.partial || fail "$signal: whole records are flushed"
    cp cut.partial saved.partial
    cp cut.journal saved.journal
    "$program" predict -q --resume -j2 --lines --input-format lines -m model.qsm -o cut - <many.txt || [ $? = 1 ]
    cmp cut whole || fail "$signal: resumed from standard input"
    left cut.none "$signal"
done
size=$(wc -c <saved.journal)
at=0
while [ $at -le "$size" ]; do
    head -c $at saved.journal >cut.journal
    cp saved.partial cut.partial
    rm -f cut
    "$program" predict -q --resume -j2 --lines --input-format lines -m model.qsm -o cut - <many.txt 2>err || [ $? = 1 ] || { cat err; fail "journal of $at bytes"; }
    cmp cut whole || fail "journal torn at byte $at"
    at=$((at + (size > 60 ? size / 12 : 5)))
done
again()
{
    cp saved.partial cut.partial
    cp saved.journal cut.journal
    rm -f cut
}
# refuse CODE WORDS ARGUMENTS...: resuming is refused, and what there is stays
refuse()
{
    again
    wanted=$1 words=$2
    shift 2
    code=0
    "$program" predict -q --resume --lines --input-format lines -o cut "$@" <given 2>err || code=$?
    [ "$code" = "$wanted" ] && grep -q "$words" err || { cat err; fail "resume with $* gave $code"; }
    cmp cut.partial saved.partial && cmp cut.journal saved.journal || fail "resume with $*: what was done is lost"
}
sed 's/talks/walks/' many.txt >given
refuse 4 'inputs have changed' -m model.qsm -
cp many.txt given
expect 0 train -q -C 2 -o other.qsm corpus.tsv
refuse 3 'another model' -m other.qsm -
refuse 2 'other options' -m model.qsm --format tsv -
refuse 4 'inputs are not those' -m model.qsm many.txt
again
printf 'x' | dd of=cut.partial bs=1 seek=2000 conv=notrunc 2>/dev/null
"$program" predict -q --resume -j2 --lines --input-format lines -m model.qsm -o cut - <many.txt || [ $? = 1 ]
cmp cut whole || fail "a partial output that was changed is not trusted"
expect 2 predict --resume --lines -m model.qsm lines.txt

# --- killed in the middle, every time: the input comes slowly, and what is killed has written something and is not done
split -b 100000 many.txt piece.
expect 1 predict -q --lines --input-format lines --format tsv -m model.qsm -o steady many.txt
mkfifo slowly
round=0
middle=0
while [ $round -lt $middles ]; do
    round=$((round + 1))
    rm -f killed killed.*
    { for piece in piece.*; do cat "$piece"; sleep 0.01; done; exec sleep 60; } >slowly 2>/dev/null &
    feeder=$!
    "$program" predict -q -j$((round % 3 + 1)) --resume --lines --input-format lines --format tsv -m model.qsm -o killed - <slowly 2>err &
    victim=$!
    tries=0
    while { [ ! -s killed.partial ] || [ ! -s killed.journal ]; } && [ $tries -lt 3000 ]; do sleep 0.01; tries=$((tries + 1)); done
    sleep "$(awk -v r=$round -v n=$$ 'BEGIN { srand(r * 104729 + n); printf "%.3f", rand() * 0.6 }')"
    kill -9 $victim
    code=0
    wait $victim 2>/dev/null || code=$?
    kill $feeder 2>/dev/null || true
    wait $feeder 2>/dev/null || true
    [ $code = 137 ] && [ -s killed.partial ] && [ -s killed.journal ] && [ ! -e killed ] || { ls -l killed*; cat err; fail "round $round was not killed in the middle: $code"; }
    middle=$((middle + 1))
    code=0
    "$program" predict -q -j2 --resume --lines --input-format lines --format tsv -m model.qsm -o killed - <many.txt 2>err || code=$?
    [ $code = 1 ] || fail "resumed in the middle: $code"
    cmp killed steady || fail "killed in the middle and resumed, round $round"
done

# --- two on one output; models replaced while they are used
{ cat many.txt; exec sleep 5; } >fifo &
feeder=$!
"$program" predict -q --lines --input-format lines -m model.qsm -o both - <fifo &
first=$!
tries=0
while [ ! -s both.partial ] && [ $tries -lt 100 ]; do sleep 0.05; tries=$((tries + 1)); done
expect 5 predict -q --lines -m model.qsm -o both lines.txt
grep -q 'another process' err || { cat err; fail "two processes on one output"; }
cp other.qsm new.qsm && mv new.qsm model.qsm
kill $feeder 2>/dev/null || true
wait $feeder 2>/dev/null || true
wait $first || [ $? = 1 ]
cmp both whole || fail "a model replaced during a batch: the old one is used to the end"

# --- outputs that cannot be written, and then can
if [ -e /dev/full ]; then
    expect 5 predict -q --lines -m model.qsm -o /dev/full lines.txt
    code=0
    "$program" predict -q -j2 --lines -m model.qsm lines.txt >/dev/full 2>err || code=$?
    [ $code = 5 ] || fail "standard output full gave $code"
fi
mkdir full
if mount -t tmpfs -o size=16k none full 2>/dev/null; then
    expect 5 predict -q -j2 --lines -m model.qsm -o full/file lines.txt
    left full/file "a full disk"
    head -n 40 lines.txt >few.txt
    expect 0 predict -q --lines -m model.qsm -o full/file few.txt
    umount full
fi
code=0
(ulimit -f 100; exec "$program" predict -q --lines -m model.qsm -o limited lines.txt 2>err) || code=$?
[ $code = 5 ] || fail "a limit on the size of files gave $code"
[ ! -e limited ] || fail "a limit on the size of files leaves an output"
expect 1 predict -q --lines -m model.qsm -o limited lines.txt
{ code=0; "$program" predict -q -j2 --lines -m model.qsm many.txt 2>err || code=$?; echo $code >code; } | head -n 1 >/dev/null
[ "$(cat code)" = 5 ] && [ "$(wc -l <err)" = 1 ] || fail "a closed pipe"
if [ "$(id -u)" != 0 ]; then
    mkdir locked && chmod a-w locked
    expect 5 predict -q --lines -m model.qsm -o locked/file lines.txt
fi
ln -s lines.txt link
expect 5 predict -q --lines -m model.qsm -o link few.txt

# --- memory does not grow with the input
# the reader starts late, so that both runs fill the queue between workers and writer, which holds a fixed number of records
peak()
{
    { /usr/bin/time -f %M -o peak "$program" predict -q -j2 --lines --format tsv --input-format lines -m model.qsm - || [ $? = 1 ]; } |
        { sleep 1; cat >/dev/null; }
    tail -n 1 peak
}
repeat() { i=0; while [ $i -lt "$1" ]; do cat lines.txt; i=$((i + 1)); done; }
if [ -x /usr/bin/time ]; then
    short=$(repeat 3 | peak)
    tall=$(repeat $((long / 16000)) | peak)
    [ "$tall" -lt $((short + 8192)) ] || fail "peak memory $short KB for 48,000 lines, $tall KB for $long"
    [ "$tall" -lt 65536 ] || [ -n "${ASAN_OPTIONS:-}" ] || fail "peak memory $tall KB"
    echo "peak memory: $short KB for 48,000 lines, $tall KB for $long"
fi
echo "all held: $kills kills anywhere, $resumed journals left by them; $middle kills in the middle, all resumed to the same bytes"
