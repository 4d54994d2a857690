#!/usr/bin/env bash
# Compares collabd with other servers of Yjs documents, in turns, and prints a table for each scenario.
# Arguments go to each `collab-bench` scenario: scripts/bench-documents.sh --runs 5
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/needs.sh

need_c_compiler
need_node
need_packages bench
cargo build --release --locked \
    --package collabd-server --bin collabd --package collabd-loadgen --bin collab-bench

status=0
for scenario in documents open unload; do
    printf '\n## %s\n\n' "$scenario"
    "$target_dir/release/collab-bench" "$scenario" --compare "$@" || status=$?
done
exit "$status"
