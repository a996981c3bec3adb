#!/bin/sh
# shard, predict --manifest and merge: byte for byte what one machine writes, whatever happens to workers.
# usage: shard.sh QUOTESTANCE. SPDX-License-Identifier: MIT
set -eu
program=$1
. "$(dirname "$0")/common.sh"
in_scratch_folder
# code EXPECTED COMMAND...
code()
{
    expected=$1
    shift
    got=0
    "$@" >said.out 2>said || got=$?
    [ "$got" = "$expected" ] || { cat said; fail "exit $got, not $expected: $*"; }
}

run() # MANIFEST INDEX FOLDER OPTIONS...: a worker
{
    manifest=$1 index=$2 folder=$3
    shift 3
    "$program" predict --manifest "$manifest" --index "$index" -o "$folder" -j1 -q "$@"
}

# Inputs with everything that hangs on the place of a record: no id, bad lines, CSV over several lines, a long record, no final line end.
awk 'BEGIN {
    for (i = 1; i <= 300; i++)
        if (i % 41 == 0) print "{broken"
        else if (i % 53 == 0) printf "{\"text\":\"bad \\\\u0000\",\"id\":\"x%d\"}\n", i
        else if (i % 67 == 0) print ""
        else if (i == 150) { printf "{\"text\":\""; for (k = 0; k < 3000; k++) printf "long "; print "\"}" }
        else printf "{\"text\":\"“We will talk,” Ada Holm said on day %d. No talks with them, he said.\"%s}\n", i, i % 3 ? ",\"id\":\"a" i "\"" : ""
    printf "{\"text\":\"We sign, said Ola Berg.\"}" }' >in.jsonl
awk 'BEGIN { print "id,note,text"; for (i = 1; i <= 200; i++)
    printf "%d,\"two\nlines, \"\"quoted\"\"\",\"We %s talk\n%d\"\n%s", i, i % 2 ? "must" : "will never", i, i % 37 ? "" : "short\n" }' >in.csv
awk 'BEGIN { printf "\357\273\277text\tid\n"; for (i = 1; i <= 200; i++) printf "peace talks %d\t%s\n", i, i % 29 ? i : i "\textra" }' >in.tsv
awk 'BEGIN { for (i = 1; i <= 200; i++) print (i % 31 ? "talk to them " i : "\377") }' >in.txt
head -n 45 in.jsonl | gzip >few.jsonl.gz

check() # INPUT SHARD-OPTIONS PREDICT-OPTIONS EXTENSION [OPTIONS-FOR-ONE-MACHINE]
{
    rm -rf in out
    # shellcheck disable=SC2086
    {
        code 1 "$program" predict -q -j1 $3 ${5:-} -o "whole.$4" "$1"
        code 0 "$program" shard -q -o in $2 "$1"
        count=$(grep -c '"index"' in/manifest.json)
        [ "$count" -ge 3 ] || fail "$1 $2: $count shards"
        for i in $(seq $((count - 1)) -1 0); do
            code 0 run in/manifest.json "$i" out $3
        done
    }
    code 1 "$program" merge -q -o "merged.$4" in/manifest.json out
    cmp "whole.$4" "merged.$4" || fail "$1 $2 $3: merged is not what one machine writes"
}
check in.jsonl '-n 7' '--format jsonl' jsonl
check in.jsonl '--by-bytes 9K' '--format tsv' tsv
check in.jsonl '-n 5 --max-record 4K' '--lines --format csv --on-error skip' csv '--max-record 4K'
check few.jsonl.gz '-n 50' '--lines --format csv --on-error skip' csv
check in.csv '--by-bytes 1K' '--lines --format jsonl' jsonl
check in.csv '-n 9' '--lines --format csv' csv
check in.tsv '-n 6' '--lines --format jsonl' jsonl
check in.txt '-n 6 --input-format lines' '--lines' jsonl

# With a limit for records, which the manifest hands on to the workers.
rm -rf in out
code 1 "$program" predict -q -j1 --max-record 4K -o whole in.jsonl
code 0 "$program" shard -q -n 5 --max-record 4K -o in in.jsonl
for i in 0 1 2 3 4; do code 0 run in/manifest.json $i out; done
code 1 "$program" merge -o merged in/manifest.json out
cmp whole merged
grep -q 'too_long' merged || fail "no record was too long"
grep -q '302 records of 5 shards\|301 records of 5 shards' said || fail "said: $(cat said)"

# extract, and the number of threads.
rm -rf out
for i in 0 1 2 3 4; do code 0 "$program" extract -q -j3 --format jsonl --manifest in/manifest.json --index $i -o out; done
code 1 "$program" merge -q -o merged in/manifest.json out
code 1 "$program" extract -q --format jsonl --max-record 4K -o whole in.jsonl
cmp whole merged || fail "extract"

