#!/bin/bash
# Builds the tests, runs them once with the layout check, and ends with the totals: "N passed, N failed".
#
#     Tests/run.sh [argument...]     all but the races, or those that `swift test` arguments pick
#     Tests/run.sh --races           the races alone, which take a while (EscapeTests/RaceTests.swift)
#     Tests/run.sh --everything      both, with one total of all
#
# The totals are counted from the runner's own lines, and its exit status has the last word: a run that crashed,
# that lost a test on the way or that did not build is never shown as free of failures.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
# The runner's marks are characters, whatever the caller's locale is.
export LC_ALL=C.UTF-8
umask 022

# As root the tests run programs as an ordinary user too, who must be able to reach them: from a checkout that only root
# can enter (/root, a private temporary directory) they run in a copy.
if [ "$(id -u)" -eq 0 ] && ! setpriv --reuid=65534 --regid=65534 --clear-groups test -r "$PWD/Package.swift"; then
    copy=$(mktemp -d /tmp/hoopx-tests.XXXXXX) || exit
    trap 'rm -rf "$copy"' EXIT
    tar --exclude=./.build --exclude=./Benchmarks/.build -cf - . | tar -C "$copy" -xf - || exit
    chmod -R go+rX "$copy"
    echo "ordinary users cannot enter $PWD: the tests run in a copy, $copy"
    "$copy/Tests/run.sh" "$@"
    exit
fi

case ${1:-} in
    --races | --everything) parts=$1 && shift ;;
    *) parts= ;;
esac
mkdir -p .build
log=.build/tests.log

# A test's argument may hold a line break or a zero byte, which the runner prints: its lines begin anywhere.
count() { grep -aoE "$1" "$log" | wc -l; }

end() { # passed, failed
    echo "$1 passed, $2 failed"
    [ "$2" -eq 0 ]
    exit
}

if ! Tests/EndToEndTests/clients.sh || ! Tests/EscapeTests/Programs/programs.sh; then end 0 1; fi

layout_failures=0
if [ "$parts" != --races ]; then make --no-print-directory lint || layout_failures=1; fi

if ! swift build --build-tests; then
    echo "the tests did not build: counted as a failure"
    end 0 $((1 + layout_failures))
fi

total_passed=0
total_failed=$layout_failures

# Runs what the arguments pick, and adds it to the totals.
run() {
    # More at a time than this only wait for each other, for descriptors and for their deadlines.
    # Into a file, not a pipe: whoever inherits a pipe can make it one that does not block, and then lines get lost.
    : >"$log"
    swift test --skip-build --experimental-maximum-parallelization-width 8 "$@" >"$log" 2>&1 &
    local runner=$!
    tail --follow --lines=+1 --pid="$runner" "$log"
    wait "$runner"
    local status=$?

    # One line per test ends it; the line of the whole run has the same shape and is no test.
    local passed failed skipped announced seen
    local whole_run='Test run with [0-9]+ tests?'
    passed=$(($(count '✔ Test .+ passed after [0-9.]+ seconds') - $(count "✔ $whole_run .*passed after")))
    failed=$(($(count '✘ Test .+ failed after [0-9.]+ seconds') - $(count "✘ $whole_run .*failed after")))
    skipped=$(count '➜ Test .+ skipped')
    announced=$(sed -nE 's/^.* Test run with ([0-9]+) tests? in .* after .*/\1/p' "$log" | tail -1)
    seen=$((passed + failed + skipped))

    echo
    if [ "$skipped" -ne 0 ]; then
        echo "$skipped skipped: a skipped test proves nothing, so each is counted as a failure"
    fi
    if [ "${announced:-0}" -ne "$seen" ]; then
        echo "the runner announced ${announced:-no} tests and ended $seen (status $status): counted as a failure"
        failed=$((failed + 1))
    elif [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then
        echo "the runner ended with status $status: counted as a failure"
        failed=1
    fi
    total_passed=$((total_passed + passed))
    total_failed=$((total_failed + failed + skipped))
}

races='EscapeTests\.RaceTests'
if [ "$parts" != --races ]; then run --skip "$races" "$@"; fi
if [ -n "$parts" ]; then run --filter "$races"; fi

if [ "$layout_failures" -ne 0 ]; then
    echo "make lint found something (above): counted as one failure"
fi
end "$total_passed" "$total_failed"
