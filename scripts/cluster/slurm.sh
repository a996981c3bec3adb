#!/bin/bash
#SBATCH --job-name=quotestance
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --signal=B:TERM@60
# One shard of a batch as a task of a Slurm job array:
#
#   quotestance shard -n 64 -o in news.jsonl
#   sbatch --wait --array=0-63 slurm.sh in/manifest.json out [options of predict]
#   quotestance merge -o quotes.jsonl in/manifest.json out
#
# If merge says that shards are missing, mend what the logs name and send those again:
#
#   sbatch --wait --array="$(quotestance merge --missing in/manifest.json out)" slurm.sh in/manifest.json out [the same options]
#
# A task whose node dies is requeued by Slurm, one that fails for want of memory or I/O requeues itself, at most MAX_REQUEUES
# times; each goes on where its journal ends. Wrong options or an unusable model end the whole array.
# QUOTESTANCE names the program. SPDX-License-Identifier: MIT
set -u
manifest=$1 out=$2
shift 2

# in the background, so that a signal from Slurm reaches it at once: it writes its journal and ends
"${QUOTESTANCE:-quotestance}" predict --quiet --manifest "$manifest" --index "$SLURM_ARRAY_TASK_ID" -o "$out" \
    -j "${SLURM_CPUS_PER_TASK:-1}" "$@" &
worker=$!
trap 'kill -TERM "$worker" 2>/dev/null' TERM
wait "$worker"
code=$?
while kill -0 "$worker" 2>/dev/null; do # a signal ended the wait, not the worker
    wait "$worker"
    code=$?
done

case $code in
0) exit 0 ;;
2 | 3)
    echo "shard $SLURM_ARRAY_TASK_ID: exit code $code: options or model are wrong; the array is cancelled" >&2
    scancel "$SLURM_ARRAY_JOB_ID"
    exit $code
    ;;
4)
    echo "shard $SLURM_ARRAY_TASK_ID: exit code 4: the shard cannot be read; not tried again" >&2
    exit 4
    ;;
esac
if [ "${SLURM_RESTART_COUNT:-0}" -lt "${MAX_REQUEUES:-3}" ]; then
    echo "shard $SLURM_ARRAY_TASK_ID: exit code $code: requeued" >&2
    scontrol requeue "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID" && sleep 60 # Slurm ends this task meanwhile
fi
exit $code
