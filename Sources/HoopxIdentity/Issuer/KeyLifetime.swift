import HoopxCore

/// How long fetched keys serve.
enum KeyLifetime {
    /// In seconds; what the issuer says is brought into these bounds.
    static let bounds: ClosedRange<Int64> = 300...86_400
    static let usual: Int64 = 3_600
    /// For how long after that they serve while the issuer cannot be reached.
    static let outage: Int64 = 86_400

    /// The `max-age` of Cache-Control (RFC 9111, 5.2.2.1), in bounds.
    ///
    /// - Parameter fields: the values of all Cache-Control fields.
    static func seconds(cacheControl fields: [String]) -> Int64 {
        for directive in fields.flatMap({ $0.split(separator: ",") }) {
            let words = directive.split(separator: "=", maxSplits: 1).map { part in
                part.filter { !" \t\"".contains($0) }.lowercased()
            }
            switch (words.first, words.dropFirst().first) {
            case ("no-store", _), ("no-cache", _): return bounds.lowerBound
            case ("max-age", let value?) where !value.isEmpty && value.utf8.allSatisfy({ (0x30...0x39).contains($0) }):
                return clamped(Int64(value) ?? .max)
            default: continue
            }
        }
        return usual
    }

    static func clamped(_ seconds: Int64) -> Int64 { min(max(seconds, bounds.lowerBound), bounds.upperBound) }
}

/// Something of the issuer's with the moment of its fetch.
struct Fetched<Value: Sendable>: Sendable {
    let value: Value
    let at: Timestamp
    /// In seconds.
    let lifetime: Int64

    func isFresh(_ now: Timestamp) -> Bool { serves(now, for: lifetime) }

    /// Whether it may stand in while there is nothing newer.
    func servesInOutage(_ now: Timestamp) -> Bool { serves(now, for: lifetime + KeyLifetime.outage) }

    func unlessTooOld(_ now: Timestamp) -> Self? { servesInOutage(now) ? self : nil }

    /// A clock that was set back makes the fetch a future one, whose age nobody knows: then it is asked for anew.
    private func serves(_ now: Timestamp, for seconds: Int64) -> Bool {
        let age = now.microseconds - at.microseconds
        return age >= -TokenClaims.skew * 1_000_000 && age < seconds * 1_000_000
    }
}
