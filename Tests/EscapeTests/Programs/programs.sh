#!/bin/sh
# Builds the C programs of the escape attempts into .build/clients, those that are newer than what is there.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
out=$root/.build/clients
mkdir -p "$out"

# Linked with musl, at a fixed address below 4 GiB (calls.c). The kernel's headers come behind musl's own.
build() {
    program=$1
    shift
    [ "$out/$program" -nt "$here/$program.c" ] && return 0
    musl-gcc -static -no-pie -O1 -pthread -Wall -Wextra -Werror -D_GNU_SOURCE \
        -idirafter /usr/include -idirafter "/usr/include/$(gcc -print-multiarch)" \
        -o "$out/$program" "$here/$program.c" "$@"
}

build calls
build race
build sweep
filter=$root/Sources/CHoopxFilter
build notifier -I "$filter/include" "$filter/filter.c" "$filter/assembler.c"
