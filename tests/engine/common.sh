# shellcheck shell=bash disable=SC2154
# What the tests of engines share: sourced with program, records, shards and work set. SPDX-License-Identifier: MIT
fail()
{
    echo "FAILED: $1" >&2
    exit 1
}

# An input with identifiers and without, bad lines too; what one machine makes of it; its shards, one of them damaged.
prepare()
{
    mkdir -p "$work"
    cd "$work" || exit 1
    awk -v n="$records" 'BEGIN {
        split("We are ready to talk to them at any hour|There will be no negotiations with murderers|The ministry published its figures|" \
              "Only an agreement at the table will end this|They must be beaten, not invited", said, "|")
        for (i = 1; i <= n; i++)
            if (i % 9973 == 0) print "{\"text\":"
            else printf "{%s\"text\":\"%s, she said on day %d of %d.\"}\n", i % 3 ? "\"id\":\"r" i "\"," : "", said[i % 5 + 1], i % 365, i
    }' >in.jsonl
    "$program" predict --lines -q -o whole.jsonl in.jsonl || [ $? = 1 ] || fail "the run on one machine"
    "$program" shard -q -n "$shards" -o in in.jsonl
    printf '{"text":"a line too many"}\n' >>"in/$(printf %05d "$poison").jsonl"
}

# The first attempt at shard `hang` freezes in the middle, that at shard `flaky` fails as if a disk had; the rest is the program.
wrap()
{
    cat >wrapped <<END
#!/bin/bash
index=
for ((i = 1; i < \$#; i++)); do [[ \${!i} != --index ]] || { i=\$((i + 1)); index=\${!i}; }; done
if [[ \$index == $hang ]] && mkdir "$work/hung" 2>/dev/null; then
    "$program" "\$@" &
    sleep 0.05
    kill -STOP \$! 2>/dev/null
    echo \$! >"$work/hung/frozen"
    echo "\${SLURMD_NODENAME:-}" >"$work/hung/node.tmp"
    mv "$work/hung/node.tmp" "$work/hung/node"
    wait
    exit 5
fi
if [[ \$index == $flaky ]] && mkdir "$work/failed-once" 2>/dev/null; then
    exit 5
fi
exec "$program" "\$@"
END
    chmod +x wrapped
}

merge_refuses() # WORDS
{
    code=0
    "$program" merge -o merged.jsonl in/manifest.json out 2>said || code=$?
    [ "$code" = 4 ] || fail "merge gave $code: $(cat said)"
    grep -q "$1" said || fail "merge said: $(cat said)"
    [ ! -e merged.jsonl ] || fail "merge wrote something"
}

merge_agrees()
{
    code=0
    "$program" merge -q -o merged.jsonl in/manifest.json out || code=$?
    [ "$code" = "$([ "$records" -ge 9973 ] && echo 1 || echo 0)" ] || fail "merge gave $code"
    cmp whole.jsonl merged.jsonl || fail "merged is not what one machine wrote"
    # doubled and foreign shards
    mkdir -p twice
    cp out/00000-* twice
    code=0
    "$program" merge -o again.jsonl in/manifest.json out twice 2>said || code=$?
    { [ "$code" = 4 ] && grep -q 'there twice' said; } || fail "doubled: $code $(cat said)"
    rm -rf twice out/00000-*
    "$program" predict -q --lines --on-error skip --manifest in/manifest.json --index 0 -o out -j1
    code=0
    "$program" merge -o again.jsonl in/manifest.json out 2>said || code=$?
    { [ "$code" = 4 ] && grep -q foreign said; } || fail "foreign: $code $(cat said)"
}
