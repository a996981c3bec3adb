#!/bin/sh
# scripts/join-news-labels gives the words of a quote without outer marks, as `predict` scores them in an article: marks on some
# rows taught a model that what has none takes a stance. SPDX-License-Identifier: MIT
# usage: join.sh QUOTESTANCE
set -eu
program=$1
. "$(dirname "$0")/common.sh"
root=$(cd "$(dirname "$0")/../.." && pwd)
command -v python3 >/dev/null || { echo "skipped: no python3"; exit 77; }
in_scratch_folder

# An article that has marks around the first labelled quote, and marks of its own inside the second.
python3 - "$root/corpora/negotiations-news/labels.jsonl" <<'END'
import json, sys
rows = [row for row in map(json.loads, open(sys.argv[1], encoding="utf-8"))
        if not row["not_quote"] and row["end"] - row["start"] > 30]
chosen, articles = [], set()
for row in rows:
    if row["article"] not in articles:
        articles.add(row["article"])
        chosen.append(row)
for row, form in zip(chosen[:3], ("\u201c%s,\u201d", '"%s" and "%s"', "%s")):
    size = row["end"] - row["start"]
    given = form.replace("%s", "")
    words = "w" * ((size - len(given)) // max(form.count("%s"), 1))
    text = form % ((words,) * form.count("%s"))
    text += "w" * (size - len(text)) if form == "%s" else ""
    text = text if len(text) == size else text.replace("w", "ww", 1)
    assert len(text) == size, (len(text), size)
    body = " " * row["start"] + text + " " * max(row["context_end"] - row["end"], 0)
    json.dump({"content_original": body}, open(row["article"] + ".json", "w", encoding="utf-8"))
    print(row["id"], file=open("ids", "a"))
END
mkdir data && mv ./*.json data/
"$root/scripts/join-news-labels" data >joined.jsonl 2>err || fail "join-news-labels"
text_of() { grep "^{\"id\":\"$(sed -n "$1p" ids)\"" joined.jsonl | sed 's/.*"text":"\(.*\)","context".*/\1/'; }
expr "$(text_of 1)" : 'w*,$' >/dev/null || fail "marks around a quote stay: $(text_of 1)"
expr "$(text_of 2)" : '\\"w*\\" and \\"w*\\"$' >/dev/null || fail "marks of two quotes do not stay: $(text_of 2)"
expr "$(text_of 3)" : 'w*$' >/dev/null || fail "words without marks change: $(text_of 3)"
"$program" predict --lines --format jsonl joined.jsonl >out 2>err || fail "joined rows are not read"
[ "$(grep -c '"status":"ok"' out)" = "$(wc -l <joined.jsonl)" ] || fail "joined rows are not scored"
