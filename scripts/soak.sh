#!/usr/bin/env bash
# Weeks in minutes: a million sessions and a hundred million messages in ten rounds, after each of which the server must have
# nothing more than before the first. It takes about ten minutes after building.
#
#   scripts/soak.sh [options of collab-bench soak]
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/needs.sh

need_c_compiler
cargo build --release --locked --package collabd-server --bin collabd
cargo build --release --locked --package collabd-loadgen --bin collab-bench
ulimit -n "$(ulimit -Hn)"
exec "$target_dir/release/collab-bench" soak --json "$target_dir/soak.jsonl" "$@"
