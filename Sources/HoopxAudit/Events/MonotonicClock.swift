import Glibc

/// The clock that nobody sets (clock_gettime(2)).
enum MonotonicClock {
    /// Since the machine started.
    static func microseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
    }
}