# What merge refuses.
rm -rf in out
code 0 "$program" shard -q -n 6 -o in in.jsonl
[ "$(cat in/0000*.jsonl | cmp - in.jsonl)" = "" ] || fail "the shards are not the input"
(cd in && sed -n 's/.*"file":"\([^"]*\)".*"sha256":"\([^"]*\)".*/\2  \1/p' manifest.json | sha256sum -c --quiet) || fail "sha256"
for i in 0 1 2 4; do code 0 run in/manifest.json $i out; done
code 0 "$program" merge --missing in/manifest.json out
[ "$(cat said.out)" = 3,5 ] || fail "missing: $(cat said.out)"
code 4 "$program" merge -o merged2 in/manifest.json out
grep -q '2 of 6 shards are missing: 3,5' said || fail "missing: $(cat said)"
[ ! -e merged2 ] || fail "something was written"
for i in 3 5; do code 0 run in/manifest.json $i out; done
cp -r out twice
code 4 "$program" merge in/manifest.json out twice
grep -q 'there twice' said || fail "twice: $(cat said)"
mv out/00003-* twice
rm -f twice/0000[01245]*
code 1 "$program" merge -q -o merged in/manifest.json out twice
mv twice/00003-* out
"$program" predict -q -o whole in.jsonl || true
cmp whole merged
mv out/00002-*.done kept.done
code 0 run in/manifest.json 2 other --on-error skip
cp other/* out
code 4 "$program" merge in/manifest.json out
grep -q 'foreign run' said || fail "foreign options: $(cat said)"
rm -f out/00002-*
head -n 100 in.jsonl >less.jsonl
code 0 "$program" shard -q -n 6 -o in2 less.jsonl
code 0 run in2/manifest.json 2 out
code 4 "$program" merge in/manifest.json out
grep -q 'foreign shard' said || fail "foreign shard: $(cat said)"
rm -f out/00002-*
code 0 run in/manifest.json 2 out

# A worker whose rows were damaged does its shard again; one that is done does nothing.
code 0 run in/manifest.json 2 out
code 0 "$program" predict --manifest in/manifest.json --index 2 -o out
grep -q 'done before' said || fail "done before: $(cat said)"
file=$(echo out/00002-*.jsonl)
printf x >>"$file"
code 4 "$program" merge in/manifest.json out
grep -q damaged said || fail "damaged: $(cat said)"
code 0 "$program" merge --missing in/manifest.json out
[ "$(cat said.out)" = 2 ] || fail "missing after damage: $(cat said.out)"
code 0 run in/manifest.json 2 out
code 1 "$program" merge -q -o merged in/manifest.json out
cmp whole merged

# A shard that was damaged is refused, and mended by cutting again; the others keep their time.
touch -d 2020-01-01 in/00001.jsonl
printf '{"text":"one more"}\n' >>in/00004.jsonl
rm -f out/00004-*
code 4 run in/manifest.json 4 out
grep -q 'in/00004.jsonl: is not what the manifest says' said || fail "poison: $(cat said)"
code 0 "$program" shard -q -n 6 -o in in.jsonl
[ "$(stat -c %Y in/00001.jsonl)" = "$(date -d 2020-01-01 +%s)" ] || fail "a sound shard was written again"
code 0 run in/manifest.json 4 out
code 1 "$program" merge -q -o merged in/manifest.json out
cmp whole merged

# Wrong use, wrong files.
code 2 "$program" shard in.jsonl
code 2 "$program" shard -o in -
code 2 "$program" shard -o in -n 3 --by-bytes 1K in.jsonl
code 2 "$program" shard -o in -n 100001 in.jsonl
code 5 "$program" shard -o in absent.jsonl
code 2 "$program" merge in/manifest.json
code 2 run in/manifest.json 6 out
code 2 run in/manifest.json 1 out --format table
code 2 "$program" predict --index 1 in.jsonl
code 2 "$program" predict --manifest in/manifest.json -o out
code 2 "$program" predict --manifest in/manifest.json --index 1 -o out in.jsonl
code 5 run absent.json 1 out
code 4 run in.jsonl 1 out
for damage in 's/"index":2,//' 's/"records":[0-9]*/"records":7/3' 's/"sha256":"./"sha256":"x/' 's/00001.jsonl/..\/x/' 's/shards 1/shards 9/' 's/,$//'; do
    sed "$damage" in/manifest.json >damaged.json
    if ! cmp -s damaged.json in/manifest.json && [ "$damage" != 's/"index":2,//' ]; then
        code 4 "$program" merge damaged.json out
    fi
done
echo ok
