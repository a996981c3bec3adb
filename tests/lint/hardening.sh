#!/bin/sh
# A release build is hardened as promised. SPDX-License-Identifier: MIT
# usage: hardening.sh QUOTESTANCE
set -eu
program=$1
command -v readelf >/dev/null || { echo "skipped: no readelf"; exit 77; }
bad=0

# demand WORDS: complains unless the command before said yes
want()
{
    if ! grep -qE "$1" "$3"; then
        echo "FAILED: $2"
        bad=1
    fi
}

facts=$(mktemp)
trap 'rm -f "$facts"' EXIT
{ readelf -Wh "$program"; readelf -Wl "$program"; readelf -Wd "$program"; readelf -Wn "$program"; } >"$facts" 2>/dev/null
want 'Type: *DYN' "the program can be loaded at any address only if it is a PIE" "$facts"
want 'GNU_RELRO' "no RELRO" "$facts"
want 'BIND_NOW|FLAGS.*NOW' "symbols are bound late: the table stays writable" "$facts"
want 'GNU_STACK .* RW ' "the stack is executable, or nothing is said of it" "$facts"
! grep -q 'TEXTREL' "$facts" || { echo "FAILED: relocations in the text"; bad=1; }
! grep -qE 'R(UN)?PATH' "$facts" || { echo "FAILED: a path to libraries is built in"; bad=1; }
! grep -E '^ *LOAD' "$facts" | grep -q 'RWE' || { echo "FAILED: a segment to write and to execute"; bad=1; }
case $(readelf -Wh "$program" | sed -n 's/ *Machine: *//p') in
*X86-64*) # the mark of the whole program is lost with the first library that lacks it, as Debian's do; the landing places stay
    [ "$(objdump -d --no-show-raw-insn "$program" | grep -c endbr64)" -gt 500 ] || { echo "FAILED: no protection of the control flow"; bad=1; } ;;
esac
readelf -Ws --dyn-syms "$program" >"$facts" 2>/dev/null
want '__stack_chk_fail' "no stack protector" "$facts"
want '__[a-z]*_chk@' "calls of the C library are not fortified" "$facts"
[ $bad = 0 ]
