import HoopxCore

extension Timestamp {
    /// RFC 3339 with microseconds, of the years 1 to 9999: `2026-11-23T01:20:27.125000Z`.
    ///
    /// By hand (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"), since each event has several.
    var rfc3339: String {
        let time = min(max(microseconds, Self.earliest.microseconds), Self.latest.microseconds)
        let (seconds, fraction) = Self.floored(time, 1_000_000)
        let (days, second) = Self.floored(seconds, 86_400)
        let (era, dayOfEra) = Self.floored(days + 719_468, 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shifted + 2) / 5 + 1
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return String(unsafeUninitializedCapacity: 27) { text in
            var index = 0
            func put(_ number: Int64, _ width: Int, _ separator: Character?) {
                var rest = number
                for place in stride(from: index + width - 1, through: index, by: -1) {
                    text[place] = UInt8(ascii: "0") + UInt8(rest % 10)
                    rest /= 10
                }
                index += width
                if let byte = separator?.asciiValue {
                    text[index] = byte
                    index += 1
                }
            }
            put(year, 4, "-")
            put(month, 2, "-")
            put(day, 2, "T")
            put(second / 3_600, 2, ":")
            put(second / 60 % 60, 2, ":")
            put(second % 60, 2, ".")
            put(fraction, 6, "Z")
            return index
        }
    }

    /// What `rfc3339` can tell: a time outside is told as the nearest within.
    static let earliest = Timestamp(microseconds: -62_135_596_800_000_000)
    static let latest = Timestamp(microseconds: 253_402_300_799_999_999)

    /// The nearest time that an event can tell.
    var recordable: Timestamp { min(max(self, Self.earliest), Self.latest) }

    private static func floored(_ value: Int64, _ divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
