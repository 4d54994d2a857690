#!/usr/bin/env bash
# Runs every case of the Autobahn test suite against the sockets of collabd and writes docs/conformance.md. Fails when a
# case that applies is not passed.
#
# The server is built with its echo, which no release has: the suite knows nothing of projects. Its limits are raised to
# the size and the speed of the suite's largest messages.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/needs.sh

need_c_compiler
need_autobahn
cargo build --locked --package collabd-server --bin collabd --features collabd-server/echo

work=$(mktemp --directory)
server=
end() {
    if [ -n "$server" ]; then
        kill "$server" && wait "$server" || true
    fi
    rm -r "$work"
}
trap end EXIT

limits=(--max-message-bytes 16777216 --byte-burst 1073741824 --bytes-per-second 1073741824 --outbox-bytes 67108864
    --outbox-items 1000000 --messages-per-second 1000000 --message-burst 1000000)
"$target_dir/debug/collabd" --listen 127.0.0.1:0 --data-dir "$work/data" "${limits[@]}" >"$work/out" 2>"$work/log" &
server=$!
address=
while [ -z "$address" ]; do
    kill -0 "$server" || { cat "$work/log" >&2 && exit 1; }
    address=$(sed -n 's|^collabd listens on http://||p' "$work/out")
    sleep 0.1
done

# The reports of the single cases stay in the target directory.
reports=$(realpath "$target_dir")/autobahn/reports
cat >"$work/spec.json" <<SPEC
{
  "outdir": "$reports",
  "servers": [{ "agent": "collabd", "url": "ws://$address/ws/echo" }],
  "cases": ["*"],
  "exclude-cases": [],
  "exclude-agent-cases": {}
}
SPEC
rm -rf "$reports"
"$target_dir/autobahn/suite/bin/wstest" --mode fuzzingclient --spec "$work/spec.json" >"$work/suite" 2>&1 ||
    { tail -n 20 "$work/suite" >&2 && exit 1; }
python3 scripts/conformance/report.py "$reports/index.json" docs/conformance.md
