# shellcheck shell=bash
# Sourced by the other scripts: installs what a command needs and the machine lacks.

# rustup puts cargo on the path of login shells only.
if ! command -v cargo >/dev/null && [ -f "$HOME/.cargo/env" ]; then
    # shellcheck source=/dev/null
    . "$HOME/.cargo/env"
fi

# Where cargo builds. shellcheck sees no use, for it looks at this file alone.
# shellcheck disable=SC2034
target_dir=${CARGO_TARGET_DIR:-target}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

# Installs Debian packages; elsewhere, says what to install.
install_packages() {
    if ! command -v apt-get >/dev/null; then
        echo "this machine has no apt-get; please install what Debian calls: $*" >&2
        return 1
    fi
    as_root apt-get update --quiet
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install --quiet --yes --no-install-recommends "$@"
}

# rustc links with it; the embedded database and the allocator are built with it, and with make.
need_c_compiler() {
    { command -v cc && command -v make; } >/dev/null || install_packages build-essential
}

# Counts instructions.
need_valgrind() {
    command -v valgrind >/dev/null || install_packages valgrind
}

# The tests of the store start a PostgreSQL of their own and need only its programs.
need_postgres() {
    local directory
    for directory in "$(pg_config --bindir 2>/dev/null)" /usr/lib/postgresql/*/bin; do
        if [ -x "$directory/initdb" ] && [ -x "$directory/postgres" ]; then
            return
        fi
    done
    install_packages postgresql
}

# The Autobahn test suite, for which there is only Python 2.7: pyenv's, or a distribution's that still has it.
need_autobahn() {
    local suite=$target_dir/autobahn/suite tools=$target_dir/autobahn/tools python
    [ ! -x "$suite/bin/wstest" ] || return 0
    python=$(find "$HOME"/.pyenv/versions/2.7.*/bin/python2.7 2>/dev/null | tail -n 1)
    if [ -z "$python" ]; then
        command -v python2.7 >/dev/null || install_packages python2.7
        python=python2.7
    fi
    # The last that makes environments for it.
    python3 -m venv "$tools"
    "$tools/bin/pip" install --quiet 'virtualenv<20.22'
    "$tools/bin/virtualenv" --quiet --python "$python" "$suite"
    "$suite/bin/pip" install --quiet --no-python-version-warning --requirement scripts/conformance/requirements.txt
}

# A cargo subcommand, by the name after `cargo-`.
need_cargo_tool() {
    cargo "$1" --version >/dev/null 2>&1 || cargo install --locked "cargo-$1"
}

# Node.js 20 or newer with npm. Debian's may be older; npm has the newer one, too.
need_node() {
    command -v npm >/dev/null || install_packages nodejs npm
    local major
    major=$(node --version | sed 's/^v\([0-9]*\).*/\1/')
    if [ "$major" -lt 20 ]; then
        as_root npm install --global node@20
        hash -r
    fi
}

# The browser of the tests in a browser.
need_chromium() {
    command -v chromium >/dev/null || command -v google-chrome >/dev/null || install_packages chromium
}

# The npm packages of a directory, exactly as its lockfile says.
need_packages() {
    (cd "$1" && npm ci --no-audit --no-fund --loglevel=error)
}

# The page that is built into the binary, unless it is newer than all that it is made of.
need_page() {
    local built=ui/dist/index.html
    if [ ! -e "$built" ] ||
        [ -n "$(find ui/src ui/index.html ui/*.ts ui/package-lock.json sdk/src -newer "$built" -print -quit)" ]; then
        need_packages ui
        (cd ui && npm run build)
    fi
}

# The servers that benchmarks compare with and that are no npm packages.
# Sockudo takes twenty minutes to build, once.
need_sockudo() {
    if [ ! -x "$target_dir/peers/bin/sockudo" ]; then
        command -v protoc >/dev/null || install_packages protobuf-compiler libprotobuf-dev
        cargo install sockudo --version 5.2.0 --locked --no-default-features --features local,v2 \
            --root "$target_dir/peers"
    fi
}

need_relays() {
    if ! command -v nats-server >/dev/null || [ ! -e /usr/lib/nginx/modules/ngx_nchan_module.so ]; then
        install_packages nginx-light libnginx-mod-nchan nats-server
    fi
}
