#!/bin/sh
# Every option that names an output, and standard output, where nothing can be written: exit code 5, one line, nothing left.
# SPDX-License-Identifier: MIT
# usage: outputs.sh QUOTESTANCE
set -eu
program=$1
. "$(dirname "$0")/common.sh"
work=$(mktemp -d)
trap 'umount "$work/full" 2>/dev/null || true; chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work"
cases=0

awk 'BEGIN {
    print "id\ttext\tlabel"
    for (i = 1; i <= 12; i++)
        printf "%d\tWe %s talk with them at table %d\t%s\n", i, i % 2 ? "will" : "will never", i, i % 2 ? "favor" : "against"
}' >corpus.tsv
# longer than the 16 kB that the small disk holds, in every output
awk 'BEGIN { for (i = 1; i <= 400; i++) print "We will talk with them at table " i " and at the other table" }' >lines.txt
awk 'BEGIN { for (i = 1; i <= 300; i++) printf "\"We will talk at table %d,\" Minister Edda Lorne said.\n\n", i }' >article.txt
awk 'BEGIN {
    print "id\ttext\tlabel\trole"
    for (i = 1; i <= 400; i++)
        printf "%d\tword%d thing%d table%d\t%s\tr%d\n", i, i, i * 7, i * 991, i % 2 ? "favor" : "against", i
}' >long.tsv
awk 'BEGIN { for (i = 1; i <= 900; i++) print "word" i " thing" i * 7 }' >classes.txt
"$program" train -q -o model.qsm corpus.tsv
"$program" train -q -o other.qsm -C 2 corpus.tsv
"$program" train -q -o long.qsm long.tsv
"$program" train -q -o small.qsm --calibration-folds 0 --char-ngrams none corpus.tsv
"$program" model export -o small.svm small.qsm
"$program" evaluate -q --bootstrap 0 -m model.qsm --save-predictions scored.jsonl --json metrics.json corpus.tsv >table
"$program" shard -q -n 2 --input-format lines -o shards lines.txt
for i in 0 1; do "$program" predict --lines -q -m model.qsm --manifest shards/manifest.json --index $i -o done; done
mkdir full folder
ln -s corpus.tsv link
disk=no
mount -t tmpfs -o size=16k none full 2>/dev/null && disk=yes

# refused PLACE ARGUMENTS...: the output named by WHERE in the arguments
refused()
{
    place=$1
    shift
    code=0
    "$program" "$@" >printed 2>err </dev/null || code=$?
    [ $code = 5 ] || fail "$* gave $code, not 5"
    [ "$(grep -vc 'gate met:' err)" = 1 ] || fail "$*: not one line"
    cases=$((cases + 1))
    [ "$place" = /dev/full ] || [ -z "$(find "$place" ! -name part -type f 2>/dev/null | head -n 1)" ] ||
        [ "$place" = link ] || fail "$*: something is left: $(find "$place" -type f)"
}

