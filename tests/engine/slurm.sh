#!/bin/bash
# A Slurm cluster of two nodes on this machine: a damaged shard, a node killed in the middle of a shard, a shard that is requeued;
# after the documented repair the merged output is that of one machine. usage: slurm.sh QUOTESTANCE SOURCE
# QS_ALL=1: a million records in 64 shards. SPDX-License-Identifier: MIT
set -euo pipefail
program=$1 source=$2
for tool in slurmctld slurmd sbatch scontrol; do
    command -v $tool >/dev/null || { echo "skipped: no $tool (package slurm-wlm)"; exit 77; }
done
[ "$(id -u)" = 0 ] || { echo "skipped: the daemons of Slurm want root"; exit 77; }
work=$(mktemp -d) records=200000 shards=8 poison=2 hang=4 flaky=6
[ -z "${QS_ALL:-}" ] || records=1000000 shards=64 poison=5 hang=31 flaky=40
slurmctld=$(readlink -f "$(command -v slurmctld)") slurmd=$(readlink -f "$(command -v slurmd)")
pids=()

# Everything that a node runs: tasks carry its name and our configuration; the daemon of a step, which comes first, is their parent.
processes_of() # NODE
{
    local tasks=''
    for folder in /proc/[0-9]*; do
        environment=$({ tr '\0' '\n' <"$folder/environ"; } 2>/dev/null) || continue
        if grep -qx "SLURM_CONF=$work/slurm.conf" <<<"$environment" && grep -qx "SLURMD_NODENAME=$1" <<<"$environment"; then
            tasks="$tasks ${folder#/proc/}"
            parent=$({ sed -n 's/^PPid:\t//p' "$folder/status"; } 2>/dev/null)
            case $(cat "/proc/${parent:-0}/comm" 2>/dev/null) in
            slurmstepd*) echo "$parent" ;;
            esac
        fi
    done
    echo "$tasks"
}

stop()
{
    for node in n1 n2; do
        for pid in $(processes_of $node); do kill -KILL "$pid" 2>/dev/null || true; done
    done
    [ ! -s "$work/hung/frozen" ] || kill -KILL "$(cat "$work/hung/frozen")" 2>/dev/null || true
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap stop EXIT
# shellcheck source=tests/engine/common.sh
. "$source/tests/engine/common.sh"

start_cluster()
{
    local host user port
    host=$(hostname -s) user=$(id -un) port=$((20000 + $$ % 20000))
    mkdir -p state log spool-n1 spool-n2
    cat >slurm.conf <<END
ClusterName=quotestance
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/none
CredType=cred/none
AuthInfo=cred_expire=5
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/filetxt
JobCompLoc=$work/log/jobcomp.txt
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerType=sched/builtin
ReturnToService=1
SlurmdTimeout=8
KillWait=3
UnkillableStepTimeout=10
MinJobAge=600
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool-%n
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd-%n.pid
SlurmctldLogFile=$work/log/ctld.log
SlurmdLogFile=$work/log/%n.log
NodeName=n1 NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 1)) CPUs=1 State=UNKNOWN
NodeName=n2 NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 2)) CPUs=1 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
END
    export SLURM_CONF=$work/slurm.conf
    "$slurmctld" -D -f "$work/slurm.conf" >log/ctld.out 2>&1 &
    pids+=($!)
    for node in n1 n2; do
        "$slurmd" -D -N $node -f "$work/slurm.conf" >log/$node.out 2>&1 &
        pids+=($!)
        echo $! >slurmd-$node.started
    done
    for _ in $(seq 60); do
        [ "$(sinfo -h -N -o %T 2>/dev/null | grep -cx idle)" = 2 ] && return
        sleep 0.5
    done
    tail -n 20 log/*
    fail "the nodes do not come up"
}

# The node that works at shard `hang` dies, daemon, step and all.
kill_node()
{
    for _ in $(seq 600); do
        [ ! -e hung/node ] || break
        sleep 0.5
    done
    [ -e hung/node ] || fail "no task hangs"
    node=$(cat hung/node)
    kill -KILL "$(cat "slurmd-$node.started")"
    victims=$(processes_of "$node")
    for pid in $victims; do kill -KILL "$pid" 2>/dev/null || true; done
    echo "node $node killed" >>events
}

prepare
wrap
start_cluster
export QUOTESTANCE=$work/wrapped
kill_node &
killer=$!
code=0
timeout 600 sbatch --quiet --wait --array=0-$((shards - 1)) --output=log/task-%a.log "$source/scripts/cluster/slurm.sh" \
    in/manifest.json out --lines || code=$?
wait $killer || fail "nobody was killed"
[ "$code" = 4 ] || { tail -n 5 log/*; fail "the array ended with $code, not with the code of the damaged shard"; }
grep -q 'not tried again' "log/task-$poison.log" || fail "shard $poison was not refused"
grep -q 'exit code 5: requeued' "log/task-$flaky.log" || fail "shard $flaky was not requeued"
[ -s events ] || fail "no node was killed"
[ "$("$program" merge --missing in/manifest.json out)" = $poison ] || fail "missing: $("$program" merge --missing in/manifest.json out)"
merge_refuses "1 of $shards shards are missing: $poison"

# The documented repair: cut again, which mends the damaged shard alone, and send what is missing.
"$program" shard -q -n "$shards" -o in in.jsonl
timeout 300 sbatch --quiet --wait --array="$("$program" merge --missing in/manifest.json out)" --output=log/task-%a.log \
    "$source/scripts/cluster/slurm.sh" in/manifest.json out --lines
merge_agrees
echo "ok: $records records, $shards shards, $(cat events)"
