#!/usr/bin/env bash
# Simulates many plans of the live path, 100,000 unless told: minutes, where `make test` takes seconds for a few.
#
#   scripts/simulate.sh [plans]
#
# A plan that fails is printed as short as it gets, and its seed is in `crates/core/proptest-regressions`: mend what it
# found, and keep it. PROPTEST_RNG_SEED makes a run repeat another.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/needs.sh

need_c_compiler
export COLLABD_SIMULATE="${1:-100000}"
# Not nextest, which ends what takes minutes.
exec cargo test --locked --package collabd-core --lib simulation:: -- --nocapture
