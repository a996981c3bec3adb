#!/bin/sh
# Fails if a file includes a layer that its own layer may not use.
# Usage: layers.sh SRC TABLE   (TABLE: lines "layer: layer layer ...", written by the build)
src=$1 table=$2
cd "$src" || exit 2
found=$(grep -rnE '^[[:space:]]*#[[:space:]]*include[[:space:]]+"' --include='*.[ch]' . | awk -v table="$table" '
    BEGIN {
        while ((getline line < table) > 0) {
            split(line, part, ":"); name = part[1]; known[name] = 1
            count = split(part[2], used, " ")
            for (i = 1; i <= count; i++) may[name, used[i]] = 1
            may[name, name] = 1; may[name, "quotestance"] = 1
        }
        may["cli", "cli"] = 1; may["cli", "quotestance"] = 1; known["cli"] = 1
    }
    {
        split($0, field, ":"); file = field[1]; sub(/^\.\//, "", file)
        layer = file; sub(/\/.*/, "", layer)
        target = $0; sub(/^[^"]*"/, "", target); sub(/".*/, "", target)
        if (target !~ /\//) { printf "src/%s:%s: include \"%s\" without its folder\n", file, field[2], target; next }
        folder = target; sub(/\/.*/, "", folder)
        if (!(layer in known)) printf "src/%s:%s: unknown layer %s\n", file, field[2], layer
        else if (!((layer, folder) in may)) printf "src/%s:%s: %s may not use %s\n", file, field[2], layer, folder
    }')
if [ -n "$found" ]; then
    printf '%s\n' "$found"
    exit 1
fi
echo "layers: every include is allowed"
