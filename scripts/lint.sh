#!/usr/bin/env bash
# Checks format, lints, documentation, dependencies and the systemd unit. A warning is a failure.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/needs.sh

need_c_compiler
need_cargo_tool deny
need_node

cargo fmt --all --check
# As it is released, and as it is tested.
for features in "" collabd-server/fault-injection,collabd-server/echo; do
    cargo clippy --locked --workspace --all-targets --features "$features" -- --deny warnings
    RUSTDOCFLAGS="--deny warnings" cargo doc --locked --workspace --no-deps --features "$features"
done
for package in sdk interop ui; do
    need_packages "$package"
    (cd "$package" && npm run lint)
done
scripts/check-unit.sh
# Advisories need a database from elsewhere: see .github/workflows/ci.yml.
cargo deny --locked check --hide-inclusion-graph bans licenses sources
