#!/bin/sh
# All shards of a batch by GNU parallel, on this machine or, with --sshlogin in PARALLEL_OPTIONS, on several with a shared folder:
#
#   quotestance shard -n 64 -o in news.jsonl
#   parallel.sh in/manifest.json out [options of predict]
#   quotestance merge -o quotes.jsonl in/manifest.json out
#
# Runs what is missing, each shard up to three times, and can be called again after a repair. The exit code is the number of shards that
# failed. QUOTESTANCE names the program. SPDX-License-Identifier: MIT
set -eu
manifest=$1 out=$2
shift 2
program=${QUOTESTANCE:-quotestance}
mkdir -p "$out"
"$program" merge --missing "$manifest" "$out" | tr ',' '\n' | while IFS=- read -r first last; do
    [ -z "$first" ] || seq "$first" "${last:-$first}"
done >"$out/todo"
rm -f "$out/stop"
# A damaged shard (4) fails three times at once; wrong options or a wrong model (2, 3) stop all others.
# shellcheck disable=SC2016,SC2086
exec parallel --will-cite --quote --retries 3 --joblog "$out/joblog" ${PARALLEL_OPTIONS:-} sh -c '
    program=$1 manifest=$2 out=$3 index=$4 code=0
    shift 4
    [ ! -e "$out/stop" ] || exit 3
    "$program" predict --quiet --manifest "$manifest" --index "$index" -o "$out" -j1 "$@" || code=$?
    case $code in
    2 | 3) touch "$out/stop" ;;
    esac
    exit $code' worker "$program" "$manifest" "$out" {} "$@" <"$out/todo"
