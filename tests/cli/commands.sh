#!/bin/sh
# Exit codes, help, usage errors, same bytes from every way of running, and outputs that cannot be written.
# SPDX-License-Identifier: MIT
# usage: commands.sh QUOTESTANCE
set -eu
program=$1
. "$(dirname "$0")/common.sh"
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"

# refused CODE ARGUMENTS...: fails with one line of message that begins with the name of the program, no output
refused()
{
    expect "$@"
    [ ! -s out ] || fail "$*: output in spite of an error"
    [ "$(wc -l <err)" = 1 ] || fail "$*: $(wc -l <err) lines of message, not one"
    grep -q '^quotestance: ' err || fail "$*: message without the name of the program"
}

corpus()
{
    awk 'BEGIN {
        print "id\ttext\tlabel"
        for (i = 1; i <= 30; i++)
            printf "%d\tWe %s with them at the table, number %d\t%s\n", i,
                i % 3 ? (i % 3 == 1 ? "will talk" : "shall never talk") : "met", i,
                i % 3 ? (i % 3 == 1 ? "favor" : "against") : "none"
    }'
}
corpus >corpus.tsv
cut -f 2 corpus.tsv | sed 1d >lines.txt
cat >article.txt <<'EOF'
Minister calls the offer 'a door left ajar'

Harbour Minister Edda Lorne said that leaving now would be "a gift to nobody but the insurers".

"We will talk for as long as it takes," union leader Tomas Brack told reporters. "We are not here for the coffee."
EOF

# --- help and usage
refused_usage='predict extract train evaluate model corpus'
expect 0 help
for command in $refused_usage; do
    grep -q "^  $command " out || fail "help does not name $command"
done
for command in $refused_usage; do
    expect 0 help "$command"
    grep -q "^Usage: quotestance $command " out || fail "help of $command"
    [ "$(awk 'length($0) > 120' out | wc -l)" = 0 ] || fail "help of $command is too wide"
    [ ! -s err ] || fail "help of $command speaks on standard error"
    cp out first
    expect 0 "$command" --help
    cmp -s out first || fail "$command --help differs from help $command"
    refused 2 "$command" --no-such-option
    grep -q "quotestance help $command" err || fail "$command: the message does not point to the help"
done
expect 0 --version
expect 2
[ ! -s out ] || fail "usage goes to standard error"
refused 2 frobnicate
refused 2 help frobnicate
refused 2 train corpus.tsv
refused 2 train -o model.qsm
refused 2 train -o model.qsm -C many corpus.tsv
refused 2 train -o model.qsm -C
refused 2 train -o model.qsm --kernel cubic corpus.tsv
refused 2 train -o model.qsm --per-target=yes corpus.tsv
refused 2 train -o model.qsm --word-ngrams 3-1 corpus.tsv
refused 2 train -o model.qsm --class-weight favor=-1 corpus.tsv
refused 2 predict --format xml article.txt
refused 2 predict -j two article.txt
refused 2 predict -j -1 article.txt
[ ! -e model.qsm ] || fail "a usage error leaves a model"

# --- the same bytes
expect 0 train -q -j1 -o model.qsm corpus.tsv
expect 0 train -q -j1 -o again.qsm corpus.tsv
cmp model.qsm again.qsm || fail "training twice"
expect 0 train -q -j2 -o again.qsm corpus.tsv
cmp model.qsm again.qsm || fail "training with -j1 and -j2"
"$program" train -q --input-format tsv -o again.qsm - <corpus.tsv || fail "training from standard input"
cmp model.qsm again.qsm || fail "training from a file and from standard input"
printf '%s' "$(cat corpus.tsv)" >open-ended.tsv
expect 0 train -q -o again.qsm open-ended.tsv
cmp model.qsm again.qsm || fail "training without a final newline"

for format in jsonl tsv csv table; do
    expect 0 predict -j1 --format $format -m model.qsm article.txt
    cp out reference
    [ -s reference ] || fail "no output as $format"
    expect 0 predict -j2 --format $format -m model.qsm article.txt
    cmp out reference || fail "predict with -j1 and -j2, $format"
    expect 0 predict -o file --format $format -m model.qsm article.txt
    cmp file reference || fail "predict to a file, $format"
    expect 0 predict -j1 --lines --format $format -m model.qsm lines.txt
    cp out reference
    expect 0 predict -j2 --lines --format $format -m model.qsm lines.txt
    cmp out reference || fail "predict --lines with -j1 and -j2, $format"
    "$program" predict --lines --format $format -m model.qsm - <lines.txt >out || fail "predict --lines from a file as input"
    cmp out reference || fail "a file and standard input, $format"
    # shellcheck disable=SC2002
    cat lines.txt | "$program" predict --lines --format $format -m model.qsm | cat >out
    cmp out reference || fail "a file and a pipe, $format"
    printf '%s' "$(cat lines.txt)" | "$program" predict --lines --format $format -m model.qsm - >out
    cmp out reference || fail "with and without a final newline, $format"
