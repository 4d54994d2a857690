#!/usr/bin/env bash
# Runs the tests that talk to a server from outside against the release build, as it is shipped: hostile clients, bad
# input, tokens, limits. Arguments go to nextest.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/needs.sh

need_c_compiler
need_cargo_tool nextest
cargo build --release --locked --package collabd-server --bin collabd
COLLABD_BIN=$(realpath "$target_dir")/release/collabd
export COLLABD_BIN
# Faults are made by a build that knows how to, which no release does.
exec cargo nextest run --locked --package collabd-server --test it -E 'not test(/^faults::/)' "$@"
