#!/usr/bin/env bash
# Runs every test. With arguments, only the Rust tests that they name: they go to nextest.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/needs.sh

need_c_compiler
need_postgres
need_cargo_tool nextest
# One build for all tests: a server that can be asked for faults.
features=(--features collabd-server/fault-injection)
if [ $# -gt 0 ]; then
    exec cargo nextest run --locked --workspace "${features[@]}" "$@"
fi

need_node
need_chromium
need_page
# The tests in JavaScript start the same server as those in Rust, and those in a browser look at the page that is in it.
cargo build --locked --package collabd-server --bin collabd "${features[@]}"
COLLABD_BIN=$(realpath "$target_dir")/debug/collabd
export COLLABD_BIN
for package in sdk interop ui; do
    need_packages "$package"
    (cd "$package" && npm test)
done
# Examples in the documentation: nextest does not run them, and its summary should end the output.
cargo test --quiet --locked --workspace --doc "${features[@]}"
exec cargo nextest run --locked --workspace "${features[@]}"
