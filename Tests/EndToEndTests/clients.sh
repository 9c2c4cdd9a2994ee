#!/bin/sh
# Installs the real clients that the end-to-end tests drive, once: prints nothing and takes no time when all is there.
#
# Debian packages come from apt (only those whose program is missing), Python packages from PyPI into .build/clients:
#   python/         a virtual environment with the Agent SDK, the claude CLI in its wheel, anthropic, and pytest
#   anthropic-old/  the last anthropic that sends its key as X-Api-Key instead of Authorization
#   dial            the static program of the tests (dial.c), linked with musl
#   fetch           the static program in Go (fetch.go), with Go's own resolver
set -eu

here=$(cd "$(dirname "$0")" && pwd)
clients=$(cd "$here/../.." && pwd)/.build/clients
agent_sdk=0.2.187
anthropic=2.12.0
anthropic_old=0.125.0
pytest=9.2.0

fail() {
    echo "clients.sh: error: $1" >&2
    echo "clients.sh: hint: $2" >&2
    exit 1
}

install_packages() {
    missing=
    command -v node >/dev/null || missing="$missing nodejs"
    command -v curl >/dev/null || missing="$missing curl"
    command -v git >/dev/null || missing="$missing git"
    command -v musl-gcc >/dev/null || missing="$missing musl-tools"
    command -v go >/dev/null || missing="$missing golang-go"
    command -v javac >/dev/null || missing="$missing openjdk-17-jdk-headless"
    command -v bwrap >/dev/null || missing="$missing bubblewrap"
    command -v chromium >/dev/null || missing="$missing chromium"
    command -v dbus-daemon >/dev/null || missing="$missing dbus"
    command -v gnome-keyring-daemon >/dev/null || missing="$missing gnome-keyring"
    command -v secret-tool >/dev/null || missing="$missing libsecret-tools"
    [ -x /usr/sbin/ip ] || missing="$missing iproute2"
    /usr/bin/python3 -c 'import ensurepip' 2>/dev/null || missing="$missing python3-venv"
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" = 0 ]; then sudo=; else sudo=sudo; fi
    echo "clients.sh: installing$missing" >&2
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086 # the words are packages
    { $sudo apt-get update -qq && $sudo apt-get install -qq -y --no-install-recommends $missing; } >&2 ||
        fail "apt-get could not install:$missing" "install them by hand and run this again"
}

install_python() {
    wanted="claude-agent-sdk $agent_sdk, anthropic $anthropic and $anthropic_old, pytest $pytest"
    stamp=$clients/installed
    [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && return 0
    echo "clients.sh: installing $wanted" >&2
    rm -rf "$clients"
    mkdir -p "$clients"
    # The system's Python: one that every user may run, also where root's home has another first in PATH.
    /usr/bin/python3 -m venv "$clients/python"
    "$clients/python/bin/pip" install --quiet "claude-agent-sdk==$agent_sdk" "anthropic==$anthropic" \
        "pytest==$pytest" >&2
    "$clients/python/bin/pip" install --quiet --target "$clients/anthropic-old" \
        "anthropic==$anthropic_old" >&2
    # Imports must not write beside the modules later: an ordinary user's tests could not, and would be slow.
    "$clients/python/bin/python" -m compileall -q "$clients/python/lib" "$clients/anthropic-old" >/dev/null || true
    echo "$wanted" >"$stamp"
}

build_static_clients() {
    source=$here/Clients/dial.c
    [ "$clients/dial" -nt "$source" ] || musl-gcc -static -O1 -Wall -Wextra -Werror -o "$clients/dial" "$source"
    source=$here/Clients/fetch.go
    [ "$clients/fetch" -nt "$source" ] ||
        CGO_ENABLED=0 GO111MODULE=off GOPATH="$clients/go" GOCACHE="$clients/go/cache" \
            go build -o "$clients/fetch" "$source"
}

install_packages
install_python
build_static_clients
