#!/usr/bin/env bash
# Runs each fuzz target for some seconds (60 unless told), after what its corpus holds.
#
#   scripts/fuzz.sh [seconds] [target]
#
# Needs the nightly toolchain and `cargo install cargo-fuzz`. What it finds is left in the `artifacts` of the fuzz crate:
# mend it, and keep it as a row of a table or a test with a name.
set -euo pipefail

seconds="${1:-60}"
wanted="${2:-}"
crates="$(cd "$(dirname "$0")/../crates" && pwd)"

# One allocation above 64 MB, 512 MB in all, or 10 seconds for one input are findings. What is new in the corpus
# stays in a directory of its own; the repository keeps the seeds.
run() {
  local crate="$1" target="$2" sanitizer="$3"
  [[ -z "$wanted" || "$wanted" == "$target" ]] || return 0
  cd "$crates/$crate/fuzz"
  mkdir -p "target/corpus/$target"
  cargo +nightly fuzz run --sanitizer "$sanitizer" "$target" "target/corpus/$target" "corpus/$target" -- \
    -max_total_time="$seconds" -max_len=4096 -malloc_limit_mb=64 -rss_limit_mb=512 -timeout=10 -print_final_stats=1
}

# Where all code that sees the bytes is safe Rust, there is nothing for a sanitizer to find.
run protocol client none
run protocol compact none
run documents message address
run documents apply address
run server upgrade none
run server token none
