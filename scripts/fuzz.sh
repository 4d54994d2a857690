#!/usr/bin/env bash
# Runs each fuzz target of the documents for some seconds (60 unless told).
#
#   scripts/fuzz.sh [seconds] [target]
#
# Needs the nightly toolchain and `cargo install cargo-fuzz`. What it finds is left in crates/documents/fuzz/artifacts.
set -euo pipefail

seconds="${1:-60}"
cd "$(dirname "$0")/../crates/documents/fuzz"
targets=("${2:-}")
[[ -n "${targets[0]}" ]] || targets=(message apply)

for target in "${targets[@]}"; do
  # One allocation above 64 MB, 512 MB in all, or 10 seconds for one input are findings. What is new in the corpus
  # stays in a directory of its own; the repository keeps the seeds.
  mkdir -p "target/corpus/$target"
  cargo +nightly fuzz run "$target" "target/corpus/$target" "corpus/$target" -- \
    -max_total_time="$seconds" -max_len=4096 -malloc_limit_mb=64 -rss_limit_mb=512 -timeout=10 -print_final_stats=1
done