done

# --- a locale with decimal commas
if command -v localedef >/dev/null && mkdir locales && localedef -i de_DE -f UTF-8 locales/de_DE.UTF-8 2>/dev/null; then
    for pass in C de_DE.UTF-8; do
        LOCPATH="$work/locales" LC_ALL=$pass "$program" train -q -C 0.5 -o "$pass.qsm" corpus.tsv
        LOCPATH="$work/locales" LC_ALL=$pass "$program" predict -m "$pass.qsm" article.txt >"$pass.jsonl"
        LOCPATH="$work/locales" LC_ALL=$pass "$program" evaluate -m "$pass.qsm" corpus.tsv >"$pass.table"
    done
    for kind in qsm jsonl table; do
        cmp "C.$kind" "de_DE.UTF-8.$kind" || fail "a locale with decimal commas changes $kind"
    done
    grep -q '"probabilities"' C.jsonl || fail "no probabilities under a locale"
else
    echo "skipped: the locale with decimal commas (no localedef or no de_DE)"
fi

# --- models and inputs that are not there or not good: 3, 4, 5, 6
refused 5 predict -m absent.qsm article.txt
refused 3 predict -m corpus.tsv article.txt
head -c 900 model.qsm >cut.qsm
refused 3 predict -m cut.qsm article.txt
refused 5 predict -m model.qsm absent.txt
refused 5 train -o new.qsm absent.tsv
refused 4 train -o new.qsm --text-column body corpus.tsv
printf 'id\ttext\tlabel\n1\tone label only\tfavor\n2\tand no other one\tfavor\n' >single.tsv
refused 4 train -o new.qsm single.tsv
: >empty.tsv
refused 4 train -o new.qsm empty.tsv
[ ! -e new.qsm ] || fail "a failed train leaves a model"

# --- a failed train leaves the old model alone
cp model.qsm old.qsm
refused 4 train -o old.qsm single.tsv
cmp model.qsm old.qsm || fail "a failed train damages the old model"
ln -s old.qsm link.qsm
refused 5 train -q -o link.qsm corpus.tsv
cmp model.qsm old.qsm || fail "training over a link damages what it points to"

# --- two rows that are not UTF-8: reported by line and byte, counted, and the rest learned
corpus | LC_ALL=C awk '{ if (NR == 5) sub("table", "t\351ble"); if (NR == 9) sub("We", "We \377"); print }' >bytes.tsv
offset=$(LC_ALL=C awk 'NR == 5 { print total + index($0, "\351") - 1 } { total += length($0) + 1 }' bytes.tsv)
expect 1 train -o bytes.qsm bytes.tsv
[ -s bytes.qsm ] || fail "no model because of two bad rows"
grep -q "bytes.tsv:5: .*UTF-8" err || { cat err; fail "row that is not UTF-8, by line"; }
grep -q "bytes.tsv:9: .*UTF-8" err || fail "second row that is not UTF-8, by line"
grep "bytes.tsv:5:" err | grep -q "\b$offset of the file" || { cat err; fail "row that is not UTF-8, by byte $offset"; }
grep -q '^quotestance: 2 rows' err || fail "bad rows are counted"
grep -q ' 28 rows' err || fail "good rows are counted"

# --- outputs that cannot be written
if [ -c /dev/full ]; then
    refused 5 predict -m model.qsm article.txt -o /dev/full
    for command in "predict -m model.qsm article.txt" "extract article.txt" "help" "help train" "evaluate -m model.qsm corpus.tsv"; do
        code=0
        # shellcheck disable=SC2086
        "$program" $command >/dev/full 2>err || code=$?
        [ "$code" = 5 ] || fail "$command to a full device gave $code, not 5"
        [ "$(wc -l <err)" = 1 ] || fail "$command to a full device: not one message"
    done
fi
yes "We will talk with them" | head -n 20000 >many.txt
{ code=0; "$program" predict --lines -m model.qsm many.txt 2>err || code=$?; echo $code >code; } | head -n 1 >/dev/null
[ "$(cat code)" = 5 ] || fail "a closed pipe gave $(cat code), not 5"
[ "$(wc -l <err)" = 1 ] || fail "a closed pipe: not one message"
refused 5 predict -m model.qsm article.txt -o no/such/folder/file
mkdir folder
refused 5 predict -m model.qsm article.txt -o folder
mkdir locked
chmod a-w locked
if [ "$(id -u)" -ne 0 ]; then
    refused 5 predict -m model.qsm article.txt -o locked/file
    refused 5 train -q -o locked/model.qsm corpus.tsv
else
    echo "skipped: the read-only folder (root writes everywhere)"
fi
[ -z "$(find . -name '*.tmp')" ] || fail "a temporary file is left: $(find . -name '*.tmp')"
echo "all held"
