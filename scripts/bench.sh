#!/usr/bin/env bash
# Measures a fresh server on a free loopback port. Arguments replace the options of `collab-bench fanout`.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/needs.sh

need_c_compiler
cargo build --release --locked \
    --package collabd-server --bin collabd --package collabd-loadgen --bin collab-bench

directory=$(mktemp -d)
"$target_dir/release/collabd" --listen 127.0.0.1:0 --data-dir "$directory/data" \
    >"$directory/out" 2>"$directory/log" &
server=$!

# The server is ended by its process id, whichever way this script ends.
finish() {
    kill -TERM "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
    rm -rf "$directory"
}
trap finish EXIT

# Its first line says where it listens.
address=
for _ in {1..100}; do
    address=$(sed -n 's|^collabd listens on http://||p' "$directory/out")
    if [ -n "$address" ] || ! kill -0 "$server" 2>/dev/null; then
        break
    fi
    sleep 0.1
done
if [ -z "$address" ]; then
    echo "collabd did not start:" >&2
    cat "$directory/log" >&2
    exit 1
fi

if [ $# -eq 0 ]; then
    set -- --members 100
fi
"$target_dir/release/collab-bench" fanout --address "$address" --pid "$server" "$@"
