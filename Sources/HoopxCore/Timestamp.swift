import Glibc

/// A moment of UTC in whole microseconds since 1970, as the audit database stores it.
public struct Timestamp: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let microseconds: Int64

    public init(microseconds: Int64) { self.microseconds = microseconds }

    /// The system's clock now (`CLOCK_REALTIME`). It can jump: measure durations with a monotonic clock.
    public static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
    }

    /// The day in eight digits, `yyyymmdd`, as `SessionID.generate(day:)` takes it.
    public var day: String {
        let parts = calendar
        return Self.digits(Int(parts.tm_year) + 1900, 4) + Self.digits(Int(parts.tm_mon) + 1, 2)
            + Self.digits(Int(parts.tm_mday), 2)
    }

    /// RFC 3339 with milliseconds: `2026-11-23T01:20:27.125Z`.
    public var description: String {
        let parts = calendar
        let date = [Int(parts.tm_mon) + 1, Int(parts.tm_mday)].map { Self.digits($0, 2) }
        let time = [parts.tm_hour, parts.tm_min, parts.tm_sec].map { Self.digits(Int($0), 2) }
        let milliseconds = Int(microseconds - seconds * 1_000_000) / 1_000
        return Self.digits(Int(parts.tm_year) + 1900, 4) + "-" + date.joined(separator: "-") + "T"
            + time.joined(separator: ":") + "." + Self.digits(milliseconds, 3) + "Z"
    }

    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.microseconds < right.microseconds }

    /// Rounded towards the past, so that moments before 1970 keep a positive fraction.
    private var seconds: Int64 { (microseconds - (microseconds < 0 ? 999_999 : 0)) / 1_000_000 }

    private var calendar: tm {
        var time = time_t(seconds)
        var parts = tm()
        gmtime_r(&time, &parts)
        return parts
    }

    private static func digits(_ number: Int, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
    }
}
