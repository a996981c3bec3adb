#!/bin/sh
# predict --html and evaluate --html: hostile articles are text, pages are whole. SPDX-License-Identifier: MIT
# usage: pages.sh QUOTESTANCE
set -eu
program=$1
. "$(dirname "$0")/common.sh"
in_scratch_folder

# count TEXT FILE: how many lines hold it
count()
{
    grep -c -F -e "$1" "$2" || true
}

cat >two.jsonl <<'END'
{"id":"one","title":"<script>alert(1)</script> talks","date":"2026-01-05","text":"Anna <img src=x onerror=alert(2)> Berg said: \"We want these talks </mark></p><svg onload=alert(3)> and we will sign.\"\n\nBerg added: \"We will \u202enegotiate\u202c with anyone.\""}
{"id":"two","title":"Second","date":"2026-02-07","text":"\"We reject these talks,\" Carl O'Neil said. \"There is nothing to negotiate.\""}
END
"$program" predict --html page.html -o out.jsonl two.jsonl
[ "$(wc -l <out.jsonl)" -ge 3 ] || fail "records beside the page"
for bad in '<script' '<img' '<svg onload' "$(printf '\342\200\256')"; do
    [ "$(count "$bad" page.html)" = 0 ] || fail "'$bad' reached the page"
done
grep -q '&lt;script&gt;alert(1)&lt;/script&gt;' page.html || fail "the title as text"
grep -q '<mark class="' page.html || fail "marked quotes"
grep -q 'O&#39;Neil' page.html || fail "speaker"
grep -q 'id="timeline"' page.html || fail "timeline of two days"
[ "$(grep -o '<mark' page.html | wc -l)" = "$(grep -o '</mark>' page.html | wc -l)" ] || fail "marks that are closed"
tail -n 1 page.html | grep -q '</html>' || fail "a whole page"

# the whole page is well-formed where xmllint is there to tell
if command -v xmllint >/dev/null; then
    xmllint --html --noout page.html 2>err || fail "xmllint"
    # libxml2 does not know the elements of HTML5
    grep -a -v -e 'Tag [a-z0-9]* invalid' err | grep -a -q 'parser error' && { cat err; fail "markup"; }
fi

code=0
"$program" predict --lines --html page2.html two.jsonl >/dev/null 2>&1 || code=$?
[ "$code" = 2 ] || fail "--html with --lines gave $code"
[ ! -e page2.html ] || fail "a page after a usage error"
code=0
"$program" predict --html /nonexistent/page.html two.jsonl >/dev/null 2>&1 || code=$?
[ "$code" = 5 ] || fail "a page that cannot be written gave $code"

# without scores
"$program" extract --html plain.html two.jsonl >/dev/null
grep -q '<mark class="plain">' plain.html || fail "quotes without scores"
grep -q 'id="timeline"' plain.html && fail "a timeline without scores"

# 10 MB of one hostile article
awk 'BEGIN { for (i = 0; i < 100000; i++) print "<b>\"We want <i>talks</i> now & then,\" said Anna Berg</b> <a href=x>\n" }' >big.txt
[ "$(wc -c <big.txt)" -gt 6000000 ] || fail "size of the big article"
"$program" predict --html big.html big.txt >/dev/null
grep -q -F -e '<b>&quot;' big.html && fail "markup of the big article"
[ "$(count '&lt;i&gt;talks&lt;/i&gt;' big.html)" -gt 99999 ] || fail "text of the big article"
grep -q "<article class=\"many\"" big.html && grep -q "more are marked in the text only" big.html || fail "limits of the big article"
echo ok
