#!/bin/bash
# GNU parallel: a damaged shard, a worker killed in the middle, one that fails once; after the documented repair the merged
# output is that of one machine. usage: parallel.sh QUOTESTANCE SOURCE. QS_ALL=1: a million records in 64 shards.
# SPDX-License-Identifier: MIT
set -euo pipefail
program=$1 source=$2
command -v parallel >/dev/null || { echo "skipped: no parallel (package parallel)"; exit 77; }
parallel --version 2>/dev/null | grep GNU >/dev/null || { echo "skipped: parallel is not that of GNU"; exit 77; }
work=$(mktemp -d) records=200000 shards=8 poison=2 hang=4 flaky=6
[ -z "${QS_ALL:-}" ] || records=1000000 shards=64 poison=5 hang=31 flaky=40
stop()
{
    [ ! -s "$work/hung/frozen" ] || kill -KILL "$(cat "$work/hung/frozen")" 2>/dev/null || true
    rm -rf "$work"
}
trap stop EXIT
# shellcheck source=tests/engine/common.sh
. "$source/tests/engine/common.sh"

kill_worker()
{
    for _ in $(seq 600); do
        [ ! -e hung/node ] || break
        sleep 0.5
    done
    kill -KILL "$(cat hung/frozen)" && echo "worker killed" >>events
}

prepare
wrap
kill_worker &
code=0
QUOTESTANCE=$work/wrapped PARALLEL_OPTIONS=-j2 timeout 600 "$source/scripts/cluster/parallel.sh" in/manifest.json out --lines 2>said || code=$?
wait
[ "$code" = 1 ] || { cat said; fail "$code shards failed, not 1"; }
[ -s events ] || fail "no worker was killed"
grep -q 'is not what the manifest says' said || fail "shard $poison was not refused: $(cat said)"
merge_refuses "1 of $shards shards are missing: $poison"
"$program" shard -q -n "$shards" -o in in.jsonl
QUOTESTANCE=$program PARALLEL_OPTIONS=-j2 timeout 300 "$source/scripts/cluster/parallel.sh" in/manifest.json out --lines
merge_agrees
# --pipe: workers as plain filters
parallel --will-cite -j2 --pipe -k --block 100k --recend '\n' "$program" predict --lines --input-format lines --format tsv -q -j1 - \
    <<<"$(seq -f 'talk to them, day %.0f' 5000)" | grep -v '^id' >piped
seq -f 'talk to them, day %.0f' 5000 | "$program" predict --lines --input-format lines --format tsv -q -j1 - | grep -v '^id' | cmp - piped
echo "ok: $records records, $shards shards, $(cat events)"
