#!/usr/bin/env bash
# Changes the rules of the core one by one, in a copy, and runs its tests: a change that none of them notices is listed and
# is a failure. What is changed, .cargo/mutants.toml says. Arguments go to cargo mutants: --shard 1/8 is an eighth of it.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/needs.sh

need_c_compiler
need_cargo_tool nextest
need_cargo_tool mutants
# One at a time, which is the default: tests that look at the time would disturb each other.
exec cargo mutants --package collabd-core --output "$target_dir" "$@"
