#!/usr/bin/env bash
# Breaks the release build on purpose and says which promises it kept; fails when one was broken. About 20 minutes after
# building, on a machine that does nothing else.
#
#   scripts/chaos.sh                 everything, in its full size
#   scripts/chaos.sh --quick         the same with few people and rounds: minutes
#   scripts/chaos.sh kill proxy      only these
#
# SEED repeats a run's chance; each scenario prints the one it had. Tables go to standard output, one line of JSON each to
# target/chaos/reports.jsonl. SIZES adds options to a scenario: SIZES="--rounds 5000" scripts/chaos.sh kill
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/needs.sh

quick=
scenarios=()
while [ $# -gt 0 ]; do
    case $1 in
    --quick) quick=yes ;;
    -*)
        echo "unknown option: $1" >&2
        exit 2
        ;;
    *) scenarios+=("$1") ;;
    esac
    shift
done

need_c_compiler
cargo build --release --locked --package collabd-server --bin collabd
cargo build --release --locked --package collabd-loadgen --bin collab-chaos
results=$target_dir/chaos
rm -rf "$results"
mkdir -p "$results"
# A crowd needs as many descriptors as the system allows.
ulimit -n "$(ulimit -Hn)"

status=0
broken=()
# play SCENARIO OPTIONS...: plays a scenario unless others are named.
play() {
    if [ ${#scenarios[@]} -gt 0 ] && [[ " ${scenarios[*]} " != *" $1 "* ]]; then
        return
    fi
    printf '\n'
    # shellcheck disable=SC2086
    "$target_dir/release/collab-chaos" "$@" ${SEED:+--seed "$SEED"} ${SIZES:-} --json "$results/reports.jsonl" ||
        { status=1 && broken+=("$1"); }
}

if [ -n "$quick" ]; then
    play kill --rounds 30
    play terminate --projects 20
    play restart --projects 20
    play proxy --visits 1500
    play freeze --pause 15 --silence 5 --projects 10
    play store --full 3 --locks 1,8 --damages 20
else
    play kill
    play terminate
    play restart
    play proxy
    play freeze
    play store
fi
if [ "$status" -ne 0 ]; then
    echo "promises were broken, or could not be tried: ${broken[*]}" >&2
fi
exit "$status"
