#!/bin/sh
# As torture.sh, for the other commands and the outputs beside the main one. SPDX-License-Identifier: MIT
# usage: torture_commands.sh QUOTESTANCE     up to 40 points a command, or all of them with QS_ALL=1
set -eu
program=$1
. "$(dirname "$0")/common.sh"
. "$(dirname "$0")/torture_common.sh"
in_scratch_folder
write_inputs

printf '<html><head><title>T</title></head><body><p>"We will talk on," Minister Edda Lorne said.</p></body></html>' >page.html
gzip -k article.txt
"$program" train -q -j1 -o model.qsm corpus.tsv
"$program" train -q -j1 -o other.qsm -C 0.5 corpus.tsv
"$program" evaluate -j1 -q -m model.qsm --save-predictions new.jsonl --json metrics.json corpus.tsv >/dev/null
"$program" evaluate -j1 -q -m other.qsm --save-predictions old.jsonl corpus.tsv >/dev/null
"$program" train -q -j1 -o small.qsm --calibration-folds 0 --char-ngrams none corpus.tsv
"$program" model export -o small.svm small.qsm

torture "extract" file extract -j1 --format jsonl article.txt
torture "extract tsv, gzip" file extract -j1 --format tsv article.txt.gz
torture "extract html" stdout extract -j1 --format csv page.html
torture "predict citron" stdout predict -j1 --format citron -m model.qsm article.txt
torture "predict brat" folder predict -j1 -q -m model.qsm --brat out/brat -o out/rows article.txt
torture "predict bundled" stdout predict -j1 --format csv article.txt
torture "explain" file explain -j1 --lines --format jsonl -m model.qsm lines.txt
torture "explain table" stdout explain -j1 --format table -m model.qsm article.txt

torture "train joint" file train -j1 -q --learner joint corpus.tsv
torture "train classes" file train -j1 -q --word-classes en --class-presence --negation corpus.tsv
also=4 # a baseline that cannot be read, for whatever reason
torture "evaluate reports" folder evaluate -j1 -q --bootstrap 20 -m model.qsm --json out/j --junit out/u --markdown out/m --html out/h \
    --dvc out/d --plots out/plots- --save-predictions out/p --require 'accuracy>=0' --baseline metrics.json --max-drop accuracy=1 corpus.tsv
also=
torture "evaluate folds" stdout evaluate -j1 -q --bootstrap 20 --folds 2 corpus.tsv
torture "evaluate predictions" stdout evaluate -j1 -q --bootstrap 20 --gold corpus.tsv --predictions new.jsonl
torture "compare" folder compare -j1 -q --bootstrap 20 --gold corpus.tsv --json out/json -o out/table old.jsonl new.jsonl

torture "model info" stdout model info model.qsm
torture "model verify" stdout model verify model.qsm
torture "model export" file model export model.qsm
torture "model export vectors" file model export --vectors corpus.tsv model.qsm
torture "model import" file model import --text small.svm small.qsm
torture "model diff" stdout model diff model.qsm other.qsm
also=4
torture "model card metrics" file model card --metrics metrics.json model.qsm
also=

awk 'BEGIN { print "id\ttext\tlabel"; for (i = 1; i <= 6; i++) print i "\tword" i " thing" i * 7 " and " i * 991 "\t" (i % 2 ? "a" : "b") }' >apart.tsv
torture "corpus check" stdout corpus check -j1 apart.tsv
torture "corpus stats" stdout corpus stats --format jsonl corpus.tsv
torture "corpus split" folder corpus split -q -o out/part corpus.tsv
torture "corpus to label-studio" file corpus convert --to label-studio corpus.tsv
torture "corpus to brat" folder corpus convert --to brat -o out/brat corpus.tsv
"$program" corpus convert -q --to brat -o brat corpus.tsv
torture "corpus from brat" stdout corpus convert --from brat --to csv brat
torture "corpus agree" stdout corpus agree corpus.tsv corpus.tsv
torture "shard" folder shard -q -n 2 --input-format lines -o out lines.txt
"$program" shard -q -n 2 --input-format lines -o shards lines.txt
"$program" predict --lines -q -j1 -m model.qsm --manifest shards/manifest.json --index 0 -o done
torture "merge missing" stdout merge --missing shards/manifest.json done

# Tuning makes too many calls for all of them: some of a whole run, and all of one that goes on, of whose trials a log lacks four.
"$program" train -j1 -q --tune --tune-seconds 0 --folds 2 --tune-log trials -o tuned corpus.tsv
grep -v 'negation\|presence' trials >begun
prepare() { cp begun log; }
torture "train tune, gone on" file train -j1 -q --tune --tune-seconds 0 --folds 2 --tune-log log corpus.tsv
prepare() { :; }
points_all=1000
torture "train tune" file train -j1 -q --tune --tune-seconds 0 --folds 2 corpus.tsv
verdict
