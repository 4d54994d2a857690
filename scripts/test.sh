#!/usr/bin/env bash
# Runs every test. Arguments go to nextest.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/needs.sh

need_c_compiler
need_postgres
need_cargo_tool nextest

# Examples in the documentation first: nextest does not run them, and its summary should end the output.
cargo test --quiet --locked --workspace --doc
exec cargo nextest run --locked --workspace "$@"
