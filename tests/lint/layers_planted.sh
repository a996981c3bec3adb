#!/bin/sh
# The layer check must fail when a forbidden include is planted.
# Usage: layers_planted.sh LAYERS.SH SRC TABLE
check=$1 src=$2 table=$3
copy=$(mktemp -d) || exit 2
trap 'rm -rf "$copy"' EXIT
cp -r "$src" "$copy/src"
printf '#include "quotes/quote.h"\n' >> "$copy/src/text/planted.c"
if out=$(sh "$check" "$copy/src" "$table"); then
    echo "the planted include was not noticed"
    exit 1
fi
case $out in
*"src/text/planted.c:1: text may not use quotes"*) echo "planted include noticed" ;;
*) echo "unexpected: $out"; exit 1 ;;
esac
