#!/usr/bin/env bash
# Builds collabd with its page and starts it on loopback with its data in ./data. Arguments go to collabd and win.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/needs.sh

need_c_compiler
need_node
need_page
cargo build --release --locked --package collabd-server --bin collabd

# Defaults by environment, so that a flag among the arguments is not a repeated flag.
export COLLABD_LISTEN=${COLLABD_LISTEN:-127.0.0.1:3000}
export COLLABD_DATA_DIR=${COLLABD_DATA_DIR:-./data}
exec "$target_dir/release/collabd" "$@"
