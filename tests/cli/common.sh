# Read by the tests of this folder: where a test works and how it fails. SPDX-License-Identifier: MIT
# in_scratch_folder: goes to a new folder, $work, which is removed when the script ends
in_scratch_folder()
{
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    cd "$work"
}

fail()
{
    echo "FAILED: $1" >&2
    [ ! -e err ] || head -n 3 err | cut -c 1-400 >&2
    exit 1
}

# expect CODE ARGUMENTS...: runs $program, keeps what it writes in `out` and `err`, and compares the exit code
expect()
{
    wanted=$1
    shift
    code=0
    "$program" "$@" >out 2>err </dev/null || code=$?
    [ "$code" = "$wanted" ] || { head -n 5 out | cut -c 1-400; fail "$* gave $code, not $wanted"; }
}
