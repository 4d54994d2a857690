#!/usr/bin/env bash
# Checks the systemd unit: its words, and that what it leaves the server to do stays as little as it is.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/needs.sh

command -v systemd-analyze >/dev/null || install_packages systemd

# The check wants a program where the unit says one is.
unit=$(mktemp --directory)/collabd.service
trap 'rm -r "$(dirname "$unit")"' EXIT
sed "s|/usr/bin/collabd|$(command -v true)|" deploy/collabd.service >"$unit"
systemd-analyze verify --man=no "$unit"
# In tenths: 100 is a service that nothing holds back.
systemd-analyze security --offline=true --threshold=15 --no-pager "$unit" >/dev/null
