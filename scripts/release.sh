#!/usr/bin/env bash
# Makes what a release consists of, in target/dist: the server with its unit, the SDK's package, and for each a list of all
# that is in it (CycloneDX). Checksums come last.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/needs.sh

need_c_compiler
need_node
need_cargo_tool cyclonedx

dist=$target_dir/dist
rm -rf "$dist"
mkdir -p "$dist"
dist=$(realpath "$dist")

need_page
cargo build --release --locked --package collabd-server --bin collabd
version=$("$target_dir/release/collabd" --version | cut -d ' ' -f 2)
name=collabd-$version-$(rustc -vV | sed -n 's/^host: //p')
mkdir "$dist/$name"
cp "$target_dir/release/collabd" deploy/collabd.service README.md CHANGELOG.md LICENSE-APACHE LICENSE-MIT "$dist/$name/"
# The same sources make the same archive: neither the order nor the time of files goes in.
tar --directory "$dist" --sort=name --mtime="@$(git log -1 --format=%ct)" --owner=0 --group=0 --numeric-owner \
    --create "$name" | gzip --no-name --best >"$dist/$name.tar.gz"
rm -r "${dist:?}/$name"

# It writes beside each Cargo.toml of the workspace; the server's lists what is in the binary.
cargo cyclonedx --format json --no-build-deps --override-filename collabd.cdx --target all --quiet
# Where it was built says nothing to others.
sed "s|file://$PWD|file:///collabd|g" crates/server/collabd.cdx.json >"$dist/collabd-$version.cdx.json"
rm crates/*/collabd.cdx.json

need_packages sdk
(
    cd sdk
    npm pack --pack-destination "$dist"
    npm sbom --omit dev --sbom-format cyclonedx >"$dist/collabd-sdk-$version.cdx.json"
)

cd "$dist"
sha256sum -- * >SHA256SUMS
cat SHA256SUMS
