#!/bin/sh
# --help, man pages, completion and the README name the same options, and the parser knows them all.
# usage: documents.sh QUOTESTANCE. SPDX-License-Identifier: MIT
set -eu
program=$1
. "$(dirname "$0")/common.sh"
readme=$(dirname "$0")/../../README.md
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$program" help >"$work/help"
commands=$(sed -n 's/^  \([a-z0-9-]*\)  *[a-z].*/\1/p' "$work/help" | grep -vx help)
[ "$(echo "$commands" | wc -l)" -ge 7 ] || fail "commands: $commands"
for shell in bash zsh fish; do
    "$program" help --completion $shell >"$work/$shell"
done
"$program" help --man >"$work/page.1"
for command in $commands; do
    grep -q "^\.BR quotestance\\\\-$(echo "$command" | sed 's/-/\\\\-/g') (1)" "$work/page.1" || fail "quotestance(1) does not name $command"
done

for command in $commands; do
    "$program" help "$command" >"$work/text"
    "$program" "$command" --help | cmp - "$work/text" || fail "$command --help is not help $command"
    # "  -x, --name VALUE" or "      --name"
    sed -n 's/^  \(-[A-Za-z], \|    \)--\([a-z0-9-]*\).*/\2/p' "$work/text" | sort >"$work/options"
    [ -s "$work/options" ] || fail "$command has no options"
    [ -z "$(uniq -d "$work/options")" ] || fail "$command has an option twice: $(uniq -d "$work/options")"
    cp "$work/options" "$work/$command.options"
    "$program" help --man "$command" >"$work/page.1"
    sed -n 's/^\\fB\\-[A-Za-z]\\fR, //; s/\\-/-/g; s/^\\fB--\([a-z0-9-]*\)\\fR.*/\1/p' "$work/page.1" | sort >"$work/in-man"
    diff "$work/options" "$work/in-man" || fail "$command: man page and help differ"
    sed -n "s/^complete -c quotestance -n '__fish_seen_subcommand_from $command' -l \([a-z0-9-]*\) .*/\1/p" "$work/fish" | sort >"$work/in-fish"
    diff "$work/options" "$work/in-fish" || fail "$command: fish and help differ"
    awk -v command="$command" '$0 == "    " command ")" { on = 1; next } /^    [a-z0-9-]*\)$/ { on = 0 } on' "$work/zsh" |
        sed -n "s/^  *{-[A-Za-z],--\([a-z0-9-]*\)}'.*/\1/p; s/^  *'\**--\([a-z0-9-]*\)=\{0,1\}\[.*/\1/p" | sort >"$work/in-zsh"
    diff "$work/options" "$work/in-zsh" || fail "$command: zsh and help differ"
    # the parser: a wrong use of a known option is another message than an unknown option
    while read -r option; do
        "$program" "$command" "--$option" 1 --no-such-option </dev/null >/dev/null 2>"$work/said" && fail "$command --$option"
        grep -q "unknown option --$option" "$work/said" && fail "$command: the parser does not know --$option"
    done <"$work/options"
    if command -v mandoc >/dev/null; then
        mandoc -T lint "$work/page.1" || fail "mandoc does not like the page of $command"
    fi
done

# What the README names: each option of a command line is one of that command's, each other option one of some command's.
cat "$work"/*.options | sort -u >"$work/all"
printf 'help\nman\ncompletion\nversion\n' >>"$work/all"
grep -o '`--[a-z][a-z0-9-]*' "$readme" | cut -c4- | sort -u | while read -r option; do
    grep -qx -e "$option" "$work/all" || fail "README names --$option, which no command has"
done
grep -oE '(^|[ /`])quotestance [a-z-]+ [^`|>#]*' "$readme" | sed 's/^.*quotestance //' >"$work/lines" || true
while read -r command rest; do
    [ -f "$work/$command.options" ] || continue
    for word in $rest; do
        case $word in
        --*)
            option=$(echo "${word#--}" | sed 's/=.*//')
            grep -qx -e "$option" "$work/$command.options" || fail "README: quotestance $command has no --$option"
            ;;
        esac
    done
done <"$work/lines"
[ "$(wc -l <"$work/lines")" -ge 10 ] || fail "the README shows too few command lines"

# Completion at work: bash answers as it would at the prompt.
if command -v bash >/dev/null; then
    cat >"$work/ask.bash" <<'END'
source "$1"
ask() { # WORD...: completes the last word
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
    _quotestance
    printf '%s\n' "${COMPREPLY[@]}" | sort | paste -sd' '
}
[ "$(ask quotestance pre)" = predict ] || { echo "command: $(ask quotestance pre)"; exit 1; }
[ "$(ask quotestance train --calibration-f)" = --calibration-folds ] || { echo option; exit 1; }
[ "$(ask quotestance predict --on-error '')" = 'fail record skip' ] || { echo choices; exit 1; }
[ "$(ask quotestance predict --on-error = r)" = record ] || { echo "choices after ="; exit 1; }
[ "$(ask quotestance model ver)" = verify ] || { echo action; exit 1; }
[ -z "$(ask quotestance train --folds '')" ] || { echo "a number is nothing to complete"; exit 1; }
[ "$(ask quotestance train --folds 5 -o "$2/al")" = "$2/all" ] || { echo "file after -o"; exit 1; }
[ "$(ask quotestance extract "$2/al")" = "$2/all" ] || { echo input; exit 1; }
[ "$(ask quotestance help tra)" = train ] || { echo help; exit 1; }
END
    bash -n "$work/bash"
    bash "$work/ask.bash" "$work/bash" "$work" || fail "bash completion"
    while read -r command; do
        bash -c 'source "$1"; COMP_WORDS=(quotestance "$2" --); COMP_CWORD=2; _quotestance; printf "%s\n" "${COMPREPLY[@]}"' \
            - "$work/bash" "$command" | sed 's/^--//' | grep -vx help | sort >"$work/in-bash"
        diff "$work/$command.options" "$work/in-bash" || fail "$command: bash and help differ"
    done <<END
$commands
END
fi
if command -v zsh >/dev/null; then
    zsh -n "$work/zsh" || fail "zsh completion"
fi
if command -v fish >/dev/null; then
    fish --no-execute "$work/fish" || fail "fish completion"
    [ "$(HOME=$work XDG_CONFIG_HOME=$work/.config fish -c "source $work/fish; complete -C 'quotestance predict --on-error r'" | cut -f1 | sort | paste -sd' ')" = record ] ||
        fail "fish completion of --on-error"
fi
echo ok
