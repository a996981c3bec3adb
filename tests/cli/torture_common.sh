# What the torture scripts share: running a command with one call failing, and judging what it leaves. Sourced, then
# used in a scratch folder, with $program set. SPDX-License-Identifier: MIT
points_max=40    # a command; with QS_ALL=1 all of them, unless there are
points_all=8000  # more than that
effect=fail      # what becomes of the calls: they fail, are cut short (s) or interrupted (i)
also=            # an exit code that is right too, where what cannot be read is bad input by contract
bad=0
runs=0
points=0

# prepare: brings back what a command changes beside its output; a test may define it anew
prepare()
{
    :
}

# complain TEXT: reports one broken promise of the run at hand
complain()
{
    echo "FAILED: $name, QS_FAULT=$fault: $1 (exit $code)" >&2
    head -n 3 err >&2
    bad=$((bad + 1))
}

# judge_folder: every file that is there must be whole, or what was there before
judge_folder()
{
    find out -type f | while read -r left; do
        cmp -s "$left" "reference${left#out}" || cmp -s "$left" "before${left#out}" || echo "$left"
    done >partial
    [ ! -s partial ] || complain "partial output: $(head -n 1 partial)"
}

# judge: looks at what one run has left behind
judge()
{
    [ $effect = fail ] || [ $code = 0 ] || complain "not done, though no call failed"
    case $code in
    0)
        if [ "$kind" = folder ]; then
            diff -r out reference >differences || complain "succeeded with other output: $(head -n 1 differences)"
        else
            cmp -s out/result reference || complain "succeeded with other output"
        fi
        ;;
    5 | 6 | "$also")
        [ "$(grep -vc 'gate met:' err)" -eq 1 ] || complain "not one line of message"
        case $kind$mode in
        file*+) [ ! -e out/result ] || cmp -s out/result reference || complain "partial output" ;;
        file*) cmp -s out/result old || cmp -s out/result reference || complain "old output damaged" ;;
        folder*) judge_folder ;;
        esac
        ;;
    *) complain "wrong exit code" ;;
    esac
    for left in out/*.tmp out/*.partial out/*.journal; do
        [ ! -e "$left" ] || [ "$kind" = folder ] || complain "left $left behind"
    done
}

# run FAULT ARGUMENTS...: one run with one plan
run()
{
    fault=$1
    shift
    rm -rf out
    if [ "$kind" = folder ] && [ -d before ]; then cp -R before out; else mkdir out; fi
    [ "$mode" = + ] || [ "$kind" = folder ] || cp old out/result
    prepare
    code=0
    case $kind in
    file) QS_FAULT=$fault "$program" "$@" -o out/result 2>err || code=$? ;;
    stdout) QS_FAULT=$fault "$program" "$@" >out/result 2>err || code=$? ;;
    folder) QS_FAULT=$fault "$program" "$@" >printed 2>err || code=$? ;;
    esac
    runs=$((runs + 1))
    judge
}

# reference_run ARGUMENTS...: what comes of the command when nothing fails, and the calls it makes in $allocs and $ios
reference_run()
{
    rm -rf out reference counts
    if [ "$kind" = folder ] && [ -d before ]; then cp -R before out; else mkdir out; fi
    prepare
    case $kind in
    file) QS_FAULT_COUNT=counts "$program" "$@" -o reference 2>err || { cat err; exit 1; } ;;
    stdout) QS_FAULT_COUNT=counts "$program" "$@" >reference 2>err || { cat err; exit 1; } ;;
    folder) QS_FAULT_COUNT=counts "$program" "$@" >printed 2>err || { cat err; exit 1; }
        cp -R out reference ;;
    esac
    if [ ! -s counts ]; then
        echo "skipped: the program was built without QS_FAULTS"
        exit 77
    fi
    [ "$kind" = folder ] || [ -s reference ] || { echo "FAILED: $name gives no output"; exit 1; }
    [ "$kind" != folder ] || [ -n "$(find reference -type f)" ] || { echo "FAILED: $name gives no file"; exit 1; }
    allocs=$(sed -n 's/^alloc //p' counts)
    ios=$(sed -n 's/^io //p' counts)
    [ "$allocs" -gt 5 ] && [ "$ios" -gt 1 ] || { echo "FAILED: $name: no calls counted"; exit 1; }
}

# torture NAME file|stdout|folder ARGUMENTS...: `file` adds -o, `folder` is for commands whose arguments name files in out/
torture()
{
    name=$1
    kind=$2
    shift 2
    reference_run "$@"
    total=$(((allocs + ios) * 2))
    most=$points_max
    [ -z "${QS_ALL:-}" ] || most=$points_all
    step=$(((total + most - 1) / most))
    before_runs=$runs
    i=0
    while [ "$i" -lt "$total" ]; do
        at=$((i / 2 + 1))
        seam=alloc
        [ "$at" -le "$allocs" ] || { at=$((at - allocs)); seam=io; }
        # with an even step the modes must still take turns
        mode=
        [ $(((i + i / step) % 2)) -eq 0 ] || mode=+
        [ "$step" -gt 1 ] || { mode=; [ $((i % 2)) -eq 0 ] || mode=+; }
        run "$seam:$at$mode" "$@"
        i=$((i + step))
    done
    points=$((points + total))
    echo "$name: $allocs allocations, $ios I/O calls, $((runs - before_runs)) of $total points"
    unharmed "$@"
}

# unharmed ARGUMENTS...: calls of I/O that are cut short or interrupted, all of them and, with QS_ALL=1, each alone, change nothing
unharmed()
{
    mode=
    for effect in s i; do
        run "io:1$effect+" "$@"
        at=1
        while [ -n "${QS_ALL:-}" ] && [ "$at" -le "$ios" ]; do
            run "io:$at$effect" "$@"
            points=$((points + 1))
            at=$((at + 1))
        done
        points=$((points + 1))
    done
    effect=fail
}

verdict()
{
    [ "$bad" -eq 0 ] || { echo "FAILED: $bad of $runs runs" >&2; exit 1; }
    echo "$runs runs of $points points, all held"
}

# write_inputs: what the commands work on, corpus.tsv, lines.txt, article.txt, and `old`, which stands where output goes
write_inputs()
{
    awk 'BEGIN {
        print "id\ttext\tlabel"
        for (i = 1; i <= 12; i++)
            printf "%d\tWe %s talk with them at table %d\t%s\n", i, i % 2 ? "will" : "will never", i, i % 2 ? "favor" : "against"
    }' >corpus.tsv
    cut -f 2 corpus.tsv >lines.txt
    cat >article.txt <<'EOF'
Minister calls the offer 'a door left ajar'

Talks went on through the night, and no one left the table before dawn.

Harbour Minister Edda Lorne said that leaving now would be "a gift to nobody but the insurers".

"We will talk for as long as it takes," union leader Tomas Brack told reporters. "We are not here for the coffee."
EOF
    echo "what stood here before" >old
}
