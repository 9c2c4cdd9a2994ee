import Glibc

extension Timestamp {
    /// A moment as RFC 3339 writes it (5.6): `2026-11-23T01:20:27.125Z`, `2026-11-23T02:20:27+01:00`.
    ///
    /// - Returns: nil for anything else, days that no month has included. A leap second is the next second.
    public init?(rfc3339 text: String) {
        var rest = Array(text.utf8)[...]
        guard let year = Self.number(&rest, 4), Self.take(&rest, "-"), let month = Self.number(&rest, 2),
            Self.take(&rest, "-"), let day = Self.number(&rest, 2), Self.take(&rest, "Tt "),
            let hour = Self.number(&rest, 2), Self.take(&rest, ":"), let minute = Self.number(&rest, 2),
            Self.take(&rest, ":"), let second = Self.number(&rest, 2)
        else { return nil }
        guard (1...12).contains(month), hour < 24, minute < 60, second <= 60, year >= 1 else { return nil }
        let isLeapYear = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days = [31, isLeapYear ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
        guard (1...days).contains(day), let fraction = Self.fraction(&rest), let offset = Self.offset(&rest),
            rest.isEmpty
        else { return nil }
        var parts = tm()
        parts.tm_year = Int32(year - 1900)
        parts.tm_mon = Int32(month - 1)
        parts.tm_mday = Int32(day)
        parts.tm_hour = Int32(hour)
        parts.tm_min = Int32(minute)
        parts.tm_sec = Int32(second)
        self.init(microseconds: (Int64(timegm(&parts)) - Int64(offset)) * 1_000_000 + Int64(fraction))
    }

    private static func take(_ rest: inout ArraySlice<UInt8>, _ any: String) -> Bool {
        guard let first = rest.first, any.utf8.contains(first) else { return false }
        rest.removeFirst()
        return true
    }

    private static func number(_ rest: inout ArraySlice<UInt8>, _ width: Int) -> Int? {
        let digits = rest.prefix(width)
        guard digits.count == width, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        rest = rest.dropFirst(width)
        return digits.reduce(0) { $0 * 10 + Int($1) - 0x30 }
    }

    /// Microseconds; what is finer is dropped.
    private static func fraction(_ rest: inout ArraySlice<UInt8>) -> Int? {
        guard take(&rest, ".") else { return 0 }
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        guard !digits.isEmpty else { return nil }
        rest = rest.dropFirst(digits.count)
        return (0..<6).reduce(0) { value, place in
            value * 10 + (place < digits.count ? Int(digits[digits.startIndex + place]) - 0x30 : 0)
        }
    }

    /// Seconds that the local time is ahead of UTC.
    private static func offset(_ rest: inout ArraySlice<UInt8>) -> Int? {
        if take(&rest, "Zz") { return 0 }
        let sign = rest.first == UInt8(ascii: "-") ? -1 : 1
        guard take(&rest, "+-"), let hours = number(&rest, 2), take(&rest, ":"), let minutes = number(&rest, 2),
            hours < 24, minutes < 60
        else { return nil }
        return sign * (hours * 3_600 + minutes * 60)
    }
}
