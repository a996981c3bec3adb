#!/bin/bash
# Every command that the README shows, run as it stands, in the order in which it stands, by a user with small files of the names that it
# uses. usage: readme.sh QUOTESTANCE SOURCE. SPDX-License-Identifier: MIT
set -euo pipefail
program=$(realpath "$1") source=$(realpath "$2") build=$(dirname "$(realpath "$1")")
. "$(dirname "$0")/common.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# --- a checkout, and a user's files --------------------------------------------------------------
mkdir -p "$work/home/build" "$work/bin"
cd "$work/home"
ln -s "$build" build/release
ln -s "$source/scripts" "$source/corpora" "$source/models" .
ln -s "$program" "$work/bin/quotestance"
export PATH=$work/bin:$PATH
article=$source/corpora/articles/harbour-talks.txt
cp "$article" article.txt
mkdir articles
cp "$article" articles/one.txt
{
    for i in 1 2 3 4 5 6 7 8 9; do
        printf '{"id":"n%d","title":"Talks","text":"\\u201cWe will talk,\\u201d Ada Holm said on day %d."}\n' $i $i
    done
} >news.jsonl
gzip -kf news.jsonl
for part in my test; do
    [ $part = my ] && rest=1 || rest=2
    printf 'text\tlabel\tid\tgroup\tarticle\ttarget\n' >$part.tsv
    awk -v rest="$rest" 'NR % 25 == rest' "$source/corpora/negotiations/quotes.jsonl" |
        jq -r '[.text, .label, .id, .dispute, .dispute, "talks"] | @tsv' >>$part.tsv
done
cut -f1 my.tsv | tail -n +2 | tee texts.txt >new.txt
"$program" predict --lines -q --format jsonl test.tsv >quotes.jsonl
awk -F'\t' 'NR == 1 { print "id,label,speaker_role"; next } { print $3 "," $2 "," (NR % 2 ? "union" : "employer") }' test.tsv >gold.csv
for name in old new other-tool; do
    "$program" predict --lines -q --format jsonl test.tsv | jq -c '{id, label: .heads["stance:negotiations"].label}' >$name.jsonl
done
sh "$source/tests/install/example.sh" "$source/include/quotestance/quotestance.h" program.c

# Slurm's part is played by a loop over the array; the real one is in tests/engine.
cat >"$work/bin/sbatch" <<'END'
#!/bin/bash
for word; do
    case $word in
    --array=*) array=${word#--array=} ;;
    esac
done
while [[ $1 == --* ]]; do shift; done
for part in ${array//,/ }; do
    for index in $(seq "${part%-*}" "${part#*-}"); do
        SLURM_ARRAY_TASK_ID=$index SLURM_ARRAY_JOB_ID=1 SLURM_RESTART_COUNT=9 bash "$@" || exit
    done
done
END
chmod +x "$work/bin/sbatch"

# --- what the README shows -----------------------------------------------------------------------
# Lines that are indented by four blanks are commands; a backslash at the end goes on in the next.
awk '/^```/ { fenced = !fenced; next } !fenced && /^    / { print substr($0, 5) }' "$source/README.md" |
    sed -e ':a' -e '/\\$/N; s/\\\n *//; ta' >commands
count=$(wc -l <commands)
[ "$count" -ge 20 ] || fail "only $count commands in the README"

ran=0
while IFS= read -r command <&3; do
    case $command in
    scripts/quickstart* | scripts/test*) # what runs this test, and a build of its own
        [ -x "$(echo "$command" | cut -d' ' -f1)" ] || fail "no such script: $command"
        continue
        ;;
    *parallel*) command -v parallel >/dev/null || { echo "skipped, no parallel: $command"; continue; } ;;
    *corpora/negotiations/quotes.jsonl*) # cross-validation on the whole corpus takes minutes: on a part of it
        rm -f corpora
        mkdir -p corpora/negotiations
        awk 'NR % 20 == 1' "$source/corpora/negotiations/quotes.jsonl" >corpora/negotiations/quotes.jsonl
        ;;
    *"cmake --install"* | *program.c*)
        grep -q "QS_SANITIZE:STRING=.\|QS_COVERAGE:BOOL=ON" build/release/CMakeCache.txt && { echo "skipped, instrumented: $command"; continue; }
        ;;
    esac
    code=0
    bash -euc "$command" <<<"" >out.txt 2>err.txt || code=$?
    [ "$code" = 0 ] || { tail -n 20 out.txt err.txt; fail "exit code $code: $command"; }
    ran=$((ran + 1))
done 3<commands
"$program" predict -q --format jsonl news.jsonl >expected.jsonl
cmp expected.jsonl all-quotes.jsonl || fail "the merged file"
[ ! -e scores.jsonl ] || [ "$(wc -l <scores.jsonl)" = "$(wc -l <texts.txt)" ] || fail "the piped file"

# --- snippets ------------------------------------------------------------------------------------
snippet() # LANGUAGE
{
    awk -v fence="\`\`\`$1" '$0 == fence { on = 1; next } /^```/ { on = 0 } on' "$source/README.md"
}
snippet r >snippet.R
[ -s snippet.R ] || fail "no snippet of R in the README"
# that of Python is run by tests/install/test_python.py
if command -v Rscript >/dev/null && Rscript -e 'library(jsonlite)' >/dev/null 2>&1; then
    Rscript snippet.R >out.txt || fail "the R snippet"
else
    echo "skipped: the R snippet, no R with jsonlite"
fi
echo "ok: $ran commands"
