#!/usr/bin/env bash
# Takes each guard out, in a copy, and sees that a test fails without it. Fails itself when one is not missed.
#
#   scripts/guards.sh [part of crate/name]
#
# A guard is a patch in the `guards` directory of a crate: what it breaks, the tests that have to notice (a pattern for
# nextest), the test program to build if one is enough, and the change.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/needs.sh

need_c_compiler
need_cargo_tool nextest

wanted="${1:-}"
copy="$target_dir/guards"
log="$copy/log"
export CARGO_TARGET_DIR="$copy/target"
rm -rf "$copy/tree"
mkdir -p "$copy/tree"
copy=$(realpath "$copy")
log="$copy/log"
CARGO_TARGET_DIR="$copy/target"
# What git knows and what is about to be added, as it is now. Tests compare the code with the documentation. Every file is
# new, or cargo would take what the last run has built without a guard for what is there now.
git ls-files -z --cached --others --exclude-standard -- Cargo.toml Cargo.lock .config crates docs |
    tar --create --null --files-from=- --ignore-failed-read | tar --extract --touch --directory "$copy/tree"
cd "$copy/tree"

caught=0
total=0
survivors=()
for patch in crates/*/guards/*.patch; do
    crate=$(cut -d/ -f2 <<<"$patch")
    name=$(basename "$patch" .patch)
    [[ "$crate/$name" == *"$wanted"* ]] || continue
    tests=$(sed -n 's/^Tests: //p' "$patch")
    programs=()
    program=$(sed -n 's/^In: //p' "$patch")
    [ -z "$program" ] || programs=(--test "$program")
    total=$((total + 1))
    patch --quiet --strip=1 --input="$patch"
    # 100 is nextest's word for tests that failed; another one says that there was no such test, or nothing to run.
    status=0
    cargo nextest run --locked --profile guards --package "collabd-$crate" "${programs[@]}" -E "test(/$tests/)" \
        >"$log" 2>&1 || status=$?
    patch --quiet --reverse --strip=1 --input="$patch"
    failed=$(sed -n 's/^ *\(FAIL\|TIMEOUT\) \[[^]]*\] *([^)]*) *//p' "$log" | sort -u | sed 's/^[^ ]* //')
    if [ "$status" = 100 ] && [ -n "$failed" ]; then
        caught=$((caught + 1))
        printf '%-34s caught by %s\n' "$name" "$(head -1 <<<"$failed")"
        [ "$(wc -l <<<"$failed")" = 1 ] || printf '%-34s       and %s more\n' '' "$(($(wc -l <<<"$failed") - 1))"
    else
        survivors+=("$name")
        printf '%-34s NOT CAUGHT: nextest ended with %s\n' "$name" "$status"
        cp "$log" "$copy/$name.log"
    fi
done
echo "$caught of $total guards are missed by a test when they are taken out"
if [ "${#survivors[@]}" -gt 0 ]; then
    echo "not missed: ${survivors[*]} (see $copy/*.log)" >&2
    exit 1
fi