# output BIG ARGUMENTS...: WHERE stands for the output; BIG is yes if it does not fit on the small disk, log if it is read first
output()
{
    big=$1
    shift
    for place in /dev/full absent/file folder link full/file; do
        [ $place != full/file ] || { [ $disk = yes ] && [ "$big" = yes ]; } || continue
        [ $place != /dev/full ] || { [ -e /dev/full ] && [ "$big" != log ]; } || continue
        for argument in "$@"; do
            case $argument in WHERE) set -- "$@" $place ;; *) set -- "$@" "$argument" ;; esac
            shift
        done
        refused "${place%/file}" "$@"
        rm -rf full/*
        [ $place = /dev/full ] || [ "$(wc -l <corpus.tsv)" = 13 ] || fail "$*: wrote through a link"
        # back to the word WHERE for the next place
        for argument in "$@"; do
            case $argument in "$place") set -- "$@" WHERE ;; *) set -- "$@" "$argument" ;; esac
            shift
        done
    done
}

output yes predict -q --lines -m model.qsm -o WHERE lines.txt
output yes predict -q --format tsv -m model.qsm -o WHERE article.txt
output yes predict -q -m model.qsm --html WHERE article.txt
output yes extract -q -o WHERE article.txt
output yes explain -q --lines -m model.qsm -o WHERE lines.txt
output yes train -q -o WHERE long.tsv
output log train -q --tune --tune-seconds 1 --folds 2 --tune-log WHERE -o made.qsm corpus.tsv
output no evaluate -q --bootstrap 20 -m model.qsm -o WHERE corpus.tsv
output no evaluate -q --bootstrap 20 -m model.qsm --json WHERE corpus.tsv
output yes evaluate -q --bootstrap 20 -m model.qsm --save-predictions WHERE long.tsv
output no evaluate -q --bootstrap 20 -m model.qsm --junit WHERE --require 'accuracy>=0' corpus.tsv
output no evaluate -q --bootstrap 20 -m model.qsm --markdown WHERE corpus.tsv
output yes evaluate -q --bootstrap 20 -m model.qsm --html WHERE corpus.tsv
output no evaluate -q --bootstrap 20 -m model.qsm --dvc WHERE corpus.tsv
output no compare -q --bootstrap 20 -o WHERE --gold corpus.tsv scored.jsonl scored.jsonl
output no compare -q --bootstrap 20 --json WHERE --gold corpus.tsv scored.jsonl scored.jsonl
output no model info -o WHERE model.qsm
code=0
"$program" model verify -o unwritten model.qsm >printed 2>err || code=$?
[ $code = 2 ] || fail "an output that a command does not have gave $code, not 2"
output yes model export -o WHERE long.qsm
output yes model export --vectors long.tsv -o WHERE long.qsm
output no model import --text small.svm -o WHERE small.qsm
output no model card -o WHERE model.qsm
output no model diff -o WHERE model.qsm other.qsm
output no corpus check -o WHERE long.tsv
output no corpus stats -o WHERE corpus.tsv
output yes corpus convert --to jsonl -o WHERE long.tsv
output no corpus agree -o WHERE corpus.tsv corpus.tsv
output yes merge -q -o WHERE shards/manifest.json done
output no merge --missing -o WHERE shards/manifest.json done

# outputs that are folders or beginnings of names
for place in /dev/full/x absent/deep/x corpus.tsv/x; do
    refused /dev/full predict -q -m model.qsm --brat $place -o kept article.txt
    rm -f kept
    refused /dev/full corpus split -q -o $place corpus.tsv
    refused /dev/full corpus convert --to brat -o $place corpus.tsv
    refused /dev/full shard -q -n 2 --input-format lines -o $place lines.txt
    refused /dev/full predict --lines -q -m model.qsm --manifest shards/manifest.json --index 0 -o $place
    refused /dev/full evaluate -q --bootstrap 0 -m model.qsm --plots $place/ corpus.tsv
done
if [ $disk = yes ]; then
    head -c 15000 /dev/zero >full/part
    refused full shard -q -n 2 --input-format lines -o full/shards lines.txt
    rm -rf full/shards
    refused full corpus split -q -o full/c long.tsv
fi

# --- standard output: full, closed, or read by nobody any more
stdout()
{
    for how in full closed pipe; do
        code=0
        case $how in
        full) [ -e /dev/full ] || continue; "$program" "$@" >/dev/full 2>err </dev/null || code=$? ;;
        closed) "$program" "$@" >&- 2>err </dev/null || code=$? ;;
        pipe) { "$program" "$@" 2>err </dev/null || echo $? >code; } | :
            code=$(cat code 2>/dev/null || echo 0)
            rm -f code
            [ "$code" != 0 ] || code=5 ;; # it may have been quicker than the reader that leaves
        esac
        [ $code = 5 ] || fail "$*: standard output $how gave $code, not 5"
        cases=$((cases + 1))
    done
}

stdout predict -q --lines -m model.qsm lines.txt
stdout predict -q -m model.qsm article.txt
stdout predict -q --format table -m model.qsm article.txt
stdout extract -q article.txt
stdout explain -q --lines -m model.qsm lines.txt
stdout evaluate -q --bootstrap 0 -m model.qsm corpus.tsv
stdout compare -q --bootstrap 20 --gold corpus.tsv scored.jsonl scored.jsonl
stdout model info model.qsm
stdout model verify model.qsm
stdout model export long.qsm
stdout model card model.qsm
stdout model diff model.qsm other.qsm
stdout corpus check long.tsv
stdout corpus stats corpus.tsv
stdout corpus convert --to csv corpus.tsv
stdout corpus agree corpus.tsv corpus.tsv
stdout merge -q shards/manifest.json done
stdout merge --missing shards/manifest.json done
stdout help
stdout help train
stdout help --man
stdout help --completion bash
stdout --version

# --- standard error closed: what is said there must not land in a file that took its number
printf 'good line\nbad \377 line\n' >bad.txt
code=0
"$program" predict --lines --format tsv -m model.qsm -o with bad.txt 2>err || code=$?
[ $code = 1 ] || fail "a bad line gave $code"
for closed in '2>&-' '<&- 2>&-' '<&- >&- 2>&-'; do
    code=0
    (eval "exec $closed"; exec "$program" predict --lines --format tsv -m model.qsm -o without bad.txt) || code=$?
    [ $code = 1 ] || fail "with $closed: $code"
    cmp with without || fail "with $closed the output is another"
    (eval "exec $closed"; exec "$program" train -o closed.qsm corpus.tsv) || fail "train with $closed"
    cmp closed.qsm model.qsm || fail "train with $closed gives another model"
    cases=$((cases + 2))
done

# --- a folder that may be read only, by a user who is nobody special
sealed=no
if [ "$(id -u)" != 0 ]; then sealed=yes
elif command -v setpriv >/dev/null && setpriv --reuid=65534 --regid=65534 --clear-groups true 2>/dev/null; then
    sealed=yes
    cp "$program" somebody-program
    chmod 755 . somebody-program
    mkdir counts && chmod 777 counts # where a build that measures coverage may write its own
    printf '#!/bin/sh\nexport GCOV_PREFIX="$PWD/counts"\nexec setpriv --reuid=65534 --regid=65534 --clear-groups "%s/somebody-program" "$@"\n' "$work" >somebody
    chmod 755 somebody
    program=$work/somebody
fi
if [ $sealed = yes ]; then
    mkdir sealed
    for file in rows model page; do echo "of yesterday" >sealed/$file; done
    chmod 555 sealed
    chmod 644 corpus.tsv lines.txt article.txt model.qsm scored.jsonl
    cp -R sealed before
    for place in rows new; do
        refused /dev/full predict -q --lines -m model.qsm -o sealed/$place lines.txt
        refused /dev/full predict -q --lines --resume -m model.qsm -o sealed/$place lines.txt
        refused /dev/full predict -q -m model.qsm --html sealed/$place article.txt
        refused /dev/full extract -q -o sealed/$place article.txt
        refused /dev/full train -q -o sealed/$place corpus.tsv
        refused /dev/full evaluate -q --bootstrap 0 -m model.qsm --json sealed/$place corpus.tsv
        refused /dev/full model card -o sealed/$place model.qsm
        refused /dev/full corpus convert --to csv -o sealed/$place corpus.tsv
    done
    refused /dev/full predict -q -m model.qsm --brat sealed/brat article.txt
    refused /dev/full corpus split -q -o sealed/part corpus.tsv
    refused /dev/full shard -q -n 2 --input-format lines -o sealed/shards lines.txt
    refused /dev/full predict --lines -q -m model.qsm --manifest shards/manifest.json --index 0 -o sealed/shard
    diff -r sealed before || fail "something in a folder that may be read only has changed"
    chmod 755 sealed
    chmod 000 model.qsm
    refused /dev/full predict -q --lines -m model.qsm lines.txt
    chmod 644 model.qsm
    program=$1
else
    echo "passed over: no setpriv to become another user"
fi

# --- files that may not grow
code=0
(ulimit -f 8; exec "$program" train -q -o limited.qsm long.tsv 2>err) || code=$?
[ $code = 5 ] && [ ! -e limited.qsm ] || fail "a limit on the size of files gave $code"
echo "$((cases + 1)) outputs that failed, all told and nothing left; small disk: $disk, read-only folder: $sealed"
