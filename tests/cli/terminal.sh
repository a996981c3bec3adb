#!/bin/sh
# Text of strangers in tables, messages and pages for people: nothing in it drives a terminal, turns the line round or hides.
# SPDX-License-Identifier: MIT
# usage: terminal.sh QUOTESTANCE
set -eu
program=$1
. "$(dirname "$0")/common.sh"
in_scratch_folder

# ESC, BEL, DEL, C1 (CSI as one character), embeddings, isolates, marks of direction, nothing wide, a tag
printf '\033\n\007\n\177\n\302\233\n\342\200\256\n\342\201\246\n\342\200\216\n\330\234\n\342\200\213\n\363\240\201\201\n' >unsafe
hostile=$(tr -d '\n' <unsafe)

# safe NAME FILE...
safe()
{
    name=$1
    shift
    for file in "$@"; do
        [ -e "$file" ] || continue
        if LC_ALL=C grep -F -f unsafe "$file" >found; then fail "$name: $(LC_ALL=C cat -v found | head -n 2)"; fi
    done
}

# tame CODE ARGUMENTS...: what is written for people is safe
tame()
{
    code=$1
    shift
    expect "$code" "$@"
    safe "$*" out err
}

awk -v bad="$hostile" 'BEGIN {
    print "id\ttext\tlabel\trole\ttarget"
    for (i = 1; i <= 40; i++)
        printf "i%d%s\tWe %s talk %s with them at table %d\t%s\trole%s%d\tto%s\n", i, bad, i % 2 ? "will" : "never", bad, i, \
            i % 2 ? "favor" bad : "against", bad, i % 3, bad
}' >corpus.tsv
# control characters of ASCII are refused in the labels of a model; the rest may stand there
printf '\033\007\177' >ascii
tr -d "$(cat ascii)" <corpus.tsv >labels.tsv
sed 's/never/will/' labels.tsv | awk -F'\t' -v OFS='\t' 'NR % 3 == 0 { $3 = "against" } { print }' >other.tsv
tame 0 train -o model.qsm labels.tsv
tame 0 train -o targets.qsm -C 2 --per-target labels.tsv
for action in info verify card; do tame 0 model $action model.qsm; done
tame 0 model diff model.qsm targets.qsm
path=$(printf 'p%s.qsm' "$hostile")
cp model.qsm "$path"
for action in info verify card; do tame 0 model $action "$path"; done
tame 5 model verify "$path.bad"
cp corpus.tsv "$path.tsv"
tame 1 corpus check corpus.tsv
tame 1 corpus check "$path.tsv" corpus.tsv
tame 0 corpus stats corpus.tsv
tame 0 corpus agree labels.tsv other.tsv
tame 0 evaluate -m model.qsm --bootstrap 20 --by role --save-predictions first --markdown md --html page --junit junit labels.tsv
safe reports md page junit
tame 0 evaluate -m model.qsm --bootstrap 20 --save-predictions second other.tsv
tame 0 evaluate --bootstrap 20 --folds 2 labels.tsv
tame 0 compare --bootstrap 20 --gold labels.tsv first first
tame 0 predict --lines --format table -m model.qsm labels.tsv
tame 0 explain --lines --format table -m model.qsm labels.tsv
tame 0 train --tune --tune-seconds 1 --folds 2 -o tuned.qsm labels.tsv
printf '%s: "We will talk," %s said.\n' "$hostile" "Edda $hostile Lorne" >article.txt
for command in extract predict explain; do tame 0 $command --format table article.txt; done
expect 0 predict --html page article.txt
safe page page
tame 5 predict -m "$path.absent" labels.tsv
tame 2 predict "--$hostile"
tame 2 "$hostile"
tame 2 predict --format "$hostile" labels.tsv
