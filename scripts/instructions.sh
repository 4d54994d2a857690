#!/usr/bin/env bash
# Counts the instructions of the hot path with callgrind, and compares them with those in crates/core/benches/instructions.txt.
# Ends with status 1 when a case needs 5 % more than there. With --update, what was counted takes the place of what is there.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/needs.sh

recorded=crates/core/benches/instructions.txt
# In hundredths. Runs differ by one hundredth, machines and patches of a compiler by some.
most=105
least=95

need_c_compiler
need_valgrind
program=$(cargo bench --locked --package collabd-core --bench instructions --no-run --message-format json |
    sed -n 's/.*"executable":"\([^"]*\/instructions-[^"]*\)".*/\1/p')
compiler="$(rustc --version | cut -d ' ' -f 2) on $(uname -m)"

directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
echo "# counted with rustc $compiler" >"$directory/counted"
dearer=
cheaper=
names=$("$program")
for name in $names; do
    # callgrind tells what it counted on the standard error.
    units=$(valgrind --tool=callgrind --callgrind-out-file=/dev/null --toggle-collect='*counted*' \
        "$program" "$name" 2>"$directory/log")
    each=$(($(sed -n 's/.*Collected : \([0-9]*\).*/\1/p' "$directory/log") / units))
    if [ "$each" -eq 0 ]; then
        echo "nothing of $name was counted; see: $program $name" >&2
        exit 1
    fi
    echo "$name $each" >>"$directory/counted"
    before=$(sed -n "s/^$name //p" "$recorded")
    printf '%-26s %8d instructions, %8s recorded\n' "$name" "$each" "${before:-none}"
    if [ $((each * 100)) -gt $((${before:-0} * most)) ]; then
        dearer+=" $name"
    elif [ $((each * 100)) -lt $((before * least)) ]; then
        cheaper+=" $name"
    fi
done

if [ "${1:-}" = --update ]; then
    cp "$directory/counted" "$recorded"
    exit
fi
if [ -n "$cheaper" ]; then
    echo "cheaper than recorded:$cheaper; so that it stays so: scripts/instructions.sh --update"
fi
if [ -n "$dearer" ]; then
    echo "dearer than recorded:$dearer; if that is worth it, say why in the commit, and: scripts/instructions.sh --update" >&2
    echo "this is rustc $compiler; recorded: $(head -n 1 "$recorded")" >&2
    exit 1
fi
