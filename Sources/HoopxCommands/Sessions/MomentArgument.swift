import ArgumentParser
import HoopxCore

/// A moment as a person gives it: RFC 3339 (`2026-11-23T01:20:27Z`), a day (`2026-11-23`, from its first moment in UTC),
/// or how long ago it was (`45m`, `2h`, `3d`).
struct MomentArgument: Hashable {
    let timestamp: Timestamp

    /// - Throws: what a moment is, for whoever gave something else.
    init(argument: String) throws {
        guard let moment = MomentArgument(argument, now: .now()) else { throw ValidationError("expected " + Self.help) }
        self = moment
    }

    init?(_ text: String, now: Timestamp) {
        if let timestamp = Timestamp(rfc3339: text) ?? Timestamp(rfc3339: text + "T00:00:00Z") {
            self.timestamp = timestamp
            return
        }
        let seconds: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800]
        let digits = text.dropLast()
        guard let unit = text.last.flatMap({ seconds[$0] }), !digits.isEmpty, digits.utf8.count <= 6,
            digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int64(digits)
        else { return nil }
        timestamp = Timestamp(microseconds: now.microseconds - number * unit * 1_000_000)
    }

    static let help = "RFC 3339, a day, or how long ago: 45m, 2h, 3d"
}
